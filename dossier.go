package jurat

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Acts on a dossier.
const (
	DossierSealed   Act = "dossier.sealed"
	DossierSent     Act = "dossier.sent"
	DossierReceived Act = "dossier.received" // in the receiver's own record
	DossierReceipt  Act = "dossier.receipt"  // signed by the receiver, or imported by the sender
	DossierDecided  Act = "dossier.decided"  // the receiver's answer, in the receiver's record
)

// A Dossier is what is handed over: one sealed parcel of one referral. Number
// counts supplements, 0 is the first. In the sender's record it was sealed, in
// the receiver's it was received.
type Dossier struct {
	ID          ItemID          `json:"id"`
	Incident    IncidentNumber  `json:"incident"`
	Referral    string          `json:"referral"` // the sender's number
	Origin      string          `json:"origin"`   // the sender's log
	Number      int             `json:"number"`
	Predecessor Digest          `json:"predecessor,omitzero"` // tag manifest of the dossier before
	Seal        json.RawMessage `json:"seal,omitempty"`       // what the seal commits to (docs/format/dossier.md)
	TagManifest Digest          `json:"tag_manifest,omitzero"`
	At          time.Time       `json:"at"`
	By          PersonID        `json:"by"`
	Checkpoint  string          `json:"checkpoint,omitempty"` // the signed note the dossier carries
	Transport   string          `json:"transport,omitempty"`  // age, plain
	PlainReason string          `json:"plain_reason,omitempty"`
	Exhibit     ItemID          `json:"exhibit,omitempty"`   // receiver: the ZIP itself
	SealHash    string          `json:"seal_hash,omitempty"` // receiver: of the seal\'s leaf, base64
	Trust       Digest          `json:"trust,omitzero"`      // receiver: digest of the trust file used
	Answer      string          `json:"answer,omitempty"`    // receiver: what verify answered
	NotChecked  []string        `json:"not_checked,omitempty"`
	Receipt     string          `json:"receipt,omitempty"`       // the receipt, a JWS
	ReceiptFrom string          `json:"receipt_basis,omitempty"` // signed, reported_by_sender
	Decision    string          `json:"decision,omitempty"`      // the decision, a JWS
}

// threeAnswers are what checking bytes can answer (§8); a failed read is none of
// the first two.
var threeAnswers = [...]string{"intact", "altered", "could not tell"}

// SealDossier commits to what a parcel holds. What d says of sending, receipt
// and decision is not yet true and is left out. Invalid: no seal, no referral
// or origin, a supplement that names no predecessor, or a first dossier that
// names one.
func SealDossier(d Dossier, by Hand, at time.Time) (Dossier, Event, error) {
	if err := by.needSworn("sealing a dossier"); err != nil {
		return Dossier{}, Event{}, err
	}
	if err := d.check(); err != nil {
		return Dossier{}, Event{}, err
	}
	switch {
	case len(d.Seal) == 0 || !json.Valid(d.Seal):
		return Dossier{}, Event{}, Errorf(Invalid, "a seal without digests seals nothing")
	case filed(d.ID.Incident(), NounReferral, ItemID(d.Referral)) != nil:
		return Dossier{}, Event{}, Errorf(Invalid, "referral %s is not in incident %s", d.Referral, d.ID.Incident())
	case (d.Number > 0) == d.Predecessor.IsZero():
		return Dossier{}, Event{}, Errorf(Invalid, "dossier %d of %s: a supplement names its predecessor, a first dossier has none", d.Number, d.Referral)
	}
	d = Dossier{ID: d.ID, Referral: d.Referral, Origin: d.Origin, Number: d.Number, Predecessor: d.Predecessor, Seal: d.Seal}.clone()
	d.Incident, d.At, d.By = d.ID.Incident(), At(at), by.Person
	return d, d.event(DossierSealed, ""), nil
}

// check refuses a dossier that is filed nowhere or does not say whose it is.
func (d Dossier) check() error {
	if err := named(NounDossier, d.ID); err != nil {
		return err
	}
	if _, err := ParseItemID(NounReferral, d.Referral); err != nil {
		return err
	}
	switch {
	case blank(d.Origin):
		return Errorf(Invalid, "dossier %s does not say whose log it rests on", d.ID)
	case d.Number < 0:
		return Errorf(Invalid, "dossier %s has number %d; the first is 0", d.ID, d.Number)
	}
	return nil
}

