package desk

import (
	"context"
	"time"

	"jurat"
	"jurat/internal/register"
)

// mostWaiting is how many records a queue shows at once; the rest come as those
// before are done.
const mostWaiting = 200

// Waiting lists the submitted records that wait for a second person, the
// longest waiting first, without those the caller wrote: the author never
// approves; nor those a wall or a court keeps from them. Who may approve nothing is refused. Like every list it is
// journalled, and opens no incident.
func (d *Desk) Waiting(ctx context.Context, c Caller, at time.Time) ([]Shown[jurat.Record], error) {
	var all []Shown[jurat.Record]
	var asked entry
	err := d.read(ctx, c, at, jurat.RecordApproved, "", func(tx *register.Tx, h hand) error {
		asked = question{who: h, action: actionList}.entry(string(actionList))
		all = all[:0]
		return tx.EachLeftBy(jurat.NounRecord, jurat.RecordSubmitted, h.house.hidden(h), func(row register.ItemRow) (bool, error) {
			one := Shown[jurat.Record]{First: row.Event, Event: row.Event, At: row.At}
			if err := decode(row, &one.Value); err != nil {
				return false, err
			}
			if one.Value.Author != h.Person && !d.keeps(h, one.Value) {
				all = append(all, one)
			}
			return len(all) < mostWaiting, nil
		})
	})
	if err == nil {
		err = d.note(ctx, at, asked)
	}
	if err != nil {
		return nil, err
	}
	return all, nil
}
