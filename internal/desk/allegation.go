package desk

import (
	"context"
	"slices"
	"time"

	"jurat"
	"jurat/internal/register"
)

// AddAllegation proposes an allegation. An offence of an adopted order's table
// brings its cite, level and elements; one in no table is kept as written, with
// level unclear, and cannot be referred until it is mapped (LAW-12).
func (d *Desk) AddAllegation(ctx context.Context, c Caller, at time.Time, in jurat.IncidentNumber, offence string, actor jurat.ActorKind, party jurat.ItemID) (jurat.Allegation, Done, error) {
	return newItem(ctx, d, c, at, jurat.AllegationAdded, in, jurat.NounAllegation, alleging(at, in, offence, actor, party))
}

// alleging is the law's part of [Desk.AddAllegation].
func alleging(at time.Time, in jurat.IncidentNumber, offence string, actor jurat.ActorKind, party jurat.ItemID) func(*register.Tx, hand, jurat.ItemID) (jurat.Allegation, jurat.Event, error) {
	return func(tx *register.Tx, h hand, id jurat.ItemID) (jurat.Allegation, jurat.Event, error) {
		if err := there(tx, in, party); err != nil {
			return jurat.Allegation{}, jurat.Event{}, err
		}
		return jurat.AddAllegation(id, h.house.orders.charge(offence), actor, party, h.Hand, jurat.At(at))
	}
}

// A Weight is what is added to one element of an allegation.
type Weight = jurat.Weight

// WeighAllegation adds to one element: evidence, a statement that none is
// known, what is not known. NotFound: an item named is not in the incident.
func (d *Desk) WeighAllegation(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, w Weight) (jurat.Allegation, Done, error) {
	return onItem(ctx, d, c, at, jurat.AllegationWeighed, jurat.NounAllegation, id, func(tx *register.Tx, h hand, a jurat.Allegation) (jurat.Allegation, jurat.Event, error) {
		for _, e := range slices.Concat(w.For, w.Against) {
			if err := there(tx, a.Incident, e.Item.ID); err != nil {
				return a, jurat.Event{}, err
			}
		}
		for _, n := range w.NotKnown {
			if err := there(tx, a.Incident, n.Account); err != nil {
				return a, jurat.Event{}, err
			}
		}
		return a.Weigh(w, h.Hand, jurat.At(at))
	})
}

// MapAllegation puts an allegation kept in words under an offence of an adopted
// order's table (LAW-12). Invalid: no table has it. Conflict: it cites a law.
func (d *Desk) MapAllegation(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, offence string) (jurat.Allegation, Done, error) {
	return onItem(ctx, d, c, at, jurat.AllegationMapped, jurat.NounAllegation, id, func(tx *register.Tx, h hand, a jurat.Allegation) (jurat.Allegation, jurat.Event, error) {
		return a.Map(h.house.orders.charge(offence), h.Hand, jurat.At(at))
	})
}

// SetAllegationStatus records what a body with that power said (RPT-2).
func (d *Desk) SetAllegationStatus(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, s jurat.AllegationStatus, source string) (jurat.Allegation, Done, error) {
	return onItem(ctx, d, c, at, jurat.AllegationRuled, jurat.NounAllegation, id, func(tx *register.Tx, h hand, a jurat.Allegation) (jurat.Allegation, jurat.Event, error) {
		return a.SetStatus(s, source, h.Hand, jurat.At(at))
	})
}
