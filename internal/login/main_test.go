package login_test

import (
	"encoding/base32"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/pquerna/otp/hotp"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/login"
	"jurat/internal/login/logintest"
	"jurat/internal/register"
	"jurat/internal/register/registertest"
)

var postgres registertest.Postgres

func TestMain(m *testing.M) {
	end := desktest.InMemory()
	code := m.Run()
	postgres.Stop()
	end()
	os.Exit(code)
}

const (
	rp       = "records.city.example"
	origin   = "https://records.city.example"
	officer  = jurat.PersonID("officer-4471")
	admin    = jurat.PersonID("administrator-1")
	somehost = "192.0.2.7"
)

// at is so long after noon.
func at(after time.Duration) time.Time { return desktest.Noon.Add(after) }

// A lobby is a record with a porter at its counter.
type lobby struct {
	*login.Porter
	record *desktest.Record
	doors  login.Doors
}

// lobbies runs a test at a new counter on every engine.
func lobbies(t *testing.T, test func(*testing.T, *lobby)) {
	engines(t, func(t *testing.T, e desktest.Engine) { test(t, newLobby(t, e)) })
}

func engines(t *testing.T, test func(*testing.T, desktest.Engine)) {
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, desktest.SQLite) })
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, func(t testing.TB) *register.Register { return postgres.Open(t) })
	})
}

func newLobby(t *testing.T, engine desktest.Engine) *lobby {
	t.Helper()
	return counterOf(t, desktest.CityOn(t, engine))
}

// counterOf puts a porter at a record's counter.
func counterOf(t *testing.T, r *desktest.Record) *lobby {
	t.Helper()
	l := &lobby{record: r, doors: login.Doors{
		Register: r.Register, Key: []byte("0123456789abcdef0123456789abcdef"), Note: r.TurnedAway, Came: r.CameIn, Made: r.TokenMade, Ended: r.TokenEnded, Welcome: r.Welcome,
		Site: login.Site{Name: "Police department", RP: rp, Origins: []string{origin}},
	}}
	l.Porter = got(login.Open(l.doors))(t)
	login.Cheap(l.Porter)
	return l
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// got is a value whose error must be nil.
func got[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T { t.Helper(); must(t, err); return v }
}

// refused asserts a kind of error.
func refused(t testing.TB, what string, err error, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v; want %v", what, err, want)
	}
}

// link lets a person in by a link the operator gives.
func (l *lobby) link(t testing.TB, now time.Time, who jurat.PersonID) login.Token {
	t.Helper()
	link := login.NewLink()
	must(t, l.record.GiveLink(t.Context(), desk.Caller{}, now, who, link.Hash, now.Add(login.LinkLasts)))
	token, s, err := l.ComeByLink(t.Context(), now, somehost, link.Secret)
	must(t, err)
	if !s.Setup || s.Person != who {
		t.Fatalf("by a link came %+v", s)
	}
	return token
}

// passkey makes a passkey for whoever shows the token.
func (l *lobby) passkey(t testing.TB, now time.Time, token login.Token, a *logintest.Authenticator) login.Passkey {
	t.Helper()
	ask := got(l.AskNewPasskey(t.Context(), now, token))(t)
	k, keep, err := l.NewPasskey(t.Context(), now, token, ask.ID, "Station key", a.Make(t, ask.Options))
	must(t, err)
	must(t, l.Take(t.Context(), keep))
	return k
}

// lose takes a passkey away from whoever shows the token.
func (l *lobby) lose(t testing.TB, now time.Time, token login.Token, id string) (login.Passkey, error) {
	t.Helper()
	k, lose, err := l.LosePasskey(t.Context(), now, token, id)
	if err == nil {
		err = l.Take(t.Context(), lose)
	}
	return k, err
}

// enrolled is a person with a passkey, whose key is on the record.
func (l *lobby) enrolled(t testing.TB, who jurat.PersonID) *logintest.Authenticator {
	t.Helper()
	a := logintest.New(origin)
	token := l.link(t, at(0), who)
	k := l.passkey(t, at(0), token, a)
	_, err := l.record.AddKey(t.Context(), desk.Caller{Person: who, Session: true}, at(0), who, k.Key)
	must(t, err)
	must(t, l.Leave(t.Context(), token))
	return a
}

// comeIn signs somebody in by their passkey.
func (l *lobby) comeIn(t testing.TB, now time.Time, a *logintest.Authenticator) (login.Token, login.Session) {
	t.Helper()
	ask := got(l.AskPasskey(t.Context(), now))(t)
	token, s, err := l.ComeByPasskey(t.Context(), now, somehost, ask.ID, a.Get(t, ask.Options))
	must(t, err)
	return token, s
}

const password = "four unrelated words here"

// withPassword gives a person a password and a code generator.
func (l *lobby) withPassword(t testing.TB, who jurat.PersonID) (secret string) {
	t.Helper()
	token := l.link(t, at(0), who)
	must(t, l.SetPassword(t.Context(), at(0), token, password))
	made := got(l.NewTOTP(t.Context(), at(0), token))(t)
	must(t, l.ConfirmTOTP(t.Context(), at(0), token, code(t, made.Secret, at(0))))
	_, _, err := l.Settle(t.Context(), at(0), token)
	must(t, err)
	return made.Secret
}

// code is what a generator shows at a moment.
func code(t testing.TB, secret string, now time.Time) string {
	t.Helper()
	if _, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret); err != nil {
		t.Fatal(err)
	}
	return got(hotp.GenerateCode(secret, uint64(now.Unix()/30)))(t)
}

// journal gives the reasons in the security journal of who was turned away.
func (l *lobby) journal(t testing.TB, now time.Time) []register.JournalRow {
	t.Helper()
	return l.lines(t, now, "turned-away")
}

// lines gives the lines of the security journal of a kind.
func (l *lobby) lines(t testing.TB, now time.Time, kind string) []register.JournalRow {
	t.Helper()
	rows := got(l.record.Journal(t.Context(), desk.Caller{}, now, 0, 1000))(t)
	var turned []register.JournalRow
	for _, row := range rows {
		if row.Kind == kind {
			turned = append(turned, row)
		}
	}
	return turned
}
