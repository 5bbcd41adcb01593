package web

import (
	"net/http"

	"jurat/internal/desk"
)

// retention shows of every exhibit which schedule reaches it and what protects
// it. Nothing is ever deleted by itself, and nothing from this page.
func (c *Counter) retention(w http.ResponseWriter, v *visit) error {
	lines, err := c.Desk.PlanDisposal(v.ctx(), v.caller(), v.at, desk.Planning{})
	if err != nil {
		return err
	}
	words, err := c.vocabulary(v)
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "retention", struct {
		Lines []desk.Disposable
		Words *vocabulary
	}{lines, words})
	return nil
}
