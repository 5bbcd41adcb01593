package dirstore

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"jurat"
	"jurat/internal/durable/durabletest"
	"jurat/internal/vault"
	"jurat/internal/vault/vaulttest"
)

func vaultOn(t *testing.T, s vault.Store) *vault.Vault {
	t.Helper()
	v, err := vault.New(s, make([]byte, 32), make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestPowerCut cuts the power at every step of receiving a blob and a batch,
// in every way a disk may forget. Afterwards every acknowledged blob must be
// intact, every blob that has its name must be whole, and everything else must
// be litter that Sweep knows.
func TestPowerCut(t *testing.T) {
	dir := t.TempDir()
	var names []string
	lengths := map[int64]bool{vault.SealedSize(70_000): true}
	for i, n := range []int{0, 5, 20_000} {
		name := filepath.Join(dir, string(rune('a'+i)))
		if err := os.WriteFile(name, vaulttest.Bytes(n), 0o600); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
		lengths[vault.SealedSize(int64(n))] = true
	}
	for _, loss := range durabletest.Losses {
		for _, torn := range []bool{false, true} {
			for cut := 1; ; cut++ {
				disk := durabletest.New()
				if _, err := create(disk, "record/vault"); err != nil {
					t.Fatal(err)
				}
				disk.FailAt(cut, torn)
				s, err := open(disk, "record/vault")
				if err != nil {
					t.Fatal(err)
				}
				v := vaultOn(t, s)
				var kept []vault.Blob
				if b, err := v.Receive(t.Context(), bytes.NewReader(vaulttest.Bytes(70_000))); err == nil {
					kept = append(kept, b)
				} else if !errors.Is(err, jurat.Unavailable) {
					t.Errorf("%s, torn %t, cut at step %d: %v", loss, torn, cut, err)
				}
				for g := range v.ReceiveBatch(t.Context(), slices.Values(names), nil) {
					for _, o := range g {
						if o.Err == nil {
							kept = append(kept, o.Blob)
						} else if !errors.Is(o.Err, jurat.Unavailable) {
							t.Errorf("%s, torn %t, cut at step %d: %v", loss, torn, cut, o.Err)
						}
					}
				}
				failed := disk.Failed()
				after, err := open(disk.Crash(loss), "record/vault")
				if err != nil {
					t.Fatalf("%s, torn %t, cut at step %d: %v", loss, torn, cut, err)
				}
				again := vaultOn(t, after)
				for _, b := range kept {
					if err := again.Check(t.Context(), b); err != nil {
						t.Errorf("%s, torn %t, cut at step %d: acknowledged, and: %v", loss, torn, cut, err)
					}
				}
				for b, err := range again.Blobs(t.Context()) {
					if err != nil {
						t.Fatal(err)
					}
					if !lengths[b.Size] {
						t.Errorf("%s, torn %t, cut at step %d: half a blob under its name, %d bytes", loss, torn, cut, b.Size)
					}
				}
				for l, err := range again.Litter(t.Context()) {
					if err != nil || !l.Draft {
						t.Errorf("%s, torn %t, cut at step %d: litter %+v, %v", loss, torn, cut, l, err)
					}
				}
				if !failed {
					if len(kept) != 4 || cut < 20 {
						t.Fatalf("%d kept after %d steps", len(kept), cut)
					}
					break
				}
			}
		}
	}
}

func TestARemovedBlobStaysRemoved(t *testing.T) {
	for _, loss := range durabletest.Losses {
		for cut := 1; ; cut++ {
			disk := durabletest.New()
			s, err := create(disk, "vault")
			if err != nil {
				t.Fatal(err)
			}
			vaulttest.Put(t, s, vaulttest.ID(1), []byte("x"))
			disk.FailAt(cut, false)
			err = s.Remove(context.Background(), vaulttest.ID(1))
			after, openErr := open(disk.Crash(loss), "vault")
			if openErr != nil {
				t.Fatal(openErr)
			}
			if _, openErr := after.Open(t.Context(), vaulttest.ID(1)); err == nil && !errors.Is(openErr, jurat.NotFound) {
				t.Errorf("%s, cut at step %d: removed, and Open says %v", loss, cut, openErr)
			}
			if !disk.Failed() {
				break
			}
		}
	}
}

func TestAVaultThatIsNotThereIsNotAnEmptyVault(t *testing.T) {
	root := filepath.Join(t.TempDir(), "vault")
	if _, err := Open(root); !errors.Is(err, jurat.Unavailable) {
		t.Errorf("Open: %v", err)
	}
	s, err := Create(root)
	if err != nil {
		t.Fatal(err)
	}
	vaulttest.Put(t, s, vaulttest.ID(1), []byte("x"))
	if err := os.Rename(root, root+"-unmounted"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Open(t.Context(), vaulttest.ID(1)); !errors.Is(err, jurat.Unavailable) {
		t.Errorf("Open of a blob: %v", err)
	}
	if err := s.Remove(t.Context(), vaulttest.ID(1)); !errors.Is(err, jurat.Unavailable) {
		t.Errorf("Remove: %v", err)
	}
	if _, err := s.Create(t.Context(), vaulttest.ID(2), 1); !errors.Is(err, jurat.Unavailable) {
		t.Errorf("Create: %v", err)
	}
	for _, err := range s.Blobs(t.Context()) {
		if !errors.Is(err, jurat.Unavailable) {
			t.Errorf("Blobs: %v", err)
		}
	}
	if _, err := os.Stat(root); err == nil {
		t.Error("it made the folder again")
	}
}

func TestForeignFilesAreLitterAndStay(t *testing.T) {
	root := filepath.Join(t.TempDir(), "vault")
	s, err := Create(root)
	if err != nil {
		t.Fatal(err)
	}
	vaulttest.Put(t, s, vaulttest.ID(1), []byte("x"))
	id := string(vaulttest.ID(1))
	foreign := []string{"README", "01/notes.txt", "01/" + id + ".bak", "01/02" + id[2:], "01/02" + id[2:] + ".tmp", "zz", "lost+found"}
	for _, name := range foreign {
		if err := os.WriteFile(filepath.Join(root, name), []byte("?"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(root, "01", "01"+id[2:31]+"f")); err != nil {
		t.Fatal(err)
	}
	n := 0
	for l, err := range s.Litter(t.Context()) {
		if err != nil || l.Draft {
			t.Errorf("%+v, %v", l, err)
		}
		n++
	}
	if n != len(foreign)+1 {
		t.Errorf("%d pieces of litter, want %d", n, len(foreign)+1)
	}
	far := testTime(t, root)
	if n, err := s.Sweep(t.Context(), far); n != 0 || err != nil {
		t.Errorf("Sweep: %d, %v", n, err)
	}
	for _, name := range foreign {
		if _, err := os.Stat(filepath.Join(root, name)); err != nil {
			t.Error(err)
		}
	}
}

// testTime is a time after anything was written.
func testTime(t *testing.T, name string) time.Time {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info.ModTime().Add(time.Hour)
}
