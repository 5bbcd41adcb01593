package desk

import (
	"context"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
)

// SignReceipt makes the receipt of a dossier taken in here: these bytes
// arrived and were checked thus. Signed by the person, and by the office.
func (d *Desk) SignReceipt(ctx context.Context, c Caller, at time.Time, id jurat.ItemID) (string, Done, error) {
	at = jurat.At(at)
	x, done, err := onItem(ctx, d, c, at, jurat.DossierReceipt, jurat.NounDossier, id, func(tx *register.Tx, h hand, x jurat.Dossier) (jurat.Dossier, jurat.Event, error) {
		if x.Exhibit == "" {
			return x, jurat.Event{}, jurat.Errorf(jurat.Conflict, "dossier %s was sealed here; its receipt comes from the office that received it", x.ID)
		}
		own, err := d.ownOffice(tx)
		if err != nil {
			return x, jurat.Event{}, err
		}
		receipt, err := format.Receipt{
			Version: format.DossierVersion, Origin: x.Origin, Incident: jurat.ItemID(x.Referral).Incident(), Referral: jurat.ItemID(x.Referral), Number: x.Number,
			TagManifest: x.TagManifest, Seal: x.SealHash, Answer: x.Answer, NotChecked: x.NotChecked, Trust: x.Trust,
			Receiver: format.OfficeName{Office: own.ID, Name: own.Name, Origin: d.origin}, At: at, Transport: x.Transport,
		}.Sign(d.office)
		if err != nil {
			return x, jurat.Event{}, err
		}
		return x.Receipted(receipt, "signed", h.Hand)
	})
	return x.Receipt, done, err
}

// ImportReceipt records the receipt of a dossier sent from here. It is checked
// against the receiving office's pinned keys. Altered: its signature is not
// theirs. Conflict: it is for other bytes than were sent.
func (d *Desk) ImportReceipt(ctx context.Context, c Caller, at time.Time, compact string) (jurat.Dossier, Done, error) {
	receipt, letter, err := format.ReadReceipt(compact)
	if err != nil {
		return jurat.Dossier{}, Done{}, err
	}
	if _, err := d.signedBy(ctx, c, at, receipt.Receiver.Origin, letter, format.TypReceipt); err != nil {
		return jurat.Dossier{}, Done{}, err
	}
	sent, err := d.sentAs(ctx, c, at, receipt.Origin, receipt.Referral, receipt.Number)
	if err != nil {
		return jurat.Dossier{}, Done{}, err
	}
	return onItem(ctx, d, c, at, jurat.DossierReceipt, jurat.NounDossier, sent, func(tx *register.Tx, h hand, x jurat.Dossier) (jurat.Dossier, jurat.Event, error) {
		if x.TagManifest != receipt.TagManifest {
			return x, jurat.Event{}, jurat.Errorf(jurat.Altered, "the receipt is for another dossier: it names %s, and %s was sent as %s", receipt.TagManifest, x.ID, x.TagManifest)
		}
		return x.Receipted(compact, "signed", h.Hand)
	})
}

// ReportReceipt records that an office without Jurat acknowledged a dossier by
// a sheet or a letter: reported by the sender, which is not signed.
func (d *Desk) ReportReceipt(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, words string) (jurat.Dossier, Done, error) {
	return onItem(ctx, d, c, at, jurat.DossierReceipt, jurat.NounDossier, id, func(tx *register.Tx, h hand, x jurat.Dossier) (jurat.Dossier, jurat.Event, error) {
		return x.Receipted(words, "reported_by_sender", h.Hand)
	})
}

// Decide is the receiving office's answer to a dossier it took in: signed by
// the person who decides and by the office, for the sender to import.
func (d *Desk) Decide(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, state jurat.ReferralState, reason string) (string, Done, error) {
	at = jurat.At(at)
	x, done, err := onItem(ctx, d, c, at, jurat.DossierDecided, jurat.NounDossier, id, func(tx *register.Tx, h hand, x jurat.Dossier) (jurat.Dossier, jurat.Event, error) {
		own, err := d.ownOffice(tx)
		if err != nil {
			return x, jurat.Event{}, err
		}
		decision, err := format.Decision{
			Version: format.DossierVersion, Origin: x.Origin, Incident: jurat.ItemID(x.Referral).Incident(), Referral: jurat.ItemID(x.Referral), Number: x.Number,
			State: state, Reason: reason, Receiver: format.OfficeName{Office: own.ID, Name: own.Name, Origin: d.origin}, At: at,
		}.Sign(d.office)
		if err != nil {
			return x, jurat.Event{}, err
		}
		return x.Decide(decision, h.Hand)
	})
	return x.Decision, done, err
}