// Send records how the parcel went: encrypted to the receiving office, or
// plain for a stated reason. It may go again, the same bytes; under another tag
// manifest it would be another parcel: Conflict. Only what was sealed here is
// sent: Conflict otherwise.
func (d Dossier) Send(tags Digest, transport, plainReason string, by Hand) (Dossier, Event, error) {
	if err := by.needSworn("sending a dossier"); err != nil {
		return d, Event{}, err
	}
	switch {
	case transport != "age" && transport != "plain":
		return d, Event{}, Errorf(Invalid, "a dossier goes encrypted (age) or plain")
	case transport == "plain" && strings.TrimSpace(plainReason) == "":
		return d, Event{}, Errorf(Invalid, "sending a dossier without encryption needs a reason, which goes on the record")
	case tags.IsZero():
		return d, Event{}, Errorf(Invalid, "name the digest of the tag manifest of %s: it is what went", d.ID)
	case len(d.Seal) == 0 || d.Exhibit != "":
		return d, Event{}, Errorf(Conflict, "dossier %s was not sealed here", d.ID)
	case !d.TagManifest.IsZero() && d.TagManifest != tags:
		return d, Event{}, Errorf(Conflict, "dossier %s was sent as %s: other bytes are a supplement", d.ID, d.TagManifest)
	}
	if transport == "age" {
		plainReason = ""
	}
	next := d.clone()
	next.TagManifest, next.Transport, next.PlainReason = tags, transport, plainReason
	return next, next.event(DossierSent, ""), nil
}

// ReceiveDossier records a parcel that arrived at the receiving office, with
// what checking it answered: intact, altered or could not tell, each of which
// is a fact to keep. It names the exhibit that holds the parcel.
func ReceiveDossier(d Dossier, by Hand, at time.Time) (Dossier, Event, error) {
	if err := by.needPerson("taking in a dossier"); err != nil {
		return Dossier{}, Event{}, err
	}
	if err := d.check(); err != nil {
		return Dossier{}, Event{}, err
	}
	if d.Exhibit == "" {
		return Dossier{}, Event{}, Errorf(Invalid, "dossier %s: name the exhibit that holds it", d.ID)
	}
	if err := filed(d.ID.Incident(), NounExhibit, d.Exhibit); err != nil {
		return Dossier{}, Event{}, err
	}
	if err := oneOf("answer of the check", d.Answer, threeAnswers[:]); err != nil {
		return Dossier{}, Event{}, err
	}
	d = d.clone()
	d.PlainReason, d.Receipt, d.ReceiptFrom, d.Decision = "", "", "", ""
	d.Incident, d.At, d.By = d.ID.Incident(), At(at), by.Person
	return d, d.event(DossierReceived, ""), nil
}

// Receipted records the receipt: the receiver's own, when signing it, or the
// one that came back. basis is signed or reported_by_sender. A signed receipt
// takes the place of a reported one and never the other way round: Conflict.
func (d Dossier) Receipted(receipt, basis string, by Hand) (Dossier, Event, error) {
	if err := by.needPerson("a receipt"); err != nil {
		return d, Event{}, err
	}
	if basis != "signed" && basis != "reported_by_sender" {
		return d, Event{}, Errorf(Invalid, "a receipt is signed or reported_by_sender")
	}
	switch {
	case blank(receipt):
		return d, Event{}, Errorf(Invalid, "the receipt is empty")
	case d.Exhibit == "" && d.Transport == "":
		return d, Event{}, Errorf(Conflict, "dossier %s was neither sent nor received: there is nothing to receipt", d.ID)
	case d.ReceiptFrom == "signed" && basis != "signed":
		return d, Event{}, Errorf(Conflict, "dossier %s has a signed receipt", d.ID)
	}
	next := d.clone()
	next.Receipt, next.ReceiptFrom = receipt, basis
	return next, next.event(DossierReceipt, ""), nil
}

// Decide records the receiving office's own decision. Only a person of a
// prosecutor's office decides; whether the head of it is elected plays no part.
// A later decision takes the place of an earlier one, which stays on the record.
func (d Dossier) Decide(decision string, by Hand) (Dossier, Event, error) {
	if err := by.needPerson("deciding on a dossier"); err != nil {
		return d, Event{}, err
	}
	if by.Function != FunctionProsecutor {
		return d, Event{}, Errorf(Forbidden, "only a prosecutor's office decides on a dossier it received")
	}
	if d.Exhibit == "" {
		return d, Event{}, Errorf(Conflict, "dossier %s was not received here", d.ID)
	}
	if blank(decision) {
		return d, Event{}, Errorf(Invalid, "the decision is empty")
	}
	next := d.clone()
	next.Decision = decision
	return next, next.event(DossierDecided, ""), nil
}

func (d Dossier) clone() Dossier {
	d.Seal, d.NotChecked = slices.Clone(d.Seal), slices.Clone(d.NotChecked)
	return d
}

// Item names the dossier.
func (d Dossier) Item() Item { return Item{Noun: NounDossier, ID: d.ID} }

func (d Dossier) event(act Act, note string) Event {
	return Event{Act: act, Incident: d.Incident, Item: d.Item(), Value: d.clone(), Note: note}
}
