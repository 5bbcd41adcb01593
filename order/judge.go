package order

import (
	"fmt"
	"slices"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// duty gives the duties a rule makes: one, or one for each item.
func (s *scene) duty(rule *DutyRule) []Duty {
	base := Duty{
		Order: s.o.ID, ID: rule.ID, Title: rule.Title, Say: rule.Say, Owner: rule.Owner, Clock: rule.Clock.Kind, Local: rule.Clock.Local,
		Urgent: rule.Urgent, Guards: rule.Guards, Footing: rule.Footing,
	}
	if why := s.notOwed(rule); why != "" {
		base.State, base.Why = NotApplicable, []string{why}
		return []Duty{base}
	}
	if rule.each == nil {
		s.judge(rule, &base, s, nil)
		return []Duty{base}
	}
	items, unknown := s.items(rule.each)
	if unknown != nil {
		base.State, base.Why = CannotTell, unknown
		return []Duty{base}
	}
	if len(items) == 0 {
		base.State, base.Why = NotApplicable, []string{"nothing on record that it is asked about"}
		return []Duty{base}
	}
	out := make([]Duty, len(items))
	for i, it := range items {
		out[i] = base
		out[i].Item = itemName(it, i)
		s.judge(rule, &out[i], itemScene{s, it}, it)
	}
	return out
}

// notOwed says why a rule's duties are not owed at all, or nothing.
func (s *scene) notOwed(rule *DutyRule) string {
	switch {
	case s.suspended != "":
		return s.suspended
	case s.standing == EnjoinedInPart && slices.Contains(s.status.Duties, rule.ID):
		return "enjoined since " + s.status.Date.String() + " (" + s.status.Authority + ")"
	case s.retroactive && !rule.Retroactive:
		return "the incident happened before the order; it is documented and the order is not cited for it"
	}
	return ""
}

// items gives the items of an "each", or why they cannot be told.
func (s *scene) items(x *expression) ([]ref.Val, []string) {
	v := s.run(x, s)
	list, ok := v.(traits.Lister)
	if !ok {
		return nil, unknownLines(v)
	}
	var out []ref.Val
	for it := list.Iterator(); it.HasNext() == types.True; {
		out = append(out, it.Next())
	}
	return out, nil
}

func itemName(v ref.Val, i int) string {
	switch v := v.(type) {
	case *thing:
		if v.id != "" {
			return v.id
		}
	case types.String:
		return string(v)
	}
	return fmt.Sprintf("#%d", i+1)
}

// judge settles the state of one duty.
func (s *scene) judge(rule *DutyRule, d *Duty, in cel.Activation, it ref.Val) {
	trigger := s.run(rule.trigger, in)
	d.Why = s.lines(rule.trigger, it)
	if trigger != types.True {
		d.State = NotApplicable
		if trigger != types.False {
			d.State, d.Why = CannotTell, append(d.Why, unknownLines(trigger)...)
		}
		return
	}
	s.excuse(rule, d)
	s.start(rule, d, in)
	met := s.run(rule.metWhen, in)
	d.Why = merge(d.Why, s.lines(rule.metWhen, it))
	switch {
	case met == types.True:
		s.met(rule, d, in)
	case met != types.False:
		d.State, d.Why = CannotTell, append(d.Why, unknownLines(met)...)
	case !d.Due.IsZero() && d.Paused == "" && s.at.After(d.Due):
		d.State = Late
	default:
		d.State = Owed
	}
	if d.Open() && d.Clock == ClockImmediately && !d.Since.IsZero() {
		d.Seconds = seconds(d.Since, s.at)
	}
}

// start sets where the clock of a duty starts, when it has run, and the last
// warning passed.
func (s *scene) start(rule *DutyRule, d *Duty, in cel.Activation) {
	if rule.Clock.from == nil {
		return
	}
	v := s.run(rule.Clock.from, in)
	from, ok := v.(types.Timestamp)
	if !ok {
		d.Why = append(d.Why, unknownLines(v)...)
		return
	}
	d.Since = from.Time.UTC()
	if rule.Clock.Kind != ClockWithin || !printable(d.Since) {
		return
	}
	paused := s.paused(d)
	d.Due = s.o.after(rule.Clock.Within, d.Since).Add(paused)
	for _, n := range rule.Clock.Warn {
		if !s.at.Before(s.o.after(Period{N: n, Unit: rule.Clock.Within.Unit}, d.Since).Add(paused)) {
			d.Warned = n
		}
	}
}

// printable keeps clear of years no calendar prints.
func printable(t time.Time) bool { return t.Year() > 0 && t.Year() < 9000 }

func (s *scene) met(rule *DutyRule, d *Duty, in cel.Activation) {
	d.State = Met
	if rule.metAt != nil {
		v := s.run(rule.metAt, in)
		if at, ok := v.(types.Timestamp); ok {
			d.MetAt = at.Time.UTC()
			d.MetLate = !d.Due.IsZero() && d.MetAt.After(d.Due)
		} else {
			d.Why = append(d.Why, unknownLines(v)...)
		}
	}
	if d.Clock == ClockImmediately {
		d.State = Immediately
		if !d.MetAt.IsZero() && !d.Since.IsZero() {
			d.Seconds = seconds(d.Since, d.MetAt)
		}
	}
}

func seconds(from, to time.Time) *int64 {
	n := int64(to.Sub(from) / time.Second)
	return &n
}

// needs adds the reasons of a gate's own conditions.
func (s *scene) needs(rule *GateRule, gate *Gate) {
	for i := range rule.Needs {
		n := &rule.Needs[i]
		reason := Reason{Order: s.o.ID, ID: n.ID, Say: n.Say.String(), Label: n.Say, Basis: n.Basis}
		if n.each == nil {
			if v := s.run(n.when, s); v != types.True {
				reason.Why = append(s.lines(n.when, nil), unknownLines(v)...)
				gate.close(reason)
			}
			continue
		}
		items, unknown := s.items(n.each)
		if unknown != nil {
			reason.Why = unknown
			gate.close(reason)
		}
		for j, it := range items {
			if v := s.run(n.when, itemScene{s, it}); v != types.True {
				r := reason
				r.Item = itemName(it, j)
				r.Why = append(s.lines(n.when, it), unknownLines(v)...)
				gate.close(r)
			}
		}
	}
}
