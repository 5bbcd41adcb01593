package web

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// number reads the incident an address names. What is no number is nothing.
func (v *visit) number() (jurat.IncidentNumber, error) {
	in, err := jurat.ParseIncidentNumber(v.PathValue("incident"))
	if err != nil {
		return "", nothingHere
	}
	return in, nil
}

// item reads the item of an incident an address names by its count.
func (v *visit) item(noun jurat.Noun, count string) (jurat.ItemID, error) {
	in, err := v.number()
	if err != nil {
		return "", err
	}
	n := 0
	for _, digit := range []byte(count) {
		if digit < '0' || digit > '9' || n > 1e8 {
			return "", nothingHere
		}
		n = n*10 + int(digit-'0')
	}
	if n == 0 || count[0] == '0' {
		return "", nothingHere
	}
	return jurat.NumberItem(in, noun, n), nil
}

// An incidentBody is what the page of an incident shows.
type incidentBody struct {
	desk.View
	Words    *vocabulary
	Timeline timeline
	Stops    []gateShown
	Open     []dutyShown // owed, late, or not known
	Done     []desk.Duty
	Disputes []disputeShown
	Facts    int // stated in the fact sheet
	Disputed bool
	Asks     bool // an order in force asks for facts that bear on federal authority
	Here     []desk.Shown[jurat.Exhibit]
	There    []desk.Shown[jurat.Exhibit]
	Lists    map[string][]string // the law's, to choose from
	Form     url.Values          // what was typed into a form that was not taken
	Failed   string              // which form that was
	Sent     *dispatchCard       // what dispatch has of its event; nil: nothing yet
	Receives bool                // this person's role receives files
	Own      desk.Prosecution    // a prosecutor's own work on it; empty for everybody else
}

// showing is an incident as this person may see it, with the words of the
// orders in force for what is in it.
func (c *Counter) showing(v *visit, in jurat.IncidentNumber) (desk.View, *vocabulary, error) {
	view, err := c.Desk.Show(v.ctx(), v.caller(), v.at, in)
	if err != nil {
		return desk.View{}, nil, err
	}
	words, err := c.vocabulary(v)
	return view, words, err
}

// incident shows everything known about one place and time, and what is still
// owed. Opening it is on the record.
func (c *Counter) incident(w http.ResponseWriter, v *visit) error {
	body, err := c.incidentBody(v)
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "incident", body)
	return nil
}

func (c *Counter) incidentBody(v *visit) (incidentBody, error) {
	in, err := v.number()
	if err != nil {
		return incidentBody{}, err
	}
	view, words, err := c.showing(v, in)
	if err != nil {
		return incidentBody{}, err
	}
	house, err := c.Desk.Disputes(v.ctx(), v.caller(), v.at, in)
	if err != nil {
		return incidentBody{}, err
	}
	body := incidentBody{View: view, Words: words, Lists: jurat.Lists(), Disputes: c.disputes(view, house), Stops: c.gates(view, words), Receives: offered(v.who, "receive")}
	if body.Own, err = c.Desk.Prosecution(v.ctx(), v.caller(), v.at, in); err != nil {
		return incidentBody{}, err
	}
	body.Disputed, body.Asks = words.recordType(jurat.TypeAccountDispute) != nil, words.recordType(jurat.TypeImmunityFact) != nil
	body.Facts = factsStated(factRows(words, view))
	if len(view.Dispatch) > 0 {
		sent := dispatched(view.Dispatch)
		body.Sent = &sent
	}
	var open []desk.Duty
	for _, d := range view.Duties {
		switch {
		case d.Open():
			open = append(open, d)
		case d.State != "not_applicable":
			body.Done = append(body.Done, d)
		}
	}
	slices.SortStableFunc(open, func(a, b desk.Duty) int { return rank(a) - rank(b) })
	body.Open = c.shownDuties(view, words, open)
	for _, x := range view.Exhibits {
		if x.Value.Held == jurat.HeldElsewhere {
			body.There = append(body.There, x)
		} else {
			body.Here = append(body.Here, x)
		}
	}
	body.Timeline, err = c.timeline(v, view, words)
	return body, err
}

// rank sorts open duties: late, with a time, without, not known.
func rank(d desk.Duty) int {
	switch {
	case d.State == "late":
		return 0
	case d.Urgent:
		return 1
	case !d.Due.IsZero():
		return 2
	case d.State == "owed":
		return 3
	}
	return 4
}

// Disputing are the counts of the records that dispute an item.
func (b incidentBody) Disputing(id jurat.ItemID) []string { return disputedOf(b.Disputes, id) }

// openedBy shows who opened an incident and its sealed parts, by office.
func (c *Counter) openedBy(w http.ResponseWriter, v *visit) error {
	in, err := v.number()
	if err != nil {
		return err
	}
	events, err := c.Desk.Events(v.ctx(), v.caller(), v.at, in)
	if err != nil {
		return err
	}
	looks := slices.DeleteFunc(slices.Clone(events), func(e desk.Said) bool {
		return e.Act != jurat.ItemOpened && e.Act != jurat.IdentityOpened
	})
	slices.Reverse(looks)
	c.show(w, v, http.StatusOK, "opened", struct {
		Incident jurat.IncidentNumber
		Looks    []desk.Said
		At       time.Time
	}{in, looks, v.at})
	return nil
}

// accounts shows every side's account at equal rank.
func (c *Counter) accounts(w http.ResponseWriter, v *visit) error {
	return c.part(w, v, "accounts")
}

// part shows one part of an incident on a page of its own.
func (c *Counter) part(w http.ResponseWriter, v *visit, name string) error {
	body, err := c.incidentBody(v)
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, name, body)
	return nil
}
