package web

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"jurat"
	"jurat/internal/desk"
)

// A referBody is the form by which a referral begins.
type referBody struct {
	incidentBody
	Offices []jurat.Office // that a referral may go to
	Gate    desk.Gate
}

// refer is the form by which a sworn member begins a referral: to whom, of
// which allegations, and why. Signing it is the next page.
func (c *Counter) refer(w http.ResponseWriter, v *visit) error {
	body, err := c.incidentBody(v)
	if err != nil {
		return err
	}
	offices, err := c.Desk.Offices(v.ctx(), v.caller(), v.at)
	if err != nil {
		return err
	}
	out := referBody{incidentBody: body}
	for _, o := range offices {
		if !o.Own && o.Function == jurat.FunctionProsecutor {
			out.Offices = append(out.Offices, o)
		}
	}
	for _, g := range body.Gates {
		if g.ID == "refer" {
			out.Gate = g
		}
	}
	c.show(w, v, http.StatusOK, "refer", out)
	return nil
}

// A referralBody is a referral with everything that belongs to it.
type referralBody struct {
	incidentBody
	Referral jurat.Referral
	At       jurat.EventID
	Signed   bool // it was begun under the reader's own signature
	Stops    []string
	Out      *desk.Outgoing // nil: the reader sends nothing
	Last     jurat.ItemID   // the dossier that is sealed and was not sent
}

// referral shows one referral: where it stands, what stops it, what came back.
func (c *Counter) referral(w http.ResponseWriter, v *visit) error {
	body, err := c.referralBody(v)
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "referral", body)
	return nil
}

func (c *Counter) referralBody(v *visit) (referralBody, error) {
	id, err := v.item(jurat.NounReferral, v.PathValue("referral"))
	if err != nil {
		return referralBody{}, err
	}
	body, err := c.incidentBody(v)
	if err != nil {
		return referralBody{}, err
	}
	i := slices.IndexFunc(body.Referrals, func(r desk.Shown[jurat.Referral]) bool { return r.Value.ID == id })
	if i < 0 {
		return referralBody{}, nothingHere
	}
	out := referralBody{incidentBody: body, Referral: body.Referrals[i].Value, At: body.Referrals[i].Event}
	out.Signed = out.Referral.InitiatedBy == v.who.Person.ID
	switch kept, err := c.Desk.Outgoing(v.ctx(), v.caller(), v.at, id); {
	case err == nil:
		out.Out = &kept
		for _, k := range kept.Kept {
			if !k.Sent {
				out.Last = k.Dossier
			}
		}
	case !errors.Is(err, jurat.Forbidden):
		return referralBody{}, err
	}
	for _, g := range body.Gates {
		if g.ID != "refer" {
			continue
		}
		for _, r := range g.Reasons {
			say := r.Say
			if len(r.Label) > 0 {
				say = r.Label.In(v.lang)
			}
			out.Stops = append(out.Stops, say)
		}
	}
	return out, nil
}

// onReferral does an act of a form on a referral's page that is not signed.
func (c *Counter) onReferral(w http.ResponseWriter, v *visit, field string, act func(id jurat.ItemID, form url.Values) error) error {
	id, err := v.item(jurat.NounReferral, v.PathValue("referral"))
	if err != nil {
		return err
	}
	letter, err := fileOrText(v, "file", "letter")
	if err != nil {
		return err
	}
	v.PostForm.Set("letter", letter)
	err = act(id, v.PostForm)
	if err == nil {
		return see(w, v, itemPath(id))
	}
	say, ok := unfit(err)
	if !ok {
		return err
	}
	body, err := c.referralBody(v)
	if err != nil {
		return err
	}
	body.Form, body.Failed = v.PostForm, field
	c.showWrong(w, v, http.StatusUnprocessableEntity, "referral", body, []wrong{{field, say}})
	return nil
}

// notice records an early word to the receiving office.
func (c *Counter) notice(w http.ResponseWriter, v *visit) error {
	return c.onReferral(w, v, "how", func(id jurat.ItemID, f url.Values) error {
		_, _, err := c.Desk.NotifyReferral(v.ctx(), v.caller(), v.at, id, f.Get("how"))
		return err
	})
}

// withdraw withdraws a referral that was not sent, with a reason.
func (c *Counter) withdraw(w http.ResponseWriter, v *visit) error {
	return c.onReferral(w, v, "reason", func(id jurat.ItemID, f url.Values) error {
		_, _, err := c.Desk.WithdrawReferral(v.ctx(), v.caller(), v.at, id, f.Get("reason"))
		return err
	})
}

// answer records what an office without a counter of its own answered, as
// reported by its sender; or takes in a signed decision.
func (c *Counter) answer(w http.ResponseWriter, v *visit) error {
	return c.onReferral(w, v, "state", func(id jurat.ItemID, f url.Values) error {
		if letter := f.Get("letter"); letter != "" {
			_, _, err := c.Desk.ImportDecision(v.ctx(), v.caller(), v.at, letter)
			return err
		}
		at, err := c.typed(f.Get("when"))
		if err != nil {
			return jurat.Errorf(jurat.Invalid, "%s", c.say(v, "open.bad_time"))
		}
		_, _, err = c.Desk.ReportAnswer(v.ctx(), v.caller(), v.at, id, jurat.ReceivedWord{State: jurat.ReferralState(f.Get("state")), At: at, Reason: f.Get("reason")})
		return err
	})
}

