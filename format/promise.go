package format

import (
	"crypto/ed25519"
	"time"

	"jurat"
)

// TypPromise is the type of a promise of inclusion (L8).
const TypPromise = "jurat-promise+json"

// PromiseLasts is by when what was promised is in the log.
const PromiseLasts = 24 * time.Hour

// PromiseVersion is the version of promises this program writes and reads.
const PromiseVersion = 1

// A Promise is an office's signed word that a leaf it holds will be in its log
// by a moment: with the leaf and its disclosures, the proof of whoever handed
// something in that it was left out, if it was (design §6). It is a compact JWS
// by the office key.
type Promise struct {
	Version int           `json:"version"`
	Origin  string        `json:"origin"`
	Event   jurat.EventID `json:"event"`
	Leaf    string        `json:"leaf"` // RFC 6962 hash of the leaf, base64
	At      time.Time     `json:"at"`
	By      time.Time     `json:"by"`
}

// Sign makes the promise with the office's key.
func (p Promise) Sign(key ed25519.PrivateKey) (string, error) { return signLetter(key, TypPromise, p) }

// ReadPromise takes a promise apart without checking who signed it; the JWS is
// for [JWS.Verify] with [TypPromise]. Unavailable: it is not one this program
// can read.
func ReadPromise(compact string) (Promise, JWS, error) {
	var p Promise
	j, err := readLetter(compact, TypPromise, &p)
	if err == nil && p.Version != PromiseVersion {
		err = jurat.Errorf(jurat.Unavailable, "the promise is of version %d; this program knows version %d", p.Version, PromiseVersion)
	}
	return p, j, err
}
