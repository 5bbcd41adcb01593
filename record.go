package jurat

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Acts on a record.
const (
	RecordAdded     Act = "record.added"
	RecordAmended   Act = "record.amended"
	RecordSubmitted Act = "record.submitted" // sworn: the author's signature
	RecordReturned  Act = "record.returned"
	RecordApproved  Act = "record.approved"
)

// A RecordState is where a record stands between its author and its approver.
type RecordState string

// The states of a record.
const (
	RecordDraft   RecordState = "draft"
	RecordSubmit  RecordState = "submitted"
	RecordReturn  RecordState = "returned"
	RecordApprove RecordState = "approved"
)

// RecordStates lists the states.
var RecordStates = [...]RecordState{RecordDraft, RecordSubmit, RecordReturn, RecordApprove}

// A RecordType names a kind of record an order defines, such as report or
// identification_attempt. New types need no code.
type RecordType string

// The record types the law itself reads.
const (
	TypeReport         RecordType = "report"
	TypeIdentification RecordType = "identification_attempt" // IDN-1
	TypeForce          RecordType = "use_of_force"           // by whomever, the city's own too
	TypeEMS            RecordType = "ems_call"               // EMS-1
)

// The record types other rooms read: what an order's fact sheet is made of, and
// disputes, of what is on an incident's record and between governments.
const (
	TypeImmunityFact   RecordType = "immunity_fact" // LAW-10
	TypeAccountDispute RecordType = "account_dispute"
	TypeDispute        RecordType = "dispute"
)

// A Record is one typed entry of an incident. Its texts are kept as submitted:
// a correction before approval is a new version, after approval a record that
// amends it (RPT-1).
type Record struct {
	ID          ItemID          `json:"id"`
	Incident    IncidentNumber  `json:"incident"`
	Type        RecordType      `json:"type"`
	State       RecordState     `json:"state"`
	Version     int             `json:"version"` // from 1; every version is an event of its own
	Author      PersonID        `json:"author,omitempty"`
	Office      OfficeID        `json:"office,omitempty"`
	WrittenAt   time.Time       `json:"written_at"`
	SubmittedAt time.Time       `json:"submitted_at,omitzero"`
	ReturnedBy  PersonID        `json:"returned_by,omitempty"` // who returned it last
	ReturnedAt  time.Time       `json:"returned_at,omitzero"`
	Returned    string          `json:"returned,omitempty"` // the reason, of the last time
	ApprovedBy  PersonID        `json:"approved_by,omitempty"`
	ApprovedAt  time.Time       `json:"approved_at,omitzero"`
	Amends      ItemID          `json:"amends,omitempty"`
	Fields      json.RawMessage `json:"fields"`          // a JSON object in one spelling, open fields only
	Parts       []Class         `json:"parts,omitempty"` // the sealed parts this version has
	Entered     Via             `json:"entered"`         // how the text reached the record
	Wall        Wall            `json:"wall,omitempty"`  // who is kept from it, whatever else they may read
}

// A Wall keeps a record from people who may read others like it. Which wall a
// record stands behind is part of the record: an order adopted later does not
// take it down.
type Wall string

// The walls of records. Most records stand behind none.
const (
	WallComplaint Wall = "complaint" // about the office's own people: taken in by anybody, closed to those it may be about (OWN-4)
	WallInquiry   Wall = "inquiry"   // what came of one: written by nobody but who looks into complaints
	// A prosecutor's office keeps these to its prosecutors. Nobody else is told
	// that there is one (LAW-10).
	WallAssessment Wall = "assessment" // what a prosecutor weighs
	WallGrandJury  Wall = "grand_jury" // a matter before a grand jury
)

// Walls lists the walls a record may stand behind.
var Walls = [...]Wall{WallComplaint, WallInquiry, WallAssessment, WallGrandJury}

// WorkProduct reports whether records behind w are the prosecutor's own work:
// written and read by prosecutors of the office whose record it is. They never
// leave it, nothing an order asks depends on one, and an act on one is listed
// to nobody else.
func (w Wall) WorkProduct() bool { return w == WallAssessment || w == WallGrandJury }

// A Writing is the content of a record: its open fields and its sealed parts.
type Writing struct {
	Fields json.RawMessage
	Sealed map[Class]any
	Wall   Wall // as the order that defines the type has it
}

