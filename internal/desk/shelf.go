package desk

import (
	"strings"
	"sync"

	"jurat"
	"jurat/order"
)

// A Shelf keeps orders as they were read: to read one takes far longer than what
// is asked of it, and the same bytes give the same order. Desks of one program
// may share one. The zero Shelf is empty and ready.
type Shelf struct{ read sync.Map } // shelved → *order.Order

type shelved struct {
	name string // in what is said of it
	text jurat.Digest
	fit  bool // its own tests passed
}

// order reads an order the first time it is asked for.
func (s *Shelf) order(name string, text []byte) (*order.Order, error) {
	key := shelved{name: name, text: jurat.DigestOf(text)}
	if o, ok := s.read.Load(key); ok {
		return o.(*order.Order), nil
	}
	o, problems := order.Parse(name, text)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	s.read.Store(key, o)
	return o, nil
}

// fit is order for one whose own tests must pass too. Invalid: they do not.
func (s *Shelf) fit(name string, text []byte) (*order.Order, error) {
	o, err := s.order(name, text)
	if err != nil {
		return nil, err
	}
	key := shelved{name: name, text: o.Digest, fit: true}
	if _, ok := s.read.Load(key); ok {
		return o, nil
	}
	for _, result := range o.Test().Results {
		if result.Failed {
			return nil, jurat.Errorf(jurat.Invalid, "%s: the test %q fails: %s", name, result.ID, strings.Join(result.Reasons, "; "))
		}
	}
	s.read.Store(key, o)
	return o, nil
}
