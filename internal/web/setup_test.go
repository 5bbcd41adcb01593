package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // what code generators use (RFC 6238)
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/login"
)

// codeAt is what a code generator shows (RFC 6238).
func codeAt(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	must(t, err)
	var step [8]byte
	binary.BigEndian.PutUint64(step[:], uint64(at.Unix()/30))
	mac := hmac.New(sha1.New, key)
	mac.Write(step[:])
	sum := mac.Sum(nil)
	n := binary.BigEndian.Uint32(sum[sum[19]&15:]) & 0x7fffffff
	return fmt.Sprintf("%06d", n%1_000_000)
}

// A comer is somebody in a browser of their own, without scripts.
type comer struct {
	*station
	token string
}

func (c *comer) send(t *testing.T, method, path string, form url.Values) (int, string, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(form.Encode()))
	if method == "POST" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if c.token != "" {
		r.AddCookie(&http.Cookie{Name: sessionCookie(true), Value: c.token})
	}
	w := httptest.NewRecorder()
	c.station.ServeHTTP(w, r)
	if got := cookieOf(w.Result()); got != "" {
		c.token = got
	}
	return w.Code, w.Body.String(), w.Header().Get("Location")
}

// comes follows a link and makes a password with a code generator, without a
// script.
func (c *comer) comes(t *testing.T, who jurat.PersonID) {
	t.Helper()
	link := login.NewLink()
	must(t, c.record.GiveLink(t.Context(), desk.Caller{}, noon(), who, link.Hash, noon().Add(time.Hour)))
	post := func(path string, form url.Values) string {
		code, text, to := c.send(t, "POST", path, form)
		if code != 303 && code != 200 {
			t.Fatalf("%s: %d %s", path, code, alertOf(text))
		}
		return text + to
	}
	post("/setup", url.Values{"secret": {link.Secret}})
	const words = "a long password of a test only"
	post("/me/password", url.Values{"password": {words}, "repeat": {words}})
	shown := regexp.MustCompile(`<p class="digest">([A-Z2-7]{16,})</p>`).FindStringSubmatch(post("/me/generator", nil))
	if shown == nil {
		t.Fatal("no secret of a generator is shown")
	}
	post("/me/generator/confirm", url.Values{"code": {codeAt(t, shown[1], noon())}})
}

// bare is a counter at a record on its first day.
func bare(t *testing.T) *station {
	t.Helper()
	return counterAt(t, desktest.FirstDay(t), noon)
}

// The first administrator goes through five steps without a script: a password
// with codes, recovery codes that are put away, the offices by what they do, two
// sworn people, an order. What is left over stands on their first page.
func TestAFirstDayHasFiveSteps(t *testing.T) {
	s := bare(t)
	c := &comer{station: s}
	admin := jurat.PersonID("administrator-1")
	if code, text, _ := c.send(t, "GET", "/setup", nil); code != 200 || !strings.Contains(text, `action="/setup"`) {
		t.Fatalf("without a link: %d", code)
	}
	c.comes(t, admin)
	code, text, _ := c.send(t, "GET", "/setup", nil)
	if code != 200 || !strings.Contains(text, "Step 2 of 5: Recovery codes") {
		t.Fatalf("the second step: %d %s", code, textOf(text))
	}
	if code, text, _ := c.send(t, "GET", "/setup?step=1", nil); code != 200 || !strings.Contains(text, "Step 1 of 5: Your passkey") {
		t.Errorf("back: %d", code)
	}
	if code, _, to := c.send(t, "GET", "/admin", nil); code != 303 || to != "/setup" {
		t.Errorf("before it is done, at /admin: %d %s", code, to)
	}
	code, text, _ = c.send(t, "POST", "/me/recovery", nil)
	codes := regexp.MustCompile(`<li>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</li>`).FindAllString(text, -1)
	if code != 200 || len(codes) != 10 || !strings.Contains(text, "I have put them away") {
		t.Fatalf("recovery codes: %d, %d codes", code, len(codes))
	}
	code, text, _ = c.send(t, "POST", "/setup/done", url.Values{"codes": {"shown"}})
	if code != 422 || strings.Contains(text, codes[0]) || !strings.Contains(text, "put the codes away") {
		t.Errorf("codes that are not put away: %d", code)
	}
	code, _, to := c.send(t, "POST", "/setup/done", url.Values{"codes": {"shown"}, "put_away": {"yes"}})
	if code != 303 || to != "/setup/office" {
		t.Fatalf("after the second step: %d %s", code, to)
	}
	for _, lang := range []string{"Step 3 of 5: Your office", "No other office yet.", "none of these: a political office"} {
		if code, text, _ := c.send(t, "GET", "/setup/office", nil); code != 200 || !strings.Contains(text, lang) {
			t.Errorf("the third step lacks %q: %d", lang, code)
		}
	}
	if code, text, _ := c.send(t, "POST", "/setup/office", url.Values{"name": {"County prosecutor"}, "office_id": {"county-prosecutor"}}); code != 422 || !strings.Contains(text, `value="County prosecutor"`) {
		t.Errorf("an office that does nothing: %d", code)
	}
	if code, _, to := c.send(t, "POST", "/setup/office", url.Values{"name": {"County prosecutor"}, "office_id": {"county-prosecutor"}, "function": {"prosecutor"}}); code != 303 || to != "/setup/office" {
		t.Errorf("an office: %d %s", code, to)
	}
	alone := func() bool {
		code, text, _ := c.send(t, "GET", "/setup/people", nil)
		if code != 200 || !strings.Contains(text, "Step 4 of 5: Two people") {
			t.Fatalf("the fourth step: %d", code)
		}
		return strings.Contains(text, "Nothing can be approved yet. You can go on.")
	}
	offices, err := s.record.Offices(t.Context(), s.record.As(admin), noon())
	must(t, err)
	for i, p := range []struct{ id, role, office string }{{"supervisor-1", "supervisor", string(offices[0].ID)}, {"prosecutor-2", "prosecutor", "county-prosecutor"}, {"officer-3", "officer", string(offices[0].ID)}} {
		if !alone() {
			t.Errorf("with %d people added nothing is said", i)
		}
		if code, text, to := c.send(t, "POST", "/setup/people", url.Values{"id": {p.id}, "label": {p.id}, "office": {p.office}, "role": {p.role}, "sworn": {"yes"}}); code != 303 || to != "/setup/people" {
			t.Fatalf("%s: %d %s", p.id, code, alertOf(text))
		}
	}
	if alone() {
		t.Error("with two sworn people of this office it is said that nothing can be approved")
	}
	code, text, _ = c.send(t, "POST", "/setup/links", url.Values{"person": {"officer-3"}})
	if code != 200 || !strings.Contains(text, "/setup#") || !strings.Contains(text, "Step 4 of 5") {
		t.Errorf("a link: %d", code)
	}
	if code, text, _ := c.send(t, "GET", "/setup/order", nil); code != 200 || !strings.Contains(text, "Step 5 of 5: An order") || !strings.Contains(text, `action="/orders/check"`) {
		t.Errorf("the fifth step: %d", code)
	}
	code, text, _ = c.send(t, "GET", "/admin", nil)
	list, _, _ := strings.Cut(text[strings.Index(text, `id="first-day"`):], "</section>")
	for _, want := range []string{`<a href="/me#passkeys">Your passkey</a>`, "there</span> Your recovery codes", "there</span> The offices", "there</span> Two sworn people", `<a href="/setup/order">An order adopted</a>`, `could not tell</span> <a href="/admin/health#keys">`, `<a href="/admin/health#backup">A backup</a>`} {
		if code != 200 || !strings.Contains(list, want) {
			t.Errorf("the first page lacks %q: %d %s", want, code, list)
		}
	}
}

