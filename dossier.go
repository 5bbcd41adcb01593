package jurat

import (
	"encoding/json"
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
	Transport   string          `json:"transport,omitempty"` // age, plain
	PlainReason string          `json:"plain_reason,omitempty"`
	Exhibit     ItemID          `json:"exhibit,omitempty"` // receiver: the ZIP itself
	Answer      string          `json:"answer,omitempty"`  // receiver: what verify answered
	NotChecked  []string        `json:"not_checked,omitempty"`
	Receipt     string          `json:"receipt,omitempty"`       // the receipt, a JWS
	ReceiptFrom string          `json:"receipt_basis,omitempty"` // signed, reported_by_sender
	Decision    string          `json:"decision,omitempty"`      // the decision, a JWS
}

// SealDossier commits to what a parcel holds.
func SealDossier(d Dossier, by Hand, at time.Time) (Dossier, Event, error) {
	if err := by.needSworn("sealing a dossier"); err != nil {
		return Dossier{}, Event{}, err
	}
	if len(d.Seal) == 0 {
		return Dossier{}, Event{}, Errorf(Invalid, "a seal without digests seals nothing")
	}
	d.Incident, d.At, d.By = d.ID.Incident(), at, by.Person
	return d, d.event(DossierSealed, ""), nil
}

// Send records how the parcel went: encrypted to the receiving office, or
// plain for a stated reason.
func (d Dossier) Send(tags Digest, transport, plainReason string, by Hand) (Dossier, Event, error) {
	if err := by.needSworn("sending a dossier"); err != nil {
		return d, Event{}, err
	}
	switch {
	case transport != "age" && transport != "plain":
		return d, Event{}, Errorf(Invalid, "a dossier goes encrypted (age) or plain")
	case transport == "plain" && strings.TrimSpace(plainReason) == "":
		return d, Event{}, Errorf(Invalid, "sending a dossier without encryption needs a reason, which goes on the record")
	}
	next := d
	next.TagManifest, next.Transport, next.PlainReason = tags, transport, plainReason
	return next, next.event(DossierSent, ""), nil
}

// ReceiveDossier records a parcel that arrived at the receiving office, with
// what checking it answered.
func ReceiveDossier(d Dossier, by Hand, at time.Time) (Dossier, Event, error) {
	if err := by.needPerson("taking in a dossier"); err != nil {
		return Dossier{}, Event{}, err
	}
	d.Incident, d.At, d.By = d.ID.Incident(), at, by.Person
	return d, d.event(DossierReceived, ""), nil
}

// Receipted records the receipt: the receiver's own, when signing it, or the
// one that came back. basis is signed or reported_by_sender.
func (d Dossier) Receipted(receipt, basis string, by Hand) (Dossier, Event, error) {
	if err := by.needPerson("a receipt"); err != nil {
		return d, Event{}, err
	}
	if basis != "signed" && basis != "reported_by_sender" {
		return d, Event{}, Errorf(Invalid, "a receipt is signed or reported_by_sender")
	}
	next := d
	next.Receipt, next.ReceiptFrom = receipt, basis
	return next, next.event(DossierReceipt, ""), nil
}

// Decide records the receiving office's own decision. Only a person of a
// prosecutor's office decides; whether the head of it is elected plays no part.
func (d Dossier) Decide(decision string, by Hand) (Dossier, Event, error) {
	if by.Function != FunctionProsecutor || by.Person == "" {
		return d, Event{}, Errorf(Forbidden, "only a prosecutor's office decides on a dossier it received")
	}
	if d.Exhibit == "" {
		return d, Event{}, Errorf(Conflict, "dossier %s was not received here", d.ID)
	}
	next := d
	next.Decision = decision
	return next, next.event(DossierDecided, ""), nil
}

// Item names the dossier.
func (d Dossier) Item() Item { return Item{Noun: NounDossier, ID: d.ID} }

func (d Dossier) event(act Act, note string) Event {
	return Event{Act: act, Incident: d.Incident, Item: d.Item(), Value: d, Note: note}
}
