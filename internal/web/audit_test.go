package web

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
)

// REF-1: to a political office what it asks for is not there, as to a stranger;
// that it asks again and again is told to auditor and administrator, by office and
// number, and not what it asked for.
func TestWhoAuditsSeesThatAPoliticalOfficeTriesAgainAndAgain(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	s := counterAt(t, rec, noon)
	_, stranger, _ := ask(t, s, "GET", "/incidents/"+string(in), "", nil)
	for _, path := range []string{"/incidents/" + string(in), "/incidents/" + string(in) + "/opened", "/incidents/" + string(in) + "/elements", "/incidents/" + string(in) + "/accounts", "/incidents/" + string(in) + "/exhibits/1", "/incidents/2026-000777"} {
		if code, text, _ := ask(t, s, "GET", path, "aide-1", nil); code != 404 || text != stranger {
			t.Errorf("%s: %d, or not what a stranger is told", path, code)
		}
	}
	for who, page := range map[string]string{"auditor-1": "/audit", "administrator-1": "/admin/journal"} {
		code, text, _ := ask(t, s, "GET", page, jurat.PersonID(who), nil)
		alerts, _, _ := strings.Cut(text, `id="journal"`)
		if code != 200 || !strings.Contains(alerts, "mayors-office") || !strings.Contains(alerts, "tries refused within 60 minutes") {
			t.Errorf("%s at %s: %d\n%s", who, page, code, alerts)
		}
		if _, after, _ := strings.Cut(alerts, `id="alerts"`); strings.Contains(after, string(in)) || strings.Contains(after, "aide-1") {
			t.Errorf("%s reads what was asked for, or by whom", who)
		}
	}
	if _, text, _ := ask(t, s, "GET", "/admin", "administrator-1", nil); !strings.Contains(text, "An office was refused again and again") {
		t.Error("the administrator's first page does not say so")
	}
	for _, who := range []string{"officer-4471", "supervisor-1102", "aide-1", "auditor-1"} {
		if code, _, _ := ask(t, s, "GET", "/admin/journal", jurat.PersonID(who), nil); code != 404 {
			t.Errorf("%s at the administrator's journal: %d", who, code)
		}
	}
	if code, text, _ := call(t, s, "GET", apiPrefix+"alerts", s.program(t, "auditor-1", false), ""); code != 200 || !strings.Contains(text, `"office":"mayors-office","wall":"wall-political","refused":`) {
		t.Errorf("for programs: %d %s", code, text)
	}
	if code, _, _ := call(t, s, "GET", apiPrefix+"alerts", s.program(t, "officer-4471", false), ""); code != 403 {
		t.Errorf("for an officer's program: %d", code)
	}
}

