package web

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"jurat"
	"jurat/internal/desk"
)

// screens is how many screens the quick report has (design §13 row 7).
const screens = 3

// A quickBody is one screen of the quick report, or its read-back.
type quickBody struct {
	Draft     string
	Step      int // from 1
	Steps     []int
	Saved     bool
	Questions []quickQuestion
	Others    []desk.Line // incidents opened already for this event number
	Join      string      // the one chosen to add this report to
	All       []quickQuestion
	Unloaded  bool // no order in force has a quick report
}

// A quickQuestion is one numbered question with its inputs: the first is the
// question itself, the others are details, shown when the answer calls for
// them.
type quickQuestion struct {
	Number  int
	Ask     string
	Hint    string
	Step    int
	First   []input
	Details []input
	Answers []told // for the read-back
}

// newReport begins a draft and goes to its first screen, or offers those
// begun before.
func (c *Counter) newReport(w http.ResponseWriter, v *visit) error {
	drafts, err := c.Desk.Drafts(v.ctx(), v.caller(), v.at)
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "newreport", drafts)
	return nil
}

// beginReport makes a draft with nothing in it.
func (c *Counter) beginReport(w http.ResponseWriter, v *visit) error {
	id := strings.ToLower(rand.Text()[:12])
	if err := c.Desk.SaveDraft(v.ctx(), v.caller(), v.at, id, map[string][]string{}); err != nil {
		return err
	}
	return see(w, v, "/reports/"+id+"?step=1")
}

// report shows one screen of a draft.
func (c *Counter) report(w http.ResponseWriter, v *visit) error {
	draft, err := c.Desk.OpenDraft(v.ctx(), v.caller(), v.at, v.PathValue("draft"))
	if err != nil {
		return err
	}
	if draft.Filed != nil {
		return see(w, v, "/reports/"+draft.ID+"/filed")
	}
	step, err := strconv.Atoi(v.URL.Query().Get("step"))
	if err != nil || step < 1 || step > screens {
		step = 1
	}
	body, err := c.quickBody(v, draft, step)
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "report", body)
	return nil
}

