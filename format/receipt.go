package format

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"strings"
	"time"

	"jurat"
)

// The types of the letters two offices exchange about a dossier (D60).
const (
	TypTagManifest = "jurat-tagmanifest"
	TypReceipt     = "jurat-receipt+json"
	TypDecision    = "jurat-decision+json"
)

// A Receipt means: these bytes arrived and were checked thus (D61). It is
// receipt.json, a compact JWS by the receiving office's key.
type Receipt struct {
	Version     int                  `json:"version"`
	Origin      string               `json:"origin"` // the sender's log
	Incident    jurat.IncidentNumber `json:"incident"`
	Referral    jurat.ItemID         `json:"referral"`     // the sender's number
	Number      int                  `json:"number"`       // 0 is the first dossier, n the n-th supplement
	TagManifest jurat.Digest         `json:"tag_manifest"` // digest of tagmanifest-sha256.txt
	Seal        string               `json:"seal"`         // RFC 6962 hash of the seal's leaf, base64
	Answer      string               `json:"answer"`       // verbatim, as verify gave it
	NotChecked  []string             `json:"not_checked"`  // verbatim
	Trust       jurat.Digest         `json:"trust"`        // digest of the trust file used
	Receiver    OfficeName           `json:"receiver"`
	At          time.Time            `json:"at"`        // the receiver's clock
	Transport   string               `json:"transport"` // age, plain
}

// Sign makes receipt.json with the receiving office's key.
func (r Receipt) Sign(key ed25519.PrivateKey) (string, error) { return signLetter(key, TypReceipt, r) }

// ReadReceipt takes a receipt apart without checking who signed it; the JWS is
// for [JWS.Verify] with [TypReceipt]. Unavailable: it is not one this program
// can read.
func ReadReceipt(compact string) (Receipt, JWS, error) {
	var r Receipt
	j, err := readLetter(compact, TypReceipt, &r)
	if err == nil && r.Version != DossierVersion {
		err = jurat.Errorf(jurat.Unavailable, "the receipt is of version %d; this program knows version %d", r.Version, DossierVersion)
	}
	return r, j, err
}

// signLetter signs the JSON of v as one compact JWS.
func signLetter(key ed25519.PrivateKey, typ string, v any) (string, error) {
	b, err := appendJSON(nil, v)
	if err != nil {
		return "", jurat.Because(jurat.Invalid, err, "the letter cannot be written as JSON")
	}
	return SignJWS(key, typ, b), nil
}

// readLetter reads a letter in its one spelling, unchecked.
func readLetter[T any](compact, typ string, v *T) (JWS, error) {
	j, err := ParseJWS(strings.TrimSuffix(compact, "\n"))
	if err != nil {
		return j, err
	}
	if j.Typ != typ {
		return j, jurat.Errorf(jurat.Unavailable, "the letter is of type %q, not %q", j.Typ, typ)
	}
	if err := strictJSON(j.Payload, v); err != nil {
		return j, jurat.Because(jurat.Unavailable, err, "the letter cannot be read")
	}
	if again, err := appendJSON(nil, *v); err != nil || !bytes.Equal(again, j.Payload) {
		return j, jurat.Errorf(jurat.Unavailable, "the letter is not in its one spelling")
	}
	return j, nil
}

// SignTagManifest is jurat/tagmanifest.sig: a compact JWS by the office's key
// over the bytes of tagmanifest-sha256.txt, detached (RFC 7515 appendix F; D33)
// and ended by a newline.
func SignTagManifest(key ed25519.PrivateKey, tagManifest []byte) []byte {
	return DetachTagManifest(SignJWS(key, TypTagManifest, tagManifest))
}

// DetachTagManifest takes the payload out of a whole compact JWS of type
// [TypTagManifest], for signers that hold the key elsewhere.
func DetachTagManifest(compact string) []byte {
	head, rest, _ := strings.Cut(compact, ".")
	_, sig, _ := strings.Cut(rest, ".")
	return []byte(head + ".." + sig + "\n")
}

// ParseTagManifestSignature takes the signature apart over the tag manifest's
// bytes; check it with [JWS.Verify] and [TypTagManifest].
func ParseTagManifestSignature(sig, tagManifest []byte) (JWS, error) {
	text, ended := strings.CutSuffix(string(sig), "\n")
	head, tail, ok := strings.Cut(text, "..")
	if !ended || !ok {
		return JWS{}, jurat.Errorf(jurat.Unavailable, "%s is not a detached signature", NameTagManifestSignature)
	}
	return ParseJWS(head + "." + url64.EncodeToString(tagManifest) + "." + tail)
}

// compactJSON is the one spelling two JSON values are compared in: no space, no
// escapes of <, > and &.
func compactJSON(b json.RawMessage) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	return appendJSON(nil, v)
}

// SameJSON reports whether a and b are the same JSON value: member order and
// white space apart.
func SameJSON(a, b json.RawMessage) bool {
	x, err := compactJSON(a)
	y, err2 := compactJSON(b)
	return err == nil && err2 == nil && bytes.Equal(x, y)
}
