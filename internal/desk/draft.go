package desk

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"jurat"
	"jurat/internal/register"
)

// A Draft is what a person has typed into a report and not yet handed in: no
// event, nobody else's to read, and saved whatever it says. Filed is where it
// went once it was handed in, so that handing it in again changes nothing.
type Draft struct {
	ID      string              `json:"-"`
	Saved   time.Time           `json:"-"`
	Values  map[string][]string `json:"values,omitempty"`
	Version int                 `json:"version,omitempty"` // counts the savings, from 1
	Device  string              `json:"device,omitempty"`  // where it was saved last; opens nothing
	Beside  string              `json:"beside,omitempty"`  // the draft this one is another version of
	Filed   *Filed              `json:"filed,omitempty"`
}

// A Filed is what became of a quick report.
type Filed struct {
	Incident   jurat.IncidentNumber `json:"incident"`
	Report     jurat.ItemID         `json:"report"`
	Records    []jurat.ItemID       `json:"records"`
	Allegation jurat.ItemID         `json:"allegation,omitempty"`
}

// joins is the incident a draft is to be added to; "": it opens one of its own.
func (d Draft) joins() jurat.IncidentNumber {
	if join := d.Values["join"]; len(join) == 1 {
		return jurat.IncidentNumber(join[0])
	}
	return ""
}

var errNoDraft = jurat.Errorf(jurat.NotFound, "there is no such draft of yours")

// mostDrafts is how many drafts a person may keep: enough for any tour, and too
// few to fill a disk with.
const mostDrafts = 50

// SaveDraft keeps a draft of the caller's, sealed, and gives it as it was
// kept. It asks the policy whether they may write a record at all. Version is
// that of the draft it was made from. Where another device went on with the
// draft since, nothing of that is lost and neither is what is given: it is kept
// as a draft of its own, whose Beside names the other. Conflict: it was handed
// in already, or they keep too many.
func (d *Desk) SaveDraft(ctx context.Context, c Caller, at time.Time, given Draft) (Draft, error) {
	var kept Draft
	fresh := strings.ToLower(rand.Text()[:12])
	err := d.ownDraft(ctx, c, at, func(tx *register.Tx, h hand) error {
		if ofNoReport(register.DraftRow{ID: given.ID}) {
			return errNoDraft
		}
		was, err := d.draft(tx, h.Person, given.ID)
		kept = Draft{ID: given.ID, Saved: jurat.At(at), Values: given.Values, Version: was.Version + 1, Device: given.Device, Beside: was.Beside}
		switch {
		case err == nil && was.Filed != nil:
			return jurat.Errorf(jurat.Conflict, "this report was handed in as %s", was.Filed.Incident)
		case err == nil && given.Version != was.Version && given.Device != was.Device && was.Device != "" && !sameValues(given.Values, was.Values):
			kept.ID, kept.Version, kept.Beside = fresh, 1, given.ID
			err = jurat.Errorf(jurat.NotFound, "there is no draft %q yet", fresh)
		}
		if err != nil {
			all, err := tx.Drafts(h.Person)
			if err != nil {
				return err
			}
			all = slices.DeleteFunc(all, ofNoReport)
			if len(all) >= mostDrafts {
				return jurat.Errorf(jurat.Conflict, "you keep %d drafts; hand one in or discard one first", len(all))
			}
		}
		return d.putDraft(tx, h.Person, at, kept)
	})
	if err != nil {
		return Draft{}, err
	}
	return kept, nil
}

func sameValues(a, b map[string][]string) bool { return maps.EqualFunc(a, b, slices.Equal) }

// OpenDraft gives a draft of the caller's. NotFound: none of theirs.
func (d *Desk) OpenDraft(ctx context.Context, c Caller, at time.Time, id string) (Draft, error) {
	var out Draft
	err := d.ownDraft(ctx, c, at, func(tx *register.Tx, h hand) error {
		var err error
		out, err = d.draft(tx, h.Person, id)
		return err
	})
	return out, err
}

