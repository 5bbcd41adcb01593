package order

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jurat"
)

func town(t testing.TB) *Order {
	t.Helper()
	o, ps := Parse("town.yaml", []byte(read(t, "testdata/town.yaml")))
	if o == nil {
		t.Fatalf("the order of the town is refused:\n%s", ps)
	}
	return o
}

// other is the order of the town with one text of it replaced.
func other(t testing.TB, from, to string) *Order {
	t.Helper()
	o, ps := Parse("town.yaml", []byte(replaceOnce(t, read(t, "testdata/town.yaml"), from, to)))
	if o == nil {
		t.Fatalf("refused:\n%s", ps)
	}
	return o
}

func dutiesOf(e Evaluation, id string) []Duty {
	return slices.DeleteFunc(slices.Clone(e.Duties), func(d Duty) bool { return d.ID != id })
}

func local(t testing.TB, text string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04:05", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at.UTC()
}

func TestTheTownPassesItsOwnTests(t *testing.T) {
	for _, r := range town(t).Test().Results {
		if r.Failed {
			t.Errorf("%s: %s", r.ID, strings.Join(r.Reasons, "\n"))
		}
	}
}

func TestWhatTheTownsOrderMayNotHold(t *testing.T) {
	text := read(t, "testdata/town.yaml")
	for _, tc := range []struct{ name, from, to, want string }{
		{"an unknown period", "every: quarter\n", "every: quater\n", `did you mean "quarter"?`},
		{"a recurring duty of an incident", "    scope: house\n    owner: police\n", "    owner: police\n", `"every" in a duty of an incident; expected scope: house`},
		{"a first moment", "{period: month, first: 2026-03-01}", "{period: month, first: \"2026-03-01T12:00:00-06:00\"}", "the first period begins on a day"},
		{"a period where nothing recurs", "met_when: it.closed", "met_when: it.closed && period.id == \"x\"", "no such name: 'period'"},
		{"a misspelt fact of a period", "from: period.to,", "from: period.too,", `did you mean "to"?`},
		{"a day of no calendar", "{by: 1 March}", "{by: 30 February}", "no such day in every year"},
		{"a leap day", "{by: 1 March}", "{by: 29 February}", "no such day in every year"},
		{"a misspelt month", "{by: 1 March}", "{by: 1 Marhc}", `did you mean "March"?`},
		{"day 31 of every month", "{by: day 15, warn_before: [3]}", "{by: day 31, warn_before: [3]}", "write last day"},
		{"a day where nothing recurs", "{within: 10 business days, from: it.received_at, local: true, warn: [5]}", "{by: 1 March}", `"by" in a duty that does not recur`},
		{"by and within", "{by: 1 March}", "{by: 1 March, within: 3 days}", `"within" beside by`},
		{"warnings in disorder", "warn_before: [14, 7]", "warn_before: [7, 14]", "before the end is out of order"},
		{"a warning before the beginning", "warn_before: [14, 7]", "warn_before: [31, 7]", "before the clock runs"},
		{"an owner that is no text", "owner_from: it.owner_body", "owner_from: it.closed", "owner_from gives yes or no; expected text"},
		{"a length that is none", `after(it.received_at, "1 day")`, `after(it.received_at, "1 dya")`, `the length "1 dya" in after(…)`},
		{"a length that is made up", `after(it.received_at, "1 day")`, `after(it.received_at, it.owner_body)`, "is not written out"},
		{"a surge that changes a stated time", "local: true, warn: [5]}", "warn: [5]}", "a surge changes no time that an order states"},
		{"a surge that ends before it begins", "to: 2026-08-31", "to: 2026-06-30", "an end after its beginning"},
		{"a surge about no duty", "- duty: decide-complaint\n", "- duty: decide-complaints\n", "is no duty of this order"},
		{"a surge in another unit", "within: 20 business days", "within: 20 days", "and so are its warnings"},
		{"an effect that changes nothing", "        within: 20 business days\n        review: {en: A second person reads it.}\n", "", "changes nothing"},
		{"a tier left out", "{ordinal: 2, cents: 1000000}", "{ordinal: 4, cents: 1000000}", "in order, none left out"},
		{"a part of a cent", "{ordinal: 2, cents: 1000000}", "{ordinal: 2, cents: 1000000.5}", "not a whole number"},
		{"less than nothing", "{ordinal: 2, cents: 1000000}", "{ordinal: 2, cents: -1}", "not a whole number in range"},
		{"a currency that is none", "    currency: USD\n    paid_by", "    currency: usd\n    paid_by", "three capital letters"},
		{"two adopted tables in conflict", "    further: {add_cents: 500000}\n", "    further: {add_cents: 500000}\n    conflicts_with: [fine]\n    adopted: {basis: choice, author: a, reason: b}\n", "both are adopted"},
		{"a conflict with nothing", "conflicts_with: [fine-by-steps]", "conflicts_with: [fine-by-step]", `did you mean "fine-by-steps"?`},
		{"a conflict with itself", "conflicts_with: [fine-by-steps]", "conflicts_with: [fine]", "conflicts with itself"},
		{"a table adopted on a report", "adopted: {basis: choice, author: the town, reason: The rule is nearer to its text than the report.}", "adopted: {basis: reported, sources: [text]}", "basis: choice"},
		{"growth after nothing", "multiply: {times: 3, after: 2 months}", "multiply: {times: 3, after: not stated}", "a time that is not stated"},
		{"further forgotten", "    further: not stated\n", "", `has no "further"`},
		{"a fee a test does not know", "- {table: fine, ordinal: 5", "- {table: fin, ordinal: 5", `did you mean "fine"?`},
		{"a fee with two answers", "signed_off: Counsel's memorandum, cents: 500000}", "signed_off: Counsel's memorandum, cents: 500000, refused: x}", "neither cents nor refused, or both"},
		{"owner_since of an owned duty", "    owner: police\n    every", "    owner: police\n    owner_since: period.from\n    every", "always has an owner"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o, ps := Parse("f", []byte(replaceOnce(t, text, tc.from, tc.to)))
			if o != nil {
				t.Fatal("accepted")
			}
			if got := ps.Refused().String(); !strings.Contains(got, tc.want) {
				t.Errorf("said:\n%s\nwant: %s", got, tc.want)
			}
		})
	}
	none := replaceOnce(t, text, "effective: {from: \"2026-02-27T15:00:00-06:00\", to: 2026-08-25, basis", "effective: {basis")
	if o, ps := Parse("f", []byte(none)); o != nil || !strings.Contains(ps.String(), "nothing says which period is the first") {
		t.Errorf("said:\n%s", ps.Refused())
	}
}

