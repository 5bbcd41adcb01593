package format

import (
	"crypto/ed25519"

	"jurat"
)

// A Rotation is the statement by which one signing key of a record follows
// another: the open value of the leaf key.rotated, signed by both (L19).
type Rotation struct {
	Kind         KeyKind `json:"kind"` // log, office or witness
	Origin       string  `json:"origin"`
	Old          string  `json:"old"` // as the Public of keys.jsonl
	New          string  `json:"new"`
	OldSignature string  `json:"old_signature"` // base64url
	NewSignature string  `json:"new_signature"`
}

// statement is what both keys sign.
func (r Rotation) statement() []byte {
	return []byte("jurat key rotation 1\n" + r.Origin + "\n" + string(r.Kind) + "\n" + r.Old + "\n" + r.New + "\n")
}

// SignRotation states that the key newKey follows oldKey in the record whose
// log is named origin. For a log or witness key, name is the key's name; an
// office key has none.
func SignRotation(kind KeyKind, origin, name string, oldKey, newKey ed25519.PrivateKey) (Rotation, error) {
	r := Rotation{Kind: kind, Origin: origin}
	var err error
	if r.Old, err = publicOf(kind, name, oldKey); err != nil {
		return Rotation{}, err
	}
	if r.New, err = publicOf(kind, name, newKey); err != nil {
		return Rotation{}, err
	}
	r.OldSignature = url64.EncodeToString(ed25519.Sign(oldKey, r.statement()))
	r.NewSignature = url64.EncodeToString(ed25519.Sign(newKey, r.statement()))
	if err := r.Verify(); err != nil {
		return Rotation{}, jurat.Because(jurat.Invalid, err, "rotation")
	}
	return r, nil
}

func publicOf(kind KeyKind, name string, key ed25519.PrivateKey) (string, error) {
	pub := key.Public().(ed25519.PublicKey)
	switch kind {
	case KeyLog:
		return LogKey(name, pub)
	case KeyOffice:
		return NewJWK(pub).X, nil
	case KeyWitness:
		return WitnessKey(name, pub)
	}
	return "", jurat.Errorf(jurat.Invalid, "a %s key does not sign, so nothing signed rotates it", kind)
}

// ParseRotation reads the value of a rotation. Unavailable: it is none.
func ParseRotation(value []byte) (Rotation, error) {
	var r Rotation
	var kind string
	list, err := members(value)
	if err == nil {
		err = bind(list, "kind", &kind, "origin", &r.Origin, "old", &r.Old, "new", &r.New, "old_signature", &r.OldSignature, "new_signature", &r.NewSignature)
	}
	if err != nil {
		return Rotation{}, jurat.Because(jurat.Unavailable, err, "rotation")
	}
	r.Kind = KeyKind(kind)
	return r, nil
}

// Verify checks both signatures. Whether the old key was one to trust is the
// caller's question. Altered: a signature is not that key's over this
// statement. Unavailable: the statement is not of this format, or the keys are
// the same, or a log's key is not named by the origin.
func (r Rotation) Verify() error {
	bad := func(err error) error { return jurat.Because(jurat.Unavailable, err, "rotation of %s", r.Origin) }
	if err := CheckOrigin(r.Origin); err != nil {
		return bad(err)
	}
	oldKey, err := rotatable(r.Kind, r.Old)
	if err != nil {
		return bad(err)
	}
	newKey, err := rotatable(r.Kind, r.New)
	if err != nil {
		return bad(err)
	}
	if oldKey.Equal(newKey) {
		return jurat.Errorf(jurat.Unavailable, "rotation of %s: from a key to itself", r.Origin)
	}
	if r.Kind == KeyLog {
		for _, vkey := range [...]string{r.Old, r.New} {
			if name, _ := LogKeyOrigin(vkey); name != r.Origin {
				return jurat.Errorf(jurat.Unavailable, "rotation of %s: a log key is named %s", r.Origin, name)
			}
		}
	}
	for _, s := range [...]struct {
		whose, text string
		key         ed25519.PublicKey
	}{{"old", r.OldSignature, oldKey}, {"new", r.NewSignature, newKey}} {
		sig, err := unbase64(s.text)
		if err != nil {
			return bad(err)
		}
		if !ed25519.Verify(s.key, r.statement(), sig) {
			return jurat.Errorf(jurat.Altered, "rotation of %s: the signature of the %s key is not over this statement", r.Origin, s.whose)
		}
	}
	return nil
}
