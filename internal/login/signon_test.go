package login_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/login"
	"jurat/internal/login/logintest"
)

// An elsewhere is a single sign-on by others, over loopback.
type elsewhere struct{ *logintest.Elsewhere }

func newElsewhere(t *testing.T) elsewhere {
	t.Helper()
	return elsewhere{logintest.NewElsewhere(t, "../..")}
}

// vouch has the single sign-on vouch for a subject in a browser sent to
// address, and gives what it answers.
func (e elsewhere) vouch(t *testing.T, address, subject string) url.Values {
	t.Helper()
	back := e.Vouch(t, address, subject, "")
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
	if name, issuer := l.SignOn(); name != "" || issuer != "" {
		t.Error("there is one")
	}
	_, _, err := l.AskSignOn(t.Context(), at(0))
	refused(t, "none", err, jurat.Conflict)
	_, _, err = l.ComeBySignOn(t.Context(), at(0), somehost, "", "", "")
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
	refused(t, "nobody answers", err, login.ErrNoSignOn)
}

// What a single sign-on says of somebody is taken only as it must be said, by
// the provider that was asked; whatever is wrong, they are told what everybody is
// told who is not let in, it is journalled, and nobody's name is.
func TestASingleSignOnIsTakenAtNoOtherWord(t *testing.T) {
	e := newElsewhere(t)
	l := newLobby(t, sqlite)
	l.doors.SignOn = &login.SignOn{Issuer: e.Issuer, Client: e.Client, Secret: e.Secret, Redirect: origin + "/login/sso"}
	l.Porter = got(login.Open(l.doors))(t)
	ctx, now := t.Context(), jurat.At(time.Now())
	must(t, l.record.AddSignOn(ctx, desk.Caller{Person: admin, Session: true}, now, officer, e.Issuer, "subject-1"))
	try := func(wrong string) error {
		t.Helper()
		address, cookie, err := l.AskSignOn(ctx, now)
		must(t, err)
		back := e.Vouch(t, address, "subject-1", wrong).Query()
		_, _, err = l.ComeBySignOn(ctx, now, somehost, cookie, back.Get("state"), back.Get("code"))
		return err
	}
	_, _, same := l.ComeByPassword(ctx, now.Add(-time.Hour), somehost, "officer-9999", "guess", "000000")
	for _, wrong := range []string{"issuer", "audience", "expired", "nonce", "none", "hmac", "key", "no-token"} {
		err := try(wrong)
		refused(t, wrong, err, jurat.Forbidden)
		if err.Error() != same.Error() {
			t.Errorf("%s: %q, and not %q", wrong, err, same)
		}
	}
	turned := 0
	for _, line := range l.journal(t, now.Add(time.Hour)) {
		if strings.Contains(line.Detail, "sign-on") {
			turned++
		}
		if strings.Contains(line.Detail, "subject-1") {
			t.Errorf("the journal says whom the other system named: %+v", line)
		}
	}
	if turned == 0 {
		t.Error("nothing of it is in the journal")
	}
	for range 40 { // that it does not answer is nobody's guess, and makes nobody wait
		refused(t, "out of order", try("down"), login.ErrNoSignOn)
	}
	must(t, try(""))

	wrongSecret := *l.doors.SignOn
	wrongSecret.Secret = "not-the-secret"
	l.doors.SignOn = &wrongSecret
	l.Porter = got(login.Open(l.doors))(t)
	err := try("")
	refused(t, "with another secret", err, login.ErrNoSignOn)
	if strings.Contains(fmt.Sprintf("%v %+v", err, errors.Unwrap(err)), "not-the-secret") {
		t.Errorf("what the log gets names the secret: %v", err)
	}
}

// Another system's word lets somebody in. It makes no credentials here, so that
// nobody signs by it; who shows a passkey of their own then may.
func TestASingleSignOnMakesNoCredentials(t *testing.T) {
	e := newElsewhere(t)
	l := newLobby(t, sqlite)
	l.doors.SignOn = &login.SignOn{Issuer: e.Issuer, Client: e.Client, Secret: e.Secret, Redirect: origin + "/login/sso"}
	l.Porter = got(login.Open(l.doors))(t)
	ctx, now := t.Context(), jurat.At(time.Now())
	key := l.enrolled(t, officer)
	must(t, l.record.AddSignOn(ctx, desk.Caller{Person: admin, Session: true}, now, officer, e.Issuer, "subject-1"))
	address, cookie, err := l.AskSignOn(ctx, now)
	must(t, err)
	back := e.vouch(t, address, "subject-1")
	token, s, err := l.ComeBySignOn(ctx, now, somehost, cookie, back.Get("state"), back.Get("code"))
	must(t, err)
	if _, err := l.Session(ctx, now, token); err != nil || !s.Fresh.IsZero() {
		t.Errorf("%+v, %v", s, err)
	}
	_, err = l.AskNewPasskey(ctx, now, token)
	refused(t, "a new passkey", err, login.ErrStale)
	refused(t, "a new password", l.SetPassword(ctx, now, token, password), login.ErrStale)
	_, _, err = l.NewAPIToken(ctx, now, token, "x", true, 1)
	refused(t, "a program's token", err, login.ErrStale)
	refused(t, "an administrator's link", l.JustShown(ctx, now, token), login.ErrStale)
	_, err = l.Session(ctx, now.Add(31*time.Minute), token)
	refused(t, "after half an hour", err, login.ErrLocked)
	ask := got(l.AskAgain(ctx, now, token))(t)
	_ = got(l.AgainByPasskey(ctx, now, somehost, token, ask.ID, key.Get(t, ask.Options)))(t)
	_ = got(l.AskNewPasskey(ctx, now, token))(t)
	_, err = l.Session(ctx, now.Add(13*time.Hour), token)
	refused(t, "after twelve hours", err, login.ErrSignedOut)
}
