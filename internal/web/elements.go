package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// An elementsBody is each alleged offence of an incident, element by element.
type elementsBody struct {
	desk.Offers
	Incident jurat.Incident
	Cases    []alleged
	Evidence []choice // what evidence can rest on
	Accounts []choice
	Words    *vocabulary
	Form     url.Values     // what was typed, or what the player put into the form
	Failed   string         // which form was not taken: the count of its allegation, and evidence, unknown or map
	Sides    []string       // what may be said of an element, but for what is not known
	Askings  []jurat.Asking // the kinds of not knowing
	Putting  string         // the exhibit the player put into the form, by its count
}

// An alleged is one allegation with what its order says of the offence.
type alleged struct {
	jurat.Allegation
	Table   *desk.Offence // nil: in no table of an order in force
	In      *desk.Order   // whose table that is
	Moved   bool          // the order is in force in another version than it was found in
	LastDay time.Time     // by the table's arithmetic; zero: none is stated
	Counted time.Time     // the day that is counted from
	Known   bool          // which is the day it became known, for want of when it happened
	Rows    []elementRow
	Picture picture
}

// An elementRow is one element, with its evidence as a reader finds it.
type elementRow struct {
	jurat.Element
	N       int
	Basis   string
	For     []cited
	Against []cited
	Newer   []jurat.ItemID // exhibits that came after it was last looked at
}

// A cited is one piece of evidence and where it is found, down to the second.
type cited struct {
	jurat.Evidence
	Label   string
	Address string
	Clip    string // 0:12–0:15; empty: the whole item
	Begins  time.Time
	Ends    time.Time // by the device's own clock
	Of      jurat.Exhibit
	Device  bool   // Begins means something: the device said when it began
	Past    bool   // it points past the end of the recording, as found
	Shape   string // film, document, statement
}

// elements shows, for each element of each alleged offence, what speaks for it,
// what against it, and what is not known or was not asked (RPT-2).
func (c *Counter) elements(w http.ResponseWriter, v *visit) error {
	body, err := c.elementsBody(v)
	if err != nil {
		return err
	}
	q := v.URL.Query()
	from, ferr := second(q.Get("from"))
	to, terr := second(q.Get("to"))
	if n := q.Get("exhibit"); n != "" && ferr == nil && terr == nil {
		id := string(body.Incident.Number) + "-E" + n
		if slices.ContainsFunc(body.Evidence, func(x choice) bool { return x.Value == id }) {
			body.Putting = n
			body.Form = url.Values{"item": {id}, "from": {clip(from)}, "to": {clip(to)}}
		}
	}
	c.show(w, v, http.StatusOK, "elements", body)
	return nil
}

func (c *Counter) elementsBody(v *visit) (elementsBody, error) {
	in, err := v.number()
	if err != nil {
		return elementsBody{}, err
	}
	view, words, err := c.showing(v, in)
	if err != nil {
		return elementsBody{}, err
	}
	body := elementsBody{Offers: view.Offers, Incident: view.Incident, Words: words, Sides: []string{"for", "against", "none_for", "none_known"}, Askings: jurat.Askings[:]}
	for _, x := range view.Exhibits {
		body.Evidence = append(body.Evidence, choice{Value: string(x.Value.ID), Label: c.say(v, "exhibit.n", "n", countOf(x.Value.ID)) + " · " + words.Kind(x.Value.Kind)})
	}
	for _, r := range view.Records {
		body.Evidence = append(body.Evidence, choice{Value: string(r.Value.ID), Label: c.itemLabel(v, r.Value.Item()) + " · " + words.Type(r.Value.Type)})
	}
	for _, a := range view.Accounts {
		one := choice{Value: string(a.Value.ID), Label: c.itemLabel(v, a.Value.Item()) + " · " + c.say(v, "list.side."+a.Value.Side)}
		body.Evidence, body.Accounts = append(body.Evidence, one), append(body.Accounts, one)
	}
	for _, a := range view.Allegations {
		body.Cases = append(body.Cases, c.alleged(v, view, words, a.Value))
	}
	return body, nil
}

