package desk

import (
	"context"
	"slices"
	"time"

	"jurat"
	"jurat/internal/register"
)

// offers are the acts that the pages of an incident and of what is in it offer.
var offers = [...]jurat.Act{
	jurat.PartyAdded, jurat.RecordAdded, jurat.ExhibitLocated, jurat.HoldPlaced, jurat.HoldReleased, jurat.AccountAsked, jurat.AccountGiven, jurat.AccountScreened,
	jurat.AllegationAdded, jurat.AllegationWeighed, jurat.AllegationMapped, jurat.ContactRecorded,
	jurat.ExhibitConfirmed, jurat.ExhibitVerified, jurat.ExhibitProbed, jurat.ExhibitDerived, jurat.ExhibitTimed, jurat.MarkAdded, jurat.FlagAdded,
	jurat.RedactionMade, jurat.RedactionReviewed, jurat.RedactionReturned, jurat.RedactionReleased,
}

// offered are those of the offers that somebody may ask for in an incident they
// may open. It says who, and not when: the law may still ask for more.
func (d *Desk) offered(h hand, in jurat.IncidentNumber) (all Offers) {
	for _, act := range offers {
		if may, _ := d.policy.allows(question{who: h, action: act, incident: in}); may {
			all = append(all, act)
		}
	}
	return all
}

// Offers are the acts that the pages of an incident offer to who looks at it.
type Offers []jurat.Act

// May reports whether an act is among them: nobody is led to what they would be
// refused.
func (o Offers) May(act jurat.Act) bool { return slices.Contains(o, act) }

// RecordTypes lists the types of records the caller may add to an incident or,
// with the zero number, to the house, as the orders in force have them; of two
// orders that have one type, the first's. It opens the incident, as [Desk.Records]
// does.
func (d *Desk) RecordTypes(ctx context.Context, c Caller, at time.Time, in jurat.IncidentNumber) ([]*RecordType, error) {
	var all []*RecordType
	read := func(tx *register.Tx, h hand) error {
		all = nil
		for _, o := range h.house.orders.orders {
			for _, t := range o.Records {
				fits := t.Scope.InIncident()
				if in == register.House {
					fits = t.Scope.InHouse()
				}
				q := walled(h, jurat.RecordAdded, jurat.Record{Wall: t.Wall, Author: h.Person})
				q.incident = in
				may, _ := d.policy.allows(q)
				if fits && may && !slices.ContainsFunc(all, func(x *RecordType) bool { return x.ID == t.ID }) {
					all = append(all, t)
				}
			}
		}
		return nil
	}
	var err error
	if in == register.House {
		err = d.read(ctx, c, at, actionList, register.House, read)
	} else {
		err = d.open(ctx, c, at, jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(in)}, read)
	}
	if err != nil {
		return nil, err
	}
	return all, nil
}
