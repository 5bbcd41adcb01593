package register

import (
	"errors"
	"time"

	"jurat"
)

// A DraftRow is what somebody has typed and not yet handed in. It is no part of
// the record: it is changed and erased freely, and its body is sealed.
type DraftRow struct {
	Person jurat.PersonID
	ID     string
	Saved  time.Time
	Key    []byte // wrapped
	Body   []byte // encrypted under it
}

// PutDraft keeps a person's draft, in place of an earlier one of the same id.
func (tx *Tx) PutDraft(d DraftRow) error {
	_, err := tx.exec("insert into draft (person, id, saved, key, body) values ($1, $2, $3, $4, $5) on conflict (person, id) do update set saved = excluded.saved, key = excluded.key, body = excluded.body",
		string(d.Person), d.ID, micros(d.Saved), d.Key, d.Body)
	return err
}

// Draft gives one draft of a person. NotFound: there is none of that id, or it
// is somebody else's.
func (tx *Tx) Draft(person jurat.PersonID, id string) (DraftRow, error) {
	d := DraftRow{Person: person, ID: id}
	err := tx.one("select saved, key, body from draft where person = $1 and id = $2", []any{string(person), id}, func(c cells) error {
		d.Saved, d.Key, d.Body = fromMicros(c.int(0)), c.bytes(1), c.bytes(2)
		return nil
	})
	if errors.Is(err, jurat.NotFound) {
		return d, jurat.Errorf(jurat.NotFound, "there is no such draft of yours")
	}
	return d, err
}

// Drafts lists a person's drafts, the one saved last first.
func (tx *Tx) Drafts(person jurat.PersonID) ([]DraftRow, error) {
	var all []DraftRow
	err := tx.query("select id, saved, key, body from draft where person = $1 order by saved desc, id", []any{string(person)}, func(c cells) error {
		all = append(all, DraftRow{Person: person, ID: c.text(0), Saved: fromMicros(c.int(1)), Key: c.bytes(2), Body: c.bytes(3)})
		return nil
	})
	return all, err
}

// DropDraft erases a draft; one that is not there is gone already.
func (tx *Tx) DropDraft(person jurat.PersonID, id string) error {
	_, err := tx.exec("delete from draft where person = $1 and id = $2", string(person), id)
	return err
}
