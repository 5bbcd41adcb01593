package order

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// A Fact is one fact a duty rests on, in words, with its value.
type Fact struct {
	Path  string `json:"path"` // as an expression names it
	Label string `json:"label"`
	Value string `json:"value"`
}

// Explained is [Evaluate], with the facts each duty used, for a person who asks
// why. It takes several times as long.
func Explained(orders []*Order, f Facts, at time.Time) Evaluation {
	v := newView(orders, &f, at.UTC())
	v.explain = true
	return evaluate(v)
}

// maxFacts is how many items of one list are told of one by one.
const maxFacts = 12

// tell gives the facts behind some expressions, each once, those behind the
// terms they name right after the term.
func (s *scene) tell(in itemScene, xs ...*expression) []Fact {
	var out []Fact
	done := map[string]bool{}
	add := func(path, label, value string) {
		if value != "" && !done[path+label] {
			done[path+label] = true
			out = append(out, Fact{path, label, value})
		}
	}
	var down func(x *expression)
	down = func(x *expression) {
		if x == nil {
			return
		}
		lists := map[string][]string{} // the fields read of a list's items
		var order []string
		for _, path := range x.reads {
			list, field, many := strings.Cut(path, "[].")
			if many {
				if !slices.Contains(order, list) {
					order = append(order, list)
				}
				lists[list] = append(lists[list], field)
			}
		}
		for _, path := range x.reads {
			if !strings.Contains(path, "[]") {
				add(path, s.label(path), s.valueOf(in, path))
				down(s.o.named(path))
			}
		}
		for _, list := range order {
			for _, f := range s.itemFacts(in, list, lists[list]) {
				add(f.Path, f.Label, f.Value)
			}
		}
	}
	for _, x := range xs {
		down(x)
	}
	return out
}

// itemFacts tells of the items of a list; where "it" is one of them, of it
// alone.
func (s *scene) itemFacts(in itemScene, list string, fields []string) []Fact {
	if strings.Contains(list, "[]") {
		return nil // the items of an item's own list: the list itself is told of
	}
	var items []ref.Val
	if it, ok := in.it.(*thing); ok && it.shape == s.shapeOf(list) {
		items = []ref.Val{it}
	} else if l, ok := s.resolve(in, list).(traits.Lister); ok {
		for i := l.Iterator(); i.HasNext() == types.True; {
			items = append(items, i.Next())
		}
	}
	var out []Fact
	for i, item := range items {
		t, ok := item.(*thing)
		if !ok {
			continue
		}
		if i == maxFacts {
			out = append(out, Fact{list, s.label(list), fmt.Sprintf("and %d more", len(items)-i)})
			break
		}
		var parts []string
		for _, field := range fields {
			head, _, _ := strings.Cut(field, ".")
			name, _, deeper := strings.Cut(head, "[]")
			if deeper {
				continue
			}
			slot := t.shape.slots[name]
			if slot == nil {
				continue
			}
			part := slot.words() + " " + s.print(t.Get(types.String(name)), slot)
			if !slices.Contains(parts, part) {
				parts = append(parts, part)
			}
		}
		if len(parts) > 0 {
			out = append(out, Fact{list, t.shape.name + " " + t.id, strings.Join(parts, "; ")})
		}
	}
	return out
}

// words is a field's label, or its name as words.
func (x *slot) words() string {
	if x.field != nil && x.field.Label["en"] != "" {
		return x.field.Label.String() + ":"
	}
	return words(x.name) + ":"
}

func (s *scene) resolve(in itemScene, path string) ref.Val {
	parts := strings.Split(path, ".")
	root, _ := in.ResolveName(parts[0])
	v, _ := root.(ref.Val)
	for _, field := range parts[1:] {
		t, ok := v.(traits.Indexer)
		if !ok {
			return nil
		}
		v = t.Get(types.String(field))
	}
	return v
}

func (s *scene) shapeOf(list string) *shape {
	for i := range variables {
		if variables[i].name == list {
			return variables[i].of
		}
	}
	if typ, ok := strings.CutPrefix(list, "records."); ok {
		if x := s.o.recordsShape.slots[typ]; x != nil {
			return x.object
		}
	}
	return nil
}

func (s *scene) valueOf(in itemScene, path string) string {
	v := s.resolve(in, path)
	if v == nil {
		return ""
	}
	if l, ok := v.(traits.Lister); ok {
		if n, _ := l.Size().(types.Int); n == 0 {
			return "none on record"
		} else if _, texts := l.Get(types.IntZero).(types.String); !texts {
			return fmt.Sprintf("%d on record", n)
		}
	}
	return s.print(v, nil)
}

func (s *scene) print(v ref.Val, x *slot) string {
	switch v := v.(type) {
	case types.Bool:
		return yesNo(bool(v))
	case types.String:
		return s.code(string(v), x)
	case types.Timestamp:
		return s.o.print(v.Time)
	case traits.Lister:
		var out []string
		for it := v.Iterator(); it.HasNext() == types.True && len(out) < maxFacts; {
			if next, ok := it.Next().(types.String); ok {
				out = append(out, s.code(string(next), x))
			}
		}
		if len(out) == 0 {
			n, _ := v.Size().(types.Int)
			return fmt.Sprint(int64(n))
		}
		return strings.Join(out, ", ")
	case types.Int, types.Double:
		return fmt.Sprint(v.Value())
	}
	return "not known"
}

