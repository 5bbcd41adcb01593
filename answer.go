package jurat

import (
	"slices"
	"time"
)

// An Answer to a yes-or-no question. Unknown is a value: the zero Answer is
// unknown too, and is never read as no.
type Answer string

// The three answers to a question of fact.
const (
	Yes     Answer = "yes"
	No      Answer = "no"
	Unknown Answer = "unknown"
)

// answers lists the three.
var answers = [...]Answer{Yes, No, Unknown}

// Known reports whether the question was answered yes or no.
func (a Answer) Known() bool { return a == Yes || a == No }

// A Knowledge says how something about an agency or a person is known (INC-3).
// What is only assumed is never counted and never referred.
type Knowledge string

// Knowledges lists the kinds of knowledge.
var Knowledges = [...]Knowledge{KnownStated, KnownInsignia, KnownDocument, KnownVehicle, KnownConfirmed, KnownAssumed, KnownNot}

// Established reports whether what is known so may be referred or counted: it
// rests on something somebody saw, read or was told (INC-3).
func (k Knowledge) Established() bool {
	return k != KnownAssumed && k != KnownNot && slices.Contains(Knowledges[:], k)
}

// The kinds of knowledge.
const (
	KnownStated    Knowledge = "stated"
	KnownInsignia  Knowledge = "insignia"
	KnownDocument  Knowledge = "document"
	KnownVehicle   Knowledge = "vehicle_marking"
	KnownConfirmed Knowledge = "other_agency_confirmed"
	KnownAssumed   Knowledge = "assumed"
	KnownNot       Knowledge = "unknown"
)

// Lists are the closed lists the law acts on, by the name an order's schema
// refers to them with ($ref: jurat:NAME). An order may narrow a list and never
// widen it. Each call makes the lists anew.
func Lists() map[string][]string {
	return map[string][]string{
		"answer":                 texts(answers[:]...),
		"knowledge":              texts(Knowledges[:]...),
		"identification_outcome": texts(Outcomes[:]...),
		"recording":              texts(Recordings[:]...),
		"account_state":          texts(AccountStates[:]...),
		"allegation_status":      texts(AllegationStatuses[:]...),
		"referral_state":         texts(ReferralStates[:]...),
		"actor_kind":             texts(ActorKinds[:]...),
		"record_state":           texts(RecordStates[:]...),
		"trigger":                texts(Triggers[:]...),
		"time_precision":         texts(precisions...),
		"side":                   texts(Sides[:]...),
		"offence_level":          texts(levels...),
		"protocol_scope":         texts(Scopes[:]...),
	}
}

func texts[S ~string](vs ...S) []string {
	out := make([]string, len(vs))
	for i, v := range vs {
		out[i] = string(v)
	}
	return out
}

// oneOf refuses a value outside a closed list, naming the list.
func oneOf[S ~string](what string, v S, list []S) error {
	if slices.Contains(list, v) {
		return nil
	}
	return Errorf(Invalid, "%s %q: want one of %v", what, v, list)
}

// A Span is when something happened, as stated. From or To may be zero, which
// is shown as "not stated"; Precision says how the times are meant (INC-1).
type Span struct {
	From      time.Time `json:"from,omitzero"`
	To        time.Time `json:"to,omitzero"`
	Precision string    `json:"precision"` // exact, approx, range, unknown
}

var precisions = []string{"exact", "approx", "range", "unknown"}

// stated is s as the record keeps it: in the record's precision, and with a
// word for how the times are meant where none was given.
func (s Span) stated() Span {
	s.From, s.To = At(s.From), At(s.To)
	if s.Precision == "" {
		switch {
		case s.From.IsZero() && s.To.IsZero():
			s.Precision = "unknown"
		case !s.From.IsZero() && !s.To.IsZero() && !s.From.Equal(s.To):
			s.Precision = "range"
		default:
			s.Precision = "approx"
		}
	}
	return s
}

// check refuses what people cannot have meant: a range that ends before it
// begins, or a precision that is no word for one.
func (s Span) check() error {
	if err := oneOf("precision of time", s.Precision, precisions); err != nil {
		return err
	}
	if !s.From.IsZero() && !s.To.IsZero() && s.To.Before(s.From) {
		return Errorf(Invalid, "the time range ends (%s) before it begins (%s)", s.To.Format(time.RFC3339), s.From.Format(time.RFC3339))
	}
	return nil
}

// A Reason says why something may not be promoted yet, and what to do about it.
type Reason struct {
	Item Item   `json:"item"`
	Say  string `json:"say"`
}

// reasons joins lists of reasons, saying each once.
func reasons(lists ...[]Reason) []Reason {
	var out []Reason
	for _, list := range lists {
		for _, r := range list {
			if !slices.Contains(out, r) {
				out = append(out, r)
			}
		}
	}
	return out
}

// A Hand is who does an act, as far as the law needs to know: the actor as
// the record will name them, whether they are sworn, and what their office
// does.
type Hand struct {
	Actor
	Sworn    bool
	Function Function
}

// mayAct refuses what the walls refuse, whatever the act: an office that is
// political in a case does nothing in it (REF-1), and who audits changes
// nothing.
func (h Hand) mayAct(what string) error {
	switch {
	case h.political():
		return Errorf(Forbidden, "%s: a political office does nothing in a case (REF-1)", what)
	case h.Role == RoleAuditor || h.Function == FunctionOversight:
		return Errorf(Forbidden, "%s: an auditor reads and changes nothing", what)
	}
	return nil
}

func (h Hand) political() bool { return h.Function == FunctionPolitical || h.Role == RolePolitical }

// needPerson refuses an act that must be somebody's, and what the walls refuse.
func (h Hand) needPerson(what string) error {
	if err := h.mayAct(what); err != nil {
		return err
	}
	if h.Person == "" {
		return Errorf(Forbidden, "%s is a person's act: name the person with --as, and sign where it is asked", what)
	}
	return nil
}

// needSworn refuses an act that only a sworn member of a police office may do.
func (h Hand) needSworn(what string) error {
	if err := h.needPerson(what); err != nil {
		return err
	}
	if !h.Sworn || h.Function != FunctionPolice {
		return Errorf(Forbidden, "%s needs a sworn member of a police office; %s is not recorded as one", what, h.Person)
	}
	return nil
}
