package format

import (
	"crypto/ed25519"
	"crypto/sha256"

	"jurat"
)

// A JWK is an Ed25519 public key as RFC 8037 writes it (L8). The zero JWK is
// no key. JWK is comparable.
type JWK struct {
	Kty string `json:"kty"`
	Crv string `json:"crv"`
	X   string `json:"x"`
}

// NewJWK is the JWK of pub.
func NewJWK(pub ed25519.PublicKey) JWK {
	return JWK{Kty: "OKP", Crv: "Ed25519", X: url64.EncodeToString(pub)}
}

// ParseJWK reads a public key: an object with kty, crv, x and, if it likes,
// kid, which must be the key's thumbprint. Invalid: anything else.
func ParseJWK(b []byte) (JWK, error) {
	list, err := members(b)
	if err != nil {
		return JWK{}, jurat.Because(jurat.Invalid, err, "key")
	}
	var k JWK
	var kid string
	if err := bind(list, "kty", &k.Kty, "crv", &k.Crv, "x", &k.X, "kid?", &kid); err != nil {
		return JWK{}, jurat.Because(jurat.Invalid, err, "key")
	}
	if _, err := k.Public(); err != nil {
		return JWK{}, err
	}
	if kid != "" && kid != k.Thumbprint() {
		return JWK{}, jurat.Errorf(jurat.Invalid, "key: its kid is %q, and its thumbprint %s", kid, k.Thumbprint())
	}
	return k, nil
}

// Public is the key itself. Invalid: k is not an Ed25519 key in its one
// spelling.
func (k JWK) Public() (ed25519.PublicKey, error) {
	x, err := unbase64(k.X)
	if k.Kty != "OKP" || k.Crv != "Ed25519" || err != nil || len(x) != ed25519.PublicKeySize {
		return nil, jurat.Errorf(jurat.Invalid, "key: want kty OKP, crv Ed25519 and x of %d bytes in base64url", ed25519.PublicKeySize)
	}
	return x, nil
}

// Thumbprint is the key's RFC 7638 thumbprint with SHA-256: its kid.
func (k JWK) Thumbprint() string {
	sum := sha256.Sum256([]byte(`{"crv":"` + k.Crv + `","kty":"` + k.Kty + `","x":"` + k.X + `"}`))
	return url64.EncodeToString(sum[:])
}

func thumbprint(s string) bool {
	b, err := unbase64(s)
	return err == nil && len(b) == sha256.Size
}
