package register

import (
	"slices"
	"strconv"
	"strings"

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
// chain, events without disclosures or the reverse, keys without a blob, parcels
// of no dossier. A
// record only this program wrote has none.
func (tx *Tx) Strays() (int64, error) {
	var n int64
	err := tx.query("select (select count(*) from item i left join incident_head h on h.incident = i.incident where h.incident is null)"+
		" + (select count(*) from event e left join disclosure d on d.event = e.id where d.event is null)"+
		" + (select count(*) from disclosure d left join event e on e.id = d.event where e.id is null)"+
		" + (select count(*) from sealed s left join event e on e.id = s.event where e.id is null)"+
		" + (select count(*) from blob_key k left join blob b on b.exhibit = k.exhibit where b.exhibit is null)"+
		" + (select count(*) from parcel p left join item i on i.noun = 'dossier' and i.id = p.dossier and i.incident = p.incident where i.id is null)", nil,
		func(c cells) error { n = c.int(0); return nil })
	return n, err
}

// A Document is what a search finds an item by: the words of its open part, as
// they are spelled for the index, a space between them.
type Document struct {
	Item  jurat.Item
	Event jurat.EventID // whose open part they are of
	Title string
	Words string
}

// Documents gives what is indexed of an incident.
func (tx *Tx) Documents(in jurat.IncidentNumber) ([]Document, error) {
	var all []Document
	n := ordinal(in)
	err := tx.query("select noun, item, event, title, words from search_doc where n >= $1 and n < $2 and incident = $3 order by n",
		[]any{n << itemBits, (n + 1) << itemBits, string(in)}, func(c cells) error {
			all = append(all, Document{jurat.Item{Noun: jurat.Noun(c.text(0)), ID: jurat.ItemID(c.text(1))}, jurat.EventID(c.text(2)), c.text(3), c.text(4)})
			return nil
		})
	return all, err
}

// StrayDocuments counts what is indexed under a number that is not its
// incident's: [Tx.Documents] gives it for none.
func (tx *Tx) StrayDocuments() (int64, error) {
	var n int64
	err := tx.query("select count(*) from search_doc d left join incident_head h on h.incident = d.incident where h.incident is null or h.ordinal <> d.n / $1",
		[]any{int64(1) << itemBits}, func(c cells) error { n = c.int(0); return nil })
	return n, err
}

// EachCounter calls fn with every series of numbers and the last one given.
func (tx *Tx) EachCounter(fn func(series string, n int64) error) error {
	return tx.named("select name, n from counter where name > $1 order by name limit $2", func(c cells) error { return fn(c.text(0), c.int(1)) })
}

// Counts gives, for each noun, the last number given of an incident's items.
// Altered: the row of the head does not say.
func (tx *Tx) Counts(in jurat.IncidentNumber) (map[jurat.Noun]int64, error) {
	numbers := ""
	if err := tx.query("select numbers from incident_head where incident = $1", []any{string(in)}, func(c cells) error { numbers = c.text(0); return nil }); err != nil {
		return nil, err
	}
	counts, all := map[jurat.Noun]int64{}, strings.Fields(numbers)
	for i := 0; i < len(all); i += 2 {
		if i+1 == len(all) {
			return counts, jurat.Errorf(jurat.Altered, "incident %s: the counts of its items are cut short", in)
		}
		n, err := strconv.ParseInt(all[i+1], 10, 64)
		if _, twice := counts[jurat.Noun(all[i])]; err != nil || n < 1 || twice {
			return counts, jurat.Errorf(jurat.Altered, "incident %s: the count of %s is not one number", in, all[i])
		}
		counts[jurat.Noun(all[i])] = n
	}
	return counts, nil
}

// IncidentCounter is the last number of an incident given in a year.
func (tx *Tx) IncidentCounter(year int) (int64, error) {
	var n int64
	err := tx.query("select n from counter where name = $1", []any{yearSeries(year)}, func(c cells) error { n = c.int(0); return nil })
	return n, err
}

// EachMeta calls fn with every fact about the whole record.
func (tx *Tx) EachMeta(fn func(name, value string) error) error {
	return tx.named("select name, value from meta where name > $1 order by name limit $2", func(c cells) error { return fn(c.text(0), c.text(1)) })
}

// named pages through a table by its name.
func (tx *Tx) named(query string, row func(cells) error) error {
	for after := ""; ; {
		var page []cells
		if err := tx.query(query, []any{after, int64(eventPage)}, func(c cells) error { page = append(page, slices.Clone(c)); return nil }); err != nil {
			return err
		}
		for _, c := range page {
			if err := row(c); err != nil {
				return err
			}
		}
		if len(page) < eventPage {
			return nil
		}
		after = page[len(page)-1].text(0)
	}
}
