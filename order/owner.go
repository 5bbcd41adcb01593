package order

import "cel.dev/cel-go/common/types"

// own says who owes a duty: the role its rule names, or the body a record names.
// Where none is named it is unassigned, and since when is shown.
func (s *scene) own(rule *DutyRule, d *Duty, in itemScene) {
	if rule.ownerFrom != nil {
		d.Owner = Unassigned
		if body, ok := s.run(rule.ownerFrom, in).(types.String); ok && body != "" {
			d.Owner = string(body)
		}
	}
	if d.Owner != Unassigned {
		return
	}
	for _, since := range []*expression{rule.ownerSince, rule.Clock.from} {
		if since == nil {
			continue
		}
		if at, ok := s.run(since, in).(types.Timestamp); ok {
			d.Unassigned = at.Time.UTC()
			return
		}
	}
	switch {
	case in.window != nil:
		d.Unassigned = in.window.from
	case !s.f.Incident.FirstKnowledge.IsZero():
		d.Unassigned = s.f.Incident.FirstKnowledge.UTC()
	default:
		d.Unassigned = s.f.Incident.OpenedAt.UTC()
	}
}
