package registertest

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"jurat"
	"jurat/internal/register"
)

var items = []sentence{
	{"an item is the open part of the last event about it", lastOpenPart},
	{"items come in the order of their numbers", itemsInOrder},
	{"incidents are listed newest number first, page by page", listed},
	{"a person's own incidents are listed, so far back and no farther", listedOf},
	{"a list is without what is hidden and what was erased, and no page is short for it", hiddenFromLists},
	{"what an act left as it is comes whole, the longest waiting first", leftBy},
	{"a count beyond six digits comes after those within", longNumbers},
	{"a number in use is not given again, even when the count of them is behind", countBehind},
	{"a number that no event is about is given again", givenAgain},
	{"an item without an event stops nobody", strayItem},
}

func lastOpenPart(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	first := add(t, p, in, record(in, 1), "first")
	last := add(t, p, in, record(in, 1), "second", func(e *register.EventRow) { e.Act, e.At = "record.amended", Noon.Add(time.Hour) })
	read(t, p, func(tx *register.Tx) error {
		row, err := tx.Item(record(in, 1))
		must(t, err)
		var open jurat.OpenPart
		must(t, json.Unmarshal(row.Open, &open))
		if string(open.Value) != `"second"` || open.Item != record(in, 1) || row.Event != last.ID || row.Act != "record.amended" ||
			!row.At.Equal(last.At) || row.Events != 2 || row.Disposed || row.Incident != in || row.Item != record(in, 1) {
			t.Errorf("Item: %+v with %s", row, row.Open)
		}
		if row.First != first.ID {
			t.Errorf("the first event about it: %s; want %s", row.First, first.ID)
		}
		_, err = tx.Item(record(in, 2))
		wantKind(t, "Item that is not there", err, jurat.NotFound)
		_, err = tx.Item(jurat.Item{Noun: jurat.NounExhibit, ID: record(in, 1).ID})
		wantKind(t, "Item under another noun", err, jurat.NotFound)
		return nil
	})
}

func itemsInOrder(t *testing.T, p Place) {
	in, other := incident(t, p, "One"), incident(t, p, "Two")
	for _, n := range []int{10, 2, 1, 11} {
		add(t, p, in, record(in, n), n)
	}
	add(t, p, other, record(other, 3), 3)
	read(t, p, func(tx *register.Tx) error {
		rows, err := tx.Items(in, jurat.NounRecord)
		must(t, err)
		var got []string
		for _, r := range rows {
			got = append(got, string(r.Item.ID[len(in)+1:]))
		}
		if !slices.Equal(got, []string{"R1", "R2", "R10", "R11"}) {
			t.Errorf("Items: %v", got)
		}
		filed, err := tx.Filed(in, []jurat.Noun{jurat.NounRecord, jurat.NounIncident, jurat.NounParty})
		must(t, err)
		if len(filed) != 5 || filed[0].Item.Noun != jurat.NounIncident || !reflect.DeepEqual(filed[1:], rows) {
			t.Errorf("Filed: %+v", filed)
		}
		pointers, err := tx.ItemPointers(in)
		if err != nil || len(pointers) != 5 || pointers[0].Item.Noun != jurat.NounIncident || pointers[4].Item.ID != record(in, 11).ID {
			t.Errorf("ItemPointers: %+v, %v", pointers, err)
		}
		return nil
	})
}

func listed(t *testing.T, p Place) {
	var all []jurat.IncidentNumber
	for range 7 {
		all = append(all, incident(t, p, "A stop"))
	}
	add(t, p, all[6], record(all[6], 1), 1)
	slices.Reverse(all)
	read(t, p, func(tx *register.Tx) error {
		var got []jurat.IncidentNumber
		var after jurat.IncidentNumber
		for {
			page, err := tx.ListIncidents(nil, after, 3)
			must(t, err)
			if len(page) == 0 {
				break
			}
			for _, r := range page {
				got = append(got, r.Incident)
				if want := map[bool]int64{true: 2, false: 1}[r.Incident == all[0]]; r.Events != want {
					t.Errorf("%s has %d events, want %d", r.Incident, r.Events, want)
				}
			}
			after = page[len(page)-1].Incident
		}
		if !slices.Equal(got, all) {
			t.Errorf("listed %v, want %v", got, all)
		}
		_, err := tx.ListIncidents(nil, "elsewhere", 3)
		wantKind(t, "ListIncidents after nonsense", err, jurat.Invalid)
		return nil
	})
}

