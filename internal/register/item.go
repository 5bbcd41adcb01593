package register

import (
	"encoding/json"
	"errors"
	"time"

	"jurat"
	"jurat/format"
)

// An ItemRow is an item as its last event left it.
type ItemRow struct {
	Item     jurat.Item
	Incident jurat.IncidentNumber // House: one of the house's own
	Event    jurat.EventID        // the last about it
	Act      jurat.Act            // of that event
	At       time.Time            // of that event
	Events   int64                // how many are about it
	Open     json.RawMessage      // a jurat.OpenPart; nil when it was erased
	Disposed bool                 // an open part about it was erased
}

const itemColumns = "select i.incident, i.noun, i.id, i.event, d.act, d.at, i.events, i.disposed, d.open from item i join disclosure d on d.event = i.event "

func scanItem(c cells) (ItemRow, error) {
	row := ItemRow{
		Incident: jurat.IncidentNumber(c.text(0)),
		Item:     jurat.Item{Noun: jurat.Noun(c.text(1)), ID: jurat.ItemID(c.text(2))},
		Event:    jurat.EventID(c.text(3)), Act: jurat.Act(c.text(4)), At: fromMicros(c.int(5)),
		Events: c.int(6), Disposed: c.int(7) != 0,
	}
	var err error
	row.Open, err = state(row.Event, format.Disclosure(c.text(8)))
	return row, err
}

// Item gives an item. NotFound: no event was ever about it.
func (tx *Tx) Item(i jurat.Item) (ItemRow, error) {
	var row ItemRow
	err := tx.one(itemColumns+"where i.incident = $1 and i.noun = $2 and i.id = $3",
		[]any{string(i.ID.Incident()), string(i.Noun), string(i.ID)},
		func(c cells) (err error) { row, err = scanItem(c); return err })
	if errors.Is(err, jurat.NotFound) {
		return row, jurat.Errorf(jurat.NotFound, "no %s %s", i.Noun, i.ID)
	}
	return row, err
}

// FirstEvent is the event that put an item on the record. NotFound: no event was
// ever about it.
func (tx *Tx) FirstEvent(i jurat.Item) (jurat.EventID, error) {
	id := ""
	err := tx.query("select e.id from item i join event e on e.incident = i.incident and e.seq = i.first where i.incident = $1 and i.noun = $2 and i.id = $3",
		[]any{string(i.ID.Incident()), string(i.Noun), string(i.ID)}, func(c cells) error { id = c.text(0); return nil })
	if err == nil && id == "" {
		err = jurat.Errorf(jurat.NotFound, "no %s %s", i.Noun, i.ID)
	}
	return jurat.EventID(id), err
}

// Items gives the items of a noun in an incident, in the order of their
// numbers.
func (tx *Tx) Items(in jurat.IncidentNumber, noun jurat.Noun) ([]ItemRow, error) {
	return tx.items(itemColumns+"where i.incident = $1 and i.noun = $2 order by length(i.id), i.id", string(in), string(noun))
}

// ItemsLeftBy gives the items of a noun, of incidents and of the house, that an
// act left as they are: those waiting for what comes after it, the longest first.
func (tx *Tx) ItemsLeftBy(noun jurat.Noun, act jurat.Act, limit int) ([]ItemRow, error) {
	return tx.items(itemColumns+"where i.noun = $1 and d.act = $2 order by d.at, i.id limit $3", string(noun), string(act), int64(limit))
}

// House gives the house's own items of a noun, by name.
func (tx *Tx) House(noun jurat.Noun) ([]ItemRow, error) {
	return tx.items(itemColumns+"where i.incident = '' and i.noun = $1 order by i.id", string(noun))
}

func (tx *Tx) items(query string, args ...any) ([]ItemRow, error) {
	var all []ItemRow
	err := tx.query(query, args, func(c cells) error {
		row, err := scanItem(c)
		all = append(all, row)
		return err
	})
	return all, err
}

// An IncidentRow is a line of the list of incidents.
type IncidentRow struct {
	Incident jurat.IncidentNumber
	Events   int64 // length of its chain
	ItemRow        // of the noun incident
}

// ListIncidents gives at most limit incidents, newest number first, that come
// after the given one in that order; "" begins at the newest. An incident
// nothing was yet recorded of is not listed.
func (tx *Tx) ListIncidents(after jurat.IncidentNumber, limit int) ([]IncidentRow, error) {
	from := int64(1) << 62
	if after != "" {
		if from = ordinal(after); from == 0 {
			return nil, jurat.Errorf(jurat.Invalid, "list after %q: not an incident number", after)
		}
	}
	return tx.incidentRows("where h.ordinal > 0 and h.ordinal < $1 order by h.ordinal desc limit $2", from, int64(limit))
}

func (tx *Tx) incidentRows(which string, args ...any) ([]IncidentRow, error) {
	var all []IncidentRow
	err := tx.query("select i.incident, i.noun, i.id, i.event, d.act, d.at, i.events, i.disposed, d.open, h.seq from incident_head h"+
		" join item i on i.incident = h.incident and i.noun = 'incident' and i.id = h.incident join disclosure d on d.event = i.event "+which, args,
		func(c cells) error {
			row, err := scanItem(c)
			all = append(all, IncidentRow{Incident: row.Incident, Events: c.int(9) + 1, ItemRow: row})
			return err
		})
	return all, err
}
