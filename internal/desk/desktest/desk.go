// Package desktest makes whole records for tests of the desk and of the rooms
// around it: a real register, vault and ledger in a temporary folder.
//
// Holds: nothing after the test.
// Promises: each record is new, with keys of its own, an office, people by
// role and, in a city's, the Chicago order adopted.
// May open: every room a record needs.
// Never: is imported by the product.
package desktest

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"os"
	"path/filepath"
	"testing"
	"time"

	"filippo.io/age"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/ledger"
	"jurat/internal/login"
	"jurat/internal/media"
	"jurat/internal/register"
	"jurat/internal/vault"
	"jurat/internal/vault/dirstore"
	"jurat/orders"
)

// Noon is when every test begins, unless it says otherwise.
var Noon = time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)

// A Record is a whole record, open.
type Record struct {
	*desk.Desk
	Dir      string
	Origin   string
	Register *register.Register
	Vault    *vault.Vault
	Ledger   *ledger.Ledger
	Store    vault.Store
	KEK, Dup []byte
	LogKey   string
	Office   ed25519.PrivateKey
	Age      *age.X25519Identity
	Keys     map[jurat.PersonID]login.Key

	log  ledger.Key
	keep func([]string)
	past []format.TrustedOffice // its logs that ended, the newest first
}

// An Engine opens a new register for a test.
type Engine func(testing.TB) *register.Register

// SQLite is the embedded engine, in a temporary folder.
func SQLite(t testing.TB) *register.Register {
	t.Helper()
	r, err := register.OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "register.sqlite"))
	check(t, err)
	t.Cleanup(func() { check(t, r.Close()) })
	return r
}

// City makes a city's record, on SQLite.
func City(t testing.TB) *Record { return CityOn(t, SQLite) }

// CityOn makes a city's record.
func CityOn(t testing.TB, engine Engine) *Record {
	t.Helper()
	r := Bare(t, engine)
	text, err := orders.Read(orders.Chicago)
	check(t, err)
	_, _, err = r.AdoptOrder(t.Context(), desk.Caller{}, Noon, orders.Chicago, text)
	check(t, err)
	r.join(t, Members)
	return r
}

// County makes a prosecutor's own record, on SQLite.
func County(t testing.TB) *Record { return CountyOn(t, SQLite, "county.example/jurat") }

// CountyOn makes a prosecutor's own record, with a log of the name given.
func CountyOn(t testing.TB, engine Engine, origin string) *Record {
	t.Helper()
	r := makeRecord(t, engine, origin)
	for _, o := range countyOffices {
		_, err := r.AddOffice(t.Context(), desk.Caller{}, Noon, o)
		check(t, err)
	}
	r.join(t, CountyMembers)
	return r
}

// Bare makes a city's record with its offices and nobody in them.
func Bare(t testing.TB, engine Engine) *Record {
	t.Helper()
	r := makeRecord(t, engine, "city.example/jurat")
	for _, o := range cityOffices {
		_, err := r.AddOffice(t.Context(), desk.Caller{}, Noon, o)
		check(t, err)
	}
	return r
}

// FirstDay makes a city's record as it is before its administrator comes: its own
// office, and nobody.
func FirstDay(t testing.TB) *Record {
	t.Helper()
	r := makeRecord(t, SQLite, "city.example/jurat")
	_, err := r.AddOffice(t.Context(), desk.Caller{}, Noon, cityOffices[0])
	check(t, err)
	return r
}

func makeRecord(t testing.TB, engine Engine, origin string) *Record {
	t.Helper()
	r := &Record{Dir: t.TempDir(), Origin: origin, Keys: map[jurat.PersonID]login.Key{}, KEK: random(t, 32), Dup: random(t, 32), Register: engine(t)}
	check(t, os.MkdirAll(filepath.Join(r.Dir, "vault"), 0o755))
	store, err := dirstore.Open(filepath.Join(r.Dir, "vault"))
	check(t, err)
	r.Store = store
	key, _, err := ledger.NewKey(origin, rand.Reader)
	check(t, err)
	r.LogKey, r.log = key.Public, key
	_, r.Office, err = ed25519.GenerateKey(rand.Reader)
	check(t, err)
	r.Age, err = age.GenerateX25519Identity()
	check(t, err)
	r.Ledger, err = ledger.Open(t.Context(), filepath.Join(r.Dir, "ledger"), key, r.Register.Ledger(), ledger.Options{Keys: []format.Key{
		{Kind: format.KeyOffice, Public: r.public().X, To: format.InForce},
		{Kind: format.KeyAge, Public: r.Age.Recipient().String(), To: format.InForce},
	}})
	check(t, err)
	t.Cleanup(func() { check(t, r.Ledger.Close()) })
	r.Desk, r.Vault = r.Over(t, store)
	return r
}

// shelf has the orders that the records of this program's tests adopt: each is read
// once. That a desk reads them itself is seen where the program starts anew.
var shelf desk.Shelf

