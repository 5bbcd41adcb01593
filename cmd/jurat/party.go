package main

import (
	"context"

	"jurat"
	"jurat/internal/desk"
)

type partyVerb struct {
	Add   partyAdd   `cmd:"" help:"Add a slot, such as \"Supervisor 1\"."`
	Amend partyAmend `cmd:"" help:"State what is known of a slot anew."`
	Open  partyOpen  `cmd:"" help:"Open a sealed part of an item, with a reason."`
}

// slot is what the command line says of a party.
type slot struct {
	Capacity    string          `required:"" placeholder:"CAPACITY" help:"supervisor_on_scene, officer, injured, witness, complainant, …"`
	Agency      string          `placeholder:"AGENCY" help:"The agency, where one is known."`
	AgencyBasis jurat.Knowledge `placeholder:"HOW" default:"unknown" help:"How the agency is known: ${knowledge}."`
	Masked      jurat.Answer    `default:"unknown" placeholder:"ANSWER" help:"Masked: yes, no or unknown."`
	VisibleID   jurat.Answer    `default:"unknown" name:"visible-id" placeholder:"ANSWER" help:"Visible identification: yes, no or unknown."`
	Name        string          `placeholder:"NAME" help:"Sealed."`
	Badge       string          `placeholder:"BADGE" help:"Sealed."`
	Contact     string          `placeholder:"WORDS" help:"How to reach them; sealed."`
}

func (s slot) called(name string) jurat.Particulars {
	return jurat.Particulars{
		Slot: name, Capacity: s.Capacity, Agency: s.Agency, AgencyBasis: s.AgencyBasis, Masked: s.Masked, VisibleID: s.VisibleID,
		Name: s.Name, Badge: s.Badge, Contact: s.Contact,
	}
}

// party does one act on a party.
func (c *call) party(ctx context.Context, do func(visit) (jurat.Party, desk.Done, error)) error {
	return act(ctx, c, func(p jurat.Party, done desk.Done) error {
		return c.either(map[string]any{"incident": p.ID.Incident(), "party": p.ID, "slot": p.Slot, "event": done.Event}, "%s, %s: %s", p.ID, p.Slot, p.Capacity)
	}, do)
}

type partyAdd struct {
	Slot     string               `arg:"" help:"The slot, such as \"Supervisor 1\"."`
	Incident jurat.IncidentNumber `required:"" short:"i" placeholder:"N" help:"The incident."`
	slot
}

func (partyAdd) Help() string {
	return "Example:\n  jurat party add \"Supervisor 1\" --incident 2026-000001 --capacity supervisor_on_scene --agency other_federal --agency-basis insignia --as officer-4471"
}

func (v *partyAdd) Run(ctx context.Context, c *call) error {
	return c.party(ctx, func(at visit) (jurat.Party, desk.Done, error) {
		return at.desk.AddParty(ctx, at.who, at.now(), v.Incident, v.called(v.Slot))
	})
}

type partyAmend struct {
	Party  jurat.ItemID `arg:"" help:"The party."`
	Slot   string       `required:"" placeholder:"SLOT" help:"The slot, such as \"Supervisor 1\"."`
	Reason string       `required:"" placeholder:"WORDS" help:"Why."`
	slot
}

func (partyAmend) Help() string {
	return "Example:\n  jurat party amend 2026-000001-P1 --slot \"Supervisor 1\" --capacity supervisor_on_scene --agency other_federal --agency-basis document_shown --reason \"a card was shown\" --as officer-4471\n\nWhat was stated before stays on the record. Every field is stated anew."
}

func (v *partyAmend) Run(ctx context.Context, c *call) error {
	return c.party(ctx, func(at visit) (jurat.Party, desk.Done, error) {
		return at.desk.AmendParty(ctx, at.who, at.now(), v.Party, v.called(v.Slot), v.Reason)
	})
}

type partyOpen struct {
	Item   jurat.Item  `arg:"" help:"The item, such as 2026-000001-P1."`
	Class  jurat.Class `default:"identity" placeholder:"CLASS" help:"Which sealed class: ${classes}."`
	Reason string      `required:"" placeholder:"WORDS" help:"Why; it goes on the record."`
}

func (partyOpen) Help() string {
	return "Example:\n  jurat party open 2026-000001-P1 --class identity --reason \"interview on 24 November\" --as detective-2208"
}

func (v *partyOpen) Run(ctx context.Context, c *call) error {
	return c.openSealed(ctx, v.Item, v.Class, v.Reason)
}

// openSealed prints one sealed part of an item, which is on the record by then.
func (c *call) openSealed(ctx context.Context, item jurat.Item, class jurat.Class, reason string) error {
	return c.visit(ctx, func(at visit) error {
		value, err := at.desk.OpenSealed(ctx, at.who, at.now(), item, class, reason)
		if err != nil {
			return err
		}
		return c.object(map[string]any{"item": item.ID, "class": class, "value": value})
	})
}
