package web

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// onBytes begins something that reads an exhibit's bytes, and shows what came
// of it, or how far it is.
func (c *Counter) onBytes(w http.ResponseWriter, v *visit, what string, do func(ctx context.Context, who desk.Caller, id jurat.ItemID, progress func(float64)) (to string, err error)) error {
	id, err := v.item(jurat.NounExhibit, v.PathValue("exhibit"))
	if err != nil {
		return err
	}
	who := v.caller()
	m, err := c.begin(v, id, what, func(ctx context.Context, progress func(float64)) (string, error) {
		return do(ctx, who, id, progress)
	})
	if err != nil {
		m = &making{Exhibit: id, What: what, ended: make(chan struct{}), err: err}
		close(m.ended)
	}
	return c.await(w, v, m, c.patience.making)
}

// probe reads what an exhibit's bytes say of themselves.
func (c *Counter) probe(w http.ResponseWriter, v *visit) error {
	return c.onBytes(w, v, "probe", func(ctx context.Context, who desk.Caller, id jurat.ItemID, _ func(float64)) (string, error) {
		_, _, err := c.Desk.ProbeExhibit(ctx, who, c.Now(), id)
		return itemPath(id) + "#metadata", err
	})
}

// preview makes one picture of an exhibit.
func (c *Counter) preview(w http.ResponseWriter, v *visit) error {
	return c.onBytes(w, v, jurat.PurposePreview, func(ctx context.Context, who desk.Caller, id jurat.ItemID, _ func(float64)) (string, error) {
		made, err := c.Desk.PreviewExhibit(ctx, who, c.Now, id)
		return itemPath(made.Exhibit.ID), err
	})
}

// proxy makes a copy of a film that a browser plays.
func (c *Counter) proxy(w http.ResponseWriter, v *visit) error {
	return c.onBytes(w, v, jurat.PurposeProxy, func(ctx context.Context, who desk.Caller, id jurat.ItemID, progress func(float64)) (string, error) {
		made, err := c.Desk.ProxyExhibit(ctx, who, c.Now, id, progress)
		return itemPath(made.Exhibit.ID), err
	})
}

// still gives one picture of an exhibit, at a moment in milliseconds: what
// boxes are drawn on. To look at it is to look at the exhibit.
func (c *Counter) still(w http.ResponseWriter, v *visit) error {
	id, err := v.item(jurat.NounExhibit, v.PathValue("exhibit"))
	if err != nil {
		return err
	}
	text, err := c.stillAt(v, id, v.URL.Query().Get("at"))
	if err != nil {
		if say, code, ok := c.unmade(v, err); ok { // an image's place shows no page
			http.Error(w, say, code)
			return nil
		}
		return err
	}
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Type", "image/jpeg")
	w.Write(text) //nolint:errcheck // the reader went away
	return nil
}

func (c *Counter) stillAt(v *visit, id jurat.ItemID, at string) ([]byte, error) {
	ms, err := strconv.ParseUint(at, 10, 32)
	if err != nil && at != "" {
		return nil, jurat.Errorf(jurat.Invalid, "at is a number of milliseconds from the start")
	}
	return c.Desk.StillExhibit(v.ctx(), v.caller(), v.at, id, time.Duration(ms)*time.Millisecond)
}
