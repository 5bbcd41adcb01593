package web

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// An auditBody is what was done in this record, for whoever may read and
// change nothing.
type auditBody struct {
	auditFilter
	Page    desk.Audit
	Ledger  desk.LedgerState
	Offices []jurat.Office
	Acts    []jurat.Act
	Later   bool // it is not the first page
	Alerts  []desk.Alert
	Check   checkupBody
	Wrong   bool // the filter could not be read, and nothing was listed
}

// An auditFilter narrows an audit. It stands in the address of its page: words of
// closed lists, offices, numbers and days, and nothing of a person.
type auditFilter struct {
	Act      string
	Office   string
	Incident string
	From     string // a day
	To       string // a day, and all of it
	Entered  string // one-operator: only what one operator may have entered as two people
}

// The fields of an audit's filter, as they stand in an address.
var auditFields = []string{"act", "office", "incident", "from", "to", "entered"}

func auditFilterOf(q url.Values) auditFilter {
	return auditFilter{q.Get("act"), q.Get("office"), q.Get("incident"), q.Get("from"), q.Get("to"), q.Get("entered")}
}

// Narrows reports whether anything is left out.
func (f auditFilter) Narrows() bool { return f != auditFilter{} }

// At is the address of a page with this filter: what stands after the path.
func (f auditFilter) At(path string, more ...string) string {
	q := url.Values{}
	for i, value := range []string{f.Act, f.Office, f.Incident, f.From, f.To, f.Entered} {
		if value != "" {
			q.Set(auditFields[i], value)
		}
	}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// Place is the number of an event in the ledger, as people count them.
func (auditBody) Place(leaf *int64) int64 { return *leaf + 1 }

// oneOperator is the word of the filter for acts that one operator may have
// entered as two people.
const oneOperator = "one-operator"

// auditAsk is what the desk is asked by a filter, on the office's clocks, or what of
// it cannot be read, by its field.
func (c *Counter) auditAsk(f auditFilter) (ask desk.AuditAsk, bad string) {
	ask = desk.AuditAsk{Act: jurat.Act(f.Act), Office: jurat.OfficeID(f.Office), Incident: jurat.IncidentNumber(f.Incident), OneOperator: f.Entered == oneOperator}
	if f.Act != "" && !slices.Contains(c.pages.words.acts, ask.Act) {
		return ask, "act"
	}
	if f.Entered != "" && !ask.OneOperator {
		return ask, "entered"
	}
	if f.Incident != "" {
		if _, err := jurat.ParseIncidentNumber(f.Incident); err != nil {
			return ask, "incident"
		}
	}
	for _, day := range []struct {
		text, field string
		into        *time.Time
		later       int
	}{{f.From, "from", &ask.From, 0}, {f.To, "to", &ask.Until, 1}} {
		if day.text == "" {
			continue
		}
		at, err := time.ParseInLocation(time.DateOnly, day.text, c.Zone)
		if err != nil {
			return ask, day.field
		}
		*day.into = at.AddDate(0, 0, day.later)
	}
	return ask, ""
}

// audit lists what was done, the newest first, narrowed as the address says. It
// says with every line whether it was signed.
func (c *Counter) audit(w http.ResponseWriter, v *visit) error {
	body, err := c.auditBody(v)
	if err != nil {
		return err
	}
	ask, bad := c.auditAsk(body.auditFilter)
	if bad != "" {
		return c.auditWrong(w, v, body, wrong{bad, c.say(v, badAudit[bad])})
	}
	ask.Before = jurat.EventID(v.URL.Query().Get("before"))
	body.Page, err = c.Desk.Audit(v.ctx(), v.caller(), v.at, ask)
	if _, typed := mistake(err); typed { // no page begins there
		return nothingHere
	}
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "audit", body)
	return nil
}

