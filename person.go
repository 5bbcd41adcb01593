package jurat

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
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
	Advises []OfficeID        `json:"advises,omitempty"` // counsel only: who advises a political office is screened from every incident
	Keys    []json.RawMessage `json:"keys,omitempty"`    // public JWKs, the newest last
	Retired time.Time         `json:"retired,omitzero"`
}

// AddPerson adds a person to an office, without keys. Nobody is sworn in a role
// of a political office: Invalid.
func AddPerson(p Person) (Person, Event, error) {
	if _, err := ParsePersonID(string(p.ID)); err != nil {
		return Person{}, Event{}, err
	}
	if strings.TrimSpace(p.Label) == "" || p.Office == "" {
		return Person{}, Event{}, Errorf(Invalid, "a person needs a label such as \"Officer 4471\" and an office")
	}
	if _, err := ParseOfficeID(string(p.Office)); err != nil {
		return Person{}, Event{}, err
	}
	if err := oneOf("role", p.Role, Roles[:]); err != nil {
		return Person{}, Event{}, err
	}
	if p.Sworn && p.Role == RolePolitical {
		return Person{}, Event{}, Errorf(Invalid, "%s: somebody in a political role is not recorded as sworn", p.ID)
	}
	if len(p.Advises) > 0 && p.Role != RoleCounsel {
		return Person{}, Event{}, Errorf(Invalid, "%s: only counsel advises an office", p.ID)
	}
	for _, o := range p.Advises {
		if _, err := ParseOfficeID(string(o)); err != nil {
			return Person{}, Event{}, err
		}
	}
	p = p.clone()
	p.Keys, p.Retired = nil, time.Time{}
	return p, p.event(PersonAdded, ""), nil
}

// AddKey adds a public key the person signs with, as a JWK. It never replaces
// one: old acts stay checkable. A key that carries its private part is Invalid,
// for what is on the record cannot be taken back; a key they have is Conflict.
func (p Person) AddKey(jwk json.RawMessage) (Person, Event, error) {
	if !p.Retired.IsZero() {
		return p, Event{}, Errorf(Conflict, "%s is retired", p.ID)
	}
	spelt, members, err := readFields("the key", jwk)
	if err != nil {
		return p, Event{}, err
	}
	for _, private := range [...]string{"d", "p", "q", "dp", "dq", "qi", "oth", "k"} { // RFC 7518 §6, RFC 8037 §2
		if _, ok := members[private]; ok {
			return p, Event{}, Errorf(Invalid, "this key of %s carries its private part (%q): hand in the public key only, and make a new one", p.ID, private)
		}
	}
	if _, ok := members["kty"]; !ok {
		return p, Event{}, Errorf(Invalid, "the key of %s is not a JWK: it names no key type", p.ID)
	}
	if slices.ContainsFunc(p.Keys, func(k json.RawMessage) bool { return bytes.Equal(k, spelt) }) {
		return p, Event{}, Errorf(Conflict, "%s has this key already", p.ID)
	}
	next := p.clone()
	next.Keys = append(next.Keys, spelt)
	return next, next.event(PersonKey, ""), nil
}

// DropKey takes a public key off a person: acts are not signed with it from
// then on; what was signed with it stays checkable, by the event that added it.
// NotFound: they have no such key, spelt as [Person.AddKey] keeps it.
func (p Person) DropKey(jwk json.RawMessage, reason string) (Person, Event, error) {
	if strings.TrimSpace(reason) == "" {
		return p, Event{}, Errorf(Invalid, "say why a key of %s is taken off", p.ID)
	}
	next := p.clone()
	next.Keys = slices.DeleteFunc(next.Keys, func(k json.RawMessage) bool { return bytes.Equal(k, jwk) })
	if len(next.Keys) == len(p.Keys) {
		return p, Event{}, Errorf(NotFound, "%s has no such key", p.ID)
	}
	return next, next.event(PersonKey, reason), nil
}

