package order

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Table is a list of the order's own: agencies, activities, kinds of force.
// A schema refers to it as $ref: table:ID.
type Table struct {
	ID    string `json:"id"`
	Title Label  `json:"title"`
	Items []Item `json:"items"`
	Footing
}

// An Item is one entry of a table.
type Item struct {
	ID    string `json:"id"`
	Label Label  `json:"label"`
	Footing
}

// Codes gives the ids of the table's items, in order.
func (t Table) Codes() []string {
	out := make([]string, len(t.Items))
	for i, it := range t.Items {
		out[i] = it.ID
	}
	return out
}

func (p *parsing) tables(g group) {
	taken := map[string]bool{}
	for _, n := range g.each("tables") {
		e := p.group(n, "a table", footed("id", "title", "items")...)
		t := Table{ID: e.ident(namePattern, taken), Title: p.label(e.need("title"), "title"), Footing: p.footing(e, nil)}
		codes := map[string]bool{}
		for _, m := range p.items(e.need("items"), "items") {
			i := p.group(m, "an entry of the table "+t.ID, footed("id", "label")...)
			t.Items = append(t.Items, Item{ID: i.ident(codePattern, codes), Label: p.label(i.need("label"), "label"), Footing: p.footing(i, &t.Footing)})
		}
		p.order.Tables = append(p.order.Tables, t)
	}
}

// Levels of an offence.
var Levels = [...]string{"felony", "misdemeanor", "ordinance", "unclear"}

// An Offence is one entry of the offence table: law a record may allege to be
// broken, by whomever (LAW-12).
type Offence struct {
	ID         string    `json:"id"`
	Label      Label     `json:"label"`
	Cite       string    `json:"cite"`
	Level      string    `json:"level"`           // one of Levels; unclear where it depends on facts
	Class      string    `json:"class,omitempty"` // as the law says it
	Limitation Limit     `json:"limitation,omitzero"`
	Elements   []Element `json:"elements,omitempty"`
	Footing
}

// A Limit is the time within which an offence may be charged, with what that
// rests on: often less than the offence itself does.
type Limit struct {
	Within Period `json:"within"`
	Footing
}

// An Element is one thing the law cited requires.
type Element struct {
	ID   string `json:"id"`
	Text Label  `json:"text"`
	Footing
}

// ToBeConfirmed is what is printed beside an offence or element nobody
// verified. It may be referred with these words.
const ToBeConfirmed = "to be confirmed by counsel"

func (p *parsing) offences(g group) {
	taken := map[string]bool{}
	for _, n := range g.each("offences") {
		e := p.group(n, "an offence", footed("id", "label", "cite", "level", "class", "limitation", "elements")...)
		o := Offence{
			ID: e.ident(idPattern, taken), Label: p.label(e.need("label"), "label"), Cite: e.needText("cite"), Level: e.needChoice("level", Levels[:]),
			Class: e.text("class"), Footing: p.footing(e, nil),
		}
		if l := e.get("limitation"); l != nil {
			x := p.group(l, "a limitation", footed("within")...)
			o.Limitation = Limit{Within: p.period(x.need("within"), "within"), Footing: p.footing(x, nil)}
		}
		ids := map[string]bool{}
		for _, m := range e.each("elements") {
			x := p.group(m, "an element of "+o.ID, footed("id", "text")...)
			o.Elements = append(o.Elements, Element{ID: x.ident(idPattern, ids), Text: p.label(x.need("text"), "text"), Footing: p.footing(x, &o.Footing)})
		}
		if len(o.Elements) == 0 {
			p.warn(n.line, n.col, fmt.Sprintf("the offence %q has no elements: an allegation of it cannot be referred (RPT-2)", o.ID))
		}
		p.order.Offences = append(p.order.Offences, o)
	}
}

// A Unit of a period.
type Unit string

// The units. A day is a calendar day in the order's time zone; a business day
// is one that is neither a Saturday, a Sunday nor a holiday of the order.
const (
	Hours        Unit = "hours"
	Days         Unit = "days"
	BusinessDays Unit = "business days"
	Months       Unit = "months"
	Years        Unit = "years"
)

// A Period is a length of time as law states it. The zero Period is "not
// stated".
type Period struct {
	N    int  `json:"n"`
	Unit Unit `json:"unit"`
	None bool `json:"none,omitempty"` // stated to have no end
}

// Stated reports whether the file gives a length.
func (d Period) Stated() bool { return d.N > 0 }

func (d Period) String() string {
	switch {
	case d.None:
		return "no end"
	case d.N == 0:
		return "not stated"
	case d.N == 1:
		return "1 " + strings.TrimSuffix(string(d.Unit), "s")
	}
	return strconv.Itoa(d.N) + " " + string(d.Unit)
}

var periodPattern = regexp.MustCompile(`^([1-9][0-9]{0,4}) (hour|day|business day|month|year)s?$`)

func (p *parsing) period(n *node, key string) Period {
	v := p.text(n, key)
	switch {
	case v == "":
		return Period{}
	case v == "no end":
		return Period{None: true}
	case v == "not stated":
		return Period{}
	}
	m := periodPattern.FindStringSubmatch(v)
	if m == nil {
		p.problem(n.line, n.col, fmt.Sprintf("%s %q", key, v), `a period such as "24 hours", "90 days", "5 business days", "2 years", "no end", or "not stated"`, "")
		return Period{}
	}
	count, _ := strconv.Atoi(m[1])
	d := Period{N: count, Unit: Unit(m[2] + "s")}
	if most := longest[d.Unit]; d.N > most {
		p.problem(n.line, n.col, fmt.Sprintf("%s %q is too long", key, v), fmt.Sprintf("at most %d %s", most, d.Unit), "")
		return Period{}
	}
	return d
}

