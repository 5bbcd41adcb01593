package web

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// An input is one question of a form, made from a field of a record type: what
// it asks, what may be answered, and what is answered now.
type input struct {
	Name    string // of the form's value, and the id of its place on the page
	Label   string
	Hint    string
	Kind    string // radio, checks, text, area, number, moment, date
	Choices []choice
	Value   string
	Sealed  jurat.Class
	Long    bool // so many choices that a list to choose from serves better
}

// A choice is one answer a question offers.
type choice struct {
	Value, Label string
	Chosen       bool
	Alone        bool // beside it no other answer makes sense
}

// short are the texts that have one line.
const short = 300

// input makes the question for a field. prefix names the record type, so that
// the questions of several types may stand in one form.
func (y *vocabulary) input(prefix string, typ *desk.RecordType, f *desk.Field, values url.Values) input {
	in := input{Name: prefix + f.Name, Label: y.question(typ.ID, f), Sealed: f.Class, Value: values.Get(prefix + f.Name)}
	if in.Sealed == jurat.ClassOpen {
		in.Sealed = ""
	}
	list := f
	if f.Type == "array" && f.Items != nil {
		list = f.Items
	}
	switch {
	case f.Type == "array":
		in.Kind = "checks"
	case f.Enum != nil:
		in.Kind = "radio"
	case f.Format == "date-time":
		in.Kind = "moment"
	case f.Format == "date":
		in.Kind = "date"
	case f.Type == "integer" || f.Type == "number":
		in.Kind = "number"
	case f.MaxText > short || f.MinText > 0 && f.MaxText == 0:
		in.Kind = "area"
	default:
		in.Kind = "text"
	}
	if list.Enum == nil && f.Type == "array" {
		in.Kind = "area" // one to a line
		in.Value = strings.Join(values[in.Name], "\n")
	}
	for _, code := range list.Enum {
		in.Choices = append(in.Choices, choice{Value: code, Label: y.choice(list, code), Chosen: slices.Contains(values[in.Name], code)})
	}
	in.Long = in.Kind == "radio" && len(in.Choices) > 12
	return in
}

// askable reports whether a field is one a plain form can ask for.
func askable(f *desk.Field) bool {
	if f.Type == "object" || f.Type == "array" && f.Items != nil && f.Items.Type == "object" {
		return false
	}
	return true
}

// inputs makes the questions of a whole record type.
func (y *vocabulary) inputs(typ *desk.RecordType, values url.Values) []input {
	var all []input
	for i := range typ.Fields {
		if askable(&typ.Fields[i]) {
			all = append(all, y.input("", typ, &typ.Fields[i], values))
		}
	}
	return all
}

// filled reads what a form says of one record type back into the fields of a
// record. What was left empty is left out: not answered is no answer. What a
// form does not ask for stays as it was.
func (y *vocabulary) filled(prefix string, typ *desk.RecordType, values url.Values, was json.RawMessage) (json.RawMessage, []wrong) {
	out := map[string]any{}
	if len(was) > 0 {
		kept := map[string]json.RawMessage{}
		if json.Unmarshal(was, &kept) == nil {
			for i := range typ.Fields {
				if raw, ok := kept[typ.Fields[i].Name]; ok && !askable(&typ.Fields[i]) {
					out[typ.Fields[i].Name] = raw
				}
			}
		}
	}
	var bad []wrong
	for i := range typ.Fields {
		f := &typ.Fields[i]
		if !askable(f) {
			continue
		}
		name := prefix + f.Name
		value, err := y.read(f, values[name])
		if err != nil {
			bad = append(bad, wrong{name, y.question(typ.ID, f) + ": " + err.Error()})
			continue
		}
		if value != nil {
			out[f.Name] = value
		}
	}
	text, err := json.Marshal(out)
	if err != nil {
		return nil, append(bad, wrong{"", err.Error()})
	}
	return text, bad
}

// read reads the answer to one question; nil where there is none.
func (y *vocabulary) read(f *desk.Field, given []string) (any, error) {
	given = slices.DeleteFunc(slices.Clone(given), func(s string) bool { return strings.TrimSpace(s) == "" })
	if len(given) == 0 {
		return nil, nil
	}
	one := given[0]
	switch {
	case f.Type == "array" && f.Items != nil && f.Items.Enum == nil:
		var lines []string
		for _, g := range given {
			for line := range strings.Lines(g) {
				if line = strings.TrimSpace(line); line != "" {
					lines = append(lines, line)
				}
			}
		}
		return lines, nil
	case f.Type == "array":
		return given, nil
	case f.Format == "date-time":
		at, err := typedIn(y.zone, one)
		if err != nil {
			return nil, err
		}
		return at.Format(time.RFC3339), nil
	case f.Type == "integer" || f.Type == "number":
		if _, err := strconv.ParseFloat(one, 64); err != nil {
			say, serr := y.words.say(y.lang, "form.no_number", "given", one)
			if serr != nil {
				return nil, serr
			}
			return nil, jurat.Errorf(jurat.Invalid, "%s", say)
		}
		return json.Number(one), nil
	}
	return strings.ReplaceAll(one, "\r\n", "\n"), nil
}

// values are the fields of a record as a form has them, so that it can be
// filled in again.
func (y *vocabulary) values(prefix string, typ *desk.RecordType, fields json.RawMessage) (url.Values, error) {
	out := url.Values{}
	if len(fields) == 0 {
		return out, nil
	}
	raw := map[string]json.RawMessage{}
	if err := json.Unmarshal(fields, &raw); err != nil {
		return nil, err
	}
	for i := range typ.Fields {
		f := &typ.Fields[i]
		text, ok := raw[f.Name]
		if !ok || !askable(f) {
			continue
		}
		var s string
		var list []string
		switch {
		case json.Unmarshal(text, &s) == nil:
			if f.Format == "date-time" {
				if at, err := time.Parse(time.RFC3339, s); err == nil {
					s = at.In(y.zone).Format("2006-01-02T15:04:05")
				}
			}
			out.Set(prefix+f.Name, s)
		case json.Unmarshal(text, &list) == nil:
			out[prefix+f.Name] = list
		default:
			out.Set(prefix+f.Name, string(text))
		}
	}
	return out, nil
}
