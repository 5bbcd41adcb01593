package web

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"jurat/internal/desk/desktest"
)

// A tour's report is typed once, is kept at every step, and is handed in once
// however often the button is pressed.
func TestAQuickReportFromFirstQuestionToReceipt(t *testing.T) {
	rec := desktest.City(t)
	c := counterAt(t, rec, noon)
	who := rec.As("officer-4471").Person
	_, _, h := ask(t, c, "POST", "/reports", who, url.Values{})
	at, _, _ := strings.Cut(h.Get("Location"), "?")
	if !strings.HasPrefix(at, "/reports/") {
		t.Fatalf("a new report goes to %q", h.Get("Location"))
	}
	for step, form := range []url.Values{
		{"incident.event_number": {"26-327-0999"}, "incident.trigger": {"observed"}, "incident.from": {"2026-11-22T17:20"}, "incident.place": {"2300 block of a street"}, "incident.inside": {"yes"},
			"activity.activity_kinds": {"vehicle_stop"}, "activity.agency_basis": {"insignia"}},
		{"activity.force_seen": {"hands"}, "activity.member_actions": {"observed_only"}, "identification_attempt.outcome": {"no_answer"}, "identification_attempt.name_given": {"a name under seal"}},
		{"report.violation_alleged": {"unknown"}, "report.narrative": {"On arrival I saw a vehicle stop. I stood by and recorded it."}, "report.viewed_footage": {"no"}, "report.anyone_injured": {"no"}},
	} {
		form.Set("step", string(rune('1'+step)))
		form.Set("to", "next")
		code, text, h := ask(t, c, "POST", at, who, form)
		if code != 303 {
			t.Fatalf("step %d: %d %s to %s", step+1, code, text, h.Get("Location"))
		}
	}
	// Another person's draft is not there.
	if code, _, _ := ask(t, c, "GET", at+"/read", rec.As("officer-4472").Person, nil); code != 404 {
		t.Errorf("somebody else's draft: %d", code)
	}
	_, text, _ := ask(t, c, "GET", at+"/read", who, nil)
	for _, want := range []string{"26-327-0999", "did not answer", "I stood by and recorded it."} {
		if !strings.Contains(text, want) {
			t.Errorf("the read-back lacks %q", want)
		}
	}
	for range 2 {
		if code, text, h := ask(t, c, "POST", at+"/file", who, url.Values{}); code != 303 || h.Get("Location") != at+"/filed" {
			t.Fatalf("handing in: %d %s %s", code, h.Get("Location"), text)
		}
	}
	_, text, _ = ask(t, c, "GET", at+"/filed", who, nil)
	number := regexp.MustCompile(`2026-\d{6}`).FindString(text)
	lines, err := rec.List(t.Context(), rec.As("officer-4471"), noon(), "", 10)
	if err != nil || len(lines) != 1 || string(lines[0].Incident) != number {
		t.Fatalf("pressed twice: incidents %v, %v; the receipt says %q", lines, err, number)
	}
	view, err := rec.Show(t.Context(), rec.As("officer-4471"), noon(), lines[0].Incident)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, r := range view.Records {
		got[string(r.Value.Type)] = string(r.Value.Fields)
	}
	if strings.Contains(got["identification_attempt"], "under seal") || !strings.Contains(got["identification_attempt"], "no_answer") {
		t.Errorf("the identification attempt: %s", got["identification_attempt"])
	}
	if view.Incident.EventNumber != "26-327-0999" || !strings.Contains(got["report"], "stood by") || !strings.Contains(got["activity"], "hands") {
		t.Errorf("the incident %+v, its records %v", view.Incident, got)
	}

	// The next unit with the same event number is told, and may add theirs.
	second := rec.As("officer-4472").Person
	_, _, h = ask(t, c, "POST", "/reports", second, url.Values{})
	at, _, _ = strings.Cut(h.Get("Location"), "?")
	ask(t, c, "POST", at, second, url.Values{"step": {"1"}, "incident.event_number": {"26-327-0999"}, "to": {"stay"}})
	_, text, _ = ask(t, c, "GET", at+"?step=1", second, nil)
	if !strings.Contains(text, `value="`+number+`"`) {
		t.Error("an incident opened already for the event is not offered")
	}
	ask(t, c, "POST", at, second, url.Values{"step": {"3"}, "join": {number}, "report.narrative": {"I came second and saw less."}, "to": {"next"}})
	ask(t, c, "POST", at+"/file", second, url.Values{})
	lines, err = rec.List(t.Context(), rec.As("officer-4471"), noon(), "", 10)
	if err != nil || len(lines) != 1 {
		t.Errorf("after a second report for the event: %v, %v", lines, err)
	}
}
