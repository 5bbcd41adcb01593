package web

import (
	"net/http"

	"jurat"
	"jurat/internal/desk"
)

// listed is how many incidents a page of the list has.
const listed = 50

// incidents lists the incidents the person may see, newest first.
func (c *Counter) incidents(w http.ResponseWriter, v *visit) error {
	after := jurat.IncidentNumber(v.FormValue("after"))
	if after != "" {
		if _, err := jurat.ParseIncidentNumber(string(after)); err != nil {
			return nothingHere
		}
	}
	lines, err := c.Desk.List(v.ctx(), v.caller(), v.at, after, listed+1)
	if err != nil {
		return err
	}
	var next jurat.IncidentNumber
	if len(lines) > listed {
		lines = lines[:listed]
		next = lines[listed-1].Incident
	}
	c.show(w, v, http.StatusOK, "incidents", struct {
		Lines []desk.Line
		Next  jurat.IncidentNumber
		Later bool
	}{lines, next, after != ""})
	return nil
}
