package desk

import (
	"context"
	"time"

	"jurat"
	"jurat/internal/register"
)

// mineLook is how many incidents are looked at for those of one person in one
// answer.
const mineLook = 2000

// Mine lists, of the incidents the person may see, those in which they did
// something other than look, as [Desk.List] does. It looks back over so many
// incidents and no more; next is where to go on, and "" says that it came to
// the oldest. Nobody can ask it about anybody else.
func (d *Desk) Mine(ctx context.Context, c Caller, at time.Time, after jurat.IncidentNumber, limit int) (lines []Line, next jurat.IncidentNumber, err error) {
	more := limit + 1
	lines, err = d.lines(ctx, c, at, actionIncidents, kindList, func(tx *register.Tx, h hand) ([]register.IncidentRow, error) {
		rows, last, err := tx.IncidentsOf(h.house.hidden(h), c.Person, after, more, mineLook)
		next = last
		return rows, err
	})
	if len(lines) == more {
		lines = lines[:limit]
		next = lines[limit-1].Incident
	}
	return lines, next, err
}
