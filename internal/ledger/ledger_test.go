package ledger_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
	"jurat/internal/ledger"
	"jurat/internal/ledger/ledgertest"
)

const origin = "police.example/log"

// testKey is the same in every run: its seed is 32 times n.
func testKey(t testing.TB, name string, n byte) ledger.Key {
	t.Helper()
	key, _, err := ledger.NewKey(name, bytes.NewReader(bytes.Repeat([]byte{n}, 32)))
	if err != nil {
		t.Fatalf("NewKey: %v", err)
	}
	return key
}

func openLedger(t testing.TB, dir string, store ledger.Store, opt ledger.Options) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(context.Background(), dir, testKey(t, origin, 1), store, opt)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return l
}

func publish(t testing.TB, l *ledger.Ledger) ledger.Published {
	t.Helper()
	p, err := l.Publish(context.Background())
	if err != nil {
		t.Fatalf("Publish: %v", err)
	}
	return p
}

// rootOf computes the root of the store's first size leaves with a tree of
// hashes in memory: x/mod's own, not the ledger's.
func rootOf(t testing.TB, s ledger.Store, size int64) tlog.Hash {
	t.Helper()
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			out[i] = stored[x]
		}
		return out, nil
	})
	err := s.Leaves(context.Background(), 0, size, func(i int64, leaf []byte) error {
		hashes, err := tlog.StoredHashes(i, leaf, reader)
		stored = append(stored, hashes...)
		return err
	})
	if err != nil {
		t.Fatalf("Leaves: %v", err)
	}
	root, err := tlog.TreeHash(size, reader)
	if err != nil {
		t.Fatalf("TreeHash: %v", err)
	}
	return root
}

func newStore() *ledgertest.Memory { return ledgertest.NewMemory(time.Now) }

func TestPublishAtSizesAroundTiles(t *testing.T) {
	for _, steps := range [][]int{
		{1}, {255}, {256}, {257}, {300}, {511}, {512}, {513},
		{1, 1, 1}, {255, 1}, {255, 2}, {256, 1}, {100, 200, 300}, {65535}, {65536}, {65537}, {65535, 1, 1}, {65000, 1000, 5},
	} {
		t.Run(fmt.Sprint(steps), func(t *testing.T) {
			t.Parallel()
			store, dir := newStore(), t.TempDir()
			l := openLedger(t, dir, store, ledger.Options{})
			var size int64
			for _, n := range steps {
				store.CommitNew("2026-000001", n)
				size += int64(n)
				if p := publish(t, l); p.Size != size || p.Root != rootOf(t, store, size) {
					t.Fatalf("published %d leaves under %v; want %d under %v", p.Size, p.Root, size, rootOf(t, store, size))
				}
			}
			audit(t, dir, store)
		})
	}
}

func TestNothingPendingPublishesNothing(t *testing.T) {
	store := newStore()
	l := openLedger(t, t.TempDir(), store, ledger.Options{})
	if p := publish(t, l); p.Note != nil {
		t.Fatalf("an empty record published %d leaves", p.Size)
	}
	if _, err := l.Published(); !errors.Is(err, jurat.NotFound) {
		t.Fatalf("Published of an empty record: %v", err)
	}
	store.CommitNew("", 1)
	first := publish(t, l)
	if again := publish(t, l); !bytes.Equal(first.Note, again.Note) {
		t.Error("a second Publish wrote another checkpoint")
	}
}
