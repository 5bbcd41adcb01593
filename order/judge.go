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
	if rule.OwnerFrom != "" {
		base.Role = rule.Owner
	}
	if rule.Every != nil {
		return s.recurring(rule, base)
	}
	if why := s.notOwed(rule); why != "" {
		base.State, base.Why = NotApplicable, []string{why}
		return []Duty{base}
	}
	if rule.each == nil {
		s.judge(rule, &base, itemScene{scene: s})
		return []Duty{base}
	}
	items, unknown := s.items(rule.each, s)
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
		s.judge(rule, &out[i], itemScene{scene: s, it: it})
	}
	return out
}

// notOwed says why a rule's duties are not owed at all, or nothing.
func (s *scene) notOwed(rule *DutyRule) string {
	switch {
	case rule.Regardless:
		return ""
	case s.suspended != "":
		return s.suspended
	case s.standing == EnjoinedInPart && slices.Contains(s.status.Duties, rule.ID):
		return "enjoined since " + s.status.Date.String() + " (" + s.status.Authority + ")"
	case s.retroactive && !rule.Retroactive:
		return "the incident happened before the order; it is documented and the order is not cited for it"
	case s.then == Stayed, s.then == Expired, s.then == Repealed:
		return "the incident happened while the order was " + string(s.then) + " since " + s.thenStatus.Date.String() + " (" + s.thenStatus.Authority + ")"
	case s.then == EnjoinedInPart && slices.Contains(s.thenStatus.Duties, rule.ID):
		return "the incident happened while this was enjoined, since " + s.thenStatus.Date.String() + " (" + s.thenStatus.Authority + ")"
	}
	return ""
}

// items gives the items of an "each", or why they cannot be told.
func (s *scene) items(x *expression, in cel.Activation) ([]ref.Val, []string) {
	v := s.run(x, in)
	list, ok := v.(traits.Lister)
	if !ok {
		return nil, unknownLines(v)
	}
	var out []ref.Val
	for it := list.Iterator(); it.HasNext() == types.True; {
		if v := it.Next(); !gone(v) {
			out = append(out, v)
		}
	}
	return out, nil
}

// gone reports whether an item is an exhibit that was disposed of: nobody owes
// anything about it any more, and it opens and closes nothing.
func gone(v ref.Val) bool {
	t, ok := v.(*thing)
	if !ok {
		return false
	}
	x, ok := t.of.(exhibit)
	return ok && x.Disposed != nil
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
func (s *scene) judge(rule *DutyRule, d *Duty, in itemScene) {
	if s.explain {
		d.Facts = s.tell(in, rule.trigger, rule.metWhen, rule.metAt, rule.Clock.from, rule.ownerFrom)
	}
	trigger := s.run(rule.trigger, in)
	d.Why = s.lines(rule.trigger, in)
	if trigger != types.True {
		d.State = NotApplicable
		if trigger != types.False {
			d.State, d.Why = CannotTell, append(d.Why, unknownLines(trigger)...)
		}
		return
	}
	s.own(rule, d, in)
	s.excuse(rule, d)
	s.start(rule, d, in)
	s.turns(d.Since)
	s.turnsAfter(d.Since)
	s.turnsAfter(d.Due)
	met := s.run(rule.metWhen, in)
	d.Why = merge(d.Why, s.lines(rule.metWhen, in))
	switch {
	case met == types.True:
		s.met(rule, d, in)
	case met != types.False:
		d.State, d.Why = CannotTell, append(d.Why, unknownLines(met)...)
	case in.window != nil && d.Since.After(s.at):
		d.State = NotApplicable
		d.Why = append(d.Why, "it is not owed before "+d.Since.In(s.o.Zone).Format(time.RFC3339))
	case !d.Due.IsZero() && d.Paused == "" && s.at.After(d.Due):
		d.State = Late
	default:
		d.State = Owed
	}
	if d.Open() && d.Clock == ClockImmediately && !d.Since.IsZero() {
		d.Seconds = seconds(d.Since, s.at)
	}
}

func (s *scene) met(rule *DutyRule, d *Duty, in itemScene) {
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
				reason.Why = append(s.lines(n.when, itemScene{scene: s}), unknownLines(v)...)
				gate.close(reason)
			}
			continue
		}
		items, unknown := s.items(n.each, s)
		if unknown != nil {
			reason.Why = unknown
			gate.close(reason)
		}
		for j, it := range items {
			in := itemScene{scene: s, it: it}
			if v := s.run(n.when, in); v != types.True {
				r := reason
				r.Item = itemName(it, j)
				r.Why = append(s.lines(n.when, in), unknownLines(v)...)
				gate.close(r)
			}
		}
	}
}
