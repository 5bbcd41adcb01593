package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"jurat"
	demomedia "jurat/cmd/jurat/demo/media"
	"jurat/internal/desk"
	"jurat/orders"
)

func (p *play) order() error {
	text, err := orders.Read(orders.Chicago)
	if err != nil {
		return err
	}
	o, _, err := p.city.desk.AdoptOrder(p.ctx, desk.Caller{}, p.now(), orders.Chicago, text)
	if err != nil {
		return err
	}
	// The administrator comes last: from here on the house is theirs.
	if err := p.join(member{p.city, "city-police", "administrator-2", jurat.RoleAdmin, false, false}, desk.Caller{}); err != nil {
		return err
	}
	p.act("The city adopts %s; every event from here on names this version of it.", o.Title)
	return nil
}

// report opens the incident: what was reported, not what is so.
func (p *play) report() error {
	in, _, err := p.city.desk.OpenIncident(p.ctx, p.as("officer-4471"), p.now(), jurat.Opening{
		Title: "Vehicle stop by persons stated to be federal officers", Trigger: "reported_to_officer", EventNumber: "26-327-0144",
		FirstKnowledge: p.now().Add(-40 * time.Minute), Occurred: jurat.Span{From: p.now().Add(-50 * time.Minute), To: p.now().Add(-30 * time.Minute), Precision: "approx"},
		Place: jurat.Place{Description: "a commercial street, 10th district", District: "10", InsideCity: jurat.Yes}, Address: "an exact address, sealed",
	})
	if err != nil {
		return err
	}
	p.incident = in.Number
	p.act("Officer 4471 opens incident %s: a vehicle stop reported by a resident.", in.Number)
	for _, who := range []jurat.Particulars{
		{Slot: "Supervisor 1", Capacity: "supervisor_on_scene", Agency: "other_federal", AgencyBasis: jurat.KnownInsignia, Masked: jurat.Yes, VisibleID: jurat.No},
		{Slot: "Injured 1", Capacity: "injured", Contact: "through counsel"},
	} {
		if _, _, err := p.city.desk.AddParty(p.ctx, p.as("officer-4471"), p.now(), p.incident, who); err != nil {
			return err
		}
	}
	p.act("Persons are slots: Supervisor 1, whose agency is known by insignia, and Injured 1. Who they are would be sealed.")
	return nil
}

// footage receives the media made for the demonstration.
func (p *play) footage() error {
	folder, err := os.MkdirTemp("", "jurat-media-")
	if err != nil {
		return jurat.Because(jurat.Unavailable, err, "lay the media out")
	}
	defer os.RemoveAll(folder)
	for _, set := range []struct {
		kind  string
		files []string
	}{
		{"bwc", []string{demomedia.BodyCamera1}}, {"photo", []string{demomedia.Photo1, demomedia.Photo2}}, {"dispatch_audio", []string{demomedia.Dispatch}},
	} {
		if err := p.receive(folder, set.kind, set.files...); err != nil {
			return err
		}
	}
	p.act("Evidence-7 receives one body-camera film, two photographs and the dispatch call: hashed, encrypted and on the disk before they are on the record.")
	x, _, err := p.city.desk.LocateExhibit(p.ctx, p.as("evidence-7"), p.now(), p.incident, jurat.Arrival{Kind: "bwc", System: "Video store", Key: "BWC-77-0912"})
	if err != nil {
		return err
	}
	p.act("A second officer's film is held elsewhere, in the video store under BWC-77-0912; nothing is preserved there until its holder says so (%s).", x.ID)
	if _, _, err := p.city.desk.AddFlag(p.ctx, p.as("supervisor-1102"), p.now(), p.item("E1"), []string{"evidentiary_value"}); err != nil {
		return err
	}
	if _, _, err := p.city.desk.AddFlag(p.ctx, p.as("supervisor-1102"), p.now(), x.ID, []string{"evidentiary_value"}); err != nil {
		return err
	}
	if _, _, err := p.city.desk.ConfirmExhibit(p.ctx, p.as("evidence-7"), p.now(), x.ID, "video unit, by telephone"); err != nil {
		return err
	}
	p.act("Supervisor 1102 flags both films with a ground, and the video unit confirms the flag there: the 90 days no longer run.")
	return nil
}

func (p *play) receive(folder, kind string, names ...string) error {
	var paths []string
	for _, name := range names {
		data, err := demomedia.Files.ReadFile(name)
		if err != nil {
			return err
		}
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			return jurat.Because(jurat.Unavailable, err, "lay the media out")
		}
		paths = append(paths, path)
	}
	for out := range p.city.desk.Receive(p.ctx, p.as("evidence-7"), p.now, desk.Receiving{Incident: p.incident, Arrival: jurat.Arrival{Kind: kind}}, slices.Values(paths)) {
		if out.Err != nil {
			return out.Err
		}
	}
	return nil
}

// item names an item of the incident, such as E1.
func (p *play) item(short string) jurat.ItemID { return jurat.ItemID(string(p.incident) + "-" + short) }

