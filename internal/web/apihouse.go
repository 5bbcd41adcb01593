package web

import (
	"strconv"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// A dutyAsk narrows what is owed.
type orderLine struct {
	ID           string       `json:"id"`
	Title        string       `json:"title"`
	Jurisdiction string       `json:"jurisdiction"`
	Number       string       `json:"number"`
	Version      jurat.Digest `json:"version" doc:"digest of the file"`
}

// A journalEntry is a line of the security journal: never what was looked for.
type journalEntry struct {
	N      int64          `json:"n"`
	At     time.Time      `json:"at"`
	Kind   string         `json:"kind"`
	Person jurat.PersonID `json:"person,omitempty"`
	Office jurat.OfficeID `json:"office,omitempty"`
}

// An alertLine is an office that was refused again and again: never for what.
type alertLine struct {
	N       int64          `json:"n" doc:"its line in the security journal"`
	At      time.Time      `json:"at"`
	Office  jurat.OfficeID `json:"office"`
	Wall    string         `json:"wall"`
	Refused int            `json:"refused" doc:"how many attempts, at the time of the alert"`
	Seconds int64          `json:"seconds" doc:"within how long"`
}

// A signOnBody is who somebody was said to be at a single sign-on.
type signOnBody struct {
	Person  jurat.PersonID `json:"person"`
	Issuer  string         `json:"issuer"`
	Subject string         `json:"subject"`
}

// A done says that it is done, where nothing stands on the record of it.
type done struct {
	Done bool `json:"done"`
}

// An auditQuery narrows an audit, page by page.
type auditQuery struct {
	Paged
	Act      string `query:"act" maxLength:"60" doc:"only that act, such as record.approved"`
	Office   string `query:"office" maxLength:"60" doc:"only by people of that office"`
	Incident string `query:"incident" maxLength:"20" doc:"only of that incident, which opens it"`
	From     string `query:"from" maxLength:"10" doc:"from that day on, on the office's clocks" example:"2026-01-31"`
	To       string `query:"to" maxLength:"10" doc:"to the end of that day" example:"2026-02-28"`
	Entered  string `query:"entered" maxLength:"20" doc:"one-operator: only acts of a second person that one operator may have entered as both"`
}

// An auditOut is a page of an audit, and what no page of it has.
type auditOut struct {
	list[desk.Audited]
	Missing     []desk.Torn `json:"missing,omitempty" doc:"events that cannot be found: of the incident asked for, or with the first page of the whole record. What was done is not known then, and is not that nothing was"`
	MissingMore bool        `json:"missing_more,omitempty" doc:"there are more of those"`
}

// auditOutOf is an audit as programs get it.
func auditOutOf(in jurat.IncidentNumber, a desk.Audit) auditOut {
	out := auditOut{list[desk.Audited]{Items: append([]desk.Audited{}, a.Events...), Next: string(a.Next)}, a.Torn, a.TornMore}
	if len(a.Lost) > 0 {
		out.Missing = []desk.Torn{{Incident: in, Lost: a.Lost}}
	}
	return out
}

// A checkupOut is the last checkup of the record, and one that goes on.
type checkupOut struct {
	Last  *desk.Checkup `json:"last,omitempty" doc:"absent: there was none"`
	Since time.Time     `json:"since,omitzero" doc:"when the one that goes on began"`
}

// A keysOut is keys by what anybody may know of them.
type keysOut struct {
	Record []desk.KeyLine    `json:"record"`
	People []desk.PersonKeys `json:"people"`
}

// house are the operations on what is of no incident.
func (a *api) house() {
	const tag = "House"
	getList(a, "/duties", "listDuties", tag, "List what your role owes, the overdue first", func(v *visit, p paged) (list[desk.DutyLine], error) {
		page, err := a.Desk.DutyPage(v.ctx(), v.caller(), v.at, string(v.who.Person.Role), p.After, p.Limit)
		return list[desk.DutyLine]{Items: page.Lines, Next: page.Next}, err
	})
	getList(a, "/orders", "listOrders", tag, "List the orders in force in this record", func(v *visit, p paged) (list[orderLine], error) {
		all, err := a.Desk.Orders(v.ctx())
		if err != nil {
			return list[orderLine]{}, err
		}
		lines := make([]orderLine, len(all))
		for i, o := range all {
			lines[i] = orderLine{o.ID, o.Title, o.Jurisdiction, o.Number, o.Digest}
		}
		return pageOf(lines, p, func(l orderLine) string { return l.ID })
	})
	get(a, "/orders/{order}", "showOrder", tag, "Show an order as the record reads it", func(v *visit) (any, error) {
		all, err := a.Desk.Orders(v.ctx())
		if err != nil {
			return nil, err
		}
		for _, o := range all {
			if o.ID == v.PathValue("order") {
				return o, nil
			}
		}
		return nil, nothingHere
	})
	getList(a, "/events", "listHouseEvents", tag, "List the events of the house, the oldest first", func(v *visit, p paged) (list[desk.Said], error) {
		return a.events(v, "", p)
	})
	getNarrowed(a, "/audit", "listAudit", tag, "List what was done in this record, the newest first, for whoever may audit it; asked for an incident, that you looked is on the record", func(v *visit, in auditQuery) (auditOut, error) {
		ask, bad := a.auditAsk(auditFilter{in.Act, in.Office, in.Incident, in.From, in.To, in.Entered})
		if bad != "" {
			return auditOut{}, jurat.Errorf(jurat.Invalid, "%s: %s", bad, a.say(v, badAudit[bad]))
		}
		ask.Before, ask.Limit = jurat.EventID(in.After), in.Limit
		page, err := a.Desk.Audit(v.ctx(), v.caller(), v.at, ask)
		return auditOutOf(ask.Incident, page), err
	})
	get(a, "/ledger", "showLedger", tag, "Show how far the ledger is published, and how far somebody outside has signed it, for whoever may audit", func(v *visit) (desk.LedgerState, error) {
		return a.Desk.Ledger(v.ctx(), v.caller(), v.at)
	})
	get(a, "/audit/check", "showCheckup", tag, "Show what came of the last time everything the record holds was derived again, for whoever may audit", func(v *visit) (checkupOut, error) {
		body, err := a.checkupBody(v)
		return checkupOut{body.Last, body.Since}, err
	})
	postBare(a, "/audit/check", "checkRecord", tag, "Begin to derive again everything the record holds, if nobody does; nothing is changed", func(v *visit) (checkupOut, error) {
		if err := a.beginCheckup(v); err != nil {
			return checkupOut{}, err
		}
		body, err := a.checkupBody(v)
		return checkupOut{body.Last, body.Since}, err
	})
	get(a, "/health", "showHealth", tag, "Show how the machine and the record are, for an administrator", func(v *visit) ([]Sign, error) {
		return a.signs(v)
	})
	get(a, "/first-day", "showFirstDay", tag, "Show what a new record needs and whether it is there, for an administrator", func(v *visit) ([]dayLine, error) {
		if err := a.Desk.MayAdmit(v.ctx(), v.caller(), v.at); err != nil {
			return nil, err
		}
		return a.firstDay(v)
	})
	postBare(a, "/backup", "stateBackup", tag, "State that a backup was made, for an administrator: this program makes none, and sees none", func(v *visit) (done, error) {
		return done{true}, a.Desk.StateBackup(v.ctx(), v.caller(), v.at)
	})
	get(a, "/keys", "showKeys", tag, "Show the keys of the record and whose keys are on it, by what anybody may know of them, for an administrator", func(v *visit) (keysOut, error) {
		keys, people, err := a.Desk.Keys(v.ctx(), v.caller(), v.at)
		return keysOut{keys, people}, err
	})
	getList(a, "/alerts", "listAlerts", tag, "List the offices that were refused again and again within ninety days, the newest first, for whoever may read the security journal", func(v *visit, p paged) (list[alertLine], error) {
		all, err := a.Desk.Alerts(v.ctx(), v.caller(), v.at)
		out := make([]alertLine, 0, len(all))
		for _, x := range all {
			out = append(out, alertLine{x.N, x.At, x.Office, x.Wall, x.Refused, int64(x.Within / time.Second)})
		}
		return paging(out, err, p, func(l alertLine) string { return strconv.FormatInt(l.N, 10) })
	})
	getList(a, "/sign-ons", "listSignOns", tag, "List who is said to be whom at the single sign-on, for an administrator", func(v *visit, p paged) (list[desk.SignOn], error) {
		all, err := a.Desk.SignOns(v.ctx(), v.caller(), v.at)
		return paging(all, err, p, func(l desk.SignOn) string { return l.Issuer + " " + l.Subject })
	})
	post(a, "/sign-ons/drop", "dropSignOn", tag, "Take back who somebody is at the single sign-on, and end the person's sessions. That somebody is let in, a person decides, at a page", func(v *visit, in signOnBody) (done, error) {
		return done{true}, a.Desk.DropSignOn(v.ctx(), v.caller(), v.at, in.Person, in.Issuer, in.Subject)
	})
	getList(a, "/journal", "listJournal", tag, "List the security journal, the oldest line first, for whoever may read it", func(v *visit, p paged) (list[journalEntry], error) {
		var after int64
		if p.After != "" {
			var err error
			if after, err = strconv.ParseInt(p.After, 10, 64); err != nil || after < 0 {
				return list[journalEntry]{}, jurat.Errorf(jurat.Invalid, "after is the number of a line")
			}
		}
		rows, err := a.Desk.Journal(v.ctx(), v.caller(), v.at, after, p.Limit+1)
		out := make([]journalEntry, len(rows))
		for i, r := range rows {
			out[i] = journalEntry{r.N, r.At, r.Kind, r.Person, r.Office}
		}
		return listOf(out, p.Limit, func(e journalEntry) string { return strconv.FormatInt(e.N, 10) }), err
	})
}
