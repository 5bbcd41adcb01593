package registertest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
)

var chains = []sentence{
	{"numbers of incidents are dense in each year", denseNumbers},
	{"numbers of items are dense in each incident and noun", denseItems},
	{"an incident that is not there cannot be locked", lockUnknown},
	{"a chain goes on from its head, and only from there", fromItsHead},
	{"a chain that is not held takes no event", unheld},
	{"an event that lacks a part is refused", lacking},
	{"an id is given once", idOnce},
	{"writers at one chain never fork it", neverForked},
	{"an event comes back as it was appended", roundTrip},
	{"events come in the order of their chain", inOrder},
	{"the house has a chain of its own", houseChain},
	{"events come back by what they are, the newest first", newestFirst},
	{"when a person last did something is found", lastAct},
	{"every chain and its head is listed", heads},
}

func denseNumbers(t *testing.T, p Place) {
	var all sync.WaitGroup
	var mu sync.Mutex
	var got []string
	for range 8 {
		all.Go(func() {
			for range 5 {
				in := incident(t, p, "A stop")
				mu.Lock()
				got = append(got, string(in))
				mu.Unlock()
			}
		})
	}
	all.Wait()
	slices.Sort(got)
	for i, in := range got {
		if want := string(jurat.NewIncidentNumber(2026, i+1)); in != want {
			t.Fatalf("number %d is %s, want %s", i+1, in, want)
		}
	}
	write(t, p, func(tx *register.Tx) error {
		in, err := tx.NextIncident(2027)
		if in != "2027-000001" {
			t.Errorf("the first of 2027 is %s", in)
		}
		_, bad := tx.NextIncident(0)
		wantKind(t, "NextIncident of year 0", bad, jurat.Invalid)
		return err
	})
}

func denseItems(t *testing.T, p Place) {
	a, b := incident(t, p, "One"), incident(t, p, "Two")
	write(t, p, func(tx *register.Tx) error {
		_, err := tx.NextItem(a, jurat.NounRecord)
		wantKind(t, "NextItem of an incident that is not held", err, jurat.Invalid)
		for _, in := range []jurat.IncidentNumber{a, b} {
			_, err := tx.Lock(in)
			must(t, err)
		}
		for _, want := range []struct {
			in   jurat.IncidentNumber
			noun jurat.Noun
			id   jurat.ItemID
		}{
			{a, jurat.NounRecord, "2026-000001-R1"}, {a, jurat.NounRecord, "2026-000001-R2"}, {a, jurat.NounExhibit, "2026-000001-E1"},
			{b, jurat.NounRecord, "2026-000002-R1"}, {a, jurat.NounRecord, "2026-000001-R3"},
		} {
			if got, err := tx.NextItem(want.in, want.noun); got != want.id || err != nil {
				t.Errorf("NextItem: %s, %v; want %s", got, err, want.id)
			}
		}
		_, err = tx.NextItem(register.House, jurat.NounPerson)
		wantKind(t, "NextItem of the house", err, jurat.Invalid)
		_, err = tx.NextName(jurat.NounPerson)
		wantKind(t, "NextName in a house that is not held", err, jurat.Invalid)
		_, err = tx.Lock(register.House)
		must(t, err)
		for _, want := range []jurat.ItemID{"person-1", "person-2"} {
			if got, err := tx.NextName(jurat.NounPerson); got != want || err != nil {
				t.Errorf("NextName: %s, %v; want %s", got, err, want)
			}
		}
		return nil
	})
}

func lockUnknown(t *testing.T, p Place) {
	write(t, p, func(tx *register.Tx) error {
		_, err := tx.Lock("2026-000001")
		wantKind(t, "Lock", err, jurat.NotFound)
		_, err = tx.Head("2026-000001")
		wantKind(t, "Head", err, jurat.NotFound)
		return nil
	})
}