// Who is not an administrator has two steps, and then their work; the steps of the
// house are not there for them. A link is good once.
func TestWhoDoesNotAdministerHasTwoSteps(t *testing.T) {
	s := counterAt(t, desktest.City(t), noon)
	c := &comer{station: s}
	c.comes(t, "officer-4471")
	if code, text, _ := c.send(t, "GET", "/setup", nil); code != 200 || !strings.Contains(text, "Step 2 of 2: Recovery codes") || !strings.Contains(text, "Go on without codes") {
		t.Errorf("the second step: %d", code)
	}
	if code, _, to := c.send(t, "POST", "/setup/done", nil); code != 303 || to != "/" {
		t.Errorf("done: %d %s", code, to)
	}
	_, absent, _ := c.send(t, "GET", "/nowhere", nil)
	for _, path := range []string{"/setup/office", "/setup/people", "/setup/order"} {
		if code, text, _ := c.send(t, "GET", path, nil); code != 404 || text != absent {
			t.Errorf("an officer at %s: %d", path, code)
		}
	}
	for _, path := range []string{"/setup/office", "/setup/people", "/setup/links"} {
		if code, _, _ := c.send(t, "POST", path, url.Values{"id": {"x-1"}, "person": {"officer-4472"}}); code != 404 && code != 403 {
			t.Errorf("an officer posts to %s: %d", path, code)
		}
	}
	stranger := &comer{station: s}
	for _, path := range []string{"/setup/office", "/setup/people", "/setup/order"} {
		if code, _, _ := stranger.send(t, "GET", path, nil); code != 404 {
			t.Errorf("a stranger at %s: %d", path, code)
		}
	}
	if code, text, _ := stranger.send(t, "POST", "/setup", url.Values{"secret": {"a link that was used"}}); code != 403 || !strings.Contains(text, "This link was used, or is too old. Whoever runs the machine can print another.") {
		t.Errorf("a used link: %d", code)
	}
}

// On a record where nothing is left to be done the list of the first day is gone.
func TestTheFirstDayEnds(t *testing.T) {
	s := counterAt(t, desktest.City(t), noon)
	admin := jurat.PersonID("administrator-1")
	left := func() int {
		_, text, _ := ask(t, s, "GET", "/admin", admin, nil)
		if !strings.Contains(text, `id="first-day"`) {
			return 0
		}
		list, _, _ := strings.Cut(text[strings.Index(text, `id="first-day"`):], "</section>")
		return strings.Count(list, "<a href")
	}
	if n := left(); n != 3 { // codes, keys, a backup
		t.Errorf("%d lines are left", n)
	}
	s.Look = func(context.Context) []Sign { return []Sign{{Look: "keys", Answer: signWell, Code: "keys_apart"}} }
	if n := left(); n != 2 {
		t.Errorf("with the keys apart %d lines are left", n)
	}
	must(t, s.record.StateBackup(t.Context(), s.record.As(admin), noon()))
	if code, _, _ := ask(t, s, "POST", "/me/recovery", admin, url.Values{}); code != 200 {
		t.Fatalf("codes: %d", code)
	}
	if n := left(); n != 0 {
		t.Errorf("%d lines are left when all is done", n)
	}
	token := s.program(t, admin, false)
	if code, text, _ := call(t, s, "GET", apiPrefix+"first-day", token, ""); code != 200 || strings.Count(text, `"state":"done"`) != 7 {
		t.Errorf("for programs: %d %s", code, text)
	}
	if code, _, _ := call(t, s, "GET", apiPrefix+"first-day", s.program(t, "auditor-1", false), ""); code != 403 {
		t.Errorf("for an auditor's program: %d", code)
	}
}
