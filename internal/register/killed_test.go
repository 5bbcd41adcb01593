package register_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"jurat"
	"jurat/internal/register"
	"jurat/internal/register/registertest"
)

// child is what this program does when a test runs it as another process.
func child() {
	ctx := context.Background()
	file := os.Getenv("REGISTER_CHILD_FILE")
	r, err := register.OpenSQLite(ctx, file)
	if err != nil {
		panic(err)
	}
	switch os.Getenv("REGISTER_CHILD") {
	case "lease":
		if _, err := r.Ledger().Acquire(ctx, "sequence", "child", time.Hour); err != nil {
			panic(err)
		}
		fmt.Println("held")
		select {}
	case "write": // acts until killed, each told once it is durable
		for i := 0; ; i++ {
			if err := r.Write(ctx, func(tx *register.Tx) error {
				if err := tx.SetMeta("a", fmt.Sprint(i)); err != nil {
					return err
				}
				return tx.SetMeta("b", fmt.Sprint(i))
			}); err != nil {
				panic(err)
			}
			fmt.Println(i)
		}
	case "some": // a few acts beside another process
		for range 50 {
			if err := oneMore(ctx, r); err != nil {
				panic(err)
			}
		}
		if err := r.Close(); err != nil {
			panic(err)
		}
	}
}

func oneMore(ctx context.Context, r *register.Register) error {
	const in jurat.IncidentNumber = "2026-000001"
	return r.Write(ctx, func(tx *register.Tx) error {
		h, err := tx.Lock(in)
		if err != nil {
			return err
		}
		item := jurat.Item{Noun: jurat.NounRecord, ID: jurat.NumberItem(in, jurat.NounRecord, 1)}
		return tx.Append(registertest.Event(new(testing.T), registertest.NewID(), in, h.Seq+1, item, h.Seq))
	})
}

// start runs this program as a child and gives its output, line by line.
func start(t *testing.T, what, file string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "REGISTER_CHILD="+what, "REGISTER_CHILD_FILE="+file)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	return cmd, bufio.NewScanner(out)
}

// A sequencer that was killed must not keep the next command waiting for the
// rest of its hour; one that only sleeps must.
func TestAKilledHoldersLeaseIsFreeAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "register.sqlite")
	cmd, out := start(t, "lease", file)
	if !out.Scan() || out.Text() != "held" {
		t.Fatalf("the child said %q, %v", out.Text(), out.Err())
	}
	r, err := register.OpenSQLite(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(t, r)
	acquire := func() error {
		_, err := r.Ledger().Acquire(t.Context(), "sequence", "heir", time.Hour)
		return err
	}
	if err := cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if err := acquire(); !errors.Is(err, jurat.Conflict) {
		t.Fatalf("Acquire while the holder is stopped: %v", err)
	}
	cmd.Process.Kill()
	cmd.Wait()
	if err := acquire(); err != nil {
		t.Fatalf("Acquire after the holder was killed: %v", err)
	}
	if err := acquire(); !errors.Is(err, jurat.Conflict) {
		t.Fatalf("Acquire again: %v", err)
	}
}

// What a process was told is saved is there after it was killed, and nothing
// is there by halves.
func TestWhatWasToldSurvivesAKill(t *testing.T) {
	file := filepath.Join(t.TempDir(), "register.sqlite")
	cmd, out := start(t, "write", file)
	told := ""
	for range 200 {
		if !out.Scan() {
			t.Fatal(out.Err())
		}
		told = out.Text()
	}
	cmd.Process.Kill()
	for out.Scan() {
		told = out.Text()
	}
	cmd.Wait()
	r, err := register.OpenSQLite(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(t, r)
	if err := r.Read(t.Context(), func(tx *register.Tx) error {
		a, _ := tx.Meta("a")
		b, err := tx.Meta("b")
		var last, n int
		fmt.Sscan(told, &last)
		fmt.Sscan(a, &n)
		if a != b || n < last {
			t.Errorf("told %s, there %s and %s", told, a, b)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}

func TestTwoProcessesWriteOneChain(t *testing.T) {
	file := filepath.Join(t.TempDir(), "register.sqlite")
	r, err := register.OpenSQLite(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(t, r)
	oneIncident(t, r, "A stop")
	cmd, _ := start(t, "some", file)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 25 {
				if err := oneMore(t.Context(), r); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if err := cmd.Wait(); err != nil {
		t.Fatalf("the other process: %v", err)
	}
	if err := r.Read(t.Context(), func(tx *register.Tx) error {
		h, err := tx.Head("2026-000001")
		if h.Seq != 150 {
			t.Errorf("the chain stands at %d, want 150", h.Seq)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}
