package jurat

import (
	"slices"
	"strings"
	"time"
)

// Acts on an allegation.
const (
	AllegationAdded   Act = "allegation.added"
	AllegationWeighed Act = "allegation.weighed" // evidence for or against an element
	AllegationMapped  Act = "allegation.mapped"  // from words to an offence of a table
	AllegationRuled   Act = "allegation.status"
)

// An ActorKind says whose act is alleged. The city's own people count too.
type ActorKind string

// ActorKinds lists the kinds.
var ActorKinds = [...]ActorKind{"federal", "local", "other", "unknown"}

// An AllegationStatus is what a body with the power to say it has said. Words
// beyond alleged are set only by that body (RPT-2).
type AllegationStatus string

// AllegationStatuses lists every status, alleged first.
var AllegationStatuses = [...]AllegationStatus{
	"alleged", "supported", "not_supported", "unfounded", "insufficient",
	"referred", "declined", "charged", "dismissed", "acquitted", "convicted", "removed_to_federal_court",
}

// Body is the function of office with the power to say s (RPT-2); empty when s
// is no status.
func (s AllegationStatus) Body() Function {
	switch s {
	case "alleged", "supported", "not_supported", "unfounded", "insufficient", "referred":
		return FunctionPolice
	case "declined", "charged":
		return FunctionProsecutor
	case "dismissed", "acquitted", "convicted", "removed_to_federal_court":
		return FunctionCourt
	}
	return ""
}

// yields reports whether a status said by one body gives way to another's word
// by itself: the police's to all, the prosecutor's to the court's, and each
// body's to its own.
func (s AllegationStatus) yields(to AllegationStatus) bool {
	rank := []Function{FunctionPolice, FunctionProsecutor, FunctionCourt}
	return slices.Index(rank, to.Body()) >= slices.Index(rank, s.Body())
}

// Evidence points at an item, and into a clip where that is known.
type Evidence struct {
	Item Item   `json:"item"`
	Note string `json:"note,omitempty"`
	From *int   `json:"from_s,omitempty"` // seconds into a recording
	To   *int   `json:"to_s,omitempty"`
}

// An Element is one thing the law cited requires, with the evidence for and
// against it, and what is not known of it. NoneKnown is somebody's statement
// that they know of none against; an empty list without it is not a statement.
type Element struct {
	ID          string     `json:"id"`
	Text        string     `json:"text"`
	Unverified  bool       `json:"unverified,omitempty"` // "to be confirmed by counsel" is printed beside it
	For         []Evidence `json:"for,omitempty"`
	Against     []Evidence `json:"against,omitempty"`
	NoneKnown   bool       `json:"none_known_against,omitempty"`
	NoneAgainst *Word      `json:"none_known_against_by,omitempty"` // whose word NoneKnown is
	NoneFor     *Word      `json:"none_known_for_by,omitempty"`     // the same of the other side
	NotKnown    []NotKnown `json:"not_known,omitempty"`
	Looked      *Word      `json:"looked_by,omitempty"` // who weighed it last
}

// An Allegation is an alleged offence: whose act, which law, and each element
// with evidence for and against. It says nothing about guilt.
type Allegation struct {
	ID         ItemID           `json:"id"`
	Incident   IncidentNumber   `json:"incident"`
	Offence    string           `json:"offence"`         // code in the order's table
	Words      string           `json:"words,omitempty"` // as it was typed, where it was mapped to a table later
	Cite       string           `json:"cite,omitempty"`
	Level      string           `json:"level"` // felony, misdemeanor, ordinance, unclear
	Actor      ActorKind        `json:"actor"`
	Party      ItemID           `json:"party,omitempty"` // the slot of the alleged actor
	Order      *OrderVersion    `json:"order,omitempty"` // whose table the offence was found in, as it was then
	Elements   []Element        `json:"elements,omitempty"`
	Status     AllegationStatus `json:"status"`
	StatusBody Function         `json:"status_body"`         // whose word the status is
	StatusBy   OfficeID         `json:"status_by,omitempty"` // the office that recorded it
	StatusAt   time.Time        `json:"status_at"`
	Source     string           `json:"source,omitempty"` // the document a status rests on
	ProposedBy PersonID         `json:"proposed_by"`
	ProposedAt time.Time        `json:"proposed_at"`
}

