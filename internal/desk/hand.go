package desk

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"jurat"
	"jurat/internal/register"
)

// A hand is who acts, with what only the desk needs to know of them.
type hand struct {
	jurat.Hand
	own     bool // of an office whose record this is
	retired bool
	signer  Signer
	keys    []json.RawMessage
}

// hands remembers who people are, as of one state of the house's chain: looking
// somebody up costs one small query then, instead of reading two items.
type hands struct {
	mu     sync.Mutex
	house  int64 // the place of the house's last event
	people map[jurat.PersonID]hand
}

func (k *hands) get(house int64, id jurat.PersonID) (hand, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.house != house {
		k.house, k.people = house, nil
	}
	h, ok := k.people[id]
	return h, ok
}

func (k *hands) put(house int64, id jurat.PersonID, h hand) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.house != house {
		return
	}
	if k.people == nil {
		k.people = map[jurat.PersonID]hand{}
	}
	k.people[id] = h
}

// hand looks the caller up. A person the record does not know is NotFound, by
// the same sentence whoever asks.
func (d *Desk) hand(tx *register.Tx, c Caller) (hand, error) {
	if c.Person == "" {
		return hand{Hand: jurat.Hand{Actor: jurat.Actor{Via: jurat.ViaOperator}}, own: true}, nil
	}
	house, err := tx.Head(register.House)
	if err != nil {
		return hand{}, err
	}
	h, ok := d.hands.get(house.Seq, c.Person)
	if !ok {
		if h, err = lookUp(tx, c.Person); err != nil {
			return hand{}, err
		}
		d.hands.put(house.Seq, c.Person, h)
	}
	h.Via = jurat.ViaOperator
	if c.Signer != nil {
		h.Via, h.signer = jurat.ViaKey, c.Signer
	}
	return h, nil
}

func lookUp(tx *register.Tx, id jurat.PersonID) (hand, error) {
	person, err := load[jurat.Person](tx, jurat.Item{Noun: jurat.NounPerson, ID: jurat.ItemID(id)})
	if err != nil {
		return hand{}, absent(err, "there is no person %q in this record; jurat person list shows who is", id)
	}
	office, err := load[jurat.Office](tx, jurat.Item{Noun: jurat.NounOffice, ID: jurat.ItemID(person.Office)})
	if err != nil {
		return hand{}, err
	}
	return hand{
		Hand: jurat.Hand{
			Actor: jurat.Actor{Person: person.ID, Office: person.Office, Role: person.Role},
			Sworn: person.Sworn, Function: office.Function,
		},
		own: office.Own, retired: !person.Retired.IsZero(), keys: person.Keys,
	}, nil
}

// absent gives NotFound errors the desk's own sentence and leaves others be.
func absent(err error, format string, args ...any) error {
	if errors.Is(err, jurat.NotFound) {
		return jurat.Errorf(jurat.NotFound, format, args...)
	}
	return err
}

// load reads an item as it is now. NotFound: there is none.
func load[T any](tx *register.Tx, i jurat.Item) (T, error) {
	var v T
	row, err := tx.Item(i)
	if err != nil {
		return v, absent(err, "there is no %s %s", i.Noun, i.ID)
	}
	return v, decode(row, &v)
}

// loadAll reads every item of a noun in an incident, oldest first.
func loadAll[T any](tx *register.Tx, in jurat.IncidentNumber, noun jurat.Noun) ([]T, error) {
	rows, err := tx.Items(in, noun)
	if err != nil {
		return nil, err
	}
	all := make([]T, len(rows))
	for i, row := range rows {
		if err := decode(row, &all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func decode(row register.ItemRow, into any) error {
	var open jurat.OpenPart
	err := json.Unmarshal(row.Open, &open)
	if err == nil {
		err = json.Unmarshal(open.Value, into)
	}
	if err != nil {
		return fmt.Errorf("read %s %s: %w", row.Item.Noun, row.Item.ID, err)
	}
	return nil
}
