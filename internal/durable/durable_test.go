package durable_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"jurat"
	"jurat/internal/durable"
)

func TestWritingOnTheRealDisk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	name := filepath.Join(dir, "f")
	if err := durable.WriteFile(name, nil, 0o600); !errors.Is(err, jurat.NotFound) {
		t.Errorf("WriteFile in a missing folder: %v", err)
	}
	for range 2 {
		if err := durable.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"first", "", "third"} {
		if err := durable.WriteFile(name, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(name); err != nil || string(got) != want {
			t.Errorf("read back %q, %v; want %q", got, err, want)
		}
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := durable.Rename(name, filepath.Join(filepath.Dir(dir), "g")); err != nil {
		t.Error(err)
	}
	if err := durable.Rename(name, name+"2"); !errors.Is(err, jurat.NotFound) {
		t.Errorf("Rename of a missing file: %v", err)
	}
	if err := durable.Remove(filepath.Join(filepath.Dir(dir), "g")); err != nil {
		t.Error(err)
	}
	if err := durable.Remove(filepath.Join(filepath.Dir(dir), "g")); !errors.Is(err, jurat.NotFound) {
		t.Errorf("Remove of a missing file: %v", err)
	}
	if err := durable.SyncDir(filepath.Join(dir, "nowhere")); err == nil {
		t.Error("SyncDir of a missing folder succeeded")
	}
}

func TestAFolderThatIsAFileIsRefused(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := durable.MkdirAll(name, 0o700); !errors.Is(err, jurat.Unavailable) {
		t.Errorf("MkdirAll over a file: %v", err)
	}
	if err := durable.MkdirAll(filepath.Join(name, "x"), 0o700); err == nil {
		t.Error("MkdirAll below a file succeeded")
	}
}

func TestADiscardedFileLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "f")
	p, err := durable.Create(name, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Write([]byte("half")); err != nil {
		t.Fatal(err)
	}
	list, _ := os.ReadDir(dir)
	if len(list) != 1 || !durable.IsTemp(list[0].Name()) {
		t.Errorf("while writing: %v", list)
	}
	if err := p.Discard(); err != nil {
		t.Error(err)
	}
	if err := p.Discard(); err != nil {
		t.Errorf("second Discard: %v", err)
	}
	if err := p.Keep(); err == nil {
		t.Error("Keep after Discard succeeded")
	}
	if list, _ := os.ReadDir(dir); len(list) != 0 {
		t.Errorf("left over: %v", list)
	}
}
