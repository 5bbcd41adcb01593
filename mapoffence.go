package jurat

import "time"

// Map puts an allegation that was kept in words under an offence of an order's
// table, with its cite, level and elements (LAW-12). The words stay as they
// were typed. Conflict: it cites a law already. Invalid: the charge is of no
// table, and what [AddAllegation] refuses of one.
func (a Allegation) Map(c Charge, by Hand, at time.Time) (Allegation, Event, error) {
	if err := by.needPerson("mapping an allegation to an offence"); err != nil {
		return a, Event{}, err
	}
	switch {
	case !blank(a.Cite):
		return a, Event{}, Errorf(Conflict, "%s cites %s already; propose another allegation where another law is alleged to be broken", a.ID, a.Cite)
	case c.Order == nil || blank(c.Cite):
		return a, Event{}, Errorf(Invalid, "%q is no offence of an order's table", c.Offence)
	}
	whole, _, err := AddAllegation(a.ID, c, a.Actor, a.Party, by, at)
	if err != nil {
		return a, Event{}, err
	}
	next := a.clone()
	next.Words, next.Offence, next.Cite, next.Level, next.Order, next.Elements = a.Offence, whole.Offence, whole.Cite, whole.Level, whole.Order, whole.Elements
	return next, next.event(AllegationMapped, ""), nil
}
