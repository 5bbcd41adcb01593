package desk_test

import (
	"errors"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk/desktest"
)

// SEC-20: an offset that was corrected leaves the first one on the record, in
// the exhibit, in its custody and to who doubts everything.
func TestAnOffsetIsCorrectedAndTheFirstStays(t *testing.T) {
	engines(t, func(t *testing.T, engine desktest.Engine) {
		r := desktest.CityOn(t, engine)
		in := r.Opened(t)
		x := r.Received(t, desktest.Noon, in, "a film")[0]
		for i, d := range []time.Duration{14 * time.Second, 14250 * time.Millisecond} {
			_, _, err := r.TimeExhibit(t.Context(), r.As("officer-4471"), at(time.Duration(i+1)*time.Hour), x.ID, jurat.Timing{Offset: &d, Source: jurat.OffsetBySameEvent, Reason: "a door closes in both"})
			must(t, err)
		}
		v, err := r.Show(t.Context(), r.As("officer-4471"), at(3*time.Hour), in)
		must(t, err)
		got := v.Exhibits[0].Value
		if len(got.Offsets) != 2 || *got.Offsets[0].Millis != 14_000 || *got.Offsets[1].Millis != 14_250 || got.Offsets[1].By != "officer-4471" {
			t.Errorf("offsets %+v", got.Offsets)
		}
		if !got.ReceivedAt.Equal(x.ReceivedAt) || got.Digest != x.Digest {
			t.Errorf("what was received changed: %+v", got)
		}
		said, err := r.Events(t.Context(), r.As("auditor-1"), at(4*time.Hour), in)
		must(t, err)
		n := 0
		for _, e := range said {
			if e.Act == jurat.ExhibitTimed && e.Item.ID == x.ID && e.Note == "a door closes in both" {
				n++
			}
		}
		if n != 2 {
			t.Errorf("%d acts are in its custody, want 2", n)
		}
	})
}

func TestAMarkIsAmendedByAddition(t *testing.T) {
	engines(t, func(t *testing.T, engine desktest.Engine) {
		r := desktest.CityOn(t, engine)
		in := r.Opened(t)
		films := r.Received(t, desktest.Noon, in, "a film", "another")
		mark := func(who jurat.PersonID, x jurat.ItemID, note string, amends jurat.ItemID) (jurat.Mark, error) {
			k, _, err := r.AddMark(t.Context(), r.As(who), at(time.Hour), x, jurat.Marking{From: 42_000, Note: note}, amends)
			return k, err
		}
		first, err := mark("officer-4471", films[0].ID, "a door", "")
		must(t, err)
		second, err := mark("detective-2208", films[0].ID, "a car door", first.ID)
		must(t, err)
		if second.Amends != first.ID || second.By != "detective-2208" {
			t.Errorf("amended %+v", second)
		}
		_, err = mark("officer-4471", films[1].ID, "x", first.ID)
		refused(t, err, jurat.Invalid, "is a mark on")
		_, err = mark("officer-4471", films[0].ID, "x", jurat.NumberItem(in, jurat.NounMark, 9))
		refused(t, err, jurat.NotFound, "")
		_, err = mark("officer-4471", films[0].ID, "x", "2026-000777-M1")
		refused(t, err, jurat.Invalid, "another incident")
		_, err = mark("records-3", films[0].ID, "x", "")
		refused(t, err, jurat.Forbidden, "may not do this")
		_, err = mark("auditor-1", films[0].ID, "x", "")
		refused(t, err, jurat.Forbidden, "may not do this")
		_, _, err = r.AddMark(t.Context(), r.As("officer-4471"), at(time.Hour), jurat.NumberItem(in, jurat.NounExhibit, 9), jurat.Marking{Note: "x"}, "")
		refused(t, err, jurat.NotFound, "")
		if _, _, err := r.AddMark(t.Context(), r.As("officer-4471"), at(time.Hour), "E1", jurat.Marking{Note: "x"}, ""); !errors.Is(err, jurat.Invalid) {
			t.Errorf("of no exhibit's number: %v", err)
		}
		v, err := r.Show(t.Context(), r.As("counsel-3"), at(2*time.Hour), in)
		must(t, err)
		if len(v.Marks) != 2 || v.Marks[0].Value.Note != "a door" || v.Marks[1].Value.Note != "a car door" {
			t.Errorf("shown are %+v", v.Marks)
		}
	})
}
