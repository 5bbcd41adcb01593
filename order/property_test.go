package order

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jurat"
)

var someTimes = []time.Time{
	{}, time.Date(1, 1, 1, 0, 0, 0, 1, time.UTC), time.Date(2025, 11, 2, 6, 30, 0, 0, time.UTC), time.Date(2026, 1, 31, 6, 0, 0, 0, time.UTC),
	time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), time.Date(2026, 3, 8, 7, 59, 0, 0, time.UTC), time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC), time.Date(9998, 12, 31, 0, 0, 0, 0, time.UTC),
}

func anyTime() *rapid.Generator[time.Time] { return rapid.SampledFrom(someTimes) }

// anyFields makes fields of a record type: right ones, wrong ones, none, and
// what is no JSON at all.
func anyFields(t *rapid.T, r *RecordType) json.RawMessage {
	if rapid.IntRange(0, 9).Draw(t, "broken") == 0 {
		return rapid.SampledFrom([]json.RawMessage{nil, []byte("{"), []byte("[]"), []byte("null"), []byte(`"x"`), []byte(`{"outcome":{"a":1}}`)}).Draw(t, "junk")
	}
	out := map[string]any{}
	for _, f := range r.Fields {
		switch rapid.IntRange(0, 3).Draw(t, f.Name) {
		case 0: // not stated
		case 1:
			out[f.Name] = rapid.SampledFrom([]any{nil, "", 3, true, []any{}, []any{1}, map[string]any{}, "unknown", "no such value", "2026-99-99"}).Draw(t, "wrong")
		default:
			out[f.Name] = rightValue(t, &f)
		}
	}
	raw, _ := json.Marshal(out)
	return raw
}

func rightValue(t *rapid.T, f *Field) any {
	switch {
	case f.Type == "array":
		return []any{rightValue(t, f.Items)}
	case f.Type == "integer" || f.Type == "number":
		return rapid.IntRange(0, 500).Draw(t, "n")
	case f.Enum != nil:
		return rapid.SampledFrom(f.Enum).Draw(t, "value")
	case f.Format == "date":
		return anyTime().Draw(t, "date").Format(time.DateOnly)
	case f.Format != "":
		return anyTime().Draw(t, "time").Format(time.RFC3339)
	}
	return "some words of the usual length"
}

