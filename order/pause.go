package order

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// A pause is a stretch of time for which a duty's clock stood still.
type pause struct {
	span
	id, reason string
	open       bool // it still runs
}

// pauses gives the pauses of a duty's clock up to now, in order and without
// overlap: time two of them share counts once. A pause without a reason or a
// beginning, or that ends before it begins, stops nothing, and that is said.
func (s *scene) pauses(d *Duty) []pause {
	var out []pause
	for _, r := range s.about(TypePause, d) {
		reason, _ := r.field("reason").(string)
		from, until := fieldTime(r, "from"), fieldTime(r, "until")
		idle := ""
		switch {
		case reason == "":
			idle = "states no reason"
		case from.IsZero():
			idle = "states no beginning"
		case until.IsZero() && r.field("until") != nil && r.field("until") != "":
			idle = "states an end that is no time"
		case !until.IsZero() && until.Before(from):
			idle = "ends before it begins"
		}
		if idle != "" {
			d.Why = append(d.Why, "the pause "+string(r.ID)+" "+idle+", and stops nothing")
			continue
		}
		s.turns(from)
		if from.After(s.at) || !until.IsZero() && !until.After(d.Since) {
			continue
		}
		p := pause{span{from, until}, string(r.ID), reason, until.IsZero() || until.After(s.at)}
		if p.open {
			s.moves() // and with the time, the end of what is paused
			p.to = s.at
		}
		if p.from.Before(d.Since) {
			p.from = d.Since
		}
		if !p.to.Before(p.from) {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b pause) int {
		return cmp.Or(a.from.Compare(b.from), b.to.Compare(a.to), strings.Compare(a.id, b.id))
	})
	var reached time.Time
	for i := range out {
		if out[i].from.Before(reached) {
			out[i].from = reached
		}
		if out[i].to.Before(out[i].from) {
			out[i].to = out[i].from
		}
		reached = out[i].to
	}
	return out
}

// stopped gives the moment a clock has run, and how many pauses it was stopped
// by: those that begin after it had run stop nothing.
func stopped(pauses []pause, end func([]span) time.Time) (time.Time, int) {
	due := end(nil)
	var spans []span
	for i, p := range pauses {
		if !p.from.Before(due) {
			return due, i
		}
		spans = append(spans, p.span)
		due = end(spans)
	}
	return due, len(pauses)
}