// Retire ends a person's access.
func (p Person) Retire(reason string, at time.Time) (Person, Event, error) {
	if !p.Retired.IsZero() {
		return p, Event{}, Errorf(Conflict, "%s is already retired", p.ID)
	}
	if strings.TrimSpace(reason) == "" {
		return p, Event{}, Errorf(Invalid, "say why %s is retired", p.ID)
	}
	next := p.clone()
	next.Retired = At(at)
	return next, next.event(PersonRetired, reason), nil
}

// Item names the person.
func (p Person) Item() Item { return Item{Noun: NounPerson, ID: ItemID(p.ID)} }

func (p Person) clone() Person {
	p.Keys, p.Advises = slices.Clone(p.Keys), slices.Clone(p.Advises)
	for i := range p.Keys {
		p.Keys[i] = slices.Clone(p.Keys[i])
	}
	return p
}

func (p Person) event(act Act, note string) Event {
	return Event{Act: act, Item: p.Item(), Value: p.clone(), Note: note}
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
	if len(o.Trust) > 0 && !json.Valid(o.Trust) {
		return Office{}, Event{}, Errorf(Invalid, "the keys of %s are not JSON", o.ID)
	}
	o = o.clone()
	return o, o.event(OfficeAdded), nil
}

// Pin pins the keys of another office, obtained outside any dossier. An empty
// age leaves the recipient as it is.
func (o Office) Pin(trust json.RawMessage, age string) (Office, Event, error) {
	if o.Own {
		return o, Event{}, Errorf(Conflict, "%s is this record's own office: its keys are in its key folder", o.ID)
	}
	if len(trust) == 0 || !json.Valid(trust) {
		return o, Event{}, Errorf(Invalid, "the keys of %s are not JSON", o.ID)
	}
	next := o.clone()
	next.Trust = slices.Clone(trust)
	if age != "" {
		next.Age = age
	}
	return next, next.event(OfficeTrusted), nil
}

// Item names the office.
func (o Office) Item() Item { return Item{Noun: NounOffice, ID: ItemID(o.ID)} }

func (o Office) clone() Office {
	o.Trust = slices.Clone(o.Trust)
	return o
}

func (o Office) event(act Act) Event {
	return Event{Act: act, Item: o.Item(), Value: o.clone()}
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

// AdoptOrder adopts an order file. A file that is not UTF-8 is Invalid: it could
// not be kept byte for byte.
func AdoptOrder(id, title, text string, at time.Time) (Adoption, Event, error) {
	if blank(id) || blank(text) {
		return Adoption{}, Event{}, Errorf(Invalid, "an order needs an id and a text")
	}
	if !utf8.ValidString(text) {
		return Adoption{}, Event{}, Errorf(Invalid, "the file of order %s is not UTF-8", id)
	}
	a := Adoption{ID: id, Title: title, Digest: DigestOf([]byte(text)), Text: text, At: At(at)}
	return a, Event{Act: OrderAdopted, Item: a.Item(), Value: a}, nil
}

// Item names the order.
func (a Adoption) Item() Item { return Item{Noun: NounOrder, ID: ItemID(a.ID)} }

// A JournalDigest commits to a stretch of the security journal.
type JournalDigest struct {
	From   int64  `json:"from"`
	To     int64  `json:"to"`
	Digest Digest `json:"digest"`
}

// DigestJournal is the event that puts a journal's digest in the ledger.
func DigestJournal(d JournalDigest) Event {
	return Event{Act: JournalDigested, Item: Item{Noun: NounDigest, ID: "journal"}, Value: d}
}

// ContinueLedger is the event that begins a new origin of the ledger: gap names
// the last known checkpoint of the old one and what was lost with it (§6).
func ContinueLedger(gap json.RawMessage) Event {
	return Event{Act: LedgerContinued, Item: Item{Noun: NounLedger, ID: "ledger"}, Value: gap}
}

// Signed lists the acts that need the person's own signature, always (§6).
func Signed(a Act) bool {
	switch a {
	case RecordSubmitted, RecordApproved, ReferralPrepared, ReferralAttested, ReferralApproved, ReferralSent, ReferralSupplemented,
		DossierSealed, DossierSent, DossierReceipt, DossierDecided, DisposalApproved, ExhibitDisposed, WritApproved,
		RedactionReviewed, RedactionReleased:
		return true
	}
	return false
}