func anyFacts(o *Order) *rapid.Generator[Facts] {
	return rapid.Custom(func(t *rapid.T) Facts {
		var f Facts
		some := func(what string) int { return rapid.IntRange(0, 3).Draw(t, what) }
		if some("house") > 0 {
			f.Incident.Number = exampleIncident
			f.Incident.Trigger = rapid.SampledFrom(jurat.Triggers[:]).Draw(t, "trigger")
			f.Incident.FirstKnowledge, f.Incident.Occurred.From = anyTime().Draw(t, "known"), anyTime().Draw(t, "from")
			f.Incident.Retroactive = rapid.Bool().Draw(t, "retroactive")
		}
		for i := range some("records") {
			r := rapid.SampledFrom(o.Records).Draw(t, "type")
			f.Records = append(f.Records, jurat.Record{
				ID: jurat.NumberItem(exampleIncident, jurat.NounRecord, i+1), Type: jurat.RecordType(r.ID), State: rapid.SampledFrom([]jurat.RecordState{"draft", "submitted", "returned", "approved", ""}).Draw(t, "state"),
				ApprovedAt: anyTime().Draw(t, "approved"), Fields: anyFields(t, r),
			})
		}
		for i := range some("exhibits") {
			x := jurat.Exhibit{ID: jurat.NumberItem(exampleIncident, jurat.NounExhibit, i+1), Kind: rapid.SampledFrom([]string{"bwc", "photo", ""}).Draw(t, "kind"), Held: rapid.SampledFrom([]jurat.Held{"here", "elsewhere", ""}).Draw(t, "held")}
			x.Recorded.From, x.ReceivedAt, x.Confirmed = anyTime().Draw(t, "recorded"), anyTime().Draw(t, "received"), anyTime().Draw(t, "confirmed")
			f.Exhibits = append(f.Exhibits, x)
			if rapid.Bool().Draw(t, "flag") {
				f.Flags = append(f.Flags, jurat.Flag{Exhibit: x.ID, Grounds: []string{"complaint"}, At: anyTime().Draw(t, "flagged")})
			}
		}
		for i := range some("allegations") {
			a := jurat.Allegation{ID: jurat.NumberItem(exampleIncident, jurat.NounAllegation, i+1), Offence: rapid.SampledFrom([]string{"battery", "nothing known", ""}).Draw(t, "offence"), Status: rapid.SampledFrom(jurat.AllegationStatuses[:]).Draw(t, "status")}
			for range some("elements") {
				a.Elements = append(a.Elements, jurat.Element{ID: "e", NoneKnown: rapid.Bool().Draw(t, "none")})
			}
			f.Allegations = append(f.Allegations, a)
		}
		for i := range some("referrals") {
			r := jurat.Referral{ID: jurat.NumberItem(exampleIncident, jurat.NounReferral, i+1), State: rapid.SampledFrom(jurat.ReferralStates[:]).Draw(t, "state"), InitiatedBy: "a", ApprovedBy: rapid.SampledFrom([]jurat.PersonID{"", "a", "b"}).Draw(t, "by")}
			if rapid.Bool().Draw(t, "attested") {
				r.Attested = &jurat.Attestation{None: true}
			}
			f.Referrals = append(f.Referrals, r)
		}
		for range some("contacts") {
			f.Contacts = append(f.Contacts, jurat.Contact{ID: "c", At: anyTime().Draw(t, "contact")})
		}
		for range some("holds") {
			f.Holds = append(f.Holds, jurat.Hold{ReleasedAt: anyTime().Draw(t, "released")})
		}
		for range some("accounts") {
			f.Accounts = append(f.Accounts, jurat.Account{Side: rapid.SampledFrom(jurat.Sides[:]).Draw(t, "side"), State: rapid.SampledFrom(jurat.AccountStates[:]).Draw(t, "answer")})
		}
		return f
	})
}

func printed(t interface{ Fatalf(string, ...any) }, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("cannot be printed: %v", err)
	}
	return string(b)
}

func TestEvaluationIsTotalAndDeterministic(t *testing.T) {
	for _, o := range []*Order{chicago(t), town(t)} {
		t.Run(o.ID, func(t *testing.T) { totalAndDeterministic(t, o) })
	}
}

func totalAndDeterministic(t *testing.T, o *Order) {
	rapid.Check(t, func(t *rapid.T) {
		f, at := anyFacts(o).Draw(t, "facts"), anyTime().Draw(t, "at")
		before := fmt.Sprintf("%#v", f)
		e := o.Evaluate(f, at)
		if printed(t, e) != printed(t, o.Evaluate(f, at)) {
			t.Fatalf("two answers to one question")
		}
		if fmt.Sprintf("%#v", f) != before {
			t.Fatalf("the facts were changed")
		}
		if len(e.Gates) != len(GateIDs) {
			t.Fatalf("%d gates", len(e.Gates))
		}
		for _, d := range e.Duties {
			if !slices.Contains(States[:], d.State) {
				t.Fatalf("%s is %q", d.ID, d.State)
			}
			if d.State == CannotTell && !slices.ContainsFunc(d.Why, func(s string) bool { return len(s) > 10 && (s[:9] == "not known") }) {
				t.Fatalf("%s cannot be told, and nobody says what is missing: %v", d.ID, d.Why)
			}
			if d.Clock == ClockImmediately && d.State == Late {
				t.Fatalf("%s: an immediate duty was judged late", d.ID)
			}
		}
		for _, g := range e.Gates {
			if g.Open != (len(g.Reasons) == 0) {
				t.Fatalf("the gate %s is open %t with reasons %v", g.ID, g.Open, g.Reasons)
			}
			for _, r := range g.Reasons {
				if r.Basis == Unverified || r.Say == "" {
					t.Fatalf("the gate %s is closed by %+v", g.ID, r)
				}
			}
		}
	})
}

