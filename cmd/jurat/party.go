package main

import (
	"context"

	"jurat"
	"jurat/internal/desk"
)

type partyVerb struct {
	Add  partyAdd  `cmd:"" help:"Add a slot, such as \"Supervisor 1\"."`
	Open partyOpen `cmd:"" help:"Open a sealed part of an item, with a reason."`
}

type partyAdd struct {
	Slot        string `arg:"" help:"The slot, such as \"Supervisor 1\"."`
	Incident    string `required:"" short:"i" placeholder:"N" help:"The incident."`
	Capacity    string `required:"" placeholder:"CAPACITY" help:"supervisor_on_scene, officer, injured, witness, complainant, …"`
	Agency      string `placeholder:"AGENCY" help:"The agency, where one is known."`
	AgencyBasis string `placeholder:"HOW" default:"unknown" help:"How the agency is known: ${knowledge}."`
	Masked      string `default:"unknown" placeholder:"ANSWER" help:"Masked: yes, no or unknown."`
	VisibleID   string `default:"unknown" name:"visible-id" placeholder:"ANSWER" help:"Visible identification: yes, no or unknown."`
	Name        string `placeholder:"NAME" help:"Sealed."`
	Badge       string `placeholder:"BADGE" help:"Sealed."`
	Contact     string `placeholder:"WORDS" help:"How to reach them; sealed."`
}

func (partyAdd) Help() string {
	return "Example: jurat party add \"Supervisor 1\" --incident 2026-000001 --capacity supervisor_on_scene --agency federal_agency --agency-basis insignia --as officer-4471"
}

func (v *partyAdd) Run(ctx context.Context, c *call) error {
	in, err := jurat.ParseIncidentNumber(v.Incident)
	if err != nil {
		return err
	}
	return c.at(ctx, func(h *house, who desk.Caller) error {
		p, done, err := h.desk.AddParty(ctx, who, c.now(), in, jurat.Particulars{
			Slot: v.Slot, Capacity: v.Capacity, Agency: v.Agency, AgencyBasis: jurat.Knowledge(v.AgencyBasis), Masked: jurat.Answer(v.Masked), VisibleID: jurat.Answer(v.VisibleID),
			Name: v.Name, Badge: v.Badge, Contact: v.Contact,
		})
		if err != nil {
			return err
		}
		return c.either(map[string]any{"incident": in, "party": p.ID, "event": done.Event}, "added %s as %s", p.Slot, p.ID)
	})
}

type partyOpen struct {
	Item   string `arg:"" help:"The item, such as 2026-000001-P1."`
	Class  string `default:"identity" placeholder:"CLASS" help:"Which sealed class: ${classes}."`
	Reason string `required:"" placeholder:"WORDS" help:"Why; it goes on the record."`
}

func (partyOpen) Help() string {
	return "Example: jurat party open 2026-000001-P1 --class identity --reason \"interview on 24 November\" --as detective-2208"
}

func (v *partyOpen) Run(ctx context.Context, c *call) error {
	class, err := jurat.ParseClass(v.Class)
	if err != nil {
		return err
	}
	item, err := itemOf(v.Item)
	if err != nil {
		return err
	}
	return c.at(ctx, func(h *house, who desk.Caller) error {
		value, err := h.desk.OpenSealed(ctx, who, c.now(), item, class, v.Reason)
		if err != nil {
			return err
		}
		return c.object(map[string]any{"item": item.ID, "class": class, "value": value})
	})
}

// itemOf finds out which noun a number is of.
func itemOf(s string) (jurat.Item, error) {
	if _, err := jurat.ParseIncidentNumber(s); err == nil {
		return jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(s)}, nil
	}
	for _, noun := range []jurat.Noun{
		jurat.NounRecord, jurat.NounExhibit, jurat.NounAllegation, jurat.NounAccount, jurat.NounParty, jurat.NounFlag, jurat.NounHold, jurat.NounReferral, jurat.NounDossier, jurat.NounContact,
	} {
		if id, err := jurat.ParseItemID(noun, s); err == nil {
			return jurat.Item{Noun: noun, ID: id}, nil
		}
	}
	return jurat.Item{}, jurat.Errorf(jurat.Invalid, "%q names nothing here: want a number such as 2026-000001-E1", s)
}
