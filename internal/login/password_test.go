package login_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/login"
)

func TestAPasswordNeedsItsCode(t *testing.T) {
	lobbies(t, func(t *testing.T, l *lobby) {
		secret := l.withPassword(t, officer)
		now := at(time.Minute)
		_, s, err := l.ComeByPassword(t.Context(), now, somehost, string(officer), password, code(t, secret, now))
		must(t, err)
		if s.Person != officer || s.Method != login.ByPassword {
			t.Errorf("came in as %+v", s)
		}
		_, _, err = l.ComeByPassword(t.Context(), now, somehost, string(officer), password, code(t, secret, now))
		refused(t, "a code again", err, jurat.Forbidden)
		for _, tc := range []struct{ what, name, password, code string }{
			{"another password", string(officer), password + "!", code(t, secret, at(3*time.Minute))},
			{"another code", string(officer), password, "000000"},
			{"no code", string(officer), password, ""},
			{"an old code", string(officer), password, code(t, secret, at(time.Minute))},
			{"nobody", "officer-9999", password, code(t, secret, at(3*time.Minute))},
			{"somebody without a password", string(admin), password, code(t, secret, at(3*time.Minute))},
			{"no name", "", password, ""},
			{"a name that is none", "Officer 4471\x00", password, ""},
			{"a password without end", string(officer), strings.Repeat("x", 1<<20), ""},
		} {
			_, _, err := l.ComeByPassword(t.Context(), at(3*time.Minute), "198.51.100."+tc.what, tc.name, tc.password, tc.code)
			refused(t, tc.what, err, jurat.Forbidden)
			if err != nil && err.Error() != wrong(t, l) {
				t.Errorf("%s: it tells more than another refusal: %v", tc.what, err)
			}
		}
		for _, line := range l.journal(t, at(4*time.Minute)) {
			if line.Person != "" && line.Person != officer && line.Person != admin || strings.Contains(line.Detail, "9999") || strings.Contains(line.Detail, "198.51") {
				t.Errorf("the journal says too much: %+v", line)
			}
		}
		token, _, err := l.ComeByPassword(t.Context(), at(5*time.Minute), somehost, string(officer), password, code(t, secret, at(5*time.Minute)))
		must(t, err)
		later := at(40 * time.Minute)
		_, err = l.Session(t.Context(), later, token)
		refused(t, "locked", err, login.ErrLocked)
		_, err = l.AgainByCode(t.Context(), later, somehost, token, "000000")
		refused(t, "a wrong code", err, jurat.Forbidden)
		got(l.AgainByCode(t.Context(), later, somehost, token, code(t, secret, later)))(t)
		got(l.Session(t.Context(), later, token))(t)
	})
}

// A person would be guessed at for ever, or kept out for ever by a stranger.
func TestWhoeverGuessesWaitsLongerAndLonger(t *testing.T) {
	lobbies(t, func(t *testing.T, l *lobby) {
		secret := l.withPassword(t, officer)
		_, _, err := l.ComeByPassword(t.Context(), at(time.Minute), somehost, string(officer), password, code(t, secret, at(time.Minute)))
		must(t, err)
		now := at(time.Hour)
		for _, name := range []string{string(officer), "officer-9999"} {
			tried, waits := 0, []time.Duration{}
			for range 25 {
				_, _, err := l.ComeByPassword(t.Context(), now, "203.0.113.9", name, "not this one", "000000")
				wait, waiting := errors.AsType[*login.Wait](err)
				if !waiting {
					refused(t, "a guess", err, jurat.Forbidden)
					tried++
					continue
				}
				refused(t, "a guess", err, jurat.Unavailable)
				waits = append(waits, wait.Until.Sub(now))
				now = wait.Until
			}
			if tried < 5 {
				t.Errorf("%s: only %d tried", name, tried)
			}
			want := []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 512} // seconds
			for i, w := range waits {
				if i < len(want) && w != time.Duration(want[i])*time.Second {
					t.Fatalf("%s: waits %v", name, waits)
				}
				if w > 15*time.Minute {
					t.Errorf("%s: it waits %v", name, w)
				}
			}
			if len(waits) < 8 {
				t.Errorf("%s: only %d waits: %v", name, len(waits), waits)
			}
		}
		// From where they came in before they come in still.
		_, _, err = l.ComeByPassword(t.Context(), now, somehost, string(officer), password, code(t, secret, now))
		must(t, err)
	})
}

