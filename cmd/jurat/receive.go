package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"jurat"
	"jurat/internal/desk"
)

type receiveVerb struct {
	Files         []string `arg:"" optional:"" name:"file" help:"Files of any content."`
	Incident      string   `required:"" short:"i" placeholder:"N" help:"The incident."`
	Kind          string   `default:"document" placeholder:"KIND" help:"bwc, photo, dispatch_audio, …"`
	HeldElsewhere string   `placeholder:"SYSTEM:KEY" help:"The item is held in another system; a file given too is kept here as a copy."`
	From          string   `placeholder:"WORDS" help:"From whom, as a role or a slot."`
	RecordedFrom  string   `placeholder:"TIME" help:"When the recording begins, by the device's clock."`
	RecordedTo    string   `placeholder:"TIME" help:"When it ends."`
	ClockOffset   *int     `placeholder:"SECONDS" help:"How far the device's clock was ahead."`
	DerivedFrom   string   `placeholder:"EXHIBIT" help:"The exhibit it was made from."`
}

func (receiveVerb) Help() string {
	return "Examples:\n  jurat receive --incident 2026-000001 --kind bwc clip.mp4\n  jurat receive --incident 2026-000001 --kind photo *.jpg --json\n  jurat receive --incident 2026-000001 --kind bwc --held-elsewhere \"Video store:BWC-77\"\n\n" +
		"Each line is printed once the exhibit is durable and on the record, never before. A file that cannot be received is named; the rest goes on (exit 3)."
}

// receipt is one line of --json.
type received struct {
	Incident  jurat.IncidentNumber `json:"incident"`
	Exhibit   jurat.ItemID         `json:"exhibit"`
	Digest    string               `json:"digest"`
	Size      int64                `json:"size"`
	Event     jurat.EventID        `json:"event"`
	Duplicate bool                 `json:"duplicate"`
}

func (v *receiveVerb) Run(ctx context.Context, c *call) error {
	in, err := jurat.ParseIncidentNumber(v.Incident)
	if err != nil {
		return err
	}
	arrival, err := v.arrival()
	if err != nil {
		return err
	}
	if len(v.Files) == 0 && v.HeldElsewhere == "" {
		return jurat.Errorf(jurat.Invalid, "name the files to receive, or --held-elsewhere SYSTEM:KEY")
	}
	return c.at(ctx, func(h *house, who desk.Caller) error {
		failed := 0
		if v.HeldElsewhere != "" {
			if err := v.locate(ctx, c, h, who, in, arrival); err != nil {
				return err
			}
		}
		if len(v.Files) > 0 {
			failed = v.receive(ctx, c, h, who, in, arrival)
		}
		if failed > 0 {
			fmt.Fprintf(c.stderr, "jurat: %d of %d files were not received\n", failed, len(v.Files))
			return answer(exitNo)
		}
		return nil
	})
}

func (v *receiveVerb) arrival() (jurat.Arrival, error) {
	a := jurat.Arrival{Kind: v.Kind, ReceivedFrom: v.From, ClockOffset: v.ClockOffset, DerivedFrom: jurat.ItemID(v.DerivedFrom)}
	var err error
	if a.Recorded.From, err = moment(v.RecordedFrom); err != nil {
		return a, err
	}
	a.Recorded.To, err = moment(v.RecordedTo)
	return a, err
}

func (v *receiveVerb) locate(ctx context.Context, c *call, h *house, who desk.Caller, in jurat.IncidentNumber, a jurat.Arrival) error {
	system, key, ok := strings.Cut(v.HeldElsewhere, ":")
	if !ok {
		return jurat.Errorf(jurat.Invalid, "--held-elsewhere %q: want SYSTEM:KEY", v.HeldElsewhere)
	}
	a.System, a.Key = system, key
	x, done, err := h.desk.LocateExhibit(ctx, who, c.now(), in, a)
	if err != nil {
		return err
	}
	return c.either(received{Incident: in, Exhibit: x.ID, Event: done.Event}, "%s is held in %s under %s; nothing is preserved there until its holder confirms the flag", x.ID, system, key)
}

func (v *receiveVerb) receive(ctx context.Context, c *call, h *house, who desk.Caller, in jurat.IncidentNumber, a jurat.Arrival) (failed int) {
	now := func() time.Time { return c.now() }
	for out := range h.desk.Receive(ctx, who, now, desk.Receiving{Incident: in, Arrival: a, Progress: c.progress("received", sizeOf(v.Files))}, slices.Values(v.Files)) {
		if out.Err != nil {
			failed++
			fmt.Fprintf(c.stderr, "jurat: %s: %v\n", out.Name, out.Err)
			continue
		}
		x := out.Exhibit
		note := ""
		if out.Duplicate {
			note = " (the incident has these bytes already)"
		}
		// A line that cannot be printed changes nothing about what is kept.
		_ = c.either(received{in, x.ID, x.Digest.String(), x.Size, out.Event, out.Duplicate}, "%s  %s  %d bytes  %s%s", x.ID, x.Digest, x.Size, out.Name, note)
	}
	return failed
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
