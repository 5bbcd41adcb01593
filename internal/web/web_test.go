package web

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
)

// counterAt makes a counter at a record. A request comes from the person its
// header As names.
func counterAt(t testing.TB, d *desk.Desk, now func() time.Time) *Counter {
	t.Helper()
	c, err := New(Doors{
		Desk: d, Name: "Police department", Now: now, Version: "test",
		Log: slog.New(slog.NewTextHandler(logged{t}, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Who: func(r *http.Request) (jurat.PersonID, error) {
			if id := r.Header.Get("As"); id != "" {
				return jurat.PersonID(id), nil
			}
			return "", jurat.Errorf(jurat.NotFound, "nobody is signed in")
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// logged fails a test for every line an operator would read as a fault.
type logged struct{ t testing.TB }

func (l logged) Write(b []byte) (int, error) {
	l.t.Errorf("the counter logged: %s", b)
	return len(b), nil
}

func noon() time.Time { return desktest.Noon.Add(2 * time.Hour) }

// ask makes one request and gives the answer's status and text.
func ask(t testing.TB, c *Counter, method, address string, as jurat.PersonID, form url.Values, headers ...string) (int, string, http.Header) {
	t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequestWithContext(t.Context(), method, address, body)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if as != "" {
		r.Header.Set("As", string(as))
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	return w.Code, w.Body.String(), w.Header()
}

func TestPages(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	rec.Complete(t, in)
	c := counterAt(t, rec.Desk, noon)
	for _, lang := range languages {
		for _, address := range []string{"/duties", "/incidents", "/incidents/new", "/incidents/" + string(in), "/incidents/" + string(in) + "/opened", "/incidents/" + string(in) + "/elements", "/incidents/" + string(in) + "/accounts", "/orders", "/orders/chicago-eo-2026-01"} {
			code, text, _ := ask(t, c, "GET", address, "supervisor-1102", nil, "Accept-Language", lang)
			if code != 200 {
				t.Errorf("%s %s: %d %s", lang, address, code, text)
			}
			if dir := os.Getenv("PAGES"); dir != "" {
				os.WriteFile(dir+"/"+lang+strings.ReplaceAll(address, "/", "_")+".html", []byte(text), 0o644)
			}
		}
	}
}
