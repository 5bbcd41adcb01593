package web

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk/desktest"
)

// Each page answers whom it is for, in both languages, and is not there for
// anybody else.
func TestWhoSeesWhichPage(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	rec.Complete(t, in)
	s := counterAt(t, rec, noon)
	people := []jurat.PersonID{"officer-4471", "supervisor-1102", "detective-2208", "evidence-7", "counsel-3", "auditor-1", "administrator-1", "aide-1"}
	for page, open := range map[string]string{
		"/duties":                  "officer-4471 supervisor-1102 detective-2208 evidence-7 counsel-3 auditor-1 administrator-1", // to whom the house owes
		"/incidents/" + string(in): "officer-4471 supervisor-1102 detective-2208 evidence-7 counsel-3 auditor-1",
		"/audit":                   "auditor-1 administrator-1", // who sees no incident there
		"/audit/journal":           "auditor-1 administrator-1",
		"/audit/codebook":          "auditor-1 administrator-1",
		"/audit/events.csv":        "auditor-1 administrator-1",
		"/admin":                   "administrator-1",
		"/me":                      strings.Join([]string{"officer-4471", "supervisor-1102", "detective-2208", "evidence-7", "counsel-3", "auditor-1", "administrator-1", "aide-1"}, " "),
	} {
		for _, who := range people {
			code, text, _ := ask(t, s, "GET", page, who, nil)
			want := strings.Contains(open, string(who))
			if want != (code == 200) {
				t.Errorf("%s at %s: %d", who, page, code)
			}
			if !want && code != 404 && code != 403 {
				t.Errorf("%s at %s: %d %s", who, page, code, text)
			}
		}
	}
	// A political office's own pages are nobody's but the published numbers.
	if _, text, _ := ask(t, s, "GET", "/duties", "aide-1", nil); strings.Contains(text, "2026-0") {
		t.Error("a political office reads a number")
	}
}

func TestTheAdministratorAddsAPersonAndHandsOverALink(t *testing.T) {
	rec := desktest.City(t)
	s := counterAt(t, rec, noon)
	admin := jurat.PersonID("administrator-1")
	if code, text, _ := ask(t, s, "POST", "/admin/people", admin, url.Values{"id": {"officer-5001"}, "label": {"Officer 5001"}, "role": {"officer"}}); code != 422 || !strings.Contains(text, `value="Officer 5001"`) {
		t.Errorf("without an office: %d, or what was typed is gone", code)
	}
	if code, text, _ := ask(t, s, "POST", "/admin/people", admin, url.Values{"id": {"officer-5001"}, "label": {"Officer 5001"}, "role": {"officer"}, "office": {"city-police"}, "sworn": {"yes"}}); code != 303 {
		t.Fatalf("a person: %d %s", code, alertOf(text))
	}
	code, text, _ := ask(t, s, "POST", "/admin/links", admin, url.Values{"person": {"officer-5001"}})
	_, secret, _ := strings.Cut(text, "/setup#")
	secret, _, _ = strings.Cut(secret, "<")
	if code != 200 || secret == "" {
		t.Fatalf("a link: %d", code)
	}
	if _, session, err := s.Login.ComeByLink(t.Context(), noon(), "192.0.2.9", secret); err != nil || session.Person != "officer-5001" {
		t.Errorf("by the link came %+v, %v", session, err)
	}
	if code, _, _ := ask(t, s, "POST", "/admin/links", "supervisor-1102", url.Values{"person": {"officer-5001"}}); code == 200 {
		t.Error("a supervisor gives links")
	}
}

func TestTheHousesOwnPages(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	rec.Complete(t, in)
	s := counterAt(t, rec, noon)
	code, _, h := ask(t, s, "POST", "/records", "supervisor-1102", url.Values{"type": {"guidance"}, "document": {"Bulletin 1"}, "number": {"1"}})
	if code != 303 || h.Get("Location") != "/records/1" {
		t.Fatalf("guidance: %d %q", code, h.Get("Location"))
	}
	for page, want := range map[string]string{"/records": "/records/1", "/records/1": "Guidance", "/records/1/amend": "Guidance", "/records/new": "Guidance", "/duties/team": "Team duties"} {
		if code, text, _ := ask(t, s, "GET", page, "supervisor-1102", nil, "Accept-Language", "en"); code != 200 || !strings.Contains(text, want) {
			t.Errorf("%s: %d, without %q", page, code, want)
		}
	}
	if code, text, _ := ask(t, s, "GET", "/retention", "records-3", nil); code != 200 || !strings.Contains(text, "open incident") {
		t.Errorf("retention: %d", code)
	}
	for _, page := range []string{"/records", "/records/1", "/duties/team", "/retention"} {
		if code, _, _ := ask(t, s, "GET", page, "aide-1", nil); code == 200 {
			t.Errorf("a political office at %s", page)
		}
	}
}