// AddRecord adds a record as a draft. Missing fields never refuse it. Invalid:
// a value outside a list the law closes, fields that are not one JSON object
// with each name once, and a field that may not exist ([ForbiddenField]). A record behind a wall is the
// house's own: Invalid in an incident. Forbidden: the wall is a prosecutor's
// ([Wall.WorkProduct]), and the hand is no prosecutor's.
func AddRecord(id ItemID, typ RecordType, amends ItemID, w Writing, by Hand, at time.Time) (Record, Event, error) {
	if err := by.needPerson("writing a record"); err != nil {
		return Record{}, Event{}, err
	}
	if err := named(NounRecord, id); err != nil {
		return Record{}, Event{}, err
	}
	if err := filed(id.Incident(), NounRecord, amends); err != nil {
		return Record{}, Event{}, err
	}
	if amends == id {
		return Record{}, Event{}, Errorf(Invalid, "record %s cannot amend itself", id)
	}
	if err := by.mayKeep(w.Wall); err != nil {
		return Record{}, Event{}, err
	}
	if !slug(strings.ReplaceAll(string(typ), "_", "-")) {
		return Record{}, Event{}, Errorf(Invalid, "record type %q: want a name such as report or identification_attempt", typ)
	}
	r := Record{ID: id, Incident: id.Incident(), Type: typ, State: RecordDraft, Version: 1, Author: by.Person, Office: by.Office, WrittenAt: At(at), Amends: amends, Entered: by.Via}
	next, ev, err := r.written(RecordAdded, w, "")
	if err != nil {
		return Record{}, Event{}, err
	}
	return next, ev, nil
}

// Amend writes the next version of a record that is not approved, as a draft;
// the versions before stay on the record. An approved record is immutable:
// Conflict, add a record that amends it. Refusals of [AddRecord] hold.
func (r Record) Amend(w Writing, by Hand, reason string, at time.Time) (Record, Event, error) {
	if err := by.needPerson("amending a record"); err != nil {
		return r, Event{}, err
	}
	switch {
	case r.State == RecordApprove:
		return r, Event{}, Errorf(Conflict, "record %s is approved and stays as it is; add a record that amends it", r.ID)
	case by.Person != r.Author:
		return r, Event{}, Errorf(Forbidden, "record %s is %s's to amend; add a record that amends it", r.ID, r.Author)
	case r.Wall.WorkProduct() && w.Wall != "" && w.Wall != r.Wall:
		return r, Event{}, Errorf(Conflict, "record %s stays behind the wall of a %s, whatever an order says of its type since; add a record", r.ID, r.Wall)
	}
	if err := by.mayKeep(cmp.Or(w.Wall, r.Wall)); err != nil {
		return r, Event{}, err
	}
	next := r.clone()
	next.Version, next.State, next.WrittenAt, next.Entered = r.Version+1, RecordDraft, At(at), by.Via
	next.SubmittedAt = time.Time{}
	next, ev, err := next.written(RecordAmended, w, reason)
	if err != nil {
		return r, Event{}, err
	}
	return next, ev, nil
}

// Submit is the author's sworn statement that this is their text. How the text
// reached the record stays as it was: signing it does not make it typed.
func (r Record) Submit(by Hand, at time.Time) (Record, Event, error) {
	if err := by.needPerson("submitting a record"); err != nil {
		return r, Event{}, err
	}
	switch {
	case by.Person != r.Author:
		return r, Event{}, Errorf(Forbidden, "record %s is %s's to submit", r.ID, r.Author)
	case r.State != RecordDraft && r.State != RecordReturn:
		return r, Event{}, Errorf(Conflict, "record %s is already %s", r.ID, r.State)
	}
	next := r.clone()
	next.State, next.SubmittedAt = RecordSubmit, At(at)
	return next, next.event(RecordSubmitted, "", nil), nil
}

// Return sends a submitted record back to its author with a reason. The
// submitted text stays on the record.
func (r Record) Return(by Hand, reason string, at time.Time) (Record, Event, error) {
	if err := r.reviewer(by, "returning a report"); err != nil {
		return r, Event{}, err
	}
	if strings.TrimSpace(reason) == "" {
		return r, Event{}, Errorf(Invalid, "say to the author of %s what is missing or unclear", r.ID)
	}
	next := r.clone()
	next.State, next.ReturnedBy, next.ReturnedAt, next.Returned = RecordReturn, by.Person, At(at), reason
	return next, next.event(RecordReturned, reason, nil), nil
}