func (p *play) record(by jurat.PersonID, in jurat.IncidentNumber, typ jurat.RecordType, fields any) (jurat.Record, error) {
	text, err := json.Marshal(fields)
	if err != nil {
		return jurat.Record{}, err
	}
	r, _, err := p.city.desk.AddRecord(p.ctx, p.as(by), p.now(), in, desk.Words{Type: typ, Fields: text})
	if err != nil {
		return r, err
	}
	r, _, err = p.city.desk.SubmitRecord(p.ctx, p.as(by), p.now(), r.ID)
	return r, err
}

func (p *play) identification() error {
	_, err := p.record("officer-4471", p.incident, "activity", map[string]any{
		"activity_kinds": []string{"vehicle_stop"}, "agencies": []string{"other_federal"}, "agency_basis": "insignia", "warrant_shown": "not_asked",
		"force_seen": []string{"hands"}, "member_actions": []string{"observed_only", "recorded"},
	})
	if err != nil {
		return err
	}
	_, err = p.record("officer-4471", p.incident, jurat.TypeIdentification, map[string]any{
		"asked_whom": "Supervisor 1", "role_asked": "supervisor_on_scene", "question": "Who is in charge here, and may I have your name and badge number?",
		"outcome": "no_answer", "credential_shown": "no", "recording": "yes", "exhibit": p.item("E1"), "offset_from_s": 2, "offset_to_s": 4,
	})
	if err != nil {
		return err
	}
	p.act("Officer 4471 asked Supervisor 1 for a name and badge on camera and got no answer. No answer is recorded as no answer; it is not a refusal.")
	_, err = p.record("officer-4471", p.incident, "ems_call", map[string]any{
		"injured_party": "Injured 1", "known_at": p.now().Add(-35 * time.Minute).UTC().Format(time.RFC3339), "called_at": p.now().Add(-34 * time.Minute).UTC().Format(time.RFC3339),
		"event_number": "26-327-0151", "access_blocked": "no", "declined_care": "unknown", "condition": "a scraped hand, as seen", "condition_source": "seen",
	})
	if err != nil {
		return err
	}
	p.act("An ambulance was called a minute after the injury was known; what was seen of it is sealed as health.")
	return nil
}

func (p *play) writing() error {
	_, err := p.record("officer-4471", p.incident, jurat.TypeForce, map[string]any{
		"by": "federal", "party": "Supervisor 1", "agency": "other_federal", "kinds": []string{"hands"}, "death_or_great_harm": "no",
		"description": "Supervisor 1 is reported to have taken hold of Injured 1 by the arm.", "reason_stated": "not stated at the scene",
	})
	if err != nil {
		return err
	}
	r, err := p.record("officer-4471", p.incident, jurat.TypeReport, map[string]any{
		"narrative": "A resident reported a vehicle stop. On arrival I saw Supervisor 1 holding the arm of Injured 1.", "violation_alleged": "yes", "anyone_injured": "yes",
		"viewed_footage": "no", "witnesses_canvassed": "done", "private_video_asked": "not_done",
	})
	if err != nil {
		return err
	}
	p.act("Officer 4471 signs the report (%s): what was reported and what was seen, each as such.", r.ID)
	_, _, err = p.city.desk.ReturnRecord(p.ctx, p.as("supervisor-1102"), p.now(), r.ID, "name the second camera")
	if err != nil {
		return err
	}
	fields := []byte(`{"narrative":"A resident reported a vehicle stop. On arrival I saw Supervisor 1 holding the arm of Injured 1. A second officer's camera also recorded.","violation_alleged":"yes","anyone_injured":"yes","viewed_footage":"no","witnesses_canvassed":"done","private_video_asked":"done"}`)
	if _, _, err := p.city.desk.AmendRecord(p.ctx, p.as("officer-4471"), p.now(), r.ID, fields, "second camera named, private video asked for"); err != nil {
		return err
	}
	if _, _, err := p.city.desk.SubmitRecord(p.ctx, p.as("officer-4471"), p.now(), r.ID); err != nil {
		return err
	}
	p.act("Supervisor 1102 returns it with a reason, and the officer signs a second version; both texts stay on the record.")
	return nil
}

// accounts records every side's account, at equal rank.
func (p *play) accounts() error {
	d := p.city.desk
	by := p.as("detective-2208")
	given := func(side, party, how string, s jurat.Statement) error {
		a, _, err := d.OpenAccount(p.ctx, by, p.now(), p.incident, side, jurat.ItemID(party), how)
		if err == nil {
			_, _, err = d.GiveAccount(p.ctx, by, p.now(), a.ID, s)
		}
		return err
	}
	if err := given("complainant", string(p.item("P2")), "in person", jurat.Statement{
		Text: "I was standing still when my arm was taken.", Verbatim: jurat.Yes, Language: "en", Source: "stated to Detective 2208",
	}); err != nil {
		return err
	}
	if err := given("agency_spokesperson", "", "letter", jurat.Statement{
		Text: "The officer acted in the course of a lawful stop after the person reached toward the vehicle.", Verbatim: jurat.Yes, Language: "en", Source: "written reply of the agency",
	}); err != nil {
		return err
	}
	a, _, err := d.OpenAccount(p.ctx, by, p.now(), p.incident, "agency_officer", p.item("P1"), "through the agency")
	if err != nil {
		return err
	}
	if _, _, err := d.NoAnswer(p.ctx, by, p.now(), a.ID); err != nil {
		return err
	}
	p.act("Every side is asked. The resident's account, the agency's own account and the officer's silence stand at equal rank.")
	return nil
}

