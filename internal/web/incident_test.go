package web

import (
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jurat"
	"jurat/internal/desk/desktest"
	"jurat/internal/register"
)

// bereft is a city's record from which somebody took events of an incident
// away, from under the program.
func bereft(t *testing.T) (*station, jurat.IncidentNumber) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "register.sqlite")
	rec := desktest.CityOn(t, func(t testing.TB) *register.Register {
		r, err := register.OpenSQLite(t.Context(), file)
		must(t, err)
		t.Cleanup(func() { must(t, r.Close()) })
		return r
	})
	in := rec.Opened(t)
	rec.Complete(t, in)
	db, err := sql.Open("sqlite", "file:"+file)
	must(t, err)
	defer db.Close()
	rows, err := db.Query("select name from sqlite_schema where type = 'trigger' and tbl_name <> 'search_doc'")
	must(t, err)
	var statements []string
	for rows.Next() {
		var name string
		must(t, rows.Scan(&name))
		statements = append(statements, "drop trigger "+name)
	}
	must(t, rows.Err())
	must(t, rows.Close()) //nolint:sqlclosecheck // before its table is changed
	db.SetMaxOpenConns(1)
	for _, table := range []string{"disclosure", "sealed"} {
		statements = append(statements, "delete from "+table+" where event in (select id from event where incident = '"+string(in)+"' and seq in (2, 3))")
	}
	for _, s := range append(statements, "delete from event where incident = '"+string(in)+"' and seq in (2, 3)") {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	return counterAt(t, rec, noon), in
}

// The page goes from what stops what to who opened it, and says of each reason
// who can do something about it, and where.
func TestAnIncidentIsWhole(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	rec.Complete(t, in)
	rec.Received(t, desktest.Noon, in, "a film nobody flagged")
	c := counterAt(t, rec, noon)
	const detective = "detective-2208"
	at := "/incidents/" + string(in)
	post := func(path string, form url.Values) string {
		t.Helper()
		code, text, h := ask(t, c, "POST", path, detective, form)
		if code != 303 {
			t.Fatalf("%s: %d %s", path, code, alertOf(text))
		}
		return h.Get("Location")
	}
	said := post(at+"/records", url.Values{"type": {"account_dispute"}, "by": {"agency_spokesperson"}, "by_whom": {"the agency's press office"}, "about": {"S1"}, "claim": {"It was not so."}, "verbatim": {"yes"}})
	n := said[strings.LastIndex(said, "/")+1:]
	post(at+"/records", url.Values{"type": {"account_dispute"}, "by": {"complainant"}, "about": {string(in) + "-R" + n}, "claim": {"It was."}})
	post(at+"/records", url.Values{"type": {"account_dispute"}, "by": {"other"}, "about": {"<script>"}, "claim": {"x <b>y"}})
	post("/records", url.Values{"type": {"dispute"}, "parties": {"the city\na federal agency"}, "incident_number": {string(in)}, "claim": {"A claim between governments."}, "response_state": {"not_asked"}, "forum": {"none_found"}, "outcome": {"open"}})

	code, text, _ := ask(t, c, "GET", at, detective, nil)
	if code != 200 {
		t.Fatal(code)
	}
	var order []int
	for _, id := range []string{"stops", "owed", "timeline", "persons", "records", "exhibits", "accounts", "disputes", "allegations", "facts", "referrals", "openings"} {
		order = append(order, strings.Index(text, `<h2 id="`+id+`"`))
	}
	if !slices.IsSorted(order) || order[0] < 0 {
		t.Errorf("the parts stand at %v", order)
	}
	says(t, "the incident", text, []string{
		"<strong>open</strong>", `href="/orders/chicago-eo-2026-01"`, "2 exhibits held here",
		"Who can: officer", `href="` + at + `/exhibits/2">do it`,
		`id="dispute-` + n + `"`, "It was not so.", `<a href="` + at + `/accounts#account-1">Account 1</a>`, "A claim between governments.",
		`href="` + at + `#dispute-` + n + `"`, "No reply is recorded.", "Replies:", "x &lt;b&gt;y", "(no item of this incident)",
		"0 facts are stated", `href="` + at + `/opened"`,
	}, []string{"<script>", "cannot be found", "x <b>y"})
	if strings.Count(text, `<li id="dispute-`) != 4 {
		t.Errorf("%d disputes stand there", strings.Count(text, `<li id="dispute-`))
	}

	// The form offers what is there, and what the address names is chosen.
	_, text, _ = ask(t, c, "GET", at+"/records/new?type=account_dispute&about="+string(in)+"-S1", detective, nil)
	says(t, "a dispute of an account", text, []string{`<option value="` + string(in) + `-S1" selected>`, `<option value="` + string(in) + `-E1">`}, nil)
}

// An incident without an allegation is complete (INC-2).
func TestAnIncidentWithoutAnAllegationIsComplete(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	c := counterAt(t, rec, noon)
	_, text, _ := ask(t, c, "GET", "/incidents/"+string(in), "officer-4471", nil)
	says(t, "the incident", text, []string{"No allegation recorded. This incident is complete as it is.", "No dispute is recorded.", "0 exhibits held here", `/records/new?type=activity">do it`}, nil)
}

