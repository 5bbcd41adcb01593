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
			t.is = p.compile(e.need(expr), expr, want, around{})
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
	ID          string      `json:"id"`
	Title       Label       `json:"title"`
	Scope       Scope       `json:"scope"`
	Owner       string      `json:"owner"`                 // a role of the law, an office's function, or unassigned
	OwnerFrom   string      `json:"owner_from,omitempty"`  // the body that owns it, where a record says so
	OwnerSince  string      `json:"owner_since,omitempty"` // since when it wants an owner; otherwise, since its clock runs
	Every       *Recurrence `json:"every,omitempty"`
	Each        string      `json:"each,omitempty"`
	Trigger     string      `json:"trigger"`
	MetWhen     string      `json:"met_when"`
	MetAt       string      `json:"met_at,omitempty"`
	Clock       Clock       `json:"clock"`
	Guards      []GateID    `json:"guards,omitempty"`
	Say         Label       `json:"say"` // what to do
	Excusable   bool        `json:"excusable"`
	Retroactive bool        `json:"retroactive,omitempty"` // owed for what happened before the order, too
	Regardless  bool        `json:"regardless,omitempty"`  // owed whether or not the order is in force: its time is another law's
	Urgent      bool        `json:"urgent,omitempty"`
	LastDay     bool        `json:"last_day,omitempty"` // the end of its clock is the last day of the exhibit it is about
	Footing

	each, trigger, metWhen, metAt, ownerFrom, ownerSince *expression
}

// Unassigned is the owner of a duty nobody owns. It is a state to be seen, with
// since when (OWN-4).
const Unassigned = "unassigned"

var owners = slices.Concat(names(jurat.Roles[:]), names(jurat.Functions[:]), []string{Unassigned})

var dutyKeys = []string{
	"id", "title", "scope", "owner", "owner_from", "owner_since", "every", "each", "trigger", "met_when", "met_at", "clock", "guards",
	"say", "excusable", "retroactive", "regardless", "urgent", "last_day",
}

func (p *parsing) duties(g group) {
	for _, n := range g.each("duties") {
		e := p.group(n, "a duty", footed(dutyKeys...)...)
		d := DutyRule{
			ID: e.ident(idPattern, p.ids), Title: p.label(e.need("title"), "title"), Scope: OfIncident, Owner: e.needChoice("owner", owners),
			OwnerFrom: e.text("owner_from"), OwnerSince: e.text("owner_since"),
			Each: e.text("each"), Trigger: e.text("trigger"), MetWhen: e.text("met_when"), MetAt: e.text("met_at"),
			Say: p.label(e.need("say"), "say"), Excusable: true, Retroactive: e.truth("retroactive"), Regardless: e.truth("regardless"), Urgent: e.truth("urgent"), LastDay: e.truth("last_day"), Footing: p.footing(e, nil),
		}
		if s := e.choice("scope", []string{string(OfIncident), string(OfHouse)}); s != "" {
			d.Scope = Scope(s)
		}
		if x := e.get("excusable"); x != nil {
			d.Excusable = e.truth("excusable")
		}
		d.Every = p.recurrence(e.get("every"), &d)
		d.each = p.compile(e.get("each"), "each", anyList, around{period: d.Every != nil})
		in := around{d.each, d.Every != nil}
		d.trigger = p.compile(e.need("trigger"), "trigger", cel.BoolType, in)
		d.metWhen = p.compile(e.need("met_when"), "met_when", cel.BoolType, in)
		d.metAt = p.compile(e.get("met_at"), "met_at", cel.TimestampType, in)
		d.ownerFrom = p.compile(e.get("owner_from"), "owner_from", cel.StringType, in)
		d.ownerSince = p.compile(e.get("owner_since"), "owner_since", cel.TimestampType, in)
		if n := e.get("owner_since"); n != nil && e.get("owner_from") == nil && d.Owner != Unassigned {
			p.problem(n.line, n.col, "owner_since in a duty that always has an owner", "owner_from, or owner: unassigned, beside it", "")
		}
		d.Clock = p.clock(e, in)
		if n := e.get("last_day"); n != nil && d.LastDay && (d.Each == "" || d.Clock.Kind != ClockWithin || d.Scope != OfIncident) {
			p.problem(n.line, n.col, "last_day in a duty that is not asked exhibit by exhibit, with a time within which it is due", "each: exhibits, and clock: {within: …}, beside it", "")
		}
		for _, m := range e.each("guards") {
			d.Guards = append(d.Guards, GateID(p.choice(m, "guards", names(GateIDs[:]))))
		}
		p.order.Duties = append(p.order.Duties, d)
	}
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
			need.each = p.compile(x.get("each"), "each", anyList, around{})
			need.when = p.compile(x.need("when"), "when", cel.BoolType, around{each: need.each})
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
	for _, f := range p.order.Fees {
		known["duty or fee"] = append(known["duty or fee"], f.ID)
	}
	known["duty or fee"] = append(known["duty or fee"], known["duty"]...)
	for _, g := range p.order.Gates {
		for _, n := range g.Needs {
			known["duty or need"] = append(known["duty or need"], n.ID)
		}
	}
	for _, v := range p.order.Viewing {
		known["rule of viewing"] = append(known["rule of viewing"], v.ID)
	}
	for _, r := range p.refs {
		if !slices.Contains(known[r.kind], r.n.text) && r.n.text != "" {
			p.problem(r.n.line, r.n.col, fmt.Sprintf("%q is no %s of this order", r.n.text, r.kind), "the id of one", nearest(r.n.text, known[r.kind]))
		}
	}
}