// code gives the label of a value of one of the order's tables.
func (s *scene) code(v string, x *slot) string {
	if x == nil || x.field == nil {
		return words(v)
	}
	if id, ok := strings.CutPrefix(x.field.List, "table:"); ok {
		if t, ok := s.o.Table(id); ok {
			for _, i := range t.Items {
				if i.ID == v {
					return i.Label.String()
				}
			}
		}
	}
	if x.field.Enum != nil {
		return words(v)
	}
	if len(v) > 80 {
		return "stated"
	}
	return `"` + v + `"`
}

// label says a fact's name in words.
func (s *scene) label(path string) string {
	kind, id, _ := strings.Cut(path, ".")
	switch kind {
	case "term":
		if i, ok := s.o.termAt[id]; ok {
			return s.o.Terms[i].Title.String()
		}
	case "moment":
		if i, ok := s.o.momentAt[id]; ok {
			return s.o.Moments[i].Title.String()
		}
	case "records":
		if r := s.o.Record(id); r != nil {
			return r.Label.String()
		}
	case "incident", "order", "period":
		return kind + ", " + words(id)
	}
	for i := range variables {
		if variables[i].name == path {
			return variables[i].doc
		}
	}
	return words(path)
}

// Explain writes every duty and every closed gate of an evaluation as plain
// sentences in English; [Explained] gives one with the facts used.
func (e Evaluation) Explain(w io.Writer) error {
	p := &page{w: w}
	for _, o := range e.Orders {
		p.line("%s is %s.", o.ID, words(o.Standing))
		if o.Retroactive {
			p.line("    The incident happened before it: it is documented, and the order is not cited for it.")
		}
		if o.Suspended != "" {
			p.line("    Its duties are not owed: %s.", o.Suspended)
		}
	}
	for _, d := range e.Duties {
		p.line("")
		if p.err == nil {
			p.err = d.Explain(w)
		}
	}
	for _, g := range e.Gates {
		p.line("")
		if g.Open {
			p.line("The gate %s is open.", g.ID)
			continue
		}
		p.line("The gate %s is closed:", g.ID)
		for _, r := range g.Reasons {
			p.line("    - %s (%s)", r.Say, strings.TrimSpace(r.ID+" "+r.Item))
		}
	}
	return p.err
}

// Explain writes why a duty is owed, met, late or not applicable, the facts
// used with their values, and what it stands on, as plain sentences in English.
func (d Duty) Explain(w io.Writer) error {
	p := &page{w: w}
	name := d.Title.String()
	if d.Item != "" {
		name += ", " + d.Item
	}
	p.line("%s: %s", name, words(d.State))
	for _, s := range d.Sentences() {
		p.line("    %s", s)
	}
	if len(d.Facts) > 0 {
		p.line("    Facts used:")
	}
	for _, f := range d.Facts {
		p.line("      - %s: %s", f.Label, f.Value)
	}
	p.line("    Stands on: %s, %s, %s", d.Order, d.ID, d.Footing)
	return p.err
}

// Sentences says in English why a duty stands as it does.
func (d Duty) Sentences() []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	when := func(t time.Time) string { return t.Format(time.RFC3339) }
	switch d.State {
	case NotApplicable:
		say("It does not apply here: what sets it off is not so, or the order does not reach it.")
	case CannotTell:
		say("Nobody can tell: a fact it depends on is not known. Not known is neither yes nor no.")
	case Owed:
		say("It is owed: what sets it off is so, and what would meet it is not on record. To do: %s", d.Say)
	case Late:
		say("It is late: it was due %s, and what would meet it is not on record. To do: %s", when(d.Due), d.Say)
	case Met:
		say("It is met: what it asks for is on record.")
	case Immediately:
		say("It was done. It is to be done immediately: its seconds are shown and never judged.")
	}
	if d.Seconds != nil {
		say("From %s it took %d seconds, or has taken them so far.", when(d.Since), *d.Seconds)
	}
	if !d.MetAt.IsZero() {
		say("It was met %s.", when(d.MetAt))
	}
	if d.MetLate {
		say("That was after it was due, %s.", when(d.Due))
	}
	if d.State != NotApplicable {
		d.clockSentences(say, when)
		d.ownerSentences(say, when)
	}
	for _, s := range d.Why {
		// A line that begins with a path is a fact; Facts has it in words.
		if path, _, ok := strings.Cut(s, ": "); len(d.Facts) == 0 || !ok || strings.Contains(path, " ") {
			say("%s.", s)
		}
	}
	return out
}

func (d Duty) clockSentences(say func(string, ...any), when func(time.Time) string) {
	local := ""
	if d.Local {
		local = " This is a target of the city's own, in no order."
	}
	switch {
	case d.Clock == ClockNone:
		say("The order states no time.")
	case !d.Due.IsZero() && d.State != Late && !d.MetLate:
		say("Its time runs from %s until %s.%s", when(d.Since), when(d.Due), local)
	case d.Clock != ClockImmediately && d.Due.IsZero():
		say("When its time began is not known, so no end of it is known.")
	case local != "":
		say("%s", strings.TrimSpace(local))
	}
	if d.Warned > 0 && d.Open() {
		say("The warning at %d is passed.", d.Warned)
	}
	if d.WarnedBefore > 0 && d.Open() {
		say("The warning %d before the end is passed.", d.WarnedBefore)
	}
	if d.Paused != "" {
		say("Its clock stands still: %s.", d.Paused)
	}
}

func (d Duty) ownerSentences(say func(string, ...any), when func(time.Time) string) {
	switch {
	case d.Owner != Unassigned:
		say("It is owed by: %s.", d.Owner)
	case d.Unassigned.IsZero():
		say("Nobody owns it, and since when is not known.")
	default:
		say("Nobody owns it, since %s.", when(d.Unassigned))
	}
	if d.Role != "" && d.Owner == Unassigned {
		say("The %s sees to it that somebody does.", d.Role)
	}
}
