package main

import (
	"context"

	"jurat"
	"jurat/internal/desk"
)

type holdVerb struct {
	Place   holdPlace   `cmd:"" help:"Place a hold."`
	Release holdRelease `cmd:"" help:"Release a hold."`
}

type holdPlace struct {
	Incident jurat.IncidentNumber `short:"i" placeholder:"N" help:"The incident; without one the hold is the whole record's."`
	Matter   string               `required:"" placeholder:"WORDS" help:"The matter it is for."`
	Item     []jurat.Item         `placeholder:"ITEM" help:"An item it covers, or an incident; everything when none is given."`
}

func (holdPlace) Help() string {
	return "Examples:\n  jurat hold place --incident 2026-000001 --matter \"litigation notice of 3 December\" --as counsel-3\n  jurat hold place --matter \"consent decree\" --as counsel-3\n\nA hold beats every schedule. Without items it holds everything: in the incident or, without an incident, on the record."
}

func (v *holdPlace) Run(ctx context.Context, c *call) error {
	var scope []jurat.ItemID
	covers := "everything in incident " + string(v.Incident)
	if v.Incident == "" {
		covers = "everything on the record"
	}
	for _, i := range v.Item {
		scope = append(scope, i.ID)
		covers = "the items named"
	}
	return act(ctx, c, func(x jurat.Hold, done desk.Done) error {
		return c.either(map[string]any{"incident": v.Incident, "hold": x.ID, "event": done.Event}, "%s holds %s for %s", x.ID, covers, x.Matter)
	}, func(at visit) (jurat.Hold, desk.Done, error) {
		return at.desk.PlaceHold(ctx, at.who, at.now(), v.Incident, v.Matter, scope)
	})
}

type holdRelease struct {
	Hold   jurat.ItemID `arg:"" help:"The hold."`
	Reason string       `required:"" placeholder:"WORDS" help:"Why."`
}

func (holdRelease) Help() string {
	return "Example:\n  jurat hold release 2026-000001-H1 --reason \"the matter ended\" --as counsel-3"
}

func (v *holdRelease) Run(ctx context.Context, c *call) error {
	return act(ctx, c, func(x jurat.Hold, done desk.Done) error {
		return c.either(map[string]any{"hold": x.ID, "event": done.Event}, "%s is released", x.ID)
	}, func(at visit) (jurat.Hold, desk.Done, error) {
		return at.desk.ReleaseHold(ctx, at.who, at.now(), v.Hold, v.Reason)
	})
}
