package web

import (
	"strconv"
	"strings"
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

// house are the operations on what is of no incident.
func (a *api) house() {
	const tag = "House"
	getList(a, "/duties", "listDuties", tag, "List what your role owes, the overdue first", func(v *visit, p paged) (list[desk.DutyLine], error) {
		owner := string(v.who.Person.Role)
		all, err := a.Desk.Duties(v.ctx(), v.caller(), v.at, func(l desk.DutyLine) bool { return l.Owner == owner })
		if err != nil {
			return list[desk.DutyLine]{}, err
		}
		return pageOf(all, p, func(l desk.DutyLine) string {
			return strings.Join([]string{string(l.Incident), l.Order, l.ID, l.Item, l.Due.Format(time.RFC3339)}, " ")
		})
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
