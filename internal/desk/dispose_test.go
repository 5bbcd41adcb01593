package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/fsck"
	"jurat/internal/register"
	"jurat/order"
)

const oneDay = 24 * time.Hour

// filmed opens an incident with one recording of noon, and one held elsewhere.
func filmedTwice(t testing.TB, r *desktest.Record) (jurat.IncidentNumber, jurat.ItemID, jurat.ItemID) {
	t.Helper()
	in := r.Opened(t)
	recorded := jurat.Span{From: desktest.Noon.Add(-time.Hour), To: desktest.Noon.Add(-time.Hour), Precision: "exact"}
	for got := range r.Receive(t.Context(), r.As("evidence-7"), clock, desk.Receiving{Incident: in, Arrival: jurat.Arrival{Kind: "bwc", Recorded: recorded, ReceivedFrom: "a dropped word"}}, slices.Values(desktest.Files(t, "a film of a quiet street"))) {
		must(t, got.Err)
	}
	_, _, err := r.LocateExhibit(t.Context(), r.As("evidence-7"), desktest.Noon, in, jurat.Arrival{Kind: "bwc", Recorded: recorded, System: "camera-store", Key: "41"})
	must(t, err)
	return in, jurat.NumberItem(in, jurat.NounExhibit, 1), jurat.NumberItem(in, jurat.NounExhibit, 2)
}

// settled closes an incident and files the certificate.
func settled(t testing.TB, r *desktest.Record, in jurat.IncidentNumber, when time.Time) {
	t.Helper()
	got[jurat.Record, desk.Done](t)(r.AddRecord(t.Context(), r.As("records-3"), when, in, desk.Words{Type: "disposal_certificate", Fields: []byte(`{"number":"12-345"}`)}))
	_, err := r.CloseIncident(t.Context(), r.As("supervisor-1102"), when, in, "nothing awaits anybody")
	must(t, err)
}

func plan(t testing.TB, r *desktest.Record, when time.Time, in jurat.IncidentNumber) []desk.Disposable {
	t.Helper()
	all, err := r.PlanDisposal(t.Context(), r.As("records-3"), when, desk.Planning{Incident: in})
	must(t, err)
	return all
}

// protects asserts that the plan protects its first exhibit, by these and no
// other.
func protects(t testing.TB, line desk.Disposable, by ...order.Shield) {
	t.Helper()
	var all []order.Shield
	for _, p := range line.Protections {
		if !slices.Contains(all, p.By) {
			all = append(all, p.By)
		}
	}
	if line.State != desk.PlanProtected || !slices.Equal(all, by) {
		t.Errorf("%s is %s by %v, want protected by %v: %+v", line.Exhibit, line.State, all, by, line.Protections)
	}
}

// intact asserts what the doubter says of a record, and gives its notes.
func intact(t testing.TB, r *desktest.Record) []string {
	t.Helper()
	_, err := r.Ledger.Publish(t.Context())
	must(t, err)
	report := fsck.Check(t.Context(), fsck.Record{Rows: r.Register, Blobs: r.Store, Ledger: r.Dir + "/ledger", KEK: r.KEK, Duplicates: r.Dup, LogKey: r.LogKey})
	if report.Answer != fsck.Intact {
		t.Errorf("fsck: %+v", report)
	}
	return report.Notes
}

func noted(t testing.TB, notes []string, want string) {
	t.Helper()
	if !slices.ContainsFunc(notes, func(s string) bool { return strings.Contains(s, want) }) {
		t.Errorf("no note says %q: %q", want, notes)
	}
}

