package web

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// A redactionBody is a copy that shows less, and how far it is on its way out.
type redactionBody struct {
	Redaction jurat.Redaction
	Source    jurat.Exhibit
	Copy      jurat.Exhibit
	Plays     string
	Film      bool
	Looked    bool // who looks at the page opened the copy
	Mine      bool // and made it
	Form      url.Values
	Words     *vocabulary
	desk.Offers
}

// redaction shows a redaction: what was made, what was found when it was read
// again, and what it waits for. It never says that a copy is safe.
func (c *Counter) redaction(w http.ResponseWriter, v *visit) error {
	body, err := c.redactionBody(v)
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "redaction", body)
	return nil
}

func (c *Counter) redactionBody(v *visit) (redactionBody, error) {
	id, err := v.item(jurat.NounRedaction, v.PathValue("redaction"))
	if err != nil {
		return redactionBody{}, err
	}
	view, words, err := c.showing(v, id.Incident())
	if err != nil {
		return redactionBody{}, err
	}
	i := slices.IndexFunc(view.Redactions, func(r desk.Shown[jurat.Redaction]) bool { return r.Value.ID == id })
	if i < 0 {
		return redactionBody{}, nothingHere
	}
	b := redactionBody{Redaction: view.Redactions[i].Value, Words: words, Offers: view.Offers}
	for _, x := range view.Exhibits {
		switch x.Value.ID {
		case b.Redaction.Source:
			b.Source = x.Value
		case b.Redaction.Copy:
			b.Copy = x.Value
		}
	}
	b.Plays = plays(b.Copy.Media)
	b.Film = b.Plays != "image"
	custody, err := c.Desk.Custody(v.ctx(), v.caller(), v.at, b.Redaction.Copy)
	if err != nil {
		return redactionBody{}, err
	}
	me := v.who.Person.ID
	b.Mine = b.Redaction.MadeBy == me
	b.Looked = slices.ContainsFunc(custody, func(e desk.Said) bool {
		return e.Act == jurat.ItemOpened && e.Actor.Person == me
	})
	return b, nil
}

// Timecode is a time in the film as people read it.
func (redactionBody) Timecode(ms int64) string { return timecode(ms) }

// Clock is a moment by the camera's own clock; zero: not known.
func (b redactionBody) Clock(ms int64) time.Time {
	if b.Source.Recorded.From.IsZero() || !b.Film {
		return time.Time{}
	}
	return b.Source.Recorded.From.Add(time.Duration(ms) * time.Millisecond)
}

// Reason is what a reason is called.
func (b redactionBody) Reason(code string) string { return b.Words.entry("exemptions", code) }

// List are the edits the copy was made by.
func (b redactionBody) List() jurat.EditList { return b.Redaction.Edits }

// Numbered are those edits by their numbers.
func (b redactionBody) Numbered() []numbered { return numberedOf(b.Redaction.Edits) }

// returnRedaction sends a copy back, with what it shows or hides that it should
// not.
func (c *Counter) returnRedaction(w http.ResponseWriter, v *visit) error {
	id, err := v.item(jurat.NounRedaction, v.PathValue("redaction"))
	if err != nil {
		return err
	}
	_, _, err = c.Desk.ReturnRedaction(v.ctx(), v.caller(), v.at, id, v.PostFormValue("reason"))
	if err == nil {
		return see(w, v, itemPath(id))
	}
	say, ok := mistake(err)
	if !ok {
		return c.stopped(w, v, url.Values{"act": {string(jurat.RedactionReturned)}, "item": {string(id)}}, err)
	}
	body, err := c.redactionBody(v)
	if err != nil {
		return err
	}
	body.Form = v.PostForm
	c.showWrong(w, v, http.StatusUnprocessableEntity, "redaction", body, []wrong{{"reason", say}})
	return nil
}

// redactions is the queue: what waits to be made, looked at and let go.
func (c *Counter) redactions(w http.ResponseWriter, v *visit) error {
	q, err := c.Desk.RedactionsWaiting(v.ctx(), v.caller(), v.at)
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "redactions", q)
	return nil
}
