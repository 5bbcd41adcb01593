package jurat

import (
	"strings"
	"time"
)

// Acts on an incident.
const (
	IncidentOpened  Act = "incident.opened"
	IncidentAmended Act = "incident.amended"
	ItemOpened      Act = "item.opened"     // somebody looked: no change, on the record (§7)
	IdentityOpened  Act = "identity.opened" // somebody looked at sealed parts, with a typed reason (IDN-3)
)

// A Trigger is how an incident came to the office's knowledge (INC-1).
type Trigger string

// Triggers lists every trigger.
var Triggers = [...]Trigger{"observed", "reported_to_officer", "911", "311", "portal", "other_agency"}

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
}

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

// OpenIncident opens an incident under a number. Missing facts never refuse
// it; a contradiction does, with kind Invalid.
func OpenIncident(number IncidentNumber, o Opening, by Hand, at time.Time) (Incident, Event, error) {
	in := Incident{
		Number: number, Title: strings.TrimSpace(o.Title), Trigger: o.Trigger, EventNumber: o.EventNumber, RDNumber: o.RDNumber,
		FirstKnowledge: At(o.FirstKnowledge), Occurred: o.Occurred, Place: o.Place, Retroactive: o.Retroactive,
		OpenedAt: at, OpenedBy: by.Person, Office: by.Office,
	}
	if in.Title == "" {
		return Incident{}, Event{}, Errorf(Invalid, "an incident needs a title of a few plain words, for example \"Traffic stop reported at 26th Street\"")
	}
	if o.FirstKnowledge.IsZero() {
		in.FirstKnowledge = at
	}
	if in.Occurred.Precision == "" {
		in.Occurred.Precision = "unknown"
	}
	if in.Place.InsideCity == "" {
		in.Place.InsideCity = Unknown
	}
	if err := in.check(at); err != nil {
		return Incident{}, Event{}, err
	}
	return in, in.event(IncidentOpened, "", sealedText(ClassExactAddress, "address", o.Address)), nil
}

// Amend replaces what is known about the incident by addition: the earlier
// event stays. reason is required.
func (in Incident) Amend(o Opening, by Hand, reason string, at time.Time) (Incident, Event, error) {
	if err := by.needPerson("amending an incident"); err != nil {
		return in, Event{}, err
	}
	if strings.TrimSpace(reason) == "" {
		return in, Event{}, Errorf(Invalid, "say why incident %s is amended", in.Number)
	}
	next := in
	next.Title, next.Trigger, next.EventNumber, next.RDNumber = strings.TrimSpace(o.Title), o.Trigger, o.EventNumber, o.RDNumber
	next.FirstKnowledge, next.Occurred, next.Place, next.Retroactive = At(o.FirstKnowledge), o.Occurred, o.Place, o.Retroactive
	if next.Title == "" {
		return in, Event{}, Errorf(Invalid, "an incident needs a title")
	}
	if err := next.check(at); err != nil {
		return in, Event{}, err
	}
	return next, next.event(IncidentAmended, reason, sealedText(ClassExactAddress, "address", o.Address)), nil
}

func (in Incident) check(at time.Time) error {
	if err := oneOf("trigger", in.Trigger, Triggers[:]); err != nil {
		return err
	}
	if err := oneOf("inside the city", in.Place.InsideCity, []Answer{Yes, No, Unknown}); err != nil {
		return err
	}
	if in.FirstKnowledge.After(at) {
		return Errorf(Invalid, "first knowledge (%s) is after now (%s)", in.FirstKnowledge.Format(time.RFC3339), at.Format(time.RFC3339))
	}
	return in.Occurred.check()
}

// Item names the incident.
func (in Incident) Item() Item { return Item{Noun: NounIncident, ID: ItemID(in.Number)} }

func (in Incident) event(act Act, note string, sealed map[Class]any) Event {
	return Event{Act: act, Incident: in.Number, Item: in.Item(), Value: in, Sealed: sealed, Note: note}
}

// Look is the event of somebody opening an item of an incident: it changes
// nothing, so it carries no value (§7: once per person per fifteen minutes,
// which the desk keeps).
func Look(in IncidentNumber, item Item, by Hand) Event {
	return Event{Act: ItemOpened, Incident: in, Item: item}
}

// LookAtIdentity is the event of somebody opening the sealed parts of an item,
// with the reason they typed (IDN-3). An empty reason is Invalid.
func LookAtIdentity(in IncidentNumber, item Item, by Hand, class Class, reason string) (Event, error) {
	if err := by.needPerson("opening a sealed part"); err != nil {
		return Event{}, err
	}
	if strings.TrimSpace(reason) == "" {
		return Event{}, Errorf(Invalid, "say why the sealed part of %s is opened", item.ID)
	}
	return Event{Act: IdentityOpened, Incident: in, Item: item, Note: string(class) + ": " + reason}, nil
}

// sealedText is one sealed part with one named text, or none when empty.
func sealedText(c Class, name, text string) map[Class]any {
	if text == "" {
		return nil
	}
	return map[Class]any{c: map[string]string{name: text}}
}
