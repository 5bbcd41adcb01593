package format

import (
	"encoding/json"

	"jurat"
)

// TypErasure is the typ of a JWS over an Erasure.
const TypErasure = "jurat-erasure+json"

// An Erasure is the office's letter to its own future: what was disposed of or
// expunged, so that a restored backup erases it again. It has what the record
// keeps of an erasure, and nothing of what was erased.
type Erasure struct {
	Version int             `json:"version"`
	First   jurat.EventID   `json:"first"` // of the incident: another one may have its number after a restore
	Dispose *jurat.Disposal `json:"disposal,omitempty"`
	Expunge *jurat.Writ     `json:"writ,omitempty"`
}

// Incident is the incident it is about.
func (e Erasure) Incident() jurat.IncidentNumber {
	switch {
	case e.Dispose != nil:
		return e.Dispose.Incident
	case e.Expunge != nil:
		return e.Expunge.Incident
	}
	return ""
}

// ReadErasure reads a letter signed by one of the keys. Altered: by another, or
// changed. Unavailable: no letter of this kind and version, or of something two
// people did not carry out.
func ReadErasure(letter string, keys ...JWK) (Erasure, error) {
	var e Erasure
	payload, _, err := VerifyJWS(letter, TypErasure, keys...)
	if err != nil {
		return e, err
	}
	if err := json.Unmarshal(payload, &e); err != nil {
		return e, jurat.Because(jurat.Unavailable, err, "the letter of an erasure cannot be read")
	}
	two := func(a []jurat.Approval) bool { return len(a) == 2 && a[0].By != a[1].By }
	switch {
	case e.Version != DossierVersion:
		return e, jurat.Errorf(jurat.Unavailable, "the letter of an erasure is of version %d; this program knows version %d", e.Version, DossierVersion)
	case (e.Dispose == nil) == (e.Expunge == nil), e.Dispose != nil && !two(e.Dispose.Approvals),
		e.Expunge != nil && (e.Expunge.Kind != jurat.WritExpunge || !two(e.Expunge.Approvals)):
		return e, jurat.Errorf(jurat.Unavailable, "the letter speaks of no erasure that two people carried out")
	}
	return e, nil
}
