package numbers_test

import (
	"os"
	"testing"

	"jurat/order"
)

// example is the small order of this room's tests: the golden files rest on it,
// and on no file that ships.
func example(t testing.TB) *order.Order {
	t.Helper()
	src, err := os.ReadFile("testdata/example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	o, problems := order.Parse("example.yaml", src)
	if o == nil {
		t.Fatal(problems)
	}
	if r := o.Test(); r.Failed > 0 {
		t.Fatal(r.Results)
	}
	return o
}