// An auditor narrows the list by a form that needs no script, goes from page to
// page, takes it along as a sheet, and reads on each page that they change
// nothing. No word of the sheet begins a formula.
func TestAnAuditorNarrowsTheListAndTakesItAlong(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	rec.Complete(t, in)
	s := counterAt(t, rec, noon)
	auditor := jurat.PersonID("auditor-1")
	if code, text, _ := ask(t, s, "POST", "/incidents/"+string(in)+"/sealed/P1/identity", "detective-2208", url.Values{"reason": {"=SUM(A1:A9)"}}); code != 200 {
		t.Fatalf("a sealed part: %d %s", code, alertOf(text))
	}
	code, text, _ := ask(t, s, "GET", "/audit", auditor, nil)
	older := regexp.MustCompile(`href="(/audit\?before=[0-9a-f-]+)"`).FindStringSubmatch(text)
	if code != 200 || older == nil || strings.Count(text, "<tr>") > 60 {
		t.Fatalf("the first page: %d, %d lines", code, strings.Count(text, "<tr>"))
	}
	if code, text, _ := ask(t, s, "GET", older[1], auditor, nil); code != 200 || !strings.Contains(text, "person added") {
		t.Errorf("the page after it: %d", code)
	}
	for _, page := range []string{"/audit", "/audit/journal", "/audit/codebook", "/incidents", "/incidents/" + string(in), "/orders", "/search", "/me"} {
		if code, text, _ := ask(t, s, "GET", page, auditor, nil); code != 200 || !strings.Contains(text, "You can read this. You cannot change it.") {
			t.Errorf("%s: %d, or it does not say so", page, code)
		}
	}
	if _, text, _ := ask(t, s, "GET", "/incidents", "officer-4471", nil); strings.Contains(text, "You cannot change it.") {
		t.Error("an officer is told that they can change nothing")
	}
	code, text, _ = ask(t, s, "GET", "/audit?act=identity.opened&incident=&from=&to=&office=city-police", auditor, nil)
	if code != 200 || !strings.Contains(text, "=SUM(A1:A9)") || strings.Contains(text, "person added</td>") || !strings.Contains(text, `href="/audit/events.csv?act=identity.opened&amp;office=city-police"`) {
		t.Errorf("openings: %d", code)
	}
	code, text, h := ask(t, s, "GET", "/audit/events.csv?act=identity.opened", auditor, nil)
	if lines := strings.Split(strings.TrimSpace(text), "\r\n"); code != 200 || len(lines) != 2 || !strings.Contains(lines[1], ",'=SUM(A1:A9)") || h.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Errorf("the sheet: %d %q", code, text)
	}
	if code, text, _ := ask(t, s, "GET", "/audit?from=2020-01-01&to=2020-01-31", auditor, nil); code != 200 || !strings.Contains(text, "No such events between these times.") {
		t.Errorf("before the record: %d", code)
	}
	for address, want := range map[string]int{"/audit?incident=officer-4471": 422, "/audit?from=yesterday": 422, "/audit?act=no.such": 422, "/audit?entered=x": 422, "/audit?before=x": 404, "/audit?incident=2026-000777": 404, "/audit/events.csv?from=x": 404} {
		code, text, _ := ask(t, s, "GET", address, auditor, nil)
		if code != want {
			t.Errorf("%s: %d, want %d", address, code, want)
		}
		if want == 422 && (!strings.Contains(text, `id="wrong"`) || strings.Contains(text, "<tbody>")) {
			t.Errorf("%s: it lists, or does not say what is wrong", address)
		}
	}
	token := s.program(t, auditor, false)
	code, text, _ = call(t, s, "GET", apiPrefix+"audit?act=identity.opened&office=city-police&limit=1", token, "")
	if code != 200 || !strings.Contains(text, `"note":"=SUM(A1:A9)"`) || strings.Contains(text, `"next"`) {
		t.Errorf("for programs: %d %s", code, text)
	}
	if code, _, _ := call(t, s, "GET", apiPrefix+"audit?from=soon", token, ""); code != 422 {
		t.Errorf("a day that is none: %d", code)
	}
	if code, _, _ := call(t, s, "GET", apiPrefix+"audit?named=somebody", token, ""); code < 400 {
		t.Errorf("a filter that is none: %d", code)
	}
	if code, text, _ := call(t, s, "GET", apiPrefix+"ledger", token, ""); code != 200 || !strings.Contains(text, `"published":`) {
		t.Errorf("the ledger: %d %s", code, text)
	}
}

// What cannot be found is said where the incident's events are listed.
func TestAnAuditSaysWhichEventsCannotBeFound(t *testing.T) {
	s, in := bereft(t)
	for lang, want := range map[string]string{"en": "Events 3–4 missing: could not tell. Ask the operator to recover from a mirror.", "es": "Faltan los actos 3–4: no se pudo determinar."} {
		if code, text, _ := ask(t, s, "GET", "/audit?incident="+string(in), "auditor-1", nil, "Accept-Language", lang); code != 200 || !strings.Contains(text, want) {
			t.Errorf("%s: %d", lang, code)
		}
	}
}

