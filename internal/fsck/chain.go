package fsck

import (
	"fmt"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
)

// A chain is the events of one incident, or of the house, as they are walked.
type chain struct {
	in     jurat.IncidentNumber
	name   string
	next   int64 // the number the next event should have
	last   hash  // of the leaf before
	broken bool  // the event before is missing
	at     int64 // the place of the event before, -1: none
	items  map[jurat.Item]*seen
	words  *words

	expunged int64 // events of which only the leaf is left

	disposals disposals
}

// seen is what the events about one item said, one after another.
type seen struct {
	first   int64 // place of the first event
	last    jurat.EventID
	events  int64
	erased  int64          // events whose open part is not there
	parts   []jurat.Class  // sealed parts its last value names
	gone    []gone         // parts that an event commits to, and that are not there
	value   jurat.OpenPart // of the last event that has one
	valued  jurat.EventID  // that event
	exhibit *jurat.Exhibit // as received
	where   string         // of the last event
}

func chainName(in jurat.IncidentNumber) string {
	if in == register.House {
		return "the house"
	}
	return "incident " + string(in)
}

// checkChain walks a chain: numbers dense from 0, each event naming the leaf
// before it, none before it in the log, the head where the last event is, and
// the items where their last events left them.
func (c *check) checkChain(tx *register.Tx, in jurat.IncidentNumber, head register.Head) error {
	ch := &chain{in: in, name: chainName(in), at: -1, items: map[jurat.Item]*seen{}, words: newWords()}
	if err := tx.EachEvent(in, func(e register.EventRow) error { return c.checkLink(tx, ch, e) }); err != nil {
		return err
	}
	switch {
	case head.Seq+1 > ch.next:
		c.altered(ch.name, "its head is at event %d, and the last event there is number %d", head.Seq, ch.next-1)
	case head.Seq+1 < ch.next:
		c.altered(ch.name, "its head is at event %d, and there are events up to number %d", head.Seq, ch.next-1)
	case ch.next > 0 && hash(head.Prev) != ch.last:
		c.altered(ch.name, "its head does not name its last event")
	case ch.next == 0 && in != register.House:
		c.altered(ch.name, "the incident has no event")
	}
	if ch.expunged > 0 {
		c.checkWrit(ch)
	}
	var err error
	for _, check := range []func(*register.Tx, *chain) error{c.checkNumbers, c.checkFound, c.checkItems, c.checkExhibits, c.checkWords} {
		c.sorted(func() {
			if err == nil {
				err = check(tx, ch)
			}
		})
	}
	return err
}

// checkLink checks one event and its place in the chain.
func (c *check) checkLink(tx *register.Tx, ch *chain, e register.EventRow) error {
	where := fmt.Sprintf("%s, event %d (%s)", ch.name, e.Seq, e.ID)
	if e.Seq != ch.next {
		if e.Seq == ch.next+1 {
			c.altered(fmt.Sprintf("%s, event %d", ch.name, ch.next), "the event is missing")
		} else {
			c.altered(fmt.Sprintf("%s, event %d", ch.name, ch.next), "events up to number %d are missing", e.Seq-1)
		}
		ch.broken = true
	}
	at, placed, err := c.place(tx, e.ID, where)
	if err != nil {
		return err
	}
	if placed && at < ch.at && !(at == 0 && e.Act == jurat.LedgerContinued) { // where a log that continues another declares its gap
		c.altered(where, "the event stands before the one it follows in the log")
	}
	st, ok := c.checkEvent(ch, e, where)
	switch {
	case !ok || ch.in == register.House || !st.Has(format.ClaimIncidentPrev):
	case e.Seq == 0 && hash(st.Prev) != hash{}:
		c.altered(where, "it is the first event and names one before it")
	case e.Seq > 0 && !ch.broken && hash(st.Prev) != ch.last:
		c.altered(where, "it does not follow the event before it: another one stood there")
	}
	ch.next, ch.last, ch.broken = e.Seq+1, leafHash(e.Leaf), false
	if placed {
		ch.at = max(ch.at, at)
	}
	c.seeItem(ch, e, where)
	if ok {
		c.checkActor(st, where, at)
		c.checkMeaning(ch, e, st, where, at)
	}
	return nil
}

// seeItem counts an event about its item.
func (c *check) seeItem(ch *chain, e register.EventRow, where string) {
	if e.Item.ID.Incident() != ch.in {
		c.altered(where, "the event is about %s %s, which is not of %s", e.Item.Noun, e.Item.ID, ch.name)
	}
	s := ch.items[e.Item]
	if s == nil {
		s = &seen{first: e.Seq}
		ch.items[e.Item] = s
	}
	if e.Again != (s.events > 0) {
		c.altered(where, "whether an event about %s %s came before it is said wrongly: a list of what is about it would lack it, or give it twice", e.Item.Noun, e.Item.ID)
	}
	s.last, s.where = e.ID, where
	s.events++
	if e.Open == "" {
		s.erased++
	}
}

// checkItems compares the table of items with what the events say.
func (c *check) checkItems(tx *register.Tx, ch *chain) error {
	pointers, err := tx.ItemPointers(ch.in)
	if err != nil {
		return err
	}
	for _, p := range pointers {
		where := fmt.Sprintf("item %s %s", p.Item.Noun, p.Item.ID)
		s := ch.items[p.Item]
		if s == nil {
			c.altered(where, "it is in the table of items, and no event is about it")
			continue
		}
		delete(ch.items, p.Item)
		if p.Event != s.last {
			c.altered(where, "it points to event %s, and the last event about it is %s", p.Event, s.last)
		}
		if p.First != s.first {
			c.altered(where, "it says that event %d is the first about it, and that is event %d", p.First, s.first)
		}
		if p.Events != s.events {
			c.altered(where, "it counts %s, and there are %d", count(p.Events, "event"), s.events)
		}
		switch {
		case p.Disposed && s.erased > 0:
			c.checkDisposed(ch, p.Item, s, where)
		case p.Disposed:
			c.altered(where, "it is marked as disposed of, and nothing of it was erased")
		case s.erased > 0:
			c.altered(where, "%s missing, and it is not marked as disposed of", absentParts(s.erased))
		}
		if !p.Disposed {
			c.checkGone(s)
		}
		if s.exhibit != nil && !p.Disposed {
			ch.items[p.Item] = s // for checkExhibits
		}
	}
	for item, s := range ch.items {
		if s.exhibit == nil {
			c.altered(s.where, "its item %s %s is not in the table of items", item.Noun, item.ID)
		}
	}
	return nil
}
