package desk_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk/desktest"
)

// BenchmarkAct measures a whole durable act: policy, law, leaf, disclosures,
// state, one transaction.
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
			began := time.Now()
			for w := range writers {
				wg.Go(func() {
					who := r.As("officer-4471")
					who.Signer = nil
					for i := w; i < b.N; i += writers {
						if _, _, err := r.AddParty(b.Context(), who, desktest.Noon, incidents[w], jurat.Particulars{Slot: "Witness 1", Capacity: "witness"}); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "acts/s")
		})
	}
}
