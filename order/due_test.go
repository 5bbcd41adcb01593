package order

import (
	"reflect"
	"slices"
	"testing"
	"time"
)

// A line that is kept with what all lines of its duty share comes out as it
// went in, every field of it.
func TestALineOfALongListComesOutAsItWentIn(t *testing.T) {
	shared := map[sameDuty]*Line{}
	one := func(n int) Line {
		var l Line
		v := reflect.ValueOf(&l).Elem()
		for i := range v.NumField() {
			switch f := v.Field(i); f.Interface().(type) {
			case time.Time:
				f.Set(reflect.ValueOf(someTimes[4].AddDate(0, 0, n+i)))
			case Label:
				f.Set(reflect.ValueOf(Label{"en": "a"}))
			default:
				switch f.Kind() {
				case reflect.String:
					f.SetString(v.Type().Field(i).Name)
				case reflect.Bool:
					f.SetBool(true)
				case reflect.Int, reflect.Int64:
					f.SetInt(int64(i + n))
				}
			}
			if v.Field(i).IsZero() {
				t.Fatalf("the test does not fill %s", v.Type().Field(i).Name)
			}
		}
		return l
	}
	for n := range 3 {
		l := one(n)
		l.Incident += "x"
		if n == 2 {
			l.Unassigned = time.Time{}
			l.Owner = "another"
		}
		at := someTimes[6]
		l.State, l.Age, l.Overdue = Late, time.Duration(n+1)*time.Hour, at.Sub(l.Due)
		k := gather(shared, l, at.Add(-l.Age))
		if got := k.line(at); !reflect.DeepEqual(got, l) {
			t.Errorf("%+v came out as %+v", l, got)
		}
	}
	if len(shared) != 2 {
		t.Errorf("%d duties are shared, want 2", len(shared))
	}
}

// A list says of each duty what its incident's own page says.
func TestAListOfDutiesSaysWhatThePageSays(t *testing.T) {
	o := chicago(t)
	for _, x := range o.Examples {
		want := o.Evaluate(x.Facts, x.At)
		got := DutiesOf([]*Order{o}, x.Facts, x.At)
		for i := range want.Duties {
			want.Duties[i].Why = nil
		}
		for i := range got.Duties {
			got.Duties[i].Why = nil
		}
		if !reflect.DeepEqual(got.Duties, want.Duties) || got.Gates != nil || got.Incident != want.Incident {
			t.Errorf("%s: listed otherwise than shown", x.ID)
		}
		a, b := Due(slices.Values([]Evaluation{got}), x.At, nil), Due(slices.Values([]Evaluation{want}), x.At, nil)
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%s: the lines differ", x.ID)
		}
	}
}
