package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"jurat"
	"jurat/internal/register"
)

// An EditDraft is what a person has typed of an edit list for one exhibit and
// not yet made a copy by: no event, nobody else's to read, and saved whatever
// it says.
type EditDraft struct {
	Exhibit jurat.ItemID        `json:"exhibit"`
	Saved   time.Time           `json:"saved"`
	Values  map[string][]string `json:"-"`
}

// editsBefore begins the names of such drafts among a person's others.
const editsBefore = "edits of "

func ofEdits(row register.DraftRow) bool { return strings.HasPrefix(row.ID, editsBefore) }

// ofNoReport are the drafts of a person that never become a report.
func ofNoReport(row register.DraftRow) bool { return ofEdits(row) || ofSearch(row) }

// SaveEdits keeps what the caller typed of an edit list, sealed; one for each
// exhibit. It asks the policy whether they may make redactions there. Conflict:
// they keep too many, or the exhibit is no original that is held here.
func (d *Desk) SaveEdits(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, values map[string][]string) error {
	return d.onEdits(ctx, c, at, id, func(tx *register.Tx, h hand) error {
		x, err := load[jurat.Exhibit](tx, jurat.Item{Noun: jurat.NounExhibit, ID: id})
		if err != nil {
			return err
		}
		if err := x.Copyable(); err != nil {
			return err
		}
		kept, err := tx.Drafts(h.Person)
		if err != nil {
			return err
		}
		mine := editsBefore + string(id)
		kept = slices.DeleteFunc(kept, func(row register.DraftRow) bool { return !ofEdits(row) || row.ID == mine })
		if len(kept) >= mostDrafts {
			return jurat.Errorf(jurat.Conflict, "you keep %d edit lists; make the copy of one or discard one first", len(kept))
		}
		text, err := json.Marshal(values)
		if err != nil {
			return err
		}
		key, body, err := d.sealNote(text, draftBinding(h.Person, mine))
		if err != nil {
			return err
		}
		return tx.PutDraft(register.DraftRow{Person: h.Person, ID: mine, Saved: jurat.At(at), Key: key, Body: body})
	})
}

