package desk_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk/desktest"
	"jurat/internal/register"
	"jurat/internal/register/registertest"
)

var postgres registertest.Postgres

// checks is how often a property is tried on each engine, unless RAPID_CHECKS or
// -rapid.checks says otherwise: each time asks for every list there is.
const checks = "20"

func TestMain(m *testing.M) {
	if os.Getenv("RAPID_CHECKS") == "" {
		if err := flag.Set("rapid.checks", checks); err != nil {
			panic(err)
		}
	}
	end := desktest.InMemory()
	code := m.Run()
	postgres.Stop()
	end()
	os.Exit(code)
}

// engines runs a test on a new record of every engine.
func engines(t *testing.T, test func(*testing.T, desktest.Engine)) {
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, desktest.SQLite) })
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, func(t testing.TB) *register.Register { return postgres.Open(t) })
	})
}

// at is so long after noon.
func at(after time.Duration) time.Time { return desktest.Noon.Add(after) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// got gives what an act left.
func got[T, D any](t testing.TB) func(v T, _ D, err error) T {
	return func(v T, _ D, err error) T {
		t.Helper()
		must(t, err)
		return v
	}
}

// refused asserts a kind and a sentence that says something.
func refused(t testing.TB, err error, kind jurat.Kind, say string) {
	t.Helper()
	switch {
	case err == nil:
		t.Fatalf("it was done; want %s", kind)
	case !errors.Is(err, kind):
		t.Fatalf("%v: want %s", err, kind)
	case !strings.Contains(err.Error(), say):
		t.Fatalf("%v: it does not say %q", err, say)
	}
}

// chain gives an incident's chain.
func chain(t testing.TB, r *desktest.Record, in jurat.IncidentNumber) []register.EventRow {
	t.Helper()
	var all []register.EventRow
	must(t, r.Register.Read(t.Context(), func(tx *register.Tx) (err error) { all, err = tx.Events(in); return err }))
	return all
}

// journal gives the lines of the security journal after the first n.
func journal(t testing.TB, r *desktest.Record, n int64) []register.JournalRow {
	t.Helper()
	var all []register.JournalRow
	must(t, r.Register.Read(t.Context(), func(tx *register.Tx) (err error) { all, err = tx.JournalSince(n, 10000); return err }))
	return all
}

// snapshot says where every chain stands.
func snapshot(t testing.TB, r *desktest.Record) string {
	t.Helper()
	var b strings.Builder
	must(t, r.Register.Read(t.Context(), func(tx *register.Tx) error {
		return tx.Heads(func(in jurat.IncidentNumber, h register.Head) error {
			_, err := fmt.Fprintf(&b, "%s at %d %v; ", in, h.Seq, h.Prev)
			return err
		})
	}))
	return b.String()
}

// blobs counts what the vault holds.
func blobs(t testing.TB, r *desktest.Record) int {
	t.Helper()
	n := 0
	for _, err := range r.Vault.Blobs(t.Context()) {
		must(t, err)
		n++
	}
	return n
}
