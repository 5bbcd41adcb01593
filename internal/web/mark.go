package web

import (
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// A marked is a mark as it stands, with those it is in place of, the newest
// first.
type marked struct {
	jurat.Mark
	Earlier []jurat.Mark
	Letter  string // of its recording, in the player
}

// marksOf gives the marks on an exhibit that no other is in place of, by time.
func marksOf(all []desk.Shown[jurat.Mark], id jurat.ItemID) []marked {
	by := map[jurat.ItemID]jurat.Mark{}
	amended := map[jurat.ItemID]bool{}
	for _, k := range all {
		by[k.Value.ID] = k.Value
		amended[k.Value.Amends] = true
	}
	var out []marked
	for _, k := range all {
		if k.Value.Exhibit != id || amended[k.Value.ID] {
			continue
		}
		m := marked{Mark: k.Value}
		for before := k.Value.Amends; before != ""; before = by[before].Amends { // a mark amends an older one: it ends
			m.Earlier = append(m.Earlier, by[before])
		}
		out = append(out, m)
	}
	slices.SortStableFunc(out, func(a, b marked) int { return int(a.From - b.From) })
	return out
}

// Element is where the mark becomes evidence of an element: the form there,
// with the exhibit and the stretch, in whole seconds, filled in.
func (m marked) Element() string {
	q := url.Values{"exhibit": {countOf(m.Exhibit)}, "from": {strconv.FormatInt(m.From/1000, 10)}}
	if m.To > 0 {
		q.Set("to", strconv.FormatInt((m.To+999)/1000, 10))
	}
	return "/incidents/" + string(m.ID.Incident()) + "/elements?" + q.Encode()
}

// addMark marks a moment of an exhibit, by its timecode. In the player the
// recording is chosen in the form.
func (c *Counter) addMark(w http.ResponseWriter, v *visit) error {
	id, err := v.item(jurat.NounExhibit, v.PathValue("exhibit"))
	if err != nil {
		return err
	}
	f := v.PostForm
	on := id
	if n := f.Get("on"); n != "" {
		if on, err = v.item(jurat.NounExhibit, n); err != nil {
			return err
		}
	}
	back := itemPath(id) + "#marks"
	if f.Has("with") {
		back = itemPath(id) + "/play?" + url.Values{"with": {f.Get("with")}, "t": {f.Get("from")}}.Encode() + "#marks"
		if on != id {
			back = itemPath(id) + "/play?" + url.Values{"with": {f.Get("with")}}.Encode() + "#marks"
		}
	}
	return c.onExhibit(w, v, id, "marks", back, func() error {
		m := jurat.Marking{Note: f.Get("note")}
		var err error
		if m.From, err = jurat.ParseTimecode(f.Get("from")); err != nil {
			return jurat.Errorf(jurat.Invalid, "%s", c.say(v, "mark.bad_time"))
		}
		if strings.TrimSpace(f.Get("to")) != "" {
			if m.To, err = jurat.ParseTimecode(f.Get("to")); err != nil || m.To == 0 {
				return jurat.Errorf(jurat.Invalid, "%s", c.say(v, "mark.bad_time"))
			}
		}
		if strings.TrimSpace(m.Note) == "" {
			return jurat.Errorf(jurat.Invalid, "%s", c.say(v, "mark.no_note"))
		}
		_, _, err = c.Desk.AddMark(v.ctx(), v.caller(), v.at, on, m, jurat.ItemID(f.Get("amends")))
		return err
	})
}

// timeExhibit records how far an exhibit's clock was ahead of the common one.
func (c *Counter) timeExhibit(w http.ResponseWriter, v *visit) error {
	id, err := v.item(jurat.NounExhibit, v.PathValue("exhibit"))
	if err != nil {
		return err
	}
	f := v.PostForm
	return c.onExhibit(w, v, id, "clock", itemPath(id)+"#clock", func() error {
		t := jurat.Timing{Source: jurat.OffsetSource(f.Get("source")), Reason: f.Get("reason")}
		var err error
		if t.From, err = c.typed(f.Get("begins")); err != nil {
			return jurat.Errorf(jurat.Invalid, "%s", c.say(v, "open.bad_time"))
		}
		offset := strings.NewReplacer(",", ".", "−", "-").Replace(strings.TrimSpace(f.Get("offset")))
		switch n, err := strconv.ParseFloat(offset, 64); {
		case f.Get("known") == "unknown":
		case err != nil || !(n > -float64(mostOffset) && n < float64(mostOffset)):
			return jurat.Errorf(jurat.Invalid, "%s", c.say(v, "clock.bad_offset"))
		default:
			d := time.Duration(math.Round(n*1000)) * time.Millisecond
			t.Offset = &d
		}
		switch {
		case t.Source == "":
			return jurat.Errorf(jurat.Invalid, "%s", c.say(v, "clock.no_source"))
		case strings.TrimSpace(t.Reason) == "":
			return jurat.Errorf(jurat.Invalid, "%s", c.say(v, "clock.no_reason"))
		}
		_, _, err = c.Desk.TimeExhibit(v.ctx(), v.caller(), v.at, id, t)
		return err
	})
}

// onExhibit does an act on an exhibit and goes on to a page, or shows the
// exhibit with what was wrong and what was typed.
func (c *Counter) onExhibit(w http.ResponseWriter, v *visit, id jurat.ItemID, field, back string, act func() error) error {
	err := act()
	if err == nil {
		return see(w, v, back)
	}
	say, ok := mistake(err)
	if !ok {
		return err
	}
	body, err := c.exhibitBody(v)
	if err != nil {
		return err
	}
	body.Form, body.Failed = v.PostForm, field
	c.showWrong(w, v, http.StatusUnprocessableEntity, "exhibit", body, []wrong{{field, say}})
	return nil
}
