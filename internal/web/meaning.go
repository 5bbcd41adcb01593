package web

import (
	"net/http"
	"slices"

	"jurat/internal/desk"
)

// A meaning says what a number of a page counts, and from which records. What
// it counts is listed where the number stands.
type meaning struct {
	Term  string // as the address has it
	Title string // catalogue keys
	What  string
	From  string
	Rules bool // it follows from the orders in force
}

// meanings are the numbers the pages show.
var meanings = []meaning{
	{"owed", "meaning.owed", "meaning.owed_what", "meaning.owed_from", true},
	{"owed-team", "meaning.owed_team", "meaning.owed_team_what", "meaning.owed_from", true},
	{"owed-here", "meaning.owed_here", "meaning.owed_here_what", "meaning.owed_here_from", true},
	{"exhibits-here", "meaning.exhibits_here", "meaning.exhibits_here_what", "meaning.exhibits_from", false},
	{"exhibits-elsewhere", "meaning.exhibits_elsewhere", "meaning.exhibits_elsewhere_what", "meaning.exhibits_from", false},
	{"facts-stated", "meaning.facts", "meaning.facts_what", "meaning.facts_from", true},
	{"openings", "meaning.openings", "meaning.openings_what", "meaning.openings_from", false},
	{"sealed-openings", "meaning.sealed_openings", "meaning.sealed_openings_what", "meaning.openings_from", false},
	{"footage", "meaning.footage", "meaning.footage_what", "meaning.footage_from", true},
	{"gaps", "gaps.title", "meaning.gaps_what", "meaning.gaps_from", true},
	{"found", "meaning.found", "meaning.found_what", "meaning.found_from", false},
	{"retention", "meaning.retention", "meaning.retention_what", "meaning.retention_from", true},
	{"holds", "meaning.holds", "meaning.holds_what", "meaning.holds_from", false},
	{"referrals", "meaning.referrals", "meaning.referrals_what", "meaning.referrals_from", false},
	{"held", "meaning.held", "meaning.held_what", "meaning.retention_from", true},
	{"erased", "meaning.erased", "meaning.erased_what", "meaning.erased_from", false},
	{"alerts", "meaning.alerts", "meaning.alerts_what", "meaning.alerts_from", false},
	{"published-to", "meaning.published_to", "meaning.published_to_what", "meaning.published_to_from", false},
	{"anchored-to", "meaning.anchored_to", "meaning.anchored_to_what", "meaning.anchored_to_from", false},
	{"check-findings", "meaning.check_findings", "meaning.check_findings_what", "meaning.check_findings_from", false},
	{"remarks", "meaning.remarks", "meaning.remarks_what", "meaning.remarks_from", false},
	{"not-checked", "meaning.not_checked", "meaning.not_checked_what", "meaning.not_checked_from", false},
	{"inventory", "meaning.inventory", "meaning.inventory_what", "meaning.inventory_from", false},
	{"arrived", "meaning.arrived", "meaning.arrived_what", "meaning.arrived_from", false},
	{"contacts", "meaning.contacts", "meaning.contacts_what", "meaning.contacts_from", false},
	{"supplement", "meaning.supplement", "meaning.supplement_what", "meaning.supplement_from", false},
}

// meaning says what a number counts. A term nobody uses is not there.
func (c *Counter) meaning(w http.ResponseWriter, v *visit) error {
	if err := c.walled(v); err != nil {
		return err
	}
	i := slices.IndexFunc(meanings, func(m meaning) bool { return m.Term == v.PathValue("term") })
	if i < 0 {
		return nothingHere
	}
	orders, err := c.Desk.Orders(v.ctx())
	if err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "meaning", struct {
		meaning
		Orders []*desk.Order
	}{meanings[i], orders})
	return nil
}
