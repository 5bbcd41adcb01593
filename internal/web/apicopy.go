package web

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"jurat"
	"jurat/internal/desk"
)

// A copiedBody is a copy of an exhibit, an exhibit of its own.
type copiedBody struct {
	Exhibit   jurat.Exhibit `json:"exhibit"`
	Event     jurat.EventID `json:"event"`
	Duplicate bool          `json:"duplicate" doc:"it was made before"`
}

// copies are the operations on what exhibits' bytes say of themselves, on
// copies and on redactions. What takes its time is answered when it is done.
func (a *api) copies() {
	const tag = "Copies"
	const exhibit = "/incidents/{incident}/exhibits/{exhibit}"
	postBare(a, exhibit+"/probe", "probeExhibit", tag, "Read what an exhibit's bytes say of themselves, and put it on the record", func(v *visit) (filed[jurat.Probe], error) {
		return onItem(v, jurat.NounExhibit, func(id jurat.ItemID) (filed[jurat.Probe], error) {
			return toldBy(did(a.Desk.ProbeExhibit(v.ctx(), v.caller(), v.at, id)))
		})
	})
	get(a, exhibit+"/probe", "showProbe", tag, "Show what an exhibit's bytes said of themselves when they were last read", func(v *visit) (filed[jurat.Probe], error) {
		return onItem(v, jurat.NounExhibit, func(id jurat.ItemID) (filed[jurat.Probe], error) {
			view, err := a.shown(v)
			return oneOf(view.Probes, err, func(p jurat.Probe) bool { return p.Of.ID == id })
		})
	})
	postBare(a, exhibit+"/preview", "previewExhibit", tag, "Make one picture of an exhibit, or give the one that was made", func(v *visit) (copiedBody, error) {
		return onItem(v, jurat.NounExhibit, func(id jurat.ItemID) (copiedBody, error) {
			made, err := a.Desk.PreviewExhibit(v.ctx(), v.caller(), a.Now, id)
			return toldBy(copiedBody(made), err)
		})
	})
	postBare(a, exhibit+"/proxy", "proxyExhibit", tag, "Make a copy of a film that browsers play, or give the one that was made", func(v *visit) (copiedBody, error) {
		return onItem(v, jurat.NounExhibit, func(id jurat.ItemID) (copiedBody, error) {
			made, err := a.Desk.ProxyExhibit(v.ctx(), v.caller(), a.Now, id, nil)
			return toldBy(copiedBody(made), err)
		})
	})
	a.still(tag, exhibit+"/still")
	post(a, exhibit+"/redactions", "makeRedaction", tag, "Make a copy that shows less, by an edit list", func(v *visit, in jurat.EditList) (filed[jurat.Redaction], error) {
		return onItem(v, jurat.NounExhibit, func(id jurat.ItemID) (filed[jurat.Redaction], error) {
			return toldBy(did(a.Desk.MakeRedaction(v.ctx(), v.caller(), a.Now, id, in, nil)))
		})
	})
	getList(a, "/incidents/{incident}/redactions", "listRedactions", tag, "List the redactions of an incident", func(v *visit, p paged) (list[filed[jurat.Redaction]], error) {
		view, err := a.shown(v)
		return paging(filedOf(view.Redactions), err, p, func(r filed[jurat.Redaction]) string { return string(r.Value.ID) })
	})
	get(a, "/incidents/{incident}/redactions/{redaction}", "showRedaction", tag, "Show a redaction: its edits, what was found when its copy was read again, and how far it is", func(v *visit) (filed[jurat.Redaction], error) {
		return onItem(v, jurat.NounRedaction, func(id jurat.ItemID) (filed[jurat.Redaction], error) {
			view, err := a.shown(v)
			return oneOf(view.Redactions, err, func(r jurat.Redaction) bool { return r.ID == id })
		})
	})
	post(a, "/incidents/{incident}/redactions/{redaction}/return", "returnRedaction", tag, "Send a copy back, with what it shows or hides that it should not", func(v *visit, in reasonBody) (filed[jurat.Redaction], error) {
		return onItem(v, jurat.NounRedaction, func(id jurat.ItemID) (filed[jurat.Redaction], error) {
			return did(a.Desk.ReturnRedaction(v.ctx(), v.caller(), v.at, id, in.Reason))
		})
	})
	get(a, "/redactions", "showWaitingRedactions", tag, "Show what waits of redactions: to be made again, looked at and released", func(v *visit) (waitingRedactions, error) {
		q, err := a.Desk.RedactionsWaiting(v.ctx(), v.caller(), v.at)
		return waitingRedactions{q.Begun, filedOf(q.Again), filedOf(q.Review), filedOf(q.Release)}, err
	})
	getList(a, "/exemptions", "listExemptions", tag, "List the reasons an edit may give; none: any words", func(v *visit, p paged) (list[exemptionLine], error) {
		all, err := a.Desk.Exemptions(v.ctx())
		return paging(reasonsOf(all), err, p, func(l exemptionLine) string { return l.Reason })
	})
}

// A waitingRedactions is the queue of redactions.
type waitingRedactions struct {
	Begun   []desk.EditDraft         `json:"begun" doc:"edit lists of yours, typed at the page: no copy is made yet"`
	Again   []filed[jurat.Redaction] `json:"again"`
	Review  []filed[jurat.Redaction] `json:"review"`
	Release []filed[jurat.Redaction] `json:"release"`
}

// oneOf is the one of some items that is asked for.
func oneOf[T any](all []desk.Shown[T], err error, is func(T) bool) (filed[T], error) {
	i := slices.IndexFunc(all, func(s desk.Shown[T]) bool { return is(s.Value) })
	switch {
	case err != nil:
		return filed[T]{}, err
	case i < 0:
		return filed[T]{}, nothingHere
	}
	return filedOf(all[i : i+1])[0], nil
}

// toldBy lets bytes that cannot be read be an answer: nothing of ours failed.
func toldBy[T any](v T, err error) (T, error) {
	if errors.Is(err, desk.ErrUnread) {
		p := problemOf(err)
		p.Status = http.StatusUnprocessableEntity
		return v, p
	}
	return v, err
}

// still hands out one picture of an exhibit.
func (a *api) still(tag, path string) {
	op := a.operation(http.MethodGet, path, "showStill", tag, "Look at one picture of an exhibit, as it is shown at a moment of a film, in the pixels that edits are drawn in")
	op.Responses["200"] = &huma.Response{Description: "The picture", Content: map[string]*huma.MediaType{"image/jpeg": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}
	huma.Register(a.huma, op, func(ctx context.Context, in *struct {
		At string `query:"at" maxLength:"10" doc:"milliseconds from the start; absent: the start" example:"2000"`
	}) (*huma.StreamResponse, error) {
		v := visitOf(ctx)
		text, err := onItem(v, jurat.NounExhibit, func(id jurat.ItemID) ([]byte, error) { return toldBy(a.stillAt(v, id, in.At)) })
		if err != nil {
			return nil, a.said(v.Request, err)
		}
		return &huma.StreamResponse{Body: func(h huma.Context) {
			_, w := humago.Unwrap(h)
			w.Header().Set("Content-Type", "image/jpeg")
			w.Write(text) //nolint:errcheck // the reader went away
		}}, nil
	})
}
