package web

import (
	"net/http"
	"net/url"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// disposing is the signed act of a disposal. On an incident it is the first
// approval, of what its plan lets go; on a disposal the second, which erases,
// and has a signature of its own for each exhibit.
func (c *Counter) disposing(v *visit, f url.Values, item jurat.Item) (errand, error) {
	here := func() string { return "/retention#disposals" }
	if item.Noun == jurat.NounDisposal {
		return errand{func(w desk.Caller, at time.Time) error {
			_, _, err := c.Desk.CarryOutDisposal(v.ctx(), w, at, item.ID)
			return err
		}, here}, nil
	}
	p := desk.Disposing{Certificate: f.Get("certificate")}
	var err error
	if p.Backups, err = c.typed(f.Get("backups")); err != nil {
		return errand{}, jurat.Errorf(jurat.Invalid, "%s", c.say(v, "open.bad_time"))
	}
	for _, x := range f["exhibit"] {
		if x != "" {
			p.Items = append(p.Items, jurat.ItemID(x))
		}
	}
	return errand{func(w desk.Caller, at time.Time) error {
		_, _, err := c.Desk.ApproveDisposal(v.ctx(), w, at, item.ID.Incident(), p)
		return err
	}, here}, nil
}

// withdrawDisposal takes back a disposal that waits for its second approval.
func (c *Counter) withdrawDisposal(w http.ResponseWriter, v *visit) error {
	id, err := v.item(jurat.NounDisposal, v.PathValue("disposal"))
	if err != nil {
		return err
	}
	return c.onRetention(w, v, id, func(f url.Values) error {
		_, _, err := c.Desk.WithdrawDisposal(v.ctx(), v.caller(), v.at, id, f.Get("reason"))
		return err
	})
}

// tellHolder records that the holder of an exhibit held elsewhere was told that
// it was disposed of here.
func (c *Counter) tellHolder(w http.ResponseWriter, v *visit) error {
	id, err := v.item(jurat.NounExhibit, v.PathValue("exhibit"))
	if err != nil {
		return err
	}
	return c.onRetention(w, v, id, func(f url.Values) error {
		_, _, err := c.Desk.TellHolder(v.ctx(), v.caller(), v.at, id, f.Get("how"))
		return err
	})
}

// onRetention does an act of a form on the page of retention, and shows it
// again.
func (c *Counter) onRetention(w http.ResponseWriter, v *visit, id jurat.ItemID, act func(f url.Values) error) error {
	err := act(v.PostForm)
	if err == nil {
		return see(w, v, "/retention#disposals")
	}
	say, ok := mistake(err)
	if !ok {
		return err
	}
	body, err := c.retentionBody(v)
	if err != nil {
		return err
	}
	body.Form, body.Failed = v.PostForm, id
	c.showWrong(w, v, http.StatusUnprocessableEntity, "retention", body, []wrong{{"about-" + string(id), say}})
	return nil
}
