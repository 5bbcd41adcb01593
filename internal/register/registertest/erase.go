package registertest

import (
	"testing"

	"jurat"
	"jurat/internal/register"
)

var erasing = []sentence{
	{"erasing the open part leaves leaf and claims, and a tombstone", eraseOpen},
	{"a sealed class is erased alone", eraseOneClass},
	{"erasing claims leaves the leaf alone", eraseClaims},
	{"what cannot be erased is refused", eraseRefused},
	{"scrubbing changes no answer", scrubbed},
}

func exhibit(in jurat.IncidentNumber, n int) jurat.Item {
	return jurat.Item{Noun: jurat.NounExhibit, ID: jurat.NumberItem(in, jurat.NounExhibit, n)}
}

func erase(t testing.TB, p Place, in jurat.IncidentNumber, fn func(tx *register.Tx) error) error {
	t.Helper()
	return p.Write(t.Context(), func(tx *register.Tx) error {
		if _, err := tx.Lock(in); err != nil {
			return err
		}
		return fn(tx)
	})
}

func eraseOpen(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	first := add(t, p, in, exhibit(in, 1), 1, says("a clip of a van"))
	second := add(t, p, in, exhibit(in, 1), 2, says("a clip of a van"))
	other := add(t, p, in, exhibit(in, 2), 1, says("a photo of a van"))
	b, keep := blob(in, 1, "clip"), blob(in, 2, "photo")
	write(t, p, func(tx *register.Tx) error { must(t, tx.PutBlob(b)); return tx.PutBlob(keep) })

	must(t, erase(t, p, in, func(tx *register.Tx) error {
		return tx.EraseParts([]jurat.EventID{first.ID, second.ID}, []jurat.Class{jurat.ClassOpen})
	}))
	read(t, p, func(tx *register.Tx) error {
		for _, was := range []register.EventRow{first, second} {
			e, err := tx.Event(was.ID)
			if err != nil || string(e.Leaf) != string(was.Leaf) || len(e.Claims) != len(was.Claims) || e.Open != "" || e.Act != was.Act {
				t.Errorf("Event: %+v, %v", e, err)
			}
		}
		row, err := tx.Item(exhibit(in, 1))
		if err != nil || !row.Disposed || row.Open != nil || row.Events != 2 {
			t.Errorf("Item: %+v, %v", row, err)
		}
		_, err = tx.Blob(b.Exhibit)
		wantKind(t, "Blob", err, jurat.NotFound)
		_, err = tx.FindDuplicate(b.Tag, in)
		wantKind(t, "FindDuplicate", err, jurat.NotFound)
		if rows, err := tx.Items(in, jurat.NounExhibit); err != nil || len(rows) != 2 || rows[1].Disposed || rows[1].Event != other.ID {
			t.Errorf("Items: %+v, %v", rows, err)
		}
		if _, err := tx.Blob(keep.Exhibit); err != nil {
			t.Errorf("the other exhibit's blob: %v", err)
		}
		if hits, err := tx.SearchItems(register.Query{Text: "van", Limit: 10}); err != nil || len(hits) != 1 || hits[0].Item != exhibit(in, 2) {
			t.Errorf("SearchItems: %+v, %v", hits, err)
		}
		return nil
	})
	if n := count(t, p, "select (select count(*) from blob_key) * 100 + (select count(*) from search_doc where noun = 'exhibit')"); n != 101 {
		t.Errorf("rows are left: %d, want 101", n)
	}
	// the act of disposing is itself an event about it: the item says both
	add(t, p, in, exhibit(in, 1), "disposed under certificate 7")
	read(t, p, func(tx *register.Tx) error {
		if row, err := tx.Item(exhibit(in, 1)); err != nil || !row.Disposed || row.Open == nil {
			t.Errorf("Item after the act of disposal: %+v, %v", row, err)
		}
		return nil
	})
}

func eraseOneClass(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	e := add(t, p, in, record(in, 1), 1, func(e *register.EventRow) {
		e.Sealed = []register.SealedPart{{Class: jurat.ClassContact, Key: []byte("k"), Body: []byte("b")}, {Class: jurat.ClassHealth, Key: []byte("k"), Body: []byte("b")}}
	})
	must(t, erase(t, p, in, func(tx *register.Tx) error {
		return tx.EraseParts([]jurat.EventID{e.ID}, []jurat.Class{jurat.ClassHealth, jurat.ClassMinor}) // of which one is not there
	}))
	read(t, p, func(tx *register.Tx) error {
		got, err := tx.Event(e.ID)
		if err != nil || len(got.Sealed) != 1 || got.Sealed[0].Class != jurat.ClassContact || got.Open != e.Open {
			t.Errorf("Event: %+v, %v", got, err)
		}
		if row, err := tx.Item(record(in, 1)); err != nil || row.Disposed {
			t.Errorf("Item: %+v, %v", row, err)
		}
		return nil
	})
}

func eraseClaims(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	e := add(t, p, in, record(in, 1), 1)
	must(t, erase(t, p, in, func(tx *register.Tx) error { return tx.EraseClaims([]jurat.EventID{e.ID}) }))
	read(t, p, func(tx *register.Tx) error {
		got, err := tx.Event(e.ID)
		if err != nil || string(got.Leaf) != string(e.Leaf) || got.Claims != nil || got.Open != "" || got.Person != "" || got.Act != "" || got.At.UnixMicro() != 0 {
			t.Errorf("Event: %+v, %v", got, err)
		}
		return nil
	})
}

func eraseRefused(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	e := add(t, p, in, record(in, 1), 1)
	open := []jurat.Class{jurat.ClassOpen}
	err := p.Write(t.Context(), func(tx *register.Tx) error { return tx.EraseParts([]jurat.EventID{e.ID}, open) })
	wantKind(t, "EraseParts in a chain that is not held", err, jurat.Invalid)
	err = erase(t, p, in, func(tx *register.Tx) error {
		return tx.EraseParts([]jurat.EventID{e.ID, "00000000-0000-7000-8000-000000000000"}, open)
	})
	wantKind(t, "EraseParts of an unknown event", err, jurat.NotFound)
	read(t, p, func(tx *register.Tx) error {
		if got, err := tx.Event(e.ID); err != nil || got.Open == "" {
			t.Errorf("a refused erasure erased: %+v, %v", got, err)
		}
		return nil
	})
}

func scrubbed(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	e := add(t, p, in, record(in, 1), 1, says("a van"))
	must(t, erase(t, p, in, func(tx *register.Tx) error {
		return tx.EraseParts([]jurat.EventID{e.ID}, []jurat.Class{jurat.ClassOpen})
	}))
	must(t, p.Scrub(t.Context()))
	add(t, p, in, record(in, 2), 1)
	read(t, p, func(tx *register.Tx) error {
		if events, err := tx.Events(in); err != nil || len(events) != 3 {
			t.Errorf("Events: %d, %v", len(events), err)
		}
		return nil
	})
}
