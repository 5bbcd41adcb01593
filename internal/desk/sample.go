package desk

import (
	"context"
	"time"

	"jurat"
	"jurat/internal/numbers"
	"jurat/internal/register"
)

// Sample draws a review sample of the incidents the ledger had at a checkpoint:
// of the size given, or with 0 the one published now. Drawn again from the same
// seed at the same size it is the same, unless a court sealed an incident since:
// what is hidden from who draws is not drawn from. Refusals are those of
// [numbers.DrawSample], and NotFound where the ledger had no such checkpoint.
func (d *Desk) Sample(ctx context.Context, c Caller, at time.Time, seed string, k int, size int64) (numbers.Sample, error) {
	var s numbers.Sample
	_, err := d.count(ctx, c, at, actionIncidents, []jurat.Noun{jurat.NounIncident}, Counting{Size: size}, func(tx *register.Tx, in numbers.Input) error {
		h, err := d.hand(tx, c)
		if err != nil {
			return err
		}
		var all []jurat.IncidentNumber
		for f, err := range in.Facts {
			if err != nil {
				return err
			}
			if !h.house.hides(h, f.Incident.Number) {
				all = append(all, f.Incident.Number)
			}
		}
		s, err = numbers.DrawSample(seed, all, k, in.Checkpoint)
		return err
	})
	return s, err
}
