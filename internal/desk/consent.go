package desk

import (
	"context"
	"slices"
	"time"

	"jurat"
	"jurat/internal/register"
	"jurat/internal/vault"
)

// RecordConsent records for which uses somebody gave an exhibit (EVD-4).
func (d *Desk) RecordConsent(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, giver string, uses []jurat.Use) (jurat.Exhibit, Done, error) {
	return onItem(ctx, d, c, at, jurat.ConsentGiven, jurat.NounExhibit, id, func(_ *register.Tx, h hand, x jurat.Exhibit) (jurat.Exhibit, jurat.Event, error) {
		return x.Consented(giver, uses, h.Hand, jurat.At(at))
	})
}

// WithdrawConsent records that whoever gave an exhibit takes a consent back;
// without uses, to all. The words they are to be told are the last of
// [jurat.Consent.Withdrawn].
func (d *Desk) WithdrawConsent(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, uses []jurat.Use, how string) (jurat.Exhibit, Done, error) {
	return onItem(ctx, d, c, at, jurat.ConsentWithdrawn, jurat.NounExhibit, id, func(tx *register.Tx, h hand, x jurat.Exhibit) (jurat.Exhibit, jurat.Event, error) {
		holds, err := loadAll[jurat.Hold](tx, id.Incident(), jurat.NounHold)
		if err != nil {
			return x, jurat.Event{}, err
		}
		held := slices.ContainsFunc(holds, func(hold jurat.Hold) bool { return hold.Holds(id) })
		return x.WithdrawConsent(uses, how, held, h.Hand, jurat.At(at))
	})
}

// ReadExhibitFor is [Desk.ReadExhibit] for one use. Conflict, and nothing is
// opened: whoever gave the exhibit did not consent to it, or no longer does.
func (d *Desk) ReadExhibitFor(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, u jurat.Use) (jurat.Exhibit, *vault.Reader, error) {
	return d.readExhibit(ctx, c, at, id, func(x jurat.Exhibit) error { return x.UsableFor(u) })
}
