package web

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
)

// documented is a city whose record documents twelve incidents of January.
func documented(t testing.TB) *station {
	t.Helper()
	rec := desktest.City(t)
	at := time.Date(2026, 1, 20, 18, 0, 0, 0, time.UTC)
	for range 12 {
		in, _, err := rec.OpenIncident(t.Context(), rec.As("officer-4471"), desktest.Noon, jurat.Opening{
			Title: "Vehicle stop", Trigger: "observed", FirstKnowledge: at, Occurred: jurat.Span{From: at, Precision: "approx"}, Place: jurat.Place{District: "10"},
		})
		must(t, err)
		_, _, err = rec.AddRecord(t.Context(), rec.As("officer-4471"), desktest.Noon, in.Number, desk.Words{Type: "activity", Fields: json.RawMessage(`{"activity_kinds":["vehicle_stop"],"agencies":["cbp_usbp"],"agency_basis":"insignia","force_seen":["none_observed"]}`)})
		must(t, err)
	}
	must(t, rec.Publish(t.Context()))
	return counterAt(t, rec, noon)
}

// A stranger and a political office read what was published, and nothing else;
// who publishes looks first, and nobody else sees what they look at.
func TestPublishedNumbersAreForEverybody(t *testing.T) {
	s := documented(t)
	const records = "records-3"
	if code, page, _ := ask(t, s, "GET", "/", "", nil); code != 200 || !strings.Contains(page, `href="/numbers"`) {
		t.Errorf("the first page leads to no numbers: %d", code)
	}
	if code, page, _ := ask(t, s, "GET", "/numbers", "", nil); code != 200 || !strings.Contains(page, "Nothing has been published yet") {
		t.Errorf("before anything: %d", code)
	}
	for period, want := range map[string]string{"January": "want a year, a quarter or a month", "2026-11": "a delay is never waived"} {
		if code, page, _ := ask(t, s, "POST", "/numbers", records, url.Values{"period": {period}, "do": {"publish"}}); code != 422 || !strings.Contains(page, want) {
			t.Errorf("%s: %d %s", period, code, alertOf(page))
		}
	}
	code, page, _ := ask(t, s, "POST", "/numbers", records, url.Values{"period": {"2026-01"}, "do": {"look"}})
	if code != 200 || !strings.Contains(page, "Not published") || !strings.Contains(page, ">12<") || !strings.Contains(page, "Publish for everybody") {
		t.Errorf("looked at: %d", code)
	}
	if _, page, _ := ask(t, s, "GET", "/numbers", "", nil); !strings.Contains(page, "Nothing has been published yet") {
		t.Error("looking publishes")
	}
	for _, who := range []jurat.PersonID{"", "officer-4471", "aide-1", "liaison-1", "auditor-1"} {
		if code, _, _ := ask(t, s, "POST", "/numbers", who, url.Values{"period": {"2026-01"}, "do": {"publish"}}); code == 303 || code == 200 {
			t.Errorf("%q publishes: %d", who, code)
		}
	}
	code, _, h := ask(t, s, "POST", "/numbers", records, url.Values{"period": {"2026-01"}, "do": {"publish"}})
	if code != 303 || h.Get("Location") != "/numbers/publication-1" {
		t.Fatalf("published: %d %q", code, h.Get("Location"))
	}
	for _, who := range []jurat.PersonID{"", "aide-1", "auditor-1"} {
		_, page, _ := ask(t, s, "GET", "/numbers", who, nil)
		for _, want := range []string{"2026-01", "It alleges nothing", "/numbers/publication-1/codebook#", ">12<", "Small numbers are withheld"} {
			if !strings.Contains(page, want) {
				t.Errorf("%q reads no %q", who, want)
			}
		}
		if strings.Contains(page, "2026-000001") || strings.Contains(page, "records-3") {
			t.Errorf("%q reads an incident or a person", who)
		}
	}
	for file, want := range map[string]string{"figures.csv": "order,series", "figures.json": `"jurat-numbers-1"`, "codebook.json": `"rules"`, "codebook": "What every number"} {
		if code, text, _ := ask(t, s, "GET", "/numbers/publication-1/"+file, "", nil, "Accept-Language", "en"); code != 200 || !strings.Contains(text, want) {
			t.Errorf("%s: %d", file, code)
		}
	}
	for _, path := range []string{"/numbers/publication-2", "/numbers/publication-1/passwords"} {
		if code, _, _ := ask(t, s, "GET", path, "", nil); code != 404 {
			t.Errorf("%s: %d", path, code)
		}
	}
	if _, _, h := ask(t, s, "GET", "/", "aide-1", nil); h.Get("Location") != "/numbers" {
		t.Errorf("a political office begins at %q", h.Get("Location"))
	}
}

// A report has rows: it is for who answers for one.
func TestAReportIsMadeByWhoAnswersForIt(t *testing.T) {
	s := documented(t)
	form := url.Values{"report": {"compliance"}, "period": {"2026-Q1"}, "do": {"show"}}
	for _, who := range []jurat.PersonID{"", "officer-4471", "aide-1", "administrator-1"} {
		if code, _, _ := ask(t, s, "POST", "/numbers/reports", who, form); code != 404 {
			t.Errorf("%q makes a report: %d", who, code)
		}
	}
	for _, who := range []jurat.PersonID{"records-3", "auditor-1"} {
		if code, page, _ := ask(t, s, "POST", "/numbers/reports", who, form); code != 200 || !strings.Contains(page, "<table") {
			t.Errorf("%s: %d %s", who, code, alertOf(page))
		}
	}
	form.Set("do", "compliance.json")
	if code, text, h := ask(t, s, "POST", "/numbers/reports", "records-3", form); code != 200 || !json.Valid([]byte(text)) || !strings.Contains(h.Get("Content-Disposition"), "attachment") {
		t.Errorf("as a file: %d", code)
	}
	form.Set("report", "nonsense")
	if code, page, _ := ask(t, s, "POST", "/numbers/reports", "records-3", form); code != 422 || !strings.Contains(page, "There is no report") {
		t.Errorf("none of that name: %d", code)
	}
	token := s.program(t, "records-3", true)
	if code, text, _ := call(t, s, "POST", apiPrefix+"numbers/reports", token, `{"report":"compliance","period":"2026-Q1"}`); code != 200 || !strings.Contains(text, `"figures"`) {
		t.Errorf("for a program: %d %.200s", code, text)
	}
	if code, text, _ := call(t, s, "POST", apiPrefix+"numbers", token, `{"period":"2026-01"}`); code != 200 || !strings.Contains(text, "publication-1") {
		t.Errorf("published by a program: %d %.200s", code, text)
	}
	if code, text, _ := call(t, s, "GET", apiPrefix+"numbers/publication-1", token, ""); code != 200 || !strings.Contains(text, "jurat-numbers-1") {
		t.Errorf("read by a program: %d %.200s", code, text)
	}
	if code, text, _ := call(t, s, "GET", apiPrefix+"numbers", token, ""); code != 200 || !strings.Contains(text, `"2026-01"`) {
		t.Errorf("listed: %d %.200s", code, text)
	}
}
