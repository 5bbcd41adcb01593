package order

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"jurat"
)

func anybody(jurat.IncidentNumber, string) bool { return true }

// listed evaluates the examples of an order as so many incidents.
func listed(t *testing.T, at time.Time) map[jurat.IncidentNumber]Evaluation {
	t.Helper()
	o := chicago(t)
	all := map[jurat.IncidentNumber]Evaluation{}
	for i, x := range o.Examples {
		f := x.Facts
		if f.Incident.Number != "" {
			f.Incident.Number = jurat.NewIncidentNumber(2026, i+1)
		}
		all[f.Incident.Number] = DutiesOf([]*Order{o}, f, at)
	}
	return all
}

func TestAListThatIsKeptIsTheListMadeAnew(t *testing.T) {
	at := someTimes[6]
	all := listed(t, at)
	var list DueList
	list.Replace(maps.Values(all))
	for in := range all { // what each owed at another time, put in the place of this
		e := all[in]
		for i := range e.Duties {
			if i%2 == 0 {
				e.Duties = slices.Clone(e.Duties)
				e.Duties[i].State = Met
			}
		}
		all[in] = e
		list.Replace(slices.Values([]Evaluation{e}))
	}
	want := Due(maps.Values(all), at, nil)
	got, err := list.Page(at, "", len(want), anybody)
	if err != nil || got.Next != "" || got.Total != len(want) || len(want) < 20 || !reflect.DeepEqual(got.Lines, want) {
		t.Errorf("%d lines of %d, next %q, %v; want %d", len(got.Lines), got.Total, got.Next, err, len(want))
	}
}

func TestAListOfDutiesIsReadPageByPage(t *testing.T) {
	at := someTimes[6]
	all := listed(t, at)
	var list DueList
	list.Replace(maps.Values(all))
	owner := func(_ jurat.IncidentNumber, who string) bool { return who == "evidence" || who == "officer" }
	want := Due(maps.Values(all), at, func(l Line) bool { return owner(l.Incident, l.Owner) })
	for _, most := range []int{1, 3, len(want)} {
		var got []Line
		after := ""
		for n := 0; ; n++ {
			p, err := list.Page(at, after, most, owner)
			if err != nil || p.Total != len(want) || len(p.Lines) > most || n > len(want) {
				t.Fatalf("page %d of %d: %d of %d, %v", n, most, len(p.Lines), p.Total, err)
			}
			got = append(got, p.Lines...)
			if after = p.Next; after == "" {
				break
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("by %d: %s, want %s", most, named(got), named(want))
		}
	}
	// What the key is of may be gone: the reading goes on where it stood.
	first, err := list.Page(at, "", 2, owner)
	if err != nil {
		t.Fatal(err)
	}
	list.Replace(slices.Values([]Evaluation{{Incident: first.Lines[0].Incident, At: at}, {Incident: first.Lines[1].Incident, At: at}}))
	rest := slices.DeleteFunc(slices.Clone(want[2:]), func(l Line) bool {
		return l.Incident == first.Lines[0].Incident || l.Incident == first.Lines[1].Incident
	})
	next, err := list.Page(at, first.Next, len(want), owner)
	if err != nil || !reflect.DeepEqual(next.Lines, rest) {
		t.Errorf("after what is gone: %s, %v; want %s", named(next.Lines), err, named(rest))
	}
	for _, key := range []string{"x", "late - - - - - -", "late yesterday urgent - - a b c", first.Next + "é"} {
		p, err := list.Page(at, key, 1, owner)
		if err == nil && key != first.Next+"é" {
			t.Errorf("%q was taken as a key: %+v", key, p)
		}
	}
}

func named(all []Line) (out []string) {
	for _, l := range all {
		out = append(out, fmt.Sprint(l.Incident, l.ID, l.Item))
	}
	return out
}
