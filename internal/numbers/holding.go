package numbers

import (
	"time"

	"jurat"
)

// A Holding says how long one row of another body's detention data was held,
// as that data has it; nobody checked it (PDX-6).
type Holding struct {
	Row   string        `json:"row_id"`
	Held  time.Duration `json:"held_ns"` // where it can be told
	State string        `json:"state"`   // over, within, not_determinable
	Why   string        `json:"why,omitempty"`
}

// The states of a holding.
const (
	HeldOver            = "over"   // longer than the limit, as reported; alleged, and found by nobody
	HeldWithin          = "within" // not longer
	HeldNotDeterminable = "not_determinable"
)

// Holdings compares the rows of a detention table with a limit. A row without a
// book-out, or with a time in a doubled hour, is not determinable, and never
// counted as over the limit. Invalid: the table is none of detention.
func Holdings(im *Import, limit time.Duration) ([]Holding, error) {
	if im.Kind != Detention {
		return nil, jurat.Errorf(jurat.Invalid, "a table of kind %s has no book-in and book-out", im.Kind)
	}
	out := make([]Holding, 0, len(im.Accepted))
	for _, r := range im.Accepted {
		in, outAt := r.Times["book_in"], r.Times["book_out"]
		h := Holding{Row: r.Texts["row_id"], State: HeldNotDeterminable}
		switch {
		case !outAt.Stated():
			h.Why = "no book-out on file"
		case in.Doubled() || outAt.Doubled():
			h.Why = "a time lies in the hour the clock shows twice"
		default:
			h.Held, h.State = outAt.First.Sub(in.First), HeldWithin
			if h.Held > limit {
				h.State = HeldOver
			}
		}
		out = append(out, h)
	}
	return out, nil
}
