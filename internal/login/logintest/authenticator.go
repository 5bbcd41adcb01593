// Package logintest is an authenticator and a browser, for tests: they make
// passkeys and answer with them as Web Authentication has it, in memory.
//
// Holds: the private keys it made, until the test ends.
// Promises: what it answers is what a real one would, but where a test asks it
// to lie.
// May open: nothing of the house.
// Never: is imported by the product.
package logintest

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"
)

// Flags of authenticator data.
const (
	Present  = 0x01
	Verified = 0x04
	attested = 0x40
)

// An Authenticator has passkeys, each for one relying party and handle. Its
// fields may be changed between answers.
type Authenticator struct {
	Origin  string // what the browser says
	Flags   byte   // what it says of the person; Present and Verified at first
	Count   uint32 // of its signatures; each answer adds one
	Ed25519 bool   // what it makes; else ES256
	Cross   bool   // the browser was in a page of another origin

	keys []*key
}

type key struct {
	id, handle []byte
	rp         string
	private    crypto.Signer
}

// New is an authenticator behind a browser at an origin.
func New(origin string) *Authenticator {
	return &Authenticator{Origin: origin, Flags: Present | Verified}
}

// Copy is an authenticator with the same passkeys and the same counter.
func (a *Authenticator) Copy() *Authenticator { b := *a; return &b }

var b64 = base64.RawURLEncoding

// options is what both ceremonies hand to a browser.
type options struct {
	PublicKey struct {
		Challenge string
		RPID      string `json:"rpId"`
		RP        struct{ ID string }
		User      struct{ ID string }
		Allow     []struct{ ID string } `json:"allowCredentials"`
	} `json:"publicKey"`
}

func read(t testing.TB, text []byte) options {
	t.Helper()
	var o options
	if err := json.Unmarshal(text, &o); err != nil {
		t.Fatal(err)
	}
	return o
}

// Make makes a passkey and answers as navigator.credentials.create does.
func (a *Authenticator) Make(t testing.TB, text []byte) []byte {
	t.Helper()
	o := read(t, text)
	handle, err := b64.DecodeString(o.PublicKey.User.ID)
	if err != nil {
		t.Fatal(err)
	}
	k := &key{id: make([]byte, 16), handle: handle, rp: o.PublicKey.RP.ID}
	rand.Read(k.id)
	var cose []byte
	if a.Ed25519 {
		public, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		k.private = private
		cose = bytes.Join([][]byte{{0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20}, public}, nil)
	} else {
		private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		point, err := private.PublicKey.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		k.private = private
		cose = bytes.Join([][]byte{{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20}, point[1:33], {0x22, 0x58, 0x20}, point[33:]}, nil)
	}
	a.keys = append(a.keys, k)
	a.Count++
	data := a.data(k, attested)
	data = append(data, make([]byte, 16)...) // of no model
	data = binary.BigEndian.AppendUint16(data, uint16(len(k.id)))
	data = append(append(data, k.id...), cose...)
	object := append([]byte("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59"), byte(len(data)>>8), byte(len(data)))
	return answer(t, k, map[string]any{
		"clientDataJSON": b64.EncodeToString(a.client(t, "webauthn.create", o.PublicKey.Challenge)), "attestationObject": b64.EncodeToString(append(object, data...)),
	})
}

// Get answers with a passkey as navigator.credentials.get does: one of those
// allowed, or the newest for the relying party.
func (a *Authenticator) Get(t testing.TB, text []byte) []byte {
	t.Helper()
	o := read(t, text)
	var use *key
	for _, k := range a.keys {
		allowed := len(o.PublicKey.Allow) == 0
		for _, one := range o.PublicKey.Allow {
			allowed = allowed || one.ID == b64.EncodeToString(k.id)
		}
		if k.rp == o.PublicKey.RPID && allowed {
			use = k
		}
	}
	if use == nil {
		t.Fatalf("no passkey for %s among those asked for", o.PublicKey.RPID)
	}
	if a.Count > 0 {
		a.Count++
	}
	data, client := a.data(use, 0), a.client(t, "webauthn.get", o.PublicKey.Challenge)
	hash := sha256.Sum256(client)
	message := append(bytes.Clone(data), hash[:]...)
	var sig []byte
	var err error
	if _, ok := use.private.(ed25519.PrivateKey); ok {
		sig, err = use.private.Sign(rand.Reader, message, crypto.Hash(0))
	} else {
		sum := sha256.Sum256(message)
		sig, err = use.private.Sign(rand.Reader, sum[:], crypto.SHA256)
	}
	if err != nil {
		t.Fatal(err)
	}
	return answer(t, use, map[string]any{
		"clientDataJSON": b64.EncodeToString(client), "authenticatorData": b64.EncodeToString(data),
		"signature": b64.EncodeToString(sig), "userHandle": b64.EncodeToString(use.handle),
	})
}

// data is authenticator data without what a new passkey adds.
func (a *Authenticator) data(k *key, more byte) []byte {
	rp := sha256.Sum256([]byte(k.rp))
	return binary.BigEndian.AppendUint32(append(rp[:], a.Flags|more), a.Count)
}

// client is what the browser says, spelt as Chromium spells it.
func (a *Authenticator) client(t testing.TB, typ, challenge string) []byte {
	t.Helper()
	text, err := json.Marshal(struct {
		Type      string `json:"type"`
		Challenge string `json:"challenge"`
		Origin    string `json:"origin"`
		Cross     bool   `json:"crossOrigin"`
	}{typ, challenge, a.Origin, a.Cross})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func answer(t testing.TB, k *key, response map[string]any) []byte {
	t.Helper()
	text, err := json.Marshal(map[string]any{
		"id": b64.EncodeToString(k.id), "rawId": b64.EncodeToString(k.id), "type": "public-key",
		"clientExtensionResults": map[string]any{}, "authenticatorAttachment": "platform", "response": response,
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}
