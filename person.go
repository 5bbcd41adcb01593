package jurat

import (
	"encoding/json"
	"strings"
	"time"
)

// Acts of the house: people, offices, orders, the journal.
const (
	PersonAdded     Act = "person.added"
	PersonKey       Act = "person.key"
	PersonRetired   Act = "person.retired"
	OfficeAdded     Act = "office.added"
	OfficeTrusted   Act = "office.trusted"
	OrderAdopted    Act = "order.adopted"
	KeyRotated      Act = "key.rotated"
	LedgerContinued Act = "ledger.continued"
	JournalDigested Act = "journal.digested"
)

// A Person is somebody with access: a label such as "Officer 4471", an office,
// a role, and whether they are sworn. The label is a work name; nothing about
// a person's home or life has a field.
type Person struct {
	ID      PersonID          `json:"id"`
	Label   string            `json:"label"`
	Office  OfficeID          `json:"office"`
	Role    Role              `json:"role"`
	Sworn   bool              `json:"sworn"`
	Keys    []json.RawMessage `json:"keys,omitempty"` // public JWKs, the newest last
	Retired time.Time         `json:"retired,omitzero"`
}

// AddPerson adds a person to an office.
func AddPerson(p Person) (Person, Event, error) {
	if _, err := ParsePersonID(string(p.ID)); err != nil {
		return Person{}, Event{}, err
	}
	if strings.TrimSpace(p.Label) == "" || p.Office == "" {
		return Person{}, Event{}, Errorf(Invalid, "a person needs a label such as \"Officer 4471\" and an office")
	}
	if err := oneOf("role", p.Role, Roles[:]); err != nil {
		return Person{}, Event{}, err
	}
	p.Keys, p.Retired = nil, time.Time{}
	return p, p.event(PersonAdded, ""), nil
}

// AddKey adds a public key the person signs with. It never replaces one: old
// acts stay checkable.
func (p Person) AddKey(jwk json.RawMessage) (Person, Event, error) {
	if !p.Retired.IsZero() {
		return p, Event{}, Errorf(Conflict, "%s is retired", p.ID)
	}
	next := p
	next.Keys = append(append([]json.RawMessage(nil), p.Keys...), jwk)
	return next, next.event(PersonKey, ""), nil
}

// Retire ends a person's access.
func (p Person) Retire(reason string, at time.Time) (Person, Event, error) {
	if !p.Retired.IsZero() {
		return p, Event{}, Errorf(Conflict, "%s is already retired", p.ID)
	}
	if strings.TrimSpace(reason) == "" {
		return p, Event{}, Errorf(Invalid, "say why %s is retired", p.ID)
	}
	next := p
	next.Retired = at
	return next, next.event(PersonRetired, reason), nil
}

func (p Person) event(act Act, note string) Event {
	return Event{Act: act, Item: Item{Noun: NounPerson, ID: ItemID(p.ID)}, Value: p, Note: note}
}

// An Office is an office with a part in the record: this one, a prosecutor's,
// a department, the agency. Keys of other offices are pinned as trust,
// obtained elsewhere.
type Office struct {
	ID       OfficeID        `json:"id"`
	Name     string          `json:"name"`
	Function Function        `json:"function"`
	Own      bool            `json:"own,omitempty"` // the office whose record this is, or one within it
	Age      string          `json:"age,omitempty"` // recipient dossiers are encrypted to
	Trust    json.RawMessage `json:"trust,omitempty"`
}

// AddOffice adds an office.
func AddOffice(o Office) (Office, Event, error) {
	if _, err := ParseOfficeID(string(o.ID)); err != nil {
		return Office{}, Event{}, err
	}
	if strings.TrimSpace(o.Name) == "" {
		return Office{}, Event{}, Errorf(Invalid, "an office needs a name")
	}
	if err := oneOf("function of an office", o.Function, Functions[:]); err != nil {
		return Office{}, Event{}, err
	}
	return o, o.event(OfficeAdded), nil
}

// Pin pins the keys of another office, obtained outside any dossier.
func (o Office) Pin(trust json.RawMessage, age string) (Office, Event, error) {
	if o.Own {
		return o, Event{}, Errorf(Conflict, "%s is this record's own office: its keys are in its key folder", o.ID)
	}
	next := o
	next.Trust = trust
	if age != "" {
		next.Age = age
	}
	return next, next.event(OfficeTrusted), nil
}

func (o Office) event(act Act) Event {
	return Event{Act: act, Item: Item{Noun: NounOffice, ID: ItemID(o.ID)}, Value: o}
}

// An Adoption is an order file in force in this record. Text is the file as it
// was read, byte for byte; Digest is its SHA-256, which every later event
// names.
type Adoption struct {
	ID     string    `json:"id"`
	Title  string    `json:"title"`
	Digest Digest    `json:"digest"`
	Text   string    `json:"text"`
	At     time.Time `json:"at"`
}

// AdoptOrder adopts an order file.
func AdoptOrder(id, title, text string, at time.Time) (Adoption, Event, error) {
	if id == "" || text == "" {
		return Adoption{}, Event{}, Errorf(Invalid, "an order needs an id and a text")
	}
	a := Adoption{ID: id, Title: title, Digest: DigestOf([]byte(text)), Text: text, At: at}
	return a, Event{Act: OrderAdopted, Item: Item{Noun: NounOrder, ID: ItemID(id)}, Value: a}, nil
}

// A JournalDigest commits to a stretch of the security journal.
type JournalDigest struct {
	From, To int64
	Digest   Digest `json:"digest"`
}

// DigestJournal is the event that puts a journal's digest in the ledger.
func DigestJournal(d JournalDigest) Event {
	return Event{Act: JournalDigested, Item: Item{Noun: NounDigest, ID: "journal"}, Value: d}
}

// Signed lists the acts that need the person's own signature, always (§6).
func Signed(a Act) bool {
	switch a {
	case RecordSubmitted, RecordApproved, ReferralPrepared, ReferralAttested, ReferralApproved, ReferralSent, ReferralSupplemented,
		DossierSealed, DossierSent, DossierReceipt, DossierDecided:
		return true
	}
	return false
}
