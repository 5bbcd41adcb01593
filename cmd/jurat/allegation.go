package main

import (
	"context"
	"time"

	"jurat"
	"jurat/internal/desk"
)

type allegationVerb struct {
	Add    allegationAdd    `cmd:"" help:"Propose an allegation."`
	Weigh  allegationWeigh  `cmd:"" help:"Add evidence for or against an element."`
	Map    allegationMap    `cmd:"" help:"Put an allegation kept in words under an offence of the order's table."`
	Status allegationStatus `cmd:"" help:"Record what a body with that power said."`
}

// allegation does one act on an allegation.
func (c *call) allegation(ctx context.Context, do func(visit) (jurat.Allegation, desk.Done, error)) error {
	return act(ctx, c, func(a jurat.Allegation, done desk.Done) error {
		err := c.either(map[string]any{"incident": a.Incident, "allegation": a.ID, "offence": a.Offence, "status": a.Status, "elements": a.Elements, "event": done.Event},
			"%s, alleged %s (%s): %s", a.ID, a.Offence, stated(a.Cite), a.Status)
		for _, e := range a.Elements {
			c.say("  element %s: %s (%d for, %d against, %d not known)", e.ID, e.Text, len(e.For), len(e.Against), len(e.NotKnown))
		}
		return err
	}, do)
}

type allegationAdd struct {
	Offence  string               `arg:"" help:"The offence's id in the order's table, or words where none fits."`
	Incident jurat.IncidentNumber `required:"" short:"i" placeholder:"N" help:"The incident."`
	Actor    jurat.ActorKind      `required:"" placeholder:"KIND" help:"Whose act is alleged: federal, local, other or unknown."`
	Party    jurat.ItemID         `placeholder:"PARTY" help:"The alleged actor's party slot."`
}

func (allegationAdd) Help() string {
	return "Example:\n  jurat allegation add battery --incident 2026-000001 --actor federal --party 2026-000001-P1 --as detective-2208"
}

func (v *allegationAdd) Run(ctx context.Context, c *call) error {
	return c.allegation(ctx, func(at visit) (jurat.Allegation, desk.Done, error) {
		return at.desk.AddAllegation(ctx, at.who, at.now(), v.Incident, v.Offence, v.Actor, v.Party)
	})
}

type allegationWeigh struct {
	Allegation jurat.ItemID     `arg:"" help:"The allegation."`
	Element    string           `required:"" placeholder:"ID" help:"The element's id."`
	For        []jurat.Evidence `placeholder:"ITEM[@FROM-TO]" help:"Evidence for it; seconds into a recording after @."`
	Against    []jurat.Evidence `placeholder:"ITEM[@FROM-TO]" help:"Evidence against it."`
	NoneKnown  bool             `help:"State that you know of no evidence against it."`
	NoneFor    bool             `help:"State that you know of no evidence for it."`
	NotKnown   string           `placeholder:"WORDS" help:"What is not known of it."`
	NotAsked   bool             `help:"With --not-known: nobody was asked."`
	Asked      string           `placeholder:"WHOM" help:"With --not-known: who was asked, an office or a slot."`
	AskedAt    time.Time        `placeholder:"TIME" help:"With --asked: when."`
	Looked     bool             `help:"State that you looked at it again, with nothing to add."`
	Note       string           `placeholder:"WORDS" help:"What the evidence shows, as stated."`
}

func (allegationWeigh) Help() string {
	return "Example:\n  jurat allegation weigh 2026-000001-A1 --element contact --for 2026-000001-E1@12-15 --against 2026-000001-E2@3-6 --as detective-2208"
}

func (v *allegationWeigh) Run(ctx context.Context, c *call) error {
	for _, side := range [][]jurat.Evidence{v.For, v.Against} {
		for i := range side {
			side[i].Note = v.Note
		}
	}
	w := desk.Weight{Element: v.Element, For: v.For, Against: v.Against, NoneKnown: v.NoneKnown, NoneFor: v.NoneFor, Looked: v.Looked}
	if v.NotKnown != "" {
		n := jurat.NotKnown{What: v.NotKnown, State: jurat.AskedKnown, Asked: v.Asked, AskedAt: v.AskedAt}
		switch {
		case v.Asked != "":
			n.State = jurat.AskedSome
		case v.NotAsked:
			n.State = jurat.AskedNot
		}
		w.NotKnown = []jurat.NotKnown{n}
	}
	return c.allegation(ctx, func(at visit) (jurat.Allegation, desk.Done, error) {
		return at.desk.WeighAllegation(ctx, at.who, at.now(), v.Allegation, w)
	})
}

type allegationMap struct {
	Allegation jurat.ItemID `arg:"" help:"The allegation."`
	Offence    string       `arg:"" help:"The offence's id in the order's table."`
}

func (allegationMap) Help() string {
	return "Example:\n  jurat allegation map 2026-000001-A2 battery --as counsel-3"
}

func (v *allegationMap) Run(ctx context.Context, c *call) error {
	return c.allegation(ctx, func(at visit) (jurat.Allegation, desk.Done, error) {
		return at.desk.MapAllegation(ctx, at.who, at.now(), v.Allegation, v.Offence)
	})
}

type allegationStatus struct {
	Allegation jurat.ItemID           `arg:"" help:"The allegation."`
	Status     jurat.AllegationStatus `arg:"" help:"One of ${statuses}."`
	Source     string                 `placeholder:"WORDS" help:"The document it rests on, for words of another body."`
}

func (allegationStatus) Help() string {
	return "Example:\n  jurat allegation status 2026-000001-A1 supported --as supervisor-1102"
}

func (v *allegationStatus) Run(ctx context.Context, c *call) error {
	return c.allegation(ctx, func(at visit) (jurat.Allegation, desk.Done, error) {
		return at.desk.SetAllegationStatus(ctx, at.who, at.now(), v.Allegation, v.Status, v.Source)
	})
}
