package order

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"jurat"
)

func TestWhatIsSaidAboutTheFieldsOfARecord(t *testing.T) {
	orders := []*Order{chicago(t)}
	cases := []struct {
		name, typ, fields string
		say               string // of the first finding
		refused           bool
	}{
		{"all is stated", "identification_attempt", `{"outcome":"no_answer","recording":"unknown"}`, "", false},
		{"nothing is stated", "identification_attempt", `{}`, "outcome is not stated", false},
		{"no fields at all", "identification_attempt", ``, "outcome is not stated", false},
		{"an empty answer is none", "identification_attempt", `{"outcome":"","recording":null}`, `outcome "" is not in its list`, true},
		{"an unknown field", "identification_attempt", `{"outcom":"refused"}`, `did you mean "outcome"?`, true},
		{"a value outside the list", "identification_attempt", `{"outcome":"silence"}`, `outcome "silence" is not in its list`, true},
		{"a near value", "identification_attempt", `{"outcome":"refussed"}`, `did you mean "refused"?`, true},
		{"a number for a text", "identification_attempt", `{"outcome":7}`, "where a string belongs", true},
		{"a date that is none", "ems_call", `{"called_at":"yesterday"}`, "2026-02-10T21:15:00-06:00", true},
		{"an empty list is not stated", "activity", `{"activity_kinds":["arrest"],"force_seen":[],"warrant_shown":"unknown"}`, "force_seen is not stated", false},
		{"a value twice", "activity", `{"activity_kinds":["arrest","arrest"],"force_seen":["hands"],"warrant_shown":"unknown"}`, "has an entry twice", true},
		{"a text too short", "report", `{"narrative":"short","violation_alleged":"no","anyone_injured":"no"}`, "shorter than 20", false},
		{"a negative offset", "identification_attempt", `{"offset_from_s":-1,"outcome":"refused","recording":"yes"}`, "offset_from_s is less than 0", true},
		{"a plain no", "report", `{"narrative":"some words of the usual length","violation_alleged":false,"anyone_injured":"no"}`, "violation_alleged", true},
		{"a reason for a duty", "duty_exception", `{"duty":"canvass","answer":"not_done","reason":"nobody was there"}`, "", false},
		{"a reason for no duty", "duty_exception", `{"duty":"canvas","answer":"not_done","reason":"nobody was there"}`, `did you mean "canvass"?`, true},
		{"a pause of no duty", "clock_pause", `{"duty":"footage","from":"2026-03-02T08:00:00-06:00","reason":"a court"}`, `no adopted order has a duty "footage"`, true},
		{"a month that is none", "release", `{"month":"2026-13","published_on":"2026-03-01"}`, "is not written as", true},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			found, err := Validate(orders, jurat.RecordType(tc.typ), json.RawMessage(tc.fields))
			if err != nil {
				t.Fatal(err)
			}
			if tc.say == "" {
				if len(found) > 0 {
					t.Fatalf("said %v", found)
				}
				return
			}
			i := slices.IndexFunc(found, func(f Finding) bool { return strings.Contains(f.Say, tc.say) })
			if i < 0 || found[i].Refused != tc.refused {
				t.Fatalf("said %+v, want %q refused %t", found, tc.say, tc.refused)
			}
			if got := Refusal(found); (got != nil) != tc.refused || got != nil && !errors.Is(got, jurat.Invalid) {
				t.Errorf("refusal: %v", got)
			}
		})
	}
	for _, fields := range []string{`[]`, `{`, `"x"`, `{"a":1}{}`} {
		if _, err := Validate(orders, "report", json.RawMessage(fields)); !errors.Is(err, jurat.Invalid) {
			t.Errorf("%s: %v", fields, err)
		}
	}
	if _, err := Validate(orders, "poem", nil); !errors.Is(err, jurat.Invalid) {
		t.Errorf("a type no order defines: %v", err)
	}
}

