package order

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jurat"
)

func TestTwoReadingsOfOneFileDifferInNothing(t *testing.T) {
	for _, name := range []string{"testdata/small.yaml", "testdata/town.yaml", "../orders/chicago-eo-2026-01.yaml"} {
		text := read(t, name)
		a, _ := Parse("a", []byte(text))
		b, _ := Parse("b", []byte("# another remark\n"+strings.ReplaceAll(text, "\n", "\r\n")))
		if got := Diff(a, b); len(got) != 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestEveryChangeIsNamedByItsPathWithBothTexts(t *testing.T) {
	text := read(t, "testdata/town.yaml")
	for _, pair := range [][2]string{
		{"clock: {within: 30 days, from: period.to, warn_before: [14, 7]}", "clock: {warn_before: [14, 7, 3], from: period.to, within: 45 days}"},
		{"  - id: yearly-certificate\n", "  - id: yearly-letter\n"},
		{"{ordinal: 3, cents: 1500000, basis: reported, sources: [news]}", "{ordinal: 3, cents: 2000000, basis: stated, sources: [text]}"},
		{`  - {state: stayed, date: "2026-05-04T12:00:00-05:00"`, `  - {state: stayed, date: "2026-05-05T12:00:00-05:00"`},
		{"      - {id: parks, label: {en: Parks}}\n", "      - {id: parks, label: {en: Parks}}\n      - {id: schools, label: {en: Schools}}\n"},
		{"{id: yearly-certificate, item: \"2025\"", "{id: yearly-letter, item: \"2025\""},
	} {
		text = replaceOnce(t, text, pair[0], pair[1])
	}
	b, ps := Parse("b", []byte(text))
	if b == nil {
		t.Fatal(ps)
	}
	got := Diff(town(t), b)
	var lines []string
	for _, c := range got {
		lines = append(lines, c.String())
	}
	all := strings.Join(lines, "\n")
	for _, want := range []string{
		"~ duties.quarterly-report.clock.within: 45 days, was 30 days (stated)",
		"~ duties.quarterly-report.clock.warn_before: 14, 7, 3, was 14, 7 (stated)",
		"- duties.yearly-certificate: id: yearly-certificate; title: {en: Certify every year}",
		"+ duties.yearly-letter: id: yearly-letter;",
		"~ fees.fine.tiers.3.cents: 2000000, was 1500000 (stated, was reported)",
		"- status.stayed 2026-05-04T12:00:00-05:00: ",
		"+ status.stayed 2026-05-05T12:00:00-05:00: ",
		"+ tables.departments.items.schools: id: schools; label: {en: Schools} (stated)",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("not told: %s\n%s", want, all)
		}
	}
	back := Diff(b, town(t))
	if len(back) != len(got) {
		t.Errorf("%d changes one way and %d the other", len(got), len(back))
	}
	for i := range got {
		j := slices.IndexFunc(back, func(c Change) bool { return c.Path == got[i].Path })
		if j < 0 || back[j].Was != got[i].Now || back[j].Now != got[i].Was || back[j].BasisWas != got[i].BasisNow {
			t.Errorf("%s is not the same seen from the other side", got[i])
		}
	}
	if first, _, _ := strings.Cut(got[0].Path, "."); first != "status" {
		t.Errorf("not in the order of a file: %s first", got[0].Path)
	}
}

func TestWhatComesOutDifferentlyUnderAnotherVersion(t *testing.T) {
	a := town(t)
	b := other(t, "{within: 10 business days, from: it.received_at, local: true, warn: [5]}\n    guards: [approve]", "{within: 30 business days, from: it.received_at, local: true, warn: [5]}")
	f := Facts{Incident: jurat.Incident{Number: exampleIncident, FirstKnowledge: local(t, "2026-03-02 12:00:00")}, Records: []jurat.Record{
		{ID: "r", Type: "complaint", Fields: []byte(`{"received_at":"2026-03-02T12:00:00-06:00","closed":"no"}`)},
	}}
	at := local(t, "2026-04-01 12:00:00")
	c := Compare(f, at, []*Order{a}, []*Order{b})
	if len(c.Duties) != 1 || c.Duties[0].Was.State != Late || c.Duties[0].Now.State != Owed || !slices.Contains(c.Duties[0].Say, "state: owed, was late") {
		t.Errorf("%+v", c.Duties)
	}
	if len(c.Gates) != 1 || c.Gates[0].ID != GateApprove || c.Gates[0].Was || !c.Gates[0].Now || len(c.Gates[0].Gone) != 1 {
		t.Errorf("%+v", c.Gates)
	}
	if c := Compare(f, at, []*Order{a}, []*Order{town(t)}); len(c.Duties)+len(c.Gates) != 0 {
		t.Errorf("of one version twice: %+v", c)
	}
	if c := Compare(f, at, nil, []*Order{a}); len(c.Duties) != 1 || c.Duties[0].Was != nil {
		t.Errorf("of none and one: %+v", c)
	}
}

func TestWhyADutyStandsAsItDoesIsSaidInWords(t *testing.T) {
	o := chicago(t)
	i := slices.IndexFunc(o.Examples, func(x Example) bool { return x.ID == "help-in-seconds" })
	x := o.Examples[i]
	var b strings.Builder
	e := Explained([]*Order{o}, x.Facts, x.At)
	if err := e.Explain(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Summon medical help: immediately", "it took 95 seconds", "shown and never judged", "Somebody was injured: yes", "Call for medical help: 1 on record",
		"ems call 2026-000001-R1: An ambulance was called at: 2026-03-01 20:13 -06:00", "Complete a report on the alleged violation: not applicable", "The order states no time.",
		"It is owed by: officer.", "Stands on: chicago-eo-2026-01, summon-ems, reported [cbs]", "The gate approve is closed:",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("not said: %s\n%s", want, b.String())
		}
	}
	for _, d := range e.Duties {
		if d.State != NotApplicable && len(d.Facts) == 0 && d.ID != "document-activity" {
			t.Errorf("%s names no fact", d.ID)
		}
	}
	plain := Evaluate([]*Order{o}, x.Facts, x.At)
	for i := range e.Duties {
		e.Duties[i].Facts = nil
	}
	if printed(t, plain) != printed(t, e) {
		t.Error("explaining changed the answer")
	}
}

