package desk_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/numbers"
	"jurat/internal/register"
)

var january = numbers.Period{From: "2026-01", To: "2026-01"}

// seen opens an incident of January with an activity of one agency.
func seen(t testing.TB, r *desktest.Record, agency string) jurat.Record {
	t.Helper()
	at := time.Date(2026, 1, 20, 18, 0, 0, 0, time.UTC)
	in, _, err := r.OpenIncident(t.Context(), r.As("officer-4471"), desktest.Noon, jurat.Opening{
		Title: "Vehicle stop", Trigger: "observed", FirstKnowledge: at, Occurred: jurat.Span{From: at, Precision: "approx"}, Place: jurat.Place{District: "10"},
	})
	must(t, err)
	rec, _, err := r.AddRecord(t.Context(), r.As("officer-4471"), desktest.Noon, in.Number, desk.Words{Type: "activity", Fields: activity(agency)})
	must(t, err)
	return rec
}

func activity(agency string) json.RawMessage {
	return json.RawMessage(`{"activity_kinds":["vehicle_stop"],"agencies":["` + agency + `"],"agency_basis":"insignia","force_seen":["none_observed"]}`)
}

// Case 13 of §15: people who wore an agency's insignia turn out not to be of
// it. What was written stays on the record, the public count is another, and
// the publication says which number was which.
func TestAnImpersonatorIsCountedOtherwiseAndTheChangeIsSaid(t *testing.T) {
	r := desktest.City(t)
	var wrong []jurat.Record
	for i := range 12 {
		if rec := seen(t, r, "ice_ero"); i < 5 {
			wrong = append(wrong, rec)
		}
	}
	for range 6 {
		seen(t, r, "cbp_usbp")
	}
	published := func(earlier *numbers.Publication) *numbers.Publication {
		p, counted, err := r.Publication(t.Context(), r.As("records-3"), desktest.Noon, desk.Counting{Period: january, Earlier: earlier})
		must(t, err)
		if counted.Erased != 0 {
			t.Errorf("%d items are said to be erased", counted.Erased)
		}
		return p
	}
	first := published(nil)
	for _, rec := range wrong {
		_, _, err := r.AmendRecord(t.Context(), r.As("officer-4471"), desktest.Noon.Add(time.Hour), rec.ID, activity("not_federal"), "the agency says that they were none of its people")
		must(t, err)
	}
	second := published(first)
	for _, want := range []struct {
		p     *numbers.Publication
		code  string
		count int
	}{{first, "ice_ero", 12}, {first, "not_federal", 0}, {second, "ice_ero", 7}, {second, "cbp_usbp", 6}, {second, "not_federal", 5}} {
		if got := agencyCount(t, want.p, want.code); got == nil || *got != want.count {
			t.Errorf("%s is %v, want %d", want.code, got, want.count)
		}
	}
	for _, want := range [][3]string{{"ice_ero", "12", "7"}, {"not_federal", "0", "5"}} {
		if !slices.ContainsFunc(second.Corrections, func(c numbers.Correction) bool {
			return c.By == "agency" && c.Month == "period" && c.Code == want[0] && c.Was == want[1] && c.Now == want[2] && c.From == first.Checkpoint && c.To == second.Checkpoint
		}) {
			t.Errorf("no note says that %s was %s and is %s: %+v", want[0], want[1], want[2], second.Corrections)
		}
	}
	// What was written first is still there to be read.
	events, err := r.Events(t.Context(), r.As("supervisor-1102"), desktest.Noon, wrong[0].Incident)
	must(t, err)
	if n := len(slices.DeleteFunc(events, func(s desk.Said) bool { return s.Item.ID != wrong[0].ID })); n != 2 {
		t.Errorf("the record has %d events, want the first and the amendment", n)
	}
}

func agencyCount(t testing.TB, p *numbers.Publication, code string) *int {
	t.Helper()
	for _, s := range p.Series {
		for _, table := range s.Tables {
			for _, row := range table.Rows {
				if table.By == "agency" && row.Code == code {
					return row.All
				}
			}
		}
	}
	t.Fatalf("no row %s", code)
	return nil
}

// A figure that rests on what was erased since cannot be counted again; who
// counts is told so, and is never given other figures in silence.
func TestWhatWasErasedIsInNoFigureAndIsSaid(t *testing.T) {
	r := desktest.City(t)
	rec := seen(t, r, "ice_ero")
	must(t, r.Register.Write(t.Context(), func(tx *register.Tx) error {
		if _, err := tx.Lock(rec.Incident); err != nil {
			return err
		}
		return tx.EraseParts([]jurat.EventID{itemEvent(t, tx, rec.Item())}, []jurat.Class{jurat.ClassOpen})
	}))
	p, counted, err := r.Publication(t.Context(), r.As("records-3"), desktest.Noon, desk.Counting{Period: january})
	must(t, err)
	if counted.Erased != 1 {
		t.Errorf("%d items are said to be erased, want 1", counted.Erased)
	}
	if n := agencyCount(t, p, "ice_ero"); n == nil || *n != 0 {
		t.Errorf("an erased record is counted: %v", n)
	}
}

