package order

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"jurat"
)

// A Finding is one thing about the fields of a record. A refused one is a value
// that cannot be what its field holds, or a field no order has: it is refused
// where it is entered. Any other is something missing: the record is saved, and
// the finding stands against approving it.
type Finding struct {
	Field   string `json:"field"`
	Say     string `json:"say"`
	Refused bool   `json:"refused,omitempty"`
}

// Refusal gives the findings for which an entry is refused as one error of
// kind Invalid, or nil.
func Refusal(fs []Finding) error {
	var say []string
	for _, f := range fs {
		if f.Refused {
			say = append(say, f.Say)
		}
	}
	if say == nil {
		return nil
	}
	return jurat.Errorf(jurat.Invalid, "%s", strings.Join(say, "; "))
}

// Validate checks the fields of a record, one JSON object, sealed ones among
// them, against every order that defines its type. A field is unknown when no
// order has it. The findings are in the order of the fields' names.
//
// Errors: Invalid when no order defines the type or fields is not one object.
func Validate(orders []*Order, typ jurat.RecordType, fields json.RawMessage) ([]Finding, error) {
	types := recordTypes(orders, typ)
	if len(types) == 0 {
		return nil, jurat.Errorf(jurat.Invalid, "no adopted order defines a record of type %q; %s", typ, knownTypes(orders))
	}
	found, err := validate(types, typ, fields)
	if err == nil && (typ == TypeException || typ == TypePause) {
		found = append(found, aboutNoDuty(orders, fields)...)
		slices.SortStableFunc(found, func(a, b Finding) int { return strings.Compare(a.Field, b.Field) })
	}
	return found, err
}

// aboutNoDuty refuses a reason or a pause that names a duty no order has: it
// would be on record and do nothing.
func aboutNoDuty(orders []*Order, fields json.RawMessage) []Finding {
	object, _ := jsonObject(fields)
	duty, _ := object["duty"].(string)
	var known []string
	for _, o := range orders {
		for i := range o.Duties {
			known = append(known, o.Duties[i].ID)
		}
	}
	if duty == "" || slices.Contains(known, duty) {
		return nil
	}
	return []Finding{{"duty", strings.TrimSuffix(fmt.Sprintf("no adopted order has a duty %q; %s", duty, nearest(duty, known)), "; "), true}}
}

func validate(types []*RecordType, typ jurat.RecordType, fields json.RawMessage) ([]Finding, error) {
	object, err := jsonObject(fields)
	if err != nil {
		return nil, jurat.Errorf(jurat.Invalid, "the fields of a %s must be one JSON object: %v", typ, err)
	}
	var out []Finding
	add := func(f Finding) {
		if !slices.ContainsFunc(out, func(x Finding) bool { return x.Field == f.Field && x.Refused == f.Refused }) {
			out = append(out, f)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !slices.ContainsFunc(types, func(r *RecordType) bool { return r.byName[name] != nil }) {
			var known []string
			for _, r := range types {
				for _, f := range r.Fields {
					known = append(known, f.Name)
				}
			}
			add(Finding{name, strings.TrimSuffix(fmt.Sprintf("a %s has no field %q: %s", typ, name, nearest(name, known)), ": "), true})
		}
	}
	for _, r := range types {
		part := map[string]any{}
		for name, v := range object {
			if f := r.byName[name]; f != nil && v != nil {
				part[name] = v
			}
		}
		for _, f := range r.wrong(part) {
			add(f)
		}
	}
	for _, r := range types {
		incomplete("", r.Fields, object, add)
	}
	slices.SortStableFunc(out, func(a, b Finding) int { return strings.Compare(a.Field, b.Field) })
	return out, nil
}

func recordTypes(orders []*Order, typ jurat.RecordType) []*RecordType {
	var out []*RecordType
	for _, o := range orders {
		if r := o.Record(string(typ)); r != nil {
			out = append(out, r)
		}
	}
	return out
}

func knownTypes(orders []*Order) string {
	var all []string
	for _, o := range orders {
		for _, r := range o.Records {
			if !slices.Contains(all, r.ID) {
				all = append(all, r.ID)
			}
		}
	}
	if len(all) == 0 {
		return "no order is adopted"
	}
	return "the types are " + strings.Join(all, ", ")
}

func jsonObject(raw json.RawMessage) (map[string]any, error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return map[string]any{}, nil
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("it is not an object")
	}
	return m, nil
}

func jsonNumber(s string) json.Number { return json.Number(s) }

