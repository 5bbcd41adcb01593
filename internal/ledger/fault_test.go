package ledger_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"jurat"
	"jurat/internal/ledger"
	"jurat/internal/ledger/ledgertest"
)

var errStore = errors.New("the connection broke")

// faultAt makes the n-th call of a store fail, once, carried out or not.
func faultAt(n int, apply bool) (fail func(string) (bool, error), failed func() string) {
	var mu sync.Mutex
	calls, hit := 0, ""
	return func(method string) (bool, error) {
			mu.Lock()
			defer mu.Unlock()
			if calls++; calls != n {
				return false, nil
			}
			hit = method
			return apply, jurat.Because(jurat.Unavailable, errStore, "%s: outcome unknown", method)
		}, func() string {
			mu.Lock()
			defer mu.Unlock()
			return hit
		}
}

// Every call of the store fails in turn, carried out or not; what was saved is
// never lost, never twice in the log, and the next Publish goes on.
func TestAStoreThatFailsLosesNothing(t *testing.T) {
	for _, reopen := range []bool{false, true} {
		for _, apply := range []bool{false, true} {
			seen := map[string]bool{}
			for n := 1; ; n++ {
				store, dir := newStore(), t.TempDir()
				store.CommitNew("2026-000001", 200)
				publish(t, openLedger(t, dir, store, ledger.Options{}))
				store.CommitNew("2026-000001", 100)
				fail, failed := faultAt(n, apply)
				l, err := ledger.Open(t.Context(), dir, testKey(t, origin, 1), ledgertest.Faulty{Store: store, Fail: fail}, ledger.Options{Batch: 64, TTL: 50 * time.Millisecond})
				if err == nil {
					_, err = l.Publish(t.Context())
				}
				method := failed()
				if method == "" {
					break // every call has failed once
				}
				seen[method] = true
				if err != nil && !errors.Is(err, errStore) {
					t.Errorf("call %d, %s, carried out %t: %v; want the store's own cause", n, method, apply, err)
				}
				if err == nil && method != "Release" {
					t.Errorf("call %d, %s, failed, and Publish said nothing", n, method)
				}
				audit(t, dir, store)
				// An Acquire that was carried out although it failed holds the
				// lease until it runs out; everything else goes on at once.
				if reopen || l == nil {
					l = openLedger(t, dir, store, ledger.Options{})
				}
				if p := publish(t, l); p.Size != 300 {
					t.Fatalf("call %d, %s: %d leaves published at last, want 300", n, method, p.Size)
				}
				audit(t, dir, store)
			}
			for _, m := range []string{"Head", "Unsequenced", "Sequence", "Leaves", "Acquire", "Renew", "Release"} {
				if !seen[m] {
					t.Errorf("%s never failed", m)
				}
			}
		}
	}
}

func TestRowsThatChangedAreNotSigned(t *testing.T) {
	for _, tc := range []struct {
		name          string
		tamper, total int64
	}{
		{"in the last bundle", 290, 300},
		{"under the tiles, with the tiles gone", 10, 300},
		{"not yet published", 305, 300},
	} {
		t.Run(tc.name, func(t *testing.T) {
			store, dir := newStore(), t.TempDir()
			store.CommitNew("2026-000001", 300)
			first := publish(t, openLedger(t, dir, store, ledger.Options{}))
			store.CommitNew("2026-000001", 10)
			if tc.tamper >= 300 { // sequenced, and then the process was killed
				fail := func(method string) (bool, error) {
					if method == "Sequence" {
						return true, errStore
					}
					return false, nil
				}
				l := openLedger(t, dir, ledgertest.Faulty{Store: store, Fail: fail}, ledger.Options{})
				if _, err := l.Publish(t.Context()); !errors.Is(err, errStore) {
					t.Fatalf("Publish: %v", err)
				}
			} else if tc.tamper < 256 {
				remove(t, dir, "tile/1/000.p/1")
			}
			store.Tamper(tc.tamper, fmt.Appendf(nil, "another leaf %d", tc.tamper))
			l := openLedger(t, dir, store, ledger.Options{})
			if _, err := l.Publish(t.Context()); !errors.Is(err, jurat.Altered) {
				t.Fatalf("Publish over changed rows: %v, want Altered", err)
			}
			if err := l.Stopped(); !errors.Is(err, jurat.Altered) {
				t.Errorf("Stopped: %v", err)
			}
			if p, err := l.Published(); err != nil || p.Size != first.Size {
				t.Errorf("published %d leaves (%v), want %d still", p.Size, err, first.Size)
			}
		})
	}
}
