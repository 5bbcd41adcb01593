package jurat

import (
	"slices"
	"time"
)

// A Word is whose statement something is, and of when.
type Word struct {
	By PersonID  `json:"by"`
	At time.Time `json:"at"`
}

// An Asking says how far something that is not known was looked for. Not known
// is not "no", and not asked is not "no answer".
type Asking string

// The kinds of not knowing.
const (
	AskedNot   Asking = "not_asked"
	AskedSome  Asking = "asked"     // of whom, and when, stands beside it
	AskedKnown Asking = "not_known" // who says so does not say whether anybody was asked
)

// Askings lists the kinds of not knowing.
var Askings = [...]Asking{AskedNot, AskedSome, AskedKnown}

// A NotKnown is something an element turns on that the author does not know: a
// statement of that day. It stays when the thing becomes known later; evidence
// then stands beside it.
type NotKnown struct {
	What    string    `json:"what"`
	State   Asking    `json:"state"`
	Asked   string    `json:"asked,omitempty"`   // who was asked, by office or slot
	AskedAt time.Time `json:"asked_at,omitzero"` // zero: when is not stated
	Account ItemID    `json:"account,omitempty"` // the side whose account it is, where it is one's
	By      PersonID  `json:"by"`
	At      time.Time `json:"at"`
}

// A Weight is what somebody adds to one element of an allegation. It takes
// nothing away.
type Weight struct {
	Element   string
	For       []Evidence
	Against   []Evidence
	NoneFor   bool       // they know of none for it
	NoneKnown bool       // they know of none against it
	NotKnown  []NotKnown // By and At are the law's to fill in
	Looked    bool       // they looked at it again, and may add nothing
}

// Weigh adds to one element: evidence for it, evidence against it, the
// statement that none is known on a side, and what is not known. Nothing is
// taken away, but evidence on a side ends the statement that there was none.
// Who weighed last, and when, stands with the element. Invalid: no such
// element, nothing added that was not looked at, none known of a side that has
// some, evidence of another incident, and something not known that is nothing,
// or was asked of nobody.
func (a Allegation) Weigh(w Weight, by Hand, at time.Time) (Allegation, Event, error) {
	if err := by.needPerson("weighing evidence"); err != nil {
		return a, Event{}, err
	}
	i := slices.IndexFunc(a.Elements, func(e Element) bool { return e.ID == w.Element })
	if i < 0 {
		return a, Event{}, Errorf(Invalid, "allegation %s has no element %q", a.ID, w.Element)
	}
	if err := w.check(a.Elements[i], a.Incident); err != nil {
		return a, Event{}, err
	}
	next := a.clone()
	e := &next.Elements[i]
	word := func() *Word { return &Word{By: by.Person, At: At(at)} }
	e.For, e.Against = append(e.For, cloneEvidence(w.For)...), append(e.Against, cloneEvidence(w.Against)...)
	for _, n := range w.NotKnown {
		n.By, n.At, n.AskedAt = by.Person, At(at), At(n.AskedAt)
		e.NotKnown = append(e.NotKnown, n)
	}
	if w.NoneKnown {
		e.NoneAgainst = word()
	}
	if w.NoneFor {
		e.NoneFor = word()
	}
	if e.NoneKnown = (w.NoneKnown || e.NoneKnown) && len(e.Against) == 0; !e.NoneKnown {
		e.NoneAgainst = nil
	}
	if len(e.For) > 0 {
		e.NoneFor = nil
	}
	e.Looked = word()
	return next, next.event(AllegationWeighed, ""), nil
}

func (w Weight) check(e Element, in IncidentNumber) error {
	switch {
	case len(w.For) == 0 && len(w.Against) == 0 && len(w.NotKnown) == 0 && !w.NoneKnown && !w.NoneFor && !w.Looked:
		return Errorf(Invalid, "name evidence for or against element %q, state that none is known, or say what is not known", e.ID)
	case w.NoneKnown && len(w.Against)+len(e.Against) > 0:
		return Errorf(Invalid, "element %q has evidence against it: \"none known\" cannot be said", e.ID)
	case w.NoneFor && len(w.For)+len(e.For) > 0:
		return Errorf(Invalid, "element %q has evidence for it: \"none known\" cannot be said", e.ID)
	}
	for _, n := range w.NotKnown {
		if err := n.check(in); err != nil {
			return err
		}
	}
	return checkEvidence(in, slices.Concat(w.For, w.Against))
}

func (n NotKnown) check(in IncidentNumber) error {
	if err := oneOf("state of what is not known", n.State, Askings[:]); err != nil {
		return err
	}
	switch {
	case blank(n.What):
		return Errorf(Invalid, "say what is not known")
	case n.State == AskedSome && blank(n.Asked):
		return Errorf(Invalid, "say who was asked: an office or a slot")
	case n.State != AskedSome && (!blank(n.Asked) || !n.AskedAt.IsZero()):
		return Errorf(Invalid, "somebody was asked: say that it was asked, and not only that it is not known")
	}
	return filed(in, NounAccount, n.Account)
}
