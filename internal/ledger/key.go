package ledger

import (
	"crypto/ed25519"
	"encoding/base64"
	"io"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"jurat"
)

// A Key signs the checkpoints of one log. Its name is the log's origin.
type Key struct {
	Signer note.Signer
	Public string // the note verifier key that checks what Signer signs
}

// NewKey makes a key named origin from 32 bytes of random. secret is the note
// signer key to keep in a file that only the record's keeper can read. Invalid
// when the origin cannot be the name of a key.
func NewKey(origin string, random io.Reader) (k Key, secret string, err error) {
	secret, _, err = note.GenerateKey(random, origin)
	if err != nil {
		return Key{}, "", jurat.Because(jurat.Unavailable, err, "a key for %q could not be made", origin)
	}
	k, err = ParseKey(secret)
	return k, secret, err
}

// ParseKey reads a note signer key, with or without white space around it.
// Invalid for anything else.
func ParseKey(secret string) (Key, error) {
	secret = strings.TrimSpace(secret)
	signer, err := note.NewSigner(secret)
	if err != nil {
		return Key{}, jurat.Errorf(jurat.Invalid, "that is not a note signer key (PRIVATE+KEY+NAME+…)") // never repeat a secret
	}
	// NewSigner accepted it: PRIVATE+KEY+NAME+HASH+DATA, where DATA, an
	// algorithm and a seed in base64, may have a plus of its own.
	seed, err := base64.StdEncoding.DecodeString(strings.SplitN(secret, "+", 5)[4])
	if err != nil || len(seed) != 1+ed25519.SeedSize {
		return Key{}, jurat.Errorf(jurat.Invalid, "the key of %s is not an Ed25519 key", signer.Name())
	}
	pub := ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey)
	public, err := note.NewEd25519VerifierKey(signer.Name(), pub)
	if err != nil {
		return Key{}, jurat.Because(jurat.Invalid, err, "the key of %s has no verifier key", signer.Name())
	}
	return Key{Signer: signer, Public: public}, nil
}

// verifier checks what the key signs. Invalid when the two halves of the key
// do not name the same key.
func (k Key) verifier() (note.Verifier, error) {
	v, err := note.NewVerifier(k.Public)
	if err != nil {
		return nil, jurat.Because(jurat.Invalid, err, "the log's verifier key cannot be read")
	}
	if k.Signer == nil || k.Signer.Name() != v.Name() || k.Signer.KeyHash() != v.KeyHash() {
		return nil, jurat.Errorf(jurat.Invalid, "the log's signer and its verifier key %s are not one key", v.Name())
	}
	return v, nil
}
