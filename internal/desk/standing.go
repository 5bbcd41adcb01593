package desk

import (
	"slices"
	"sync"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
	"jurat/internal/register"
	"jurat/order"
)

// A standing is what the desk knows of the house as of one state of its chain:
// the orders in force, and the people it was asked about. It is known by the
// hash of the chain's last leaf, which is salted, so what a transaction that
// was undone left here can never be taken for another state.
type standing struct {
	head       tlog.Hash
	orders     *inForce
	restricted map[jurat.IncidentNumber]jurat.Restriction // by writs in force

	mu      sync.Mutex
	people  map[jurat.PersonID]hand
	noAdmin *bool // no administrator exists; nil: nobody asked
}

// inForce is the orders adopted in this record.
type inForce struct {
	events   []jurat.EventID // that adopted them
	versions []jurat.OrderVersion
	orders   []*order.Order
}

// standing is the house as this transaction sees it, whoever changed it last:
// this program, or another one at the same record.
func (d *Desk) standing(tx *register.Tx) (*standing, error) {
	head, err := tx.Head(register.House)
	if err != nil {
		return nil, err
	}
	before := d.current.Load()
	if before != nil && before.head == head.Prev {
		return before, nil
	}
	now := &standing{head: head.Prev, people: map[jurat.PersonID]hand{}}
	if now.orders, err = d.readOrders(tx, before); err != nil {
		return nil, err
	}
	writs, err := loadAll[jurat.Writ](tx, register.House, jurat.NounWrit)
	if err != nil {
		return nil, err
	}
	now.restricted = jurat.Restrictions(writs)
	d.current.Store(now)
	return now, nil
}

// readOrders reads the orders in force: of each adopted order, its newest
// version. What an earlier standing parsed is not parsed again.
func (d *Desk) readOrders(tx *register.Tx, before *standing) (*inForce, error) {
	rows, err := tx.House(jurat.NounOrder)
	if err != nil {
		return nil, err
	}
	same := func(e jurat.EventID, r register.ItemRow) bool { return e == r.Event }
	if before != nil && slices.EqualFunc(before.orders.events, rows, same) {
		return before.orders, nil
	}
	now := &inForce{}
	for _, row := range rows {
		var a jurat.Adoption
		if err := decode(row, &a); err != nil {
			return nil, err
		}
		o, err := d.parse(a)
		if err != nil {
			return nil, err
		}
		now.events, now.orders = append(now.events, row.Event), append(now.orders, o)
		now.versions = append(now.versions, jurat.OrderVersion{ID: a.ID, Digest: a.Digest})
	}
	return now, nil
}

// parse parses an adopted order once.
func (d *Desk) parse(a jurat.Adoption) (*order.Order, error) {
	if o, ok := d.parsed.Load(a.Digest); ok {
		return o.(*order.Order), nil
	}
	o, err := d.orders.order(a.ID, []byte(a.Text))
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "the adopted order %s cannot be read by this program", a.ID)
	}
	d.parsed.Store(a.Digest, o)
	return o, nil
}

// person looks somebody up, once in each state of the house.
func (s *standing) person(tx *register.Tx, id jurat.PersonID) (hand, error) {
	s.mu.Lock()
	h, ok := s.people[id]
	s.mu.Unlock()
	if ok {
		return h, nil
	}
	h, err := lookUp(tx, id)
	if err == nil {
		s.mu.Lock()
		s.people[id] = h
		s.mu.Unlock()
	}
	return h, err
}

// nobodyAdministers reports whether no administrator exists. Ask it of a house
// this transaction holds, if an act rests on it.
func (s *standing) nobodyAdministers(tx *register.Tx) (bool, error) {
	s.mu.Lock()
	known := s.noAdmin
	s.mu.Unlock()
	if known != nil {
		return *known, nil
	}
	rows, err := tx.House(jurat.NounPerson)
	if err != nil {
		return false, err
	}
	nobody := true
	for _, row := range rows {
		var p jurat.Person
		if err := decode(row, &p); err != nil {
			return false, err
		}
		nobody = nobody && (p.Role != jurat.RoleAdmin || !p.Retired.IsZero())
	}
	s.mu.Lock()
	s.noAdmin = &nobody
	s.mu.Unlock()
	return nobody, nil
}
