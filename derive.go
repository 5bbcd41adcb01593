package jurat

import (
	"slices"
	"time"
)

// ExhibitDerived is the act of making a copy of an exhibit that shows other
// than the original does.
const ExhibitDerived Act = "exhibit.derived"

// Purposes of a derived exhibit; each is its kind too, so that no rule about
// footage takes a copy for footage.
const (
	PurposePreview   = "preview"   // one picture, to see what it is
	PurposeProxy     = "proxy"     // a film a browser plays
	PurposeRedaction = "redaction" // shows less, by an edit list
)

// Purposes lists them.
var Purposes = [...]string{PurposePreview, PurposeProxy, PurposeRedaction}

// A Derivation says how a derived exhibit was made: enough to make it again.
type Derivation struct {
	Purpose  string   `json:"purpose"`
	Source   Digest   `json:"source"`             // of the bytes it was made from
	Tools    []string `json:"tools"`              // with their versions
	Settings []string `json:"settings,omitempty"` // the arguments of each tool, in order
	Sandbox  string   `json:"sandbox,omitempty"`  // how a foreign program was confined
	Remarks  []string `json:"remarks,omitempty"`  // what a person should look at
}

func (d *Derivation) clone() *Derivation {
	if d == nil {
		return nil
	}
	c := *d
	c.Tools, c.Settings, c.Remarks = slices.Clone(c.Tools), slices.Clone(c.Settings), slices.Clone(c.Remarks)
	return &c
}

// Derive records a copy made of x, whose bytes are durable: an exhibit of its
// own that names its source. The original is not touched. A derived exhibit is
// no source of further ones: every copy is made from an original.
func (x Exhibit) Derive(id ItemID, d Derivation, digest Digest, size int64, media string, by Hand, at time.Time) (Exhibit, Event, error) {
	if err := by.mayAct("making a copy of an exhibit"); err != nil {
		return x, Event{}, err
	}
	if err := x.Copyable(); err != nil {
		return x, Event{}, err
	}
	switch {
	case d.Source != x.Digest:
		return x, Event{}, Errorf(Altered, "the copy was not made from the bytes received as %s", x.ID)
	case !slices.Contains(Purposes[:], d.Purpose):
		return x, Event{}, Errorf(Invalid, "purpose of a copy %q: want one of %v", d.Purpose, Purposes)
	case digest.IsZero() || size <= 0:
		return x, Event{}, Errorf(Invalid, "exhibit %s: a copy needs the digest and size of its bytes", id)
	case len(d.Tools) == 0:
		return x, Event{}, Errorf(Invalid, "exhibit %s: say with what the copy was made", id)
	}
	next := Exhibit{
		ID: id, Incident: x.Incident, Kind: d.Purpose, Held: HeldHere, Digest: digest, Size: size, Media: media,
		ReceivedAt: At(at), ReceivedBy: by.Person, DerivedFrom: x.ID, Derivation: d.clone(),
	}
	if err := next.check(); err != nil {
		return x, Event{}, err
	}
	return next, next.event(ExhibitDerived, "", nil), nil
}

// Copyable refuses to let a copy be made of what is not held here, is itself a
// copy, or was disposed of: Conflict.
func (x Exhibit) Copyable() error {
	switch {
	case x.Held != HeldHere:
		return Errorf(Conflict, "exhibit %s is held elsewhere: there are no bytes here to make a copy of", x.ID)
	case x.Derivation != nil:
		return Errorf(Conflict, "exhibit %s is itself a copy of %s: make copies of the original", x.ID, x.DerivedFrom)
	}
	return x.There()
}