// An auditor takes an event along: with all its open claims, which its leaf commits
// to, nothing sealed among them, and with the proof that the leaf is in the ledger.
// Whoever may not open its incident is told what is told of an event that is not there.
func TestAnEventIsDisclosedAndProved(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	rec.Complete(t, in)
	must(t, rec.Publish(t.Context()))
	s := counterAt(t, rec, noon)
	events, err := rec.Events(t.Context(), rec.As("auditor-1"), desktest.Noon, in)
	must(t, err)
	i := slices.IndexFunc(events, func(e desk.Said) bool { return len(e.Sealed) > 0 })
	if i < 0 {
		t.Fatal("no event has a sealed part")
	}
	_, page, _ := ask(t, s, "GET", "/audit?incident="+string(in), "auditor-1", nil)
	for _, e := range []desk.Said{events[i], {}} {
		at := "/audit/events/" + string(e.ID)
		if e.ID == "" { // one of the house, from its list
			_, house, _ := ask(t, s, "GET", "/audit?act=person.added", "auditor-1", nil)
			at = regexp.MustCompile(`/audit/events/[0-9a-f-]+`).FindString(house)
			page += house
		}
		if strings.Count(page, `href="`+at+`/disclosure"`) != 1 || strings.Count(page, `href="`+at+`/proof"`) != 1 {
			t.Fatalf("no links to %q", at)
		}
		code, text, h := ask(t, s, "GET", at+"/disclosure", "auditor-1", nil)
		if code != 200 || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment; ") {
			t.Fatalf("%s: %d %v", at, code, h)
		}
		jws, disclosures, err := format.ParsePresentation(text)
		must(t, err)
		leaf, err := base64.RawURLEncoding.DecodeString(strings.Split(jws, ".")[1])
		must(t, err)
		var said strings.Builder
		committed := string(leaf)
		for _, d := range disclosures {
			name, value, err := d.Open()
			must(t, err)
			if !strings.Contains(committed, d.Digest()) {
				t.Errorf("%s: the leaf does not commit to %s", at, name)
			}
			committed += string(value)
			said.WriteString(name + string(value))
		}
		for _, want := range []string{"act", "actor", "payload", `"value":{`} {
			if !strings.Contains(said.String(), want) {
				t.Errorf("%s does not say %q: %s", at, want, said.String())
			}
		}
		for _, class := range e.Sealed {
			if strings.Contains(said.String(), `"`+string(class)+`":`) {
				t.Errorf("%s tells the sealed part %s", at, class)
			}
		}
		code, text, _ = ask(t, s, "GET", at+"/proof", "auditor-1", nil)
		proof, err := format.ParseInclusionProof([]byte(text))
		must(t, err)
		checkpoint, err := format.ParseCheckpoint(proof.Checkpoint)
		must(t, err)
		if err := proof.VerifyUnder(checkpoint, leaf); err != nil || code != 200 {
			t.Errorf("%s: %d, %v", at, code, err)
		}
		for _, part := range []string{"/disclosure", "/proof"} {
			_, stranger, _ := ask(t, s, "GET", at+part, "", nil)
			if code, text, _ := ask(t, s, "GET", at+part, "aide-1", nil); code != 404 || text != stranger {
				t.Errorf("a political office at %s%s: %d", at, part, code)
			}
		}
	}
	if code, _, _ := ask(t, s, "GET", "/audit/events/01a205e9-1fb3-725f-877d-faf913867ee7/disclosure", "auditor-1", nil); code != 404 {
		t.Errorf("an event that is not there: %d", code)
	}
}

// What is missing anywhere in the record is said on the first page, whatever the
// list is narrowed to; of an incident that is not the reader's to open, nothing is.
func TestTheAuditSaysWhatIsMissingAnywhere(t *testing.T) {
	s, in := bereft(t)
	says := func(path string) bool {
		t.Helper()
		code, text, _ := ask(t, s, "GET", path, "auditor-1", nil)
		if code != 200 {
			t.Fatalf("%s: %d", path, code)
		}
		_, text, _ = strings.Cut(text, "Could not tell: events are missing")
		return strings.Contains(text, `<a href="/audit?incident=`+string(in)+`">`+string(in)+`</a>: events 3–4<`)
	}
	for _, path := range []string{"/audit", "/audit?act=person.added", "/audit?from=2020-01-01&to=2020-01-31"} {
		if !says(path) {
			t.Errorf("%s does not say what is missing", path)
		}
	}
	program := s.program(t, "auditor-1", false)
	told := func(query string) bool {
		t.Helper()
		code, text, _ := call(t, s, "GET", apiPrefix+"audit"+query, program, "")
		if code != 200 {
			t.Fatalf("%s: %d %s", query, code, text)
		}
		return strings.Contains(text, `"missing":[{"incident":"`+string(in)+`","lost":[{"from":3,"to":4}]}]`)
	}
	for _, query := range []string{"", "?act=person.added", "?incident=" + string(in)} {
		if !told(query) {
			t.Errorf("a program is not told what is missing: %s", query)
		}
	}
	if code, text, _ := ask(t, s, "GET", "/audit", "administrator-1", nil); code == 200 && strings.Contains(text, string(in)) {
		t.Error("an administrator is told of an incident")
	}
	ctx, first, second := t.Context(), s.record.As("records-3"), s.record.As("counsel-3")
	w, _, err := s.record.ApproveWrit(ctx, first, noon(), jurat.Writ{Kind: jurat.WritSeal, Incident: in, Court: "a court", Number: "1", OpenTo: []jurat.Role{jurat.RoleCounsel}})
	must(t, err)
	_, _, err = s.record.CarryOutWrit(ctx, second, noon(), w.ID)
	must(t, err)
	if says("/audit") || told("") {
		t.Error("what a court sealed is told of")
	}
}
