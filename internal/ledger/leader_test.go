package ledger_test

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/mod/sumdb/tlog"

	"jurat"
	"jurat/internal/durable"
	"jurat/internal/durable/durabletest"
	"jurat/internal/ledger"
	"jurat/internal/ledger/ledgertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A gate stops whoever comes through it first until it is opened.
type gate struct {
	once          sync.Once
	reached, open chan struct{}
}

func newGate() *gate { return &gate{reached: make(chan struct{}), open: make(chan struct{})} }

func (g *gate) pass() {
	g.once.Do(func() {
		close(g.reached)
		<-g.open
	})
}

// A slowDisk is the operating system's, and pauses before a file of a name is
// created.
type slowDisk struct {
	durable.OS
	name string
	gate *gate
}

func (d slowDisk) Create(name string, perm fs.FileMode) (durable.File, error) {
	if strings.HasPrefix(filepath.Base(name), "."+d.name+".") {
		d.gate.pass()
	}
	return d.OS.Create(name, perm)
}

func (slowDisk) Lock(dir string) (func(), bool, error) { return ledger.LockDir(dir) }

// A leader pauses at a step for longer than its lease; another takes over and
// publishes more; then the first wakes. It must change nothing that the second
// published, and every event must be in the log once.
func TestAPausedLeaderWakingAfterTakeoverChangesNothing(t *testing.T) {
	const ttl = 60 * time.Millisecond
	for _, step := range []string{"Acquire", "Sequence", "Renew", "disk 300", "disk checkpoint"} {
		t.Run("paused at "+step, func(t *testing.T) {
			t.Parallel()
			store, dir, g := newStore(), t.TempDir(), newGate()
			store.CommitNew("2026-000001", 290)
			publish(t, openLedger(t, dir, store, ledger.Options{}))
			store.CommitNew("2026-000001", 10)

			var paused ledger.Store = store
			opt := ledger.Options{TTL: ttl}
			if name, ok := strings.CutPrefix(step, "disk "); ok {
				if name == "300" {
					name = "44" // the partial tile of leaves 256 to 299
				}
				opt.Disk = slowDisk{name: name, gate: g}
			} else {
				paused = ledgertest.Faulty{Store: store, Fail: func(method string) (bool, error) {
					if method == step {
						g.pass()
					}
					return false, nil
				}}
			}
			first := openLedger(t, dir, paused, opt)
			done := make(chan error)
			go func() {
				_, err := first.Publish(context.WithoutCancel(t.Context()))
				done <- err
			}()
			<-g.reached
			time.Sleep(2 * ttl)

			second := openLedger(t, dir, store, ledger.Options{TTL: ttl, Patience: 10 * ttl})
			store.CommitNew("2026-000001", 7)
			before, err := second.Publish(t.Context())
			locked := step == "Renew" || strings.HasPrefix(step, "disk")
			switch {
			case locked && !errors.Is(err, jurat.Unavailable):
				t.Errorf("Publish while a sleeper holds the folder: %v", err)
			case !locked && (err != nil || before.Size != 307):
				t.Errorf("Publish after taking over: %d leaves, %v", before.Size, err)
			}
			close(g.open)
			if err := <-done; err != nil {
				t.Errorf("the leader that woke: %v", err)
			}
			after := publish(t, second)
			if after.Size != 307 || !locked && string(after.Note) != string(before.Note) {
				t.Errorf("after the leader woke: %d leaves; the checkpoint changed", after.Size)
			}
			audit(t, dir, store)
		})
	}
}

// Where the folder cannot be locked, a sleeper that wakes between the check of
// its fence and its write must still not put a smaller checkpoint in the place
// of a larger one that it can see.
func TestASmallerCheckpointNeverReplacesALargerOne(t *testing.T) {
	store, disk, g := newStore(), durabletest.New(), newGate()
	store.CommitNew("2026-000001", 3)
	slow := ledgertest.Faulty{Store: store, Fail: func(method string) (bool, error) {
		if method == "Renew" {
			g.pass()
		}
		return false, nil
	}}
	first := openLedger(t, "ledger", slow, ledger.Options{Disk: disk, TTL: time.Millisecond})
	done := make(chan error)
	go func() {
		_, err := first.Publish(context.WithoutCancel(t.Context()))
		done <- err
	}()
	<-g.reached
	time.Sleep(5 * time.Millisecond)
	store.CommitNew("2026-000001", 2)
	second := openLedger(t, "ledger", store, ledger.Options{Disk: disk, TTL: time.Minute})
	if p := publish(t, second); p.Size != 5 {
		t.Fatalf("published %d leaves, want 5", p.Size)
	}
	close(g.open)
	if err := <-done; err != nil {
		t.Errorf("the leader that woke: %v", err)
	}
	if p := publish(t, second); p.Size != 5 {
		t.Errorf("after the leader woke %d leaves are published", p.Size)
	}
	if _, err := auditFiles(diskReader(disk, "ledger"), store); err != nil {
		t.Error(err)
	}
}

