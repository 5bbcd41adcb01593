package order

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// Every lists how often a duty may recur. A week begins on a Monday.
var Every = [...]string{"day", "week", "month", "quarter", "year"}

// A Recurrence makes a duty of the house owed anew for every period of the
// calendar. Each period is an item of the duty, with a state of its own: 2026,
// 2026-Q1, 2026-03, 2026-W07 or 2026-03-01.
type Recurrence struct {
	Period  string `json:"period"`         // one of Every
	First   Day    `json:"first,omitzero"` // a day of the first period, where the file states one
	Footing        // what the duty stands on, unless it says otherwise

	begins time.Time // of the first period, as wall time
}

// maxPeriods is how many periods of one duty are judged: the newest. What came
// before them is one item that cannot be told.
const maxPeriods = 1_200

// recurrence reads "every: month", or its longer form with a first day and a
// footing of its own.
func (p *parsing) recurrence(n *node, d *DutyRule) *Recurrence {
	if n == nil {
		return nil
	}
	if d.Scope != OfHouse {
		p.problem(n.line, n.col, `"every" in a duty of an incident`, "scope: house", "a duty that recurs belongs to no incident; for each department write each: tables.ID")
	}
	r := &Recurrence{Footing: d.Footing}
	at := n
	if n.form == isMap {
		g := p.group(n, "every", footed("period", "first")...)
		at = g.need("period")
		r.First = p.day(g.get("first"), "first", p.order.Zone)
		if f := g.get("first"); r.First.Stated() && !r.First.Date {
			p.problem(f.line, f.col, "the first period begins on a day", "a date such as 2026-01-01", "")
		}
		r.Footing = p.footing(g, &d.Footing)
	}
	r.Period = p.choice(at, "every", Every[:])
	first := r.First
	for _, other := range []Day{p.order.Effective.From, p.order.Signed.From} {
		if !first.Stated() {
			first = other
		}
	}
	if !first.Stated() {
		p.problem(n.line, n.col, "nothing says which period is the first: the order states no day from which it holds, and none on which it was signed", "every: {period: …, first: a date}", "")
		return r
	}
	if r.Period != "" {
		r.begins = begin(r.Period, p.order.wall(first.At))
	}
	return r
}

