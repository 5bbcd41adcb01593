package main

import (
	"context"
	"strings"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/order"
)

type disposeVerb struct {
	Plan     disposePlan     `cmd:"" help:"Show what the schedules reach and what protects the rest. Changes nothing."`
	Approve  disposeApprove  `cmd:"" help:"Approve a disposal: the records officer first, then counsel or a supervisor, which carries it out. Signed."`
	Withdraw disposeWithdraw `cmd:"" help:"Take back a disposal that waits for its second approval."`
	Tell     disposeTell     `cmd:"" help:"Record that the holder of an exhibit held elsewhere was told."`
	Letters  disposeLetters  `cmd:"" help:"Print the office's letters about what was erased, to keep apart from the backups."`
	Replay   disposeReplay   `cmd:"" help:"After a restore: erase again what such letters say was erased."`
	Show     disposeShow     `cmd:"" help:"Show an incident's disposals, with the text of each certificate."`
}

type disposePlan struct {
	Incident jurat.IncidentNumber `short:"i" placeholder:"N" help:"One incident; every one when none is given."`
	Order    string               `placeholder:"FILE" help:"Plan as if this order file were adopted, and say what it would newly reach."`
	Reached  bool                 `help:"Only what may be disposed of now."`
	Overdue  bool                 `help:"Only what is past its maximum with no ground that keeps it."`
}

func (disposePlan) Help() string {
	return "Examples:\n  jurat dispose plan --as records-3\n  jurat dispose plan --overdue --json --as records-3\n  jurat dispose plan --order changed.yaml --as records-3\n\n" +
		"Nothing is ever deleted by itself. Each exhibit is shown with the schedule that reaches it, or with everything that protects it; past its maximum it is overdue for disposal, with an owner and an age."
}

func (v *disposePlan) Run(ctx context.Context, c *call) error {
	p := desk.Planning{Incident: v.Incident}
	if v.Order != "" {
		text, err := c.text(v.Order)
		if err != nil {
			return err
		}
		o, problems := order.Parse(v.Order, text)
		if err := problems.Err(); err != nil {
			return err
		}
		p.Under = o
	}
	return list(ctx, c, c.disposable, func(at visit) ([]desk.Disposable, error) {
		all, err := at.desk.PlanDisposal(ctx, at.who, at.now(), p)
		var wanted []desk.Disposable
		for _, d := range all {
			if (!v.Reached || d.State == desk.PlanReached) && (!v.Overdue || d.Overdue) {
				wanted = append(wanted, d)
			}
		}
		if err == nil && len(wanted) == 0 {
			c.say("nothing: no exhibit answers to this")
		}
		return wanted, err
	})
}

func (c *call) disposable(d desk.Disposable) error {
	if c.verbs.JSON {
		return c.object(d)
	}
	state := d.State
	if d.Overdue {
		state += ", overdue for disposal by " + span(d.Age) + " (" + string(d.Owner) + ")"
	}
	if d.Change != "" {
		state += ", " + d.Change
	}
	if err := c.print("%s  %s, held %s: %s", d.Exhibit, d.Kind, d.Held, state); err != nil {
		return err
	}
	if d.By != nil {
		if err := c.print("    by %s (%s): kept at least %s, which ended %s; at most %s", d.By.Name(), d.By.Basis, d.By.Minimum, day(d.By.Until), d.By.Maximum); err != nil {
			return err
		}
	}
	for _, p := range d.Protections {
		if err := c.print("    %s: %s", p.By, p.Say); err != nil {
			return err
		}
	}
	return nil
}

type disposeApprove struct {
	Item        []jurat.Item         `arg:"" optional:"" help:"Exhibits; all that the plan lets go when none is named. Or the disposal to approve second, such as 2026-000001-Z1."`
	Incident    jurat.IncidentNumber `short:"i" placeholder:"N" help:"The incident."`
	Certificate string               `placeholder:"NO" help:"The certificate it is done under (Local Records Commission)."`
	Backups     time.Time            `placeholder:"DATE" help:"The last day a backup made before today is kept."`
}

func (disposeApprove) Help() string {
	return "Examples:\n  jurat dispose approve --incident 2026-000001 --certificate 12-345 --backups 2027-03-31 --sign records-3.key\n  jurat dispose approve 2026-000001-Z1 --sign counsel-3.key\n\n" +
		"Two people, each with their own key. The second approval erases; a plan that changed since the first is refused, and nothing is erased. What was erased does not come back."
}

func (v *disposeApprove) Run(ctx context.Context, c *call) error {
	if len(v.Item) == 1 && v.Item[0].Noun == jurat.NounDisposal {
		if v.Incident != "" || v.Certificate != "" || !v.Backups.IsZero() {
			return jurat.Errorf(jurat.Invalid, "the second approval is of %s as it is: give no --incident, --certificate or --backups", v.Item[0].ID)
		}
		return c.disposal(ctx, func(at visit) (jurat.Disposal, desk.Done, error) {
			return at.desk.CarryOutDisposal(ctx, at.who, at.now(), v.Item[0].ID)
		})
	}
	p := desk.Disposing{Certificate: v.Certificate, Backups: v.Backups}
	in := v.Incident
	for _, i := range v.Item {
		if i.Noun != jurat.NounExhibit || in != "" && i.ID.Incident() != in {
			return jurat.Errorf(jurat.Invalid, "%s: name exhibits of one incident, or one disposal that waits for its second approval", i.ID)
		}
		in, p.Items = i.ID.Incident(), append(p.Items, i.ID)
	}
	if in == "" {
		return jurat.Errorf(jurat.Invalid, "name the incident with --incident, its exhibits, or the disposal that waits for its second approval")
	}
	return c.disposal(ctx, func(at visit) (jurat.Disposal, desk.Done, error) {
		return at.desk.ApproveDisposal(ctx, at.who, at.now(), in, p)
	})
}

