package numbers

import (
	"encoding/json"
	"slices"
	"time"

	"jurat"
	"jurat/order"
)

// Format is the name of the form in which a publication is written.
const Format = "jurat-numbers-1"

// A Publication is what is published of one period: every number of it, with
// what each means and rests on. It is made by [Publish] and by [ReadPublication].
type Publication struct {
	Format      string       `json:"format"`
	Period      Period       `json:"period"`
	AsOf        string       `json:"as_of"` // the day of the last event counted
	Checkpoint  Checkpoint   `json:"checkpoint"`
	Orders      []OrderUsed  `json:"orders"`
	Below       int          `json:"withheld_below"` // numbers from fewer incidents are withheld
	Delay       int          `json:"delay_days"`
	Series      []Series     `json:"series"`
	Overdue     []Overdue    `json:"overdue"`
	Corrections []Correction `json:"corrections"`
}

// OrderUsed names an order and the version of it the figures rest on.
type OrderUsed struct {
	ID           string       `json:"id"`
	Digest       jurat.Digest `json:"digest"`
	Title        string       `json:"title"`
	Jurisdiction string       `json:"jurisdiction"`
	Standing     string       `json:"standing"` // when the period ended
}

// A Series is one series: activity, allegations, findings or gaps, never mixed.
type Series struct {
	Order    string       `json:"order"`
	ID       string       `json:"id"`
	Title    order.Label  `json:"title"`
	Counts   string       `json:"counts"`
	Means    order.Label  `json:"means"` // what one of it is
	Every    string       `json:"every"`
	Basis    order.Basis  `json:"basis"`
	Sources  []UsedSource `json:"sources,omitempty"`
	Reason   string       `json:"reason,omitempty"` // of a choice
	Months   []Month      `json:"months"`
	Total    *Row         `json:"total,omitempty"` // by month; gaps have none
	Tables   []Table      `json:"tables"`
	Withheld bool         `json:"withheld,omitempty"` // the whole series, because even its total tells one number
}

// A UsedSource is a source an order names for a series.
type UsedSource struct {
	Title   string `json:"title"`
	Address string `json:"address,omitempty"`
}

// A Table has one row for each code of a dimension, and a number for each month.
type Table struct {
	By       string `json:"by"`
	Rows     []Row  `json:"rows"`
	Many     bool   `json:"several_per_incident,omitempty"` // an incident may stand in several rows: they are not to be added up
	Withheld bool   `json:"withheld,omitempty"`             // nothing of it can be printed without telling a small number
}

// Title is what a table counts its series by.
func (t Table) Title() order.Label { return say("by." + t.By) }

// Entry names the entry of the codebook that defines a table's numbers; that of
// the totals by month is of "month".
func (s Series) Entry(by string) string { return s.entry(by) }

// Kind is the class of what a series counts, in words.
func (s Series) Kind() order.Label { return say("counts." + s.Counts) }

// A Row is the numbers of one code. A number that is nil is withheld.
type Row struct {
	Code   string      `json:"code"`
	Label  order.Label `json:"label"`
	Months []*int      `json:"months"` // as the series' months
	All    *int        `json:"period"`
}

// Publish counts the facts and gives what may be published of the period.
// Conflict: the delay has not passed (the sentence says from which day it has),
// the same months were published in another cut, an incident stands twice, or a
// table would mix classes of status. Invalid: a period or a checkpoint that is
// none, and a text of an order that uses a word the publication may not
// ([FairWords]). An error of the facts is given as it is.
func Publish(in Input) (*Publication, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	p := &Publication{
		Format: Format, Period: in.Period, AsOf: in.AsOf.In(in.Orders[0].Zone).Format(time.DateOnly), Checkpoint: in.Checkpoint,
		Series: []Series{}, Overdue: []Overdue{}, Corrections: []Correction{},
	}
	var counters []*counter
	var kinds [][]string
	for _, o := range in.Orders {
		standing, _ := o.StatusAt(in.Period.End(o.Zone))
		p.Orders = append(p.Orders, OrderUsed{ID: o.ID, Digest: o.Digest, Title: o.Title, Jurisdiction: o.Jurisdiction, Standing: string(standing)})
		for _, s := range o.Publication {
			c, err := newCounter(o, s, in)
			if err != nil {
				return nil, err
			}
			p.Below, p.Delay = max(p.Below, s.Suppress), max(p.Delay, s.DelayDays, order.MinDelayDays)
			counters = append(counters, c)
			if s.Counts == countActivity {
				kinds = append(kinds, records(c.types))
			}
		}
	}
	if len(counters) == 0 {
		return nil, jurat.Errorf(jurat.Conflict, "no adopted order says what is published: none has a series")
	}
	if err := apart(kinds); err != nil {
		return nil, err
	}
	if from := in.Period.End(in.Orders[0].Zone).AddDate(0, 0, p.Delay); in.Made.Before(from) {
		return nil, jurat.Errorf(jurat.Conflict, "the figures of %s are published from %s on, %d days after it ends; a delay is never waived", in.Period, from.Format(time.DateOnly), p.Delay)
	}
	if err := countAll(in, counters); err != nil {
		return nil, err
	}
	// The gaps come last: one of them repeats a row of the activity.
	p.Series = make([]Series, len(counters))
	for _, gaps := range []bool{false, true} {
		for i, c := range counters {
			if (c.series.Counts == countGaps) == gaps {
				p.Series[i] = c.publish(p, in.Earlier)
			}
		}
	}
	p.Overdue = append(p.Overdue, overdue(in, p.Below)...)
	p.correct(in.Earlier)
	if err := fairPublication(p, in.Words); err != nil {
		return nil, err
	}
	return p, nil
}

