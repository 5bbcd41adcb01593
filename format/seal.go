package format

import (
	"encoding/json"
	"slices"
	"strings"

	"jurat"
)

// A Seal is what the event dossier.sealed commits to (D30): the payload through
// its manifest, and every tag file that was made before it. It is the member
// "seal" of the event's open value, and is itself a leaf of the incident's
// chain, so nothing in a dossier can change after the ledger has the seal.
type Seal struct {
	Version     int          `json:"version"`
	Referral    jurat.ItemID `json:"referral"`
	Number      int          `json:"number"`               // 0 is the first dossier, n its n-th supplement
	Predecessor jurat.Digest `json:"predecessor,omitzero"` // tag manifest of the dossier before
	Events      int64        `json:"events"`               // leaves of the incident the tag files hold: 0 up to Events-1
	Manifest    jurat.Digest `json:"manifest"`             // of manifest-sha256.txt
	Tags        []SealedTag  `json:"tags"`                 // by path, in byte order
}

// A SealedTag is one tag file and its digest.
type SealedTag struct {
	Path   string       `json:"path"`
	Digest jurat.Digest `json:"digest"`
}

// ReadSeal reads the seal out of the open part of a dossier.sealed event.
// Unavailable: the value has none this program can read.
func ReadSeal(open json.RawMessage) (Seal, error) {
	var value struct {
		Seal json.RawMessage `json:"seal"`
	}
	var s Seal
	part, err := ParseOpen(open)
	if err != nil {
		return s, jurat.Because(jurat.Unavailable, err, "the event of the seal cannot be read")
	}
	if err := json.Unmarshal(part.Value, &value); err != nil || len(value.Seal) == 0 {
		return s, jurat.Errorf(jurat.Unavailable, "the event of the seal has no seal in it")
	}
	if err := strictJSON(value.Seal, &s); err != nil {
		return s, jurat.Because(jurat.Unavailable, err, "the seal cannot be read")
	}
	if s.Version != DossierVersion {
		return s, jurat.Errorf(jurat.Unavailable, "the seal is of version %d; this program knows version %d", s.Version, DossierVersion)
	}
	if !slices.IsSortedFunc(s.Tags, func(a, b SealedTag) int { return strings.Compare(a.Path, b.Path) }) {
		return s, jurat.Errorf(jurat.Unavailable, "the seal's list is not in order")
	}
	return s, nil
}

// strictJSON reads one JSON value into v: no duplicate or unknown members, no
// bytes after it, and no spelling of a member's name but its own.
func strictJSON(b []byte, v any) error {
	if err := checkJSON(b, false); err != nil {
		return err
	}
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.DisallowUnknownFields()
	return d.Decode(v)
}
