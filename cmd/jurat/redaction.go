package main

import (
	"cmp"
	"context"
	"io"
	"maps"
	"slices"

	"jurat"
	"jurat/internal/desk"
)

type redactionVerb struct {
	Make    redactionMake    `cmd:"" help:"Make a copy that shows less."`
	List    redactionList    `cmd:"" help:"List an incident's redactions."`
	Reasons redactionReasons `cmd:"" help:"List the reasons an edit may give."`
	Review  redactionReview  `cmd:"" help:"Say that you looked at the whole copy."`
	Return  redactionReturn  `cmd:"" help:"Send a copy back, with a reason."`
	Release redactionRelease `cmd:"" help:"Write a reviewed copy to a file, for somebody."`
}

type redactionMake struct {
	Exhibit jurat.ItemID `arg:"" help:"The exhibit: a film, a sound or a picture."`
	Edits   string       `required:"" placeholder:"FILE" help:"The edit list, in JSON; - reads it from standard input."`
}

func (redactionMake) Help() string {
	return `Example:
  jurat redaction make 2026-000001-E1 --edits edits.json --as evidence-7

An edit list, for a film of 640 by 360:
  {"version": 1, "frame": {"width": 640, "height": 360}, "edits": [
    {"kind": "box", "reason": "7-1-c", "to_ms": 9000, "keyframes": [
      {"at_ms": 2000, "x": 412, "y": 80, "width": 90, "height": 90},
      {"at_ms": 5000, "x": 300, "y": 84, "width": 96, "height": 96}]},
    {"kind": "except", "reason": "7-1-b", "from_ms": 9000, "to_ms": 12000,
      "keep": [{"x": 0, "y": 0, "width": 320, "height": 360}]},
    {"kind": "mute", "reason": "7-1-b", "from_ms": 4000, "to_ms": 6500}]}

A box is there from its first keyframe to to_ms, in a straight line between keyframes; except hides everything but what it keeps; mute is silence. Every fill is solid. Times are milliseconds from the start; of a picture leave them out. jurat exhibit probe tells the size. Each edit needs a reason (jurat redaction reasons).

The original is not touched. The copy is read again, every picture and every silence of it, and what a person should look at is said; nothing says that it is safe. A second person reviews it before it can be released.`
}

// redactionLine is a redaction, as --json prints it.
type redactionLine struct {
	Redaction  jurat.ItemID         `json:"redaction"`
	State      jurat.RedactionState `json:"state"`
	Source     jurat.ItemID         `json:"source"`
	Copy       jurat.ItemID         `json:"copy"`
	Digest     jurat.Digest         `json:"digest"`
	Edits      int                  `json:"edits"`
	Reasons    []string             `json:"reasons"`
	MadeBy     jurat.PersonID       `json:"made_by"`
	ReviewedBy jurat.PersonID       `json:"reviewed_by"`
	Inspection jurat.Inspection     `json:"inspection"`
	Event      jurat.EventID        `json:"event"`
}

func lineOf(r jurat.Redaction, event jurat.EventID) redactionLine {
	return redactionLine{r.ID, r.State, r.Source, r.Copy, r.CopyIs, len(r.Edits.Edits), r.Edits.Reasons(), r.MadeBy, r.ReviewedBy, r.Inspection, event}
}

func (v *redactionMake) Run(ctx context.Context, c *call) error {
	text, err := c.text(v.Edits)
	if err != nil {
		return err
	}
	l, err := jurat.ParseEdits(text)
	if err != nil {
		return err
	}
	return act(ctx, c, func(r jurat.Redaction, done desk.Done) error {
		err := c.either(lineOf(r, done.Event), "%s: %s shows less than %s; %d pictures were looked at, and %d of them hide something", r.ID, r.Copy, r.Source, r.Inspection.Frames, r.Inspection.Filled)
		for _, say := range r.Inspection.Remarks {
			c.say("  look at it: %s", say)
		}
		c.say("  a second person looks at the copy before it is released: jurat redaction review %s", r.ID)
		return err
	}, func(at visit) (jurat.Redaction, desk.Done, error) {
		return at.desk.MakeRedaction(ctx, at.who, at.now, v.Exhibit, l, c.share("made").portion)
	})
}

type redactionList struct {
	Incident jurat.IncidentNumber `required:"" short:"i" placeholder:"N" help:"The incident."`
}

func (redactionList) Help() string {
	return "Example:\n  jurat redaction list --incident 2026-000001 --json"
}