func (c *Counter) quickBody(v *visit, draft desk.Draft, step int) (quickBody, error) {
	all, err := c.quickQuestions(v, draft.Values)
	if err != nil {
		return quickBody{}, err
	}
	body := quickBody{Draft: draft.ID, Step: step, Steps: []int{1, 2, 3}, All: all, Unloaded: len(all) == 0, Join: url.Values(draft.Values).Get("join")}
	for _, q := range all {
		if q.Step == step {
			body.Questions = append(body.Questions, q)
		}
	}
	if number := url.Values(draft.Values).Get("incident.event_number"); number != "" {
		if body.Others, err = c.Desk.ByEventNumber(v.ctx(), v.caller(), v.at, strings.TrimSpace(number)); err != nil {
			return quickBody{}, err
		}
	}
	return body, nil
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
	each := (len(numbered) + screens - 1) / screens
	var out []quickQuestion
	for i, n := range numbered {
		q := quickQuestion{Number: i + 1, Ask: n.Ask.In(v.lang), Hint: n.Hint.In(v.lang), Step: 1 + i/max(each, 1)}
		for k, path := range n.Fields {
			inputs := c.quickInputs(v, words, path, values)
			if k == 0 {
				// The question stands over its first input: it is not asked twice.
				for j := range inputs {
					if j == 0 && len(inputs) == 1 {
						inputs[j].Label = ""
					}
				}
				q.First = inputs
				continue
			}
			q.Details = append(q.Details, inputs...)
		}
		for _, in := range slices.Concat(q.First, q.Details) {
			if t, ok := inWords(in); ok {
				q.Answers = append(q.Answers, t)
			}
		}
		out = append(out, q)
	}
	return out, nil
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

// quickInputs makes the inputs for one field a question names: a field of a
// record type, or of the incident itself.
func (c *Counter) quickInputs(v *visit, words *vocabulary, path string, values url.Values) []input {
	typ, field, _ := strings.Cut(path, ".")
	list := func(name, key, law string) input {
		in := input{Name: name, Label: c.say(v, key), Kind: "radio", Value: values.Get(name)}
		for _, code := range jurat.Lists()[law] {
			in.Choices = append(in.Choices, choice{code, c.say(v, "list."+law+"."+code), values.Get(name) == code})
		}
		return in
	}
	one := func(name, key, kind string) input {
		return input{Name: name, Label: c.say(v, key), Kind: kind, Value: values.Get(name)}
	}
	if typ != "incident" {
		r := words.recordType(jurat.RecordType(typ))
		if r == nil {
			return nil
		}
		f := r.Field(field)
		if f == nil || !askable(f) {
			return nil
		}
		return []input{words.input(typ+".", r, f, values)}
	}
	switch field {
	case "event_number":
		return []input{one("incident.event_number", "open.event_number", "text")}
	case "rd_number":
		return []input{one("incident.rd_number", "open.rd_number", "text")}
	case "title":
		return []input{one("incident.title", "open.what", "text")}
	case "trigger":
		return []input{list("incident.trigger", "open.trigger", "trigger")}
	case "first_knowledge":
		return []input{one("incident.first_knowledge", "open.first_knowledge", "moment")}
	case "address":
		in := one("incident.address", "open.address", "text")
		in.Sealed = jurat.ClassExactAddress
		return []input{in}
	case "occurred":
		return []input{one("incident.from", "open.from", "moment"), one("incident.to", "open.to", "moment"), list("incident.precision", "open.precision", "time_precision")}
	case "place":
		return []input{one("incident.place", "open.place", "text"), one("incident.district", "open.district", "text"), list("incident.inside", "open.inside", "answer")}
	}
	return nil
}

// saveReport keeps what a screen says, whatever it says, and goes where the
// button pressed leads. A script that saves while somebody types gets no page.
func (c *Counter) saveReport(w http.ResponseWriter, v *visit) error {
	if err := v.ParseForm(); err != nil {
		return jurat.Because(jurat.Invalid, err, "the form could not be read")
	}
	id := v.PathValue("draft")
	draft, err := c.Desk.OpenDraft(v.ctx(), v.caller(), v.at, id)
	if err != nil {
		return err
	}
	if draft.Filed != nil {
		return see(w, v, "/reports/"+id+"/filed")
	}
	step, err := strconv.Atoi(v.PostForm.Get("step"))
	if err != nil || step < 1 || step > screens {
		step = 1
	}
	values := url.Values{}
	for name, given := range draft.Values {
		values[name] = given
	}
	questions, err := c.quickQuestions(v, values)
	if err != nil {
		return err
	}
	for _, q := range questions {
		for _, in := range slices.Concat(q.First, q.Details) {
			if q.Step == step { // what is no longer chosen there is no answer any more
				delete(values, in.Name)
			}
			if given, ok := v.PostForm[in.Name]; ok {
				values[in.Name] = given
			}
		}
	}
	if v.PostForm.Has("join") {
		values.Set("join", v.PostForm.Get("join"))
	}
	if err := c.Desk.SaveDraft(v.ctx(), v.caller(), v.at, id, values); err != nil {
		return err
	}
	switch to := v.PostForm.Get("to"); {
	case to == "stay":
		w.WriteHeader(http.StatusNoContent)
		return nil
	case to == "leave":
		return see(w, v, "/duties")
	case to == "back":
		return see(w, v, "/reports/"+id+"?step="+strconv.Itoa(max(1, step-1)))
	case step < screens:
		return see(w, v, "/reports/"+id+"?step="+strconv.Itoa(step+1))
	}
	return see(w, v, "/reports/"+id+"/read")
}

// readReport shows a draft whole, to be read before it is handed in.
func (c *Counter) readReport(w http.ResponseWriter, v *visit) error {
	draft, err := c.Desk.OpenDraft(v.ctx(), v.caller(), v.at, v.PathValue("draft"))
	if err != nil {
		return err
	}
	if draft.Filed != nil {
		return see(w, v, "/reports/"+draft.ID+"/filed")
	}
	body, err := c.quickBody(v, draft, screens)
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "readreport", body)
	return nil
}

// fileReport hands a draft in, once: a second press shows what the first left.
func (c *Counter) fileReport(w http.ResponseWriter, v *visit) error {
	id := v.PathValue("draft")
	draft, err := c.Desk.OpenDraft(v.ctx(), v.caller(), v.at, id)
	if err != nil {
		return err
	}
	if draft.Filed == nil {
		filing, bad, err := c.filing(v, draft)
		if err != nil {
			return err
		}
		if len(bad) == 0 {
			_, err = c.Desk.FileReport(v.ctx(), v.caller(), v.at, filing)
			if err != nil {
				say, ok := mistake(err)
				if !ok {
					return err
				}
				bad = append(bad, wrong{"", say})
			}
		}
		if len(bad) > 0 {
			body, err := c.quickBody(v, draft, screens)
			if err != nil {
				return err
			}
			c.showWrong(w, v, http.StatusUnprocessableEntity, "readreport", body, bad)
			return nil
		}
	}
	return see(w, v, "/reports/"+id+"/filed")
}

