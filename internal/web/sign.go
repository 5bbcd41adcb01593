package web

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/login"
)

// An errand is an act somebody signs at the counter: how it is done, and where
// they are afterwards. It is made anew from the form in each of the two
// requests, from the same values.
type errand struct {
	do   func(c desk.Caller, at time.Time) error
	then func() string
}

// errandOf is the signed act a form names. What is no act of the counter, and
// what names nothing, is nothing.
func (c *Counter) errandOf(v *visit, f url.Values) (errand, error) {
	item, err := jurat.ParseItem(f.Get("item"))
	if err != nil {
		if n, perr := jurat.ParseItemID(jurat.NounRecord, f.Get("item")); perr == nil {
			item = jurat.Item{Noun: jurat.NounRecord, ID: n} // one of the house's own
		} else {
			return errand{}, nothingHere
		}
	}
	here := func() string { return itemPath(item.ID) }
	act := jurat.Act(f.Get("act"))
	if !slices.Contains(nouns[act], item.Noun) {
		return errand{}, nothingHere
	}
	switch act {
	case jurat.RecordSubmitted:
		then := here
		if draft := f.Get("receipt"); draftName.MatchString(draft) { // of a quick report, whose receipt comes next
			then = func() string { return "/reports/" + draft + "/filed" }
		}
		return errand{func(w desk.Caller, at time.Time) error {
			_, _, err := c.Desk.SubmitRecord(v.ctx(), w, at, item.ID)
			return err
		}, then}, nil
	case jurat.RecordApproved:
		return errand{func(w desk.Caller, at time.Time) error {
			_, _, err := c.Desk.ApproveRecord(v.ctx(), w, at, item.ID)
			return err
		}, func() string { return "/approvals" }}, nil
	case jurat.ReferralPrepared:
		var made jurat.ItemID
		r := desk.Referring{To: jurat.OfficeID(f.Get("to")), Scope: f.Get("scope"), Reason: f.Get("reason")}
		for _, a := range f["allegation"] {
			r.Allegations = append(r.Allegations, jurat.ItemID(a))
		}
		return errand{func(w desk.Caller, at time.Time) error {
			k, _, err := c.Desk.PrepareReferral(v.ctx(), w, at, item.ID.Incident(), r)
			made = k.ID
			return err
		}, func() string { return itemPath(made) }}, nil
	case jurat.ReferralAttested:
		if !slices.Contains([]string{"none", "all"}, f.Get("contacts")) {
			return errand{func(desk.Caller, time.Time) error {
				return jurat.Errorf(jurat.Invalid, "%s", c.say(v, "sign.which_contacts"))
			}, here}, nil
		}
		return errand{func(w desk.Caller, at time.Time) error {
			_, _, err := c.Desk.AttestReferral(v.ctx(), w, at, item.ID, f.Get("contacts") == "none")
			return err
		}, here}, nil
	case jurat.ReferralApproved:
		return errand{func(w desk.Caller, at time.Time) error {
			_, _, err := c.Desk.ApproveReferral(v.ctx(), w, at, item.ID)
			return err
		}, here}, nil
	case jurat.DossierSealed:
		plain := ""
		if f.Get("transport") == "plain" {
			plain = f.Get("reason")
			if strings.TrimSpace(plain) == "" {
				return errand{}, jurat.Errorf(jurat.Invalid, "%s", c.say(v, "referral.plain_why"))
			}
		}
		return errand{func(w desk.Caller, at time.Time) error {
			_, err := c.Desk.SealReferral(v.ctx(), w, at, item.ID, plain)
			return err
		}, here}, nil
	case jurat.DossierSent:
		return errand{func(w desk.Caller, at time.Time) error {
			_, err := c.Desk.SendSealed(v.ctx(), w, at, item.ID)
			return err
		}, here}, nil
	case jurat.DossierReceipt:
		return errand{func(w desk.Caller, at time.Time) error {
			var err error
			switch { // one that came back, or one to give
			case f.Get("letter") != "":
				_, _, err = c.Desk.ImportReceipt(v.ctx(), w, at, f.Get("letter"))
			case f.Get("words") != "":
				_, _, err = c.Desk.ReportReceipt(v.ctx(), w, at, item.ID, f.Get("words"))
			default:
				_, _, err = c.Desk.SignReceipt(v.ctx(), w, at, item.ID)
			}
			return err
		}, here}, nil
	case jurat.DisposalApproved:
		return c.disposing(v, f, item)
	case jurat.RedactionReviewed:
		return errand{func(w desk.Caller, at time.Time) error {
			_, _, err := c.Desk.ReviewRedaction(v.ctx(), w, at, item.ID)
			return err
		}, here}, nil
	case jurat.RedactionReleased:
		return errand{func(w desk.Caller, at time.Time) error {
			_, r, _, err := c.Desk.ReleaseRedaction(v.ctx(), w, at, item.ID, f.Get("to"))
			if r != nil { // they get the bytes from the page of the copy
				err = errors.Join(err, r.Close())
			}
			return err
		}, here}, nil
	case jurat.DossierDecided:
		return errand{func(w desk.Caller, at time.Time) error {
			_, _, err := c.Desk.Decide(v.ctx(), w, at, item.ID, jurat.ReferralState(f.Get("state")), f.Get("reason"))
			return err
		}, here}, nil
	}
	return errand{}, nothingHere
}

