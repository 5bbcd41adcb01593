package vault_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"jurat"
	"jurat/internal/vault"
	"jurat/internal/vault/memstore"
	"jurat/internal/vault/vaulttest"
)

func writeFile(t *testing.T, name string, data []byte) string {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func openFile(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestFilesAreReceived(t *testing.T) {
	v := newVault(t, memstore.New())
	for _, n := range sizes {
		data := vaulttest.Bytes(n)
		f := openFile(t, writeFile(t, filepath.Join(t.TempDir(), "f"), data))
		f.Seek(int64(n)/2, io.SeekStart) // the offset does not matter
		var told []int64
		b, err := v.ReceiveFile(t.Context(), f, func(n int64) { told = append(told, n) })
		if err != nil || b.Digest != jurat.DigestOf(data) || b.Size != int64(n) {
			t.Fatalf("%d bytes: %+v, %v", n, b, err)
		}
		if len(told) == 0 || told[len(told)-1] != int64(n) {
			t.Errorf("%d bytes: progress %v", n, told)
		}
		if err := v.Check(t.Context(), b); err != nil {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

func TestAFileThatChangesWhileReadIsRefused(t *testing.T) {
	for name, change := range map[string]func(t *testing.T, path string){
		"a byte is changed at the end":   func(t *testing.T, path string) { writeAt(t, path, 5<<20, "x") },
		"a byte already read is changed": func(t *testing.T, path string) { writeAt(t, path, 0, "x") },
		"it grows":                       func(t *testing.T, path string) { writeAt(t, path, 6<<20, "more") },
		"it shrinks":                     func(t *testing.T, path string) { must(t, os.Truncate(path, 5<<20)) },
		"it is emptied":                  func(t *testing.T, path string) { must(t, os.Truncate(path, 0)) },
		"its time of writing is set back after a change": func(t *testing.T, path string) {
			info, err := os.Stat(path)
			must(t, err)
			writeAt(t, path, 0, "x")
			must(t, os.Chtimes(path, time.Time{}, info.ModTime()))
		},
		"another file takes its name": func(t *testing.T, path string) {
			must(t, os.Rename(writeFile(t, path+".new", []byte("other")), path))
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := memstore.New()
			path := writeFile(t, filepath.Join(t.TempDir(), "video.mp4"), vaulttest.Bytes(6<<20))
			time.Sleep(5 * time.Millisecond) // older kernels stamp files once in 4 ms
			done := false
			_, err := newVault(t, s).ReceiveFile(t.Context(), openFile(t, path), func(int64) {
				if !done {
					done = true
					change(t, path)
				}
			})
			if !errors.Is(err, jurat.Conflict) || !strings.Contains(err.Error(), "video.mp4") {
				t.Errorf("%v, want Conflict with the name", err)
			}
			wantEmpty(t, s)
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func writeAt(t *testing.T, path string, off int64, s string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	must(t, err)
	_, err = f.WriteAt([]byte(s), off)
	must(t, errors.Join(err, f.Close()))
}

// hard makes what cannot be received, in a folder, and says which kind of
// refusal each deserves.
func hard(t *testing.T, dir string) map[string]jurat.Kind {
	t.Helper()
	must(t, os.Mkdir(filepath.Join(dir, "folder"), 0o700))
	must(t, syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600))
	must(t, os.Symlink("nowhere", filepath.Join(dir, "dangling")))
	list := map[string]jurat.Kind{
		filepath.Join(dir, "folder"):   jurat.Invalid,
		filepath.Join(dir, "pipe"):     jurat.Invalid,
		filepath.Join(dir, "dangling"): jurat.NotFound,
		filepath.Join(dir, "missing"):  jurat.NotFound,
		"/proc/self/mem":               jurat.Unavailable, // reading its start is EIO
	}
	if os.Geteuid() != 0 { // nothing is forbidden to root
		list[writeFile(t, filepath.Join(dir, "forbidden"), []byte("x"))] = jurat.Unavailable
		must(t, os.Chmod(filepath.Join(dir, "forbidden"), 0))
	}
	return list
}

func TestWhatIsNoFileIsRefusedByName(t *testing.T) {
	s := memstore.New()
	v := newVault(t, s)
	for path, want := range hard(t, t.TempDir()) {
		f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
		if err != nil {
			continue // whoever opened it has the error
		}
		_, err = v.ReceiveFile(t.Context(), f, nil)
		f.Close()
		if !errors.Is(err, want) || !strings.HasPrefix(err.Error(), path+" was not kept: ") {
			t.Errorf("%s: %v, want %s with the name", path, err, want)
		}
	}
	wantEmpty(t, s)
}

func TestAFullDiskIsToldByName(t *testing.T) {
	full := jurat.Because(jurat.Unavailable, syscall.ENOSPC, "the vault's disk is full")
	home := memstore.New()
	s := vaulttest.Break(home, vaulttest.Fault{Op: vaulttest.OpWrite, N: 1, Err: full})
	path := writeFile(t, filepath.Join(t.TempDir(), "photo.jpg"), []byte("x"))
	_, err := newVault(t, s).ReceiveFile(t.Context(), openFile(t, path), nil)
	if !errors.Is(err, syscall.ENOSPC) || !errors.Is(err, jurat.Unavailable) || !strings.Contains(err.Error(), "photo.jpg") {
		t.Error(err)
	}
	wantEmpty(t, home)
}

func TestTheSameBytesHaveTheSameTagAndNothingElse(t *testing.T) {
	v := newVault(t, memstore.New())
	a, errA := v.Receive(t.Context(), bytes.NewReader([]byte("same")))
	b, errB := v.Receive(t.Context(), bytes.NewReader([]byte("same")))
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	if a.Tag != b.Tag || a.Digest != b.Digest {
		t.Error("the same bytes have two tags")
	}
	if a.ID == b.ID || bytes.Equal(a.Key, b.Key) {
		t.Error("two blobs share an id or a key")
	}
	other, err := vault.New(memstore.New(), kek, bytes.Repeat([]byte{3}, 32))
	if err != nil {
		t.Fatal(err)
	}
	if other.Tag(a.Digest) == a.Tag {
		t.Error("another duplicates key gives the same tag")
	}
}

func TestKeysOfAnotherLengthAreRefused(t *testing.T) {
	for _, n := range []int{0, 16, 31, 33, 64} {
		if _, err := vault.New(memstore.New(), make([]byte, n), dupKey); !errors.Is(err, jurat.Invalid) {
			t.Errorf("wrapping key of %d bytes: %v", n, err)
		}
		if _, err := vault.New(memstore.New(), kek, make([]byte, n)); !errors.Is(err, jurat.Invalid) {
			t.Errorf("duplicates key of %d bytes: %v", n, err)
		}
	}
}
