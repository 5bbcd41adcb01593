package fsck_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"
	"go.uber.org/goleak"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/fsck"
	"jurat/internal/ledger"
	"jurat/internal/login"
	"jurat/internal/register"
	"jurat/internal/vault"
	"jurat/internal/vault/dirstore"
)

func TestMain(m *testing.M) {
	// The one record every test copies lies in a folder of its own.
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		os.RemoveAll(healthy.dir)
		os.Exit(code)
	}))
}

var noon = time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)

// hidden is a word that stands in sealed parts only.
const hidden = "quernstone"

// A city is a record in a folder, with the keys to open it.
type city struct {
	dir      string
	kek, dup []byte
	log      ledger.Key
	secret   string // of log
	office   ed25519.PrivateKey
	listed   []format.Key
	people   map[jurat.PersonID]login.Key

	register *register.Register
	store    *dirstore.Store
	ledger   *ledger.Ledger
	desk     *desk.Desk
}

func (c *city) path(name string) string { return filepath.Join(c.dir, filepath.FromSlash(name)) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// open opens the record for work; close it before its files are touched.
func (c *city) open(t testing.TB) {
	t.Helper()
	ctx := context.Background()
	var err error
	c.register, err = register.OpenSQLite(ctx, c.path("register.sqlite"))
	must(t, err)
	c.store, err = dirstore.Create(c.path("vault"))
	must(t, err)
	v, err := vault.New(c.store, c.kek, c.dup)
	must(t, err)
	c.ledger, err = ledger.Open(ctx, c.path("ledger"), c.log, c.register.Ledger(), ledger.Options{Keys: c.listed})
	must(t, err)
	c.desk, err = desk.Open(ctx, desk.Doors{Register: c.register, Vault: v, Ledger: c.ledger, Origin: c.log.Signer.Name(), Office: c.office, KEK: c.kek})
	must(t, err)
}

func (c *city) close(t testing.TB) {
	t.Helper()
	must(t, c.ledger.Close())
	must(t, c.register.Close())
}

func (c *city) as(id jurat.PersonID) desk.Caller {
	return desk.Caller{Person: id, Signer: c.people[id]}
}

func (c *city) publish(t testing.TB) {
	t.Helper()
	must(t, c.desk.Publish(context.Background()))
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

func newCity(t testing.TB, dir string) *city {
	t.Helper()
	key, secret, err := ledger.NewKey("city.example/jurat", rand.Reader)
	must(t, err)
	_, office, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	identity, err := age.GenerateX25519Identity()
	must(t, err)
	c := &city{dir: dir, kek: randomBytes(32), dup: randomBytes(32), log: key, secret: secret, office: office, people: map[jurat.PersonID]login.Key{}}
	c.listed = []format.Key{
		{Kind: format.KeyOffice, Public: format.NewJWK(office.Public().(ed25519.PublicKey)).X},
		{Kind: format.KeyAge, Public: identity.Recipient().String()},
		{Kind: format.KeyWrapping, Public: format.SecretKeyName(format.KeyWrapping, c.kek)},
		{Kind: format.KeyDuplicates, Public: format.SecretKeyName(format.KeyDuplicates, c.dup)},
	}
	c.open(t)
	return c
}

// house puts offices, people with keys and an order on the record.
func (c *city) house(t testing.TB) {
	t.Helper()
	ctx, op := context.Background(), desk.Caller{}
	_, err := c.desk.AddOffice(ctx, op, noon, jurat.Office{ID: "police", Name: "City police", Function: jurat.FunctionPolice, Own: true})
	must(t, err)
	text, err := os.ReadFile("../../order/testdata/small.yaml")
	must(t, err)
	_, _, err = c.desk.AdoptOrder(ctx, op, noon, "small.yaml", text)
	must(t, err)
	for _, p := range []jurat.Person{
		{ID: "officer-4471", Role: jurat.RoleOfficer, Sworn: true},
		{ID: "supervisor-1102", Role: jurat.RoleSupervisor, Sworn: true},
		{ID: "auditor-1", Role: jurat.RoleAuditor},
	} {
		p.Label, p.Office = string(p.ID), "police"
		_, err := c.desk.AddPerson(ctx, op, noon, p)
		must(t, err)
		k, err := login.NewKey(p.ID, rand.Reader)
		must(t, err)
		_, err = c.desk.AddKey(ctx, op, noon, p.ID, k.Public())
		must(t, err)
		c.people[p.ID] = k
	}
}

func (c *city) incident(t testing.TB, title string) jurat.IncidentNumber {
	t.Helper()
	in, _, err := c.desk.OpenIncident(context.Background(), c.as("officer-4471"), noon, jurat.Opening{Title: title, Trigger: "observed", Address: "12 " + hidden + " street"})
	must(t, err)
	return in.Number
}

// receive puts an exhibit of each size on the record.
func (c *city) receive(t testing.TB, in jurat.IncidentNumber, sizes ...int) {
	t.Helper()
	var names []string
	for i, size := range sizes {
		name := filepath.Join(t.TempDir(), fmt.Sprintf("%s%d.bin", hidden, i))
		must(t, os.WriteFile(name, randomBytes(size), 0o600))
		names = append(names, name)
	}
	now := func() time.Time { return noon }
	for r := range c.desk.Receive(context.Background(), c.as("officer-4471"), now, desk.Receiving{Incident: in, Arrival: jurat.Arrival{Kind: "bwc"}}, slices.Values(names)) {
		must(t, r.Err)
	}
}

// fill makes the record every damage is done to a copy of: two incidents, a
// report that was sworn, returned and approved, exhibits of awkward sizes, 300
// leaves in several checkpoints, a journal with a digest.
func (c *city) fill(t testing.TB) {
	t.Helper()
	ctx := context.Background()
	c.house(t)
	c.publish(t)
	first := c.incident(t, "Vehicle stop")
	c.publish(t)
	c.receive(t, first, 5, 0, 16384, 200_000)
	_, _, err := c.desk.AddParty(ctx, c.as("officer-4471"), noon, first, jurat.Particulars{Slot: "Supervisor 1", Capacity: "supervisor_on_scene", Name: hidden})
	must(t, err)
	r, _, err := c.desk.AddRecord(ctx, c.as("officer-4471"), noon, first, desk.Words{Type: "note", Fields: json.RawMessage(`{"words":"two people spoke","injury":"no","name":"` + hidden + `"}`)})
	must(t, err)
	_, _, err = c.desk.SubmitRecord(ctx, c.as("officer-4471"), noon, r.ID)
	must(t, err)
	_, _, err = c.desk.ReturnRecord(ctx, c.as("supervisor-1102"), noon, r.ID, "say who spoke first")
	must(t, err)
	c.publish(t)
	second := c.incident(t, "Door held open")
	for i := range 280 {
		_, _, err := c.desk.AddParty(ctx, desk.Caller{Person: "officer-4471"}, noon, second, jurat.Particulars{Slot: fmt.Sprintf("Witness %d", i+1), Capacity: "witness"})
		must(t, err)
		if i == 100 || i == 150 {
			c.publish(t)
		}
	}
	c.publish(t)
	_, err = c.desk.Show(ctx, c.as("auditor-1"), noon, second)
	must(t, err)
	for i := range 3 { // in one minute they would be one line and a count
		_, err = c.desk.List(ctx, c.as("auditor-1"), noon.Add(time.Duration(i)*time.Minute), "", 10)
		must(t, err)
	}
	must(t, c.desk.DigestJournal(ctx, noon.Add(2*time.Hour)))
	c.publish(t)
	_, err = c.desk.List(ctx, c.as("auditor-1"), noon.Add(3*time.Hour), "", 10)
	must(t, err)
	must(t, c.ledger.Mirror(ctx, c.path("mirror")))
}

var healthy city
var makeHealthy sync.Once

// copied gives a copy of the healthy record, closed.
func copied(t *testing.T) *city {
	t.Helper()
	makeHealthy.Do(func() {
		dir, err := os.MkdirTemp("", "fsck-record-")
		must(t, err)
		c := newCity(t, dir)
		c.fill(t)
		c.close(t)
		healthy = *c
	})
	if healthy.desk == nil {
		t.Fatal("the record could not be made")
	}
	c := healthy
	c.dir = t.TempDir()
	must(t, os.CopyFS(c.dir, os.DirFS(healthy.dir)))
	return &c
}

// check asks the doubter, who must leave no trace.
func (c *city) check(t *testing.T) fsck.Report {
	t.Helper()
	return c.checkWith(t, func(*fsck.Record) {})
}

func (c *city) checkWith(t *testing.T, change func(*fsck.Record)) fsck.Report {
	t.Helper()
	before := snapshot(t, c.dir)
	rec := fsck.Record{Ledger: c.path("ledger"), KEK: c.kek, Duplicates: c.dup, LogKey: c.log.Public, Keys: c.listed, Mirrors: []string{c.path("mirror")}}
	rows, err := register.ReadSQLite(t.Context(), c.path("register.sqlite"))
	if err != nil {
		return fsck.Unreadable("register", err)
	}
	defer rows.Close()
	rec.Rows = rows
	if store, err := dirstore.Open(c.path("vault")); err == nil {
		rec.Blobs = store
	}
	change(&rec)
	r := fsck.Check(t.Context(), rec)
	if after := snapshot(t, c.dir); !slices.Equal(before, after) {
		t.Errorf("the doubter left a trace:\n%s\nthen\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
	}
	text, err := json.Marshal(r)
	must(t, err)
	if r.Findings == nil || r.NotChecked == nil || r.Notes == nil || bytes.Contains(text, []byte("null")) {
		t.Errorf("a list of the report is missing: %s", text)
	}
	if bytes.Contains(text, []byte(hidden)) {
		t.Errorf("the report shows a sealed word: %s", text)
	}
	return r
}

// snapshot lists every file with its size and time.
func snapshot(t *testing.T, dir string) (list []string) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return fs.SkipDir // made unreadable by the test
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		list = append(list, fmt.Sprint(name, info.Size(), info.ModTime(), info.Mode()))
		return nil
	}))
	return list
}

func wantIntact(t *testing.T, r fsck.Report) {
	t.Helper()
	if r.Answer != fsck.Intact || len(r.Findings) > 0 {
		t.Fatalf("answer %s:\n%s", r.Answer, printed(r))
	}
}

func printed(r fsck.Report) string {
	var b strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "%s: %s: %s\n", f.Answer, f.Where, f.What)
	}
	for _, s := range r.NotChecked {
		fmt.Fprintf(&b, "not checked: %s\n", s)
	}
	for _, s := range r.Notes {
		fmt.Fprintf(&b, "note: %s\n", s)
	}
	return b.String()
}

// logPrivate is the log's own signing key.
func (c *city) logPrivate(t testing.TB) ed25519.PrivateKey {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(strings.SplitN(c.secret, "+", 5)[4])
	must(t, err)
	return ed25519.NewKeyFromSeed(raw[1:])
}
