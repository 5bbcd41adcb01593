package web

import "net/http"

// home is what a stranger sees, and where a person of the record is sent on to
// the page their role works at.
func (c *Counter) home(w http.ResponseWriter, v *visit) error {
	if menu, _ := menuOf(v.who, ""); len(menu) > 0 {
		return see(w, v, menu[0].Address)
	}
	c.show(w, v, http.StatusOK, "home", nil)
	return nil
}