func TestTheOrderOfTheFactsChangesNothing(t *testing.T) {
	o := chicago(t)
	rapid.Check(t, func(t *rapid.T) {
		f, at := anyFacts(o).Draw(t, "facts"), anyTime().Draw(t, "at")
		g := f
		g.Records, g.Exhibits, g.Flags, g.Allegations = slices.Clone(f.Records), slices.Clone(f.Exhibits), slices.Clone(f.Flags), slices.Clone(f.Allegations)
		slices.Reverse(g.Records)
		slices.Reverse(g.Exhibits)
		slices.Reverse(g.Flags)
		slices.Reverse(g.Allegations)
		a, b := o.Evaluate(f, at), o.Evaluate(g, at)
		for i := range a.Gates {
			if a.Gates[i].Open != b.Gates[i].Open {
				t.Fatalf("the gate %s: %t and %t", a.Gates[i].ID, a.Gates[i].Open, b.Gates[i].Open)
			}
		}
	})
}

func gateText(t interface{ Fatalf(string, ...any) }, e Evaluation, id GateID) string {
	g := e.Gate(id)
	for i := range g.Reasons {
		g.Reasons[i].Why = nil
	}
	for i := range g.Warnings {
		g.Warnings[i].Why = nil
	}
	return printed(t, g)
}

// TestAFactMovesNoGateItDoesNotConcern: each line adds a fact and names the
// gates that must not move.
func TestAFactMovesNoGateItDoesNotConcern(t *testing.T) {
	o := chicago(t)
	moves := []struct {
		name string
		add  func(*Facts)
		stay []GateID
	}{
		{"a contact", func(f *Facts) { f.Contacts = append(f.Contacts, jurat.Contact{ID: "2026-000001-C9"}) }, []GateID{GateApprove, GatePublish, GateDispose}},
		{"an account of a witness", func(f *Facts) { f.Accounts = append(f.Accounts, jurat.Account{Side: "witness", State: "given"}) }, GateIDs[:]},
		{"a photograph held here", func(f *Facts) {
			f.Exhibits = append(f.Exhibits, jurat.Exhibit{ID: "2026-000001-E9", Kind: "photo", Held: "here"})
		}, GateIDs[:]},
		{"a party", func(f *Facts) { f.Parties = append(f.Parties, jurat.Party{Slot: "Witness 9"}) }, GateIDs[:]},
		{"a record of a type no order knows", func(f *Facts) {
			f.Records = append(f.Records, jurat.Record{ID: "2026-000001-R9", Type: "poem", Fields: []byte(`{"outcome":"refused"}`)})
		}, GateIDs[:]},
		{"an intervention", func(f *Facts) {
			f.Records = append(f.Records, jurat.Record{ID: "2026-000001-R9", Type: "intervention", Fields: []byte(`{"description":"x"}`)})
		}, []GateID{GateRefer, GatePublish, GateDispose}},
	}
	for _, m := range moves {
		t.Run(m.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				f, at := anyFacts(o).Draw(t, "facts"), anyTime().Draw(t, "at")
				before := o.Evaluate(f, at)
				m.add(&f)
				after := o.Evaluate(f, at)
				for _, id := range m.stay {
					if a, b := gateText(t, before, id), gateText(t, after, id); a != b {
						t.Fatalf("the gate %s moved:\n%s\n%s", id, a, b)
					}
				}
			})
		})
	}
}

// TestUnknownIsNeverNo: whether anybody was injured is asked in a report; as
// long as the answer is missing or unknown, no answer follows from it.
func TestUnknownIsNeverNo(t *testing.T) {
	o := chicago(t)
	for _, fields := range []string{`{}`, `{"anyone_injured":"unknown"}`, `{"anyone_injured":""}`, `{"anyone_injured":null}`, `{"anyone_injured":false}`, `{"anyone_injured":"No"}`, `not JSON`} {
		f := Facts{Incident: jurat.Incident{Number: exampleIncident}, Records: []jurat.Record{{ID: "2026-000001-R1", Type: "report", Fields: []byte(fields)}}}
		e := o.Evaluate(f, someTimes[4])
		i := slices.IndexFunc(e.Duties, func(d Duty) bool { return d.ID == "summon-ems" })
		if e.Duties[i].State != CannotTell {
			t.Errorf("%s: %s", fields, e.Duties[i].State)
		}
		if e.Gate(GateApprove).Open {
			t.Errorf("%s: the gate is open", fields)
		}
	}
}

