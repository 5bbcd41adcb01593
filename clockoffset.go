package jurat

import (
	"slices"
	"strings"
	"time"
)

// ExhibitTimed is the act of recording how an exhibit's own clock stood.
const ExhibitTimed Act = "exhibit.timed"

// An OffsetSource says how a clock's offset is known.
type OffsetSource string

// The sources of an offset.
const (
	OffsetOnArrival   OffsetSource = "arrival"      // said when the exhibit came in
	OffsetByMetadata  OffsetSource = "metadata"     // read in what the device wrote
	OffsetBySameEvent OffsetSource = "shared_event" // one event, seen or heard by two clocks
	OffsetByHand      OffsetSource = "hand"         // compared by a person in another way
)

// OffsetSources lists the sources.
var OffsetSources = [...]OffsetSource{OffsetOnArrival, OffsetByMetadata, OffsetBySameEvent, OffsetByHand}

// UnreliableClock is the offset above which a clock is shown, and nothing is
// put in order by it (SEC-20).
const UnreliableClock = time.Minute

// A ClockOffset is one answer to how far a device's clock was ahead of the
// common one, and how that is known. None is ever taken off the record: the
// newest is used, and all are shown.
type ClockOffset struct {
	Millis *int64       `json:"offset_ms,omitempty"` // milliseconds ahead, negative behind; absent: not known
	Source OffsetSource `json:"source"`
	Reason string       `json:"reason,omitempty"`
	By     PersonID     `json:"by,omitempty"`
	At     time.Time    `json:"at"`
}

// A Timing is what somebody records of an exhibit's clock.
type Timing struct {
	Offset *time.Duration // the clock was ahead by so much, to the millisecond; nil: not known
	Source OffsetSource
	Reason string
	From   time.Time // when the recording begins, by the device's clock; zero: nothing is said of it
}

// mostOffset is how wrong a clock may be.
const mostOffset = 100 * 365 * 24 * time.Hour

// Time records how far the device's clock was ahead of the common one, with
// how that is known and why it is recorded: a person's act. What was recorded
// before stays and is shown beside it. From may state when the recording
// begins where nobody stated that yet; where it is stated it is not changed,
// for the last day of footage counts from it (EVD-2): Conflict. Invalid: no
// reason, a source that is not listed or is the arrival's, or more than a
// hundred years. Of an exhibit that was disposed of: Conflict.
func (x Exhibit) Time(t Timing, by Hand, at time.Time) (Exhibit, Event, error) {
	if err := by.needPerson("recording a clock's offset"); err != nil {
		return x, Event{}, err
	}
	if err := x.There(); err != nil {
		return x, Event{}, err
	}
	switch {
	case !slices.Contains(OffsetSources[1:], t.Source):
		return x, Event{}, Errorf(Invalid, "exhibit %s: say how its clock's offset is known, one of %v", x.ID, OffsetSources[1:])
	case blank(t.Reason):
		return x, Event{}, Errorf(Invalid, "exhibit %s: say in a few words what was compared, or why the offset is not known", x.ID)
	case t.Offset != nil && t.Offset.Abs() > mostOffset:
		return x, Event{}, Errorf(Invalid, "exhibit %s: no clock is wrong by more than a hundred years", x.ID)
	case !t.From.IsZero() && !x.Recorded.From.IsZero():
		return x, Event{}, Errorf(Conflict, "exhibit %s: when its recording begins is on the record, and days are counted from it; record the offset of its clock alone", x.ID)
	}
	next := x.clone()
	if len(next.Offsets) == 0 && x.ClockOffset != nil {
		said := int64(*x.ClockOffset) * 1000
		next.Offsets = append(next.Offsets, ClockOffset{Millis: &said, Source: OffsetOnArrival, By: x.ReceivedBy, At: x.ReceivedAt})
	}
	one := ClockOffset{Source: t.Source, Reason: strings.TrimSpace(t.Reason), By: by.Person, At: At(at)}
	next.ClockOffset = nil
	if t.Offset != nil {
		ms := t.Offset.Round(time.Millisecond).Milliseconds()
		s := int(t.Offset.Round(time.Second) / time.Second)
		one.Millis, next.ClockOffset = &ms, &s
	}
	next.Offsets = append(next.Offsets, one)
	if !t.From.IsZero() {
		next.Recorded.From = t.From
		next.Recorded = next.Recorded.stated()
	}
	return next, next.event(ExhibitTimed, one.Reason, nil), nil
}

// Ahead is how far the exhibit's clock was ahead of the common one, as it was
// last recorded, and whether that is known.
func (x Exhibit) Ahead() (time.Duration, bool) {
	if n := len(x.Offsets); n > 0 {
		if ms := x.Offsets[n-1].Millis; ms != nil {
			return time.Duration(*ms) * time.Millisecond, true
		}
		return 0, false
	}
	if x.ClockOffset != nil {
		return time.Duration(*x.ClockOffset) * time.Second, true
	}
	return 0, false
}

// Begins is when the recording begins on the common clock: when its own clock
// says, less how far that was ahead. ok is false where one of the two is not
// known, or the clock is not reliable ([UnreliableClock]): such a recording is
// put in no order.
func (x Exhibit) Begins() (at time.Time, ok bool) {
	ahead, known := x.Ahead()
	if !known || x.Recorded.From.IsZero() || ahead.Abs() > UnreliableClock {
		return time.Time{}, false
	}
	return x.Recorded.From.Add(-ahead), true
}

func cloneOffsets(all []ClockOffset) []ClockOffset {
	all = slices.Clone(all)
	for i := range all {
		all[i].Millis = cloned(all[i].Millis)
	}
	return all
}
