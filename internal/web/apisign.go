package web

import (
	"encoding/hex"
	"encoding/json"
	"net/url"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/login"
)

// An actBody names an act that its person signs, as the form of the page does.
type actBody struct {
	Act         string   `json:"act" enum:"record.submitted,record.approved,referral.prepared,referral.attested,referral.approved,dossier.receipt,dossier.decided,disposal.approved,redaction.reviewed,redaction.released"`
	Item        string   `json:"item" doc:"what it is done to; referral.prepared: the incident" example:"2026-000001-R1"`
	To          string   `json:"to,omitempty" doc:"referral.prepared: the office; redaction.released: to whom or for which request, without a person's name"`
	Allegations []string `json:"allegations,omitempty" maxItems:"100" doc:"referral.prepared"`
	Scope       string   `json:"scope,omitempty" doc:"referral.prepared"`
	Contacts    string   `json:"contacts,omitempty" enum:"none,all" doc:"referral.attested, which needs it: there were none, or those on the record are all that are known"`
	State       string   `json:"state,omitempty" doc:"dossier.decided"`
	Certificate string   `json:"certificate,omitempty" doc:"disposal.approved of an incident: the certificate it is done under"`
	Backups     string   `json:"backups,omitempty" doc:"disposal.approved of an incident: the last day of the backups made before" example:"2027-03-31"`
	Exhibits    []string `json:"exhibits,omitempty" maxItems:"1000" doc:"disposal.approved of an incident; none: all that the plan lets go"`
	Reason      string   `json:"reason,omitempty" doc:"referral.prepared, dossier.decided"`
}

// form is the act as the page's form has it.
func (b actBody) form() url.Values {
	return url.Values{"act": {b.Act}, "item": {b.Item}, "to": {b.To}, "allegation": b.Allegations, "scope": {b.Scope}, "contacts": {b.Contacts}, "state": {b.State}, "reason": {b.Reason},
		"certificate": {b.Certificate}, "backups": {b.Backups}, "exhibit": b.Exhibits}
}

// A signedBody is the act once more, and its signature.
type signedBody struct {
	ActFields
	ID    string          `json:"id" doc:"of what was to be signed"`
	Proof json.RawMessage `json:"proof" doc:"what jurat person sign printed of the text; or of a passkey, in the same form"`
}

// ActFields lets a signed act have the fields of the act beside its own.
type ActFields = actBody

// An unsignedAct is what is to be signed. Nothing is done yet.
type unsignedAct struct {
	ID        string    `json:"id"`
	Act       jurat.Act `json:"act"`
	Item      string    `json:"item"`
	Sentence  string    `json:"sentence" doc:"what is signed, for the person who signs"`
	Challenge string    `json:"challenge" doc:"32 bytes, hexadecimal; what a passkey signs"`
	Text      []byte    `json:"text" doc:"base64; what a key file signs, with jurat person sign"`
	Until     time.Time `json:"until"`
}

// A signedAct says that it is done, or what is to be signed still.
type signedAct struct {
	Done bool         `json:"done"`
	Page string       `json:"page,omitempty" doc:"where it is shown"`
	Next *unsignedAct `json:"next,omitempty" doc:"nothing is done before this is signed too"`
}

func unsignedOf(u desk.Unsigned) unsignedAct {
	return unsignedAct{u.ID, u.Act, string(u.Item.ID), u.Sentence, hex.EncodeToString(u.Challenge[:]), u.Text, u.Until}
}

// signatures are the two requests in which an act is signed.
func (a *api) signatures() {
	const tag = "Signing"
	post(a, "/unsigned", "readyAct", tag, "Ask for what is to be signed: who may, the law and the gates are asked, and nothing is done", func(v *visit, in actBody) (unsignedAct, error) {
		e, err := a.errandOf(v, in.form())
		if err != nil {
			return unsignedAct{}, err
		}
		u, err := a.Desk.Ready(v.ctx(), v.caller(), v.at, e.do)
		return unsignedOf(u), err
	})
	post(a, "/signed", "signAct", tag, "Do the act, with its person's signature", func(v *visit, in signedBody) (signedAct, error) {
		e, err := a.errandOf(v, in.form())
		if err != nil {
			return signedAct{}, err
		}
		proof, err := login.ReadProof(in.Proof)
		if err != nil {
			return signedAct{}, err
		}
		next, err := a.Desk.Commit(v.ctx(), v.caller(), v.at, in.ID, proof, e.do)
		if err != nil {
			return signedAct{}, err
		}
		if next != nil {
			u := unsignedOf(*next)
			return signedAct{Next: &u}, nil
		}
		return signedAct{Done: true, Page: e.then()}, nil
	})
}
