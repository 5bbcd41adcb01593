package web

import "net/http"

// approvals is the queue of a second person: records that were submitted, the
// longest waiting first.
func (c *Counter) approvals(w http.ResponseWriter, v *visit) error {
	all, err := c.Desk.Waiting(v.ctx(), v.caller(), v.at)
	if err != nil {
		return err
	}
	words, err := c.vocabulary(v)
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "approvals", struct {
		Waiting any
		Words   *vocabulary
	}{all, words})
	return nil
}
