package desktest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// Opened opens an incident and gives its number.
func (r *Record) Opened(t testing.TB) jurat.IncidentNumber {
	t.Helper()
	in, _, err := r.OpenIncident(t.Context(), r.As("officer-4471"), Noon, jurat.Opening{
		Title: "Vehicle stop", Trigger: "reported_to_officer", EventNumber: "26-327-0144",
		FirstKnowledge: Noon.Add(-40 * time.Minute), Place: jurat.Place{District: "10", InsideCity: jurat.Yes},
	})
	check(t, err)
	return in.Number
}

// Files lays files out, each with the content given, and gives their paths.
func Files(t testing.TB, contents ...string) []string {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for i, content := range contents {
		path := filepath.Join(dir, fmt.Sprintf("clip-%d.mp4", i+1))
		check(t, os.WriteFile(path, []byte(content), 0o600))
		paths = append(paths, path)
	}
	return paths
}

// Received receives files with the contents given as body-camera footage.
func (r *Record) Received(t testing.TB, at time.Time, in jurat.IncidentNumber, contents ...string) []jurat.Exhibit {
	t.Helper()
	var all []jurat.Exhibit
	for out := range r.Receive(t.Context(), r.As("evidence-7"), func() time.Time { return at }, desk.Receiving{Incident: in, Arrival: jurat.Arrival{Kind: "bwc"}}, slices.Values(Files(t, contents...))) {
		check(t, out.Err)
		all = append(all, out.Exhibit)
	}
	return all
}

// Added adds a record of a type with its fields, and its author submits it.
func (r *Record) Added(t testing.TB, by jurat.PersonID, in jurat.IncidentNumber, typ jurat.RecordType, fields map[string]any) jurat.Record {
	t.Helper()
	text, err := json.Marshal(fields)
	check(t, err)
	rec, _, err := r.AddRecord(t.Context(), r.As(by), Noon, in, desk.Words{Type: typ, Fields: text})
	check(t, err)
	rec, _, err = r.SubmitRecord(t.Context(), r.As(by), Noon, rec.ID)
	check(t, err)
	return rec
}

// Report is a complete report of an alleged violation.
func Report() map[string]any {
	return map[string]any{
		"narrative":         "A resident reported a vehicle stop. On arrival I saw Supervisor 1 holding the arm of Injured 1.",
		"violation_alleged": "yes", "anyone_injured": "yes", "viewed_footage": "no", "witnesses_canvassed": "done", "private_video_asked": "done",
	}
}

// Complete fills an incident with all the Chicago order asks before it may be
// referred: exhibit E1, parties P1 and P2, accounts S1 to S3, records R1 to R5
// approved, allegation A1 weighed.
func (r *Record) Complete(t testing.TB, in jurat.IncidentNumber) {
	t.Helper()
	item := func(short string) jurat.ItemID { return jurat.ItemID(string(in) + "-" + short) }
	ctx, officer, detective, supervisor := t.Context(), r.As("officer-4471"), r.As("detective-2208"), r.As("supervisor-1102")
	for _, p := range []jurat.Particulars{
		{Slot: "Supervisor 1", Capacity: "supervisor_on_scene", Agency: "other_federal", AgencyBasis: jurat.KnownInsignia, Name: "a name under seal"},
		{Slot: "Injured 1", Capacity: "injured", Contact: "through counsel"},
	} {
		_, _, err := r.AddParty(ctx, officer, Noon, in, p)
		check(t, err)
	}
	r.Received(t, Noon, in, "a film of "+string(in))
	_, _, err := r.AddFlag(ctx, supervisor, Noon, item("E1"), []string{"evidentiary_value"})
	check(t, err)
	r.Added(t, "officer-4471", in, "activity", map[string]any{
		"activity_kinds": []string{"vehicle_stop"}, "agencies": []string{"other_federal"}, "agency_basis": "insignia", "warrant_shown": "unknown",
		"force_seen": []string{"hands"}, "member_actions": []string{"observed_only"},
	})
	r.Added(t, "officer-4471", in, jurat.TypeIdentification, map[string]any{
		"asked_at": Noon.Add(-30 * time.Minute).Format(time.RFC3339), "asked_whom": "Supervisor 1", "role_asked": "supervisor_on_scene", "question": "Your name and badge number?",
		"outcome": "no_answer", "credential_shown": "no", "recording": "yes", "exhibit": item("E1"),
	})
	r.Added(t, "officer-4471", in, jurat.TypeEMS, map[string]any{
		"injured_party": "Injured 1", "known_at": Noon.Add(-35 * time.Minute).Format(time.RFC3339), "called_at": Noon.Add(-34 * time.Minute).Format(time.RFC3339),
		"event_number": "EMS 8801", "access_blocked": "no", "declined_care": "unknown", "condition": "a scraped hand, as seen", "condition_source": "seen",
	})
	r.Added(t, "officer-4471", in, jurat.TypeForce, map[string]any{
		"by": "federal", "party": "Supervisor 1", "agency": "other_federal", "kinds": []string{"hands"}, "death_or_great_harm": "no",
		"description": "Supervisor 1 is reported to have taken hold of Injured 1 by the arm.", "reason_stated": "not stated at the scene",
	})
	r.Added(t, "officer-4471", in, jurat.TypeReport, Report())
	for _, a := range []struct {
		side  string
		party jurat.ItemID
		text  string
	}{
		{"complainant", item("P2"), "I was standing still when my arm was taken."},
		{"agency_spokesperson", "", "The officer acted in the course of a lawful stop."},
		{"agency_officer", item("P1"), ""},
	} {
		acc, _, err := r.OpenAccount(ctx, detective, Noon, in, a.side, a.party, "letter")
		check(t, err)
		if a.text == "" {
			_, _, err = r.NoAnswer(ctx, detective, Noon, acc.ID)
		} else {
			_, _, err = r.GiveAccount(ctx, detective, Noon, acc.ID, jurat.Statement{Text: a.text, Verbatim: jurat.Yes})
		}
		check(t, err)
	}
	r.Alleged(t, in, item("P1"), item("E1"))
	for _, short := range []string{"R1", "R2", "R3", "R4", "R5"} {
		_, _, err := r.ApproveRecord(ctx, supervisor, Noon, item(short))
		check(t, err)
	}
}