// itemLabel is what an item is called on a page: its noun and its count.
func (c *Counter) itemLabel(v *visit, i jurat.Item) string {
	return c.say(v, "list.noun."+string(i.Noun)) + " " + countOf(i.ID)
}

func (c *Counter) alleged(v *visit, view desk.View, words *vocabulary, a jurat.Allegation) alleged {
	out := alleged{Allegation: a}
	for _, o := range words.orders {
		x, ok := o.Offence(a.Offence)
		if !ok || a.Order != nil && a.Order.ID != o.ID {
			continue
		}
		out.Table, out.In, out.Moved = &x, o, a.Order != nil && a.Order.Digest != o.Digest
		if out.Counted = view.Incident.Occurred.From; out.Counted.IsZero() {
			out.Counted, out.Known = view.Incident.FirstKnowledge, true
		}
		out.LastDay = o.LimitationDay(x.ID, out.Counted)
		break
	}
	for i, e := range a.Elements {
		row := elementRow{Element: e, N: i + 1}
		if out.Table != nil {
			if k := slices.IndexFunc(out.Table.Elements, func(x desk.OffenceElement) bool { return x.ID == e.ID }); k >= 0 {
				row.Basis = string(out.Table.Elements[k].Basis)
			}
		}
		for _, ev := range e.For {
			row.For = append(row.For, c.cited(v, view, ev))
		}
		for _, ev := range e.Against {
			row.Against = append(row.Against, c.cited(v, view, ev))
		}
		for _, x := range view.Exhibits {
			if e.Looked != nil && x.Value.Derivation == nil && x.Value.ReceivedAt.After(e.Looked.At) {
				row.Newer = append(row.Newer, x.Value.ID)
			}
		}
		out.Rows = append(out.Rows, row)
	}
	out.Picture = c.elementsPicture(v, out)
	return out
}

// cited finds what a piece of evidence points at.
func (c *Counter) cited(v *visit, view desk.View, ev jurat.Evidence) cited {
	out := cited{Evidence: ev, Label: c.itemLabel(v, ev.Item), Address: itemPath(ev.Item.ID), Shape: "document"}
	switch {
	case ev.From != nil && ev.To != nil:
		out.Clip = clip(ev.From) + "–" + clip(ev.To)
	case ev.From != nil:
		out.Clip = clip(ev.From)
	case ev.To != nil:
		out.Clip = "–" + clip(ev.To)
	}
	if ev.Item.Noun == jurat.NounAccount {
		out.Shape, out.Address = "statement", "/incidents/"+string(view.Incident.Number)+"/accounts#account-"+countOf(ev.Item.ID)
	}
	i := slices.IndexFunc(view.Exhibits, func(x desk.Shown[jurat.Exhibit]) bool { return x.Value.Item() == ev.Item })
	if i < 0 {
		return out
	}
	x := view.Exhibits[i].Value
	if kind := plays(x.Media); kind == "video" || kind == "audio" {
		out.Shape = "film"
		if x.Held == jurat.HeldHere && out.Clip != "" {
			out.Address += "/play#t=" + fragment(ev.From, ev.To)
		}
	}
	if !x.Recorded.From.IsZero() && ev.From != nil {
		out.Device, out.Of, out.Begins = true, x, x.Recorded.From.Add(time.Duration(*ev.From)*time.Second)
		if ev.To != nil {
			out.Ends = x.Recorded.From.Add(time.Duration(*ev.To) * time.Second)
		}
	}
	for _, p := range view.Probes {
		last := max(secondsOf(ev.From), secondsOf(ev.To))
		out.Past = out.Past || p.Value.Of == ev.Item && p.Value.Duration > 0 && int64(last)*1000 > p.Value.Duration
	}
	return out
}

