package order

import (
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"jurat"
)

// A RecordType is a kind of record an order defines: a JSON Schema (2020-12)
// of its fields, with what a page and the vault must know about each. A new one
// needs no code.
type RecordType struct {
	ID     string     `json:"id"`
	Label  Label      `json:"label"`
	Scope  Scope      `json:"scope"`
	Wall   jurat.Wall `json:"wall,omitempty"` // who is kept from its records
	Fields []Field    `json:"fields"`
	Footing

	schema *jsonschema.Schema // the whole type, without "required"
	byName map[string]*Field

	line, col int
}

// A Scope says whether a record or a duty belongs to an incident or to the
// house: guidance and publication belong to no incident. A record may be of both.
type Scope string

// The scopes.
const (
	OfIncident Scope = "incident"
	OfHouse    Scope = "house"
	// OfBoth is for records alone: a reason why a duty was not done is stated
	// where the duty is owed.
	OfBoth Scope = "both"
)

// InIncident reports whether a record of this scope may be filed in an incident.
func (s Scope) InIncident() bool { return s != OfHouse }

// InHouse reports whether one may be the house's own.
func (s Scope) InHouse() bool { return s == OfHouse || s == OfBoth }

// A Field is one property of a record type.
type Field struct {
	Name     string      `json:"name"`
	Type     string      `json:"type"` // string, integer, number, array, object
	Format   string      `json:"format,omitempty"`
	List     string      `json:"list,omitempty"` // the law's or the order's list it refers to
	Enum     []string    `json:"enum,omitempty"` // of the field, or of its items
	Answer   bool        `json:"answer,omitempty"`
	Items    *Field      `json:"items,omitempty"`
	Fields   []Field     `json:"fields,omitempty"` // of an object
	Class    jurat.Class `json:"class,omitempty"`  // sealed as; empty: open
	Required bool        `json:"required,omitempty"`
	MinText  int         `json:"min_text,omitempty"`
	MaxText  int         `json:"max_text,omitempty"`
	MinItems int         `json:"min_items,omitempty"`
	Label    Label       `json:"label,omitempty"` // where no question asks for it

	line, col int
	used      bool
}

// The keywords of JSON Schema 2020-12 an order may use, and ours, which begin
// with x-. Any other is refused.
var schemaKeywords = []string{
	"type", "properties", "required", "items", "enum", "minLength", "maxLength", "pattern", "format",
	"minimum", "maximum", "minItems", "maxItems", "uniqueItems", "additionalProperties", "description", "$ref", "x-class",
}

// Formats of text an order may use.
var schemaFormats = []string{"date", "date-time"}

// reserved are the names every record has beside its fields.
var reserved = []string{"id", "type", "state", "version", "author", "office", "written_at", "submitted_at", "approved_by", "approved_at", "amends"}

func (p *parsing) records(g group) {
	taken := map[string]bool{}
	for _, n := range g.each("records") {
		e := p.group(n, "a record type", footed("id", "label", "scope", "wall", "labels", "schema")...)
		r := &RecordType{ID: e.ident(namePattern, taken), Label: p.label(e.need("label"), "label"), Scope: OfIncident, Footing: p.footing(e, nil), byName: map[string]*Field{}, line: n.line, col: n.col}
		if s := e.choice("scope", []string{string(OfIncident), string(OfHouse), string(OfBoth)}); s != "" {
			r.Scope = Scope(s)
		}
		if w := e.choice("wall", names(jurat.Walls[:])); w != "" {
			r.Wall = jurat.Wall(w)
			if r.Scope != OfHouse {
				p.problem(n.line, n.col, fmt.Sprintf("the record type %q is behind a wall and of an incident", r.ID), "scope: house", "a dossier of the incident would carry what the wall keeps")
			}
		}
		if sn := e.need("schema"); sn != nil {
			p.schema(r, sn)
		}
		for _, m := range e.each("labels") {
			l := p.group(m, "a label", append([]string{"field"}, Languages[:]...)...)
			fn := l.need("field")
			if f := p.field(fn, r, l.text("field")); f != nil {
				f.used = true
				m := *m
				m.pairs = slices.DeleteFunc(slices.Clone(m.pairs), func(q pair) bool { return q.key == "field" })
				f.Label = p.label(&m, "label")
			}
		}
		p.order.Records = append(p.order.Records, r)
	}
}

// field finds a field by its path within a type, and complains at n.
func (p *parsing) field(n *node, r *RecordType, path string) *Field {
	if path == "" {
		return nil
	}
	f := r.Field(path)
	if f == nil {
		p.problem(n.line, n.col, fmt.Sprintf("the record type %q has no field %q", r.ID, path), "one of "+strings.Join(r.paths(), ", "), nearest(path, r.paths()))
	}
	return f
}

// Field gives a field by its name, or by its path through objects and items,
// such as statements.text; nil when there is none.
func (r *RecordType) Field(path string) *Field {
	name, rest, deeper := strings.Cut(path, ".")
	f := r.byName[name]
	for f != nil && deeper {
		in := f
		if f.Items != nil {
			in = f.Items
		}
		name, rest, deeper = strings.Cut(rest, ".")
		i := slices.IndexFunc(in.Fields, func(x Field) bool { return x.Name == name })
		if i < 0 {
			return nil
		}
		f = &in.Fields[i]
	}
	return f
}

func (r *RecordType) paths() []string {
	var out []string
	r.walk(func(path string, _ *Field) { out = append(out, path) })
	return out
}

// walk visits every field of r, those within objects and items too.
func (r *RecordType) walk(visit func(path string, f *Field)) {
	var down func(prefix string, fs []Field)
	down = func(prefix string, fs []Field) {
		for i := range fs {
			f := &fs[i]
			visit(prefix+f.Name, f)
			down(prefix+f.Name+".", f.Fields)
			if f.Items != nil {
				down(prefix+f.Name+".", f.Items.Fields)
			}
		}
	}
	down("", r.Fields)
}

// unused complains about every field nothing else in the file speaks of: a
// misspelt property name would be one.
func (p *parsing) unused() {
	for _, r := range p.order.Records {
		r.walk(func(path string, f *Field) {
			if !f.used && len(f.Fields) == 0 && (f.Items == nil || len(f.Items.Fields) == 0) {
				p.problem(f.line, f.col, fmt.Sprintf("the field %s.%s is used by no label, question, expression or test", r.ID, path), "a label or a question that names it", "is the name spelt as elsewhere?")
			}
		})
	}
}

// Record gives a record type of the order by its id.
func (o *Order) Record(id string) *RecordType {
	i := slices.IndexFunc(o.Records, func(r *RecordType) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	return o.Records[i]
}
