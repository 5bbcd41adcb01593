package web

import (
	"net/http"
	"net/url"
	"slices"

	"jurat"
	"jurat/internal/desk"
)

// A recordBody is a record, with what it was before.
type recordBody struct {
	Record   jurat.Record
	Earlier  []change // what each version changed, the newest first
	Words    *vocabulary
	Mine     bool // the reader wrote it
	Review   bool // somebody else submitted it, and it waits
	Gate     []desk.Gate
	Incident jurat.IncidentNumber
	About    jurat.IncidentNumber // the incident that a prosecutor's own work is about
}

// A change is what one version of a record says otherwise than the one before.
type change struct {
	Version int
	State   jurat.RecordState
	Reason  string
	At      jurat.Record
	Fields  []changed
}

// A changed is one field, before and after.
type changed struct{ Label, Before, After string }

// record shows one record, its earlier versions, and what may be done with it.
func (c *Counter) record(w http.ResponseWriter, v *visit) error {
	body, err := c.recordBody(v)
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "record", body)
	return nil
}

// record reads the record an address names: of an incident, or the house's own.
func (v *visit) record() (jurat.ItemID, error) {
	if v.PathValue("incident") != "" {
		return v.item(jurat.NounRecord, v.PathValue("record"))
	}
	id, err := jurat.ParseItemID(jurat.NounRecord, string(jurat.NounRecord)+"-"+v.PathValue("record"))
	if err != nil {
		return "", nothingHere
	}
	return id, nil
}

func (c *Counter) recordBody(v *visit) (recordBody, error) {
	id, err := v.record()
	if err != nil {
		return recordBody{}, err
	}
	all, err := c.Desk.RecordVersions(v.ctx(), v.caller(), v.at, id)
	if err != nil {
		return recordBody{}, err
	}
	words, err := c.vocabulary(v)
	if err != nil {
		return recordBody{}, err
	}
	r := all[len(all)-1]
	body := recordBody{Record: r, Words: words, Incident: id.Incident()}
	if r.Wall.WorkProduct() {
		body.About = desk.IncidentNamed(r.Fields)
	}
	body.Mine = v.who.Person.ID == r.Author
	body.Review = !body.Mine && r.State == jurat.RecordSubmit
	for i := len(all) - 1; i > 0; i-- {
		one := change{Version: all[i].Version, State: all[i].State, At: all[i]}
		if all[i].State == jurat.RecordReturn {
			one.Reason = all[i].Returned
		}
		if all[i].Version != all[i-1].Version {
			if one.Fields, err = words.difference(all[i-1], all[i]); err != nil {
				return recordBody{}, err
			}
		}
		body.Earlier = append(body.Earlier, one)
	}
	return body, nil
}

// difference lists the fields that two versions of a record have otherwise.
func (y *vocabulary) difference(before, after jurat.Record) ([]changed, error) {
	was, err := y.Fields(before)
	if err != nil {
		return nil, err
	}
	is, err := y.Fields(after)
	if err != nil {
		return nil, err
	}
	text := func(all []told, label string) string {
		i := slices.IndexFunc(all, func(t told) bool { return t.Label == label })
		if i < 0 {
			return ""
		}
		if all[i].When != "" {
			return string(all[i].When)
		}
		return all[i].Value
	}
	var out []changed
	seen := map[string]bool{}
	for _, t := range slices.Concat(is, was) {
		if seen[t.Label] {
			continue
		}
		seen[t.Label] = true
		if a, b := text(was, t.Label), text(is, t.Label); a != b {
			out = append(out, changed{t.Label, a, b})
		}
	}
	return out, nil
}

// A recordForm is the form of a new record, or of the next version of one.
type recordForm struct {
	Incident jurat.IncidentNumber
	Record   jurat.Record // zero: a new one
	Type     *desk.RecordType
	Types    []*desk.RecordType // to choose from, where none is chosen
	Inputs   []input
	Reason   string
	Words    *vocabulary
	To       string // where the form goes
}

// newRecord is the form of a record to add to an incident: first which type,
// then its questions.
func (c *Counter) newRecord(w http.ResponseWriter, v *visit) error {
	f, err := c.recordForm(v, v.URL.Query().Get("type"), v.URL.Query()) // what the address names is filled in
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "recordform", f)
	return nil
}

