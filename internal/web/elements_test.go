package web

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
)

// says reports what of a page is lacking, and what it has and should not.
func says(t *testing.T, what, page string, want, not []string) {
	t.Helper()
	for _, s := range want {
		if !strings.Contains(page, s) {
			t.Errorf("%s: lacks %q", what, s)
		}
	}
	for _, s := range not {
		if strings.Contains(page, s) {
			t.Errorf("%s: has %q", what, s)
		}
	}
}

func TestEvidenceIsFoundDownToTheSecond(t *testing.T) {
	later := noon()
	rec := desktest.City(t)
	in := rec.Opened(t)
	rec.Complete(t, in)
	rec.Received(t, desktest.Noon, in, "a second film")
	c := counterAt(t, rec, func() time.Time { return later })
	const detective = "detective-2208"
	page, allegation := "/incidents/"+string(in)+"/elements", "/incidents/"+string(in)+"/allegations/1"
	get := func(address string) string {
		t.Helper()
		code, text, _ := ask(t, c, "GET", address, detective, nil)
		if code != 200 {
			t.Fatalf("%s: %d", address, code)
		}
		return text
	}
	add := func(want int, pairs ...string) string {
		t.Helper()
		form := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		code, text, _ := ask(t, c, "POST", allegation, detective, form)
		if code != want {
			t.Fatalf("%v: %d, want %d: %s", pairs, code, want, alertOf(text))
		}
		return text
	}
	film := string(in) + "-E2"

	says(t, "at first", get(page), []string{
		"none known to the author: detective-2208", "not asked", "nothing noted", "720 ILCS 5/12-3", "to be confirmed by counsel", `aria-labelledby="elements-1-wide-title`,
		`<caption class="usa-sr-only">Evidence by element, allegation 1</caption>`, "Add to “not known”", "<svg class=\"picture narrow\"",
	}, []string{"was added after", "past the end", "is not in the table"})

	add(303, "element", "knowingly", "side", "for", "item", film, "from", "0:12", "to", "15", "note", "a hand on an arm")
	add(303, "element", "no-justification", "side", "not_known", "what", "the kind of warrant", "state", "not_asked")
	add(303, "element", "no-justification", "side", "not_known", "what", "its account", "state", "asked", "asked", "the agency", "asked_at", "2026-02-03T09:00", "account", string(in)+"-S1")
	says(t, "with a clip", get(page), []string{
		`href="/incidents/` + string(in) + `/exhibits/2/play#t=12,15"`, "Exhibit 2 · 0:12–0:15", "a hand on an arm",
		"the kind of warrant", "not asked", "asked: <bdi>the agency</bdi>", `href="/incidents/` + string(in) + `/accounts#account-1"`, "<bdi>detective-2208</bdi>",
	}, []string{"style="})

	for name, pairs := range map[string][]string{
		"of no element":          {"side", "for", "item", film},
		"which way is not said":  {"element", "knowingly", "item", film},
		"of nothing":             {"element", "knowingly", "side", "for"},
		"in words for a second":  {"element", "knowingly", "side", "for", "item", film, "from", "soon"},
		"ends before it begins":  {"element", "knowingly", "side", "against", "item", film, "from", "9", "to", "3"},
		"none for what has some": {"element", "knowingly", "side", "none_for"},
		"asked of nobody":        {"element", "knowingly", "side", "not_known", "what", "x", "state", "asked"},
		"asked, not said":        {"element", "knowingly", "side", "not_known", "what", "x"},
		"asked at no time":       {"element", "knowingly", "side", "not_known", "what", "x", "state", "asked", "asked", "y", "asked_at", "then"},
		"an element of none":     {"element", "nothing", "side", "none_known"},
	} {
		text := add(422, pairs...)
		if !strings.Contains(text, `id="wrong"`) || !strings.Contains(text, "<title>Error:") {
			t.Errorf("%s: the page does not say what is wrong", name)
		}
	}
	says(t, "what was typed stays", add(422, "element", "knowingly", "side", "for", "item", film, "from", "soon", "note", "kept"), []string{`value="soon"`, `value="kept"`, `value="` + film + `" selected`}, nil)

	// What the player hands over is in the form; what is nonsense is not.
	says(t, "from the player", get(page+"?exhibit=2&from=62&to=75"), []string{"Exhibit 2 is filled in below", `value="` + film + `" selected`, `value="1:02"`, `value="1:15"`}, nil)
	for _, bad := range []string{"?exhibit=9&from=1", "?exhibit=2&from=-1", "?exhibit=2&from=%22%3E%3Cscript%3E", "?exhibit=1-P1", "?exhibit=%3Cscript%3E"} {
		says(t, bad, get(page+bad), nil, []string{"is filled in below", "<script>"})
	}

	// Something that came later is said, until somebody looked.
	later = later.Add(20 * time.Minute)
	rec.Received(t, later, in, "a film that came later")
	text := get(page)
	says(t, "one came later", text, []string{`<a href="/incidents/` + string(in) + `/exhibits/3">Exhibit 3</a>: was added after this was last reviewed`}, nil)
	if n := strings.Count(text, "was added after"); n != 3 {
		t.Errorf("it is said of %d elements, want 3", n)
	}
	later = later.Add(time.Minute)
	add(303, "element", "knowingly", "side", "looked")
	if n := strings.Count(get(page), "was added after"); n != 2 {
		t.Errorf("once one was looked at it is said of %d elements, want 2", n)
	}

	// Nobody else, and no other incident.
	if code, _, _ := ask(t, c, "POST", allegation, "aide-1", url.Values{"element": {"knowingly"}, "side": {"none_known"}}); code != 404 {
		t.Errorf("an aide: %d", code)
	}
	if code, _, _ := ask(t, c, "POST", allegation, "auditor-1", url.Values{"element": {"knowingly"}, "side": {"looked"}}); code != 403 {
		t.Errorf("an auditor: %d", code)
	}
	if code, _, _ := ask(t, c, "POST", "/incidents/"+string(in)+"/allegations/7", detective, url.Values{"element": {"knowingly"}, "side": {"looked"}}); code != 404 {
		t.Errorf("an allegation there is not: %d", code)
	}
}

