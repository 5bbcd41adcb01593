package desk

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"jurat"
	"jurat/internal/register"
	"jurat/order"
)

// What an order file and its problems are called, by the order engine's names.
type (
	OrderChange  = order.Change
	OrderProblem = order.Problem
	OrderTests   = order.TestReport
	Basis        = order.Basis
	OrderSource  = order.Source
	OrderStatus  = order.Status
	Standing     = order.Standing
	Restatement  = order.Restatement
	OrderDay     = order.Day
)

// Standings lists every standing an order may have.
func Standings() []Standing { return slices.Clone(order.Standings[:]) }

// SourceKinds lists what a source of an order may be.
func SourceKinds() []string { return slices.Clone(order.SourceKinds[:]) }

// DiffOrders gives every entry that two versions of an order have otherwise
// ([order.Diff]).
func DiffOrders(was, now *Order) []OrderChange { return order.Diff(was, now) }

// An OrderVersion is a version of an order as it was adopted.
type OrderVersion struct {
	*Order
	Adopted time.Time
	Event   jurat.EventID
}

// OrderVersions gives every version of an order that was adopted in this
// record, the first first. They are public texts: anybody may ask. NotFound: no
// order of that id was ever adopted.
func (d *Desk) OrderVersions(ctx context.Context, id string) ([]OrderVersion, error) {
	var all []OrderVersion
	err := d.register.Read(ctx, func(tx *register.Tx) error {
		all = nil
		rows, err := tx.EventsOf(jurat.Item{Noun: jurat.NounOrder, ID: jurat.ItemID(id)})
		if err != nil {
			return err
		}
		for _, row := range rows {
			if row.Act != jurat.OrderAdopted || row.Open == "" {
				continue
			}
			text, err := row.State()
			if err != nil {
				return err
			}
			var open jurat.OpenPart
			var a jurat.Adoption
			if err := json.Unmarshal(text, &open); err != nil {
				return err
			}
			if err := json.Unmarshal(open.Value, &a); err != nil {
				return err
			}
			o, err := d.parse(a)
			if err != nil {
				return err
			}
			all = append(all, OrderVersion{o, a.At, row.ID})
		}
		return nil
	})
	if err == nil && len(all) == 0 {
		err = jurat.Errorf(jurat.NotFound, "there is no order %q", id)
	}
	return all, err
}

// ReadOrder reads an order file and adopts nothing: the order, nil where the file
// is refused, and what was found, by line; of one that is not refused, warnings.
func ReadOrder(name string, text []byte) (*Order, []OrderProblem) { return order.Parse(name, text) }

// A Checked is what is found of an order file before anybody adopts it.
type Checked struct {
	Order    *Order         // nil: the file is refused
	Problems []OrderProblem // by line; of a file that is not refused, warnings
	Tests    OrderTests
	Clash    string        // why it cannot stand beside the orders in force
	Was      *Order        // the version in force; nil: it would be new
	Changes  []OrderChange // from that version
}

// Adoptable reports whether nothing found stands in the way of adopting it.
func (c Checked) Adoptable() bool { return c.Order != nil && c.Tests.Failed == 0 && c.Clash == "" }

// CheckOrder reads an order file, runs its tests, and sets it beside the orders
// in force, for whoever may adopt it. It adopts nothing.
func (d *Desk) CheckOrder(ctx context.Context, c Caller, at time.Time, name string, text []byte) (Checked, error) {
	var found Checked
	err := d.read(ctx, c, at, jurat.OrderAdopted, "", func(_ *register.Tx, h hand) error {
		var problems order.Problems
		found = Checked{}
		found.Order, problems = order.Parse(name, text)
		found.Problems = problems
		if found.Order == nil {
			return nil
		}
		found.Tests = found.Order.Test()
		now := h.house.orders
		if slices.Contains(now.versions, found.Order.Version()) {
			found.Clash = found.Order.ID + " is in force already, in these very bytes"
			return nil
		}
		others := []*order.Order{found.Order}
		for _, o := range now.orders {
			if o.ID == found.Order.ID {
				found.Was, found.Changes = o, order.Diff(o, found.Order)
			} else {
				others = append(others, o)
			}
		}
		if err := order.Together(others...).Err(); err != nil {
			said, ok := errors.AsType[*jurat.Error](err)
			if !ok {
				return err
			}
			found.Clash = said.Detail
		}
		return nil
	})
	return found, err
}

// RestateOrder adds an entry to the status history of an order in force, such
// as that a court stayed it, by adopting the file with that entry in it: the
// earlier version stays readable. Refusals are those of [order.Restate] and of
// [Desk.AdoptOrder]; Invalid too where a test of the file expects the order to
// hold when it does not any more. NotFound: no such order is in force.
func (d *Desk) RestateOrder(ctx context.Context, c Caller, at time.Time, id string, r Restatement) (*Order, Done, error) {
	var now *jurat.Adoption
	err := d.read(ctx, c, at, jurat.OrderAdopted, "", func(tx *register.Tx, _ hand) error {
		a, err := load[jurat.Adoption](tx, jurat.Item{Noun: jurat.NounOrder, ID: jurat.ItemID(id)})
		now = &a
		return absent(err, "there is no order %q", id)
	})
	if err != nil {
		return nil, Done{}, err
	}
	text, err := order.Restate(id+".yaml", []byte(now.Text), r, jurat.At(at))
	if err != nil {
		return nil, Done{}, err
	}
	return d.AdoptOrder(ctx, c, at, strings.TrimSuffix(id, ".yaml")+".yaml", text)
}