func records(types []activityType) []string {
	var out []string
	for _, t := range types {
		out = append(out, t.record)
	}
	slices.Sort(out)
	return out
}

// apart refuses two series of activity that count some of the same records and
// not all: the difference between their totals would be a number of its own.
func apart(kinds [][]string) error {
	for i, a := range kinds {
		for _, b := range kinds[:i] {
			if !slices.Equal(a, b) && slices.ContainsFunc(a, func(k string) bool { return slices.Contains(b, k) }) {
				return jurat.Errorf(jurat.Conflict, "two adopted orders publish activity counted from %v and from %v, and one could be subtracted from the other: publish from the same records, or from others", b, a)
			}
		}
	}
	return nil
}

func countAll(in Input, counters []*counter) error {
	seen, known := map[jurat.IncidentNumber]bool{}, &readings{}
	for f, err := range in.Facts {
		if err != nil {
			return err
		}
		if f.Incident.Number == "" || seen[f.Incident.Number] {
			return jurat.Errorf(jurat.Conflict, "incident %q stands twice among the facts, or has no number: nothing is counted", f.Incident.Number)
		}
		seen[f.Incident.Number] = true
		known.next()
		for _, c := range counters {
			c.readings = known
			if err := c.count(&f); err != nil {
				return err
			}
		}
	}
	return nil
}

// publish gives the series with its small numbers withheld.
func (c *counter) publish(p *Publication, earlier *Publication) Series {
	s := Series{
		Order: c.order.ID, ID: c.series.ID, Title: c.series.Title, Counts: c.series.Counts, Means: say("means." + c.series.Counts), Every: c.series.Every,
		Basis: c.series.Basis, Reason: c.series.Reason, Months: c.months, Tables: []Table{},
	}
	for _, id := range c.series.Sources {
		if i := slices.IndexFunc(c.order.Sources, func(x order.Source) bool { return x.ID == id }); i >= 0 {
			s.Sources = append(s.Sources, UsedSource{c.order.Sources[i].Title, c.order.Sources[i].Address})
		}
	}
	before := earlier.same(p.Period).series(s.Order, s.ID)
	if s.Counts == countGaps {
		s.Tables = append(s.Tables, c.publishGaps(p, before))
		return s
	}
	hidden, ok := group(c.total, c.few, before.total().withheld(c.total), p.Below)
	if !ok || before != nil && before.Withheld {
		s.Withheld = true
		hidden = everywhere(c.total)
	}
	s.Total = row("all", say("all"), c.total, hidden, sum(c.total), s.Withheld)
	for _, d := range c.grids {
		t := Table{By: d.by, Many: d.many, Rows: []Row{}}
		was := before.table(d.by)
		d.must, d.mustT = was.withheld(d.codes, c.months)
		v := veil{whole: true}
		if !s.Withheld && (was == nil || !was.Withheld) {
			v = d.withhold(hidden, p.Below)
		}
		t.Withheld = v.whole
		for k, code := range d.codes {
			column := make([]int, len(c.months))
			veiled := make([]bool, len(c.months))
			for m := range c.months {
				column[m] = d.n[m][k]
				veiled[m] = v.whole || v.cells[m][k]
			}
			t.Rows = append(t.Rows, *row(code, d.labels[k], column, veiled, d.all[k], v.whole || v.all[k]))
		}
		s.Tables = append(s.Tables, t)
	}
	return s
}

// publishGaps gives the gaps, each a line of its own: they overlap, so nothing
// adds up across. The line of agencies not established is the one in the table
// of the activity, withheld where that is.
func (c *counter) publishGaps(p *Publication, before *Series) Table {
	t := Table{By: "gap", Many: true, Rows: []Row{}}
	was := before.table("gap")
	for _, g := range c.gaps {
		label := say("gap." + g.id)
		if same := p.activityRow(c.order.ID, g.id); same != nil {
			t.Rows = append(t.Rows, Row{Code: g.id, Label: label, Months: same.Months, All: same.All})
			continue
		}
		hidden, ok := group(g.n, g.few, was.line(g.id).withheld(g.n), p.Below)
		if !ok {
			hidden = everywhere(g.n)
		}
		t.Rows = append(t.Rows, *row(g.id, label, g.n, hidden, g.all, !ok || was.line(g.id) != nil && was.line(g.id).All == nil && g.all > 0))
	}
	return t
}

// activityRow is the row of agencies not established in an order's activity,
// which the gap of that name repeats.
func (p *Publication) activityRow(id, gap string) *Row {
	if gap != "agency_not_established" {
		return nil
	}
	for i := range p.Series {
		if p.Series[i].Order == id && p.Series[i].Counts == countActivity {
			return p.Series[i].table(byAgency).line(notEstablished)
		}
	}
	return nil
}

func row(code string, label order.Label, n []int, hidden []bool, all int, hideAll bool) *Row {
	r := &Row{Code: code, Label: label, Months: make([]*int, len(n))}
	for i := range n {
		if !hidden[i] {
			r.Months[i] = &n[i]
		}
	}
	if !hideAll {
		r.All = &all
	}
	return r
}

// everywhere hides every number but the zeros.
func everywhere(n []int) []bool {
	out := make([]bool, len(n))
	for i := range n {
		out[i] = n[i] > 0
	}
	return out
}

func sum(n []int) int {
	total := 0
	for _, x := range n {
		total += x
	}
	return total
}

// JSON is the publication as a file, always the same bytes.
func (p *Publication) JSON() ([]byte, error) {
	b, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		return nil, jurat.Because(jurat.Invalid, err, "the figures cannot be written")
	}
	return append(b, '\n'), nil
}
