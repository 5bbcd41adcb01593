package desk

import (
	"context"
	"time"

	"jurat"
	"jurat/internal/register"
)

// TimeExhibit records how far an exhibit's clock was ahead of the common one,
// as [jurat.Exhibit.Time] does; what was recorded before stays beside it
// (SEC-20).
func (d *Desk) TimeExhibit(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, t jurat.Timing) (jurat.Exhibit, Done, error) {
	return onItem(ctx, d, c, at, jurat.ExhibitTimed, jurat.NounExhibit, id, func(_ *register.Tx, h hand, x jurat.Exhibit) (jurat.Exhibit, jurat.Event, error) {
		return x.Time(t, h.Hand, jurat.At(at))
	})
}

// AddMark marks a moment of an exhibit, or a stretch of it, as [jurat.AddMark]
// does. amends names the mark it is in place of, and may be empty; NotFound:
// there is none of that number.
func (d *Desk) AddMark(ctx context.Context, c Caller, at time.Time, exhibit jurat.ItemID, m jurat.Marking, amends jurat.ItemID) (jurat.Mark, Done, error) {
	if _, err := jurat.ParseItemID(jurat.NounExhibit, string(exhibit)); err != nil {
		return jurat.Mark{}, Done{}, err
	}
	if amends != "" {
		if _, err := jurat.ParseItemID(jurat.NounMark, string(amends)); err != nil {
			return jurat.Mark{}, Done{}, err
		}
	}
	return newItem(ctx, d, c, at, jurat.MarkAdded, exhibit.Incident(), jurat.NounMark, func(tx *register.Tx, h hand, id jurat.ItemID) (jurat.Mark, jurat.Event, error) {
		x, err := load[jurat.Exhibit](tx, jurat.Item{Noun: jurat.NounExhibit, ID: exhibit})
		if err != nil {
			return jurat.Mark{}, jurat.Event{}, err
		}
		m := m
		if amends != "" {
			if amends.Incident() != exhibit.Incident() {
				return jurat.Mark{}, jurat.Event{}, jurat.Errorf(jurat.Invalid, "%s is in another incident than %s", amends, exhibit)
			}
			before, err := load[jurat.Mark](tx, jurat.Item{Noun: jurat.NounMark, ID: amends})
			if err != nil {
				return jurat.Mark{}, jurat.Event{}, err
			}
			m.Amends = &before
		}
		return jurat.AddMark(id, x, m, h.Hand, jurat.At(at))
	})
}
