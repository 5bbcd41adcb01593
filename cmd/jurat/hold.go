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
	Incident string   `required:"" short:"i" placeholder:"N" help:"The incident."`
	Matter   string   `required:"" placeholder:"WORDS" help:"The matter it is for."`
	Item     []string `placeholder:"ITEM" help:"An item it covers; everything in the incident when none is given."`
}

func (holdPlace) Help() string {
	return "Example: jurat hold place --incident 2026-000001 --matter \"litigation notice of 3 December\" --as counsel-3"
}

func (v *holdPlace) Run(ctx context.Context, c *call) error {
	in, err := jurat.ParseIncidentNumber(v.Incident)
	if err != nil {
		return err
	}
	var scope []jurat.ItemID
	for _, s := range v.Item {
		item, err := itemOf(s)
		if err != nil {
			return err
		}
		scope = append(scope, item.ID)
	}
	return c.at(ctx, func(h *house, who desk.Caller) error {
		x, done, err := h.desk.PlaceHold(ctx, who, c.now(), in, v.Matter, scope)
		if err != nil {
			return err
		}
		covers := "everything in incident " + string(in)
		if len(scope) > 0 {
			covers = "the items named"
		}
		return c.either(map[string]any{"incident": in, "hold": x.ID, "event": done.Event}, "%s holds %s for %s", x.ID, covers, x.Matter)
	})
}

type holdRelease struct {
	Hold   string `arg:"" help:"The hold."`
	Reason string `required:"" placeholder:"WORDS" help:"Why."`
}

func (holdRelease) Help() string {
	return "Example: jurat hold release 2026-000001-H1 --reason \"the matter ended\" --as counsel-3"
}

func (v *holdRelease) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		x, done, err := h.desk.ReleaseHold(ctx, who, c.now(), jurat.ItemID(v.Hold), v.Reason)
		if err != nil {
			return err
		}
		return c.either(map[string]any{"hold": x.ID, "event": done.Event}, "%s is released", x.ID)
	})
}
