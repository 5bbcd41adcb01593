package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"jurat"
	"jurat/internal/register"
	"jurat/order"
)

// A HoldLine is one hold, with what it stops as far as the person may see it.
type HoldLine struct {
	jurat.Hold
	// Exhibits is how many it covers that were not disposed of; not counted of a
	// hold on the whole record, which covers all.
	Exhibits int `json:"exhibits"`
	// Stops is how many of these a schedule has reached, with nothing but holds
	// in the way that an order knows of.
	Stops int `json:"stops"`
}

// InForce reports whether nobody released the hold.
func (l HoldLine) InForce() bool { return l.ReleasedAt.IsZero() }

// Everything reports whether the hold is of the whole record.
func (l HoldLine) Everything() bool { return l.ID.Incident() == "" && len(l.Scope) == 0 }

// Holds lists the holds in force, the house's own first, then by incident; with
// all, also those that were released, after them (LAW-3). Of a hold of the
// house it names the incidents that the person may see. It is journalled and
// opens no incident.
func (d *Desk) Holds(ctx context.Context, c Caller, at time.Time, all bool) ([]HoldLine, error) {
	at = jurat.At(at)
	var lines []HoldLine
	err := d.survey(ctx, c, at, func(tx *register.Tx, h hand) error {
		house, err := loadAll[jurat.Hold](tx, register.House, jurat.NounHold)
		if err != nil {
			return err
		}
		orders := h.house.orders.orders
		found, err := seen(d, tx, h, func(f order.Facts) []HoldLine { return holdsOf(f, orders, at) })
		if err != nil {
			return err
		}
		lines = lines[:0]
		for _, x := range house {
			line := HoldLine{Hold: x}
			scope := line.Scope
			line.Scope = nil
			for _, f := range found {
				if f.ID == x.ID {
					line.Exhibits, line.Stops = line.Exhibits+f.Exhibits, line.Stops+f.Stops
					line.Scope = append(line.Scope, f.Scope...)
				}
			}
			if len(scope) > 0 && len(line.Scope) == 0 {
				continue // nothing of it is theirs to see
			}
			lines = append(lines, line)
		}
		for _, f := range found {
			if f.ID.Incident() != "" {
				lines = append(lines, f)
			}
		}
		lines = slices.DeleteFunc(lines, func(l HoldLine) bool { return !all && !l.InForce() })
		return nil
	})
	if err != nil {
		return nil, err
	}
	rank := map[bool]int{true: 0, false: 1}
	slices.SortStableFunc(lines, func(a, b HoldLine) int {
		return cmp.Or(cmp.Compare(rank[a.InForce()], rank[b.InForce()]), cmp.Compare(a.ID.Incident(), b.ID.Incident()), a.PlacedAt.Compare(b.PlacedAt))
	})
	return lines, nil
}

// holdsOf are the holds of an incident, and those of the house that name
// anything in it, with what each covers there.
func holdsOf(f order.Facts, orders []*order.Order, at time.Time) []HoldLine {
	var lines []HoldLine
	var stands []order.Retention
	for _, x := range f.Holds {
		if x.ID.Incident() == "" && len(x.Scope) == 0 {
			continue // of the whole record: counted nowhere
		}
		if stands == nil {
			stands = order.Retain(orders, f, at)
		}
		line := HoldLine{Hold: x}
		if x.ID.Incident() == "" {
			line.Scope = slices.DeleteFunc(slices.Clone(x.Scope), func(s jurat.ItemID) bool { return s.Incident() != f.Incident.Number })
		}
		for i, r := range stands {
			if f.Exhibits[i].Disposed != nil || !x.Holds(r.Exhibit) {
				continue
			}
			line.Exhibits++
			other := slices.ContainsFunc(r.Protections, func(p order.Protection) bool { return p.By != order.ShieldHold })
			if r.By != nil && !other {
				line.Stops++
			}
		}
		lines = append(lines, line)
	}
	return lines
}
