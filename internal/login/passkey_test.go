package login_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/login"
	"jurat/internal/login/logintest"
	"jurat/internal/register"
)

func TestAPasskeyLetsItsPersonIn(t *testing.T) {
	lobbies(t, func(t *testing.T, l *lobby) {
		a := l.enrolled(t, officer)
		token, s := l.comeIn(t, at(time.Minute), a)
		if s.Person != officer || s.Method != login.ByPasskey || s.Setup || s.Locked {
			t.Errorf("came in as %+v", s)
		}
		again := got(l.Session(t.Context(), at(2*time.Minute), token))(t)
		if again.ID != s.ID || again.Person != officer {
			t.Errorf("Session: %+v", again)
		}
		m := got(l.Means(t.Context(), officer))(t)
		if len(m.Passkeys) != 1 || m.Passkeys[0].Name != "Station key" || !m.Passkeys[0].Used.Equal(at(time.Minute)) || m.Password || m.Recovery != 0 {
			t.Errorf("Means: %+v", m)
		}
		people := got(l.record.People(t.Context(), desk.Caller{Person: admin}, at(0)))(t)
		onRecord := false
		for _, p := range people {
			for _, raw := range p.Keys {
				k, err := format.ParsePersonKey(raw)
				must(t, err)
				onRecord = onRecord || p.ID == officer && k == m.Passkeys[0].Key && k.RP == rp
			}
		}
		if !onRecord {
			t.Error("the passkey's key is not on the record")
		}
		came := l.lines(t, at(time.Hour), "came-in")
		if len(came) != 2 || came[0].Person != officer || !strings.Contains(came[0].Detail, `"link"`) || !strings.Contains(came[1].Detail, `"passkey"`) {
			t.Errorf("the journal says %+v", came)
		}
	})
}

// Each would let in somebody who is not there, or who is somebody else.
func TestAPasskeyThatIsNotRightLetsNobodyIn(t *testing.T) {
	l := newLobby(t, sqlite)
	a := l.enrolled(t, officer)
	now, same := at(time.Minute), wrong(t, l)
	for _, tc := range []struct {
		name   string
		change func(*logintest.Authenticator)
		answer func([]byte) []byte
		ask    func(string) string
		after  time.Duration
	}{
		{name: "signed at another address", change: func(a *logintest.Authenticator) { a.Origin = "https://records.city.example.evil.example" }},
		{name: "over plain HTTP", change: func(a *logintest.Authenticator) { a.Origin = "http://records.city.example" }},
		{name: "without making sure of the person", change: func(a *logintest.Authenticator) { a.Flags = logintest.Present }},
		{name: "without the person", change: func(a *logintest.Authenticator) { a.Flags = logintest.Verified }},
		{name: "in a page of another", change: func(a *logintest.Authenticator) { a.Cross = true }},
		{name: "with a turned bit in the signature", answer: turned("signature")},
		{name: "with a turned bit in the authenticator's words", answer: turned("authenticatorData")},
		{name: "with a turned bit in the browser's words", answer: turned("clientDataJSON")},
		{name: "of another handle", answer: turned("userHandle")},
		{name: "to no ask", ask: func(string) string { return "none" }},
		{name: "too late", after: 5*time.Minute + time.Second},
		{name: "that is no JSON", answer: func([]byte) []byte { return []byte("{") }},
		{name: "that is empty", answer: func([]byte) []byte { return nil }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			now = now.Add(10 * time.Minute)
			b := a.Copy()
			if tc.change != nil {
				tc.change(b)
			}
			ask := got(l.AskPasskey(t.Context(), now))(t)
			answer, id := b.Get(t, ask.Options), ask.ID
			a.Count = b.Count
			if tc.answer != nil {
				answer = tc.answer(answer)
			}
			if tc.ask != nil {
				id = tc.ask(id)
			}
			before := len(l.journal(t, now.Add(tc.after)))
			_, _, err := l.ComeByPasskey(t.Context(), now.Add(tc.after), somehost, id, answer)
			refused(t, "ComeByPasskey", err, jurat.Forbidden)
			if err != nil && err.Error() != same {
				t.Errorf("it tells more than another refusal: %v", err)
			}
			if after := len(l.journal(t, now.Add(tc.after))); after != before+1 {
				t.Errorf("the journal went from %d lines to %d", before, after)
			}
		})
	}
	t.Run("an answer is good once", func(t *testing.T) {
		ask := got(l.AskPasskey(t.Context(), now))(t)
		answer := a.Get(t, ask.Options)
		_, _, err := l.ComeByPasskey(t.Context(), now, somehost, ask.ID, answer)
		must(t, err)
		_, _, err = l.ComeByPasskey(t.Context(), now, somehost, ask.ID, answer)
		refused(t, "again", err, jurat.Forbidden)
	})
	t.Run("an ask for one thing is not answered for another", func(t *testing.T) {
		token, _ := l.comeIn(t, now, a)
		ask := got(l.AskAgain(t.Context(), now, token))(t)
		_, _, err := l.ComeByPasskey(t.Context(), now, somehost, ask.ID, a.Get(t, ask.Options))
		refused(t, "ComeByPasskey", err, jurat.Forbidden)
	})
}

