package order

import (
	"fmt"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types/ref"

	"jurat"
)

// A Term is a name for something other expressions ask about: a term is yes, no
// or unknown; a moment is a time. Each may use the ones before it.
type Term struct {
	ID    string `json:"id"`
	Title Label  `json:"title"`
	Text  string `json:"is"`
	Footing

	is *expression
}

func (p *parsing) terms(g group) {
	o := p.order
	o.termAt, o.momentAt = map[string]int{}, map[string]int{}
	read := func(key, what, expr string, want *cel.Type, into *[]Term, index map[string]int, names func() *shape, value func(*scene, int) ref.Val) {
		taken := map[string]bool{}
		for _, n := range g.each(key) {
			e := p.group(n, what, footed("id", "title", expr)...)
			t := Term{ID: e.ident(namePattern, taken), Title: p.label(e.need("title"), "title"), Footing: p.footing(e, nil), Text: e.text(expr)}
			t.is = p.compile(e.need(expr), expr, want, nil)
			i := len(*into)
			index[t.ID] = i
			*into = append(*into, t)
			p.then(func() {
				names().add(&slot{name: t.ID, typ: want, get: func(of any) ref.Val { return value(of.(*scene), i) }})
			})
		}
	}
	read("moments", "a moment", "at", cel.TimestampType, &o.Moments, o.momentAt, func() *shape { return p.lang.times }, (*scene).moment)
	read("terms", "a term", "is", cel.BoolType, &o.Terms, o.termAt, func() *shape { return p.lang.terms }, (*scene).term)
}

// A ClockKind says how a duty's time is stated.
type ClockKind string

// The kinds of clock.
const (
	ClockNone        ClockKind = "none stated"
	ClockImmediately ClockKind = "immediately" // shown in seconds, never passed or failed
	ClockWithin      ClockKind = "within"
)

// A Clock is a duty's time. Local says that the target is the city's own and in
// no order: it is labelled so wherever it is shown.
type Clock struct {
	Kind   ClockKind `json:"kind"`
	Within Period    `json:"within,omitzero"`
	From   string    `json:"from,omitempty"` // the expression
	Warn   []int     `json:"warn,omitempty"` // in the unit of Within, from From, ascending
	Local  bool      `json:"local,omitempty"`

	from *expression
}

// GateID names one of the four promotions a record may wait for.
type GateID string

// The gates.
const (
	GateApprove GateID = "approve"
	GateRefer   GateID = "refer"
	GatePublish GateID = "publish"
	GateDispose GateID = "dispose"
)

// GateIDs lists the gates.
var GateIDs = [...]GateID{GateApprove, GateRefer, GatePublish, GateDispose}

// A DutyRule is what an order makes somebody owe.
type DutyRule struct {
	ID          string   `json:"id"`
	Title       Label    `json:"title"`
	Scope       Scope    `json:"scope"`
	Owner       string   `json:"owner"` // a role of the law, or an office's function
	Each        string   `json:"each,omitempty"`
	Trigger     string   `json:"trigger"`
	MetWhen     string   `json:"met_when"`
	MetAt       string   `json:"met_at,omitempty"`
	Clock       Clock    `json:"clock"`
	Guards      []GateID `json:"guards,omitempty"`
	Say         Label    `json:"say"` // what to do
	Excusable   bool     `json:"excusable"`
	Retroactive bool     `json:"retroactive,omitempty"` // owed for what happened before the order, too
	Urgent      bool     `json:"urgent,omitempty"`
	Footing

	each, trigger, metWhen, metAt *expression
}

var owners = slices.Concat(names(jurat.Roles[:]), names(jurat.Functions[:]), []string{"unassigned"})

func (p *parsing) duties(g group) {
	for _, n := range g.each("duties") {
		e := p.group(n, "a duty", footed("id", "title", "scope", "owner", "each", "trigger", "met_when", "met_at", "clock", "guards", "say", "excusable", "retroactive", "urgent")...)
		d := DutyRule{
			ID: e.ident(idPattern, p.ids), Title: p.label(e.need("title"), "title"), Scope: OfIncident, Owner: e.needChoice("owner", owners),
			Each: e.text("each"), Trigger: e.text("trigger"), MetWhen: e.text("met_when"), MetAt: e.text("met_at"),
			Say: p.label(e.need("say"), "say"), Excusable: true, Retroactive: e.truth("retroactive"), Urgent: e.truth("urgent"), Footing: p.footing(e, nil),
		}
		if s := e.choice("scope", []string{string(OfIncident), string(OfHouse)}); s != "" {
			d.Scope = Scope(s)
		}
		if x := e.get("excusable"); x != nil {
			d.Excusable = e.truth("excusable")
		}
		d.each = p.compile(e.get("each"), "each", anyList, nil)
		d.trigger = p.compile(e.need("trigger"), "trigger", cel.BoolType, d.each)
		d.metWhen = p.compile(e.need("met_when"), "met_when", cel.BoolType, d.each)
		d.metAt = p.compile(e.get("met_at"), "met_at", cel.TimestampType, d.each)
		d.Clock = p.clock(e, d.each)
		for _, m := range e.each("guards") {
			d.Guards = append(d.Guards, GateID(p.choice(m, "guards", names(GateIDs[:]))))
		}
		p.order.Duties = append(p.order.Duties, d)
	}
}