// filing is a draft as the desk takes it.
func (c *Counter) filing(v *visit, draft desk.Draft) (desk.Filing, []wrong, error) {
	words, err := c.vocabulary(v)
	if err != nil {
		return desk.Filing{}, nil, err
	}
	values := url.Values(draft.Values)
	f := desk.Filing{Draft: draft.ID, Incident: jurat.IncidentNumber(values.Get("join"))}
	var bad []wrong
	from, err := c.typed(values.Get("incident.from"))
	if err != nil {
		bad = append(bad, wrong{"incident.from", c.say(v, "open.bad_time")})
	}
	to, err := c.typed(values.Get("incident.to"))
	if err != nil {
		bad = append(bad, wrong{"incident.to", c.say(v, "open.bad_time")})
	}
	known, err := c.typed(values.Get("incident.first_knowledge"))
	if err != nil {
		bad = append(bad, wrong{"incident.first_knowledge", c.say(v, "open.bad_time")})
	}
	f.Opening = jurat.Opening{
		Title: c.reportTitle(v, words, values), Trigger: jurat.Trigger(values.Get("incident.trigger")), EventNumber: strings.TrimSpace(values.Get("incident.event_number")),
		RDNumber: strings.TrimSpace(values.Get("incident.rd_number")), FirstKnowledge: known,
		Occurred: jurat.Span{From: from, To: to, Precision: values.Get("incident.precision")},
		Place:    jurat.Place{Description: values.Get("incident.place"), District: values.Get("incident.district"), InsideCity: jurat.Answer(values.Get("incident.inside"))},
		Address:  values.Get("incident.address"),
	}
	var types []string
	numbered, err := c.Desk.QuickReport(v.ctx())
	if err != nil {
		return f, nil, err
	}
	for _, n := range numbered {
		for _, path := range n.Fields {
			if typ, _, _ := strings.Cut(path, "."); typ != "incident" && !slices.Contains(types, typ) {
				types = append(types, typ)
			}
		}
	}
	for _, name := range types {
		typ := words.recordType(jurat.RecordType(name))
		if typ == nil {
			continue
		}
		fields, wrongs := words.filled(name+".", typ, values, nil)
		bad = append(bad, wrongs...)
		if string(fields) != "{}" || name == string(jurat.TypeReport) {
			f.Records = append(f.Records, desk.Words{Type: jurat.RecordType(name), Fields: fields})
		}
	}
	return f, bad, nil
}

// reportTitle is a title in words of the order, by which people find the
// incident again: what was being done, and where. The narrative is not used: it
// may name people.
func (c *Counter) reportTitle(v *visit, words *vocabulary, values url.Values) string {
	if s := strings.TrimSpace(values.Get("incident.title")); s != "" {
		return s
	}
	title := c.say(v, "report.title")
	for name, given := range values {
		if strings.HasPrefix(name, "activity.activity_kinds") && len(given) > 0 {
			title = words.entry("activities", given[0])
		}
	}
	if place := strings.TrimSpace(values.Get("incident.place")); place != "" {
		return title + ", " + clipped(place, 80)
	}
	if number := strings.TrimSpace(values.Get("incident.event_number")); number != "" {
		return title + ", " + clipped(number, 60)
	}
	return title
}

// filedReport is the receipt of a report handed in, with its number, and the
// way to sign it.
func (c *Counter) filedReport(w http.ResponseWriter, v *visit) error {
	draft, err := c.Desk.OpenDraft(v.ctx(), v.caller(), v.at, v.PathValue("draft"))
	if err != nil {
		return err
	}
	if draft.Filed == nil {
		return see(w, v, "/reports/"+draft.ID+"/read")
	}
	view, err := c.Desk.Show(v.ctx(), v.caller(), v.at, draft.Filed.Incident)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(view.Records, func(r desk.Shown[jurat.Record]) bool { return r.Value.ID == draft.Filed.Report })
	if i < 0 {
		return nothingHere
	}
	c.show(w, v, http.StatusOK, "filedreport", struct {
		*desk.Filed
		Report desk.Shown[jurat.Record]
		Gates  []desk.Gate
	}{draft.Filed, view.Records[i], view.Gates})
	return nil
}

// dropReport discards a draft.
func (c *Counter) dropReport(w http.ResponseWriter, v *visit) error {
	if err := c.Desk.DropDraft(v.ctx(), v.caller(), v.at, v.PathValue("draft")); err != nil {
		return err
	}
	return see(w, v, "/reports/new")
}
