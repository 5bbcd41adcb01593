package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha3"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
)

// An Unsigned act is one that could be done but for its person's signature. It
// is not on the record and never was: the transaction that made it was undone.
type Unsigned struct {
	ID        string   // for [Desk.Commit]; good once
	Challenge [32]byte // what is signed
	Act       jurat.Act
	Item      jurat.Item
	Sentence  string // what is signed, for the person who signs
	Text      []byte // what is signed, to take away and sign with a key file ([format.ReadDraft])
	Until     time.Time
}

// unsignedLasts is how long an act waits for its signature.
const unsignedLasts = 5 * time.Minute

// kindUnsigned is what an unsigned act is kept as.
const kindUnsigned = "unsigned"

// A pen is what signs an act in two requests. In the first it has no
// signature for what it is given, and stops the transaction with it; in the
// second it gives the signature, if what it is given is to the bit what was
// signed. Salts come from a seed, so that one act has one spelling in both.
type pen struct {
	Person jurat.PersonID `json:"person"`
	At     time.Time      `json:"at"`
	Seed   []byte         `json:"seed"` // sealed at rest: salts come from it
	Signed []signed       `json:"signed,omitempty"`
}

// signed is one act that was shown, by what identifies it, and its signature;
// the last one has none yet.
type signed struct {
	Act       jurat.Act  `json:"act"`
	Item      jurat.Item `json:"item"`
	Challenge string     `json:"challenge"`
	Proof     string     `json:"proof,omitempty"`
}

// unsigned is the error by which a pen stops a transaction.
type unsigned struct {
	ev    jurat.Event
	draft format.Draft
}

func (*unsigned) Error() string { return "the act waits for its signature" }

// salts is where the draft of an event takes its salts from.
func (p *pen) salts(ev jurat.Event) *sha3.SHAKE {
	h := sha3.NewSHAKE256()
	fmt.Fprintf(h, "jurat unsigned act\x00%d\x00%s%s\x00%s\x00%s", len(p.Seed), p.Seed, ev.Act, ev.Item.Noun, ev.Item.ID)
	return h
}

// sign gives the signature of an act. Conflict: the act is not what was
// signed. An [unsigned]: it was not shown yet.
func (p *pen) sign(ev jurat.Event, draft format.Draft) (*format.Proof, error) {
	sum := draft.Challenge()
	for _, s := range p.Signed {
		if s.Act != ev.Act || s.Item != ev.Item {
			continue
		}
		if s.Challenge != hex.EncodeToString(sum[:]) {
			return nil, jurat.Errorf(jurat.Conflict, "Not signed, nothing changed: what you were shown was changed in between. Look at it again, then sign")
		}
		return format.ParseProof([]byte(s.Proof))
	}
	return nil, &unsigned{ev, draft}
}

// Ready takes an act up to the signature of the caller and undoes it: who may,
// the law, the orders' gates, everything is asked. do does the act, and
// nothing else, by one method of the desk with the caller and the time it is
// given; it is called again by [Desk.Commit]. What it would leave is what the
// Unsigned says. Conflict: there is nothing to be signed.
func (d *Desk) Ready(ctx context.Context, c Caller, at time.Time, do func(Caller, time.Time) error) (Unsigned, error) {
	p := &pen{Person: c.Person, At: jurat.At(at), Seed: make([]byte, 32)}
	rand.Read(p.Seed) // never fails
	next, err := d.inTwo(ctx, c, at, p, do)
	if err != nil {
		return Unsigned{}, err
	}
	if next == nil {
		return Unsigned{}, jurat.Errorf(jurat.Conflict, "there is nothing to be signed here")
	}
	return *next, nil
}

// Commit does the act that was readied, with the caller's signature over its
// challenge and at the time it was readied. do must do the same again. What it
// rests on may have changed: the policy, the law and the gates are asked once
// more, and an act that would not be to the bit what was signed is a Conflict.
// A method that signs several acts needs a signature of each: as long as one is
// missing nothing is done, and next is what is to be signed still. Conflict
// too: it was committed already, or waited longer than five minutes.
func (d *Desk) Commit(ctx context.Context, c Caller, at time.Time, id string, proof *format.Proof, do func(Caller, time.Time) error) (next *Unsigned, err error) {
	p, err := d.taken(ctx, c, at, id)
	if err != nil {
		return nil, err
	}
	text, err := format.MarshalProof(*proof)
	if err != nil {
		return nil, err
	}
	p.Signed[len(p.Signed)-1].Proof = string(text)
	return d.inTwo(ctx, c, at, p, do)
}

