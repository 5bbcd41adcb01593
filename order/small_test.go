package order

import (
	"os"
	"strings"
	"testing"
)

func small(t testing.TB) *Order {
	t.Helper()
	src, err := os.ReadFile("testdata/small.yaml")
	if err != nil {
		t.Fatal(err)
	}
	o, ps := Parse("small.yaml", src)
	if o == nil {
		t.Fatalf("the small order is refused:\n%s", ps)
	}
	return o
}

func TestTheSmallOrderPassesItsOwnTests(t *testing.T) {
	for _, r := range small(t).Test().Results {
		if r.Failed {
			t.Errorf("%s: %s", r.ID, strings.Join(r.Reasons, "\n"))
		}
	}
}
