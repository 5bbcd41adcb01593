package format

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"strings"

	"jurat"
)

// A PersonKey is a public key a person signs with, as the event person.key
// carries it: the key of a key file (L9), or of a passkey, which names its
// relying party (L23). The zero PersonKey is no key. PersonKey is comparable.
type PersonKey struct {
	Kty string `json:"kty"`
	Crv string `json:"crv"`
	X   string `json:"x"`
	Y   string `json:"y,omitempty"`
	RP  string `json:"rp,omitempty"` // empty: a key file's
}

// PersonKey is the key of a key file as a person's.
func (k JWK) PersonKey() PersonKey { return PersonKey{Kty: k.Kty, Crv: k.Crv, X: k.X} }

// NewPasskey is the key of a passkey: an *ecdsa.PublicKey on P-256 or an
// ed25519.PublicKey, made for the relying party rp. Invalid: another key, or rp
// is not a domain's name in its one spelling.
func NewPasskey(public any, rp string) (PersonKey, error) {
	var k PersonKey
	switch p := public.(type) {
	case ed25519.PublicKey:
		k = NewJWK(p).PersonKey()
	case *ecdsa.PublicKey:
		point, err := p.Bytes()
		if err != nil || p.Curve != elliptic.P256() {
			return PersonKey{}, jurat.Errorf(jurat.Invalid, "key: want one on the curve P-256")
		}
		k = PersonKey{Kty: "EC", Crv: "P-256", X: url64.EncodeToString(point[1:33]), Y: url64.EncodeToString(point[33:])}
	default:
		return PersonKey{}, jurat.Errorf(jurat.Invalid, "key: of a kind no act is signed with (%T)", public)
	}
	k.RP = rp
	if rp == "" {
		return PersonKey{}, jurat.Errorf(jurat.Invalid, "key: a passkey names its relying party")
	}
	_, err := k.check()
	return k, err
}

// ParsePersonKey reads a public key of a person: an object with kty, crv, x,
// and where they belong y, rp and kid, which must be the key's thumbprint.
// Invalid: anything else.
func ParsePersonKey(b []byte) (PersonKey, error) {
	list, err := members(b)
	if err != nil {
		return PersonKey{}, jurat.Because(jurat.Invalid, err, "key")
	}
	var k PersonKey
	var kid string
	if err := bind(list, "kty", &k.Kty, "crv", &k.Crv, "x", &k.X, "y?", &k.Y, "rp?", &k.RP, "kid?", &kid); err != nil {
		return PersonKey{}, jurat.Because(jurat.Invalid, err, "key")
	}
	if _, err := k.check(); err != nil {
		return PersonKey{}, err
	}
	if kid != "" && kid != k.Thumbprint() {
		return PersonKey{}, jurat.Errorf(jurat.Invalid, "key: its kid is %q, and its thumbprint %s", kid, k.Thumbprint())
	}
	return k, nil
}

// Thumbprint is the key's RFC 7638 thumbprint with SHA-256. The relying party
// is no part of it.
func (k PersonKey) Thumbprint() string {
	if k.Kty != "EC" {
		return JWK{Kty: k.Kty, Crv: k.Crv, X: k.X}.Thumbprint()
	}
	sum := sha256.Sum256([]byte(`{"crv":"` + k.Crv + `","kty":"` + k.Kty + `","x":"` + k.X + `","y":"` + k.Y + `"}`))
	return url64.EncodeToString(sum[:])
}

// check gives how the key checks a signature over a message. Invalid: it is not
// a key of a person in its one spelling.
func (k PersonKey) check() (func(message, sig []byte) bool, error) {
	if k.RP != "" && !domain(k.RP) {
		return nil, jurat.Errorf(jurat.Invalid, "key: %q is not the name of a relying party: want a domain in lower case", k.RP)
	}
	switch {
	case k.Kty == "OKP" && k.Y == "":
		pub, err := JWK{Kty: k.Kty, Crv: k.Crv, X: k.X}.Public()
		if err != nil {
			return nil, err
		}
		return func(message, sig []byte) bool { return ed25519.Verify(pub, message, sig) }, nil
	case k.Kty == "EC" && k.Crv == "P-256" && k.RP != "":
		x, errX := unbase64(k.X)
		y, errY := unbase64(k.Y)
		if errX != nil || errY != nil || len(x) != 32 || len(y) != 32 {
			break
		}
		pub, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, x...), y...))
		if err != nil {
			return nil, jurat.Because(jurat.Invalid, err, "key: it is no point of P-256")
		}
		return func(message, sig []byte) bool {
			sum := sha256.Sum256(message)
			return ecdsa.VerifyASN1(pub, sum[:], sig)
		}, nil
	}
	return nil, jurat.Errorf(jurat.Invalid, "key: want kty OKP and crv Ed25519, or of a passkey also kty EC and crv P-256, with coordinates of 32 bytes in base64url")
}

// domain reports whether s is a domain's name as browsers spell a relying
// party's: labels of lower-case letters, digits and dashes.
func domain(s string) bool {
	if len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	return true
}
