package web

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk/desktest"
	"jurat/internal/login"
	"jurat/internal/login/logintest"
	"jurat/internal/register"
)

// signedOn makes the session of somebody one that a single sign-on began.
func (s *station) signedOn(t testing.TB, who jurat.PersonID) {
	t.Helper()
	must(t, s.record.Register.Write(t.Context(), func(tx *register.Tx) error {
		rows, err := tx.Sessions(who)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := tx.EndSession(who, row.ID); err != nil {
				return err
			}
			row.Method, row.Fresh = string(login.BySignOn), time.Time{}
			if err := tx.PutSession(row); err != nil {
				return err
			}
		}
		return nil
	}))
}

// A browser is one, with its cookies, at the counter of a station.
type browserAt struct {
	*station
	cookies map[string]string
}

func (b *browserAt) get(t *testing.T, address string, headers ...string) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if b.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	return w.Result(), w.Body.String()
}

// From the link on the page where people come in, through a provider by others,
// to the first page of work; and every way in which that goes wrong.
func TestComingInByASingleSignOn(t *testing.T) {
	e := logintest.NewElsewhere(t, "../..")
	rec := desktest.City(t)
	now := jurat.At(time.Now()) // the provider has a clock of its own
	on := &login.SignOn{Name: "City accounts", Issuer: e.Issuer, Client: e.Client, Secret: e.Secret, Redirect: origin + SignOnAnswer}
	s := counterBy(t, rec, func() time.Time { return now }, on)
	var log strings.Builder
	s.Log = slog.New(slog.NewTextHandler(&log, nil))
	admin := jurat.PersonID("administrator-1")
	newBrowser := func() *browserAt { return &browserAt{s, map[string]string{}} }

	_, page := newBrowser().get(t, "/login")
	if !strings.Contains(page, "Sign in with City accounts") || !strings.Contains(page, `href="/login/sso/ask"`) {
		t.Error("the page where people come in does not offer it")
	}
	if _, page := (&browserAt{counterAt(t, rec, s.Now), map[string]string{}}).get(t, "/login"); strings.Contains(page, "sso") {
		t.Error("it is offered where there is none")
	}
	asked := func(b *browserAt) string {
		t.Helper()
		answer, _ := b.get(t, "/login/sso/ask", "Sec-Fetch-Site", "same-origin")
		if answer.StatusCode != http.StatusSeeOther || !strings.HasPrefix(answer.Header.Get("Location"), e.Issuer) {
			t.Fatalf("sent to %d %q", answer.StatusCode, answer.Header.Get("Location"))
		}
		for _, c := range answer.Cookies() {
			if c.Name != "__Host-signon" || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.MaxAge != 300 {
				t.Errorf("the cookie: %+v", c)
			}
		}
		return answer.Header.Get("Location")
	}
	back := func(b *browserAt, address, subject, wrong string) string {
		t.Helper()
		to := e.Vouch(t, address, subject, wrong)
		if !strings.HasPrefix(to.String(), origin+SignOnAnswer+"?") {
			t.Fatalf("sent back to %s", to)
		}
		return to.RequestURI()
	}

	// Whom nobody named is told what everybody is told who is not let in.
	_, notRight := newBrowser().get(t, "/login/sso?state=x&code=y")
	b := newBrowser()
	answer, page := b.get(t, back(b, asked(b), "subject-1", ""))
	if answer.StatusCode != http.StatusForbidden || page != notRight || !strings.Contains(page, "This is not right") || strings.Contains(page, "subject-1") {
		t.Errorf("a subject nobody named: %d\n%s", answer.StatusCode, page)
	}

	if code, text, _ := ask(t, s, "POST", "/admin/sign-ons", admin, url.Values{"person": {"officer-4471"}, "subject": {"subject-1"}}); code != http.StatusSeeOther {
		t.Fatalf("named by the administrator: %d %s", code, alertOf(text))
	}
	if code, text, _ := ask(t, s, "POST", "/admin/sign-ons", admin, url.Values{"person": {"officer-4472"}, "subject": {"subject-1"}}); code != 422 && code != 409 || !strings.Contains(text, "somebody here already") {
		t.Errorf("named twice: %d %s", code, alertOf(text))
	}
	if code, _, _ := ask(t, s, "POST", "/admin/sign-ons", "supervisor-1102", url.Values{"person": {"officer-4472"}, "subject": {"subject-2"}}); code == http.StatusSeeOther {
		t.Errorf("named by a supervisor: %d", code)
	}
	if _, page, _ := ask(t, s, "GET", "/admin", admin, nil); !strings.Contains(page, "subject-1") {
		t.Error("the administrator does not see it")
	}

	for _, wrong := range []string{"issuer", "audience", "expired", "nonce", "none", "hmac", "key", "no-token"} {
		b := newBrowser()
		answer, page := b.get(t, back(b, asked(b), "subject-1", wrong))
		if answer.StatusCode != http.StatusForbidden || page != notRight || b.cookies[sessionCookie(true)] != "" {
			t.Errorf("%s: %d", wrong, answer.StatusCode)
		}
	}
	b = newBrowser()
	answer, page = b.get(t, "/login/sso?error=access_denied&error_description=%3Cscript%3E&state="+url.QueryEscape(stateOf(t, asked(b))))
	if answer.StatusCode != http.StatusForbidden || page != notRight {
		t.Errorf("refused there: %d %s", answer.StatusCode, page)
	}
	b = newBrowser()
	answer, page = b.get(t, back(b, asked(b), "subject-1", "down"))
	if answer.StatusCode != http.StatusServiceUnavailable || !strings.Contains(page, "City accounts does not answer") || !strings.Contains(page, `action="/login"`) {
		t.Errorf("out of order: %d\n%s", answer.StatusCode, page)
	}
	// Another site has a browser begin: nothing begins.
	if answer, _ := newBrowser().get(t, "/login/sso/ask", "Sec-Fetch-Site", "cross-site"); answer.Header.Get("Location") != "/login" {
		t.Errorf("another site sent the browser to %q", answer.Header.Get("Location"))
	}

	b = newBrowser()
	address := back(b, asked(b), "subject-1", "")
	if answer, page := newBrowser().get(t, address); answer.StatusCode != http.StatusForbidden || page != notRight {
		t.Errorf("in another's browser: %d", answer.StatusCode)
	}
	b = newBrowser()
	address = back(b, asked(b), "subject-1", "")
	answer, _ = b.get(t, address)
	if answer.StatusCode != http.StatusSeeOther || answer.Header.Get("Location") != "/" || b.cookies["__Host-signon"] != "" {
		t.Fatalf("coming in: %d %q", answer.StatusCode, answer.Header.Get("Location"))
	}
	if answer, page := b.get(t, "/incidents"); answer.StatusCode != http.StatusOK || !strings.Contains(page, "officer-4471") {
		t.Errorf("at work: %d", answer.StatusCode)
	}
	if answer, page := b.get(t, "/me"); answer.StatusCode != http.StatusOK || !strings.Contains(page, "single sign-on") {
		t.Errorf("the session is not listed as what it is: %d", answer.StatusCode)
	}
	if answer, page := newBrowser().get(t, address); answer.StatusCode != http.StatusForbidden || page != notRight {
		t.Errorf("the same answer again: %d", answer.StatusCode)
	}
	// It signs nothing and makes no credentials: for that they show a passkey.
	code, said, _ := s.script(t, "/me/passkeys/ask", b.cookies[sessionCookie(true)], map[string]string{})
	if code != http.StatusForbidden || !strings.Contains(string(said["to"]), "/again") {
		t.Errorf("a new passkey: %d %s", code, said)
	}
	now = now.Add(31 * time.Minute)
	if answer, _ := b.get(t, "/incidents"); answer.StatusCode != http.StatusSeeOther || !strings.HasPrefix(answer.Header.Get("Location"), "/again") {
		t.Errorf("after half an hour: %d", answer.StatusCode)
	}
	now = now.Add(-31 * time.Minute)
	for _, secret := range []string{e.Secret, "subject-1", "code=", "state=", b.cookies[sessionCookie(true)]} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log has %q", secret)
		}
	}
	if !strings.Contains(log.String(), "the single sign-on does not answer") {
		t.Error("the operator does not learn that it was out of order")
	}
	if code, _, _ := ask(t, s, "POST", "/admin/sign-ons/drop", admin, url.Values{"person": {"officer-4471"}, "issuer": {e.Issuer}, "subject": {"subject-1"}}); code != http.StatusSeeOther {
		t.Errorf("taken back: %d", code)
	}
	if answer, _ := b.get(t, "/incidents"); answer.StatusCode != http.StatusNotFound {
		t.Errorf("after it was taken back: %d", answer.StatusCode)
	}
}