// wrong is what a refusal says, whatever was wrong.
func wrong(t *testing.T, l *lobby) string {
	_, _, err := l.ComeByPasskey(t.Context(), at(1000*time.Hour), "another", "none", nil)
	return err.Error()
}

// turned turns over a bit of a part of a browser's answer.
func turned(part string) func([]byte) []byte {
	return func(text []byte) []byte {
		var a map[string]any
		if err := json.Unmarshal(text, &a); err != nil {
			panic(err)
		}
		response := a["response"].(map[string]any)
		b, err := base64.RawURLEncoding.DecodeString(response[part].(string))
		if err != nil {
			panic(err)
		}
		b[len(b)/2] ^= 1
		response[part] = base64.RawURLEncoding.EncodeToString(b)
		text, err = json.Marshal(a)
		if err != nil {
			panic(err)
		}
		return text
	}
}

// A passkey in two places would let in whoever has the other.
func TestACopiedPasskeyLetsNobodyInAnyMore(t *testing.T) {
	lobbies(t, func(t *testing.T, l *lobby) {
		a := l.enrolled(t, officer)
		thief := a.Copy()
		_, _ = l.comeIn(t, at(time.Minute), a)
		ask := got(l.AskPasskey(t.Context(), at(2*time.Minute)))(t)
		_, _, err := l.ComeByPasskey(t.Context(), at(2*time.Minute), somehost, ask.ID, thief.Get(t, ask.Options))
		refused(t, "the copy", err, jurat.Forbidden)
		ask = got(l.AskPasskey(t.Context(), at(3*time.Minute)))(t)
		_, _, err = l.ComeByPasskey(t.Context(), at(3*time.Minute), somehost, ask.ID, a.Get(t, ask.Options))
		refused(t, "the first", err, jurat.Forbidden)
		m := got(l.Means(t.Context(), officer))(t)
		if !m.Passkeys[0].Copied.Equal(at(2 * time.Minute)) {
			t.Errorf("the list does not say so: %+v", m.Passkeys[0])
		}
		for _, line := range l.journal(t, at(4*time.Minute)) {
			if line.Person != officer || !bytes.Contains([]byte(line.Detail), []byte(`"copied"`)) || !bytes.Contains([]byte(line.Detail), []byte(`"alert":true`)) {
				t.Errorf("journal: %+v", line)
			}
		}
		// With a link they remove it and make another.
		token := l.link(t, at(5*time.Minute), officer)
		got(l.lose(t, at(5*time.Minute), token, m.Passkeys[0].ID))(t)
		b := logintest.New(origin)
		l.passkey(t, at(5*time.Minute), token, b)
		l.comeIn(t, at(6*time.Minute), b)
	})
}

