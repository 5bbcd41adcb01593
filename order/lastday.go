package order

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// A LastDay is one exhibit of an incident, counted toward the last day it may
// be kept without a decision, as an order's clock has it (EVD-2). Days are
// those of the calendar where the order holds; the day it is counted from is
// day 0.
type LastDay struct {
	Order  string         `json:"order"`
	Duty   string         `json:"duty"`
	Item   string         `json:"exhibit"`
	State  State          `json:"state"` // of the duty: met once it is preserved, held or decided
	From   time.Time      `json:"counted_from,omitzero"`
	Due    time.Time      `json:"due,omitzero"` // zero: it cannot be told
	On     string         `json:"last_day,omitempty"`
	Day    int            `json:"day"`
	Of     int            `json:"of"`
	Warned int            `json:"warned"` // the last warning passed, in Unit; 0: none yet
	Unit   Unit           `json:"warned_in"`
	Past   bool           `json:"past,omitempty"` // the last day is over
	Paused string         `json:"paused,omitempty"`
	Basis  Basis          `json:"basis"`
	Zone   *time.Location `json:"-"`
}

// LastDays counts every exhibit that a duty with last_day is asked about, the
// earliest last day first. Where several orders count one exhibit the line is
// that of the earliest day on which something is still owed.
func LastDays(orders []*Order, f Facts, at time.Time) []LastDay {
	v := newView(orders, &f, at.UTC())
	found := map[string]LastDay{}
	for _, o := range orders {
		s := newScene(o, v)
		for i := range o.Duties {
			rule := &o.Duties[i]
			if !rule.LastDay {
				continue
			}
			for _, d := range s.duty(rule) {
				if d.Item == "" {
					continue // nothing it is asked about
				}
				l := s.lastDay(rule, d)
				if known, ok := found[d.Item]; !ok || sooner(l, known) < 0 {
					found[d.Item] = l
				}
			}
		}
	}
	out := make([]LastDay, 0, len(found))
	for _, l := range found {
		out = append(out, l)
	}
	slices.SortFunc(out, sooner)
	return out
}

func (s *scene) lastDay(rule *DutyRule, d Duty) LastDay {
	l := LastDay{
		Order: d.Order, Duty: d.ID, Item: d.Item, State: d.State, From: d.Since, Due: d.Due, Warned: d.Warned, Unit: rule.Clock.Within.Unit,
		Past: !d.Due.IsZero() && s.at.After(d.Due), Paused: d.Paused, Basis: d.Basis, Zone: s.o.Zone,
	}
	if d.Since.IsZero() || d.Due.IsZero() {
		return l
	}
	begun := civil(d.Since, s.o.Zone)
	l.Day, l.Of = between(begun, civil(s.at, s.o.Zone)), between(begun, civil(d.Due, s.o.Zone))
	if l.Unit == Days && l.Paused == "" {
		// A list is read in the morning: a warning holds for the whole of its day.
		for _, n := range rule.Clock.Warn {
			if l.Day >= n {
				l.Warned = max(l.Warned, n)
			}
		}
	}
	l.On = d.Due.In(s.o.Zone).Format(time.DateOnly)
	return l
}

// civil is the day of a moment where the order holds.
func civil(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func between(a, b time.Time) int { return int(b.Sub(a) / (24 * time.Hour)) }

// sooner puts what is still owed first, then the earliest last day; one that
// cannot be told comes before all that can.
func sooner(a, b LastDay) int {
	return cmp.Or(
		cmp.Compare(boolRank(a.State == Met), boolRank(b.State == Met)), a.Due.Compare(b.Due),
		strings.Compare(a.Item, b.Item), strings.Compare(a.Order, b.Order), strings.Compare(a.Duty, b.Duty),
	)
}

// Outlook is how many days before its last day an exhibit is first warned of,
// by the order that warns latest. ok is false where no order counts anything,
// so that nothing can be said of last days.
func Outlook(orders []*Order, at time.Time) (days int, ok bool) {
	for _, o := range orders {
		for i := range o.Duties {
			rule := &o.Duties[i]
			if !rule.LastDay {
				continue
			}
			within, left := rule.Clock.Within, 0
			if len(rule.Clock.Warn) > 0 {
				first := o.after(Period{N: rule.Clock.Warn[0], Unit: within.Unit}, at)
				left = between(civil(first, o.Zone), civil(o.after(within, at), o.Zone))
			}
			if !ok || left < days {
				days = left
			}
			ok = true
		}
	}
	return days, ok
}
