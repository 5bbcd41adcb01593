package web

import (
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"jurat"
	"jurat/internal/desk/desktest"
)

// underSeal are texts that stand in sealed parts and nowhere else.
var underSeal = []string{"namequoll", "badgenumbat", "contactaxolotl", "quetzalstreet"}

// openings are the reasons for which sealed parts of an incident were opened, as
// its chain has them, by whom.
func openings(t *testing.T, rec *desktest.Record, in jurat.IncidentNumber) (all []string) {
	t.Helper()
	events, err := rec.Events(t.Context(), rec.As("detective-2208"), noon(), in)
	must(t, err)
	for _, e := range events {
		if e.Act == jurat.IdentityOpened {
			all = append(all, string(e.Actor.Person)+" "+string(e.Item.ID)+": "+e.Note)
		}
	}
	return all
}

func tells(text string) string {
	for _, word := range underSeal {
		if strings.Contains(text, word) {
			return word
		}
	}
	return ""
}

var href = regexp.MustCompile(`href="(/[^"#]*)`)

// crawled asks for every page somebody is led to, from one page to the next,
// and says which of them tell something.
func crawled(t *testing.T, s *station, who jurat.PersonID, from string) (seen map[string]bool) {
	t.Helper()
	seen = map[string]bool{from: true}
	for next := []string{from}; len(next) > 0 && len(seen) < 500; next = next[1:] {
		code, text, _ := ask(t, s, "GET", next[0], who, nil)
		if code >= 500 {
			t.Errorf("%s for %s: %d", next[0], who, code)
		}
		if word := tells(text); word != "" {
			t.Errorf("%s tells %s %q", next[0], who, word)
		}
		for _, m := range href.FindAllStringSubmatch(text, -1) {
			if at := html.UnescapeString(m[1]); !seen[at] && !strings.HasPrefix(at, "/static/") && !strings.HasPrefix(at, "//") {
				seen[at] = true
				next = append(next, at)
			}
		}
	}
	return seen
}