func TestManyGuessesAtOnceAreCounted(t *testing.T) {
	l := newLobby(t, sqlite)
	l.withPassword(t, officer)
	answers := make(chan error)
	for range 40 {
		go func() {
			_, _, err := l.ComeByPassword(t.Context(), at(time.Hour), "203.0.113.9", string(officer), "not this one", "000000")
			answers <- err
		}()
	}
	looked := 0
	for range 40 {
		if err := <-answers; errors.Is(err, jurat.Forbidden) {
			looked++
		} else {
			refused(t, "a guess", err, jurat.Unavailable)
		}
	}
	if looked != 5 {
		t.Errorf("%d guesses were looked at, want 5", looked)
	}
}

func TestASourceWaitsToo(t *testing.T) {
	l := newLobby(t, sqlite)
	waited := false
	for n := range 40 {
		_, _, err := l.ComeByLink(t.Context(), at(0), "203.0.113.9", login.NewLink().Secret)
		if _, ok := errors.AsType[*login.Wait](err); ok {
			waited = true
			if n < 30 {
				t.Errorf("it waits after %d", n)
			}
		}
	}
	if !waited {
		t.Error("a source guesses without end")
	}
	_, _, err := l.ComeByLink(t.Context(), at(0), somehost, login.NewLink().Secret)
	refused(t, "another source", err, jurat.Forbidden)
}

func TestARecoveryCodeIsGoodOnce(t *testing.T) {
	lobbies(t, func(t *testing.T, l *lobby) {
		a := l.enrolled(t, officer)
		token, _ := l.comeIn(t, at(0), a)
		codes := got(l.NewRecovery(t.Context(), at(0), token))(t)
		if len(codes) != 10 {
			t.Fatalf("%d codes", len(codes))
		}
		typed := strings.ToLower(strings.ReplaceAll(codes[3], "-", " "))
		_, s, err := l.ComeByRecovery(t.Context(), at(time.Minute), somehost, string(officer), typed)
		must(t, err)
		if !s.Setup || s.Method != login.ByRecovery {
			t.Errorf("by a code: %+v", s)
		}
		_, _, err = l.ComeByRecovery(t.Context(), at(time.Minute), somehost, string(officer), codes[3])
		refused(t, "again", err, jurat.Forbidden)
		_, _, err = l.ComeByRecovery(t.Context(), at(time.Minute), somehost, string(admin), codes[4])
		refused(t, "for somebody else", err, jurat.Forbidden)
		_, _, err = l.ComeByRecovery(t.Context(), at(time.Minute), somehost, "officer-9999", codes[4])
		refused(t, "for nobody", err, jurat.Forbidden)
		if m := got(l.Means(t.Context(), officer))(t); m.Recovery != 9 {
			t.Errorf("%d left", m.Recovery)
		}
		got(l.NewRecovery(t.Context(), at(time.Minute), token))(t)
		_, _, err = l.ComeByRecovery(t.Context(), at(time.Minute), somehost, string(officer), codes[5])
		refused(t, "one that new ones replaced", err, jurat.Forbidden)
	})
}

func TestWhichPasswordsAreTaken(t *testing.T) {
	about := []string{"officer-4471", "Officer 4471", "Police department"}
	for _, good := range []string{"four unrelated words", "zwölf Zeichen", "правильная лошадь"} {
		if err := login.CheckPassword(good, about...); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{"", "elevenchars", "Password1234", "QWERTYuiop123", "aaaaaaaaaaaaaa", "officer-4471!!", "Police Department 2026", "ｐａｓｓｗｏｒｄ１２３４", "\xff\xffabcdefghijklmn", strings.Repeat("long ", 300)} {
		if err := login.CheckPassword(bad, about...); !errors.Is(err, jurat.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestTheQRCodeIsDrawn(t *testing.T) {
	l := newLobby(t, sqlite)
	made := got(l.NewTOTP(t.Context(), at(0), l.link(t, at(0), officer)))(t)
	img := got(made.QR(240))(t)
	if b := img.Bounds(); b.Dx() != 240 || !strings.Contains(made.URI, made.Secret) {
		t.Errorf("QR of %s is %v", made.URI, b)
	}
}
