package format

import (
	"crypto/ed25519"
	"slices"
	"strings"
	"time"

	"jurat"
)

// A Decision is the receiving office's answer to a referral, as data (D62):
// decision.json, a compact JWS by that office's key.
type Decision struct {
	Version  int                  `json:"version"`
	Origin   string               `json:"origin"` // the sender's log
	Incident jurat.IncidentNumber `json:"incident"`
	Referral jurat.ItemID         `json:"referral"` // the sender's number
	Number   int                  `json:"number"`   // of the newest dossier it rests on
	State    jurat.ReferralState  `json:"state"`    // one of [jurat.Answers] (REF-4)
	Reason   string               `json:"reason"`   // as written
	Receiver OfficeName           `json:"receiver"`
	At       time.Time            `json:"at"` // the receiver's clock
}

// Sign makes decision.json with the receiving office's key. Invalid: a state
// outside the law's list of answers, or a matter returned unprocessed without a
// written reason.
func (d Decision) Sign(key ed25519.PrivateKey) (string, error) {
	if err := d.check(jurat.Invalid); err != nil {
		return "", err
	}
	return signLetter(key, TypDecision, d)
}

// ReadDecision takes a decision apart without checking who signed it; the JWS
// is for [JWS.Verify] with [TypDecision]. Unavailable: it is not one this
// program can read.
func ReadDecision(compact string) (Decision, JWS, error) {
	var d Decision
	j, err := readLetter(compact, TypDecision, &d)
	if err == nil {
		err = d.check(jurat.Unavailable)
	}
	return d, j, err
}

func (d Decision) check(k jurat.Kind) error {
	switch {
	case d.Version != DossierVersion:
		return jurat.Errorf(k, "the decision is of version %d; this program knows version %d", d.Version, DossierVersion)
	case !slices.Contains(jurat.Answers(), d.State):
		return jurat.Errorf(k, "decision %q: want one of %v", d.State, jurat.Answers())
	case d.State == jurat.ReferralUnprocessed && strings.TrimSpace(d.Reason) == "":
		return jurat.Errorf(k, "a matter is returned unprocessed with a written reason (REF-4)")
	}
	return nil
}
