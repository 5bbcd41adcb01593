package dirstore_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"jurat"
	"jurat/internal/vault"
	"jurat/internal/vault/dirstore"
	"jurat/internal/vault/vaulttest"
)

func vaultIn(t *testing.T, root string) *vault.Vault {
	t.Helper()
	s, err := dirstore.Create(root)
	if err != nil {
		t.Fatal(err)
	}
	v, err := vault.New(s, make([]byte, 32), make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func wantNoLitter(t *testing.T, v *vault.Vault) {
	t.Helper()
	for l, err := range v.Litter(t.Context()) {
		t.Errorf("left: %+v, %v", l, err)
	}
}

// smallDisk mounts a file system of so many bytes in memory. Where nobody may
// mount, the test of a limit on files, below, stands in for it.
func smallDisk(t *testing.T, size int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("jurat-test", dir, "tmpfs", 0, fmt.Sprintf("size=%d,mode=700", size)); err != nil {
		if os.Getenv("JURAT_REQUIRE") == "all" && !errors.Is(err, syscall.EPERM) {
			t.Fatalf("a small disk is required and cannot be mounted: %v", err)
		}
		t.Skipf("SKIPPED: a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestAFullDisk(t *testing.T) {
	src := t.TempDir()
	var names []string
	sizes := map[string]int{}
	for i := range 60 {
		n := 300_000
		switch i {
		case 10:
			n = 64 << 20 // does not fit at all
		case 20:
			n = 0
		}
		name := filepath.Join(src, fmt.Sprintf("f%02d.jpg", i))
		if err := os.WriteFile(name, vaulttest.Bytes(n), 0o600); err != nil {
			t.Fatal(err)
		}
		names, sizes[name] = append(names, name), n
	}
	v := vaultIn(t, filepath.Join(smallDisk(t, 10<<20), "vault"))
	kept := 0
	i := 0
	for g := range v.ReceiveBatch(t.Context(), slices.Values(names), nil) {
		for _, o := range g {
			if o.Name != names[i] {
				t.Errorf("outcome %d is of %s", i, o.Name)
			}
			i++
			if o.Err == nil {
				kept++
				if err := v.Check(t.Context(), o.Blob); err != nil {
					t.Errorf("%s: %v", o.Name, err)
				}
				continue
			}
			if !errors.Is(o.Err, jurat.Unavailable) || !strings.Contains(o.Err.Error(), filepath.Base(o.Name)) || !strings.Contains(o.Err.Error(), "full") {
				t.Errorf("%s: %v", o.Name, o.Err)
			}
		}
	}
	if i != len(names) || kept < 25 || kept > 40 {
		t.Errorf("%d outcomes, %d kept on a disk for about 33", i, kept)
	}
	wantNoLitter(t, v)
	// A source of unknown length finds out while writing, and leaves nothing.
	if _, err := v.Receive(t.Context(), bytes.NewReader(make([]byte, 64<<20))); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("Receive: %v", err)
	}
	wantNoLitter(t, v)
}

func TestAnotherFileSystem(t *testing.T) { // the vault's suite where O_DIRECT may be refused
	vaulttest.Run(t, func(t *testing.T) vault.Store {
		s, err := dirstore.Create(filepath.Join(smallDisk(t, 64<<20), "vault"))
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

// child runs one test of this binary in a process of its own.
func child(t *testing.T, test, dir string) *exec.Cmd {
	t.Helper()
	c := exec.Command(os.Args[0], "-test.run=^"+test+"$", "-test.v")
	c.Env = append(os.Environ(), "JURAT_TEST_CHILD="+dir)
	return c
}

func TestALimitOnFiles(t *testing.T) {
	dir := t.TempDir()
	out, err := child(t, "TestChildWithALimit", dir).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestChildWithALimit") {
		t.Fatalf("%v\n%s", err, out)
	}
}

func TestChildWithALimit(t *testing.T) {
	dir := os.Getenv("JURAT_TEST_CHILD")
	if dir == "" {
		return // a part of TestALimitOnFiles
	}
	name := filepath.Join(dir, "video.mp4")
	if err := os.WriteFile(name, vaulttest.Bytes(9<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 6 << 20, Max: 6 << 20}); err != nil {
		t.Fatal(err)
	}
	v := vaultIn(t, filepath.Join(dir, "vault"))
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := v.ReceiveFile(t.Context(), f, nil); !errors.Is(err, jurat.Unavailable) || !errors.Is(err, syscall.EFBIG) || !strings.Contains(err.Error(), "video.mp4") {
		t.Errorf("ReceiveFile: %v", err)
	}
	if _, err := v.Receive(t.Context(), f); !errors.Is(err, jurat.Unavailable) || !errors.Is(err, syscall.EFBIG) {
		t.Errorf("Receive: %v", err)
	}
	wantNoLitter(t, v)
	if _, err := v.Receive(t.Context(), bytes.NewReader(vaulttest.Bytes(5<<20))); err != nil {
		t.Errorf("what fits: %v", err)
	}
}

// TestAKilledReceive is about what a process that was killed leaves: a draft,
// which is listed, and swept when it is old enough.
func TestAKilledReceive(t *testing.T) {
	dir := t.TempDir()
	c := child(t, "TestChildThatIsKilled", dir)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	v := vaultIn(t, filepath.Join(dir, "vault"))
	var left vault.Litter
	for start := time.Now(); left.Size < 8<<20; time.Sleep(5 * time.Millisecond) {
		for l, err := range v.Litter(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			left = l
		}
		if time.Since(start) > time.Minute {
			t.Fatal("the child writes nothing")
		}
	}
	c.Process.Kill()
	c.Wait()
	for b := range v.Blobs(t.Context()) {
		t.Errorf("kept: %+v", b)
	}
	if !left.Draft {
		t.Errorf("%+v", left)
	}
	if n, err := v.Sweep(t.Context(), left.At.Add(-time.Hour)); n != 0 || err != nil {
		t.Errorf("Sweep of what is older: %d, %v", n, err)
	}
	if n, err := v.Sweep(t.Context(), left.At.Add(time.Hour)); n != 1 || err != nil {
		t.Errorf("Sweep: %d, %v", n, err)
	}
	wantNoLitter(t, v)
}

func TestChildThatIsKilled(t *testing.T) {
	dir := os.Getenv("JURAT_TEST_CHILD")
	if dir == "" {
		return // a part of TestAKilledReceive
	}
	vaultIn(t, filepath.Join(dir, "vault")).Receive(t.Context(), endless{})
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	time.Sleep(time.Millisecond)
	return len(p), nil
}

var _ io.Reader = endless{}