// draftName is how a draft is named.
var draftName = regexp.MustCompile(`^[a-z2-7]{12}$`)

// nouns are the acts signed at the counter, and what each is done to.
var nouns = map[jurat.Act][]jurat.Noun{
	jurat.RecordSubmitted: {jurat.NounRecord}, jurat.RecordApproved: {jurat.NounRecord},
	jurat.ReferralPrepared: {jurat.NounIncident}, jurat.ReferralAttested: {jurat.NounReferral}, jurat.ReferralApproved: {jurat.NounReferral},
	jurat.DossierSealed: {jurat.NounReferral}, jurat.DossierSent: {jurat.NounDossier},
	jurat.DossierReceipt: {jurat.NounDossier}, jurat.DossierDecided: {jurat.NounDossier},
	jurat.DisposalApproved:  {jurat.NounIncident, jurat.NounDisposal},
	jurat.RedactionReviewed: {jurat.NounRedaction}, jurat.RedactionReleased: {jurat.NounRedaction},
}

// A signBody is what is to be signed, once more in one sentence, and how.
type signBody struct {
	Unsigned  desk.Unsigned
	Challenge string
	Options   string // for the script: what the browser is asked
	Text      string // for a key file
	Values    url.Values
	Given     []told // what the form says: it is signed too
	Passkeys  bool
	Back      string
}

// signing shows what is to be signed, after everything else was asked: who
// may, the law, the gates. What stops it is said here, before anybody signs.
func (c *Counter) signing(w http.ResponseWriter, v *visit) error {
	f := v.PostForm
	if v.Method == http.MethodGet { // a link names the act: nobody's words come by it
		asked := v.URL.Query()
		f = url.Values{"act": {asked.Get("act")}, "item": {asked.Get("item")}}
		if draft := asked.Get("receipt"); draftName.MatchString(draft) {
			f.Set("receipt", draft)
		}
	}
	e, err := c.errandOf(v, f)
	if err != nil {
		return c.stopped(w, v, f, err)
	}
	u, err := c.Desk.Ready(v.ctx(), v.caller(), v.at, e.do)
	if err != nil {
		return c.stopped(w, v, f, err)
	}
	return c.showSign(w, v, u, f, nil)
}

// stopped says why an act cannot be done, with what to do next, where it was
// asked for.
func (c *Counter) stopped(w http.ResponseWriter, v *visit, f url.Values, err error) error {
	said, ok := errors.AsType[*jurat.Error](err)
	if !ok || !errors.Is(err, jurat.Conflict) && !errors.Is(err, jurat.Invalid) && !errors.Is(err, jurat.Forbidden) {
		return err
	}
	body := struct{ Act, Say, Back string }{f.Get("act"), said.Detail, "/"}
	if item, err := jurat.ParseItem(f.Get("item")); err == nil {
		body.Back = itemPath(item.ID)
	}
	c.show(w, v, status(err), "stopped", body)
	return nil
}

func (c *Counter) showSign(w http.ResponseWriter, v *visit, u desk.Unsigned, f url.Values, bad []wrong) error {
	body := signBody{Unsigned: u, Challenge: hex.EncodeToString(u.Challenge[:]), Text: base64.StdEncoding.EncodeToString(u.Text), Values: url.Values{}, Given: c.given(v, f), Back: "/"}
	for name, given := range f {
		if !slices.Contains([]string{"id", "challenge", "answer", "proof", "text"}, name) {
			body.Values[name] = given
		}
	}
	if item, err := jurat.ParseItem(f.Get("item")); err == nil {
		body.Back = itemPath(item.ID)
	}
	if c.Login.Passkeys() {
		ask, err := c.Login.AskSignature(v.ctx(), v.at, v.token, u.Challenge)
		switch {
		case err == nil:
			body.Passkeys, body.Options = true, string(ask.Options)
		case !errors.Is(err, jurat.Conflict): // they have no passkey: a key file signs
			return err
		}
	}
	code := http.StatusOK
	if len(bad) > 0 {
		code = http.StatusForbidden
	}
	c.showWrong(w, v, code, "sign", body, bad)
	return nil
}

