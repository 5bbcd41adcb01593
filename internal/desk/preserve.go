package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"jurat"
	"jurat/internal/register"
)

// AddFlag flags an exhibit on at least one ground of the adopted orders' table
// (EVD-2). With no order adopted any ground in words is kept.
func (d *Desk) AddFlag(ctx context.Context, c Caller, at time.Time, exhibit jurat.ItemID, grounds []string) (jurat.Flag, Done, error) {
	if _, err := jurat.ParseItemID(jurat.NounExhibit, string(exhibit)); err != nil {
		return jurat.Flag{}, Done{}, err
	}
	return newItem(ctx, d, c, at, jurat.FlagAdded, exhibit.Incident(), jurat.NounFlag, func(tx *register.Tx, h hand, id jurat.ItemID) (jurat.Flag, jurat.Event, error) {
		x, err := load[jurat.Exhibit](tx, jurat.Item{Noun: jurat.NounExhibit, ID: exhibit})
		if err != nil {
			return jurat.Flag{}, jurat.Event{}, err
		}
		if err := x.There(); err != nil {
			return jurat.Flag{}, jurat.Event{}, err
		}
		known := h.house.orders.grounds()
		for _, g := range grounds {
			if len(known) > 0 && !slices.Contains(known, g) {
				return jurat.Flag{}, jurat.Event{}, jurat.Errorf(jurat.Invalid, "ground %q is not in an adopted order's table: one of %s", g, strings.Join(known, ", "))
			}
		}
		return jurat.AddFlag(id, exhibit, grounds, h.Hand, jurat.At(at))
	})
}

// ConfirmExhibit records that the holder of an exhibit held elsewhere
// confirmed the flag there.
func (d *Desk) ConfirmExhibit(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, word string) (jurat.Exhibit, Done, error) {
	return onItem(ctx, d, c, at, jurat.ExhibitConfirmed, jurat.NounExhibit, id, func(tx *register.Tx, h hand, x jurat.Exhibit) (jurat.Exhibit, jurat.Event, error) {
		return x.Confirm(word, h.Hand, jurat.At(at))
	})
}

// PlaceHold places a hold on items of an incident, or on everything in it; for
// the zero number, on incidents and items anywhere, or on everything on the
// record (LAW-3). Of another incident than its own a scope is not asked whether
// it is there, so that nobody learns of one by naming it.
func (d *Desk) PlaceHold(ctx context.Context, c Caller, at time.Time, in jurat.IncidentNumber, matter string, scope []jurat.ItemID) (jurat.Hold, Done, error) {
	return newItem(ctx, d, c, at, jurat.HoldPlaced, in, jurat.NounHold, func(tx *register.Tx, h hand, id jurat.ItemID) (jurat.Hold, jurat.Event, error) {
		if err := there(tx, in, scope...); err != nil {
			return jurat.Hold{}, jurat.Event{}, err
		}
		for _, item := range scope {
			if err := d.reaches(tx, h, in, item); err != nil {
				return jurat.Hold{}, jurat.Event{}, err
			}
		}
		return jurat.PlaceHold(id, matter, scope, h.Hand, jurat.At(at))
	})
}

// ReleaseHold lifts a hold, with a reason.
func (d *Desk) ReleaseHold(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, reason string) (jurat.Hold, Done, error) {
	return onItem(ctx, d, c, at, jurat.HoldReleased, jurat.NounHold, id, func(tx *register.Tx, h hand, x jurat.Hold) (jurat.Hold, jurat.Event, error) {
		return x.Release(reason, h.Hand, jurat.At(at))
	})
}
