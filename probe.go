package jurat

import (
	"slices"
	"time"
)

// ExhibitProbed is the act of looking into an exhibit's bytes for what they say
// of themselves.
const ExhibitProbed Act = "exhibit.probed"

// A Probe is what an exhibit's bytes say of themselves, as found: assertions of
// the device that wrote them, none of them checked. Where it was taken, and
// whatever may name a person or a single device, is in its sealed parts. Like
// a check it is an item beside the exhibit, which it leaves unchanged.
type Probe struct {
	Of        Item      `json:"of"`
	Digest    Digest    `json:"digest"` // of the bytes looked into
	At        time.Time `json:"at"`
	Answer    string    `json:"answer"`              // read, in part, could not tell
	Why       string    `json:"why,omitempty"`       // unless read: what stopped the looking
	Tools     []string  `json:"tools,omitempty"`     // with their versions
	Sandbox   string    `json:"sandbox,omitempty"`   // how a foreign program was confined
	Media     string    `json:"media,omitempty"`     // media type by the bytes
	Asserted  string    `json:"asserted,omitempty"`  // as it was received, by its name
	Container string    `json:"container,omitempty"` // in ffprobe's word
	Duration  int64     `json:"duration_ms"`         // 0: not stated
	Created   string    `json:"created,omitempty"`   // verbatim, by the device's clock
	Zone      string    `json:"zone,omitempty"`      // of Created, verbatim; "not stated"
	Device    string    `json:"device,omitempty"`    // make and model
	Place     bool      `json:"place"`               // it says where: sealed, exact_address
	Serial    bool      `json:"serial"`              // it names one device: sealed, identity
	Streams   []Stream  `json:"streams,omitempty"`   // at most [MostStreams]
	Found     []Told    `json:"found,omitempty"`     // the rest, word for word
	Remarks   []string  `json:"remarks,omitempty"`   // what a person should look at
}

// MostStreams is how many streams of one exhibit are told.
const MostStreams = 64

// A Stream is one of the pictures, sounds or texts a file holds.
type Stream struct {
	Index    int    `json:"index"`
	Kind     string `json:"kind"` // video, audio, subtitle, data, attachment
	Codec    string `json:"codec,omitempty"`
	Width    int    `json:"width,omitempty"`  // as shown, turned as the file asks
	Height   int    `json:"height,omitempty"` // as shown
	Turned   int    `json:"turned,omitempty"` // degrees with the clock that the file asks to be turned by
	Rate     string `json:"rate,omitempty"`   // frames a second, a fraction
	Samples  int    `json:"samples,omitempty"`
	Channels int    `json:"channels,omitempty"`
	Duration int64  `json:"duration_ms,omitempty"`
	Attached bool   `json:"attached,omitempty"` // a still beside the film, such as a cover
}

// A Told is one thing a file says of itself, in its own words.
type Told struct {
	Where string `json:"where"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

// The answers of a probe.
const (
	ProbeRead        = "read"
	ProbeInPart      = "in part"
	ProbeCouldNotSay = "could not tell"
)

// Probed is the event of looking into the exhibit. Sealed holds what was found
// and is not for everybody: where it was taken, and what may name somebody.
func (x Exhibit) Probed(p Probe, sealed map[Class]any, by Hand, at time.Time) (Probe, Event, error) {
	if err := by.mayAct("looking into an exhibit"); err != nil {
		return Probe{}, Event{}, err
	}
	switch {
	case x.Held != HeldHere:
		return Probe{}, Event{}, Errorf(Conflict, "exhibit %s is held elsewhere: there are no bytes here to look into", x.ID)
	case p.Digest != x.Digest:
		return Probe{}, Event{}, Errorf(Altered, "the bytes looked into are not those received as %s", x.ID)
	case !slices.Contains([]string{ProbeRead, ProbeInPart, ProbeCouldNotSay}, p.Answer):
		return Probe{}, Event{}, Errorf(Invalid, "answer of a probe %q: want read, in part or could not tell", p.Answer)
	}
	if err := checkSealed("the probe of "+string(x.ID), sealed); err != nil {
		return Probe{}, Event{}, err
	}
	p = p.clone()
	p.Of, p.At, p.Asserted = x.Item(), At(at), x.Media
	return p, Event{Act: ExhibitProbed, Incident: x.Incident, Item: p.Item(), Value: p.clone(), Sealed: sealed}, nil
}

// Item names the probe.
func (p Probe) Item() Item { return Item{Noun: NounProbe, ID: p.Of.ID} }

func (p Probe) clone() Probe {
	p.Tools, p.Streams, p.Found, p.Remarks = slices.Clone(p.Tools), slices.Clone(p.Streams), slices.Clone(p.Found), slices.Clone(p.Remarks)
	return p
}
