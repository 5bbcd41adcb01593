package order

import (
	"fmt"
	"slices"
	"strings"

	"jurat"
)

// A Question is one numbered question. Its first field is what it is about;
// more fields are asked with it, always, as parts of the same answer.
type Question struct {
	ID      string    `json:"id"`
	Fields  []string  `json:"fields"` // record type, dot, field
	Ask     Label     `json:"ask"`
	Hint    Label     `json:"hint,omitempty"`
	Details []Detail  `json:"details,omitempty"`
	Implies []Implied `json:"implies,omitempty"`
	Unless  *Skip     `json:"unless,omitempty"`
	Beside  string    `json:"beside,omitempty"` // the first field of the question it may stand under, unnumbered
	Footing
}

// A Condition says of which answers to a question something follows. When lists
// them; without it, every answer but "unknown" and those in Not.
type Condition struct {
	When []string `json:"when,omitempty"`
	Not  []string `json:"not,omitempty"`
}

// Of gives those of the answers it is met by.
func (c Condition) Of(answers []string) []string {
	var out []string
	for _, a := range answers {
		if a = strings.TrimSpace(a); a == "" || slices.Contains(c.Not, a) {
			continue
		}
		if len(c.When) == 0 && a != string(jurat.Unknown) || slices.Contains(c.When, a) {
			out = append(out, a)
		}
	}
	return out
}

// A Detail is asked under a question, without a number, where the answer to its
// first field calls for it. Count asks how many, and makes as many records of
// the field's type, each named by its slot, such as Injured 2.
type Detail struct {
	Field string `json:"field"`
	Count Label  `json:"count,omitempty"` // what a slot is called, in English
	Condition
}

// An Implied is a field that an answer settles, so that nobody is asked: Is, or
// with Same the answers themselves it is met by.
type Implied struct {
	Field string `json:"field"`
	Is    string `json:"is,omitempty"`
	Same  bool   `json:"same,omitempty"`
	Condition
}

// A Skip says when a question does not apply: an earlier field is answered with
// one of Is and nothing else.
type Skip struct {
	Field string   `json:"field"`
	Is    []string `json:"is"`
}

// Skips reports whether these answers to its field skip the question.
func (s *Skip) Skips(answers []string) bool {
	answers = slices.DeleteFunc(slices.Clone(answers), func(a string) bool { return strings.TrimSpace(a) == "" })
	return s != nil && len(answers) > 0 && !slices.ContainsFunc(answers, func(a string) bool { return !slices.Contains(s.Is, a) })
}

// incidentFields are what a question may ask about the incident itself.
var incidentFields = []string{"incident.trigger", "incident.event_number", "incident.rd_number", "incident.occurred", "incident.place", "incident.address", "incident.title", "incident.first_knowledge"}

// allegedActor is the field that asks whose act is alleged. Asking for it adds
// an allegation, of no offence that was chosen (RPT-2).
const allegedActor = "allegation.actor"

func (p *parsing) forms(g group) {
	taken := map[string]bool{}
	for _, n := range g.each("forms") {
		e := p.group(n, "a form", footed("id", "title", "questions")...)
		f := Form{ID: e.ident(idPattern, taken), Title: p.label(e.need("title"), "title"), Footing: p.footing(e, nil)}
		ids, asked := map[string]bool{}, map[string]bool{}
		once := func(n *node, path string) {
			if asked[path] && path != "" {
				p.problem(n.line, n.col, fmt.Sprintf("%q is asked twice in this form", path), "each field once", "")
			}
			asked[path] = true
			p.use(n, path)
		}
		for _, m := range p.items(e.need("questions"), "questions") {
			x := p.group(m, "a question", footed("id", "fields", "ask", "hint", "details", "implies", "unless", "beside")...)
			q := Question{ID: x.ident(idPattern, ids), Ask: p.label(x.need("ask"), "ask"), Footing: p.footing(x, &f.Footing)}
			if h := x.get("hint"); h != nil {
				q.Hint = p.label(h, "hint")
			}
			q.Beside = x.choice("beside", incidentFields)
			if u := x.get("unless"); u != nil {
				q.Unless = p.skip(u, asked)
			}
			for _, fn := range p.items(x.need("fields"), "fields") {
				path := p.text(fn, "fields")
				once(fn, path)
				q.Fields = append(q.Fields, path)
			}
			for _, dn := range x.each("details") {
				y := p.group(dn, "a detail", "field", "count", "when", "not")
				d := Detail{Field: y.needText("field"), Condition: p.conditionOf(y, q.Fields)}
				if c := y.get("count"); c != nil {
					d.Count = p.label(c, "count")
				}
				if fn := y.get("field"); fn != nil {
					once(fn, d.Field)
				}
				q.Details = append(q.Details, d)
			}
			for _, in := range x.each("implies") {
				q.Implies = append(q.Implies, p.implied(in, q.Fields))
			}
			f.Questions = append(f.Questions, q)
		}
		p.order.Forms = append(p.order.Forms, f)
	}
}

// conditionOf reads of which answers to a question's first field something follows,
// and complains about an answer that it cannot have.
func (p *parsing) conditionOf(g group, fields []string) Condition {
	c := Condition{When: g.texts("when"), Not: g.texts("not")}
	if len(fields) == 0 {
		return c
	}
	for _, key := range []string{"when", "not"} {
		for _, n := range g.each(key) {
			p.answer(n, key, fields[0])
		}
	}
	return c
}

