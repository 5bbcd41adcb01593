package web

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// A quickBody is the quick report, open at one of its screens, or its read-back.
type quickBody struct {
	Draft    string
	Version  int
	Step     int // from 1
	Screens  []quickScreen
	Saved    time.Time
	Others   []desk.OpenedFor // incidents opened already for this event number
	Join     string           // the one chosen to add this report to
	Dispatch string           // what dispatch had under the number: found, none; empty: it was not asked
	All      []quickQuestion
	Unloaded bool // no order in force has a quick report
	Said     []quickSaid
	Lists    map[string][]string
	Stops    []desk.GateReason // what would stop the approval, were it handed in as it is
	Asked    bool              // the orders were asked
}

var screenNames = [screens]string{"report.screen.1", "report.screen.2", "report.screen.3"}

// A quickScreen is one of the screens, with the questions on it.
type quickScreen struct {
	Number    int
	Title     string
	Questions []quickQuestion
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
	draft := desk.Draft{ID: strings.ToLower(rand.Text()[:12]), Device: v.device()}
	if _, err := c.Desk.SaveDraft(v.ctx(), v.caller(), v.at, draft); err != nil {
		return err
	}
	return see(w, v, "/reports/"+draft.ID+"?step=1")
}

// device is which device a draft is saved from: the session, which opens nothing.
func (v *visit) device() string { return v.session.ID }

// report shows a draft, open at one of its screens. All are in one document, so
// that a script needs no network to go on; without one each is a page.
func (c *Counter) report(w http.ResponseWriter, v *visit) error {
	draft, err := c.openDraft(v)
	if err != nil {
		return err
	}
	if draft.Filed != nil {
		return see(w, v, "/reports/"+draft.ID+"/filed")
	}
	if err := c.askDispatch(v, draft.Values); err != nil {
		return err
	}
	body, err := c.quickBody(v, draft, stepOf(v.URL.Query().Get("step")))
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "report", body)
	return nil
}

func (c *Counter) openDraft(v *visit) (desk.Draft, error) {
	return c.Desk.OpenDraft(v.ctx(), v.caller(), v.at, v.PathValue("draft"))
}

func (c *Counter) quickBody(v *visit, draft desk.Draft, step int) (quickBody, error) {
	values := url.Values(draft.Values)
	all, err := c.quickQuestions(v, values)
	if err != nil {
		return quickBody{}, err
	}
	body := quickBody{
		Draft: draft.ID, Version: draft.Version, Step: step, Saved: draft.Saved, All: all, Unloaded: len(all) == 0, Join: values.Get("join"), Dispatch: values.Get("dispatch.state"),
		Said: saidForms(values), Lists: jurat.Lists(),
	}
	for n := 1; n <= screens; n++ {
		one := quickScreen{Number: n, Title: c.say(v, screenNames[n-1])}
		for _, q := range all {
			if q.Step == n {
				one.Questions = append(one.Questions, q)
			}
		}
		body.Screens = append(body.Screens, one)
	}
	if number := strings.TrimSpace(values.Get("incident.event_number")); number != "" {
		if body.Others, err = c.Desk.ByEventNumber(v.ctx(), v.caller(), v.at, number); err != nil {
			return quickBody{}, err
		}
	}
	return body, nil
}

// saveReport keeps what a form says, whatever it says, and goes where the
// button pressed leads. A script that saves while somebody types gets no page.
func (c *Counter) saveReport(w http.ResponseWriter, v *visit) error {
	f := v.PostForm
	draft, err := c.openDraft(v)
	if err != nil {
		return err
	}
	if draft.Filed != nil {
		if f.Get("to") == "stay" {
			w.Header().Set("Jurat-Next", "/reports/"+draft.ID+"/filed")
			w.WriteHeader(http.StatusConflict)
			return nil
		}
		return see(w, v, "/reports/"+draft.ID+"/filed")
	}
	step := stepOf(f.Get("step"))
	if draft.Values, err = c.answered(v, draft.Values, f, step); err != nil {
		return err
	}
	if err := c.askDispatch(v, draft.Values); err != nil {
		return err
	}
	base := draft
	if n, err := strconv.Atoi(f.Get("version")); err == nil {
		base.Version = n
	}
	base.Device = v.device()
	kept, err := c.Desk.SaveDraft(v.ctx(), v.caller(), v.at, base)
	if err != nil {
		return err
	}
	w.Header().Set("Jurat-Version", strconv.Itoa(kept.Version))
	if kept.ID != draft.ID {
		next := "/reports/" + kept.ID + "/beside"
		if f.Get("to") == "stay" {
			w.Header().Set("Jurat-Next", next)
			w.WriteHeader(http.StatusConflict)
			return nil
		}
		return see(w, v, next)
	}
	at := "/reports/" + kept.ID
	switch to := f.Get("to"); {
	case to == "stay":
		w.WriteHeader(http.StatusNoContent)
		return nil
	case to == "leave":
		return see(w, v, "/duties")
	case to == "ask":
		return see(w, v, at+"?step="+strconv.Itoa(step))
	case to == "back":
		return see(w, v, at+"?step="+strconv.Itoa(max(1, step-1)))
	case step < screens:
		return see(w, v, at+"?step="+strconv.Itoa(step+1))
	}
	return see(w, v, at+"/read")
}

