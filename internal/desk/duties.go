package desk

import (
	"context"
	"iter"
	"slices"
	"time"

	"jurat"
	"jurat/internal/register"
	"jurat/order"
)

// Duties lists what is owed now, of every incident and of the house: the
// overdue first. want narrows the list; nil takes all. Who may not list
// incidents, and may list what is the house's, is told what the house owes. A
// list is journalled and opens no incident.
func (d *Desk) Duties(ctx context.Context, c Caller, at time.Time, want func(order.Line) bool) ([]order.Line, error) {
	at = jurat.At(at)
	var due []order.Line
	var asked entry
	err := d.read(ctx, c, at, actionList, "", func(tx *register.Tx, h hand) error {
		asked = question{who: h, action: actionList}.entry(string(actionList))
		incidents, _ := d.policy.allows(question{who: h, action: actionIncidents})
		var failed error
		due = order.Due(evaluations(tx, h.house.orders.orders, at, incidents, h.house.hidden(h), &failed), at, want)
		return failed
	})
	if err == nil {
		err = d.note(ctx, at, asked)
	}
	if err != nil {
		return nil, err
	}
	return due, nil
}

// DutyPage is a page of what [Desk.Duties] lists: at most most of the duties that
// owner owes ("": anybody), those that come after a key, the overdue first still.
// It reads the incidents that changed since somebody last looked. Invalid: it is no
// key of a page.
func (d *Desk) DutyPage(ctx context.Context, c Caller, at time.Time, owner, after string, most int) (order.DuePage, error) {
	at = jurat.At(at)
	d.board.mu.Lock()
	defer d.board.mu.Unlock()
	var page order.DuePage
	var asked entry
	err := d.read(ctx, c, at, actionList, "", func(tx *register.Tx, h hand) error {
		asked = question{who: h, action: actionList}.entry(string(actionList))
		incidents, _ := d.policy.allows(question{who: h, action: actionIncidents})
		now, err := d.board.bring(tx, h.house.orders, at)
		if err != nil {
			return err
		}
		page, err = d.board.list.Page(now, after, most, func(in jurat.IncidentNumber, by string) bool {
			return (owner == "" || by == owner) && (in == register.House || incidents && !h.house.hides(h, in))
		})
		return err
	})
	d.board.leave()
	if err == nil {
		err = d.note(ctx, at, asked)
	}
	if err != nil {
		return order.DuePage{}, err
	}
	return page, nil
}

// evaluations evaluates the house and, with incidents, every incident that is not
// hidden. What stops it early is left in failed.
func evaluations(tx *register.Tx, orders []*order.Order, at time.Time, incidents bool, hidden register.Hidden, failed *error) iter.Seq[order.Evaluation] {
	return func(yield func(order.Evaluation) bool) {
		s := &sweep{size: register.AllEvents, nouns: factNouns, hidden: hidden}
		house, err := factsOf(tx, register.House, nil)
		if err != nil {
			*failed = err
			return
		}
		if !yield(order.DutiesOf(orders, house, at)) || !incidents {
			return
		}
		for e, err := range eachIncident(tx, s, func(f order.Facts) order.Evaluation { return order.DutiesOf(orders, f, at) }) {
			if err != nil {
				*failed = err
				return
			}
			if !yield(e) {
				return
			}
		}
	}
}

// Explain says of every duty and gate of an incident why it stands as it does,
// with the facts used. It opens the incident, as [Desk.Show] does.
func (d *Desk) Explain(ctx context.Context, c Caller, at time.Time, number jurat.IncidentNumber) (order.Evaluation, error) {
	var e order.Evaluation
	item := jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(number)}
	err := d.open(ctx, c, at, item, func(tx *register.Tx, h hand) error {
		v, err := filed(tx, number)
		if err == nil {
			e = order.Explained(h.house.orders.orders, v.facts(), jurat.At(at))
		}
		return err
	})
	if err != nil {
		return order.Evaluation{}, err
	}
	return e, nil
}

// ExplainUnder says what of an incident would stand otherwise at a moment if o
// were in force in place of the version that is, or beside the others where
// none is. Nothing is rewritten by it: what was done keeps its version (ORD-2).
// It opens the incident, as [Desk.Show] does.
func (d *Desk) ExplainUnder(ctx context.Context, c Caller, at time.Time, number jurat.IncidentNumber, o *order.Order) (order.Comparison, error) {
	var what order.Comparison
	item := jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(number)}
	err := d.open(ctx, c, at, item, func(tx *register.Tx, h hand) error {
		v, err := filed(tx, number)
		if err != nil {
			return err
		}
		now := h.house.orders.orders
		other := append(slices.DeleteFunc(slices.Clone(now), func(p *order.Order) bool { return p.ID == o.ID }), o)
		what = order.Compare(v.facts(), jurat.At(at), now, other)
		return nil
	})
	if err != nil {
		return order.Comparison{}, err
	}
	return what, nil
}