func TestAnyAnswerCanBeExplained(t *testing.T) {
	for _, o := range []*Order{chicago(t), town(t)} {
		rapid.Check(t, func(t *rapid.T) {
			f, at := anyFacts(o).Draw(t, "facts"), anyTime().Draw(t, "at")
			if at.Year() > 2100 || at.Year() < 2000 {
				at = someTimes[4]
			}
			e := Explained([]*Order{o}, f, at)
			for _, d := range e.Duties {
				var b strings.Builder
				if err := d.Explain(&b); err != nil || !strings.Contains(b.String(), "Stands on: ") {
					t.Fatalf("%s: %v %s", d.ID, err, b.String())
				}
				for _, line := range d.Sentences() {
					if strings.Contains(line, "%!") {
						t.Fatalf("%s: %s", d.ID, line)
					}
				}
			}
		})
	}
}

func TestTheListBeginsWithWhatIsLongestOverdue(t *testing.T) {
	at := someTimes[4]
	ago := func(days int) time.Time { return at.AddDate(0, 0, -days) }
	e := func(number string, ds ...Duty) Evaluation {
		return Evaluation{Incident: jurat.IncidentNumber(number), At: at, Duties: ds}
	}
	all := []Evaluation{
		e("2026-000001", Duty{ID: "met", State: Met}, Duty{ID: "excused", State: Late, Due: ago(9), Excuse: "a reason"}, Duty{ID: "old", State: Owed, Since: ago(40)}, Duty{ID: "urgent", State: Owed, Since: ago(1), Urgent: true}),
		e("2026-000002", Duty{ID: "late", State: Late, Since: ago(90), Due: ago(2)}, Duty{ID: "none", State: NotApplicable}),
		e("2026-000003", Duty{ID: "late", State: Late, Since: ago(10), Due: ago(5)}, Duty{ID: "soon", State: Owed, Since: ago(1), Due: ago(-1)}, Duty{ID: "later", State: CannotTell, Since: ago(1), Due: ago(-9)}),
	}
	names := func(ls []Line) string {
		var out []string
		for _, l := range ls {
			out = append(out, string(l.Incident[len(l.Incident)-1:])+l.ID)
		}
		return strings.Join(out, " ")
	}
	const want = "3late 2late 3soon 3later 1urgent 1old"
	got := Due(slices.Values(all), at, nil)
	if names(got) != want {
		t.Errorf("%s, want %s", names(got), want)
	}
	if got[0].Overdue != 5*24*time.Hour || got[0].Age != 10*24*time.Hour {
		t.Errorf("%+v", got[0])
	}
	slices.Reverse(all)
	if got := Due(slices.Values(all), at, nil); names(got) != want {
		t.Errorf("in another order: %s", names(got))
	}
	if got := Due(slices.Values(all), at, func(l Line) bool { return l.State == Late }); len(got) != 2 {
		t.Errorf("the late ones alone: %s", names(got))
	}
}
