package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"time"

	"jurat"
	"jurat/internal/desk"
)

type markVerb struct {
	Add  markAdd  `cmd:"" help:"Mark a moment of an exhibit, with a note."`
	List markList `cmd:"" help:"List an incident's marks."`
}

type markAdd struct {
	Exhibit jurat.ItemID `arg:"" help:"The exhibit."`
	Note    string       `arg:"" help:"What is to be seen or heard there; people are slots, never names."`
	At      string       `required:"" placeholder:"TIME" help:"The time within the recording, such as 1:02 or 1:02.5."`
	To      string       `placeholder:"TIME" help:"The end of a stretch; without it, a moment."`
	Amends  jurat.ItemID `placeholder:"MARK" help:"The mark this one is in place of; both stay."`
}

func (markAdd) Help() string {
	return "Example:\n  jurat mark add 2026-000001-E1 \"a door is opened\" --at 1:02.5 --to 1:09 --as officer-4471\n\nA mark is amended by another that names it with --amends."
}

func (v *markAdd) Run(ctx context.Context, c *call) error {
	m := jurat.Marking{Note: v.Note}
	var err error
	if m.From, err = jurat.ParseTimecode(v.At); err != nil {
		return err
	}
	if v.To != "" {
		if m.To, err = jurat.ParseTimecode(v.To); err != nil {
			return err
		}
		if m.To == 0 {
			return jurat.Errorf(jurat.Invalid, "a mark must end after it begins: give a later --to, or leave it out for a moment")
		}
	}
	return act(ctx, c, func(k jurat.Mark, done desk.Done) error {
		return c.either(markLine(k, done.Event), "%s marks %s at %s", k.ID, k.Exhibit, stretch(k))
	}, func(at visit) (jurat.Mark, desk.Done, error) {
		return at.desk.AddMark(ctx, at.who, at.now(), v.Exhibit, m, v.Amends)
	})
}

// markLine is a mark, as --json prints it.
func markLine(k jurat.Mark, event jurat.EventID) map[string]any {
	return map[string]any{"mark": k.ID, "exhibit": k.Exhibit, "from_ms": k.From, "to_ms": k.To, "note": k.Note, "amends": k.Amends, "by": k.By, "event": event}
}

func stretch(k jurat.Mark) string {
	if k.To == 0 {
		return jurat.Timecode(k.From)
	}
	return jurat.Timecode(k.From) + "–" + jurat.Timecode(k.To)
}

type markList struct {
	Incident jurat.IncidentNumber `required:"" short:"i" placeholder:"N" help:"The incident."`
}

func (markList) Help() string {
	return "Example:\n  jurat mark list --incident 2026-000001 --json"
}

func (v *markList) Run(ctx context.Context, c *call) error {
	return c.visit(ctx, func(at visit) (err error) {
		view, err := at.desk.Show(ctx, at.who, at.now(), v.Incident)
		if err != nil {
			return err
		}
		for _, s := range view.Marks {
			k := s.Value
			err = cmp.Or(err, c.either(markLine(k, s.Event), "%s  %s  %s  %s%s, by %s", k.ID, k.Exhibit, stretch(k), k.Note, after(", in place of ", string(k.Amends)), k.By))
		}
		if len(view.Marks) == 0 {
			c.say("incident %s has no marks", v.Incident)
		}
		return err
	})
}

type exhibitTime struct {
	Exhibit  jurat.ItemID       `arg:"" help:"The exhibit."`
	Offset   *float64           `placeholder:"SECONDS" xor:"offset" help:"How far its clock was ahead, such as 4.25; --offset=-30 when behind."`
	NotKnown bool               `xor:"offset" help:"Its offset is not known."`
	Known    jurat.OffsetSource `required:"" placeholder:"HOW" help:"How that is known: metadata, shared_event (seen by two clocks) or hand."`
	Reason   string             `required:"" placeholder:"WORDS" help:"What was compared, or why it is not known."`
	Begins   time.Time          `placeholder:"TIME" help:"When the recording begins, by its own clock, where nobody said so."`
}

func (exhibitTime) Help() string {
	return "Example:\n  jurat exhibit time 2026-000001-E1 --offset 4.25 --known shared_event --reason \"a door closes in E1 and E2\" --as officer-4471\n\nEvery offset stays on the record; the newest is used. One over sixty seconds, or not known, puts nothing in order."
}

func (v *exhibitTime) Run(ctx context.Context, c *call) error {
	t := jurat.Timing{Source: v.Known, Reason: v.Reason, From: v.Begins}
	switch {
	case v.Offset == nil && !v.NotKnown:
		return jurat.Errorf(jurat.Invalid, "give --offset SECONDS, or say --not-known")
	case v.Offset != nil && !(math.Abs(*v.Offset) < 1e10):
		return jurat.Errorf(jurat.Invalid, "no clock is wrong by more than a hundred years")
	case v.Offset != nil:
		// to the millisecond; in whole ones, so that no duration overflows
		d := time.Duration(min(max(math.Round(*v.Offset*1000), -9e12), 9e12)) * time.Millisecond
		t.Offset = &d
	}
	return act(ctx, c, func(x jurat.Exhibit, done desk.Done) error {
		said, n := "not known", len(x.Offsets)
		if d, ok := x.Ahead(); ok {
			said = fmt.Sprintf("%+.3f s", d.Seconds())
		}
		return c.either(map[string]any{"exhibit": x.ID, "clock_offsets": x.Offsets, "event": done.Event}, "%s: clock offset %s; %d on the record", x.ID, said, n)
	}, func(at visit) (jurat.Exhibit, desk.Done, error) {
		return at.desk.TimeExhibit(ctx, at.who, at.now(), v.Exhibit, t)
	})
}
