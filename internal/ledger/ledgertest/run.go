package ledgertest

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
	"jurat/internal/ledger"
)

// A Book is a store under test, and the way events come into it.
type Book struct {
	Store ledger.Store

	// Commit commits n more events of an incident ("" is the house's own, in
	// no chain) and returns them in the order of their incident_seq.
	Commit func(t testing.TB, in jurat.IncidentNumber, n int) []ledger.Entry

	// Again returns the same data through another handle, as another process
	// would hold it; nil when the store has only one.
	Again func(t testing.TB) ledger.Store
}

// the incidents of the suite
const (
	one jurat.IncidentNumber = "2026-000001"
	two jurat.IncidentNumber = "2026-000002"
)

// Run runs the suite. open returns a new, empty store and cleans up after t.
func Run(t *testing.T, open func(t *testing.T) Book) {
	t.Helper()
	for _, tc := range []struct {
		name string
		test func(t *testing.T, b Book)
	}{
		{"an empty store has the zero head", emptyHead},
		{"what is committed is pending, once, in the incident's order", pendingInOrder},
		{"a sequenced event has its index and is pending no more", sequenced},
		{"sequencing part of an incident leaves the rest pending in order", partOfIncident},
		{"leaves come back byte for byte", leaves},
		{"a sequence that does not continue the log changes nothing", mustContinue},
		{"an event gets one index only", oneIndex},
		{"a recovered leaf is kept without an event", recovered},
		{"a new log starts empty and takes every event again", newLog},
		{"a lease is held by one", leaseHeldByOne},
		{"a lease that ran out can be taken, and the fence rises", leaseRunsOut},
		{"a lease that ran out and that nobody took still counts", leaseRanOutUntaken},
		{"a stale fence sequences nothing", staleFence},
		{"a released lease sequences nothing", releasedLease},
		{"leases of different names are apart", leaseNames},
		{"of two that sequence at once one is refused", raced},
		{"a cancelled context changes nothing", cancelled},
	} {
		t.Run(tc.name, func(t *testing.T) { tc.test(t, open(t)) })
	}
	runLeases(t, open)
}

func acquire(t *testing.T, s ledger.Store) ledger.Lease {
	t.Helper()
	lease, err := s.Acquire(t.Context(), "sequence", "suite", time.Minute)
	if err != nil {
		t.Fatalf("Acquire: %v", err)
	}
	return lease
}

// head is a made-up head: the store does not look at roots.
func head(log, size int64) ledger.Head {
	h := ledger.Head{Log: log, Size: size}
	h.Root[0], h.Root[1], h.Root[31] = byte(log+1), byte(size), 0xff
	return h
}

func wantHead(t *testing.T, s ledger.Store, want ledger.Head) {
	t.Helper()
	got, err := s.Head(t.Context())
	if err != nil || got != want {
		t.Fatalf("Head: %v, %v; want %v", got, err, want)
	}
}

func wantKind(t *testing.T, what string, err error, kind jurat.Kind) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Fatalf("%s: %v; want kind %q", what, err, kind)
	}
}

func sequence(t *testing.T, s ledger.Store, lease ledger.Lease, log, from int64, entries ...ledger.Entry) {
	t.Helper()
	if err := s.Sequence(t.Context(), lease, from, entries, head(log, from+int64(len(entries)))); err != nil {
		t.Fatalf("Sequence %d from %d: %v", len(entries), from, err)
	}
}

// pending reads what is unsequenced, n at a time being the most asked for.
func pending(t *testing.T, s ledger.Store, n int) []ledger.Entry {
	t.Helper()
	got, err := s.Unsequenced(t.Context(), n)
	if err != nil || len(got) > n {
		t.Fatalf("Unsequenced(%d): %d entries, %v", n, len(got), err)
	}
	return got
}

// wantPending checks that exactly the entries are pending, and that those of
// one incident come in the given order.
func wantPending(t *testing.T, s ledger.Store, chains ...[]ledger.Entry) {
	t.Helper()
	got := pending(t, s, 1000)
	at := map[jurat.EventID]int{}
	for i, e := range got {
		if _, twice := at[e.Event]; twice {
			t.Fatalf("event %s is pending twice", e.Event)
		}
		at[e.Event] = i
	}
	total := 0
	for _, chain := range chains {
		last := -1
		for _, e := range chain {
			i, ok := at[e.Event]
			if !ok || i < last {
				t.Fatalf("event %s: pending %v at %d, after %d", e.Event, ok, i, last)
			}
			if !bytes.Equal(got[i].Leaf, e.Leaf) {
				t.Fatalf("event %s came back with another leaf", e.Event)
			}
			last = i
			total++
		}
	}
	if len(got) != total {
		t.Fatalf("%d entries pending, want %d", len(got), total)
	}
}

