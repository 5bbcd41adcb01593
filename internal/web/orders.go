package web

import (
	"net/http"
	"slices"

	"jurat/internal/desk"
)

// orders lists the orders in force in this record.
func (c *Counter) orders(w http.ResponseWriter, v *visit) error {
	all, err := c.Desk.Orders(v.ctx())
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "orders", all)
	return nil
}

// order shows what an order says beside what the record does because of it.
func (c *Counter) order(w http.ResponseWriter, v *visit) error {
	all, err := c.Desk.Orders(v.ctx())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(o *desk.Order) bool { return o.ID == v.PathValue("order") })
	if i < 0 {
		return nothingHere
	}
	c.show(w, v, http.StatusOK, "order", all[i])
	return nil
}
