package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"jurat"
	"jurat/internal/login"
)

// The steps of a first day. Everybody makes what they sign in with; who
// administers goes on to the office, its people and its order.
const (
	stepPasskey = 1 + iota
	stepCodes
	stepOffice
	stepPeople
	stepOrder
)

// A setupStep is one step, for the line over each of them.
type setupStep struct {
	Number int
	Name   string // catalogue key
}

var setupSteps = []setupStep{{stepPasskey, "setup.passkey"}, {stepCodes, "setup.codes"}, {stepOffice, "setup.office"}, {stepPeople, "setup.people"}, {stepOrder, "setup.order"}}

// A setupAt is which step a page is of how many.
type setupAt struct {
	Step  int
	Steps []setupStep
}

// Name is the step's, as its heading has it.
func (s setupAt) Name() string { return s.Steps[s.Step-1].Name }

func setupOf(step int, role jurat.Role) setupAt {
	if role != jurat.RoleAdmin {
		return setupAt{step, setupSteps[:stepCodes]}
	}
	return setupAt{step, setupSteps}
}

// setUp is where a new person, or one who lost their passkey, makes what they
// sign in with. The secret of a link stands after the # of its address, which
// no browser sends: a script hands it in, or it is typed.
func (c *Counter) setUp(w http.ResponseWriter, v *visit) error {
	if v.newcomer == nil || !v.session.Setup {
		c.show(w, v, http.StatusOK, "setuplink", nil)
		return nil
	}
	return c.showMe(w, v, meBody{}, nil)
}

// byLink lets in whoever follows a set-up link.
func (c *Counter) byLink(w http.ResponseWriter, v *visit) error {
	secret := strings.TrimSpace(v.PostFormValue("secret"))
	if i := strings.LastIndexByte(secret, '#'); i >= 0 {
		secret = secret[i+1:]
	}
	token, _, err := c.Login.ComeByLink(v.ctx(), v.at, sourceOf(v.Request), secret)
	if err == nil {
		c.keep(w, token)
		return see(w, v, "/setup")
	}
	if !errors.Is(err, jurat.Forbidden) {
		return err
	}
	c.showWrong(w, v, http.StatusForbidden, "setuplink", nil, []wrong{{"secret", c.say(v, "setup.bad_link")}})
	return nil
}

// A setupBody is a step of the first two.
type setupBody struct {
	meBody
	setupAt
}

// showSetup shows the step that is next: what somebody signs in with, or once
// they have that, recovery codes. What was wrong, and what is shown once, belong
// to the step it came of.
func (c *Counter) showSetup(w http.ResponseWriter, v *visit, body meBody, bad []wrong) error {
	made, err := c.Login.Made(v.ctx(), v.session)
	if err != nil {
		return err
	}
	step := stepPasskey
	if made && body.Secret == "" && v.URL.Query().Get("step") != "1" {
		step = stepCodes
	}
	for _, b := range bad {
		switch b.Field {
		case "password", "generator", "code", "passkeys":
			step = stepPasskey
		}
	}
	body.Ready = made
	code := http.StatusOK
	if len(bad) > 0 {
		code = http.StatusUnprocessableEntity
	}
	c.showWrong(w, v, code, "setup", setupBody{body, setupOf(step, body.Person.Person.Role)}, bad)
	return nil
}

// settle ends the making of credentials, once the person could sign in again.
// Codes that were shown are put away first: they are shown no second time.
func (c *Counter) settle(w http.ResponseWriter, v *visit) error {
	if v.newcomer == nil {
		return see(w, v, "/login")
	}
	if v.PostFormValue("codes") == "shown" && v.PostFormValue("put_away") != "yes" {
		return c.showMe(w, v, meBody{}, []wrong{{"recovery", c.say(v, "setup.put_away_first")}})
	}
	token, _, err := c.Login.Settle(v.ctx(), v.at, v.token)
	if err != nil {
		if say, ok := mistake(err); ok {
			return c.showMe(w, v, meBody{}, []wrong{{"", say}})
		}
		return err
	}
	c.keep(w, token)
	if v.newcomer.Person.Role != jurat.RoleAdmin {
		return see(w, v, "/")
	}
	v.who = v.newcomer
	day, err := c.firstDay(v)
	if err != nil {
		return err
	}
	for _, line := range day {
		if line.Step > stepCodes && line.State != dayDone {
			return see(w, v, "/setup/office")
		}
	}
	return see(w, v, "/")
}

