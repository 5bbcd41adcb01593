package dirstore

import (
	"errors"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"

	"jurat"
	"jurat/internal/vault"
	"jurat/internal/vault/vaulttest"
)

func TestOneSyncAtATimeRunsBehindTheWriter(t *testing.T) {
	var b behind
	var begun atomic.Int32
	slow := make(chan error)
	sync := func() error { begun.Add(1); return <-slow }
	for range 4 { // 64 MiB, while the first sync has not returned
		if err := b.wrote(syncEvery, sync); err != nil {
			t.Fatal(err)
		}
	}
	slow <- nil
	if err := b.wait(); err != nil || begun.Load() != 1 {
		t.Fatalf("%v; %d begun", err, begun.Load())
	}
	if err := b.wrote(1, sync); err != nil {
		t.Fatal(err)
	}
	slow <- syscall.EIO
	if err := b.wait(); !errors.Is(err, syscall.EIO) {
		t.Errorf("what the second said is lost: %v", err)
	}
	if err := b.wrote(syncEvery, sync); !errors.Is(err, syscall.EIO) || !errors.Is(b.wait(), syscall.EIO) || begun.Load() != 2 {
		t.Errorf("and not said again: %v, %d begun", err, begun.Load())
	}
}

// The system says once that it lost bytes, and the next sync says nothing: what is
// heard while the file is still written counts at its end.
func TestAFileThatFailedToSyncBehindItsWriterIsNotKept(t *testing.T) {
	for name, c := range map[string]func(d *draft){
		"heard at the end":        func(d *draft) { d.sync.done = said(syscall.EIO) },
		"heard by the next write": func(d *draft) { d.sync.done = said(syscall.EIO); d.sync.written = syncEvery },
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Create(filepath.Join(t.TempDir(), "vault"))
			if err != nil {
				t.Fatal(err)
			}
			x, err := s.Create(t.Context(), vaulttest.ID(1), -1)
			if err != nil {
				t.Fatal(err)
			}
			c(x.(*draft))
			_, wrote := x.Write(alignedCopy(make([]byte, vault.Alignment)))
			kept := s.Keep(t.Context(), x)[0]
			if err := errors.Join(wrote, kept); !errors.Is(err, jurat.Unavailable) || !errors.Is(err, syscall.EIO) {
				t.Errorf("Write: %v, Keep: %v", wrote, kept)
			}
			wantOnly(t, s)
		})
	}
}

func said(err error) chan error {
	c := make(chan error, 1)
	c <- err
	return c
}
