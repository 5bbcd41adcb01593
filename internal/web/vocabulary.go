package web

import (
	"bytes"
	"encoding/json"
	"html/template"
	"maps"
	"slices"
	"strings"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// A vocabulary is the words of the orders in force, in one language: what a
// record type, a field, or a code of a table is called. The counter has none
// of its own for them.
type vocabulary struct {
	orders []*desk.Order
	lang   string
	zone   *time.Location
	words  *words
}

func (c *Counter) vocabulary(v *visit) (*vocabulary, error) {
	orders, err := c.Desk.Orders(v.ctx())
	if err != nil {
		return nil, err
	}
	return &vocabulary{orders: orders, lang: v.lang, zone: c.Zone, words: c.pages.words}, nil
}

// plain is a code without a label, as words.
func plain(code string) string {
	return strings.ReplaceAll(strings.ReplaceAll(code, "_", " "), "-", " ")
}

// recordType finds a type of record, and the order that defines it.
func (y *vocabulary) recordType(id jurat.RecordType) *desk.RecordType {
	for _, o := range y.orders {
		if r := o.Record(string(id)); r != nil {
			return r
		}
	}
	return nil
}

// Type is what a type of record is called.
func (y *vocabulary) Type(id jurat.RecordType) string {
	if r := y.recordType(id); r != nil {
		return r.Label.In(y.lang)
	}
	return plain(string(id))
}

// Kind is what a kind of exhibit is called: a copy by what it was made for, the
// rest as the orders have it.
func (y *vocabulary) Kind(code string) string {
	if slices.Contains(jurat.Purposes[:], code) {
		if label, err := y.words.say(y.lang, "list.purpose."+code); err == nil {
			return label
		}
	}
	return y.entry("exhibit_kinds", code)
}

// Agency is what an agency is called.
func (y *vocabulary) Agency(code string) string { return y.entry("agencies", code) }

// Capacities are the words offered for the capacity somebody was there in.
func (y *vocabulary) Capacities() ([]choice, error) {
	var out []choice
	for _, code := range jurat.Capacities {
		label, err := y.words.say(y.lang, "list.capacity."+code)
		if err != nil {
			return nil, err
		}
		out = append(out, choice{Value: code, Label: label})
	}
	return out, nil
}

// Capacity is what a capacity is called; other words stay as they were written.
func (y *vocabulary) Capacity(code string) (string, error) {
	if !slices.Contains(jurat.Capacities[:], code) {
		return code, nil
	}
	return y.words.say(y.lang, "list.capacity."+code)
}

// entry is the label of a code of a table.
func (y *vocabulary) entry(table, code string) string {
	for _, o := range y.orders {
		switch t, ok := o.Table(table); {
		case table == "offences":
			if i := slices.IndexFunc(o.Offences, func(x desk.Offence) bool { return x.ID == code }); i >= 0 {
				return o.Offences[i].Label.In(y.lang)
			}
		case table == "grounds":
			if i := slices.IndexFunc(o.Grounds, func(x desk.Ground) bool { return x.ID == code }); i >= 0 {
				return o.Grounds[i].Label.In(y.lang)
			}
		case ok:
			if i := slices.IndexFunc(t.Items, func(x desk.TableItem) bool { return x.ID == code }); i >= 0 {
				return t.Items[i].Label.In(y.lang)
			}
		}
	}
	return plain(code)
}

// Ground is what a ground for keeping is called.
func (y *vocabulary) Ground(code string) string { return y.entry("grounds", code) }

// Offence is what an offence is called.
func (y *vocabulary) Offence(code string) string { return y.entry("offences", code) }

// Choices lists a table of the orders in force, to choose from.
func (y *vocabulary) Choices(table string) []choice {
	var out []choice
	add := func(code, label string) {
		if !slices.ContainsFunc(out, func(c choice) bool { return c.Value == code }) {
			out = append(out, choice{Value: code, Label: label})
		}
	}
	for _, o := range y.orders {
		if table == "offences" {
			for _, x := range o.Offences {
				add(x.ID, x.Label.In(y.lang)+" · "+x.Cite)
			}
			continue
		}
		if t, ok := o.Table(table); ok {
			for _, x := range t.Items {
				add(x.ID, x.Label.In(y.lang))
			}
		}
	}
	return out
}

// Orders are the orders in force.
func (y *vocabulary) Orders() []*desk.Order { return y.orders }

// Period is a length of time as an order states it.
func (y *vocabulary) Period(p desk.Period) (string, error) {
	return y.words.say(y.lang, "list.period."+strings.ReplaceAll(string(p.Unit), " ", "_"), "count", p.N)
}

// Order is what an order is called.
func (y *vocabulary) Order(id string) string {
	for _, o := range y.orders {
		if o.ID == id {
			return o.Title
		}
	}
	return id
}

// choice is the label of a value of a field: of the law's list, the order's
// table, or the field's own.
func (y *vocabulary) choice(f *desk.Field, code string) string {
	scheme, name, _ := strings.Cut(f.List, ":")
	switch scheme {
	case "jurat":
		if s, err := y.words.say(y.lang, "list."+name+"."+code); err == nil {
			return s
		}
	case "table":
		return y.entry(name, code)
	default:
		if s, err := y.words.say(y.lang, "choice."+code); err == nil {
			return s
		}
	}
	return plain(code)
}

// question is what asks for a field: its own label, or the question of a form
// whose field it is.
func (y *vocabulary) question(typ string, f *desk.Field) string {
	if len(f.Label) > 0 {
		return f.Label.In(y.lang)
	}
	if s, err := y.words.say(y.lang, "field."+f.Name); err == nil {
		return s
	}
	s := plain(f.Name)
	return strings.ToUpper(s[:1]) + s[1:]
}

// A told is one field of a record as people read it.
type told struct {
	Label  string
	Value  string
	When   template.HTML // instead of Value, of a moment
	Words  bool          // somebody's own words, kept as typed
	Sealed jurat.Class   // the value lies in a sealed part
}

// Fields lists the fields a record has, in the order of its type; those its
// type does not know come last, by their own names.
func (y *vocabulary) Fields(r jurat.Record) ([]told, error) {
	values := map[string]json.RawMessage{}
	if len(r.Fields) > 0 {
		if err := json.Unmarshal(r.Fields, &values); err != nil {
			return nil, err
		}
	}
	var out []told
	typ := y.recordType(r.Type)
	if typ != nil {
		for i := range typ.Fields {
			f := &typ.Fields[i]
			raw, ok := values[f.Name]
			delete(values, f.Name)
			switch {
			case f.Class != "" && f.Class != jurat.ClassOpen && slices.Contains(r.Parts, f.Class):
				out = append(out, told{Label: y.question(typ.ID, f), Sealed: f.Class})
			case ok:
				one, err := y.told(typ.ID, f, raw)
				if err != nil {
					return nil, err
				}
				out = append(out, one)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		out = append(out, told{Label: plain(name), Value: string(values[name])})
	}
	return out, nil
}

func (y *vocabulary) told(typ string, f *desk.Field, raw json.RawMessage) (told, error) {
	one := told{Label: y.question(typ, f), Words: f.Type == "string" && f.Enum == nil && f.Format == ""}
	if f.Format == "date-time" {
		var at time.Time
		if json.Unmarshal(raw, &at) == nil {
			html, err := y.words.when(y.lang, at.In(y.zone))
			one.When = html
			return one, err
		}
	}
	one.Value = y.value(f, raw)
	return one, nil
}

// value is a value as text.
func (y *vocabulary) value(f *desk.Field, raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		if f.Enum != nil {
			return y.choice(f, text)
		}
		return text
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		in := f
		if f.Items != nil {
			in = f.Items
		}
		said := make([]string, len(list))
		for i, one := range list {
			said[i] = y.value(in, one)
		}
		return strings.Join(said, " · ")
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) == nil && len(f.Fields) > 0 {
		var said []string
		for i := range f.Fields {
			if one, ok := object[f.Fields[i].Name]; ok {
				said = append(said, y.question("", &f.Fields[i])+": "+y.value(&f.Fields[i], one))
			}
		}
		return strings.Join(said, "; ")
	}
	return string(bytes.TrimSpace(raw))
}

// questionOf is what asks for a field of a type.
func (y *vocabulary) questionOf(typ jurat.RecordType, name string) string {
	if r := y.recordType(typ); r != nil {
		if f := r.Field(name); f != nil {
			return y.question(r.ID, f)
		}
	}
	return plain(name)
}

// fieldTexts are the fields of a record that are text.
func fieldTexts(r jurat.Record) (map[string]string, error) {
	var raw map[string]json.RawMessage
	if len(r.Fields) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(r.Fields, &raw); err != nil {
		return nil, err
	}
	out := map[string]string{}
	for name, v := range raw {
		var s string
		if json.Unmarshal(v, &s) == nil {
			out[name] = s
		}
	}
	return out, nil
}

// sealedFields are the fields of a sealed part, by their own names.
func sealedFields(raw json.RawMessage) []told {
	values := map[string]json.RawMessage{}
	if json.Unmarshal(raw, &values) != nil {
		return []told{{Label: "", Value: string(raw)}}
	}
	var out []told
	for name, v := range values {
		var found []jurat.Told // of a probe: in the bytes' own words
		if json.Unmarshal(v, &found) == nil && len(found) > 0 {
			for _, one := range found {
				out = append(out, told{Label: one.Where + ", " + one.Name, Value: one.Value, Words: true})
			}
			continue
		}
		var s string
		if json.Unmarshal(v, &s) != nil {
			s = string(v)
		}
		out = append(out, told{Label: plain(name), Value: s, Words: true})
	}
	return out
}