func TestSeveralPasskeysOfAPerson(t *testing.T) {
	lobbies(t, func(t *testing.T, l *lobby) {
		a := l.enrolled(t, officer)
		token, _ := l.comeIn(t, at(time.Minute), a)
		b := logintest.New(origin)
		b.Ed25519 = true
		second := l.passkey(t, at(time.Minute), token, b)
		if second.Key.Kty != "OKP" || second.Key.RP != rp {
			t.Errorf("an Ed25519 passkey has the key %+v", second.Key)
		}
		l.comeIn(t, at(2*time.Minute), b)
		must(t, l.RenamePasskey(t.Context(), at(2*time.Minute), token, second.ID, "  Phone "))
		refused(t, "no name", l.RenamePasskey(t.Context(), at(2*time.Minute), token, second.ID, " "), jurat.Invalid)
		m := got(l.Means(t.Context(), officer))(t)
		if len(m.Passkeys) != 2 || m.Passkeys[1].Name != "Phone" {
			t.Errorf("Means: %+v", m.Passkeys)
		}
		removed := got(l.lose(t, at(3*time.Minute), token, m.Passkeys[0].ID))(t)
		_, err := l.record.DropKey(t.Context(), desk.Caller{Person: officer, Session: true}, at(3*time.Minute), officer, removed.Key.Thumbprint(), "the station key was lost")
		must(t, err)
		ask := got(l.AskPasskey(t.Context(), at(4*time.Minute)))(t)
		_, _, err = l.ComeByPasskey(t.Context(), at(4*time.Minute), somehost, ask.ID, a.Get(t, ask.Options))
		refused(t, "a removed passkey", err, jurat.Forbidden)
		_, err = l.lose(t, at(4*time.Minute), token, second.ID)
		refused(t, "the last way in", err, jurat.Conflict)

		t.Run("somebody else's passkey is not there", func(t *testing.T) {
			c := l.enrolled(t, admin)
			other, _ := l.comeIn(t, at(5*time.Minute), c)
			_, err := l.lose(t, at(5*time.Minute), other, second.ID)
			refused(t, "LosePasskey", err, jurat.NotFound)
			refused(t, "RenamePasskey", l.RenamePasskey(t.Context(), at(5*time.Minute), other, second.ID, "Mine"), jurat.NotFound)
		})
	})
}

func TestWhatIsMadeNeedsSomebodyWhoWasThereJustNow(t *testing.T) {
	l := newLobby(t, sqlite)
	a := l.enrolled(t, officer)
	token, _ := l.comeIn(t, at(0), a)
	later := at(11 * time.Minute)
	got(l.Session(t.Context(), later, token))(t)
	_, err := l.AskNewPasskey(t.Context(), later, token)
	refused(t, "AskNewPasskey", err, login.ErrStale)
	_, err = l.NewRecovery(t.Context(), later, token)
	refused(t, "NewRecovery", err, login.ErrStale)
	refused(t, "SetPassword", l.SetPassword(t.Context(), later, token, password), login.ErrStale)
	ask := got(l.AskAgain(t.Context(), later, token))(t)
	s := got(l.AgainByPasskey(t.Context(), later, somehost, token, ask.ID, a.Get(t, ask.Options)))(t)
	if !s.Fresh.Equal(later) {
		t.Errorf("fresh at %v", s.Fresh)
	}
	got(l.AskNewPasskey(t.Context(), later, token))(t)
}

func TestWithoutASiteThereAreNoPasskeys(t *testing.T) {
	l := newLobby(t, sqlite)
	l.doors.Site = login.Site{}
	p := got(login.Open(l.doors))(t)
	if _, err := p.AskPasskey(t.Context(), at(0)); p.Passkeys() || !errors.Is(err, jurat.Conflict) {
		t.Errorf("AskPasskey: %v", err)
	}
	for _, site := range []login.Site{{RP: "192.0.2.1", Origins: []string{"https://192.0.2.1"}}, {RP: rp}} {
		l.doors.Site = site
		if _, err := login.Open(l.doors); !errors.Is(err, jurat.Invalid) {
			t.Errorf("Open at %+v: %v", site, err)
		}
	}
}

func TestAPasskeySignsAnAct(t *testing.T) {
	for _, ed := range []bool{false, true} {
		l := newLobby(t, sqlite)
		a := logintest.New(origin)
		a.Ed25519 = ed
		k := l.passkey(t, at(0), l.link(t, at(0), officer), a)
		token, _ := l.comeIn(t, at(0), a)
		draft := got(format.NewDraft(jurat.Event{Act: jurat.RecordSubmitted, Actor: jurat.Actor{Person: officer, Via: jurat.ViaSession}, Value: map[string]string{}}, random{}))(t)
		sum := draft.Challenge()
		sign := func(token login.Token, sum, asked [32]byte, change func([]byte) []byte) (*format.Proof, error) {
			ask := got(l.AskSignature(t.Context(), at(time.Minute), token, asked))(t)
			return l.Sign(t.Context(), at(time.Minute), token, sum, change(a.Get(t, ask.Options)))
		}
		same := func(b []byte) []byte { return b }
		proof := got(sign(token, sum, sum, same))(t)
		must(t, proof.Verify(draft, k.Key))
		if proof.Origin() != origin || proof.Person != officer || proof.Kind != format.ProofWebAuthn {
			t.Errorf("proof %+v at %s", proof, proof.Origin())
		}
		_, err := sign(token, sum, [32]byte{1}, same)
		refused(t, "over another challenge", err, jurat.Forbidden)
		_, err = sign(token, sum, sum, turned("signature"))
		refused(t, "with a turned bit", err, jurat.Forbidden)
		other := l.enrolled(t, admin)
		theirs, _ := l.comeIn(t, at(time.Minute), other)
		ask := got(l.AskSignature(t.Context(), at(time.Minute), token, sum))(t)
		_, err = l.Sign(t.Context(), at(time.Minute), theirs, sum, a.Get(t, ask.Options))
		refused(t, "by somebody else's passkey", err, jurat.Forbidden)
	}
}

