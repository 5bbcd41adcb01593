package order

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // so that a time zone never depends on the machine
)

// Kinds of legal instrument an order may be (ORD-1).
var Kinds = [...]string{"executive_order", "ordinance", "code_section", "admin_rule", "directive", "court_order", "statute"}

// A Source is where something in the order was read.
type Source struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Address string `json:"address,omitempty"`
	Kind    string `json:"kind"` // one of SourceKinds
	Date    Day    `json:"date,omitzero"`
	Seen    Day    `json:"seen"`
	Note    string `json:"note,omitempty"`
}

// SourceKinds lists what a source may be.
var SourceKinds = [...]string{"primary", "press", "repost", "secondary", "court", "statute", "bill", "guidance"}

// A Standing is a state of the order from a moment on.
type Standing string

// The standings.
const (
	InForce        Standing = "in_force"
	Stayed         Standing = "stayed"
	EnjoinedInPart Standing = "enjoined_in_part"
	Disputed       Standing = "disputed" // a dispute changes nothing by itself
	Expired        Standing = "expired"
	Repealed       Standing = "repealed"
	notYet         Standing = "not_yet"
)

// Standings lists every standing a file may state.
var Standings = [...]Standing{InForce, Stayed, EnjoinedInPart, Disputed, Expired, Repealed}

// A Status is one entry of an order's status history. One without a date is
// shown and changes nothing: from when it holds is not stated.
type Status struct {
	State     Standing `json:"state"`
	Date      Day      `json:"date,omitzero"`
	Authority string   `json:"authority"`
	Duties    []string `json:"duties,omitempty"` // enjoined in part: those suspended
	Footing
}

// A Position is what one side holds about a disputed clause, at equal rank.
type Position struct {
	ID   string `json:"id"`
	By   string `json:"by"`
	Says string `json:"says"`
	Footing
}

// A Clause is words of the order as a source has them, with how they stand.
type Clause struct {
	ID        string     `json:"id"`
	Title     Label      `json:"title"`
	State     string     `json:"state"` // undisputed, disputed, not_found
	Positions []Position `json:"positions,omitempty"`
	Footing
}

// ClauseStates lists how a clause may stand.
var ClauseStates = [...]string{"undisputed", "disputed", "not_found"}

// A Language the order's labels are in. Reviewed says that a person who
// answers for it read them.
type Language struct {
	ID       string `json:"id"`
	Reviewed bool   `json:"reviewed"`
}

// A Dated is a date with what it stands on.
type Dated struct {
	From, To Day
	Footing
}

var headKeys = []string{
	"jurat", "id", "jurisdiction", "kind", "number", "title", "languages", "time_zone", "sources", "signed", "effective", "status",
	"clauses", "choices", "tables", "offences", "schedules", "grounds", "holidays", "records", "moments", "terms", "duties", "gates", "viewing",
	"forms", "rights", "instructions", "publication", "surges", "fees", "tests",
}

// Version is the one version of the file format this room reads.
const Version = "order-1"

func (p *parsing) head(g group) {
	o := p.order
	if v := g.needText("jurat"); v != "" && v != Version {
		n := g.get("jurat")
		p.problem(n.line, n.col, fmt.Sprintf("jurat: %q", v), Version, "this program reads no other version")
	}
	o.ID = g.ident(idPattern, map[string]bool{})
	o.Jurisdiction, o.Number, o.Title = g.needText("jurisdiction"), g.needText("number"), g.needText("title")
	o.Kind = g.needChoice("kind", Kinds[:])
	p.zone(g)
	p.languages(g)
	p.sources(g)
	if n := g.get("signed"); n != nil {
		d := p.group(n, "signed", footed("date")...)
		o.Signed = Dated{From: p.day(d.need("date"), "date", o.Zone), Footing: p.footing(d, nil)}
	}
	if n := g.need("effective"); n != nil {
		d := p.group(n, "effective", footed("from", "to")...)
		o.Effective = Dated{From: p.day(d.get("from"), "from", o.Zone), To: p.day(d.get("to"), "to", o.Zone), Footing: p.footing(d, nil)}
	}
	p.statuses(g)
	p.clauses(g)
	p.choices(g)
}

func (p *parsing) zone(g group) {
	p.order.Zone = time.UTC
	n := g.need("time_zone")
	name := p.text(n, "time_zone")
	if name == "" {
		return
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" || strings.Contains(name, "..") {
		p.problem(n.line, n.col, fmt.Sprintf("time zone %q", name), "a name such as America/Chicago", "")
		return
	}
	p.order.Zone = zone
}

func (p *parsing) languages(g group) {
	taken := map[string]bool{}
	for _, n := range p.items(g.need("languages"), "languages") {
		l := p.group(n, "a language", "id", "reviewed")
		id := l.needChoice("id", Languages[:])
		if taken[id] && id != "" {
			p.problem(n.line, n.col, fmt.Sprintf("the language %q stands twice", id), "each once", "")
		}
		taken[id] = true
		l.need("reviewed")
		p.order.Languages = append(p.order.Languages, Language{ID: id, Reviewed: l.truth("reviewed")})
	}
	if n := g.get("languages"); n != nil && !taken["en"] {
		p.problem(n.line, n.col, "the order's languages do not name English", "id: en", "")
	}
}

