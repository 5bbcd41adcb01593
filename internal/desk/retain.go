package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"jurat"
	"jurat/internal/register"
	"jurat/order"
)

// A Disposable is a line of the plan of disposal: an exhibit, the schedule that
// reaches it or what protects it and, past its maximum, who owes the disposal
// since when.
type Disposable struct {
	Incident jurat.IncidentNumber `json:"incident"`
	order.Retention
	Held   jurat.Held    `json:"held"`
	State  string        `json:"state"`            // reached, protected or disposed
	Owner  jurat.Role    `json:"owner,omitempty"`  // overdue: who sees to it
	Age    time.Duration `json:"age,omitempty"`    // overdue: since its maximum ended
	Change string        `json:"change,omitempty"` // of another order's plan: what it changes
}

// States of a line of the plan.
const (
	PlanReached   = "reached"
	PlanProtected = "protected"
	PlanDisposed  = "disposed"
)

// What another order's plan changes of a line.
const (
	NewlyReached    = "newly reached"
	NoLongerReached = "no longer reached"
)

// A Planning says what a plan of disposal is of: one incident, or every one;
// under the orders in force or, with Under, as if that order were adopted, in
// place of its earlier version if there is one.
type Planning struct {
	Incident jurat.IncidentNumber
	Under    *order.Order
}

// PlanDisposal says of every exhibit how it stands to the schedules, and
// changes nothing. It opens no incident; the list is journalled.
func (d *Desk) PlanDisposal(ctx context.Context, c Caller, at time.Time, p Planning) ([]Disposable, error) {
	at = jurat.At(at)
	var all []Disposable
	var asked entry
	err := d.read(ctx, c, at, actionPlan, p.Incident, func(tx *register.Tx, h hand) error {
		all, asked = nil, question{who: h, action: actionPlan, incident: p.Incident}.entry(string(actionPlan))
		return h.house.planned(tx, h, p, func(in jurat.IncidentNumber) error {
			lines, err := h.house.orders.plan(tx, in, p.Under, at)
			all = append(all, lines...)
			return err
		})
	})
	if err == nil {
		err = d.note(ctx, at, asked)
	}
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b Disposable) int { return int(min(max(b.Age-a.Age, -1), 1)) })
	return all, nil
}

// planned calls plan with the incident asked for, or with each that no court's
// order hides.
func (s *standing) planned(tx *register.Tx, h hand, p Planning, plan func(jurat.IncidentNumber) error) error {
	if p.Incident != "" {
		return plan(p.Incident)
	}
	const page = 500
	after := jurat.IncidentNumber("")
	for {
		rows, err := tx.ListIncidents(s.hidden(h), after, page)
		if err != nil {
			return err
		}
		for _, row := range rows {
			after = row.Incident
			if err := plan(row.Incident); err != nil {
				return err
			}
		}
		if len(rows) < page {
			return nil
		}
	}
}

// plan is the plan of one incident, under the orders in force, or with another
// in place of its earlier version.
func (f *inForce) plan(tx *register.Tx, in jurat.IncidentNumber, under *order.Order, at time.Time) ([]Disposable, error) {
	v, err := filed(tx, in)
	if err != nil {
		return nil, err
	}
	now := v.retentions(f.orders, at, "")
	if under == nil {
		return v.lines(now, at), nil
	}
	next := append(slices.DeleteFunc(slices.Clone(f.orders), func(o *order.Order) bool { return o.ID == under.ID }), under)
	then := v.retentions(next, at, "")
	reached, spared := order.Newly(now, then)
	lines := v.lines(then, at)
	for i := range lines {
		same := func(r order.Retention) bool { return r.Exhibit == lines[i].Exhibit }
		switch {
		case slices.ContainsFunc(reached, same):
			lines[i].Change = NewlyReached
		case slices.ContainsFunc(spared, same):
			lines[i].Change = NoLongerReached
		}
	}
	return lines, nil
}

// retentions are the order's answers, with what else protects an exhibit: an
// incident that is not closed, a gate, another disposal.
func (v View) retentions(orders []*order.Order, at time.Time, but jurat.ItemID) []order.Retention {
	all := order.Retain(orders, v.facts(), at)
	gate := order.Evaluate(orders, v.facts(), at).Gate(order.GateDispose)
	unsettled := v.unsettled()
	for i := range all {
		r := &all[i]
		if v.Exhibits[i].Value.Disposed != nil {
			continue
		}
		add := func(by order.Shield, id, say string) {
			r.Protections = append(r.Protections, order.Protection{By: by, ID: id, Say: say})
		}
		if unsettled != "" {
			add(order.ShieldOpen, string(v.Incident.Number), unsettled)
		}
		for _, reason := range gate.For(string(r.Exhibit)) {
			r.Protections = append(r.Protections, order.Protection{By: order.ShieldGate, ID: reason.Order + "/" + reason.ID, Say: reason.Say, Label: reason.Label})
		}
		for _, x := range v.Disposals {
			named := slices.ContainsFunc(x.Value.Items, func(y jurat.Disposing) bool { return y.Item == r.Exhibit })
			if named && x.Value.Pending() && x.Value.ID != but {
				add(order.ShieldPending, string(x.Value.ID), fmt.Sprintf("disposal %s names it and waits for its second approval", x.Value.ID))
			}
		}
	}
	return all
}

