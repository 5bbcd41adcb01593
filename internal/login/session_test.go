package login_test

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/login"
	"jurat/internal/register"
)

var sqlite = desktest.Engine(desktest.SQLite)

type random struct{}

func (random) Read(p []byte) (int, error) { return rand.Read(p) }

func b32(text string) ([]byte, error) {
	return base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(text)
}

func TestASessionLocksAndEnds(t *testing.T) {
	lobbies(t, func(t *testing.T, l *lobby) {
		a := l.enrolled(t, officer)
		token, _ := l.comeIn(t, at(0), a)
		for _, m := range []int{20, 40, 69} { // minutes: it is not idle
			got(l.Session(t.Context(), at(time.Duration(m)*time.Minute), token))(t)
		}
		now := at(99*time.Minute + time.Second)
		s, err := l.Session(t.Context(), now, token)
		refused(t, "after half an hour", err, login.ErrLocked)
		if !s.Locked || s.Person != officer {
			t.Errorf("a locked session is %+v", s)
		}
		_, err = l.AskSignature(t.Context(), now, token, [32]byte{})
		refused(t, "signing while locked", err, login.ErrLocked)
		_, err = l.AskNewPasskey(t.Context(), now, token)
		refused(t, "a new passkey while locked", err, login.ErrLocked)
		ask := got(l.AskAgain(t.Context(), now, token))(t)
		got(l.AgainByPasskey(t.Context(), now, somehost, token, ask.ID, a.Get(t, ask.Options)))(t)
		got(l.Session(t.Context(), now, token))(t)
		for m := 100 * time.Minute; m < 12*time.Hour; m += 20 * time.Minute {
			got(l.Session(t.Context(), at(m), token))(t)
		}
		_, err = l.Session(t.Context(), at(12*time.Hour), token)
		refused(t, "after twelve hours", err, login.ErrSignedOut)
		if all := got(l.Sessions(t.Context(), at(12*time.Hour), officer))(t); len(all) != 0 {
			t.Errorf("listed still: %+v", all)
		}
	})
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	lobbies(t, func(t *testing.T, l *lobby) {
		a := l.enrolled(t, officer)
		first, one := l.comeIn(t, at(1*time.Minute), a)
		second, two := l.comeIn(t, at(2*time.Minute), a)
		third, _ := l.comeIn(t, at(3*time.Minute), a)
		all := got(l.Sessions(t.Context(), at(4*time.Minute), officer))(t)
		if len(all) != 3 || all[2].ID != one.ID || all[1].ID != two.ID {
			t.Errorf("Sessions: %+v", all)
		}
		refused(t, "another's session", l.EndSession(t.Context(), admin, one.ID), jurat.NotFound)
		must(t, l.EndSession(t.Context(), officer, one.ID))
		_, err := l.Session(t.Context(), at(4*time.Minute), first)
		refused(t, "an ended session", err, login.ErrSignedOut)
		if n := got(l.EndOthers(t.Context(), two))(t); n != 1 {
			t.Errorf("EndOthers ended %d", n)
		}
		_, err = l.Session(t.Context(), at(4*time.Minute), third)
		refused(t, "one of the others", err, login.ErrSignedOut)
		got(l.Session(t.Context(), at(4*time.Minute), second))(t)
		must(t, l.Leave(t.Context(), second))
		must(t, l.Leave(t.Context(), second))
		_, err = l.Session(t.Context(), at(4*time.Minute), second)
		refused(t, "after leaving", err, login.ErrSignedOut)
		for _, nonsense := range []login.Token{"", "x", login.Token(strings.Repeat("A", 43))} {
			_, err := l.Session(t.Context(), at(0), nonsense)
			refused(t, "a made-up token", err, login.ErrSignedOut)
		}
		if s := fmt.Sprintf("%v %s", second, second); strings.Contains(s, string(second)) {
			t.Errorf("a token prints as %s", s)
		}
	})
}

// Somebody who is gone, or is something else now, would go on as they were.
func TestWhoIsRetiredIsSignedOut(t *testing.T) {
	lobbies(t, func(t *testing.T, l *lobby) {
		a := l.enrolled(t, officer)
		token, _ := l.comeIn(t, at(0), a)
		_, err := l.record.RetirePerson(t.Context(), desk.Caller{Person: admin}, at(time.Minute), officer, "moved to another office")
		must(t, err)
		_, err = l.Session(t.Context(), at(time.Minute), token)
		refused(t, "Session", err, login.ErrSignedOut)
		ask := got(l.AskPasskey(t.Context(), at(time.Minute)))(t)
		_, _, err = l.ComeByPasskey(t.Context(), at(time.Minute), somehost, ask.ID, a.Get(t, ask.Options))
		refused(t, "ComeByPasskey", err, jurat.Forbidden)
		link := login.NewLink()
		refused(t, "GiveLink", l.record.GiveLink(t.Context(), desk.Caller{}, at(time.Minute), officer, link.Hash, at(time.Hour)), jurat.Conflict)
	})
}