// levels lists how grave the law cited is. Unclear is a value.
var levels = []string{"felony", "misdemeanor", "ordinance", "unclear"}

// A Charge names the law alleged to be broken, as the order's table has it.
type Charge struct {
	Offence  string
	Cite     string
	Level    string
	Order    *OrderVersion // whose table that is; nil: in none
	Elements []Element
}

// AddAllegation proposes an allegation. Invalid: a word outside a closed list,
// elements that cannot be told apart, evidence of another incident, and a
// refusal to identify put as an offence ([RefusalIsNoOffence]). No elements and
// no cite are taken: they stand in the way of a referral only.
func AddAllegation(id ItemID, c Charge, actor ActorKind, party ItemID, by Hand, at time.Time) (Allegation, Event, error) {
	if err := by.needPerson("proposing an allegation"); err != nil {
		return Allegation{}, Event{}, err
	}
	if err := oneOf("alleged actor", actor, ActorKinds[:]); err != nil {
		return Allegation{}, Event{}, err
	}
	if err := oneOf("level", c.Level, levels); err != nil {
		return Allegation{}, Event{}, err
	}
	if strings.TrimSpace(c.Offence) == "" {
		return Allegation{}, Event{}, Errorf(Invalid, "name the offence by its code in the order's table, or in words where no code fits")
	}
	if err := RefusalIsNoOffence(c.Offence); err != nil {
		return Allegation{}, Event{}, err
	}
	if err := named(NounAllegation, id); err != nil {
		return Allegation{}, Event{}, err
	}
	if err := filed(id.Incident(), NounParty, party); err != nil {
		return Allegation{}, Event{}, err
	}
	for i, e := range c.Elements {
		if err := e.check(id.Incident(), c.Elements[:i]); err != nil {
			return Allegation{}, Event{}, err
		}
	}
	a := Allegation{
		ID: id, Incident: id.Incident(), Offence: c.Offence, Cite: c.Cite, Level: c.Level, Actor: actor, Party: party, Order: c.Order, Elements: c.Elements,
		Status: "alleged", StatusBody: FunctionPolice, StatusBy: by.Office, StatusAt: At(at), ProposedBy: by.Person, ProposedAt: At(at),
	}.clone()
	return a, a.event(AllegationAdded, ""), nil
}

// check refuses an element without a name or a text of its own, and evidence
// it cannot rest on.
func (e Element) check(in IncidentNumber, before []Element) error {
	switch {
	case blank(e.ID) || blank(e.Text):
		return Errorf(Invalid, "an element needs an id and a text")
	case slices.ContainsFunc(before, func(b Element) bool { return b.ID == e.ID }):
		return Errorf(Invalid, "element %q stands twice", e.ID)
	case e.NoneKnown && len(e.Against) > 0:
		return Errorf(Invalid, "element %q has evidence against it: \"none known\" cannot be said", e.ID)
	}
	return checkEvidence(in, slices.Concat(e.For, e.Against))
}

func checkEvidence(in IncidentNumber, list []Evidence) error {
	for _, ev := range list {
		item, err := ParseItem(string(ev.Item.ID))
		switch {
		case err != nil:
			return err
		case item != ev.Item || item.Noun == NounIncident:
			return Errorf(Invalid, "%s is not a %s that evidence can rest on", ev.Item.ID, ev.Item.Noun)
		case ev.Item.ID.Incident() != in:
			return Errorf(Invalid, "%s is not in incident %s", ev.Item.ID, in)
		case ev.From != nil && *ev.From < 0 || ev.To != nil && *ev.To < 0 || ev.From != nil && ev.To != nil && *ev.To < *ev.From:
			return Errorf(Invalid, "the part of %s pointed at ends before it begins", ev.Item.ID)
		}
	}
	return nil
}

