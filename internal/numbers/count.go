package numbers

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"jurat"
	"jurat/format"
	"jurat/order"
)

// What is counted: the closed list of a series (order.SeriesCounts).
const (
	countActivity    = "activity"
	countAllegations = "allegations"
	countFindings    = "findings"
	countGaps        = "gaps"
)

// The dimensions of a table (order.SeriesDimensions), beside the month.
const (
	byArea     = "area"
	byAgency   = "agency"
	byActivity = "activity_kind"
	byClass    = "allegation_class"
	byStatus   = "status"
)

// fits lists what each series may be counted by. A status belongs to an
// allegation and a finding, an activity to an activity: a table across would
// mix what was seen, what is alleged and what was found.
var fits = map[string][]string{
	countActivity:    {byArea, byAgency, byActivity},
	countAllegations: {byArea, byClass, byStatus},
	countFindings:    {byArea, byClass, byStatus},
}

// Codes for what is not known. They are counted, and never left out.
const (
	notEstablished = "not_established"
	notStated      = "not_stated"
)

// isFinding reports whether a status is a finding: the word of a court on what
// was alleged. What an office that investigates or charges says is none.
func isFinding(s jurat.AllegationStatus) bool {
	return s.Body() == jurat.FunctionCourt && s != "removed_to_federal_court"
}

// statuses lists the statuses of allegations or of findings, in the law's order.
func statuses(findings bool) []string {
	var out []string
	for _, s := range jurat.AllegationStatuses {
		if isFinding(s) == findings {
			out = append(out, string(s))
		}
	}
	return out
}

// An activityType is a kind of record in which an order has activity
// documented: it names an agency out of the order's table, and what was being
// done or asked.
type activityType struct {
	record   string
	agencies string // the field with one agency or several
	basis    string // the field that says how the agency is known; empty: the order does not ask
	kinds    string // the field with the kinds of activity; empty: the order does not ask
	table    string // the table of the kinds
}

// activityTypes finds the record types of an order in which activity is
// documented: those with a field out of the table "agencies" and a field whose
// name ends in "_kinds" out of another table; where the order has none, those
// that only name an agency.
func activityTypes(o *order.Order) []activityType {
	var with, without []activityType
	for _, r := range o.Records {
		if r.Scope != order.OfIncident {
			continue
		}
		t := activityType{record: r.ID}
		for _, f := range r.Fields {
			list := f.List
			if f.Items != nil && list == "" {
				list = f.Items.List
			}
			switch table, ok := strings.CutPrefix(list, "table:"); {
			case list == "jurat:knowledge":
				t.basis = f.Name
			case ok && table == "agencies" && t.agencies == "":
				t.agencies = f.Name
			case ok && strings.HasSuffix(f.Name, "_kinds") && t.kinds == "":
				t.kinds, t.table = f.Name, table
			}
		}
		switch {
		case t.agencies == "":
		case t.kinds != "":
			with = append(with, t)
		default:
			without = append(without, t)
		}
	}
	if len(with) > 0 {
		return with
	}
	return without
}

// fields are a record's own fields as written; one is decoded when it is asked for.
type fields []field

type field struct {
	name  string
	value json.RawMessage
}

// readings are what was read of one incident's records: every series of a
// publication asks about them again.
type readings struct {
	records []*jurat.Record
	fields  []fields
}

func (c *readings) read(r *jurat.Record) fields {
	if i := slices.Index(c.records, r); i >= 0 {
		return c.fields[i]
	}
	f := read(r)
	c.records, c.fields = append(c.records, r), append(c.fields, f)
	return f
}

// next forgets what was read of the incident before.
func (c *readings) next() {
	clear(c.records)
	clear(c.fields)
	c.records, c.fields = c.records[:0], c.fields[:0]
}

// read gives the fields of a record; nil: it has none that can be read.
func read(r *jurat.Record) fields {
	f := make(fields, 0, 16)
	err := format.EachMember(r.Fields, func(name []byte, value json.RawMessage) { f = append(f, field{string(name), value}) })
	if err != nil {
		return nil
	}
	return f
}

// of gives a field as written; nil where it is not there, or is null.
func (f fields) of(name string) json.RawMessage {
	for i := range f {
		if f[i].name == name && string(f[i].value) != "null" {
			return f[i].value
		}
	}
	return nil
}

// text gives a text; "" where there is none, or what is there is none.
func (f fields) text(name string) string {
	s, _ := textOf(f.of(name))
	return s
}

func textOf(value json.RawMessage) (s string, ok bool) {
	if len(value) < 2 || value[0] != '"' {
		return "", false
	}
	if bytes.IndexByte(value, '\\') < 0 {
		return string(value[1 : len(value)-1]), true
	}
	return s, json.Unmarshal(value, &s) == nil
}

