package ledger_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jurat"
	"jurat/format"
	"jurat/internal/durable/durabletest"
	"jurat/internal/ledger"
	"jurat/internal/ledger/ledgertest"
)

// record is a record with a mirror, published at 300 leaves, copied, and then
// published and mirrored at 320 leaves.
type record struct {
	dir, mirror string
	store, old  *ledgertest.Memory // as it is; as it was at 300
	last        ledger.Published
}

func newRecord(t *testing.T) record {
	t.Helper()
	r := record{dir: t.TempDir(), mirror: t.TempDir(), store: newStore()}
	l := openLedger(t, r.dir, r.store, ledger.Options{})
	r.store.CommitNew("2026-000001", 300)
	publish(t, l)
	// Two more events are saved when the copy is made, and not yet published.
	r.store.CommitNew("2026-000001", 2)
	r.old = r.store.Snapshot()
	r.store.CommitNew("2026-000001", 18)
	r.last = publish(t, l)
	if err := l.Mirror(t.Context(), r.mirror); err != nil {
		t.Fatalf("Mirror: %v", err)
	}
	return r
}

func TestARecordThatWasSetBackSignsNothing(t *testing.T) {
	for _, tc := range []struct {
		name string
		seen func(t *testing.T, r record) (dir string, opt ledger.Options)
	}{
		{"seen from its own checkpoint", func(t *testing.T, r record) (string, ledger.Options) {
			return r.dir, ledger.Options{}
		}},
		{"seen from a mirror", func(t *testing.T, r record) (string, ledger.Options) {
			return t.TempDir(), ledger.Options{Mirrors: []string{"/nowhere", r.mirror}}
		}},
		{"seen from a checkpoint that was imported", func(t *testing.T, r record) (string, ledger.Options) {
			dir := t.TempDir()
			l := openLedger(t, dir, r.old, ledger.Options{})
			if err := l.Check(t.Context(), r.last.Note); !errors.Is(err, jurat.Conflict) {
				t.Fatalf("Check: %v, want Conflict", err)
			}
			if _, err := l.Import(t.Context(), r.last.Note, format.Trust{}); !errors.Is(err, jurat.Conflict) {
				t.Fatalf("Import: %v, want Conflict", err)
			}
			if err := l.Stopped(); !errors.Is(err, jurat.Conflict) {
				t.Fatalf("Stopped after Import: %v", err)
			}
			return dir, ledger.Options{}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := newRecord(t)
			dir, opt := tc.seen(t, r)
			l := openLedger(t, dir, r.old, opt)
			if err := l.Stopped(); !errors.Is(err, jurat.Conflict) || !strings.Contains(err.Error(), "300 leaves") || !strings.Contains(err.Error(), "320") {
				t.Errorf("Stopped: %v", err)
			}
			before := head(t, r.old)
			r.old.CommitNew("2026-000002", 1) // saving goes on
			if _, err := l.Publish(t.Context()); !errors.Is(err, jurat.Conflict) {
				t.Errorf("Publish: %v, want Conflict", err)
			}
			if after := head(t, r.old); after != before {
				t.Errorf("something was sequenced: %d leaves became %d", before.Size, after.Size)
			}

			// What was lost comes back from the mirror, and signing goes on.
			got, err := l.Recover(t.Context(), r.mirror)
			if err != nil || got != (ledger.Recovery{Leaves: 20, Events: 2}) {
				t.Fatalf("Recover: %+v, %v; want 20 leaves, 2 of them with their event", got, err)
			}
			if again, err := l.Recover(t.Context(), r.mirror); err != nil || again != (ledger.Recovery{}) {
				t.Errorf("Recover again: %+v, %v", again, err)
			}
			p := publish(t, l)
			if p.Size != 321 || l.Stopped() != nil {
				t.Errorf("after Recover %d leaves are published, stopped by %v", p.Size, l.Stopped())
			}
			if err := l.Check(t.Context(), r.last.Note); err != nil {
				t.Errorf("Check after Recover: %v", err)
			}
			audit(t, dir, r.old)
		})
	}
}

func head(t *testing.T, s ledger.Store) ledger.Head {
	t.Helper()
	h, err := s.Head(t.Context())
	if err != nil {
		t.Fatalf("Head: %v", err)
	}
	return h
}

// Only the database came back from a copy; the ledger folder was not lost.
func TestLeavesComeBackFromTheLedgerFolderItself(t *testing.T) {
	r := newRecord(t)
	l := openLedger(t, r.dir, r.old, ledger.Options{})
	if got, err := l.Recover(t.Context(), r.dir); err != nil || got.Leaves != 20 {
		t.Fatalf("Recover: %+v, %v", got, err)
	}
	if p := publish(t, l); p.Size != 320 || !bytes.Equal(p.Note, r.last.Note) {
		t.Errorf("published %d leaves after Recover", p.Size)
	}
}