// inTwo runs an act with a pen. It gives what is to be signed before it can be
// done, or nil when it is done.
func (d *Desk) inTwo(ctx context.Context, c Caller, at time.Time, p *pen, do func(Caller, time.Time) error) (*Unsigned, error) {
	if c.Person == "" {
		return nil, jurat.Errorf(jurat.Forbidden, "nobody is there who could sign: name the person")
	}
	c.Signer, c.pen = nil, p
	err := do(c, p.At)
	stop, ok := errors.AsType[*unsigned](err)
	if !ok {
		return nil, err
	}
	sum := stop.draft.Challenge()
	next := slices.Clone(p.Signed)
	next = append(next, signed{Act: stop.ev.Act, Item: stop.ev.Item, Challenge: hex.EncodeToString(sum[:])})
	return d.kept(ctx, at, pen{p.Person, p.At, p.Seed, next}, stop)
}

// kept writes down an act that waits for its signature.
func (d *Desk) kept(ctx context.Context, at time.Time, p pen, stop *unsigned) (*Unsigned, error) {
	b := make([]byte, 18)
	rand.Read(b) // never fails
	u := &Unsigned{
		ID: base64.RawURLEncoding.EncodeToString(b), Challenge: stop.draft.Challenge(), Act: stop.ev.Act, Item: stop.ev.Item,
		Sentence: sentence(p.Person, stop.ev), Text: stop.draft.Text(), Until: jurat.At(at).Add(unsignedLasts),
	}
	p.Seed = d.sealer.Seal(nil, nil, p.Seed, []byte("jurat unsigned act\x00"+u.ID))
	body, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	return u, d.register.Write(ctx, func(tx *register.Tx) error { return tx.PutCeremony(u.ID, kindUnsigned, string(body), u.Until) })
}

// taken is a kept act, once. Conflict: it is gone; Forbidden: it is another
// person's.
func (d *Desk) taken(ctx context.Context, c Caller, at time.Time, id string) (*pen, error) {
	var p pen
	err := d.register.Write(ctx, func(tx *register.Tx) error {
		body, err := tx.TakeCeremony(id, kindUnsigned, jurat.At(at))
		if errors.Is(err, jurat.NotFound) {
			return jurat.Errorf(jurat.Conflict, "Nothing changed: this was signed already, or more than five minutes ago. Begin again")
		}
		p = pen{}
		if err == nil {
			err = json.Unmarshal([]byte(body), &p)
		}
		if err == nil && p.Person != c.Person {
			err = jurat.Errorf(jurat.Conflict, "Nothing changed: this was signed already, or more than five minutes ago. Begin again")
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if p.Seed, err = d.sealer.Open(nil, nil, p.Seed, []byte("jurat unsigned act\x00"+id)); err != nil || len(p.Signed) == 0 {
		return nil, jurat.Because(jurat.Unavailable, err, "the wrapping key does not open what was to be signed")
	}
	return &p, nil
}

// acts are the signed acts in words, for who signs.
var acts = map[jurat.Act]string{
	jurat.RecordSubmitted: "hand in", jurat.RecordApproved: "approve", jurat.ReferralPrepared: "begin", jurat.ReferralAttested: "attest the contacts with political offices of",
	jurat.ReferralApproved: "approve, as the second person,", jurat.ReferralSent: "send", jurat.ReferralSupplemented: "send a supplement of", jurat.DossierSealed: "seal",
	jurat.DossierSent: "send", jurat.DossierReceipt: "sign the receipt of", jurat.DossierDecided: "decide on", jurat.DisposalApproved: "approve", jurat.ExhibitDisposed: "erase",
	jurat.RedactionReviewed: "looked at all of the copy of", jurat.RedactionReleased: "release the copy of",
}

// sentence says what is signed. It tells no more than the item's own number.
func sentence(who jurat.PersonID, ev jurat.Event) string {
	verb, ok := acts[ev.Act]
	if !ok {
		verb = "do " + string(ev.Act) + " on"
	}
	what := fmt.Sprintf("%s %s", ev.Item.Noun, ev.Item.ID)
	if ev.Incident != "" {
		what += " of incident " + string(ev.Incident)
	}
	return fmt.Sprintf("I, %s, %s %s.", who, verb, what)
}
