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

// maySet says which function of office may set which status.
var maySet = map[Function][]AllegationStatus{
	FunctionPolice:     {"alleged", "supported", "not_supported", "unfounded", "insufficient", "referred"},
	FunctionProsecutor: {"declined", "charged"},
	FunctionCourt:      {"dismissed", "acquitted", "convicted", "removed_to_federal_court"},
}

// Evidence points at an item, and into a clip where that is known.
type Evidence struct {
	Item Item   `json:"item"`
	Note string `json:"note,omitempty"`
	From *int   `json:"from_s,omitempty"` // seconds into a recording
	To   *int   `json:"to_s,omitempty"`
}

// An Element is one thing the law cited requires, with the evidence for and
// against it. NoneKnown is the author's statement that they know of none
// against; an empty list without it is not a statement.
type Element struct {
	ID         string     `json:"id"`
	Text       string     `json:"text"`
	Unverified bool       `json:"unverified,omitempty"` // "to be confirmed by counsel" is printed beside it
	For        []Evidence `json:"for,omitempty"`
	Against    []Evidence `json:"against,omitempty"`
	NoneKnown  bool       `json:"none_known_against,omitempty"`
}

// An Allegation is an alleged offence: whose act, which law, and each element
// with evidence for and against. It says nothing about guilt.
type Allegation struct {
	ID         ItemID           `json:"id"`
	Incident   IncidentNumber   `json:"incident"`
	Offence    string           `json:"offence"` // code in the order's table
	Cite       string           `json:"cite,omitempty"`
	Level      string           `json:"level"` // felony, misdemeanor, ordinance, unclear
	Actor      ActorKind        `json:"actor"`
	Party      ItemID           `json:"party,omitempty"` // the slot of the alleged actor
	Elements   []Element        `json:"elements,omitempty"`
	Status     AllegationStatus `json:"status"`
	StatusBy   OfficeID         `json:"status_by,omitempty"`
	StatusAt   time.Time        `json:"status_at"`
	Source     string           `json:"source,omitempty"` // the document a status rests on
	ProposedBy PersonID         `json:"proposed_by"`
	ProposedAt time.Time        `json:"proposed_at"`
}

var levels = []string{"felony", "misdemeanor", "ordinance", "unclear"}

// A Charge names the law alleged to be broken, as the order's table has it.
type Charge struct {
	Offence  string
	Cite     string
	Level    string
	Elements []Element
}

// AddAllegation proposes an allegation.
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
	a := Allegation{
		ID: id, Incident: id.Incident(), Offence: c.Offence, Cite: c.Cite, Level: c.Level, Actor: actor, Party: party, Elements: c.Elements,
		Status: "alleged", StatusAt: at, ProposedBy: by.Person, ProposedAt: at,
	}
	return a, a.event(AllegationAdded, ""), nil
}

// Weigh adds evidence to one element: for it, against it, or the statement
// that none against it is known. Nothing is taken away.
func (a Allegation) Weigh(element string, forIt, against []Evidence, noneKnown bool, by Hand, at time.Time) (Allegation, Event, error) {
	if err := by.needPerson("weighing evidence"); err != nil {
		return a, Event{}, err
	}
	i := slices.IndexFunc(a.Elements, func(e Element) bool { return e.ID == element })
	if i < 0 {
		return a, Event{}, Errorf(Invalid, "allegation %s has no element %q", a.ID, element)
	}
	for _, ev := range slices.Concat(forIt, against) {
		if ev.Item.ID.Incident() != a.Incident {
			return a, Event{}, Errorf(Invalid, "%s is not in incident %s", ev.Item.ID, a.Incident)
		}
	}
	if noneKnown && (len(against) > 0 || len(a.Elements[i].Against) > 0) {
		return a, Event{}, Errorf(Invalid, "element %q has evidence against it: \"none known\" cannot be said", element)
	}
	next := a
	next.Elements = slices.Clone(a.Elements)
	e := next.Elements[i]
	e.For, e.Against = slices.Concat(e.For, forIt), slices.Concat(e.Against, against)
	e.NoneKnown = noneKnown || (e.NoneKnown && len(e.Against) == 0)
	next.Elements[i] = e
	return next, next.event(AllegationWeighed, ""), nil
}

// SetStatus records what a body with that power said, with the document it
// rests on for anything beyond the police office's own words.
func (a Allegation) SetStatus(s AllegationStatus, source string, by Hand, at time.Time) (Allegation, Event, error) {
	if err := by.needPerson("setting the status of an allegation"); err != nil {
		return a, Event{}, err
	}
	if err := oneOf("status", s, AllegationStatuses[:]); err != nil {
		return a, Event{}, err
	}
	own := slices.Contains(maySet[by.Function], s)
	if !own && strings.TrimSpace(source) == "" {
		return a, Event{}, Errorf(Forbidden, "%q is for the body with that power to say (RPT-2); to record what it said, name the document", s)
	}
	if !own && by.Function != FunctionPolice && by.Function != FunctionProsecutor {
		return a, Event{}, Errorf(Forbidden, "an office of this function does not set the status of an allegation (RPT-2)")
	}
	next := a
	next.Status, next.StatusBy, next.StatusAt, next.Source = s, by.Office, at, source
	return next, next.event(AllegationRuled, ""), nil
}

// Incomplete gives the reasons against referring a: no elements, or an element
// whose contrary side was not stated (RPT-2).
func (a Allegation) Incomplete() []Reason {
	var out []Reason
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

// Item names the allegation.
func (a Allegation) Item() Item { return Item{Noun: NounAllegation, ID: a.ID} }

func (a Allegation) event(act Act, note string) Event {
	return Event{Act: act, Incident: a.Incident, Item: a.Item(), Value: a, Note: note}
}