// IDN-3: a sealed part opens with a typed reason, one part at a time, each time
// an event with the reason; no page, no list and no answer of the API tells it
// otherwise; and who may not see the incident is answered, to the byte, as of
// one that is not there.
func TestASealedPartOpensWithAReasonAndNowhereElse(t *testing.T) {
	rec := desktest.City(t)
	opened, _, err := rec.OpenIncident(t.Context(), rec.As("officer-4471"), desktest.Noon, jurat.Opening{Title: "Vehicle stop", Address: "quetzalstreet"})
	must(t, err)
	in := opened.Number
	_, _, err = rec.AddParty(t.Context(), rec.As("officer-4471"), desktest.Noon, in, jurat.Particulars{Slot: "Injured 1", Capacity: "injured", Name: "namequoll", Badge: "badgenumbat", Contact: "contactaxolotl"})
	must(t, err)
	s := counterAt(t, rec, noon)
	detective, auditor := jurat.PersonID("detective-2208"), jurat.PersonID("auditor-1")
	page, program := "/incidents/"+string(in)+"/sealed/P1/identity", apiPrefix+"incidents/"+string(in)+"/sealed/P1/identity"
	writes := s.program(t, detective, true)

	// Without a reason it stays closed, and nothing is on the record.
	for _, reason := range []string{"", "  ", "\n"} {
		if code, text, _ := ask(t, s, "POST", page, detective, url.Values{"reason": {reason}}); code != 422 || tells(text) != "" {
			t.Errorf("the page with the reason %q: %d, tells %q", reason, code, tells(text))
		}
		body, err := json.Marshal(map[string]string{"reason": reason})
		must(t, err)
		if code, text, _ := call(t, s, "POST", program, writes, string(body)); code != 422 || tells(text) != "" {
			t.Errorf("the API with the reason %q: %d, tells %q", reason, code, tells(text))
		}
	}
	for _, body := range []string{"", "{}", `{"reason":null}`, `{"reason":["x"]}`} {
		if code, text, _ := call(t, s, "POST", program, writes, body); code < 400 || tells(text) != "" {
			t.Errorf("the API with %q: %d, tells %q", body, code, tells(text))
		}
	}
	if code, text, _ := ask(t, s, "GET", page+"?reason=typed", detective, nil); code != 200 || tells(text) != "" {
		t.Errorf("a reason in the address: %d, tells %q", code, tells(text))
	}
	if code, text, _ := call(t, s, "GET", program, writes, ""); code < 400 || tells(text) != "" {
		t.Errorf("the API, only asked: %d, tells %q", code, tells(text))
	}
	if got := openings(t, rec, in); len(got) != 0 {
		t.Fatalf("opened without a reason: %v", got)
	}

	// With one it opens, that part alone, and each time it is on the record.
	_, text, _ := ask(t, s, "POST", page, detective, url.Values{"reason": {"to serve a letter"}})
	if !strings.Contains(text, "namequoll") || !strings.Contains(text, "badgenumbat") || strings.Contains(text, "contactaxolotl") || strings.Contains(text, "quetzalstreet") {
		t.Errorf("the page opens %s", text)
	}
	for range 2 { // the same request twice is two looks
		_, text, _ = call(t, s, "POST", program, writes, `{"reason":"to ask the agency"}`, "Idempotency-Key", "one")
		if !strings.Contains(text, "namequoll") || strings.Contains(text, "contactaxolotl") {
			t.Errorf("the API opens %s", text)
		}
	}
	_, text, _ = ask(t, s, "POST", "/incidents/"+string(in)+"/sealed/P1/contact", auditor, url.Values{"reason": {"a yearly sample"}})
	if !strings.Contains(text, "contactaxolotl") || strings.Contains(text, "namequoll") {
		t.Errorf("the auditor opens %s", text)
	}
	p1 := string(in) + "-P1: "
	want := []string{"detective-2208 " + p1 + "to serve a letter", "detective-2208 " + p1 + "to ask the agency", "detective-2208 " + p1 + "to ask the agency", "auditor-1 " + p1 + "a yearly sample"}
	if got := openings(t, rec, in); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("on the record: %q, want %q", got, want)
	}

	// No page anybody is led to tells it, before or after it was opened; nor does
	// any answer of the API.
	for _, who := range []jurat.PersonID{detective, auditor, "supervisor-1102", "records-3"} {
		if seen := crawled(t, s, who, "/incidents/"+string(in)); len(seen) < 20 {
			t.Errorf("%s is led to %d pages", who, len(seen))
		}
	}
	_, doc := documentOf(t, s)
	asked := 0
	for path, item := range doc.Paths {
		if _, ok := item["get"]; !ok {
			continue
		}
		at := strings.NewReplacer("{incident}", string(in), "{item}", "P1", "{id}", "1", "{n}", "1").Replace(path)
		code, text, _ := call(t, s, "GET", at, writes, "")
		if word := tells(text); word != "" || code >= 500 {
			t.Errorf("%s: %d, tells %q", at, code, word)
		}
		if code == 200 {
			asked++
		}
	}
	for _, word := range underSeal {
		if code, text, _ := call(t, s, "POST", apiPrefix+"search", writes, `{"words":"`+word+`"}`); code != 200 || strings.Contains(text, string(in)) {
			t.Errorf("%q finds the incident: %d %s", word, code, text)
		}
	}
	if asked < 20 {
		t.Errorf("%d operations answered", asked)
	}

	// Who may not see the incident is answered as of one that is not there.
	absent := strings.ReplaceAll(page, string(in), "2031-000009")
	for _, method := range []string{"GET", "POST"} {
		var form url.Values
		if method == "POST" {
			form = url.Values{"reason": {"curious"}}
		}
		_, stranger, _ := ask(t, s, method, absent, "", form)
		for _, who := range []jurat.PersonID{"", "aide-1", "liaison-1", "counsel-9", "administrator-1", "conduct-7", "prosecutor-12"} {
			for _, at := range []string{page, absent} {
				if code, text, _ := ask(t, s, method, at, who, form); code != 404 || text != stranger {
					t.Errorf("%s %s for %q: %d, and not the one page", method, at, who, code)
				}
			}
		}
	}
	for _, who := range []jurat.PersonID{"aide-1", "counsel-9"} {
		token := s.program(t, who, true)
		_, want, _ := call(t, s, "POST", strings.ReplaceAll(program, string(in), "2031-000009"), token, `{"reason":"curious"}`)
		if code, text, _ := call(t, s, "POST", program, token, `{"reason":"curious"}`); code != 404 || strings.ReplaceAll(text, string(in), "2031-000009") != want {
			t.Errorf("the API for %s: %d %s, of one that is absent %s", who, code, text, want)
		}
	}
	// A court seals the incident: for the auditor it is not there either, and who
	// may open a class of nothing is told of nothing.
	if code, text, _ := ask(t, s, "POST", "/incidents/"+string(in)+"/sealed/P1/privileged", auditor, url.Values{"reason": {"an audit"}}); code != 403 || tells(text) != "" {
		t.Errorf("counsel's notes for the auditor: %d", code)
	}
	w, _, err := rec.ApproveWrit(t.Context(), rec.As("records-3"), noon(), jurat.Writ{Kind: jurat.WritSeal, Incident: in, Court: "a court", Number: "1", OpenTo: []jurat.Role{jurat.RoleCounsel}})
	must(t, err)
	_, _, err = rec.CarryOutWrit(t.Context(), rec.As("counsel-3"), noon(), w.ID)
	must(t, err)
	_, stranger, _ := ask(t, s, "GET", absent, "", nil)
	for _, at := range []string{page, absent} {
		if code, text, _ := ask(t, s, "GET", at, auditor, nil); code != 404 || text != stranger {
			t.Errorf("%s for the auditor: %d, and not the one page", at, code)
		}
		if code, text, _ := ask(t, s, "POST", at, auditor, url.Values{"reason": {"an audit"}}); code != 404 || text != stranger {
			t.Errorf("%s opened by the auditor: %d, and not the one page", at, code)
		}
	}
}
