package order

import (
	"fmt"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/checker"
	celast "cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// Limits of an expression, cost in CEL's own measure. What costs little over
// lists of a thousand grows as they do and runs without a limit; anything
// dearer stops at the limit, after about a second.
const (
	maxExpression = 2_000 // bytes
	cheap         = 200_000
	maxCost       = 400_000
)

// An expression is CEL, checked against the shapes of its order and ready to
// run.
type expression struct {
	text  string
	run   cel.Program
	typ   *cel.Type
	paths [][]string // the facts it reads, as paths from a variable
	reads []string   // every fact it reads, those within lists too
	base  string     // what the items of its value are, where it is a list of facts
	fixed ref.Val    // its value, where it reads no fact: "true"
}

// A language is the CEL environment of one order.
type language struct {
	shapes shapes
	env    *cel.Env
	terms  *shape // term.ID
	times  *shape // moment.ID
	its    map[string]*cel.Env
}

func newLanguage(o *Order) (*language, error) {
	l := &language{
		shapes: shapes{Provider: types.NewEmptyRegistry(), byType: map[string]*shape{}},
		terms:  newShape("one term", "term"), times: newShape("one moment", "moment"), its: map[string]*cel.Env{},
	}
	base, err := types.NewRegistry()
	if err != nil {
		return nil, err
	}
	l.shapes.Provider = base
	options := []cel.EnvOption{
		cel.StdLib(), cel.ClearMacros(), cel.Macros(cel.ExistsMacro, cel.ExistsOneMacro, cel.AllMacro, cel.FilterMacro, cel.MapMacro),
		cel.CustomTypeProvider(l.shapes), cel.CustomTypeAdapter(types.DefaultTypeAdapter), cel.ParserExpressionSizeLimit(maxExpression),
		cel.ASTValidators(cel.ValidateDurationLiterals(), cel.ValidateTimestampLiterals(), cel.ValidateRegexLiterals(), cel.ValidateHomogeneousAggregateLiterals()),
		cel.Variable("now", cel.TimestampType),
	}
	for _, v := range variables {
		l.know(v.of)
		typ := v.of.typ
		if v.list {
			typ = cel.ListType(typ)
		}
		options = append(options, cel.Variable(v.name, typ))
	}
	records := l.recordShapes(o)
	tables := tablesShape(o)
	for _, s := range []*shape{records, tables, periodShape, l.terms, l.times} {
		l.know(s)
	}
	options = append(options, cel.Variable("records", records.typ), cel.Variable("tables", tables.typ), cel.Variable("term", l.terms.typ), cel.Variable("moment", l.times.typ))
	options = append(options, functions(o)...)
	l.env, err = cel.NewCustomEnv(options...)
	o.recordsShape, o.tablesShape = records, tables
	return l, err
}

func (l *language) know(s *shape) {
	for _, x := range s.reached() {
		l.shapes.byType[x.typ.TypeName()] = x
	}
}

// recordShapes makes a shape of each record type, and of "records", which has
// one list for each.
func (l *language) recordShapes(o *Order) *shape {
	all := newShape("one records", "records")
	for _, r := range o.Records {
		s := newShape("one record of type "+r.ID, strings.ReplaceAll(r.ID, "_", " "), recordSlots()...)
		for i := range r.Fields {
			f := &r.Fields[i]
			x := fieldSlot("one record of type "+r.ID+"."+f.Name, f, o.Zone)
			inner := x.object
			x.get = func(of any) ref.Val {
				rec := of.(*record)
				v := rec.field(f.Name)
				if v == nil {
					return nil
				}
				return f.value(v, inner, o.Zone, string(rec.ID))
			}
			s.add(x)
		}
		all.add(listSlot(r.ID, r.Label.String(), s, func(of any) ref.Val { return of.(*scene).recordsOf(r.ID, s) }))
	}
	return all
}

// fieldSlot gives the slot of a field and the shapes below it.
func fieldSlot(typeName string, f *Field, zone *time.Location) *slot {
	x := &slot{name: f.Name, field: f, enum: f.Enum}
	x.typ, x.object = fieldType(typeName, f, zone)
	if f.Answer {
		x.enum = nil
	}
	return x
}

func fieldType(typeName string, f *Field, zone *time.Location) (*cel.Type, *shape) {
	switch {
	case f.Type == "object":
		s := newShape(typeName, f.Name)
		for i := range f.Fields {
			g := &f.Fields[i]
			x := fieldSlot(typeName+"."+g.Name, g, zone)
			inner := x.object
			x.get = func(of any) ref.Val {
				v := (*of.(*map[string]any))[g.Name]
				if v == nil {
					return nil
				}
				return g.value(v, inner, zone, g.Name)
			}
			s.add(x)
		}
		return s.typ, s
	case f.Type == "array" && f.Items != nil:
		t, s := fieldType(typeName, f.Items, zone)
		return cel.ListType(t), s
	case f.Type == "integer":
		return cel.IntType, nil
	case f.Type == "number":
		return cel.DoubleType, nil
	case f.Answer:
		return cel.BoolType, nil
	case f.Format != "":
		return cel.TimestampType, nil
	}
	return cel.StringType, nil
}

// functions are what an order's expressions have beside CEL's own.
func functions(o *Order) []cel.EnvOption {
	a := cel.TypeParamType("A")
	span := func(unit time.Duration) func(ref.Val) ref.Val {
		return func(n ref.Val) ref.Val {
			i := int64(n.(types.Int))
			if i < -200_000 || i > 200_000 {
				return types.NewErr("too many")
			}
			return types.Duration{Duration: time.Duration(i) * unit}
		}
	}
	pick := func(later bool) func(ref.Val) ref.Val {
		return func(list ref.Val) ref.Val {
			var best types.Timestamp
			found := false
			for it := list.(traits.Lister).Iterator(); it.HasNext() == types.True; {
				t, ok := it.Next().(types.Timestamp)
				if ok && (!found || later && t.Time.After(best.Time) || !later && t.Time.Before(best.Time)) {
					best, found = t, true
				}
			}
			if !found {
				return missing("a moment in an empty list")
			}
			return best
		}
	}
	return []cel.EnvOption{
		// known(x): x was stated, and is not "unknown".
		cel.Function("known", cel.Overload("known_any", []*cel.Type{a}, cel.BoolType, cel.OverloadIsNonStrict(),
			cel.UnaryBinding(func(v ref.Val) ref.Val { return types.Bool(!types.IsUnknownOrError(v)) }))),
		// hours(n), days(n): lengths of exactly n hours, or n times 24.
		cel.Function("hours", cel.Overload("hours_int", []*cel.Type{cel.IntType}, cel.DurationType, cel.UnaryBinding(span(time.Hour)))),
		cel.Function("days", cel.Overload("days_int", []*cel.Type{cel.IntType}, cel.DurationType, cel.UnaryBinding(span(24*time.Hour)))),
		// after(t, "5 business days"): the moment that long after t, on the order's
		// calendar. The length is written out, so that it is checked with the file.
		cel.Function("after", cel.Overload("after_moment", []*cel.Type{cel.TimestampType, cel.StringType}, cel.TimestampType, cel.BinaryBinding(o.afterText))),
		// earliest(list), latest(list) of moments; of none it is unknown.
		cel.Function("earliest", cel.Overload("earliest_list", []*cel.Type{cel.ListType(cel.TimestampType)}, cel.TimestampType, cel.UnaryBinding(pick(false)))),
		cel.Function("latest", cel.Overload("latest_list", []*cel.Type{cel.ListType(cel.TimestampType)}, cel.TimestampType, cel.UnaryBinding(pick(true)))),
	}
}

// afterText is the function after of an expression.
func (o *Order) afterText(t, length ref.Val) ref.Val {
	from, ok := t.(types.Timestamp)
	text, _ := length.(types.String)
	d, wrong := readPeriod(string(text))
	if !ok || wrong != "" || !printable(from.Time) {
		return missing("a moment that long after it")
	}
	return types.Timestamp{Time: o.after(d, from.Time)}
}

// An around is what an expression has beside the variables of every other: the
// list whose items are "it", and whether it has a "period".
type around struct {
	each   *expression
	period bool
}

// compile reads the expression at n, which must be of the type wanted. The
// expression is ready when the whole file has been read ([parsing.finish]).
func (p *parsing) compile(n *node, key string, want *cel.Type, in around) *expression {
	if n == nil {
		return nil
	}
	x := &expression{text: p.text(n, key)}
	if x.text == "" || n.form != isText {
		return x
	}
	if !n.exact {
		p.problem(n.line, n.col, key+" is an expression that does not stand in the file as it is", "one line, without escapes", "for a long one write | and put it on the lines below")
		return x
	}
	p.then(func() { p.ready(x, n, key, want, in) })
	return x
}

// ready checks an expression and makes it ready to run.
func (p *parsing) ready(x *expression, n *node, key string, want *cel.Type, in around) {
	if in.each != nil && in.each.typ == nil {
		return // the fault of "each" is reported; nothing is known of "it"
	}
	env := p.envOf(in)
	// The untrimmed text, so that positions are positions in the file.
	checked, issues := env.Compile(n.text)
	if issues.Err() != nil {
		for i, e := range issues.Errors() {
			if i == 5 {
				break
			}
			line, col := n.within(e.Location.Line(), e.Location.Column())
			p.problem(line, col, fmt.Sprintf("%s: %s", key, celMessage(e)), "", p.celHint(e.Message))
		}
		return
	}
	if got := checked.OutputType(); !got.IsExactType(want) && !(want == anyList && got.Kind() == types.ListKind) {
		p.problem(n.line, n.col, fmt.Sprintf("%s gives %s", key, typeName(got)), typeName(want), "")
		return
	}
	if !p.inspect(n, key, checked.NativeRep(), x, in) {
		return
	}
	run, err := env.Program(checked, p.programOptions(env, checked)...)
	if err != nil {
		p.problem(n.line, n.col, fmt.Sprintf("%s: %v", key, err), "", "")
		return
	}
	x.run, x.typ = run, checked.OutputType()
	if e := checked.NativeRep().Expr(); e.Kind() == celast.LiteralKind {
		x.fixed = e.AsLiteral()
	}
}

// anyList is wanted where any list will do.
var anyList = cel.ListType(cel.DynType)

func (p *parsing) envOf(in around) *cel.Env {
	name, vars := "", []cel.EnvOption(nil)
	if in.each != nil {
		it := in.each.typ.Parameters()[0]
		name = it.String()
		vars = append(vars, cel.Variable("it", it))
	}
	if in.period {
		name += " in a period"
		vars = append(vars, cel.Variable("period", periodShape.typ))
	}
	if vars == nil {
		return p.lang.env
	}
	if p.lang.its[name] == nil {
		env, err := p.lang.env.Extend(vars...)
		if err != nil {
			env = p.lang.env
		}
		p.lang.its[name] = env
	}
	return p.lang.its[name]
}

// programOptions gives an expression that could be dear a limit at run time.
// One whose cost grows no faster than the record does runs without the
// bookkeeping, which is a third of the time of a cheap expression.
func (p *parsing) programOptions(env *cel.Env, checked *cel.Ast) []cel.ProgramOption {
	options := []cel.ProgramOption{cel.EvalOptions(cel.OptOptimize)}
	if cost, err := env.EstimateCost(checked, thousands{}); err != nil || cost.Max > cheap {
		options = append(options, cel.CostLimit(maxCost))
	}
	return options
}

// thousands estimates every list to hold up to a thousand items, and every
// text as many characters.
type thousands struct{}

func (thousands) EstimateSize(checker.AstNode) *checker.SizeEstimate {
	return &checker.SizeEstimate{Min: 0, Max: 1000}
}

func (thousands) EstimateCallCost(string, string, *checker.AstNode, []checker.AstNode) *checker.CallEstimate {
	return nil
}
