package order

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Form is an ordered list of questions. The one whose id is quick-report is
// what an officer answers at the end of a tour.
type Form struct {
	ID        string     `json:"id"`
	Title     Label      `json:"title"`
	Questions []Question `json:"questions"`
	Footing
}

// QuickForm is the id of the form an officer answers first.
const QuickForm = "quick-report"

// MaxQuestions is how many numbered questions the quick report may have over
// all adopted orders together.
const MaxQuestions = 12

// A Question is one numbered question. Its first field is what it is about;
// more fields are parts of the same answer.
type Question struct {
	ID     string   `json:"id"`
	Fields []string `json:"fields"` // record type, dot, field
	Ask    Label    `json:"ask"`
	Hint   Label    `json:"hint,omitempty"`
	Footing
}

// incidentFields are what a question may ask about the incident itself.
var incidentFields = []string{"incident.trigger", "incident.event_number", "incident.rd_number", "incident.occurred", "incident.place", "incident.address", "incident.title", "incident.first_knowledge"}

func (p *parsing) forms(g group) {
	taken := map[string]bool{}
	for _, n := range g.each("forms") {
		e := p.group(n, "a form", footed("id", "title", "questions")...)
		f := Form{ID: e.ident(idPattern, taken), Title: p.label(e.need("title"), "title"), Footing: p.footing(e, nil)}
		ids, asked := map[string]bool{}, map[string]bool{}
		for _, m := range p.items(e.need("questions"), "questions") {
			x := p.group(m, "a question", footed("id", "fields", "ask", "hint")...)
			q := Question{ID: x.ident(idPattern, ids), Ask: p.label(x.need("ask"), "ask"), Footing: p.footing(x, &f.Footing)}
			if h := x.get("hint"); h != nil {
				q.Hint = p.label(h, "hint")
			}
			for _, fn := range p.items(x.need("fields"), "fields") {
				path := p.text(fn, "fields")
				if asked[path] && path != "" {
					p.problem(fn.line, fn.col, fmt.Sprintf("%q is asked twice in this form", path), "each field once", "")
				}
				asked[path] = true
				p.use(fn, path)
				q.Fields = append(q.Fields, path)
			}
			f.Questions = append(f.Questions, q)
		}
		p.order.Forms = append(p.order.Forms, f)
	}
}

// use marks the field a path names as used, and complains where there is none.
func (p *parsing) use(n *node, path string) {
	if path == "" || slices.Contains(incidentFields, path) {
		return
	}
	typ, rest, _ := strings.Cut(path, ".")
	r := p.order.Record(typ)
	if r == nil {
		known := []string{"incident"}
		for _, x := range p.order.Records {
			known = append(known, x.ID)
		}
		p.problem(n.line, n.col, fmt.Sprintf("%q names no record type of this order", path), "a record type, a dot and a field: "+strings.Join(known, ", "), nearest(typ, known))
		return
	}
	if rest == "" {
		p.problem(n.line, n.col, fmt.Sprintf("%q names no field", path), "a record type, a dot and a field", "")
		return
	}
	if f := p.field(n, r, rest); f != nil {
		f.used = true
	}
}

// Form gives a form of the order by its id.
func (o *Order) Form(id string) (Form, bool) {
	i := slices.IndexFunc(o.Forms, func(f Form) bool { return f.ID == id })
	if i < 0 {
		return Form{}, false
	}
	return o.Forms[i], true
}

// A Numbered is one question of the quick report over several orders.
type Numbered struct {
	Number int      `json:"number"`
	Orders []string `json:"orders"` // ids of the orders that ask it
	Question
}

// QuickReport gives the numbered questions of the quick report over all orders
// together: questions on one first field are one, with the fields of all. When
// there are more than [MaxQuestions] the problems name every one of them, and
// the orders cannot be adopted together.
func QuickReport(orders ...*Order) ([]Numbered, Problems) {
	var out []Numbered
	at := map[string]int{}
	for _, o := range orders {
		f, ok := o.Form(QuickForm)
		if !ok {
			continue
		}
		for _, q := range f.Questions {
			i, seen := at[q.Fields[0]]
			if !seen {
				i = len(out)
				at[q.Fields[0]] = i
				q.Fields = slices.Clone(q.Fields)
				out = append(out, Numbered{Number: i + 1, Question: q})
			}
			for _, field := range q.Fields {
				if !slices.Contains(out[i].Fields, field) {
					out[i].Fields = append(out[i].Fields, field)
				}
			}
			if !slices.Contains(out[i].Orders, o.ID) {
				out[i].Orders = append(out[i].Orders, o.ID)
			}
		}
	}
	if len(out) <= MaxQuestions {
		return out, nil
	}
	var list []string
	for _, q := range out {
		list = append(list, fmt.Sprintf("%d %s (%s)", q.Number, q.Ask, strings.Join(q.Orders, ", ")))
	}
	return out, Problems{{
		File: orders[len(orders)-1].File, Line: 1, Column: 1,
		What:     fmt.Sprintf("the quick report would have %d numbered questions: %s", len(out), strings.Join(list, "; ")),
		Expected: fmt.Sprintf("at most %d", MaxQuestions), Hint: "move questions to another form, or ask about one field together",
	}}
}

