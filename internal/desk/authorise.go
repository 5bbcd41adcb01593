package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"jurat"
	"jurat/internal/register"
)

// A refusal is an attempt refused: by the policy, by the law, or for want of a
// signature. It rolls the transaction back, is journalled, and reaches the
// caller as a jurat.Error.
type refusal struct {
	said  *jurat.Error
	entry entry
}

func (r *refusal) Error() string { return r.said.Error() }
func (r *refusal) Unwrap() error { return r.said }

// refuse makes the refusal of a question for a reason that is no policy's name.
func refuse(q question, why string, said *jurat.Error) error {
	return &refusal{said: said, entry: q.entry(kindRefused, why)}
}

// refusedByLaw makes an attempt refused of what the law forbids the person;
// other errors, and refusals made already, are as they were.
func refusedByLaw(q question, err error) error {
	if _, ok := errors.AsType[*refusal](err); ok {
		return err
	}
	if said, ok := errors.AsType[*jurat.Error](err); ok && said.Kind == jurat.Forbidden {
		return refuse(q, "law", said)
	}
	return err
}

// authorise asks the policy whether h may do act on an incident. Who may not
// even see the incident gets the sentence a stranger to its number gets.
func (d *Desk) authorise(tx *register.Tx, h hand, act jurat.Act, in jurat.IncidentNumber) error {
	return d.decide(tx, question{who: h, action: act, incident: in})
}

func (d *Desk) decide(tx *register.Tx, q question) error {
	if q.incident != "" {
		if _, err := tx.Head(q.incident); errors.Is(err, jurat.NotFound) {
			return d.nothingThere(q)
		} else if err != nil {
			return err
		}
	}
	return d.allow(tx, q)
}

// allow is decide for an incident that is known to be there.
func (d *Desk) allow(tx *register.Tx, q question) error {
	if err := d.inform(tx, &q); err != nil {
		return err
	}
	allowed, why := d.policy.allows(q)
	if allowed {
		return nil
	}
	seen := q
	seen.action = actionView
	if may, _ := d.policy.allows(seen); q.incident != "" && !may {
		return &refusal{said: noIncident(q.incident), entry: q.entry(kindRefused, why...)}
	}
	said := jurat.Errorf(jurat.Forbidden, "%s may not do this here (%s)", name(q.who), q.action)
	if q.who.Person == "" {
		said.Detail += "; name the person who does it with --as PERSON"
	} else if roles := d.policy.roles(q); len(roles) > 0 {
		said.Detail += "; who may: " + strings.Join(roles, ", ")
	}
	return &refusal{said: said, entry: q.entry(kindRefused, why...)}
}

// nothingThere refuses a question about an incident that does not exist. The
// attempt is journalled as one at an incident that does.
func (d *Desk) nothingThere(q question) error {
	_, why := d.policy.allows(q)
	return &refusal{said: noIncident(q.incident), entry: q.entry(kindRefused, append(slices.Clone(why), "absent")...)}
}

// inform adds to a question what only some answers need.
func (d *Desk) inform(tx *register.Tx, q *question) error {
	q.hidden = q.incident != "" && q.who.house.hides(q.who, q.incident)
	if q.incident == "" && q.who.Person == "" {
		var err error
		if q.noAdmin, err = q.who.house.nobodyAdministers(tx); err != nil {
			return err
		}
	}
	if q.incident != "" && !q.who.own && q.who.Function == jurat.FunctionProsecutor {
		referrals, err := loadAll[jurat.Referral](tx, q.incident, jurat.NounReferral)
		if err != nil {
			return err
		}
		q.referred = slices.ContainsFunc(referrals, func(r jurat.Referral) bool { return len(r.Dossiers) > 0 && r.To == q.who.Office })
	}
	return nil
}

func name(h hand) string {
	if h.Person == "" {
		return "the local operator"
	}
	return string(h.Person)
}

func noIncident(in jurat.IncidentNumber) *jurat.Error {
	return jurat.Errorf(jurat.NotFound, "there is no incident %s that you may open", in)
}

// journalled writes a refusal to the security journal and gives the caller
// only what was said.
func (d *Desk) journalled(ctx context.Context, at time.Time, err error) error {
	r, ok := errors.AsType[*refusal](err)
	if !ok {
		return err
	}
	if jerr := d.note(ctx, at, r.entry); jerr != nil {
		return jurat.Because(jurat.Unavailable, errors.Join(r.said, jerr), "the attempt was refused, and could not be journalled")
	}
	return r.said
}
