package desk

import (
	"context"
	"encoding/json"
	"time"

	"jurat"
	"jurat/internal/register"
)

// RecordVersions gives a record as each of its events left it, the first first:
// what was submitted stays readable beside what replaced it (RPT-1). Showing
// them is opening the record. A state whose open part was disposed of is left
// out.
func (d *Desk) RecordVersions(ctx context.Context, c Caller, at time.Time, id jurat.ItemID) ([]jurat.Record, error) {
	item := jurat.Item{Noun: jurat.NounRecord, ID: id}
	if _, err := jurat.ParseItemID(jurat.NounRecord, string(id)); err != nil {
		return nil, err
	}
	var all []jurat.Record
	read := func(tx *register.Tx, h hand) error {
		all = all[:0]
		about, err := recordOf(tx, id.Incident(), item)
		if err != nil {
			return err
		}
		if about != nil {
			if err := d.behind(h, actionList, *about); err != nil {
				return err
			}
		}
		if err := d.hearItem(tx, h, item); err != nil {
			return err
		}
		rows, err := tx.EventsOf(item)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if row.Open == "" {
				continue
			}
			text, err := row.State()
			if err != nil {
				return err
			}
			var open jurat.OpenPart
			if err := json.Unmarshal(text, &open); err != nil {
				return err
			}
			var r jurat.Record
			if err := json.Unmarshal(open.Value, &r); err != nil {
				return err
			}
			all = append(all, r)
		}
		if len(all) == 0 {
			return jurat.Errorf(jurat.NotFound, "there is no record %s", id)
		}
		return nil
	}
	var err error
	if id.Incident() == register.House {
		err = d.read(ctx, c, at, actionList, register.House, read)
	} else {
		err = d.open(ctx, c, at, item, read)
	}
	if err != nil {
		return nil, err
	}
	return all, nil
}
