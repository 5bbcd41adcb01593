package desk_test

import (
	"encoding/json"
	"testing"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/order"
)

// ORD-3: guidance is owed by the house, of no incident; a record of the house
// meets it.
func TestTheHouseHasRecordsOfItsOwn(t *testing.T) {
	r := desktest.City(t)
	ctx, in := t.Context(), r.Opened(t)
	officer, supervisor := r.As("officer-4471"), r.As("supervisor-1102")
	guidance := desk.Words{Type: "guidance", Fields: json.RawMessage(`{"number":"G26-1","issued_on":"2026-02-20"}`)}
	_, _, err := r.AddRecord(ctx, officer, desktest.Noon, in, guidance)
	refused(t, err, jurat.Invalid, "is the house's own")
	_, _, err = r.AddRecord(ctx, officer, desktest.Noon, "", desk.Words{Type: "activity", Fields: json.RawMessage(`{}`)})
	refused(t, err, jurat.Invalid, "belongs to an incident")
	before, err := r.ShowHouse(ctx, supervisor, desktest.Noon)
	must(t, err)
	if !owed(before, "issue-guidance") {
		t.Errorf("no guidance is owed: %v", before.Duties)
	}
	rec := got[jurat.Record, desk.Done](t)(r.AddRecord(ctx, officer, desktest.Noon, "", guidance))
	if rec.ID != "record-1" || rec.Incident != "" {
		t.Errorf("it is %s of %q", rec.ID, rec.Incident)
	}
	got[jurat.Record, desk.Done](t)(r.SubmitRecord(ctx, officer, desktest.Noon, rec.ID))
	_, _, err = r.ApproveRecord(ctx, r.As("officer-4472"), desktest.Noon, rec.ID)
	refused(t, err, jurat.Forbidden, "")
	got[jurat.Record, desk.Done](t)(r.ApproveRecord(ctx, supervisor, desktest.Noon, rec.ID))
	after, err := r.ShowHouse(ctx, supervisor, desktest.Noon)
	must(t, err)
	if owed(after, "issue-guidance") || len(after.Records) != 1 || after.Records[0].Value.State != jurat.RecordApprove {
		t.Errorf("after the guidance: %v, %v", after.Records, after.Duties)
	}
	due, err := r.Duties(ctx, supervisor, desktest.Noon, func(l order.Line) bool { return l.ID == "issue-guidance" })
	must(t, err)
	if len(due) != 0 {
		t.Errorf("still owed: %v", due)
	}
	if n := len(chain(t, r, in)); n != 1 {
		t.Errorf("the incident has %d events", n)
	}
	provable(t, r)
}
