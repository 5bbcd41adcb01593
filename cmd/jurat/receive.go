package main

import (
	"context"
	"os"
	"slices"
	"strings"
	"time"

	"jurat"
	"jurat/internal/desk"
)

type receiveVerb struct {
	Files         []string             `arg:"" optional:"" name:"file" help:"Files of any content."`
	Incident      jurat.IncidentNumber `required:"" short:"i" placeholder:"N" help:"The incident."`
	Kind          string               `default:"document" placeholder:"KIND" help:"bwc, photo, dispatch_audio, …"`
	HeldElsewhere string               `placeholder:"SYSTEM:KEY" help:"The item is held in another system; a file given too is kept here as a copy."`
	From          string               `placeholder:"WORDS" help:"From whom, as a role or a slot."`
	RecordedFrom  time.Time            `placeholder:"TIME" help:"When the recording begins, by the device's clock."`
	RecordedTo    time.Time            `placeholder:"TIME" help:"When it ends."`
	ClockOffset   *int                 `placeholder:"SECONDS" help:"How far the device's clock was ahead; --clock-offset=-30 when behind."`
	DerivedFrom   jurat.ItemID         `placeholder:"EXHIBIT" help:"The exhibit it was made from."`
}

func (receiveVerb) Help() string {
	return "Examples:\n  jurat receive --incident 2026-000001 --kind bwc clip.mp4\n  jurat receive --incident 2026-000001 --kind photo *.jpg --json\n  jurat receive --incident 2026-000001 --kind bwc --held-elsewhere \"Video store:BWC-77\"\n\n" +
		"Each line is printed once the exhibit is durable and on the record, never before. A file that cannot be received is named; the rest goes on (exit 3)."
}

// received is one exhibit, as --json prints it: these fields, in this order.
type received struct {
	Incident  jurat.IncidentNumber `json:"incident"`
	Exhibit   jurat.ItemID         `json:"exhibit"`
	Digest    string               `json:"digest"`
	Size      int64                `json:"size"`
	Event     jurat.EventID        `json:"event"`
	Duplicate bool                 `json:"duplicate"`
}

func (v *receiveVerb) Run(ctx context.Context, c *call) error {
	arrival := jurat.Arrival{
		Kind: v.Kind, ReceivedFrom: v.From, ClockOffset: v.ClockOffset, DerivedFrom: v.DerivedFrom,
		Recorded: jurat.Span{From: v.RecordedFrom, To: v.RecordedTo},
	}
	located := arrival
	if v.HeldElsewhere != "" {
		var err error
		if located.System, located.Key, err = pair(v.HeldElsewhere); err != nil {
			return err
		}
	} else if len(v.Files) == 0 {
		return jurat.Errorf(jurat.Invalid, "name the files to receive, or --held-elsewhere SYSTEM:KEY")
	}
	return c.visit(ctx, func(at visit) error {
		if v.HeldElsewhere != "" {
			x, done, err := at.desk.LocateExhibit(ctx, at.who, at.now(), v.Incident, located)
			if err != nil {
				return err
			}
			if err := c.either(received{Incident: v.Incident, Exhibit: x.ID, Event: done.Event}, "%s is held in %s under %s; nothing is preserved there until its holder confirms the flag", x.ID, x.System, x.Key); err != nil {
				return err
			}
		}
		return v.receive(ctx, c, at, arrival)
	})
}

func (v *receiveVerb) receive(ctx context.Context, c *call, at visit, a jurat.Arrival) error {
	failed := 0
	bar := c.gauge("received", sizeOf(v.Files))
	for out := range at.desk.Receive(ctx, at.who, at.now, desk.Receiving{Incident: v.Incident, Arrival: a, Progress: bar.reach}, slices.Values(v.Files)) {
		if out.Err != nil {
			failed++
			c.complain("%s was not received: %s", out.Name, strings.TrimPrefix(out.Err.Error(), out.Name+" was not kept: "))
			continue
		}
		x := out.Exhibit
		note := ""
		if out.Duplicate {
			note = " (the incident has these bytes already)"
		}
		// A line that cannot be printed changes nothing about what is kept.
		_ = c.either(received{v.Incident, x.ID, x.Digest.String(), x.Size, out.Event, out.Duplicate}, "%s  %s  %d bytes  %s%s", x.ID, x.Digest, x.Size, out.Name, note)
	}
	if failed == 0 {
		return nil
	}
	c.complain("%d of %d files were not received", failed, len(v.Files))
	return answer(exitNo)
}

// sizeOf adds up the files there are, for the progress line.
func sizeOf(files []string) (total int64) {
	for _, f := range files {
		if info, err := os.Stat(f); err == nil {
			total += info.Size()
		}
	}
	return total
}
