package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// A quickQuestion is one numbered question with its inputs: those of First are
// always asked, the details where the answer calls for them, and an extra by
// whoever has something to say.
type quickQuestion struct {
	Number  int
	ID      string
	Ask     string
	Hint    string
	Step    int
	First   []input
	More    []input // of the first, folded away
	Details []quickDetail
	Extras  []quickExtra
	Unknown *choice // "I don't know", where no list of answers has it
	Unless  string  // the input whose answers, all of them among Is, skip the question
	Is      string
	Skipped int           // by the answer to the question of this number; 0: it is asked
	Found   *dispatchCard // what dispatch said, on the question about time and place
	Event   bool          // it asks for the event number
	Answers []told        // for the read-back

	asked desk.Question
}

// A quickDetail is an input with the answers that call for it.
type quickDetail struct {
	In        input
	When, Not string // codes, with spaces between
	Called    bool
	path      string
}

// A quickExtra is a question that stands under another, folded.
type quickExtra struct {
	Ask, Hint string
	Inputs    []input
	Given     bool
}

// A dispatchCard is what dispatch said of an event, as the form shows it.
type dispatchCard struct {
	Number, Place, District, Units string
	At                             time.Time
	Corrected                      bool
}

// screens is how many screens the quick report has (design §13 row 7).
const screens = 3

// unknownBox names the box by which somebody says that they do not know.
func unknownBox(id string) string { return "unknown." + id }

// A questioner makes the questions of the orders in force in one language, with
// a draft's answers in them.
type questioner struct {
	*Counter
	v      *visit
	words  *vocabulary
	values url.Values
	alone  []string // of the question in hand: answers that stand alone
	number map[string]int
}

// quickQuestions makes the questions of the orders in force, filled in with a
// draft's answers.
func (c *Counter) quickQuestions(v *visit, values url.Values) ([]quickQuestion, error) {
	numbered, err := c.Desk.QuickReport(v.ctx())
	if err != nil {
		return nil, err
	}
	words, err := c.vocabulary(v)
	if err != nil {
		return nil, err
	}
	q := questioner{Counter: c, v: v, words: words, values: values, number: map[string]int{}}
	each := max(1, (len(numbered)+screens-1)/screens)
	var out []quickQuestion
	for i, n := range numbered {
		q.number[n.Fields[0]] = i + 1
		one := q.question(n)
		one.Number, one.Step = i+1, 1+i/each
		out = append(out, one)
	}
	return out, nil
}

func (q *questioner) question(n desk.Numbered) quickQuestion {
	out := quickQuestion{ID: n.ID, Ask: n.Ask.In(q.v.lang), Hint: n.Hint.In(q.v.lang), asked: n.Question}
	q.alone = []string{string(jurat.Unknown)}
	for _, d := range n.Details {
		q.alone = append(q.alone, d.Not...)
	}
	for _, m := range n.Implies {
		q.alone = append(q.alone, m.Not...)
	}
	for _, path := range n.Fields {
		switch path {
		case "incident.event_number":
			out.Event = true
		case "incident.occurred":
			out.Found = q.found()
		}
		first, more := q.inputs(path)
		out.First, out.More = append(out.First, first...), append(out.More, more...)
	}
	if out.Found != nil { // it is confirmed or corrected, and not asked once more
		correct := out.First
		out.More = append(correct, out.More...)
		out.Ask = q.say(q.v, "report.right")
		out.Hint = ""
		out.First = []input{q.confirm()}
	}
	if len(out.First) > 0 && (len(n.Fields) == 1 || out.Event || out.Found != nil) {
		out.First[0].Label = "" // the question stands over it: it is not asked twice
	}
	if len(out.First) > 0 && !offers(out.First) {
		out.Unknown = &choice{Value: "yes", Chosen: q.values.Get(unknownBox(n.ID)) == "yes"}
	}
	given := q.values[n.Fields[0]]
	for _, d := range n.Details {
		in, ok := q.input(d.Field)
		if !ok {
			continue
		}
		if d.Count != nil {
			in.Kind, in.Label = "number", q.label(d.Field)
		}
		out.Details = append(out.Details, quickDetail{
			In: in, When: strings.Join(d.When, " "), Not: strings.Join(append([]string{string(jurat.Unknown)}, d.Not...), " "), Called: len(d.Of(given)) > 0, path: d.Field,
		})
	}
	if u := n.Unless; u != nil {
		out.Unless, out.Is = u.Field, strings.Join(u.Is, " ")
		if u.Skips(q.values[u.Field]) {
			out.Skipped = q.number[u.Field]
		}
	}
	q.alone = nil
	for _, x := range n.Extras {
		extra := quickExtra{Ask: x.Ask.In(q.v.lang), Hint: x.Hint.In(q.v.lang)}
		for _, path := range x.Fields {
			if in, ok := q.input(path); ok {
				extra.Inputs = append(extra.Inputs, in)
			}
		}
		for _, d := range x.Details {
			if in, ok := q.input(d.Field); ok {
				extra.Inputs = append(extra.Inputs, in)
			}
		}
		extra.Given = slices.ContainsFunc(extra.Inputs, func(in input) bool { _, said := inWords(in); return said })
		out.Extras = append(out.Extras, extra)
	}
	out.Answers = q.answers(out)
	return out
}