// A dossierBody is a dossier, sent or taken in.
type dossierBody struct {
	incidentBody
	Dossier jurat.Dossier
	Answers []string // a prosecutor may give
	Receive bool     // it was taken in here
	Kept    *desk.Kept
}

// dossier shows what was handed over, or taken in, and what came back.
func (c *Counter) dossier(w http.ResponseWriter, v *visit) error {
	body, err := c.dossierBody(v)
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "dossier", body)
	return nil
}

func (c *Counter) dossierBody(v *visit) (dossierBody, error) {
	id, err := v.item(jurat.NounDossier, v.PathValue("dossier"))
	if err != nil {
		return dossierBody{}, err
	}
	body, err := c.incidentBody(v)
	if err != nil {
		return dossierBody{}, err
	}
	i := slices.IndexFunc(body.Dossiers, func(d desk.Shown[jurat.Dossier]) bool { return d.Value.ID == id })
	if i < 0 {
		return dossierBody{}, nothingHere
	}
	out := dossierBody{incidentBody: body, Dossier: body.Dossiers[i].Value}
	out.Receive = out.Dossier.Exhibit != ""
	if !out.Receive {
		kept, err := c.Desk.Outgoing(v.ctx(), v.caller(), v.at, jurat.ItemID(out.Dossier.Referral))
		if err != nil && !errors.Is(err, jurat.Forbidden) {
			return dossierBody{}, err
		}
		for i, k := range kept.Kept {
			if k.Dossier == id {
				out.Kept = &kept.Kept[i]
			}
		}
	}
	for _, a := range jurat.Answers() {
		out.Answers = append(out.Answers, string(a))
	}
	return out, nil
}

// takeReceipt takes in a receipt: a signed letter, or what the receiving office
// said by other means, as reported. Who takes it in signs that on the next page.
func (c *Counter) takeReceipt(w http.ResponseWriter, v *visit) error {
	id, err := v.item(jurat.NounDossier, v.PathValue("dossier"))
	if err != nil {
		return err
	}
	letter, err := fileOrText(v, "file", "letter")
	if err != nil {
		return err
	}
	f := url.Values{"act": {string(jurat.DossierReceipt)}, "item": {string(id)}, "letter": {letter}, "words": {v.PostFormValue("words")}}
	if letter == "" && strings.TrimSpace(f.Get("words")) == "" {
		err = jurat.Errorf(jurat.Invalid, "%s", c.say(v, "dossier.nothing_came"))
	}
	if err == nil {
		var e errand
		var u desk.Unsigned
		if e, err = c.errandOf(v, f); err == nil {
			u, err = c.Desk.Ready(v.ctx(), v.caller(), v.at, e.do)
		}
		if err == nil {
			return c.showSign(w, v, u, f, nil)
		}
	}
	say, ok := unfit(err)
	if !ok {
		return err
	}
	body, err := c.dossierBody(v)
	if err != nil {
		return err
	}
	body.Form = f
	c.showWrong(w, v, http.StatusUnprocessableEntity, "dossier", body, []wrong{{"letter", say}})
	return nil
}

// unfit is [mistake] for a letter: one that is another's, or was changed, was
// not taken in, and is no fault of ours.
func unfit(err error) (say string, ok bool) {
	if said, is := errors.AsType[*jurat.Error](err); is && (errors.Is(err, jurat.Altered) || errors.Is(err, desk.ErrNoLetter)) {
		return said.Detail, true
	}
	return mistake(err)
}

// parcel hands out a dossier that was sent, as the receiving office gets it.
func (c *Counter) parcel(w http.ResponseWriter, v *visit) error {
	id, err := v.item(jurat.NounDossier, v.PathValue("dossier"))
	if err != nil {
		return err
	}
	kept, r, err := c.Desk.OpenParcel(v.ctx(), v.caller(), v.at, id)
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // read only
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Length", strconv.FormatInt(kept.Size, 10))
	h.Set("Content-Disposition", `attachment; filename="`+kept.Name+`"`)
	if _, err := io.Copy(w, r); err != nil && v.ctx().Err() == nil {
		c.Log.ErrorContext(v.ctx(), "a parcel could not be read to its end", "page", v.Pattern, "cause", err)
		panic(http.ErrAbortHandler) // cut short, so that nobody takes it for whole
	}
	return nil
}

// letter hands out a signed letter of a dossier taken in: its receipt or the
// decision on it.
func (c *Counter) letter(w http.ResponseWriter, v *visit) error {
	body, err := c.dossierBody(v)
	if err != nil {
		return err
	}
	text := map[string]string{"receipt": body.Dossier.Receipt, "decision": body.Dossier.Decision}[v.PathValue("letter")]
	if text == "" {
		return nothingHere
	}
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", `attachment; filename="`+v.PathValue("letter")+`.json"`)
	w.Write([]byte(text)) //nolint:errcheck // the reader went away
	return nil
}
