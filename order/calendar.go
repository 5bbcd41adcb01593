package order

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"jurat"
)

// A Unit of a period.
type Unit string

// The units. A day is a calendar day in the order's time zone; a business day
// is one that is neither a Saturday, a Sunday nor a holiday of the order.
const (
	Hours        Unit = "hours"
	Days         Unit = "days"
	BusinessDays Unit = "business days"
	Months       Unit = "months"
	Years        Unit = "years"
)

// A Period is a length of time as law states it. The zero Period is "not
// stated".
type Period struct {
	N    int  `json:"n"`
	Unit Unit `json:"unit"`
	None bool `json:"none,omitempty"` // stated to have no end
}

// Stated reports whether the file gives a length.
func (d Period) Stated() bool { return d.N > 0 }

func (d Period) String() string {
	switch {
	case d.None:
		return "no end"
	case d.N == 0:
		return "not stated"
	case d.N == 1:
		return "1 " + strings.TrimSuffix(string(d.Unit), "s")
	}
	return strconv.Itoa(d.N) + " " + string(d.Unit)
}

// hours is about how long the period is, to compare it with another.
func (d Period) hours() int {
	return d.N * map[Unit]int{Hours: 1, Days: 24, BusinessDays: 34, Months: 730, Years: 8766}[d.Unit]
}

var periodPattern = regexp.MustCompile(`^([1-9][0-9]{0,4}) (hour|day|business day|month|year)s?$`)

// longest keeps every due time within the years a calendar can print.
var longest = map[Unit]int{Hours: 20_000, Days: 40_000, BusinessDays: 500, Months: 1_200, Years: 150}

// readPeriod reads a length such as "90 days"; what is wrong with it is said in
// the second result, in the words of expected.
func readPeriod(v string) (d Period, expected string) {
	m := periodPattern.FindStringSubmatch(v)
	if m == nil {
		return Period{}, `a period such as "24 hours", "90 days", "5 business days", "2 years", "no end", or "not stated"`
	}
	count, _ := strconv.Atoi(m[1])
	d = Period{N: count, Unit: Unit(m[2] + "s")}
	if most := longest[d.Unit]; d.N > most {
		return Period{}, fmt.Sprintf("at most %d %s", most, d.Unit)
	}
	return d, ""
}

func (p *parsing) period(n *node, key string) Period {
	v := p.text(n, key)
	switch v {
	case "", "not stated":
		return Period{}
	case "no end":
		return Period{None: true}
	}
	d, expected := readPeriod(v)
	if expected != "" {
		what := fmt.Sprintf("%s %q", key, v)
		if strings.HasPrefix(expected, "at most") {
			what += " is too long"
		}
		p.problem(n.line, n.col, what, expected, "")
	}
	return d
}

// wall is what the clocks of the order's zone show at a moment, as a time
// without a zone (it says UTC and means none). Days and months are counted in
// it, so that a duty of n days ends at the same local time (the clocks may have
// changed in between).
func (o *Order) wall(t time.Time) time.Time { return wallIn(o.Zone, t) }

func wallIn(zone *time.Location, t time.Time) time.Time {
	l := t.In(zone)
	return time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), l.Second(), l.Nanosecond(), time.UTC)
}

// moments gives the moments at which the clocks of a zone show w: one; two in
// the hour that is repeated when they go back; none in the hour that is skipped
// when they go forward. Then before is the moment w would have been, had they
// not been changed.
func moments(zone *time.Location, w time.Time) (all []time.Time, before time.Time) {
	_, early := w.Add(-26 * time.Hour).In(zone).Zone()
	_, late := w.Add(26 * time.Hour).In(zone).Zone()
	before = w.Add(-time.Duration(early) * time.Second)
	for _, offset := range []int{early, late} {
		t := w.Add(-time.Duration(offset) * time.Second)
		if wallIn(zone, t).Equal(w) && (len(all) == 0 || !all[0].Equal(t)) {
			all = append(all, t)
		}
	}
	return all, before
}

// unwall gives the moment a time ends at which the clocks show w. Of two it is
// the later: nobody's time is cut short by a change of the clocks. Where they
// never show w, it is the moment w would have been.
func (o *Order) unwall(w time.Time) time.Time {
	all, before := moments(o.Zone, w)
	switch len(all) {
	case 0:
		return before
	case 1:
		return all[0]
	}
	if all[1].After(all[0]) {
		return all[1]
	}
	return all[0]
}

// Local reads a local time without an offset, "2026-11-01T01:30" or with
// seconds, as the clocks of the zone show it. A time the clocks show twice that
// night, or never, is refused: nobody can tell from it when something was.
//
// Errors: Invalid.
func Local(zone *time.Location, text string) (time.Time, error) {
	w, err := time.Parse("2006-01-02T15:04:05", text)
	if err != nil {
		w, err = time.Parse("2006-01-02T15:04", text)
	}
	if err != nil {
		return time.Time{}, jurat.Errorf(jurat.Invalid, "the local time %q: want one such as 2026-02-10T21:15 or 2026-02-10T21:15:30", text)
	}
	switch all, before := moments(zone, w); len(all) {
	case 1:
		return all[0].UTC(), nil
	case 0:
		return time.Time{}, jurat.Errorf(jurat.Invalid, "the local time %s does not exist: the clocks were put forward over it; had they not been, it would be %s", text, before.In(zone).Format(time.RFC3339))
	default:
		return time.Time{}, jurat.Errorf(jurat.Invalid, "the local time %s comes twice that night: write %s or %s", text, all[0].In(zone).Format(time.RFC3339), all[1].In(zone).Format(time.RFC3339))
	}
}