// A setupHouse is a step about the house.
type setupHouse struct {
	setupAt
	Office    jurat.Office // the reader's own
	Offices   []jurat.Office
	People    []jurat.Person
	Adoptions []jurat.Adoption
	Ships     []shippedOrder // of the step that asks for an order
	Sworn     int            // who may approve with another
	Roles     []jurat.Role
	Functions []jurat.Function
	Form      url.Values
	Link      string // shown once, to be handed over
	LinkOf    jurat.PersonID
}

// setupHouse gathers a step for an administrator; to others it is not there.
func (c *Counter) setupHouse(v *visit, step int) (setupHouse, error) {
	admin, err := c.adminBody(v)
	if err != nil {
		return setupHouse{}, err
	}
	body := setupHouse{
		setupAt: setupOf(step, jurat.RoleAdmin), Office: v.who.Office, Offices: admin.Offices, People: admin.People, Adoptions: admin.Adoptions,
		Sworn: swornOf(admin.People, admin.Offices), Roles: admin.Roles, Functions: admin.Functions, Form: url.Values{},
	}
	return body, nil
}

// swornOf counts the sworn people of offices whose record this is.
func swornOf(people []jurat.Person, offices []jurat.Office) int {
	own := map[jurat.OfficeID]bool{}
	for _, o := range offices {
		own[o.ID] = o.Own
	}
	n := 0
	for _, p := range people {
		if p.Sworn && own[p.Office] && p.Retired.IsZero() {
			n++
		}
	}
	return n
}

func (c *Counter) showSetupHouse(w http.ResponseWriter, v *visit, step int, page string) error {
	body, err := c.setupHouse(v, step)
	if err != nil {
		return err
	}
	if step == stepOrder {
		body.Ships = c.shipped()
	}
	c.show(w, v, http.StatusOK, page, body)
	return nil
}

// setupOffice asks which offices have to do with a case, and by what function.
func (c *Counter) setupOffice(w http.ResponseWriter, v *visit) error {
	return c.showSetupHouse(w, v, stepOffice, "setupoffice")
}

// setupPeople asks for the people, two of them sworn.
func (c *Counter) setupPeople(w http.ResponseWriter, v *visit) error {
	return c.showSetupHouse(w, v, stepPeople, "setuppeople")
}

// setupOrder asks for an order.
func (c *Counter) setupOrder(w http.ResponseWriter, v *visit) error {
	return c.showSetupHouse(w, v, stepOrder, "setuporder")
}

// onSetup does one thing of a step and comes back to it: with a link to hand
// over, or with what was wrong and what was typed.
func (c *Counter) onSetup(w http.ResponseWriter, v *visit, step int, page, field string, act func(f url.Values) (login.Link, error)) error {
	link, err := act(v.PostForm)
	if err == nil && link.Secret == "" {
		return see(w, v, "/setup/"+strings.TrimPrefix(page, "setup"))
	}
	body, berr := c.setupHouse(v, step)
	if berr != nil {
		return berr
	}
	if err == nil {
		body.Link, body.LinkOf = "/setup#"+link.Secret, jurat.PersonID(v.PostFormValue("person"))
		c.show(w, v, http.StatusOK, page, body)
		return nil
	}
	say, ok := mistake(err)
	if !ok {
		return err
	}
	body.Form = v.PostForm
	c.showWrong(w, v, http.StatusUnprocessableEntity, page, body, []wrong{{field, say}})
	return nil
}

// setupAddOffice adds an office in its step.
func (c *Counter) setupAddOffice(w http.ResponseWriter, v *visit) error {
	return c.onSetup(w, v, stepOffice, "setupoffice", "office_id", func(f url.Values) (login.Link, error) { return login.Link{}, c.newOffice(v, f) })
}

// setupAddPerson adds a person in its step.
func (c *Counter) setupAddPerson(w http.ResponseWriter, v *visit) error {
	return c.onSetup(w, v, stepPeople, "setuppeople", "id", func(f url.Values) (login.Link, error) { return login.Link{}, c.newPerson(v, f) })
}

