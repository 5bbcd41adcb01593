package order

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"jurat"
)

const viewingRule = `viewing:
  - id: report-first
    title: {en: The report first}
    kinds: [bwc]
    roles: [officer]
    when: records.note.exists(n, n.injury)
    basis: stated
    sources: [text]
    say: {en: Finish your report first.}
`

// viewingOrder is the small order with a rule of viewing.
func viewingOrder(t *testing.T, rule string) *Order {
	t.Helper()
	o, ps := Parse("small.yaml", []byte(replaceOnce(t, read(t, "testdata/small.yaml"), "\ngates:\n", "\n"+rule+"gates:\n")))
	if o == nil {
		t.Fatal(ps.Refused())
	}
	return o
}

// LAW-2. A stop that holds for somebody whose work it is, or not for somebody
// who has not written yet, is worse than none.
func TestWhomFootageWaitsFor(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	hurt := func(answer string) jurat.Record {
		return jurat.Record{ID: "2026-000001-R9", Incident: "2026-000001", Type: "note", Fields: []byte(`{"words":"seen","injury":"` + answer + `"}`)}
	}
	report := func(by jurat.PersonID, submitted time.Time) jurat.Record {
		return jurat.Record{ID: "2026-000001-R1", Incident: "2026-000001", Type: jurat.TypeReport, Author: by, SubmittedAt: submitted, Fields: []byte(`{}`)}
	}
	film := jurat.Exhibit{ID: "2026-000001-E1", Kind: "bwc", Held: jurat.HeldHere, Media: "video/mp4"}
	other := func(kind, media string) jurat.Exhibit { return jurat.Exhibit{ID: film.ID, Kind: kind, Media: media} }
	gone := film
	gone.Disposed = &jurat.Tombstone{}
	officer := Viewer{"officer-7", jurat.RoleOfficer}
	for _, c := range []struct {
		name    string
		who     Viewer
		x       jurat.Exhibit
		records []jurat.Record
		leave   []jurat.Viewing
		rule    string
		stops   bool
	}{
		{"an officer who wrote nothing", officer, film, []jurat.Record{hurt("yes")}, nil, viewingRule, true},
		{"whose report is a draft", officer, film, []jurat.Record{hurt("yes"), report("officer-7", time.Time{})}, nil, viewingRule, true},
		{"whose report is handed in", officer, film, []jurat.Record{hurt("yes"), report("officer-7", at)}, nil, viewingRule, false},
		{"another's report is handed in", officer, film, []jurat.Record{hurt("yes"), report("officer-8", at)}, nil, viewingRule, true},
		{"who was released", officer, film, []jurat.Record{hurt("yes")}, []jurat.Viewing{{Member: "officer-7"}}, viewingRule, false},
		{"another was released", officer, film, []jurat.Record{hurt("yes")}, []jurat.Viewing{{Member: "officer-8"}}, viewingRule, true},
		{"another role", Viewer{"evidence-1", jurat.RoleEvidence}, film, []jurat.Record{hurt("yes")}, nil, viewingRule, false},
		{"nobody in particular", Viewer{"", jurat.RoleOfficer}, film, []jurat.Record{hurt("yes")}, nil, viewingRule, false},
		{"not that kind of incident", officer, film, []jurat.Record{hurt("no")}, nil, viewingRule, false},
		{"nothing on record", officer, film, nil, nil, viewingRule, false},
		{"nobody knows which kind of incident", officer, film, []jurat.Record{hurt("unknown")}, nil, viewingRule, true},
		{"a document", officer, other("document", "application/pdf"), []jurat.Record{hurt("yes")}, nil, viewingRule, false},
		{"a film nobody said what it is", officer, other("document", "video/mp4"), []jurat.Record{hurt("yes")}, nil, viewingRule, true},
		{"another film nobody said what it is", officer, other("other", "video/webm"), []jurat.Record{hurt("yes")}, nil, viewingRule, true},
		{"dispatch audio, which is no footage", officer, other("dispatch_audio", "audio/mp4"), []jurat.Record{hurt("yes")}, nil, viewingRule, false},
		{"what was disposed of", officer, gone, []jurat.Record{hurt("yes")}, nil, viewingRule, false},
		{"an entry nobody verified", officer, film, []jurat.Record{hurt("yes")}, nil, strings.Replace(viewingRule, "basis: stated\n    sources: [text]", "basis: unverified", 1), false},
		{"an order that says nothing", officer, film, []jurat.Record{hurt("yes")}, nil, "", false},
	} {
		o := viewingOrder(t, c.rule)
		f := Facts{Incident: jurat.Incident{Number: "2026-000001", FirstKnowledge: at.Add(-time.Hour)}, Records: c.records, Viewings: c.leave, Exhibits: []jurat.Exhibit{c.x}}
		got := Viewing([]*Order{o}, f, at, c.who, c.x)
		if stops := len(got) > 0; stops != c.stops {
			t.Errorf("%s: stopped %t, want %t (%+v)", c.name, stops, c.stops, got)
		}
		if len(got) > 0 && (got[0].ID != "report-first" || got[0].Say != "Finish your report first." || got[0].Order != o.ID) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestARuleOfViewingIsReadStrictly(t *testing.T) {
	for name, c := range map[string]struct{ from, to, say string }{
		"no kinds":      {"    kinds: [bwc]\n", "", "kinds"},
		"no roles":      {"    roles: [officer]\n", "", "roles"},
		"a role nobody": {"[officer]", "[oficer]", `did you mean "officer"?`},
		"no when":       {"    when: records.note.exists(n, n.injury)\n", "", "when"},
		"not yes or no": {"records.note.exists(n, n.injury)", "records.note.size()", "when"},
		"no say":        {"    say: {en: Finish your report first.}\n", "", "say"},
		"a duty's id":   {"id: report-first", "id: write-note", "write-note"},
	} {
		text := replaceOnce(t, read(t, "testdata/small.yaml"), "\ngates:\n", "\n"+replaceOnce(t, viewingRule, c.from, c.to)+"gates:\n")
		if o, ps := Parse("small.yaml", []byte(text)); o != nil || !strings.Contains(fmt.Sprint(ps.Refused()), c.say) {
			t.Errorf("%s: %v", name, ps)
		}
	}
}

// An example that expects the wrong answer fails, and one that names no exhibit
// does too.
func TestAnExampleOfViewingCanFail(t *testing.T) {
	example := func(expect string) TestReport {
		t.Helper()
		text := replaceOnce(t, read(t, "testdata/small.yaml"), "\ngates:\n", "\n"+strings.Replace(viewingRule, "records.note.exists(n, n.injury)", `"true"`, 1)+"gates:\n")
		text += "  - id: viewing\n    title: An example\n    at: 2026-03-02T09:00:00-06:00\n    facts:\n      incident: {trigger: observed, first_knowledge: 2026-03-01T20:10:00-06:00}\n      exhibits: [{kind: bwc}]\n    expect: {viewing: [" + expect + "]}\n"
		o, ps := Parse("small.yaml", []byte(text))
		if o == nil {
			t.Fatal(ps.Refused())
		}
		return o.Test()
	}
	for expect, fails := range map[string]bool{
		"{item: E1, person: officer-7, role: officer, open: false, because: [report-first]}": false,
		"{item: E1, person: officer-7, role: officer, open: true}":                           true,
		"{item: E1, person: detective-7, role: detective, open: false}":                      true,
		"{item: E9, person: officer-7, role: officer, open: true}":                           true,
	} {
		r := example(expect)
		if last := r.Results[len(r.Results)-1]; last.Failed != fails {
			t.Errorf("%s: failed %t, want %t (%v)", expect, last.Failed, fails, last.Reasons)
		}
	}
}
