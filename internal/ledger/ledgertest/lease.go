package ledgertest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"jurat"
	"jurat/internal/ledger"
)

// short is the time a lease is held where a test waits for its end.
const short = 50 * time.Millisecond

func leaseHeldByOne(t *testing.T, b Book) {
	lease := acquire(t, b.Store)
	if lease.Name != "sequence" || lease.Holder != "suite" || lease.Fence < 1 || lease.Until.IsZero() {
		t.Errorf("Acquire gave %+v", lease)
	}
	for _, holder := range []string{"another", "suite"} {
		_, err := b.Store.Acquire(t.Context(), "sequence", holder, time.Minute)
		wantKind(t, "a second Acquire by "+holder, err, jurat.Conflict)
	}
	renewed, err := b.Store.Renew(t.Context(), lease)
	if err != nil || renewed.Fence != lease.Fence || renewed.Until.Before(lease.Until) {
		t.Fatalf("Renew: %+v, %v; was %+v", renewed, err, lease)
	}
	if err := b.Store.Release(t.Context(), renewed); err != nil {
		t.Fatalf("Release: %v", err)
	}
	if next := acquire(t, b.Store); next.Fence <= lease.Fence {
		t.Errorf("the fence went from %d to %d", lease.Fence, next.Fence)
	}
	// the first lease is stale now: giving it back takes nothing away
	if err := b.Store.Release(t.Context(), lease); err != nil {
		t.Fatalf("Release of a stale lease: %v", err)
	}
	_, err = b.Store.Acquire(t.Context(), "sequence", "another", time.Minute)
	wantKind(t, "Acquire after the release of a stale lease", err, jurat.Conflict)
	_, err = b.Store.Renew(t.Context(), lease)
	wantKind(t, "Renew of a stale lease", err, jurat.Conflict)
}

// takeOver lets the lease run out and takes it.
func takeOver(t *testing.T, s ledger.Store, name string) ledger.Lease {
	t.Helper()
	for range 100 {
		time.Sleep(short / 2)
		lease, err := s.Acquire(t.Context(), name, "successor", time.Minute)
		if err == nil {
			return lease
		}
		wantKind(t, "Acquire of a lease running out", err, jurat.Conflict)
	}
	t.Fatal("a lease that ran out cannot be taken")
	panic("unreachable")
}

func leaseRunsOut(t *testing.T, b Book) {
	old, err := b.Store.Acquire(t.Context(), "sequence", "suite", short)
	if err != nil {
		t.Fatalf("Acquire: %v", err)
	}
	if next := takeOver(t, b.Store, "sequence"); next.Fence <= old.Fence || next.Holder != "successor" {
		t.Errorf("the lease went from %+v to %+v", old, next)
	}
}

func leaseRanOutUntaken(t *testing.T, b Book) {
	a := b.Commit(t, one, 1)
	lease, err := b.Store.Acquire(t.Context(), "sequence", "suite", short)
	if err != nil {
		t.Fatalf("Acquire: %v", err)
	}
	time.Sleep(2 * short)
	sequence(t, b.Store, lease, 0, 0, a...)
	if renewed, err := b.Store.Renew(t.Context(), lease); err != nil || renewed.Fence != lease.Fence {
		t.Errorf("Renew of a lease that ran out: %+v, %v", renewed, err)
	}
}

func staleFence(t *testing.T, b Book) {
	a := b.Commit(t, one, 2)
	old, err := b.Store.Acquire(t.Context(), "sequence", "suite", short)
	if err != nil {
		t.Fatalf("Acquire: %v", err)
	}
	next := takeOver(t, b.Store, "sequence")
	err = b.Store.Sequence(t.Context(), old, 0, a[:1], head(0, 1))
	wantKind(t, "Sequence under a stale fence", err, jurat.Conflict)
	wantHead(t, b.Store, ledger.Head{})
	forged := old
	forged.Fence = next.Fence + 1
	err = b.Store.Sequence(t.Context(), forged, 0, a[:1], head(0, 1))
	wantKind(t, "Sequence under a fence never given", err, jurat.Conflict)
	sequence(t, b.Store, next, 0, 0, a...)
}

func releasedLease(t *testing.T, b Book) {
	a := b.Commit(t, one, 1)
	lease := acquire(t, b.Store)
	for range 2 { // twice is once
		if err := b.Store.Release(t.Context(), lease); err != nil {
			t.Fatalf("Release: %v", err)
		}
	}
	err := b.Store.Sequence(t.Context(), lease, 0, a, head(0, 1))
	wantKind(t, "Sequence under a released lease", err, jurat.Conflict)
	_, err = b.Store.Renew(t.Context(), lease)
	wantKind(t, "Renew of a released lease", err, jurat.Conflict)
	wantHead(t, b.Store, ledger.Head{})
}

func leaseNames(t *testing.T, b Book) {
	acquire(t, b.Store)
	if _, err := b.Store.Acquire(t.Context(), "anchor", "suite", time.Minute); err != nil {
		t.Fatalf("Acquire of another name: %v", err)
	}
}

// raced lets two holders of one lease sequence the same event: what fencing
// cannot tell apart, the size can.
func raced(t *testing.T, b Book) {
	a := b.Commit(t, one, 8)
	lease := acquire(t, b.Store)
	for i := range a {
		var wg sync.WaitGroup
		var errs [2]error
		for g := range errs {
			s := b.Store
			if g == 1 && b.Again != nil {
				s = b.Again(t)
			}
			wg.Go(func() {
				errs[g] = s.Sequence(t.Context(), lease, int64(i), a[i:i+1], head(0, int64(i+1)))
			})
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs[0], errs[1]), jurat.Conflict) {
			t.Fatalf("two at once at %d: %v and %v; want one refused with Conflict", i, errs[0], errs[1])
		}
		wantHead(t, b.Store, head(0, int64(i+1)))
	}
	wantLeaves(t, b.Store, 0, a...)
}

// runLeases holds the tests that need two handles of one store.
func runLeases(t *testing.T, open func(t *testing.T) Book) {
	t.Run("a lease is held against another handle", func(t *testing.T) {
		b := open(t)
		if b.Again == nil {
			t.Skip("this store has one handle")
		}
		again := b.Again(t)
		lease := acquire(t, b.Store)
		_, err := again.Acquire(t.Context(), "sequence", "another", time.Minute)
		wantKind(t, "Acquire through another handle", err, jurat.Conflict)
		if err := b.Store.Release(t.Context(), lease); err != nil {
			t.Fatalf("Release: %v", err)
		}
		next := acquire(t, again)
		if next.Fence <= lease.Fence {
			t.Errorf("the fence went from %d to %d", lease.Fence, next.Fence)
		}
		a := b.Commit(t, one, 1)
		err = b.Store.Sequence(t.Context(), lease, 0, a, head(0, 1))
		wantKind(t, "Sequence under the old lease", err, jurat.Conflict)
		sequence(t, again, next, 0, 0, a...)
		wantHead(t, b.Store, head(0, 1))
	})
}
