package web

import (
	"net/http"
	"net/url"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/login"
)

// An adminBody is who has access, and by what offices; no incident is in it.
type adminBody struct {
	People    []jurat.Person
	Offices   []jurat.Office
	Adoptions []jurat.Adoption
	Roles     []jurat.Role
	Functions []jurat.Function
	Form      url.Values
	Failed    string
	Link      string // shown once, to be handed over
	LinkOf    jurat.PersonID
	Alerts    int    // patterns of refused tries within a day
	SignOn    string // the name of the single sign-on; empty: none
	SignOns   []desk.SignOn
	FirstDay  []dayLine // none: nothing of it is left
}

// admin is where an administrator adds people, offices and orders.
func (c *Counter) admin(w http.ResponseWriter, v *visit) error {
	body, err := c.adminBody(v)
	if err != nil {
		return err
	}
	day, err := c.firstDay(v)
	if err != nil {
		return err
	}
	body.FirstDay = daysWork(day)
	c.show(w, v, http.StatusOK, "admin", body)
	return nil
}

func (c *Counter) adminBody(v *visit) (adminBody, error) {
	if err := c.Desk.MayAdmit(v.ctx(), v.caller(), v.at); err != nil {
		return adminBody{}, nothingHere
	}
	body := adminBody{Roles: jurat.Roles[:], Functions: jurat.Functions[:]}
	var err error
	if body.People, err = c.Desk.People(v.ctx(), v.caller(), v.at); err != nil {
		return body, err
	}
	if body.Offices, err = c.Desk.Offices(v.ctx(), v.caller(), v.at); err != nil {
		return body, err
	}
	if body.Alerts, err = c.alertsToday(v); err != nil {
		return body, err
	}
	if body.SignOns, err = c.Desk.SignOns(v.ctx(), v.caller(), v.at); err != nil {
		return body, err
	}
	body.SignOn, _ = c.Login.SignOn()
	body.Adoptions, err = c.Desk.Adoptions(v.ctx(), v.caller(), v.at)
	return body, err
}

// onAdmin does one thing of a form of the administration, and shows it again.
func (c *Counter) onAdmin(w http.ResponseWriter, v *visit, field string, act func(f url.Values) (login.Link, error)) error {
	link, err := act(v.PostForm)
	if err == nil && link.Secret == "" {
		return see(w, v, "/admin")
	}
	var bad []wrong
	if err != nil {
		say, ok := mistake(err)
		if !ok {
			return err
		}
		bad = append(bad, wrong{field, say})
	}
	body, berr := c.adminBody(v)
	if berr != nil {
		return berr
	}
	code := http.StatusOK
	if err != nil {
		code, body.Form, body.Failed = http.StatusUnprocessableEntity, v.PostForm, field
	} else {
		body.Link, body.LinkOf = "/setup#"+link.Secret, jurat.PersonID(v.PostFormValue("person"))
	}
	c.showWrong(w, v, code, "admin", body, bad)
	return nil
}

// addPerson adds a person of an office, in a role.
func (c *Counter) addPerson(w http.ResponseWriter, v *visit) error {
	return c.onAdmin(w, v, "id", func(f url.Values) (login.Link, error) { return login.Link{}, c.newPerson(v, f) })
}

// giveLink makes the link by which a person makes what they sign in with. It is
// shown this once, to be handed over in person.
func (c *Counter) giveLink(w http.ResponseWriter, v *visit) error {
	return c.onAdmin(w, v, "people", func(f url.Values) (login.Link, error) { return c.newLink(v, f) })
}

// endPerson ends every session of a person, or their access for good.
func (c *Counter) endPerson(w http.ResponseWriter, v *visit) error {
	return c.onAdmin(w, v, "people", func(f url.Values) (login.Link, error) {
		id := jurat.PersonID(f.Get("person"))
		if f.Get("do") == "retire" {
			_, err := c.Desk.RetirePerson(v.ctx(), v.caller(), v.at, id, f.Get("reason"))
			return login.Link{}, err
		}
		_, err := c.Desk.EndSessions(v.ctx(), v.caller(), v.at, id)
		return login.Link{}, err
	})
}

// addOffice adds an office by what it does in a case.
func (c *Counter) addOffice(w http.ResponseWriter, v *visit) error {
	return c.onAdmin(w, v, "office_id", func(f url.Values) (login.Link, error) { return login.Link{}, c.newOffice(v, f) })
}
