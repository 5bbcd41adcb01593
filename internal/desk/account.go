package desk

import (
	"context"
	"time"

	"jurat"
	"jurat/internal/register"
)

// OpenAccount puts a side on the record: not asked, or asked by the means in
// how.
func (d *Desk) OpenAccount(ctx context.Context, c Caller, at time.Time, in jurat.IncidentNumber, side string, party jurat.ItemID, how string) (jurat.Account, Done, error) {
	return newItem(ctx, d, c, at, jurat.AccountOpened, in, jurat.NounAccount, func(tx *register.Tx, h hand, id jurat.ItemID) (jurat.Account, jurat.Event, error) {
		if err := there(tx, in, party); err != nil {
			return jurat.Account{}, jurat.Event{}, err
		}
		return jurat.OpenAccount(id, side, party, how, h.Hand, jurat.At(at))
	})
}

// AskAccount records that a side was asked.
func (d *Desk) AskAccount(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, how string) (jurat.Account, Done, error) {
	return d.onAccount(ctx, c, at, jurat.AccountAsked, id, func(h hand, a jurat.Account) (jurat.Account, jurat.Event, error) {
		return a.Ask(how, h.Hand, jurat.At(at))
	})
}

// GiveAccount records what a side said.
func (d *Desk) GiveAccount(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, s jurat.Statement) (jurat.Account, Done, error) {
	return d.onAccount(ctx, c, at, jurat.AccountGiven, id, func(h hand, a jurat.Account) (jurat.Account, jurat.Event, error) {
		return a.Give(s, h.Hand, jurat.At(at))
	})
}

// NoAnswer records that a side that was asked did not answer.
func (d *Desk) NoAnswer(ctx context.Context, c Caller, at time.Time, id jurat.ItemID) (jurat.Account, Done, error) {
	return d.onAccount(ctx, c, at, jurat.AccountNoAnswer, id, func(h hand, a jurat.Account) (jurat.Account, jurat.Event, error) {
		return a.NoAnswer(h.Hand, jurat.At(at))
	})
}

// DeclineAccount records that a side said it gives no account.
func (d *Desk) DeclineAccount(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, words string) (jurat.Account, Done, error) {
	return d.onAccount(ctx, c, at, jurat.AccountDeclined, id, func(h hand, a jurat.Account) (jurat.Account, jurat.Event, error) {
		return a.Decline(words, h.Hand, jurat.At(at))
	})
}

// ScreenAccount is counsel's decision on a compelled statement.
func (d *Desk) ScreenAccount(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, release bool, reason string) (jurat.Account, Done, error) {
	return d.onAccount(ctx, c, at, jurat.AccountScreened, id, func(h hand, a jurat.Account) (jurat.Account, jurat.Event, error) {
		return a.Screen(release, reason, h.Hand, jurat.At(at))
	})
}

func (d *Desk) onAccount(ctx context.Context, c Caller, at time.Time, act jurat.Act, id jurat.ItemID, do func(hand, jurat.Account) (jurat.Account, jurat.Event, error)) (jurat.Account, Done, error) {
	return onItem(ctx, d, c, at, act, jurat.NounAccount, id, func(_ *register.Tx, h hand, a jurat.Account) (jurat.Account, jurat.Event, error) {
		return do(h, a)
	})
}
