package numbers_test

import (
	"os"
	"strings"
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

// sampleCheck is the check of docs/publication.md by which anybody draws a
// review sample again.
func sampleCheck(t testing.TB) string {
	t.Helper()
	doc, err := os.ReadFile("../../docs/publication.md")
	if err != nil {
		t.Fatal(err)
	}
	_, script, ok := strings.Cut(string(doc), "```python\n")
	script, _, ended := strings.Cut(script, "```")
	if !ok || !ended || strings.Count(script, "\n") != 6 {
		t.Fatal("docs/publication.md has no check of six lines of Python")
	}
	return script
}
