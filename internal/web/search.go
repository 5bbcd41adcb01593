package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// A searchBody is what was looked for, and what was found of it.
type searchBody struct {
	searchFields
	Number int // under which it is kept; 0: nothing was asked yet
	Lines  []desk.Line
	Next   jurat.IncidentNumber
	Later  bool // it is not the first page
	Orders []*desk.Order
	States []jurat.IncidentState
	Since  time.Time // the first day asked for
	Until  time.Time // the last one
}

// searchFields are a search as somebody fills it in. There is no field by which
// a person or a rank could be looked for.
type searchFields struct {
	Words string
	Order string
	State string
	From  string // a day
	To    string // a day, and all of it
}

func searchFieldsOf(v *visit) searchFields {
	return searchFields{strings.TrimSpace(v.PostFormValue("words")), v.PostFormValue("order"), v.PostFormValue("state"), v.PostFormValue("from"), v.PostFormValue("to")}
}

// sought is what the desk is asked, its days on the office's clocks, or the
// field that cannot be read. Whether order and state are any is the desk's to
// say.
func (f searchFields) sought(zone *time.Location) (s desk.Sought, bad string) {
	s = desk.Sought{Words: f.Words, Order: f.Order, State: jurat.IncidentState(f.State)}
	for _, day := range []struct {
		text, field string
		into        *time.Time
		later       int
	}{{f.From, "from", &s.From, 0}, {f.To, "to", &s.Until, 1}} {
		if day.text == "" {
			continue
		}
		at, err := time.ParseInLocation(time.DateOnly, day.text, zone)
		if err != nil || at.Year() < 1 || at.Year() > 9998 {
			return s, day.field
		}
		*day.into = at.AddDate(0, 0, day.later)
	}
	return s, ""
}

// fieldsOf is a search as somebody filled it in.
func fieldsOf(s desk.Sought, zone *time.Location) searchFields {
	f := searchFields{Words: s.Words, Order: s.Order, State: string(s.State)}
	if !s.From.IsZero() {
		f.From = s.From.In(zone).Format(time.DateOnly)
	}
	if !s.Until.IsZero() {
		f.To = s.Until.In(zone).AddDate(0, 0, -1).Format(time.DateOnly)
	}
	return f
}

// Under is the order asked for, where it is in force.
func (b searchBody) Under() *desk.Order {
	if i := slices.IndexFunc(b.Orders, func(o *desk.Order) bool { return o.ID == b.Order }); i >= 0 {
		return b.Orders[i]
	}
	return nil
}

// Where is the page that shows what was found: its own, or the part of its
// incident that lists such items.
func (searchBody) Where(i jurat.Item) string {
	incident := "/incidents/" + string(i.ID.Incident())
	switch i.Noun {
	case jurat.NounIncident, jurat.NounRecord, jurat.NounExhibit, jurat.NounRedaction, jurat.NounReferral, jurat.NounDossier:
		return itemPath(i.ID)
	case jurat.NounParty:
		return incident + "#persons"
	case jurat.NounAccount:
		return incident + "/accounts#account-" + countOf(i.ID)
	case jurat.NounAllegation:
		return incident + "/elements#allegation-" + countOf(i.ID)
	case jurat.NounFlag:
		return incident + "#exhibits"
	}
	return incident
}

func (c *Counter) searchBody(v *visit, f searchFields) (searchBody, error) {
	all, err := c.Desk.Orders(v.ctx())
	return searchBody{searchFields: f, Orders: all, States: jurat.IncidentStates[:]}, err
}

// searchForm asks what to look for.
func (c *Counter) searchForm(w http.ResponseWriter, v *visit) error {
	if err := c.walled(v); err != nil {
		return err
	}
	body, err := c.searchBody(v, searchFields{})
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "search", body)
	return nil
}

// search takes what somebody looks for, keeps it and leads to its number. The
// words come posted and stand in no address (LAW-9).
func (c *Counter) search(w http.ResponseWriter, v *visit) error {
	if err := c.walled(v); err != nil {
		return err
	}
	body, err := c.searchBody(v, searchFieldsOf(v))
	if err != nil {
		return err
	}
	wrongly := func(field, say string) error {
		if field == "from" || field == "to" { // a field of a day holds nothing else
			body.From, body.To = "", ""
		}
		c.showWrong(w, v, http.StatusUnprocessableEntity, "search", body, []wrong{{field, say}})
		return nil
	}
	s, bad := body.sought(c.Zone)
	switch {
	case bad != "":
		return wrongly(bad, c.say(v, "audit.bad_day"))
	case body.searchFields == searchFields{}:
		return wrongly("words", c.say(v, "search.empty"))
	case body.Order != "" && body.Under() == nil:
		return wrongly("order", c.say(v, "search.bad_order"))
	case body.State != "" && !slices.Contains(body.States, s.State):
		return wrongly("state", c.say(v, "search.bad_state"))
	}
	number, err := c.Desk.KeepSearch(v.ctx(), v.caller(), v.at, s)
	if say, ok := mistake(err); ok {
		return wrongly("words", say)
	}
	if err != nil {
		return err
	}
	return see(w, v, "/search/"+strconv.Itoa(number))
}

// searched shows what is found of a search that is kept, page by page. That
// somebody looked is in the journal each time.
func (c *Counter) searched(w http.ResponseWriter, v *visit) error {
	if err := c.walled(v); err != nil {
		return err
	}
	number, err := strconv.Atoi(v.PathValue("search"))
	if err != nil || number < 1 || strconv.Itoa(number) != v.PathValue("search") {
		return nothingHere
	}
	after, err := afterIncident(v.URL.Query().Get("after"))
	if err != nil {
		return nothingHere
	}
	s, err := c.Desk.KeptSearch(v.ctx(), v.caller(), v.at, number)
	if err != nil {
		return err
	}
	body, err := c.searchBody(v, fieldsOf(s, c.Zone))
	if err != nil {
		return err
	}
	body.Number, body.Later, body.Since, body.Until = number, after != "", s.From, s.Until
	if !s.Until.IsZero() {
		body.Until = s.Until.In(c.Zone).AddDate(0, 0, -1)
	}
	lines, err := c.Desk.Search(v.ctx(), v.caller(), v.at, s, after, listed+1)
	if err != nil {
		return err
	}
	if len(lines) > listed {
		lines = lines[:listed]
		body.Next = lines[listed-1].Incident
	}
	body.Lines = lines
	c.show(w, v, http.StatusOK, "search", body)
	return nil
}
