package register

import (
	"strings"
	"time"

	"jurat"
)

// A Query asks for the items whose open text has every one of some words. The
// last word may be only the beginning of one; case, accents and punctuation do
// not matter.
type Query struct {
	Text     string
	Incident jurat.IncidentNumber // "": in all
	Noun     jurat.Noun           // "": of any
	Before   int64                // a Hit's N, to continue after it; 0: from the newest
	Limit    int
}

// A Hit is an item found.
type Hit struct {
	N        int64 // falls from hit to hit: items filed last come first
	Incident jurat.IncidentNumber
	Item     jurat.Item
	Event    jurat.EventID // whose open part was indexed
	At       time.Time
	Title    string
}

// Search gives the items that q asks for, those filed last first, the same on
// both engines. Invalid: q has no word in it.
func (tx *Tx) Search(q Query) ([]Hit, error) {
	list, prefix := asked(q.Text)
	if len(list) == 0 {
		return nil, jurat.Errorf(jurat.Invalid, "search: give at least one word")
	}
	before := q.Before
	if before == 0 {
		before = 1 << 62
	}
	query := "select d.n, d.incident, d.noun, d.item, d.event, x.at, d.title from " + tx.dialect.searchFrom +
		" join disclosure x on x.event = d.event where " + tx.dialect.searchIn + " and " + tx.dialect.searchKey + " < $2"
	args := []any{tx.dialect.match(list, prefix), before, int64(q.Limit)}
	if q.Incident != "" {
		args = append(args, string(q.Incident))
		query += " and d.incident = $4"
	}
	if q.Noun != "" {
		args = append(args, string(q.Noun))
		query += " and d.noun = $" + string(rune('0'+len(args)))
	}
	var hits []Hit
	err := tx.query(query+" order by "+tx.dialect.searchKey+" desc limit $3", args, func(c cells) error {
		hits = append(hits, Hit{
			N: c.int(0), Incident: jurat.IncidentNumber(c.text(1)), Item: jurat.Item{Noun: jurat.Noun(c.text(2)), ID: jurat.ItemID(c.text(3))},
			Event: jurat.EventID(c.text(4)), At: fromMicros(c.int(5)), Title: c.text(6),
		})
		return nil
	})
	return hits, err
}

// index makes the words of e's open part those by which its item is found.
func (tx *Tx) index(e EventRow) error {
	_, err := tx.exec("insert into search_doc (incident, noun, item, event, title, words) values ($1, $2, $3, $4, $5, $6)"+
		" on conflict (noun, item) do update set event = excluded.event, title = excluded.title, words = excluded.words",
		string(e.Incident), string(e.Item.Noun), string(e.Item.ID), string(e.ID), e.Title, strings.Join(words(e.Search), " "))
	return err
}

// Reindex empties the index of words; the caller then gives every item's text
// again with [Tx.Index].
func (tx *Tx) Reindex() error {
	_, err := tx.exec("delete from search_doc")
	return err
}

// Index sets the text an item is found by and its title, as [Tx.Append] does,
// without an event.
func (tx *Tx) Index(e EventRow) error { return tx.index(e) }
