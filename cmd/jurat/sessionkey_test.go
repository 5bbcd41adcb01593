package main

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Two programs that begin to serve an old record at once, which has no session
// key, serve with one: with two, whoever came in at one would be a stranger at
// the other after a restart.
func TestTwoThatBeginToServeAtOnceHaveOneSessionKey(t *testing.T) {
	for range 20 {
		folder := t.TempDir()
		keys := make([][]byte, 8)
		var wg sync.WaitGroup
		start := make(chan struct{})
		for i := range keys {
			wg.Go(func() {
				<-start
				h := &house{settings: settings{Keys: folder}}
				key, err := h.sessionKey()
				if err != nil {
					t.Error(err)
				}
				keys[i] = key
			})
		}
		close(start)
		wg.Wait()
		kept, err := secretIn(folder, sessionKeyFile)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range keys {
			if !bytes.Equal(key, kept) {
				t.Fatalf("one serves with %x, and %x is kept", key, kept)
			}
		}
		left, err := os.ReadDir(folder)
		if err != nil || len(left) != 1 || left[0].Name() != sessionKeyFile {
			t.Fatalf("left in the key folder: %v, %v", left, err)
		}
		if info, err := os.Stat(filepath.Join(folder, sessionKeyFile)); err != nil || info.Mode().Perm() != 0o600 {
			t.Fatalf("%v, %v", info.Mode(), err)
		}
	}
}