func TestTimeOnlyMovesADutyForward(t *testing.T) {
	o := chicago(t)
	rank := map[State]int{NotApplicable: 0, CannotTell: 0, Met: 0, Immediately: 0, Owed: 1, Late: 2}
	rapid.Check(t, func(t *rapid.T) {
		f := anyFacts(o).Draw(t, "facts")
		at := someTimes[4].Add(time.Duration(rapid.IntRange(0, 400*24).Draw(t, "hours")) * time.Hour)
		a, b := o.Evaluate(f, at), o.Evaluate(f, at.Add(time.Duration(rapid.IntRange(0, 400*24).Draw(t, "later"))*time.Hour))
		for _, was := range a.Duties {
			// Later there are more of them: each period of a duty that recurs is one.
			i := slices.IndexFunc(b.Duties, func(d Duty) bool { return d.ID == was.ID && d.Item == was.Item && d.Period == was.Period })
			if i < 0 {
				if was.Period == "" {
					t.Fatalf("%s %s is gone", was.ID, was.Item)
				}
				continue // a period long past is listed no more
			}
			if is := b.Duties[i]; rank[was.State] > rank[is.State] || was.Warned > is.Warned {
				t.Fatalf("%s %s went from %s (%d) to %s (%d)", was.ID, was.Item, was.State, was.Warned, is.State, is.Warned)
			}
		}
	})
}

func TestManyMayAskAtOnce(t *testing.T) {
	o := chicago(t)
	x := o.Examples[0]
	want := printed(t, o.Evaluate(x.Facts, x.At))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if got := printed(t, o.Evaluate(x.Facts, x.At)); got != want {
					t.Error("another answer")
					return
				}
			}
		})
	}
	wg.Wait()
}

// TestADearExpressionEndsAndNothingFollowsFromIt prevents one file, or one
// large incident, from stopping everybody else's work.
func TestADearExpressionEndsAndNothingFollowsFromIt(t *testing.T) {
	text := `exhibits.all(a, exhibits.all(b, exhibits.all(c, a.id != "" && b.id != "" && c.id != "")))`
	src := []byte(replaceOnce(t, read(t, "testdata/small.yaml"), "trigger: term.injured", "trigger: "+text))
	o, ps := Parse("f", src)
	if o == nil {
		t.Fatal(ps)
	}
	f := Facts{Incident: jurat.Incident{Number: exampleIncident}}
	for i := range 10_000 {
		f.Exhibits = append(f.Exhibits, jurat.Exhibit{ID: jurat.ItemID(fmt.Sprint("e", i))})
	}
	start := time.Now()
	e := o.Evaluate(f, someTimes[4])
	// Without a limit it would be a matter of days; a busy machine is given its time.
	if took := time.Since(start); took > time.Minute {
		t.Errorf("it took %s", took)
	}
	if d := e.Duties[1]; d.State != CannotTell {
		t.Errorf("%s %s: %v", d.ID, d.State, d.Why)
	}
}

// TestOneIncidentTakesAMillisecondAtMost keeps the morning list of a large city
// possible. The bound is ten times what was measured.
func TestOneIncidentTakesAMillisecondAtMost(t *testing.T) {
	o := chicago(t)
	best := time.Hour
	for range 20 {
		start := time.Now()
		for _, x := range o.Examples {
			o.Evaluate(x.Facts, x.At)
		}
		best = min(best, time.Since(start)/time.Duration(len(o.Examples)))
	}
	t.Logf("one incident: %s", best)
	if best > time.Millisecond {
		t.Errorf("one incident took %s", best)
	}
}
