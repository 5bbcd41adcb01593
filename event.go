package jurat

import (
	"encoding/json"
	"time"
)

// An EventID is a UUIDv7 in its 36-character spelling: ordered by time so that
// indexes stay dense, and never evidence of time.
type EventID string

// An Act is what was done, such as exhibit.received: a noun, a dot, a verb in
// the past tense. The acts the law knows are constants beside their noun;
// record.added carries every record type an order defines.
type Act string

// A Class is a part of a payload that may be withheld or erased alone.
type Class string

// The closed list of classes: the open part and seven sealed ones (design of
// the leaf: always eight digests).
const (
	ClassOpen         Class = "open"
	ClassIdentity     Class = "identity"      // names, badges, faces, plates (IDN-3)
	ClassContact      Class = "contact"       // how to reach a person (RES-3)
	ClassHealth       Class = "health"        // medical facts (EMS-2)
	ClassExactAddress Class = "exact_address" // a home or exact place
	ClassMinor        Class = "minor"         // anything about a minor
	ClassCompelled    Class = "compelled"     // a compelled statement, until screened
	ClassPrivileged   Class = "privileged"    // counsel's notes (LAW-9)
)

// Classes lists every class, the open one first; a leaf has one digest of each.
var Classes = [...]Class{ClassOpen, ClassIdentity, ClassContact, ClassHealth, ClassExactAddress, ClassMinor, ClassCompelled, ClassPrivileged}

// ParseClass accepts a class by its name.
func ParseClass(s string) (Class, error) {
	for _, c := range Classes {
		if string(c) == s {
			return c, nil
		}
	}
	return "", Errorf(Invalid, "class %q: want one of %v", s, Classes)
}

// Via says by what means an act reached the record.
type Via string

// Vias lists the means.
var Vias = [...]Via{ViaOperator, ViaKey, ViaSession, ViaSystem}

// The means. An operator's act on somebody's behalf is that person's only by
// the city's assertion; a key's act is theirs by signature.
const (
	ViaOperator Via = "operator" // the local operator, at the machine
	ViaKey      Via = "key"      // the person, by a signature over the act
	ViaSession  Via = "session"  // the person, signed in at the counter
	ViaSystem   Via = "system"   // the program itself: sequencing, digests
)

// An Actor says who did an act, as the city asserts it. Person is empty for an
// act of the local operator on nobody's behalf.
type Actor struct {
	Person PersonID `json:"person,omitempty"`
	Office OfficeID `json:"office,omitempty"`
	Role   Role     `json:"role,omitempty"`
	Via    Via      `json:"via"`
}

// An OrderVersion names an order in force when an act was done, by the digest
// of its file.
type OrderVersion struct {
	ID     string `json:"id"`
	Digest Digest `json:"digest"`
}

// An Event is one act, on the record. The law makes it without an ID, time,
// actor, orders or place in a chain; the desk completes it and the ledger
// commits to it. Value is the item as it is after the act, so the state of the
// record is always the payload of some event, and nothing is updated.
type Event struct {
	ID       EventID
	At       time.Time // recorded, UTC, whole microseconds: the city's assertion
	Act      Act
	Actor    Actor
	Orders   []OrderVersion
	Incident IncidentNumber // zero: an act of the house
	Item     Item
	Value    any           // the open part: the item after the act
	Sealed   map[Class]any // sealed parts of the item, only those this act sets
	Note     string        // the reason given, where an act asks for one; open
}

// An OpenPart is the open part of a payload as the leaf commits to it.
type OpenPart struct {
	Item  Item            `json:"item"`
	Value json.RawMessage `json:"value"`
	Note  string          `json:"note,omitempty"`
}
