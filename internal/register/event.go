package register

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
	"jurat/format"
)

// An EventRow is one event as it is kept: its leaf, and whatever opens it.
type EventRow struct {
	ID       jurat.EventID
	At       time.Time
	Act      jurat.Act
	Incident jurat.IncidentNumber // House: an act of the house
	Seq      int64                // place in the incident's chain, from 0; Append assigns the house's own
	Item     jurat.Item           // what the act is about; the item's state is Open
	Person   jurat.PersonID       // who did it, as the city asserts; may be empty
	Again    bool                 // it is not the first event about its item; Append assigns it

	Leaf   []byte              // exact bytes; never regenerated
	Claims []format.Disclosure // top-level disclosures, payload among them; none after an expungement
	Open   format.Disclosure   // the open part of the payload; "" after it was erased
	Sealed []SealedPart        // sealed parts present, in the order of their class's name

	// For Append only: what a search finds the item by, and shows it as. Both
	// come from the open part; both empty leaves the index as it is.
	Search string
	Title  string
}

// A SealedPart is one sealed part of a payload: the encoded disclosure,
// encrypted, and its key, wrapped. The register cannot read it.
type SealedPart struct {
	Class jurat.Class
	Key   []byte
	Body  []byte
}

// Append adds an event to the chain this transaction holds by [Tx.Lock] or
// [Tx.NextIncident], with all that opens it, and makes the item's state its
// open part. Conflict: Seq is not the next of the chain, or the ID is taken.
// Invalid: the chain is not held, or a part is missing.
func (tx *Tx) Append(e EventRow) error {
	held := tx.held(e.Incident)
	switch {
	case held == nil:
		return unlocked(e.Incident)
	case e.ID == "" || e.Act == "" || e.Item.Noun == "" || e.Item.ID == "" || e.Open == "" || len(e.Claims) == 0:
		return jurat.Errorf(jurat.Invalid, "event %s: it lacks an id, act, item, claims or open part", e.ID)
	case len(e.Leaf) == 0 || len(e.Leaf) > format.MaxLeaf:
		return jurat.Errorf(jurat.Invalid, "event %s: a leaf of %d bytes; want 1 to %d", e.ID, len(e.Leaf), format.MaxLeaf)
	case e.Incident == House:
		e.Seq = held.Seq + 1
	case e.Seq != held.Seq+1:
		return jurat.Errorf(jurat.Conflict, "incident %s: event %s would be number %d, but the next is %d", e.Incident, e.ID, e.Seq, held.Seq+1)
	}
	prev := tlog.RecordHash(e.Leaf)

	if _, err := tx.exec("insert into event (id, incident, seq, leaf) values ($1, $2, $3, $4)",
		string(e.ID), string(e.Incident), e.Seq, e.Leaf); err != nil {
		return fmt.Errorf("event %s: %w", e.ID, err)
	}
	first, err := held.firstOf(tx, e)
	if err != nil {
		return err
	}
	again := int64(0)
	if first != e.Seq {
		again = 1
	}
	if _, err := tx.exec("insert into disclosure (event, at, act, noun, item, person, claims, open, again) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		string(e.ID), micros(e.At), string(e.Act), string(e.Item.Noun), string(e.Item.ID), string(e.Person), joinClaims(e.Claims), string(e.Open), again); err != nil {
		return fmt.Errorf("event %s: %w", e.ID, err)
	}
	for _, p := range e.Sealed {
		if _, err := tx.exec("insert into sealed (event, class, key, body) values ($1, $2, $3, $4)",
			string(e.ID), string(p.Class), p.Key, p.Body); err != nil {
			return fmt.Errorf("event %s: sealed part %s: %w", e.ID, p.Class, err)
		}
	}
	if first == e.Seq {
		_, err = tx.exec("insert into item (incident, noun, id, event, events, disposed, first) values ($1, $2, $3, $4, 1, 0, $5)",
			string(e.Incident), string(e.Item.Noun), string(e.Item.ID), string(e.ID), first)
	} else {
		_, err = tx.exec("update item set event = $4, events = events + 1 where incident = $1 and noun = $2 and id = $3",
			string(e.Incident), string(e.Item.Noun), string(e.Item.ID), string(e.ID))
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", e.Item.Noun, e.Item.ID, err)
	}
	n, err := tx.exec("update incident_head set seq = $2, prev = $3, numbers = $4 where incident = $1 and seq = $2 - 1", string(e.Incident), e.Seq, prev[:], held.numbers)
	if err != nil {
		return err
	}
	if n != 1 {
		return tx.fail(fmt.Errorf("the head of %q was not at %d", e.Incident, e.Seq-1))
	}
	held.Head = Head{Seq: e.Seq, Prev: prev}
	if e.Search == "" && e.Title == "" {
		return nil
	}
	return tx.index(e, first)
}

