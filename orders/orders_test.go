package orders

import (
	"strings"
	"testing"

	"jurat/order"
)

func TestEveryOrderThatShipsIsAcceptedAndPassesItsOwnTests(t *testing.T) {
	if len(Names()) == 0 {
		t.Fatal("no order ships")
	}
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			src, err := Read(name)
			if err != nil {
				t.Fatal(err)
			}
			o, problems := order.Parse(name, src)
			if o == nil {
				t.Fatalf("refused:\n%s", problems.Refused())
			}
			report := o.Test()
			if report.Tests < 8 {
				t.Errorf("%d tests, want at least 8", report.Tests)
			}
			for _, r := range report.Results {
				if r.Failed {
					t.Errorf("%s (%s):\n  %s", r.ID, r.Title, strings.Join(r.Reasons, "\n  "))
				}
			}
		})
	}
}
