package register

import (
	"jurat"
	"jurat/internal/ledger"
)

// What follows reads tables whole, for the doubter.

// A LeafRow is one row of the table of indexes.
type LeafRow struct {
	Log   int64
	Index int64
	Event jurat.EventID // "": a recovered leaf
	Leaf  []byte        // of a recovered leaf only
}

// EachLeaf calls fn with every index given in a log, in order.
func (tx *Tx) EachLeaf(log int64, fn func(LeafRow) error) error {
	return tx.pages("select idx, event, leaf from leaf_index where log = $3 and idx > $1 order by idx limit $2", -1, func(c cells) error {
		return fn(LeafRow{Log: log, Index: c.int(0), Event: jurat.EventID(c.text(1)), Leaf: c.bytes(2)})
	}, log)
}

// EachTreeHead calls fn with every head of a log that was ever made, by size.
func (tx *Tx) EachTreeHead(log int64, fn func(ledger.Head) error) error {
	return tx.pages("select size, log, root from tree_head where log = $3 and size > $1 order by size limit $2", -1, func(c cells) error {
		h, err := scanTreeHead(cells{c[1], c[0], c[2]})
		if err != nil {
			return err
		}
		return fn(h)
	}, log)
}

// EachPending calls fn with every event that has no index in the current log,
// in the order they wait in.
func (tx *Tx) EachPending(fn func(jurat.EventID) error) error {
	return tx.pages("select n, event from pending where n > $1 order by n limit $2", -1<<62, func(c cells) error {
		return fn(jurat.EventID(c.text(1)))
	})
}

// EachJournal calls fn with every line of the security journal.
func (tx *Tx) EachJournal(fn func(JournalRow) error) error {
	for n := int64(0); ; {
		page, err := tx.JournalSince(n, eventPage)
		if err != nil {
			return err
		}
		for _, j := range page {
			if err := fn(j); err != nil {
				return err
			}
		}
		if len(page) < eventPage {
			return nil
		}
		n = page[len(page)-1].N
	}
}

// An ItemPointer is one row of the table of items, without the open part.
type ItemPointer struct {
	Item     jurat.Item
	Incident jurat.IncidentNumber
	Event    jurat.EventID
	Events   int64
	First    int64 // place in its chain of the first event about it
	Disposed bool
}

// ItemPointers gives the rows of an incident, or of the [House], by noun and id.
func (tx *Tx) ItemPointers(in jurat.IncidentNumber) ([]ItemPointer, error) {
	var all []ItemPointer
	err := tx.query("select noun, id, event, events, disposed, first from item where incident = $1 order by noun, length(id), id", []any{string(in)}, func(c cells) error {
		all = append(all, ItemPointer{
			Item:     jurat.Item{Noun: jurat.Noun(c.text(0)), ID: jurat.ItemID(c.text(1))},
			Incident: in, Event: jurat.EventID(c.text(2)), Events: c.int(3), Disposed: c.int(4) != 0, First: c.int(5),
		})
		return nil
	})
	return all, err
}

// Strays counts rows that belong to nothing: items of an incident without a
// chain, events without disclosures or the reverse, keys without a blob. A
// record only this program wrote has none.
func (tx *Tx) Strays() (int64, error) {
	var n int64
	err := tx.query("select (select count(*) from item i left join incident_head h on h.incident = i.incident where h.incident is null)"+
		" + (select count(*) from event e left join disclosure d on d.event = e.id where d.event is null)"+
		" + (select count(*) from disclosure d left join event e on e.id = d.event where e.id is null)"+
		" + (select count(*) from sealed s left join event e on e.id = s.event where e.id is null)"+
		" + (select count(*) from blob_key k left join blob b on b.exhibit = k.exhibit where b.exhibit is null)", nil,
		func(c cells) error { n = c.int(0); return nil })
	return n, err
}
