package order

import (
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"jurat"
)

// schema reads the JSON Schema of a record type: closed keywords, closed
// properties, lists of the law and of the order by reference. It builds the
// document the validator compiles, without "required": a missing field is
// never a reason to refuse saving.
func (p *parsing) schema(r *RecordType, n *node) {
	var whole Field
	doc := p.subschema(&whole, n, "the schema of "+r.ID, 0)
	if whole.Type != "object" && n.form == isMap {
		p.problem(n.line, n.col, "the schema of "+r.ID+" is not of an object", "type: object", "")
		return
	}
	r.Fields = whole.Fields
	for i := range r.Fields {
		f := &r.Fields[i]
		if slices.Contains(reserved, f.Name) {
			p.problem(f.line, f.col, fmt.Sprintf("the field %q has a name every record already has", f.Name), "another name", "")
		}
		r.byName[f.Name] = f
	}
	p.then(func() { p.compileSchema(r, n, doc) })
}

// compileSchema makes the schema of a record type ready to validate.
func (p *parsing) compileSchema(r *RecordType, n *node, doc map[string]any) {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	c.UseLoader(noLoader{})
	const address = "jurat:record"
	err := c.AddResource(address, doc)
	if err == nil {
		r.schema, err = c.Compile(address)
	}
	if err != nil {
		p.problem(n.line, n.col, "the schema of "+r.ID+" is not JSON Schema 2020-12: "+err.Error(), "", "")
	}
}

// noLoader refuses every reference to another document: reading an order opens
// nothing.
type noLoader struct{}

func (noLoader) Load(url string) (any, error) {
	return nil, jurat.Errorf(jurat.Invalid, "an order refers to no other document (%s)", url)
}

var schemaTypes = []string{"string", "integer", "number", "array", "object"}

// keywordsOf says which keywords mean something for a type.
var keywordsOf = map[string][]string{
	"string":  {"enum", "minLength", "maxLength", "pattern", "format"},
	"integer": {"minimum", "maximum"},
	"number":  {"minimum", "maximum"},
	"array":   {"items", "minItems", "maxItems", "uniqueItems"},
	"object":  {"properties", "required", "additionalProperties"},
}

func (p *parsing) subschema(f *Field, n *node, what string, depth int) map[string]any {
	g := p.group(n, what, schemaKeywords...)
	doc := map[string]any{}
	f.line, f.col = n.line, n.col
	if d := g.text("description"); d != "" {
		doc["description"] = d
	}
	if c := g.get("x-class"); c != nil {
		classes := names(jurat.Classes[1:])
		f.Class = jurat.Class(p.choice(c, "x-class", classes))
		if depth != 1 {
			p.problem(c.line, c.col, "x-class stands on a part of a field", "x-class on a field of the record itself", "a field is sealed whole")
		}
	}
	ref := g.get("$ref")
	if ref != nil {
		if t := g.get("type"); t != nil {
			p.problem(t.line, t.col, "type beside $ref", "one of the two", "a list is always text")
		}
		f.Type = "string"
	} else {
		f.Type = g.needChoice("type", schemaTypes)
		if t := g.get("type"); t != nil && t.form == isText && t.text == "boolean" {
			p.hintLast("a yes-or-no question has unknown as an answer: use $ref: jurat:answer")
		}
	}
	doc["type"] = f.Type
	for k, q := range g.has {
		if f.Type != "" && slices.Contains(slices.Concat(keywordsOf["string"], keywordsOf["number"], keywordsOf["array"], keywordsOf["object"]), k) && !slices.Contains(keywordsOf[f.Type], k) {
			p.problem(q.line, q.col, fmt.Sprintf("%q says nothing about %s", k, f.Type), "one of "+strings.Join(keywordsOf[f.Type], ", "), "")
		}
	}
	switch f.Type {
	case "string":
		p.stringSchema(f, g, ref, doc)
	case "integer", "number":
		for _, k := range []string{"minimum", "maximum"} {
			if m := g.get(k); m != nil {
				if m.form != isWhole && m.form != isDecimal {
					p.problem(m.line, m.col, fmt.Sprintf("%q is %s", k, formNames[m.form]), "a number", "")
					continue
				}
				doc[k] = jsonNumber(m.text)
			}
		}
	case "array":
		f.MinItems = p.whole(g.get("minItems"), "minItems", 0, 1000)
		if m := g.get("maxItems"); m != nil {
			doc["maxItems"] = jsonNumber(fmt.Sprint(p.whole(m, "maxItems", 1, 10_000)))
		}
		if g.truth("uniqueItems") {
			doc["uniqueItems"] = true
		}
		if m := g.need("items"); m != nil && depth < 4 {
			f.Items = &Field{}
			doc["items"] = p.subschema(f.Items, m, "the items of "+what, depth+2)
			f.Enum, f.List = f.Items.Enum, f.Items.List
		}
	case "object":
		p.objectSchema(f, g, doc, what, depth)
	}
	return doc
}