func (c *Counter) recordForm(v *visit, typ string, values url.Values) (recordForm, error) {
	var in jurat.IncidentNumber
	fits, to := desk.Scope.InHouse, "/records"
	if v.PathValue("incident") != "" {
		var err error
		if in, err = v.number(); err != nil {
			return recordForm{}, err
		}
		fits, to = desk.Scope.InIncident, "/incidents/"+string(in)+"/records"
	}
	words, err := c.vocabulary(v)
	if err != nil {
		return recordForm{}, err
	}
	f := recordForm{Incident: in, Words: words, To: to}
	// Who may not see the incident learns nothing from its form.
	if _, err := c.Desk.Records(v.ctx(), v.caller(), v.at, in); err != nil {
		return recordForm{}, err
	}
	if typ == "" {
		f.Types, err = c.Desk.RecordTypes(v.ctx(), v.caller(), v.at, in)
		return f, err
	}
	if f.Type = words.recordType(jurat.RecordType(typ)); f.Type == nil || !fits(f.Type.Scope) {
		return recordForm{}, nothingHere
	}
	f.Inputs = words.inputs(f.Type, values)
	if t := jurat.RecordType(f.Type.ID); t == jurat.TypeAccountDispute || t == jurat.TypeImmunityFact {
		view, err := c.Desk.Show(v.ctx(), v.caller(), v.at, in)
		if err != nil {
			return recordForm{}, err
		}
		naming(f.Inputs, c.items(v, view, words), "about", "item")
	}
	return f, nil
}

// houseRecords lists the house's own records: guidance, partners told,
// readiness, requests of no incident.
func (c *Counter) houseRecords(w http.ResponseWriter, v *visit) error {
	all, err := c.Desk.Records(v.ctx(), v.caller(), v.at, "")
	if err != nil {
		return err
	}
	words, err := c.vocabulary(v)
	if err != nil {
		return err
	}
	slices.Reverse(all)
	c.show(w, v, http.StatusOK, "records", struct {
		Records []jurat.Record
		Words   *vocabulary
	}{all, words})
	return nil
}

// addRecord saves a new record as a draft.
func (c *Counter) addRecord(w http.ResponseWriter, v *visit) error {
	f, err := c.recordForm(v, v.PostForm.Get("type"), v.PostForm)
	if err != nil {
		return err
	}
	if f.Type == nil {
		return nothingHere
	}
	fields, bad := f.Words.filled("", f.Type, v.PostForm, nil)
	if len(bad) == 0 {
		r, _, err := c.Desk.AddRecord(v.ctx(), v.caller(), v.at, f.Incident, desk.Words{Type: jurat.RecordType(f.Type.ID), Fields: fields})
		if err == nil {
			return see(w, v, itemPath(r.ID))
		}
		say, ok := mistake(err)
		if !ok {
			return err
		}
		bad = append(bad, wrong{"", say})
	}
	c.showWrong(w, v, http.StatusUnprocessableEntity, "recordform", f, bad)
	return nil
}

// amendForm is the form of the next version of a record, filled in with the one
// before. Sealed parts are not shown: left empty, they stay as they are.
func (c *Counter) amendForm(w http.ResponseWriter, v *visit) error {
	f, _, err := c.amending(v, nil)
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "recordform", f)
	return nil
}

func (c *Counter) amending(v *visit, values url.Values) (recordForm, jurat.Record, error) {
	body, err := c.recordBody(v)
	if err != nil {
		return recordForm{}, jurat.Record{}, err
	}
	f := recordForm{Incident: body.Incident, Record: body.Record, Words: body.Words, To: itemPath(body.Record.ID) + "/amend"}
	if f.Type = body.Words.recordType(body.Record.Type); f.Type == nil {
		return recordForm{}, jurat.Record{}, jurat.Errorf(jurat.Conflict, "no order in force has the record type %s", body.Record.Type)
	}
	if values == nil {
		if values, err = body.Words.values("", f.Type, body.Record.Fields); err != nil {
			return recordForm{}, jurat.Record{}, err
		}
	}
	f.Inputs, f.Reason = body.Words.inputs(f.Type, values), values.Get("reason")
	return f, body.Record, nil
}

// amendRecord saves the next version of a record.
func (c *Counter) amendRecord(w http.ResponseWriter, v *visit) error {
	f, was, err := c.amending(v, v.PostForm)
	if err != nil {
		return err
	}
	fields, bad := f.Words.filled("", f.Type, v.PostForm, was.Fields)
	if len(bad) == 0 {
		r, _, err := c.Desk.AmendRecord(v.ctx(), v.caller(), v.at, was.ID, fields, v.PostForm.Get("reason"))
		if err == nil {
			return see(w, v, itemPath(r.ID))
		}
		say, ok := mistake(err)
		if !ok {
			return err
		}
		bad = append(bad, wrong{"", say})
	}
	c.showWrong(w, v, http.StatusUnprocessableEntity, "recordform", f, bad)
	return nil
}

// returnRecord sends a submitted record back to its author, with a reason.
func (c *Counter) returnRecord(w http.ResponseWriter, v *visit) error {
	body, err := c.recordBody(v)
	if err != nil {
		return err
	}
	if _, _, err := c.Desk.ReturnRecord(v.ctx(), v.caller(), v.at, body.Record.ID, v.PostFormValue("reason")); err != nil {
		say, ok := mistake(err)
		if !ok {
			return err
		}
		c.showWrong(w, v, http.StatusUnprocessableEntity, "record", body, []wrong{{"reason", say}})
		return nil
	}
	return see(w, v, itemPath(body.Record.ID))
}
