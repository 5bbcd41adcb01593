package web

import (
	"net/http"
	"time"

	"jurat/internal/desk"
)

// A dutiesBody is what is owed, in the groups the page has.
type dutiesBody struct {
	Late, Today, Later, Unstated []desk.DutyLine
	Count                        int
	Looked                       time.Time
	Words                        *vocabulary
	Picture                      picture
	Stays                        []standingOrder
}

// duties shows what the person's role owes, by when, and under which order.
func (c *Counter) duties(w http.ResponseWriter, v *visit) error {
	owner := string(v.who.Person.Role)
	return c.dutyPage(w, v, "duties", func(l desk.DutyLine) bool { return l.Owner == owner })
}

// teamDuties shows what everybody owes, by duty; there are no totals per
// person.
func (c *Counter) teamDuties(w http.ResponseWriter, v *visit) error {
	return c.dutyPage(w, v, "teamduties", nil)
}

func (c *Counter) dutyPage(w http.ResponseWriter, v *visit, name string, want func(desk.DutyLine) bool) error {
	lines, err := c.Desk.Duties(v.ctx(), v.caller(), v.at, want)
	if err != nil {
		return err
	}
	words, err := c.vocabulary(v)
	if err != nil {
		return err
	}
	body := dutiesBody{Count: len(lines), Looked: v.at, Words: words}
	local := v.at.In(c.Zone)
	tomorrow := time.Date(local.Year(), local.Month(), local.Day()+1, 0, 0, 0, 0, c.Zone)
	for _, l := range lines {
		switch {
		case l.Overdue > 0:
			body.Late = append(body.Late, l)
		case l.Due.IsZero():
			body.Unstated = append(body.Unstated, l)
		case l.Due.Before(tomorrow):
			body.Today = append(body.Today, l)
		default:
			body.Later = append(body.Later, l)
		}
	}
	if body.Stays, err = c.suspended(v); err != nil {
		return err
	}
	if body.Picture, err = c.dutiesPicture(v, lines); err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, name, body)
	return nil
}
