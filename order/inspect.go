package order

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// inspect walks a checked expression: it notes the facts read, marks the
// fields used, and refuses a sealed field and a text no closed list has.
func (p *parsing) inspect(n *node, key string, a *celast.AST, x *expression, in around) bool {
	good := true
	at := func(e celast.Expr) (int, int) {
		loc := a.SourceInfo().GetStartLocation(e.ID())
		if loc == nil || loc == common.NoLocation {
			return n.line, n.col
		}
		return n.within(loc.Line(), loc.Column())
	}
	root := celast.NavigateAST(a)
	celast.PreOrderVisit(root, celast.NewExprVisitor(func(e celast.Expr) {
		switch e.Kind() {
		case celast.SelectKind:
			if r := p.walledType(e); r != nil {
				line, col := at(e)
				p.problem(line, col, fmt.Sprintf("%s reads records of the type %q, which are a prosecutor's own work", key, r.ID), "records behind no such wall: what is owed would tell others that there is one", "")
				good = false
				return
			}
			s := p.slotOf(a, e)
			if s == nil || s.field == nil {
				return
			}
			s.field.used = true
			if s.field.Class != "" {
				line, col := at(e)
				p.problem(line, col, fmt.Sprintf("%s reads the sealed field %q (%s)", key, s.name, s.field.Class), "open fields: what an order asks must not depend on what may be withheld or erased", "")
				good = false
			}
		case celast.CallKind:
			call := e.AsCall()
			good = p.checkAfter(call, key, at) && good
			if len(call.Args()) != 2 || !slices.Contains([]string{operators.Equals, operators.NotEquals, operators.In}, call.FunctionName()) {
				return
			}
			left, right := call.Args()[0], call.Args()[1]
			for _, pair := range [][2]celast.Expr{{left, right}, {right, left}} {
				s := p.slotOf(a, pair[0])
				if s == nil || s.enum == nil {
					continue
				}
				for _, lit := range literals(pair[1]) {
					text := string(lit.AsLiteral().(types.String))
					if !slices.Contains(s.enum, text) {
						line, col := at(lit)
						p.problem(line, col, fmt.Sprintf("%s compares %s with %q, which it never is", key, s.name, text), "one of "+strings.Join(s.enum, ", "), nearest(text, s.enum))
						good = false
					}
				}
			}
		}
	}))
	x.paths = factPaths(a.Expr())
	it := ""
	if in.each != nil && in.each.base != "" {
		it = in.each.base + "[]"
	}
	x.reads, x.base = readsOf(a, it)
	return good
}

// walledType is the type whose records a selection reads, where they are behind
// a prosecutor's wall ([jurat.Wall.WorkProduct]); or nil.
func (p *parsing) walledType(e celast.Expr) *RecordType {
	of := e.AsSelect().Operand()
	if of.Kind() != celast.IdentKind || of.AsIdent() != "records" {
		return nil
	}
	if r := p.order.Record(e.AsSelect().FieldName()); r != nil && r.Wall.WorkProduct() {
		return r
	}
	return nil
}

// slotOf gives the slot a selection reads, or nil.
func (p *parsing) slotOf(a *celast.AST, e celast.Expr) *slot {
	if e.Kind() != celast.SelectKind {
		return nil
	}
	typ := a.GetType(e.AsSelect().Operand().ID())
	if typ == nil {
		return nil
	}
	s := p.lang.shapes.byType[typ.TypeName()]
	if s == nil {
		return nil
	}
	return s.slots[e.AsSelect().FieldName()]
}

// literals gives the texts written out in e: one, or those of a list.
func literals(e celast.Expr) []celast.Expr {
	switch e.Kind() {
	case celast.LiteralKind:
		if _, ok := e.AsLiteral().(types.String); ok {
			return []celast.Expr{e}
		}
	case celast.ListKind:
		var out []celast.Expr
		for _, x := range e.AsList().Elements() {
			out = append(out, literals(x)...)
		}
		return out
	}
	return nil
}

// factPaths gives the facts an expression reads, in the order it names them:
// records.ems_call, incident.inside_city, it.flagged.
func factPaths(e celast.Expr) [][]string {
	var out [][]string
	add := func(path []string) {
		if !slices.ContainsFunc(out, func(x []string) bool { return slices.Equal(x, path) }) {
			out = append(out, path)
		}
	}
	var walk func(e celast.Expr, bound []string)
	walk = func(e celast.Expr, bound []string) {
		if path := selectPath(e); path != nil {
			if !slices.Contains(bound, path[0]) && path[0] != "now" && !strings.HasPrefix(path[0], "@") {
				add(path)
			}
			return
		}
		switch e.Kind() {
		case celast.SelectKind:
			walk(e.AsSelect().Operand(), bound)
		case celast.CallKind:
			if e.AsCall().IsMemberFunction() {
				walk(e.AsCall().Target(), bound)
			}
			for _, x := range e.AsCall().Args() {
				walk(x, bound)
			}
		case celast.ListKind:
			for _, x := range e.AsList().Elements() {
				walk(x, bound)
			}
		case celast.ComprehensionKind:
			c := e.AsComprehension()
			walk(c.IterRange(), bound)
			inner := append(slices.Clone(bound), c.IterVar(), c.AccuVar())
			for _, x := range []celast.Expr{c.LoopCondition(), c.LoopStep(), c.Result()} {
				walk(x, inner)
			}
		}
	}
	walk(e, nil)
	return out
}

func selectPath(e celast.Expr) []string {
	switch e.Kind() {
	case celast.IdentKind:
		return []string{e.AsIdent()}
	case celast.SelectKind:
		if in := selectPath(e.AsSelect().Operand()); in != nil {
			return append(in, e.AsSelect().FieldName())
		}
	}
	return nil
}

// celMessage gives CEL's complaint in words nearer to the file's.
func celMessage(e *cel.Error) string {
	m := e.Message
	m = strings.ReplaceAll(m, "undeclared reference to", "no such name:")
	m = strings.ReplaceAll(m, " (in container '')", "")
	m = strings.ReplaceAll(m, "undefined field", "no such field:")
	return strings.TrimPrefix(m, "Syntax error: ")
}

// celHint looks for the nearest name to the one CEL did not know.
func (p *parsing) celHint(message string) string {
	_, rest, ok := strings.Cut(message, "'")
	if !ok {
		return ""
	}
	word, _, _ := strings.Cut(rest, "'")
	if strings.HasPrefix(message, "undefined field") {
		var all []string
		for _, s := range p.lang.shapes.byType {
			for _, n := range s.names {
				if !slices.Contains(all, n) {
					all = append(all, n)
				}
			}
		}
		slices.Sort(all)
		return nearest(word, all)
	}
	all := []string{"now", "it", "records", "term", "moment", "known", "days", "hours", "earliest", "latest", "after", "period", "tables", "exists", "all", "filter", "map", "exists_one", "size"}
	for _, v := range variables {
		all = append(all, v.name)
	}
	return nearest(word, all)
}

func typeName(t *cel.Type) string {
	switch {
	case t.Kind() == types.BoolKind:
		return "yes or no"
	case t.Kind() == types.TimestampKind:
		return "a moment"
	case t.Kind() == types.StringKind:
		return "text"
	case t.Kind() == types.IntKind:
		return "a whole number"
	case t.Kind() == types.ListKind:
		return "a list"
	}
	return t.String()
}
