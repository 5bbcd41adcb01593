package web

import (
	"errors"
	"net/http"
	"strings"

	"jurat"
	"jurat/internal/desk"
)

// receiveChoices is how many of the reader's own incidents are offered.
const receiveChoices = 10

// receiveWhere asks into which incident files are to come, and leads on to the
// page that takes them. Who may receive none is told that nothing is here.
func (c *Counter) receiveWhere(w http.ResponseWriter, v *visit) error {
	if err := c.Desk.MayReceive(v.ctx(), v.caller(), v.at, ""); err != nil {
		if errors.Is(err, jurat.Forbidden) {
			return nothingHere
		}
		return err
	}
	body := struct {
		Typed string
		Lines []desk.Line
	}{Typed: strings.TrimSpace(v.FormValue("incident"))}
	code, bad := http.StatusOK, []wrong(nil)
	if body.Typed != "" {
		in, err := jurat.ParseIncidentNumber(body.Typed)
		if err == nil {
			err = c.Desk.MayReceive(v.ctx(), v.caller(), v.at, in)
		}
		said, ok := errors.AsType[*jurat.Error](err)
		switch {
		case err == nil:
			return see(w, v, "/incidents/"+string(in)+"/receive")
		case !ok:
			return err
		}
		code, bad = http.StatusUnprocessableEntity, []wrong{{"incident", said.Detail}}
	}
	var err error
	if body.Lines, _, err = c.Desk.Mine(v.ctx(), v.caller(), v.at, "", receiveChoices); err != nil {
		return err
	}
	c.showWrong(w, v, code, "receivewhere", body, bad)
	return nil
}