// offers reports whether a list among the inputs has "I don't know" in it.
func offers(all []input) bool {
	return slices.ContainsFunc(all, func(in input) bool {
		return slices.ContainsFunc(in.Choices, func(c choice) bool { return c.Value == string(jurat.Unknown) })
	})
}

// answers tells a question's answers in words, as they are read back.
func (q *questioner) answers(of quickQuestion) []told {
	if of.Skipped > 0 {
		return []told{{Value: q.say(q.v, "report.skipped", "n", of.Skipped)}}
	}
	var out []told
	add := func(in input) {
		if t, ok := inWords(in); ok {
			out = append(out, t)
		}
	}
	for _, in := range of.First {
		add(in)
	}
	if card := of.Found; card != nil && !card.Corrected {
		out = append(out, told{Label: q.say(q.v, "report.from_dispatch"), Value: card.words(q.Zone)})
	} else {
		for _, in := range of.More {
			add(in)
		}
	}
	for _, d := range of.Details {
		if d.Called {
			add(d.In)
		}
	}
	for _, x := range of.Extras {
		for _, in := range x.Inputs {
			add(in)
		}
	}
	if of.Unknown != nil && of.Unknown.Chosen {
		out = append(out, told{Value: q.say(q.v, "report.dont_know")})
	}
	return out
}

// inWords is an input's answer in words, if there is one.
func inWords(in input) (told, bool) {
	if len(in.Choices) > 0 {
		var said []string
		for _, ch := range in.Choices {
			if ch.Chosen {
				said = append(said, ch.Label)
			}
		}
		return told{Label: in.Label, Value: strings.Join(said, " · "), Sealed: in.Sealed}, len(said) > 0
	}
	value := in.Value
	if in.Kind == "moment" {
		value = strings.Replace(value, "T", " ", 1)
	}
	return told{Label: in.Label, Value: value, Words: in.Kind == "area", Sealed: in.Sealed}, strings.TrimSpace(value) != ""
}

// inputs makes the inputs for one field a question is about: a field of a
// record type, or of the incident itself; some are folded away.
func (q *questioner) inputs(path string) (first, more []input) {
	one := func(name, key, kind string) input {
		return input{Name: name, Label: q.say(q.v, key), Kind: kind, Value: q.values.Get(name)}
	}
	switch path {
	case "incident.occurred":
		return []input{one("incident.from", "open.from", "moment")}, []input{one("incident.to", "open.to", "moment"), q.list("incident.precision", "open.precision", "time_precision")}
	case "incident.place":
		return []input{one("incident.place", "open.place", "text")}, []input{one("incident.district", "open.district", "text"), q.list("incident.inside", "open.inside", "answer")}
	}
	if in, ok := q.input(path); ok {
		return []input{in}, nil
	}
	return nil, nil
}