func fromItsHead(t *testing.T, p Place) {
	var in jurat.IncidentNumber
	write(t, p, func(tx *register.Tx) (err error) {
		if in, err = tx.NextIncident(2026); err != nil {
			return err
		}
		h, err := tx.Lock(in)
		if h != (register.Head{Seq: -1}) || err != nil {
			t.Errorf("the head of a new chain is %+v, %v", h, err)
		}
		for seq := range int64(3) {
			e := Event(t, NewID(), in, seq, record(in, 1), seq)
			for _, wrong := range []int64{seq - 1, seq + 1} {
				e.Seq = wrong
				wantKind(t, "Append out of order", tx.Append(e), jurat.Conflict)
			}
			e.Seq = seq
			must(t, tx.Append(e))
			h, err := tx.Lock(in)
			if want := (register.Head{Seq: seq, Prev: tlog.RecordHash(e.Leaf)}); h != want || err != nil {
				t.Errorf("after event %d the head is %+v, %v; want %+v", seq, h, err, want)
			}
		}
		return nil
	})
	read(t, p, func(tx *register.Tx) error {
		if h, err := tx.Head(in); h.Seq != 2 || err != nil {
			t.Errorf("Head: %+v, %v", h, err)
		}
		return nil
	})
}

func unheld(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	write(t, p, func(tx *register.Tx) error {
		wantKind(t, "Append to an incident", tx.Append(Event(t, NewID(), in, 1, record(in, 1), 1)), jurat.Invalid)
		person := jurat.Item{Noun: jurat.NounPerson, ID: "person-1"}
		wantKind(t, "Append to the house", tx.Append(Event(t, NewID(), register.House, 0, person, 1)), jurat.Invalid)
		return nil
	})
}

func lacking(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	for name, spoil := range map[string]func(*register.EventRow){
		"no id":             func(e *register.EventRow) { e.ID = "" },
		"no act":            func(e *register.EventRow) { e.Act = "" },
		"no noun":           func(e *register.EventRow) { e.Item.Noun = "" },
		"no item":           func(e *register.EventRow) { e.Item.ID = "" },
		"no leaf":           func(e *register.EventRow) { e.Leaf = nil },
		"a leaf too large":  func(e *register.EventRow) { e.Leaf = make([]byte, format.MaxLeaf+1) },
		"no claims":         func(e *register.EventRow) { e.Claims = nil },
		"no open part":      func(e *register.EventRow) { e.Open = "" },
		"a zero in a title": func(e *register.EventRow) { e.Title = "a\x00b" },
		"bytes for a title": func(e *register.EventRow) { e.Title = "\xff" },
	} {
		e := Event(t, NewID(), in, 1, record(in, 1), 1)
		spoil(&e)
		err := p.Write(t.Context(), func(tx *register.Tx) error {
			if _, err := tx.Lock(in); err != nil {
				return err
			}
			return tx.Append(e)
		})
		wantKind(t, name, err, jurat.Invalid)
	}
}

func idOnce(t *testing.T, p Place) {
	a, b := incident(t, p, "One"), incident(t, p, "Two")
	e := add(t, p, a, record(a, 1), 1)
	err := p.Write(t.Context(), func(tx *register.Tx) error {
		if _, err := tx.Lock(b); err != nil {
			return err
		}
		return tx.Append(Event(t, e.ID, b, 1, record(b, 1), 1))
	})
	wantKind(t, "Append of an id that is taken", err, jurat.Conflict)
}