func TestRecoverTakesNothingFromADamagedMirror(t *testing.T) {
	for _, name := range []string{"tile/entries/001.p/64", "checkpoint"} {
		t.Run(name, func(t *testing.T) {
			r := newRecord(t)
			flip(t, filepath.Join(r.mirror, name), -20)
			l := openLedger(t, r.dir, r.old, ledger.Options{})
			before := head(t, r.old)
			if _, err := l.Recover(t.Context(), r.mirror); !errors.Is(err, jurat.Altered) && !errors.Is(err, jurat.Unavailable) {
				t.Errorf("Recover from a damaged mirror: %v", err)
			}
			if head(t, r.old) != before {
				t.Error("something was taken from it")
			}
		})
	}
	r := newRecord(t)
	if _, err := openLedger(t, r.dir, r.old, ledger.Options{}).Recover(t.Context(), t.TempDir()); !errors.Is(err, jurat.NotFound) {
		t.Errorf("Recover from an empty folder: %v", err)
	}
}

func flip(t testing.TB, name string, at int) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if at < 0 {
		at += len(b) // from the end
	}
	b[at] ^= 1
	if err := os.WriteFile(name, b, 0o644); err != nil {
		t.Fatal(err)
	}
}

// The record was set back, and went on for as long as nobody noticed.
func TestTwoHistoriesUnderOneNameAreToldApart(t *testing.T) {
	for _, more := range []int{1, 18, 40} {
		t.Run(fmt.Sprintf("%d events after the copy", more), func(t *testing.T) {
			t.Parallel()
			r := newRecord(t)
			dir := t.TempDir()
			other := openLedger(t, dir, r.old, ledger.Options{})
			r.old.CommitNew("2026-000009", more)
			wrong := publish(t, other) // nothing told it
			l := openLedger(t, dir, r.old, ledger.Options{Mirrors: []string{r.mirror}})
			want := jurat.Altered
			if wrong.Size < r.last.Size {
				want = jurat.Conflict // behind comes first
			}
			if err := l.Stopped(); !errors.Is(err, want) {
				t.Errorf("Stopped: %v, want %s", err, want)
			}
			if err := l.Check(t.Context(), r.last.Note); !errors.Is(err, want) {
				t.Errorf("Check: %v, want %s", err, want)
			}
			if _, err := l.Publish(t.Context()); !errors.Is(err, want) {
				t.Errorf("Publish: %v, want %s", err, want)
			}
			if _, err := l.Recover(t.Context(), r.mirror); want == jurat.Conflict && !errors.Is(err, jurat.Altered) {
				t.Errorf("Recover of another history: %v, want Altered", err)
			}
			if err := l.Mirror(t.Context(), r.mirror); err == nil {
				t.Error("Mirror wrote over another history")
			}
		})
	}
}

// The folder and its checkpoint are gone, the database was set back and grew,
// and only the mirror remembers: the fork is seen before anything is signed.
func TestAForkIsSeenBeforeTheFirstSignature(t *testing.T) {
	r := newRecord(t)
	dir := t.TempDir()
	r.old.CommitNew("2026-000009", 40)
	fail := func(method string) (bool, error) {
		if method == "Sequence" {
			return true, errStore
		}
		return false, nil
	}
	killed := openLedger(t, dir, ledgertest.Faulty{Store: r.old, Fail: fail}, ledger.Options{})
	if _, err := killed.Publish(t.Context()); !errors.Is(err, errStore) {
		t.Fatal(err)
	}
	if err := killed.Close(); err != nil {
		t.Fatal(err)
	}
	l := openLedger(t, dir, r.old, ledger.Options{Mirrors: []string{r.mirror}})
	if _, err := l.Publish(t.Context()); !errors.Is(err, jurat.Altered) {
		t.Fatalf("Publish: %v, want Altered", err)
	}
	if p, err := l.Published(); err != nil || p.Size != 300 {
		t.Errorf("%d leaves were signed (%v); the histories part after 302", p.Size, err)
	}
}

