package web

import (
	"net/http"

	"jurat"
	"jurat/internal/desk"
)

// waitsOf are the words for who asked why an exhibit does not open to them yet,
// each in the languages of its order.
func waitsOf(view desk.View, id jurat.ItemID) []map[string]string {
	var out []map[string]string
	for _, r := range view.WaitsFor(id) {
		out = append(out, r.Label)
	}
	return out
}

// releaseViewing opens an incident's footage to a member before their report,
// with a reason (LAW-2). The form stands on an exhibit's page.
func (c *Counter) releaseViewing(w http.ResponseWriter, v *visit) error {
	in, err := v.number()
	if err != nil {
		return err
	}
	id, err := v.item(jurat.NounExhibit, v.PostFormValue("exhibit"))
	if err != nil {
		return err
	}
	v.SetPathValue("exhibit", v.PostFormValue("exhibit"))
	return c.onExhibit(w, v, id, "viewings", itemPath(id)+"#viewings", func() error {
		_, _, err := c.Desk.ReleaseViewing(v.ctx(), v.caller(), v.at, in, jurat.PersonID(v.PostFormValue("member")), v.PostFormValue("reason"))
		return err
	})
}
