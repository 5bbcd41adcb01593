package web

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/login"
	"jurat/internal/login/logintest"
	"jurat/orders"
)

// A station is a record with a counter and a porter, and the cookies of the
// people who came in.
type station struct {
	*Counter
	record *desktest.Record
	tokens map[jurat.PersonID]login.Token
	keys   map[jurat.PersonID]*logintest.Authenticator
	rows   string // where its register lies, for the doubter; empty: not told
}

// origin is where the counter of a test is.
const origin = "https://records.city.example"

// counterAt makes a counter at a record.
func counterAt(t testing.TB, rec *desktest.Record, now func() time.Time) *station {
	t.Helper()
	return counterBy(t, rec, now, nil)
}

// counterBy makes a counter at a record, with a single sign-on or none.
func counterBy(t testing.TB, rec *desktest.Record, now func() time.Time, on *login.SignOn) *station {
	t.Helper()
	porter, err := login.Open(login.Doors{
		Register: rec.Register, Key: []byte("0123456789abcdef0123456789abcdef"), Note: rec.TurnedAway, Came: rec.CameIn, Made: rec.TokenMade, Ended: rec.TokenEnded, Welcome: rec.Welcome,
		Site:   login.Site{Name: "Police department", RP: "records.city.example", Origins: []string{origin}},
		SignOn: on,
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(Doors{
		Desk: rec.Desk, Login: porter, Ships: shipped(t), Name: "Police department", Now: now, Version: "test", Secure: true,
		Log: slog.New(slog.NewTextHandler(logged{t}, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return &station{Counter: c, record: rec, tokens: map[jurat.PersonID]login.Token{}, keys: map[jurat.PersonID]*logintest.Authenticator{}}
}

// token lets a person in, by a link and a passkey of their own, the first time.
func (s *station) token(t testing.TB, who jurat.PersonID) login.Token {
	t.Helper()
	if token, ok := s.tokens[who]; ok {
		return token
	}
	at := s.Now()
	link := login.NewLink()
	must(t, s.record.GiveLink(t.Context(), desk.Caller{}, at, who, link.Hash, at.Add(login.LinkLasts)))
	token, _, err := s.Login.ComeByLink(t.Context(), at, "192.0.2.7", link.Secret)
	must(t, err)
	key := logintest.New(origin)
	ask, err := s.Login.AskNewPasskey(t.Context(), at, token)
	must(t, err)
	made, keep, err := s.Login.NewPasskey(t.Context(), at, token, ask.ID, "Station key", key.Make(t, ask.Options))
	must(t, err)
	must(t, s.Login.Take(t.Context(), keep))
	// Of another office, or behind a wall, nobody's key goes on the record.
	_, _ = s.record.AddKey(t.Context(), desk.Caller{Person: who, Session: true}, at, who, made.Key)
	token, _, err = s.Login.Settle(t.Context(), at, token)
	must(t, err)
	s.tokens[who], s.keys[who] = token, key
	return token
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// logged fails a test for every line an operator would read as a fault.
type logged struct{ t testing.TB }

func (l logged) Write(b []byte) (int, error) {
	l.t.Errorf("the counter logged: %s", b)
	return len(b), nil
}

// shipped are the order files that come with the program.
func shipped(t testing.TB) (all []OrderFile) {
	t.Helper()
	for _, name := range orders.Names() {
		text, err := orders.Read(name)
		must(t, err)
		all = append(all, OrderFile{Name: name, Text: text})
	}
	return all
}

func noon() time.Time { return desktest.Noon.Add(2 * time.Hour) }

// ask makes one request and gives the answer's status and text.
func ask(t testing.TB, c *station, method, address string, as jurat.PersonID, form url.Values, headers ...string) (int, string, http.Header) {
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
		r.AddCookie(&http.Cookie{Name: sessionCookie(true), Value: string(c.token(t, as))})
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	return w.Code, w.Body.String(), w.Header()
}

// look posts a search and gives the page it leads to, with its number.
func look(t testing.TB, c *station, as jurat.PersonID, form url.Values, headers ...string) (address, text string) {
	t.Helper()
	code, text, h := ask(t, c, "POST", "/search", as, form, headers...)
	address = h.Get("Location")
	if code != 303 || !regexp.MustCompile(`^/search/[0-9]+$`).MatchString(address) {
		t.Fatalf("%q searches: %d, and on to %q: %.200s", as, code, address, text)
	}
	code, text, _ = ask(t, c, "GET", address, as, nil, headers...)
	if code != 200 {
		t.Fatalf("%s: %d", address, code)
	}
	return address, text
}

func TestPages(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	rec.Complete(t, in)
	c := counterAt(t, rec, noon)
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
