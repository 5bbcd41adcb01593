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

// Known reports whether the question was answered yes or no.
func (a Answer) Known() bool { return a == Yes || a == No }

// A Knowledge says how something about an agency or a person is known (INC-3).
// What is only assumed is never counted and never referred.
type Knowledge string

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
// widen it. Callers must not change the slices.
func Lists() map[string][]string {
	return map[string][]string{
		"answer":                 {string(Yes), string(No), string(Unknown)},
		"knowledge":              texts(KnownStated, KnownInsignia, KnownDocument, KnownVehicle, KnownConfirmed, KnownAssumed, KnownNot),
		"identification_outcome": texts(Outcomes[:]...),
		"recording":              texts(Recordings[:]...),
		"account_state":          texts(AccountStates[:]...),
		"allegation_status":      texts(AllegationStatuses[:]...),
		"referral_state":         texts(ReferralStates[:]...),
		"actor_kind":             texts(ActorKinds[:]...),
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

// A Hand is who does an act, as far as the law needs to know: the actor as
// the record will name them, whether they are sworn, and what their office
// does.
type Hand struct {
	Actor
	Sworn    bool
	Function Function
}

// needPerson refuses an act that must be somebody's.
func (h Hand) needPerson(what string) error {
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
		return Errorf(Forbidden, "%s needs a sworn member of a police office (REF-1); %s is not recorded as one", what, h.Person)
	}
	return nil
}
