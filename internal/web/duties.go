package web

import (
	"errors"
	"net/http"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// A dutiesBody is what is owed, in the groups the page has.
type dutiesBody struct {
	Late, Today, Later, Unstated []desk.DutyLine
	Count                        int    // of the whole list
	Here                         string // the address of its first page
	Next                         string // what the next page comes after
	After                        bool   // it is not the first
	Looked                       time.Time
	Words                        *vocabulary
	Picture                      picture
	Stays                        []standingOrder
}

// duties shows what the person's role owes, by when, and under which order.
func (c *Counter) duties(w http.ResponseWriter, v *visit) error {
	return c.dutyPage(w, v, "duties", string(v.who.Person.Role))
}

// Part reports that the page has only a part of the list, so that it counts none
// of its groups.
func (b dutiesBody) Part() bool { return b.After || b.Next != "" }

// teamDuties shows what everybody owes, by duty; there are no totals per
// person.
func (c *Counter) teamDuties(w http.ResponseWriter, v *visit) error {
	return c.dutyPage(w, v, "teamduties", "")
}

func (c *Counter) dutyPage(w http.ResponseWriter, v *visit, name, owner string) error {
	after := v.FormValue("after")
	page, err := c.Desk.DutyPage(v.ctx(), v.caller(), v.at, owner, after, listed)
	if errors.Is(err, jurat.Invalid) {
		return nothingHere
	}
	if err != nil {
		return err
	}
	words, err := c.vocabulary(v)
	if err != nil {
		return err
	}
	body := dutiesBody{Count: page.Total, Here: v.URL.Path, Next: page.Next, After: after != "", Looked: v.at, Words: words}
	local := v.at.In(c.Zone)
	tomorrow := time.Date(local.Year(), local.Month(), local.Day()+1, 0, 0, 0, 0, c.Zone)
	for _, l := range page.Lines {
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
	if body.Picture, err = c.dutiesPicture(v, page.Lines); err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, name, body)
	return nil
}
