package jurat

import (
	"strings"
	"time"
)

// ViewingReleased is the act of opening an incident's footage to somebody who
// has not handed in their report of it.
const ViewingReleased Act = "viewing.released"

// A Viewing is leave to view an incident's footage before one's own report of
// it is handed in, where an adopted order has the report first (LAW-2). It is
// for one person and one incident, and does not end.
type Viewing struct {
	ID       ItemID         `json:"id"`
	Incident IncidentNumber `json:"incident"`
	Member   PersonID       `json:"member"` // whose leave it is
	Reason   string         `json:"reason"`
	By       PersonID       `json:"by"`
	At       time.Time      `json:"at"`
}

// ReleaseViewing opens an incident's footage to a member before their report:
// the act of a sworn supervisor of a police office, with a reason, and never
// for themselves: Forbidden.
func ReleaseViewing(id ItemID, member PersonID, reason string, by Hand, at time.Time) (Viewing, Event, error) {
	if err := by.needSworn("releasing footage before a report"); err != nil {
		return Viewing{}, Event{}, err
	}
	if err := named(NounViewing, id); err != nil {
		return Viewing{}, Event{}, err
	}
	switch {
	case by.Role != RoleSupervisor:
		return Viewing{}, Event{}, Errorf(Forbidden, "footage is released before a report by a supervisor; %s is %s", by.Person, by.Role)
	case member == "":
		return Viewing{}, Event{}, Errorf(Invalid, "name the member to whom the footage opens")
	case by.Person == member:
		return Viewing{}, Event{}, Errorf(Forbidden, "%s cannot release footage to themselves: another supervisor decides", by.Person)
	case blank(reason):
		return Viewing{}, Event{}, Errorf(Invalid, "say why the footage opens to %s before their report", member)
	}
	v := Viewing{ID: id, Incident: id.Incident(), Member: member, Reason: strings.TrimSpace(reason), By: by.Person, At: At(at)}
	return v, Event{Act: ViewingReleased, Incident: v.Incident, Item: v.Item(), Value: v, Note: v.Reason}, nil
}

// Item names the leave.
func (v Viewing) Item() Item { return Item{Noun: NounViewing, ID: v.ID} }
