package format

import (
	"crypto/ed25519"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"jurat"
)

const algEd25519 = 1 // the signature type of a log's key (C2SP signed-note)

// LogKey is the note verifier key of a log: its origin, the hash of its key,
// and the key (L10). Invalid: origin is not an origin.
func LogKey(origin string, pub ed25519.PublicKey) (string, error) {
	if err := CheckOrigin(origin); err != nil {
		return "", err
	}
	vkey, err := note.NewEd25519VerifierKey(origin, pub)
	if err != nil {
		return "", jurat.Because(jurat.Invalid, err, "key of log %s", origin)
	}
	return vkey, nil
}

// LogKeyOrigin is the origin a log's verifier key is named for. Invalid: vkey
// is not an Ed25519 verifier key in its one spelling.
func LogKeyOrigin(vkey string) (string, error) {
	v, _, err := logKey(vkey)
	if err != nil {
		return "", err
	}
	return v.Name(), nil
}

func logKey(vkey string) (note.Verifier, ed25519.PublicKey, error) {
	bad := func() (note.Verifier, ed25519.PublicKey, error) {
		return nil, nil, jurat.Errorf(jurat.Invalid, "log key %q: want an origin, eight hexadecimal digits and an Ed25519 key in base64, with plus signs between them", vkey)
	}
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return bad()
	}
	raw, err := std64.DecodeString(parts[2])
	if err != nil || len(raw) != 1+ed25519.PublicKeySize || raw[0] != algEd25519 {
		return bad()
	}
	pub := ed25519.PublicKey(raw[1:])
	if again, err := LogKey(parts[0], pub); err != nil || again != vkey { // one spelling, and the right hash
		return bad()
	}
	v, err := note.NewVerifier(vkey)
	if err != nil {
		return bad()
	}
	return v, pub, nil
}
