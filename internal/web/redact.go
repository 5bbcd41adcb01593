package web

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// A redactBody is an edit list in the making for one exhibit.
type redactBody struct {
	Exhibit  jurat.Exhibit
	Subject  subject
	Edits    []typedEdit
	Saved    time.Time
	At       int64 // the moment looked at, in milliseconds
	Looking  bool  // a picture is asked for
	Plays    string
	Reasons  []choice // none: any words
	Returned []jurat.Redaction
	List     jurat.EditList
	Stops    []wrong // what keeps the copy from being made
	Words    *vocabulary
}

// redact shows the edits for an exhibit, as a table that can be typed into. A
// script adds drawing.
func (c *Counter) redact(w http.ResponseWriter, v *visit) error {
	id, err := v.item(jurat.NounExhibit, v.PathValue("exhibit"))
	if err != nil {
		return err
	}
	body, err := c.redactBody(v, id)
	if err != nil {
		return c.unable(w, v, id, err)
	}
	c.show(w, v, http.StatusOK, "redact", body)
	return nil
}

// unable says on the exhibit's page why no edits can be made for it.
func (c *Counter) unable(w http.ResponseWriter, v *visit, id jurat.ItemID, err error) error {
	say, ok := mistake(err)
	if !ok {
		return err
	}
	body, err := c.exhibitOf(v, id)
	if err != nil {
		return err
	}
	c.showWrong(w, v, http.StatusConflict, "exhibit", body, []wrong{{"copies", say}})
	return nil
}

func (c *Counter) redactBody(v *visit, id jurat.ItemID) (redactBody, error) {
	draft, err := c.Desk.OpenEdits(v.ctx(), v.caller(), v.at, id)
	if err != nil {
		return redactBody{}, err
	}
	about, err := c.exhibitOf(v, id)
	if err != nil {
		return redactBody{}, err
	}
	b := redactBody{
		Exhibit: about.Exhibit, Subject: subjectOf(about.Probe), Edits: typedEdits(draft.Values), Saved: draft.Saved,
		Plays: about.Plays, Words: about.Words, Reasons: about.Words.Choices("exemptions"),
	}
	for _, r := range about.Redactions {
		if r.Value.State == jurat.RedactionIsReturned {
			b.Returned = append(b.Returned, r.Value)
		}
	}
	if at, err := strconv.ParseInt(v.URL.Query().Get("at"), 10, 64); err == nil && at >= 0 {
		b.At, b.Looking = at, true
	}
	b.List, b.Stops = c.editList(v, b.Subject, b.Edits)
	return b, nil
}

// subjectOf is what is known of what edits are drawn on: as its bytes say.
func subjectOf(p *desk.Shown[jurat.Probe]) subject {
	if p == nil || p.Value.Answer == jurat.ProbeCouldNotSay {
		return subject{Unprobed: true}
	}
	s := subject{Length: p.Value.Duration, Film: p.Value.Duration > 0 || !strings.HasPrefix(p.Value.Media, "image/")}
	for _, one := range p.Value.Streams {
		switch {
		case one.Kind == "video" && !one.Attached && !s.Picture:
			s.Picture, s.Frame = true, jurat.Size{Width: one.Width, Height: one.Height}
		case one.Kind == "audio":
			s.Sound = true
		}
	}
	if strings.HasPrefix(p.Value.Media, "image/") {
		s.Film, s.Sound = false, false
	}
	return s
}

// AtTyped is the time of the moment looked at, as it is typed.
func (b redactBody) AtTyped() string { return timecode(b.At) }

// Clock is a moment of the film by its camera's own clock; zero: not known.
func (b redactBody) Clock(ms int64) time.Time {
	if b.Exhibit.Recorded.From.IsZero() || !b.Subject.Film {
		return time.Time{}
	}
	return b.Exhibit.Recorded.From.Add(time.Duration(ms) * time.Millisecond)
}

// Timecode is a time in the film as people read it.
func (redactBody) Timecode(ms int64) string { return timecode(ms) }

// Reason is what a reason is called.
func (b redactBody) Reason(code string) string { return b.Words.entry("exemptions", code) }

// A drawnBox is one box as it lies on the picture looked at.
type drawnBox struct {
	N int
	jurat.Box
}

// Drawn are the boxes that are there at the moment looked at.
func (b redactBody) Drawn() []drawnBox {
	var all []drawnBox
	for _, e := range b.Edits {
		if box, ok := e.placeAt(b.At, b.Subject.Film); ok {
			all = append(all, drawnBox{e.N, box})
		}
	}
	return all
}

// Numbered are the edits by their numbers.
func (b redactBody) Numbered() []numbered { return numberedOf(b.List) }

// Address is where the edits are.
func (b redactBody) Address() string { return itemPath(b.Exhibit.ID) + "/redact" }

