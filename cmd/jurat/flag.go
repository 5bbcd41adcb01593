package main

import (
	"context"

	"jurat"
	"jurat/internal/desk"
)

type flagVerb struct {
	Add flagAdd `cmd:"" help:"Flag an exhibit, with its ground."`
}

type flagAdd struct {
	Exhibit jurat.ItemID `arg:"" help:"The exhibit."`
	Ground  []string     `required:"" placeholder:"GROUND" help:"A ground of the order's table; may be given more than once."`
}

func (flagAdd) Help() string {
	return "Example:\n  jurat flag add 2026-000001-E1 --ground evidentiary_value --as supervisor-1102\n\nA flag without a ground may be challenged, and the ground decides disclosure."
}

func (v *flagAdd) Run(ctx context.Context, c *call) error {
	return act(ctx, c, func(f jurat.Flag, done desk.Done) error {
		return c.either(map[string]any{"flag": f.ID, "exhibit": f.Exhibit, "grounds": f.Grounds, "event": done.Event}, "%s flags %s: %s", f.ID, f.Exhibit, f.Grounds)
	}, func(at visit) (jurat.Flag, desk.Done, error) {
		return at.desk.AddFlag(ctx, at.who, at.now(), v.Exhibit, v.Ground)
	})
}