func secondsOf(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

// clip is seconds into a recording as people read them; nothing where none are
// named.
func clip(n *int) string {
	if n == nil {
		return ""
	}
	return jurat.Timecode(int64(*n) * 1000)
}

// fragment is a part of a recording as an address names it (W3C Media
// Fragments): 12,15.
func fragment(from, to *int) string {
	out := ""
	if from != nil {
		out = fmt.Sprint(*from)
	}
	if to != nil {
		out += fmt.Sprintf(",%d", *to)
	}
	return out
}

// weigh adds to one element: evidence, the word that none is known on a side,
// what is not known, or that somebody looked again.
func (c *Counter) weigh(w http.ResponseWriter, v *visit) error {
	id, err := v.item(jurat.NounAllegation, v.PathValue("allegation"))
	if err != nil {
		return err
	}
	weight, bad := c.weight(v, v.PostForm)
	form := "evidence"
	if v.PostForm.Get("side") == "not_known" {
		form = "unknown"
	}
	return c.afterWeighing(w, v, id, form, func() error {
		if bad != "" {
			return jurat.Errorf(jurat.Invalid, "%s", bad)
		}
		_, _, err := c.Desk.WeighAllegation(v.ctx(), v.caller(), v.at, id, weight)
		return err
	})
}

// mapOffence puts an allegation kept in words under an offence of the table.
func (c *Counter) mapOffence(w http.ResponseWriter, v *visit) error {
	id, err := v.item(jurat.NounAllegation, v.PathValue("allegation"))
	if err != nil {
		return err
	}
	return c.afterWeighing(w, v, id, "map", func() error {
		if v.PostForm.Get("offence") == "" {
			return jurat.Errorf(jurat.Invalid, "%s", c.say(v, "map.no_offence"))
		}
		_, _, err := c.Desk.MapAllegation(v.ctx(), v.caller(), v.at, id, v.PostForm.Get("offence"))
		return err
	})
}

// afterWeighing does an act on an allegation and shows its elements: as they
// are now, or with what was wrong and what was typed.
func (c *Counter) afterWeighing(w http.ResponseWriter, v *visit, id jurat.ItemID, form string, act func() error) error {
	err := act()
	if err == nil {
		return see(w, v, "/incidents/"+string(id.Incident())+"/elements#allegation-"+countOf(id))
	}
	say, ok := mistake(err)
	if !ok {
		return err
	}
	body, err := c.elementsBody(v)
	if err != nil {
		return err
	}
	body.Form, body.Failed = v.PostForm, countOf(id)+"-"+form
	c.showWrong(w, v, http.StatusUnprocessableEntity, "elements", body, []wrong{{form + "-" + countOf(id), say}})
	return nil
}

// weight reads what a form adds to an element, or says what is wrong with it.
func (c *Counter) weight(v *visit, f url.Values) (w desk.Weight, bad string) {
	w = desk.Weight{Element: f.Get("element")}
	if w.Element == "" {
		return w, c.say(v, "weigh.no_element")
	}
	switch f.Get("side") {
	case "none_known":
		w.NoneKnown = true
	case "none_for":
		w.NoneFor = true
	case "looked":
		w.Looked = true
	case "not_known":
		at, err := c.typed(f.Get("asked_at"))
		if err != nil {
			return w, c.say(v, "open.bad_time")
		}
		w.NotKnown = []jurat.NotKnown{{What: f.Get("what"), State: jurat.Asking(f.Get("state")), Asked: f.Get("asked"), AskedAt: at, Account: jurat.ItemID(f.Get("account"))}}
		if w.NotKnown[0].State == "" {
			return w, c.say(v, "weigh.no_state")
		}
	case "for", "against":
		one := jurat.Evidence{Note: f.Get("note")}
		var err error
		if one.Item, err = jurat.ParseItem(f.Get("item")); err != nil {
			return w, c.say(v, "weigh.no_item")
		}
		if one.From, err = second(f.Get("from")); err != nil {
			return w, c.say(v, "weigh.no_second")
		}
		if one.To, err = second(f.Get("to")); err != nil {
			return w, c.say(v, "weigh.no_second")
		}
		if w.For = []jurat.Evidence{one}; f.Get("side") == "against" {
			w.For, w.Against = nil, w.For
		}
	default:
		return w, c.say(v, "weigh.which")
	}
	return w, ""
}