// begin gives the beginning of the period a time lies in; both are wall times.
func begin(every string, w time.Time) time.Time {
	day := date(w)
	switch every {
	case "week":
		return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	case "month":
		return day.AddDate(0, 0, 1-day.Day())
	case "quarter":
		return time.Date(day.Year(), (day.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
	case "year":
		return time.Date(day.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return day
}

// step gives the beginning of the n-th period after one that begins at w.
func step(every string, w time.Time, n int) time.Time {
	switch every {
	case "week":
		return w.AddDate(0, 0, 7*n)
	case "month":
		return w.AddDate(0, n, 0)
	case "quarter":
		return w.AddDate(0, 3*n, 0)
	case "year":
		return w.AddDate(n, 0, 0)
	}
	return w.AddDate(0, 0, n)
}

func periodID(every string, w time.Time) string {
	switch every {
	case "week":
		year, week := w.ISOWeek()
		return fmt.Sprintf("%04d-W%02d", year, week)
	case "month":
		return w.Format("2006-01")
	case "quarter":
		return fmt.Sprintf("%04d-Q%d", w.Year(), (int(w.Month())+2)/3)
	case "year":
		return w.Format("2006")
	}
	return w.Format(time.DateOnly)
}

// A window is one period, as the variable "period" of an expression sees it.
type window struct {
	id       string
	from, to time.Time // to is the moment after its last one
}

var periodShape = newShape("one period", "period",
	textSlot("id", "such as 2026-03 or 2026-Q1", func(w *window) string { return w.id }),
	timeSlot("from", "when the period begins", func(w *window) time.Time { return w.from }),
	timeSlot("to", "when it is over: the moment the next one begins", func(w *window) time.Time { return w.to }),
)

// windows gives the periods of a recurrence up to the one a moment lies in, the
// oldest first, and the beginning of the first where there are more than are
// judged.
func (o *Order) windows(r *Recurrence, at time.Time) (out []window, earlier time.Time) {
	if r.begins.IsZero() || !printable(at) {
		return nil, time.Time{}
	}
	w := begin(r.Period, o.wall(at))
	for !w.Before(r.begins) && len(out) < maxPeriods {
		out = append(out, window{periodID(r.Period, w), o.unwall(w).UTC(), o.unwall(step(r.Period, w, 1)).UTC()})
		w = step(r.Period, w, -1)
	}
	slices.Reverse(out)
	if !w.Before(r.begins) {
		earlier = o.unwall(r.begins).UTC()
	}
	return out, earlier
}

// recurring gives the duties of a recurring rule: one for each period, and in
// it one for each item where the rule has "each".
func (s *scene) recurring(rule *DutyRule, base Duty) []Duty {
	none := func(why string) []Duty {
		base.State, base.Why = NotApplicable, []string{why}
		return []Duty{base}
	}
	if rule.Every.Basis == Unverified {
		base.Basis = Unverified // a period nobody verified closes no gate alone
	}
	until := s.at
	if s.standing == Expired || s.standing == Repealed {
		// What it asked of a time when it was in force is still owed.
		if end := s.status.Date.end().Add(-1); end.Before(until) {
			until = end
		}
	} else if why := s.notOwed(rule); why != "" {
		return none(why)
	}
	all, earlier := s.o.windows(rule.Every, until)
	if len(all) > 0 {
		s.turns(all[len(all)-1].to)
	} else {
		s.turns(s.o.unwall(rule.Every.begins))
	}
	if len(all) == 0 {
		return none("its first period begins on " + rule.Every.begins.Format(time.DateOnly))
	}
	var out []Duty
	if !earlier.IsZero() {
		d := base
		d.Item, d.State = "before "+all[0].id, CannotTell
		d.Why = []string{fmt.Sprintf("not known: the periods from %s to %s; only the newest %d are judged. State a later first period in the next version of the order",
			earlier.In(s.o.Zone).Format(time.DateOnly), all[0].from.In(s.o.Zone).Format(time.DateOnly), maxPeriods)}
		out = append(out, d)
	}
	for i := range all {
		out = append(out, s.oneWindow(rule, base, &all[i])...)
	}
	return out
}

func (s *scene) oneWindow(rule *DutyRule, base Duty, w *window) []Duty {
	base.Item, base.Period = w.id, w.id
	if why := s.idle(rule, w); why != "" {
		base.State, base.Why = NotApplicable, []string{why}
		return []Duty{base}
	}
	in := itemScene{scene: s, window: w, period: &thing{shape: periodShape, of: w}}
	if rule.each == nil {
		s.judge(rule, &base, in)
		return []Duty{base}
	}
	items, unknown := s.items(rule.each, in)
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
		out[i].Item = itemName(it, i) + " " + w.id
		in.it = it
		s.judge(rule, &out[i], in)
	}
	return out
}

// idle says why nothing was owed in a period: the order did not hold at any
// moment of it.
func (s *scene) idle(rule *DutyRule, w *window) string {
	why, state := s.o.idleAt(rule.ID, w.from)
	if why == "" || state == notYet && rule.Every.First.Stated() {
		return "" // a first period the file states may begin before the order did
	}
	for _, st := range s.o.Status {
		if st.Date.Stated() && st.Date.At.After(w.from) && st.Date.At.Before(w.to) {
			if again, _ := s.o.idleAt(rule.ID, st.Date.At); again == "" {
				return ""
			}
		}
	}
	return "in the whole period " + why
}

// idleAt says why a duty or a fee was not in force at a moment, or nothing.
func (o *Order) idleAt(id string, at time.Time) (why string, state Standing) {
	state, entry := o.StatusAt(at)
	since := " since " + entry.Date.String() + " (" + entry.Authority + ")"
	switch {
	case state == notYet:
		return "the order was not in force yet", state
	case state == Stayed:
		return "the order was stayed" + since, state
	case state == Expired, state == Repealed:
		return "the order was " + string(state) + since, state
	case state == EnjoinedInPart && slices.Contains(entry.Duties, id):
		return "this part of the order was enjoined" + since, state
	}
	return "", state
}

// A DueBy is a day of the calendar: the first one at or after the end of a
// period. The time runs to the end of it.
type DueBy struct {
	Month time.Month `json:"month,omitempty"` // 0: of the month in which the period's end lies
	Day   int        `json:"day,omitempty"`   // 0: the month's last day
}

var dueByPattern = regexp.MustCompile(`^(?:day ([1-9][0-9]?)|(last day)|([1-9][0-9]?) ([A-Z][a-z]+))$`)

func (p *parsing) dueBy(n *node) DueBy {
	v := p.text(n, "by")
	bad := func(hint string) DueBy {
		p.problem(n.line, n.col, fmt.Sprintf("by %q", v), `a day such as "1 March", "day 15" (of the month after the period), or "last day"`, hint)
		return DueBy{Day: 1}
	}
	if v == "" {
		return DueBy{Day: 1}
	}
	m := dueByPattern.FindStringSubmatch(v)
	switch {
	case m == nil:
		return bad("")
	case m[1] != "":
		day, _ := strconv.Atoi(m[1])
		if day > 28 {
			return bad("a month may have 28 days; write last day")
		}
		return DueBy{Day: day}
	case m[2] != "":
		return DueBy{}
	}
	day, _ := strconv.Atoi(m[3])
	for month := time.January; month <= time.December; month++ {
		if month.String() == m[4] {
			if day > time.Date(2026, month+1, 0, 0, 0, 0, 0, time.UTC).Day() {
				return bad("no such day in every year")
			}
			return DueBy{Month: month, Day: day}
		}
	}
	var all []string
	for month := time.January; month <= time.December; month++ {
		all = append(all, month.String())
	}
	return bad(nearest(m[4], all))
}

func (b DueBy) String() string {
	switch {
	case b.Month != 0:
		return fmt.Sprintf("%d %s", b.Day, b.Month)
	case b.Day != 0:
		return fmt.Sprintf("day %d", b.Day)
	}
	return "last day"
}

// ends gives the moment a due day is over, for a period that ends at a moment.
func (o *Order) ends(b DueBy, to time.Time) time.Time {
	w := o.wall(to)
	day := time.Date(w.Year(), w.Month(), b.Day, 0, 0, 0, 0, time.UTC)
	switch {
	case b.Month != 0:
		day = time.Date(w.Year(), b.Month, b.Day, 0, 0, 0, 0, time.UTC)
		if day.Before(w) {
			day = day.AddDate(1, 0, 0)
		}
	case b.Day == 0:
		day = time.Date(w.Year(), w.Month()+1, 0, 0, 0, 0, 0, time.UTC)
	case day.Before(w):
		day = day.AddDate(0, 1, 0)
	}
	return o.unwall(day.AddDate(0, 0, 1))
}

// tablesShape is the shape of "tables": the codes of each table of an order,
// for duties asked of each department.
func tablesShape(o *Order) *shape {
	s := newShape("one tables", "tables")
	for _, t := range o.Tables {
		s.add(textsSlot(t.ID, t.Title.String(), func(*Order) []string { return t.Codes() }))
	}
	return s
}