// answered is what a draft says after a form: what the form asked and has no
// answer to is no answer any more. A form with one screen speaks for that one.
func (c *Counter) answered(v *visit, was map[string][]string, f url.Values, step int) (url.Values, error) {
	values := url.Values{}
	for name, given := range was {
		values[name] = given
	}
	questions, err := c.quickQuestions(v, values)
	if err != nil {
		return nil, err
	}
	whole := f.Get("whole") == "1"
	for _, q := range questions {
		for _, name := range q.names() {
			if whole || q.Step == step {
				delete(values, name)
			}
			if given, ok := f[name]; ok {
				values[name] = given
			}
		}
	}
	if f.Has("join") {
		values.Set("join", f.Get("join"))
	}
	keepSaid(values, f)
	return values, nil
}

// names are the names of a question's inputs.
func (q quickQuestion) names() []string {
	out := []string{unknownBox(q.ID)}
	add := func(all []input) {
		for _, in := range all {
			out = append(out, in.Name)
		}
	}
	add(q.First)
	add(q.More)
	for _, d := range q.Details {
		out = append(out, d.In.Name)
	}
	for _, x := range q.Extras {
		add(x.Inputs)
	}
	return out
}

// besideReport asks which of two versions of a draft is gone on with, when two
// devices went on with it; the other is kept.
func (c *Counter) besideReport(w http.ResponseWriter, v *visit) error {
	draft, err := c.openDraft(v)
	if err != nil {
		return err
	}
	if draft.Beside == "" {
		return nothingHere
	}
	other, err := c.Desk.OpenDraft(v.ctx(), v.caller(), v.at, draft.Beside)
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "besidereport", struct{ This, That desk.Draft }{draft, other})
	return nil
}

// readReport shows a draft whole, to be read before it is handed in, with what
// would stop its approval. None of that stops the handing in.
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
	if body.Stops, body.Asked, err = c.stopsApproval(v, draft); err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "readreport", body)
	return nil
}

// stopsApproval asks the orders what would stop the approval of a draft; where it
// cannot be handed in as it is, nothing was asked.
func (c *Counter) stopsApproval(v *visit, draft desk.Draft) (stops []desk.GateReason, asked bool, err error) {
	filing, bad, err := c.filing(v, draft)
	if err != nil || len(bad) > 0 {
		return nil, false, err
	}
	stops, err = c.Desk.StopsApproval(v.ctx(), v.caller(), v.at, filing)
	if _, ok := mistake(err); ok {
		return nil, false, nil
	}
	return stops, err == nil, err
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
	return c.afterFiling(w, v, id)
}

// afterFiling leads to the signature of a report that was handed in, and to its
// receipt once it was signed.
func (c *Counter) afterFiling(w http.ResponseWriter, v *visit, id string) error {
	draft, err := c.Desk.OpenDraft(v.ctx(), v.caller(), v.at, id)
	if err != nil {
		return err
	}
	if draft.Filed != nil && draft.Filed.Report != "" {
		r, err := c.Desk.ShowRecord(v.ctx(), v.caller(), v.at, draft.Filed.Report)
		if err == nil && r.State == jurat.RecordDraft {
			return see(w, v, "/sign?act="+string(jurat.RecordSubmitted)+"&item="+string(draft.Filed.Report)+"&receipt="+id)
		}
	}
	return see(w, v, "/reports/"+id+"/filed")
}

// filedReport is the receipt of a report handed in, with its number, and the
// way to sign it.
func (c *Counter) filedReport(w http.ResponseWriter, v *visit) error {
	draft, err := c.openDraft(v)
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
	a, err := c.Desk.Acknowledge(v.ctx(), v.caller(), v.at, draft.ID)
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "filedreport", struct {
		*desk.Filed
		Draft  string
		Report desk.Shown[jurat.Record]
		Word   desk.Acknowledgement
		Gates  []desk.Gate
	}{draft.Filed, draft.ID, view.Records[i], a, view.Gates})
	return nil
}

// acknowledgement hands out what whoever filed a report keeps: the leaf, its
// disclosures and the office's promise.
func (c *Counter) acknowledgement(w http.ResponseWriter, v *visit) error {
	a, err := c.Desk.Acknowledge(v.ctx(), v.caller(), v.at, v.PathValue("draft"))
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Disposition", `attachment; filename="`+string(a.Report)+`-acknowledgement.json"`)
	w.Write(text) //nolint:errcheck // the reader went away
	return nil
}

// dropReport discards a draft.
func (c *Counter) dropReport(w http.ResponseWriter, v *visit) error {
	if err := c.Desk.DropDraft(v.ctx(), v.caller(), v.at, v.PathValue("draft")); err != nil {
		return err
	}
	return see(w, v, "/reports/new")
}
