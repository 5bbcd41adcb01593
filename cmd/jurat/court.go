package main

import (
	"context"
	"time"

	"jurat"
	"jurat/internal/desk"
)

type courtVerb struct {
	Seal     courtSeal     `cmd:"" help:"Begin: hide an incident from all but named roles. Signed."`
	Unseal   courtUnseal   `cmd:"" help:"Begin: hide it no longer. Signed."`
	Expunge  courtExpunge  `cmd:"" help:"Begin: erase a whole incident. Signed."`
	Approve  courtApprove  `cmd:"" help:"The second approval, which puts a court's order in force. Signed."`
	Withdraw courtWithdraw `cmd:"" help:"Take back what waits for its second approval."`
	List     courtList     `cmd:"" help:"List what courts ordered."`
}

// ordered are the flags that say what a court ordered, of which incident.
type ordered struct {
	Incident jurat.IncidentNumber `arg:"" help:"The incident."`
	Court    string               `required:"" placeholder:"NAME" help:"The court."`
	Number   string               `required:"" placeholder:"NO" help:"The number of its order."`
}

func (o ordered) writ(kind jurat.WritKind) jurat.Writ {
	return jurat.Writ{Kind: kind, Incident: o.Incident, Court: o.Court, Number: o.Number}
}

// writ does one act on a court's order, and says how it stands.
func (c *call) writ(ctx context.Context, do func(visit) (jurat.Writ, desk.Done, error)) error {
	return act(ctx, c, func(r jurat.Writ, done desk.Done) error {
		say := "awaits its second approval, by counsel or a supervisor: jurat court approve " + string(r.ID)
		switch {
		case !r.Withdrawn.IsZero():
			say = "is withdrawn; nothing changed"
		case r.Done() && r.Kind == jurat.WritExpunge:
			say = "is carried out: what opened the events of the incident is erased, and no dossier of it can be built"
		case r.Done():
			say = "is in force"
		}
		return c.either(map[string]any{"writ": r.ID, "kind": r.Kind, "incident": r.Incident, "done": r.Done(), "event": done.Event},
			"%s, to %s incident %s by order %s of %s, %s", r.ID, r.Kind, r.Incident, r.Number, r.Court, say)
	}, do)
}

type courtSeal struct {
	ordered
	OpenTo []jurat.Role `required:"" placeholder:"ROLE" help:"A role the court left it open to; may be given more than once."`
}

func (courtSeal) Help() string {
	return "Example:\n  jurat court seal 2026-000001 --court \"Circuit court\" --number 26-CR-118 --open-to counsel --open-to records --sign records-3.key\n\nTo everybody else a sealed incident looks as if it had never been: in lists, in searches, by its number. Saving in it is theirs who see it."
}

func (v *courtSeal) Run(ctx context.Context, c *call) error {
	r := v.writ(jurat.WritSeal)
	r.OpenTo = v.OpenTo
	return c.writ(ctx, func(at visit) (jurat.Writ, desk.Done, error) {
		return at.desk.ApproveWrit(ctx, at.who, at.now(), r)
	})
}

type courtUnseal struct{ ordered }

func (courtUnseal) Help() string {
	return "Example:\n  jurat court unseal 2026-000001 --court \"Circuit court\" --number 26-CR-118-B --sign records-3.key"
}

func (v *courtUnseal) Run(ctx context.Context, c *call) error {
	return c.writ(ctx, func(at visit) (jurat.Writ, desk.Done, error) {
		return at.desk.ApproveWrit(ctx, at.who, at.now(), v.writ(jurat.WritUnseal))
	})
}

type courtExpunge struct {
	ordered
	Backups time.Time `required:"" placeholder:"DATE" help:"The last day a backup made before today is kept."`
}

func (courtExpunge) Help() string {
	return "Example:\n  jurat court expunge 2026-000001 --court \"Circuit court\" --number 26-CR-118 --backups 2027-03-31 --sign records-3.key\n\nNothing is erased until a second person approves. Then all that opens the incident's events goes, times and acts included; a hold stands in the way. What was erased does not come back."
}

func (v *courtExpunge) Run(ctx context.Context, c *call) error {
	r := v.writ(jurat.WritExpunge)
	r.Backups = v.Backups
	return c.writ(ctx, func(at visit) (jurat.Writ, desk.Done, error) {
		return at.desk.ApproveWrit(ctx, at.who, at.now(), r)
	})
}

type courtApprove struct {
	Writ jurat.ItemID `arg:"" help:"The court's order as it is named here, such as writ-1."`
}

func (courtApprove) Help() string {
	return "Example:\n  jurat court approve writ-1 --sign counsel-3.key\n\nWhoever began it cannot approve it."
}

func (v *courtApprove) Run(ctx context.Context, c *call) error {
	return c.writ(ctx, func(at visit) (jurat.Writ, desk.Done, error) {
		return at.desk.CarryOutWrit(ctx, at.who, at.now(), v.Writ)
	})
}

type courtWithdraw struct {
	Writ   jurat.ItemID `arg:"" help:"The court's order as it is named here."`
	Reason string       `required:"" placeholder:"WORDS" help:"Why."`
}

func (courtWithdraw) Help() string {
	return "Example:\n  jurat court withdraw writ-1 --reason \"the number of another order was typed\" --as records-3"
}

func (v *courtWithdraw) Run(ctx context.Context, c *call) error {
	return c.writ(ctx, func(at visit) (jurat.Writ, desk.Done, error) {
		return at.desk.WithdrawWrit(ctx, at.who, at.now(), v.Writ, v.Reason)
	})
}

type courtList struct{}

func (courtList) Help() string { return "Example:\n  jurat court list --json --as records-3" }

func (v *courtList) Run(ctx context.Context, c *call) error {
	return list(ctx, c, func(r jurat.Writ) error {
		state := "waits for its second approval"
		switch {
		case !r.Withdrawn.IsZero():
			state = "withdrawn on " + day(r.Withdrawn)
		case r.Done():
			state = "in force since " + day(r.Approvals[1].At) + ", by " + string(r.Approvals[0].By) + " and " + string(r.Approvals[1].By)
		}
		if r.Done() && r.Kind == jurat.WritExpunge {
			state += "; unreadable in backups after " + r.Backups.Local().Format(time.DateOnly)
		}
		return c.either(r, "%s  %s incident %s, order %s of %s: %s", r.ID, r.Kind, r.Incident, r.Number, r.Court, state)
	}, func(at visit) ([]jurat.Writ, error) {
		all, err := at.desk.Writs(ctx, at.who, at.now())
		if err == nil && len(all) == 0 {
			c.say("no court's order is on this record")
		}
		return all, err
	})
}
