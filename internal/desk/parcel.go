package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/dossier"
	"jurat/internal/ledger"
	"jurat/internal/register"
	"jurat/internal/vault"
)

// A plan is a dossier about to be built: what goes in, and which events its
// proofs are of.
type plan struct {
	referral jurat.Referral
	to       jurat.Office
	sender   jurat.PersonID
	previous *jurat.Dossier
	parcel   dossier.Parcel
	events   []jurat.EventID // of parcel.Events
	house    []jurat.EventID
	gaps     []ledger.Gap // of the logs this record has had before its present one
}

// statement opens what the register has of an event.
func statement(e register.EventRow) (format.Statement, error) {
	ds := e.Claims
	if e.Open != "" {
		ds = append(slices.Clone(ds), e.Open)
	}
	return format.ReadLeaf(e.Leaf, ds)
}

// plan gathers what a dossier of the referral holds, for somebody who may send
// it: a parcel opens sealed parts, and is written before its seal is recorded.
// Whatever the seal or the sending would be refused for is refused here first.
func (d *Desk) plan(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, s Sending, encrypted bool) (plan, error) {
	p := plan{sender: c.Person}
	in := id.Incident()
	err := d.read(ctx, c, at, actionView, in, func(tx *register.Tx, h hand) error {
		var err error
		if p.referral, err = load[jurat.Referral](tx, jurat.Item{Noun: jurat.NounReferral, ID: id}); err != nil {
			return err
		}
		if p.referral.ApprovedBy == "" || p.referral.State == jurat.ReferralIsWithdrawn {
			return jurat.Errorf(jurat.Conflict, "referral %s is %s: a dossier is sent once two sworn people have decided", id, p.referral.State)
		}
		if p.to, err = load[jurat.Office](tx, jurat.Item{Noun: jurat.NounOffice, ID: jurat.ItemID(p.referral.To)}); err != nil {
			return err
		}
		switch n := len(p.referral.Dossiers); {
		case s.As == jurat.ReferralSent && n > 0:
			return jurat.Errorf(jurat.Conflict, "referral %s was sent; what is new goes with jurat refer supplement", id)
		case s.As == jurat.ReferralSupplemented && n == 0:
			return jurat.Errorf(jurat.Conflict, "referral %s was not sent yet: there is nothing to supplement; send it with jurat refer send", id)
		case encrypted && p.to.Age == "":
			return noRecipient(p.to)
		}
		if !encrypted && strings.TrimSpace(s.PlainReason) == "" {
			return jurat.Errorf(jurat.Invalid, "say with --plain why the dossier goes without encryption; the reason goes on the record")
		}
		if n := len(p.referral.Dossiers); n > 0 {
			last, err := load[jurat.Dossier](tx, jurat.Item{Noun: jurat.NounDossier, ID: p.referral.Dossiers[n-1]})
			if err != nil {
				return err
			}
			p.previous = &last
		}
		if err := d.maySend(tx, h, at, p); err != nil {
			return err
		}
		if err := complete(tx, in); err != nil {
			return err
		}
		if !encrypted { // what can be read here opens the footage to who sends it
			if err := h.mayViewAll(tx, actionView, in, jurat.At(at)); err != nil {
				return err
			}
		}
		f := filler{desk: d, tx: tx, at: at, plan: &p, inForce: h.house.orders}
		return f.fill()
	})
	if err != nil {
		return p, err
	}
	// The list of keys is there once something was published.
	if _, err := d.ledger.Publish(ctx); err != nil {
		return p, err
	}
	p.parcel.Progress = s.Progress
	if p.parcel.Keys, err = d.ledger.KeyList(); err != nil {
		return p, err
	}
	return p, d.proveEnded(ctx, &p)
}

