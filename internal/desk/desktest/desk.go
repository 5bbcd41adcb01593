// Package desktest makes whole records for tests of the desk and of the rooms
// around it: a real register, vault and ledger in a temporary folder.
//
// Holds: nothing after the test.
// Promises: each record is new, with keys of its own, an office, people by
// role and the Chicago order adopted.
// May open: every room a record needs.
// Never: is imported by the product.
package desktest

import (
	"crypto/ed25519"
	"crypto/rand"
	"os"
	"path/filepath"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/ledger"
	"jurat/internal/login"
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
	Register *register.Register
	Vault    *vault.Vault
	Ledger   *ledger.Ledger
	Store    vault.Store
	KEK, Dup []byte
	LogKey   string
	Office   ed25519.PrivateKey
	Keys     map[jurat.PersonID]login.Key
}

// Own is the record's own office.
const Own jurat.OfficeID = "city-police"

// A Member is somebody added to a new record; their name is their role and a
// number. The last is the administrator.
type Member struct {
	ID     jurat.PersonID
	Office jurat.OfficeID
	Role   jurat.Role
	Sworn  bool
}

// Members are the people of a new city record.
var Members = []Member{
	{"officer-4471", Own, jurat.RoleOfficer, true},
	{"officer-4472", Own, jurat.RoleOfficer, true},
	{"supervisor-1102", Own, jurat.RoleSupervisor, true},
	{"detective-2208", Own, jurat.RoleDetective, true},
	{"evidence-7", Own, jurat.RoleEvidence, false},
	{"records-3", Own, jurat.RoleRecords, false},
	{"counsel-3", "city-counsel", jurat.RoleCounsel, false},
	{"auditor-1", "inspector-general", jurat.RoleAuditor, false},
	{"aide-1", "mayors-office", jurat.RolePolitical, false},
	{"liaison-1", "mayors-office", jurat.RoleSupervisor, true}, // a political office by function, whatever the role says
	{"prosecutor-12", "county-prosecutor", jurat.RoleProsecutor, false},
	{"administrator-1", Own, jurat.RoleAdmin, false},
}

// City makes a city's record.
func City(t testing.TB) *Record { return makeRecord(t, jurat.FunctionPolice, orders.Chicago) }

func makeRecord(t testing.TB, function jurat.Function, orderFile string) *Record {
	t.Helper()
	dir := t.TempDir()
	r := &Record{Dir: dir, Keys: map[jurat.PersonID]login.Key{}, KEK: random(t, 32), Dup: random(t, 32)}
	var err error
	if r.Register, err = register.OpenSQLite(t.Context(), filepath.Join(dir, "register.sqlite")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { check(t, r.Register.Close()) })
	check(t, os.MkdirAll(filepath.Join(dir, "vault"), 0o755))
	store, err := dirstore.Open(filepath.Join(dir, "vault"))
	check(t, err)
	r.Store = store
	r.Vault, err = vault.New(store, r.KEK, r.Dup)
	check(t, err)
	key, _, err := ledger.NewKey("city.example/jurat", rand.Reader)
	check(t, err)
	r.LogKey = key.Public
	r.Ledger, err = ledger.Open(t.Context(), filepath.Join(dir, "ledger"), key, r.Register.Ledger(), ledger.Options{})
	check(t, err)
	t.Cleanup(func() { check(t, r.Ledger.Close()) })
	_, r.Office, err = ed25519.GenerateKey(rand.Reader)
	check(t, err)
	r.Desk, err = desk.Open(t.Context(), desk.Doors{Register: r.Register, Vault: r.Vault, Ledger: r.Ledger, Origin: "city.example/jurat", Office: r.Office, KEK: r.KEK})
	check(t, err)
	r.fill(t, function, orderFile)
	return r
}

func (r *Record) fill(t testing.TB, function jurat.Function, orderFile string) {
	t.Helper()
	op := desk.Caller{}
	for _, o := range []jurat.Office{
		{ID: Own, Name: "City police", Function: function, Own: true},
		{ID: "city-counsel", Name: "City counsel", Function: jurat.FunctionCounsel, Own: true},
		{ID: "inspector-general", Name: "Inspector general", Function: jurat.FunctionOversight},
		{ID: "mayors-office", Name: "Mayor's office", Function: jurat.FunctionPolitical, Own: true},
		{ID: "county-prosecutor", Name: "County prosecutor", Function: jurat.FunctionProsecutor},
	} {
		_, err := r.AddOffice(t.Context(), op, Noon, o)
		check(t, err)
	}
	text, err := orders.Read(orderFile)
	check(t, err)
	_, _, err = r.AdoptOrder(t.Context(), op, Noon, orderFile, text)
	check(t, err)
	for _, m := range Members {
		_, err := r.AddPerson(t.Context(), op, Noon, jurat.Person{ID: m.ID, Label: string(m.ID), Office: m.Office, Role: m.Role, Sworn: m.Sworn})
		check(t, err)
		by := op
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

// As is a person at the desk with their own key.
func (r *Record) As(id jurat.PersonID) desk.Caller {
	return desk.Caller{Person: id, Signer: r.Keys[id]}
}

// Opened opens an incident and gives its number.
func (r *Record) Opened(t testing.TB) jurat.IncidentNumber {
	t.Helper()
	in, _, err := r.OpenIncident(t.Context(), r.As("officer-4471"), Noon, jurat.Opening{Title: "Vehicle stop", Trigger: "observed"})
	check(t, err)
	return in.Number
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
