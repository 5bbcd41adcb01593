package numbers

import (
	"slices"
	"time"

	"jurat"
	"jurat/order"
)

// A counter counts one series of one order.
type counter struct {
	order  *order.Order
	series order.Series
	zone   *time.Location
	types  []activityType
	months []Month
	first  int   // of months, as [monthNumber] counts
	total  []int // by month
	few    []int // incidents, by month
	grids  []*dimension

	*readings // of the incident being counted, the same for every series

	activity   observed // what its records say, and of which incident that is: gaps ask twice
	observedOf int

	last []int // the incident last counted under a month
	gaps []*gapLine
	seen int // the incident being counted, from 1
}

// A dimension is a grid with how its codes are found, and the incident last
// counted in each of its cells.
type dimension struct {
	*grid
	by      string
	labels  []order.Label
	at      map[string]int
	last    [][]int
	lastAll []int
	class   [][]int8
}

func newCounter(o *order.Order, s order.Series, in Input) (*counter, error) {
	c := &counter{order: o, series: s, zone: o.Zone, months: in.Period.Months()}
	c.first = monthNumber(c.months[0].begins(time.UTC))
	c.total, c.few, c.last = make([]int, len(c.months)), make([]int, len(c.months)), make([]int, len(c.months))
	if s.Counts == countGaps {
		return c, c.openGaps()
	}
	if s.Counts == countActivity {
		if c.types = activityTypes(o); len(c.types) == 0 {
			return nil, jurat.Errorf(jurat.Conflict, "the series %q of %s counts activity, and the order has no record type with a field out of the table agencies", s.ID, o.ID)
		}
	}
	for _, by := range s.By {
		if by == "month" {
			continue
		}
		if !slices.Contains(fits[s.Counts], by) {
			return nil, jurat.Errorf(jurat.Conflict, "the series %q of %s counts %s by %s: what was seen, what is alleged and what was found are never mixed in one table", s.ID, o.ID, s.Counts, by)
		}
		d := &dimension{grid: &grid{total: c.total, many: s.Counts == countActivity && by != byArea}, by: by, at: map[string]int{}}
		c.columns(d, in)
		for range c.months {
			d.n, d.few = append(d.n, make([]int, len(d.codes))), append(d.few, make([]int, len(d.codes)))
			d.last, d.class = append(d.last, make([]int, len(d.codes))), append(d.class, make([]int8, len(d.codes)))
		}
		d.all, d.fewOf, d.lastAll = make([]int, len(d.codes)), make([]int, len(d.codes)), make([]int, len(d.codes))
		c.grids = append(c.grids, d)
	}
	return c, nil
}

// columns gives a dimension every code there is, so that zero is printed.
func (c *counter) columns(d *dimension, in Input) {
	add := func(code string, label order.Label) {
		if _, ok := d.at[code]; !ok {
			d.at[code] = len(d.codes)
			d.codes, d.labels = append(d.codes, code), append(d.labels, label)
		}
	}
	table := func(id string) {
		t, _ := c.order.Table(id)
		for _, it := range t.Items {
			if it.ID != string(jurat.Unknown) {
				add(it.ID, it.Label)
			}
		}
	}
	switch d.by {
	case byArea:
		for _, a := range in.areas() {
			add(a.Code, a.Label)
		}
		add(notEstablished, say("area.not_established"))
	case byAgency:
		table("agencies")
		add(notEstablished, say("agency.not_established"))
	case byActivity:
		for _, t := range c.types {
			if t.table != "" {
				table(t.table)
			}
		}
		add(notStated, say("activity.not_stated"))
	case byClass:
		for _, l := range order.Levels {
			add(l, say("level."+l))
		}
	case byStatus:
		for _, s := range statuses(c.series.Counts == countFindings) {
			add(s, say("status."+s))
		}
	}
}

// count adds what one incident has for this series.
func (c *counter) count(f *order.Facts) error {
	c.seen++
	switch c.series.Counts {
	case countActivity:
		if t, ok := c.active(f, f.Incident.Place.District); ok {
			return c.add(t)
		}
	case countAllegations, countFindings:
		for i := range f.Allegations {
			t := c.alleged(f, &f.Allegations[i], f.Incident.Place.District)
			if t.finding == (c.series.Counts == countFindings) {
				if err := c.add(t); err != nil {
					return err
				}
			}
		}
	case countGaps:
		c.countGaps(f)
	}
	return nil
}

// add counts one thing. A cell that would hold two classes of status ends the
// publication: an allegation is never counted with a finding (PUB-1).
func (c *counter) add(t tally) error {
	m := c.month(t.at)
	if m < 0 {
		return nil
	}
	class := int8(1)
	if t.finding {
		class = 2
	}
	c.total[m]++
	if c.last[m] != c.seen {
		c.last[m] = c.seen
		c.few[m]++
	}
	for _, d := range c.grids {
		if d.by == byStatus && d.at[t.by[byStatus][0]] == 0 && d.codes[0] != t.by[byStatus][0] {
			return jurat.Errorf(jurat.Conflict, "%q is no status of the series %s: a table would mix allegations and findings, and nothing is published (PUB-1)", t.by[byStatus][0], c.series.ID)
		}
		for _, k := range d.columnsOf(t.by[d.by]) {
			if d.class[m][k] != 0 && d.class[m][k] != class {
				return jurat.Errorf(jurat.Conflict, "the table of %s by %s mixes allegations and findings under %s in %s: nothing is published", c.series.ID, d.by, d.codes[k], c.months[m])
			}
			d.class[m][k] = class
			d.n[m][k]++
			d.all[k]++
			if d.last[m][k] != c.seen {
				d.last[m][k] = c.seen
				d.few[m][k]++
			}
			if d.lastAll[k] != c.seen {
				d.lastAll[k] = c.seen
				d.fewOf[k]++
			}
		}
	}
	return nil
}

// month is the place of a moment's month among those counted; -1: it is in none.
func (c *counter) month(at time.Time) int {
	if i := monthNumber(at.In(c.zone)) - c.first; i >= 0 && i < len(c.months) {
		return i
	}
	return -1
}

func monthNumber(local time.Time) int {
	y, m, _ := local.Date()
	return 12*y + int(m)
}

// columnsOf gives the columns a thing stands in, each once. What is in no list
// of codes stands in the last: not established, not stated, not clear.
func (d *dimension) columnsOf(codes []string) []int {
	var out []int
	for _, code := range codes {
		k, ok := d.at[code]
		if !ok {
			k = len(d.codes) - 1
		}
		if !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}
