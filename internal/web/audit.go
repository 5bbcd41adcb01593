package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"jurat"
	"jurat/internal/desk"
)

// An auditBody is what was done in this record, for whoever may read and
// change nothing.
type auditBody struct {
	Incident jurat.IncidentNumber // empty: the house's own
	Events   []desk.Said
	Sealed   []desk.Said // openings of sealed parts
	Journal  []journalLine
	After    int64
	More     bool
}

// A journalLine is one line of the security journal: who by office and what,
// never what was looked for.
type journalLine struct {
	N      int64
	Kind   string
	Person jurat.PersonID
	Office jurat.OfficeID
	When   string
}

// journalled is how many lines of the journal a page has.
const journalled = 100

// audit shows the events of an incident, or of the house, and the security
// journal. It says with every line whether it was signed.
func (c *Counter) audit(w http.ResponseWriter, v *visit) error {
	in := jurat.IncidentNumber(v.URL.Query().Get("incident"))
	if in != "" {
		if _, err := jurat.ParseIncidentNumber(string(in)); err != nil {
			return nothingHere
		}
	}
	after, err := strconv.ParseInt(v.URL.Query().Get("after"), 10, 64)
	if err != nil || after < 0 {
		after = 0
	}
	rows, err := c.Desk.Journal(v.ctx(), v.caller(), v.at, after, journalled+1)
	if err != nil {
		return err
	}
	body := auditBody{Incident: in, After: after}
	if len(rows) > journalled {
		rows, body.More = rows[:journalled], true
		body.After = rows[journalled-1].N
	}
	for _, r := range rows {
		body.Journal = append(body.Journal, journalLine{r.N, c.journalKind(v, r.Kind), r.Person, r.Office, r.At.In(c.Zone).Format("2006-01-02 15:04:05")})
	}
	if body.Events, err = c.Desk.Events(v.ctx(), v.caller(), v.at, in); err != nil {
		return err
	}
	for _, e := range body.Events {
		if e.Act == jurat.IdentityOpened {
			body.Sealed = append(body.Sealed, e)
		}
	}
	slices.Reverse(body.Events)
	c.show(w, v, http.StatusOK, "audit", body)
	return nil
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
