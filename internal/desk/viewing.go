package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"jurat"
	"jurat/internal/register"
	"jurat/order"
)

// A Waits is an exhibit that does not open to the caller yet, with what they
// can do about it (LAW-2).
type Waits struct {
	Exhibit jurat.ItemID   `json:"exhibit"`
	Reasons []order.Reason `json:"reasons"`
}

// waits says why an exhibit does not open to somebody yet. A copy waits as its
// original does.
func (h hand) waits(tx *register.Tx, x jurat.Exhibit, at time.Time) ([]order.Reason, error) {
	if h.Person == "" || !h.house.orders.reportFirst(h) {
		return nil, nil
	}
	x, err := original(tx, x)
	if err != nil {
		return nil, err
	}
	v, err := filed(tx, x.Incident)
	if err != nil {
		return nil, err
	}
	return h.waitsFor(v, x, at), nil
}

func (h hand) waitsFor(v View, x jurat.Exhibit, at time.Time) []order.Reason {
	return order.Viewing(h.house.orders.orders, v.facts(), at, order.Viewer{Person: h.Person, Role: h.Role}, x)
}

// reportFirst reports whether an adopted order has the report of somebody's
// role come before the footage.
func (f *inForce) reportFirst(h hand) bool {
	return slices.ContainsFunc(f.orders, func(o *order.Order) bool {
		return slices.ContainsFunc(o.Viewing, func(r order.ViewingRule) bool { return slices.Contains(r.Roles, string(h.Role)) })
	})
}

// mayView refuses an exhibit that does not open to the caller yet, with kind
// Conflict and the order's own sentence. The attempt goes to the journal.
func (h hand) mayView(tx *register.Tx, act jurat.Act, x jurat.Exhibit, at time.Time) error {
	reasons, err := h.waits(tx, x, at)
	if err != nil || len(reasons) == 0 {
		return err
	}
	said := jurat.Errorf(jurat.Conflict, "%s does not open to %s yet. %s", x.ID, h.Person, reasons[0].Say)
	return refuse(question{who: h, action: act, incident: x.Incident}, "viewing", said)
}

// mayViewAll is mayView for whatever opens everything of an incident at once.
func (h hand) mayViewAll(tx *register.Tx, act jurat.Act, in jurat.IncidentNumber, at time.Time) error {
	if h.Person == "" || !h.house.orders.reportFirst(h) {
		return nil
	}
	all, err := loadAll[jurat.Exhibit](tx, in, jurat.NounExhibit)
	if err != nil {
		return err
	}
	for _, x := range all {
		if err := h.mayView(tx, act, x, at); err != nil {
			return err
		}
	}
	return nil
}

// waiting adds to a view what does not open to the caller yet, and takes out
// the marks on it: they say what is to be seen.
func (h hand) waiting(v *View, at time.Time) {
	v.ReportFirst = slices.ContainsFunc(h.house.orders.orders, func(o *order.Order) bool { return len(o.Viewing) > 0 })
	if h.Person == "" || !h.house.orders.reportFirst(h) {
		return
	}
	by := map[jurat.ItemID]jurat.Exhibit{}
	for _, x := range v.Exhibits {
		by[x.Value.ID] = x.Value
	}
	for _, x := range v.Exhibits {
		given := x.Value
		if given.Derivation != nil {
			given = by[given.DerivedFrom]
		}
		if reasons := h.waitsFor(*v, given, at); len(reasons) > 0 {
			v.Waits = append(v.Waits, Waits{x.Value.ID, reasons})
		}
	}
	v.Marks = slices.DeleteFunc(v.Marks, func(k Shown[jurat.Mark]) bool {
		return slices.ContainsFunc(v.Waits, func(w Waits) bool { return w.Exhibit == k.Value.Exhibit })
	})
}

// WaitsFor gives the reasons why an exhibit of the view does not open to who
// asked for it; none, and it opens.
func (v View) WaitsFor(x jurat.ItemID) []order.Reason {
	for _, w := range v.Waits {
		if w.Exhibit == x {
			return w.Reasons
		}
	}
	return nil
}

// ReleaseViewing opens an incident's footage to a member before their report of
// it, as [jurat.ReleaseViewing] does (LAW-2). Conflict: no adopted order has
// reports come first, or it is open to them already. Invalid: there is no such
// member of this office.
func (d *Desk) ReleaseViewing(ctx context.Context, c Caller, at time.Time, in jurat.IncidentNumber, member jurat.PersonID, reason string) (jurat.Viewing, Done, error) {
	return newItem(ctx, d, c, at, jurat.ViewingReleased, in, jurat.NounViewing, func(tx *register.Tx, h hand, id jurat.ItemID) (jurat.Viewing, jurat.Event, error) {
		v, ev, err := jurat.ReleaseViewing(id, jurat.PersonID(strings.TrimSpace(string(member))), reason, h.Hand, jurat.At(at))
		if err != nil {
			return v, ev, err
		}
		other, err := d.hand(tx, Caller{Person: v.Member})
		if err != nil || !other.own || other.retired {
			return jurat.Viewing{}, jurat.Event{}, jurat.Errorf(jurat.Invalid, "%q is nobody who works in this office: give the member's own name in the record, such as officer-4471", v.Member)
		}
		if !h.house.orders.reportFirst(other) {
			return jurat.Viewing{}, jurat.Event{}, jurat.Errorf(jurat.Conflict, "no adopted order has the report of a member such as %s come before the footage: it is open to them", v.Member)
		}
		given, err := loadAll[jurat.Viewing](tx, in, jurat.NounViewing)
		if err != nil {
			return jurat.Viewing{}, jurat.Event{}, err
		}
		if slices.ContainsFunc(given, func(g jurat.Viewing) bool { return g.Member == v.Member }) {
			return jurat.Viewing{}, jurat.Event{}, jurat.Errorf(jurat.Conflict, "the footage of %s is open to %s already", in, v.Member)
		}
		return v, ev, nil
	})
}