// REF-1: to a political office every address of an incident, and of the lists
// that would lead to one, is what a stranger finds where nothing ever was: the
// same bytes, whatever the clock says.
func TestAPoliticalOfficeIsToldWhatAStrangerIs(t *testing.T) {
	rec := desktest.City(t)
	ref := rec.Approved(t)
	in := "/incidents/" + string(ref.ID.Incident())
	now := noon()
	s := counterAt(t, rec, func() time.Time { now = now.Add(time.Second); return now })
	s.token(t, "aide-1")
	s.token(t, "liaison-1")
	_, absent, head := ask(t, s, "GET", "/nowhere", "", nil)
	for _, who := range []jurat.PersonID{"", "aide-1", "liaison-1"} {
		for _, at := range []string{"/incidents", "/incidents/new", "/incidents/2026-999999", "/search", in, in + "/opened", in + "/elements", in + "/records/1", in + "/records/new", in + "/exhibits/1", in + "/exhibits/1/bytes", in + "/sealed/P1/identity", in + "/refer", in + "/referrals/1", in + "/receive", "/footage", "/retention", "/approvals", "/records", "/audit", "/admin"} {
			code, text, h := ask(t, s, "GET", at, who, nil)
			if code != 404 || text != absent || !maps.EqualFunc(h, head, slices.Equal) {
				t.Errorf("%q at %s: %d %v", who, at, code, h)
			}
		}
	}
}

func TestTheMorningListAndSearch(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	s := counterAt(t, rec, func() time.Time { return noon().Add(80 * 24 * time.Hour) })
	_, _, err := rec.LocateExhibit(t.Context(), rec.As("evidence-7"), desktest.Noon, in, jurat.Arrival{Kind: "bwc", System: "evidence-desk", Key: "k-1", Recorded: jurat.Span{From: desktest.Noon}})
	must(t, err)
	code, text, _ := ask(t, s, "GET", "/footage", "evidence-7", nil)
	if code != 200 || !strings.Contains(text, "80 of 90") || !strings.Contains(text, "not confirmed") || !strings.Contains(text, "evidence-desk") {
		t.Errorf("the morning list: %d\n%s", code, text)
	}
	if _, text := look(t, s, "detective-2208", url.Values{"words": {"vehicle"}}); !strings.Contains(text, string(in)) {
		t.Errorf("search: %s", text)
	}
	if code, _, _ := ask(t, s, "POST", "/search", "detective-2208", url.Values{"words": {" "}}); code != 422 {
		t.Errorf("no words: %d", code)
	}
	if code, text, _ := ask(t, s, "POST", "/search", "aide-1", url.Values{"words": {"vehicle"}}); code == 200 || strings.Contains(text, string(in)) {
		t.Errorf("a political office searches: %d", code)
	}
}

