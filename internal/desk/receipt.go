package desk

import (
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
)

// SignReceipt makes the receipt of a dossier taken in here: these bytes
// arrived and were checked thus. Signed by the person, and by the office. Asked
// again by the same person it gives the same letter, and records nothing: what
// held the letter may have been lost.
func (d *Desk) SignReceipt(ctx context.Context, c Caller, at time.Time, id jurat.ItemID) (string, Done, error) {
	at = jurat.At(at)
	var before Done
	x, done, err := onItem(ctx, d, c, at, jurat.DossierReceipt, jurat.NounDossier, id, func(tx *register.Tx, h hand, x jurat.Dossier) (jurat.Dossier, jurat.Event, error) {
		if x.Exhibit == "" {
			return x, jurat.Event{}, jurat.Errorf(jurat.Conflict, "dossier %s was sealed here; its receipt comes from the office that received it", x.ID)
		}
		var err error
		if x.ReceiptFrom == "signed" {
			if before, err = didBefore(tx, h, x.Item(), jurat.DossierReceipt); err != nil || before.Event != "" {
				return x, jurat.Event{}, err
			}
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
	if err == nil && done.Event == "" {
		done = before
	}
	return x.Receipt, done, err
}

// didBefore gives the last act of a kind on an item, when it was this person's;
// else nothing. Whoever asks must be able to sign, as for the act itself.
func didBefore(tx *register.Tx, h hand, item jurat.Item, act jurat.Act) (Done, error) {
	if err := mustSign(question{who: h, action: act, incident: item.ID.Incident()}); err != nil {
		return Done{}, err
	}
	events, err := tx.EventsOf(item)
	if err != nil {
		return Done{}, err
	}
	for _, e := range slices.Backward(events) {
		if e.Act != act {
			continue
		}
		if e.Person != h.Person {
			break
		}
		return Done{Event: e.ID, At: e.At, Item: e.Item}, nil
	}
	return Done{}, nil
}

// ErrNoLetter says that what was brought as a signed letter is none. Who checks it
// could not tell, and whoever brought it can mend that.
var ErrNoLetter = errors.New("no signed letter")

// illegible is why a letter could not be read.
type illegible struct{ error }

func (i illegible) Unwrap() error      { return i.error }
func (illegible) Is(target error) bool { return target == ErrNoLetter }

// ImportReceipt records the receipt of a dossier sent from here. It is checked
// against the pinned keys of the office the dossier went to. Altered: its
// signature is not theirs, or it is for another dossier than was sent. Conflict:
// it is another record's or another office's, or is on the record already.
func (d *Desk) ImportReceipt(ctx context.Context, c Caller, at time.Time, compact string) (jurat.Dossier, Done, error) {
	receipt, letter, err := format.ReadReceipt(compact)
	if err != nil {
		return jurat.Dossier{}, Done{}, illegible{err}
	}
	from, err := d.signedBy(ctx, c, at, receipt.Receiver.Origin, letter, format.TypReceipt)
	if err != nil {
		return jurat.Dossier{}, Done{}, err
	}
	sent, err := d.sentAs(ctx, c, at, receipt.Origin, receipt.Referral, receipt.Number)
	if err != nil {
		return jurat.Dossier{}, Done{}, err
	}
	return onItem(ctx, d, c, at, jurat.DossierReceipt, jurat.NounDossier, sent, func(tx *register.Tx, h hand, x jurat.Dossier) (jurat.Dossier, jurat.Event, error) {
		r, err := load[jurat.Referral](tx, jurat.Item{Noun: jurat.NounReferral, ID: receipt.Referral})
		if err != nil {
			return x, jurat.Event{}, err
		}
		seal, err := sealHash(tx, x)
		switch {
		case err != nil:
			return x, jurat.Event{}, err
		case r.To != from:
			return x, jurat.Event{}, jurat.Errorf(jurat.Conflict, "the receipt is by %s, and %s went to %s", from, x.ID, r.To)
		case x.TagManifest != receipt.TagManifest:
			return x, jurat.Event{}, jurat.Errorf(jurat.Altered, "the receipt is for another dossier: it names %s, and %s was sent as %s", receipt.TagManifest, x.ID, x.TagManifest)
		case receipt.Seal != seal:
			return x, jurat.Event{}, jurat.Errorf(jurat.Altered, "the receipt is for another dossier: the seal it names is not that of %s", x.ID)
		case strings.TrimSpace(x.Receipt) == strings.TrimSpace(compact):
			return x, jurat.Event{}, jurat.Errorf(jurat.Conflict, "this receipt of %s is on the record already", x.ID)
		}
		return x.Receipted(compact, "signed", h.Hand)
	})
}

// sealHash is the hash of the leaf a dossier was sealed with here, as a receipt
// names it.
func sealHash(tx *register.Tx, x jurat.Dossier) (string, error) {
	events, err := tx.EventsOf(x.Item())
	if err != nil {
		return "", err
	}
	for _, e := range events {
		if e.Act == jurat.DossierSealed {
			hash := format.LeafHash(e.Leaf)
			return base64.StdEncoding.EncodeToString(hash[:]), nil
		}
	}
	return "", jurat.Errorf(jurat.Conflict, "dossier %s was not sealed here", x.ID)
}

// ReportReceipt records that an office without Jurat acknowledged a dossier by
// a sheet or a letter: reported by the sender, which is not signed.
func (d *Desk) ReportReceipt(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, words string) (jurat.Dossier, Done, error) {
	return onItem(ctx, d, c, at, jurat.DossierReceipt, jurat.NounDossier, id, func(tx *register.Tx, h hand, x jurat.Dossier) (jurat.Dossier, jurat.Event, error) {
		return x.Receipted(words, "reported_by_sender", h.Hand)
	})
}

// Decide is the receiving office's answer to a dossier it took in: signed by
// the person who decides and by the office, for the sender to import. The same
// answer with the same reason, asked for again by the same person, is the same
// letter, and records nothing.
func (d *Desk) Decide(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, state jurat.ReferralState, reason string) (string, Done, error) {
	at = jurat.At(at)
	var before Done
	x, done, err := onItem(ctx, d, c, at, jurat.DossierDecided, jurat.NounDossier, id, func(tx *register.Tx, h hand, x jurat.Dossier) (jurat.Dossier, jurat.Event, error) {
		if last, _, err := format.ReadDecision(x.Decision); err == nil && last.State == state && last.Reason == reason {
			if before, err = didBefore(tx, h, x.Item(), jurat.DossierDecided); err != nil || before.Event != "" {
				return x, jurat.Event{}, err
			}
		}
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
	if err == nil && done.Event == "" {
		done = before
	}
	return x.Decision, done, err
}

// ImportDecision records the receiving office's answer to a referral sent from
// here, checked against its pinned keys. Altered: the signature is not theirs.
// Conflict: no keys of theirs are pinned, it answers another record's referral
// or a dossier that was not sent, or it is on the record already.
func (d *Desk) ImportDecision(ctx context.Context, c Caller, at time.Time, compact string) (jurat.Referral, Done, error) {
	decision, letter, err := format.ReadDecision(compact)
	if err != nil {
		return jurat.Referral{}, Done{}, illegible{err}
	}
	from, err := d.signedBy(ctx, c, at, decision.Receiver.Origin, letter, format.TypDecision)
	if err != nil {
		return jurat.Referral{}, Done{}, err
	}
	w := jurat.ReceivedWord{
		State: decision.State, At: jurat.At(decision.At), Recorded: jurat.At(at), By: from, Reason: decision.Reason, Basis: "signed", Document: jurat.DigestOf([]byte(compact)),
	}
	return d.onReferral(ctx, c, at, jurat.ReferralAnswered, decision.Referral, func(tx *register.Tx, h hand, r jurat.Referral) (jurat.Referral, jurat.Event, error) {
		same := func(b jurat.ReceivedWord) bool {
			return b.Basis == w.Basis && b.State == w.State && b.At.Equal(w.At) && b.By == w.By && b.Reason == w.Reason
		}
		if decision.Number < 0 || decision.Number >= len(r.Dossiers) {
			return r, jurat.Event{}, jurat.Errorf(jurat.Conflict, "the decision answers dossier %d of %s, which was not sent from here", decision.Number, r.ID)
		}
		if err := d.sentFrom(tx, r.Dossiers[decision.Number], decision.Origin); err != nil {
			return r, jurat.Event{}, err
		}
		switch {
		case slices.ContainsFunc(r.Answers, same):
			return r, jurat.Event{}, jurat.Errorf(jurat.Conflict, "this decision on %s is on the record already", r.ID)
		}
		return r.Answer(w, h.Hand)
	})
}

// ReportAnswer records an answer that came as a letter, or in words: reported
// by the sender, which is not signed.
func (d *Desk) ReportAnswer(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, w jurat.ReceivedWord) (jurat.Referral, Done, error) {
	w.Basis, w.Recorded = "reported_by_sender", jurat.At(at)
	return d.onReferral(ctx, c, at, jurat.ReferralAnswered, id, func(tx *register.Tx, h hand, r jurat.Referral) (jurat.Referral, jurat.Event, error) {
		if w.By == "" {
			w.By = r.To
		}
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
	err := d.read(ctx, c, at, actionView, referral.Incident(), func(tx *register.Tx, h hand) error {
		r, err := load[jurat.Referral](tx, jurat.Item{Noun: jurat.NounReferral, ID: referral})
		if err != nil {
			return err
		}
		if number < 0 || number >= len(r.Dossiers) {
			return jurat.Errorf(jurat.Conflict, "dossier %d of %s was not sent from here", number, referral)
		}
		id = r.Dossiers[number]
		return d.sentFrom(tx, id, origin)
	})
	return id, err
}

// sentFrom refuses a letter about a dossier of another record: one names the
// log that the dossier was sealed in, which may have ended since.
func (d *Desk) sentFrom(tx *register.Tx, id jurat.ItemID, origin string) error {
	x, err := load[jurat.Dossier](tx, jurat.Item{Noun: jurat.NounDossier, ID: id})
	if err == nil && x.Origin != origin {
		err = jurat.Errorf(jurat.Conflict, "the letter is about a dossier of %s; this record is %s", origin, x.Origin)
	}
	return err
}
