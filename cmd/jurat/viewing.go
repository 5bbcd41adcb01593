package main

import (
	"cmp"
	"context"

	"jurat"
	"jurat/internal/desk"
)

type viewingVerb struct {
	Release viewingRelease `cmd:"" help:"Open an incident's footage to a member before their report."`
	List    viewingList    `cmd:"" help:"List to whom an incident's footage was opened."`
}

type viewingRelease struct {
	Incident jurat.IncidentNumber `arg:"" help:"The incident."`
	Member   jurat.PersonID       `arg:"" help:"The member, by their name in the record."`
	Reason   string               `required:"" placeholder:"WORDS" help:"Why it opens before their report."`
}

func (viewingRelease) Help() string {
	return "Example:\n  jurat viewing release 2026-000001 officer-4471 --reason \"the hospital must be told what struck the person\" --as supervisor-1102\n\nOnly where an adopted order has a member's report come before the footage. A sworn supervisor decides, and never for themselves."
}

func (v *viewingRelease) Run(ctx context.Context, c *call) error {
	return act(ctx, c, func(x jurat.Viewing, done desk.Done) error {
		return c.either(map[string]any{"viewing": x.ID, "incident": x.Incident, "member": x.Member, "reason": x.Reason, "event": done.Event}, "%s: the footage of %s is open to %s", x.ID, x.Incident, x.Member)
	}, func(at visit) (jurat.Viewing, desk.Done, error) {
		return at.desk.ReleaseViewing(ctx, at.who, at.now(), v.Incident, v.Member, v.Reason)
	})
}

type viewingList struct {
	Incident jurat.IncidentNumber `required:"" short:"i" placeholder:"N" help:"The incident."`
}

func (viewingList) Help() string {
	return "Example:\n  jurat viewing list --incident 2026-000001 --json"
}

func (v *viewingList) Run(ctx context.Context, c *call) error {
	return c.visit(ctx, func(at visit) (err error) {
		view, err := at.desk.Show(ctx, at.who, at.now(), v.Incident)
		if err != nil {
			return err
		}
		for _, s := range view.Viewings {
			x := s.Value
			err = cmp.Or(err, c.either(map[string]any{"viewing": x.ID, "incident": x.Incident, "member": x.Member, "reason": x.Reason, "by": x.By, "event": s.Event}, "%s  %s  %s, by %s", x.ID, x.Member, x.Reason, x.By))
		}
		if len(view.Viewings) == 0 {
			c.say("the footage of incident %s was opened to nobody before their report", v.Incident)
		}
		return err
	})
}
