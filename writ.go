package jurat

import (
	"slices"
	"strings"
	"time"
)

// Acts on a writ.
const (
	WritApproved  Act = "writ.approved"  // by the first of two people, and by the second
	WritWithdrawn Act = "writ.withdrawn" // before the second

	RestoreExpunged Act = "restore.expunged" // a restored backup had the incident still, and it is erased again
)

// A WritKind is what a court ordered of a whole incident.
type WritKind string

// The closed list of what a court may order here.
const (
	WritSeal    WritKind = "seal"    // hidden from everybody but the roles named
	WritUnseal  WritKind = "unseal"  // no longer
	WritExpunge WritKind = "expunge" // erased whole: nothing of it can be shown or proved again
)

// WritKinds lists them.
var WritKinds = [...]WritKind{WritSeal, WritUnseal, WritExpunge}

// A Writ is a court's order about one incident, carried out by two people
// with their keys. It is the house's own item: it outlasts an incident that is
// expunged, and an incident that is sealed does not tell of it.
type Writ struct {
	ID          ItemID         `json:"id"`
	Kind        WritKind       `json:"kind"`
	Incident    IncidentNumber `json:"incident"`
	Court       string         `json:"court"`
	Number      string         `json:"number"`
	OpenTo      []Role         `json:"open_to,omitempty"` // of a seal: who still sees it
	Approvals   []Approval     `json:"approvals"`
	OneOperator bool           `json:"one_operator,omitempty"` // one operator entered both people's acts
	Backups     time.Time      `json:"backups,omitzero"`       // of an expungement: after this day no backup opens it
	Events      int64          `json:"events,omitempty"`       // of an expungement carried out: how many were erased
	Withdrawn   time.Time      `json:"withdrawn_at,omitzero"`
	WithdrawnBy PersonID       `json:"withdrawn_by,omitempty"`
}

// ApproveWrit is the first of two approvals, of who keeps the records. It
// changes nothing yet. A seal names the roles the incident stays open to, at
// least one; an expungement, the last day of the backups made before it.
func ApproveWrit(r Writ, by Hand, at time.Time) (Writ, Event, error) {
	if err := by.needPerson("carrying out a court's order"); err != nil {
		return Writ{}, Event{}, err
	}
	if err := named(NounWrit, r.ID); err != nil {
		return Writ{}, Event{}, err
	}
	if err := oneOf("kind of court order", r.Kind, WritKinds[:]); err != nil {
		return Writ{}, Event{}, err
	}
	if _, err := ParseIncidentNumber(string(r.Incident)); err != nil {
		return Writ{}, Event{}, err
	}
	r = r.clone()
	r.Court, r.Number, r.Backups = strings.TrimSpace(r.Court), strings.TrimSpace(r.Number), At(r.Backups)
	switch {
	case by.Role != RoleRecords:
		return Writ{}, Event{}, Errorf(Forbidden, "the records officer approves first what a court ordered; %s is not recorded as one", by.Person)
	case r.Court == "" || r.Number == "":
		return Writ{}, Event{}, Errorf(Invalid, "name the court and the number of its order")
	case r.Kind == WritSeal && len(r.OpenTo) == 0:
		return Writ{}, Event{}, Errorf(Invalid, "say which roles the court left it open to: nobody else will see incident %s", r.Incident)
	case r.Kind != WritSeal && len(r.OpenTo) > 0:
		return Writ{}, Event{}, Errorf(Invalid, "only a seal names roles")
	case r.Kind == WritExpunge && (r.Backups.IsZero() || r.Backups.AddDate(0, 0, 1).Before(at)):
		return Writ{}, Event{}, Errorf(Invalid, "say until which day, today or later, backups made before today are kept: the record says from when nothing opens what was erased")
	case r.Kind != WritExpunge && !r.Backups.IsZero():
		return Writ{}, Event{}, Errorf(Invalid, "only an expungement speaks of backups")
	}
	for i, role := range r.OpenTo {
		if err := oneOf("role", role, Roles[:]); err != nil {
			return Writ{}, Event{}, err
		}
		if role == RolePolitical || slices.Contains(r.OpenTo[:i], role) {
			return Writ{}, Event{}, Errorf(Invalid, "role %q: a political role sees no incident, and each role is named once", role)
		}
	}
	r.Approvals, r.OneOperator, r.Events, r.Withdrawn, r.WithdrawnBy = []Approval{approval(by, at)}, false, 0, time.Time{}, ""
	return r, r.event(WritApproved, ""), nil
}

