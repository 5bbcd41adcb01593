package order

import (
	"os"
	"testing"
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
