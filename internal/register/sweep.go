package register

import (
	"errors"

	"jurat"
	"jurat/format"
)

// An ItemState is an item as one event left it. Its open part is as it is kept,
// so that who reads a hundred thousand may open them beside the reading.
type ItemState struct {
	Item     jurat.Item
	Incident jurat.IncidentNumber // House: one of the house's own
	Event    jurat.EventID
	Open     format.Disclosure // "" after it was erased
}

// State is the open part: JSON of a [jurat.OpenPart]; nil after it was erased.
func (s ItemState) State() ([]byte, error) { return state(s.Event, s.Open) }

// AllEvents is the size at which [Tx.EachItem] sees every event, whether or not
// it has an index yet.
const AllEvents = -1

// EachItem calls fn with every item of some nouns as the first size leaves of
// the current log left it, chain by chain, the house's first; an item none of
// them is about is passed over, and so are those of hidden incidents. It stops at
// fn's first error and returns it.
func (tx *Tx) EachItem(size int64, hidden Hidden, nouns []jurat.Noun, fn func(ItemState) error) error {
	const page = 1024
	if len(nouns) == 0 {
		return nil
	}
	head, err := tx.TreeHead()
	if err != nil {
		return err
	}
	if size == head.Size {
		waiting := false
		if err := tx.query("select 1 from pending limit 1", nil, func(cells) error { waiting = true; return nil }); err != nil {
			return err
		}
		if !waiting {
			size = AllEvents // every event has its index, and is among the leaves
		}
	}
	args := []any{"", "", "", int64(page)}
	if size != AllEvents {
		args = append(args, head.Log)
	}
	without, args, err := tx.but(hidden, "i.incident", args)
	if err != nil {
		return err
	}
	query := "select i.incident, i.noun, i.id, i.event, d.open, " + leafOf(size) +
		" where (i.incident, i.noun, i.id) > ($1, $2, $3) and i.noun in (" + listed(nouns) + ")" + without + " order by i.incident, i.noun, i.id limit $4"
	for {
		var states []ItemState
		var later []int // of states: the last event is not among the leaves
		err := tx.query(query, args, func(c cells) error {
			if index := c.int(5); size != AllEvents && (index == 0 || index > size) {
				later = append(later, len(states))
			}
			states = append(states, ItemState{
				Incident: jurat.IncidentNumber(c.text(0)), Item: jurat.Item{Noun: jurat.Noun(c.text(1)), ID: jurat.ItemID(c.text(2))},
				Event: jurat.EventID(c.text(3)), Open: format.Disclosure(c.text(4)),
			})
			return nil
		})
		if err != nil {
			return err
		}
		for i := range states {
			if len(later) > 0 && later[0] == i {
				later = later[1:]
				if found, err := tx.earlier(&states[i], head.Log, size); err != nil {
					return err
				} else if !found {
					continue
				}
			}
			if err := fn(states[i]); err != nil {
				return err
			}
		}
		if len(states) < page {
			return nil
		}
		last := states[len(states)-1]
		args[0], args[1], args[2] = string(last.Incident), string(last.Item.Noun), string(last.Item.ID)
	}
}

// leafOf joins an item's last event to what it says and, where only some leaves
// are in view, to its place among them, counted from 1; 0: it has none.
func leafOf(size int64) string {
	const said = " from item i join disclosure d on d.event = i.event"
	if size == AllEvents {
		return "0" + said
	}
	return "coalesce(l.idx + 1, 0)" + said + " left join leaf_index l on l.log = $5 and l.event = i.event"
}

// earlier makes s the item as the last event about it among the first size
// leaves left it; false where there is none.
func (tx *Tx) earlier(s *ItemState, log, size int64) (bool, error) {
	err := tx.one("select d.event, d.open from disclosure d join event e on e.id = d.event join leaf_index l on l.log = $4 and l.event = d.event"+
		" where d.noun = $1 and d.item = $2 and e.incident = $3 and l.idx < $5 order by e.seq desc limit 1",
		[]any{string(s.Item.Noun), string(s.Item.ID), string(s.Incident), log, size},
		func(c cells) error {
			s.Event, s.Open = jurat.EventID(c.text(0)), format.Disclosure(c.text(1))
			return nil
		})
	if errors.Is(err, jurat.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// EachSealed calls fn with every sealed part there is, and the event it is of.
func (tx *Tx) EachSealed(fn func(jurat.EventID, SealedPart) error) error {
	const page = 512
	event, class := "", ""
	for {
		type row struct {
			event jurat.EventID
			part  SealedPart
		}
		var rows []row
		err := tx.query("select event, class, key, body from sealed where (event, class) > ($1, $2) order by event, class limit $3", []any{event, class, int64(page)}, func(c cells) error {
			rows = append(rows, row{jurat.EventID(c.text(0)), SealedPart{Class: jurat.Class(c.text(1)), Key: c.bytes(2), Body: c.bytes(3)}})
			return nil
		})
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := fn(r.event, r.part); err != nil {
				return err
			}
		}
		if len(rows) < page {
			return nil
		}
		last := rows[len(rows)-1]
		event, class = string(last.event), string(last.part.Class)
	}
}
