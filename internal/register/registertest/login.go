package registertest

import (
	"fmt"
	"testing"
	"time"

	"jurat"
	"jurat/internal/register"
)

var logins = []sentence{
	{"a passkey is found, changed and removed, and its id is one person's", passkeyRows},
	{"a password, a code generator and recovery codes are one person's", secretRows},
	{"a single sign-on's subject is one person", signOnRows},
	{"a session is found by its hash, goes forward, and ends", sessionRows},
	{"a link and what is under way are taken once, in time", takenOnce},
	{"a token of a program is found by its hash, and ends with what it was answered", tokenRows},
	{"a request of a program is noted once, until it is over", answerRows},
	{"attempts are counted until they are forgotten", attemptRows},
	{"what is over is swept, and nothing else", sweptRows},
	{"rows of nobody, and rows that are neither hashed nor sealed, are counted", strayLogins},
	{"of a person whose credentials are forgotten nothing is left", forgotten},
}

const (
	one     = jurat.PersonID("officer-1")
	another = jurat.PersonID("officer-2")
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func passkeyRow(id string, person jurat.PersonID) register.PasskeyRow {
	return register.PasskeyRow{ID: id, Person: person, Name: "Station key", COSE: []byte{0xa5, 0}, JWK: `{"kty":"EC"}`, Signs: 7, Flags: 0x4d, Added: noon}
}

func passkeyRows(t *testing.T, p Place) {
	row := passkeyRow("a", one)
	write(t, p, func(tx *register.Tx) error {
		must(t, tx.PutPasskey(row))
		return tx.PutPasskey(passkeyRow("b", another))
	})
	row.Name, row.Signs, row.Flags, row.Copied, row.Used = "Phone", 9, 0x5d, noon.Add(time.Hour), noon.Add(time.Minute)
	write(t, p, func(tx *register.Tx) error { return tx.SetPasskey(row) })
	read(t, p, func(tx *register.Tx) error {
		got, err := tx.Passkey("a")
		must(t, err)
		mine, err := tx.Passkeys(one)
		must(t, err)
		if want := fmt.Sprint(row); fmt.Sprint(got) != want || len(mine) != 1 || fmt.Sprint(mine[0]) != want {
			t.Errorf("Passkey: %v, %v; want %v", got, mine, row)
		}
		_, err = tx.Passkey("c")
		wantKind(t, "a passkey nobody has", err, jurat.NotFound)
		return nil
	})
	wantKind(t, "the same id again", p.Write(t.Context(), func(tx *register.Tx) error { return tx.PutPasskey(passkeyRow("a", another)) }), jurat.Conflict)
	wantKind(t, "DropPasskey of another's", p.Write(t.Context(), func(tx *register.Tx) error { return tx.DropPasskey(another, "a") }), jurat.NotFound)
	write(t, p, func(tx *register.Tx) error { return tx.DropPasskey(one, "a") })
	read(t, p, func(tx *register.Tx) error {
		_, err := tx.Passkey("a")
		wantKind(t, "a removed passkey", err, jurat.NotFound)
		return nil
	})
}

func secretRows(t *testing.T, p Place) {
	write(t, p, func(tx *register.Tx) error {
		for _, hash := range []string{"first", "second"} {
			must(t, tx.PutPassword(register.PasswordRow{Person: one, Hash: hash, Changed: noon}))
			must(t, tx.PutTOTP(register.TOTPRow{Person: one, Secret: []byte(hash), Step: -1, Added: noon}))
			must(t, tx.PutRecovery(one, [][]byte{[]byte(hash + "1"), []byte(hash + "2")}))
		}
		return nil
	})
	wantKind(t, "a code that was replaced", p.Write(t.Context(), func(tx *register.Tx) error { return tx.TakeRecovery(one, []byte("first1")) }), jurat.NotFound)
	wantKind(t, "a code of another's", p.Write(t.Context(), func(tx *register.Tx) error { return tx.TakeRecovery(another, []byte("second1")) }), jurat.NotFound)
	write(t, p, func(tx *register.Tx) error { return tx.TakeRecovery(one, []byte("second1")) })
	wantKind(t, "a code again", p.Write(t.Context(), func(tx *register.Tx) error { return tx.TakeRecovery(one, []byte("second1")) }), jurat.NotFound)
	read(t, p, func(tx *register.Tx) error {
		password, err := tx.Password(one)
		must(t, err)
		totp, err := tx.TOTP(one)
		must(t, err)
		left, err := tx.RecoveryLeft(one)
		if password.Hash != "second" || !password.Changed.Equal(noon) || string(totp.Secret) != "second" || totp.Step != -1 || left != 1 || err != nil {
			t.Errorf("%+v, %+v, %d left, %v", password, totp, left, err)
		}
		_, err = tx.Password(another)
		wantKind(t, "another's password", err, jurat.NotFound)
		_, err = tx.TOTP(another)
		wantKind(t, "another's code generator", err, jurat.NotFound)
		return nil
	})
	write(t, p, func(tx *register.Tx) error { return tx.DropPassword(one) })
	read(t, p, func(tx *register.Tx) error {
		_, err := tx.Password(one)
		wantKind(t, "a removed password", err, jurat.NotFound)
		_, err = tx.TOTP(one)
		wantKind(t, "its code generator", err, jurat.NotFound)
		return nil
	})
}

func signOnRows(t *testing.T, p Place) {
	row := register.SignOnRow{Issuer: "https://sso.example", Subject: "s1", Person: one, Added: noon}
	write(t, p, func(tx *register.Tx) error { return tx.PutSignOn(row) })
	row.Person = another
	wantKind(t, "the same subject for another", p.Write(t.Context(), func(tx *register.Tx) error { return tx.PutSignOn(row) }), jurat.Conflict)
	read(t, p, func(tx *register.Tx) error {
		got, err := tx.SignOn("https://sso.example", "s1")
		must(t, err)
		all, err := tx.SignOns(one)
		if every, everr := tx.AllSignOns(); everr != nil || len(every) != 1 || every[0] != all[0] {
			t.Errorf("AllSignOns: %+v, %v", every, everr)
		}
		if got.Person != one || len(all) != 1 || all[0] != got || err != nil {
			t.Errorf("SignOn: %+v, %+v, %v", got, all, err)
		}
		_, err = tx.SignOn("https://other.example", "s1")
		wantKind(t, "of another issuer", err, jurat.NotFound)
		return nil
	})
	write(t, p, func(tx *register.Tx) error { return tx.DropSignOn(one, "https://sso.example", "s1") })
	wantKind(t, "DropSignOn again", p.Write(t.Context(), func(tx *register.Tx) error { return tx.DropSignOn(one, "https://sso.example", "s1") }), jurat.NotFound)
}

func session(hash, id string, person jurat.PersonID) register.SessionRow {
	return register.SessionRow{Hash: []byte(hash), ID: id, Person: person, Standing: "police officer sworn", Method: "passkey", Began: noon, Seen: noon, Fresh: noon}
}

func sessionRows(t *testing.T, p Place) {
	setup := session("h3", "three", another)
	setup.Setup = true
	write(t, p, func(tx *register.Tx) error {
		for _, s := range []register.SessionRow{session("h1", "one", one), session("h2", "two", one), setup, session("h4", "four", one)} {
			must(t, tx.PutSession(s))
		}
		must(t, tx.TouchSession([]byte("h1"), noon.Add(time.Minute), time.Time{}))
		return tx.TouchSession([]byte("h1"), noon.Add(-time.Minute), noon.Add(-time.Minute))
	})
	read(t, p, func(tx *register.Tx) error {
		s, err := tx.Session([]byte("h1"))
		want := session("h1", "one", one)
		want.Seen = noon.Add(time.Minute)
		if fmt.Sprint(s) != fmt.Sprint(want) || err != nil {
			t.Errorf("Session: %v, %v; want %v", s, err, want)
		}
		if s, err := tx.Session([]byte("h3")); !s.Setup || err != nil {
			t.Errorf("Session: %v, %v", s, err)
		}
		return nil
	})
	wantKind(t, "EndSession of another's", p.Write(t.Context(), func(tx *register.Tx) error { return tx.EndSession(another, "one") }), jurat.NotFound)
	write(t, p, func(tx *register.Tx) error {
		must(t, tx.EndSession(one, "one"))
		n, err := tx.EndSessions(one, "four")
		if n != 1 {
			t.Errorf("EndSessions ended %d", n)
		}
		return err
	})
	read(t, p, func(tx *register.Tx) error {
		left, err := tx.Sessions(one)
		if len(left) != 1 || left[0].ID != "four" || err != nil {
			t.Errorf("left: %v, %v", left, err)
		}
		_, err = tx.Session([]byte("h1"))
		wantKind(t, "an ended session", err, jurat.NotFound)
		return nil
	})
}

func tokenRow(hash, id string, person jurat.PersonID) register.APITokenRow {
	return register.APITokenRow{Hash: []byte(hash), ID: id, Person: person, Standing: "police officer sworn", Name: "A program", Scopes: "read write", Made: noon, Until: noon.Add(time.Hour)}
}

func tokenRows(t *testing.T, p Place) {
	write(t, p, func(tx *register.Tx) error {
		for _, row := range []register.APITokenRow{tokenRow("h1", "one", one), tokenRow("h2", "two", one), tokenRow("h3", "three", another)} {
			must(t, tx.PutAPIToken(row))
			must(t, tx.BeginAPIAnswer(register.APIAnswerRow{Token: row.ID, Key: []byte("k"), Request: []byte("r"), Until: noon.Add(time.Hour)}, noon))
		}
		must(t, tx.TouchAPIToken([]byte("h1"), noon.Add(time.Minute)))
		return tx.TouchAPIToken([]byte("h1"), noon)
	})
	read(t, p, func(tx *register.Tx) error {
		got, err := tx.APIToken([]byte("h1"))
		want := tokenRow("h1", "one", one)
		want.Used = noon.Add(time.Minute)
		all, lerr := tx.APITokens(one)
		if fmt.Sprint(got) != fmt.Sprint(want) || err != nil || len(all) != 2 || lerr != nil {
			t.Errorf("APIToken: %v, %v; want %v; APITokens: %v, %v", got, err, want, all, lerr)
		}
		_, err = tx.APIToken([]byte("h9"))
		wantKind(t, "a token nobody has", err, jurat.NotFound)
		return nil
	})
	wantKind(t, "EndAPIToken of another's", p.Write(t.Context(), func(tx *register.Tx) error { return tx.EndAPIToken(another, "one") }), jurat.NotFound)
	write(t, p, func(tx *register.Tx) error { return tx.EndAPIToken(one, "one") })
	if n := count(t, p, "select count(*) from api_answer"); n != 2 {
		t.Errorf("%d answers are left, want 2", n)
	}
	write(t, p, func(tx *register.Tx) error {
		n, err := tx.EndAPITokens(one)
		if n != 1 {
			t.Errorf("EndAPITokens ended %d", n)
		}
		return err
	})
	if n, left := count(t, p, "select count(*) from api_answer"), count(t, p, "select count(*) from api_token where person = 'officer-2'"); n != 1 || left != 1 {
		t.Errorf("%d answers and %d tokens of another are left", n, left)
	}
}

func answerRows(t *testing.T, p Place) {
	row := register.APIAnswerRow{Token: "one", Key: []byte("k"), Request: []byte("r"), Until: noon.Add(time.Hour)}
	write(t, p, func(tx *register.Tx) error { return tx.BeginAPIAnswer(row, noon) })
	wantKind(t, "the same name again", p.Write(t.Context(), func(tx *register.Tx) error { return tx.BeginAPIAnswer(row, noon) }), jurat.Conflict)
	read(t, p, func(tx *register.Tx) error {
		if got, err := tx.APIAnswer("one", []byte("k"), noon); len(got.Answer) != 0 || string(got.Request) != "r" || err != nil {
			t.Errorf("begun: %+v, %v", got, err)
		}
		return nil
	})
	write(t, p, func(tx *register.Tx) error { return tx.SetAPIAnswer("one", []byte("k"), []byte("sealed")) })
	read(t, p, func(tx *register.Tx) error {
		if got, err := tx.APIAnswer("one", []byte("k"), noon); string(got.Answer) != "sealed" || !got.Until.Equal(row.Until) || err != nil {
			t.Errorf("answered: %+v, %v", got, err)
		}
		_, err := tx.APIAnswer("two", []byte("k"), noon)
		wantKind(t, "of another token", err, jurat.NotFound)
		_, err = tx.APIAnswer("one", []byte("k"), row.Until)
		wantKind(t, "when it is over", err, jurat.NotFound)
		return nil
	})
	write(t, p, func(tx *register.Tx) error { return tx.BeginAPIAnswer(row, row.Until) })
}

func takenOnce(t *testing.T, p Place) {
	later := noon.Add(time.Hour)
	write(t, p, func(tx *register.Tx) error {
		must(t, tx.PutLink(one, []byte("first"), later))
		must(t, tx.PutLink(one, []byte("second"), later))
		must(t, tx.PutLink(another, []byte("old"), noon))
		must(t, tx.PutCeremony("c1", "in", `{"a":1}`, later))
		return tx.PutCeremony("c2", "in", "{}", noon)
	})
	take := func(what string, want bool, fn func(tx *register.Tx) error) {
		t.Helper()
		err := p.Write(t.Context(), fn)
		if want {
			must(t, err)
		} else {
			wantKind(t, what, err, jurat.NotFound)
		}
	}
	link := func(hash string, at time.Time) func(*register.Tx) error {
		return func(tx *register.Tx) error {
			known, kerr := tx.Link([]byte(hash), at)
			who, err := tx.TakeLink([]byte(hash), at)
			if (kerr == nil) != (err == nil) || known != who || err == nil && who != one {
				t.Errorf("Link: %q, %v; TakeLink: %q, %v", known, kerr, who, err)
			}
			return err
		}
	}
	ceremony := func(id, kind string, at time.Time) func(*register.Tx) error {
		return func(tx *register.Tx) error {
			body, err := tx.TakeCeremony(id, kind, at)
			if err == nil && body != `{"a":1}` {
				t.Errorf("body %s", body)
			}
			return err
		}
	}
	take("a link that another followed", false, link("first", noon))
	take("an old link", false, link("old", later))
	take("a link", true, link("second", later))
	take("a link again", false, link("second", noon))
	take("of another kind", false, ceremony("c1", "again", noon))
	take("too old", false, ceremony("c2", "in", later))
	take("in time", true, ceremony("c1", "in", later))
	take("again", false, ceremony("c1", "in", noon))
}

func attemptRows(t *testing.T, p Place) {
	row := register.AttemptsRow{Who: "w", Failed: 3, Last: noon}
	write(t, p, func(tx *register.Tx) error {
		must(t, tx.PutAttempts(register.AttemptsRow{Who: "w", Failed: 2, Last: noon}))
		return tx.PutAttempts(row)
	})
	read(t, p, func(tx *register.Tx) error {
		if got, err := tx.Attempts("w"); got != row || err != nil {
			t.Errorf("Attempts: %+v, %v", got, err)
		}
		return nil
	})
	write(t, p, func(tx *register.Tx) error { return tx.ForgetAttempts("w") })
	read(t, p, func(tx *register.Tx) error {
		if got, err := tx.Attempts("w"); got != (register.AttemptsRow{Who: "w"}) || err != nil {
			t.Errorf("Attempts: %+v, %v", got, err)
		}
		return nil
	})
}

func sweptRows(t *testing.T, p Place) {
	old := session("h2", "old", one)
	old.Began = noon.Add(-2 * time.Hour)
	write(t, p, func(tx *register.Tx) error {
		for i, until := range []time.Time{noon.Add(-time.Second), noon.Add(time.Second)} {
			must(t, tx.PutLink([]jurat.PersonID{one, another}[i], fmt.Append(nil, "l", i), until))
			must(t, tx.PutCeremony(fmt.Sprint("c", i), "in", "{}", until))
			must(t, tx.PutAttempts(register.AttemptsRow{Who: fmt.Sprint("w", i), Failed: 1, Last: until.Add(-3 * time.Hour)}))
		}
		must(t, tx.PutSession(session("h1", "new", one)))
		must(t, tx.PutSession(old))
		return tx.SweepLogin(noon, noon.Add(-time.Hour), noon.Add(-3*time.Hour))
	})
	for _, table := range []string{"link", "ceremony", "attempts", "session"} {
		if n := count(t, p, "select count(*) from "+table); n != 1 {
			t.Errorf("%s has %d rows, want 1", table, n)
		}
	}
}

func forgotten(t *testing.T, p Place) {
	tables := []string{"passkey", "password", "totp", "recovery", "sign_on", "link", "session", "api_token"}
	write(t, p, func(tx *register.Tx) error {
		for i, who := range []jurat.PersonID{one, another} {
			n := fmt.Sprint(i)
			must(t, tx.PutPasskey(passkeyRow(n, who)))
			must(t, tx.PutPassword(register.PasswordRow{Person: who, Hash: n}))
			must(t, tx.PutTOTP(register.TOTPRow{Person: who, Secret: []byte(n)}))
			must(t, tx.PutRecovery(who, [][]byte{[]byte(n)}))
			must(t, tx.PutSignOn(register.SignOnRow{Issuer: "i", Subject: n, Person: who}))
			must(t, tx.PutLink(who, []byte(n), noon))
			must(t, tx.PutSession(session(n, n, who)))
			must(t, tx.PutAPIToken(tokenRow(n, n, who)))
		}
		return nil
	})
	write(t, p, func(tx *register.Tx) error { return tx.ForgetCredentials(one) })
	for _, table := range tables {
		if n, other := count(t, p, "select count(*) from "+table), count(t, p, "select count(*) from "+table+" where person = 'officer-2'"); n != 1 || other != 1 {
			t.Errorf("%s has %d rows, %d of them another's", table, n, other)
		}
	}
}

func strayLogins(t *testing.T, p Place) {
	strays := func(nobody, bare int64) {
		t.Helper()
		read(t, p, func(tx *register.Tx) error {
			n, b, err := tx.LoginStrays()
			if n != nobody || b != bare || err != nil {
				t.Errorf("%d of nobody, %d bare, %v; want %d and %d", n, b, err, nobody, bare)
			}
			return nil
		})
	}
	add(t, p, register.House, jurat.Item{Noun: jurat.NounPerson, ID: jurat.ItemID(one)}, map[string]any{"id": one})
	hash := make([]byte, 32)
	good := session("", "one", one)
	good.Hash = hash
	write(t, p, func(tx *register.Tx) error {
		must(t, tx.PutPasskey(passkeyRow("a", one)))
		must(t, tx.PutPassword(register.PasswordRow{Person: one, Hash: "$argon2id$v=19$m=65536,t=3,p=1$c2FsdA$c3Vt"}))
		must(t, tx.PutTOTP(register.TOTPRow{Person: one, Secret: make([]byte, 48)}))
		must(t, tx.PutRecovery(one, [][]byte{hash}))
		must(t, tx.PutLink(another, hash, noon)) // of somebody who is not there yet
		return tx.PutSession(good)
	})
	strays(0, 0)
	write(t, p, func(tx *register.Tx) error {
		must(t, tx.PutPassword(register.PasswordRow{Person: one, Hash: "four unrelated words"}))
		must(t, tx.PutTOTP(register.TOTPRow{Person: one, Secret: make([]byte, 20)}))
		must(t, tx.PutRecovery(one, [][]byte{[]byte("ABCD-EFGH")}))
		must(t, tx.PutLink(another, []byte("link"), noon))
		return tx.PutSession(session("token", "two", one))
	})
	strays(0, 5)
	write(t, p, func(tx *register.Tx) error {
		must(t, tx.PutPasskey(passkeyRow("b", another)))
		return tx.PutSignOn(register.SignOnRow{Issuer: "i", Subject: "s", Person: another})
	})
	strays(2, 5)
	write(t, p, func(tx *register.Tx) error {
		must(t, tx.BeginAPIAnswer(register.APIAnswerRow{Token: "a", Key: hash, Request: hash, Until: noon}, noon.Add(-time.Hour)))
		must(t, tx.SetAPIAnswer("a", hash, []byte("in the open")))
		return tx.PutAPIToken(tokenRow("token", "a", another))
	})
	strays(3, 7)
}