// SetStatus records what a body with that power said (RPT-2). An office's own
// words need no document; a police office's are its sworn supervisor's to say,
// but for referred, which any of its sworn members may. A police or
// prosecutor's office records another body's words with the document they rest
// on: Forbidden without it. The word of a body with more power gives way to one
// with less only with a document too: Conflict without it.
func (a Allegation) SetStatus(s AllegationStatus, source string, by Hand, at time.Time) (Allegation, Event, error) {
	if err := by.needPerson("setting the status of an allegation"); err != nil {
		return a, Event{}, err
	}
	if err := oneOf("status", s, AllegationStatuses[:]); err != nil {
		return a, Event{}, err
	}
	own := by.Function == s.Body()
	switch {
	case !own && by.Function != FunctionPolice && by.Function != FunctionProsecutor:
		return a, Event{}, Errorf(Forbidden, "an office of this function does not set the status of an allegation (RPT-2)")
	case !own && blank(source):
		return a, Event{}, Errorf(Forbidden, "%q is for the body with that power to say (RPT-2); to record what it said, name the document", s)
	case own && by.Function == FunctionPolice && !by.Sworn:
		return a, Event{}, Errorf(Forbidden, "%q is for a sworn member of a police office to say (RPT-2)", s)
	case own && by.Function == FunctionPolice && s != "referred" && by.Role != RoleSupervisor:
		return a, Event{}, Errorf(Forbidden, "%q is for a supervisor to say (RPT-2)", s)
	case s == a.Status && source == a.Source:
		return a, Event{}, Errorf(Conflict, "allegation %s is already %q", a.ID, s)
	case !a.Status.yields(s) && blank(source):
		return a, Event{}, Errorf(Conflict, "allegation %s is %q, said by the %s: name the document that says otherwise", a.ID, a.Status, a.Status.Body())
	}
	next := a.clone()
	next.Status, next.StatusBody, next.StatusBy, next.StatusAt, next.Source = s, s.Body(), by.Office, At(at), source
	return next, next.event(AllegationRuled, ""), nil
}

// Incomplete gives the reasons against referring a: no cite of the law, an
// offence in no table being neither referred nor counted until it is mapped
// (LAW-12); no elements, or an element whose contrary side was not stated
// (RPT-2).
func (a Allegation) Incomplete() []Reason {
	var out []Reason
	if blank(a.Cite) {
		out = append(out, Reason{Item: a.Item(), Say: "the allegation " + string(a.ID) + " cites no law: map it to an offence of the order's table"})
	}
	if len(a.Elements) == 0 {
		out = append(out, Reason{Item: a.Item(), Say: "the allegation " + string(a.ID) + " has no elements: choose an offence from the order's table"})
	}
	for _, e := range a.Elements {
		if len(e.Against) == 0 && !e.NoneKnown {
			out = append(out, Reason{Item: a.Item(), Say: "element \"" + e.Text + "\" of " + string(a.ID) + ": add evidence against it, or state that none is known"})
		}
	}
	return out
}

func (a Allegation) clone() Allegation {
	a.Order = cloned(a.Order)
	a.Elements = slices.Clone(a.Elements)
	for i := range a.Elements {
		e := &a.Elements[i]
		e.For, e.Against, e.NotKnown = cloneEvidence(e.For), cloneEvidence(e.Against), slices.Clone(e.NotKnown)
		e.NoneFor, e.NoneAgainst, e.Looked = cloned(e.NoneFor), cloned(e.NoneAgainst), cloned(e.Looked)
	}
	return a
}

func cloneEvidence(list []Evidence) []Evidence {
	list = slices.Clone(list)
	for i := range list {
		list[i].From, list[i].To = cloned(list[i].From), cloned(list[i].To)
	}
	return list
}

// Item names the allegation.
func (a Allegation) Item() Item { return Item{Noun: NounAllegation, ID: a.ID} }

func (a Allegation) event(act Act, note string) Event {
	return Event{Act: act, Incident: a.Incident, Item: a.Item(), Value: a.clone(), Note: note}
}
