package web

import (
	"fmt"
	"html/template"
	"slices"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// A timeline is what is known of an incident in time: each line with the clock
// that gave its moment, and, drawn, the same lines along an axis.
type timeline struct {
	Lines   []momentLine
	Apart   []momentLine // whose clock is not reliable, or not known: not put in order (SEC-20)
	Picture picture
}

// A momentLine is one moment and what it is of.
type momentLine struct {
	At, To  time.Time
	Precise bool
	Clock   string // the catalogue's key of whose clock it is
	Offset  *int   // seconds the device is ahead, measured
	What    string
	Address string
	Lane    string
}

// unreliable is the offset above which a clock is listed apart (SEC-20).
const unreliable = 60

// timeline gathers the moments of an incident.
func (c *Counter) timeline(v *visit, view desk.View, words *vocabulary) (timeline, error) {
	say := func(key string, gaps ...any) string {
		s, err := c.pages.words.say(v.lang, key, gaps...)
		if err != nil {
			return key
		}
		return s
	}
	var all, apart []momentLine
	add := func(m momentLine) {
		if m.At.IsZero() {
			return
		}
		if m.Offset != nil && (*m.Offset > unreliable || *m.Offset < -unreliable) {
			apart = append(apart, m)
			return
		}
		all = append(all, m)
	}
	in := view.Incident
	add(momentLine{At: in.Occurred.From, To: in.Occurred.To, Precise: in.Occurred.Precision == "exact", Clock: "typed", What: say("timeline.occurred"), Lane: say("timeline.lane_said")})
	add(momentLine{At: in.FirstKnowledge, Precise: true, Clock: "typed", What: say("timeline.first_knowledge"), Lane: say("timeline.lane_said")})
	for _, x := range view.Exhibits {
		name := say("exhibit.n", "n", countOf(x.Value.ID)) + ", " + words.Kind(x.Value.Kind)
		at := x.Value.Recorded.From
		if x.Value.ClockOffset != nil && !at.IsZero() && abs(*x.Value.ClockOffset) <= unreliable {
			at = at.Add(-time.Duration(*x.Value.ClockOffset) * time.Second) // as the common clock has it
		}
		add(momentLine{At: at, To: x.Value.Recorded.To, Precise: x.Value.Recorded.Precision == "exact", Clock: "camera", Offset: x.Value.ClockOffset, What: name, Address: itemPath(x.Value.ID), Lane: name})
	}
	for _, r := range view.Records {
		for _, m := range recordMoments(r.Value) {
			add(momentLine{At: m.at, Precise: true, Clock: "typed", What: words.Type(r.Value.Type) + ": " + words.questionOf(r.Value.Type, m.field), Address: itemPath(r.Value.ID), Lane: say("timeline.lane_records")})
		}
	}
	for _, a := range view.Accounts {
		if !a.Value.Asked.IsZero() {
			add(momentLine{At: a.Value.Asked, Precise: true, Clock: "recorded", What: say("timeline.asked", "side", sideWord(say, a.Value.Side)), Lane: say("timeline.lane_acts")})
		}
		if !a.Value.Given.IsZero() {
			add(momentLine{At: a.Value.Given, Precise: true, Clock: "recorded", What: say("timeline.given", "side", sideWord(say, a.Value.Side)), Lane: say("timeline.lane_acts")})
		}
	}
	byTime := func(a, b momentLine) int { return a.At.Compare(b.At) }
	slices.SortStableFunc(all, byTime)
	slices.SortStableFunc(apart, byTime)
	t := timeline{Lines: all, Apart: apart}
	if len(all) > 0 {
		t.Picture = c.timelinePicture(say, all)
	}
	return t, nil
}

func sideWord(say func(string, ...any) string, side string) string { return say("list.side." + side) }

func abs(n int) int { return max(n, -n) }

func countOf(id jurat.ItemID) string {
	_, n := place(id)
	return n
}

// timelinePicture draws the moments in lanes. Stretches in which nothing is
// known for half an hour are cut short, and say how long they were.
func (c *Counter) timelinePicture(say func(string, ...any) string, all []momentLine) picture {
	const gap = 30 * time.Minute
	var lanes []string
	for _, m := range all {
		if !slices.Contains(lanes, m.Lane) {
			lanes = append(lanes, m.Lane)
		}
	}
	// Where each moment lies once long gaps are cut: in units of a second.
	where := make([]int, len(all))
	type cut struct {
		at   int
		long time.Duration
	}
	var cuts []cut
	x := 0
	for i, m := range all {
		if i > 0 {
			d := m.At.Sub(all[i-1].At)
			if d > gap {
				cuts = append(cuts, cut{x + 60, d})
				d = 2 * time.Minute
			}
			x += int(d / time.Second)
		}
		where[i] = x
	}
	total := max(x, 60)
	p := picture{ID: "timeline-picture", Caption: say("timeline.picture"), Finding: say("timeline.finding", "count", len(all), "lanes", len(lanes))}
	wide := &canvas{wide: 720, high: 40*len(lanes) + 46}
	const left, right = 200, 700
	for i, lane := range lanes {
		y := i*40 + 24
		wide.text(left-12, y+5, "end", "name", clipped(lane, 26))
		wide.line(left, y, right, y, true)
	}
	for i, m := range all {
		y := slices.Index(lanes, m.Lane)*40 + 24
		px := left + (right-left)*where[i]/total
		mark(wide, m, px, y)
	}
	for _, k := range cuts {
		px := left + (right-left)*k.at/total
		wide.text(px, 40*len(lanes)+16, "middle", "cut", "⌁ "+span(say, k.long))
	}
	base := 40*len(lanes) + 22
	wide.line(left, base, right, base, false)
	wide.text(left, base+18, "start", "axis", all[0].At.In(c.Zone).Format("15:04:05"))
	wide.text(right, base+18, "end", "axis", all[len(all)-1].At.In(c.Zone).Format("15:04:05"))
	p.Wide = wide.svg("timeline-wide", "wide", p.Caption, p.Finding)

	narrow := &canvas{wide: 328, high: 40*len(all) + 10}
	narrow.line(92, 6, 92, narrow.high-6, false)
	for i, m := range all {
		y := i*40 + 22
		narrow.text(84, y+5, "end", "axis", m.At.In(c.Zone).Format("15:04:05"))
		mark(narrow, m, 92, y)
		narrow.text(110, y+5, "start", "name", clipped(m.What, 30))
	}
	p.Narrow = narrow.svg("timeline-narrow", "narrow", p.Caption, p.Finding)
	return p
}

// mark draws one moment: a dot; hollow where the time is not exact; a diamond
// where a camera's offset was not measured.
func mark(k *canvas, m momentLine, x, y int) {
	fill := "currentColor"
	if !m.Precise {
		fill = "none"
	}
	open, shut := "", ""
	if m.Address != "" {
		open, shut = `<a href="`+template.HTMLEscapeString(m.Address)+`">`, `</a>`
	}
	k.b.WriteString(open)
	fmt.Fprintf(&k.b, `<rect x="%d" y="%d" width="24" height="24" fill="#fff" fill-opacity="0"/>`, x-12, y-12)
	if m.Clock == "camera" && m.Offset == nil {
		fmt.Fprintf(&k.b, `<path d="M%d %dl7 7l-7 7l-7 -7z" fill="none" stroke="currentColor" stroke-width="2"/>`, x, y-7)
	} else {
		fmt.Fprintf(&k.b, `<circle cx="%d" cy="%d" r="6" fill="%s" stroke="currentColor" stroke-width="2"/>`, x, y, fill)
	}
	fmt.Fprintf(&k.b, `<title>%s</title>`, template.HTMLEscapeString(m.At.Format("15:04:05")+" "+m.What))
	k.b.WriteString(shut)
}

func clipped(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// span is a length of time in words of the catalogue.
func span(say func(string, ...any) string, d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return say("span.days", "count", int(d/(24*time.Hour)))
	case d >= 2*time.Hour:
		return say("span.hours", "count", int(d/time.Hour))
	}
	return say("span.minutes", "count", int(d/time.Minute))
}

// A recordMoment is a moment a record states.
type recordMoment struct {
	field string
	at    time.Time
}

// recordMoments finds the moments among a record's fields.
func recordMoments(r jurat.Record) []recordMoment {
	values, err := fieldTexts(r)
	if err != nil {
		return nil
	}
	var out []recordMoment
	for name, s := range values {
		if at, err := time.Parse(time.RFC3339, s); err == nil {
			out = append(out, recordMoment{name, at})
		}
	}
	slices.SortFunc(out, func(a, b recordMoment) int { return a.at.Compare(b.at) })
	return out
}
