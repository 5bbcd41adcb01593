package desk_test

import (
	"fmt"
	"sync"
	"syscall"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk/desktest"
)

// BenchmarkAct measures a whole durable act: policy, law, leaf, disclosures,
// state, one transaction. Every act has the time it is done at, as at the door:
// ids are ordered by it, and ids in no order would write a page of two indexes
// for every act. The processor time hardly changes with what else the machine
// does, so it is the figure to compare.
func BenchmarkAct(b *testing.B) {
	for _, writers := range []int{1, 16, 256} {
		b.Run(fmt.Sprintf("%d writers", writers), func(b *testing.B) {
			r := desktest.City(b)
			incidents := make([]jurat.IncidentNumber, writers)
			for i := range incidents {
				incidents[i] = r.Opened(b)
			}
			var wg sync.WaitGroup
			b.ResetTimer()
			began, spent := time.Now(), cpu()
			for w := range writers {
				wg.Go(func() {
					who := r.As("officer-4471")
					who.Signer = nil
					for i := w; i < b.N; i += writers {
						if _, _, err := r.AddParty(b.Context(), who, time.Now(), incidents[w], jurat.Particulars{Slot: "Witness 1", Capacity: "witness"}); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64((cpu()-spent).Microseconds())/float64(b.N), "cpu-µs/act")
			b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "acts/s")
		})
	}
}

// cpu is the processor time this program has used.
func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
