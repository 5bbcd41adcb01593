package jurat

import (
	"strings"
	"time"
)

// Acts on an incident.
const (
	IncidentOpened   Act = "incident.opened"
	IncidentAmended  Act = "incident.amended"
	IncidentClosed   Act = "incident.closed" // nothing in it awaits anybody; saving goes on
	IncidentReopened Act = "incident.reopened"
	ItemOpened       Act = "item.opened"     // somebody looked: no change, on the record (§7)
	IdentityOpened   Act = "identity.opened" // somebody looked at sealed parts, with a typed reason (IDN-3)
)

// A Trigger is how an incident came to the office's knowledge (INC-1).
type Trigger string

// Triggers lists every trigger. How the office came to know may be unknown too.
var Triggers = [...]Trigger{"observed", "reported_to_officer", "911", "311", "portal", "other_agency", "unknown"}

// A Place is where something happened, as coarse as the record needs. An exact
// address is a sealed part of the incident.
type Place struct {
	Description string `json:"description,omitempty"` // for example "2300 block of a street, near a school"
	Beat        string `json:"beat,omitempty"`
	District    string `json:"district,omitempty"`
	InsideCity  Answer `json:"inside_city"`
}

// An Incident is what happened at a place in a time range. Everything is filed
// under one. An incident with no allegation is complete (INC-2).
type Incident struct {
	Number         IncidentNumber `json:"number"`
	Title          string         `json:"title"`
	Trigger        Trigger        `json:"trigger"`
	EventNumber    string         `json:"event_number,omitempty"` // dispatch; none is allowed and shown
	RDNumber       string         `json:"rd_number,omitempty"`
	FirstKnowledge time.Time      `json:"first_knowledge"`
	Occurred       Span           `json:"occurred"`
	Place          Place          `json:"place"`
	Retroactive    bool           `json:"retroactive,omitempty"` // before any order: documented, never cited as an order's
	OpenedAt       time.Time      `json:"opened_at"`
	OpenedBy       PersonID       `json:"opened_by,omitempty"`
	Office         OfficeID       `json:"office,omitempty"`
	ClosedAt       time.Time      `json:"closed_at,omitzero"` // zero: open
	ClosedBy       PersonID       `json:"closed_by,omitempty"`
}

// An IncidentState says whether anything in an incident awaits anybody, as who
// leads it stated.
type IncidentState string

// The states of an incident.
const (
	IncidentIsOpen   IncidentState = "open"
	IncidentIsClosed IncidentState = "closed"
)

// IncidentStates lists every state of an incident.
var IncidentStates = [...]IncidentState{IncidentIsOpen, IncidentIsClosed}

// Opening is what is known when an incident is opened. Address goes into the
// sealed class exact_address and never into the open part.
type Opening struct {
	Title          string
	Trigger        Trigger
	EventNumber    string
	RDNumber       string
	FirstKnowledge time.Time
	Occurred       Span
	Place          Place
	Retroactive    bool
	Address        string
}

// OpenIncident opens an incident under a number. It asks for a title, by which
// people find it again, and for nothing else: no other missing fact refuses
// it. A contradiction, or a word outside a closed list, is Invalid. The local
// operator may open one on nobody's behalf.
func OpenIncident(number IncidentNumber, o Opening, by Hand, at time.Time) (Incident, Event, error) {
	if err := by.mayAct("opening an incident"); err != nil {
		return Incident{}, Event{}, err
	}
	if _, err := ParseIncidentNumber(string(number)); err != nil {
		return Incident{}, Event{}, err
	}
	in := Incident{Number: number, FirstKnowledge: At(at), OpenedAt: At(at), OpenedBy: by.Person, Office: by.Office}
	in = in.known(o)
	if err := in.check(at); err != nil {
		return Incident{}, Event{}, err
	}
	return in, in.event(IncidentOpened, "", sealedText(ClassExactAddress, "address", o.Address)), nil
}

// Amend states anew what is known about the incident, the whole of it: what is
// left out of o is not known now, but for the moment of first knowledge, which
// stays unless another is stated. What was stated before stays on the record.
// A reason is required. An incident that was closed is open again.
func (in Incident) Amend(o Opening, by Hand, reason string, at time.Time) (Incident, Event, error) {
	if err := by.needPerson("amending an incident"); err != nil {
		return in, Event{}, err
	}
	if strings.TrimSpace(reason) == "" {
		return in, Event{}, Errorf(Invalid, "say why incident %s is amended", in.Number)
	}
	next := in.known(o)
	next.ClosedAt, next.ClosedBy = time.Time{}, ""
	if err := next.check(at); err != nil {
		return in, Event{}, err
	}
	return next, next.event(IncidentAmended, reason, sealedText(ClassExactAddress, "address", o.Address)), nil
}

// Close states that nothing in the incident awaits anybody. It stands in no
// way of what comes later: saving goes on, and what is saved afterwards stands
// in the way of a disposal until the incident is closed again, which may be
// done any number of times.
func (in Incident) Close(reason string, by Hand, at time.Time) (Incident, Event, error) {
	if err := in.leads(by, "closing an incident", reason); err != nil {
		return in, Event{}, err
	}
	next := in
	next.ClosedAt, next.ClosedBy = At(at), by.Person
	return next, next.event(IncidentClosed, reason, nil), nil
}

