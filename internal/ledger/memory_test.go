package ledger_test

import (
	"testing"
	"time"

	"jurat"
	"jurat/internal/ledger"
	"jurat/internal/ledger/ledgertest"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	ledgertest.Run(t, func(t *testing.T) ledgertest.Book {
		m := ledgertest.NewMemory(time.Now)
		return ledgertest.Book{
			Store: m,
			Commit: func(_ testing.TB, in jurat.IncidentNumber, n int) []ledger.Entry {
				return m.CommitNew(in, n)
			},
			Again: func(testing.TB) ledger.Store { return m },
		}
	})
}