// proveEnded adds to what logs issued that have ended the proofs that it stood
// in them. The files of a log lie in their place once one was published that
// continues it.
func (d *Desk) proveEnded(ctx context.Context, p *plan) error {
	for _, gap := range p.gaps {
		var ids []jurat.EventID
		var issued []*dossier.Event
		of := func(events []dossier.Event, all []jurat.EventID) error {
			for i := range events {
				st, err := format.ReadLeaf(events[i].Leaf, nil)
				if err != nil {
					return err
				}
				if st.Issuer == gap.Origin {
					ids, issued = append(ids, all[i]), append(issued, &events[i])
				}
			}
			return nil
		}
		if err := errors.Join(of(p.parcel.Events, p.events), of(p.parcel.House, p.house)); err != nil {
			return err
		}
		proofs, err := d.ledger.ProveEnded(ctx, gap, ids)
		if err != nil {
			return err
		}
		for i, proof := range proofs {
			if proof != nil {
				issued[i].Ended = proof.Marshal()
			}
		}
	}
	return nil
}

// maySend asks the policy and the law, on a seal that commits to nothing,
// whether the person may seal and send this dossier now.
func (d *Desk) maySend(tx *register.Tx, h hand, at time.Time, p plan) error {
	q := question{who: h, incident: p.referral.Incident}
	sent, number := jurat.ReferralSent, len(p.referral.Dossiers)
	if number > 0 {
		sent = jurat.ReferralSupplemented
	}
	for _, q.action = range []jurat.Act{jurat.DossierSealed, jurat.DossierSent, sent} {
		if err := d.allow(tx, q); err != nil {
			return err
		}
		if err := mustSign(q); err != nil {
			return err
		}
	}
	trial := jurat.Dossier{ID: jurat.NumberItem(q.incident, jurat.NounDossier, 1), Referral: string(p.referral.ID), Origin: d.origin, Number: number, Seal: json.RawMessage("{}")}
	if p.previous != nil {
		trial.Predecessor = p.previous.TagManifest
	}
	trial, _, err := jurat.SealDossier(trial, h.Hand, at)
	if err != nil {
		return err
	}
	_, _, err = send(tx, p.referral, trial, h, at)
	return err
}

// send is the law's part of sending a dossier: the first, or a supplement. A
// contact that came to light after the attestation stops the first (REF-1).
func send(tx *register.Tx, r jurat.Referral, x jurat.Dossier, h hand, at time.Time) (jurat.Referral, jurat.Event, error) {
	if x.Number > 0 {
		return r.Supplement(x, h.Hand, at)
	}
	contacts, err := loadAll[jurat.Contact](tx, r.Incident, jurat.NounContact)
	if err != nil {
		return r, jurat.Event{}, err
	}
	return r.Send(x, h.Hand, at, r.Unattested(contacts)...)
}

// prove publishes the seal and gathers what proves every event of the parcel.
func (d *Desk) prove(ctx context.Context, p plan, anchor func(context.Context, []byte) error) (dossier.Sealed, error) {
	published, tokens, err := d.anchored(ctx, anchor)
	if err != nil {
		return dossier.Sealed{}, err
	}
	out := dossier.Sealed{Checkpoint: published.Note, Tokens: tokens, Sign: func(typ string, payload []byte) (string, error) {
		return format.SignJWS(d.office, typ, payload), nil
	}}
	var ids []jurat.EventID
	err = d.register.Read(ctx, func(tx *register.Tx) error {
		events, err := tx.Events(p.referral.Incident)
		if err != nil {
			return err
		}
		for i, e := range events {
			ids = append(ids, e.ID)
			if i >= len(p.parcel.Events) {
				ev, err := disclosed(e)
				if err != nil {
					return err
				}
				out.Events = append(out.Events, ev)
			}
			if e.Act == jurat.DossierSealed && i >= len(p.parcel.Events) {
				break
			}
		}
		return nil
	})
	if err != nil {
		return dossier.Sealed{}, err
	}
	proofs, err := d.ledger.ProveUnder(ctx, published, append(ids, p.house...))
	if err != nil {
		return dossier.Sealed{}, err
	}
	for i, proof := range proofs {
		if i < len(ids) {
			out.Proofs = append(out.Proofs, proof.Marshal())
		} else {
			out.HouseProofs = append(out.HouseProofs, proof.Marshal())
		}
	}
	if p.previous != nil {
		before, err := format.ParseCheckpoint([]byte(p.previous.Checkpoint))
		if err != nil {
			return dossier.Sealed{}, err
		}
		if out.Consistency, err = d.consistency(p, before, published); err != nil {
			return dossier.Sealed{}, err
		}
	}
	return out, nil
}

