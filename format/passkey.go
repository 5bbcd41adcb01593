package format

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"net/url"
	"strings"

	"jurat"
)

// ProofWebAuthn is the kind of proof made by a passkey: a WebAuthn assertion
// whose challenge is the act's (L23).
const ProofWebAuthn = "webauthn"

// assertionLimit is how long the parts of an assertion may be, each.
const assertionLimit = 4096

// Flags of authenticator data (Web Authentication, §6.1).
const (
	flagPresent  = 0x01
	flagVerified = 0x04
	flagAttested = 0x40
	flagExtended = 0x80
)

// An Assertion is what an authenticator and a browser say when a person signs
// with a passkey: the first two are signed together.
type Assertion struct {
	AuthenticatorData []byte // the relying party's hash, flags, counter
	ClientData        []byte // JSON of the browser: type, challenge, origin
}

// NewPasskeyProof is person's proof of an act by the passkey key, from the
// three parts of a browser's answer. Check it with [Proof.Verify].
func NewPasskeyProof(person jurat.PersonID, key PersonKey, a Assertion, signature []byte) *Proof {
	return &Proof{Kind: ProofWebAuthn, Person: person, Key: key.Thumbprint(), Signature: signature, Assertion: a}
}

// Origin is where the browser says the person signed: the address of the
// counter. Empty: p is not by a passkey, or does not say.
func (p Proof) Origin() string {
	said, err := p.Assertion.said()
	if err != nil {
		return ""
	}
	return said.origin
}

// Counter is the passkey's own count of its signatures; 0: it keeps none.
func (a Assertion) Counter() uint32 {
	if len(a.AuthenticatorData) < 37 {
		return 0
	}
	return binary.BigEndian.Uint32(a.AuthenticatorData[33:])
}

// clientData is what L23 asks of a browser's words.
type clientData struct {
	typ, challenge, origin, crossOrigin string
}

// said reads the client data. Members L23 does not name may be there.
func (a Assertion) said() (clientData, error) {
	list, err := members(a.ClientData)
	if err != nil {
		return clientData{}, err
	}
	var c clientData
	for _, m := range list {
		var into *string
		switch m.name {
		case "type":
			into = &c.typ
		case "challenge":
			into = &c.challenge
		case "origin":
			into = &c.origin
		case "crossOrigin":
			c.crossOrigin = string(m.value)
			continue
		default:
			continue
		}
		if *into, err = text(m.value); err != nil {
			return clientData{}, err
		}
	}
	return c, nil
}

// verifyAssertion checks an assertion over a challenge with the key of a
// passkey (L23).
func (p Proof) verifyAssertion(sum [32]byte, key PersonKey, holds func(message, sig []byte) bool) error {
	a := p.Assertion
	said, err := a.said()
	if err != nil {
		return jurat.Because(jurat.Unavailable, err, "proof of %s: the browser's words cannot be read", p.Person)
	}
	if len(a.AuthenticatorData) < 37 {
		return jurat.Errorf(jurat.Unavailable, "proof of %s: the authenticator's words are cut short", p.Person)
	}
	// The signature first: what it does not cover, nobody said.
	hash := sha256.Sum256(a.ClientData)
	if !holds(append(bytes.Clone(a.AuthenticatorData), hash[:]...), p.Signature) {
		return jurat.Errorf(jurat.Altered, "proof of %s: the signature is not over this act", p.Person)
	}
	rp, flags := sha256.Sum256([]byte(key.RP)), a.AuthenticatorData[32]
	switch {
	case said.challenge != url64.EncodeToString(sum[:]):
		return jurat.Errorf(jurat.Altered, "proof of %s: the passkey signed another challenge than this act's", p.Person)
	case said.typ != "webauthn.get":
		return jurat.Errorf(jurat.Altered, "proof of %s: the passkey did not sign an act, but %q", p.Person, said.typ)
	case !bytes.Equal(a.AuthenticatorData[:32], rp[:]):
		return jurat.Errorf(jurat.Altered, "proof of %s: the passkey signed for another relying party than %s", p.Person, key.RP)
	case !within(said.origin, key.RP):
		return jurat.Errorf(jurat.Altered, "proof of %s: the passkey of %s signed at %q", p.Person, key.RP, said.origin)
	case said.crossOrigin != "" && said.crossOrigin != "false":
		return jurat.Errorf(jurat.Altered, "proof of %s: the passkey signed within a page of another origin", p.Person)
	case flags&flagPresent == 0 || flags&flagVerified == 0:
		return jurat.Errorf(jurat.Altered, "proof of %s: the passkey did not see its person, or did not make sure it was they", p.Person)
	case flags&flagAttested != 0 || flags&flagExtended == 0 && len(a.AuthenticatorData) != 37:
		return jurat.Errorf(jurat.Altered, "proof of %s: the authenticator's words are longer than its flags say", p.Person)
	}
	return nil
}

// within reports whether an origin is a relying party's: its host is the
// domain or under it, over HTTPS, or over HTTP on the machine itself.
func within(origin, rp string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return false
	}
	host := u.Hostname()
	local := host == "localhost" || strings.HasSuffix(host, ".localhost")
	return (u.Scheme == "https" || u.Scheme == "http" && local) && (host == rp || strings.HasSuffix(host, "."+rp))
}
