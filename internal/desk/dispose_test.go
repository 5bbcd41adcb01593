package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/format"
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

		due, err := r.Duties(ctx, r.As("supervisor-1102"), late, nil)
		must(t, err)
		if slices.ContainsFunc(due, func(l order.Line) bool { return l.Item == string(film) }) {
			t.Error("something is still owed about what was disposed of")
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

// A certificate speaks of bytes, and the parts they came in are the same bytes.
func TestADisposalErasesThePartsItsBytesCameIn(t *testing.T) {
	r := desktest.City(t)
	in, evidence, late := r.Opened(t), r.As("evidence-7"), at(100*oneDay)
	recorded := jurat.Span{From: desktest.Noon.Add(-time.Hour), To: desktest.Noon.Add(-time.Hour), Precision: "exact"}
	u, err := r.BeginUpload(t.Context(), evidence, desktest.Noon, desk.Announced{Incident: in, Arrival: jurat.Arrival{Kind: "bwc", Recorded: recorded}, Name: "film.mp4", Length: 10})
	must(t, err)
	for _, offset := range []int{0, 5} {
		_, err := goOn(t, r, evidence, u, offset, desk.Sums{Length: 5}, strings.NewReader("0123456789"[offset:offset+5]))
		must(t, err)
	}
	if n := blobs(t, r); n != 3 {
		t.Fatalf("%d blobs; want the film and the parts it came in", n)
	}
	settled(t, r, in, late)
	x := got[jurat.Disposal, desk.Done](t)(r.ApproveDisposal(t.Context(), r.As("records-3"), late, in, desk.Disposing{Certificate: "12-345", Backups: late.Add(35 * oneDay)}))
	got[jurat.Disposal, desk.Done](t)(r.CarryOutDisposal(t.Context(), r.As("counsel-3"), late, x.ID))
	if n := blobs(t, r); n != 0 {
		t.Errorf("%d blobs are left", n)
	}
}

// ordered carries a court's order out, by two people.
func ordered(t testing.TB, r *desktest.Record, when time.Time, w jurat.Writ) jurat.Writ {
	t.Helper()
	w.Court, w.Number = "Circuit court", "26-118"
	first := got[jurat.Writ, desk.Done](t)(r.ApproveWrit(t.Context(), r.As("records-3"), when, w))
	return got[jurat.Writ, desk.Done](t)(r.CarryOutWrit(t.Context(), r.As("counsel-3"), when, first.ID))
}

// What a court sealed is there for the roles it named, and for nobody else: not
// by its number, not in a list or a search, not in what is owed. Another desk at
// the same record knows it at once.
func TestASealedIncidentIsThereForTheNamedRoles(t *testing.T) {
	engines(t, func(t *testing.T, engine desktest.Engine) {
		r := desktest.CityOn(t, engine)
		other, _ := r.Over(t, r.Store)
		ctx := t.Context()
		in, film, _ := filmedTwice(t, r)
		open := r.Opened(t)
		_, _, err := r.ApproveWrit(ctx, r.As("records-3"), at(0), jurat.Writ{Kind: jurat.WritSeal, Incident: "2026-000099", Court: "a court", Number: "1", OpenTo: []jurat.Role{jurat.RoleCounsel}})
		refused(t, err, jurat.NotFound, "there is no incident")
		w := jurat.Writ{Kind: jurat.WritSeal, Incident: in, OpenTo: []jurat.Role{jurat.RoleCounsel}}
		pending := w
		pending.Court, pending.Number = "Circuit court", "26-117"
		first := got[jurat.Writ, desk.Done](t)(r.ApproveWrit(ctx, r.As("records-3"), at(0), pending))
		if _, err := r.Show(ctx, r.As("detective-2208"), at(0), in); err != nil {
			t.Errorf("after one approval it is hidden: %v", err)
		}
		_, _, err = r.CarryOutWrit(ctx, r.As("records-3"), at(0), first.ID)
		refused(t, err, jurat.Forbidden, "a second person decides")
		_, _, err = r.CarryOutWrit(ctx, desk.Caller{Person: "counsel-3"}, at(0), first.ID)
		refused(t, err, jurat.Forbidden, "own signature")
		got[jurat.Writ, desk.Done](t)(r.WithdrawWrit(ctx, r.As("records-3"), at(0), first.ID, "another order was meant"))
		ordered(t, r, at(time.Hour), w)

		for _, who := range []jurat.PersonID{"officer-4471", "supervisor-1102", "detective-2208", "records-3", "auditor-1"} {
			_, absent := r.Show(ctx, r.As(who), at(2*time.Hour), "2026-000099")
			_, err := other.Show(ctx, r.As(who), at(2*time.Hour), in)
			refused(t, err, jurat.NotFound, strings.ReplaceAll(absent.Error(), "2026-000099", string(in)))
			for name, list := range map[string]func() ([]desk.Line, error){
				"list": func() ([]desk.Line, error) { return r.List(ctx, r.As(who), at(2*time.Hour), "", 2) },
				"search": func() ([]desk.Line, error) {
					return r.Search(ctx, r.As(who), at(2*time.Hour), desk.Sought{Words: "vehicle"}, "", 2)
				},
			} {
				lines, err := list()
				must(t, err)
				if len(lines) != 1 || lines[0].Incident != open {
					t.Errorf("%s sees by %s %+v", who, name, lines)
				}
			}
		}
		due, err := r.Duties(ctx, r.As("supervisor-1102"), at(2*time.Hour), nil)
		must(t, err)
		if slices.ContainsFunc(due, func(l order.Line) bool { return l.Incident == in }) {
			t.Error("what is owed tells of it")
		}
		_, _, err = r.AddFlag(ctx, r.As("supervisor-1102"), at(2*time.Hour), film, []string{"complaint"})
		refused(t, err, jurat.NotFound, "there is no incident")
		if _, err := r.Show(ctx, r.As("counsel-3"), at(2*time.Hour), in); err != nil {
			t.Errorf("counsel, whom the court named: %v", err)
		}
		_, err = r.Show(ctx, desk.Caller{}, at(2*time.Hour), in)
		refused(t, err, jurat.NotFound, "there is no incident")
		intact(t, r)

		ordered(t, r, at(3*time.Hour), jurat.Writ{Kind: jurat.WritUnseal, Incident: in})
		if _, err := other.Show(ctx, r.As("detective-2208"), at(4*time.Hour), in); err != nil {
			t.Errorf("unsealed: %v", err)
		}
	})
}

// An expunged incident leaves its leaves, and a court's order that says so:
// nothing else of it can be shown, and no dossier of it can be built.
func TestAnExpungedIncidentLeavesItsLeaves(t *testing.T) {
	engines(t, func(t *testing.T, engine desktest.Engine) {
		r := desktest.CityOn(t, engine)
		ctx := t.Context()
		in, film, _ := filmedTwice(t, r)
		open := r.Opened(t)
		hold := got[jurat.Hold, desk.Done](t)(r.PlaceHold(ctx, r.As("counsel-3"), at(0), "", "a suit", []jurat.ItemID{film}))
		w := jurat.Writ{Kind: jurat.WritExpunge, Incident: in, Backups: at(40 * oneDay), Court: "Circuit court", Number: "26-118"}
		first := got[jurat.Writ, desk.Done](t)(r.ApproveWrit(ctx, r.As("records-3"), at(0), w))
		before := chain(t, r, in)
		_, _, err := r.CarryOutWrit(ctx, r.As("supervisor-1102"), at(0), first.ID)
		refused(t, err, jurat.Conflict, "counsel releases it first")
		if rows := chain(t, r, in); len(rows) != len(before) || len(rows[0].Claims) == 0 || blobs(t, r) != 1 {
			t.Fatal("a refused expungement erased something")
		}
		got[jurat.Hold, desk.Done](t)(r.ReleaseHold(ctx, r.As("counsel-3"), at(0), hold.ID, "settled"))
		out := got[jurat.Writ, desk.Done](t)(r.CarryOutWrit(ctx, r.As("supervisor-1102"), at(0), first.ID))
		if int(out.Events) != len(before) || blobs(t, r) != 0 {
			t.Errorf("%d events were erased of %d; %d blobs are left", out.Events, len(before), blobs(t, r))
		}
		for i, row := range chain(t, r, in) {
			if len(row.Claims) > 0 || row.Open != "" || len(row.Sealed) > 0 || row.Act != "" || row.Person != "" || string(row.Leaf) != string(before[i].Leaf) {
				t.Errorf("event %d: %+v", i, row)
			}
		}
		_, err = r.Show(ctx, r.As("counsel-3"), at(0), in)
		refused(t, err, jurat.NotFound, "there is no incident "+string(in)+" that you may open")
		_, _, err = r.Disclose(ctx, r.As("counsel-3"), at(0), before[0].ID, nil)
		refused(t, err, jurat.NotFound, "that you may open")
		_, _, err = r.ApproveWrit(ctx, r.As("records-3"), at(0), w)
		refused(t, err, jurat.NotFound, "there is no incident")
		lines, err := r.List(ctx, r.As("supervisor-1102"), at(0), "", 10)
		must(t, err)
		if len(lines) != 1 || lines[0].Incident != open {
			t.Errorf("listed: %+v", lines)
		}
		if _, err := r.Duties(ctx, r.As("supervisor-1102"), at(0), nil); err != nil {
			t.Errorf("what is owed: %v", err)
		}
		if all, err := r.PlanDisposal(ctx, r.As("records-3"), at(0), desk.Planning{}); err != nil || len(all) != 0 {
			t.Errorf("the plan: %+v, %v", all, err)
		}
		noted(t, intact(t, r), "incident "+string(in)+" was expunged by order 26-118 of Circuit court")
		if next := r.Opened(t); next == in {
			t.Error("its number was given again")
		}
	})
}

// What was disposed of before a referral stands in the dossier as such, and the
// receiver finds the dossier intact: the chain is complete, the proofs hold.
func TestADossierListsWhatWasDisposedOf(t *testing.T) {
	city, county := neighbours(t, desktest.SQLite)
	ctx, in := t.Context(), city.Opened(t)
	city.Complete(t, in)
	old := desktest.Noon.Add(-100 * oneDay)
	recorded := jurat.Span{From: old, To: old, Precision: "exact"}
	var gone jurat.ItemID
	for got := range city.Receive(ctx, city.As("evidence-7"), clock, desk.Receiving{Incident: in, Arrival: jurat.Arrival{Kind: "bwc", Recorded: recorded}}, slices.Values(desktest.Files(t, "a film of an empty street"))) {
		must(t, got.Err)
		gone = got.Exhibit.ID
	}
	settled(t, city, in, desktest.Noon)
	first := got[jurat.Disposal, desk.Done](t)(city.ApproveDisposal(ctx, city.As("records-3"), desktest.Noon, in, desk.Disposing{Certificate: "12-345", Backups: at(35 * oneDay), Items: []jurat.ItemID{gone}}))
	got[jurat.Disposal, desk.Done](t)(city.CarryOutDisposal(ctx, city.As("supervisor-1103"), desktest.Noon, first.ID))
	ref := city.Prepared(t, in)
	got[jurat.Referral, desk.Done](t)(city.ApproveReferral(ctx, city.As("supervisor-1102"), desktest.Noon, ref.ID))
	zip, sealed := city.Send(t, ref.ID, desktest.Noon)
	taken(t, county, sealed, "") // which it is not, unless it is intact
	for _, item := range contents(t, city, zip, "").Referral.Inventory {
		listed := item.State == format.ItemDisposed && strings.Contains(item.Ground, "certificate 12-345") && item.Path == "" && item.Disposal != ""
		if (item.Exhibit.Value.ID == gone) != listed {
			t.Errorf("%s is listed as %+v", item.Exhibit.Value.ID, item)
		}
	}
}

// LAW-3: a hold of the whole record is known wherever a hold is asked about: in
// the plan of every incident, in what is owed, and in an incident shown.
func TestAHoldOfTheWholeRecordIsKnownEverywhere(t *testing.T) {
	r := desktest.City(t)
	ctx := t.Context()
	in, film, _ := filmedTwice(t, r)
	late := at(20 * oneDay)
	owes := func() bool {
		t.Helper()
		due, err := r.Duties(ctx, r.As("supervisor-1102"), late, nil)
		must(t, err)
		return slices.ContainsFunc(due, func(l order.Line) bool {
			return l.Incident == in && l.ID == "preserve-footage" && l.Item == string(film)
		})
	}
	if !owes() {
		t.Fatal("nobody owes a decision on an unflagged recording")
	}
	hold := got[jurat.Hold, desk.Done](t)(r.PlaceHold(ctx, r.As("counsel-3"), at(0), "", "consent decree", nil))
	if owes() {
		t.Error("what is held is still owed a flag")
	}
	v, err := r.Show(ctx, r.As("supervisor-1102"), late, in)
	must(t, err)
	if len(v.Holds) != 1 || v.Holds[0].Value.ID != hold.ID || owed(v, "preserve-footage") {
		t.Errorf("shown with the holds %+v", v.Holds)
	}
	if lines := plan(t, r, at(200*oneDay), in); !slices.ContainsFunc(lines[0].Protections, func(p order.Protection) bool { return p.By == order.ShieldHold && p.ID == string(hold.ID) }) {
		t.Errorf("the plan: %+v", lines[0].Protections)
	}
}

// The queue of who approves is a list like the others: what a court sealed from
// them is not in it.
func TestWhatACourtSealedWaitsForNobodyItWasSealedFrom(t *testing.T) {
	r := desktest.City(t)
	in, other := r.Opened(t), r.Opened(t)
	handedIn(t, r, in)
	open := handedIn(t, r, other)
	ordered(t, r, at(time.Hour), jurat.Writ{Kind: jurat.WritSeal, Incident: in, OpenTo: []jurat.Role{jurat.RoleCounsel}})
	all, err := r.Waiting(t.Context(), r.As("supervisor-1102"), at(2*time.Hour))
	must(t, err)
	if len(all) != 1 || all[0].Value.ID != open.ID {
		t.Errorf("waiting: %+v", all)
	}
}

// What people typed about an expunged incident beside the record goes with it:
// a draft that was to be added to it, and an edit list of its footage. What they
// typed about others stays.
func TestAnExpungedIncidentLeavesNoDraft(t *testing.T) {
	r := desktest.City(t)
	ctx, officer := t.Context(), r.As("officer-4472")
	in, film, _ := filmedTwice(t, r)
	other, othersFilm, _ := filmedTwice(t, r)
	for id, join := range map[string]string{"of-it": string(in), "of-another": string(other), "of-none": ""} {
		_, err := r.SaveDraft(ctx, officer, at(0), desk.Draft{ID: id, Values: map[string][]string{"join": {join}, "report.narrative": {"words"}}})
		must(t, err)
	}
	for _, x := range []jurat.ItemID{film, othersFilm} {
		must(t, r.SaveEdits(ctx, r.As("evidence-7"), at(0), x, map[string][]string{"a": {"b"}}))
	}
	ordered(t, r, at(0), jurat.Writ{Kind: jurat.WritExpunge, Incident: in, Backups: at(40 * oneDay)})
	drafts, err := r.Drafts(ctx, officer, at(0))
	must(t, err)
	var left []string
	for _, d := range drafts {
		left = append(left, d.ID)
	}
	slices.Sort(left)
	if !slices.Equal(left, []string{"of-another", "of-none"}) {
		t.Errorf("the drafts left are %v", left)
	}
	must(t, r.Register.Read(ctx, func(tx *register.Tx) error {
		rows, err := tx.Drafts("evidence-7")
		if len(rows) != 1 || !strings.Contains(rows[0].ID, string(othersFilm)) {
			t.Errorf("the edit lists left are %+v", rows)
		}
		return err
	}))
}
