package register

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"jurat"
)

func openFile(t *testing.T, file string) *Register {
	t.Helper()
	r, err := OpenSQLite(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// A commit that failed and may have happened: nobody may be told that it did,
// or that it did not, and nothing may be written on top of it.
func TestAfterACommitOfUnknownOutcomeNothingIsWritten(t *testing.T) {
	for name, happens := range map[string]bool{"it happened": true, "it did not happen": false} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "register.sqlite")
			r := openFile(t, file)
			e := r.engine.(*sqliteEngine)
			real := e.commit
			// Set from within the committer's own goroutine, which reads it.
			breakDown := func() {
				e.commit = func(c *sqliteConn) error {
					if happens {
						real(c)
					}
					return errors.New("input/output error")
				}
			}
			err := r.Write(t.Context(), func(tx *Tx) error { breakDown(); return tx.SetMeta("a", "b") })
			if !errors.Is(err, jurat.Unavailable) || !strings.Contains(err.Error(), "outcome unknown") {
				t.Fatalf("Write: %v", err)
			}
			ran := false
			again := r.Write(t.Context(), func(tx *Tx) error { ran = true; return nil })
			if !errors.Is(again, jurat.Unavailable) || ran {
				t.Errorf("the next Write: %v, ran %v", again, ran)
			}
			if err := r.Read(t.Context(), func(*Tx) error { return nil }); err != nil {
				t.Errorf("Read: %v", err)
			}
			if err := r.Close(); err != nil {
				t.Error(err)
			}
			opened := openFile(t, file)
			if err := opened.Write(t.Context(), func(tx *Tx) error {
				if v, _ := tx.Meta("a"); (v == "b") != happens {
					t.Errorf("reopened: %q", v)
				}
				return tx.SetMeta("c", "d")
			}); err != nil {
				t.Errorf("Write after opening again: %v", err)
			}
		})
	}
}

// A full disk is not an unknown outcome: nothing was saved, and once there is
// room the same register goes on.
func TestAFullDatabaseSavesNothingAndGoesOn(t *testing.T) {
	r := openFile(t, filepath.Join(t.TempDir(), "register.sqlite"))
	script := func(s string) {
		t.Helper()
		if err := r.Write(t.Context(), func(tx *Tx) error { return tx.session.script(tx.ctx, s) }); err != nil {
			t.Fatal(err)
		}
	}
	script("pragma max_page_count = 1") // as many as it has
	big := strings.Repeat("x", 1<<20)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			err := r.Write(t.Context(), func(tx *Tx) error { return tx.SetMeta("big", big) })
			if !errors.Is(err, jurat.Unavailable) || strings.Contains(err.Error(), "outcome unknown") {
				t.Errorf("Write to a full database: %v", err)
			}
		})
	}
	all.Wait()
	script("pragma max_page_count = 1000000")
	if err := r.Write(t.Context(), func(tx *Tx) error { return tx.SetMeta("big", big) }); err != nil {
		t.Errorf("Write once there is room: %v", err)
	}
}

func TestACommitThatFoundNoRoomIsKnownNotToHaveHappened(t *testing.T) {
	r := openFile(t, filepath.Join(t.TempDir(), "register.sqlite"))
	e := r.engine.(*sqliteEngine)
	real := e.commit
	err := r.Write(t.Context(), func(tx *Tx) error {
		e.commit = func(c *sqliteConn) error {
			e.commit = real
			if err := c.script(tx.ctx, "pragma max_page_count = 1"); err != nil {
				return err
			}
			_, err := c.exec(tx.ctx, "insert into meta (name, value) values ('big', $1)", strings.Repeat("x", 1<<20))
			return errors.Join(err, c.script(tx.ctx, "pragma max_page_count = 1000000"))
		}
		return tx.SetMeta("a", "b")
	})
	if !errors.Is(err, jurat.Unavailable) || strings.Contains(err.Error(), "outcome unknown") || !strings.Contains(err.Error(), "no room") {
		t.Fatalf("Write: %v", err)
	}
	if err := r.Write(t.Context(), func(tx *Tx) error {
		if v, _ := tx.Meta("a"); v != "" {
			t.Error("it was saved all the same")
		}
		return nil
	}); err != nil {
		t.Errorf("the next Write: %v", err)
	}
}

// Who stopped waiting before the turn came gets nothing saved behind the back.
func TestAWriteWhoseCallerLeftTheQueueIsNotRun(t *testing.T) {
	r := openFile(t, filepath.Join(t.TempDir(), "register.sqlite"))
	ctx, cancel := context.WithCancel(t.Context())
	begun, proceed := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		if err := r.Write(t.Context(), func(*Tx) error { close(begun); <-proceed; return nil }); err != nil {
			t.Error(err)
		}
	})
	<-begun
	all.Go(func() {
		err := r.Write(ctx, func(*Tx) error { t.Error("it was run"); return nil })
		if !errors.Is(err, jurat.Unavailable) || !errors.Is(err, context.Canceled) {
			t.Errorf("Write: %v", err)
		}
	})
	for len(r.engine.(*sqliteEngine).queue) == 0 {
		runtime.Gosched()
	}
	cancel()
	close(proceed)
	all.Wait()
}