func neverForked(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	const writers, each = 12, 10
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for range each {
				err := p.Write(t.Context(), func(tx *register.Tx) error {
					h, err := tx.Lock(in)
					if err != nil {
						return err
					}
					e := Event(t, NewID(), in, h.Seq+1, record(in, 1), h.Seq)
					e.Leaf = append(e.Leaf, h.Prev[:]...) // names what it follows
					return tx.Append(e)
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	read(t, p, func(tx *register.Tx) error {
		var prev tlog.Hash
		next := int64(0)
		err := tx.EachEvent(in, func(e register.EventRow) error {
			if e.Seq != next || next > 0 && tlog.Hash(e.Leaf[len(e.Leaf)-tlog.HashSize:]) != prev {
				t.Errorf("event %d does not follow event %d", e.Seq, next-1)
			}
			prev, next = tlog.RecordHash(e.Leaf), next+1
			return nil
		})
		if next != writers*each+1 {
			t.Errorf("%d events, want %d", next, writers*each+1)
		}
		if row, _ := tx.Item(record(in, 1)); row.Events != writers*each {
			t.Errorf("the item has %d events, want %d", row.Events, writers*each)
		}
		return err
	})
}

func roundTrip(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	at := time.Date(2026, 7, 1, 23, 59, 59, 123456000, time.UTC)
	want := add(t, p, in, record(in, 1), map[string]any{"text": "“quoted”, 警察, \n and a backslash \\"}, func(e *register.EventRow) {
		e.At = at
		e.Sealed = []register.SealedPart{
			{Class: jurat.ClassContact, Key: []byte{0, 1, 2}, Body: []byte("not to be read")},
			{Class: jurat.ClassIdentity, Key: []byte{3}, Body: []byte{0xff, 0}},
		}
	})
	read(t, p, func(tx *register.Tx) error {
		got, err := tx.Event(want.ID)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("Event:\n %+v, %v\nwant\n %+v", got, err, want)
		}
		of, err := tx.EventsOf(want.Item)
		if err != nil || len(of) != 1 || !reflect.DeepEqual(of[0], want) {
			t.Errorf("EventsOf: %+v, %v", of, err)
		}
		all, err := tx.Events(in)
		if err != nil || len(all) != 2 || len(all[0].Sealed) > 0 || !reflect.DeepEqual(all[1], want) {
			t.Errorf("Events: %+v, %v", all, err)
		}
		_, err = tx.Event("00000000-0000-7000-8000-000000000000")
		wantKind(t, "Event that is not there", err, jurat.NotFound)
		return nil
	})
}

func inOrder(t *testing.T, p Place) {
	in, other := incident(t, p, "One"), incident(t, p, "Two")
	const n = 600 // more than two pages
	write(t, p, func(tx *register.Tx) error {
		if _, err := tx.Lock(in); err != nil {
			return err
		}
		for i := range n {
			if err := tx.Append(Event(t, NewID(), in, int64(i)+1, record(in, i%3+1), i)); err != nil {
				return err
			}
		}
		return nil
	})
	read(t, p, func(tx *register.Tx) error {
		events, err := tx.Events(in)
		must(t, err)
		for i, e := range events {
			if e.Seq != int64(i) || e.Incident != in {
				t.Fatalf("event %d is number %d of %s", i, e.Seq, e.Incident)
			}
		}
		of, err := tx.EventsOf(record(in, 2))
		if len(events) != n+1 || len(of) != n/3 || err != nil {
			t.Errorf("%d events and %d about the item, %v", len(events), len(of), err)
		}
		for i := range of[1:] {
			if of[i].Seq >= of[i+1].Seq {
				t.Errorf("events about the item: %d before %d", of[i].Seq, of[i+1].Seq)
			}
		}
		if stop := tx.EachEvent(in, func(register.EventRow) error { return errOwn }); !errors.Is(stop, errOwn) {
			t.Errorf("EachEvent: %v, want %v itself", stop, errOwn)
		}
		events, err = tx.Events(other)
		if len(events) != 1 || err != nil {
			t.Errorf("%d events in the other incident, %v", len(events), err)
		}
		return nil
	})
}

func houseChain(t *testing.T, p Place) {
	person := func(n string) jurat.Item { return jurat.Item{Noun: jurat.NounPerson, ID: jurat.ItemID(n)} }
	add(t, p, register.House, person("person-2"), 2)
	add(t, p, register.House, jurat.Item{Noun: jurat.NounOffice, ID: "police"}, 1)
	add(t, p, register.House, person("person-1"), 1)
	add(t, p, register.House, person("person-2"), 3)
	read(t, p, func(tx *register.Tx) error {
		all, err := tx.HouseEvents("")
		must(t, err)
		people, err := tx.HouseEvents(jurat.NounPerson)
		must(t, err)
		if len(all) != 4 || len(people) != 3 || all[3].Seq != 3 || people[0].Item.ID != "person-2" {
			t.Errorf("HouseEvents: %d and %d", len(all), len(people))
		}
		rows, err := tx.House(jurat.NounPerson)
		if err != nil || len(rows) != 2 || rows[0].Item.ID != "person-1" || rows[1].Events != 2 {
			t.Errorf("House: %+v, %v", rows, err)
		}
		if row, err := tx.Item(person("person-2")); err != nil || row.Event != all[3].ID {
			t.Errorf("Item: %+v, %v", row, err)
		}
		return nil
	})
}

func newestFirst(t *testing.T, p Place) {
	in, other := incident(t, p, "One"), incident(t, p, "Two")
	id := func(n int) jurat.EventID {
		return jurat.EventID(fmt.Sprintf("%012x", Noon.UnixMilli())[:8] + fmt.Sprintf("-ffff-7000-8000-%012x", n))
	}
	write(t, p, func(tx *register.Tx) error {
		for k, chain := range []jurat.IncidentNumber{in, other} {
			if _, err := tx.Lock(chain); err != nil {
				return err
			}
			for i := range 100 {
				e := Event(t, id(2*i+k), chain, int64(i)+1, record(chain, 1), i)
				if e.Act = "test.even"; i%2 == 1 {
					e.Act = "test.odd"
				}
				if i == 99 {
					e.Sealed = []register.SealedPart{{Class: jurat.ClassIdentity, Key: []byte{1}, Body: []byte{2}}}
				}
				if err := tx.Append(e); err != nil {
					return err
				}
			}
		}
		return nil
	})
	got := func(tx *register.Tx, b register.Backward) (ids []jurat.EventID) {
		events, err := tx.EventsBack(b)
		must(t, err)
		for _, e := range events {
			ids = append(ids, e.ID)
		}
		return ids
	}
	read(t, p, func(tx *register.Tx) error {
		for what, c := range map[string]struct {
			ask  register.Backward
			want []jurat.EventID
		}{
			"the newest":       {register.Backward{Limit: 3}, []jurat.EventID{id(199), id(198), id(197)}},
			"before one":       {register.Backward{Before: id(198), Limit: 2}, []jurat.EventID{id(197), id(196)}},
			"from one":         {register.Backward{Before: id(5), From: id(3), Limit: 9}, []jurat.EventID{id(4), id(3)}},
			"of an incident":   {register.Backward{Incident: other, Limit: 2}, []jurat.EventID{id(199), id(197)}},
			"of one act":       {register.Backward{Acts: []jurat.Act{"test.even"}, Limit: 2}, []jurat.EventID{id(197), id(196)}},
			"of acts":          {register.Backward{Acts: []jurat.Act{"test.even", "test.odd"}, Incident: in, Limit: 2}, []jurat.EventID{id(198), id(196)}},
			"of the house":     {register.Backward{House: true, Limit: 2}, nil},
			"with no such act": {register.Backward{Acts: []jurat.Act{"test.none"}, Limit: 2}, nil},
		} {
			if ids := got(tx, c.ask); !slices.Equal(ids, c.want) {
				t.Errorf("%s: %v, want %v", what, ids, c.want)
			}
		}
		last, err := tx.EventsBack(register.Backward{Limit: 1})
		must(t, err)
		if len(last) != 1 || len(last[0].Sealed) != 1 || last[0].Sealed[0].Class != jurat.ClassIdentity || last[0].Sealed[0].Body != nil {
			t.Errorf("the sealed parts of the last: %v", last)
		}
		if found, err := tx.LeafIndexes([]jurat.EventID{id(1), id(2)}); err != nil || len(found) != 0 {
			t.Errorf("indexes of what awaits one: %v, %v", found, err)
		}
		return nil
	})
}

func lastAct(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	look := func(person jurat.PersonID, at time.Time) {
		add(t, p, in, record(in, 1), 1, func(e *register.EventRow) { e.Act, e.Person, e.At = "record.read", person, at })
	}
	look("officer-1", Noon)
	look("officer-1", Noon.Add(time.Hour))
	look("officer-2", Noon.Add(2*time.Hour))
	read(t, p, func(tx *register.Tx) error {
		if at, err := tx.LastAct(record(in, 1), "record.read", "officer-1"); err != nil || !at.Equal(Noon.Add(time.Hour)) {
			t.Errorf("LastAct: %v, %v", at, err)
		}
		_, err := tx.LastAct(record(in, 1), "record.read", "officer-3")
		wantKind(t, "LastAct of another person", err, jurat.NotFound)
		_, err = tx.LastAct(record(in, 2), "record.read", "officer-1")
		wantKind(t, "LastAct on another item", err, jurat.NotFound)
		return nil
	})
}

func heads(t *testing.T, p Place) {
	a, b := incident(t, p, "One"), incident(t, p, "Two")
	add(t, p, b, record(b, 1), 1)
	read(t, p, func(tx *register.Tx) error {
		var got []jurat.IncidentNumber
		var seqs []int64
		must(t, tx.Heads(func(in jurat.IncidentNumber, h register.Head) error {
			got, seqs = append(got, in), append(seqs, h.Seq)
			return nil
		}))
		if !slices.Equal(got, []jurat.IncidentNumber{register.House, a, b}) || !slices.Equal(seqs, []int64{-1, 0, 1}) {
			t.Errorf("Heads: %q at %v", got, seqs)
		}
		return nil
	})
}
