package desk

import (
	"errors"
	"iter"
	"slices"
	"sync"
	"time"

	"jurat"
	"jurat/internal/register"
	"jurat/order"
)

// A board is what everybody owes, as it was evaluated last, so that who looks at a
// page of it need not read every open incident (docs/decisions/0025). It has what
// followed from orders, facts and a moment, and nothing of who may see what: that is
// decided at each look. An incident is evaluated anew when anything was recorded of
// it since, by whatever program, and when time alone may have changed what it owes.
type board struct {
	mu     sync.Mutex // held from before a look's transaction begins until it has its page: nobody is shown what is newer than their transaction
	orders *inForce   // under which it was evaluated; nil: nothing was yet
	mark   register.Mark
	at     time.Time
	list   order.DueList
	until  map[jurat.IncidentNumber]time.Time // when time alone may change what is owed; missing: never
	next   time.Time                          // the first of them; zero: there is none
}

// mostOwed is how many duties a board keeps, at some 130 bytes each. Where more are
// owed nothing is kept, and each look reads the record.
const mostOwed = 1 << 19

// unhurried is for how long an evaluation counts that asks what time it is: an
// order counts such things in days.
const unhurried = time.Minute

// harmless are the nouns of the house on which nothing rests that an incident owes.
// After an act about any other, every incident is evaluated anew.
var harmless = []jurat.Noun{jurat.NounPerson, jurat.NounRecord, jurat.NounLook, jurat.NounDigest, jurat.NounImport, jurat.NounPublication}

// bring makes the board what a transaction sees, and gives the moment it is of: at,
// or one shortly after it at which somebody else looked.
func (b *board) bring(tx *register.Tx, orders *inForce, at time.Time) (time.Time, error) {
	if b.orders != nil && at.Before(b.at) && b.at.Sub(at) < unhurried {
		at = b.at
	}
	changed, whole, err := b.changed(tx, orders, at)
	if err != nil {
		return at, err
	}
	mark, err := tx.Mark()
	if err != nil {
		return at, err
	}
	if whole {
		b.list, b.until, b.next, b.orders = order.DueList{}, map[jurat.IncidentNumber]time.Time{}, time.Time{}, nil
		var failed error
		if b.put(evaluations(tx, orders.orders, at, true, nil, &failed)); failed != nil {
			return at, failed
		}
	} else if len(changed) > 0 {
		b.orders = nil // until it is whole again
		held, err := loadAll[jurat.Hold](tx, register.House, jurat.NounHold)
		if err != nil {
			return at, err
		}
		es := make([]order.Evaluation, len(changed))
		for i, in := range changed {
			f, err := factsOf(tx, in, held)
			if err != nil {
				return at, err
			}
			if es[i] = (order.Evaluation{Incident: in, At: at}); f.Incident.Number == in { // else it was erased whole
				es[i] = order.DutiesOf(orders.orders, f, at)
			}
		}
		b.put(slices.Values(es))
	}
	if b.orders, b.mark, b.at = orders, mark, at; b.list.Len() > mostOwed {
		b.orders = nil
	}
	return at, nil
}

// leave lets go of what the next look cannot use.
func (b *board) leave() {
	if b.orders == nil {
		b.list, b.until = order.DueList{}, nil
	}
}

// changed gives the incidents to be evaluated anew, the house among them; or says
// that all are.
func (b *board) changed(tx *register.Tx, orders *inForce, at time.Time) (all []jurat.IncidentNumber, whole bool, err error) {
	if b.orders == nil || b.orders != orders || at.Before(b.at) {
		return nil, true, nil
	}
	house, err := tx.HouseSince(b.mark)
	if err != nil {
		return nil, false, err
	}
	if slices.ContainsFunc(house, func(n jurat.Noun) bool { return !slices.Contains(harmless, n) }) {
		return nil, true, nil
	}
	all, err = tx.ChangedSince(b.mark)
	if errors.Is(err, jurat.NotFound) {
		return nil, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	if len(house) > 0 {
		all = append(all, register.House)
	}
	if !b.next.IsZero() && !at.Before(b.next) {
		for in, until := range b.until {
			if !at.Before(until) {
				all = append(all, in)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all), false, nil
}

// put takes evaluations in the place of those before of the same incidents.
func (b *board) put(es iter.Seq[order.Evaluation]) {
	b.list.Replace(func(yield func(order.Evaluation) bool) {
		for e := range es {
			switch {
			case e.Until.IsZero():
				delete(b.until, e.Incident)
			case !e.Until.After(e.At):
				b.until[e.Incident] = e.At.Add(unhurried)
			default:
				b.until[e.Incident] = e.Until
			}
			if !yield(e) {
				return
			}
		}
	})
	b.next = time.Time{}
	for _, until := range b.until {
		if b.next.IsZero() || until.Before(b.next) {
			b.next = until
		}
	}
}

// factsOf reads the facts of one incident, or of the house, as a sweep does.
func factsOf(tx *register.Tx, in jurat.IncidentNumber, held []jurat.Hold) (order.Facts, error) {
	var f order.Facts
	nouns := factNouns
	if in == register.House {
		nouns = []jurat.Noun{jurat.NounRecord}
	}
	rows, err := tx.Filed(in, nouns)
	if err != nil {
		return f, err
	}
	for _, row := range rows {
		if erased(row) {
			continue
		}
		if err := addFact(&f, row.Item.Noun, row.Open); err != nil {
			return f, err
		}
	}
	for _, h := range held {
		if in != register.House && h.Holds(jurat.ItemID(in)) {
			f.Holds = append(f.Holds, h)
		}
	}
	return f, nil
}
