package dirstore

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"

	"jurat"
	"jurat/internal/durable"
	"jurat/internal/vault"
	"jurat/internal/vault/vaulttest"
)

// tired is the real disk, one call of which fails.
type tired struct {
	durable.OS
	syncDir, rename error
}

func (d *tired) SyncDir(name string) error {
	if d.syncDir != nil {
		return d.syncDir
	}
	return d.OS.SyncDir(name)
}

func (d *tired) Rename(from, to string) error {
	if d.rename != nil {
		return d.rename
	}
	return d.OS.Rename(from, to)
}

func TestAFolderThatDoesNotSyncKeepsNothing(t *testing.T) {
	disk := &tired{}
	s, err := create(disk, filepath.Join(t.TempDir(), "vault"))
	if err != nil {
		t.Fatal(err)
	}
	vaulttest.Put(t, s, vaulttest.ID(1), []byte("before"))
	var drafts []vault.Draft
	for _, n := range []int{257, 513} {
		d, err := s.Create(t.Context(), vaulttest.ID(n), 1)
		if err != nil {
			t.Fatal(err)
		}
		drafts = append(drafts, d)
	}
	disk.syncDir = syscall.EIO
	for _, err := range s.Keep(t.Context(), drafts...) {
		if !errors.Is(err, jurat.Unavailable) || !errors.Is(err, durable.ErrOutcomeUnknown) {
			t.Errorf("Keep: %v, want outcome unknown", err)
		}
	}
	disk.syncDir = nil
	wantOnly(t, s, vaulttest.ID(1))
}

func TestAFileThatIsNotNamedIsNotKept(t *testing.T) {
	disk := &tired{}
	s, err := create(disk, filepath.Join(t.TempDir(), "vault"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := s.Create(t.Context(), vaulttest.ID(1), 1)
	if err != nil {
		t.Fatal(err)
	}
	disk.rename = syscall.ENOSPC
	if err := s.Keep(t.Context(), d)[0]; !errors.Is(err, jurat.Unavailable) || !errors.Is(err, syscall.ENOSPC) || errors.Is(err, durable.ErrOutcomeUnknown) {
		t.Errorf("Keep: %v", err)
	}
	wantOnly(t, s)
}

// wantOnly wants these blobs and no litter.
func wantOnly(t *testing.T, s vault.Store, want ...vault.BlobID) {
	t.Helper()
	n := 0
	for b, err := range s.Blobs(t.Context()) {
		if err != nil || n >= len(want) || b.ID != want[n] {
			t.Errorf("kept: %+v, %v", b, err)
		}
		n++
	}
	if n != len(want) {
		t.Errorf("%d blobs, want %d", n, len(want))
	}
	for l, err := range s.Litter(t.Context()) {
		t.Errorf("left: %+v, %v", l, err)
	}
}