// auditBody is what stands about a list, whatever it is narrowed to.
func (c *Counter) auditBody(v *visit) (auditBody, error) {
	q := v.URL.Query()
	body := auditBody{auditFilter: auditFilterOf(q), Acts: c.pages.words.acts, Later: q.Get("before") != ""}
	var err error
	if body.Ledger, err = c.Desk.Ledger(v.ctx(), v.caller(), v.at); err != nil {
		return body, err
	}
	if body.Alerts, err = c.Desk.Alerts(v.ctx(), v.caller(), v.at); err != nil {
		return body, err
	}
	if body.Check, err = c.checkupBody(v); err != nil {
		return body, err
	}
	body.Offices, err = c.Desk.Offices(v.ctx(), v.caller(), v.at)
	return body, err
}

// badAudit says of each field of the filter why it was not taken.
var badAudit = map[string]string{"act": "audit.bad_act", "entered": "audit.bad_act", "incident": "audit.bad_incident", "from": "audit.bad_day", "to": "audit.bad_day"}

// auditWrong shows the page without a list, and says what was wrong.
func (c *Counter) auditWrong(w http.ResponseWriter, v *visit, body auditBody, bad wrong) error {
	body.Wrong = true
	if bad.Field == "from" || bad.Field == "to" { // a field of a day holds nothing else
		body.From, body.To = "", ""
	}
	c.showWrong(w, v, http.StatusUnprocessableEntity, "audit", body, []wrong{bad})
	return nil
}

// auditFileMost is how many events one sheet has at most: it is whole, or not
// given.
const auditFileMost = 20_000

// auditFile gives what an audit lists as a sheet, all of it.
func (c *Counter) auditFile(w http.ResponseWriter, v *visit) error {
	f := auditFilterOf(v.URL.Query())
	ask, bad := c.auditAsk(f)
	if bad != "" {
		return nothingHere
	}
	ask.Limit = 1000
	var all []desk.Audited
	for {
		page, err := c.Desk.Audit(v.ctx(), v.caller(), v.at, ask)
		if err != nil {
			return err
		}
		all = append(all, page.Events...)
		if len(all) > auditFileMost {
			body, err := c.auditBody(v)
			if err != nil {
				return err
			}
			return c.auditWrong(w, v, body, wrong{"from", c.say(v, "audit.file_most", "most", auditFileMost)})
		}
		if page.Next == "" {
			break
		}
		ask.Before = page.Next
	}
	text, err := desk.AuditSheet(all)
	if err != nil {
		return err
	}
	attach(w, "text/csv; charset=utf-8", "audit.csv", text)
	return nil
}

// disclosure gives one event with all its open claims as an SD-JWT, to whoever
// may open what it is of; of an incident, that opens it.
func (c *Counter) disclosure(w http.ResponseWriter, v *visit) error {
	id := jurat.EventID(v.PathValue("event"))
	text, _, err := c.Desk.DiscloseOpen(v.ctx(), v.caller(), v.at, id)
	if err != nil {
		return err
	}
	attach(w, "application/sd-jwt", string(id)+".sd-jwt", []byte(text))
	return nil
}

// inclusion gives the proof that an event's leaf is in the ledger, as disclosure
// gives the event.
func (c *Counter) inclusion(w http.ResponseWriter, v *visit) error {
	id := jurat.EventID(v.PathValue("event"))
	_, proof, err := c.Desk.DiscloseOpen(v.ctx(), v.caller(), v.at, id)
	if err != nil {
		return err
	}
	attach(w, "text/plain; charset=utf-8", string(id)+".tlog-proof", proof)
	return nil
}

// auditCodebook says what every column of the sheet means.
func (c *Counter) auditCodebook(w http.ResponseWriter, v *visit) error {
	if _, err := c.Desk.Alerts(v.ctx(), v.caller(), v.at); err != nil { // who may audit
		return err
	}
	c.show(w, v, http.StatusOK, "auditcodebook", desk.AuditColumns)
	return nil
}
