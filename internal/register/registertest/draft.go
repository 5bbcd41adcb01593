package registertest

import (
	"testing"
	"time"

	"jurat"
	"jurat/internal/register"
)

var drafts = []sentence{
	{"a draft is its person's own, is replaced by the next of its id, and is gone once dropped", draftsAreKept},
}

func draftsAreKept(t *testing.T, p Place) {
	put := func(id, body string, at time.Time) {
		write(t, p, func(tx *register.Tx) error {
			return tx.PutDraft(register.DraftRow{Person: "officer-4471", ID: id, Saved: at, Key: []byte("key"), Body: []byte(body)})
		})
	}
	put("a", "first", Noon)
	put("a", "second", Noon.Add(time.Minute))
	put("b", "other", Noon.Add(time.Hour))
	read(t, p, func(tx *register.Tx) error {
		d, err := tx.Draft("officer-4471", "a")
		if err != nil || string(d.Body) != "second" || !d.Saved.Equal(Noon.Add(time.Minute)) {
			t.Errorf("the draft as saved last: %+v, %v", d, err)
		}
		_, err = tx.Draft("officer-4472", "a")
		wantKind(t, "somebody else's draft", err, jurat.NotFound)
		all, err := tx.Drafts("officer-4471")
		if err != nil || len(all) != 2 || all[0].ID != "b" {
			t.Errorf("drafts, the newest first: %+v, %v", all, err)
		}
		return nil
	})
	write(t, p, func(tx *register.Tx) error { return tx.DropDraft("officer-4472", "a") })
	read(t, p, func(tx *register.Tx) error {
		_, err := tx.Draft("officer-4471", "a")
		return err
	})
	write(t, p, func(tx *register.Tx) error { return tx.DropDraft("officer-4471", "a") })
	read(t, p, func(tx *register.Tx) error {
		_, err := tx.Draft("officer-4471", "a")
		wantKind(t, "a dropped draft", err, jurat.NotFound)
		return nil
	})
}