// consistency shows that the log went on from the checkpoint of the dossier
// before; where that was of a log that has ended, to the one it ended with. Nil
// when the tiles of such a log are lost.
func (d *Desk) consistency(p plan, before format.Checkpoint, published ledger.Published) ([]byte, error) {
	if before.Origin == d.origin {
		proof, err := d.ledger.ConsistencyUnder(before.Size, published)
		return proof.Marshal(), err
	}
	for _, gap := range p.gaps {
		if gap.Origin != before.Origin {
			continue
		}
		proof, err := d.ledger.ConsistencyEnded(gap, before.Size)
		if err != nil || proof == nil {
			return nil, err
		}
		return proof.Marshal(), nil
	}
	return nil, jurat.Errorf(jurat.Conflict, "the dossier before this one was proved by the log %s, and nothing on the record says how that ended", before.Origin)
}

// anchored publishes, has the checkpoint anchored, and gives it with what
// cosignatures and tokens the ledger holds for that size. Without any the
// dossier says: published, not anchored (§6).
func (d *Desk) anchored(ctx context.Context, anchor func(context.Context, []byte) error) (ledger.Published, []dossier.Token, error) {
	published, err := d.ledger.Publish(ctx)
	if err != nil || anchor == nil {
		return published, nil, err
	}
	if err := anchor(ctx, published.Note); err != nil {
		return published, nil, err
	}
	anchors, err := d.ledger.Anchors()
	if err != nil {
		return published, nil, err
	}
	var tokens []dossier.Token
	for _, a := range anchors {
		if a.Size != published.Size {
			continue
		}
		if published.Note, err = format.MergeSignatures(published.Note, a.Note); err != nil {
			return published, nil, err
		}
		for _, token := range a.Tokens {
			tokens = append(tokens, dossier.Token{Response: token})
		}
	}
	return published, tokens, nil
}

// disclosed is an event as a dossier shows it: every claim and the open part.
func disclosed(e register.EventRow) (dossier.Event, error) {
	if len(e.Claims) == 0 {
		return dossier.Event{}, jurat.Errorf(jurat.Conflict, "event %s was expunged: no dossier of its incident can be built", e.ID)
	}
	ev := dossier.Event{Leaf: e.Leaf, Disclosures: slices.Clone(e.Claims)}
	if e.Open != "" {
		ev.Disclosures = append(ev.Disclosures, e.Open)
	}
	return ev, nil
}

// openBlob reads an exhibit's bytes out of the vault.
func (d *Desk) openBlob(b register.BlobRow) func(context.Context) (io.ReadCloser, error) {
	return func(ctx context.Context) (io.ReadCloser, error) {
		return d.vault.Open(ctx, blobOf(b))
	}
}

func blobOf(b register.BlobRow) vault.Blob {
	return vault.Blob{ID: vault.BlobID(b.ID), Size: b.Size, Digest: b.Digest, Tag: b.Tag, Key: b.Key}
}

// sealedKinds are the classes a dossier opens to the receiving office, each in
// a file of its own under data/sealed/.
var sealedKinds = map[jurat.Class]string{jurat.ClassIdentity: "identities", jurat.ClassContact: "contacts"}

// why names the grounds on which a class stays closed in a dossier.
var why = map[jurat.Class]string{
	jurat.ClassHealth:       "medical facts go on consent or by order of a court (EMS-2)",
	jurat.ClassExactAddress: "an exact address goes on request with a legal basis",
	jurat.ClassMinor:        "what concerns a minor goes on request with a legal basis",
	jurat.ClassCompelled:    "a compelled statement does not go to a prosecutor",
	jurat.ClassPrivileged:   "privileged (LAW-9)",
}

func rfc3339(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func work(p jurat.Person, office jurat.OfficeID) string {
	if p.Label == "" {
		return "the local operator"
	}
	return fmt.Sprintf("%s (%s)", p.Label, office)
}
