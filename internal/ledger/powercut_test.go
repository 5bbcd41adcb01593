package ledger_test

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"testing"

	"jurat"
	"jurat/internal/durable"
	"jurat/internal/durable/durabletest"
	"jurat/internal/ledger"
	"jurat/internal/ledger/ledgertest"
)

func diskReader(d durable.Disk, dir string) reader {
	return func(name string) ([]byte, error) {
		f, err := d.Open(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return io.ReadAll(io.NewSectionReader(f, 0, 1<<24))
	}
}

// everyCut runs act on a prepared record with the power cut at its first step,
// then at its second, and so on until it gets through, with every loss a disk
// may have. After each cut the folder must hold what was acknowledged, every
// file its checkpoint needs, and nothing that keeps the next Publish from
// finishing.
func everyCut(t *testing.T, before int, act func(*ledger.Ledger, *ledgertest.Memory) error) {
	t.Helper()
	cuts := 0
	for _, loss := range durabletest.Losses {
		for _, torn := range []bool{false, true} {
			for cut := 1; ; cut++ {
				store, disk := newStore(), durabletest.New()
				l := openLedger(t, "ledger", store, ledger.Options{Disk: disk})
				if before > 0 {
					store.CommitNew("2026-000001", before)
					publish(t, l)
				}
				disk.FailAt(cut, torn)
				acted := act(l, store)
				failed := disk.Failed()
				if !failed && acted != nil {
					t.Fatalf("%s, torn %t, step %d: no power cut, and the act said %v", loss, torn, cut, acted)
				}
				if acted != nil && !errors.Is(acted, jurat.Unavailable) {
					t.Errorf("%s, torn %t, step %d: %v; want kind Unavailable", loss, torn, cut, acted)
				}
				found := disk.Crash(loss)
				checkFound(t, loss, cut, found, store, int64(before), acted)
				if !failed {
					break
				}
				cuts++
			}
		}
	}
	if cuts < 20 {
		t.Errorf("only %d cuts were made", cuts)
	}
}

func checkFound(t *testing.T, loss durabletest.Loss, cut int, disk *durabletest.Disk, store ledger.Store, before int64, acted error) {
	t.Helper()
	read := diskReader(disk, "ledger")
	head, err := store.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if text, err := read("checkpoint"); err == nil {
		size, err := auditFiles(read, store)
		if err != nil {
			t.Fatalf("%s, step %d: what is published does not hold: %v\n%s", loss, cut, err, text)
		}
		if size < before || acted == nil && size != head.Size {
			t.Fatalf("%s, step %d: %d leaves published; before the cut %d, sequenced %d, the act said %v", loss, cut, size, before, head.Size, acted)
		}
	} else if before > 0 || acted == nil {
		t.Fatalf("%s, step %d: the checkpoint is gone: %v", loss, cut, err)
	}
	l := openLedger(t, "ledger", store, ledger.Options{Disk: disk})
	publish(t, l)
	if size, err := auditFiles(read, store); err != nil || size < head.Size {
		t.Fatalf("%s, step %d: after the next Publish: %d leaves of %d, %v", loss, cut, size, head.Size, err)
	}
}

func TestAPowerCutDuringPublishLosesNothingAcknowledged(t *testing.T) {
	for _, tc := range []struct {
		name         string
		before, more int
	}{
		{"the first event", 0, 1},
		{"one more event", 3, 1},
		{"events that fill a tile", 250, 10},
		{"events that fill it exactly", 250, 6},
		{"the first events, over two tiles", 0, 520},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			everyCut(t, tc.before, func(l *ledger.Ledger, store *ledgertest.Memory) error {
				store.CommitNew("2026-000002", tc.more)
				_, err := l.Publish(t.Context())
				return err
			})
		})
	}
}

// A disk that says yes to everything and loses it must be noticed by the test
// above; this shows that the audit sees what a lost tile looks like.
func TestTheAuditSeesALostTile(t *testing.T) {
	store, disk := newStore(), durabletest.New()
	l := openLedger(t, "ledger", store, ledger.Options{Disk: disk})
	store.CommitNew("2026-000001", 300)
	publish(t, l)
	read := diskReader(disk, "ledger")
	if _, err := auditFiles(read, store); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44"} {
		if _, err := auditFiles(without(read, name), store); err == nil {
			t.Errorf("the audit does not miss %s", name)
		}
		if _, err := auditFiles(flipped(read, name), store); err == nil {
			t.Errorf("the audit does not see a flipped bit in %s", name)
		}
	}
}

func without(read reader, gone string) reader {
	return func(name string) ([]byte, error) {
		if name == gone {
			return nil, errors.New("gone")
		}
		return read(name)
	}
}

func flipped(read reader, bad string) reader {
	return func(name string) ([]byte, error) {
		b, err := read(name)
		if name == bad {
			b = bytes.Clone(b)
			b[len(b)/2] ^= 1
		}
		return b, err
	}
}
