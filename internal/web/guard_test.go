package web

import (
	"net/url"
	"strings"
	"testing"

	"jurat"
	"jurat/internal/desk/desktest"
)

// Who learns that a number exists from the way it is refused has learnt too
// much (REF-1, §13.8): absent, forbidden and behind a wall are one page.
func TestAbsentAndForbiddenAreOnePageByteForByte(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	c := counterAt(t, rec, noon)
	code, want, wantHeader := ask(t, c, "GET", "/incidents/2031-000009", "", nil)
	if code != 404 || !strings.Contains(want, "nothing here for you to see") {
		t.Fatalf("a stranger at a number that is not there: %d %s", code, want)
	}
	for _, who := range []string{"", "aide-1", "liaison-1", "counsel-9", "administrator-1", "prosecutor-12"} {
		for _, address := range []string{"/incidents/" + string(in), "/incidents/2031-000009", "/incidents/" + string(in) + "/opened", "/incidents/no-number", "/nowhere", "/incidents/" + string(in) + "/elements"} {
			code, got, header := ask(t, c, "GET", address, jurat.PersonID(who), nil)
			if code != 404 || got != want {
				t.Errorf("%q at %s: %d, and not the one page", who, address, code)
			}
			for name := range wantHeader {
				if header.Get(name) != wantHeader.Get(name) {
					t.Errorf("%q at %s: header %s is %q, not %q", who, address, name, header.Get(name), wantHeader.Get(name))
				}
			}
		}
	}
}

// A page that another site makes a browser send acts in the name of whoever is
// signed in.
func TestAnotherSiteCannotActHere(t *testing.T) {
	rec := desktest.City(t)
	c := counterAt(t, rec, noon)
	form := url.Values{"title": {"From elsewhere"}}
	for _, headers := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://elsewhere.example"}} {
		if code, _, _ := ask(t, c, "POST", "/incidents", "officer-4471", form, headers...); code != 403 {
			t.Errorf("%v: %d, want 403", headers, code)
		}
	}
	if code, _, header := ask(t, c, "POST", "/incidents", "officer-4471", form, "Sec-Fetch-Site", "same-origin"); code != 303 || !strings.HasPrefix(header.Get("Location"), "/incidents/") {
		t.Errorf("our own form: %d to %q", code, header.Get("Location"))
	}
}

func TestEveryAnswerCarriesItsGuards(t *testing.T) {
	c := counterAt(t, desktest.City(t), noon)
	for _, address := range []string{"/", "/healthz", "/nowhere", "/duties"} {
		_, _, h := ask(t, c, "GET", address, "officer-4471", nil)
		if h.Get("Content-Security-Policy") != contentPolicy || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", address, h)
		}
		if h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept by a cache: %q", address, h.Get("Cache-Control"))
		}
	}
}

func TestAFormTooLargeIsRefusedAndNothingIsDone(t *testing.T) {
	rec := desktest.City(t)
	c := counterAt(t, rec, noon)
	code, _, _ := ask(t, c, "POST", "/incidents", "officer-4471", url.Values{"title": {strings.Repeat("x", formLimit+1)}})
	if code == 303 || code >= 500 {
		t.Errorf("a form of more than a megabyte: %d", code)
	}
	lines, err := rec.List(t.Context(), rec.As("officer-4471"), noon(), "", 10)
	if err != nil || len(lines) != 0 {
		t.Errorf("%d incidents, %v", len(lines), err)
	}
}

// The way back after a change of language leads nowhere else.
func TestTheWayBackStaysHere(t *testing.T) {
	c := counterAt(t, desktest.City(t), noon)
	for _, back := range []string{"https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", ""} {
		_, _, h := ask(t, c, "POST", "/language", "", url.Values{"language": {"es"}, "back": {back}})
		if h.Get("Location") != "/" {
			t.Errorf("back to %q goes to %q", back, h.Get("Location"))
		}
	}
}
