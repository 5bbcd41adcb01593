package format

import (
	"crypto/ed25519"
	"strings"

	"jurat"
)

// SignJWS signs payload, exactly those bytes, with an office's key, and gives
// the compact JWS (RFC 7515) with alg EdDSA, kid the key's thumbprint, and typ
// (L8). typ must be plain: letters, digits, plus, dash and dot.
func SignJWS(key ed25519.PrivateKey, typ string, payload []byte) string {
	kid := NewJWK(key.Public().(ed25519.PublicKey)).Thumbprint()
	b := url64.AppendEncode(nil, []byte(`{"alg":"EdDSA","kid":"`+kid+`","typ":"`+typ+`"}`))
	b = url64.AppendEncode(append(b, '.'), payload)
	sig := ed25519.Sign(key, b)
	return string(url64.AppendEncode(append(b, '.'), sig))
}

// A JWS is a compact JWS taken apart, not yet checked.
type JWS struct {
	Kid, Typ string
	Payload  []byte

	signed    string
	signature []byte
}

// ParseJWS takes a compact JWS apart without checking it. Unavailable: it is
// none, or its header has anything but alg EdDSA, kid and typ.
func ParseJWS(compact string) (JWS, error) {
	bad := func(err error, why string) (JWS, error) {
		if err == nil {
			return JWS{}, jurat.Errorf(jurat.Unavailable, "signed letter: %s", why)
		}
		return JWS{}, jurat.Because(jurat.Unavailable, err, "signed letter: %s", why)
	}
	parts := strings.Split(compact, ".")
	if len(parts) != 3 {
		return bad(nil, "want three parts with dots between them")
	}
	var raw [3][]byte
	for i, name := range [...]string{"header", "payload", "signature"} {
		var err error
		if raw[i], err = unbase64(parts[i]); err != nil {
			return bad(err, "the "+name+" is not base64url in its one spelling")
		}
	}
	list, err := members(raw[0])
	if err != nil {
		return bad(err, "header")
	}
	j := JWS{Payload: raw[1], signed: compact[:len(parts[0])+1+len(parts[1])], signature: raw[2]}
	var alg string
	if err := bind(list, "alg", &alg, "kid", &j.Kid, "typ", &j.Typ); err != nil {
		return bad(err, "header")
	}
	if alg != "EdDSA" {
		return bad(nil, "the algorithm "+alg+" is not known to this version; want EdDSA")
	}
	return j, nil
}

// Verify checks j with the one of keys that it names. Unavailable: it names
// none of them, or its typ is not the one wanted. Altered: it names one, and
// the signature is not that key's over these bytes.
func (j JWS) Verify(typ string, keys ...JWK) error {
	for _, k := range keys {
		if k.Thumbprint() != j.Kid {
			continue
		}
		pub, err := k.Public()
		if err != nil {
			return err
		}
		if !ed25519.Verify(pub, []byte(j.signed), j.signature) {
			return jurat.Errorf(jurat.Altered, "signed letter: the signature is not by key %s over these bytes", j.Kid)
		}
		if j.Typ != typ {
			return jurat.Errorf(jurat.Unavailable, "signed letter: it is of type %q, not %q", j.Typ, typ)
		}
		return nil
	}
	return jurat.Errorf(jurat.Unavailable, "signed letter: no key to check it with; it names key %q", j.Kid)
}

// VerifyJWS takes a compact JWS apart and checks it, as ParseJWS and
// [JWS.Verify] do. The payload is exactly the bytes that were signed.
func VerifyJWS(compact, typ string, keys ...JWK) (payload []byte, kid string, err error) {
	j, err := ParseJWS(compact)
	if err != nil {
		return nil, "", err
	}
	if err := j.Verify(typ, keys...); err != nil {
		return nil, j.Kid, err
	}
	return j.Payload, j.Kid, nil
}

// TypEvent is the typ of a JWS over a leaf (L8).
const TypEvent = "jurat-event+sd-jwt"

// Present is an SD-JWT (RFC 9901): the JWS over a leaf, and disclosures, each
// followed by "~". Any SD-JWT library can check it (L8).
func Present(jws string, ds []Disclosure) string {
	var b strings.Builder
	b.WriteString(jws)
	b.WriteByte('~')
	for _, d := range ds {
		b.WriteString(string(d))
		b.WriteByte('~')
	}
	return b.String()
}

// ParsePresentation takes an SD-JWT apart. Unavailable: it does not end with
// "~" (a key-binding JWT is not used here) or a disclosure is empty.
func ParsePresentation(s string) (jws string, ds []Disclosure, err error) {
	parts := strings.Split(s, "~")
	if len(parts) < 2 || parts[len(parts)-1] != "" || len(parts[0]) == 0 {
		return "", nil, jurat.Errorf(jurat.Unavailable, "SD-JWT: want a signature and disclosures, each followed by ~")
	}
	for _, d := range parts[1 : len(parts)-1] {
		if d == "" {
			return "", nil, jurat.Errorf(jurat.Unavailable, "SD-JWT: an empty disclosure")
		}
		ds = append(ds, Disclosure(d))
	}
	return parts[0], ds, nil
}