// Over is another desk at the same record, as another program would open it,
// with the vault over a store of the test's own.
func (r *Record) Over(t testing.TB, store vault.Store) (*desk.Desk, *vault.Vault) {
	t.Helper()
	v, err := vault.New(store, r.KEK, r.Dup)
	check(t, err)
	d, err := desk.Open(t.Context(), desk.Doors{Register: r.Register, Vault: v, Ledger: r.Ledger, Media: media.New(media.Settings{}), Origin: r.Origin, Office: r.Office, KEK: r.KEK, Orders: &shelf, Work: filepath.Join(r.Dir, "work"), Age: []age.Identity{r.Age}, Keep: func(_ context.Context, letters []string) error {
		if r.keep != nil {
			r.keep(letters)
		}
		return nil
	}})
	check(t, err)
	return d, v
}

// KeepLetters has somebody given the letters about erasures.
func (r *Record) KeepLetters(keep func([]string)) { r.keep = keep }

// join adds people, each with a key; the operator does it until there is an
// administrator.
func (r *Record) join(t testing.TB, members []Member) {
	t.Helper()
	r.Join(t, desk.Caller{}, members...)
}

// Join has somebody add people, each with a key; after an administrator it is
// the administrator who does.
func (r *Record) Join(t testing.TB, by desk.Caller, members ...Member) {
	t.Helper()
	for _, m := range members {
		_, err := r.AddPerson(t.Context(), by, Noon, jurat.Person{ID: m.ID, Label: string(m.ID), Office: m.Office, Role: m.Role, Sworn: m.Sworn, Advises: m.Advises})
		check(t, err)
		if m.Role == jurat.RoleAdmin {
			by = desk.Caller{Person: m.ID}
		}
		key, err := login.NewKey(m.ID, rand.Reader)
		check(t, err)
		_, err = r.AddKey(t.Context(), by, Noon, m.ID, key.Public())
		check(t, err)
		r.Keys[m.ID] = key
	}
}

// Continue ends the record's log at its last checkpoint and goes on with one
// of another name.
func (r *Record) Continue(t testing.TB, origin string) {
	t.Helper()
	check(t, r.Publish(t.Context()))
	last, err := r.Ledger.Published()
	check(t, err)
	r.ContinueFrom(t, last.Note, origin)
}

// ContinueFrom is Continue from a checkpoint that somebody else still has.
func (r *Record) ContinueFrom(t testing.TB, last []byte, origin string) {
	t.Helper()
	next, _, err := ledger.NewKey(origin, rand.Reader)
	check(t, err)
	r.Ledger, _, err = r.ContinueLedger(t.Context(), r.As("administrator-1"), Noon, last, next)
	check(t, err)
	r.past = append([]format.TrustedOffice{{Name: r.name(), Origin: r.Origin, Log: []string{r.LogKey}, Office: []format.JWK{r.public()}}}, r.past...)
	r.Origin, r.LogKey, r.log = origin, next.Public, next
	r.Desk, r.Vault = r.Over(t, r.Store)
}

// Ahead is a checkpoint as somebody else may hold it of this record's log, over
// n leaves more than the record has: they are lost.
func (r *Record) Ahead(t testing.TB, n int64) []byte {
	t.Helper()
	check(t, r.Publish(t.Context()))
	last, err := r.Ledger.Published()
	check(t, err)
	last.Size += n
	last.Root[0] ^= 1
	note, err := last.Sign(r.log.Signer)
	check(t, err)
	return note
}

// As is a person at the desk with their own key.
func (r *Record) As(id jurat.PersonID) desk.Caller {
	return desk.Caller{Person: id, Signer: r.Keys[id]}
}

func (r *Record) public() format.JWK { return format.NewJWK(r.Office.Public().(ed25519.PublicKey)) }

// Trust is what another office pins to trust this record's.
func (r *Record) Trust() format.Trust {
	now := format.TrustedOffice{Name: r.name(), Origin: r.Origin, Log: []string{r.LogKey}, Office: []format.JWK{r.public()}, Age: []string{r.Age.Recipient().String()}}
	return format.Trust{Offices: append([]format.TrustedOffice{now}, r.past...)}
}

// name is that of its first log: the office keeps it.
func (r *Record) name() string {
	if n := len(r.past); n > 0 {
		return r.past[n-1].Origin
	}
	return r.Origin
}

// Pin pins another record's keys as those of an office on this one.
func (r *Record) Pin(t testing.TB, id jurat.OfficeID, other *Record) {
	t.Helper()
	trust, err := other.Trust().Marshal()
	check(t, err)
	_, err = r.TrustOffice(t.Context(), r.As("administrator-1"), Noon, id, trust, other.Age.Recipient().String())
	check(t, err)
}

func random(t testing.TB, n int) []byte {
	t.Helper()
	b := make([]byte, n)
	_, err := rand.Read(b)
	check(t, err)
	return b
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
