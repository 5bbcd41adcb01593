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

// mostSlots is how many records one answer to "how many" makes. More people
// than this are counted in words.
const mostSlots = 50

// A filed draft is what its answers come to: the values of each field that is
// asked, with what they settle, and without what was asked in vain.
type settled struct {
	values   url.Values
	types    []string
	notKnown []string
	count    map[string]slots
	alleged  jurat.ActorKind
	number   map[string]int // of the question that asks for a field
	whenID   string         // of the question that asks when it was
}

// slots are the records an answer to "how many" makes.
type slots struct {
	field, called string
	n             int
}

// settle reads a draft's answers as the orders' questions mean them.
func settle(words *vocabulary, numbered []desk.Numbered, values url.Values) settled {
	s := settled{values: url.Values{}, count: map[string]slots{}, number: map[string]int{}}
	take := func(number int, path string) {
		s.number[path] = number
		given := slices.DeleteFunc(slices.Clone(values[path]), func(a string) bool { return strings.TrimSpace(a) == "" })
		if !knows(words, path) {
			given = slices.DeleteFunc(given, func(a string) bool { return a == string(jurat.Unknown) })
		}
		if typ, _, _ := strings.Cut(path, "."); typ != "incident" && typ != "allegation" && !slices.Contains(s.types, typ) {
			s.types = append(s.types, typ)
		}
		if len(given) > 0 {
			s.values[path] = given
		}
	}
	for _, n := range numbered {
		first := n.Fields[0]
		if n.Unless != nil && n.Unless.Skips(values[n.Unless.Field]) {
			continue
		}
		given := values[first]
		if values.Get(unknownBox(n.ID)) == "yes" || values.Get("incident.confirmed") == string(jurat.Unknown) && slices.Contains(n.Fields, "incident.occurred") || slices.Contains(given, string(jurat.Unknown)) && !knows(words, first) {
			s.notKnown = append(s.notKnown, n.ID)
		}
		for _, path := range n.Fields {
			take(n.Number, path)
			if path == "incident.occurred" {
				s.whenID = n.ID
			}
		}
		for _, d := range n.Details {
			switch called := len(d.Of(given)) > 0; {
			case !called:
			case d.Field == "allegation.actor":
				s.alleged = "unknown"
				if by := values.Get(d.Field); by != "" {
					s.alleged = jurat.ActorKind(by)
				}
			case d.Count != nil:
				typ, field, _ := strings.Cut(d.Field, ".")
				many, err := strconv.Atoi(strings.TrimSpace(values.Get(d.Field)))
				if err != nil || many < 1 {
					many = 1
				}
				s.number[d.Field] = n.Number
				s.count[typ] = slots{field, d.Count.In("en"), min(many, mostSlots)}
			default:
				take(n.Number, d.Field)
			}
		}
		for _, m := range n.Implies {
			of := m.Of(given)
			if len(of) == 0 {
				continue
			}
			typ, _, _ := strings.Cut(m.Field, ".")
			if !slices.Contains(s.types, typ) {
				s.types = append(s.types, typ)
			}
			if m.Same {
				s.values[m.Field] = of
			} else {
				s.values.Set(m.Field, m.Is)
			}
		}
		for _, x := range n.Extras {
			for _, path := range x.Fields {
				take(n.Number, path)
			}
			for _, d := range x.Details {
				take(n.Number, d.Field)
			}
		}
	}
	return s
}

// knows reports whether a field's own list has "unknown", or any text is taken.
func knows(words *vocabulary, path string) bool {
	typ, field, _ := strings.Cut(path, ".")
	r := words.recordType(jurat.RecordType(typ))
	if r == nil {
		return true // of the law, whose lists have it
	}
	f := r.Field(field)
	if f == nil {
		return false
	}
	list := f.Enum
	if f.Items != nil {
		list = f.Items.Enum
	}
	return list == nil || slices.Contains(list, string(jurat.Unknown))
}