// In a real browser: the policy of the pages, the cookies and two redirects
// between two sites let somebody come in, without a word on the console.
func TestComingInByASingleSignOnInABrowser(t *testing.T) {
	program := browser(t)
	e := logintest.NewElsewhere(t, "../..")
	rec := desktest.City(t)
	server := httptest.NewUnstartedServer(nil)
	site := "http://" + strings.Replace(server.Listener.Addr().String(), "127.0.0.1", "localhost", 1) // the provider is at another site
	s := counterBy(t, rec, time.Now, &login.SignOn{Name: "City accounts", Issuer: e.Issuer, Client: e.Client, Secret: e.Secret, Redirect: site + SignOnAnswer})
	s.Secure = false
	server.Config.Handler = s
	server.Start()
	defer server.Close()
	must(t, rec.AddSignOn(t.Context(), rec.As("administrator-1"), time.Now(), "officer-4471", e.Issuer, "subject-1"))
	e.Next(t, "subject-1", "")
	asked, err := json.Marshal(map[string]string{"Site": site, "Person": "officer-4471"})
	must(t, err)
	cmd := exec.CommandContext(t.Context(), program, "signon")
	cmd.Stdin = bytes.NewReader(asked)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, complaint.String())
	}
	var came struct {
		Faults []string
		At     string
	}
	must(t, json.Unmarshal(out, &came))
	if len(came.Faults) > 0 || came.At == "" || strings.Contains(came.At, "code=") {
		t.Errorf("%+v", came)
	}
}