func TestEveryPeriodIsAnItemWithAStateOfItsOwn(t *testing.T) {
	o := town(t)
	f := Facts{Records: []jurat.Record{
		{ID: "a", Type: "filing", Fields: []byte(`{"period":"2026-Q1","filed_on":"2026-05-03T00:00:00Z"}`)},
		{ID: "b", Type: "filing", Fields: []byte(`{"period":"2026-04","department":"fire"}`)},
	}}
	e := o.Evaluate(f, local(t, "2026-08-05 12:00:00"))
	for _, want := range []struct {
		id, item string
		state    State
		late     bool
	}{
		{"quarterly-report", "2026-Q1", Met, true},
		{"quarterly-report", "2026-Q2", Late, false},
		{"quarterly-report", "2026-Q3", NotApplicable, false},
		{"department-log", "fire 2026-04", Met, false},
		{"department-log", "parks 2026-04", Late, false},
		{"department-log", "fire 2026-07", Owed, false},
		{"department-log", "fire 2026-08", NotApplicable, false},
		{"yearly-certificate", "2025", Late, false},
		{"yearly-certificate", "2026", NotApplicable, false},
	} {
		i := slices.IndexFunc(e.Duties, func(d Duty) bool { return d.ID == want.id && d.Item == want.item })
		if i < 0 {
			t.Errorf("%s has no %s", want.id, want.item)
			continue
		}
		if d := e.Duties[i]; d.State != want.state || d.MetLate != want.late {
			t.Errorf("%s %s: %s (late %t), want %s", want.id, want.item, d.State, d.MetLate, want.state)
		}
	}
	if n := len(dutiesOf(e, "department-log")); n != 12 {
		t.Errorf("%d items of two departments from March to August", n)
	}
}

func TestAPeriodOfAStayAsksForNothing(t *testing.T) {
	o := town(t)
	e := o.Evaluate(Facts{}, local(t, "2026-07-20 12:00:00"))
	state := map[string]State{}
	for _, d := range dutiesOf(e, "roll-call") {
		state[d.Item] = d.State
	}
	for day, want := range map[string]State{"2026-05-03": Late, "2026-05-04": Late, "2026-05-05": NotApplicable, "2026-06-07": NotApplicable, "2026-06-08": Late} {
		if state[day] != want {
			t.Errorf("%s: %s, want %s", day, state[day], want)
		}
	}
	if d := dutiesOf(o.Evaluate(Facts{}, local(t, "2026-05-05 12:00:00")), "roll-call"); len(d) != 1 || d[0].State != NotApplicable {
		t.Errorf("while stayed: %v", d)
	}
}

