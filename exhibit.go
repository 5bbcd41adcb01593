package jurat

import (
	"strings"
	"time"
)

// Acts on an exhibit.
const (
	ExhibitReceived  Act = "exhibit.received"  // the bytes are here, durably
	ExhibitLocated   Act = "exhibit.located"   // held elsewhere, under its key there
	ExhibitConfirmed Act = "exhibit.confirmed" // the other holder confirmed the flag
	ExhibitVerified  Act = "exhibit.verified"  // somebody checked every byte, and this was the answer
)

// Held says where an exhibit's bytes are.
type Held string

// The two places.
const (
	HeldHere      Held = "here"
	HeldElsewhere Held = "elsewhere"
)

// An Exhibit is one item of evidence. What was received is never touched; a
// derived exhibit names its source. An exhibit held elsewhere is preserved
// only when its holder confirmed the flag (§7).
type Exhibit struct {
	ID           ItemID         `json:"id"`
	Incident     IncidentNumber `json:"incident"`
	Kind         string         `json:"kind"` // bwc, photo, … from the order's table
	Held         Held           `json:"held"`
	System       string         `json:"system,omitempty"` // elsewhere: the other system
	Key          string         `json:"key,omitempty"`    // elsewhere: its key there
	Digest       Digest         `json:"digest,omitzero"`  // SHA-256 of the bytes received
	Size         int64          `json:"size"`             // bytes; says nothing of what is held elsewhere
	Media        string         `json:"media,omitempty"`  // media type as sniffed, an assertion
	ReceivedAt   time.Time      `json:"received_at"`
	ReceivedBy   PersonID       `json:"received_by,omitempty"`
	ReceivedFrom string         `json:"received_from,omitempty"`  // a role or party slot
	Recorded     Span           `json:"recorded,omitzero"`        // by the device's clock
	ClockOffset  *int           `json:"clock_offset_s,omitempty"` // the newest, in whole seconds
	Offsets      []ClockOffset  `json:"clock_offsets,omitempty"`  // all, the newest last, once one was recorded after its arrival
	Confirmed    time.Time      `json:"confirmed_at,omitzero"`
	ConfirmedBy  string         `json:"confirmed_by,omitempty"`
	DerivedFrom  ItemID         `json:"derived_from,omitempty"`
	Disposed     *Tombstone     `json:"disposed,omitempty"`   // erased: what it was, and under what
	Consent      *Consent       `json:"consent,omitempty"`    // of whoever handed it in; nil: nobody's is asked
	Derivation   *Derivation    `json:"derivation,omitempty"` // of a copy made here
}

// Arrival is what is known of an exhibit when it is received or located.
type Arrival struct {
	Kind         string
	Digest       Digest
	Size         int64
	Media        string
	ReceivedFrom string
	Recorded     Span
	ClockOffset  *int
	DerivedFrom  ItemID
	System, Key  string // elsewhere only
	Name         string // the name the file came with: sealed, it may name people
}

// ReceiveExhibit records bytes that are already durable. It refuses no type of
// content and no size; zero bytes are an exhibit too, and a device clock that
// contradicts itself is kept as the device said it. The local operator may
// receive on nobody's behalf.
func ReceiveExhibit(id ItemID, a Arrival, by Hand, at time.Time) (Exhibit, Event, error) {
	if err := by.mayAct("receiving an exhibit"); err != nil {
		return Exhibit{}, Event{}, err
	}
	if a.Digest.IsZero() || a.Size < 0 {
		return Exhibit{}, Event{}, Errorf(Invalid, "exhibit %s: an exhibit held here needs the digest and size of its bytes", id)
	}
	x := a.exhibit(id, HeldHere, by, at)
	if err := x.check(); err != nil {
		return Exhibit{}, Event{}, err
	}
	return x, x.event(ExhibitReceived, "", sealedText(ClassIdentity, "original_name", a.Name)), nil
}