// texts gives a list of texts, or one text as a list.
func (f fields) texts(name string) []string {
	value := f.of(name)
	if s, ok := textOf(value); ok {
		return []string{s}
	}
	var list []json.RawMessage
	if value == nil || json.Unmarshal(value, &list) != nil {
		return nil
	}
	var out []string
	for _, v := range list {
		if s, ok := textOf(v); ok {
			out = append(out, s)
		}
	}
	return out
}

func (f fields) has(name string) bool { return f.of(name) != nil }

// when reads a time; zero where there is none.
func (f fields) when(name string) time.Time {
	t, err := time.Parse(time.RFC3339, f.text(name))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// whole reads a whole number. Anything else, and what no int64 holds exactly in
// JSON, is not known.
func (f fields) whole(name string) (int64, bool) {
	var n float64
	if value := f.of(name); value == nil || json.Unmarshal(value, &n) != nil || n != float64(int64(n)) || n > 1<<53 || n < -(1<<53) {
		return 0, false
	}
	return int64(n), true
}

// standing gives the records of a type that no later record of the type
// amends: a correction is counted in place of what it corrects.
func standing(records []jurat.Record, typ string) []*jurat.Record {
	var out []*jurat.Record
	amended := false
	for i := range records {
		if string(records[i].Type) == typ {
			out = append(out, &records[i])
			amended = amended || records[i].Amends != ""
		}
	}
	if !amended {
		return out
	}
	return slices.DeleteFunc(slices.Clone(out), func(r *jurat.Record) bool {
		return slices.ContainsFunc(out, func(x *jurat.Record) bool { return x.Amends == r.ID && x.ID != r.ID })
	})
}

// A tally is one thing to be counted: its moment and its codes by dimension.
type tally struct {
	at      time.Time
	finding bool // its class of status
	by      map[string][]string
}

// happened is the moment an incident is counted under: when it began, and where
// that is not known when the office first knew.
func happened(in jurat.Incident) time.Time {
	if !in.Occurred.From.IsZero() {
		return in.Occurred.From
	}
	return in.FirstKnowledge
}

// An observed is what the records of an incident say of activity.
type observed struct {
	agencies, kinds []string
	some            bool // any activity of the order is on record
}

// noPersonnel is the code of a table of agencies by which somebody says that
// personnel of none was there.
const noPersonnel = "none"

// observed gathers what an incident's records say of activity, each code once.
func (c *counter) observed(f *order.Facts) observed {
	if c.observedOf == c.seen && c.seen > 0 {
		return c.activity
	}
	var o observed
	for _, t := range c.types {
		for _, r := range standing(f.Records, t.record) {
			v := c.read(r)
			if slices.Equal(v.texts(t.agencies), []string{noPersonnel}) {
				continue // whoever wrote it saw none: no activity of any agency
			}
			o.some = true
			if t.basis == "" || jurat.Knowledge(v.text(t.basis)).Established() {
				for _, a := range v.texts(t.agencies) {
					if a != string(jurat.Unknown) && !slices.Contains(o.agencies, a) {
						o.agencies = append(o.agencies, a)
					}
				}
			}
			for _, k := range v.texts(t.kinds) {
				if !slices.Contains(o.kinds, k) {
					o.kinds = append(o.kinds, k)
				}
			}
		}
	}
	if len(o.agencies) == 0 {
		o.agencies = append(o.agencies, notEstablished)
	}
	if len(o.kinds) == 0 {
		o.kinds = append(o.kinds, notStated)
	}
	c.observedOf, c.activity = c.seen, o
	return o
}

// active is what an incident adds to an activity series: one incident, under
// each kind of activity and each agency in it. It reports false where no
// activity of the order is on record.
func (c *counter) active(f *order.Facts, area string) (tally, bool) {
	o := c.observed(f)
	if !o.some {
		return tally{}, false
	}
	return tally{at: happened(f.Incident), by: map[string][]string{byArea: {area}, byAgency: o.agencies, byActivity: o.kinds}}, true
}

// alleged is what an allegation adds: to the findings once a court has found,
// under the month it did; until then to the allegations, under the incident's.
func (c *counter) alleged(f *order.Facts, a *jurat.Allegation, area string) tally {
	level := a.Level
	if o, ok := c.order.Offence(a.Offence); ok && level == "" {
		level = o.Level
	}
	t := tally{
		at: happened(f.Incident), finding: isFinding(a.Status),
		by: map[string][]string{byArea: {area}, byClass: {level}, byStatus: {string(a.Status)}},
	}
	if t.finding {
		t.at = a.StatusAt
	}
	return t
}
