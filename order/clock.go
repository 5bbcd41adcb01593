package order

import (
	"fmt"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
)

// A ClockKind says how a duty's time is stated.
type ClockKind string

// The kinds of clock.
const (
	ClockNone        ClockKind = "none stated"
	ClockImmediately ClockKind = "immediately" // shown in seconds, never passed or failed
	ClockWithin      ClockKind = "within"
	ClockBy          ClockKind = "by" // a day of the calendar, of a duty that recurs
)

// A Clock is a duty's time. Local says that the target is the city's own and in
// no order: it is labelled so wherever it is shown.
type Clock struct {
	Kind   ClockKind `json:"kind"`
	Within Period    `json:"within,omitzero"`
	From   string    `json:"from,omitempty"` // the expression
	Warn   []int     `json:"warn,omitempty"` // in the unit of Within, from From, ascending
	By     *DueBy    `json:"by,omitempty"`
	Before []int     `json:"warn_before,omitempty"` // in the unit of Within, or days; before the end, descending
	Local  bool      `json:"local,omitempty"`

	from *expression
}

func (p *parsing) clock(e group, in around) Clock {
	n := e.need("clock")
	if n == nil {
		return Clock{Kind: ClockNone}
	}
	g := p.group(n, "a clock", "within", "by", "from", "warn", "warn_before", "local")
	c := Clock{Kind: ClockWithin, From: g.text("from"), Local: g.truth("local")}
	if by := g.get("by"); by != nil {
		c.Kind = ClockBy
		b := p.dueBy(by)
		c.By = &b
		if !in.period {
			p.problem(by.line, by.col, `"by" in a duty that does not recur`, "within, or every beside it", "")
		}
	} else if !p.within(g, &c) {
		return c
	}
	if c.Kind == ClockWithin || c.Kind == ClockImmediately {
		c.from = p.compile(g.need("from"), "from", cel.TimestampType, in)
	}
	not := map[ClockKind][]string{
		ClockNone: {"from", "warn", "warn_before", "local"}, ClockImmediately: {"warn", "warn_before", "local"}, ClockBy: {"within", "from", "warn"},
	}
	for _, k := range not[c.Kind] {
		if m := g.get(k); m != nil {
			beside := fmt.Sprintf("within: %s", c.Kind)
			if c.Kind == ClockBy {
				beside = "by"
			}
			p.problem(m.line, m.col, fmt.Sprintf("%q beside %s", k, beside), "no such key here", "")
		}
	}
	p.warnings(g, &c)
	return c
}

// within reads the length of a clock, or what stands in its place.
func (p *parsing) within(g group, c *Clock) bool {
	w := g.need("within")
	switch text := p.text(w, "within"); text {
	case "":
		return false
	case string(ClockNone), string(ClockImmediately):
		c.Kind = ClockKind(text)
	default:
		if c.Within = p.period(w, "within"); !c.Within.Stated() {
			p.hintLast(`or "immediately", or "none stated"`)
		}
	}
	return true
}

func (p *parsing) warnings(g group, c *Clock) {
	for _, m := range g.each("warn") {
		n := p.whole(m, "warn", 1, 100_000)
		if len(c.Warn) > 0 && n <= c.Warn[len(c.Warn)-1] || c.Within.N > 0 && n > c.Within.N {
			p.problem(m.line, m.col, fmt.Sprintf("the warning at %d is out of order or after the clock has run", n), "ascending numbers, in the unit of within, not beyond it", "")
		}
		c.Warn = append(c.Warn, n)
	}
	for _, m := range g.each("warn_before") {
		n := p.whole(m, "warn_before", 1, 10_000)
		if len(c.Before) > 0 && n >= c.Before[len(c.Before)-1] || c.Within.N > 0 && n > c.Within.N {
			p.problem(m.line, m.col, fmt.Sprintf("the warning %d before the end is out of order or before the clock runs", n), "descending numbers, in the unit of within (days beside by), not beyond it", "")
		}
		c.Before = append(c.Before, n)
	}
}

// start sets where the clock of a duty starts, when it has run, and the last
// warning passed.
func (s *scene) start(rule *DutyRule, d *Duty, in itemScene) {
	c := &rule.Clock
	switch {
	case c.Kind == ClockBy && in.window != nil:
		d.Since = in.window.to
	case c.from == nil:
		s.surge(rule, d)
		return
	default:
		v := s.run(c.from, in)
		from, ok := v.(types.Timestamp)
		if !ok {
			d.Why = append(d.Why, unknownLines(v)...)
			return
		}
		d.Since = from.Time.UTC()
	}
	if !printable(d.Since) {
		return
	}
	within := s.surge(rule, d)
	if c.Kind == ClockImmediately {
		return
	}
	pauses := s.pauses(d)
	end := func(spans []span) time.Time { return s.o.after(within, d.Since, spans...) }
	unit := within.Unit
	if c.Kind == ClockBy {
		unit = Days
		end = func(spans []span) time.Time {
			return s.o.unwall(s.o.later(s.o.wall(s.o.ends(*c.By, d.Since)), spans)).UTC()
		}
	}
	var counted int
	d.Due, counted = stopped(pauses, end)
	for i, x := range pauses {
		if i >= counted {
			d.Why = append(d.Why, "the pause "+x.id+" begins after the time had run, and stops nothing")
			continue
		}
		if x.open {
			d.Paused = x.reason
		}
		d.Why = append(d.Why, "its clock was paused: "+x.reason+" ("+x.id+")")
	}
	for _, n := range c.Warn {
		at, _ := stopped(pauses, func(spans []span) time.Time { return s.o.after(Period{N: n, Unit: unit}, d.Since, spans...) })
		s.turns(at)
		if !s.at.Before(at) {
			d.Warned = n
		}
	}
	for _, n := range c.Before {
		at := s.o.ago(n, unit, d.Due)
		s.turns(at)
		if !s.at.Before(at) {
			d.WarnedBefore = n
		}
	}
}

// printable keeps clear of years no calendar prints.
func printable(t time.Time) bool { return t.Year() > 0 && t.Year() < 9000 }
