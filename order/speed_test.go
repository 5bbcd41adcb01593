package order

import (
	"fmt"
	"iter"
	"os"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"jurat"
)

func chicago(t testing.TB) *Order {
	t.Helper()
	src, err := os.ReadFile("../orders/chicago-eo-2026-01.yaml")
	if err != nil {
		t.Fatal(err)
	}
	o, ps := Parse("chicago-eo-2026-01.yaml", src)
	if o == nil {
		t.Fatalf("refused:\n%s", ps.Refused())
	}
	return o
}

func BenchmarkEvaluate(b *testing.B) {
	o := chicago(b)
	for _, x := range o.Examples {
		if x.ID != "referral-complete" && x.ID != "lawful-activity-is-complete" {
			continue
		}
		b.Run(x.ID, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				o.Evaluate(x.Facts, x.At)
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		chicago(b)
	}
}

// incidents gives n incidents, the examples of an order again and again, each
// under a number of its own.
func incidents(o *Order, n int) iter.Seq[Facts] {
	var some []Facts
	for _, x := range o.Examples {
		if x.Facts.Incident.Number != "" {
			some = append(some, x.Facts)
		}
	}
	return func(yield func(Facts) bool) {
		for i := range n {
			f := some[i%len(some)]
			f.Incident.Number = jurat.IncidentNumber(fmt.Sprintf("2026-%06d", i+1))
			if !yield(f) {
				return
			}
		}
	}
}

// processorTime is what this process has used: on a machine others work on, the
// clock on the wall says more of them than of us.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		t.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// TestTheDutiesOfEveryOpenIncidentAreListedInTime is the morning list of a
// large city: all duties of 100,000 incidents in 10 seconds and 256 MiB. The
// suite lists a tenth of them; JURAT_BENCH=1 lists them all.
func TestTheDutiesOfEveryOpenIncidentAreListedInTime(t *testing.T) {
	n := 10_000
	if os.Getenv("JURAT_BENCH") != "" {
		n = 100_000
	} else if testing.Short() {
		n = 1_000
	}
	o := chicago(t)
	runtime.GC()
	var most atomic.Uint64
	stop := make(chan struct{})
	go func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most.Store(max(most.Load(), m.HeapInuse+m.StackInuse))
			}
		}
	}()
	start, used := time.Now(), processorTime(t)
	lines := Due(EvaluateAll([]*Order{o}, incidents(o, n), someTimes[4].AddDate(0, 3, 0)), someTimes[4].AddDate(0, 3, 0), nil)
	took := time.Since(start)
	used = processorTime(t) - used
	close(stop)
	t.Logf("%d incidents, %d lines: %s, of which %s of processor time over %d processors; %d MiB in use at most", n, len(lines), took, used, runtime.GOMAXPROCS(0), most.Load()>>20)
	if len(lines) < n {
		t.Errorf("%d lines of %d incidents", len(lines), n)
	}
	if os.Getenv("JURAT_BENCH") != "" && (used > 20*time.Second || most.Load() > 256<<20) {
		t.Errorf("it took %s on two processors, and %d MiB", used/2, most.Load()>>20)
	}
}

func TestAListThatIsLeftEarlyLeavesNothingBehind(t *testing.T) {
	o := small(t)
	before := runtime.NumGoroutine()
	for range EvaluateAll([]*Order{o}, incidents(o, 1000), someTimes[4]) {
		break
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines before, %d after", before, runtime.NumGoroutine())
}
