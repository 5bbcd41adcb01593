package order

import (
	"time"

	"jurat"
)

// The two record types the engine itself reads, when an order defines them.
const (
	// TypeException states why a duty is not done or does not apply (RPT-3):
	// fields duty, answer (not_done, not_applicable), reason, and item where the
	// duty is asked item by item. It lifts the gates the duty guards and leaves
	// its state as it is.
	TypeException jurat.RecordType = "duty_exception"
	// TypePause states that a duty's clock stands still: fields duty, from,
	// reason, and until where the pause has ended, item as above.
	TypePause jurat.RecordType = "clock_pause"
)

// about gives the records of a type that name a duty and its item. A returned
// record counts for nothing: its author was asked to look again.
func (s *scene) about(typ jurat.RecordType, d *Duty) []*record {
	var out []*record
	for _, r := range s.records[string(typ)] {
		duty, _ := r.field("duty").(string)
		item, _ := r.field("item").(string)
		if duty != d.ID || r.State == jurat.RecordReturn {
			continue
		}
		// Of a duty that recurs the period must be named: one reason would
		// otherwise stand for every period to come.
		if item == d.Item || item == "" && d.Period == "" || item == d.Period && d.Period != "" {
			out = append(out, r)
		}
	}
	return out
}

// excuse notes the reason stated for a duty, where its rule takes one.
func (s *scene) excuse(rule *DutyRule, d *Duty) {
	if !rule.Excusable {
		return
	}
	for _, r := range s.about(TypeException, d) {
		answer, _ := r.field("answer").(string)
		reason, _ := r.field("reason").(string)
		if reason != "" && (answer == "not_done" || answer == "not_applicable") {
			d.Excuse = reason
			words := "stated as not done: "
			if answer == "not_applicable" {
				words = "stated as not applicable: "
			}
			d.Why = append(d.Why, words+reason+" ("+string(r.ID)+")")
		}
	}
}

func fieldTime(r *record, name string) time.Time {
	text, _ := r.field(name).(string)
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
