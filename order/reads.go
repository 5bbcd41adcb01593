package order

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
)

// readsOf gives every fact an expression reads, those within lists too, in the
// order it names them: records.report, records.report[].state,
// incident.inside_city, term.injured. it is what the variable "it" stands for,
// such as exhibits[]. base is what the items of the expression's own value are,
// where it is a list of facts.
func readsOf(a *celast.AST, it string) (reads []string, base string) {
	add := func(s string) {
		if s != "" && s != "now" && !slices.Contains(reads, s) {
			reads = append(reads, s)
		}
	}
	var of func(e celast.Expr, vars map[string]string) string
	var walk func(e celast.Expr, vars map[string]string)
	// of names the fact an expression is, or "" where it is made from several.
	of = func(e celast.Expr, vars map[string]string) string {
		switch e.Kind() {
		case celast.IdentKind:
			if s, bound := vars[e.AsIdent()]; bound {
				return s
			}
			return e.AsIdent()
		case celast.SelectKind:
			if s := of(e.AsSelect().Operand(), vars); s != "" {
				return s + "." + e.AsSelect().FieldName()
			}
		case celast.ComprehensionKind:
			c := e.AsComprehension()
			if sameItems(a, e, c.IterRange()) {
				return of(c.IterRange(), vars)
			}
		}
		return ""
	}
	walk = func(e celast.Expr, vars map[string]string) {
		switch e.Kind() {
		case celast.IdentKind:
			if s := of(e, vars); !strings.HasSuffix(s, "[]") {
				add(s)
			}
		case celast.SelectKind:
			if s := of(e, vars); s != "" {
				add(s)
				return
			}
			walk(e.AsSelect().Operand(), vars)
		case celast.CallKind:
			if e.AsCall().IsMemberFunction() {
				walk(e.AsCall().Target(), vars)
			}
			for _, x := range e.AsCall().Args() {
				walk(x, vars)
			}
		case celast.ListKind:
			for _, x := range e.AsList().Elements() {
				walk(x, vars)
			}
		case celast.ComprehensionKind:
			c := e.AsComprehension()
			walk(c.IterRange(), vars)
			inner := maps.Clone(vars)
			inner[c.AccuVar()], inner[c.IterVar()] = "", ""
			if s := of(c.IterRange(), vars); s != "" {
				inner[c.IterVar()] = s + "[]"
			}
			for _, x := range []celast.Expr{c.LoopCondition(), c.LoopStep(), c.Result()} {
				walk(x, inner)
			}
		}
	}
	vars := map[string]string{"it": it}
	walk(a.Expr(), vars)
	if t := a.GetType(a.Expr().ID()); t != nil && t.Kind() == types.ListKind {
		base = of(a.Expr(), vars)
	}
	return reads, base
}

// sameItems reports whether two lists hold items of one type, as a filter's
// result and what it filters do.
func sameItems(a *celast.AST, x, y celast.Expr) bool {
	s, t := a.GetType(x.ID()), a.GetType(y.ID())
	return s != nil && t != nil && s.Kind() == types.ListKind && s.IsExactType(t)
}

// implied names the facts that other facts are made from.
var implied = map[string]string{
	"exhibits[].flagged": "flags", "exhibits[].flagged_at": "flags", "exhibits[].grounds": "flags", "exhibits[].preserved": "flags",
	"exhibits[].preserved_at": "flags", "exhibits[].on_hold": "holds", "referrals[].attestation_complete": "contacts", "referrals[].last_sealed": "dossiers",
}

// always are the facts every duty of an incident depends on: when it happened
// decides whether the order reaches it.
var always = []string{"incident.number", "incident.occurred_from", "incident.occurred_to", "incident.first_knowledge", "incident.retroactive"}