// wrong gives what the schema refuses in a value, as sentences.
func (r *RecordType) wrong(part map[string]any) []Finding {
	err := r.schema.Validate(part)
	var v *jsonschema.ValidationError
	if err == nil {
		return nil
	}
	if !errors.As(err, &v) {
		return []Finding{{"", "the fields cannot be checked: " + err.Error(), true}}
	}
	var out []Finding
	var down func(v *jsonschema.ValidationError)
	down = func(v *jsonschema.ValidationError) {
		for _, c := range v.Causes {
			down(c)
		}
		if len(v.Causes) == 0 {
			field := strings.Join(v.InstanceLocation, ".")
			out = append(out, Finding{field, sentence(field, v.ErrorKind), true})
		}
	}
	down(v)
	return out
}

func sentence(field string, k jsonschema.ErrorKind) string {
	switch k := k.(type) {
	case *kind.Type:
		return fmt.Sprintf("%s is a %s where a %s belongs", field, k.Got, strings.Join(k.Want, " or "))
	case *kind.AdditionalProperties:
		return fmt.Sprintf("%s has no field %s", field, strings.Join(k.Properties, ", "))
	case *kind.Enum:
		words := make([]string, len(k.Want))
		for i, w := range k.Want {
			words[i] = fmt.Sprint(w)
		}
		say := fmt.Sprintf("%s %q is not in its list; one of %s", field, fmt.Sprint(k.Got), strings.Join(words, ", "))
		if hint := nearest(fmt.Sprint(k.Got), words); hint != "" {
			say += " (" + hint + ")"
		}
		return say
	case *kind.Format:
		example := map[string]string{"date-time": "2026-02-10T21:15:00-06:00", "date": "2026-02-10"}[k.Want]
		return fmt.Sprintf("%s %q is not a %s such as %s", field, fmt.Sprint(k.Got), k.Want, example)
	case *kind.MaxLength:
		return fmt.Sprintf("%s has %d characters and may have %d", field, k.Got, k.Want)
	case *kind.MaxItems:
		return fmt.Sprintf("%s has %d entries and may have %d", field, k.Got, k.Want)
	case *kind.UniqueItems:
		return fmt.Sprintf("%s has an entry twice", field)
	case *kind.Pattern:
		return fmt.Sprintf("%s %q is not written as %s", field, k.Got, k.Want)
	case *kind.Minimum:
		return fmt.Sprintf("%s is less than %s", field, k.Want.RatString())
	case *kind.Maximum:
		return fmt.Sprintf("%s is more than %s", field, k.Want.RatString())
	}
	return field + " is not as its type asks"
}

// incomplete tells of fields that must be stated and are not. "unknown" is a
// statement; an empty text or list is none.
func incomplete(prefix string, fields []Field, object map[string]any, add func(Finding)) {
	for i := range fields {
		f := &fields[i]
		v := object[f.Name]
		name := prefix + f.Name
		switch {
		case f.Required && empty(v):
			add(Finding{Field: name, Say: fmt.Sprintf("%s is not stated", name)})
		case f.MinText > 0 && !empty(v):
			if s, ok := v.(string); ok && utf8.RuneCountInString(strings.TrimSpace(s)) < f.MinText {
				add(Finding{Field: name, Say: fmt.Sprintf("%s is shorter than %d characters", name, f.MinText)})
			}
		}
		if list, ok := v.([]any); ok {
			if len(list) < f.MinItems {
				add(Finding{Field: name, Say: fmt.Sprintf("%s has fewer than %d entries", name, f.MinItems)})
			}
			for j, item := range list {
				if m, ok := item.(map[string]any); ok && f.Items != nil {
					incomplete(fmt.Sprintf("%s.%d.", name, j), f.Items.Fields, m, add)
				}
			}
		}
		if m, ok := v.(map[string]any); ok {
			incomplete(name+".", f.Fields, m, add)
		}
	}
}

func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(v) == ""
	case []any:
		return len(v) == 0
	}
	return false
}

// Split is [Seal] for one record type alone: the open fields as one JSON
// object, and the fields of each sealed class.
func (r *RecordType) Split(fields json.RawMessage) (json.RawMessage, map[jurat.Class]map[string]json.RawMessage, error) {
	return split([]*RecordType{r}, jurat.RecordType(r.ID), fields)
}