func TestAnAdministratorEndsSomebodysSessions(t *testing.T) {
	l := newLobby(t, sqlite)
	a := l.enrolled(t, officer)
	token, _ := l.comeIn(t, at(0), a)
	_, err := l.record.EndSessions(t.Context(), desk.Caller{Person: officer, Session: true}, at(0), admin)
	refused(t, "an officer", err, jurat.Forbidden)
	refused(t, "an officer asks", l.record.MayAdmit(t.Context(), desk.Caller{Person: officer, Session: true}, at(0)), jurat.Forbidden)
	must(t, l.record.MayAdmit(t.Context(), desk.Caller{Person: admin, Session: true}, at(0)))
	if n, err := l.record.EndSessions(t.Context(), desk.Caller{Person: admin, Session: true}, at(0), officer); n != 1 || err != nil {
		t.Errorf("EndSessions: %d, %v", n, err)
	}
	_, err = l.Session(t.Context(), at(0), token)
	refused(t, "Session", err, login.ErrSignedOut)
	refused(t, "a link of an officer's", l.record.GiveLink(t.Context(), desk.Caller{Person: officer, Session: true}, at(0), admin, login.NewLink().Hash, at(time.Hour)), jurat.Forbidden)
	_, err = l.record.AddKey(t.Context(), desk.Caller{Person: officer, Session: true}, at(0), admin, l.record.Keys[officer].Public())
	refused(t, "a key for somebody else", err, jurat.Forbidden)
}

func TestALinkIsGoodOnceAndForADay(t *testing.T) {
	lobbies(t, func(t *testing.T, l *lobby) {
		give := func(now time.Time) login.Link {
			link := login.NewLink()
			must(t, l.record.GiveLink(t.Context(), desk.Caller{}, now, admin, link.Hash, now.Add(login.LinkLasts)))
			return link
		}
		link := give(at(0))
		token, s, err := l.ComeByLink(t.Context(), at(0), somehost, link.Secret)
		must(t, err)
		if !s.Setup || s.Method != login.ByLink {
			t.Errorf("by a link: %+v", s)
		}
		_, _, err = l.ComeByLink(t.Context(), at(0), somehost, link.Secret)
		refused(t, "again", err, jurat.Forbidden)
		old := give(at(0))
		_, _, err = l.ComeByLink(t.Context(), at(login.LinkLasts+time.Second), somehost, old.Secret)
		refused(t, "after a day", err, jurat.Forbidden)
		first, second := give(at(0)), give(at(0))
		_, _, err = l.ComeByLink(t.Context(), at(0), somehost, first.Secret)
		refused(t, "one that another followed", err, jurat.Forbidden)
		_, _, err = l.ComeByLink(t.Context(), at(0), somehost, second.Secret)
		must(t, err)

		_, err = l.Session(t.Context(), at(0), token)
		refused(t, "work", err, login.ErrSetup)
		_, err = l.AskSignature(t.Context(), at(0), token, [32]byte{})
		refused(t, "signing", err, login.ErrSetup)
		got(l.Newcomer(t.Context(), at(0), token))(t)
		_, _, err = l.Settle(t.Context(), at(0), token)
		refused(t, "before there is a way in", err, jurat.Conflict)
		must(t, l.SetPassword(t.Context(), at(0), token, password))
		_, _, err = l.Settle(t.Context(), at(0), token)
		refused(t, "with a password alone", err, jurat.Conflict)
		made := got(l.NewTOTP(t.Context(), at(0), token))(t)
		refused(t, "a wrong first code", l.ConfirmTOTP(t.Context(), at(0), token, "000000"), jurat.Invalid)
		_, _, err = l.Settle(t.Context(), at(0), token)
		refused(t, "with an unconfirmed generator", err, jurat.Conflict)
		must(t, l.ConfirmTOTP(t.Context(), at(0), token, code(t, made.Secret, at(0))))
		whole, s, err := l.Settle(t.Context(), at(0), token)
		must(t, err)
		if s.Setup || whole == token {
			t.Errorf("settled: %+v", s)
		}
		_, err = l.Newcomer(t.Context(), at(0), token)
		refused(t, "the token before", err, login.ErrSignedOut)
		got(l.Session(t.Context(), at(0), whole))(t)
		_, err = l.Newcomer(t.Context(), at(time.Hour), l.link(t, at(0), officer))
		refused(t, "after an hour", err, login.ErrSignedOut)
	})
}