// setupGiveLink makes the link of a person in its step.
func (c *Counter) setupGiveLink(w http.ResponseWriter, v *visit) error {
	return c.onSetup(w, v, stepPeople, "setuppeople", "people", func(f url.Values) (login.Link, error) { return c.newLink(v, f) })
}

// The states of a line of the first day.
const (
	dayDone    = "done"
	dayOpen    = "open"
	dayUnknown = "unknown" // could not tell
)

// A dayLine is one thing a new record needs, whether it is there, by what is on
// the record or found on the machine, and the page that does it.
type dayLine struct {
	Name  string `json:"name" doc:"passkey, codes, office, people, order, keys, backup"`
	State string `json:"state" doc:"done, open, or unknown: it could not be told"`
	Step  int    `json:"-"`
	To    string `json:"page" doc:"where it is done"`
}

// firstDay is what a new record needs, for an administrator.
func (c *Counter) firstDay(v *visit) ([]dayLine, error) {
	state := func(done bool) string {
		if done {
			return dayDone
		}
		return dayOpen
	}
	means, err := c.Login.Means(v.ctx(), v.who.Person.ID)
	if err != nil {
		return nil, err
	}
	people, err := c.Desk.People(v.ctx(), v.caller(), v.at)
	if err != nil {
		return nil, err
	}
	offices, err := c.Desk.Offices(v.ctx(), v.caller(), v.at)
	if err != nil {
		return nil, err
	}
	adopted, err := c.Desk.Adoptions(v.ctx(), v.caller(), v.at)
	if err != nil {
		return nil, err
	}
	_, err = c.Desk.LastBackup(v.ctx(), v.caller(), v.at)
	backup := err == nil
	if err != nil && !errors.Is(err, jurat.NotFound) {
		return nil, err
	}
	keys := dayUnknown
	if c.Look != nil {
		for _, s := range c.Look(v.ctx()) {
			if s.Look == "keys" && keys != dayOpen {
				keys = state(s.Answer == signWell)
			}
		}
	}
	return []dayLine{
		{"passkey", state(len(means.Passkeys) > 0), stepPasskey, "/me#passkeys"},
		{"codes", state(means.Recovery > 0), stepCodes, "/me#recovery"},
		{"office", state(len(offices) > 1), stepOffice, "/setup/office"},
		{"people", state(swornOf(people, offices) > 1), stepPeople, "/setup/people"},
		{"order", state(len(adopted) > 0), stepOrder, "/setup/order"},
		{"keys", keys, 0, "/admin/health#keys"},
		{"backup", state(backup), 0, "/admin/health#backup"},
	}, nil
}

// daysWork are the lines of a first day, if anything of it is still to be done or
// could not be told; else none.
func daysWork(all []dayLine) []dayLine {
	for _, l := range all {
		if l.State != dayDone {
			return all
		}
	}
	return nil
}

// newOffice and the others do what a form says, wherever it stands.
func (c *Counter) newOffice(v *visit, f url.Values) error {
	_, err := c.Desk.AddOffice(v.ctx(), v.caller(), v.at, jurat.Office{ID: jurat.OfficeID(f.Get("office_id")), Name: f.Get("name"), Function: jurat.Function(f.Get("function")), Own: f.Get("own") == "yes"})
	return err
}

func (c *Counter) newPerson(v *visit, f url.Values) error {
	p := jurat.Person{ID: jurat.PersonID(f.Get("id")), Label: f.Get("label"), Office: jurat.OfficeID(f.Get("office")), Role: jurat.Role(f.Get("role")), Sworn: f.Get("sworn") == "yes"}
	for _, o := range f["advises"] {
		if o != "" {
			p.Advises = append(p.Advises, jurat.OfficeID(o))
		}
	}
	_, err := c.Desk.AddPerson(v.ctx(), v.caller(), v.at, p)
	return err
}

func (c *Counter) newLink(v *visit, f url.Values) (login.Link, error) {
	// Who has a link can make themselves another person's way in.
	if err := c.Login.JustShown(v.ctx(), v.at, v.token); err != nil {
		return login.Link{}, err
	}
	link := login.NewLink()
	return link, c.Desk.GiveLink(v.ctx(), v.caller(), v.at, jurat.PersonID(f.Get("person")), link.Hash, v.at.Add(login.LinkLasts))
}