func TestAFieldGoesToTheClassItsTypeNames(t *testing.T) {
	orders := []*Order{chicago(t)}
	w, err := Seal(orders, "identification_attempt", json.RawMessage(`{"outcome":"identified_verified","recording":"yes","name_given":"a name","badge_given":"12","exhibit":"E1"}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(w.Fields); got != `{"exhibit":"E1","outcome":"identified_verified","recording":"yes"}` {
		t.Errorf("open: %s", got)
	}
	sealed, _ := json.Marshal(w.Sealed)
	if got := string(sealed); got != `{"identity":{"badge_given":"12","name_given":"a name"}}` {
		t.Errorf("sealed: %s", got)
	}
	if _, err := Seal(orders, "identification_attempt", json.RawMessage(`{"name":"a name"}`)); !errors.Is(err, jurat.Invalid) {
		t.Errorf("an unknown field was taken: %v", err)
	}
}

func TestBusinessDaysSkipWeekendsAndHolidays(t *testing.T) {
	o := small(t)
	o.holiday = map[string]bool{"2026-02-16": true}
	chi := o.Zone
	cases := []struct {
		within     Period
		from, want time.Time
	}{
		{Period{N: 1, Unit: BusinessDays}, time.Date(2026, 2, 10, 23, 0, 0, 0, chi), time.Date(2026, 2, 12, 0, 0, 0, 0, chi)},
		{Period{N: 5, Unit: BusinessDays}, time.Date(2026, 2, 10, 9, 0, 0, 0, chi), time.Date(2026, 2, 19, 0, 0, 0, 0, chi)},
		{Period{N: 1, Unit: BusinessDays}, time.Date(2026, 2, 13, 9, 0, 0, 0, chi), time.Date(2026, 2, 18, 0, 0, 0, 0, chi)},
		{Period{N: 24, Unit: Hours}, time.Date(2026, 3, 7, 12, 0, 0, 0, chi), time.Date(2026, 3, 8, 13, 0, 0, 0, chi)},
		{Period{N: 1, Unit: Days}, time.Date(2026, 3, 7, 12, 0, 0, 0, chi), time.Date(2026, 3, 8, 12, 0, 0, 0, chi)},
		{Period{N: 90, Unit: Days}, time.Date(2026, 1, 1, 0, 30, 0, 0, chi), time.Date(2026, 4, 1, 0, 30, 0, 0, chi)},
		{Period{N: 2, Unit: Years}, time.Date(2026, 1, 1, 0, 0, 0, 0, chi), time.Date(2028, 1, 1, 0, 0, 0, 0, chi)},
	}
	for _, tc := range cases {
		if got := o.after(tc.within, tc.from.UTC()); !got.Equal(tc.want) {
			t.Errorf("%s after %s: %s, want %s", tc.within, tc.from, got.In(chi), tc.want)
		}
	}
}

// paused is the small order with the record type that pauses a clock.
func paused(t *testing.T) *Order {
	text := replaceOnce(t, read(t, "testdata/small.yaml"), "moments:\n", `  - id: clock_pause
    label: {en: Pause of a clock}
    basis: stated
    sources: [text]
    labels: [{field: duty, en: Duty}, {field: from, en: From}, {field: until, en: Until}, {field: reason, en: Reason}]
    schema:
      type: object
      properties:
        duty: {type: string}
        from: {type: string, format: date-time}
        until: {type: string, format: date-time}
        reason: {type: string}
moments:
`)
	text = replaceOnce(t, text, "within: 5 business days", "within: 10 days")
	o, ps := Parse("f", []byte(text))
	if o == nil {
		t.Fatal(ps)
	}
	return o
}

func TestAPausedClockStandsStillAndOverlapsCountOnce(t *testing.T) {
	o := paused(t)
	day := func(n int) time.Time { return time.Date(2026, 6, n, 12, 0, 0, 0, time.UTC) }
	pause := func(from, until string) jurat.Record {
		return jurat.Record{ID: "2026-000001-R1", Type: TypePause, Fields: []byte(`{"duty":"write-note","reason":"a court asked","from":"` + from + `","until":"` + until + `"}`)}
	}
	f := Facts{Incident: jurat.Incident{Number: exampleIncident, FirstKnowledge: day(1)}}
	if d := o.Evaluate(f, day(12)).Duties[0]; d.State != Late || !d.Due.Equal(day(11)) {
		t.Errorf("not paused: %s, due %s", d.State, d.Due)
	}
	f.Records = []jurat.Record{pause("2026-06-03T12:00:00Z", "2026-06-06T12:00:00Z"), pause("2026-06-05T12:00:00Z", "2026-06-07T12:00:00Z")}
	if d := o.Evaluate(f, day(12)).Duties[0]; d.State != Owed || !d.Due.Equal(day(15)) || d.Warned != 3 {
		t.Errorf("paused four days: %s, due %s, warned %d", d.State, d.Due, d.Warned)
	}
	f.Records = []jurat.Record{pause("2026-06-03T12:00:00Z", "")}
	if d := o.Evaluate(f, day(30)).Duties[0]; d.State != Owed || d.Paused != "a court asked" {
		t.Errorf("still paused: %s %q", d.State, d.Paused)
	}
	f.Records[0].State = jurat.RecordReturn
	if d := o.Evaluate(f, day(30)).Duties[0]; d.State != Late {
		t.Errorf("a returned pause: %s", d.State)
	}
}

func status(t *testing.T, lines string) *Order {
	text := replaceOnce(t, read(t, "testdata/small.yaml"), "  - {state: in_force, date: 2026-01-31, authority: City council, basis: stated, sources: [text]}\n", lines)
	o, ps := Parse("f", []byte(text))
	if o == nil {
		t.Fatal(ps)
	}
	return o
}

func TestAStayTakesEffectAtItsMinute(t *testing.T) {
	o := status(t, `  - {state: in_force, date: 2026-01-31, authority: City council, basis: stated, sources: [text]}
  - {state: stayed, date: "2026-06-10T12:00:00-05:00", authority: A court, basis: stated, sources: [text]}
  - {state: in_force, date: 2026-07-01, authority: A court, basis: stated, sources: [text]}
  - {state: repealed, date: 2026-09-01, authority: City council, basis: stated, sources: [text]}
`)
	noon := time.Date(2026, 6, 10, 17, 0, 0, 0, time.UTC)
	f := Facts{Incident: jurat.Incident{Number: exampleIncident, FirstKnowledge: noon.Add(-24 * time.Hour)}}
	for _, tc := range []struct {
		name  string
		known time.Time
		at    time.Time
		state State
		now   Standing
	}{
		{"before the order", noon, time.Date(2026, 1, 30, 0, 0, 0, 0, time.UTC), NotApplicable, notYet},
		{"a minute before the stay", noon, noon.Add(-time.Minute), Owed, InForce},
		{"at the stay", noon, noon, NotApplicable, Stayed},
		{"after the stay was lifted", noon, noon.AddDate(0, 1, 0), Late, InForce},
		{"repealed, for what happened before", noon, noon.AddDate(0, 4, 0), Late, Repealed},
		{"repealed, for what happened after", noon.AddDate(0, 3, 15), noon.AddDate(0, 4, 0), NotApplicable, Repealed},
	} {
		f.Incident.FirstKnowledge = tc.known.Add(-24 * time.Hour)
		e := o.Evaluate(f, tc.at)
		if e.Duties[0].State != tc.state || e.Orders[0].Standing != tc.now {
			t.Errorf("%s: %s, %s, want %s, %s", tc.name, e.Duties[0].State, e.Orders[0].Standing, tc.state, tc.now)
		}
	}
}

func TestADisputeSuspendsNothingAndAnInjunctionOnlyWhatItNames(t *testing.T) {
	o := status(t, `  - {state: in_force, authority: City council, basis: stated, sources: [text]}
  - {state: disputed, date: 2026-02-06, authority: An office, basis: stated, sources: [text]}
  - {state: enjoined_in_part, date: 2026-03-01, authority: A court, duties: [write-note], basis: stated, sources: [text]}
  - {state: disputed, date: 2026-04-01, authority: An office, basis: stated, sources: [text]}
`)
	f := Facts{
		Incident: jurat.Incident{Number: exampleIncident, FirstKnowledge: time.Date(2026, 2, 10, 0, 0, 0, 0, time.UTC)},
		Records:  []jurat.Record{{ID: "2026-000001-R1", Type: "note", Fields: []byte(`{"injury":"yes"}`)}},
	}
	for _, tc := range []struct {
		at         time.Time
		note, help State
	}{
		{time.Date(2026, 2, 11, 0, 0, 0, 0, time.UTC), Met, Owed},
		{time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), NotApplicable, Owed},
		{time.Date(2026, 4, 2, 0, 0, 0, 0, time.UTC), NotApplicable, Owed},
	} {
		e := o.Evaluate(f, tc.at)
		if e.Duties[0].State != tc.note || e.Duties[1].State != tc.help {
			t.Errorf("%s: %s, %s", tc.at, e.Duties[0].State, e.Duties[1].State)
		}
	}
}

func TestQuestionsOfSeveralOrdersOnOneFieldAreOne(t *testing.T) {
	a := small(t)
	b := *small(t)
	b.ID, b.File = "example-2", "second.yaml"
	b.Forms = []Form{{ID: QuickForm, Questions: []Question{{ID: "q9", Fields: []string{"note.words", "note.told_in"}, Ask: Label{"en": "Tell us"}}}}}
	qs, ps := QuickReport(a, &b)
	if ps.Err() != nil || len(qs) != 2 {
		t.Fatalf("%d questions, %v", len(qs), ps)
	}
	if got := strings.Join(qs[0].Fields, " "); got != "note.words note.name note.told_in" {
		t.Errorf("fields: %s", got)
	}
	for i := range 11 {
		b.Forms[0].Questions = append(b.Forms[0].Questions, Question{ID: "x", Fields: []string{"note.f" + string(rune('a'+i))}, Ask: Label{"en": "Question " + string(rune('a'+i))}})
	}
	qs, ps = QuickReport(a, &b)
	if len(qs) != 13 || ps.Err() == nil {
		t.Fatalf("%d questions were taken", len(qs))
	}
	for _, want := range []string{"13 numbered questions", "Was anybody hurt?", "Question k", "second.yaml"} {
		if !strings.Contains(ps.String(), want) {
			t.Errorf("not said: %s\n%s", want, ps)
		}
	}
	if a.Forms[0].Questions[0].Fields[len(a.Forms[0].Questions[0].Fields)-1] != "note.name" {
		t.Error("the first order was changed")
	}
}

func TestTheQuickReportOfChicagoIsShort(t *testing.T) {
	qs, ps := QuickReport(chicago(t))
	if ps.Err() != nil || len(qs) == 0 || len(qs) > MaxQuestions {
		t.Errorf("%d questions: %v", len(qs), ps)
	}
}

func TestOrdersThatDisagreeAboutAFieldAreNotAdoptedTogether(t *testing.T) {
	text := replaceOnce(t, read(t, "testdata/small.yaml"), "id: example-1", "id: example-2")
	text = replaceOnce(t, text, "name: {type: string, x-class: identity}", "name: {type: string}")
	b, ps := Parse("second.yaml", []byte(text))
	if b == nil {
		t.Fatal(ps)
	}
	if got := Together(small(t), b); !strings.Contains(got.String(), "note.name is of another type or class") {
		t.Errorf("said: %s", got)
	}
	if got := Together(small(t), small(t)); !strings.Contains(got.String(), "already there") {
		t.Errorf("said: %s", got)
	}
	if got := Together(small(t), chicago(t)); strings.Contains(got.String(), "the field") {
		t.Errorf("said: %s", got)
	}
}

// A record stands behind one wall: an order adopted beside another does not move
// what that one keeps behind a second.
func TestOrdersThatPutATypeBehindTwoWallsAreNotAdoptedTogether(t *testing.T) {
	behind := func(id, wall string) *Order {
		text := replaceOnce(t, read(t, "testdata/small.yaml"), "id: example-1", "id: "+id)
		b, ps := Parse(id+".yaml", []byte(replaceOnce(t, text, "  - id: note\n", "  - id: note\n    scope: house\n    wall: "+wall+"\n")))
		if b == nil {
			t.Fatal(ps)
		}
		return b
	}
	if got := Together(behind("one", "complaint"), behind("two", "inquiry")); got.Refused().Err() == nil || !strings.Contains(got.String(), `behind the wall "inquiry" here and "complaint" in one.yaml`) {
		t.Errorf("said: %s", got)
	}
	if got := Together(behind("one", "complaint"), behind("two", "complaint")); got.Refused().Err() != nil {
		t.Errorf("said: %s", got)
	}
}

// A value one order takes and another does not can never be entered: it is told
// before anybody adopts, and where no value is left the orders do not go together.
func TestOrdersThatListOtherValuesSaySo(t *testing.T) {
	other := func(list string) *Order {
		text := replaceOnce(t, read(t, "testdata/small.yaml"), "id: example-1", "id: example-2")
		b, ps := Parse("second.yaml", []byte(replaceOnce(t, text, "enum: [letter, call]", "enum: ["+list+"]")))
		if b == nil {
			t.Fatal(ps)
		}
		return b
	}
	for _, tc := range []struct {
		list, say string
		refused   bool
	}{
		{"letter, call", "", false},
		{"call, letter", "", false},
		{"letter, visit", "only what both know is accepted: visit, call", false},
		{"visit, fax", "no value of the field note.told_in", true},
	} {
		got := Together(small(t), other(tc.list))
		if (got.Refused().Err() != nil) != tc.refused || !strings.Contains(got.String(), tc.say) || tc.say == "" && len(got) > 0 {
			t.Errorf("%s: %s", tc.list, got)
		}
	}
}

// An expected set that is empty is told apart from none: no warning at all.
func TestATestMayExpectNoWarning(t *testing.T) {
	text := read(t, "testdata/small.yaml")
	o, ps := Parse("small.yaml", []byte(text))
	if o == nil {
		t.Fatal(ps)
	}
	with := func(expected string) TestReport {
		i := strings.Index(text, "\ntests:")
		b, ps := Parse("small.yaml", []byte(text[:i]+`
tests:
  - id: no-warning
    title: Nothing warns
    at: 2026-03-01T10:00:00-06:00
    facts: {}
    expect:
      gates: [{id: approve, open: true, `+expected+`}]
`))
		if b == nil {
			t.Fatal(ps)
		}
		return b.Test()
	}
	if r := with("warned: []"); r.Failed != 0 {
		t.Errorf("with none: %+v", r)
	}
	text = replaceOnce(t, text, "gates:\n  - {id: approve, basis: stated, sources: [text]}", `gates:
  - id: approve
    basis: stated
    sources: [text]
    needs:
      - {id: nobody-checked, when: "false", say: {en: Check it.}, basis: unverified}`)
	if r := with("warned: []"); r.Failed != 1 {
		t.Errorf("with one: %+v", r)
	}
}

func TestAGateNoOrderSpeaksOfIsClosed(t *testing.T) {
	e := Evaluate(nil, Facts{}, time.Time{})
	for _, g := range e.Gates {
		if g.Open || len(g.Reasons) != 1 {
			t.Errorf("%s: open %t, %v", g.ID, g.Open, g.Reasons)
		}
	}
}

func TestAGateIsAskedForOneItemAlone(t *testing.T) {
	o := chicago(t)
	f := Facts{Incident: jurat.Incident{Number: exampleIncident}, Records: []jurat.Record{
		{ID: "2026-000001-R1", Type: "identification_attempt", Fields: []byte(`{"outcome":"refused","recording":"no"}`)},
		{ID: "2026-000001-R2", Type: "identification_attempt", Fields: []byte(`{"outcome":"refused","recording":"yes_not_yet_uploaded"}`)},
	}}
	g := o.Evaluate(f, someTimes[4]).Gate(GateApprove)
	about := func(item string) bool {
		return slices.ContainsFunc(g.For(item), func(r Reason) bool { return r.ID == "refusal-recorded" })
	}
	if !about("2026-000001-R1") || about("2026-000001-R2") {
		t.Errorf("reasons: %+v", g.Reasons)
	}
}

func TestAFailingExampleSaysWhatWasExpectedAndWhatFollowed(t *testing.T) {
	text := replaceOnce(t, read(t, "testdata/small.yaml"), "{id: write-note, state: owed, due", "{id: write-note, state: met, due")
	text = replaceOnce(t, text, "because: [write-note]", "because: [call-help]")
	o, ps := Parse("f", []byte(text))
	if o == nil {
		t.Fatal(ps)
	}
	r := o.Test()
	if r.Failed != 1 || len(r.Results[1].Reasons) != 2 || !strings.Contains(r.Results[1].Reasons[0], "expected met, got owed") {
		t.Errorf("%+v", r)
	}
}

func TestAnOrderIsShownBesideItsSources(t *testing.T) {
	var b strings.Builder
	if err := chicago(t).Show(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"effective from: not stated; until: not stated", "at the direction of the Mayor's Office", "[disputed]", "position of Cook County State's Attorney",
		"position of Mayor of Chicago", "UNVERIFIED, to be confirmed by counsel", "a CHOICE, by the Jurat project", "es (not reviewed)",
		"https://www.cbsnews.com/", "sealed: identity", "(a local target, in no order)",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("not shown: %s", want)
		}
	}
}

func TestACardIsShownOnlyWhileItHoldsAndIsApproved(t *testing.T) {
	day := func(s string) Day {
		at, _ := time.Parse(time.DateOnly, s)
		return Day{Text: s, At: at, Date: true}
	}
	cards := []Card{
		{ID: "good", ApprovedBy: "counsel", ValidFrom: day("2026-01-01"), ValidTo: day("2026-03-31")},
		{ID: "nobody approved"},
		{ID: "stale", ApprovedBy: "counsel", ValidTo: day("2026-02-27")},
		{ID: "early", ApprovedBy: "counsel", ValidFrom: day("2026-03-02")},
	}
	got := Shown(cards, time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	if len(got) != 1 || got[0].ID != "good" {
		t.Errorf("shown: %+v", got)
	}
}

func TestEveryNameAnExpressionMayUseIsListed(t *testing.T) {
	listed := FactNames()
	for _, want := range []string{"now", "incident.first_knowledge", "exhibits[].preserved", "allegations[].elements[].none_known", "records.TYPE[].state", "parties[].agency_basis"} {
		if !slices.ContainsFunc(listed, func(n FactName) bool { return n.Name == want && n.Doc != "" }) {
			t.Errorf("not listed: %s", want)
		}
	}
}

func TestADutyWhoseEndNobodyKnowsIsNeitherOwedNorMet(t *testing.T) {
	text := replaceOnce(t, read(t, "testdata/small.yaml"), "met_when: records.note.size() > 0", "met_when: records.note.exists(n, !n.injury)")
	o, ps := Parse("f", []byte(text))
	if o == nil {
		t.Fatal(ps)
	}
	f := Facts{Incident: jurat.Incident{Number: exampleIncident, FirstKnowledge: someTimes[4]}, Records: []jurat.Record{{ID: "2026-000001-R1", Type: "note", Fields: []byte(`{"injury":"unknown"}`)}}}
	d := o.Evaluate(f, someTimes[6]).Duties[0]
	if d.State != CannotTell || !slices.Contains(d.Why, "not known: injury of 2026-000001-R1") {
		t.Errorf("%s: %v", d.State, d.Why)
	}
}