func (v *redactionList) Run(ctx context.Context, c *call) error {
	return c.visit(ctx, func(at visit) (err error) {
		view, err := at.desk.Show(ctx, at.who, at.now(), v.Incident)
		if err != nil {
			return err
		}
		for _, s := range view.Redactions {
			r := s.Value
			err = cmp.Or(err, c.either(lineOf(r, s.Event), "%s  %-8s  %s of %s, made by %s%s", r.ID, r.State, r.Copy, r.Source, r.MadeBy, after(", looked at by ", string(r.ReviewedBy))))
		}
		if len(view.Redactions) == 0 {
			c.say("incident %s has no redactions", v.Incident)
		}
		return err
	})
}

type redactionReasons struct{}

func (redactionReasons) Help() string {
	return "Example:\n  jurat redaction reasons\n\nThey are the tables \"exemptions\" of the orders adopted. While no order has one, a reason is any word."
}

func (v *redactionReasons) Run(ctx context.Context, c *call) error {
	return c.visit(ctx, func(at visit) error {
		all, err := at.desk.Exemptions(ctx)
		if err != nil {
			return err
		}
		for _, code := range slices.Sorted(maps.Keys(all)) {
			err = cmp.Or(err, c.either(map[string]string{"reason": code, "label": all[code]}, "%-12s %s", code, all[code]))
		}
		if len(all) == 0 {
			c.say("no adopted order has a table of exemptions: a reason is any word")
		}
		return err
	})
}

type redactionReview struct {
	Redaction jurat.ItemID `arg:"" help:"The redaction."`
}

func (redactionReview) Help() string {
	return "Example:\n  jurat redaction review 2026-000001-X1 --sign supervisor-1102.key\n\nYou are not its maker, and you opened the copy first: jurat exhibit export. Signed."
}

func (v *redactionReview) Run(ctx context.Context, c *call) error {
	return act(ctx, c, printRedaction(c, "reviewed"), func(at visit) (jurat.Redaction, desk.Done, error) {
		return at.desk.ReviewRedaction(ctx, at.who, at.now(), v.Redaction)
	})
}

type redactionReturn struct {
	Redaction jurat.ItemID `arg:"" help:"The redaction."`
	Reason    string       `required:"" placeholder:"WORDS" help:"What it shows or hides that it should not."`
}

func (redactionReturn) Help() string {
	return "Example:\n  jurat redaction return 2026-000001-X1 --reason \"a plate is to be read at 0:00:12\" --as supervisor-1102"
}

func (v *redactionReturn) Run(ctx context.Context, c *call) error {
	return act(ctx, c, printRedaction(c, "returned"), func(at visit) (jurat.Redaction, desk.Done, error) {
		return at.desk.ReturnRedaction(ctx, at.who, at.now(), v.Redaction, v.Reason)
	})
}

func printRedaction(c *call, state string) func(jurat.Redaction, desk.Done) error {
	return func(r jurat.Redaction, done desk.Done) error {
		note := ""
		if r.OneOperator {
			note = "; one operator may have entered both people's acts, and the record says so"
		}
		return c.either(lineOf(r, done.Event), "%s is %s by %s%s", r.ID, state, r.ReviewedBy, note)
	}
}

type redactionRelease struct {
	Redaction jurat.ItemID `arg:"" help:"The redaction."`
	File      string       `arg:"" help:"The file to write; it must not exist."`
	To        string       `required:"" placeholder:"WORDS" help:"To whom or for which request, without a person's name."`
}

func (redactionRelease) Help() string {
	return "Example:\n  jurat redaction release 2026-000001-X1 copy.mp4 --to \"records request 26-0417\" --sign supervisor-1102.key\n\nOnly a copy that a second person looked at. Signed."
}

func (v *redactionRelease) Run(ctx context.Context, c *call) error {
	return c.visit(ctx, func(at visit) error {
		out, err := create(v.File, 0o600)
		if err != nil {
			return err
		}
		defer out.leave()
		r, from, done, err := at.desk.ReleaseRedaction(ctx, at.who, at.now(), v.Redaction, v.To)
		if err != nil {
			return err
		}
		defer from.Close()
		if _, err := io.Copy(out, from); err != nil {
			return err
		}
		if err := out.keep(); err != nil {
			return err
		}
		return c.either(lineOf(r, done.Event), "wrote %s to %s: %s", r.Copy, v.File, r.CopyIs)
	})
}
