package registertest

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"jurat"
	"jurat/internal/register"
)

var sweeping = []sentence{
	{"items come as an earlier size of the ledger left them", asOfASize},
	{"every item of the nouns asked for comes once, chain by chain", everyItemOnce},
	{"an item that was erased comes without what it said", erasedState},
	{"a size of the ledger keeps its head, and when its last event was done", headOfASize},
	{"every sealed part comes once", everySealedPart},
}

// swept is what EachItem gives, as "item value".
func swept(t testing.TB, p Place, size int64, nouns ...jurat.Noun) []string {
	return sweptBut(t, p, size, nil, nouns...)
}

func sweptBut(t testing.TB, p Place, size int64, hidden register.Hidden, nouns ...jurat.Noun) []string {
	t.Helper()
	var got []string
	read(t, p, func(tx *register.Tx) error {
		return tx.EachItem(size, hidden, nouns, func(s register.ItemState) error {
			raw, err := s.State()
			must(t, err)
			var open jurat.OpenPart
			if raw != nil {
				must(t, json.Unmarshal(raw, &open))
			}
			if s.Incident != s.Item.ID.Incident() && s.Item.Noun != jurat.NounIncident {
				t.Errorf("%s is said to be of %q", s.Item.ID, s.Incident)
			}
			got = append(got, string(s.Item.ID)+" "+string(open.Value))
			return nil
		})
	})
	return got
}

func asOfASize(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	add(t, p, in, record(in, 1), "first")
	add(t, p, register.House, jurat.Item{Noun: jurat.NounOffice, ID: "police"}, "old")
	first := sequenced(t, p)
	add(t, p, in, record(in, 1), "second")
	add(t, p, in, record(in, 2), "new")
	add(t, p, register.House, jurat.Item{Noun: jurat.NounOffice, ID: "police"}, "renamed")
	waiting := incident(t, p, "Opened later")
	nouns := []jurat.Noun{jurat.NounIncident, jurat.NounRecord, jurat.NounOffice}
	then := []string{"police \"old\"", string(in) + ` {"title":"A stop"}`, string(in) + `-R1 "first"`}
	now := []string{"police \"renamed\"", string(in) + ` {"title":"A stop"}`, string(in) + `-R1 "second"`, string(in) + `-R2 "new"`, string(waiting) + ` {"title":"Opened later"}`}
	if got := swept(t, p, first.Size, nouns...); !slices.Equal(got, then) {
		t.Errorf("before the later events have an index: %q, want %q", got, then)
	}
	if got := swept(t, p, register.AllEvents, nouns...); !slices.Equal(got, now) {
		t.Errorf("all events: %q, want %q", got, now)
	}
	second := sequenced(t, p)
	if got := swept(t, p, first.Size, nouns...); !slices.Equal(got, then) {
		t.Errorf("the earlier size: %q, want %q", got, then)
	}
	if got := swept(t, p, second.Size, nouns...); !slices.Equal(got, now) {
		t.Errorf("the later size: %q, want %q", got, now)
	}
	if got := swept(t, p, second.Size); got != nil {
		t.Errorf("of no noun: %q", got)
	}
	if got := swept(t, p, 0, nouns...); got != nil {
		t.Errorf("nothing published: %q", got)
	}
	for size, want := range map[int64][]string{first.Size: then[:1], second.Size: {now[0], now[4]}, register.AllEvents: {now[0], now[4]}} {
		if got := sweptBut(t, p, size, register.Hidden{in}, nouns...); !slices.Equal(got, want) {
			t.Errorf("size %d, without a hidden incident: %q, want %q", size, got, want)
		}
	}
}

func everyItemOnce(t *testing.T, p Place) {
	a, b := incident(t, p, "One"), incident(t, p, "Two")
	want := map[string]bool{string(a) + ` {"title":"One"}`: true, string(b) + ` {"title":"Two"}`: true}
	write(t, p, func(tx *register.Tx) error {
		for _, in := range []jurat.IncidentNumber{a, b} {
			h, err := tx.Lock(in)
			must(t, err)
			for i := range 700 { // more than two pages of them
				must(t, tx.Append(Event(t, NewID(), in, h.Seq+1+int64(i), record(in, i+1), i)))
				want[fmt.Sprintf("%s-R%d %d", in, i+1, i)] = true
			}
		}
		return nil
	})
	add(t, p, a, exhibit(a, 1), "not asked for")
	got := swept(t, p, register.AllEvents, jurat.NounIncident, jurat.NounRecord)
	if len(got) != len(want) {
		t.Fatalf("%d items, want %d", len(got), len(want))
	}
	for i, g := range got {
		if !want[g] {
			t.Errorf("%q comes twice, or was never there", g)
		}
		delete(want, g)
		if i > 0 && got[i-1][:11] > g[:11] {
			t.Errorf("%q comes after %q", g, got[i-1])
		}
	}
}

func erasedState(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	e := add(t, p, in, record(in, 1), "to be erased")
	write(t, p, func(tx *register.Tx) error {
		_, err := tx.Lock(in)
		must(t, err)
		return tx.EraseParts([]jurat.EventID{e.ID}, []jurat.Class{jurat.ClassOpen})
	})
	if got := swept(t, p, register.AllEvents, jurat.NounRecord); !slices.Equal(got, []string{string(in) + "-R1 "}) {
		t.Errorf("%q", got)
	}
}

func headOfASize(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	add(t, p, in, record(in, 1), 1, func(e *register.EventRow) { e.At = Noon.Add(time.Minute) })
	first := sequenced(t, p)
	add(t, p, in, record(in, 1), 2, func(e *register.EventRow) { e.At = Noon.Add(time.Hour) })
	second := sequenced(t, p)
	read(t, p, func(tx *register.Tx) error {
		for _, want := range []struct {
			size int64
			root [32]byte
			at   time.Time
		}{{first.Size, first.Root, Noon.Add(time.Minute)}, {second.Size, second.Root, Noon.Add(time.Hour)}} {
			h, err := tx.TreeHeadOf(want.size)
			must(t, err)
			at, err := tx.LastAt(want.size)
			must(t, err)
			if h.Root != want.root || !at.Equal(want.at) {
				t.Errorf("size %d: root %x at %s", want.size, h.Root[:2], at)
			}
		}
		_, err := tx.TreeHeadOf(first.Size - 1)
		wantKind(t, "a size no checkpoint had", err, jurat.NotFound)
		_, err = tx.LastAt(0)
		wantKind(t, "the last event of none", err, jurat.NotFound)
		return nil
	})
}

func everySealedPart(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	var want []string
	for i := range 3 {
		e := add(t, p, in, record(in, i+1), i, func(e *register.EventRow) {
			e.Sealed = []register.SealedPart{{Class: jurat.ClassContact, Key: []byte("k"), Body: []byte{byte(i)}}, {Class: jurat.ClassIdentity, Key: []byte("k"), Body: []byte{byte(i)}}}
		})
		want = append(want, fmt.Sprint(e.ID, jurat.ClassContact, i), fmt.Sprint(e.ID, jurat.ClassIdentity, i))
	}
	var got []string
	read(t, p, func(tx *register.Tx) error {
		return tx.EachSealed(func(id jurat.EventID, part register.SealedPart) error {
			got = append(got, fmt.Sprint(id, part.Class, part.Body[0]))
			return nil
		})
	})
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
