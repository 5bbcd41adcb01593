package order

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Until an evaluation says that it may be otherwise, it is as it was; and a list
// that keeps what was evaluated is the list that is made anew.
func TestAnEvaluationHoldsUntilItSays(t *testing.T) {
	o := chicago(t)
	var again, held int
	rapid.Check(t, func(t *rapid.T) {
		f := anyFacts(o).Draw(t, "facts")
		if rapid.Bool().Draw(t, "of the examples") {
			f = o.Examples[rapid.IntRange(0, len(o.Examples)-1).Draw(t, "which")].Facts
		}
		at := anyTime().Draw(t, "at").Add(time.Duration(rapid.Int64Range(0, int64(400*24*time.Hour)).Draw(t, "later")))
		var then time.Time
		e := DutiesOf([]*Order{o}, f, at)
		switch {
		case e.Until.IsZero():
			then = at.Add(time.Duration(rapid.Int64Range(0, int64(4000*24*time.Hour)).Draw(t, "for good")))
		case !e.Until.After(at):
			again++
			return
		default:
			long := e.Until.Sub(at) - 1
			then = at.Add(rapid.SampledFrom([]time.Duration{long, long / 2, long - 1, 1}).Draw(t, "within"))
			then = slices.MaxFunc([]time.Time{at, slices.MinFunc([]time.Time{then, e.Until.Add(-1)}, time.Time.Compare)}, time.Time.Compare)
		}
		held++
		want := Due(slices.Values([]Evaluation{DutiesOf([]*Order{o}, f, then)}), then, nil)
		var list DueList
		list.Replace(slices.Values([]Evaluation{e}))
		got, err := list.Page(then, "", len(want)+1, anybody)
		if err != nil {
			t.Fatal(err)
		}
		for _, lines := range [][]Line{want, got.Lines} { // centuries are longer than a Duration: their order says nothing
			slices.SortFunc(lines, func(a, b Line) int { return strings.Compare(a.ID+" "+a.Item, b.ID+" "+b.Item) })
		}
		if len(want) != got.Total || len(want) > 0 && !reflect.DeepEqual(got.Lines, want) {
			t.Fatalf("evaluated at %s, until %s, and listed at %s:\n%+v\nwant\n%+v", at, e.Until, then, got.Lines, want)
		}
	})
	if held < again {
		t.Errorf("%d evaluations held, and %d were for their moment alone", held, again)
	}
}