// A function that ends its goroutine would leave every later writer waiting.
func TestAFunctionThatEndsItsGoroutineStopsWritingLoudly(t *testing.T) {
	r := openFile(t, filepath.Join(t.TempDir(), "register.sqlite"))
	var inner testing.T
	err := r.Write(t.Context(), func(*Tx) error { inner.FailNow(); return nil })
	if !errors.Is(err, jurat.Unavailable) {
		t.Errorf("Write: %v", err)
	}
	err = r.Write(t.Context(), func(*Tx) error { return nil })
	if !errors.Is(err, jurat.Unavailable) || !strings.Contains(err.Error(), "opened again") {
		t.Errorf("the next Write: %v", err)
	}
}

// The driver passes over a pragma it does not know, and so would we.
func TestAPragmaThatDoesNotHoldIsAnError(t *testing.T) {
	name, err := fileURI(filepath.Join(t.TempDir(), "db"), "mode=rwc")
	if err != nil {
		t.Fatal(err)
	}
	c, err := connectSQLite(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	for _, tc := range []struct{ name, value, reads string }{{"synchronus", "full", "2"}, {"synchronous", "normal", "2"}} {
		if err := c.pragma(t.Context(), tc.name, tc.value, tc.reads); !errors.Is(err, jurat.Unavailable) {
			t.Errorf("pragma %s = %s: %v", tc.name, tc.value, err)
		}
	}
}

func TestEveryConnectionKeepsThePromises(t *testing.T) {
	r := openFile(t, filepath.Join(t.TempDir(), "register.sqlite"))
	check := func(tx *Tx) error {
		for _, p := range pragmas {
			err := tx.query("pragma "+p.name, nil, func(c cells) error {
				if got := c[0]; got != p.reads && c.text(0)+intText(c) != p.reads {
					t.Errorf("%s is %v, want %s", p.name, got, p.reads)
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	}
	if err := r.Write(t.Context(), check); err != nil {
		t.Error(err)
	}
	if err := r.Read(t.Context(), check); err != nil {
		t.Error(err)
	}
}

func intText(c cells) string {
	if c.text(0) != "" {
		return ""
	}
	return strconv.FormatInt(c.int(0), 10)
}

// Two acts that lock two incidents crosswise would wait for each other for
// ever: the server ends one, and it is run again.
func retried(t *testing.T, r *Register) {
	var a, b jurat.IncidentNumber
	if err := r.Write(t.Context(), func(tx *Tx) (err error) {
		if a, err = tx.NextIncident(2026); err == nil {
			b, err = tx.NextIncident(2026)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for w := range 8 {
		all.Go(func() {
			order := []jurat.IncidentNumber{a, b}
			if w%2 == 1 {
				order = []jurat.IncidentNumber{b, a}
			}
			for range 5 {
				err := r.Write(t.Context(), func(tx *Tx) error {
					for _, in := range order {
						if _, err := tx.Lock(in); err != nil {
							return errors.New("a sentence that hides its cause")
						}
						if _, err := tx.count("writes of " + string(in)); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Errorf("writer %d: %v", w, err)
				}
			}
		})
	}
	all.Wait()
	if err := r.Write(t.Context(), func(tx *Tx) error {
		for _, in := range []jurat.IncidentNumber{a, b} {
			if _, err := tx.Lock(in); err != nil {
				return err
			}
			if n, err := tx.count("writes of " + string(in)); err != nil || n != 41 {
				t.Errorf("after 40 writes the next is %d, %v", n, err)
			}
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

// unknownOnPostgres: the connection breaks while the commit is under way.
func unknownOnPostgres(t *testing.T, r *Register) {
	e := r.engine.(*postgresEngine)
	e.commit = func(tx *sql.Tx) error { tx.Commit(); return errors.New("connection reset") }
	err := r.Write(context.Background(), func(tx *Tx) error { return tx.SetMeta("a", "b") })
	if !errors.Is(err, jurat.Unavailable) || !strings.Contains(err.Error(), "outcome unknown") {
		t.Errorf("Write: %v", err)
	}
	e.commit = (*sql.Tx).Commit
	if err := r.Write(t.Context(), func(tx *Tx) error { return nil }); !errors.Is(err, jurat.Unavailable) {
		t.Errorf("the next Write: %v", err)
	}
	if err := r.Read(t.Context(), func(tx *Tx) error { _, err := tx.Meta("a"); return err }); err != nil {
		t.Errorf("Read: %v", err)
	}
}

// killedBeforeCommit: the server ends the session before anything was asked
// to be committed. That is known, and the next write goes on.
func killedBeforeCommit(t *testing.T, r *Register, admin *sql.DB) {
	err := r.Write(t.Context(), func(tx *Tx) error {
		if err := tx.SetMeta("a", "b"); err != nil {
			return err
		}
		var pid int64
		if err := tx.query("select pg_backend_pid()", nil, func(c cells) error { pid = c.int(0); return nil }); err != nil {
			return err
		}
		if _, err := admin.Exec("select pg_terminate_backend($1)", pid); err != nil {
			return err
		}
		_, err := tx.Meta("a")
		return err
	})
	if !errors.Is(err, jurat.Unavailable) || strings.Contains(err.Error(), "outcome unknown") {
		t.Errorf("Write: %v", err)
	}
	if err := r.Write(t.Context(), func(tx *Tx) error {
		if v, err := tx.Meta("a"); v != "" || err != nil {
			t.Errorf("it was saved: %q, %v", v, err)
		}
		return nil
	}); err != nil {
		t.Errorf("the next Write: %v", err)
	}
}
