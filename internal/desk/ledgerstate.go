package desk

import (
	"context"
	"errors"
	"strings"
	"time"

	"jurat"
	"jurat/internal/register"
)

// A LedgerState says how far the ledger is published, and how far somebody
// outside this office has signed it.
type LedgerState struct {
	Published int64     `json:"published"`           // so many leaves; 0: nothing yet
	At        time.Time `json:"at,omitzero"`         // of the last event among them, as it says
	Waiting   int64     `json:"waiting"`             // events without a place in it yet
	Cosigned  int64     `json:"cosigned"`            // to that leaf, by witnesses whose signatures were checked when they came in; 0: none
	Witnesses int       `json:"witnesses,omitempty"` // how many cosigned that
	Stamped   int64     `json:"time_stamped"`        // to that leaf, by a time stamp authority; 0: none
	Stopped   string    `json:"stopped,omitempty"`   // why nothing is signed; empty: signing goes on
	Origin    string    `json:"origin"`              // of the log
}

// Anchored is the leaf to which somebody outside has signed; 0: none.
func (s LedgerState) Anchored() int64 { return max(s.Cosigned, s.Stamped) }

// Ledger tells how far the ledger is published and anchored, for whoever may
// read the security journal.
func (d *Desk) Ledger(ctx context.Context, c Caller, at time.Time) (LedgerState, error) {
	var s LedgerState
	err := d.read(ctx, c, at, actionJournal, "", func(tx *register.Tx, _ hand) error {
		load, err := tx.Load(at, at)
		if err != nil {
			return err
		}
		s = LedgerState{Origin: d.ledger.Origin(), Waiting: load.Unsequenced}
		published, err := d.ledger.Published()
		if errors.Is(err, jurat.NotFound) {
			return nil
		}
		if err != nil { // it cannot be read, or is not ours: that is what there is to tell
			s.Stopped = err.Error()
			return nil
		}
		s.Published = published.Size
		if s.At, err = tx.LastAt(published.Size); errors.Is(err, jurat.NotFound) {
			err = nil
		}
		return err
	})
	if err != nil {
		return LedgerState{}, err
	}
	if stopped := d.ledger.Stopped(); stopped != nil && s.Stopped == "" {
		s.Stopped = stopped.Error()
	}
	anchors, err := d.ledger.Anchors()
	if err != nil {
		return LedgerState{}, err
	}
	for _, a := range anchors { // from the smallest
		if n := strings.Count(string(a.Note), "\n— ") - strings.Count(string(a.Note), "\n— "+s.Origin+" "); n > 0 {
			s.Cosigned, s.Witnesses = a.Size, n
		}
		if len(a.Tokens) > 0 {
			s.Stamped = a.Size
		}
	}
	return s, nil
}
