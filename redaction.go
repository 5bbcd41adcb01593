package jurat

import (
	"slices"
	"strings"
	"time"
)

// Acts on a redaction.
const (
	RedactionMade     Act = "redaction.made"
	RedactionReviewed Act = "redaction.reviewed" // a second person looked at the copy
	RedactionReturned Act = "redaction.returned" // and it shows too much, or too little
	RedactionReleased Act = "redaction.released" // the copy left the house
)

// A RedactionState says how far a redaction is.
type RedactionState string

// RedactionStates lists the states.
var RedactionStates = [...]RedactionState{RedactionIsMade, RedactionIsReviewed, RedactionIsReturned, RedactionIsReleased}

// The states.
const (
	RedactionIsMade     RedactionState = "made"
	RedactionIsReviewed RedactionState = "reviewed"
	RedactionIsReturned RedactionState = "returned" // another is made in its place
	RedactionIsReleased RedactionState = "released"
)

// A Redaction is a copy that shows less, and the edits that made it so, with
// the reason of each (LAW-4). The original stays as it is. Nothing says that a
// copy is safe to show: a second person looks at it before it leaves.
type Redaction struct {
	ID         ItemID         `json:"id"`
	Source     ItemID         `json:"source"`
	SourceIs   Digest         `json:"source_digest"`
	Copy       ItemID         `json:"copy"`
	CopyIs     Digest         `json:"copy_digest"`
	Edits      EditList       `json:"edits"`
	Inspection Inspection     `json:"inspection"`
	State      RedactionState `json:"state"`
	MadeBy     PersonID       `json:"made_by"`
	MadeAt     time.Time      `json:"made_at"`
	ReviewedBy PersonID       `json:"reviewed_by,omitempty"`
	ReviewedAt time.Time      `json:"reviewed_at,omitzero"`
	// OneOperator: one operator may have entered both people's acts.
	OneOperator bool      `json:"one_operator,omitempty"`
	Releases    []Release `json:"releases,omitempty"`
}

// An Inspection is what was found when the copy was read again after it was
// made: that it does what its edits say, which is not that they say enough.
type Inspection struct {
	Frames    int64    `json:"frames"`            // pictures decoded, each looked at
	Filled    int64    `json:"filled"`            // of them, those with something hidden
	Deviation int      `json:"deviation"`         // the farthest a hidden pixel is from the fill, of 255
	Peak      int      `json:"peak"`              // the loudest sample where it is silent, of 32767
	Muted     int64    `json:"muted"`             // samples looked at for that
	Remarks   []string `json:"remarks,omitempty"` // what a person should look at
}

// A Release is one time a reviewed copy left the house.
type Release struct {
	To string    `json:"to"` // whom, or which request, in words that name no person
	By PersonID  `json:"by"`
	At time.Time `json:"at"`
}

// MakeRedaction records a copy that shows less than its source.
func MakeRedaction(id ItemID, source, copied Exhibit, l EditList, seen Inspection, by Hand, at time.Time) (Redaction, Event, error) {
	if err := by.needPerson("redacting"); err != nil {
		return Redaction{}, Event{}, err
	}
	if err := named(NounRedaction, id); err != nil {
		return Redaction{}, Event{}, err
	}
	if err := filed(id.Incident(), NounExhibit, source.ID); err != nil {
		return Redaction{}, Event{}, err
	}
	if copied.DerivedFrom != source.ID || copied.Derivation == nil || copied.Derivation.Purpose != PurposeRedaction || copied.Derivation.Source != source.Digest {
		return Redaction{}, Event{}, Errorf(Invalid, "exhibit %s is no redacted copy of %s", copied.ID, source.ID)
	}
	if err := l.Check(); err != nil {
		return Redaction{}, Event{}, err
	}
	r := Redaction{
		ID: id, Source: source.ID, SourceIs: source.Digest, Copy: copied.ID, CopyIs: copied.Digest, Edits: l, Inspection: seen,
		State: RedactionIsMade, MadeBy: by.Person, MadeAt: At(at),
	}.clone()
	return r, r.event(RedactionMade, ""), nil
}

// Review is the second person's word that they looked at the whole copy. The
// maker's own is Forbidden.
func (r Redaction) Review(by Hand, at time.Time) (Redaction, Event, error) {
	if err := r.secondReader(by); err != nil {
		return r, Event{}, err
	}
	next := r.clone()
	next.State, next.ReviewedBy, next.ReviewedAt = RedactionIsReviewed, by.Person, At(at)
	return next, next.event(RedactionReviewed, ""), nil
}

// Return sends it back with a reason. The copy stays on the record, and is
// never released; another is made in its place.
func (r Redaction) Return(reason string, by Hand, at time.Time) (Redaction, Event, error) {
	if err := r.secondReader(by); err != nil {
		return r, Event{}, err
	}
	if strings.TrimSpace(reason) == "" {
		return r, Event{}, Errorf(Invalid, "say what %s shows that it should not, or hides that it should not", r.ID)
	}
	next := r.clone()
	next.State, next.ReviewedBy, next.ReviewedAt = RedactionIsReturned, by.Person, At(at)
	return next, next.event(RedactionReturned, reason), nil
}

func (r Redaction) secondReader(by Hand) error {
	if err := by.needPerson("reviewing a redaction"); err != nil {
		return err
	}
	switch {
	case by.Person == r.MadeBy:
		return Errorf(Forbidden, "%s made %s: a second person looks at it (LAW-4)", by.Person, r.ID)
	case r.State != RedactionIsMade:
		return Errorf(Conflict, "redaction %s was %s already, by %s", r.ID, r.State, r.ReviewedBy)
	}
	return nil
}

// Release records that the reviewed copy goes to somebody. Conflict: no second
// person looked at it, or they returned it.
func (r Redaction) Release(to string, by Hand, at time.Time) (Redaction, Event, error) {
	if err := by.needPerson("releasing a redacted copy"); err != nil {
		return r, Event{}, err
	}
	switch {
	case r.State == RedactionIsMade:
		return r, Event{}, Errorf(Conflict, "redaction %s waits for a second person to look at the copy (LAW-4): jurat redaction review %s", r.ID, r.ID)
	case r.State == RedactionIsReturned:
		return r, Event{}, Errorf(Conflict, "redaction %s was returned by %s: make another", r.ID, r.ReviewedBy)
	case blank(to):
		return r, Event{}, Errorf(Invalid, "say to whom or for which request %s is released", r.ID)
	}
	next := r.clone()
	next.State = RedactionIsReleased
	next.Releases = append(next.Releases, Release{To: to, By: by.Person, At: At(at)})
	return next, next.event(RedactionReleased, ""), nil
}

// Item names the redaction.
func (r Redaction) Item() Item { return Item{Noun: NounRedaction, ID: r.ID} }

func (r Redaction) clone() Redaction {
	r.Edits, r.Releases, r.Inspection.Remarks = r.Edits.clone(), slices.Clone(r.Releases), slices.Clone(r.Inspection.Remarks)
	return r
}

func (r Redaction) event(act Act, note string) Event {
	return Event{Act: act, Incident: r.ID.Incident(), Item: r.Item(), Value: r.clone(), Note: note}
}
