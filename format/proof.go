package format

import (
	"crypto/ed25519"
	"encoding/base64"

	"jurat"
)

var std64 = base64.StdEncoding.Strict()

// ProofEd25519 is the kind of proof made by a personal key file. Other kinds
// are reserved; a reader that does not know one cannot tell (L9).
const ProofEd25519 = "ed25519"

// A Proof is a person's signature over an act: the claim actor_proof (L9).
// Without one, who acted is only the city's assertion.
type Proof struct {
	Kind      string
	Person    jurat.PersonID
	Key       string // RFC 7638 thumbprint of the person's key
	Signature []byte // over [Draft.Challenge]
}

// Sign makes person's proof of d with their key.
func (d Draft) Sign(person jurat.PersonID, key ed25519.PrivateKey) *Proof {
	sum := d.Challenge()
	return &Proof{
		Kind:      ProofEd25519,
		Person:    person,
		Key:       NewJWK(key.Public().(ed25519.PublicKey)).Thumbprint(),
		Signature: ed25519.Sign(key, sum[:]),
	}
}

// Verify checks p over d with the person's key. Altered: the signature is not
// this key's over this act. Unavailable: p is of a kind this version does not
// know, or was made with another key.
func (p Proof) Verify(d Draft, key JWK) error { return p.verify(d.Challenge(), key) }

func (p Proof) verify(sum [32]byte, key JWK) error {
	pub, err := key.Public()
	if err != nil {
		return err
	}
	switch {
	case p.Kind != ProofEd25519:
		return jurat.Errorf(jurat.Unavailable, "proof of %s: kind %q is not known to this version", p.Person, p.Kind)
	case p.Key != key.Thumbprint():
		return jurat.Errorf(jurat.Unavailable, "proof of %s: made with key %s, not %s", p.Person, p.Key, key.Thumbprint())
	case !ed25519.Verify(pub, sum[:], p.Signature):
		return jurat.Errorf(jurat.Altered, "proof of %s: the signature is not over this act", p.Person)
	}
	return nil
}

// append writes the value of the claim actor_proof.
func (p Proof) append(b []byte) ([]byte, error) {
	if _, err := jurat.ParsePersonID(string(p.Person)); err != nil {
		return b, err
	}
	if p.Kind != ProofEd25519 || len(p.Signature) != ed25519.SignatureSize || !thumbprint(p.Key) {
		return b, jurat.Errorf(jurat.Invalid, "proof of %s: want an ed25519 signature and the thumbprint of its key", p.Person)
	}
	b = append(b, `{"kind":"ed25519","person":`...)
	b = appendText(b, string(p.Person))
	b = append(b, `,"key":"`...)
	b = append(b, p.Key...)
	b = append(b, `","signature":"`...)
	b = url64.AppendEncode(b, p.Signature)
	return append(b, `"}`...), nil
}

// parseProof reads the value of the claim actor_proof.
func parseProof(value []byte) (*Proof, error) {
	list, err := members(value)
	if err != nil {
		return nil, err
	}
	var p Proof
	var person, sig string
	if err := bind(list, "kind", &p.Kind, "person", &person, "key", &p.Key, "signature", &sig); err != nil {
		return nil, err
	}
	if p.Person, err = jurat.ParsePersonID(person); err != nil {
		return nil, err
	}
	if !thumbprint(p.Key) {
		return nil, jurat.Errorf(jurat.Unavailable, "%q is not a key's thumbprint", p.Key)
	}
	p.Signature, err = unbase64(sig)
	return &p, err
}