// Case 1 of §15: on day 85 and on day 90 nothing goes; past its maximum it is
// overdue, with an owner and an age, and goes by two people under a
// certificate, or not at all (EVD-2, EVD-6, LAW-1).
func TestADisposalTakesAScheduleACertificateAndTwoPeople(t *testing.T) {
	engines(t, func(t *testing.T, engine desktest.Engine) {
		r := desktest.CityOn(t, engine)
		ctx := t.Context()
		in, film, elsewhere := filmedTwice(t, r)
		records, counsel := r.As("records-3"), r.As("counsel-3")

		lines := plan(t, r, at(85*oneDay), in)
		protects(t, lines[0], order.ShieldMinimum, order.ShieldOpen, order.ShieldGate)
		late := at(100 * oneDay)
		lines = plan(t, r, late, in)
		protects(t, lines[0], order.ShieldOpen, order.ShieldGate)
		if lines[0].By == nil || lines[0].By.Name() != "chicago-eo-2026-01/bwc-unflagged" || !lines[0].Overdue || lines[0].Owner != jurat.RoleRecords || lines[0].Age < 9*oneDay {
			t.Errorf("past its maximum: %+v", lines[0])
		}
		backups := desk.Disposing{Certificate: "12-345", Backups: late.Add(35 * oneDay)}
		named := backups
		named.Items = []jurat.ItemID{film}
		_, _, err := r.ApproveDisposal(ctx, records, late, in, named)
		refused(t, err, jurat.Conflict, "the incident is open")
		settled(t, r, in, late)
		if lines = plan(t, r, late, in); lines[0].State != desk.PlanReached || lines[1].State != desk.PlanReached {
			t.Fatalf("closed, with a certificate: %+v", lines)
		}

		// who may not, and what is missing
		_, _, err = r.ApproveDisposal(ctx, counsel, late, in, backups)
		refused(t, err, jurat.Forbidden, "records officer approves a disposal first")
		_, _, err = r.ApproveDisposal(ctx, r.As("officer-4471"), late, in, backups)
		refused(t, err, jurat.Forbidden, "may not do this here")
		_, _, err = r.ApproveDisposal(ctx, desk.Caller{Person: "records-3"}, late, in, backups)
		refused(t, err, jurat.Forbidden, "own signature")
		_, _, err = r.ApproveDisposal(ctx, records, late, in, desk.Disposing{Backups: backups.Backups})
		refused(t, err, jurat.Invalid, "number of the certificate")
		_, _, err = r.ApproveDisposal(ctx, records, late, in, desk.Disposing{Certificate: "99-1", Backups: backups.Backups})
		refused(t, err, jurat.Invalid, "not the one on record")
		_, _, err = r.ApproveDisposal(ctx, records, late, in, desk.Disposing{Certificate: "12-345"})
		refused(t, err, jurat.Invalid, "backups")

		first := got[jurat.Disposal, desk.Done](t)(r.ApproveDisposal(ctx, records, late, in, backups))
		if len(first.Items) != 2 || !first.Pending() || blobs(t, r) != 1 {
			t.Fatalf("the first approval left %+v, %d blobs", first, blobs(t, r))
		}
		_, _, err = r.ApproveDisposal(ctx, records, late, in, backups)
		refused(t, err, jurat.Conflict, "nothing in incident")
		_, _, err = r.CarryOutDisposal(ctx, records, late, first.ID)
		refused(t, err, jurat.Forbidden, "a second person decides")
		_, _, err = r.CarryOutDisposal(ctx, desk.Caller{Person: "counsel-3"}, late, first.ID)
		refused(t, err, jurat.Forbidden, "own signature")
		_, _, err = r.CarryOutDisposal(ctx, r.As("detective-2208"), late, first.ID)
		refused(t, err, jurat.Forbidden, "may not do this here")

		// a plan that changed between the two
		hold := got[jurat.Hold, desk.Done](t)(r.PlaceHold(ctx, counsel, late, in, "a suit", []jurat.ItemID{film}))
		_, _, err = r.CarryOutDisposal(ctx, counsel, late, first.ID)
		refused(t, err, jurat.Conflict, "hold "+string(hold.ID))
		got[jurat.Hold, desk.Done](t)(r.ReleaseHold(ctx, counsel, late, hold.ID, "settled"))
		if blobs(t, r) != 1 {
			t.Fatal("a refused disposal removed bytes")
		}

		out := got[jurat.Disposal, desk.Done](t)(r.CarryOutDisposal(ctx, counsel, late, first.ID))
		if !out.Done() || out.Approvals[0].By == out.Approvals[1].By || !out.OneOperator || !slices.Equal(out.Owed(), []jurat.ItemID{elsewhere}) {
			t.Errorf("carried out: %+v", out)
		}
		if blobs(t, r) != 0 {
			t.Error("its bytes are in the vault")
		}
		for _, row := range chain(t, r, in) {
			if row.Item.ID == film && row.Act != jurat.ExhibitDisposed && (row.Open != "" || len(row.Sealed) > 0) {
				t.Errorf("event %s (%s) can still be read", row.ID, row.Act)
			}
		}
		must(t, r.Register.Read(ctx, func(tx *register.Tx) error {
			hits, err := tx.SearchItems(register.Query{Text: "dropped", Limit: 10})
			if len(hits) > 0 {
				t.Errorf("what was erased is found: %+v", hits)
			}
			return err
		}))
		noted(t, intact(t, r), "exhibit "+string(film)+" was disposed of")
		if lines = plan(t, r, late, in); lines[0].State != desk.PlanDisposed || lines[0].Overdue {
			t.Errorf("disposed of: %+v", lines[0])
		}

		// nothing more can be done with it, and nothing twice
		_, _, err = r.CarryOutDisposal(ctx, counsel, late, first.ID)
		refused(t, err, jurat.Conflict, "was carried out")
		_, _, err = r.WithdrawDisposal(ctx, records, late, first.ID, "changed my mind")
		refused(t, err, jurat.Conflict, "does not come back")
		_, _, err = r.ReadExhibit(ctx, r.As("detective-2208"), late, film)
		refused(t, err, jurat.Conflict, "was disposed of")
		_, _, err = r.AddFlag(ctx, r.As("supervisor-1102"), late, film, []string{"complaint"})
		refused(t, err, jurat.Conflict, "was disposed of")

		// its holder is told, once
		_, _, err = r.TellHolder(ctx, records, late, film, "by letter")
		refused(t, err, jurat.Conflict, "owes nobody a word")
		told := got[jurat.Disposal, desk.Done](t)(r.TellHolder(ctx, records, late, elsewhere, "by letter of the day"))
		if len(told.Owed()) != 0 {
			t.Errorf("still owed: %v", told.Owed())
		}
		_, _, err = r.TellHolder(ctx, records, late, elsewhere, "again")
		refused(t, err, jurat.Conflict, "owes nobody a word")
		intact(t, r)
	})
}
