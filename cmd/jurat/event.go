package main

import (
	"context"
	"os"
	"strings"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/durable"
)

type eventVerb struct {
	List     eventList     `cmd:"" help:"List the events of an incident, or of the house."`
	Disclose eventDisclose `cmd:"" help:"Disclose single claims of one event, as an SD-JWT."`
}

type eventList struct {
	Incident string `short:"i" placeholder:"N" help:"The incident; the house when not given."`
}

func (eventList) Help() string { return "Example: jurat event list --incident 2026-000001 --json" }

func (v *eventList) Run(ctx context.Context, c *call) error {
	var in jurat.IncidentNumber
	if v.Incident != "" {
		var err error
		if in, err = jurat.ParseIncidentNumber(v.Incident); err != nil {
			return err
		}
	}
	return c.at(ctx, func(h *house, who desk.Caller) error {
		events, err := h.desk.Events(ctx, who, c.now(), in)
		if err != nil {
			return err
		}
		for _, e := range events {
			by, signed := string(e.Actor.Person), "asserted by the record's keeper"
			if by == "" {
				by = "the local " + string(e.Actor.Via)
			}
			if e.Signed {
				signed = "signed"
			}
			if err := c.either(e, "%s  %-22s %-20s %-18s %s", e.At.Local().Format("2006-01-02 15:04:05"), e.Act, e.Item.ID, by, signed); err != nil {
				return err
			}
		}
		return nil
	})
}

type eventDisclose struct {
	Event string   `arg:"" help:"The event's id."`
	Claim []string `default:"id,at,act,incident,incident_seq,incident_prev" placeholder:"CLAIM" help:"Claims to disclose: ${claims}."`
	Proof string   `placeholder:"FILE" help:"Also write the proof that the leaf is in the ledger."`
}

func (eventDisclose) Help() string {
	return "Example: jurat event disclose 0192f0c0-… --claim act,at --proof event.tlog-proof\n\nAny SD-JWT library can check what is printed; the proof ties its leaf to a signed checkpoint."
}

func (v *eventDisclose) Run(ctx context.Context, c *call) error {
	var claims []format.Claim
	for _, name := range v.Claim {
		claims = append(claims, format.Claim(strings.TrimSpace(name)))
	}
	return c.at(ctx, func(h *house, who desk.Caller) error {
		text, proof, err := h.desk.Disclose(ctx, who, c.now(), jurat.EventID(v.Event), claims)
		if err != nil {
			return err
		}
		if v.Proof != "" {
			if _, err := os.Lstat(v.Proof); err == nil {
				return jurat.Errorf(jurat.Conflict, "%s exists; it was not touched", v.Proof)
			}
			if err := durable.WriteFile(v.Proof, proof, 0o644); err != nil {
				return err
			}
		}
		return c.either(map[string]string{"event": v.Event, "sd_jwt": text, "proof": string(proof)}, "%s", text)
	})
}