// TestWhatWasAskedBeforeTheEndIsStillOwedAfterIt prevents a report from being
// forgotten because the rule that asked for it has run out.
func TestWhatWasAskedBeforeTheEndIsStillOwedAfterIt(t *testing.T) {
	ds := dutiesOf(town(t).Evaluate(Facts{}, local(t, "2027-03-01 12:00:00")), "quarterly-report")
	if len(ds) != 3 || ds[2].Item != "2026-Q3" || ds[2].State != Late {
		t.Errorf("after the end: %+v", ds)
	}
}

func TestAnExceptionForADutyThatRecursNamesItsPeriod(t *testing.T) {
	o := town(t)
	f := Facts{Records: []jurat.Record{{ID: "x", Type: TypeException, Fields: []byte(`{"duty":"quarterly-report","answer":"not_done","reason":"a fire"}`)}}}
	at := local(t, "2026-05-02 12:00:00")
	if d := dutiesOf(o.Evaluate(f, at), "quarterly-report")[0]; d.Excuse != "" {
		t.Error("one reason stands for every period to come")
	}
	f.Records[0].Fields = []byte(`{"duty":"quarterly-report","item":"2026-Q1","answer":"not_done","reason":"a fire"}`)
	if d := dutiesOf(o.Evaluate(f, at), "quarterly-report")[0]; d.Excuse != "a fire" {
		t.Errorf("%+v", d)
	}
}

func TestTheEndOfAPeriodAndTheDayAfterIt(t *testing.T) {
	o := town(t)
	to := local(t, "2026-04-01 00:00:00")
	for _, tc := range []struct {
		by   DueBy
		want string
	}{
		{DueBy{Month: time.March, Day: 1}, "2027-03-02 00:00:00"},
		{DueBy{Month: time.April, Day: 1}, "2026-04-02 00:00:00"},
		{DueBy{Day: 15}, "2026-04-16 00:00:00"},
		{DueBy{Day: 1}, "2026-04-02 00:00:00"},
		{DueBy{}, "2026-05-01 00:00:00"},
	} {
		if got := o.ends(tc.by, to); !got.Equal(local(t, tc.want)) {
			t.Errorf("%s: %s, want %s", tc.by, got.In(o.Zone), tc.want)
		}
	}
}

func TestPeriodsFollowEachOtherWithoutGapOrOverlap(t *testing.T) {
	o := town(t)
	rapid.Check(t, func(t *rapid.T) {
		every := rapid.SampledFrom(Every[:]).Draw(t, "every")
		begins := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 5000).Draw(t, "first"))
		at := begins.Add(time.Duration(rapid.IntRange(0, 24*365*30).Draw(t, "hours")) * time.Hour)
		r := &Recurrence{Period: every, begins: begin(every, begins)}
		all, earlier := o.windows(r, at)
		if len(all) > maxPeriods || (len(all) < maxPeriods) != earlier.IsZero() && len(all) != maxPeriods {
			t.Fatalf("%d periods, earlier %s", len(all), earlier)
		}
		ids := map[string]bool{}
		for i, w := range all {
			if ids[w.id] || !w.from.Before(w.to) || i > 0 && !all[i-1].to.Equal(w.from) {
				t.Fatalf("%v after %v", w, all[max(i-1, 0)])
			}
			ids[w.id] = true
		}
		if n := len(all); n > 0 && (at.Before(all[n-1].from) || !at.Before(all[n-1].to)) {
			t.Fatalf("the last period %v does not hold %s", all[n-1], at)
		}
	})
}

// TestTheNumberOfPeriodsIsBounded prevents a duty of every day from growing
// without end, and from forgetting in silence.
func TestTheNumberOfPeriodsIsBounded(t *testing.T) {
	o := other(t, "effective: {from: \"2026-02-27T15:00:00-06:00\", to: 2026-08-25,", "effective: {from: 2026-02-27,")
	start := time.Now()
	ds := dutiesOf(o.Evaluate(Facts{}, local(t, "2046-03-01 12:00:00")), "roll-call")
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("it took %s", took)
	}
	if len(ds) != maxPeriods+1 || ds[0].State != CannotTell || !strings.Contains(fmt.Sprint(ds[0].Why), "only the newest 1200 are judged") {
		t.Errorf("%d items, the first %+v", len(ds), ds[0])
	}
}