func itemEvent(t testing.TB, tx *register.Tx, item jurat.Item) jurat.EventID {
	t.Helper()
	row, err := tx.Item(item)
	must(t, err)
	return row.Event
}

// A report has rows. It is for the named people who answer for one and for
// whoever audits it; the machine's operator is nobody's name.
func TestAReportIsForWhoAnswersForIt(t *testing.T) {
	r := desktest.City(t)
	k := desk.Counting{Period: january}
	for _, id := range []jurat.PersonID{"supervisor-1102", "records-3", "counsel-3", "auditor-1"} {
		if _, _, err := r.Report(t.Context(), r.As(id), desktest.Noon, "compliance", k); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	for i, id := range []jurat.PersonID{"", "officer-4471", "detective-2208", "evidence-7", "counsel-9", "aide-1", "liaison-1", "prosecutor-12", "administrator-1"} {
		c := desk.Caller{}
		if id != "" {
			c = r.As(id)
		}
		told, _, err := r.Report(t.Context(), c, desktest.Noon.Add(time.Duration(i)*time.Hour), "compliance", k)
		if !errors.Is(err, jurat.Forbidden) || told != nil {
			t.Errorf("%q was told %v, %v", id, told, err)
		}
	}
	if _, _, err := r.Report(t.Context(), r.As("records-3"), desktest.Noon, "something", k); !errors.Is(err, jurat.Invalid) {
		t.Errorf("a report there is none of: %v", err)
	}
	if _, _, err := r.Report(t.Context(), r.As("records-3"), desktest.Noon, "compliance", desk.Counting{Period: january, Size: 1 << 40}); !errors.Is(err, jurat.NotFound) {
		t.Errorf("a checkpoint the ledger never had: %v", err)
	}
	lines := journal(t, r, 0)
	if !slices.ContainsFunc(lines, func(j register.JournalRow) bool { return j.Kind == "report" && j.Person == "auditor-1" }) {
		t.Errorf("who asked for a report is not in the journal: %v", fmt.Sprint(lines))
	}
}

// A report leaves the office with its rows: what a court sealed is in none, who
// ever makes it; unsealed, it is there again.
func TestAReportIsWithoutWhatACourtSealed(t *testing.T) {
	r := adopted(t, "chicago-mcc-2-173.yaml")
	var all []jurat.IncidentNumber
	for range 2 {
		in := r.Opened(t)
		submittedBy(t, r, "officer-4471", desktest.Noon, in, "assistance_request", `{"received_at":"2026-06-04T13:00:00-05:00","channel":"911","requesting_agency":"unknown","said_purpose":"assist the police",
			"what_asked":["civil_enforcement"],"emergency":"no","knew_federal_at_dispatch":"unknown","knew_civil_at_arrival":"yes","purpose":"civil_immigration_enforcement"}`)
		all = append(all, in)
	}
	requests := func(who jurat.PersonID, hours int) int {
		t.Helper()
		must(t, r.Publish(t.Context()))
		made, _, err := r.Report(t.Context(), r.As(who), desktest.Noon.Add(time.Duration(hours)*time.Hour), "quarterly", desk.Counting{Period: numbers.Period{From: "2026-04", To: "2026-06"}})
		must(t, err)
		i := slices.IndexFunc(made.Figures, func(f numbers.Figure) bool { return f.ID == "requests" })
		return int(made.Figures[i].N)
	}
	if n := requests("records-3", 1); n != 2 {
		t.Fatalf("%d requests are counted, want 2", n)
	}
	ordered(t, r, at(2*time.Hour), jurat.Writ{Kind: jurat.WritSeal, Incident: all[0], OpenTo: []jurat.Role{jurat.RoleCounsel}})
	for i, who := range []jurat.PersonID{"records-3", "supervisor-1102", "counsel-3", "auditor-1"} { // for whom the court left it open too
		if n := requests(who, 3+i); n != 1 {
			t.Errorf("%s: %d requests are counted, want 1", who, n)
		}
	}
	ordered(t, r, at(9*time.Hour), jurat.Writ{Kind: jurat.WritUnseal, Incident: all[0]})
	if n := requests("records-3", 10); n != 2 {
		t.Errorf("unsealed, %d requests are counted, want 2", n)
	}
}