// A cite that no table has is kept, and counsel maps it (LAW-12).
func TestWhatWasAllegedInWordsIsMapped(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	c := counterAt(t, rec, noon)
	_, _, err := rec.AddAllegation(t.Context(), rec.As("officer-4471"), noon(), in, "what the caller described", "unknown", "")
	must(t, err)
	page, address := "/incidents/"+string(in)+"/elements", "/incidents/"+string(in)+"/allegations/1/map"
	code, text, _ := ask(t, c, "GET", page, "counsel-3", nil)
	if code != 200 {
		t.Fatal(code)
	}
	says(t, "in words", text, []string{"This cite is not in the table. Kept as typed; counsel maps it before a referral.", "No elements listed."}, []string{"<svg"})
	for form, want := range map[string]int{"": 422, "no such offence": 422} {
		if code, _, _ := ask(t, c, "POST", address, "counsel-3", url.Values{"offence": {form}}); code != want {
			t.Errorf("to %q: %d, want %d", form, code, want)
		}
	}
	if code, _, _ := ask(t, c, "POST", address, "officer-4471", url.Values{"offence": {"battery"}}); code != 403 {
		t.Errorf("an officer: %d", code)
	}
	if code, _, _ := ask(t, c, "POST", address, "counsel-3", url.Values{"offence": {"battery"}}); code != 303 {
		t.Errorf("counsel: %d", code)
	}
	_, text, _ = ask(t, c, "GET", page, "counsel-3", nil)
	says(t, "mapped", text, []string{"what the caller described", "720 ILCS 5/12-3", "<svg"}, []string{"is not in the table"})
	if code, _, _ := ask(t, c, "POST", address, "counsel-3", url.Values{"offence": {"battery"}}); code != 422 && code != 409 {
		t.Errorf("twice: %d", code)
	}
	view, err := rec.Show(t.Context(), desk.Caller{Person: "counsel-3", Session: true}, noon(), in)
	must(t, err)
	if a := view.Allegations[0].Value; a.Order == nil || a.Order.ID != "chicago-eo-2026-01" || a.Status != jurat.AllegationStatus("alleged") {
		t.Errorf("%+v", a)
	}
}
