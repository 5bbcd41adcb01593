package register

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"jurat"
	"jurat/format"
)

// An ItemRow is an item as its last event left it.
type ItemRow struct {
	Item     jurat.Item
	Incident jurat.IncidentNumber // House: one of the house's own
	First    jurat.EventID        // that put it on the record; empty: it is lost
	Event    jurat.EventID        // the last about it
	Act      jurat.Act            // of that event
	At       time.Time            // of that event
	Events   int64                // how many are about it
	Open     json.RawMessage      // a jurat.OpenPart; nil when it was erased
	Disposed bool                 // an open part about it was erased
}

const (
	itemValues = "select i.incident, i.noun, i.id, i.event, d.act, d.at, i.events, i.disposed, d.open," +
		" case when i.events = 1 then i.event else coalesce((select e.id from event e where e.incident = i.incident and e.seq = i.first), '') end"
	itemColumns = itemValues + " from item i join disclosure d on d.event = i.event "
)

func scanItem(c cells) (ItemRow, error) {
	row := ItemRow{
		Incident: jurat.IncidentNumber(c.text(0)),
		Item:     jurat.Item{Noun: jurat.Noun(c.text(1)), ID: jurat.ItemID(c.text(2))},
		Event:    jurat.EventID(c.text(3)), Act: jurat.Act(c.text(4)), At: fromMicros(c.int(5)),
		Events: c.int(6), Disposed: c.int(7) != 0, First: jurat.EventID(c.text(9)),
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

// Items gives the items of a noun in an incident, in the order of their
// numbers.
func (tx *Tx) Items(in jurat.IncidentNumber, noun jurat.Noun) ([]ItemRow, error) {
	return tx.items(itemColumns+"where i.incident = $1 and i.noun = $2 order by length(i.id), i.id", string(in), string(noun))
}

// Filed gives the items of some nouns in an incident, noun by noun, each in the
// order of their numbers: one question, where [Tx.Items] is one for each noun.
func (tx *Tx) Filed(in jurat.IncidentNumber, nouns []jurat.Noun) ([]ItemRow, error) {
	if len(nouns) == 0 {
		return nil, nil
	}
	return tx.items(itemColumns+"where i.incident = $1 and i.noun in ("+listed(nouns)+") order by i.noun, length(i.id), i.id", string(in))
}

// listed are nouns as a query lists them: they are of the law's closed list, and
// never a person's word.
func listed(nouns []jurat.Noun) string {
	in := make([]string, len(nouns))
	for i, n := range nouns {
		in[i] = "'" + string(n) + "'"
	}
	return strings.Join(in, ", ")
}

// Hidden are the incidents that are not there for whoever a list is for.
type Hidden []jurat.IncidentNumber

// but is a clause that leaves hidden incidents out of what a column names, and
// the arguments with what it needs; "": nothing is hidden.
func (tx *Tx) but(hidden Hidden, column string, args []any) (string, []any, error) {
	if len(hidden) == 0 {
		return "", args, nil
	}
	list, err := json.Marshal(hidden)
	if err != nil {
		return "", nil, err
	}
	args = append(args, string(list))
	return " and " + column + " not in (" + strings.ReplaceAll(tx.dialect.texts, "$1", "$"+strconv.Itoa(len(args))) + ")", args, nil
}

// EachLeftBy calls fn with the items of a noun, of incidents and of the house,
// that an act left as they are: those waiting for what comes after it, the
// longest first, without those of hidden incidents and those of which nothing is
// left to read. It ends when fn returns false.
func (tx *Tx) EachLeftBy(noun jurat.Noun, act jurat.Act, hidden Hidden, fn func(ItemRow) (more bool, err error)) error {
	const page = 200
	args := []any{string(noun), string(act), int64(0), "", int64(page)}
	without, args, err := tx.but(hidden, "i.incident", args)
	if err != nil {
		return err
	}
	query := itemColumns + "where i.noun = $1 and d.act = $2 and d.open is not null and (d.at, i.id) > ($3, $4)" + without + " order by d.at, i.id limit $5"
	for {
		rows, err := tx.items(query, args...)
		if err != nil {
			return err
		}
		for _, row := range rows {
			args[2], args[3] = micros(row.At), string(row.Item.ID)
			if more, err := fn(row); err != nil || !more {
				return err
			}
		}
		if len(rows) < page {
			return nil
		}
	}
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
	Events   int64      // length of its chain
	ItemRow             // of the noun incident
	Match    jurat.Item // what of it a search found, of several the one recorded last; zero in a list
}

// ListIncidents gives at most limit incidents, newest number first, that come
// after the given one in that order; "" begins at the newest. An incident
// nothing was yet recorded of, or of which nothing is left to read, is not
// listed, nor is a hidden one: no page is short for their sake.
func (tx *Tx) ListIncidents(hidden Hidden, after jurat.IncidentNumber, limit int) ([]IncidentRow, error) {
	return tx.NarrowedIncidents(hidden, Narrow{}, after, limit)
}

// NarrowedIncidents is [Tx.ListIncidents] without those that narrow leaves out;
// they make no page short either.
func (tx *Tx) NarrowedIncidents(hidden Hidden, narrow Narrow, after jurat.IncidentNumber, limit int) ([]IncidentRow, error) {
	from := int64(1) << 62
	if after != "" {
		if from = ordinal(after); from == 0 {
			return nil, jurat.Errorf(jurat.Invalid, "list after %q: not an incident number", after)
		}
	}
	without, args, err := tx.but(hidden, "i.incident", []any{from, int64(limit)})
	if err != nil {
		return nil, err
	}
	within, more := narrow.clause("i", "d", len(args))
	args = append(args, more...)
	return tx.incidentRows("where h.ordinal > 0 and h.ordinal < $1 and d.open is not null"+without+within+" order by h.ordinal desc limit $2", args...)
}

// IncidentsOf is [Tx.ListIncidents] of those in which a person did something
// other than look: it looks at as many incidents as look says, and no more, so
// that somebody who did little waits no longer. Last is where it stopped, to go
// on after; "": it came to the oldest.
func (tx *Tx) IncidentsOf(hidden Hidden, person jurat.PersonID, after jurat.IncidentNumber, limit, look int) (all []IncidentRow, last jurat.IncidentNumber, err error) {
	from := int64(1) << 62
	if after != "" {
		if from = ordinal(after); from == 0 {
			return nil, "", jurat.Errorf(jurat.Invalid, "list after %q: not an incident number", after)
		}
	}
	to := int64(0)
	err = tx.query("select ordinal, incident from incident_head where ordinal > 0 and ordinal < $1 order by ordinal desc limit 1 offset $2", []any{from, int64(look - 1)},
		func(c cells) error { to, last = c.int(0), jurat.IncidentNumber(c.text(1)); return nil })
	if err != nil {
		return nil, "", err
	}
	without, args, err := tx.but(hidden, "i.incident", []any{from, to, string(person), int64(limit)})
	if err != nil {
		return nil, "", err
	}
	all, err = tx.incidentRows("where h.ordinal > 0 and h.ordinal < $1 and h.ordinal >= $2 and d.open is not null"+without+
		" and exists (select 1 from event e join disclosure own on own.event = e.id"+
		" where e.incident = h.incident and own.person = $3 and own.noun <> 'look') order by h.ordinal desc limit $4", args...)
	if err == nil && len(all) == limit && limit > 0 {
		last = all[limit-1].Incident // there may be more of theirs before it stopped
	}
	return all, last, err
}

func (tx *Tx) incidentRows(which string, args ...any) ([]IncidentRow, error) {
	var all []IncidentRow
	err := tx.query(itemValues+", h.seq from incident_head h"+
		" join item i on i.incident = h.incident and i.noun = 'incident' and i.id = h.incident join disclosure d on d.event = i.event "+which, args,
		func(c cells) error {
			row, err := scanItem(c)
			all = append(all, IncidentRow{Incident: row.Incident, Events: c.int(10) + 1, ItemRow: row})
			return err
		})
	return all, err
}
