package numbers

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"jurat"
	"jurat/order"
)

// A Checkpoint names the state of the record the figures are counted from:
// whoever has the record as of this size counts the same figures, byte for byte.
type Checkpoint struct {
	Origin string `json:"origin"`
	Size   int64  `json:"size"`
	Root   string `json:"root"` // base64, as the checkpoint has it
}

func (c Checkpoint) check() error {
	if strings.TrimSpace(c.Origin) == "" || c.Size < 0 || c.Root == "" {
		return jurat.Errorf(jurat.Invalid, "name the checkpoint the figures are counted from: its origin, its size and its root")
	}
	return nil
}

// A Month of the calendar, written 2026-01.
type Month string

// ParseMonth accepts YYYY-MM and nothing else.
func ParseMonth(s string) (Month, error) {
	if _, err := time.Parse("2006-01", s); err != nil || len(s) != 7 {
		return "", jurat.Errorf(jurat.Invalid, "month %q: want YYYY-MM, for example 2026-01", s)
	}
	return Month(s), nil
}

// MonthOf is the month of a moment in a time zone.
func MonthOf(at time.Time, zone *time.Location) Month { return Month(at.In(zone).Format("2006-01")) }

// begins is the first moment of the month in a time zone.
func (m Month) begins(zone *time.Location) time.Time {
	t, _ := time.ParseInLocation("2006-01", string(m), zone)
	return t
}

func (m Month) next() Month {
	return Month(m.begins(time.UTC).AddDate(0, 1, 0).Format("2006-01"))
}

// A Period is whole months, the last included.
type Period struct {
	From Month `json:"from"`
	To   Month `json:"to"`
}

// ParsePeriod accepts a year (2026), a quarter (2026-Q1) and a month (2026-01):
// periods that never overlap in part, so that the figures of two of them cannot
// be subtracted from each other to find those of a third.
func ParsePeriod(s string) (Period, error) {
	year, rest, parted := strings.Cut(s, "-")
	n, err := strconv.Atoi(year)
	bad := jurat.Errorf(jurat.Invalid, "period %q: want a year, a quarter or a month, for example 2026, 2026-Q1 or 2026-01", s)
	if _, isYear := ParseMonth(year + "-01"); err != nil || isYear != nil || n < 1 {
		return Period{}, bad
	}
	switch {
	case !parted:
		return Period{Month(year + "-01"), Month(year + "-12")}, nil
	case len(rest) == 2 && rest[0] == 'Q' && rest[1] >= '1' && rest[1] <= '4':
		first := int(rest[1]-'1')*3 + 1
		return Period{Month(fmt.Sprintf("%s-%02d", year, first)), Month(fmt.Sprintf("%s-%02d", year, first+2))}, nil
	}
	m, err := ParseMonth(s)
	if err != nil {
		return Period{}, bad
	}
	return Period{m, m}, nil
}

// Months lists the months of the period in order.
func (p Period) Months() []Month {
	var out []Month
	for m := p.From; m <= p.To && len(out) < 12; m = m.next() {
		out = append(out, m)
	}
	return out
}

// End is the first moment after the period in a time zone.
func (p Period) End(zone *time.Location) time.Time { return p.To.next().begins(zone) }

// Begin is the first moment of the period in a time zone.
func (p Period) Begin(zone *time.Location) time.Time { return p.From.begins(zone) }

// Has reports whether a moment lies in the period.
func (p Period) Has(at time.Time, zone *time.Location) bool {
	m := MonthOf(at, zone)
	return !at.IsZero() && p.From <= m && m <= p.To
}

// Overlaps reports whether two periods have a month in common.
func (p Period) Overlaps(q Period) bool { return p.From <= q.To && q.From <= p.To }

// String is the period as [ParsePeriod] reads it.
func (p Period) String() string {
	year, month, _ := strings.Cut(string(p.From), "-")
	n, _ := strconv.Atoi(month)
	switch len(p.Months()) {
	case 12:
		return year
	case 3:
		return fmt.Sprintf("%s-Q%d", year, (n+2)/3)
	}
	return string(p.From)
}

func (p Period) check() error {
	if q, err := ParsePeriod(p.String()); err != nil || p != q {
		return jurat.Errorf(jurat.Invalid, "period %s to %s: want a calendar year, a quarter or a month", p.From, p.To)
	}
	return nil
}

// An Area is one area of the city as the figures name it: a district or
// larger. Where an incident's district is in no list, its area is not
// established; a place that people typed is never printed.
type Area struct {
	Code  string      `json:"code"`
	Label order.Label `json:"label"`
}

// Input is what a publication is counted from.
type Input struct {
	Facts      iter.Seq2[order.Facts, error] // the incidents' facts, in any order, each incident once
	House      order.Facts                   // the records that belong to no incident
	Orders     []*order.Order                // the orders adopted, as their versions of that checkpoint
	Period     Period
	Checkpoint Checkpoint
	AsOf       time.Time    // when the last event of that checkpoint was done: it follows from the checkpoint, so a recount has it too
	Made       time.Time    // the present moment: whether the period ended and the delay has passed is measured to it, and it is printed nowhere
	Areas      []Area       // the areas there are; none: those of the orders' tables "areas" and "districts"
	Words      []string     // words no text of this jurisdiction's publication may use (PUB-3)
	Earlier    *Publication // what was published before, of the same period or of another
}

func (in Input) check() error {
	if err := in.Period.check(); err != nil {
		return err
	}
	if err := in.Checkpoint.check(); err != nil {
		return err
	}
	if in.Made.IsZero() {
		return jurat.Errorf(jurat.Invalid, "state the moment the figures are made for: the delay is measured to it")
	}
	if in.AsOf.IsZero() {
		return jurat.Errorf(jurat.Invalid, "state when the last event of the checkpoint was done")
	}
	if len(in.Orders) == 0 {
		return jurat.Errorf(jurat.Conflict, "no order was adopted as of this checkpoint: nothing says what is counted")
	}
	if e := in.Earlier; e != nil && e.Period != in.Period && e.Period.Overlaps(in.Period) {
		return jurat.Errorf(jurat.Conflict, "the figures of %s were published as part of %s, and a second cut of the same months could be subtracted from the first: publish %s again, or a period apart from it", in.Period, e.Period, e.Period)
	}
	return nil
}

// areas are the areas there are.
func (in Input) areas() []Area {
	if len(in.Areas) > 0 {
		return in.Areas
	}
	for _, o := range in.Orders {
		for _, id := range []string{"areas", "districts"} {
			if t, ok := o.Table(id); ok {
				out := make([]Area, len(t.Items))
				for i, it := range t.Items {
					out[i] = Area{Code: it.ID, Label: it.Label}
				}
				return out
			}
		}
	}
	return nil
}

// find gives the first adopted order that has a record type.
func find(orders []*order.Order, typ string) (*order.Order, bool) {
	i := slices.IndexFunc(orders, func(o *order.Order) bool { return o.Record(typ) != nil })
	if i < 0 {
		return nil, false
	}
	return orders[i], true
}
