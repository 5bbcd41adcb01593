package web

import (
	"fmt"
	"html/template"
	"slices"
	"time"

	"jurat/internal/desk"
)

// dutiesPicture draws what is owed by its age, the oldest first: a solid bar is
// past its date, an outline within it, a dotted one has no time stated. A rule
// stands at the limit, dashed where the limit is the city's own. Nobody's name
// is in it.
func (c *Counter) dutiesPicture(v *visit, lines []desk.DutyLine) (picture, error) {
	if len(lines) == 0 {
		return picture{}, nil
	}
	const most = 20
	all := slices.Clone(lines)
	slices.SortStableFunc(all, func(a, b desk.DutyLine) int { return int(b.Age/time.Hour) - int(a.Age/time.Hour) })
	if len(all) > most {
		all = all[:most]
	}
	longest, late := 1, 0
	for _, l := range all {
		longest = max(longest, daysOf(l.Age)+1, limitOf(l, v.at))
		if l.Overdue > 0 {
			late++
		}
	}
	p := picture{ID: "duties-by-age", Caption: c.say(v, "picture.duties"), Finding: c.say(v, "picture.duties_finding", "count", len(all), "late", late)}
	draw := func(id, class string, wide, left int) template.HTML {
		const row = 34
		k := &canvas{wide: wide}
		width := wide - left - 70
		for i, l := range all {
			days, y := daysOf(l.Age), i*row+8
			w := max(4, width*days/longest)
			where := "/duties"
			if l.Incident != "" {
				where = "/incidents/" + string(l.Incident)
			}
			fmt.Fprintf(&k.b, `<a href="%s">`, template.HTMLEscapeString(where))
			k.text(left-8, y+17, "end", "name", clipped(labelIn(l.Title, v.lang), left/7))
			k.bar(left, y, w, barOf(l))
			k.text(left+w+6, y+17, "start", "value", c.say(v, "picture.days", "count", days))
			k.b.WriteString(`</a>`)
			if limit := limitOf(l, v.at); limit > 0 {
				x := left + width*limit/longest
				k.rule(x, y-4, y+28, l.Local)
			}
		}
		base := row*len(all) + 8
		k.line(left, base, wide-10, base, false)
		k.text(left, base+18, "start", "axis", c.say(v, "picture.age_axis"))
		y, x := base+30, 4
		for _, one := range []struct {
			say  string
			draw func(x, y int)
		}{
			{"picture.past", func(x, y int) { k.bar(x, y, 24, "past") }},
			{"picture.within", func(x, y int) { k.bar(x, y, 24, "within") }},
			{"picture.unstated", func(x, y int) { k.bar(x, y, 24, "unstated") }},
			{"picture.limit", func(x, y int) { k.rule(x+12, y-2, y+26, false) }},
			{"picture.local", func(x, y int) { k.rule(x+12, y-2, y+26, true) }},
		} {
			text := c.say(v, one.say)
			need := 44 + 8*len([]rune(text))
			if x > 4 && x+need > wide {
				x, y = 4, y+32
			}
			one.draw(x, y)
			k.text(x+32, y+17, "start", "axis", text)
			x += need
		}
		k.high = y + 34
		return k.svg(id, class, p.Caption, p.Finding)
	}
	p.Wide, p.Narrow = draw("duties-wide", "wide", 960, 380), draw("duties-narrow", "narrow", 328, 150)
	return p, nil
}

func daysOf(d time.Duration) int { return int(d / (24 * time.Hour)) }

// limitOf is how many days after it was first owed a duty is due; 0: no time is
// stated, or it is not known since when it is owed.
func limitOf(l desk.DutyLine, at time.Time) int {
	if l.Due.IsZero() || l.Age <= 0 {
		return 0
	}
	return max(1, daysOf(l.Age+l.Due.Sub(at)))
}

// barOf says how the bar of a duty is drawn.
func barOf(l desk.DutyLine) string {
	switch {
	case l.Overdue > 0:
		return "past"
	case l.Due.IsZero():
		return "unstated"
	}
	return "within"
}

// bar draws a bar with its end cap.
func (c *canvas) bar(x, y, w int, kind string) {
	fill, dash := "none", ""
	switch kind {
	case "past":
		fill = "currentColor"
	case "unstated":
		dash = ` stroke-dasharray="2 3"`
	}
	fmt.Fprintf(&c.b, `<rect x="%d" y="%d" width="%d" height="24" fill="%s" stroke="currentColor"%s/>`, x, y, w, fill, dash)
	fmt.Fprintf(&c.b, `<path d="M%d %dv24" stroke="currentColor" stroke-width="3" fill="none"/>`, x+w, y)
}

// rule draws the limit of a duty: dashed where it is local.
func (c *canvas) rule(x, from, to int, local bool) {
	dash := ""
	if local {
		dash = ` stroke-dasharray="4 3"`
	}
	fmt.Fprintf(&c.b, `<path d="M%d %dV%d" stroke="currentColor" stroke-width="2"%s fill="none"/>`, x, from, to, dash)
}
