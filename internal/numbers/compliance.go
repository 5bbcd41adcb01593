package numbers

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"jurat"
	"jurat/order"
)

// Compliance counts how the duties of the adopted orders stand, duty by duty and
// unit by unit, at the end of the period. unit names the unit of an incident;
// nil is its area, one of those there are. Units with few incidents are put together, so that no
// person is read out of a number; where there is one such unit the next
// smallest joins it. A duty that cannot be told is counted as that, an excused
// one with its excuse, and a target that is the city's own is labelled local.
// The report has no threshold below which it praises or blames.
func Compliance(in Input, below int, unit func(order.Facts) string) (*Report, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	if unit == nil {
		known := in.areas()
		unit = func(f order.Facts) string {
			i := slices.IndexFunc(known, func(a Area) bool { return a.Code == f.Incident.Place.District })
			if i < 0 {
				return ""
			}
			return known[i].Label.String()
		}
	}
	o := in.Orders[0]
	if in.Made.Before(in.Period.End(o.Zone)) {
		return nil, jurat.Errorf(jurat.Conflict, "%s has not ended; the report compliance is made once it has", in.Period)
	}
	below = max(below, 2)
	units := map[string]*unitCount{}
	at := in.Period.End(o.Zone)
	incidents := 0
	for f, err := range in.Facts {
		if err != nil {
			return nil, err
		}
		if !in.Period.Has(happened(f.Incident), o.Zone) {
			continue
		}
		incidents++
		name := unit(f)
		if name == "" {
			name = "Unit not stated"
		}
		u := units[name]
		if u == nil {
			u = &unitCount{name: name, duties: map[string]*[dutyWays]int{}}
			units[name] = u
		}
		u.incidents++
		for _, d := range order.Evaluate(in.Orders, f, at).Duties {
			u.add(d)
		}
	}
	r := &Report{
		ID: "compliance", Title: "How the duties stand", Period: in.Period.String(), AsOf: in.AsOf.In(o.Zone).Format(time.DateOnly), Checkpoint: in.Checkpoint,
		Order:     OrderUsed{ID: o.ID, Digest: o.Digest, Title: o.Title, Jurisdiction: o.Jurisdiction},
		Figures:   []Figure{},
		Statement: "How the duties of the adopted orders stand at the end of the period. A duty that cannot be told is neither met nor late. A local target is the city's own and in no order.",
	}
	for _, x := range in.Orders[1:] {
		r.Notes = append(r.Notes, "Also counted: "+x.ID+" "+x.Digest.String())
	}
	t := Sheet{ID: "duties", Title: "Duties by unit", Columns: []Column{
		{"order", "Order", coded}, {"duty", "Duty", coded}, {"target", "Target", coded}, {"unit", "Unit", coded}, {"met", "Met", coded}, {"met_late", "Met late", coded},
		{"owed", "Owed", coded}, {"late", "Late", coded}, {"excused", "Not done, with a reason", coded}, {"cannot_tell", "Cannot be told", coded},
	}, Rows: [][]string{}}
	list := together(units, below)
	for _, x := range in.Orders {
		for i := range x.Duties {
			rule := &x.Duties[i]
			if rule.Scope == order.OfHouse {
				continue
			}
			for _, u := range list {
				n := u.duties[x.ID+"/"+rule.ID]
				if n == nil {
					n = &[dutyWays]int{}
				}
				row := []string{x.ID, rule.Title.String(), targetOf(rule.Clock), u.name}
				for _, c := range n {
					row = append(row, strconv.Itoa(c))
				}
				t.Rows = append(t.Rows, row)
			}
		}
	}
	r.Tables = []Sheet{t}
	if small(incidents, below) {
		r.Notes = append(r.Notes, "The incidents are fewer than "+strconv.Itoa(below)+": nothing is listed.")
	} else {
		r.figure("incidents", "Incidents", incidents)
	}
	r.figure("units", "Units listed", len(list))
	return r, nil
}

func targetOf(c order.Clock) string {
	switch {
	case c.Kind == order.ClockImmediately:
		return "immediately; seconds are shown and never judged"
	case c.Kind != order.ClockWithin:
		return "no time stated"
	case c.Local:
		return c.Within.String() + " (local target)"
	}
	return c.Within.String()
}

// dutyWays is how many ways a duty may stand in the report: met, met late,
// owed, late, excused, cannot be told.
const dutyWays = 6

type unitCount struct {
	name      string
	incidents int
	duties    map[string]*[dutyWays]int
}

func (u *unitCount) add(d order.Duty) {
	way := -1
	switch {
	case d.Open() && d.Excuse != "":
		way = 4
	case d.State == order.Met && d.MetLate:
		way = 1
	case d.State == order.Met || d.State == order.Immediately:
		way = 0
	case d.State == order.Owed:
		way = 2
	case d.State == order.Late:
		way = 3
	case d.State == order.CannotTell:
		way = 5
	}
	if way < 0 {
		return
	}
	key := d.Order + "/" + d.ID
	if u.duties[key] == nil {
		u.duties[key] = &[dutyWays]int{}
	}
	u.duties[key][way]++
}

// together lists the units by name, those with few incidents as one at the end.
func together(units map[string]*unitCount, below int) []*unitCount {
	var list []*unitCount
	for _, u := range units {
		list = append(list, u)
	}
	slices.SortFunc(list, func(a, b *unitCount) int {
		return cmp.Or(cmp.Compare(a.incidents, b.incidents), cmp.Compare(a.name, b.name))
	})
	merged := &unitCount{name: "Smaller units together", duties: map[string]*[dutyWays]int{}}
	n := 0
	for n < len(list) && (list[n].incidents < below || n > 0 && (n < 2 || merged.incidents < below)) {
		u := list[n]
		merged.incidents += u.incidents
		for key, ways := range u.duties {
			if merged.duties[key] == nil {
				merged.duties[key] = &[dutyWays]int{}
			}
			for i, c := range ways {
				merged.duties[key][i] += c
			}
		}
		n++
	}
	list = list[n:]
	slices.SortFunc(list, func(a, b *unitCount) int { return cmp.Compare(a.name, b.name) })
	if n > 0 && merged.incidents >= below {
		list = append(list, merged)
	}
	return list
}