// Reopen takes a closing back. Of an incident that is open: Conflict.
func (in Incident) Reopen(reason string, by Hand) (Incident, Event, error) {
	if err := in.leads(by, "opening an incident again", reason); err != nil {
		return in, Event{}, err
	}
	if in.ClosedAt.IsZero() {
		return in, Event{}, Errorf(Conflict, "incident %s is open", in.Number)
	}
	next := in
	next.ClosedAt, next.ClosedBy = time.Time{}, ""
	return next, next.event(IncidentReopened, reason, nil), nil
}

func (in Incident) leads(by Hand, what, reason string) error {
	if err := by.needPerson(what); err != nil {
		return err
	}
	switch {
	case by.Role != RoleSupervisor && by.Function != FunctionProsecutor:
		return Errorf(Forbidden, "%s is a supervisor's act, a prosecutor's in their own record", what)
	case blank(reason):
		return Errorf(Invalid, "say why: %s is on the record", what)
	}
	return nil
}

// known is in with what o says of it.
func (in Incident) known(o Opening) Incident {
	in.Title, in.Trigger, in.EventNumber, in.RDNumber = strings.TrimSpace(o.Title), o.Trigger, o.EventNumber, o.RDNumber
	in.Occurred, in.Place, in.Retroactive = o.Occurred.stated(), o.Place, o.Retroactive
	if !o.FirstKnowledge.IsZero() {
		in.FirstKnowledge = At(o.FirstKnowledge)
	}
	if in.Trigger == "" {
		in.Trigger = "unknown"
	}
	if in.Place.InsideCity == "" {
		in.Place.InsideCity = Unknown
	}
	return in
}

func (in Incident) check(at time.Time) error {
	if in.Title == "" {
		return Errorf(Invalid, "an incident needs a title of a few plain words, for example \"Traffic stop reported at 26th Street\"")
	}
	if err := oneOf("trigger", in.Trigger, Triggers[:]); err != nil {
		return err
	}
	if err := oneOf("inside the city", in.Place.InsideCity, answers[:]); err != nil {
		return err
	}
	if in.FirstKnowledge.After(at) {
		return Errorf(Invalid, "first knowledge (%s) is after now (%s)", in.FirstKnowledge.Format(time.RFC3339), at.Format(time.RFC3339))
	}
	if in.Occurred.From.After(at) {
		return Errorf(Invalid, "the incident begins (%s) after now (%s)", in.Occurred.From.Format(time.RFC3339), at.Format(time.RFC3339))
	}
	return in.Occurred.check()
}

// Item names the incident.
func (in Incident) Item() Item { return Item{Noun: NounIncident, ID: ItemID(in.Number)} }

func (in Incident) event(act Act, note string, sealed map[Class]any) Event {
	return Event{Act: act, Incident: in.Number, Item: in.Item(), Value: in, Sealed: sealed, Note: note}
}

// A Look says what was opened, and which sealed class if one was.
type Look struct {
	Of    Item  `json:"of"`
	Class Class `json:"class,omitempty"`
}

// LookAt is the event of somebody opening an item of an incident (§7: once per
// person per fifteen minutes, which the desk keeps). The item is unchanged:
// the look is an item of its own beside it.
func LookAt(in IncidentNumber, item Item) Event {
	return Event{Act: ItemOpened, Incident: in, Item: Item{Noun: NounLook, ID: item.ID}, Value: Look{Of: item}}
}

// LookAtSealed is the event of a person opening one sealed class of an item,
// with the reason they typed (IDN-3). An empty reason, or a class that is not
// sealed, is Invalid; counsel's notes are counsel's (LAW-9). Whether a compelled
// statement is open to them is for [Account.OpenTo] to say.
func LookAtSealed(in IncidentNumber, item Item, class Class, reason string, by Hand) (Event, error) {
	switch {
	case by.political():
		return Event{}, Errorf(Forbidden, "opening a sealed part: a political office does nothing in a case (REF-1)")
	case by.Person == "":
		return Event{}, Errorf(Forbidden, "opening a sealed part is a person's act: name the person with --as")
	case class == ClassPrivileged && by.Function != FunctionCounsel:
		return Event{}, Errorf(Forbidden, "what is privileged is counsel's to open (LAW-9)")
	}
	if err := oneOf("sealed class", class, Classes[1:]); err != nil {
		return Event{}, err
	}
	if strings.TrimSpace(reason) == "" {
		return Event{}, Errorf(Invalid, "say why the sealed part of %s is opened", item.ID)
	}
	return Event{Act: IdentityOpened, Incident: in, Item: Item{Noun: NounLook, ID: item.ID}, Value: Look{Of: item, Class: class}, Note: reason}, nil
}

// sealedText is one sealed part with one named text, or none when empty.
func sealedText(c Class, name, text string) map[Class]any {
	if text == "" {
		return nil
	}
	return map[Class]any{c: map[string]string{name: text}}
}
