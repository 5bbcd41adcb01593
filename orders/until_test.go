package orders

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"jurat/order"
)

// What a list of duties keeps is as it would be made anew, in every order that
// ships, at its examples, and around the days on which its standing changes.
func TestADutyStandsUntilItsEvaluationSays(t *testing.T) {
	for _, name := range Names() {
		o, err := Parse(name)
		if o == nil {
			t.Fatalf("%s: %v", name, err)
		}
		held, again := 0, 0
		for _, x := range o.Examples {
			var looked []time.Time
			for _, days := range []int{0, -1, -4, -15, -40, -100, 1, 7, 20, 50, 400} {
				looked = append(looked, x.At.AddDate(0, 0, days))
			}
			for _, st := range o.Status {
				if st.Date.Stated() {
					looked = append(looked, st.Date.At.AddDate(0, 0, -1), st.Date.At.Add(-1), st.Date.At)
				}
			}
			for _, at := range looked {
				e := order.DutiesOf([]*order.Order{o}, x.Facts, at)
				if e.Until.Equal(at) {
					again++
					continue
				}
				held++
				last := e.Until.Add(-1)
				if e.Until.IsZero() {
					last = at.AddDate(5, 0, 0)
				}
				for _, then := range []time.Time{last, at.Add(last.Sub(at) / 2)} {
					want := order.Due(slices.Values([]order.Evaluation{order.DutiesOf([]*order.Order{o}, x.Facts, then)}), then, nil)
					var list order.DueList
					list.Replace(slices.Values([]order.Evaluation{e}))
					got, err := list.Page(then, "", len(want)+1, nil)
					if err != nil || got.Total != len(want) || len(want) > 0 && !reflect.DeepEqual(got.Lines, want) {
						t.Errorf("%s, %s, evaluated at %s until %s, and listed at %s:\n%+v, %v\nwant\n%+v", name, x.ID, at, e.Until, then, got.Lines, err, want)
					}
				}
			}
		}
		t.Logf("%s: %d held for a while, %d for their moment alone", name, held, again)
	}
}