func listedOf(t *testing.T, p Place) {
	var all []jurat.IncidentNumber
	for i := range 9 {
		in := incident(t, p, "A stop")
		all = append(all, in)
		by := func(who jurat.PersonID) func(*register.EventRow) {
			return func(e *register.EventRow) { e.Person = who }
		}
		switch i {
		case 0, 4, 5: // theirs: something done by them
			add(t, p, in, record(in, 1), 1, by("detective-2208"))
		case 6: // only looked at
			add(t, p, in, jurat.Item{Noun: jurat.NounLook, ID: jurat.ItemID(in)}, 1, by("detective-2208"))
		}
	}
	read(t, p, func(tx *register.Tx) error {
		for _, tc := range []struct {
			after       jurat.IncidentNumber
			limit, look int
			want        []jurat.IncidentNumber
			last        jurat.IncidentNumber
		}{
			{"", 10, 100, []jurat.IncidentNumber{all[5], all[4], all[0]}, ""},
			{"", 2, 100, []jurat.IncidentNumber{all[5], all[4]}, all[4]},
			{all[4], 2, 100, []jurat.IncidentNumber{all[0]}, ""},
			{"", 10, 4, []jurat.IncidentNumber{all[5]}, all[5]}, // looked at four of nine
			{all[5], 10, 4, []jurat.IncidentNumber{all[4]}, all[1]},
			{all[1], 10, 4, []jurat.IncidentNumber{all[0]}, ""},
			{"", 10, 2, nil, all[7]},
		} {
			rows, last, err := tx.IncidentsOf(nil, "detective-2208", tc.after, tc.limit, tc.look)
			must(t, err)
			var got []jurat.IncidentNumber
			for _, r := range rows {
				got = append(got, r.Incident)
			}
			if !slices.Equal(got, tc.want) || last != tc.last {
				t.Errorf("after %q, %d of %d: %v and on after %q, want %v and %q", tc.after, tc.limit, tc.look, got, last, tc.want, tc.last)
			}
		}
		_, _, err := tx.IncidentsOf(nil, "detective-2208", "elsewhere", 3, 3)
		wantKind(t, "IncidentsOf after nonsense", err, jurat.Invalid)
		return nil
	})
}

// Every set of hidden incidents there can be, by every length of page.
func hiddenFromLists(t *testing.T, p Place) {
	var all []jurat.IncidentNumber
	for i := range 6 {
		in := incident(t, p, "A stop")
		add(t, p, in, record(in, 1), i, says("a stop again"), func(e *register.EventRow) { e.Person = "detective-2208" })
		all = append(all, in)
	}
	must(t, erase(t, p, all[2], func(tx *register.Tx) error {
		rows, err := tx.Events(all[2])
		must(t, err)
		return tx.EraseClaims([]jurat.EventID{rows[0].ID, rows[1].ID})
	}))
	lists := map[string]func(tx *register.Tx, hidden register.Hidden, after jurat.IncidentNumber, limit int) ([]register.IncidentRow, error){
		"ListIncidents": (*register.Tx).ListIncidents,
		"Search": func(tx *register.Tx, hidden register.Hidden, after jurat.IncidentNumber, limit int) ([]register.IncidentRow, error) {
			return tx.Search(hidden, register.Narrow{}, "stop", after, limit)
		},
		"IncidentsOf": func(tx *register.Tx, hidden register.Hidden, after jurat.IncidentNumber, limit int) ([]register.IncidentRow, error) {
			rows, _, err := tx.IncidentsOf(hidden, "detective-2208", after, limit, 100)
			return rows, err
		},
	}
	read(t, p, func(tx *register.Tx) error {
		for set := range 1 << len(all) {
			var hidden register.Hidden
			var want []jurat.IncidentNumber
			for i, in := range all {
				switch {
				case set&(1<<i) != 0:
					hidden = append(hidden, in)
				case i != 2:
					want = append(want, in)
				}
			}
			slices.Reverse(want)
			for name, list := range lists {
				for limit := 1; limit < 4; limit++ {
					var got []jurat.IncidentNumber
					for after := jurat.IncidentNumber(""); ; {
						page, err := list(tx, hidden, after, limit)
						must(t, err)
						for _, row := range page {
							after = row.Incident
							got = append(got, after)
						}
						if len(page) < limit {
							break
						}
					}
					if !slices.Equal(got, want) {
						t.Fatalf("%s without %v, %d at a time: %v, want %v", name, hidden, limit, got, want)
					}
				}
			}
		}
		return nil
	})
}