// Drafts lists the caller's drafts that were not handed in, the newest first.
func (d *Desk) Drafts(ctx context.Context, c Caller, at time.Time) ([]Draft, error) {
	var out []Draft
	err := d.ownDraft(ctx, c, at, func(tx *register.Tx, h hand) error {
		rows, err := tx.Drafts(h.Person)
		if err != nil {
			return err
		}
		out = out[:0]
		for _, row := range slices.DeleteFunc(rows, ofNoReport) {
			one, err := d.openDraft(row)
			if err != nil {
				return err
			}
			if one.Filed == nil {
				out = append(out, one)
			}
		}
		return nil
	})
	return out, err
}

// DropDraft erases a draft of the caller's.
func (d *Desk) DropDraft(ctx context.Context, c Caller, at time.Time, id string) error {
	return d.ownDraft(ctx, c, at, func(tx *register.Tx, h hand) error {
		if ofNoReport(register.DraftRow{ID: id}) {
			return nil // no report of theirs
		}
		return tx.DropDraft(h.Person, id)
	})
}

// ownDraft runs fn for a person who may write records.
func (d *Desk) ownDraft(ctx context.Context, c Caller, at time.Time, fn func(*register.Tx, hand) error) error {
	return d.write(ctx, at, func(tx *register.Tx) error {
		h, err := d.hand(tx, c)
		if err != nil {
			return err
		}
		if err := d.authorise(tx, h, jurat.RecordAdded, ""); err != nil {
			return err
		}
		if h.Person == "" {
			return jurat.Errorf(jurat.Forbidden, "a draft is a person's: name the person with --as")
		}
		return fn(tx, h)
	})
}

func (d *Desk) draft(tx *register.Tx, person jurat.PersonID, id string) (Draft, error) {
	if ofNoReport(register.DraftRow{ID: id}) {
		return Draft{}, errNoDraft
	}
	row, err := tx.Draft(person, id)
	if err != nil {
		return Draft{}, err
	}
	return d.openDraft(row)
}

// openDraft unseals a draft. Person and id are bound to it, so that nobody's
// draft can be put in another's place.
func (d *Desk) openDraft(row register.DraftRow) (Draft, error) {
	out := Draft{ID: row.ID, Saved: row.Saved}
	text, err := d.openNote(row.Key, row.Body, draftBinding(row.Person, row.ID), "this draft")
	if err != nil {
		return out, err
	}
	return out, json.Unmarshal(text, &out)
}

func (d *Desk) putDraft(tx *register.Tx, person jurat.PersonID, at time.Time, draft Draft) error {
	text, err := json.Marshal(draft)
	if err != nil {
		return err
	}
	key, body, err := d.sealNote(text, draftBinding(person, draft.ID))
	if err != nil {
		return err
	}
	return tx.PutDraft(register.DraftRow{Person: person, ID: draft.ID, Saved: jurat.At(at), Key: key, Body: body})
}

func draftBinding(person jurat.PersonID, id string) []byte {
	return []byte("jurat draft\x00" + string(person) + "\x00" + id)
}

// sealNote seals what is kept beside the record for a while, under a key of its
// own that the KEK wraps. What it belongs to is bound to both.
func (d *Desk) sealNote(text, bound []byte) (key, body []byte, err error) {
	plain := make([]byte, 32)
	if _, err := rand.Read(plain); err != nil {
		return nil, nil, err
	}
	aead, err := newSealer(plain)
	if err != nil {
		return nil, nil, err
	}
	return d.sealer.Seal(nil, nil, plain, bound), aead.Seal(nil, nil, text, bound), nil
}

// openNote is what was sealed by sealNote, or why not of what.
func (d *Desk) openNote(key, body, bound []byte, what string) ([]byte, error) {
	plain, err := d.sealer.Open(nil, nil, key, bound)
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "the wrapping key does not open %s", what)
	}
	aead, err := newSealer(plain)
	if err != nil {
		return nil, err
	}
	text, err := aead.Open(nil, nil, body, bound)
	if err != nil {
		return nil, jurat.Because(jurat.Altered, err, "%s is not what was saved", what)
	}
	return text, nil
}