// filing is a draft as the desk takes it, or what of it cannot be read.
func (c *Counter) filing(v *visit, draft desk.Draft) (desk.Filing, []wrong, error) {
	words, err := c.vocabulary(v)
	if err != nil {
		return desk.Filing{}, nil, err
	}
	numbered, err := c.Desk.QuickReport(v.ctx())
	if err != nil {
		return desk.Filing{}, nil, err
	}
	values := url.Values(draft.Values)
	s := settle(words, numbered, values)
	f := desk.Filing{Draft: draft.ID, Incident: jurat.IncidentNumber(values.Get("join")), Alleged: s.alleged, Said: c.said(v, values)}
	opening, said, bad := c.opening(v, words, values, s)
	f.Opening = opening
	report := string(jurat.TypeReport)
	if r := words.recordType(jurat.TypeReport); r != nil {
		extra := map[string][]string{"units_present": {values.Get("dispatch.units")}, "dispatch_said": {said}, "not_known": s.notKnown}
		for name, given := range extra {
			if fd := r.Field(name); fd != nil {
				if fd.Items != nil {
					given = slices.DeleteFunc(slices.Clone(given), func(id string) bool { return !slices.Contains(fd.Items.Enum, id) })
				}
				s.values[report+"."+name] = given
			}
		}
	}
	for _, name := range s.types {
		typ := words.recordType(jurat.RecordType(name))
		if typ == nil {
			continue
		}
		fields, wrongs := words.filled(name+".", typ, s.values, nil)
		for _, w := range wrongs {
			bad = append(bad, wrong{readAt(s.number[w.Field]), w.Say})
		}
		many, counted := s.count[name]
		switch {
		case counted:
			for i := range many.n {
				one, err := with(fields, many.field, many.called+" "+strconv.Itoa(i+1))
				if err != nil {
					return f, nil, err
				}
				f.Records = append(f.Records, desk.Words{Type: jurat.RecordType(name), Fields: one})
			}
		case string(fields) != "{}" || name == report:
			f.Records = append(f.Records, desk.Words{Type: jurat.RecordType(name), Fields: fields})
		}
	}
	return f, bad, nil
}

// with is a record's fields with one more.
func with(fields json.RawMessage, name, value string) (json.RawMessage, error) {
	all := map[string]json.RawMessage{}
	if err := json.Unmarshal(fields, &all); err != nil {
		return nil, err
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	all[name] = text
	return json.Marshal(all)
}

// readAt is where the read-back shows the question of a number.
func readAt(number int) string {
	if number == 0 {
		return ""
	}
	return "r" + strconv.Itoa(number)
}

// opening is what a draft says of the incident itself, and what dispatch said
// where that was corrected. What dispatch said stands unless somebody corrects
// it; that somebody saw it is when the office came to know.
func (c *Counter) opening(v *visit, words *vocabulary, values url.Values, s settled) (jurat.Opening, string, []wrong) {
	var bad []wrong
	at := func(name, path string) time.Time {
		t, err := c.typed(values.Get(name))
		if err != nil {
			bad = append(bad, wrong{readAt(s.number[path]), c.say(v, "open.bad_time")})
		}
		return t
	}
	o := jurat.Opening{
		Trigger: jurat.Trigger(values.Get("incident.trigger")), EventNumber: strings.TrimSpace(values.Get("incident.event_number")), RDNumber: strings.TrimSpace(values.Get("incident.rd_number")),
		FirstKnowledge: at("incident.first_knowledge", "incident.first_knowledge"), Address: values.Get("incident.address"),
	}
	q := questioner{Counter: c, v: v, values: values}
	card := q.found()
	said := ""
	if card != nil && !card.Corrected {
		o.Occurred = jurat.Span{From: card.At, Precision: "approx"}
		o.Place = jurat.Place{Description: card.Place, District: card.District}
	} else {
		o.Occurred = jurat.Span{From: at("incident.from", "incident.occurred"), To: at("incident.to", "incident.occurred"), Precision: values.Get("incident.precision")}
		o.Place = jurat.Place{Description: values.Get("incident.place"), District: values.Get("incident.district"), InsideCity: jurat.Answer(values.Get("incident.inside"))}
		if card != nil {
			said = card.words(c.Zone)
		}
		if o.Occurred.From.IsZero() && o.Occurred.To.IsZero() && slices.Contains(s.notKnown, s.whenID) {
			o.Occurred.Precision = "unknown"
		}
	}
	switch {
	case !o.FirstKnowledge.IsZero():
	case card != nil:
		o.FirstKnowledge = card.At
	case o.Trigger == "observed":
		o.FirstKnowledge = o.Occurred.From
	}
	o.Title = c.reportTitle(v, words, s.values, o)
	return o, said, bad
}

// reportTitle is a title in words of the order, by which people find the
// incident again: what was being done, and where. The narrative is not used: it
// may name people.
func (c *Counter) reportTitle(v *visit, words *vocabulary, values url.Values, o jurat.Opening) string {
	if s := strings.TrimSpace(values.Get("incident.title")); s != "" {
		return s
	}
	title := c.say(v, "report.title")
	if given := values["activity.activity_kinds"]; len(given) > 0 && given[0] != string(jurat.Unknown) {
		title = words.entry("activities", given[0])
	}
	if place := strings.TrimSpace(o.Place.Description); place != "" {
		return title + ", " + clipped(place, 80)
	}
	if o.EventNumber != "" {
		return title + ", " + clipped(o.EventNumber, 60)
	}
	return title
}
