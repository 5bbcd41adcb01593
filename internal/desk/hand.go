package desk

import (
	"encoding/json"
	"errors"
	"fmt"

	"jurat"
	"jurat/internal/register"
)

// A hand is who acts, with what only the desk needs to know of them.
type hand struct {
	jurat.Hand
	own      bool // of an office whose record this is
	retired  bool
	screened bool // counsel who advises a political office
	signer   Signer
	pen      *pen
	keys     []json.RawMessage
	house    *standing
}

// signs reports whether the person signs what they do.
func (h hand) signs() bool { return h.signer != nil || h.pen != nil }

// hand looks the caller up. A person the record does not know is NotFound, by
// the same sentence whoever asks.
func (d *Desk) hand(tx *register.Tx, c Caller) (hand, error) {
	house, err := d.standing(tx)
	if err != nil {
		return hand{}, err
	}
	if c.Person == "" {
		return hand{Hand: jurat.Hand{Actor: jurat.Actor{Via: jurat.ViaOperator}}, own: true, house: house}, nil
	}
	h, err := house.person(tx, c.Person)
	if err != nil {
		if said, ok := errors.AsType[*jurat.Error](err); ok && said.Kind == jurat.NotFound {
			return hand{}, refuse(question{}, "unknown-person", said)
		}
		return hand{}, err
	}
	h.house, h.Via = house, jurat.ViaOperator
	if c.Session {
		h.Via = jurat.ViaSession
	}
	h.signer, h.pen = c.Signer, c.pen
	if h.signs() && !c.Session {
		h.Via = jurat.ViaKey
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
	screened := false
	for _, id := range person.Advises {
		advised, err := load[jurat.Office](tx, jurat.Item{Noun: jurat.NounOffice, ID: jurat.ItemID(id)})
		if err != nil {
			return hand{}, err
		}
		screened = screened || advised.Function == jurat.FunctionPolitical
	}
	return hand{
		Hand: jurat.Hand{
			Actor: jurat.Actor{Person: person.ID, Office: person.Office, Role: person.Role},
			Sworn: person.Sworn, Function: office.Function,
		},
		own: office.Own, retired: !person.Retired.IsZero(), screened: screened, keys: person.Keys,
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

// there refuses to let an act of an incident name items that are not there.
// What is no number of an item, and what is of another incident, is the law's
// to refuse, so that nobody learns of another incident by naming it.
func there(tx *register.Tx, in jurat.IncidentNumber, ids ...jurat.ItemID) error {
	for _, id := range ids {
		item, err := jurat.ParseItem(string(id))
		if _, rerr := jurat.ParseItemID(jurat.NounRecord, string(id)); err != nil && rerr == nil {
			item, err = jurat.Item{Noun: jurat.NounRecord, ID: id}, nil // one of the house's
		}
		if err != nil || id.Incident() != in {
			continue
		}
		if _, err := tx.Item(item); err != nil {
			return absent(err, "there is no %s %s", item.Noun, id)
		}
	}
	return nil
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

func decode[T any](row register.ItemRow, into *T) error {
	value, err := valueOf(row.Open)
	if err == nil {
		err = readValue(value, into)
	}
	if err != nil {
		return fmt.Errorf("read %s %s: %w", row.Item.Noun, row.Item.ID, err)
	}
	return nil
}
