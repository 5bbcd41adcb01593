package web

import (
	"errors"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"jurat"
	"jurat/internal/desk"
)

// An exhibitBody is an exhibit as it was received, and what was done with it.
type exhibitBody struct {
	Exhibit jurat.Exhibit
	Custody []desk.Said
	Derived []jurat.Exhibit // made from it
	Flags   []desk.Shown[jurat.Flag]
	Holds   []desk.Shown[jurat.Hold]
	Others  []jurat.Exhibit // recordings it may be played beside
	Plays   string          // video, audio, image: what a browser may show of it
	Shown   bool            // the reader asked to see the picture
	Grounds []choice
	Words   *vocabulary
	Line    picture
	Marks   []marked
	Form    url.Values          // what was typed into a form that was not taken
	Failed  string              // which form that was
	Waits   []map[string]string // why its bytes do not open to the reader yet, by language
	Release bool                // the reader may open footage to a member before their report
	Given   []desk.Shown[jurat.Viewing]

	Probe      *desk.Shown[jurat.Probe]      // nil: nobody looked into its bytes
	Proxy      *jurat.Exhibit                // a copy of it that a browser plays
	Redactions []desk.Shown[jurat.Redaction] // made of it, or the one it is the copy of
	Making     *making                       // what the reader has under way of it
	Film       bool                          // it may be a film or sound, by what is known
	Picture    bool                          // it may be a picture

	desk.Offers
}

// Original reports that copies can be made of it.
func (b exhibitBody) Original() bool { return b.Exhibit.Copyable() == nil }

// plays says how a browser may show bytes of a media type. What is not listed
// is only ever handed out as a file: an SVG, a page or a PDF would run as ours.
func plays(media string) string {
	switch media {
	case "video/mp4", "video/webm", "video/quicktime":
		return "video"
	case "audio/mp4", "audio/mpeg", "audio/wav", "audio/ogg":
		return "audio"
	case "image/jpeg", "image/png", "image/gif", "image/webp":
		return "image"
	}
	return ""
}

// exhibit shows one exhibit. Its bytes are not read before somebody asks.
func (c *Counter) exhibit(w http.ResponseWriter, v *visit) error {
	body, err := c.exhibitBody(v)
	if err != nil {
		return err
	}
	body.Shown = v.URL.Query().Has("show")
	c.show(w, v, http.StatusOK, "exhibit", body)
	return nil
}

func (c *Counter) exhibitBody(v *visit) (exhibitBody, error) {
	id, err := v.item(jurat.NounExhibit, v.PathValue("exhibit"))
	if err != nil {
		return exhibitBody{}, err
	}
	return c.exhibitOf(v, id)
}

func (c *Counter) exhibitOf(v *visit, id jurat.ItemID) (exhibitBody, error) {
	view, words, err := c.showing(v, id.Incident())
	if err != nil {
		return exhibitBody{}, err
	}
	i := slices.IndexFunc(view.Exhibits, func(x desk.Shown[jurat.Exhibit]) bool { return x.Value.ID == id })
	if i < 0 {
		return exhibitBody{}, nothingHere
	}
	body := exhibitBody{Exhibit: view.Exhibits[i].Value, Words: words, Offers: view.Offers}
	if body.Exhibit.Held == jurat.HeldHere {
		body.Plays = plays(body.Exhibit.Media)
	}
	body.Marks = marksOf(view.Marks, id)
	body.Waits = waitsOf(view, id)
	body.Given = view.Viewings
	body.Release = view.ReportFirst && v.who.Person.Role == jurat.RoleSupervisor
	for _, x := range view.Exhibits {
		if x.Value.DerivedFrom == id {
			body.Derived = append(body.Derived, x.Value)
		}
		if k := plays(x.Value.Media); x.Value.ID != id && (k == "video" || k == "audio") && x.Value.Held == jurat.HeldHere {
			body.Others = append(body.Others, x.Value)
		}
	}
	for _, f := range view.Flags {
		if f.Value.Exhibit == id {
			body.Flags = append(body.Flags, f)
		}
	}
	for _, h := range view.Holds {
		if h.Value.Holds(id) {
			body.Holds = append(body.Holds, h)
		}
	}
	for _, o := range words.orders {
		for _, g := range o.Grounds {
			if !slices.ContainsFunc(body.Grounds, func(c choice) bool { return c.Value == g.ID }) { // two orders may have one
				body.Grounds = append(body.Grounds, choice{Value: g.ID, Label: g.Label.In(v.lang)})
			}
		}
	}
	if body.Custody, err = c.Desk.Custody(v.ctx(), v.caller(), v.at, id); err != nil {
		return exhibitBody{}, err
	}
	altered := false
	for _, e := range body.Custody {
		if e.Answer != "" {
			altered = e.Answer == "altered" // what the last check said
		}
	}
	body.Line = c.custodyPicture(v, body.Exhibit, body.Custody, altered, body.Derived)
	c.aboutCopies(v, view, &body)
	return body, nil
}

