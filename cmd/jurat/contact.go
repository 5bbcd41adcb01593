package main

import (
	"context"

	"jurat"
	"jurat/internal/desk"
)

type contactVerb struct {
	Add contactAdd `cmd:"" help:"Record a contact with a political office about an incident."`
}

type contactAdd struct {
	Office   string `arg:"" help:"Which office, in words."`
	Incident string `required:"" short:"i" placeholder:"N" help:"The incident."`
	When     string `required:"" placeholder:"TIME" help:"When."`
	What     string `required:"" placeholder:"WORDS" help:"What was said or sent."`
	Document string `placeholder:"EXHIBIT" help:"The message itself, where it was received."`
}

func (contactAdd) Help() string {
	return "Example: jurat contact add \"Office of the mayor\" --incident 2026-000001 --when \"2026-11-22 16:00\" --what \"asked whether a report exists; was told to ask the press office\" --as supervisor-1102\n\nEvery contact goes to the prosecutor with the dossier (REF-1)."
}

func (v *contactAdd) Run(ctx context.Context, c *call) error {
	in, err := jurat.ParseIncidentNumber(v.Incident)
	if err != nil {
		return err
	}
	when, err := moment(v.When)
	if err != nil {
		return err
	}
	return c.at(ctx, func(h *house, who desk.Caller) error {
		x, done, err := h.desk.RecordContact(ctx, who, c.now(), in, v.Office, v.What, when, jurat.ItemID(v.Document))
		if err != nil {
			return err
		}
		return c.either(map[string]any{"incident": in, "contact": x.ID, "event": done.Event}, "recorded %s", x.ID)
	})
}