// typeCertificate is the record type an order may define for the certificate a
// disposal is done under (EVD-6).
const typeCertificate jurat.RecordType = "disposal_certificate"

// unsettled says why an incident counts as open for a disposal; "" when it is
// closed, and nothing was recorded since.
func (v View) unsettled() string {
	closed := v.Incident.ClosedAt
	if closed.IsZero() {
		return "the incident is open; a supervisor closes it with: jurat incident close"
	}
	late := func(noun jurat.Noun, id jurat.ItemID, at time.Time) string {
		if at.After(closed) {
			return fmt.Sprintf("%s %s was recorded after the incident was closed; close it again", noun, id)
		}
		return ""
	}
	said := ""
	for _, x := range v.Exhibits {
		if x.Value.Disposed == nil {
			said = later(said, late(jurat.NounExhibit, x.Value.ID, x.At))
		}
	}
	for _, x := range v.Records {
		if x.Value.Type != typeCertificate {
			said = later(said, late(jurat.NounRecord, x.Value.ID, x.At))
		}
	}
	for _, x := range v.Parties {
		said = later(said, late(jurat.NounParty, x.Value.ID, x.At))
	}
	for _, x := range v.Accounts {
		said = later(said, late(jurat.NounAccount, x.Value.ID, x.At))
	}
	for _, x := range v.Allegations {
		said = later(said, late(jurat.NounAllegation, x.Value.ID, x.At))
	}
	for _, x := range v.Referrals {
		said = later(said, late(jurat.NounReferral, x.Value.ID, x.At))
	}
	for _, x := range v.Contacts {
		said = later(said, late(jurat.NounContact, x.Value.ID, x.At))
	}
	return said
}

// later is the first of two sentences that says something.
func later(first, then string) string {
	if first != "" {
		return first
	}
	return then
}

func (v View) lines(all []order.Retention, at time.Time) []Disposable {
	lines := make([]Disposable, len(all))
	for i, r := range all {
		x := v.Exhibits[i].Value
		lines[i] = Disposable{Incident: v.Incident.Number, Retention: r, Held: x.Held, State: PlanProtected}
		switch {
		case x.Disposed != nil:
			lines[i].State = PlanDisposed
		case r.Open():
			lines[i].State = PlanReached
		}
		if r.Overdue {
			lines[i].Owner, lines[i].Age = jurat.RoleRecords, at.Sub(r.Past)
		}
	}
	return lines
}

// disposing is the plan of the exhibits named, or of all that may go when none
// is named, and what protects those that are named. What was made from one that
// is named goes with it, or protects it.
func (v View) disposing(all []order.Retention, named []jurat.ItemID) (items []jurat.Disposing, against []jurat.Reason, err error) {
	for _, id := range named {
		if !slices.ContainsFunc(all, func(r order.Retention) bool { return r.Exhibit == id }) {
			return nil, nil, jurat.Errorf(jurat.NotFound, "there is no exhibit %s in incident %s", id, v.Incident.Number)
		}
	}
	named = v.withCopies(named)
	for i, r := range all {
		x := v.Exhibits[i].Value
		switch {
		case len(named) > 0 && !slices.Contains(named, x.ID), len(named) == 0 && !r.Open():
			continue
		case !r.Open():
			say := "no schedule reaches it"
			if len(r.Protections) > 0 {
				say = r.Protections[0].Say
			}
			against = append(against, jurat.Reason{Item: x.Item(), Say: say})
			continue
		}
		items = append(items, jurat.Disposing{
			Item: x.ID, Kind: x.Kind, Rule: r.By.Name(), Version: r.By.Version, Basis: string(r.By.Basis),
			Since: jurat.At(r.By.Since), Until: jurat.At(r.By.Until), Past: jurat.At(r.By.Past),
			Held: x.Held, System: x.System, Key: x.Key, Digest: x.Digest, Size: x.Size,
		})
	}
	return items, against, nil
}

// withCopies adds to exhibits what was made from them and is still there: a copy
// does not outlive what it shows.
func (v View) withCopies(named []jurat.ItemID) []jurat.ItemID {
	all := slices.Clone(named)
	for i := 0; i < len(all); i++ {
		for _, x := range v.Exhibits {
			if x.Value.DerivedFrom == all[i] && x.Value.Disposed == nil && !slices.Contains(all, x.Value.ID) {
				all = append(all, x.Value.ID)
			}
		}
	}
	return all
}

// certified refuses a certificate's number that is none of those on record,
// where the incident has any. That there is a number is the law's to ask.
func (v View) certified(number string) error {
	var known []string
	for _, r := range v.Records {
		var c struct {
			Number string `json:"number"`
		}
		if r.Value.Type == typeCertificate && json.Unmarshal(r.Value.Fields, &c) == nil && c.Number != "" {
			known = append(known, c.Number)
		}
	}
	if number != "" && len(known) > 0 && !slices.Contains(known, number) {
		return jurat.Errorf(jurat.Invalid, "certificate %q is not the one on record in incident %s: %v", number, v.Incident.Number, known)
	}
	return nil
}
