package desk

import (
	"context"
	"time"

	"jurat"
	"jurat/internal/register"
)

// A Referring is what a sworn person decides when they begin a referral.
type Referring struct {
	To          jurat.OfficeID
	Allegations []jurat.ItemID
	Scope       string
	Reason      string
}

// PrepareReferral begins a referral of allegations of an incident. Signed.
func (d *Desk) PrepareReferral(ctx context.Context, c Caller, at time.Time, in jurat.IncidentNumber, r Referring) (jurat.Referral, Done, error) {
	return newItem(ctx, d, c, at, jurat.ReferralPrepared, in, jurat.NounReferral, func(tx *register.Tx, h hand, id jurat.ItemID) (jurat.Referral, jurat.Event, error) {
		to, err := load[jurat.Office](tx, jurat.Item{Noun: jurat.NounOffice, ID: jurat.ItemID(r.To)})
		if err != nil {
			return jurat.Referral{}, jurat.Event{}, err
		}
		if to.Function != jurat.FunctionProsecutor {
			return jurat.Referral{}, jurat.Event{}, jurat.Errorf(jurat.Invalid, "%s is not a prosecutor's office", r.To)
		}
		var allegations []jurat.Allegation
		for _, id := range r.Allegations {
			a, err := load[jurat.Allegation](tx, jurat.Item{Noun: jurat.NounAllegation, ID: id})
			if err != nil {
				return jurat.Referral{}, jurat.Event{}, err
			}
			allegations = append(allegations, a)
		}
		return jurat.PrepareReferral(id, r.To, allegations, r.Scope, r.Reason, h.Hand, jurat.At(at))
	})
}

// NotifyReferral records an early notice to the receiving office.
func (d *Desk) NotifyReferral(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, how string) (jurat.Referral, Done, error) {
	return d.onReferral(ctx, c, at, jurat.ReferralNoticed, id, func(tx *register.Tx, h hand, r jurat.Referral) (jurat.Referral, jurat.Event, error) {
		return r.Notify(how, h.Hand, jurat.At(at))
	})
}

// AttestReferral states the contacts with political offices: those recorded
// in the incident, or that there were none. Signed.
func (d *Desk) AttestReferral(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, none bool) (jurat.Referral, Done, error) {
	return d.onReferral(ctx, c, at, jurat.ReferralAttested, id, func(tx *register.Tx, h hand, r jurat.Referral) (jurat.Referral, jurat.Event, error) {
		contacts, err := loadAll[jurat.Contact](tx, r.Incident, jurat.NounContact)
		if err != nil {
			return r, jurat.Event{}, err
		}
		return r.Attest(none, contacts, h.Hand, jurat.At(at))
	})
}

// ApproveReferral is the second sworn person's decision. Signed. Conflict
// names the first reason against it: a gate, an allegation that is not
// complete, or the attestation.
func (d *Desk) ApproveReferral(ctx context.Context, c Caller, at time.Time, id jurat.ItemID) (jurat.Referral, Done, error) {
	return d.onReferral(ctx, c, at, jurat.ReferralApproved, id, func(tx *register.Tx, h hand, r jurat.Referral) (jurat.Referral, jurat.Event, error) {
		against, err := d.against(tx, r)
		if err != nil {
			return r, jurat.Event{}, err
		}
		closed, err := h.house.orders.closed(tx, r.Item(), gateRefer, jurat.At(at))
		if err != nil {
			return r, jurat.Event{}, err
		}
		r.OneOperator, err = d.oneOperator(tx, r.Item(), jurat.ReferralPrepared, h)
		if err != nil {
			return r, jurat.Event{}, err
		}
		return r.Approve(h.Hand, append(against, closed...), jurat.At(at))
	})
}

// against gives the reasons the law has against a referral's allegations, and
// those that recorded contacts give which the attestation does not name.
func (d *Desk) against(tx *register.Tx, r jurat.Referral) ([]jurat.Reason, error) {
	var allegations []jurat.Allegation
	for _, id := range r.Allegations {
		a, err := load[jurat.Allegation](tx, jurat.Item{Noun: jurat.NounAllegation, ID: id})
		if err != nil {
			return nil, err
		}
		allegations = append(allegations, a)
	}
	parties, err := loadAll[jurat.Party](tx, r.Incident, jurat.NounParty)
	if err != nil {
		return nil, err
	}
	records, err := loadAll[jurat.Record](tx, r.Incident, jurat.NounRecord)
	if err != nil {
		return nil, err
	}
	contacts, err := loadAll[jurat.Contact](tx, r.Incident, jurat.NounContact)
	return append(jurat.Referable(allegations, parties, records), r.Unattested(contacts)...), err
}

// oneOperator reports whether both people's acts on an item, the first of them
// first, were entered at the command line, where one operator may have typed
// both; the record and the dossier say so (§11).
func (d *Desk) oneOperator(tx *register.Tx, item jurat.Item, first jurat.Act, h hand) (bool, error) {
	events, err := tx.EventsOf(item)
	if err != nil {
		return false, err
	}
	for _, e := range events {
		if e.Act != first {
			continue
		}
		st, err := statement(e)
		if err != nil {
			return false, err
		}
		return st.Actor.Via != jurat.ViaSession && h.Via != jurat.ViaSession, nil
	}
	return false, nil
}

// WithdrawReferral takes back a referral that was not sent.
func (d *Desk) WithdrawReferral(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, reason string) (jurat.Referral, Done, error) {
	return d.onReferral(ctx, c, at, jurat.ReferralWithdrawn, id, func(tx *register.Tx, h hand, r jurat.Referral) (jurat.Referral, jurat.Event, error) {
		return r.Withdraw(reason, h.Hand, jurat.At(at))
	})
}

// RecordContact puts a contact with a political office on the record.
func (d *Desk) RecordContact(ctx context.Context, c Caller, at time.Time, in jurat.IncidentNumber, office, what string, when time.Time, document jurat.ItemID) (jurat.Contact, Done, error) {
	return newItem(ctx, d, c, at, jurat.ContactRecorded, in, jurat.NounContact, func(tx *register.Tx, h hand, id jurat.ItemID) (jurat.Contact, jurat.Event, error) {
		if err := there(tx, in, document); err != nil {
			return jurat.Contact{}, jurat.Event{}, err
		}
		return jurat.RecordContact(id, office, what, when, document, h.Hand, jurat.At(at))
	})
}

func (d *Desk) onReferral(ctx context.Context, c Caller, at time.Time, act jurat.Act, id jurat.ItemID, do func(*register.Tx, hand, jurat.Referral) (jurat.Referral, jurat.Event, error)) (jurat.Referral, Done, error) {
	return onItem(ctx, d, c, at, act, jurat.NounReferral, id, do)
}
