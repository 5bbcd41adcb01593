package registertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"jurat"
	"jurat/internal/register"
)

var writing = []sentence{
	{"what Write returned nil for is there when the database is opened again", thereAgain},
	{"what a function that fails wrote is not there, and its error is Write's", failedLeavesNothing},
	{"of many at once those that fail are undone alone", undoneAlone},
	{"a panic is its caller's", panicIsCallers},
	{"a context that ended does nothing", endedContext},
	{"a transaction that is kept is dead", keptTx},
	{"a statement that failed ends the transaction whatever the function returns", brokenTx},
	{"a reading transaction refuses every writing method", readRefuses},
	{"Read is one unchanging view", oneView},
	{"a transaction has one time, the database's", oneTime},
	{"a fact about the record is set and set again", meta},
	{"a closed register does nothing", closedRegister},
	{"a register opened for reading writes nothing", readingWritesNothing},
}

var errOwn = errors.New("the function's own error")

func thereAgain(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	again, err := p.Again(t.Context())
	must(t, err)
	defer again.Close()
	must(t, again.Read(t.Context(), func(tx *register.Tx) error {
		events, err := tx.Events(in)
		if err != nil || len(events) != 1 {
			t.Errorf("Events: %d, %v", len(events), err)
		}
		return nil
	}))
}

func failedLeavesNothing(t *testing.T, p Place) {
	var gone jurat.IncidentNumber
	err := p.Write(t.Context(), func(tx *register.Tx) (err error) {
		if gone, err = tx.NextIncident(2026); err != nil {
			return err
		}
		if err := tx.Append(Event(t, NewID(), gone, 0, record(gone, 1), 1)); err != nil {
			return err
		}
		return errOwn
	})
	if !errors.Is(err, errOwn) {
		t.Errorf("Write: %v, want %v itself", err, errOwn)
	}
	if n := count(t, p, "select (select count(*) from event) + (select count(*) from disclosure) + (select count(*) from item) + (select count(*) from pending) + (select count(*) from counter)"); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	if in := incident(t, p, "A stop"); in != gone {
		t.Errorf("the next number is %s, not %s again", in, gone)
	}
}

func undoneAlone(t *testing.T, p Place) {
	const writers = 48
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			defer func() {
				if r := recover(); (r != nil) != (w%4 == 2) {
					t.Errorf("writer %d: panic %v", w, r)
				}
			}()
			err := p.Write(t.Context(), func(tx *register.Tx) error {
				if err := tx.SetMeta(fmt.Sprintf("writer %02d", w), "was here"); err != nil {
					return err
				}
				switch w % 4 {
				case 1:
					return errOwn
				case 2:
					panic("in the midst of it")
				case 3: // a statement that fails, and is passed over
					if tx.SetMeta("not\x00text", "") == nil {
						t.Error("what is no text was taken")
					}
					in, err := tx.NextIncident(2026)
					if err != nil {
						return err
					}
					e := Event(t, NewID(), in, 0, record(in, 1), 1)
					if err := tx.Append(e); err != nil {
						return err
					}
					e.Seq = 1
					if tx.Append(e) == nil {
						t.Error("the same event was taken twice")
					}
				}
				return nil
			})
			if (err == nil) != (w%4 == 0) {
				t.Errorf("writer %d: %v", w, err)
			}
		})
	}
	all.Wait()
	read(t, p, func(tx *register.Tx) error {
		for w := range writers {
			value, err := tx.Meta(fmt.Sprintf("writer %02d", w))
			if err != nil || (value != "") != (w%4 == 0) {
				t.Errorf("writer %d left %q, %v", w, value, err)
			}
		}
		return nil
	})
	if n := count(t, p, "select count(*) from event"); n != 0 {
		t.Errorf("%d events of failed writes are left", n)
	}
}

func panicIsCallers(t *testing.T, p Place) {
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		err := p.Write(t.Context(), func(tx *register.Tx) error { panic("of the function") })
		t.Errorf("Write returned %v", err)
	}()
	write(t, p, func(tx *register.Tx) error { return tx.SetMeta("after", "it") })
}

func endedContext(t *testing.T, p Place) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	ran := false
	err := p.Write(ctx, func(*register.Tx) error { ran = true; return nil })
	wantKind(t, "Write", err, jurat.Unavailable)
	err = p.Read(ctx, func(*register.Tx) error { ran = true; return nil })
	wantKind(t, "Read", err, jurat.Unavailable)
	if ran {
		t.Error("the function was run")
	}
}

func keptTx(t *testing.T, p Place) {
	var kept *register.Tx
	write(t, p, func(tx *register.Tx) error { kept = tx; return nil })
	wantKind(t, "SetMeta of a kept Tx", kept.SetMeta("a", "b"), jurat.Unavailable)
	read(t, p, func(tx *register.Tx) error { kept = tx; return nil })
	_, err := kept.Meta("a")
	wantKind(t, "Meta of a kept Tx", err, jurat.Unavailable)
}

