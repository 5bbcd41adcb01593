package ledger_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"jurat"
	"jurat/internal/ledger"
	"jurat/internal/ledger/ledgertest"
)

// commitLeaves commits n events with leaves as large as real ones.
func commitLeaves(store *ledgertest.Memory, from, n int) {
	entries := make([]ledger.Entry, n)
	body := bytes.Repeat([]byte("x"), 850)
	for i := range entries {
		id := fmt.Sprintf("%08x-0000-7000-8000-000000000000", from+i)
		entries[i] = ledger.Entry{Event: jurat.EventID(id), Leaf: append([]byte(id), body...)}
	}
	store.Commit(entries...)
}

// BenchmarkPublish is the time from pending events to a durable checkpoint,
// with the lease kept (a server) on a log of 100,000; the store is in memory,
// so what is measured is the ledger's own work and its syncs.
func BenchmarkPublish(b *testing.B) {
	for _, pending := range []int{1, 100, 10000} {
		b.Run(fmt.Sprintf("pending=%d", pending), func(b *testing.B) {
			store := newStore()
			l := openLedger(b, b.TempDir(), store, ledger.Options{})
			size := 100_000
			commitLeaves(store, 0, size)
			publish(b, l)
			var took []time.Duration
			for b.Loop() {
				b.StopTimer()
				commitLeaves(store, size, pending)
				size += pending
				b.StartTimer()
				start := time.Now()
				if _, err := l.Publish(context.Background()); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			b.ReportMetric(float64(pending*len(took))/b.Elapsed().Seconds(), "events/s")
		})
	}
}

// BenchmarkProveAll is the time for the proofs of an incident of 200 events in
// a log of 100,000.
func BenchmarkProveAll(b *testing.B) {
	store := newStore()
	l := openLedger(b, b.TempDir(), store, ledger.Options{})
	commitLeaves(store, 0, 100_000)
	publish(b, l)
	var events []jurat.EventID
	for i := range 200 {
		events = append(events, jurat.EventID(fmt.Sprintf("%08x-0000-7000-8000-000000000000", i*499)))
	}
	for b.Loop() {
		if _, err := l.ProveAll(context.Background(), events); err != nil {
			b.Fatal(err)
		}
	}
}
