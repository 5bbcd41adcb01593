package register

import (
	"slices"
	"strconv"
	"strings"

	"jurat"
)

// A Backward asks for events by what they are, the newest id first: ids are
// ordered by when their events say they were done.
type Backward struct {
	Before   jurat.EventID        // only those with a smaller id; "": from the newest
	From     jurat.EventID        // only those with this id or a greater one; "": all
	Incident jurat.IncidentNumber // only of that incident; "": of any, and of the house
	House    bool                 // only of the house
	Acts     []jurat.Act          // only those acts; none: any
	Limit    int
}

// EventsBack gives at most limit events that b asks for, without their sealed
// parts but for the classes of these.
func (tx *Tx) EventsBack(b Backward) ([]EventRow, error) {
	var where []string
	var args []any
	only := func(condition string, values ...any) {
		where, args = append(where, condition), append(args, values...)
	}
	if b.Before != "" {
		only("e.id < "+"$"+strconv.Itoa(len(args)+1), string(b.Before))
	}
	if b.From != "" {
		only("e.id >= "+"$"+strconv.Itoa(len(args)+1), string(b.From))
	}
	if b.Incident != "" || b.House {
		only("e.incident = "+"$"+strconv.Itoa(len(args)+1), string(b.Incident))
	}
	if len(b.Acts) > 0 {
		acts, list := make([]any, len(b.Acts)), make([]string, len(b.Acts))
		for i, a := range b.Acts {
			acts[i], list[i] = string(a), "$"+strconv.Itoa(len(args)+1+i)
		}
		only("d.act in ("+strings.Join(list, ", ")+")", acts...)
	}
	query := eventColumns
	if len(where) > 0 {
		query += "where " + strings.Join(where, " and ") + " "
	}
	args = append(args, int64(b.Limit))
	var all []EventRow
	err := tx.query(query+"order by e.id desc limit "+"$"+strconv.Itoa(len(args)), args, func(c cells) error { all = append(all, scanEvent(c)); return nil })
	if err != nil {
		return nil, err
	}
	at := make(map[jurat.EventID]int, len(all))
	ids := make([]any, len(all))
	for i, e := range all {
		at[e.ID], ids[i] = i, string(e.ID)
	}
	for some := range slices.Chunk(ids, rowsAtOnce) {
		err := tx.query("select event, class from sealed where event in "+placeholders(1, len(some))+" order by event, class", some, func(c cells) error {
			e := &all[at[jurat.EventID(c.text(0))]]
			e.Sealed = append(e.Sealed, SealedPart{Class: jurat.Class(c.text(1))})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// LeafIndexes gives the indexes that events have in the current log; those that
// await one are not among them.
func (tx *Tx) LeafIndexes(ids []jurat.EventID) (map[jurat.EventID]int64, error) {
	now, err := tx.TreeHead()
	if err != nil {
		return nil, err
	}
	found := make(map[jurat.EventID]int64, len(ids))
	for some := range slices.Chunk(ids, rowsAtOnce) {
		args := make([]any, 0, len(some)+1)
		for _, id := range some {
			args = append(args, string(id))
		}
		args = append(args, now.Log)
		err := tx.query("select event, idx from leaf_index where event in "+placeholders(1, len(some))+" and log = "+"$"+strconv.Itoa(len(args)), args, func(c cells) error {
			found[jurat.EventID(c.text(0))] = c.int(1)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}