func brokenTx(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	e := add(t, p, in, record(in, 1), 1)
	err := p.Write(t.Context(), func(tx *register.Tx) error {
		must(t, tx.SetMeta("before", "it"))
		if _, err := tx.Lock(in); err != nil {
			return err
		}
		e.Seq = 2
		err := tx.Append(e) // the id is taken
		wantKind(t, "Append of a taken id", err, jurat.Conflict)
		wantKind(t, "SetMeta after it", tx.SetMeta("after", "it"), jurat.Conflict)
		return nil
	})
	wantKind(t, "Write", err, jurat.Conflict)
	read(t, p, func(tx *register.Tx) error {
		if v, _ := tx.Meta("before"); v != "" {
			t.Error("what came before the failed statement was kept")
		}
		return nil
	})
}

func readRefuses(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	for name, method := range map[string]func(tx *register.Tx) error{
		"NextIncident": func(tx *register.Tx) error { _, err := tx.NextIncident(2026); return err },
		"Lock":         func(tx *register.Tx) error { _, err := tx.Lock(in); return err },
		"SetMeta":      func(tx *register.Tx) error { return tx.SetMeta("a", "b") },
		"PutBlob":      func(tx *register.Tx) error { return tx.PutBlob(blob(in, 1, "x")) },
		"PutParcel":    func(tx *register.Tx) error { return tx.PutParcel(parcel(in, 1)) },
		"DropParcel":   func(tx *register.Tx) error { return tx.DropParcel(parcel(in, 1).Dossier) },
		"Journal":      func(tx *register.Tx) error { _, err := tx.Journal(register.JournalRow{Kind: "listed"}); return err },
		"Reindex":      func(tx *register.Tx) error { return tx.Reindex() },
		"Index":        func(tx *register.Tx) error { return tx.Index(register.EventRow{Item: record(in, 1)}) },
	} {
		read(t, p, func(tx *register.Tx) error {
			wantKind(t, name, method(tx), jurat.Forbidden)
			return nil
		})
	}
	read(t, p, func(tx *register.Tx) error {
		if list, err := tx.ListIncidents(nil, "", 10); err != nil || len(list) != 1 {
			t.Errorf("ListIncidents: %d, %v", len(list), err)
		}
		return nil
	})
}

func oneView(t *testing.T, p Place) {
	read(t, p, func(tx *register.Tx) error {
		before, err := tx.ListIncidents(nil, "", 10)
		must(t, err)
		incident(t, p, "A stop")
		after, err := tx.ListIncidents(nil, "", 10)
		must(t, err)
		if len(before) != 0 || len(after) != 0 {
			t.Errorf("the view went from %d to %d incidents", len(before), len(after))
		}
		return nil
	})
}

func oneTime(t *testing.T, p Place) {
	var first, second, later time.Time
	write(t, p, func(tx *register.Tx) (err error) {
		if first, err = tx.Now(); err != nil {
			return err
		}
		time.Sleep(5 * time.Millisecond)
		second, err = tx.Now()
		return err
	})
	time.Sleep(5 * time.Millisecond)
	read(t, p, func(tx *register.Tx) (err error) { later, err = tx.Now(); return err })
	if first != second || !later.After(first) || first.Location() != time.UTC {
		t.Errorf("times %v, %v, later %v", first, second, later)
	}
	file := filepath.Join(t.TempDir(), "now")
	must(t, os.WriteFile(file, nil, 0o600))
	now, err := os.Stat(file)
	must(t, err)
	if d := now.ModTime().Sub(first); d < -time.Minute || d > time.Minute {
		t.Errorf("the database's time is off by %v", d)
	}
}

func meta(t *testing.T, p Place) {
	for _, value := range []string{"a", "b"} {
		write(t, p, func(tx *register.Tx) error { return tx.SetMeta("origin", value) })
		read(t, p, func(tx *register.Tx) error {
			if got, err := tx.Meta("origin"); got != value || err != nil {
				t.Errorf("Meta: %q, %v; want %q", got, err, value)
			}
			if got, err := tx.Meta("never set"); got != "" || err != nil {
				t.Errorf("Meta never set: %q, %v", got, err)
			}
			return nil
		})
	}
}

func closedRegister(t *testing.T, p Place) {
	r, err := p.Again(t.Context())
	must(t, err)
	must(t, r.Close())
	must(t, r.Close())
	wantKind(t, "Write", r.Write(t.Context(), func(*register.Tx) error { return nil }), jurat.Unavailable)
	wantKind(t, "Read", r.Read(t.Context(), func(*register.Tx) error { return nil }), jurat.Unavailable)
}

func readingWritesNothing(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	r, err := p.Reading(t.Context())
	must(t, err)
	defer r.Close()
	wantKind(t, "Write", r.Write(t.Context(), func(*register.Tx) error { return nil }), jurat.Unavailable)
	wantKind(t, "Scrub", r.Scrub(t.Context()), jurat.Unavailable)
	must(t, r.Read(t.Context(), func(tx *register.Tx) error {
		if events, err := tx.Events(in); err != nil || len(events) != 1 {
			t.Errorf("Events: %d, %v", len(events), err)
		}
		return nil
	}))
}
