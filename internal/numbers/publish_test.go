package numbers_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/numbers"
	"jurat/order"
	"jurat/orders"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file under testdata, or writes it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got) {
		t.Errorf("%s differs; look at what changed and run with -update\n%s", name, difference(want, got))
	}
}

// difference is the first line in which two texts differ.
func difference(want, got []byte) string {
	a, b := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d\n want %s\n got  %s", i+1, a[i], b[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(b), len(a))
}

func load(t testing.TB, id string) *order.Order {
	t.Helper()
	o, err := orders.Parse(id + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

// An incident of the tests: numbers count up.
func incident(n int, when string, district string) order.Facts {
	return order.Facts{Incident: jurat.Incident{
		Number: jurat.NewIncidentNumber(2026, n), Title: "An example", Trigger: "observed", FirstKnowledge: at(when),
		Occurred: jurat.Span{From: at(when), Precision: "approx"}, Place: jurat.Place{District: district, InsideCity: jurat.Yes},
	}}
}

// record adds a record to facts.
func record(f *order.Facts, typ string, v any) *jurat.Record {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	f.Records = append(f.Records, jurat.Record{
		ID: jurat.NumberItem(f.Incident.Number, jurat.NounRecord, len(f.Records)+1), Incident: f.Incident.Number,
		Type: jurat.RecordType(typ), State: jurat.RecordSubmit, Version: 1, Fields: raw,
	})
	return &f.Records[len(f.Records)-1]
}

type m = map[string]any

func all(fs ...order.Facts) iter.Seq2[order.Facts, error] {
	return func(yield func(order.Facts, error) bool) {
		for _, f := range fs {
			if !yield(f, nil) {
				return
			}
		}
	}
}

var areas = []numbers.Area{
	{Code: "D1", Label: order.Label{"en": "District 1", "es": "Distrito 1"}},
	{Code: "D2", Label: order.Label{"en": "District 2", "es": "Distrito 2"}},
	{Code: "D3", Label: order.Label{"en": "District 3", "es": "Distrito 3"}},
}

// year makes a year of example incidents; the same seed gives the same ones.
func year(n int, seed uint64) []order.Facts {
	r := rand.New(rand.NewPCG(seed, 1))
	kinds := []string{"arrest", "vehicle_stop", "crowd_control", "staging", "transport"}
	agencies := []string{"ice_ero", "ice_hsi", "cbp_usbp", "unknown"}
	outcomes := []string{"identified_verified", "refused", "no_answer", "partial"}
	out := make([]order.Facts, 0, n)
	for i := range n {
		when := time.Date(2026, time.Month(1+r.IntN(12)), 1+r.IntN(28), r.IntN(24), 0, 0, 0, time.UTC)
		f := incident(i+1, when.Format(time.RFC3339), []string{"D1", "D1", "D1", "D2", "D2", "D3", "", "Corner of an exact place"}[r.IntN(8)])
		k := []string{kinds[min(r.IntN(9), 4)]}
		if r.IntN(4) == 0 {
			k = append(k, kinds[0])
		}
		record(&f, "activity", m{"activity_kinds": k, "agencies": []string{agencies[r.IntN(4)]}, "agency_basis": []string{"insignia", "stated", "assumed"}[r.IntN(3)], "force_seen": []string{"none_observed"}})
		record(&f, "identification_attempt", m{"outcome": outcomes[r.IntN(4)], "recording": "yes_not_yet_uploaded"})
		record(&f, "report", m{"narrative": "Officer 4471 wrote what was seen, at some length.", "violation_alleged": "no"})
		if r.IntN(3) > 0 {
			f.Exhibits = append(f.Exhibits, jurat.Exhibit{ID: jurat.NumberItem(f.Incident.Number, jurat.NounExhibit, 1), Kind: "bwc", Held: jurat.HeldHere})
		}
		if r.IntN(5) == 0 {
			status := []jurat.AllegationStatus{"alleged", "alleged", "referred", "charged", "convicted", "acquitted"}[r.IntN(6)]
			f.Allegations = append(f.Allegations, jurat.Allegation{Level: []string{"felony", "misdemeanor"}[r.IntN(2)], Status: status, StatusAt: when.AddDate(0, 0, 2)})
		}
		out = append(out, f)
	}
	return out
}

func input(t testing.TB, facts iter.Seq2[order.Facts, error], period string) numbers.Input {
	t.Helper()
	p, err := numbers.ParsePeriod(period)
	if err != nil {
		t.Fatal(err)
	}
	return numbers.Input{
		Facts: facts, Orders: []*order.Order{load(t, "chicago-eo-2026-01")}, Period: p, Areas: areas, AsOf: at("2027-02-28T12:00:00Z"), Made: at("2027-03-01T12:00:00Z"),
		Checkpoint: numbers.Checkpoint{Origin: "city.example/log", Size: 4711, Root: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},
	}
}

func publish(t testing.TB, in numbers.Input) *numbers.Publication {
	t.Helper()
	p, err := numbers.Publish(in)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func series(t testing.TB, p *numbers.Publication, id string) *numbers.Series {
	t.Helper()
	i := slices.IndexFunc(p.Series, func(s numbers.Series) bool { return s.ID == id })
	if i < 0 {
		t.Fatalf("no series %s", id)
	}
	return &p.Series[i]
}

func line(t testing.TB, s *numbers.Series, by, code string) numbers.Row {
	t.Helper()
	for _, tab := range s.Tables {
		for _, r := range tab.Rows {
			if tab.By == by && r.Code == code {
				return r
			}
		}
	}
	t.Fatalf("no row %s by %s in %s", code, by, s.ID)
	return numbers.Row{}
}

func number(n *int) string {
	if n == nil {
		return "withheld"
	}
	return fmt.Sprint(*n)
}

func bytesOf(t testing.TB, p *numbers.Publication) []byte {
	t.Helper()
	b, err := p.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTheSameRecordGivesTheSameBytesInAnyOrder(t *testing.T) {
	t.Parallel()
	facts := year(300, 7)
	count := func() []byte {
		in := input(t, all(facts...), "2026")
		in.Orders = []*order.Order{example(t)}
		return bytesOf(t, publish(t, in))
	}
	first := count()
	slices.Reverse(facts)
	if again := count(); !bytes.Equal(first, again) {
		t.Errorf("the figures depend on the order of the facts: %s", difference(first, again))
	}
	golden(t, "year.json", first)
}

func TestZeroIsPrintedAsZero(t *testing.T) {
	t.Parallel()
	p := publish(t, input(t, all(), "2026-Q1"))
	s := series(t, p, "activity")
	if got := number(s.Total.All); got != "0" {
		t.Errorf("an empty quarter has %s incidents, want 0", got)
	}
	for _, r := range series(t, p, "gaps").Tables[0].Rows {
		for i, n := range r.Months {
			if number(n) != "0" {
				t.Errorf("gap %s of %s: %s, want 0", r.Code, p.Period.Months()[i], number(n))
			}
		}
	}
	if got := line(t, s, "agency", "fbi"); number(got.All) != "0" {
		t.Error("an agency nobody met has no row of zeros")
	}
}

// Requirements case 11: a public table with a cell of three is withheld with a
// partner.
func TestACellOfThreeIsWithheldWithAPartner(t *testing.T) {
	t.Parallel()
	var fs []order.Facts
	for i := range 30 {
		district := "D1"
		switch {
		case i < 3:
			district = "D2"
		case i < 12:
			district = "D3"
		}
		f := incident(i+1, "2026-01-15T12:00:00-06:00", district)
		record(&f, "activity", m{"activity_kinds": []string{"arrest"}, "agencies": []string{"ice_ero"}, "agency_basis": "insignia"})
		fs = append(fs, f)
	}
	s := series(t, publish(t, input(t, all(fs...), "2026-01")), "activity")
	if number(s.Total.Months[0]) != "30" {
		t.Fatalf("the month has %s incidents", number(s.Total.Months[0]))
	}
	withheld := 0
	for _, code := range []string{"D1", "D2", "D3"} {
		if line(t, s, "area", code).Months[0] == nil {
			withheld++
		}
	}
	if line(t, s, "area", "D2").Months[0] != nil || withheld < 2 {
		t.Errorf("D2 %s, and %d withheld in all: want D2 withheld with a partner", number(line(t, s, "area", "D2").Months[0]), withheld)
	}
}

// A small cell is withheld where its row and its column are large, too.
func TestASmallCellAmongLargeTotalsIsWithheld(t *testing.T) {
	t.Parallel()
	var fs []order.Facts
	for i := range 60 {
		district, when := "D1", "2026-01-15T12:00:00-06:00"
		if i >= 30 {
			when = "2026-02-15T12:00:00-06:00"
		}
		if i < 3 || i >= 45 {
			district = "D2"
		}
		f := incident(i+1, when, district)
		record(&f, "activity", m{"activity_kinds": []string{"arrest"}, "agencies": []string{"ice_ero"}, "agency_basis": "insignia"})
		fs = append(fs, f)
	}
	s := series(t, publish(t, input(t, all(fs...), "2026-Q1")), "activity")
	one, two := line(t, s, "area", "D1"), line(t, s, "area", "D2")
	if two.Months[0] != nil || one.Months[0] != nil {
		t.Errorf("January has D1 %s and D2 %s: want both withheld", number(one.Months[0]), number(two.Months[0]))
	}
	if number(s.Total.Months[0]) != "30" || number(s.Total.All) != "60" {
		t.Error("a total that tells nothing small is withheld")
	}
}

func TestAFewComplaintsNobodyOwnsAreNotCountedInPublic(t *testing.T) {
	t.Parallel()
	in := input(t, all(), "2026-06")
	in.Orders = append(in.Orders, load(t, "chicago-mcc-2-173"))
	late := func(n int) string {
		in.House = order.Facts{}
		for range n {
			record(&in.House, "own_complaint", m{"received_at": "2026-03-01T12:00:00-06:00", "owner_body": "unassigned", "conduct": []string{"perimeter"}})
		}
		for i, r := range in.House.Records {
			in.House.Records[i].ID = jurat.ItemID(fmt.Sprintf("record-%d", i+1))
			_ = r
		}
		for _, o := range publish(t, in).Overdue {
			if strings.Contains(o.Duty, "complaint") {
				return number(o.Number)
			}
		}
		t.Fatal("no duty about complaints is listed")
		return ""
	}
	if a, b, c := late(0), late(2), late(7); a != "0" || b != "withheld" || c != "7" {
		t.Errorf("none, two and seven complaints are printed as %s, %s and %s", a, b, c)
	}
}

// Five allegations of one incident are one incident's.
func TestManyAllegationsOfOneIncidentAreASmallNumber(t *testing.T) {
	t.Parallel()
	f := incident(1, "2026-01-15T12:00:00-06:00", "D1")
	for range 9 {
		f.Allegations = append(f.Allegations, jurat.Allegation{Level: "felony", Status: "alleged"})
	}
	s := series(t, publish(t, input(t, all(f), "2026-01")), "allegations")
	if !s.Withheld || s.Total.All != nil {
		t.Errorf("nine allegations of one incident are printed: %s", number(s.Total.All))
	}
}

func TestWhatIsAssumedIsNotEstablished(t *testing.T) {
	t.Parallel()
	var fs []order.Facts
	for i := range 20 {
		f := incident(i+1, "2026-01-15T12:00:00-06:00", "D1")
		record(&f, "activity", m{"activity_kinds": []string{"arrest"}, "agencies": []string{"ice_ero"}, "agency_basis": []string{"insignia", "assumed"}[i%2]})
		fs = append(fs, f)
	}
	p := publish(t, input(t, all(fs...), "2026-01"))
	s := series(t, p, "activity")
	if a, b := number(line(t, s, "agency", "ice_ero").All), number(line(t, s, "agency", "not_established").All); a != "10" || b != "10" {
		t.Errorf("established %s, not established %s, want 10 and 10", a, b)
	}
	if got := number(line(t, series(t, p, "gaps"), "gap", "agency_not_established").All); got != "10" {
		t.Errorf("the gap says %s, want 10 as the activity does", got)
	}
}

// Requirements case 13: an agency first taken for another is corrected, and the
// correction is listed and kept.
func TestACorrectionIsListedAndKept(t *testing.T) {
	t.Parallel()
	facts := func(corrected bool) []order.Facts {
		var fs []order.Facts
		for i := range 40 {
			f := incident(i+1, "2026-01-15T12:00:00-06:00", "D1")
			r := record(&f, "activity", m{"activity_kinds": []string{"arrest"}, "agencies": []string{"ice_ero"}, "agency_basis": "insignia"})
			if corrected && i < 10 {
				before := r.ID
				record(&f, "activity", m{"activity_kinds": []string{"arrest"}, "agencies": []string{"unknown"}, "agency_basis": "unknown"}).Amends = before
			}
			fs = append(fs, f)
		}
		return fs
	}
	first := publish(t, input(t, all(facts(false)...), "2026-01"))
	in := input(t, all(facts(true)...), "2026-01")
	in.Checkpoint.Size, in.Earlier = 5000, first
	second := publish(t, in)
	want := numbers.Correction{From: first.Checkpoint, To: second.Checkpoint, Order: "chicago-eo-2026-01", Series: "activity", By: "agency", Code: "ice_ero", Month: "2026-01", Was: "40", Now: "30"}
	if !slices.Contains(second.Corrections, want) {
		t.Errorf("corrections %+v, want %+v among them", second.Corrections, want)
	}
	read, err := numbers.ReadPublication(bytes.NewReader(bytesOf(t, second)))
	if err != nil {
		t.Fatal(err)
	}
	in = input(t, all(facts(true)...), "2026-01")
	in.Earlier = read
	if third := publish(t, in); !slices.Equal(third.Corrections, second.Corrections) {
		t.Errorf("the third publication lists %d corrections, the second %d", len(third.Corrections), len(second.Corrections))
	}
}

// What was withheld stays withheld: a number that grew past the threshold would
// tell what it was before.
func TestWhatWasWithheldStaysWithheld(t *testing.T) {
	t.Parallel()
	first := publish(t, input(t, all(year(200, 3)...), "2026"))
	in := input(t, all(year(260, 3)...), "2026")
	in.Earlier = first
	second := publish(t, in)
	for i, s := range first.Series {
		for k, tab := range s.Tables {
			for r, before := range tab.Rows {
				for j := range before.Months {
					if now := second.Series[i].Tables[k].Rows[r]; before.Months[j] == nil && now.Months[j] != nil && *now.Months[j] != 0 {
						t.Errorf("%s by %s, %s in %s was withheld and is now %d", s.ID, tab.By, before.Code, s.Months[j], *now.Months[j])
					}
				}
			}
		}
	}
}

func TestNothingIsPublishedBeforeTheDelayNorInAnotherCut(t *testing.T) {
	t.Parallel()
	in := input(t, all(), "2026-06")
	in.Made = at("2026-07-30T12:00:00Z")
	if _, err := numbers.Publish(in); !errors.Is(err, jurat.Conflict) || !strings.Contains(err.Error(), "2026-07-31") {
		t.Errorf("before the delay: %v, want a conflict that names the day", err)
	}
	in = input(t, all(), "2026-06")
	in.Earlier = publish(t, input(t, all(), "2026"))
	if _, err := numbers.Publish(in); !errors.Is(err, jurat.Conflict) {
		t.Errorf("a month of a year already published: %v, want a conflict", err)
	}
	in = input(t, all(), "2026-Q3")
	in.Earlier = publish(t, input(t, all(), "2026-Q2"))
	if _, err := numbers.Publish(in); err != nil {
		t.Errorf("the quarter after: %v", err)
	}
}

func TestBadInputIsRefusedWithASentence(t *testing.T) {
	t.Parallel()
	broken := errors.New("the register went away")
	f := incident(1, "2026-01-15T12:00:00-06:00", "D1")
	for _, tc := range []struct {
		name   string
		change func(*numbers.Input)
		want   error
	}{
		{"an incident twice", func(in *numbers.Input) { in.Facts = all(f, f) }, jurat.Conflict},
		{"facts that cannot be read", func(in *numbers.Input) {
			in.Facts = func(yield func(order.Facts, error) bool) { yield(order.Facts{}, broken) }
		}, broken},
		{"no checkpoint", func(in *numbers.Input) { in.Checkpoint = numbers.Checkpoint{} }, jurat.Invalid},
		{"no moment", func(in *numbers.Input) { in.Made = time.Time{} }, jurat.Invalid},
		{"no last event", func(in *numbers.Input) { in.AsOf = time.Time{} }, jurat.Invalid},
		{"no order", func(in *numbers.Input) { in.Orders = nil }, jurat.Conflict},
		{"an odd period", func(in *numbers.Input) { in.Period.To = "2026-08" }, jurat.Invalid},
		{"an order that publishes nothing", func(in *numbers.Input) { in.Orders = []*order.Order{load(t, "illinois-trust-act")} }, jurat.Conflict},
		{"a word that takes a side", func(in *numbers.Input) { in.Words = []string{"documented"} }, jurat.Invalid},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			in := input(t, all(), "2026-01")
			tc.change(&in)
			if _, err := numbers.Publish(in); !errors.Is(err, tc.want) {
				t.Errorf("%v, want %v", err, tc.want)
			}
		})
	}
}

// Classes of status are never mixed: an order that asks for it publishes
// nothing.
func TestASeriesThatWouldMixClassesEndsThePublication(t *testing.T) {
	t.Parallel()
	for _, by := range [][]string{{"month", "status"}, {"month", "allegation_class"}, {"month", "gap"}} {
		in := input(t, all(), "2026-01")
		o := *in.Orders[0]
		o.Publication = slices.Clone(o.Publication)
		o.Publication[0].By = by // the series of activity
		in.Orders = []*order.Order{&o}
		if _, err := numbers.Publish(in); !errors.Is(err, jurat.Conflict) {
			t.Errorf("activity by %v: %v, want a conflict", by, err)
		}
	}
}

func TestAFindingIsACourtsWord(t *testing.T) {
	t.Parallel()
	var fs []order.Facts
	for i, status := range jurat.AllegationStatuses {
		for k := range 6 {
			f := incident(i*10+k+1, "2026-01-15T12:00:00-06:00", "D1")
			f.Allegations = []jurat.Allegation{{Level: "felony", Status: status, StatusAt: at("2026-01-20T12:00:00-06:00")}}
			fs = append(fs, f)
		}
	}
	p := publish(t, input(t, all(fs...), "2026-01"))
	for id, want := range map[string][]string{
		"findings":    {"dismissed", "acquitted", "convicted"},
		"allegations": {"alleged", "supported", "not_supported", "unfounded", "insufficient", "referred", "declined", "charged", "removed_to_federal_court"},
	} {
		var got []string
		for _, tab := range series(t, p, id).Tables {
			for _, r := range tab.Rows {
				if tab.By == "status" {
					got = append(got, r.Code)
					if number(r.All) != "6" {
						t.Errorf("%s %s: %s, want 6", id, r.Code, number(r.All))
					}
				}
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s has %v, want %v", id, got, want)
		}
	}
}

// No place people typed, no time of day and no person stands in anything that
// is published, whatever the record holds.
func TestNothingPersonalLeaves(t *testing.T) {
	t.Parallel()
	fs := year(400, 5)
	p := publish(t, input(t, all(fs...), "2026"))
	site := map[string]string{}
	if err := p.Site(func(name string, b []byte) error { site[name] = string(b); return nil }, nil); err != nil {
		t.Fatal(err)
	}
	for name, text := range site {
		for _, bad := range []string{"Corner of an exact place", "Officer 4471", "2026-000001", "narrative", "T12:00"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s holds %q", name, bad)
			}
		}
	}
}

func TestOverdueGuidanceIsSaidAsNotOnFile(t *testing.T) {
	t.Parallel()
	in := input(t, all(), "2026-06")
	late := func(p *numbers.Publication) int {
		n := 0
		for _, o := range p.Overdue {
			if o.Number != nil {
				n += *o.Number
			}
		}
		return n
	}
	missing := publish(t, in)
	if len(missing.Overdue) == 0 || late(missing) == 0 {
		t.Errorf("guidance that is not on file is not listed: %+v", missing.Overdue)
	}
	record(&in.House, "guidance", m{"number": "G-1", "issued_on": "2026-02-20"})
	if got := publish(t, in); late(got) >= late(missing) || len(got.Overdue) != len(missing.Overdue) {
		t.Errorf("with guidance on file %d are late, without %d", late(got), late(missing))
	}
}

func BenchmarkAYearOver100000Incidents(b *testing.B) {
	facts := year(100_000, 1)
	for b.Loop() {
		publish(b, input(b, all(facts...), "2026"))
	}
}
