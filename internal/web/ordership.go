package web

import (
	"net/http"
	"slices"

	"jurat/internal/desk"
)

// An OrderFile is an order as a file has it.
type OrderFile struct {
	Name string
	Text []byte
}

// A shippedOrder is what is told of an order file that comes with the program,
// with what its reader warns of. The order itself is read again when somebody
// asks for it.
type shippedOrder struct {
	Name, Title, Jurisdiction string // of the file; of the order
	Begins                    desk.OrderDay
	Basis                     desk.Basis // of when it begins
	Warnings                  []desk.OrderProblem
}

// shippedOrders reads the files that ship. One that cannot be read is left out:
// it is as if it did not ship.
func (c *Counter) shippedOrders() []shippedOrder {
	var all []shippedOrder
	for _, f := range c.Ships {
		o, problems := desk.ReadOrder(f.Name, f.Text)
		if o == nil {
			continue
		}
		all = append(all, shippedOrder{f.Name, o.Title, o.Jurisdiction, o.Effective.From, o.Effective.Basis, slices.DeleteFunc(problems, func(p desk.OrderProblem) bool { return !p.Warning })})
	}
	return all
}

// chosen is the file of those that ship whose name a form brings; none: nobody
// chose one.
func (c *Counter) chosen(v *visit) (OrderFile, bool) {
	i := slices.IndexFunc(c.Ships, func(f OrderFile) bool { return f.Name == v.PostFormValue("ships") })
	if i < 0 {
		return OrderFile{}, false
	}
	return c.Ships[i], true
}

// readShipped shows an order that ships as a file somebody brought is shown: its
// words, what is found of it, and the form that adopts it. Nothing is adopted by
// it.
func (c *Counter) readShipped(w http.ResponseWriter, v *visit) error {
	if !v.adopts() {
		return nothingHere
	}
	f, ok := c.chosen(v)
	if !ok {
		c.showWrong(w, v, http.StatusUnprocessableEntity, "orderadopt", orderCheck{Ships: c.shipped()}, []wrong{{"ships", c.say(v, "adopt.choose")}})
		return nil
	}
	return c.showChecked(w, v, f.Name, f.Text, nil)
}