// firstOf is the place of the first event about e's item: e's own when there
// was none. An item that [Tx.NextItem] numbered in this transaction is not
// looked for.
func (h *lockedHead) firstOf(tx *Tx, e EventRow) (int64, error) {
	if i := slices.Index(h.fresh, e.Item); i >= 0 {
		h.fresh = slices.Delete(h.fresh, i, i+1)
		return e.Seq, nil
	}
	first, err := tx.first(e.Incident, e.Item)
	if err == nil && first < 0 {
		first = e.Seq
	}
	return first, err
}

const eventColumns = "select e.seq, e.incident, e.id, e.leaf, d.at, d.act, d.noun, d.item, d.person, d.claims, d.open, d.again from event e join disclosure d on d.event = e.id "

func scanEvent(c cells) EventRow {
	return EventRow{
		Seq: c.int(0), Incident: jurat.IncidentNumber(c.text(1)), ID: jurat.EventID(c.text(2)), Leaf: c.bytes(3),
		At: fromMicros(c.int(4)), Act: jurat.Act(c.text(5)),
		Item:   jurat.Item{Noun: jurat.Noun(c.text(6)), ID: jurat.ItemID(c.text(7))},
		Person: jurat.PersonID(c.text(8)), Claims: splitClaims(c.text(9)), Open: format.Disclosure(c.text(10)), Again: c.int(11) != 0,
	}
}

// Event gives one event. NotFound: no such event.
func (tx *Tx) Event(id jurat.EventID) (EventRow, error) {
	var e EventRow
	err := tx.one(eventColumns+"where e.id = $1", []any{string(id)}, func(c cells) error { e = scanEvent(c); return nil })
	if errors.Is(err, jurat.NotFound) {
		return e, jurat.Errorf(jurat.NotFound, "no event %s", id)
	}
	if err == nil {
		err = tx.sealed(&e)
	}
	return e, err
}

// Events gives every event of an incident in the order of its chain; none for
// an incident that is not there. [Tx.EachEvent] does not hold them all at once.
func (tx *Tx) Events(in jurat.IncidentNumber) ([]EventRow, error) {
	var all []EventRow
	err := tx.EachEvent(in, func(e EventRow) error { all = append(all, e); return nil })
	return all, err
}

// HouseEvents gives the events of the house about one noun, in the order they
// happened; with noun "" all of them.
func (tx *Tx) HouseEvents(noun jurat.Noun) ([]EventRow, error) {
	var all []EventRow
	err := tx.EachEvent(House, func(e EventRow) error {
		if noun == "" || e.Item.Noun == noun {
			all = append(all, e)
		}
		return nil
	})
	return all, err
}

// EachEvent calls fn with every event of an incident, or of the [House], in
// the order of its chain. It stops at fn's first error and returns it.
func (tx *Tx) EachEvent(in jurat.IncidentNumber, fn func(EventRow) error) error {
	after := int64(-1)
	for {
		var page []EventRow
		err := tx.query(eventColumns+"where e.incident = $1 and e.seq > $2 order by e.seq limit $3", []any{string(in), after, int64(eventPage)},
			func(c cells) error { page = append(page, scanEvent(c)); return nil })
		if err != nil {
			return err
		}
		if len(page) == 0 {
			return nil
		}
		at := map[jurat.EventID]*EventRow{}
		for i := range page {
			at[page[i].ID] = &page[i]
		}
		err = tx.query("select s.event, s.class, s.key, s.body from sealed s join event e on e.id = s.event where e.incident = $1 and e.seq >= $2 and e.seq <= $3 order by s.event, s.class",
			[]any{string(in), page[0].Seq, page[len(page)-1].Seq}, func(c cells) error {
				if e := at[jurat.EventID(c.text(0))]; e != nil {
					e.Sealed = append(e.Sealed, SealedPart{Class: jurat.Class(c.text(1)), Key: c.bytes(2), Body: c.bytes(3)})
				}
				return nil
			})
		if err != nil {
			return err
		}
		for i := range page {
			if err := fn(page[i]); err != nil {
				return err
			}
		}
		if len(page) < eventPage {
			return nil
		}
		after = page[len(page)-1].Seq
	}
}