func wantLeaves(t *testing.T, s ledger.Store, from int64, want ...ledger.Entry) {
	t.Helper()
	next := from
	err := s.Leaves(t.Context(), from, from+int64(len(want)), func(i int64, leaf []byte) error {
		if i != next || !bytes.Equal(leaf, want[i-from].Leaf) {
			t.Errorf("leaf %d (want %d) is %.60q, want %.60q", i, next, leaf, want[i-from].Leaf)
		}
		next++
		return nil
	})
	if err != nil || next != from+int64(len(want)) {
		t.Fatalf("Leaves from %d: stopped before %d, %v", from, next, err)
	}
}

func emptyHead(t *testing.T, b Book) {
	wantHead(t, b.Store, ledger.Head{})
	wantPending(t, b.Store)
	_, err := b.Store.Index(t.Context(), "00000000-0000-7000-8000-000000000000")
	wantKind(t, "Index of an unknown event", err, jurat.NotFound)
	err = b.Store.Leaves(t.Context(), 0, 1, func(int64, []byte) error { return nil })
	wantKind(t, "Leaves of an empty log", err, jurat.NotFound)
}

func pendingInOrder(t *testing.T, b Book) {
	a := b.Commit(t, one, 3)
	c := b.Commit(t, two, 2)
	a = append(a, b.Commit(t, one, 2)...)
	h := b.Commit(t, "", 1)
	wantPending(t, b.Store, a, c, h)
	wantPending(t, b.Store, a, c, h) // asking changes nothing
	if got := pending(t, b.Store, 4); len(got) != 4 {
		t.Fatalf("Unsequenced(4) of 8: %d entries", len(got))
	}
}

func sequenced(t *testing.T, b Book) {
	a := b.Commit(t, one, 3)
	_, err := b.Store.Index(t.Context(), a[0].Event)
	wantKind(t, "Index before sequencing", err, jurat.NotFound)
	sequence(t, b.Store, acquire(t, b.Store), 0, 0, a...)
	wantHead(t, b.Store, head(0, 3))
	wantPending(t, b.Store)
	for i, e := range a {
		if got, err := b.Store.Index(t.Context(), e.Event); err != nil || got != int64(i) {
			t.Errorf("Index of event %d: %d, %v", i, got, err)
		}
	}
	if b.Again != nil {
		again := b.Again(t)
		wantHead(t, again, head(0, 3))
		wantLeaves(t, again, 0, a...)
	}
}

func partOfIncident(t *testing.T, b Book) {
	a, c := b.Commit(t, one, 5), b.Commit(t, two, 2)
	lease := acquire(t, b.Store)
	sequence(t, b.Store, lease, 0, 0, a[:2]...)
	wantPending(t, b.Store, a[2:], c)
	sequence(t, b.Store, lease, 0, 2, c[0], a[2])
	wantPending(t, b.Store, a[3:], c[1:])
	wantLeaves(t, b.Store, 0, a[0], a[1], c[0], a[2])
}

func leaves(t *testing.T, b Book) {
	a := b.Commit(t, one, 7)
	lease := acquire(t, b.Store)
	sequence(t, b.Store, lease, 0, 0, a...)
	wantLeaves(t, b.Store, 0, a...)
	wantLeaves(t, b.Store, 2, a[2:5]...)
	wantLeaves(t, b.Store, 7)
	stop, calls := errors.New("enough"), 0
	err := b.Store.Leaves(t.Context(), 0, 7, func(int64, []byte) error { calls++; return stop })
	if !errors.Is(err, stop) || calls != 1 {
		t.Errorf("Leaves whose fn fails: %v after %d calls", err, calls)
	}
	err = b.Store.Leaves(t.Context(), 5, 8, func(int64, []byte) error { return nil })
	wantKind(t, "Leaves beyond the size", err, jurat.NotFound)
}

