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

func replaceOnce(t testing.TB, text, from, to string) string {
	t.Helper()
	if strings.Count(text, from) != 1 {
		t.Fatalf("%q stands %d times", from, strings.Count(text, from))
	}
	return strings.Replace(text, from, to, 1)
}
