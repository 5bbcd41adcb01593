package main

import (
	"context"
	"strconv"
	"strings"

	"jurat"
	"jurat/internal/desk"
)

type allegationVerb struct {
	Add    allegationAdd    `cmd:"" help:"Propose an allegation."`
	Weigh  allegationWeigh  `cmd:"" help:"Add evidence for or against an element."`
	Status allegationStatus `cmd:"" help:"Record what a body with that power said."`
}

func (c *call) allegationLine(a jurat.Allegation, done desk.Done) error {
	return c.either(map[string]any{"incident": a.Incident, "allegation": a.ID, "offence": a.Offence, "status": a.Status, "elements": a.Elements, "event": done.Event},
		"%s, alleged %s (%s): %s", a.ID, a.Offence, stated(a.Cite), a.Status)
}

type allegationAdd struct {
	Offence  string `arg:"" help:"The offence's id in the order's table, or words where none fits."`
	Incident string `required:"" short:"i" placeholder:"N" help:"The incident."`
	Actor    string `required:"" placeholder:"KIND" help:"Whose act is alleged: federal, local, other or unknown."`
	Party    string `placeholder:"PARTY" help:"The alleged actor's party slot."`
}

func (allegationAdd) Help() string {
	return "Example: jurat allegation add battery --incident 2026-000001 --actor federal --party 2026-000001-P1 --as detective-2208"
}

func (v *allegationAdd) Run(ctx context.Context, c *call) error {
	in, err := jurat.ParseIncidentNumber(v.Incident)
	if err != nil {
		return err
	}
	return c.at(ctx, func(h *house, who desk.Caller) error {
		a, done, err := h.desk.AddAllegation(ctx, who, c.now(), in, v.Offence, jurat.ActorKind(v.Actor), jurat.ItemID(v.Party))
		if err != nil {
			return err
		}
		if err := c.allegationLine(a, done); err != nil {
			return err
		}
		for _, e := range a.Elements {
			c.say("  element %s: %s", e.ID, e.Text)
		}
		return nil
	})
}

type allegationWeigh struct {
	Allegation string   `arg:"" help:"The allegation."`
	Element    string   `required:"" placeholder:"ID" help:"The element's id."`
	For        []string `placeholder:"ITEM[@FROM-TO]" help:"Evidence for it; seconds into a recording after @."`
	Against    []string `placeholder:"ITEM[@FROM-TO]" help:"Evidence against it."`
	NoneKnown  bool     `help:"State that no evidence against it is known."`
	Note       string   `placeholder:"WORDS" help:"What the evidence shows, as stated."`
}

func (allegationWeigh) Help() string {
	return "Example: jurat allegation weigh 2026-000001-A1 --element contact --for 2026-000001-E1@12-15 --against 2026-000001-E2@3-6 --as detective-2208"
}

func (v *allegationWeigh) Run(ctx context.Context, c *call) error {
	w := desk.Weight{Element: v.Element, NoneKnown: v.NoneKnown}
	var err error
	if w.For, err = evidence(v.For, v.Note); err != nil {
		return err
	}
	if w.Against, err = evidence(v.Against, v.Note); err != nil {
		return err
	}
	return c.at(ctx, func(h *house, who desk.Caller) error {
		a, done, err := h.desk.WeighAllegation(ctx, who, c.now(), jurat.ItemID(v.Allegation), w)
		if err != nil {
			return err
		}
		return c.allegationLine(a, done)
	})
}

// evidence reads ITEM or ITEM@FROM-TO, in seconds.
func evidence(list []string, note string) ([]jurat.Evidence, error) {
	var out []jurat.Evidence
	for _, s := range list {
		name, span, timed := strings.Cut(s, "@")
		item, err := itemOf(name)
		if err != nil {
			return nil, err
		}
		e := jurat.Evidence{Item: item, Note: note}
		if timed {
			a, b, _ := strings.Cut(span, "-")
			from, err := strconv.Atoi(a)
			to, err2 := strconv.Atoi(b)
			if err != nil || err2 != nil || from < 0 || to < from {
				return nil, jurat.Errorf(jurat.Invalid, "evidence %q: want an item, @, and seconds from-to, for example 2026-000001-E1@12-15", s)
			}
			e.From, e.To = &from, &to
		}
		out = append(out, e)
	}
	return out, nil
}

type allegationStatus struct {
	Allegation string `arg:"" help:"The allegation."`
	Status     string `arg:"" help:"One of ${statuses}."`
	Source     string `placeholder:"WORDS" help:"The document it rests on, for words of another body."`
}

func (allegationStatus) Help() string {
	return "Example: jurat allegation status 2026-000001-A1 supported --as supervisor-1102"
}

func (v *allegationStatus) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		a, done, err := h.desk.SetAllegationStatus(ctx, who, c.now(), jurat.ItemID(v.Allegation), jurat.AllegationStatus(v.Status), v.Source)
		if err != nil {
			return err
		}
		return c.allegationLine(a, done)
	})
}