func mustContinue(t *testing.T, b Book) {
	a := b.Commit(t, one, 4)
	lease := acquire(t, b.Store)
	sequence(t, b.Store, lease, 0, 0, a[:2]...)
	for _, tc := range []struct {
		name string
		from int64
		head ledger.Head
	}{
		{"from before the size", 1, head(0, 2)},
		{"from beyond the size", 3, head(0, 4)},
		{"a head of another size", 2, head(0, 4)},
		{"an older log", 2, head(-1, 3)},
		{"a log that skips one", 0, head(2, 1)},
		{"a new log not from 0", 2, head(1, 3)},
	} {
		err := b.Store.Sequence(t.Context(), lease, tc.from, a[2:3], tc.head)
		wantKind(t, tc.name, err, jurat.Conflict)
		wantHead(t, b.Store, head(0, 2))
		wantPending(t, b.Store, a[2:])
	}
}

func oneIndex(t *testing.T, b Book) {
	a := b.Commit(t, one, 3)
	lease := acquire(t, b.Store)
	sequence(t, b.Store, lease, 0, 0, a[0])
	stranger := ledger.Entry{Event: "ffffffff-0000-7000-8000-000000000000", Leaf: []byte("{}")}
	for name, entries := range map[string][]ledger.Entry{
		"an event with an index":   {a[1], a[0]},
		"the same event twice":     {a[1], a[1]},
		"an event never committed": {a[1], stranger},
	} {
		err := b.Store.Sequence(t.Context(), lease, 1, entries, head(0, 3))
		wantKind(t, name, err, jurat.Conflict)
		wantHead(t, b.Store, head(0, 1))
		wantPending(t, b.Store, a[1:])
	}
}

func recovered(t *testing.T, b Book) {
	a := b.Commit(t, one, 2)
	lease := acquire(t, b.Store)
	lost := []ledger.Entry{{Leaf: []byte(`{"lost":1}`)}, {Leaf: []byte(`{"lost":2}`)}}
	sequence(t, b.Store, lease, 0, 0, a[0], lost[0], a[1], lost[1])
	wantLeaves(t, b.Store, 0, a[0], lost[0], a[1], lost[1])
	if i, err := b.Store.Index(t.Context(), a[1].Event); err != nil || i != 2 {
		t.Errorf("Index after a recovered leaf: %d, %v", i, err)
	}
	c := b.Commit(t, one, 1)
	wantPending(t, b.Store, c)
}

func newLog(t *testing.T, b Book) {
	a := b.Commit(t, one, 3)
	lease := acquire(t, b.Store)
	sequence(t, b.Store, lease, 0, 0, a[0], ledger.Entry{Leaf: []byte(`{"lost":1}`)}, a[1])
	sequence(t, b.Store, lease, 1, 0, a[2])
	wantHead(t, b.Store, head(1, 1))
	wantLeaves(t, b.Store, 0, a[2])
	wantPending(t, b.Store, a[:2])
	_, err := b.Store.Index(t.Context(), a[0].Event)
	wantKind(t, "Index in a new log", err, jurat.NotFound)
	if i, err := b.Store.IndexIn(t.Context(), 0, a[1].Event); err != nil || i != 2 {
		t.Errorf("IndexIn the old log: %d, %v", i, err)
	}
	if i, err := b.Store.IndexIn(t.Context(), 1, a[2].Event); err != nil || i != 0 {
		t.Errorf("IndexIn the new log: %d, %v", i, err)
	}
	for log, id := range map[int64]jurat.EventID{0: a[2].Event, 2: a[0].Event, -1: a[0].Event} {
		_, err := b.Store.IndexIn(t.Context(), log, id)
		wantKind(t, "IndexIn a log that never had it", err, jurat.NotFound)
	}
	sequence(t, b.Store, lease, 1, 1, a[:2]...)
	wantPending(t, b.Store)
	wantLeaves(t, b.Store, 0, a[2], a[0], a[1])
	err = b.Store.Sequence(t.Context(), lease, 3, nil, ledger.Head{Log: 0, Size: 3, Root: tlog.Hash{1}})
	wantKind(t, "sequencing into the old log", err, jurat.Conflict)
}

func cancelled(t *testing.T, b Book) {
	a := b.Commit(t, one, 1)
	lease := acquire(t, b.Store)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Store.Sequence(ctx, lease, 0, a, head(0, 1)); err == nil {
		t.Fatal("Sequence with a cancelled context succeeded")
	}
	wantHead(t, b.Store, ledger.Head{})
	wantPending(t, b.Store, a)
}