// GateReads lists every fact that can open or close a gate, as an expression
// names it: exhibits[].held, records.report[].state, and flags, holds, contacts
// and dossiers where others are made from them. A fact that is none of them (see
// [Reads]) moves the gate in no way.
func (o *Order) GateReads(id GateID) []string {
	read := map[string]bool{}
	for i := range o.Duties {
		if d := &o.Duties[i]; slices.Contains(d.Guards, id) {
			o.dutyReads(d, read)
		}
	}
	for _, g := range o.Gates {
		if g.ID != id {
			continue
		}
		for i := range g.Needs {
			o.expressionReads(g.Needs[i].each, read)
			o.expressionReads(g.Needs[i].when, read)
		}
	}
	return slices.Sorted(maps.Keys(read))
}

// DutyReads lists the facts the state of a duty depends on, apart from the
// pauses of its clock.
//
// Errors: jurat.NotFound.
func (o *Order) DutyReads(id string) ([]string, error) {
	i := slices.IndexFunc(o.Duties, func(d DutyRule) bool { return d.ID == id })
	if i < 0 {
		return nil, noDuty(o, id)
	}
	read := map[string]bool{}
	o.dutyReads(&o.Duties[i], read)
	o.expressionReads(o.Duties[i].Clock.from, read)
	return slices.Sorted(maps.Keys(read)), nil
}

// MetReads lists the facts that can meet a duty, in the order its expression
// names them: what there is to do about it. Terms are taken apart.
//
// Errors: jurat.NotFound.
func (o *Order) MetReads(id string) ([]string, error) {
	i := slices.IndexFunc(o.Duties, func(d DutyRule) bool { return d.ID == id })
	if i < 0 {
		return nil, noDuty(o, id)
	}
	var out []string
	var add func(x *expression)
	add = func(x *expression) {
		if x == nil {
			return
		}
		for _, s := range x.reads {
			if slices.Contains(out, s) {
				continue
			}
			out = append(out, s)
			add(o.named(s))
		}
	}
	add(o.Duties[i].metWhen)
	return out, nil
}

func (o *Order) dutyReads(d *DutyRule, read map[string]bool) {
	for _, x := range []*expression{d.each, d.trigger, d.metWhen} {
		o.expressionReads(x, read)
	}
	if d.Every != nil {
		o.expressionReads(d.Clock.from, read)
	}
	for _, s := range always {
		read[s] = true
	}
	if d.Excusable {
		read["records."+string(TypeException)] = true
	}
}

func (o *Order) expressionReads(x *expression, read map[string]bool) {
	if x == nil {
		return
	}
	for _, s := range x.reads {
		if read[s] {
			continue
		}
		read[s] = true
		if more := implied[s]; more != "" {
			read[more] = true
		}
		o.expressionReads(o.named(s), read)
	}
}

// named gives the expression behind term.ID or moment.ID.
func (o *Order) named(path string) *expression {
	kind, id, _ := strings.Cut(path, ".")
	if i, ok := o.termAt[id]; ok && kind == "term" {
		return o.Terms[i].is
	}
	if i, ok := o.momentAt[id]; ok && kind == "moment" {
		return o.Moments[i].is
	}
	return nil
}

// Reads reports whether one of the facts listed is the fact at a path, part of
// it, or holds it: exhibits[].held is part of exhibits.
func Reads(facts []string, path string) bool {
	within := func(a, b string) bool {
		rest, ok := strings.CutPrefix(a, b)
		return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
	}
	return slices.ContainsFunc(facts, func(s string) bool { return within(s, path) || within(path, s) })
}

// checkAfter refuses after(…, text) whose text is no length, or is not written
// out: it could not be checked with the file.
func (p *parsing) checkAfter(call celast.CallExpr, key string, at func(celast.Expr) (int, int)) bool {
	if call.FunctionName() != "after" || len(call.Args()) != 2 {
		return true
	}
	x := call.Args()[1]
	line, col := at(x)
	if x.Kind() != celast.LiteralKind {
		p.problem(line, col, key+`: the length in after(…) is not written out`, `text such as "5 business days"`, "")
		return false
	}
	text, _ := x.AsLiteral().(types.String)
	if _, expected := readPeriod(string(text)); expected != "" {
		p.problem(line, col, fmt.Sprintf("%s: the length %q in after(…)", key, string(text)), expected, "")
		return false
	}
	return true
}