func (p *parsing) clock(e group, each *expression) Clock {
	n := e.need("clock")
	if n == nil {
		return Clock{Kind: ClockNone}
	}
	g := p.group(n, "a clock", "within", "from", "warn", "local")
	c := Clock{Kind: ClockWithin, From: g.text("from"), Local: g.truth("local")}
	w := g.need("within")
	switch text := p.text(w, "within"); text {
	case "":
		return c
	case string(ClockNone), string(ClockImmediately):
		c.Kind = ClockKind(text)
	default:
		if c.Within = p.period(w, "within"); !c.Within.Stated() {
			p.hintLast(`or "immediately", or "none stated"`)
		}
	}
	if c.Kind != ClockNone {
		c.from = p.compile(g.need("from"), "from", cel.TimestampType, each)
	}
	for _, k := range []string{"from", "warn", "local"} {
		if m := g.get(k); m != nil && (c.Kind == ClockNone || c.Kind == ClockImmediately && k != "from") {
			p.problem(m.line, m.col, fmt.Sprintf("%q beside within: %s", k, c.Kind), "no such key here", "")
		}
	}
	for _, m := range g.each("warn") {
		day := p.whole(m, "warn", 1, 100_000)
		if len(c.Warn) > 0 && day <= c.Warn[len(c.Warn)-1] || c.Within.N > 0 && day > c.Within.N {
			p.problem(m.line, m.col, fmt.Sprintf("the warning at %d is out of order or after the clock has run", day), "ascending numbers, in the unit of within, not beyond it", "")
		}
		c.Warn = append(c.Warn, day)
	}
	return c
}

// A GateRule is what an order asks before a promotion, beyond its duties.
type GateRule struct {
	ID    GateID `json:"id"`
	Needs []Need `json:"needs,omitempty"`
	Footing
}

// A Need is one condition of a gate: where it does not hold, or nobody knows
// whether it holds, the gate is closed and says what to do.
type Need struct {
	ID   string `json:"id"`
	Each string `json:"each,omitempty"`
	When string `json:"when"`
	Say  Label  `json:"say"`
	Footing

	each, when *expression
}

func (p *parsing) gates(g group) {
	taken := map[string]bool{}
	for _, n := range p.items(g.need("gates"), "gates") {
		e := p.group(n, "a gate", footed("id", "needs")...)
		r := GateRule{ID: GateID(e.needChoice("id", names(GateIDs[:]))), Footing: p.footing(e, nil)}
		if taken[string(r.ID)] && r.ID != "" {
			p.problem(n.line, n.col, fmt.Sprintf("the gate %q stands twice", r.ID), "each gate once", "")
		}
		taken[string(r.ID)] = true
		for _, m := range e.each("needs") {
			x := p.group(m, "a need", footed("id", "each", "when", "say")...)
			need := Need{ID: x.ident(idPattern, p.ids), Each: x.text("each"), When: x.text("when"), Say: p.label(x.need("say"), "say"), Footing: p.footing(x, nil)}
			need.each = p.compile(x.get("each"), "each", anyList, nil)
			need.when = p.compile(x.need("when"), "when", cel.BoolType, need.each)
			r.Needs = append(r.Needs, need)
		}
		p.order.Gates = append(p.order.Gates, r)
	}
}

// references sees that every id the file refers to is declared in it.
func (p *parsing) references() {
	known := map[string][]string{}
	for _, d := range p.order.Duties {
		known["duty"] = append(known["duty"], d.ID)
		known["duty or need"] = append(known["duty or need"], d.ID)
	}
	for _, g := range p.order.Gates {
		for _, n := range g.Needs {
			known["duty or need"] = append(known["duty or need"], n.ID)
		}
	}
	for _, r := range p.refs {
		if !slices.Contains(known[r.kind], r.n.text) && r.n.text != "" {
			p.problem(r.n.line, r.n.col, fmt.Sprintf("%q is no %s of this order", r.n.text, r.kind), "the id of one", nearest(r.n.text, known[r.kind]))
		}
	}
}
