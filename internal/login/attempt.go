package login

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"jurat"
	"jurat/internal/register"
)

// A Wait says until when nothing is tried: somebody guessed too often.
type Wait struct{ Until time.Time }

func (w *Wait) Error() string { return "until " + w.Until.Format(time.RFC3339) }

// A brake says how often something may fail, and how long each further failure
// costs: a second, then twice as long each time, up to a most. Who waits long
// enough is always let try again, so that nobody can lock another out for ever.
type brake struct {
	free int
	most time.Duration
}

var (
	brakePerson = brake{free: 5, most: 15 * time.Minute}
	brakeKnown  = brake{free: 10, most: 15 * time.Minute} // the person came in from there before
	brakeSource = brake{free: 30, most: 5 * time.Minute}  // a station may share one address
)

// until is when the next attempt is let through.
func (b brake) until(a register.AttemptsRow) time.Time {
	if a.Failed < b.free {
		return time.Time{}
	}
	wait := b.most
	if doubled := a.Failed - b.free; doubled < 20 {
		wait = min(wait, time.Second<<doubled)
	}
	return a.Last.Add(wait)
}

// Failures are forgotten after a day; where a person came in from, after a
// month.
const (
	failuresKept = 24 * time.Hour
	sourcesKept  = 30 * 24 * time.Hour
)

// A tally is the counters of one attempt.
type tally struct{ source, person, known string }

// begin counts an attempt before it is looked at, so that many at once are
// counted too. name is what was typed, or empty. Unavailable with a [Wait]: it
// is not looked at.
//
// A person is counted by the name typed, whether or not anybody has it: else
// the wait would tell. From where they came in before they are counted apart,
// so that a stranger who guesses at their name does not keep them out.
func (p *Porter) begin(ctx context.Context, at time.Time, source, name string) (tally, error) {
	t := tally{source: p.counter("source", source)}
	if name != "" {
		t.person, t.known = p.counter("person", name), p.counter("known", name, source)
	}
	var wait time.Time
	err := p.register.Write(ctx, func(tx *register.Tx) error {
		wait = time.Time{}
		counted := []struct {
			who string
			brake
		}{{t.source, brakeSource}}
		if name != "" {
			before, err := tx.Attempts(t.known)
			if err != nil {
				return err
			}
			if before.Last.IsZero() || at.Sub(before.Last) > sourcesKept {
				counted = append(counted, struct {
					who string
					brake
				}{t.person, brakePerson})
			} else {
				counted = append(counted, struct {
					who string
					brake
				}{t.known, brakeKnown})
			}
		}
		var rows []register.AttemptsRow
		for _, c := range counted {
			row, err := tx.Attempts(c.who)
			if err != nil {
				return err
			}
			if at.Sub(row.Last) > failuresKept {
				row.Failed = 0
			}
			if until := c.until(row); until.After(at) && until.After(wait) {
				wait = until
			}
			row.Failed++
			row.Last = at
			rows = append(rows, row)
		}
		if !wait.IsZero() {
			return nil // what is not looked at is not counted
		}
		for _, row := range rows {
			if err := tx.PutAttempts(row); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || wait.IsZero() {
		return t, err
	}
	var who jurat.PersonID
	err = p.register.Read(ctx, func(tx *register.Tx) error {
		someone, err := named(tx, name)
		who = someone.ID
		if errors.Is(err, jurat.NotFound) {
			err = nil
		}
		return err
	})
	if err == nil {
		err = p.note(ctx, at, who, "waiting")
	}
	if err != nil {
		return t, jurat.Because(jurat.Unavailable, err, "you were turned away, and it could not be journalled")
	}
	return t, jurat.Because(jurat.Unavailable, &Wait{wait}, "There were too many attempts. Wait %s and try again", roughly(wait.Sub(at)))
}

// passed takes back what an attempt was counted as: it was right. byName: the
// person gave their name, and from now on is known at this source.
func (t tally) passed(tx *register.Tx, at time.Time) error {
	row, err := tx.Attempts(t.source)
	if err == nil && row.Failed > 0 {
		row.Failed--
		err = tx.PutAttempts(row)
	}
	if err != nil || t.person == "" {
		return err
	}
	if err := tx.ForgetAttempts(t.person); err != nil {
		return err
	}
	return tx.PutAttempts(register.AttemptsRow{Who: t.known, Last: at})
}

func (p *Porter) counter(use string, parts ...string) string {
	return base64.RawURLEncoding.EncodeToString(p.hashed(use, parts...)[:18])
}

// roughly is a time to wait as people say it.
func roughly(d time.Duration) string {
	if d <= time.Minute {
		return fmt.Sprintf("%d seconds", int(d/time.Second)+1)
	}
	return fmt.Sprintf("%d minutes", int(d/time.Minute)+1)
}