func (p *parsing) sources(g group) {
	taken := map[string]bool{}
	for _, n := range p.items(g.need("sources"), "sources") {
		e := p.group(n, "a source", "id", "title", "address", "kind", "date", "seen", "note")
		s := Source{
			ID: e.ident(idPattern, taken), Title: e.needText("title"), Address: e.text("address"), Kind: e.needChoice("kind", SourceKinds[:]),
			Date: p.day(e.get("date"), "date", p.order.Zone), Seen: p.day(e.need("seen"), "seen", p.order.Zone), Note: e.text("note"),
		}
		if a := e.get("address"); a != nil && !strings.HasPrefix(s.Address, "https://") && !strings.HasPrefix(s.Address, "http://") {
			p.problem(a.line, a.col, fmt.Sprintf("address %q", s.Address), "an address that begins with https:// or http://", "")
		}
		p.order.Sources = append(p.order.Sources, s)
	}
}

func (p *parsing) statuses(g group) {
	var last Day
	for _, n := range p.items(g.need("status"), "status") {
		e := p.group(n, "a status", footed("state", "date", "authority", "duties")...)
		st := Status{
			State: Standing(e.needChoice("state", names(Standings[:]))), Date: p.day(e.get("date"), "date", p.order.Zone),
			Authority: e.needText("authority"), Footing: p.footing(e, nil),
		}
		for _, d := range e.each("duties") {
			st.Duties = append(st.Duties, p.text(d, "duties"))
			p.later(d, "duty or fee")
		}
		if (st.State == EnjoinedInPart) != (len(st.Duties) > 0) && st.State != "" {
			p.problem(n.line, n.col, "a status that names duties, or is enjoined in part and names none", "duties with enjoined_in_part, and only there", "")
		}
		if st.Date.Stated() && last.Stated() && st.Date.At.Before(last.At) {
			p.problem(n.line, n.col, fmt.Sprintf("the status of %s stands after that of %s", st.Date, last), "the status history in the order of its dates", "")
		}
		if st.Date.Stated() {
			last = st.Date
		} else {
			p.warn(n.line, n.col, fmt.Sprintf("the status %q has no date: it is shown as \"not stated\" and changes nothing", st.State))
		}
		p.order.Status = append(p.order.Status, st)
	}
}

func (p *parsing) clauses(g group) {
	taken := map[string]bool{}
	for _, n := range g.each("clauses") {
		e := p.group(n, "a clause", footed("id", "title", "state", "positions")...)
		c := Clause{ID: e.ident(idPattern, taken), Title: p.label(e.need("title"), "title"), State: e.needChoice("state", ClauseStates[:]), Footing: p.footing(e, nil)}
		held := map[string]bool{}
		for _, m := range e.each("positions") {
			q := p.group(m, "a position", footed("id", "by", "says")...)
			c.Positions = append(c.Positions, Position{ID: q.ident(idPattern, held), By: q.needText("by"), Says: q.needText("says"), Footing: p.footing(q, nil)})
		}
		if c.State == "disputed" && len(c.Positions) < 2 {
			p.problem(n.line, n.col, fmt.Sprintf("the clause %q is disputed and gives fewer than two positions", c.ID), "the position of each side, at equal rank", "")
		}
		p.order.Clauses = append(p.order.Clauses, c)
	}
}

func (p *parsing) choices(g group) {
	taken := map[string]bool{}
	for _, n := range g.each("choices") {
		e := p.group(n, "a choice", footed("id", "title")...)
		c := Adopted{ID: e.ident(idPattern, taken), Title: p.label(e.need("title"), "title"), Footing: p.footing(e, nil)}
		if c.Basis != Choice && c.Basis != "" {
			p.problem(n.line, n.col, fmt.Sprintf("the choice %q stands on %q", c.ID, c.Basis), "basis: choice", "")
		}
		p.order.Choices = append(p.order.Choices, c)
	}
}

// An Adopted is a choice no source makes: named, so that nobody takes it for
// the order's own words.
type Adopted struct {
	ID    string `json:"id"`
	Title Label  `json:"title"`
	Footing
}

// StatusAt gives the standing of the order at a moment, and the entry of its
// history that says so. An entry without a date changes nothing, except that
// an order stated to be in force without a date is in force from the first.
// Before the first dated entry of any other order it is not yet in force.
// A dispute changes nothing but the word.
func (o *Order) StatusAt(at time.Time) (Standing, Status) {
	state, entry := notYet, Status{}
	for _, s := range o.Status {
		switch {
		case !s.Date.Stated():
			if s.State == InForce && state == notYet {
				state, entry = InForce, s
			}
		case s.Date.At.After(at):
		case s.State != Disputed || state == InForce || state == notYet:
			state, entry = s.State, s
		}
	}
	if to := o.Effective.To; to.Stated() && !at.Before(to.end()) && state != Expired && state != Repealed {
		return Expired, Status{State: Expired, Date: to, Authority: "the order's own end date", Footing: o.Effective.Footing}
	}
	return state, entry
}

// end is the moment a last day is over, or the moment itself.
func (d Day) end() time.Time {
	if d.Date {
		return d.At.AddDate(0, 0, 1)
	}
	return d.At
}