// A search keeps what it was narrowed to from page to page, under a number that is
// nobody else's and says nothing; where nothing is found the sentence says what was
// asked for.
func TestASearchKeepsWhatItWasNarrowedTo(t *testing.T) {
	rec := desktest.City(t)
	now := desktest.Noon
	s := counterAt(t, rec, func() time.Time { return now.Add(time.Hour) })
	var all []jurat.IncidentNumber
	for range listed + 3 {
		all = append(all, rec.Opened(t))
	}
	_, err := rec.CloseIncident(t.Context(), rec.As("supervisor-1102"), now, all[1], "nothing awaits anybody")
	must(t, err)
	who := jurat.PersonID("detective-2208")
	at, text := look(t, s, who, url.Values{"words": {"vehicle"}, "state": {"open"}, "order": {"chicago-eo-2026-01"}, "from": {"2026-11-22"}, "to": {"2026-11-22"}})
	older := regexp.MustCompile(`href="(` + at + `\?after=[0-9-]+)"`).FindStringSubmatch(text)
	if older == nil || strings.Contains(text, `"/incidents/`+string(all[1])) || !strings.Contains(text, "opened under") {
		t.Fatalf("the first page: %s", text)
	}
	for _, field := range []string{`value="vehicle"`, `value="open" selected`, `selected>2026-01`, `name="from" value="2026-11-22"`, `name="to" value="2026-11-22"`} {
		if !strings.Contains(text, field) {
			t.Errorf("the form lacks %s", field)
		}
	}
	_, second, _ := ask(t, s, "GET", older[1], who, nil)
	for i, in := range all {
		shown := strings.Count(text+second, `href="/incidents/`+string(in)+`"`)
		if want := map[bool]int{true: 0, false: 2}[i == 1]; shown != want { // its number, and where the words are
			t.Errorf("%s is linked %d times in two pages, want %d", in, shown, want)
		}
	}
	for _, none := range []string{"/search/2", "/search/01", "/search/x", at + "?after=x"} {
		if code, _, _ := ask(t, s, "GET", none, who, nil); code != 404 {
			t.Errorf("%s: %d", none, code)
		}
	}
	if code, _, _ := ask(t, s, "GET", at, "supervisor-1102", nil); code != 404 {
		t.Errorf("somebody else's search: %d", code)
	}
	_, text = look(t, s, who, url.Values{"words": {"the quoll"}, "state": {"closed"}, "order": {"chicago-eo-2026-01"}, "from": {"2026-11-23"}, "to": {"2026-11-24"}})
	for _, said := range []string{"the quoll", "opened under", "; closed; ", `datetime="2026-11-23"`, `datetime="2026-11-24"`} {
		if _, sentence, _ := strings.Cut(text, "Nothing you may open matches:"); !strings.Contains(sentence, said) {
			t.Errorf("the sentence lacks %q: %s", said, sentence)
		}
	}
	if _, text = look(t, s, who, url.Values{"state": {"closed"}}); strings.Count(text, `<a class="whole"`) != 1 {
		t.Errorf("without words: %s", text)
	}
	for field, bad := range map[string]string{"order": "nowhere", "state": "old", "from": "soon", "to": "2026-02-30", "words": "—"} {
		if code, text, _ := ask(t, s, "POST", "/search", who, url.Values{field: {bad}}); code != 422 || !strings.Contains(text, `href="#`+field+`"`) {
			t.Errorf("%s=%s: %d", field, bad, code)
		}
	}
	now = now.Add(12 * time.Hour)
	if code, _, _ := ask(t, s, "GET", at, who, nil); code != 404 {
		t.Errorf("after twelve hours: %d", code)
	}
}

// A browser left open is no way to another person's account.
func TestALinkIsForWhoShowedWhoTheyAreJustNow(t *testing.T) {
	now := noon()
	s := counterAt(t, desktest.City(t), func() time.Time { return now })
	s.token(t, "administrator-1")
	now = now.Add(11 * time.Minute)
	code, _, h := ask(t, s, "POST", "/admin/links", "administrator-1", url.Values{"person": {"officer-4471"}})
	if code != 303 || !strings.HasPrefix(h.Get("Location"), "/again") {
		t.Errorf("eleven minutes later: %d %q", code, h.Get("Location"))
	}
}

// What has the words is named, and its link leads to where they can be read.
func TestASearchLeadsToWhatHasTheWords(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	rec.Complete(t, in)
	s := counterAt(t, rec, noon)
	at := "/incidents/" + string(in)
	for words, where := range map[string]string{"26-327-0144": at, string(in) + "-P2": at + "#persons", "standing still": at + "/accounts#account-1", "8801": at + "/records/3", "evidentiary": at + "#exhibits"} {
		_, text := look(t, s, "detective-2208", url.Values{"words": {words}})
		if !strings.Contains(text, `<a href="`+where+`">`) {
			t.Errorf("search %q: no link to %s: %q", words, where, regexp.MustCompile(`href="/incidents/[^"]*"`).FindAllString(text, -1))
		}
		page, id, _ := strings.Cut(where, "#")
		if code, text, _ := ask(t, s, "GET", page, "detective-2208", nil); code != 200 || id != "" && !strings.Contains(text, `id="`+id+`"`) {
			t.Errorf("search %q leads to %s: %d", words, where, code)
		}
	}
}
