package format

import (
	"encoding/json"

	"jurat"
)

// A Gap is what the first leaf of a log declares about the log it continues:
// the value of the event ledger.continued (L22).
type Gap struct {
	Origin     string `json:"origin"`     // of the log that ended
	Checkpoint string `json:"checkpoint"` // its last known signed checkpoint, verbatim
	Size       int64  `json:"size"`       // the leaves it had
	Kept       int64  `json:"kept"`       // of them, how many from the first the record still has
	Next       string `json:"next"`       // the verifier key of the log that begins
}

// ParseGap reads the value of the event ledger.continued, with the checkpoint
// it names, whose signature is the caller's to check, and the origin of the
// log that begins. Unavailable: it cannot be read. Altered: it contradicts its
// own checkpoint.
func ParseGap(value json.RawMessage) (g Gap, last Checkpoint, next string, err error) {
	if err := json.Unmarshal(value, &g); err != nil {
		return g, last, "", jurat.Because(jurat.Unavailable, err, "the end of a log")
	}
	if last, err = ParseCheckpoint([]byte(g.Checkpoint)); err != nil {
		return g, last, "", err
	}
	if next, err = LogKeyOrigin(g.Next); err != nil {
		return g, last, "", jurat.Because(jurat.Unavailable, err, "the end of the log %s: the key of the next", g.Origin)
	}
	switch {
	case last.Origin != g.Origin || last.Size != g.Size:
		err = jurat.Errorf(jurat.Altered, "it declares the end of %s at %d leaves, and its checkpoint is of %s at %d", g.Origin, g.Size, last.Origin, last.Size)
	case g.Kept < 0 || g.Kept > g.Size:
		err = jurat.Errorf(jurat.Altered, "it says the record kept %d of %d leaves of %s", g.Kept, g.Size, g.Origin)
	case next == g.Origin:
		err = jurat.Errorf(jurat.Altered, "it says that %s continues itself", next)
	}
	return g, last, next, err
}