// A program lists who is whom at a single sign-on and takes it back; that
// somebody is let in a person decides, at a page.
func TestAProgramTakesASignOnBack(t *testing.T) {
	rec := desktest.City(t)
	s := counterAt(t, rec, noon)
	must(t, rec.AddSignOn(t.Context(), rec.As("administrator-1"), noon(), "officer-4471", "https://sso.example", "subject-1"))
	admin, officer := s.program(t, "administrator-1", true), s.program(t, "officer-4471", true)
	const which = `{"person":"officer-4471","issuer":"https://sso.example","subject":"subject-1"}`
	for _, step := range []struct {
		method, path, who, body string
		want                    int
		says                    string
	}{
		{"GET", "sign-ons", officer, "", 403, ""},
		{"POST", "sign-ons/drop", officer, which, 403, ""},
		{"GET", "sign-ons", admin, "", 200, `"subject":"subject-1"`},
		{"POST", "sign-ons", admin, which, 404, ""},
		{"POST", "sign-ons/drop", admin, which, 200, `"done":true`},
		{"POST", "sign-ons/drop", admin, which, 404, ""},
		{"GET", "sign-ons", admin, "", 200, `"items":[]`},
	} {
		if code, text, _ := call(t, s, step.method, apiPrefix+step.path, step.who, step.body); code != step.want || !strings.Contains(text, step.says) {
			t.Errorf("%s %s: %d %s", step.method, step.path, code, text)
		}
	}
}

// stateOf is what the provider is to give back.
func stateOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	must(t, err)
	return u.Query().Get("state")
}