const eventPage = 256

// EventsOf gives every event about an item, in the order of its chain.
func (tx *Tx) EventsOf(i jurat.Item) ([]EventRow, error) {
	var all []EventRow
	add := func(c cells) error { all = append(all, scanEvent(c)); return nil }
	err := tx.query(eventColumns+"join item i on i.incident = e.incident and i.first = e.seq where i.incident = $1 and i.noun = $2 and i.id = $3",
		[]any{string(i.ID.Incident()), string(i.Noun), string(i.ID)}, add)
	if err == nil {
		err = tx.query(eventColumns+"where d.noun = $1 and d.item = $2 and d.again = 1 order by e.incident, e.seq", []any{string(i.Noun), string(i.ID)}, add)
	}
	if err != nil {
		return nil, err
	}
	for k := range all {
		if err := tx.sealed(&all[k]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// LastAct says when a person last did an act to an item, as the events say.
// NotFound: never.
func (tx *Tx) LastAct(i jurat.Item, act jurat.Act, person jurat.PersonID) (time.Time, error) {
	var last time.Time
	found := false
	later := func(c cells) error {
		if at := fromMicros(c.int(0)); !found || at.After(last) {
			last, found = at, true
		}
		return nil
	}
	err := tx.query("select at from disclosure where noun = $1 and item = $2 and act = $3 and person = $4 and again = 1 order by at desc limit 1",
		[]any{string(i.Noun), string(i.ID), string(act), string(person)}, later)
	if err == nil {
		err = tx.query("select d.at from item i join event e on e.incident = i.incident and e.seq = i.first join disclosure d on d.event = e.id"+
			" where i.incident = $1 and i.noun = $2 and i.id = $3 and d.act = $4 and d.person = $5",
			[]any{string(i.ID.Incident()), string(i.Noun), string(i.ID), string(act), string(person)}, later)
	}
	if err == nil && !found {
		err = jurat.Errorf(jurat.NotFound, "no %s of %s by %s", act, i.ID, person)
	}
	return last, err
}

// sealed reads the sealed parts of e.
func (tx *Tx) sealed(e *EventRow) error {
	return tx.query("select class, key, body from sealed where event = $1 order by class", []any{string(e.ID)}, func(c cells) error {
		e.Sealed = append(e.Sealed, SealedPart{Class: jurat.Class(c.text(0)), Key: c.bytes(1), Body: c.bytes(2)})
		return nil
	})
}

// State is the open part as the leaf commits to it: JSON of a
// [jurat.OpenPart]; nil after it was erased.
func (e EventRow) State() (json.RawMessage, error) { return state(e.ID, e.Open) }

func state(id jurat.EventID, open format.Disclosure) (json.RawMessage, error) {
	if open == "" {
		return nil, nil
	}
	_, value, err := open.Open()
	if err != nil {
		return nil, fmt.Errorf("event %s: open part: %w", id, err)
	}
	return value, nil
}

// Disclosures are base64url: a space never stands in one.
func joinClaims(ds []format.Disclosure) string {
	n := len(ds)
	for _, d := range ds {
		n += len(d)
	}
	var b strings.Builder
	b.Grow(n)
	for i, d := range ds {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(string(d))
	}
	return b.String()
}

func splitClaims(s string) []format.Disclosure {
	if s == "" {
		return nil
	}
	ds := make([]format.Disclosure, 0, 10)
	for d := range strings.SplitSeq(s, " ") {
		ds = append(ds, format.Disclosure(d))
	}
	return ds
}
