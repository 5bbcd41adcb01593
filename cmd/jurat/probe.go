package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"jurat"
	"jurat/internal/desk"
)

type exhibitProbe struct {
	Exhibit jurat.ItemID `arg:"" help:"The exhibit."`
}

func (exhibitProbe) Help() string {
	return "Example:\n  jurat exhibit probe 2026-000001-E1 --as evidence-7\n\n" +
		"What a file says of itself is its device's word: times are as asserted, with the zone it states. Where it was taken, and what may name a person or one device, is sealed; jurat party open shows how such parts are opened. Films are read by ffprobe in a sandbox, pictures by this program.\n\n" +
		"Exit 0 when it was read, 3 when that could be done in part or not at all; both answers are put beside the exhibit."
}

// probed is what was found, as --json prints it.
type probed struct {
	Exhibit jurat.ItemID  `json:"exhibit"`
	Probe   jurat.Probe   `json:"probe"`
	Event   jurat.EventID `json:"event"`
}

func (v *exhibitProbe) Run(ctx context.Context, c *call) error {
	return act(ctx, c, func(p jurat.Probe, done desk.Done) error {
		var err error
		if c.verbs.JSON {
			err = c.object(probed{v.Exhibit, p, done.Event})
		} else {
			err = c.printProbe(p)
		}
		if err == nil && p.Answer != jurat.ProbeRead {
			err = answer(exitNo)
		}
		return err
	}, func(at visit) (jurat.Probe, desk.Done, error) {
		return at.desk.ProbeExhibit(ctx, at.who, at.now(), v.Exhibit)
	})
}

func (c *call) printProbe(p jurat.Probe) (err error) {
	say := func(format string, args ...any) { err = cmp.Or(err, c.print(format, args...)) }
	say("%s: %s%s", p.Of.ID, p.Answer, after(": ", p.Why))
	say("  media type  %s%s", p.Media, after("; received as ", p.Asserted))
	if p.Duration > 0 {
		say("  lasts       %s", time.Duration(p.Duration)*time.Millisecond)
	}
	if p.Created != "" {
		say("  made        %s, by the device's clock; zone %s", p.Created, p.Zone)
	}
	if p.Device != "" {
		say("  device      %s", p.Device)
	}
	for _, s := range p.Streams {
		say("  stream %-4d %s %s%s", s.Index, s.Kind, s.Codec, sizes(s))
	}
	if p.Place {
		say("  where       it says where it was taken: sealed (exact_address)")
	}
	if p.Serial {
		say("  serial      it names one device: sealed (identity)")
	}
	for _, r := range p.Remarks {
		say("  look at it  %s", r)
	}
	if len(p.Tools) > 0 {
		say("  read with   %s%s", strings.Join(p.Tools, ", "), after("; ", p.Sandbox))
	}
	return err
}

func sizes(s jurat.Stream) string {
	out := ""
	if s.Width > 0 {
		out += fmt.Sprintf(", %d by %d", s.Width, s.Height)
	}
	if s.Rate != "" {
		out += ", " + s.Rate + " a second"
	}
	if s.Channels > 0 {
		out += fmt.Sprintf(", %d channels at %d", s.Channels, s.Samples)
	}
	return out
}

// after is a word with what leads to it, or nothing.
func after(lead, word string) string {
	if word == "" {
		return ""
	}
	return lead + word
}
