package web

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/login"
	"jurat/internal/login/logintest"
)

// script makes a request as the page's script does, with a cookie.
func (s *station) script(t *testing.T, address, token string, body any) (int, map[string]json.RawMessage, *http.Response) {
	t.Helper()
	text, err := json.Marshal(body)
	must(t, err)
	r := httptest.NewRequestWithContext(t.Context(), "POST", address, bytes.NewReader(text))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if token != "" {
		r.AddCookie(&http.Cookie{Name: sessionCookie(true), Value: token})
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	got := map[string]json.RawMessage{}
	_ = json.Unmarshal(w.Body.Bytes(), &got)
	return w.Code, got, w.Result()
}

func cookieOf(r *http.Response) string {
	for _, c := range r.Cookies() {
		if strings.HasSuffix(c.Name, "session") {
			return c.Value
		}
	}
	return ""
}

// From the link an administrator hands over to the first page of work, by what
// a browser sends.
func TestANewPersonComesInByLinkAndPasskey(t *testing.T) {
	rec := desktest.City(t)
	s := counterAt(t, rec, noon)
	link := login.NewLink()
	must(t, rec.GiveLink(t.Context(), desk.Caller{}, noon(), "officer-4471", link.Hash, noon().Add(time.Hour)))
	post := func(address, token string, form url.Values) (*http.Response, string) {
		r := httptest.NewRequestWithContext(t.Context(), "POST", address, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if token != "" {
			r.AddCookie(&http.Cookie{Name: sessionCookie(true), Value: token})
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w.Result(), w.Body.String()
	}
	if got, _ := post("/setup", "", url.Values{"secret": {"no such link"}}); got.StatusCode != http.StatusForbidden {
		t.Errorf("a link that is none: %d", got.StatusCode)
	}
	got, _ := post("/setup", "", url.Values{"secret": {"https://records.city.example/setup#" + link.Secret}})
	token := cookieOf(got)
	if got.StatusCode != http.StatusSeeOther || token == "" {
		t.Fatalf("the link: %d %v", got.StatusCode, got.Header)
	}
	if got, _ := post("/setup", "", url.Values{"secret": {link.Secret}}); got.StatusCode != http.StatusForbidden {
		t.Errorf("the link a second time: %d", got.StatusCode)
	}
	// They can make credentials, and see nothing of the record.
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/incidents", nil)
	r.AddCookie(&http.Cookie{Name: sessionCookie(true), Value: token})
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != 303 || w.Header().Get("Location") != "/setup" {
		t.Errorf("before they have credentials: %d %v", w.Code, w.Header())
	}
	key := logintest.New(origin)
	_, ask, _ := s.script(t, "/me/passkeys/ask", token, map[string]string{})
	var id string
	must(t, json.Unmarshal(ask["id"], &id))
	code, _, _ := s.script(t, "/me/passkeys", token, map[string]any{"id": id, "name": "Station key", "answer": json.RawMessage(key.Make(t, ask["options"]))})
	if code != 200 {
		t.Fatalf("the passkey: %d", code)
	}
	got, _ = post("/setup/done", token, nil)
	if token = cookieOf(got); got.StatusCode != http.StatusSeeOther || token == "" {
		t.Fatalf("settled: %d", got.StatusCode)
	}

	// The next day, by the passkey alone.
	post("/leave", token, nil)
	_, ask, _ = s.script(t, "/login/ask", "", map[string]string{})
	must(t, json.Unmarshal(ask["id"], &id))
	answer := json.RawMessage(key.Get(t, ask["options"]))
	code, _, came := s.script(t, "/login/passkey", "", map[string]any{"id": id, "answer": answer})
	if code != 200 || cookieOf(came) == "" {
		t.Fatalf("by passkey: %d", code)
	}
	cookie := came.Cookies()[0]
	if !cookie.HttpOnly || !cookie.Secure || cookie.SameSite != http.SameSiteLaxMode || cookie.Name != "__Host-session" {
		t.Errorf("the cookie: %+v", cookie)
	}
	if code, _, _ := s.script(t, "/login/passkey", "", map[string]any{"id": id, "answer": answer}); code != 403 {
		t.Errorf("the same answer again: %d", code)
	}
	people, err := rec.People(t.Context(), rec.As("administrator-1"), noon())
	must(t, err)
	for _, p := range people {
		if p.ID == "officer-4471" && len(p.Keys) != 2 { // their key file's, and the passkey's
			t.Errorf("%d keys on the record", len(p.Keys))
		}
	}
}

// Who changes nothing in this record (an auditor, a political office, another
// office) once made a passkey and was told that they may not: it lets them in
// all the same, and its key is on no record.
func TestWhoSignsNothingComesInByAPasskey(t *testing.T) {
	rec := desktest.City(t)
	s := counterAt(t, rec, noon)
	for _, who := range []jurat.PersonID{"auditor-1", "aide-1", "prosecutor-12"} {
		link := login.NewLink()
		must(t, rec.GiveLink(t.Context(), desk.Caller{}, noon(), who, link.Hash, noon().Add(time.Hour)))
		token, _, err := s.Login.ComeByLink(t.Context(), noon(), "192.0.2.7", link.Secret)
		must(t, err)
		_, ask, _ := s.script(t, "/me/passkeys/ask", string(token), map[string]string{})
		var id string
		must(t, json.Unmarshal(ask["id"], &id))
		code, said, _ := s.script(t, "/me/passkeys", string(token), map[string]any{"id": id, "name": "Own key", "answer": json.RawMessage(logintest.New(origin).Make(t, ask["options"]))})
		if code != 200 {
			t.Errorf("%s makes a passkey: %d %s", who, code, said["say"])
		}
	}
	people, err := rec.People(t.Context(), rec.As("administrator-1"), noon())
	must(t, err)
	for _, p := range people {
		if p.Role == jurat.RoleAuditor && len(p.Keys) != 1 { // their key file's, and nothing else
			t.Errorf("%d keys of the auditor are on the record", len(p.Keys))
		}
	}
}

// After half an hour away a page asks who it is, and goes on where it was.
func TestALockedSessionGoesOnWhereItWas(t *testing.T) {
	rec := desktest.City(t)
	now := noon()
	s := counterAt(t, rec, func() time.Time { return now })
	token := s.token(t, "officer-4471")
	now = now.Add(31 * time.Minute)
	code, _, h := ask(t, s, "GET", "/incidents?after=2026-000009", "officer-4471", nil)
	if code != 303 || h.Get("Location") != "/again?to="+url.QueryEscape("/incidents?after=2026-000009") {
		t.Fatalf("locked: %d %q", code, h.Get("Location"))
	}
	if code, text, _ := ask(t, s, "GET", "/again?to=/duties", "officer-4471", nil); code != 200 || !strings.Contains(text, "Locked after 30 minutes") {
		t.Errorf("the locked page: %d", code)
	}
	_, asked, _ := s.script(t, "/again/ask", string(token), map[string]string{})
	var id string
	must(t, json.Unmarshal(asked["id"], &id))
	code, _, _ = s.script(t, "/again/passkey", string(token), map[string]any{"id": id, "answer": json.RawMessage(s.keys["officer-4471"].Get(t, asked["options"]))})
	if code != 200 {
		t.Fatalf("shown again: %d", code)
	}
	if code, _, _ := ask(t, s, "GET", "/incidents", "officer-4471", nil); code != 200 {
		t.Errorf("after that: %d", code)
	}
	now = now.Add(12 * time.Hour)
	if code, _, _ := ask(t, s, "GET", "/incidents", "officer-4471", nil); code != 404 {
		t.Errorf("after twelve hours: %d", code)
	}
}

// What is wrong with a sign-in is not told, and names nobody.
func TestASignInTellsNothing(t *testing.T) {
	rec := desktest.City(t)
	s := counterAt(t, rec, noon)
	_, want, _ := ask(t, s, "POST", "/login", "", url.Values{"name": {"officer-4471"}, "password": {"guess"}, "code": {"000000"}})
	_, got, _ := ask(t, s, "POST", "/login", "", url.Values{"name": {"officer-9999"}, "password": {"guess"}, "code": {"000000"}})
	if strings.ReplaceAll(want, `value="officer-4471"`, "") != strings.ReplaceAll(got, `value="officer-9999"`, "") {
		t.Error("who exists and who does not are answered differently")
	}
}

// A program acts by a token its person made: shown once, ended when they say.
func TestATokenForAProgram(t *testing.T) {
	rec := desktest.City(t)
	s := counterAt(t, rec, noon)
	who := rec.As("officer-4471").Person
	if code, text, _ := ask(t, s, "POST", "/me/tokens", who, url.Values{"name": {"Morning report"}, "scope": {"read"}, "days": {"400"}}); code != http.StatusUnprocessableEntity || !strings.Contains(text, "1 to 90 days") {
		t.Errorf("four hundred days: %d", code)
	}
	code, text, _ := ask(t, s, "POST", "/me/tokens", who, url.Values{"name": {"Morning report"}, "scope": {"read"}, "days": {"30"}})
	_, secret, found := strings.Cut(text, `<p class="digest">jurat_`)
	secret, _, _ = strings.Cut("jurat_"+secret, "<")
	if code != http.StatusOK || !found {
		t.Fatalf("a token: %d", code)
	}
	call := func(method string) int {
		r := httptest.NewRequestWithContext(t.Context(), method, "/api/v1/incidents", strings.NewReader(`{"title":"Vehicle stop"}`))
		r.Header.Set("Authorization", "Bearer "+secret)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w.Code
	}
	if code := call("GET"); code != http.StatusOK {
		t.Errorf("reading with it: %d", code)
	}
	if code := call("POST"); code != http.StatusForbidden {
		t.Errorf("writing with a token that may read: %d", code)
	}
	_, text, _ = ask(t, s, "GET", "/me", who, nil)
	if strings.Contains(text, secret) || !strings.Contains(text, "Morning report") {
		t.Error("the page shows the secret again, or not the program")
	}
	_, rest, _ := strings.Cut(text, `action="/me/tokens/end"><input type="hidden" name="id" value="`)
	id, _, _ := strings.Cut(rest, `"`)
	ask(t, s, "POST", "/me/tokens/end", who, url.Values{"id": {id}})
	if code := call("GET"); code != http.StatusUnauthorized {
		t.Errorf("after it was ended: %d", code)
	}
}