// LocateExhibit records that an item is held in another system under a key.
// Nothing is preserved by it until the holder confirms ([Exhibit.Confirm]).
func LocateExhibit(id ItemID, a Arrival, by Hand, at time.Time) (Exhibit, Event, error) {
	if err := by.mayAct("recording an exhibit held elsewhere"); err != nil {
		return Exhibit{}, Event{}, err
	}
	if blank(a.System) || blank(a.Key) {
		return Exhibit{}, Event{}, Errorf(Invalid, "exhibit %s is held elsewhere: name the system and its key there, as SYSTEM:KEY", id)
	}
	a.Digest, a.Size = Digest{}, 0
	x := a.exhibit(id, HeldElsewhere, by, at)
	if err := x.check(); err != nil {
		return Exhibit{}, Event{}, err
	}
	return x, x.event(ExhibitLocated, "", sealedText(ClassIdentity, "original_name", a.Name)), nil
}

// Confirm records that the other holder confirmed the flag, and by whose word.
func (x Exhibit) Confirm(word string, by Hand, at time.Time) (Exhibit, Event, error) {
	if err := by.needPerson("confirming another holder's flag"); err != nil {
		return x, Event{}, err
	}
	if err := x.There(); err != nil {
		return x, Event{}, err
	}
	switch {
	case x.Held != HeldElsewhere:
		return x, Event{}, Errorf(Conflict, "exhibit %s is held here: its flag needs no other holder's word", x.ID)
	case strings.TrimSpace(word) == "":
		return x, Event{}, Errorf(Invalid, "exhibit %s: say who confirmed the flag there, and how", x.ID)
	}
	next := x.clone()
	next.Confirmed, next.ConfirmedBy = At(at), word
	return next, next.event(ExhibitConfirmed, "", nil), nil
}

func (a Arrival) exhibit(id ItemID, held Held, by Hand, at time.Time) Exhibit {
	if a.Recorded != (Span{}) {
		a.Recorded = a.Recorded.stated()
	}
	return Exhibit{
		ID: id, Incident: id.Incident(), Kind: a.Kind, Held: held, System: a.System, Key: a.Key, Digest: a.Digest, Size: a.Size,
		Media: a.Media, ReceivedAt: At(at), ReceivedBy: by.Person, ReceivedFrom: a.ReceivedFrom, Recorded: a.Recorded,
		ClockOffset: cloned(a.ClockOffset), DerivedFrom: a.DerivedFrom,
	}
}

func (x Exhibit) clone() Exhibit {
	x.ClockOffset, x.Disposed, x.Consent, x.Derivation = cloned(x.ClockOffset), cloned(x.Disposed), x.Consent.clone(), x.Derivation.clone()
	x.Offsets = cloneOffsets(x.Offsets)
	return x
}

// cloned is a pointer of its own to the same value.
func cloned[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

func (x Exhibit) check() error {
	if err := named(NounExhibit, x.ID); err != nil {
		return err
	}
	if err := filed(x.Incident, NounExhibit, x.DerivedFrom); err != nil {
		return err
	}
	if x.DerivedFrom == x.ID {
		return Errorf(Invalid, "exhibit %s cannot be derived from itself", x.ID)
	}
	if !slug(strings.ReplaceAll(x.Kind, "_", "-")) {
		return Errorf(Invalid, "kind of exhibit %q: want a name such as bwc, photo or document", x.Kind)
	}
	if x.Recorded != (Span{}) {
		return oneOf("precision of the recording's time", x.Recorded.Precision, precisions)
	}
	return nil
}

// There refuses, with kind Conflict, an exhibit that was disposed of: nothing
// can be done with it any more.
func (x Exhibit) There() error {
	if x.Disposed == nil {
		return nil
	}
	return Errorf(Conflict, "exhibit %s was disposed of on %s under certificate %s", x.ID, x.Disposed.At.Format(time.DateOnly), x.Disposed.Certificate)
}

// Item names the exhibit.
func (x Exhibit) Item() Item { return Item{Noun: NounExhibit, ID: x.ID} }

func (x Exhibit) event(act Act, note string, sealed map[Class]any) Event {
	return Event{Act: act, Incident: x.Incident, Item: x.Item(), Value: x.clone(), Sealed: sealed, Note: note}
}

// A Check is the answer somebody got by checking every byte of an exhibit:
// intact, altered or could not tell.
type Check struct {
	Of     Item   `json:"of"`
	Answer string `json:"answer"`
}

// Verified is the event of a check. The exhibit is unchanged: the check is an
// item of its own beside it.
func (x Exhibit) Verified(answer string) Event {
	return Event{Act: ExhibitVerified, Incident: x.Incident, Item: Item{Noun: NounCheck, ID: x.ID}, Value: Check{Of: x.Item(), Answer: answer}}
}
