package register_test

import (
	"path/filepath"
	"testing"

	"jurat"
	"jurat/internal/ledger"
	"jurat/internal/ledger/ledgertest"
	"jurat/internal/register"
	"jurat/internal/register/registertest"
)

// The register is the chain's store: it passes the chain's own suite.
func TestTheRegisterIsAStoreOfTheChain(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		ledgertest.Run(t, func(t *testing.T) ledgertest.Book {
			file := filepath.Join(t.TempDir(), "register.sqlite")
			return book(t, func(t testing.TB) (*register.Register, error) { return register.OpenSQLite(t.Context(), file) })
		})
	})
	t.Run("postgres", func(t *testing.T) {
		ledgertest.Run(t, func(t *testing.T) ledgertest.Book {
			dsn := postgres.Database(t)
			return book(t, func(t testing.TB) (*register.Register, error) { return register.OpenPostgres(t.Context(), dsn) })
		})
	})
}

func book(t *testing.T, open func(t testing.TB) (*register.Register, error)) ledgertest.Book {
	again := func(t testing.TB) *register.Register {
		t.Helper()
		r, err := open(t)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { r.Close() })
		return r
	}
	r := again(t)
	known := map[jurat.IncidentNumber]jurat.IncidentNumber{"": ""}
	return ledgertest.Book{
		Store: r.Ledger(),
		Again: func(t testing.TB) ledger.Store { return again(t).Ledger() },
		Commit: func(t testing.TB, in jurat.IncidentNumber, n int) (all []ledger.Entry) {
			t.Helper()
			err := r.Write(t.Context(), func(tx *register.Tx) (err error) {
				if _, ok := known[in]; !ok {
					if known[in], err = tx.NextIncident(2026); err != nil {
						return err
					}
				}
				head, err := tx.Lock(known[in])
				if err != nil {
					return err
				}
				for i := range n {
					e := registertest.Event(t, registertest.NewID(), known[in], head.Seq+1+int64(i), jurat.Item{Noun: jurat.NounRecord, ID: jurat.NumberItem(known[in], jurat.NounRecord, 1)}, i)
					if err := tx.Append(e); err != nil {
						return err
					}
					all = append(all, ledger.Entry{Event: e.ID, Leaf: e.Leaf})
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			return all
		},
	}
}
