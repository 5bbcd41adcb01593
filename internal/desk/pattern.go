package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"jurat"
	"jurat/internal/register"
)

// A Watch says how many refused attempts of one office behind a wall, within how
// long, make a pattern that somebody should look at (REF-1). Each further
// pattern of the office is told once that time is over.
type Watch struct {
	Refused int
	Within  time.Duration
}

// WatchNow is the watch of a record whose settings name none.
var WatchNow = Watch{Refused: 5, Within: time.Hour}

// Check refuses a watch that would see nothing, or everything. Invalid: fewer
// than 2 attempts or more than 60 (of more in a minute the journal keeps one
// line), or a time below a minute or above thirty days.
func (w Watch) Check() error {
	if w.Refused < 2 || w.Refused > mostLines {
		return jurat.Errorf(jurat.Invalid, "an alert is raised from 2 to %d refused attempts, not %d", mostLines, w.Refused)
	}
	if w.Within < time.Minute || w.Within > 30*24*time.Hour {
		return jurat.Errorf(jurat.Invalid, "refused attempts are counted over a minute to thirty days, not %s", w.Within)
	}
	return nil
}

// kindPattern is the journal's line that says an office was refused again and
// again.
const kindPattern = "pattern"

// watched are the walls whose refusals are counted: those of an office that has
// no business in any case, and of counsel who advises one.
var watched = []string{"wall-political", "wall-screened-counsel"}

func wallOf(why []string) string {
	i := slices.IndexFunc(why, func(w string) bool { return slices.Contains(watched, w) })
	if i < 0 {
		return ""
	}
	return why[i]
}

// A lineSaid is what a line of the journal says of an attempt.
type lineSaid struct {
	Policies []string `json:"policies"`
	Repeated int      `json:"repeated"`
	Refused  int      `json:"refused"`
	Seconds  int64    `json:"seconds"`
}

// watchOver writes the journal's lines of a refusal behind a wall, and the
// pattern it completes, if it does and none was told for a while. Attempts that
// only repeat are counted in memory until their minute is over: to look each
// time one more watch is full is enough, and costs a prober's hundredth attempt
// nothing.
func (d *Desk) watchOver(ctx context.Context, at time.Time, e entry, lines []register.JournalRow) error {
	untold := d.quiet.untold(e.office)
	if e.office == "" || len(lines) == 0 && (untold+1)%d.watch.Refused != 0 {
		return d.writeLines(ctx, lines)
	}
	return d.register.Write(ctx, func(tx *register.Tx) error {
		if len(lines) == 0 { // what numbers the lines is held by nobody yet
			if _, err := tx.Lock(register.House); err != nil {
				return err
			}
		}
		for _, line := range lines {
			if _, err := tx.Journal(line); err != nil {
				return err
			}
		}
		since := at.Add(-d.watch.Within)
		told, err := tx.JournalOf(kindPattern, e.office, since)
		if err != nil || len(told) > 0 {
			return err
		}
		rows, err := tx.JournalOf(kindRefused, e.office, since)
		if err != nil {
			return err
		}
		n := untold
		for _, row := range rows {
			s, err := saidBy(row)
			if err != nil {
				return err
			}
			if wallOf(s.Policies) != "" {
				n += max(1, s.Repeated)
			}
		}
		if n < d.watch.Refused {
			return nil
		}
		detail, err := json.Marshal(struct {
			Policies []string `json:"policies"`
			Alert    bool     `json:"alert"`
			Refused  int      `json:"refused"`
			Seconds  int64    `json:"seconds"`
		}{[]string{wallOf(e.why)}, true, n, int64(d.watch.Within / time.Second)})
		if err != nil {
			return err
		}
		_, err = tx.Journal(register.JournalRow{At: at, Kind: kindPattern, Office: e.office, Detail: string(detail)})
		return err
	})
}

func saidBy(row register.JournalRow) (lineSaid, error) {
	var s lineSaid
	if err := json.Unmarshal([]byte(row.Detail), &s); err != nil {
		return s, fmt.Errorf("read line %d of the security journal: %w", row.N, err)
	}
	return s, nil
}

// An Alert says that an office was refused again and again: which, how often
// within how long, and behind which wall; never what was asked for.
type Alert struct {
	N       int64 // its line in the security journal
	At      time.Time
	Office  jurat.OfficeID
	Wall    string
	Refused int
	Within  time.Duration
}

// alertsKept is how long an alert is shown; its line stays.
const alertsKept = 90 * 24 * time.Hour

// Alerts lists the patterns of the last ninety days, the newest first. For
// auditors, administrators and the local operator.
func (d *Desk) Alerts(ctx context.Context, c Caller, at time.Time) ([]Alert, error) {
	var all []Alert
	err := d.read(ctx, c, at, actionJournal, "", func(tx *register.Tx, _ hand) error {
		all = nil
		rows, err := tx.JournalOf(kindPattern, "", jurat.At(at).Add(-alertsKept))
		if err != nil {
			return err
		}
		for _, row := range rows {
			s, err := saidBy(row)
			if err != nil {
				return err
			}
			all = append(all, Alert{row.N, row.At, row.Office, wallOf(s.Policies), s.Refused, time.Duration(s.Seconds) * time.Second})
		}
		slices.Reverse(all)
		return nil
	})
	return all, err
}