// OpenEdits gives what the caller typed of an edit list for an exhibit, nothing
// where they typed nothing. Conflict: the exhibit is no original that is held
// here.
func (d *Desk) OpenEdits(ctx context.Context, c Caller, at time.Time, id jurat.ItemID) (EditDraft, error) {
	out := EditDraft{Exhibit: id}
	err := d.onEdits(ctx, c, at, id, func(tx *register.Tx, h hand) error {
		x, err := load[jurat.Exhibit](tx, jurat.Item{Noun: jurat.NounExhibit, ID: id})
		if err != nil {
			return err
		}
		if err := x.Copyable(); err != nil {
			return err
		}
		row, err := tx.Draft(h.Person, editsBefore+string(id))
		if errors.Is(err, jurat.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		text, err := d.openNote(row.Key, row.Body, draftBinding(row.Person, row.ID), "this edit list")
		if err != nil {
			return err
		}
		out.Saved, out.Values = row.Saved, nil
		return json.Unmarshal(text, &out.Values)
	})
	return out, err
}

// DropEdits erases what the caller typed of an edit list for an exhibit.
func (d *Desk) DropEdits(ctx context.Context, c Caller, at time.Time, id jurat.ItemID) error {
	return d.onEdits(ctx, c, at, id, func(tx *register.Tx, h hand) error {
		return tx.DropDraft(h.Person, editsBefore+string(id))
	})
}

// onEdits runs fn for a person who may make redactions of an exhibit.
func (d *Desk) onEdits(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, fn func(*register.Tx, hand) error) error {
	if _, err := jurat.ParseItemID(jurat.NounExhibit, string(id)); err != nil {
		return err
	}
	return d.write(ctx, at, func(tx *register.Tx) error {
		h, err := d.hand(tx, c)
		if err != nil {
			return err
		}
		if err := d.authorise(tx, h, jurat.RedactionMade, id.Incident()); err != nil {
			return err
		}
		if h.Person == "" {
			return jurat.Errorf(jurat.Forbidden, "an edit list is a person's: name the person with --as")
		}
		return fn(tx, h)
	})
}

// A RedactionQueue is what waits of redactions in the incidents a person may
// open, the longest waiting first.
type RedactionQueue struct {
	Begun   []EditDraft              `json:"begun"`   // edit lists of theirs, without what they typed: no copy is made yet
	Again   []Shown[jurat.Redaction] `json:"again"`   // returned, and no other copy of the same exhibit was made since
	Review  []Shown[jurat.Redaction] `json:"review"`  // made: a second person looks at the copy
	Release []Shown[jurat.Redaction] `json:"release"` // reviewed: somebody lets the copy go
}

// RedactionsWaiting gives the queue of redactions, at most two hundred of each
// kind. Who may make none is refused. Like every list it is journalled, and
// opens no incident.
func (d *Desk) RedactionsWaiting(ctx context.Context, c Caller, at time.Time) (RedactionQueue, error) {
	var q RedactionQueue
	var asked entry
	err := d.read(ctx, c, at, jurat.RedactionMade, "", func(tx *register.Tx, h hand) error {
		asked = question{who: h, action: actionList}.entry(string(actionList))
		q = RedactionQueue{Begun: []EditDraft{}}
		rows, err := tx.Drafts(h.Person)
		if err != nil {
			return err
		}
		for _, row := range rows {
			id := jurat.ItemID(strings.TrimPrefix(row.ID, editsBefore))
			if !ofEdits(row) {
				continue
			}
			if may, err := d.mayView(tx, h, id.Incident()); err != nil {
				return err
			} else if may {
				q.Begun = append(q.Begun, EditDraft{Exhibit: id, Saved: row.Saved})
			}
		}
		slices.SortFunc(q.Begun, func(a, b EditDraft) int {
			return cmp.Or(a.Saved.Compare(b.Saved), cmp.Compare(a.Exhibit, b.Exhibit))
		})
		for _, one := range []struct {
			act  jurat.Act
			into *[]Shown[jurat.Redaction]
		}{{jurat.RedactionReturned, &q.Again}, {jurat.RedactionMade, &q.Review}, {jurat.RedactionReviewed, &q.Release}} {
			if *one.into, err = d.redactionsLeftBy(tx, h, one.act); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = d.note(ctx, at, asked)
	}
	if err != nil {
		return RedactionQueue{}, err
	}
	return q, nil
}

// redactionsLeftBy are the redactions an act left as they are, in incidents a
// person may open. One that was returned waits no longer when another copy of
// its exhibit was made.
func (d *Desk) redactionsLeftBy(tx *register.Tx, h hand, act jurat.Act) ([]Shown[jurat.Redaction], error) {
	all := []Shown[jurat.Redaction]{}
	err := tx.EachLeftBy(jurat.NounRedaction, act, h.house.hidden(h), func(row register.ItemRow) (bool, error) {
		may, err := d.mayView(tx, h, row.Item.ID.Incident())
		if err != nil || !may {
			return true, err
		}
		one := Shown[jurat.Redaction]{First: row.Event, Event: row.Event, At: row.At}
		if err := decode(row, &one.Value); err != nil {
			return false, err
		}
		if act == jurat.RedactionReturned {
			if anew, err := madeAnew(tx, one.Value); err != nil || anew {
				return true, err
			}
		}
		all = append(all, one)
		return len(all) < mostWaiting, nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// madeAnew reports whether another copy of the same exhibit was made after one.
func madeAnew(tx *register.Tx, r jurat.Redaction) (bool, error) {
	rows, err := tx.Items(r.ID.Incident(), jurat.NounRedaction)
	for _, row := range rows {
		var other jurat.Redaction
		if row.Open == nil { // disposed of
			continue
		}
		if err := decode(row, &other); err != nil {
			return false, err
		}
		if other.Source == r.Source && other.MadeAt.After(r.MadeAt) {
			return true, nil
		}
	}
	return false, err
}

// mayView asks whether a person may open an incident.
func (d *Desk) mayView(tx *register.Tx, h hand, in jurat.IncidentNumber) (bool, error) {
	q := question{who: h, action: actionView, incident: in}
	if err := d.inform(tx, &q); err != nil {
		return false, err
	}
	may, _ := d.policy.allows(q)
	return may, nil
}
