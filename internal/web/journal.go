package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"jurat"
	"jurat/internal/desk"
)

// A journalBody is the security journal, the newest line first, and the patterns
// in it that somebody should look at.
type journalBody struct {
	Alerts  []desk.Alert
	Journal []journalLine
	Before  int64  // the last number shown
	More    bool   // there are earlier lines
	At      string // the address of the page it stands on
}

// A journalLine is one line of the security journal: who by office and what,
// never what was looked for.
type journalLine struct {
	N      int64
	Kind   string
	Person jurat.PersonID
	Office jurat.OfficeID
	When   string
	Alert  bool     // somebody should look at it soon
	Times  int      // how often it was repeated within the minute; 0: it was not
	Why    []string // by their names: policies, and other reasons
}

// journalled is how many lines of the journal a page has.
const journalled = 100

// auditJournal shows the security journal to whoever audits.
func (c *Counter) auditJournal(w http.ResponseWriter, v *visit) error {
	body, err := c.journalBody(v, "/audit/journal")
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "journal", body)
	return nil
}

// journal shows the security journal to an administrator: no incident's events.
func (c *Counter) journal(w http.ResponseWriter, v *visit) error {
	if err := c.Desk.MayAdmit(v.ctx(), v.caller(), v.at); err != nil {
		return nothingHere
	}
	body, err := c.journalBody(v, "/admin/journal")
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "journal", body)
	return nil
}

// journalBody is the part of the journal a page shows, and its alerts.
func (c *Counter) journalBody(v *visit, at string) (journalBody, error) {
	before, err := strconv.ParseInt(v.URL.Query().Get("before"), 10, 64)
	if err != nil || before < 0 {
		before = 0
	}
	body := journalBody{At: at}
	rows, err := c.Desk.JournalBack(v.ctx(), v.caller(), v.at, before, journalled+1)
	if err != nil {
		return body, err
	}
	if len(rows) > journalled {
		rows, body.More = rows[:journalled], true
		body.Before = rows[journalled-1].N
	}
	for _, r := range rows {
		var said struct {
			Policies []string
			Answer   string // of a checkup
			Alert    bool
			Repeated int
		}
		if err := json.Unmarshal([]byte(r.Detail), &said); err != nil {
			return body, fmt.Errorf("read line %d of the security journal: %w", r.N, err)
		}
		if said.Answer != "" {
			said.Policies = append(said.Policies, said.Answer)
		}
		body.Journal = append(body.Journal, journalLine{
			N: r.N, Kind: c.journalKind(v, r.Kind), Person: r.Person, Office: r.Office, When: r.At.In(c.Zone).Format("2006-01-02 15:04:05"),
			Alert: said.Alert, Times: said.Repeated, Why: said.Policies,
		})
	}
	body.Alerts, err = c.Desk.Alerts(v.ctx(), v.caller(), v.at)
	return body, err
}

// journalKind is what a line of the journal is of, in words; a kind the
// catalogue does not have is shown as it is written, and stops no page.
func (c *Counter) journalKind(v *visit, kind string) string {
	said, err := c.pages.words.say(v.lang, "list.journal."+strings.ReplaceAll(kind, ".", "_"))
	if err != nil {
		return kind
	}
	return said
}
