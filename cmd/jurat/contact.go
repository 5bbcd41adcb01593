package main

import (
	"context"
	"time"

	"jurat"
	"jurat/internal/desk"
)

type contactVerb struct {
	Add contactAdd `cmd:"" help:"Record a contact with a political office about an incident."`
}

type contactAdd struct {
	Office   string               `arg:"" help:"Which office, in words."`
	Incident jurat.IncidentNumber `required:"" short:"i" placeholder:"N" help:"The incident."`
	When     time.Time            `required:"" placeholder:"TIME" help:"When."`
	What     string               `required:"" placeholder:"WORDS" help:"What was said or sent."`
	Document jurat.ItemID         `placeholder:"EXHIBIT" help:"The message itself, where it was received."`
}

func (contactAdd) Help() string {
	return "Example:\n  jurat contact add \"Office of the mayor\" --incident 2026-000001 --when \"2026-11-22 16:00\" --what \"asked whether a report exists\" --as supervisor-1102\n\nEvery contact goes to the prosecutor with the dossier (REF-1)."
}

func (v *contactAdd) Run(ctx context.Context, c *call) error {
	return act(ctx, c, func(x jurat.Contact, done desk.Done) error {
		return c.either(map[string]any{"incident": v.Incident, "contact": x.ID, "event": done.Event}, "recorded %s, a contact with %s", x.ID, x.Office)
	}, func(at visit) (jurat.Contact, desk.Done, error) {
		return at.desk.RecordContact(ctx, at.who, at.now(), v.Incident, v.Office, v.What, v.When, v.Document)
	})
}
