package web

import (
	"net/http"
	"slices"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// An orderLine is an order in force, with its standing now.
type standingOrder struct {
	*desk.Order
	Now   desk.Standing
	Entry desk.OrderStatus
}

// Suspended reports whether somebody with the power to do so has stopped the
// order, or a part of it: documenting goes on.
func (o standingOrder) Suspended() bool { return o.Now == "stayed" || o.Now == "enjoined_in_part" }

func standingOf(o *desk.Order, at time.Time) standingOrder {
	now, entry := o.StatusAt(at)
	return standingOrder{o, now, entry}
}

// suspended are the orders that are stayed, or enjoined in part.
func (c *Counter) suspended(v *visit) ([]standingOrder, error) {
	all, err := c.Desk.Orders(v.ctx())
	var out []standingOrder
	for _, o := range all {
		if one := standingOf(o, v.at); one.Suspended() {
			out = append(out, one)
		}
	}
	return out, err
}

// adopts says whether somebody may adopt orders.
func (v *visit) adopts() bool { return v.who.Person.Role == jurat.RoleAdmin && v.who.Office.Own }

// orders lists the orders in force in this record.
func (c *Counter) orders(w http.ResponseWriter, v *visit) error {
	if err := c.walled(v); err != nil {
		return err
	}
	all, err := c.Desk.Orders(v.ctx())
	if err != nil {
		return err
	}
	body := struct {
		Orders []standingOrder
		Adopts bool
	}{Adopts: v.adopts()}
	for _, o := range all {
		body.Orders = append(body.Orders, standingOf(o, v.at))
	}
	c.show(w, v, http.StatusOK, "orders", body)
	return nil
}

// An orderBody is an order beside what the record does because of it.
type orderBody struct {
	standingOrder
	Versions []desk.OrderVersion // the newest first
	Tests    desk.OrderTests
	Adopts   bool
	Form     map[string][]string
	Standing []desk.Standing
	Kinds    []string
	Words    *vocabulary
}

// order shows what an order says beside what the record does because of it.
func (c *Counter) order(w http.ResponseWriter, v *visit) error {
	if err := c.walled(v); err != nil {
		return err
	}
	body, err := c.orderBody(v)
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "order", body)
	return nil
}

func (c *Counter) orderBody(v *visit) (orderBody, error) {
	versions, err := c.Desk.OrderVersions(v.ctx(), v.PathValue("order"))
	if err != nil {
		return orderBody{}, err
	}
	slices.Reverse(versions)
	o := versions[0].Order
	words, err := c.vocabulary(v)
	if err != nil {
		return orderBody{}, err
	}
	return orderBody{Words: words, standingOrder: standingOf(o, v.at), Versions: versions, Tests: o.Test(), Adopts: v.adopts(), Standing: desk.Standings(), Kinds: desk.SourceKinds()}, nil
}

// Sources are those an entry names, by their ids.
func (b orderBody) Sources(ids []string) []desk.OrderSource {
	var out []desk.OrderSource
	for _, id := range ids {
		if i := slices.IndexFunc(b.Order.Sources, func(s desk.OrderSource) bool { return s.ID == id }); i >= 0 {
			out = append(out, b.Order.Sources[i])
		}
	}
	return out
}