func TestLedgersRacingGiveOneRootToEachSize(t *testing.T) {
	store, dir := newStore(), t.TempDir()
	const racers, rounds, each = 4, 12, 9
	var wg sync.WaitGroup
	results := make([][]ledger.Published, racers)
	for r := range racers {
		wg.Go(func() {
			l := openLedger(t, dir, store, ledger.Options{TTL: 200 * time.Millisecond, Patience: time.Minute, Batch: 16})
			for range rounds {
				store.CommitNew("", each)
				p, err := l.Publish(t.Context())
				if err != nil {
					t.Errorf("Publish: %v", err)
					return
				}
				results[r] = append(results[r], p)
			}
		})
	}
	wg.Wait()
	if size := audit(t, dir, store); size != racers*rounds*each {
		t.Errorf("%d leaves published, want %d", size, racers*rounds*each)
	}
	roots := map[int64]tlog.Hash{}
	for _, ps := range results {
		for i, p := range ps {
			if i > 0 && p.Size < ps[i-1].Size {
				t.Errorf("a ledger saw %d leaves after %d", p.Size, ps[i-1].Size)
			}
			roots[p.Size] = p.Root
			if want := rootOf(t, store, p.Size); p.Root != want {
				t.Errorf("%d leaves were published under %v, and have the root %v", p.Size, p.Root, want)
			}
		}
	}
}

// A lateHead is a store whose next Head is read, and given only after then ran.
type lateHead struct {
	ledger.Store
	then func()
}

func (s *lateHead) Head(ctx context.Context) (ledger.Head, error) {
	head, err := s.Store.Head(ctx)
	if then := s.then; then != nil {
		s.then = nil
		then()
	}
	return head, err
}

// Another ledger publishes after the head was read and before the checkpoint
// is: the record seems to be behind it, and was never set back.
func TestAHeadReadBeforeAnotherPublishedIsReadAgain(t *testing.T) {
	for _, what := range []string{"Publish", "Open"} {
		store, dir := newStore(), t.TempDir()
		store.CommitNew("2026-000001", 3)
		first := openLedger(t, dir, store, ledger.Options{})
		publish(t, first)
		late := &lateHead{Store: store}
		another := func() {
			store.CommitNew("2026-000001", 2)
			publish(t, first)
		}
		if what == "Open" {
			late.then = another
		}
		second := openLedger(t, dir, late, ledger.Options{})
		if what == "Publish" {
			late.then = another
		}
		if err := second.Stopped(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if p := publish(t, second); p.Size != 5 {
			t.Errorf("%s: %d leaves are published, want 5", what, p.Size)
		}
		audit(t, dir, store)
	}
}

func TestRunPublishesWithinItsInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, disk := newStore(), durabletest.New()
		l := openLedger(t, "ledger", store, ledger.Options{Disk: disk})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			l.Run(ctx, 100*time.Millisecond, func(err error) { t.Errorf("Run reported %v", err) })
		}()
		synctest.Wait()
		var size int64
		for i := range 50 {
			store.CommitNew("2026-000001", 1+i%3)
			size += int64(1 + i%3)
			if i%2 == 0 {
				l.Wake() // the others are saved by another process
			}
			saved := time.Now()
			for {
				if p, err := l.Published(); err == nil && p.Size >= size {
					break
				}
				if time.Since(saved) > 150*time.Millisecond {
					t.Fatalf("event %d waited for more than 150 ms", i)
				}
				time.Sleep(time.Millisecond)
			}
			time.Sleep(time.Duration(i*7) * time.Millisecond)
		}
		cancel()
		<-ended
		if _, err := store.Acquire(t.Context(), "sequence", "next", time.Second); err != nil {
			t.Errorf("the lease was not given back: %v", err)
		}
	})
}

