package login

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"io"

	"jurat"
	"jurat/format"
)

// A Key is a person's own signing key. What it signs is the challenge of an
// act (docs/format/ledger.md), never a document.
type Key struct {
	Person  jurat.PersonID
	private ed25519.PrivateKey
}

// file is a key file: a private JWK (RFC 8037) that also names its person.
type file struct {
	Kty    string         `json:"kty"`
	Crv    string         `json:"crv"`
	X      string         `json:"x"`
	D      string         `json:"d"`
	Person jurat.PersonID `json:"person"`
}

// NewKey makes a key for a person from 32 bytes of random.
func NewKey(person jurat.PersonID, random io.Reader) (Key, error) {
	if _, err := jurat.ParsePersonID(string(person)); err != nil {
		return Key{}, err
	}
	_, private, err := ed25519.GenerateKey(random)
	return Key{Person: person, private: private}, err
}

// ParseKey reads a key file. Invalid: it is none, its halves do not belong
// together, or anything but white space is otherwise than [Key.Marshal] has it.
func ParseKey(b []byte) (Key, error) {
	var f file
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil || f.Kty != "OKP" || f.Crv != "Ed25519" {
		return Key{}, jurat.Errorf(jurat.Invalid, "this is not a personal key file; jurat person key makes one")
	}
	if _, err := jurat.ParsePersonID(string(f.Person)); err != nil {
		return Key{}, err
	}
	seed, err := base64.RawURLEncoding.Strict().DecodeString(f.D)
	if err != nil || len(seed) != ed25519.SeedSize {
		return Key{}, jurat.Errorf(jurat.Invalid, "the personal key file of %s is damaged", f.Person)
	}
	k := Key{Person: f.Person, private: ed25519.NewKeyFromSeed(seed)}
	if k.Public().X != f.X {
		return Key{}, jurat.Errorf(jurat.Invalid, "the personal key file of %s is damaged: its public half is not its own", f.Person)
	}
	if again, err := k.Marshal(); err != nil || !same(b, again) {
		return Key{}, jurat.Errorf(jurat.Invalid, "the personal key file of %s is damaged: something was added to it", f.Person)
	}
	return k, nil
}

// same reports whether two JSON texts differ in white space only.
func same(a, b []byte) bool {
	var x, y bytes.Buffer
	return json.Compact(&x, a) == nil && json.Compact(&y, b) == nil && bytes.Equal(x.Bytes(), y.Bytes())
}

// Marshal is the key file: whoever has it signs as the person, so it is
// written with mode 0600 and kept outside the record.
func (k Key) Marshal() ([]byte, error) {
	public := k.Public()
	b, err := json.MarshalIndent(file{
		Kty: public.Kty, Crv: public.Crv, X: public.X, D: base64.RawURLEncoding.EncodeToString(k.private.Seed()), Person: k.Person,
	}, "", "  ")
	return append(b, '\n'), err
}

// Public is the public half, which an administrator records for the person.
func (k Key) Public() format.PersonKey {
	return format.NewJWK(k.private.Public().(ed25519.PublicKey)).PersonKey()
}

// Sign makes the person's proof of an act.
func (k Key) Sign(d format.Draft) (*format.Proof, error) { return d.Sign(k.Person, k.private), nil }
