package desk

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"jurat"
	"jurat/internal/register"
)

// A refusal is a decision of the policy against an attempt. It rolls the
// transaction back, is journalled, and reaches the caller as a jurat.Error.
type refusal struct {
	said  *jurat.Error
	entry register.JournalRow
}

func (r *refusal) Error() string { return r.said.Error() }
func (r *refusal) Unwrap() error { return r.said }

// authorise asks the policy whether h may do act on an incident. Who may not
// even see the incident gets the sentence a stranger to its number gets.
func (d *Desk) authorise(tx *register.Tx, h hand, act jurat.Act, in jurat.IncidentNumber) error {
	return d.decide(tx, question{who: h, action: act, incident: in})
}

func (d *Desk) decide(tx *register.Tx, q question) error {
	if q.incident != "" {
		if _, err := tx.Head(q.incident); err != nil {
			return absent(err, "%s", noIncident(q.incident).Detail)
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
	r := &refusal{entry: journalRow("refused", q.who, q.action, q.incident, why)}
	seen := q
	seen.action = actionView
	if may, _ := d.policy.allows(seen); q.incident != "" && !may {
		r.said = noIncident(q.incident)
		return r
	}
	r.said = jurat.Errorf(jurat.Forbidden, "%s may not do this here (%s)", name(q.who), q.action)
	if q.who.Person == "" {
		r.said.Detail += "; name the person who does it with --as PERSON"
	}
	return r
}

// inform adds to a question what only some answers need.
func (d *Desk) inform(tx *register.Tx, q *question) error {
	if q.incident == "" && q.who.Person == "" {
		people, err := tx.House(jurat.NounPerson)
		if err != nil {
			return err
		}
		q.noAdmin = true
		for _, row := range people {
			var p jurat.Person
			if err := decode(row, &p); err != nil {
				return err
			}
			q.noAdmin = q.noAdmin && (p.Role != jurat.RoleAdmin || !p.Retired.IsZero())
		}
	}
	if q.incident != "" && !q.who.own && q.who.Function == jurat.FunctionProsecutor {
		referrals, err := loadAll[jurat.Referral](tx, q.incident, jurat.NounReferral)
		if err != nil {
			return err
		}
		for _, r := range referrals {
			if len(r.Dossiers) > 0 {
				q.referred = append(q.referred, r.To)
			}
		}
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
	var r *refusal
	if !errors.As(err, &r) {
		return err
	}
	r.entry.At = jurat.At(at)
	if jerr := d.register.Write(ctx, func(tx *register.Tx) error { _, err := tx.Journal(r.entry); return err }); jerr != nil {
		return jurat.Because(jurat.Unavailable, errors.Join(r.said, jerr), "the attempt was refused, and could not be journalled")
	}
	return r.said
}

// journalRow is a line of the security journal. It names acts and policies,
// never what anything says.
func journalRow(kind string, h hand, act jurat.Act, in jurat.IncidentNumber, policies []string) register.JournalRow {
	detail, err := json.Marshal(struct {
		Act      jurat.Act `json:"act"`
		Policies []string  `json:"policies,omitempty"`
	}{act, policies})
	if err != nil {
		panic(err) // texts always marshal
	}
	return register.JournalRow{Kind: kind, Person: h.Person, Office: h.Office, Incident: in, Detail: string(detail)}
}