// Seal splits the fields of a record into the open part and the sealed classes
// its type names, as the law writes a record. A field that one order seals is
// sealed for all, and a type that one puts behind a wall stands behind it.
//
// Errors: as Validate, and Invalid for a field no order has.
func Seal(orders []*Order, typ jurat.RecordType, fields json.RawMessage) (jurat.Writing, error) {
	types := recordTypes(orders, typ)
	if len(types) == 0 {
		return jurat.Writing{}, jurat.Errorf(jurat.Invalid, "no adopted order defines a record of type %q; %s", typ, knownTypes(orders))
	}
	open, sealed, err := split(types, typ, fields)
	if err != nil {
		return jurat.Writing{}, err
	}
	w := jurat.Writing{Fields: open}
	for _, t := range types {
		if t.Wall != "" {
			w.Wall = t.Wall
		}
	}
	for c, part := range sealed {
		if w.Sealed == nil {
			w.Sealed = map[jurat.Class]any{}
		}
		w.Sealed[c] = part
	}
	return w, nil
}

func split(types []*RecordType, typ jurat.RecordType, fields json.RawMessage) (json.RawMessage, map[jurat.Class]map[string]json.RawMessage, error) {
	found, err := validate(types, typ, fields)
	if err == nil {
		err = Refusal(found)
	}
	if err != nil {
		return nil, nil, err
	}
	object := map[string]json.RawMessage{}
	if len(bytes.TrimSpace(fields)) > 0 {
		if err := json.Unmarshal(fields, &object); err != nil {
			return nil, nil, jurat.Because(jurat.Invalid, err, "the fields of a %s", typ)
		}
	}
	open, sealed := map[string]json.RawMessage{}, map[jurat.Class]map[string]json.RawMessage{}
	for name, v := range object {
		class := classOf(types, name)
		if class == "" {
			open[name] = v
			continue
		}
		if sealed[class] == nil {
			sealed[class] = map[string]json.RawMessage{}
		}
		sealed[class][name] = v
	}
	text, err := json.Marshal(open)
	if err != nil {
		return nil, nil, jurat.Because(jurat.Invalid, err, "the fields of a %s", typ)
	}
	return text, sealed, nil
}

func classOf(types []*RecordType, name string) jurat.Class {
	for _, r := range types {
		if f := r.byName[name]; f != nil && f.Class != "" {
			return f.Class
		}
	}
	return ""
}

// values are what a field, or its items, may be; none where nothing is listed.
func (f *Field) values() []string {
	if f.Items != nil {
		return f.Items.Enum
	}
	return f.Enum
}

func onlyIn(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}

func inBoth(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return !slices.Contains(b, s) })
}

// Together says whether orders can be adopted side by side: the quick report is
// short enough, no id is used twice, and a record type they share means the
// same to all.
func Together(orders ...*Order) Problems {
	_, ps := QuickReport(orders...)
	complain := func(o *Order, f Field, warning bool, expected, format string, args ...any) {
		ps = append(ps, Problem{File: o.File, Line: f.line, Column: f.col, What: fmt.Sprintf(format, args...), Expected: expected, Warning: warning})
	}
	for i, a := range orders {
		for _, b := range orders[i+1:] {
			if a.ID == b.ID {
				ps = append(ps, Problem{File: b.File, Line: 1, Column: 1, What: fmt.Sprintf("the order %q is already there (%s)", b.ID, a.File)})
			}
			for _, rb := range b.Records {
				ra := a.Record(rb.ID)
				if ra == nil {
					continue
				}
				if ra.Wall != "" && rb.Wall != "" && ra.Wall != rb.Wall {
					ps = append(ps, Problem{File: b.File, Line: rb.line, Column: rb.col, What: fmt.Sprintf("records of the type %s stand behind the wall %q here and %q in %s", rb.ID, rb.Wall, ra.Wall, a.File), Expected: "one wall in every adopted order"})
				}
				for _, f := range rb.Fields {
					g := ra.byName[f.Name]
					if g == nil {
						continue
					}
					if g.Type != f.Type || g.Format != f.Format || g.Class != f.Class || g.Answer != f.Answer {
						complain(b, f, false, "the same type and class in every adopted order", "the field %s.%s is of another type or class in %s", rb.ID, f.Name, a.File)
					}
					// A record is of every order that has its type, so a value counts
					// only where each of them knows it.
					switch one, other, shared := onlyIn(f.values(), g.values()), onlyIn(g.values(), f.values()), inBoth(f.values(), g.values()); {
					case len(f.values()) == 0 || len(g.values()) == 0:
					case len(shared) == 0:
						complain(b, f, false, "values that both know", "no value of the field %s.%s is one of those of %s", rb.ID, f.Name, a.File)
					case len(one)+len(other) > 0:
						complain(b, f, true, "the same values in every adopted order", "the field %s.%s takes other values in %s, and only what both know is accepted: %s", rb.ID, f.Name, a.File, strings.Join(append(one, other...), ", "))
					}
				}
			}
		}
	}
	return ps.sorted()
}