func leftBy(t *testing.T, p Place) {
	submitted := func(n int) func(*register.EventRow) {
		return func(e *register.EventRow) {
			e.Act, e.At = jurat.RecordSubmitted, Noon.Add(time.Duration(n%7)*time.Second)
		}
	}
	one, two := incident(t, p, "A stop"), incident(t, p, "A stop")
	const n = 230 // more than a page
	for i := range n {
		add(t, p, one, record(one, i+1), i, submitted(i))
	}
	add(t, p, two, record(two, 1), 0, submitted(3))
	add(t, p, two, record(two, 2), 0)
	gone := add(t, p, two, record(two, 3), 0, submitted(1))
	must(t, erase(t, p, two, func(tx *register.Tx) error {
		return tx.EraseParts([]jurat.EventID{gone.ID}, []jurat.Class{jurat.ClassOpen})
	}))
	read(t, p, func(tx *register.Tx) error {
		for _, tc := range []struct {
			hidden register.Hidden
			most   int
			want   int
		}{{nil, n + 9, n + 1}, {register.Hidden{one}, n, 1}, {register.Hidden{two, "2026-000077"}, n + 9, n}, {nil, 203, 203}} {
			seen := map[jurat.ItemID]bool{}
			var last register.ItemRow
			must(t, tx.EachLeftBy(jurat.NounRecord, jurat.RecordSubmitted, tc.hidden, func(row register.ItemRow) (bool, error) {
				if seen[row.Item.ID] || row.At.Before(last.At) || row.Open == nil || slices.Contains(tc.hidden, row.Incident) {
					t.Errorf("%s at %v after %v: seen %t", row.Item.ID, row.At, last.At, seen[row.Item.ID])
				}
				seen[row.Item.ID], last = true, row
				return len(seen) < tc.most, nil
			}))
			if len(seen) != tc.want {
				t.Errorf("without %v at most %d: %d items, want %d", tc.hidden, tc.most, len(seen), tc.want)
			}
		}
		return nil
	})
}

func longNumbers(t *testing.T, p Place) {
	incident(t, p, "A stop")
	_, err := p.Raw.ExecContext(t.Context(), "update counter set n = 999998 where name = 'incident 2026'")
	must(t, err)
	for range 2 {
		incident(t, p, "A stop in a busy year")
	}
	read(t, p, func(tx *register.Tx) error {
		list, err := tx.ListIncidents(nil, "2026-1000001", 10)
		if err != nil || len(list) != 3 || list[0].Incident != "2026-1000000" || list[1].Incident != "2026-999999" || list[2].Incident != "2026-000001" {
			t.Errorf("listed %+v, %v", list, err)
		}
		hits, err := tx.Search(nil, register.Narrow{}, "stop", "", 10)
		if err != nil || len(hits) != 3 || hits[0].Incident != "2026-1000000" {
			t.Errorf("found %+v, %v", hits, err)
		}
		return nil
	})
}

// A count that was set back, by a torn copy or a hand in the database, must not
// let a new item take the place of one that is there.
func countBehind(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	for _, n := range []int{1, 2, 4} {
		add(t, p, in, record(in, n), n)
	}
	for _, numbers := range []string{"", "record 2 party 7", "party 7 record x", "record", "record record 2"} {
		_, err := p.Raw.ExecContext(t.Context(), "update incident_head set numbers = $1 where incident = $2", numbers, string(in))
		must(t, err)
		must(t, p.Register.Write(t.Context(), func(tx *register.Tx) error {
			if _, err := tx.Lock(in); err != nil {
				return err
			}
			for _, n := range []int{3, 5} {
				if id, err := tx.NextItem(in, jurat.NounRecord); err != nil || id != record(in, n).ID {
					t.Errorf("counts %q: NextItem: %s, %v; want %s", numbers, id, err, record(in, n).ID)
				}
			}
			return nil
		}))
	}
}

// A number nobody used is given again, in the same transaction or a later one;
// one that an event is about is not.
func givenAgain(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	for _, used := range []bool{false, true, false, false} {
		must(t, p.Register.Write(t.Context(), func(tx *register.Tx) error {
			h, err := tx.Lock(in)
			must(t, err)
			want := record(in, int(h.Seq)+1) // the incident's own event is number 0
			id, err := tx.NextItem(in, jurat.NounRecord)
			if err != nil || id != want.ID {
				t.Errorf("NextItem after %d: %s, %v; want %s", h.Seq, id, err, want.ID)
			}
			if !used {
				return nil
			}
			return tx.Append(Event(t, NewID(), in, h.Seq+1, want, 1))
		}))
	}
}

// An item that a hand put in the table without an event is passed over, and
// stops nobody.
func strayItem(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	e := add(t, p, in, record(in, 1), 1)
	_, err := p.Raw.ExecContext(t.Context(), "insert into item (incident, noun, id, event, events, disposed) values ($1, 'record', $2, $3, 0, 0)", string(in), string(record(in, 2).ID), string(e.ID))
	must(t, err)
	must(t, p.Register.Write(t.Context(), func(tx *register.Tx) error {
		h, err := tx.Lock(in)
		must(t, err)
		id, err := tx.NextItem(in, jurat.NounRecord)
		if err != nil || id != record(in, 3).ID {
			t.Errorf("NextItem: %s, %v", id, err)
		}
		return tx.Append(Event(t, NewID(), in, h.Seq+1, jurat.Item{Noun: jurat.NounRecord, ID: id}, 1))
	}))
	add(t, p, in, record(in, 2), 1, says("a van"))
	if got := find(t, p, "stop"); len(got) != 1 {
		t.Errorf("found %v", got)
	}
}
