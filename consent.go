package jurat

import (
	"slices"
	"time"
)

// Acts on what somebody consented to of an exhibit they handed in.
const (
	ConsentGiven     Act = "consent.given"
	ConsentWithdrawn Act = "consent.withdrawn"
)

// A Use is what an exhibit that somebody handed in may be used for, each with a
// consent of its own (EVD-4).
type Use string

// The uses.
const (
	UseInvestigate  Use = "investigate"
	UseProsecute    Use = "prosecute"
	UsePublicReport Use = "public_report"
	UseShare        Use = "share_with_other_agency"
)

// Uses lists the uses.
var Uses = [...]Use{UseInvestigate, UseProsecute, UsePublicReport, UseShare}

// A Consent says for which uses somebody gave an exhibit. An exhibit without
// one was not given by anybody whose consent is asked, such as the office's own
// film.
type Consent struct {
	By        string       `json:"by"`   // a role or party slot, never a name
	Uses      []Use        `json:"uses"` // given and not withdrawn
	At        time.Time    `json:"at"`   // the last time it changed
	Withdrawn []Withdrawal `json:"withdrawn,omitempty"`
}

// A Withdrawal is one time a consent was withdrawn, and what the person was
// told of it.
type Withdrawal struct {
	Uses []Use     `json:"uses"`
	At   time.Time `json:"at"`
	How  string    `json:"how,omitempty"`
	Told string    `json:"told"`
}

// Consented records for which uses an exhibit was given, and by whom: a role or
// a party slot. It states the uses anew; withdrawing one is
// [Exhibit.WithdrawConsent]. No use is a consent too: the exhibit is kept, and
// used for nothing. Conflict: a use that was given is left out.
func (x Exhibit) Consented(giver string, uses []Use, by Hand, at time.Time) (Exhibit, Event, error) {
	if err := by.needPerson("recording a consent"); err != nil {
		return x, Event{}, err
	}
	if blank(giver) {
		return x, Event{}, Errorf(Invalid, "say who consented to the use of %s: a role or a party slot, such as Witness 1", x.ID)
	}
	given, err := inOrder(uses)
	if err != nil {
		return x, Event{}, err
	}
	next := x.clone()
	if next.Consent == nil {
		next.Consent = &Consent{}
	}
	for _, u := range next.Consent.Uses {
		if !slices.Contains(given, u) {
			return x, Event{}, Errorf(Conflict, "%s was given to %s, and this leaves it out: record that the consent was withdrawn", x.ID, u)
		}
	}
	next.Consent.By, next.Consent.Uses, next.Consent.At = giver, given, At(at)
	return next, next.event(ConsentGiven, "", nil), nil
}

// WithdrawConsent records that whoever gave an exhibit takes back their consent
// to some uses; without any, to all. The use stops at once. The exhibit stays:
// held says whether a hold covers it, so that they are told why
// ([Withdrawal].Told). Conflict: there is nothing left to withdraw.
func (x Exhibit) WithdrawConsent(uses []Use, how string, held bool, by Hand, at time.Time) (Exhibit, Event, error) {
	if err := by.needPerson("recording that a consent was withdrawn"); err != nil {
		return x, Event{}, err
	}
	if x.Consent == nil {
		return x, Event{}, Errorf(Conflict, "no consent to the use of %s is on record", x.ID)
	}
	if len(uses) == 0 {
		uses = x.Consent.Uses
	}
	gone, err := inOrder(uses)
	if err != nil {
		return x, Event{}, err
	}
	gone = slices.DeleteFunc(gone, func(u Use) bool { return !slices.Contains(x.Consent.Uses, u) })
	if len(gone) == 0 {
		return x, Event{}, Errorf(Conflict, "%s is given to no such use: nothing is left to withdraw", x.ID)
	}
	next := x.clone()
	next.Consent.Uses = slices.DeleteFunc(next.Consent.Uses, func(u Use) bool { return slices.Contains(gone, u) })
	next.Consent.At = At(at)
	next.Consent.Withdrawn = append(next.Consent.Withdrawn, Withdrawal{Uses: gone, At: At(at), How: how, Told: stays(x.ID, gone, held)})
	return next, next.event(ConsentWithdrawn, "", nil), nil
}

// stays is what a person is told who takes back a consent.
func stays(id ItemID, gone []Use, held bool) string {
	why := "it is evidence of an incident, and is kept as long as the law on records asks"
	if held {
		why = "a hold is in force, under which nothing may be disposed of"
	}
	return "From now on " + string(id) + " is not used to: " + joined(gone) + ". What was handed over before stays where it went. " +
		"The item itself stays on record: " + why + "."
}

func joined(uses []Use) string {
	out := ""
	for i, u := range uses {
		if i > 0 {
			out += ", "
		}
		out += string(u)
	}
	return out
}

// UsableFor refuses a use that whoever gave the exhibit did not consent to, or
// no longer does: Conflict. Where nobody's consent is asked, nothing is refused.
func (x Exhibit) UsableFor(u Use) error {
	if err := oneOf("use", u, Uses[:]); err != nil {
		return err
	}
	if x.Consent == nil || slices.Contains(x.Consent.Uses, u) {
		return nil
	}
	for _, w := range x.Consent.Withdrawn {
		if slices.Contains(w.Uses, u) {
			return Errorf(Conflict, "who gave %s withdrew their consent to its use to %s (EVD-4)", x.ID, u)
		}
	}
	return Errorf(Conflict, "who gave %s did not consent to its use to %s (EVD-4)", x.ID, u)
}

// inOrder gives uses in the order of their list, each once.
func inOrder(uses []Use) ([]Use, error) {
	for _, u := range uses {
		if err := oneOf("use", u, Uses[:]); err != nil {
			return nil, err
		}
	}
	out := []Use{}
	for _, u := range Uses {
		if slices.Contains(uses, u) {
			out = append(out, u)
		}
	}
	return out, nil
}

func (c *Consent) clone() *Consent {
	if c == nil {
		return nil
	}
	next := *c
	next.Uses, next.Withdrawn = slices.Clone(c.Uses), slices.Clone(c.Withdrawn)
	for i := range next.Withdrawn {
		next.Withdrawn[i].Uses = slices.Clone(next.Withdrawn[i].Uses)
	}
	return &next
}
