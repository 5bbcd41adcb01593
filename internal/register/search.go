package register

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"jurat"
)

// Search gives at most limit incidents, newest number first, that come after
// the given one in that order and have an item whose open text has every word
// of a query. The last word may be the beginning of one; case, accents and
// punctuation do not matter. Hidden incidents are not found, nor those of which
// nothing is left to read, nor those that narrow leaves out. The answer is the
// same on every engine. Invalid: there is no word in it. Each has its Match.
func (tx *Tx) Search(hidden Hidden, narrow Narrow, words string, after jurat.IncidentNumber, limit int) ([]IncidentRow, error) {
	before := int64(1) << 62
	if after != "" {
		from := ordinal(after)
		if from == 0 {
			return nil, jurat.Errorf(jurat.Invalid, "search after %q: not an incident number", after)
		}
		before = from << itemBits
	}
	match, err := tx.matching(words)
	if err != nil {
		return nil, err
	}
	d := tx.dialect
	within, more := narrow.clause("i", "last", 3)
	if within != "" {
		within = " and exists (select 1 from incident_head h join item i on i.incident = h.incident and i.noun = 'incident' and i.id = h.incident" +
			" join disclosure last on last.event = i.event where h.ordinal = " + d.searchKey + " / " + strconv.Itoa(1<<itemBits) + within + ")"
	}
	query := "select " + d.searchKey + " from " + d.searchBare + " where " + d.searchIn + " and " + d.searchKey + " < $2" + within + " order by " + d.searchKey + " desc limit $3"
	var all []IncidentRow
	matched := map[jurat.IncidentNumber]int64{}
	for page := 2*limit + 8; len(all) < limit; {
		var found []int64           // ordinals, each once
		newest := map[int64]int64{} // by ordinal, the number of the document
		hits := 0
		err := tx.query(query, append([]any{match, before, int64(page)}, more...), func(c cells) error {
			hits++
			before = c.int(0) >> itemBits << itemBits
			if of := c.int(0) >> itemBits; of != 0 && (len(found) == 0 || found[len(found)-1] != of) {
				found, newest[of] = append(found, of), c.int(0)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		rows, err := tx.incidentsAt(hidden, found)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			matched[row.Incident] = newest[ordinal(row.Incident)]
		}
		all = append(all, rows...)
		if hits < page {
			break
		}
	}
	all = all[:min(len(all), limit)]
	return all, tx.match(all, matched)
}

// match says of each incident found which item's words they were.
func (tx *Tx) match(all []IncidentRow, documents map[jurat.IncidentNumber]int64) error {
	for some := range slices.Chunk(all, atOnce) {
		args := make([]any, atOnce)
		for i := range args {
			args[i] = documents[some[min(i, len(some)-1)].Incident]
		}
		items := map[int64]jurat.Item{}
		err := tx.query("select d.n, d.noun, d.item from search_doc d where d.n in ("+atOncePlaces+")", args, func(c cells) error {
			items[c.int(0)] = jurat.Item{Noun: jurat.Noun(c.text(1)), ID: jurat.ItemID(c.text(2))}
			return nil
		})
		if err != nil {
			return err
		}
		for i := range some {
			some[i].Match = items[documents[some[i].Incident]]
		}
	}
	return nil
}

// incidentsAt gives the incidents with these ordinals that a list has, newest
// first, as [Tx.ListIncidents] does; a few dozen in one statement.
func (tx *Tx) incidentsAt(hidden Hidden, ordinals []int64) ([]IncidentRow, error) {
	var all []IncidentRow
	for some := range slices.Chunk(ordinals, atOnce) {
		args := make([]any, atOnce)
		for i := range args {
			args[i] = some[min(i, len(some)-1)]
		}
		without, args, err := tx.but(hidden, "i.incident", args)
		if err != nil {
			return nil, err
		}
		rows, err := tx.incidentRows(whereOrdinal+without+" order by h.ordinal desc", args...)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}

const atOnce = 32

// atOncePlaces are the places of as many arguments in a statement.
var atOncePlaces = func() string {
	var list []string
	for i := range atOnce {
		list = append(list, "$"+strconv.Itoa(i+1))
	}
	return strings.Join(list, ", ")
}()

var whereOrdinal = "where h.ordinal in (" + atOncePlaces + ") and d.open is not null"

// A Query asks for items.
type Query struct {
	Text     string               // words, as for Search
	Incident jurat.IncidentNumber // "": in all
	Noun     jurat.Noun           // "": of any
	Before   int64                // a Hit's N, to continue after it; 0: from the newest
	Limit    int
}

// A Hit is an item found.
type Hit struct {
	N        int64 // falls from hit to hit: by incident, and within it by who was indexed last
	Incident jurat.IncidentNumber
	Item     jurat.Item
	Event    jurat.EventID // whose open part was indexed
	At       time.Time
	Title    string
}

// SearchItems gives the items whose open text has every word of a query.
func (tx *Tx) SearchItems(q Query) ([]Hit, error) {
	match, err := tx.matching(q.Text)
	if err != nil {
		return nil, err
	}
	d := tx.dialect
	query := "select d.n, d.incident, d.noun, d.item, d.event, x.at, d.title from " + d.searchFrom +
		" join disclosure x on x.event = d.event where " + d.searchIn + " and " + d.searchKey + " < $2"
	before := q.Before
	if before == 0 {
		before = 1 << 62
	}
	args := []any{match, before, int64(q.Limit)}
	if q.Incident != "" {
		args = append(args, string(q.Incident))
		query += " and d.incident = $" + strconv.Itoa(len(args))
	}
	if q.Noun != "" {
		args = append(args, string(q.Noun))
		query += " and d.noun = $" + strconv.Itoa(len(args))
	}
	var hits []Hit
	err = tx.query(query+" order by "+d.searchKey+" desc limit $3", args, func(c cells) error {
		hits = append(hits, Hit{
			N: c.int(0), Incident: jurat.IncidentNumber(c.text(1)), Item: jurat.Item{Noun: jurat.Noun(c.text(2)), ID: jurat.ItemID(c.text(3))},
			Event: jurat.EventID(c.text(4)), At: fromMicros(c.int(5)), Title: c.text(6),
		})
		return nil
	})
	return hits, err
}

// A wanted is one word of a query: any of these, or what begins so.
type wanted struct {
	words  []string
	begins bool
}

// matching is a query in the engine's own words. Invalid: there is no word in it.
func (tx *Tx) matching(text string) (string, error) {
	if err := tx.flush(); err != nil {
		return "", err
	}
	list, prefix := asked(text)
	if len(list) == 0 {
		return "", jurat.Errorf(jurat.Invalid, "search: give at least one word")
	}
	all := make([]wanted, len(list))
	for i, w := range list {
		all[i] = wanted{[]string{w}, prefix[i]}
		if prefix[i] && tx.dialect.nextWord != "" {
			words, err := tx.begin(w)
			if err != nil {
				return "", err
			}
			if words != nil {
				all[i] = wanted{words: words}
			}
		}
	}
	return tx.dialect.match(all), nil
}

// mostBeginnings is how many words a beginning may stand for and still be asked
// for word by word.
const mostBeginnings = 200

// begin gives the indexed words that begin so, or the beginning alone when there
// are none; nil: there are too many. SQLite, asked for a beginning, gathers every
// document of every such word before it gives the first; asked for the words
// themselves it reads as far as somebody reads.
func (tx *Tx) begin(beginning string) ([]string, error) {
	all := []string{}
	for from := beginning; len(all) <= mostBeginnings; {
		word := ""
		err := tx.query(tx.dialect.nextWord, []any{from}, func(c cells) error { word = c.text(0); return nil })
		if err != nil {
			return nil, err
		}
		if !strings.HasPrefix(word, beginning) {
			if len(all) == 0 {
				all = append(all, beginning)
			}
			return all, nil
		}
		all = append(all, word)
		from = word + "0" // nothing spelled lies between them
	}
	return nil, nil
}

// itemBits are the low bits of a document's number: the place in its chain of
// the item's first event. The high bits are the incident's ordinal, so that the
// order of documents is the order of incidents.
const itemBits = 19

// docNumber numbers the words of the item whose first event has that place.
func docNumber(in jurat.IncidentNumber, first int64) int64 { return ordinal(in)<<itemBits | first }

// A document is what a search finds an item by.
type document struct {
	n           int64
	fresh       bool // of an item that is new in this transaction
	incident    jurat.IncidentNumber
	item        jurat.Item
	event       jurat.EventID
	title, list string
}

// index gives an item its words, now or at the end of the batch. first is the
// place of the item's first event, by which its words are numbered; in an
// incident of more events than have numbers an item goes unindexed, because
// saving is never refused for want of a place in the index.
func (tx *Tx) index(e EventRow, first int64) error {
	if first < 0 || first >= 1<<itemBits {
		return nil
	}
	d := document{
		n: docNumber(e.Incident, first), fresh: first == e.Seq,
		incident: e.Incident, item: e.Item, event: e.ID, title: e.Title, list: strings.Join(words(e.Search), " "),
	}
	if tx.later == nil {
		return tx.put([]document{d})
	}
	*tx.later = append(*tx.later, d)
	return nil
}

// update gives an item that is indexed its new words, and says whether it was.
func (tx *Tx) update(d document) (bool, error) {
	n, err := tx.exec("update search_doc set event = $2, title = $3, words = $4 where n = $1", d.n, string(d.event), d.title, d.list)
	return n > 0, err
}

// insert indexes new documents, many in one statement: SQLite flushes a
// full-text index once for each statement, so that rows one by one cost most.
func (tx *Tx) insert(ds []document) error {
	for _, size := range [...]int{64, 16, 4, 1} {
		for len(ds) >= size {
			args := make([]any, 0, 7*size)
			for _, d := range ds[:size] {
				args = append(args, d.n, string(d.incident), string(d.item.Noun), string(d.item.ID), string(d.event), d.title, d.list)
			}
			if _, err := tx.exec(insertDocuments[size], args...); err != nil {
				return err
			}
			ds = ds[size:]
		}
	}
	return nil
}

// insertDocuments are the statements of insert, by their number of rows.
var insertDocuments = func() map[int]string {
	all := map[int]string{}
	for _, size := range [...]int{64, 16, 4, 1} {
		rows := make([]string, size)
		for i := range rows {
			k := 7 * i
			rows[i] = fmt.Sprintf("($%d, $%d, $%d, $%d, $%d, $%d, $%d)", k+1, k+2, k+3, k+4, k+5, k+6, k+7)
		}
		all[size] = "insert into search_doc (n, incident, noun, item, event, title, words) values " + strings.Join(rows, ", ")
	}
	return all
}()

// flush indexes what the batch left for later: before anything else looks at
// the index, and at the end.
func (tx *Tx) flush() error {
	if tx.later == nil || len(*tx.later) == 0 {
		return nil
	}
	later := *tx.later
	*tx.later = nil
	return tx.put(later)
}

// put indexes documents. New ones go in by their numbers: at each step back
// the full-text index of SQLite would be flushed.
func (tx *Tx) put(ds []document) error {
	var fresh []document
	at := make(map[int64]int, len(ds)) // number → place in fresh
	for _, d := range ds {
		if i, ok := at[d.n]; ok {
			fresh[i] = d
			continue
		}
		if !d.fresh {
			known, err := tx.update(d)
			if err != nil {
				return err
			}
			if known {
				continue
			}
		}
		at[d.n] = len(fresh)
		fresh = append(fresh, d)
	}
	slices.SortFunc(fresh, func(a, b document) int { return cmp.Compare(a.n, b.n) })
	return tx.insert(fresh)
}

// Reindex empties the index of words; the caller then gives every item's text
// again with [Tx.Index].
func (tx *Tx) Reindex() error {
	if err := tx.flush(); err != nil {
		return err
	}
	_, err := tx.exec("delete from search_doc")
	return err
}

// Index sets the words an item is found by, and its title, as [Tx.Append]
// does, without an event: of e it takes Item, Incident, ID, Search and Title.
// NotFound: no event was ever about the item.
func (tx *Tx) Index(e EventRow) error {
	if err := tx.may(); err != nil {
		return err
	}
	first, err := tx.first(e.Incident, e.Item)
	if err == nil && first < 0 {
		err = jurat.Errorf(jurat.NotFound, "no %s %s", e.Item.Noun, e.Item.ID)
	}
	if err != nil {
		return err
	}
	e.Seq = -1 // no event of its own
	return tx.index(e, first)
}
