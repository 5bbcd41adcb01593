package desk

import (
	"context"
	"errors"

	"jurat"
	"jurat/internal/register"
)

// Decides is what the policy says to one person about one thing: an act on an
// incident, on the house or, with a record, on a record of the house. It is what
// the lists are held to.
func Decides(ctx context.Context, d *Desk, c Caller, act jurat.Act, in jurat.IncidentNumber, about *jurat.Record) (may bool, err error) {
	err = d.register.Read(ctx, func(tx *register.Tx) error {
		h, err := d.hand(tx, c)
		if err != nil {
			return err
		}
		q := question{who: h, action: act, incident: in}
		if about != nil && about.Wall != "" {
			q = walled(h, act, *about)
		}
		if err := d.inform(tx, &q); err != nil {
			return err
		}
		may, _ = d.policy.allows(q)
		return nil
	})
	if errors.Is(err, jurat.NotFound) { // nobody
		return false, nil
	}
	return may, err
}

// The questions the policy is asked that are no acts.
const (
	ActionView      = actionView
	ActionList      = actionList
	ActionIncidents = actionIncidents
	ActionSearch    = actionSearch
	ActionJournal   = actionJournal
	ActionReferrals = actionReferrals
	ActionPlan      = actionPlan
)