// Approve is the second approval, of counsel or a sworn supervisor (in a
// prosecutor's own record, of a prosecutor), which puts the writ in force.
// Of an expungement events says how many are erased by it, and against what
// stands in its way: a hold, which counsel releases first.
func (r Writ) Approve(events int64, against []Reason, by Hand, at time.Time) (Writ, Event, error) {
	if err := by.needPerson("carrying out a court's order"); err != nil {
		return r, Event{}, err
	}
	switch {
	case !r.Withdrawn.IsZero():
		return r, Event{}, Errorf(Conflict, "%s was withdrawn", r.ID)
	case r.Done():
		return r, Event{}, Errorf(Conflict, "%s is in force since %s", r.ID, r.Approvals[1].At.Format(time.DateOnly))
	case by.Person == r.Approvals[0].By:
		return r, Event{}, Errorf(Forbidden, "%s approved %s first; a second person decides", by.Person, r.ID)
	case !by.mayConfirm():
		return r, Event{}, Errorf(Forbidden, "the second approval is counsel's or a sworn supervisor's; %s is not recorded as one", by.Person)
	case len(against) > 0:
		return r, Event{}, Errorf(Conflict, "%s stands in the way: %s", against[0].Item.ID, against[0].Say)
	}
	next := r.clone()
	next.Approvals = append(next.Approvals, approval(by, at))
	if r.Kind == WritExpunge {
		next.Events = events
	}
	return next, next.event(WritApproved, ""), nil
}

// Withdraw takes back a writ that one person approved, with a reason.
func (r Writ) Withdraw(reason string, by Hand, at time.Time) (Writ, Event, error) {
	if err := by.needPerson("withdrawing a court's order"); err != nil {
		return r, Event{}, err
	}
	switch {
	case r.Done():
		return r, Event{}, Errorf(Conflict, "%s is in force; a court unseals what it sealed, and what was erased does not come back", r.ID)
	case !r.Withdrawn.IsZero():
		return r, Event{}, Errorf(Conflict, "%s is withdrawn already", r.ID)
	case blank(reason):
		return r, Event{}, Errorf(Invalid, "say why %s is withdrawn", r.ID)
	}
	next := r.clone()
	next.Withdrawn, next.WithdrawnBy = At(at), by.Person
	return next, next.event(WritWithdrawn, reason), nil
}

// ExpungeAgain is the event of erasing an expunged incident again, on a restored
// record, under the letter by which the office said that it was done.
func (r Writ) ExpungeAgain(events int64, letter string) Event {
	r.Events = events
	return r.event(RestoreExpunged, letter)
}

// Done reports whether two people approved: the writ is in force.
func (r Writ) Done() bool { return len(r.Approvals) == 2 }

// Item names the writ.
func (r Writ) Item() Item { return Item{Noun: NounWrit, ID: r.ID} }

func (r Writ) clone() Writ {
	r.OpenTo, r.Approvals = slices.Clone(r.OpenTo), slices.Clone(r.Approvals)
	return r
}

func (r Writ) event(act Act, note string) Event {
	return Event{Act: act, Item: r.Item(), Value: r.clone(), Note: note}
}

// A Restriction is what the writs in force leave of an incident to see.
type Restriction struct {
	Sealed   bool
	OpenTo   []Role
	Expunged bool
}

// Restrictions are what writs, in the order they came into force, leave: the
// last one about an incident counts, but for an expungement, which stays.
func Restrictions(writs []Writ) map[IncidentNumber]Restriction {
	done := slices.DeleteFunc(slices.Clone(writs), func(r Writ) bool { return !r.Done() })
	slices.SortStableFunc(done, func(a, b Writ) int { return a.Approvals[1].At.Compare(b.Approvals[1].At) })
	all := map[IncidentNumber]Restriction{}
	for _, r := range done {
		switch now := all[r.Incident]; {
		case now.Expunged:
		case r.Kind == WritExpunge:
			all[r.Incident] = Restriction{Expunged: true}
		case r.Kind == WritSeal:
			all[r.Incident] = Restriction{Sealed: true, OpenTo: r.OpenTo}
		default:
			delete(all, r.Incident)
		}
	}
	return all
}
