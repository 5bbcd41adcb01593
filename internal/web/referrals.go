package web

import (
	"net/http"

	"jurat/internal/desk"
)

// referrals lists what was referred, and what was answered: the last begun
// first, in no order of how long anybody took (REF-4).
func (c *Counter) referrals(w http.ResponseWriter, v *visit) error {
	all, err := c.Desk.Referrals(v.ctx(), v.caller(), v.at)
	if err != nil {
		return err
	}
	body := struct {
		Lines  []desk.ReferralLine
		Next   string
		Later  bool
		Count  int
		Refers bool // the reader's role begins referrals
	}{Count: len(all), Refers: v.who.Person.Sworn}
	body.Lines, body.Next, body.Later = pageAfter(all, v.URL.Query().Get("after"), listed, referralKey)
	c.show(w, v, http.StatusOK, "referrals", body)
	return nil
}

func referralKey(l desk.ReferralLine) string { return string(l.ID) }