// aboutCopies tells what an exhibit's bytes say of themselves and what was made
// of them.
func (c *Counter) aboutCopies(v *visit, view desk.View, body *exhibitBody) {
	id := body.Exhibit.ID
	for _, p := range view.Probes {
		if p.Value.Of.ID == id {
			body.Probe = &p
		}
	}
	for _, r := range view.Redactions {
		if r.Value.Source == id || r.Value.Copy == id {
			body.Redactions = append(body.Redactions, r)
		}
	}
	for i, x := range body.Derived {
		if x.Kind == jurat.PurposeProxy && x.There() == nil {
			body.Proxy = &body.Derived[i]
		}
	}
	body.Making = c.makingNow(v, id)
	kind := body.Exhibit.Media
	if body.Probe != nil && body.Probe.Value.Answer != jurat.ProbeCouldNotSay {
		kind = body.Probe.Value.Media
	}
	body.Picture = strings.HasPrefix(kind, "image/")
	body.Film = strings.HasPrefix(kind, "video/") || strings.HasPrefix(kind, "audio/")
}

// Tells is what a probe's sealed parts are opened by.
func (b exhibitBody) Tells() string { return "probe-" + countOf(b.Exhibit.ID) }

// Timecode is a time in a film as people read it.
func (exhibitBody) Timecode(ms int64) string { return timecode(ms) }

// exhibitBytes hands out the bytes of an exhibit, the part asked for: each
// chunk is checked before it leaves. They come as a file, or, where a browser
// can show them and nothing in them can run, to be shown; never as a page.
func (c *Counter) exhibitBytes(w http.ResponseWriter, v *visit) error {
	id, err := v.item(jurat.NounExhibit, v.PathValue("exhibit"))
	if err != nil {
		return err
	}
	x, r, err := c.Desk.ReadExhibit(v.ctx(), v.caller(), v.at, id)
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // nothing was written
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	kind, name := "application/octet-stream", string(id)+extension(x.Media)
	if plays(x.Media) != "" && !v.URL.Query().Has("download") {
		kind = x.Media
		h.Set("Content-Disposition", `inline; filename="`+name+`"`)
	} else {
		h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	}
	h.Set("Content-Type", kind)
	h.Set("ETag", `"`+x.Digest.String()+`"`)
	http.ServeContent(w, v.Request, "", x.ReceivedAt, r)
	return nil
}

// extension is the ending a file of a media type has.
func extension(media string) string {
	for ending, kind := range map[string]string{
		".mp4": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm", ".m4a": "audio/mp4", ".mp3": "audio/mpeg", ".wav": "audio/wav", ".ogg": "audio/ogg",
		".jpg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".pdf": "application/pdf", ".txt": "text/plain", ".csv": "text/csv", ".zip": "application/zip",
	} {
		if kind == media {
			return ending
		}
	}
	return ".bin"
}

// verifyExhibit reads every byte of an exhibit now and puts the answer in its
// custody.
func (c *Counter) verifyExhibit(w http.ResponseWriter, v *visit) error {
	id, err := v.item(jurat.NounExhibit, v.PathValue("exhibit"))
	if err != nil {
		return err
	}
	x, said, cause, err := c.Desk.VerifyExhibit(v.ctx(), v.caller(), v.at, id)
	if err != nil {
		return err
	}
	why := ""
	if e, ok := errors.AsType[*jurat.Error](cause); ok {
		why = e.Detail
	}
	c.show(w, v, http.StatusOK, "verified", struct {
		Exhibit     jurat.Exhibit
		Answer, Why string
	}{x, said, why})
	return nil
}

// flagExhibit flags an exhibit to be kept, with the grounds chosen: none is
// chosen beforehand, for the ground decides who may later see it (EVD-2, LAW-4).
func (c *Counter) flagExhibit(w http.ResponseWriter, v *visit) error {
	id, err := v.item(jurat.NounExhibit, v.PathValue("exhibit"))
	if err != nil {
		return err
	}
	return c.afterExhibit(w, v, id, "ground", func() error {
		_, _, err := c.Desk.AddFlag(v.ctx(), v.caller(), v.at, id, v.PostForm["ground"])
		return err
	})
}

// confirmExhibit records the other holder's word that the flag stands there.
func (c *Counter) confirmExhibit(w http.ResponseWriter, v *visit) error {
	id, err := v.item(jurat.NounExhibit, v.PathValue("exhibit"))
	if err != nil {
		return err
	}
	return c.afterExhibit(w, v, id, "word", func() error {
		_, _, err := c.Desk.ConfirmExhibit(v.ctx(), v.caller(), v.at, id, v.PostFormValue("word"))
		return err
	})
}

// afterExhibit does an act on an exhibit and shows it again: as it is now, or
// with what was wrong.
func (c *Counter) afterExhibit(w http.ResponseWriter, v *visit, id jurat.ItemID, field string, act func() error) error {
	return c.onExhibit(w, v, id, field, itemPath(id), act)
}

// Address is where the exhibit is shown.
func (b exhibitBody) Address() string { return path.Clean(itemPath(b.Exhibit.ID)) }