// Alleged alleges battery by a party, with each element weighed against one
// exhibit.
func (r *Record) Alleged(t testing.TB, in jurat.IncidentNumber, party, exhibit jurat.ItemID) jurat.Allegation {
	t.Helper()
	a, _, err := r.AddAllegation(t.Context(), r.As("detective-2208"), Noon, in, "battery", "federal", party)
	check(t, err)
	film := []jurat.Evidence{{Item: jurat.Item{Noun: jurat.NounExhibit, ID: exhibit}, Note: "as seen on the film"}}
	for _, e := range a.Elements {
		a, _, err = r.WeighAllegation(t.Context(), r.As("detective-2208"), Noon, a.ID, desk.Weight{Element: e.ID, For: film, NoneKnown: true})
		check(t, err)
	}
	return a
}

// Prepared prepares a referral of the incident's first allegation, and attests
// that there was no contact with a political office.
func (r *Record) Prepared(t testing.TB, in jurat.IncidentNumber) jurat.Referral {
	t.Helper()
	ref, _, err := r.PrepareReferral(t.Context(), r.As("detective-2208"), Noon, in, desk.Referring{
		To: "county-prosecutor", Allegations: []jurat.ItemID{jurat.ItemID(string(in) + "-A1")}, Scope: "force", Reason: "each element has evidence stated on both sides",
	})
	check(t, err)
	ref, _, err = r.NotifyReferral(t.Context(), r.As("detective-2208"), Noon, ref.ID, "telephone, the review desk")
	check(t, err)
	ref, _, err = r.AttestReferral(t.Context(), r.As("detective-2208"), Noon, ref.ID, true)
	check(t, err)
	return ref
}

// Approved is a complete incident with a referral that two sworn people decided
// on.
func (r *Record) Approved(t testing.TB) jurat.Referral {
	t.Helper()
	in := r.Opened(t)
	r.Complete(t, in)
	ref := r.Prepared(t, in)
	ref, _, err := r.ApproveReferral(t.Context(), r.As("supervisor-1102"), Noon, ref.ID)
	check(t, err)
	return ref
}

// Send sends the next dossier of a referral encrypted, and gives the paths of
// the ZIP and of what was encrypted.
func (r *Record) Send(t testing.TB, id jurat.ItemID, at time.Time) (zip, sealed string) {
	t.Helper()
	out, enc := Empty(t), Empty(t)
	_, _, err := r.SendReferral(t.Context(), r.As("detective-2208"), at, id, desk.Sending{Out: out, Encrypted: enc})
	check(t, err)
	return out.Name(), enc.Name()
}

// Empty is an empty file, open until the test ends.
func Empty(t testing.TB) *os.File {
	t.Helper()
	f, err := os.CreateTemp(t.TempDir(), "dossier-*.zip")
	check(t, err)
	t.Cleanup(func() { f.Close() })
	return f
}