func (p *parsing) stringSchema(f *Field, g group, ref *node, doc map[string]any) {
	f.MinText = p.whole(g.get("minLength"), "minLength", 0, 10_000)
	if m := g.get("maxLength"); m != nil {
		f.MaxText = p.whole(m, "maxLength", 1, 1_000_000)
		doc["maxLength"] = jsonNumber(fmt.Sprint(f.MaxText))
	}
	if m := g.get("pattern"); m != nil {
		doc["pattern"] = p.text(m, "pattern")
	}
	if f.Format = g.choice("format", schemaFormats); f.Format != "" {
		doc["format"] = f.Format
	}
	for _, m := range g.each("enum") {
		f.Enum = append(f.Enum, p.text(m, "enum"))
	}
	if ref != nil {
		p.reference(f, g, ref)
	}
	if f.Enum != nil {
		list := make([]any, len(f.Enum))
		for i, v := range f.Enum {
			list[i] = v
			if slices.Index(f.Enum, v) != i {
				p.problem(g.at.line, g.at.col, fmt.Sprintf("the value %q stands twice", v), "each value once", "")
			}
		}
		doc["enum"] = list
	}
	if slices.Contains(f.Enum, "yes") && slices.Contains(f.Enum, "no") && !slices.Contains(f.Enum, "unknown") {
		p.problem(g.at.line, g.at.col, "a yes-or-no question without \"unknown\"", "unknown among the values", "use $ref: jurat:answer")
	}
}

// reference resolves $ref: jurat:LIST (the law's) or table:ID (the order's). An
// enum beside it narrows the list and never widens it.
func (p *parsing) reference(f *Field, g group, ref *node) {
	v := p.text(ref, "$ref")
	var whole []string
	lists := jurat.Lists()
	scheme, name, _ := strings.Cut(v, ":")
	known := []string{}
	for k := range lists {
		known = append(known, "jurat:"+k)
	}
	for _, t := range p.order.Tables {
		known = append(known, "table:"+t.ID)
	}
	for _, k := range []string{"offences", "grounds"} {
		known = append(known, "table:"+k)
	}
	slices.Sort(known)
	switch {
	case scheme == "jurat" && lists[name] != nil:
		whole, f.Answer = lists[name], name == "answer"
	case v == "table:offences":
		for _, o := range p.order.Offences {
			whole = append(whole, o.ID)
		}
	case v == "table:grounds":
		for _, o := range p.order.Grounds {
			whole = append(whole, o.ID)
		}
	case scheme == "table":
		if t, ok := p.order.Table(name); ok {
			whole = t.Codes()
		}
	}
	if whole == nil {
		if v != "" {
			p.problem(ref.line, ref.col, fmt.Sprintf("$ref %q", v), "one of "+strings.Join(known, ", "), nearest(v, known))
		}
		return
	}
	f.List = v
	for _, narrow := range f.Enum {
		if !slices.Contains(whole, narrow) {
			at := g.get("enum")
			p.problem(at.line, at.col, fmt.Sprintf("%q is not in the list %s", narrow, v), "values of that list: it may be narrowed, never widened", nearest(narrow, whole))
		}
	}
	if f.Enum == nil {
		f.Enum = whole
	}
	if f.Answer && !slices.Contains(f.Enum, "unknown") {
		p.problem(ref.line, ref.col, "a yes-or-no question without \"unknown\"", "unknown among the values", "")
	}
}

func (p *parsing) objectSchema(f *Field, g group, doc map[string]any, what string, depth int) {
	if a := g.get("additionalProperties"); a != nil && (a.form != isTruth || a.text != "false") {
		p.problem(a.line, a.col, "additionalProperties is not false", "false: a record has the fields its type names and no other", "leave the key out")
	}
	doc["additionalProperties"] = false
	props := map[string]any{}
	n := g.need("properties")
	if n != nil && n.form != isMap {
		p.problem(n.line, n.col, "properties is "+formNames[n.form], "names of fields", "")
		n = nil
	}
	if n != nil {
		for _, q := range n.pairs {
			if !namePattern.MatchString(q.key) {
				p.problem(q.line, q.col, fmt.Sprintf("the field name %q", q.key), "lower-case letters, digits and underscores, beginning with a letter", "")
			}
			if jurat.ForbiddenField(q.key) {
				p.problem(q.line, q.col, fmt.Sprintf("the field %q may exist in no record (requirements §13)", q.key), "no such field", "leave it out")
			}
			if _, twice := props[q.key]; twice {
				p.problem(q.line, q.col, fmt.Sprintf("the field %q stands twice", q.key), "each field once", "")
				continue
			}
			var x Field
			if depth < 4 {
				props[q.key] = p.subschema(&x, q.value, fmt.Sprintf("the field %q", q.key), depth+1)
			} else {
				p.problem(q.line, q.col, "fields nested too deep", "a record type of its own", "")
			}
			x.Name, x.line, x.col = q.key, q.line, q.col
			f.Fields = append(f.Fields, x)
		}
	}
	doc["properties"] = props
	for _, m := range g.each("required") {
		name := p.text(m, "required")
		i := slices.IndexFunc(f.Fields, func(x Field) bool { return x.Name == name })
		if i < 0 {
			var known []string
			for _, x := range f.Fields {
				known = append(known, x.Name)
			}
			p.problem(m.line, m.col, fmt.Sprintf("required names %q, which is not a field", name), "one of "+strings.Join(known, ", "), nearest(name, known))
			continue
		}
		f.Fields[i].Required = true
	}
}