// What is lost is said, and stops what would pass it on (EVD-5).
func TestAnIncidentSaysWhichOfItsEventsCannotBeFound(t *testing.T) {
	c, in := bereft(t)
	code, text, _ := ask(t, c, "GET", "/incidents/"+string(in), "detective-2208", nil)
	if code != 200 {
		t.Fatal(code)
	}
	says(t, "the incident", text, []string{"Events 3 to 4 of this incident cannot be found. Saving works; nothing can be approved or sent.", "Who can: operator"}, nil)
	code, _, _ = ask(t, c, "POST", "/incidents/"+string(in)+"/accounts", "detective-2208", url.Values{"side": {"witness"}})
	if code != 303 {
		t.Errorf("saving: %d", code)
	}
	ref := c.record.Prepared(t, in)
	_, _, err := c.record.ApproveReferral(t.Context(), c.record.As("supervisor-1102"), noon(), ref.ID)
	if err == nil || !strings.Contains(err.Error(), "cannot be found") {
		t.Errorf("a referral was approved: %v", err)
	}
}

// Both sides of a question stand beside each other, and nothing says what they
// amount to (LAW-10).
func TestAFactSheetIsShownWithBothSides(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	c := counterAt(t, rec, noon)
	const detective = "detective-2208"
	at := "/incidents/" + string(in)
	for _, form := range []url.Values{
		{"question": {"stated_task"}, "side": {"agency"}, "fact": {"An arrest."}, "source": {"a press statement"}, "item": {"<i>"}},
		{"question": {"stated_task"}, "side": {"others"}, "reached": {"no_answer"}, "asked": {"a witness's counsel"}, "asked_at": {"2026-11-20T10:00"}},
	} {
		form.Set("type", "immunity_fact")
		if code, text, _ := ask(t, c, "POST", at+"/records", detective, form); code != 303 {
			t.Fatalf("%d %s", code, alertOf(text))
		}
	}
	code, text, _ := ask(t, c, "GET", at+"/facts", detective, nil)
	if code != 200 {
		t.Fatal(code)
	}
	says(t, "the sheet", text, []string{"An arrest.", "a press statement", "&lt;i&gt;", "Not obtained: asked: <bdi>a witness&#39;s counsel</bdi>, <time", "no answer", "Not obtained: not asked"}, []string{"<i>", "assessment", "verdict"})
	if a, b := strings.Count(text, "The agency and its personnel</h3>"), strings.Count(text, "Everybody else, and recordings</h3>"); a != 8 || b != 8 {
		t.Errorf("%d and %d cells stand for the two sides of 8 questions", a, b)
	}
	for who, want := range map[jurat.PersonID]int{"aide-1": 404, "counsel-9": 404, "": 404, "auditor-1": 200} {
		if code, _, _ := ask(t, c, "GET", at+"/facts", who, nil); code != want {
			t.Errorf("%q: %d, want %d", who, code, want)
		}
	}
	_, text, _ = ask(t, c, "GET", at+"/records/new?type=immunity_fact&question=threat&side=others", detective, nil)
	says(t, "the form", text, []string{`id="question-threat" value="threat" checked`, `id="side-others" value="others" checked`}, nil)
}

// Every number of a page leads to what it counts, and every address of a
// meaning is one (principle 6).
func TestEveryNumberLeadsToItsMeaning(t *testing.T) {
	c := counterAt(t, desktest.City(t), noon)
	linked := regexp.MustCompile(`/meaning/([a-z-]+)"|template "means" "([a-z-]+)"|"Term" "([a-z-]+)"`)
	counts := regexp.MustCompile(`\{\{t "([a-z_.]+)" "count"`)
	// What is no count of things on record: seconds, days, fields of a form, faults of a file, words of a program, equal lines of the journal, one's own codes.
	plain := []string{"form.wrong", "play.after", "footage.warned", "me.recovery_left", "hold.some", "incident.done", "adopt.problems", "adopt.warnings", "adopt.warnings_of", "probe.words", "redact.edits", "redact.picture", "audit.repeated"}
	used := map[string]bool{}
	files, err := filepath.Glob("page/*.html")
	must(t, err)
	for _, name := range files {
		text, err := os.ReadFile(name)
		must(t, err)
		for line := range strings.Lines(string(text)) {
			for _, m := range linked.FindAllStringSubmatch(line, -1) {
				used[m[1]+m[2]+m[3]] = true
			}
			for _, m := range counts.FindAllStringSubmatch(line, -1) {
				if !slices.Contains(plain, m[1]) && !linked.MatchString(line) {
					t.Errorf("%s: %s leads to no meaning", name, m[1])
				}
			}
		}
	}
	delete(used, "")
	for _, m := range meanings {
		if !used[m.Term] {
			t.Errorf("no page leads to %s", m.Term)
		}
		delete(used, m.Term)
		for _, lang := range languages {
			code, text, _ := ask(t, c, "GET", "/meaning/"+m.Term, "officer-4471", nil, "Accept-Language", lang)
			if code != 200 || m.Rules != strings.Contains(text, "sha256:") {
				t.Errorf("%s %s: %d", lang, m.Term, code)
			}
		}
	}
	for term := range used {
		t.Errorf("a page leads to /meaning/%s, which is not there", term)
	}
	_, absent, _ := ask(t, c, "GET", "/nowhere", "officer-4471", nil)
	for _, who := range []jurat.PersonID{"officer-4471", ""} {
		if code, text, _ := ask(t, c, "GET", "/meaning/no-such-term", who, nil); code != 404 || who != "" && text != absent {
			t.Errorf("a term nobody uses, to %q: %d", who, code)
		}
	}
}
