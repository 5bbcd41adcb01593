package order

import "time"

// An evaluation holds for longer than its moment: as long as nothing is recorded,
// time alone changes it, and only where something was compared with it.

// turns notes a moment at which something compared with the time comes out
// otherwise than now.
func (v *view) turns(t time.Time) {
	if t.After(v.at) && (v.until.IsZero() || t.Before(v.until)) {
		v.until = t
	}
}

// moves notes that an answer rests on the time itself, and may be another at any
// moment.
func (v *view) moves() { v.until = v.at }

// turnsAfter is turns of what is still as it is at the moment t, and otherwise
// right after it.
func (v *view) turnsAfter(t time.Time) { v.turns(t.Add(1)) }

// turnsByStatus notes when the order's standing changes.
func (s *scene) turnsByStatus() {
	for _, st := range s.o.Status {
		if st.Date.Stated() {
			s.turns(st.Date.At)
		}
	}
	if to := s.o.Effective.To; to.Stated() {
		s.turns(to.end())
	}
}
