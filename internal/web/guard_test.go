package web

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

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
		if h.Get("Content-Security-Policy") != contentPolicy || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: %v", address, h)
		}
		if h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept by a cache: %q", address, h.Get("Cache-Control"))
		}
	}
}

// No address of ours goes to another site, from any page or file, whatever it
// answers; within the counter it does, by which a change of language and a form
// signed in again find their way back.
func TestNoOtherSiteLearnsAnAddressOfOurs(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	rec.Complete(t, in)
	x := rec.Received(t, desktest.Noon, in, "a film")[0]
	s := counterAt(t, rec, noon)
	fills := strings.NewReplacer("{incident}", string(in), "{exhibit}", "1", "{record}", "1", "{order}", "chicago-eo-2026-01", "{$}", "", "{term}", "owed", "{step}", "1", "{search}", "1")
	rest := regexp.MustCompile(`\{[^}]*\}`)
	files := 0
	answers := func(who jurat.PersonID, method, address string, form url.Values) {
		t.Helper()
		code, _, h := ask(t, s, method, address, who, form)
		if got := h["Referrer-Policy"]; len(got) != 1 || got[0] != "same-origin" {
			t.Errorf("%q, %s %s (%d): %q", who, method, address, code, got)
		}
		if code == 200 && !strings.HasPrefix(h.Get("Content-Type"), "text/html") {
			files++
		}
	}
	// Files first: some of the acts end a session.
	for _, path := range []string{itemPath(x.ID) + "/bytes", "/audit/events.csv", "/static/counter.css", "/api/openapi.json", "/healthz"} {
		answers("auditor-1", "GET", path, nil)
	}
	if files < 4 {
		t.Errorf("only %d files were among the answers", files)
	}
	for _, pattern := range append(slices.Clone(s.patterns), "/nowhere", apiPrefix+"incidents") {
		method, path, both := strings.Cut(pattern, " ")
		if !both {
			method, path = "GET", pattern
		}
		if strings.Contains(path, "logout") {
			continue
		}
		path = rest.ReplaceAllString(fills.Replace(path), "1")
		for _, who := range []jurat.PersonID{"", "auditor-1", "detective-2208"} {
			if form := (url.Values{}); method == "GET" {
				answers(who, method, path, nil)
			} else {
				answers(who, method, path, form)
			}
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
	for _, back := range []string{"https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "/\t/elsewhere.example", "/\n/elsewhere.example", ""} {
		_, _, h := ask(t, c, "POST", "/language", "", url.Values{"language": {"es"}, "back": {back}})
		if h.Get("Location") != "/" {
			t.Errorf("back to %q goes to %q", back, h.Get("Location"))
		}
	}
}

// One browser that sends a byte an hour, or takes one, is no reason to keep a
// place for it: enough of them would leave none.
func TestWhoIsTooSlowIsHungUpOn(t *testing.T) {
	c := counterAt(t, desktest.City(t), noon)
	c.patience = patience{form: 50 * time.Millisecond, piece: 50 * time.Millisecond}
	server := httptest.NewServer(c)
	defer server.Close()
	for what, kind := range map[string]string{"a form": "application/x-www-form-urlencoded", "a file": "application/offset+octet-stream"} {
		line, err := net.Dial("tcp", server.Listener.Addr().String())
		must(t, err)
		defer line.Close()
		must(t, line.SetDeadline(time.Now().Add(10*time.Second)))
		_, err = io.WriteString(line, "POST /language HTTP/1.1\r\nHost: records.city.example\r\nContent-Type: "+kind+"\r\nContent-Length: 1000\r\n\r\nname=")
		must(t, err)
		if _, err := io.ReadAll(line); err != nil {
			t.Errorf("%s that never comes is waited for: %v", what, err)
		}
	}
	w := &timed{ResponseRecorder: httptest.NewRecorder()}
	a := &answered{ResponseWriter: w, piece: time.Hour}
	for range 2 {
		w.until = time.Time{}
		_, err := a.Write([]byte("a piece"))
		must(t, err)
		if left := time.Until(w.until); left <= 0 || left > time.Hour {
			t.Errorf("a piece has %s to be taken", left)
		}
	}
}

// timed is a line whose last moment a test can read.
type timed struct {
	*httptest.ResponseRecorder
	until time.Time
}

func (w *timed) SetWriteDeadline(at time.Time) error { w.until = at; return nil }

// A cookie without the prefix of TLS may be another host's, or of somebody on
// the line: whoever shows it would work in another's name without knowing.
func TestACookieSomebodyElseCouldSetIsNone(t *testing.T) {
	s := counterAt(t, desktest.City(t), noon)
	token := s.token(t, "officer-4471")
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/duties", nil)
	r.AddCookie(&http.Cookie{Name: sessionCookie(false), Value: string(token)})
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != 404 {
		t.Errorf("a session by a cookie of another name: %d", w.Code)
	}
}