// Anybody may ask to come in, and need not answer: what they asked does not
// stay.
func TestAnAskThatIsOverIsGone(t *testing.T) {
	l := newLobby(t, sqlite)
	old := got(l.AskPasskey(t.Context(), at(0)))(t)
	got(l.AskPasskey(t.Context(), at(6*time.Minute)))(t)
	err := l.record.Register.Write(t.Context(), func(tx *register.Tx) error {
		_, err := tx.TakeCeremony(old.ID, "passkey.in", at(0))
		return err
	})
	refused(t, "an ask of six minutes ago", err, jurat.NotFound)
}

// A passkey and its key on the record come together and go together: where one may
// not, neither does.
func TestAPasskeyAndItsKeyComeAndGoTogether(t *testing.T) {
	lobbies(t, func(t *testing.T, l *lobby) {
		who := desk.Caller{Person: officer, Session: true}
		keys := func() int {
			for _, p := range got(l.record.People(t.Context(), desk.Caller{}, at(0)))(t) {
				if p.ID == officer {
					return len(p.Keys)
				}
			}
			return -1
		}
		before := keys()
		stand := func(what string, passkeys, more int) {
			t.Helper()
			if m := got(l.Means(t.Context(), officer))(t); len(m.Passkeys) != passkeys || keys() != before+more {
				t.Errorf("%s: %d passkeys, %d keys more on the record; want %d and %d", what, len(m.Passkeys), keys()-before, passkeys, more)
			}
		}
		token := l.link(t, at(0), officer)
		made := func() (login.Passkey, login.Step) {
			ask := got(l.AskNewPasskey(t.Context(), at(0), token))(t)
			k, keep, err := l.NewPasskey(t.Context(), at(0), token, ask.ID, "Station key", logintest.New(origin).Make(t, ask.Options))
			must(t, err)
			return k, keep
		}
		k, keep := made()
		stand("only looked at", 0, 0)
		got(l.record.AddKey(t.Context(), desk.Caller{Person: admin, Session: true}, at(0), admin, k.Key))(t)
		_, err := l.record.AddKey(t.Context(), who, at(0), officer, k.Key, keep)
		refused(t, "somebody else's key", err, jurat.Conflict)
		stand("whose key is somebody else's", 0, 0)

		k, keep = made()
		broken := errors.New("the disk is full")
		if _, err := l.record.AddKey(t.Context(), who, at(0), officer, k.Key, keep, func(*register.Tx) error { return broken }); !errors.Is(err, broken) {
			t.Errorf("AddKey: %v", err)
		}
		stand("cut short", 0, 0)
		got(l.record.AddKey(t.Context(), who, at(0), officer, k.Key, keep))(t)
		stand("added", 1, 1)
		_, err = l.record.AddKey(t.Context(), who, at(0), officer, k.Key, keep)
		refused(t, "twice", err, jurat.Conflict)

		_, lose, err := l.LosePasskey(t.Context(), at(0), token, k.ID)
		must(t, err)
		_, err = l.record.DropKey(t.Context(), who, at(0), officer, k.Key.Thumbprint(), "it was lost", lose)
		refused(t, "the last way in", err, jurat.Conflict)
		stand("the last way in", 1, 1)
		other, keep := made()
		got(l.record.AddKey(t.Context(), who, at(0), officer, other.Key, keep))(t)
		got(l.record.DropKey(t.Context(), who, at(0), officer, k.Key.Thumbprint(), "it was lost", lose))(t)
		stand("one taken away", 1, 1)
	})
}