// given is what a form says beside the act and its item, asked and answered as
// the form had it: nobody signs what they do not see.
func (c *Counter) given(v *visit, f url.Values) []told {
	var all []told
	add := func(key, value string) {
		if strings.TrimSpace(value) != "" {
			all = append(all, told{Label: c.say(v, key), Value: value})
		}
	}
	for _, a := range f["allegation"] {
		add("refer.which", c.say(v, "allegation.n", "n", countOf(jurat.ItemID(a))))
	}
	to, reason := "refer.to", "refer.reason"
	switch jurat.Act(f.Get("act")) {
	case jurat.RedactionReleased:
		to = "redaction.to"
	case jurat.ReferralPrepared:
		if s := f.Get("scope"); s != "" {
			add("refer.scope", c.say(v, "list.protocol_scope."+s))
		}
	case jurat.ReferralAttested:
		add("referral.attest", c.say(v, map[bool]string{true: "referral.none", false: "referral.these"}[f.Get("contacts") == "none"]))
	case jurat.DossierDecided:
		reason = "dossier.reason"
		if s := f.Get("state"); s != "" {
			add("referral.answer", c.say(v, "list.referral_state."+s))
		}
	}
	add("disposal.certificate", f.Get("certificate"))
	add("disposal.backups", f.Get("backups"))
	add("disposal.items", strings.Join(f["exhibit"], ", "))
	add(to, f.Get("to"))
	add(reason, f.Get("reason"))
	add("dossier.words", f.Get("words"))
	add("dossier.letter", clipped(f.Get("letter"), 80))
	return all
}

// signed does the act with the signature: a passkey's answer, or the proof a
// key file made. Nothing is done without one, and nothing twice.
func (c *Counter) signed(w http.ResponseWriter, v *visit) error {
	f := v.PostForm
	e, err := c.errandOf(v, f)
	if err != nil {
		return err
	}
	var challenge [32]byte
	if n, err := hex.Decode(challenge[:], []byte(f.Get("challenge"))); err != nil || n != len(challenge) {
		return jurat.Errorf(jurat.Invalid, "%s", c.say(v, "sign.again"))
	}
	proof, err := c.proof(v, f, challenge)
	if err != nil {
		return c.unsigned(w, v, f, e, err)
	}
	next, err := c.Desk.Commit(v.ctx(), v.caller(), v.at, f.Get("id"), proof, e.do)
	if err != nil {
		if errors.Is(err, jurat.Forbidden) || errors.Is(err, jurat.Conflict) {
			return c.stopped(w, v, f, err)
		}
		return err
	}
	if next != nil {
		return c.showSign(w, v, *next, f, nil)
	}
	return see(w, v, e.then())
}

// proof is the signature a form brings.
func (c *Counter) proof(v *visit, f url.Values, challenge [32]byte) (*login.Proof, error) {
	if text := f.Get("proof"); text != "" {
		return login.ReadProof([]byte(text))
	}
	if !json.Valid([]byte(f.Get("answer"))) {
		return nil, jurat.Errorf(jurat.Forbidden, "%s", c.say(v, "sign.none"))
	}
	return c.Login.Sign(v.ctx(), v.at, v.token, challenge, []byte(f.Get("answer")))
}

// unsigned shows what is to be signed anew, after a signature that is none:
// nothing changed.
func (c *Counter) unsigned(w http.ResponseWriter, v *visit, f url.Values, e errand, err error) error {
	said, ok := errors.AsType[*jurat.Error](err)
	if !ok || !errors.Is(err, jurat.Forbidden) && !errors.Is(err, jurat.Invalid) {
		return err
	}
	u, err := c.Desk.Ready(v.ctx(), v.caller(), v.at, e.do)
	if err != nil {
		return c.stopped(w, v, f, err)
	}
	return c.showSign(w, v, u, f, []wrong{{"proof", said.Detail}})
}

// toSign hands out the text a form has, to be signed with a key file on
// another machine. It is the reader's own, and never a page.
func (c *Counter) toSign(w http.ResponseWriter, v *visit) error {
	text, err := base64.StdEncoding.DecodeString(v.PostFormValue("text"))
	if err != nil {
		return jurat.Because(jurat.Invalid, err, "what is to be signed could not be read")
	}
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", `attachment; filename="to-sign.txt"`)
	w.Write(text) //nolint:errcheck // the reader went away
	return nil
}