func TestAKilledLeaderIsWaitedForTwoSecondsAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, disk := newStore(), durabletest.New()
		if _, err := store.Acquire(t.Context(), "sequence", "killed", 2*time.Second); err != nil {
			t.Fatal(err)
		}
		store.CommitNew("2026-000001", 1)
		start := time.Now()
		publish(t, openLedger(t, "ledger", store, ledger.Options{Disk: disk}))
		if waited := time.Since(start); waited > 2100*time.Millisecond {
			t.Errorf("waited %v", waited)
		}
	})
}

func TestAHolderThatNeverEndsIsNotWaitedForForever(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, disk := newStore(), durabletest.New()
		if _, err := store.Acquire(t.Context(), "sequence", "stuck", time.Hour); err != nil {
			t.Fatal(err)
		}
		store.CommitNew("2026-000001", 1)
		_, err := openLedger(t, "ledger", store, ledger.Options{Disk: disk}).Publish(t.Context())
		if !errors.Is(err, jurat.Unavailable) {
			t.Errorf("Publish while another holds the lease: %v", err)
		}
	})
}

// A short-lived command whose events another program publishes is done.
func TestPublishIsSatisfiedWhenAnotherPublishes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, disk := newStore(), durabletest.New()
		server := openLedger(t, "ledger", store, ledger.Options{Disk: disk})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			server.Run(ctx, 100*time.Millisecond, func(err error) { t.Errorf("Run reported %v", err) })
		}()
		store.CommitNew("2026-000001", 5)
		synctest.Wait()
		store.CommitNew("2026-000001", 5)
		if p := publish(t, openLedger(t, "ledger", store, ledger.Options{Disk: disk})); p.Size != 10 {
			t.Errorf("published %d leaves, want 10", p.Size)
		}
		cancel()
		<-ended
	})
}

func TestRunGoesOnAfterAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, disk := newStore(), durabletest.New()
		var mu sync.Mutex
		broken := true
		l := openLedger(t, "ledger", ledgertest.Faulty{Store: store, Fail: func(method string) (bool, error) {
			mu.Lock()
			defer mu.Unlock()
			if broken && method == "Unsequenced" {
				return false, jurat.Because(jurat.Unavailable, errStore, "read")
			}
			return false, nil
		}}, ledger.Options{Disk: disk})
		var reports []error
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			l.Run(ctx, 100*time.Millisecond, func(err error) { reports = append(reports, err) })
		}()
		store.CommitNew("2026-000001", 1)
		time.Sleep(350 * time.Millisecond)
		mu.Lock()
		broken = false
		mu.Unlock()
		time.Sleep(time.Second)
		cancel()
		<-ended
		if len(reports) < 3 || !errors.Is(reports[0], errStore) || reports[len(reports)-1] != nil {
			t.Errorf("reports: %v", reports)
		}
		if p, err := l.Published(); err != nil || p.Size != 1 {
			t.Errorf("published %d leaves, %v", p.Size, err)
		}
	})
}

// Between the first look at the head and the look at what is pending, another
// program gives everything an index and is killed before it publishes.
func TestPublishSeesWhatAnotherSequencedMeanwhile(t *testing.T) {
	store, dir := newStore(), t.TempDir()
	killed := openLedger(t, dir, ledgertest.Faulty{Store: store, Fail: func(method string) (bool, error) {
		if method == "Renew" {
			return false, errStore
		}
		return false, nil
	}}, ledger.Options{})
	var once sync.Once
	l := openLedger(t, dir, ledgertest.Faulty{Store: store, Fail: func(method string) (bool, error) {
		if method == "Unsequenced" {
			once.Do(func() {
				if _, err := killed.Publish(t.Context()); !errors.Is(err, errStore) {
					t.Errorf("the other program: %v", err)
				}
			})
		}
		return false, nil
	}}, ledger.Options{})
	store.CommitNew("2026-000001", 5)
	if p := publish(t, l); p.Size != 5 {
		t.Errorf("published %d leaves, want 5", p.Size)
	}
}