// addMonths counts months on the calendar; a day the last month lacks is its
// last one: a month from 31 January ends on 28 February.
func addMonths(w time.Time, n int) time.Time {
	first := time.Date(w.Year(), w.Month()+time.Month(n), 1, w.Hour(), w.Minute(), w.Second(), w.Nanosecond(), time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(w.Day(), last)-1)
}

// after gives the moment a period has run from a moment: the same clock time n
// calendar days later, or the end of the n-th business day. Time within the
// spans, which are in order and do not overlap, does not count; a business day
// touched by one does not either.
func (o *Order) after(d Period, from time.Time, spans ...span) time.Time {
	if d.Unit == Hours {
		t := from.Add(time.Duration(d.N) * time.Hour)
		for _, s := range spans {
			t = t.Add(s.to.Sub(s.from))
		}
		return t.UTC()
	}
	w := o.wall(from)
	switch d.Unit {
	case Days:
		w = w.AddDate(0, 0, d.N)
	case Months:
		w = addMonths(w, d.N)
	case Years:
		w = addMonths(w, 12*d.N)
	default:
		return o.businessAfter(d.N, w, spans)
	}
	return o.unwall(o.later(w, spans)).UTC()
}

// later moves a clock time on by the time the clocks ran during the spans.
func (o *Order) later(w time.Time, spans []span) time.Time {
	for _, s := range spans {
		w = w.Add(o.wall(s.to).Sub(o.wall(s.from)))
	}
	return w
}

func (o *Order) businessAfter(n int, w time.Time, spans []span) time.Time {
	day := date(w)
	for left := n; left > 0; {
		day = day.AddDate(0, 0, 1)
		if last, touched := o.touched(day, spans); touched {
			day = last // a pause may be of years: they are not walked
			continue
		}
		if o.businessDay(day) {
			left--
		}
	}
	return o.unwall(day.AddDate(0, 0, 1)).UTC()
}

// ago gives the moment n units before a moment at which a clock has run.
func (o *Order) ago(n int, unit Unit, due time.Time) time.Time {
	if unit == Hours {
		return due.Add(-time.Duration(n) * time.Hour)
	}
	w := o.wall(due)
	switch unit {
	case Months:
		w = addMonths(w, -n)
	case Years:
		w = addMonths(w, -12*n)
	case BusinessDays:
		for left := n; left > 0; {
			w = w.AddDate(0, 0, -1)
			if o.businessDay(date(w)) {
				left--
			}
		}
	default:
		w = w.AddDate(0, 0, -n)
	}
	return o.unwall(w)
}

// touched gives the last day of the span that reaches into a day.
func (o *Order) touched(day time.Time, spans []span) (time.Time, bool) {
	for _, s := range spans {
		if to := o.wall(s.to); o.wall(s.from).Before(day.AddDate(0, 0, 1)) && to.After(day) {
			return date(to.Add(-1)), true
		}
	}
	return time.Time{}, false
}

// date is the beginning of the day of a time as [Order.wall] gives it.
func date(w time.Time) time.Time {
	return time.Date(w.Year(), w.Month(), w.Day(), 0, 0, 0, 0, time.UTC)
}

// businessDay takes a day as [Order.wall] gives it.
func (o *Order) businessDay(day time.Time) bool {
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday && !o.holiday[day.Format(time.DateOnly)]
}

// A span is a stretch of time that does not count.
type span struct{ from, to time.Time }

// A Holiday is a day that is no business day.
type Holiday struct {
	ID    string `json:"id"`
	Date  Day    `json:"date"`
	Label Label  `json:"label"`
	Footing
}

func (p *parsing) holidays(g group) {
	p.order.holiday = map[string]bool{}
	taken := map[string]bool{}
	for _, n := range g.each("holidays") {
		e := p.group(n, "a holiday", footed("id", "date", "label")...)
		h := Holiday{ID: e.ident(idPattern, taken), Date: p.day(e.need("date"), "date", p.order.Zone), Label: p.label(e.need("label"), "label"), Footing: p.footing(e, nil)}
		if h.Date.Stated() && !h.Date.Date {
			p.problem(n.line, n.col, "a holiday is a day", "a date such as 2026-07-03", "")
		}
		if p.order.holiday[h.Date.Text] {
			p.problem(n.line, n.col, fmt.Sprintf("the holiday %s stands twice", h.Date), "each day once", "")
		}
		p.order.holiday[h.Date.Text] = true
		p.order.Holidays = append(p.order.Holidays, h)
	}
}
