package format

import (
	"crypto/ed25519"
	"encoding/base64"

	"jurat"
)

var std64 = base64.StdEncoding.Strict()

// ProofEd25519 is the kind of proof made by a personal key file; the other is
// [ProofWebAuthn]. A reader that does not know a kind cannot tell (L9).
const ProofEd25519 = "ed25519"

// A Proof is a person's signature over an act: the claim actor_proof (L9).
// Without one, who acted is only the city's assertion.
type Proof struct {
	Kind      string
	Person    jurat.PersonID
	Key       string    // RFC 7638 thumbprint of the person's key
	Signature []byte    // over [Draft.Challenge], or over what Assertion has
	Assertion Assertion // of a passkey only
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
func (p Proof) Verify(d Draft, key PersonKey) error { return p.verify(d.Challenge(), key) }

func (p Proof) verify(sum [32]byte, key PersonKey) error {
	holds, err := key.check()
	if err != nil {
		return err
	}
	if p.Key != key.Thumbprint() {
		return jurat.Errorf(jurat.Unavailable, "proof of %s: made with key %s, not %s", p.Person, p.Key, key.Thumbprint())
	}
	switch {
	case p.Kind == ProofWebAuthn && key.RP != "":
		return p.verifyAssertion(sum, key, holds)
	case p.Kind == ProofEd25519 && key.RP == "":
		if !holds(sum[:], p.Signature) {
			return jurat.Errorf(jurat.Altered, "proof of %s: the signature is not over this act", p.Person)
		}
		return nil
	case p.Kind == ProofWebAuthn || p.Kind == ProofEd25519:
		return jurat.Errorf(jurat.Altered, "proof of %s: of kind %s, which is not how the key %s signs", p.Person, p.Kind, p.Key)
	}
	return jurat.Errorf(jurat.Unavailable, "proof of %s: kind %q is not known to this version", p.Person, p.Kind)
}

// append writes the value of the claim actor_proof.
func (p Proof) append(b []byte) ([]byte, error) {
	if _, err := jurat.ParsePersonID(string(p.Person)); err != nil {
		return b, err
	}
	a := p.Assertion
	file := p.Kind == ProofEd25519 && len(p.Signature) == ed25519.SignatureSize && a.AuthenticatorData == nil && a.ClientData == nil
	passkey := p.Kind == ProofWebAuthn && p.sized()
	if !file && !passkey || !thumbprint(p.Key) {
		return b, jurat.Errorf(jurat.Invalid, "proof of %s: want an ed25519 signature or a WebAuthn assertion, and the thumbprint of its key", p.Person)
	}
	b = append(b, `{"kind":"`...)
	b = append(b, p.Kind...)
	b = append(b, `","person":`...)
	b = appendText(b, string(p.Person))
	b = append(b, `,"key":"`...)
	b = append(b, p.Key...)
	if passkey {
		b = append(b, `","authenticator_data":"`...)
		b = url64.AppendEncode(b, a.AuthenticatorData)
		b = append(b, `","client_data":"`...)
		b = url64.AppendEncode(b, a.ClientData)
	}
	b = append(b, `","signature":"`...)
	b = url64.AppendEncode(b, p.Signature)
	return append(b, `"}`...), nil
}

// sized reports whether the parts of a passkey's proof are there and within
// bounds.
func (p Proof) sized() bool {
	for _, part := range [...][]byte{p.Assertion.AuthenticatorData, p.Assertion.ClientData, p.Signature} {
		if len(part) == 0 || len(part) > assertionLimit {
			return false
		}
	}
	return true
}

// parseProof reads the value of the claim actor_proof.
func parseProof(value []byte) (*Proof, error) {
	list, err := members(value)
	if err != nil {
		return nil, err
	}
	var p Proof
	var person, sig, authenticator, client string
	if err := bind(list, "kind", &p.Kind, "person", &person, "key", &p.Key, "authenticator_data?", &authenticator, "client_data?", &client, "signature", &sig); err != nil {
		return nil, err
	}
	if p.Person, err = jurat.ParsePersonID(person); err != nil {
		return nil, err
	}
	if !thumbprint(p.Key) {
		return nil, jurat.Errorf(jurat.Unavailable, "%q is not a key's thumbprint", p.Key)
	}
	for _, part := range []struct {
		text string
		into *[]byte
	}{{sig, &p.Signature}, {authenticator, &p.Assertion.AuthenticatorData}, {client, &p.Assertion.ClientData}} {
		if part.text == "" {
			continue
		}
		if *part.into, err = unbase64(part.text); err != nil {
			return nil, err
		}
	}
	if p.Kind == ProofWebAuthn && !p.sized() || p.Kind != ProofWebAuthn && authenticator+client != "" {
		return nil, jurat.Errorf(jurat.Unavailable, "the proof of %s has not the parts of its kind", p.Person)
	}
	return &p, nil
}
