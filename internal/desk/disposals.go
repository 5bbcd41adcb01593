package desk

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"jurat"
	"jurat/internal/register"
)

// AllDisposals lists the disposals of every incident that no court's order
// hides: those that wait for their second approval first, then those that owe a
// holder a word, the newest first among each. Who may see what a disposal would
// reach may see it. It is journalled and opens no incident.
func (d *Desk) AllDisposals(ctx context.Context, c Caller, at time.Time) ([]jurat.Disposal, error) {
	all := []jurat.Disposal{}
	var asked entry
	err := d.read(ctx, c, at, actionPlan, "", func(tx *register.Tx, h hand) error {
		asked = question{who: h, action: actionPlan}.entry(string(actionPlan))
		all = all[:0]
		return tx.EachItem(register.AllEvents, h.house.hidden(h), []jurat.Noun{jurat.NounDisposal}, func(item register.ItemState) error {
			raw, err := item.State()
			if err != nil || raw == nil {
				return err
			}
			return grow(&all, raw)
		})
	})
	if err == nil {
		err = d.note(ctx, at, asked)
	}
	if err != nil {
		return nil, err
	}
	rank := func(x jurat.Disposal) int {
		switch {
		case x.Pending():
			return 0
		case len(x.Owed()) > 0:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(all, func(a, b jurat.Disposal) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), b.Approvals[0].At.Compare(a.Approvals[0].At))
	})
	return all, nil
}

// keepLetters hands the letters about erasures to whoever keeps them apart from
// the backups. They are made anew from the record, all of them.
func (d *Desk) keepLetters(ctx context.Context) error {
	if d.letterbox == nil {
		return nil
	}
	ctx = context.WithoutCancel(ctx) // it is erased: let that be known
	var letters []string
	err := d.register.Read(ctx, func(tx *register.Tx) (err error) {
		letters, err = d.letters(tx)
		return err
	})
	if err == nil {
		err = d.letterbox(ctx, letters)
	}
	if err != nil {
		return jurat.Because(jurat.Unavailable, err, "it is erased and on the record; the letter that says so could not be kept beside the mirrors: keep what jurat dispose letters prints")
	}
	return nil
}

// letters are the letters about every erasure of this record.
func (d *Desk) letters(tx *register.Tx) ([]string, error) {
	all := []string{}
	erasures, err := erasures(tx)
	for _, e := range erasures {
		letter, failed := d.letter(tx, e)
		all, err = append(all, letter), errors.Join(err, failed)
	}
	return all, err
}
