package desk

import (
	"errors"
	"slices"

	"jurat"
	"jurat/internal/register"
)

// behind asks the policy about a record that stands behind a wall; of others
// nothing is left to be asked. Who is kept from it is told what is told of a
// record that is not there, and the attempt is journalled.
func (d *Desk) behind(h hand, action jurat.Act, r jurat.Record) error {
	if r.Wall == "" {
		return nil
	}
	q := walled(h, action, r)
	allowed, why := d.policy.allows(q)
	if allowed {
		return nil
	}
	return &refusal{said: jurat.Errorf(jurat.NotFound, "there is no record %s", r.ID), entry: q.entry(kindRefused, why...)}
}

// mayWrite refuses a record behind a wall to who may not write there: its type
// stands in a public order, so nothing is told by saying so.
func (d *Desk) mayWrite(h hand, typ jurat.RecordType, w jurat.Wall) error {
	if w == "" {
		return nil
	}
	q := walled(h, jurat.RecordAdded, jurat.Record{Wall: w, Author: h.Person})
	if allowed, why := d.policy.allows(q); !allowed {
		whose := "who looks into complaints"
		if w.WorkProduct() {
			whose = "prosecutors, in their own office's record,"
		}
		return &refusal{said: jurat.Errorf(jurat.Forbidden, "a record of type %s is for %s to write", typ, whose), entry: q.entry(kindRefused, why...)}
	}
	return nil
}

// keeps reports whether a wall keeps a record from somebody who reads a list:
// they are not told that it is there, and nothing was attempted.
func (d *Desk) keeps(h hand, r jurat.Record) bool {
	if r.Wall == "" {
		return false
	}
	allowed, _ := d.policy.allows(walled(h, actionList, r))
	return !allowed
}

func walled(h hand, action jurat.Act, r jurat.Record) question {
	q := question{who: h, action: action, wall: r.Wall, author: h.Person != "" && r.Author == h.Person}
	if r.Wall.WorkProduct() && h.house != nil { // what a court hid, it hides here too
		q.hidden = h.house.hides(h, IncidentNamed(r.Fields))
	}
	return q
}

// recordOf is the record of the house that an event is about: what was done to
// it, or somebody's look at it. Nil: it is about something else.
func recordOf(tx *register.Tx, in jurat.IncidentNumber, i jurat.Item) (*jurat.Record, error) {
	if in != register.House || i.Noun != jurat.NounRecord && i.Noun != jurat.NounLook {
		return nil, nil
	}
	r, err := load[jurat.Record](tx, jurat.Item{Noun: jurat.NounRecord, ID: i.ID})
	if errors.Is(err, jurat.NotFound) {
		return nil, nil
	}
	return &r, err
}

// reaches refuses to let a record name one that a wall keeps from its author.
func (d *Desk) reaches(tx *register.Tx, h hand, in jurat.IncidentNumber, id jurat.ItemID) error {
	r, err := recordOf(tx, in, jurat.Item{Noun: jurat.NounRecord, ID: id})
	if err != nil || r == nil {
		return err
	}
	return d.behind(h, actionList, *r)
}

// without leaves out what a wall keeps from somebody.
func (d *Desk) without(h hand, all []Shown[jurat.Record]) []Shown[jurat.Record] {
	return slices.DeleteFunc(all, func(s Shown[jurat.Record]) bool { return d.keeps(h, s.Value) })
}

// withinSight leaves of the holds of the house what they name of incidents that
// somebody may open: one that names nothing else is not there for them.
func (d *Desk) withinSight(tx *register.Tx, h hand, all []Shown[jurat.Hold]) ([]Shown[jurat.Hold], error) {
	left := all[:0]
	for _, one := range all {
		scope := one.Value.Scope
		if one.Value.ID.Incident() == register.House && len(scope) > 0 {
			one.Value.Scope = nil
			for _, item := range scope {
				may, err := d.mayView(tx, h, chainOf(item))
				if err != nil {
					return nil, err
				}
				if may {
					one.Value.Scope = append(one.Value.Scope, item)
				}
			}
			if len(one.Value.Scope) == 0 {
				continue
			}
		}
		left = append(left, one)
	}
	return left, nil
}

// chainOf is the incident of an item, or the incident that an item is.
func chainOf(id jurat.ItemID) jurat.IncidentNumber {
	if in := id.Incident(); in != "" {
		return in
	}
	return jurat.IncidentNumber(id)
}

// withholds reports whether what an event of the house says is kept from
// somebody who may list the house: what a wall keeps from them, a court's order
// about an incident, a hold over an incident they may not open.
func (d *Desk) withholds(tx *register.Tx, h hand, i jurat.Item) (bool, error) {
	switch i.Noun {
	case jurat.NounRecord, jurat.NounLook:
		about, err := recordOf(tx, register.House, i)
		return about != nil && d.keeps(h, *about), err
	case jurat.NounWrit:
		may, _ := d.policy.allows(question{who: h, action: actionWrits})
		return !may, nil
	case jurat.NounHold:
		x, err := load[jurat.Hold](tx, i)
		if err != nil {
			return true, err
		}
		for _, item := range x.Scope {
			if may, err := d.mayView(tx, h, chainOf(item)); err != nil || !may {
				return true, err
			}
		}
	}
	return false, nil
}
