package ledger_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jurat/internal/ledger"
)

// tessera builds the independent reader and returns how to run it on a folder:
// what it printed, and whether it found the log sound. It may hang on damage
// and is then ended, so that only its line of success counts.
func tessera(t *testing.T) func(dir string, limit time.Duration) (string, bool) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "tessera")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	build.Dir = "../../testdata/tessera"
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		if strings.Contains(","+os.Getenv("JURAT_REQUIRE")+",", ",all,") || strings.Contains(","+os.Getenv("JURAT_REQUIRE")+",", ",tessera,") {
			t.Fatalf("Tessera's fsck cannot be built, and JURAT_REQUIRE wants it: %v\n%s", err, out)
		}
		t.Skipf("SKIPPED: Tessera's fsck cannot be built, so the log was NOT read by an independent reader: %v\n%s", err, out)
	}
	return func(dir string, limit time.Duration) (string, bool) {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		defer cancel()
		cmd := exec.CommandContext(ctx, program, "file://"+dir)
		cmd.WaitDelay = time.Second
		out, err := cmd.CombinedOutput()
		for line := range strings.Lines(string(out)) {
			if strings.Contains(line, "Successfully fsck'd log with size ") {
				return strings.TrimSpace(line), err == nil
			}
		}
		return fmt.Sprintf("%v: %.300s", err, out), false
	}
}

func TestTesseraReadsTheLog(t *testing.T) {
	fsck := tessera(t)
	for _, size := range []int{1, 255, 256, 257, 1000, 66000} {
		store, dir := newStore(), t.TempDir()
		l := openLedger(t, dir, store, ledger.Options{})
		for done := 0; done < size; {
			n := min(size-done, 1+size/3)
			store.CommitNew("2026-000001", n)
			publish(t, l)
			done += n
		}
		line, sound := fsck(dir, time.Minute)
		if want := fmt.Sprintf("Successfully fsck'd log with size %d and root %v", size, rootOf(t, store, int64(size))); !sound || !strings.Contains(line, want) {
			t.Errorf("Tessera at %d leaves: %s\nwant %s", size, line, want)
		}
		t.Log(line)
	}
}

func TestTesseraSeesAFlippedByte(t *testing.T) {
	fsck := tessera(t)
	for _, name := range []string{"checkpoint", "tile/0/001", "tile/0/003.p/232", "tile/1/000.p/3", "tile/entries/000", "tile/entries/003.p/232"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, dir := newStore(), t.TempDir()
			l := openLedger(t, dir, store, ledger.Options{})
			store.CommitNew("2026-000001", 1000)
			publish(t, l)
			if line, sound := fsck(dir, time.Minute); !sound {
				t.Fatalf("before the flip: %s", line)
			}
			flip(t, filepath.Join(dir, name), -20)
			line, sound := fsck(dir, 10*time.Second)
			if sound {
				t.Errorf("not seen: %s", line)
			}
			t.Log(line)
		})
	}
}