// Approve approves a submitted record. The author never approves. open holds
// the reasons the gates give; any of them, or of [Record.Incomplete], refuses
// with kind Conflict, naming the first.
func (r Record) Approve(by Hand, open []Reason, at time.Time) (Record, Event, error) {
	if err := r.reviewer(by, "approving a report"); err != nil {
		return r, Event{}, err
	}
	if open = reasons(r.Incomplete(), open); len(open) > 0 {
		return r, Event{}, Errorf(Conflict, "record %s cannot be approved yet: %s%s", r.ID, open[0].Say, andMore(open))
	}
	next := r.clone()
	next.State, next.ApprovedBy, next.ApprovedAt = RecordApprove, by.Person, At(at)
	return next, next.event(RecordApproved, "", nil), nil
}

// mayKeep refuses to write behind a prosecutor's wall to whoever is none.
func (h Hand) mayKeep(w Wall) error {
	if w.WorkProduct() && (h.Role != RoleProsecutor || h.Function != FunctionProsecutor) {
		return Errorf(Forbidden, "a record behind the wall of a %s is for prosecutors to write", w)
	}
	return nil
}

func (r Record) reviewer(by Hand, what string) error {
	if err := by.needSworn(what); err != nil {
		return err
	}
	switch {
	case by.Person == r.Author:
		return Errorf(Forbidden, "%s wrote %s: somebody else must review it", r.Author, r.ID)
	case by.Role != RoleSupervisor:
		return Errorf(Forbidden, "%s needs a supervisor", what)
	case r.State != RecordSubmit:
		return Errorf(Conflict, "record %s is %s, not submitted", r.ID, r.State)
	}
	return nil
}

// Incomplete gives the reasons the law itself has against approving r: facts a
// report of this type must state one way or the other. Saving is never
// refused for them.
func (r Record) Incomplete() []Reason {
	if r.Type != TypeIdentification && r.Type != TypeForce {
		return nil
	}
	_, fields, err := readFields("the "+string(r.Type), r.Fields)
	if err != nil {
		return []Reason{{Item: r.Item(), Say: err.Error()}}
	}
	if r.Type == TypeForce {
		f, err := readForce(fields)
		if err != nil {
			return []Reason{{Item: r.Item(), Say: err.Error()}}
		}
		return f.incomplete(r.Item())
	}
	id, err := readIdentification(fields)
	if err != nil {
		return []Reason{{Item: r.Item(), Say: err.Error()}}
	}
	return id.incomplete(r.Item())
}

// Item names the record.
func (r Record) Item() Item { return Item{Noun: NounRecord, ID: r.ID} }

func (r Record) written(act Act, w Writing, note string) (Record, Event, error) {
	what := "the " + string(r.Type)
	spelt, fields, err := readFields(what, w.Fields)
	if err != nil {
		return r, Event{}, err
	}
	switch r.Type {
	case TypeIdentification:
		err = checkIdentification(fields)
	case TypeForce:
		err = checkForce(fields)
	}
	if err != nil {
		return r, Event{}, err
	}
	if err := checkSealed(what, w.Sealed); err != nil {
		return r, Event{}, err
	}
	if w.Wall != "" {
		if err := oneOf("wall", w.Wall, Walls[:]); err != nil {
			return r, Event{}, err
		}
		if r.Incident != "" {
			return r, Event{}, Errorf(Invalid, "a record behind the wall of a %s is the house's own: a dossier of an incident would carry it", w.Wall)
		}
		r.Wall = w.Wall
	}
	r.Fields, r.Parts = spelt, sealedClasses(w.Sealed)
	return r, r.event(act, note, maps.Clone(w.Sealed)), nil
}

func (r Record) clone() Record {
	r.Fields, r.Parts = slices.Clone(r.Fields), slices.Clone(r.Parts)
	return r
}

func (r Record) event(act Act, note string, sealed map[Class]any) Event {
	return Event{Act: act, Incident: r.Incident, Item: r.Item(), Value: r.clone(), Sealed: sealed, Note: note}
}

func andMore(rs []Reason) string {
	if len(rs) < 2 {
		return ""
	}
	return " (and " + strconv.Itoa(len(rs)-1) + " more)"
}