// ImportDecision records the receiving office's answer to a referral sent from
// here, checked against its pinned keys.
func (d *Desk) ImportDecision(ctx context.Context, c Caller, at time.Time, compact string) (jurat.Referral, Done, error) {
	decision, letter, err := format.ReadDecision(compact)
	if err != nil {
		return jurat.Referral{}, Done{}, err
	}
	from, err := d.signedBy(ctx, c, at, decision.Receiver.Origin, letter, format.TypDecision)
	if err != nil {
		return jurat.Referral{}, Done{}, err
	}
	if decision.Origin != d.origin {
		return jurat.Referral{}, Done{}, jurat.Errorf(jurat.Conflict, "the decision answers a referral of %s; this record is %s", decision.Origin, d.origin)
	}
	return d.answer(ctx, c, at, decision.Referral, jurat.ReceivedWord{
		State: decision.State, At: decision.At, By: from, Reason: decision.Reason, Basis: "signed", Document: jurat.DigestOf([]byte(compact)),
	})
}

// ReportAnswer records an answer that came as a letter, or in words: reported
// by the sender, which is not signed.
func (d *Desk) ReportAnswer(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, w jurat.ReceivedWord) (jurat.Referral, Done, error) {
	w.Basis = "reported_by_sender"
	return d.answer(ctx, c, at, id, w)
}

func (d *Desk) answer(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, w jurat.ReceivedWord) (jurat.Referral, Done, error) {
	w.Recorded = jurat.At(at)
	return d.onReferral(ctx, c, at, jurat.ReferralAnswered, id, func(tx *register.Tx, h hand, r jurat.Referral) (jurat.Referral, jurat.Event, error) {
		return r.Answer(w, h.Hand)
	})
}

// signedBy checks a letter against the pinned keys of the office whose log is
// named origin, and says which office of this record that is. Conflict: no keys
// of it are pinned. Altered: the signature is not theirs.
func (d *Desk) signedBy(ctx context.Context, c Caller, at time.Time, origin string, letter format.JWS, typ string) (jurat.OfficeID, error) {
	offices, err := d.Offices(ctx, c, at)
	if err != nil {
		return "", err
	}
	for _, o := range offices {
		if len(o.Trust) == 0 {
			continue
		}
		trust, err := format.ParseTrust(o.Trust)
		if err != nil {
			return "", err
		}
		if t, err := trust.Office(origin); err == nil {
			return o.ID, letter.Verify(typ, t.Office...)
		}
	}
	return "", jurat.Errorf(jurat.Conflict, "no keys of the office with origin %s are pinned here; obtain its trust file and pin it: jurat office trust", origin)
}

// sentAs finds the dossier that was sent under a referral and a number.
func (d *Desk) sentAs(ctx context.Context, c Caller, at time.Time, origin string, referral jurat.ItemID, number int) (jurat.ItemID, error) {
	var id jurat.ItemID
	if origin != d.origin {
		return "", jurat.Errorf(jurat.Conflict, "the receipt is for a dossier of %s; this record is %s", origin, d.origin)
	}
	err := d.read(ctx, c, at, actionView, referral.Incident(), func(tx *register.Tx, h hand) error {
		r, err := load[jurat.Referral](tx, jurat.Item{Noun: jurat.NounReferral, ID: referral})
		if err != nil {
			return err
		}
		if number < 0 || number >= len(r.Dossiers) {
			return jurat.Errorf(jurat.Conflict, "dossier %d of %s was not sent from here", number, referral)
		}
		id = r.Dossiers[number]
		return nil
	})
	return id, err
}