func TestALogIsContinuedUnderANewName(t *testing.T) {
	r := newRecord(t)
	l := openLedger(t, r.dir, r.old, ledger.Options{})
	next := testKey(t, "police.example/log-2", 2)
	gap, err := l.Gap(t.Context(), r.last.Note, next)
	if err != nil || gap.Size != 320 || gap.Kept != 300 || gap.Checkpoint != string(r.last.Note) || gap.Origin != origin || gap.Next != next.Public {
		t.Fatalf("Gap: %+v, %v", gap, err)
	}
	// Somebody showed the newest checkpoint here first: it was kept as evidence.
	if _, err := l.Import(t.Context(), r.last.Note, format.Trust{}); !errors.Is(err, jurat.Conflict) {
		t.Fatalf("Import of a checkpoint ahead: %v", err)
	}
	event := r.old.CommitNew("", 1)[0].Event
	if _, err := l.Continue(t.Context(), r.last.Note, next, "no such event"); !errors.Is(err, jurat.NotFound) {
		t.Errorf("Continue without the event: %v", err)
	}
	if _, err := l.Continue(t.Context(), r.last.Note, testKey(t, origin, 3), event); !errors.Is(err, jurat.Conflict) {
		t.Errorf("Continue under the same name: %v", err)
	}
	n, err := l.Continue(t.Context(), r.last.Note, next, event)
	if err != nil {
		t.Fatalf("Continue: %v", err)
	}
	if i, err := r.old.Index(t.Context(), event); err != nil || i != 0 {
		t.Errorf("the event that declares the gap has index %d, %v", i, err)
	}
	if p, err := n.Published(); err != nil || p.Size != 303 || p.Origin != "police.example/log-2" {
		t.Errorf("the new log: %d leaves of %s, %v", p.Size, p.Origin, err)
	}
	audit(t, r.dir, r.old)
	for name, want := range map[string]string{"checkpoint": string(r.last.Note), "tile/entries/000": "", "tile/0/001.p/64": "", "log.pub": "", "keys.jsonl": ""} {
		b, err := os.ReadFile(filepath.Join(r.dir, "past/0", name))
		if err != nil || want != "" && string(b) != want {
			t.Errorf("past/0/%s: %v", name, err)
		}
	}
	if _, err := os.Stat(filepath.Join(r.dir, "ending")); err == nil {
		t.Error("ending/ was left")
	}
	// The old key signs no more, and the mirror follows.
	if _, err := ledger.Open(t.Context(), r.dir, testKey(t, origin, 1), r.old, ledger.Options{}); !errors.Is(err, jurat.Conflict) {
		t.Errorf("Open with the key of the ended log: %v", err)
	}
	r.old.CommitNew("2026-000001", 4)
	publish(t, n)
	if err := n.Mirror(t.Context(), r.mirror); err != nil {
		t.Fatalf("Mirror: %v", err)
	}
	audit(t, r.mirror, r.old)
	if b, err := os.ReadFile(filepath.Join(r.mirror, "past/0/checkpoint")); err != nil || !bytes.Equal(b, r.last.Note) {
		t.Errorf("the mirror's past/0/checkpoint: %v", err)
	}
	// And once more.
	event = r.old.CommitNew("", 1)[0].Event
	p, err := n.Published()
	if err != nil {
		t.Fatal(err)
	}
	third, err := n.Continue(t.Context(), p.Note, testKey(t, "police.example/log-3", 3), event)
	if err != nil {
		t.Fatalf("Continue again: %v", err)
	}
	if err := third.Mirror(t.Context(), r.mirror); err != nil {
		t.Fatalf("Mirror: %v", err)
	}
	audit(t, r.dir, r.old)
	audit(t, r.mirror, r.old)
}