// A Card is a rights card, or what a department does when it is visited or
// asked, by language (RES-1).
type Card struct {
	ID         string   `json:"id"`
	Title      Label    `json:"title"`
	Text       Label    `json:"text"`
	Department string   `json:"department,omitempty"`
	ApprovedBy string   `json:"approved_by,omitempty"`
	Law        []string `json:"law,omitempty"`
	ValidFrom  Day      `json:"valid_from,omitzero"`
	ValidTo    Day      `json:"valid_to,omitzero"`
	Footing
}

func (p *parsing) cards(g group) {
	read := func(key, what string, into *[]Card) {
		taken := map[string]bool{}
		for _, n := range g.each(key) {
			e := p.group(n, what, footed("id", "title", "text", "department", "approved_by", "law", "valid_from", "valid_to")...)
			*into = append(*into, Card{
				ID: e.ident(idPattern, taken), Title: p.label(e.need("title"), "title"), Text: p.label(e.need("text"), "text"), Department: e.text("department"),
				ApprovedBy: e.text("approved_by"), Law: e.texts("law"), ValidFrom: p.day(e.get("valid_from"), "valid_from", p.order.Zone),
				ValidTo: p.day(e.get("valid_to"), "valid_to", p.order.Zone), Footing: p.footing(e, nil),
			})
		}
	}
	read("rights", "a rights card", &p.order.Rights)
	read("instructions", "an instruction", &p.order.Instructions)
}

// Shown gives the cards that may be shown on a day: a card past its last day is
// withdrawn, never shown stale, and one nobody approved is not shown.
func Shown(cards []Card, at time.Time) []Card {
	var out []Card
	for _, c := range cards {
		if c.ApprovedBy == "" || c.ValidFrom.Stated() && at.Before(c.ValidFrom.At) || c.ValidTo.Stated() && !at.Before(c.ValidTo.end()) {
			continue
		}
		out = append(out, c)
	}
	return out
}

// A Series is one series of published numbers (PUB-1). Activity, allegations
// and findings are never mixed in one.
type Series struct {
	ID         string   `json:"id"`
	Title      Label    `json:"title"`
	Counts     string   `json:"counts"` // activity, allegations, findings
	By         []string `json:"by"`     // what it is counted by
	DelayDays  int      `json:"delay_days"`
	Suppress   int      `json:"suppress_below"`
	Complement bool     `json:"complementary"`
	Every      string   `json:"every"`
	Footing
}

// The closed lists of a series. Nothing finer than a month and an area exists:
// no person, badge, address, plate, hour or exact place.
var (
	SeriesCounts     = [...]string{"activity", "allegations", "findings", "gaps"}
	SeriesDimensions = [...]string{"month", "area", "agency", "activity_kind", "allegation_class", "status", "gap"}
	SeriesPeriods    = [...]string{"month", "quarter", "year"}
)

// MinDelayDays is the least delay of publication. It is a floor, not a default:
// no order sets it to zero (§13.1).
const MinDelayDays = 7

func (p *parsing) series(g group) {
	taken := map[string]bool{}
	for _, n := range g.each("publication") {
		e := p.group(n, "a series", footed("id", "title", "counts", "by", "delay_days", "suppress_below", "complementary", "every")...)
		s := Series{
			ID: e.ident(idPattern, taken), Title: p.label(e.need("title"), "title"), Counts: e.needChoice("counts", SeriesCounts[:]),
			DelayDays: p.whole(e.need("delay_days"), "delay_days", MinDelayDays, 3660), Suppress: p.whole(e.need("suppress_below"), "suppress_below", 3, 1000),
			Complement: e.truth("complementary"), Every: e.needChoice("every", SeriesPeriods[:]), Footing: p.footing(e, nil),
		}
		for _, m := range p.items(e.need("by"), "by") {
			s.By = append(s.By, p.choice(m, "by", SeriesDimensions[:]))
		}
		p.order.Publication = append(p.order.Publication, s)
	}
}