// longest keeps every due time within the years a calendar can print.
var longest = map[Unit]int{Hours: 20_000, Days: 40_000, BusinessDays: 500, Months: 1_200, Years: 150}

// after gives the moment a period has run from a moment: the same clock time n
// calendar days later, or the end of the n-th business day.
func (o *Order) after(d Period, from time.Time) time.Time {
	local := from.In(o.Zone)
	switch d.Unit {
	case Hours:
		return from.Add(time.Duration(d.N) * time.Hour)
	case Days:
		return local.AddDate(0, 0, d.N).UTC()
	case Months:
		return local.AddDate(0, d.N, 0).UTC()
	case Years:
		return local.AddDate(d.N, 0, 0).UTC()
	}
	day := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, o.Zone)
	for left := d.N; left > 0; {
		day = day.AddDate(0, 0, 1)
		if o.businessDay(day) {
			left--
		}
	}
	return day.AddDate(0, 0, 1).UTC()
}

func (o *Order) businessDay(day time.Time) bool {
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday && !o.holiday[day.Format(time.DateOnly)]
}

// A Holiday is a day that is no business day.
type Holiday struct {
	ID    string `json:"id"`
	Date  Day    `json:"date"`
	Label Label  `json:"label"`
	Footing
}

func (p *parsing) holidays(g group) {
	p.order.holiday = map[string]bool{}
	taken := map[string]bool{}
	for _, n := range g.each("holidays") {
		e := p.group(n, "a holiday", footed("id", "date", "label")...)
		h := Holiday{ID: e.ident(idPattern, taken), Date: p.day(e.need("date"), "date", p.order.Zone), Label: p.label(e.need("label"), "label"), Footing: p.footing(e, nil)}
		if h.Date.Stated() && !h.Date.Date {
			p.problem(n.line, n.col, "a holiday is a day", "a date such as 2026-07-03", "")
		}
		if p.order.holiday[h.Date.Text] {
			p.problem(n.line, n.col, fmt.Sprintf("the holiday %s stands twice", h.Date), "each day once", "")
		}
		p.order.holiday[h.Date.Text] = true
		p.order.Holidays = append(p.order.Holidays, h)
	}
}

// A Schedule says how long a kind of exhibit is kept at least and at most.
type Schedule struct {
	ID      string   `json:"id"`
	Title   Label    `json:"title"`
	Kinds   []string `json:"kinds"` // of exhibit
	When    string   `json:"when"`  // unflagged, flagged, used, always
	Minimum Period   `json:"minimum,omitzero"`
	Maximum Period   `json:"maximum,omitzero"`
	Footing
}

// ScheduleCases lists when a schedule reaches an exhibit.
var ScheduleCases = [...]string{"always", "unflagged", "flagged", "used_in_proceeding"}

// A Ground is a reason for which an exhibit may be flagged (EVD-2).
type Ground struct {
	ID      string `json:"id"`
	Label   Label  `json:"label"`
	Cite    string `json:"cite,omitempty"`
	Minimum Period `json:"minimum,omitzero"`
	Maximum Period `json:"maximum,omitzero"`
	Footing
}

func (p *parsing) retention(g group) {
	taken := map[string]bool{}
	for _, n := range g.each("schedules") {
		e := p.group(n, "a schedule", footed("id", "title", "kinds", "when", "minimum", "maximum")...)
		s := Schedule{
			ID: e.ident(idPattern, taken), Title: p.label(e.need("title"), "title"), When: e.needChoice("when", ScheduleCases[:]),
			Minimum: p.period(e.need("minimum"), "minimum"), Maximum: p.period(e.need("maximum"), "maximum"), Footing: p.footing(e, nil),
		}
		for _, k := range p.items(e.need("kinds"), "kinds") {
			s.Kinds = append(s.Kinds, p.exhibitKind(k))
		}
		p.order.Schedules = append(p.order.Schedules, s)
	}
	taken = map[string]bool{}
	for _, n := range g.each("grounds") {
		e := p.group(n, "a ground", footed("id", "label", "cite", "minimum", "maximum")...)
		p.order.Grounds = append(p.order.Grounds, Ground{
			ID: e.ident(namePattern, taken), Label: p.label(e.need("label"), "label"), Cite: e.text("cite"),
			Minimum: p.period(e.need("minimum"), "minimum"), Maximum: p.period(e.need("maximum"), "maximum"), Footing: p.footing(e, nil),
		})
	}
}

// exhibitKind reads a kind of exhibit, which must be in the order's own table
// exhibit_kinds where it has one.
func (p *parsing) exhibitKind(n *node) string {
	v := p.text(n, "kinds")
	if t, ok := p.order.Table("exhibit_kinds"); ok && v != "" && !slices.Contains(t.Codes(), v) {
		p.problem(n.line, n.col, fmt.Sprintf("kind of exhibit %q", v), "one of the table exhibit_kinds: "+strings.Join(t.Codes(), ", "), nearest(v, t.Codes()))
	}
	return v
}

// Table gives a table of the order by its id.
func (o *Order) Table(id string) (Table, bool) {
	i := slices.IndexFunc(o.Tables, func(t Table) bool { return t.ID == id })
	if i < 0 {
		return Table{}, false
	}
	return o.Tables[i], true
}

// Offence gives an offence of the order by its id.
func (o *Order) Offence(id string) (Offence, bool) {
	i := slices.IndexFunc(o.Offences, func(x Offence) bool { return x.ID == id })
	if i < 0 {
		return Offence{}, false
	}
	return o.Offences[i], true
}
