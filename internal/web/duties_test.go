package web

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"jurat"
	"jurat/internal/desk/desktest"
)

// What is owed has pages, the overdue first; the sentence over it counts all of
// them, and no group counts what is on its page alone.
func TestWhatIsOwedHasPages(t *testing.T) {
	rec := desktest.City(t)
	for range 30 {
		rec.Opened(t)
	}
	s := counterAt(t, rec, noon)
	for address, who := range map[string]jurat.PersonID{"/duties": "officer-4471", "/duties/team": "supervisor-1102"} {
		seen, pages := 0, 0
		for at := address; at != ""; pages++ {
			code, text, _ := ask(t, s, "GET", at, who, nil, "Accept-Language", "en")
			if code != 200 || strings.Contains(text, "(1)") || pages > 20 {
				t.Fatalf("%s: %d\n%s", at, code, text)
			}
			rows := strings.Count(text, `<th scope="row"`)
			if seen += rows; rows > listed || strings.Contains(text, "First page") != (pages > 0) {
				t.Errorf("%s has %d lines", at, rows)
			}
			at = ""
			if m := regexp.MustCompile(`href="([^"]*\?after=[^"]*)">Next page`).FindStringSubmatch(text); m != nil {
				at = html.UnescapeString(m[1])
			}
		}
		all, err := rec.DutyPage(t.Context(), s.record.As(who), noon(), map[bool]string{true: "officer"}[address == "/duties"], "", 1)
		must(t, err)
		if pages < 2 || seen != all.Total {
			t.Errorf("%s: %d pages with %d lines, and %d are owed", address, pages, seen, all.Total)
		}
		if code, _, _ := ask(t, s, "GET", address+"?after=nothing", who, nil); code != 404 {
			t.Errorf("%s after what is no line: %d", address, code)
		}
	}
}
