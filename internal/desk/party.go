package desk

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"jurat"
	"jurat/internal/register"
)

// AddParty adds a party slot to an incident.
func (d *Desk) AddParty(ctx context.Context, c Caller, at time.Time, in jurat.IncidentNumber, p jurat.Particulars) (jurat.Party, Done, error) {
	return newItem(ctx, d, c, at, jurat.PartyAdded, in, jurat.NounParty, func(tx *register.Tx, h hand, id jurat.ItemID) (jurat.Party, jurat.Event, error) {
		return jurat.AddParty(id, p, h.Hand)
	})
}

// AmendParty states more, or other, about a slot, with a reason.
func (d *Desk) AmendParty(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, p jurat.Particulars, reason string) (jurat.Party, Done, error) {
	return onItem(ctx, d, c, at, jurat.PartyAmended, jurat.NounParty, id, func(tx *register.Tx, h hand, q jurat.Party) (jurat.Party, jurat.Event, error) {
		return q.Amend(p, h.Hand, reason)
	})
}

// OpenSealed opens one sealed class of an item for a person, with the reason
// they typed, which is an event of the incident (IDN-3), or of the house. A compelled statement
// opens to others than counsel once counsel released it. NotFound: the item
// has no such part.
func (d *Desk) OpenSealed(ctx context.Context, c Caller, at time.Time, item jurat.Item, class jurat.Class, reason string) (json.RawMessage, error) {
	var value json.RawMessage
	in := item.ID.Incident()
	if _, err := jurat.ParseItemID(item.Noun, string(item.ID)); err != nil && in == "" {
		return nil, jurat.Errorf(jurat.Invalid, "%q is nothing of an incident, and no record of the house: it has no sealed parts", item.ID)
	}
	err := d.write(ctx, at, func(tx *register.Tx) error {
		_, missing := tx.Lock(in) // what counsel decides on the item waits until it was read
		if missing != nil && !errors.Is(missing, jurat.NotFound) {
			return missing
		}
		h, err := d.hand(tx, c)
		if err != nil {
			return err
		}
		q := question{who: h, action: actionSealed, incident: in, class: class}
		if missing != nil {
			return d.nothingThere(q)
		}
		about, err := recordOf(tx, in, item)
		if err != nil {
			return err
		}
		switch {
		case about != nil:
			if err := d.behind(h, actionSealed, *about); err != nil {
				return err
			}
			q.wall = about.Wall
		case in == register.House && item.Noun == jurat.NounRecord: // told as if a wall kept it
			_, why := d.policy.allows(q)
			return &refusal{said: jurat.Errorf(jurat.NotFound, "there is no record %s", item.ID), entry: q.entry(kindRefused, append(slices.Clone(why), "absent")...)}
		}
		if item.Noun == jurat.NounAccount {
			if a, err := load[jurat.Account](tx, item); err == nil {
				q.released = a.Screened == "released"
			}
		}
		if err := d.allow(tx, q); err != nil {
			return err
		}
		ev, err := jurat.LookAtSealed(in, item, class, reason, h.Hand)
		if err != nil {
			return refusedByLaw(q, err)
		}
		if value, err = d.sealedPart(tx, item, class); err != nil {
			return err
		}
		_, err = d.record(tx, h, jurat.At(at), ev)
		return err
	})
	if err != nil {
		return nil, err
	}
	return value, nil
}

// sealedPart is the newest sealed part of a class that an event of the item set.
func (d *Desk) sealedPart(tx *register.Tx, item jurat.Item, class jurat.Class) (json.RawMessage, error) {
	events, err := tx.EventsOf(item)
	if err != nil {
		return nil, err
	}
	for i := len(events) - 1; i >= 0; i-- {
		for _, part := range events[i].Sealed {
			if part.Class == class {
				body, err := d.unseal(events[i].ID, part)
				if err != nil {
					return nil, err
				}
				_, value, err := body.Open()
				return value, err
			}
		}
	}
	return nil, jurat.Errorf(jurat.NotFound, "%s %s has no %s part", item.Noun, item.ID, class)
}
