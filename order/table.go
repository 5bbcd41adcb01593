package order

import (
	"fmt"
	"slices"
	"strings"
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

// A Schedule says how long a kind of exhibit is kept at least and at most. What
// follows for an exhibit is for [Retain] to say.
type Schedule struct {
	ID        string   `json:"id"`
	Title     Label    `json:"title"`
	Version   string   `json:"version,omitempty"`   // of the schedule, as its authority names it
	Authority string   `json:"authority,omitempty"` // who set it, or which law
	Kinds     []string `json:"kinds"`               // of exhibit
	When      string   `json:"when"`                // one of ScheduleCases
	Minimum   Period   `json:"minimum,omitzero"`
	Maximum   Period   `json:"maximum,omitzero"` // an upper bound is a duty to destroy
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
		e := p.group(n, "a schedule", footed("id", "title", "version", "authority", "kinds", "when", "minimum", "maximum")...)
		s := Schedule{
			ID: e.ident(idPattern, taken), Title: p.label(e.need("title"), "title"), Version: e.text("version"), Authority: e.text("authority"), When: e.needChoice("when", ScheduleCases[:]),
			Minimum: p.period(e.need("minimum"), "minimum"), Maximum: p.period(e.need("maximum"), "maximum"), Footing: p.footing(e, nil),
		}
		p.bounds(n, "the schedule "+s.ID, s.Minimum, s.Maximum)
		for _, k := range p.items(e.need("kinds"), "kinds") {
			s.Kinds = append(s.Kinds, p.exhibitKind(k))
		}
		p.order.Schedules = append(p.order.Schedules, s)
	}
	taken = map[string]bool{}
	for _, n := range g.each("grounds") {
		e := p.group(n, "a ground", footed("id", "label", "cite", "minimum", "maximum")...)
		ground := Ground{
			ID: e.ident(namePattern, taken), Label: p.label(e.need("label"), "label"), Cite: e.text("cite"),
			Minimum: p.period(e.need("minimum"), "minimum"), Maximum: p.period(e.need("maximum"), "maximum"), Footing: p.footing(e, nil),
		}
		p.bounds(n, "the ground "+ground.ID, ground.Minimum, ground.Maximum)
		p.order.Grounds = append(p.order.Grounds, ground)
	}
}

// bounds refuses a maximum shorter than its minimum: it could not be kept.
func (p *parsing) bounds(n *node, what string, least, most Period) {
	if least.Stated() && most.Stated() && most.hours() < least.hours() {
		p.problem(n.line, n.col, fmt.Sprintf("%s is kept at least %s and at most %s", what, least, most), "a maximum that is no shorter than the minimum", "")
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
