package desk_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
)

// What was done with an exhibit is what the incident's events say of its number, in
// the order of the chain, and nothing of another's.
func TestCustodyIsWhatTheChainSaysOfAnExhibit(t *testing.T) {
	engines(t, func(t *testing.T, engine desktest.Engine) {
		r := desktest.CityOn(t, engine)
		in := r.Opened(t)
		r.Complete(t, in)
		for i, x := range r.Received(t, desktest.Noon, in, "another film", "a third") {
			for k := range i + 2 {
				_, film, err := r.ReadExhibit(t.Context(), r.As("detective-2208"), at(time.Duration(k+1)*time.Hour), x.ID)
				must(t, err)
				must(t, film.Close())
			}
			_, answer, _, err := r.VerifyExhibit(t.Context(), r.As("detective-2208"), at(5*time.Hour), x.ID)
			if err != nil || answer != "intact" {
				t.Errorf("%s: %s, %v", x.ID, answer, err)
			}
			d := time.Duration(i) * time.Second
			_, _, err = r.TimeExhibit(t.Context(), r.As("officer-4471"), at(6*time.Hour), x.ID, jurat.Timing{Offset: &d, Source: jurat.OffsetBySameEvent, Reason: "a door closes in both"})
			must(t, err)
		}
		all, err := r.Events(t.Context(), r.As("auditor-1"), at(9*time.Hour), in)
		must(t, err)
		view, err := r.Show(t.Context(), r.As("auditor-1"), at(9*time.Hour), in)
		must(t, err)
		for _, x := range view.Exhibits {
			want := slices.DeleteFunc(slices.Clone(all), func(s desk.Said) bool { return s.Item.ID != x.Value.ID })
			got, err := r.Custody(t.Context(), r.As("auditor-1"), at(9*time.Hour), x.Value.ID)
			if err != nil || len(want) == 0 || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %v, %+v, want %+v", x.Value.ID, err, got, want)
			}
		}
		if _, err := r.Custody(t.Context(), r.As("auditor-1"), desktest.Noon, jurat.ItemID(in)); err == nil {
			t.Error("an incident has custody")
		}
	})
}
