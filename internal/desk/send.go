package desk

import (
	"context"
	"encoding/json"
	"os"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/dossier"
	"jurat/internal/register"
)

// A Sending says where a dossier goes. Out is an empty file for the ZIP and
// stays the operator's; Encrypted, when not nil, gets the ZIP encrypted to the
// receiving office. Without it PlainReason must say why.
type Sending struct {
	As          jurat.Act // ReferralSent, ReferralSupplemented, or empty: whichever it is
	Out         *os.File
	Encrypted   *os.File
	PlainReason string
	Progress    func(n int)
	// Anchor, when not nil, is given the checkpoint that covers the seal, to have
	// it cosigned and time-stamped and to import what came back into the ledger
	// ([ledger.Ledger.Import]). The dossier embeds whatever is there afterwards.
	Anchor func(ctx context.Context, checkpoint []byte) error
}

// SendReferral seals a dossier of an approved referral and records that it was
// sent. Signed. For a referral that was sent before, it is a supplement: the
// whole chain again, only the new exhibits (§8).
func (d *Desk) SendReferral(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, s Sending) (dossier.Summary, Done, error) {
	if _, err := jurat.ParseItemID(jurat.NounReferral, string(id)); err != nil {
		return dossier.Summary{}, Done{}, err
	}
	at = jurat.At(at)
	plan, err := d.plan(ctx, c, at, id, s, s.Encrypted != nil)
	if err != nil {
		return dossier.Summary{}, Done{}, err
	}
	sealed, summary, err := d.build(ctx, c, at, plan, s)
	if err != nil {
		return dossier.Summary{}, Done{}, err
	}
	transport := "plain"
	if s.Encrypted != nil {
		transport = "age"
		if err := encrypt(s.Encrypted, s.Out, plan.to); err != nil {
			return dossier.Summary{}, Done{}, err
		}
	}
	done, err := d.recordSending(ctx, c, at, id, sealed, summary.TagManifest, transport, s.PlainReason)
	return summary, done, err
}

// build writes the ZIP of a plan and seals it on the way.
func (d *Desk) build(ctx context.Context, c Caller, at time.Time, plan plan, s Sending) (sealed jurat.Dossier, summary dossier.Summary, err error) {
	summary, err = dossier.Build(ctx, s.Out, plan.parcel, func(ctx context.Context, seal format.Seal) (dossier.Sealed, error) {
		var err error
		if sealed, err = d.sealDossier(ctx, c, at, plan, seal); err != nil {
			return dossier.Sealed{}, err
		}
		proven, err := d.prove(ctx, plan, s.Anchor)
		sealed.Checkpoint = string(proven.Checkpoint)
		return proven, err
	})
	return sealed, summary, err
}

// encrypt writes the ZIP to the receiving office's key, durably.
func encrypt(dst, zip *os.File, to jurat.Office) error {
	if to.Age == "" {
		return noRecipient(to)
	}
	if _, err := zip.Seek(0, 0); err != nil {
		return jurat.Because(jurat.Unavailable, err, "read the dossier again")
	}
	if err := dossier.Encrypt(dst, zip, to.Age); err != nil {
		return err
	}
	if err := dst.Sync(); err != nil {
		return jurat.Because(jurat.Unavailable, err, "keep the encrypted dossier")
	}
	return nil
}

func noRecipient(to jurat.Office) error {
	return jurat.Errorf(jurat.Conflict, "no encryption key of %s is on the record; pin its keys with jurat office trust, or send plain with a reason", to.ID)
}

// sealDossier adds the event dossier.sealed. Conflict: something other than
// an opening was recorded in the incident since the parcel was filled.
func (d *Desk) sealDossier(ctx context.Context, c Caller, at time.Time, p plan, seal format.Seal) (jurat.Dossier, error) {
	raw, err := json.Marshal(seal)
	if err != nil {
		return jurat.Dossier{}, err
	}
	sealed, _, err := newItem(ctx, d, c, at, jurat.DossierSealed, p.referral.Incident, jurat.NounDossier, func(tx *register.Tx, h hand, id jurat.ItemID) (jurat.Dossier, jurat.Event, error) {
		if err := p.stale(tx); err != nil {
			return jurat.Dossier{}, jurat.Event{}, err
		}
		return jurat.SealDossier(jurat.Dossier{
			ID: id, Referral: string(p.referral.ID), Origin: d.origin, Number: seal.Number, Predecessor: seal.Predecessor, Seal: raw,
		}, h.Hand, at)
	})
	return sealed, err
}

// stale refuses a parcel whose incident went on since it was filled.
func (p plan) stale(tx *register.Tx) error {
	in, filled := p.referral.Incident, int64(len(p.parcel.Events))
	if head, err := tx.Lock(in); err != nil || head.Seq+1 == filled {
		return err
	}
	return tx.EachEvent(in, func(e register.EventRow) error {
		if e.Seq >= filled && e.Act != jurat.ItemOpened {
			return jurat.Errorf(jurat.Conflict, "incident %s changed while its dossier was built (%s); send again", in, e.Act)
		}
		return nil
	})
}

// recordSending records that the parcel went, and the referral with it, in one
// transaction.
func (d *Desk) recordSending(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, sealed jurat.Dossier, tags jurat.Digest, transport, plainReason string) (Done, error) {
	var done Done
	in := id.Incident()
	err := d.write(ctx, at, func(tx *register.Tx) error {
		_, err := d.perform(tx, c, at, errand{act: jurat.DossierSent, incident: in, do: func(tx *register.Tx, h hand) (jurat.Event, error) {
			var ev jurat.Event
			var err error
			sealed, ev, err = sealed.Send(tags, transport, plainReason, h.Hand)
			return ev, err
		}})
		if err != nil {
			return err
		}
		act := jurat.ReferralSent
		if sealed.Number > 0 {
			act = jurat.ReferralSupplemented
		}
		done, err = d.perform(tx, c, at, errand{act: act, incident: in, do: func(tx *register.Tx, h hand) (jurat.Event, error) {
			r, err := load[jurat.Referral](tx, jurat.Item{Noun: jurat.NounReferral, ID: id})
			if err != nil {
				return jurat.Event{}, err
			}
			_, ev, err := send(tx, r, sealed, h, at)
			return ev, err
		}})
		return err
	})
	return done, err
}
