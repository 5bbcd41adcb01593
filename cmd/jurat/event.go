package main

import (
	"context"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/register"
)

type eventVerb struct {
	List     eventList     `cmd:"" help:"List the events of an incident, or of the house."`
	Disclose eventDisclose `cmd:"" help:"Disclose single claims of one event, as an SD-JWT."`
	Journal  eventJournal  `cmd:"" help:"List the security journal: refused attempts, lists, searches."`
}

type eventList struct {
	Incident jurat.IncidentNumber `short:"i" placeholder:"N" help:"The incident; the house when not given."`
}

func (eventList) Help() string { return "Example:\n  jurat event list --incident 2026-000001 --json" }

func (v *eventList) Run(ctx context.Context, c *call) error {
	return list(ctx, c, func(e desk.Said) error {
		by, signed := string(e.Actor.Person), "asserted by the record's keeper"
		if by == "" {
			by = "the local " + string(e.Actor.Via)
		}
		if e.Signed {
			signed = "signed"
		}
		return c.either(e, "%s  %s  %-22s %-20s %-18s %s", e.ID, e.At.Local().Format("2006-01-02 15:04:05"), e.Act, e.Item.ID, by, signed)
	}, func(at visit) ([]desk.Said, error) {
		return at.desk.Events(ctx, at.who, at.now(), v.Incident)
	})
}

type eventDisclose struct {
	Event jurat.EventID  `arg:"" help:"The event's id."`
	Claim []format.Claim `default:"id,at,act,incident,incident_seq,incident_prev" placeholder:"CLAIM" help:"Claims to disclose: ${claims}."`
	Proof string         `placeholder:"FILE" help:"Also write the proof that the leaf is in the ledger."`
}

func (eventDisclose) Help() string {
	return "Example:\n  jurat event disclose 0192f0c0-7d8e-7c2a-9a53-5a1b3c4d5e6f --claim act,at --proof event.tlog-proof\n\nAny SD-JWT library can check what is printed; the proof ties its leaf to a signed checkpoint."
}

func (v *eventDisclose) Run(ctx context.Context, c *call) error {
	return c.visit(ctx, func(at visit) error {
		// What waits for a place in the ledger gets one first.
		if err := at.desk.Publish(ctx); err != nil {
			return err
		}
		text, proof, err := at.desk.Disclose(ctx, at.who, at.now(), v.Event, v.Claim)
		if err != nil {
			return err
		}
		if v.Proof != "" {
			f, err := create(v.Proof, 0o644)
			if err != nil {
				return err
			}
			defer f.leave()
			if err := f.write(proof); err != nil {
				return err
			}
		}
		return c.either(struct {
			Event jurat.EventID `json:"event"`
			Token string        `json:"sd_jwt"`
			Proof string        `json:"proof"`
		}{v.Event, text, string(proof)}, "%s", text)
	})
}

type eventJournal struct {
	After int64 `default:"0" placeholder:"LINE" help:"Begin after this line."`
	Limit int   `default:"1000" placeholder:"N" help:"At most so many."`
}

func (eventJournal) Help() string {
	return "Example:\n  jurat event journal --as auditor-1\n\nEvery hour a digest of the journal enters the ledger."
}

func (v *eventJournal) Run(ctx context.Context, c *call) error {
	return list(ctx, c, func(r register.JournalRow) error {
		return c.either(r, "%6d  %s  %-8s %-18s %-12s %s", r.N, r.At.Local().Format("2006-01-02 15:04:05"), r.Kind, stated(string(r.Person)), r.Incident, r.Detail)
	}, func(at visit) ([]register.JournalRow, error) {
		return at.desk.Journal(ctx, at.who, at.now(), v.After, v.Limit)
	})
}
