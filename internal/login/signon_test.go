package login_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/login"
)

// An elsewhere is a single sign-on by others (testdata/mockoidc), over loopback.
type elsewhere struct {
	Issuer, Client, Secret string

	in  io.Writer
	out *bufio.Reader
}

func newElsewhere(t *testing.T) *elsewhere {
	t.Helper()
	program := filepath.Join(t.TempDir(), "mockoidc")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	build.Dir = "../../testdata/mockoidc"
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		if strings.Contains(","+os.Getenv("JURAT_REQUIRE")+",", ",all,") || strings.Contains(","+os.Getenv("JURAT_REQUIRE")+",", ",mockoidc,") {
			t.Fatalf("mockoidc cannot be built, and JURAT_REQUIRE wants it: %v\n%s", err, out)
		}
		t.Skipf("SKIPPED: mockoidc cannot be built, so single sign-on was NOT tried: %v\n%s", err, out)
	}
	cmd := exec.CommandContext(t.Context(), program)
	in, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	e := &elsewhere{in: in, out: bufio.NewReader(out)}
	line, err := e.out.ReadBytes('\n')
	must(t, err)
	must(t, json.Unmarshal(line, e))
	return e
}

// vouch has the single sign-on vouch for a subject in a browser sent to
// address, and gives what it answers.
func (e *elsewhere) vouch(t *testing.T, address, subject string) url.Values {
	t.Helper()
	fmt.Fprintln(e.in, subject)
	_, err := e.out.ReadBytes('\n')
	must(t, err)
	browser := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := browser.Get(address)
	must(t, err)
	defer answer.Body.Close()
	back, err := answer.Location()
	if err != nil {
		text, _ := io.ReadAll(answer.Body)
		t.Fatalf("%s: %v: %s", answer.Status, err, text)
	}
	if !strings.HasPrefix(back.String(), origin+"/login/sso") {
		t.Fatalf("sent back to %s", back)
	}
	return back.Query()
}

func TestASingleSignOnLetsInWhomAnAdministratorNamed(t *testing.T) {
	e := newElsewhere(t)
	l := newLobby(t, sqlite)
	l.doors.SignOn = &login.SignOn{Issuer: e.Issuer, Client: e.Client, Secret: e.Secret, Redirect: origin + "/login/sso"}
	l.Porter = got(login.Open(l.doors))(t)
	ctx, now := t.Context(), jurat.At(time.Now()) // the other system has a clock of its own
	by := desk.Caller{Person: admin, Session: true}
	ask := func() (string, string) {
		address, cookie, err := l.AskSignOn(ctx, now)
		must(t, err)
		q := got(url.Parse(address))(t).Query()
		if q.Get("code_challenge_method") != "S256" || q.Get("nonce") == "" || q.Get("state") == "" || q.Get("scope") != "openid" {
			t.Errorf("it asks %s", address)
		}
		return address, cookie
	}

	address, cookie := ask()
	back := e.vouch(t, address, "subject-1")
	_, _, err := l.ComeBySignOn(ctx, now, somehost, cookie, back.Get("state"), back.Get("code"))
	refused(t, "a subject nobody named", err, jurat.Forbidden)

	must(t, l.record.AddSignOn(ctx, by, now, officer, e.Issuer, "subject-1"))
	refused(t, "named twice", l.record.AddSignOn(ctx, by, now, admin, e.Issuer, "subject-1"), jurat.Conflict)
	refused(t, "named by an officer", l.record.AddSignOn(ctx, desk.Caller{Person: officer, Session: true}, now, officer, e.Issuer, "subject-2"), jurat.Forbidden)
	address, cookie = ask()
	back = e.vouch(t, address, "subject-1")
	token, s, err := l.ComeBySignOn(ctx, now, somehost, cookie, back.Get("state"), back.Get("code"))
	must(t, err)
	if s.Person != officer || s.Method != login.BySignOn || s.Setup {
		t.Errorf("came in as %+v", s)
	}
	if m := got(l.Means(ctx, officer))(t); len(m.SignOns) != 1 || m.SignOns[0].Subject != "subject-1" {
		t.Errorf("Means: %+v", m)
	}
	_, _, err = l.ComeBySignOn(ctx, now, somehost, cookie, back.Get("state"), back.Get("code"))
	refused(t, "the answer again", err, jurat.Forbidden)

	for what, change := range map[string]func(cookie, state, code string) (string, string, string){
		"in another's browser":    func(_, state, code string) (string, string, string) { return "another", state, code },
		"to no question":          func(cookie, _, code string) (string, string, string) { return cookie, "another", code },
		"with another code":       func(cookie, state, _ string) (string, string, string) { return cookie, state, "another" },
		"with nothing":            func(string, string, string) (string, string, string) { return "", "", "" },
		"with another's verifier": nil,
	} {
		address, cookie := ask()
		back := e.vouch(t, address, "subject-1")
		state, code := back.Get("state"), back.Get("code")
		if change == nil { // a code that was asked for elsewhere is brought here
			other, _ := ask()
			code = e.vouch(t, other, "subject-1").Get("code")
		} else {
			cookie, state, code = change(cookie, state, code)
		}
		_, _, err := l.ComeBySignOn(ctx, now, somehost, cookie, state, code)
		refused(t, what, err, jurat.Forbidden)
	}
	address, cookie = ask()
	back = e.vouch(t, address, "subject-1")
	_, _, err = l.ComeBySignOn(ctx, now.Add(6*time.Minute), somehost, cookie, back.Get("state"), back.Get("code"))
	refused(t, "too late", err, jurat.Forbidden)

	must(t, l.record.DropSignOn(ctx, by, now, officer, e.Issuer, "subject-1"))
	_, err = l.Session(ctx, now, token)
	refused(t, "after it was taken back", err, login.ErrSignedOut)
	for _, line := range l.journal(t, now.Add(time.Hour)) {
		if strings.Contains(line.Detail, "subject-1") {
			t.Errorf("the journal says whom the other system named: %+v", line)
		}
	}
}

func TestASingleSignOnThatIsNoneOrDoesNotAnswer(t *testing.T) {
	l := newLobby(t, sqlite)
	if _, _, err := l.AskSignOn(t.Context(), at(0)); l.SignOns() {
		t.Error("there is one")
	} else {
		refused(t, "none", err, jurat.Conflict)
	}
	_, _, err := l.ComeBySignOn(t.Context(), at(0), somehost, "", "", "")
	refused(t, "none", err, jurat.Conflict)
	for _, bad := range []login.SignOn{
		{Issuer: "http://sso.example", Client: "c", Redirect: origin}, {Issuer: "https://sso.example", Client: "c", Redirect: "/login/sso"},
		{Issuer: "https://sso.example", Redirect: origin}, {Issuer: "", Client: "c", Redirect: origin},
	} {
		l.doors.SignOn = &bad
		_, err := login.Open(l.doors)
		refused(t, fmt.Sprintf("%+v", bad), err, jurat.Invalid)
	}
	l.doors.SignOn = &login.SignOn{Issuer: "http://127.0.0.1:1", Client: "c", Redirect: origin + "/login/sso"}
	p := got(login.Open(l.doors))(t)
	_, _, err = p.AskSignOn(t.Context(), at(0))
	refused(t, "nobody answers", err, jurat.Unavailable)
}