// Whoever reads the database would come in as anybody.
func TestNothingThatLetsSomebodyInIsInTheDatabase(t *testing.T) {
	file := filepath.Join(t.TempDir(), "register.sqlite")
	l := newLobby(t, func(t testing.TB) *register.Register {
		r, err := register.OpenSQLite(t.Context(), file)
		must(t, err)
		t.Cleanup(func() { must(t, r.Close()) })
		return r
	})
	a := l.enrolled(t, officer)
	token, _ := l.comeIn(t, at(0), a)
	must(t, l.SetPassword(t.Context(), at(0), token, password))
	made := got(l.NewTOTP(t.Context(), at(0), token))(t)
	codes := got(l.NewRecovery(t.Context(), at(0), token))(t)
	link := login.NewLink()
	must(t, l.record.GiveLink(t.Context(), desk.Caller{}, at(0), admin, link.Hash, at(time.Hour)))
	_, _, err := l.ComeByPassword(t.Context(), at(0), somehost, "typed-by-somebody", "typed as a password", "123456")
	refused(t, "ComeByPassword", err, jurat.Forbidden)
	var all []byte
	for _, suffix := range []string{"", "-wal"} {
		all = append(all, got(os.ReadFile(file+suffix))(t)...)
	}
	if !strings.Contains(string(all), "Station key") {
		t.Fatal("the database cannot be read")
	}
	secrets := []string{string(token), password, made.Secret, string(got(b32(made.Secret))(t)), link.Secret, somehost, "typed-by-somebody", "typed as a password"}
	for _, c := range codes {
		secrets = append(secrets, c, strings.ReplaceAll(c, "-", ""))
	}
	for _, s := range secrets {
		if strings.Contains(string(all), s) {
			t.Errorf("%q is in the database", s)
		}
	}
}

// What lets a program in for a person is journalled when it is made and when it
// is ended, each by itself (SEC-7); one that could not be journalled is no token.
func TestATokensMakingAndEndAreJournalled(t *testing.T) {
	l := newLobby(t, desktest.SQLite)
	ctx := t.Context()
	token, _ := l.comeIn(t, at(time.Minute), l.enrolled(t, "officer-4471"))
	lines := func(kind string) (said []string) {
		t.Helper()
		rows, err := l.record.Journal(ctx, l.record.As("administrator-1"), at(time.Hour), 0, 100)
		must(t, err)
		for _, row := range rows {
			if row.Kind == kind && row.Person == "officer-4471" {
				said = append(said, row.Detail)
			}
		}
		return said
	}
	_, first, err := l.NewAPIToken(ctx, at(time.Minute), token, "A report", false, 30)
	must(t, err)
	secret, second, err := l.NewAPIToken(ctx, at(time.Minute), token, "Another", true, 30)
	must(t, err)
	made := strings.Join(lines("token-made"), "\n")
	if !strings.Contains(made, first.ID) || !strings.Contains(made, second.ID) || strings.Contains(made, secret) {
		t.Errorf("made, the journal says %q", made)
	}
	must(t, l.EndAPIToken(ctx, at(2*time.Minute), "officer-4471", first.ID))
	if ended := lines("token-ended"); len(ended) != 1 || !strings.Contains(ended[0], first.ID) {
		t.Errorf("ended, the journal says %q", ended)
	}
	refused(t, "ended twice", l.EndAPIToken(ctx, at(2*time.Minute), "officer-4471", first.ID), jurat.NotFound)
	if n := len(lines("token-ended")); n != 1 {
		t.Errorf("what did not happen is journalled: %d lines", n)
	}

	deaf := l.doors
	deaf.Made = func(context.Context, time.Time, jurat.PersonID, string) error { return jurat.Unavailable }
	p := got(login.Open(deaf))(t)
	_, _, err = p.NewAPIToken(ctx, at(2*time.Minute), token, "Unheard", true, 30)
	refused(t, "without a journal", err, jurat.Unavailable)
	if all := got(l.APITokens(ctx, at(2*time.Minute), "officer-4471"))(t); len(all) != 1 || all[0].ID != second.ID {
		t.Errorf("their tokens are %+v", all)
	}
}
