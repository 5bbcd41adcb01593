package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// A gapsBody is the footage that was to be expected and is not on record.
type gapsBody struct {
	Lines   []desk.FootageGap
	Count   int
	Next    string
	Later   bool
	Since   time.Time // the tables compared begin here
	NoTable bool      // nothing says what was to be expected
	Works   bool      // the reader's role records why
}

// footageGaps lists the recordings that were to be expected, by the tables of
// the last thirty days, and are not there. None is a failure of anybody's.
func (c *Counter) footageGaps(w http.ResponseWriter, v *visit) error {
	body, err := c.gapsBody(v)
	if err != nil {
		return err
	}
	body.Lines, body.Next, body.Later = pageAfter(body.Lines, v.URL.Query().Get("after"), footagePaged, gapKey)
	c.show(w, v, http.StatusOK, "footagegaps", body)
	return nil
}

func (c *Counter) gapsBody(v *visit) (gapsBody, error) {
	body := gapsBody{Since: v.at.AddDate(0, 0, gapsSince), Works: v.works()}
	all, err := c.missingFootage(v)
	if errors.Is(err, jurat.Conflict) {
		body.NoTable, err = true, nil
	}
	body.Lines, body.Count = all, len(all)
	return body, err
}

// missingFootage are the recordings still to be looked for.
func (c *Counter) missingFootage(v *visit) (missing []desk.FootageGap, err error) {
	all, err := c.Desk.FootageGaps(v.ctx(), v.caller(), v.at, nil, v.at.AddDate(0, 0, gapsSince))
	for _, g := range all {
		if g.Missing() {
			missing = append(missing, g)
		}
	}
	return missing, err
}

// gapKey tells one expected recording from another, and says in an address of
// none whose it is.
func gapKey(g desk.FootageGap) string {
	all := strings.Join([]string{g.From.Format(time.RFC3339), string(g.Incident), g.Event, g.Unit, g.Member, string(g.Gap)}, "\n")
	sum := sha256.Sum256([]byte(all))
	return hex.EncodeToString(sum[:8])
}