func TestProofsInALogThatEnded(t *testing.T) {
	store, dir := newStore(), filepath.Join(t.TempDir(), "ledger")
	l := openLedger(t, dir, store, ledger.Options{})
	entries := store.CommitNew("2026-000001", 300)
	early := publish(t, l)
	entries = append(entries, store.CommitNew("2026-000001", 30)...)
	last := publish(t, l)
	gap, err := l.Gap(t.Context(), last.Note, testKey(t, "police.example/log-2", 2))
	if err != nil || gap.Kept != gap.Size {
		t.Fatalf("Gap: %+v, %v", gap, err)
	}
	event := store.CommitNew("", 1)[0].Event
	n, err := l.Continue(t.Context(), last.Note, testKey(t, "police.example/log-2", 2), event)
	if err != nil {
		t.Fatal(err)
	}
	ids := []jurat.EventID{entries[0].Event, event, entries[329].Event}
	proofs, err := n.ProveEnded(t.Context(), gap, ids)
	if err != nil || proofs[0] == nil || proofs[1] != nil || proofs[2] == nil {
		t.Fatalf("ProveEnded: %v, %v", proofs, err)
	}
	for i, leaf := range map[int][]byte{0: entries[0].Leaf, 2: entries[329].Leaf} {
		if err := proofs[i].VerifyUnder(last.Checkpoint, leaf); err != nil {
			t.Errorf("proof %d: %v", i, err)
		}
	}
	if err := proofs[0].VerifyUnder(early.Checkpoint, entries[0].Leaf); !errors.Is(err, jurat.Altered) {
		t.Errorf("under another checkpoint: %v", err)
	}
	c, err := n.ConsistencyEnded(gap, early.Size)
	if err != nil || c.VerifyUnder(early.Checkpoint, last.Checkpoint) != nil {
		t.Errorf("ConsistencyEnded: %v, %v", c, err)
	}
	if c, err := n.ConsistencyEnded(gap, gap.Size+1); c != nil || err != nil {
		t.Errorf("from a size it never had: %v, %v", c, err)
	}
	if c, err := n.ConsistencyEnded(ledger.Gap{Origin: "another", Checkpoint: gap.Checkpoint}, 1); c != nil || err != nil {
		t.Errorf("of a log that never was: %v, %v", c, err)
	}
	// With a tile gone nothing is shown; with one changed nothing is believed.
	tile := filepath.Join(dir, "past/0/tile/0/001.p/74")
	good, err := os.ReadFile(tile)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(tile); err != nil {
		t.Fatal(err)
	}
	if proofs, err := n.ProveEnded(t.Context(), gap, ids); err != nil || proofs[0] != nil || proofs[2] != nil {
		t.Errorf("without a tile: %v, %v", proofs, err)
	}
	if c, err := n.ConsistencyEnded(gap, early.Size); c != nil || err != nil {
		t.Errorf("without a tile: %v, %v", c, err)
	}
	good[3] ^= 1
	if err := os.WriteFile(tile, good, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := n.ProveEnded(t.Context(), gap, ids); !errors.Is(err, jurat.Altered) {
		t.Errorf("with a changed tile: %v", err)
	}
}

func TestAPowerCutWhileALogIsContinued(t *testing.T) {
	next := testKey(t, "police.example/log-2", 2)
	for _, loss := range durabletest.Losses {
		for cut := 1; ; cut++ {
			store, disk := newStore(), durabletest.New()
			l := openLedger(t, "ledger", store, ledger.Options{Disk: disk})
			store.CommitNew("2026-000001", 300)
			last := publish(t, l)
			event := store.CommitNew("", 1)[0].Event
			disk.FailAt(cut, false)
			_, acted := l.Continue(t.Context(), last.Note, next, event)
			found := disk.Crash(loss)
			if acted == nil && !disk.Failed() {
				if cut < 10 {
					t.Fatalf("only %d steps", cut)
				}
				break
			}
			n, err := ledger.Open(t.Context(), "ledger", next, store, ledger.Options{Disk: found})
			if err != nil {
				t.Fatalf("%s, step %d: Open: %v", loss, cut, err)
			}
			if p := publish(t, n); p.Size != 301 {
				t.Fatalf("%s, step %d: %d leaves", loss, cut, p.Size)
			}
			if _, err := auditFiles(diskReader(found, "ledger"), store); err != nil {
				t.Fatalf("%s, step %d: %v", loss, cut, err)
			}
			if b, err := diskReader(found, "ledger/past/0")("checkpoint"); err != nil || !bytes.Equal(b, last.Note) {
				t.Fatalf("%s, step %d: the ended log's checkpoint: %v", loss, cut, err)
			}
		}
	}
}

func TestAMirrorIsWholeAtEverySize(t *testing.T) {
	r := newRecord(t)
	l := openLedger(t, r.dir, r.store, ledger.Options{})
	for _, more := range []int{0, 1, 191, 1, 600} {
		r.store.CommitNew("2026-000001", more)
		publish(t, l)
		if err := l.Mirror(t.Context(), r.mirror); err != nil {
			t.Fatalf("Mirror: %v", err)
		}
		audit(t, r.mirror, r.store)
	}
	// Damage here is not carried there.
	r.store.CommitNew("2026-000001", 100)
	p := publish(t, l)
	flip(t, filepath.Join(r.dir, fmt.Sprintf("tile/entries/%03d.p/%d", p.Size/256, p.Size%256)), -20)
	if err := l.Mirror(t.Context(), r.mirror); !errors.Is(err, jurat.Altered) && !errors.Is(err, jurat.Unavailable) {
		t.Errorf("Mirror of a damaged folder: %v", err)
	}
	if _, err := auditFiles(dirReader(r.mirror), r.store); err != nil {
		t.Errorf("the mirror was damaged: %v", err)
	}
}