// input makes the one input of a field.
func (q *questioner) input(path string) (input, bool) {
	one := func(key, kind string) (input, bool) {
		return input{Name: path, Label: q.say(q.v, key), Kind: kind, Value: q.values.Get(path)}, true
	}
	switch path {
	case "incident.event_number":
		return one("open.event_number", "text")
	case "incident.rd_number":
		return one("open.rd_number", "text")
	case "incident.title":
		return one("open.what", "text")
	case "incident.first_knowledge":
		return one("open.first_knowledge", "moment")
	case "incident.address":
		in, _ := one("open.address", "text")
		in.Sealed = jurat.ClassExactAddress
		return in, true
	case "incident.trigger":
		return q.list(path, "report.how", "trigger"), true
	case "allegation.actor":
		return q.list(path, "report.whose", "actor_kind"), true
	}
	typ, field, _ := strings.Cut(path, ".")
	r := q.words.recordType(jurat.RecordType(typ))
	if r == nil {
		return input{}, false
	}
	f := r.Field(field)
	if f == nil || !askable(f) {
		return input{}, false
	}
	in := q.words.input(typ+".", r, f, q.values)
	if len(in.Choices) > 0 {
		q.unsure(&in)
	}
	return in, true
}

// label is what a field is called.
func (q *questioner) label(path string) string {
	typ, field, _ := strings.Cut(path, ".")
	return q.words.questionOf(jurat.RecordType(typ), field)
}

func (q *questioner) list(name, key, law string) input {
	in := input{Name: name, Label: q.say(q.v, key), Kind: "radio", Value: q.values.Get(name)}
	for _, code := range jurat.Lists()[law] {
		in.Choices = append(in.Choices, choice{Value: code, Label: q.say(q.v, "list."+law+"."+code), Chosen: q.values.Get(name) == code})
	}
	q.unsure(&in)
	return in
}

// unsure puts "I don't know" last in a list of answers, whatever the list calls
// it, and marks what stands alone.
func (q *questioner) unsure(in *input) {
	mine := choice{Value: string(jurat.Unknown), Label: q.say(q.v, "report.dont_know"), Chosen: slices.Contains(q.values[in.Name], string(jurat.Unknown))}
	in.Choices = append(slices.DeleteFunc(in.Choices, func(c choice) bool { return c.Value == mine.Value }), mine)
	for i := range in.Choices {
		in.Choices[i].Alone = slices.Contains(q.alone, in.Choices[i].Value)
	}
	in.Long = false
}

// confirm asks whether what dispatch said is right.
func (q *questioner) confirm() input {
	const name = "incident.confirmed"
	in := input{Name: name, Kind: "radio", Value: q.values.Get(name)}
	for _, ch := range []choice{{Value: "yes", Label: q.say(q.v, "report.confirm.yes")}, {Value: "correct", Label: q.say(q.v, "report.confirm.correct")}} {
		ch.Chosen = in.Value == ch.Value
		in.Choices = append(in.Choices, ch)
	}
	q.unsure(&in)
	return in
}

// found is what dispatch said of the event of this draft, or nil.
func (q *questioner) found() *dispatchCard {
	if q.values.Get("dispatch.state") != "found" {
		return nil
	}
	at, err := time.Parse(time.RFC3339, q.values.Get("dispatch.at"))
	if err != nil {
		return nil
	}
	return &dispatchCard{
		Number: q.values.Get("dispatch.number"), Place: q.values.Get("dispatch.place"), District: q.values.Get("dispatch.district"), Units: q.values.Get("dispatch.units"),
		At: at, Corrected: q.values.Get("incident.confirmed") == "correct",
	}
}

// words is what dispatch said on one line, for the read-back and for the record.
func (d dispatchCard) words(zone *time.Location) string {
	said := []string{d.At.In(zone).Format("2006-01-02 15:04:05 -07:00")}
	for _, s := range []string{d.Place, d.District, d.Units} {
		if s != "" {
			said = append(said, s)
		}
	}
	return strings.Join(said, " · ")
}

// step is the screen a form or a link names, from 1.
func stepOf(text string) int {
	step, err := strconv.Atoi(text)
	if err != nil || step < 1 || step > screens {
		return 1
	}
	return step
}