// saveEdits keeps what was typed, whatever it is, and does what was pressed.
func (c *Counter) saveEdits(w http.ResponseWriter, v *visit) error {
	id, err := v.item(jurat.NounExhibit, v.PathValue("exhibit"))
	if err != nil {
		return err
	}
	f := v.PostForm
	do, rest, _ := strings.Cut(f.Get("do"), "-")
	address := itemPath(id) + "/redact"
	if do == "discard" {
		if err := c.Desk.DropEdits(v.ctx(), v.caller(), v.at, id); err != nil {
			return err
		}
		return see(w, v, itemPath(id)+"#copies")
	}
	all := typedEdits(f)
	var begun string
	if do == "begin" {
		if all, err = c.madeBefore(v, id, rest); err != nil {
			return err
		}
	} else {
		all, begun = pressed(all, do, rest, f)
	}
	if err := c.Desk.SaveEdits(v.ctx(), v.caller(), v.at, id, valuesOf(all)); err != nil {
		return c.unable(w, v, id, err)
	}
	switch do {
	case "stay":
		w.WriteHeader(http.StatusNoContent)
		return nil
	case "review":
		return see(w, v, address+"/review")
	}
	if ms, ok := milliseconds(f.Get("new.at")); ok && (do == "look" || f.Get("looking") != "") {
		address += "?at=" + strconv.FormatInt(ms, 10)
	}
	if begun != "" {
		address += "#edit." + begun
	}
	return see(w, v, address)
}

// pressed is what was typed with what was pressed done to it, and the number of
// the edit to look at then.
func pressed(all []typedEdit, do, rest string, f url.Values) ([]typedEdit, string) {
	first, second, _ := strings.Cut(rest, "-")
	n, _ := strconv.Atoi(first)
	m, _ := strconv.Atoi(second)
	place := typedPlace{At: f.Get("new.at"), X: f.Get("new.x"), Y: f.Get("new.y"), Width: f.Get("new.width"), Height: f.Get("new.height")}
	if do == jurat.EditBox || do == jurat.EditExcept || do == jurat.EditMute {
		e := typedEdit{Kind: do, From: f.Get("new.at"), To: f.Get("new.to")}
		if do == jurat.EditBox || do == jurat.EditExcept && place.X != "" {
			e.Places = []typedPlace{place}
		}
		all = append(all, e)
		return all, strconv.Itoa(len(all))
	}
	if n < 1 || n > len(all) {
		return all, ""
	}
	e := &all[n-1]
	switch do {
	case "drop":
		return slices.Delete(all, n-1, n), ""
	case "place":
		e.Places = append(e.Places, place)
		if e.Kind == jurat.EditBox {
			slices.SortStableFunc(e.Places, byTime)
		}
	case "unplace":
		if m >= 1 && m <= len(e.Places) {
			e.Places = slices.Delete(e.Places, m-1, m)
		}
	}
	return all, first
}

// byTime sorts places by the times typed; what is no time stays where it was.
func byTime(a, b typedPlace) int {
	x, ok := milliseconds(a.At)
	y, ok2 := milliseconds(b.At)
	if !ok || !ok2 {
		return 0
	}
	return int(max(-1, min(1, x-y)))
}

// madeBefore are the edits of a redaction that was made before, to begin from.
func (c *Counter) madeBefore(v *visit, id jurat.ItemID, count string) ([]typedEdit, error) {
	about, err := c.exhibitOf(v, id)
	if err != nil {
		return nil, err
	}
	for _, r := range about.Redactions {
		if _, n := place(r.Value.ID); n == count {
			return typedOf(r.Value.Edits, subjectOf(about.Probe).Film), nil
		}
	}
	return nil, nothingHere
}

// reviewEdits shows the edits in words, with what stops the copy, before it is
// made.
func (c *Counter) reviewEdits(w http.ResponseWriter, v *visit) error {
	id, err := v.item(jurat.NounExhibit, v.PathValue("exhibit"))
	if err != nil {
		return err
	}
	return c.showReview(w, v, id, http.StatusOK, nil)
}

func (c *Counter) showReview(w http.ResponseWriter, v *visit, id jurat.ItemID, code int, bad []wrong) error {
	body, err := c.redactBody(v, id)
	if err != nil {
		return c.unable(w, v, id, err)
	}
	c.showWrong(w, v, code, "redactreview", body, bad)
	return nil
}

// makeRedaction makes the copy that was typed. What was typed is kept until
// there is one.
func (c *Counter) makeRedaction(w http.ResponseWriter, v *visit) error {
	id, err := v.item(jurat.NounExhibit, v.PathValue("exhibit"))
	if err != nil {
		return err
	}
	body, err := c.redactBody(v, id)
	if err != nil {
		return c.unable(w, v, id, err)
	}
	if len(body.Stops) > 0 {
		c.showWrong(w, v, http.StatusUnprocessableEntity, "redactreview", body, atEdits(body.Stops))
		return nil
	}
	return c.onBytes(w, v, jurat.PurposeRedaction, func(ctx context.Context, who desk.Caller, id jurat.ItemID, progress func(float64)) (string, error) {
		r, _, err := c.Desk.MakeRedaction(ctx, who, c.Now, id, body.List, progress)
		if err != nil {
			return "", err
		}
		return itemPath(r.ID), c.Desk.DropEdits(ctx, who, c.Now(), id)
	})
}

// atEdits leads what is wrong with a field to its edit, on a page that has no
// fields.
func atEdits(bad []wrong) []wrong {
	out := slices.Clone(bad)
	for i, b := range out {
		out[i].Field = "edits"
		if n, ok := strings.CutPrefix(b.Field, "edit."); ok {
			n, _, _ = strings.Cut(n, ".")
			out[i].Field = "edit." + n
		}
	}
	return out
}

// reasonsOf are the reasons a table has, by code, in the order of their codes.
func reasonsOf(all map[string]string) []exemptionLine {
	out := []exemptionLine{}
	for _, code := range slices.Sorted(maps.Keys(all)) {
		out = append(out, exemptionLine{code, all[code]})
	}
	return out
}

// An exemptionLine is a reason for which something may be withheld.
type exemptionLine struct {
	Reason string `json:"reason"`
	Label  string `json:"label"`
}
