package ledger_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
	"jurat/format"
	"jurat/internal/ledger"
)

func TestEveryLeafIsProvedAtEverySize(t *testing.T) {
	for _, sizes := range [][]int64{{1, 2, 3, 255, 256, 257, 300}, {511, 512, 513, 70000}} {
		store, dir := newStore(), t.TempDir()
		l := openLedger(t, dir, store, ledger.Options{})
		key := testKey(t, origin, 1).Public
		var events []jurat.EventID
		var leaves [][]byte
		var older []ledger.Published
		for _, size := range sizes {
			for _, e := range store.CommitNew("2026-000001", int(size)-len(events)) {
				events, leaves = append(events, e.Event), append(leaves, e.Leaf)
			}
			p := publish(t, l)
			step := max(1, len(events)/50)
			var some []jurat.EventID
			var at []int
			for i := 0; i < len(events); i += step {
				some, at = append(some, events[i]), append(at, i)
			}
			proofs, err := l.ProveAll(t.Context(), some)
			if err != nil {
				t.Fatalf("ProveAll at %d: %v", size, err)
			}
			for i, proof := range proofs {
				if proof.Index != int64(at[i]) {
					t.Fatalf("event %d has the index %d", at[i], proof.Index)
				}
				if err := tlog.CheckRecord(proof.Hashes, size, rootOf(t, store, size), proof.Index, tlog.RecordHash(leaves[at[i]])); err != nil {
					t.Fatalf("size %d, leaf %d: %v", size, at[i], err)
				}
				if size > 1000 {
					break // the root is computed from every leaf: once is enough
				}
			}
			read, err := format.ParseInclusionProof(proofs[len(proofs)-1].Marshal())
			if err != nil {
				t.Fatal(err)
			}
			if c, err := read.Verify(leaves[at[len(at)-1]], key); err != nil || c.Size != size {
				t.Fatalf("the proof as written: %+v, %v", c, err)
			}
			for _, old := range older {
				proof, err := l.Consistency(t.Context(), old.Size)
				if err != nil {
					t.Fatalf("Consistency from %d to %d: %v", old.Size, size, err)
				}
				if err := tlog.CheckTree(proof.Hashes, size, p.Root, old.Size, old.Root); err != nil {
					t.Fatalf("from %d to %d: %v", old.Size, size, err)
				}
				if _, err := proof.Verify(old.Checkpoint, key); err != nil {
					t.Fatalf("from %d to %d: %v", old.Size, size, err)
				}
				// An event is provable under an older checkpoint too, as long as
				// it was there.
				under, err := l.ProveUnder(t.Context(), old, events[old.Size-1:old.Size])
				if err != nil {
					t.Fatalf("ProveUnder %d: %v", old.Size, err)
				}
				if _, err := under[0].Verify(leaves[old.Size-1], key); err != nil {
					t.Fatalf("under %d: %v", old.Size, err)
				}
				if _, err := l.ProveUnder(t.Context(), old, events[old.Size:old.Size+1]); !errors.Is(err, jurat.NotFound) {
					t.Fatalf("a proof of leaf %d under %d leaves: %v", old.Size, old.Size, err)
				}
			}
			older = append(older, p)
		}
		if _, err := l.Consistency(t.Context(), sizes[len(sizes)-1]+1); !errors.Is(err, jurat.Invalid) {
			t.Errorf("consistency from a size that never was: %v", err)
		}
	}
}

func TestWhatIsNotPublishedIsNotProved(t *testing.T) {
	store := newStore()
	l := openLedger(t, t.TempDir(), store, ledger.Options{})
	event := store.CommitNew("2026-000001", 1)[0].Event
	if _, err := l.Prove(t.Context(), event); !errors.Is(err, jurat.NotFound) {
		t.Errorf("Prove before anything is published: %v", err)
	}
	publish(t, l)
	if _, err := l.Prove(t.Context(), event); err != nil {
		t.Errorf("Prove: %v", err)
	}
	event = store.CommitNew("2026-000001", 1)[0].Event
	if _, err := l.Prove(t.Context(), event); !errors.Is(err, jurat.NotFound) {
		t.Errorf("Prove of an event that is pending: %v", err)
	}
}

func TestATileThatIsWrongOrGoneProvesNothing(t *testing.T) {
	store, dir := newStore(), t.TempDir()
	l := openLedger(t, dir, store, ledger.Options{})
	event := store.CommitNew("2026-000001", 300)[7].Event
	publish(t, l)
	name := filepath.Join(dir, "tile/0/000")
	flip(t, name, 7*32)
	if _, err := l.Prove(t.Context(), event); !errors.Is(err, jurat.Altered) {
		t.Errorf("Prove over a flipped bit: %v, want Altered", err)
	}
	if err := os.Truncate(name, 100); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Prove(t.Context(), event); !errors.Is(err, jurat.Unavailable) || errors.Is(err, jurat.Altered) {
		t.Errorf("Prove over a tile cut short: %v, want Unavailable", err)
	}
	remove(t, dir, "tile/0/000")
	if _, err := l.Prove(t.Context(), event); !errors.Is(err, jurat.Unavailable) || errors.Is(err, jurat.Altered) {
		t.Errorf("Prove over a tile that is gone: %v, want Unavailable", err)
	}
}

func TestPartialTilesStayUntilTheFullTileIsDurable(t *testing.T) {
	store, dir := newStore(), t.TempDir()
	l := openLedger(t, dir, store, ledger.Options{})
	for range 5 {
		store.CommitNew("2026-000001", 50)
		publish(t, l)
	}
	for _, w := range []string{"50", "100", "150", "200", "250"} {
		for _, level := range []string{"0", "entries"} {
			if _, err := os.Stat(filepath.Join(dir, "tile", level, "000.p", w)); err != nil {
				t.Errorf("a partial tile of a published size is gone: %v", err)
			}
		}
	}
	store.CommitNew("2026-000001", 50)
	publish(t, l)
	for _, level := range []string{"0", "entries"} {
		if _, err := os.Stat(filepath.Join(dir, "tile", level, "000.p")); err == nil {
			t.Errorf("the partial tiles of %s stayed beside the full one", level)
		}
	}
	audit(t, dir, store)
}
