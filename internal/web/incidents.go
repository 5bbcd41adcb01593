package web

import (
	"net/http"
	"slices"

	"jurat"
	"jurat/internal/desk"
)

// listed is how many incidents a page of the list has.
const listed = 50

// minePath is the list of the incidents the reader did something in.
const minePath = "/incidents?mine"

// An incidentsBody is a page of the list of incidents.
type incidentsBody struct {
	Lines []desk.Line
	Next  jurat.IncidentNumber
	Later bool
	Mine  bool // only those the reader did something in
	Works bool // the reader's role works on incidents, and opens them
}

// incidents lists the incidents the person may see, newest first; with mine,
// those they did something in.
func (c *Counter) incidents(w http.ResponseWriter, v *visit) error {
	after := jurat.IncidentNumber(v.FormValue("after"))
	if after != "" {
		if _, err := jurat.ParseIncidentNumber(string(after)); err != nil {
			return nothingHere
		}
	}
	body := incidentsBody{Later: after != "", Mine: v.URL.Query().Has("mine"), Works: v.works()}
	var err error
	if body.Mine {
		body.Lines, body.Next, err = c.Desk.Mine(v.ctx(), v.caller(), v.at, after, listed)
	} else {
		body.Lines, err = c.Desk.List(v.ctx(), v.caller(), v.at, after, listed+1)
		if len(body.Lines) > listed {
			body.Lines = body.Lines[:listed]
			body.Next = body.Lines[listed-1].Incident
		}
	}
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "incidents", body)
	return nil
}

// works says whether somebody's role opens incidents and fills them; whether
// they may is the desk's to say.
func (v *visit) works() bool {
	return v.who.Office.Own && slices.Contains([]jurat.Role{jurat.RoleOfficer, jurat.RoleSupervisor, jurat.RoleDetective, jurat.RoleEvidence, jurat.RoleProsecutor}, v.who.Person.Role)
}