// disposal does one act on a disposal, and says how it stands.
func (c *call) disposal(ctx context.Context, do func(visit) (jurat.Disposal, desk.Done, error)) error {
	return act(ctx, c, func(x jurat.Disposal, done desk.Done) error {
		say := "awaits its second approval, by counsel or a supervisor: jurat dispose approve " + string(x.ID)
		switch {
		case !x.Withdrawn.IsZero():
			say = "is withdrawn; nothing was erased"
		case x.Done():
			say = "is carried out: what was recorded of them is erased, and the tombstones are on the record"
		}
		owed := ""
		for _, id := range x.Owed() {
			owed += "\na word to its holder is owed: jurat dispose tell " + string(id)
		}
		if err := c.either(map[string]any{"incident": x.Incident, "disposal": x.ID, "items": itemsOf(x), "done": x.Done(), "owed": nonNil(x.Owed()), "event": done.Event},
			"%s, of %s under certificate %s, %s", x.ID, itemsOf(x), x.Certificate, say); err != nil {
			return err
		}
		for line := range strings.Lines(strings.TrimPrefix(owed, "\n")) {
			c.say("%s", strings.TrimSuffix(line, "\n"))
		}
		return nil
	}, do)
}

func itemsOf(x jurat.Disposal) []jurat.ItemID {
	ids := []jurat.ItemID{}
	for _, y := range x.Items {
		ids = append(ids, y.Item)
	}
	return ids
}

func nonNil[T any](all []T) []T { return append([]T{}, all...) }

type disposeWithdraw struct {
	Disposal jurat.ItemID `arg:"" help:"The disposal."`
	Reason   string       `required:"" placeholder:"WORDS" help:"Why."`
}

func (disposeWithdraw) Help() string {
	return "Example:\n  jurat dispose withdraw 2026-000001-Z1 --reason \"a suit was announced\" --as records-3"
}

func (v *disposeWithdraw) Run(ctx context.Context, c *call) error {
	return c.disposal(ctx, func(at visit) (jurat.Disposal, desk.Done, error) {
		return at.desk.WithdrawDisposal(ctx, at.who, at.now(), v.Disposal, v.Reason)
	})
}

type disposeTell struct {
	Exhibit jurat.ItemID `arg:"" help:"The exhibit, held elsewhere, that was disposed of here."`
	How     string       `required:"" placeholder:"WORDS" help:"Who was told, and how."`
}

func (disposeTell) Help() string {
	return "Example:\n  jurat dispose tell 2026-000001-E2 --how \"video unit, by letter of 4 March\" --as records-3\n\nA disposal here erases nothing there: its holder is owed a word, which stays listed until it is given."
}

func (v *disposeTell) Run(ctx context.Context, c *call) error {
	return c.disposal(ctx, func(at visit) (jurat.Disposal, desk.Done, error) {
		return at.desk.TellHolder(ctx, at.who, at.now(), v.Exhibit, v.How)
	})
}

type disposeShow struct {
	Incident jurat.IncidentNumber `arg:"" help:"The incident."`
}

func (disposeShow) Help() string {
	return "Example:\n  jurat dispose show 2026-000001 --as records-3"
}

func (v *disposeShow) Run(ctx context.Context, c *call) error {
	return list(ctx, c, c.certificate, func(at visit) ([]jurat.Disposal, error) {
		all, err := at.desk.Disposals(ctx, at.who, at.now(), v.Incident)
		if err == nil && len(all) == 0 {
			c.say("nothing in incident %s was disposed of, and no disposal waits", v.Incident)
		}
		return all, err
	})
}

// certificate prints a disposal as the certificate of it.
func (c *call) certificate(x jurat.Disposal) (err error) {
	if c.verbs.JSON {
		return c.object(x)
	}
	p := func(format string, args ...any) {
		if err == nil {
			err = c.print(format, args...)
		}
	}
	switch {
	case x.Done():
		p("CERTIFICATE OF DISPOSAL %s", x.ID)
	case x.Withdrawn.IsZero():
		p("disposal %s, which waits for its second approval: nothing was erased", x.ID)
	default:
		p("disposal %s, withdrawn by %s on %s: nothing was erased", x.ID, x.WithdrawnBy, day(x.Withdrawn))
	}
	p("  under certificate %s", x.Certificate)
	for _, y := range x.Items {
		p("  %s  %s, held %s, %d bytes, %s", y.Item, y.Kind, y.Held, y.Size, y.Digest)
		p("    by %s (%s), order file %s; counted from %s, kept until %s", y.Rule, y.Basis, y.Version, day(y.Since), day(y.Until))
	}
	for _, a := range x.Approvals {
		p("  approved by %s (%s, %s) on %s", a.By, a.Role, a.Office, day(a.At))
	}
	if x.OneOperator {
		p("  one operator entered both people's acts at the command line")
	}
	if x.Done() {
		p("  Payloads, salts and keys were erased from the record on %s. They are unreadable in backups after %s.", day(x.Approvals[1].At), x.Backups.Local().Format(time.DateOnly))
		p("  Erased is not unrecoverable: what a medium keeps of overwritten bytes is outside this program.")
	}
	for _, t := range x.Told {
		p("  its holder was told about %s on %s: %s", t.Item, day(t.At), t.How)
	}
	for _, id := range x.Owed() {
		p("  its holder is owed a word about %s", id)
	}
	return err
}