func (p *play) allegation() error {
	d, by := p.city.desk, p.as("detective-2208")
	a, _, err := d.AddAllegation(p.ctx, by, p.now(), p.incident, "battery", "federal", p.item("P1"))
	if err != nil {
		return err
	}
	film := func(from, to int) []jurat.Evidence {
		return []jurat.Evidence{{Item: jurat.Item{Noun: jurat.NounExhibit, ID: p.item("E1")}, Note: "as seen on the film", From: &from, To: &to}}
	}
	agency := []jurat.Evidence{{Item: jurat.Item{Noun: jurat.NounAccount, ID: p.item("S2")}, Note: "states a lawful stop"}}
	for _, w := range []desk.Weight{
		{Element: "knowingly", For: film(2, 4), NoneKnown: true},
		{Element: "no-justification", For: []jurat.Evidence{{Item: jurat.Item{Noun: jurat.NounAccount, ID: p.item("S1")}, Note: "states that nothing preceded it"}}, Against: agency},
		{Element: "harm-or-contact", For: film(3, 5), NoneKnown: true},
	} {
		if _, _, err := d.WeighAllegation(p.ctx, by, p.now(), a.ID, w); err != nil {
			return err
		}
	}
	p.act("Detective 2208 enters one allegation (%s) by its elements; one element is contradicted by the agency's account, and that is on the record beside what speaks for it.", a.Cite)
	return nil
}

// approval is by somebody else than the author.
func (p *play) approval() error {
	v, err := p.city.desk.Show(p.ctx, p.as("supervisor-1102"), p.now(), p.incident)
	if err != nil {
		return err
	}
	for _, r := range v.Records {
		if r.Value.Type == jurat.TypeReport {
			_, _, err := p.city.desk.ApproveRecord(p.ctx, p.as("officer-4471"), p.now(), r.Value.ID)
			if !errors.Is(err, jurat.Forbidden) {
				return fmt.Errorf("the author's own approval was not refused: %v", err)
			}
		}
		if _, _, err := p.city.desk.ApproveRecord(p.ctx, p.as("supervisor-1102"), p.now(), r.Value.ID); err != nil {
			return err
		}
	}
	p.act("The author's attempt to approve is refused; Supervisor 1102, a second person, approves under signature.")
	return nil
}

// quietIncident is complete without any allegation (INC-2).
func (p *play) quietIncident() error {
	in, _, err := p.city.desk.OpenIncident(p.ctx, p.as("officer-4471"), p.now(), jurat.Opening{
		Title: "Federal vehicles parked near a courthouse", Trigger: "observed", EventNumber: "26-327-0191", Place: jurat.Place{District: "1", InsideCity: jurat.Yes},
	})
	if err != nil {
		return err
	}
	for _, r := range []struct {
		typ    jurat.RecordType
		fields map[string]any
	}{
		{"activity", map[string]any{"activity_kinds": []string{"staging"}, "warrant_shown": "not_asked", "force_seen": []string{"none_observed"}, "member_actions": []string{"observed_only"}}},
		{jurat.TypeIdentification, map[string]any{"outcome": "no_supervisor_present", "recording": "no"}},
		{"footage_gap", map[string]any{"why_missing": "battery"}},
	} {
		if _, err := p.record("officer-4471", in.Number, r.typ, r.fields); err != nil {
			return err
		}
	}
	v, err := p.city.desk.Show(p.ctx, p.as("supervisor-1102"), p.now(), in.Number)
	if err != nil {
		return err
	}
	for _, d := range v.Duties {
		if d.Open() {
			return fmt.Errorf("the second incident still owes %s", d.ID)
		}
	}
	p.act("A second incident, %s, has no allegation at all: documenting activity alleges nothing, nothing more is owed, and it counts as complete.", in.Number)
	return nil
}

// politicalOffice is the wall of REF-1.
func (p *play) politicalOffice() error {
	_, err := p.city.desk.Show(p.ctx, p.as("aide-1"), p.now(), p.incident)
	_, stranger := p.city.desk.Show(p.ctx, p.as("aide-1"), p.now(), "2026-999999")
	if !errors.Is(err, jurat.NotFound) || !errors.Is(stranger, jurat.NotFound) {
		return fmt.Errorf("the political office was not refused as a stranger is: %v; %v", err, stranger)
	}
	p.act("The aide of the mayor's office asks for incident %s and is told what a stranger is told: %v. The attempt is in the security journal.", p.incident, err)
	return nil
}
