package registertest

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"jurat"
	"jurat/internal/register"
)

// A Place is a register under test, and other ways to its database.
type Place struct {
	*register.Register

	// Again opens the same database once more, as another process would.
	Again func(ctx context.Context) (*register.Register, error)

	// Reading opens it for reading only.
	Reading func(ctx context.Context) (*register.Register, error)

	// Raw is the database without the register's care.
	Raw *sql.DB
}

// Run runs the suite. open makes a register on a new database and closes it
// after t.
func Run(t *testing.T, open func(t *testing.T) Place) {
	for _, part := range []struct {
		name  string
		tests []sentence
	}{
		{"write", writing}, {"chain", chains}, {"item", items}, {"search", searching},
		{"sweep", sweeping}, {"blob", blobs}, {"parcel", parcels}, {"erase", erasing}, {"journal", journal}, {"draft", drafts}, {"upload", uploads}, {"login", logins}, {"schema", schema},
	} {
		t.Run(part.name, func(t *testing.T) {
			for _, s := range part.tests {
				t.Run(s.says, func(t *testing.T) { s.holds(t, open(t)) })
			}
		})
	}
}

// A sentence of the contract, and the test that it is true.
type sentence struct {
	says  string
	holds func(t *testing.T, p Place)
}

func wantKind(t testing.TB, what string, err error, kind jurat.Kind) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("%s: %v; want kind %q", what, err, kind)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func write(t testing.TB, p Place, fn func(*register.Tx) error) {
	t.Helper()
	must(t, p.Write(t.Context(), fn))
}

func read(t testing.TB, p Place, fn func(*register.Tx) error) {
	t.Helper()
	must(t, p.Read(t.Context(), fn))
}

// incident opens an incident with its own item in it.
func incident(t testing.TB, p Place, title string) jurat.IncidentNumber {
	t.Helper()
	var in jurat.IncidentNumber
	write(t, p, func(tx *register.Tx) (err error) {
		if in, err = tx.NextIncident(2026); err != nil {
			return err
		}
		e := Event(t, NewID(), in, 0, jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(in)}, map[string]any{"title": title})
		e.Search, e.Title = title, title
		return tx.Append(e)
	})
	return in
}

// add appends one more event about an item to an incident, or to the house.
func add(t testing.TB, p Place, in jurat.IncidentNumber, item jurat.Item, value any, more ...func(*register.EventRow)) register.EventRow {
	t.Helper()
	var e register.EventRow
	write(t, p, func(tx *register.Tx) error {
		h, err := tx.Lock(in)
		if err != nil {
			return err
		}
		e = Event(t, NewID(), in, h.Seq+1, item, value)
		for _, fn := range more {
			fn(&e)
		}
		return tx.Append(e)
	})
	return e
}

func record(in jurat.IncidentNumber, n int) jurat.Item {
	return jurat.Item{Noun: jurat.NounRecord, ID: jurat.NumberItem(in, jurat.NounRecord, n)}
}

// count asks the database itself.
func count(t testing.TB, p Place, query string) (n int64) {
	t.Helper()
	must(t, p.Raw.QueryRowContext(t.Context(), query).Scan(&n))
	return n
}