// answer complains where the text of n is no answer a field may have.
func (p *parsing) answer(n *node, key, path string) {
	v := p.text(n, key)
	list := p.answers(path)
	if v == "" || slices.Contains(list, v) {
		return
	}
	if len(list) == 0 {
		p.problem(n.line, n.col, fmt.Sprintf("%q names an answer, and %s takes any", key, path), "leave it out: every answer calls for it", "")
		return
	}
	p.problem(n.line, n.col, fmt.Sprintf("%q is no answer to %s", v, path), "one of "+strings.Join(list, ", "), nearest(v, list))
}

// answers lists what a field may be answered with; nothing where that is open.
func (p *parsing) answers(path string) []string {
	switch path {
	case "incident.trigger":
		return names(jurat.Triggers[:])
	case allegedActor:
		return names(jurat.ActorKinds[:])
	}
	typ, rest, _ := strings.Cut(path, ".")
	if r := p.order.Record(typ); r != nil {
		if f := r.Field(rest); f != nil {
			return f.values()
		}
	}
	return nil
}

func (p *parsing) implied(n *node, fields []string) Implied {
	g := p.group(n, "what an answer implies", "field", "is", "same", "when", "not")
	im := Implied{Field: g.needText("field"), Same: g.truth("same"), Is: g.text("is"), Condition: p.conditionOf(g, fields)}
	if fn := g.get("field"); fn != nil {
		p.use(fn, im.Field)
	}
	switch is := g.get("is"); {
	case im.Same == (is != nil):
		p.problem(n.line, n.col, "what an answer implies is either \"is\" one value or \"same\" as the answer", "is: a value, or same: true", "")
	case is != nil && len(p.answers(im.Field)) > 0:
		p.answer(is, "is", im.Field)
	}
	return im
}

func (p *parsing) skip(n *node, asked map[string]bool) *Skip {
	g := p.group(n, "when a question does not apply", "field", "is")
	s := &Skip{Field: g.needText("field"), Is: g.texts("is")}
	if g.need("is") != nil {
		for _, m := range g.each("is") {
			p.answer(m, "is", s.Field)
		}
	}
	if fn := g.get("field"); fn != nil && s.Field != "" && !asked[s.Field] {
		p.problem(fn.line, fn.col, fmt.Sprintf("%q is asked by no earlier question of this form", s.Field), "a field that was asked before", "")
	}
	return s
}

// use marks the field a path names as used, and complains where there is none.
func (p *parsing) use(n *node, path string) {
	if path == "" || path == allegedActor || slices.Contains(incidentFields, path) {
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

// A Numbered is one question of the quick report over several orders. Extras
// are the questions that stand under it, unnumbered and answered only by who
// has something to say.
type Numbered struct {
	Number int        `json:"number"`
	Orders []string   `json:"orders"` // ids of the orders that ask it
	Extras []Question `json:"extras,omitempty"`
	Question
}

// QuickReport gives the numbered questions of the quick report over all orders
// together: questions on one first field are one, with the fields of all, and
// one that may stand beside another does where an order asks that. When there
// are more than [MaxQuestions] the problems name every one of them, and the
// orders cannot be adopted together.
func QuickReport(orders ...*Order) ([]Numbered, Problems) {
	var out []Numbered
	at := map[string]int{}
	for _, beside := range []bool{false, true} {
		for _, o := range orders {
			f, ok := o.Form(QuickForm)
			if !ok {
				continue
			}
			for _, q := range f.Questions {
				if (q.Beside != "") != beside {
					continue
				}
				if i, there := at[q.Beside]; there && beside {
					out[i].extra(q)
					continue
				}
				i, seen := at[q.Fields[0]]
				if !seen {
					i = len(out)
					at[q.Fields[0]] = i
					out = append(out, Numbered{Number: i + 1, Question: q.clone()})
				}
				out[i].add(q)
				if !slices.Contains(out[i].Orders, o.ID) {
					out[i].Orders = append(out[i].Orders, o.ID)
				}
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

func (q Question) clone() Question {
	q.Fields, q.Details, q.Implies = slices.Clone(q.Fields), slices.Clone(q.Details), slices.Clone(q.Implies)
	return q
}

// add takes in what another order asks about the same first field.
func (q *Question) add(other Question) {
	for _, field := range other.Fields {
		if !slices.Contains(q.Fields, field) {
			q.Fields = append(q.Fields, field)
		}
	}
	for _, d := range other.Details {
		if !slices.ContainsFunc(q.Details, func(x Detail) bool { return x.Field == d.Field }) {
			q.Details = append(q.Details, d)
		}
	}
	for _, m := range other.Implies {
		if !slices.ContainsFunc(q.Implies, func(x Implied) bool { return x.Field == m.Field && x.Is == m.Is }) {
			q.Implies = append(q.Implies, m)
		}
	}
}

// extra puts a question under a numbered one: those on one first field are one.
func (n *Numbered) extra(q Question) {
	i := slices.IndexFunc(n.Extras, func(x Question) bool { return x.Fields[0] == q.Fields[0] })
	if i < 0 {
		n.Extras = append(n.Extras, q.clone())
		return
	}
	n.Extras[i].add(q)
}
