package desk_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/order"
	"jurat/orders"
)

// OWN-4: a complaint about the office's own people is taken in by anybody, and
// closed to whom it may be about: for them it is not there.
func TestAComplaintStandsBehindItsOwnWall(t *testing.T) {
	r := desktest.City(t)
	ctx, noon := t.Context(), desktest.Noon
	text, err := orders.Read("chicago-mcc-2-173.yaml")
	must(t, err)
	_, _, err = r.AdoptOrder(ctx, r.As("administrator-1"), noon, "mcc.yaml", text)
	must(t, err)
	officer, other, supervisor, conduct := r.As("officer-4471"), r.As("officer-4472"), r.As("supervisor-1102"), r.As("conduct-7")
	add := func(c desk.Caller, typ jurat.RecordType, fields string, amends jurat.ItemID) (jurat.Record, desk.Done) {
		t.Helper()
		rec, done, err := r.AddRecord(ctx, c, noon, "", desk.Words{Type: typ, Amends: amends, Fields: json.RawMessage(fields)})
		must(t, err)
		return rec, done
	}
	add(officer, "guidance", `{"number":"G26-1"}`, "")
	complaint, done := add(officer, "own_complaint", `{"received_at":"2026-11-20T10:00:00-06:00","owner_body":"unassigned","conduct":["escort"],"complainant":"by letter","statement_of_member":"ordered to say"}`, "")
	if complaint.ID != "record-2" || complaint.Wall != jurat.WallComplaint {
		t.Fatalf("it is %s behind %q", complaint.ID, complaint.Wall)
	}
	_, _, err = r.AddRecord(ctx, officer, noon, r.Opened(t), desk.Words{Type: "own_complaint", Fields: json.RawMessage(`{}`)})
	refused(t, err, jurat.Invalid, "is the house's own")

	for _, c := range []desk.Caller{other, supervisor, r.As("detective-2208"), r.As("administrator-1"), r.As("records-3"), r.As("evidence-7"), {}} {
		_, err := r.ShowRecord(ctx, c, noon, complaint.ID)
		refused(t, err, jurat.NotFound, "there is no record record-2")
		_, absent := r.ShowRecord(ctx, c, noon, "record-9")
		if strings.ReplaceAll(absent.Error(), "record-9", "record-2") != err.Error() {
			t.Errorf("%s: what is absent says %q", c.Person, absent)
		}
		all, err := r.Records(ctx, c, noon, "")
		must(t, err)
		if len(all) != 1 || all[0].Type != "guidance" {
			t.Errorf("%s lists %v", c.Person, all)
		}
		house, err := r.ShowHouse(ctx, c, noon)
		must(t, err)
		if len(house.Records) != 1 {
			t.Errorf("%s is shown %d records of the house", c.Person, len(house.Records))
		}
		_, err = r.RecordVersions(ctx, c, noon, complaint.ID)
		refused(t, err, jurat.NotFound, "there is no record record-2")
		_, _, err = r.Disclose(ctx, c, noon, done.Event, []format.Claim{format.ClaimPayload})
		refused(t, err, jurat.NotFound, "there is no event")
	}
	for _, c := range []desk.Caller{other, supervisor} {
		_, _, err = r.AmendRecord(ctx, c, noon, complaint.ID, json.RawMessage(`{}`), "because")
		refused(t, err, jurat.NotFound, "there is no record record-2")
		_, _, err = r.SubmitRecord(ctx, c, noon, complaint.ID)
		refused(t, err, jurat.NotFound, "there is no record record-2")
		_, _, err = r.AddRecord(ctx, c, noon, "", desk.Words{Type: "own_complaint", Amends: complaint.ID, Fields: json.RawMessage(`{}`)})
		refused(t, err, jurat.NotFound, "there is no record record-2")
		_, err = r.OpenSealed(ctx, c, noon, complaint.Item(), jurat.ClassContact, "curious")
		refused(t, err, jurat.NotFound, "there is no record record-2")
	}
	_, _, err = r.ApproveRecord(ctx, supervisor, noon, complaint.ID)
	refused(t, err, jurat.NotFound, "there is no record record-2")

	// who wrote it keeps it, and what is sealed in it is sealed to them too
	_, _, err = r.AmendRecord(ctx, officer, noon, complaint.ID, json.RawMessage(`{"received_at":"2026-11-20T10:00:00-06:00","owner_body":"unassigned","conduct":["escort","perimeter"],"complainant":"by letter","statement_of_member":"ordered to say"}`), "a note nobody else reads")
	must(t, err)
	_, _, err = r.SubmitRecord(ctx, officer, noon, complaint.ID)
	must(t, err)
	waiting, err := r.Waiting(ctx, supervisor, noon)
	must(t, err)
	if len(waiting) != 0 {
		t.Errorf("it waits for a supervisor: %v", waiting)
	}
	_, err = r.OpenSealed(ctx, officer, noon, complaint.Item(), jurat.ClassContact, "to read")
	refused(t, err, jurat.NotFound, "")
	for who, want := range map[jurat.PersonID]bool{"conduct-7": true, "counsel-3": true, "auditor-1": true, "officer-4472": false, "supervisor-1102": false} {
		_, err := r.ShowRecord(ctx, r.As(who), noon, complaint.ID)
		if got := err == nil; got != want {
			t.Errorf("%s reads it: %t (%v)", who, got, err)
		}
		events, err := r.Events(ctx, r.As(who), noon, "")
		must(t, err)
		noted := false
		for _, e := range events {
			noted = noted || strings.Contains(e.Note, "nobody else reads")
		}
		if noted != want {
			t.Errorf("%s reads the note: %t", who, noted)
		}
	}

	// its owner is found by who looks into complaints
	owed := func() bool {
		v, err := r.ShowHouse(ctx, supervisor, noon)
		must(t, err)
		return owed(v, "assign-complaint")
	}
	if !owed() {
		t.Error("nobody owes it an owner")
	}
	_, _, err = r.AddRecord(ctx, supervisor, noon, "", desk.Words{Type: "complaint_step", Fields: json.RawMessage(`{"complaint":"record-2","finding":"unfounded"}`)})
	refused(t, err, jurat.Forbidden, "for who looks into complaints")
	add(conduct, "complaint_step", `{"complaint":"record-2","owner_body":"bia","jurisdiction_basis":"an example","assigned_at":"2026-11-23T10:00:00-06:00"}`, "")
	if owed() {
		t.Error("it is still nobody's")
	}
	value, err := r.OpenSealed(ctx, conduct, noon, complaint.Item(), jurat.ClassCompelled, "the inquiry")
	must(t, err)
	if !strings.Contains(string(value), "ordered to say") {
		t.Errorf("the statement is %s", value)
	}
	_, err = r.OpenSealed(ctx, r.As("auditor-1"), noon, complaint.Item(), jurat.ClassCompelled, "an audit")
	refused(t, err, jurat.Forbidden, "")
	_, err = r.OpenSealed(ctx, conduct, noon, jurat.Item{Noun: jurat.NounPerson, ID: "officer-4471"}, jurat.ClassContact, "curious")
	refused(t, err, jurat.Invalid, "no sealed parts")
	// and who looks into complaints sees no incident, and what the house owes
	r.Opened(t)
	due, err := r.Duties(ctx, conduct, noon, nil)
	must(t, err)
	if len(due) == 0 || slices.ContainsFunc(due, func(l order.Line) bool { return l.Incident != "" }) {
		t.Errorf("they are told of %v", due)
	}
	_, err = r.List(ctx, conduct, noon, "", 10)
	refused(t, err, jurat.Forbidden, "")
	_, err = r.Show(ctx, conduct, noon, "2026-000001")
	if !errors.Is(err, jurat.NotFound) {
		t.Errorf("an incident opens to them: %v", err)
	}
	// nor does an administrator list incidents
	_, err = r.List(ctx, r.As("administrator-1"), noon, "", 10)
	refused(t, err, jurat.Forbidden, "")

	lines := journal(t, r, 0)
	if !strings.Contains(string(mustJSON(t, lines)), "wall-complaint") {
		t.Error("the journal does not name the wall")
	}
	provable(t, r)
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	must(t, err)
	return raw
}

// A quick report is no way around a wall: what it hands in is asked as if each
// record were added by itself.
func TestAQuickReportWritesNothingBehindAWall(t *testing.T) {
	r, ctx := desktest.City(t), t.Context()
	text, err := orders.Read("chicago-mcc-2-173.yaml")
	must(t, err)
	_, _, err = r.AdoptOrder(ctx, r.As("administrator-1"), desktest.Noon, "mcc.yaml", text)
	must(t, err)
	in, officer := r.Opened(t), r.As("officer-4471")
	_, err = r.SaveDraft(ctx, officer, desktest.Noon, desk.Draft{ID: "one"})
	must(t, err)
	for typ, kind := range map[jurat.RecordType]jurat.Kind{"complaint_step": jurat.Forbidden, "own_complaint": jurat.Invalid} {
		_, err := r.FileReport(ctx, officer, desktest.Noon, desk.Filing{Draft: "one", Incident: in, Records: []desk.Words{{Type: typ, Fields: json.RawMessage(`{}`)}}})
		refused(t, err, kind, "")
	}
	view, err := r.Show(ctx, officer, desktest.Noon, in)
	must(t, err)
	if len(view.Records) != 0 {
		t.Errorf("on the record: %+v", view.Records)
	}
}
