package web

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"jurat/internal/desk"
)

// A picture is a drawing made here, in two widths, with a sentence that says
// what it shows. The table beside it is the record; the picture is its reading.
type picture struct {
	ID, Caption, Finding string
	Wide, Narrow         template.HTML
}

// A canvas is an SVG being drawn: attributes and classes only, no style.
type canvas struct {
	b          strings.Builder
	wide, high int
}

func (c *canvas) text(x, y int, anchor, class, s string) {
	fmt.Fprintf(&c.b, `<text x="%d" y="%d" text-anchor="%s" class="%s" fill="currentColor">%s</text>`, x, y, anchor, class, template.HTMLEscapeString(s))
}

func (c *canvas) line(x1, y1, x2, y2 int, dashed bool) {
	dash := ""
	if dashed {
		dash = ` stroke-dasharray="4 4"`
	}
	fmt.Fprintf(&c.b, `<path d="M%d %dL%d %d" stroke="currentColor" stroke-width="1"%s fill="none"/>`, x1, y1, x2, y2, dash)
}

// svg closes the drawing. Its name and finding are those of the figure it
// stands in; id keeps the two widths apart.
func (c *canvas) svg(id, class, title, finding string) template.HTML {
	return template.HTML(fmt.Sprintf( //nolint:gosec // every text in it is escaped
		`<svg class="picture %s" viewBox="0 0 %d %d" role="group" aria-labelledby="%s-title %s-desc" font-size="13"><title id="%s-title">%s</title><desc id="%s-desc">%s</desc>%s</svg>`,
		class, c.wide, c.high, id, id, id, template.HTMLEscapeString(title), id, template.HTMLEscapeString(finding), c.b.String()))
}

// dutiesPicture draws what is owed by its age: solid past its date, an outline
// within it, dotted where no time is stated. Nobody's name is in it.
func (c *Counter) dutiesPicture(v *visit, lines []desk.DutyLine) (picture, error) {
	if len(lines) == 0 {
		return picture{}, nil
	}
	say := func(key string, gaps ...any) string {
		s, err := c.pages.words.say(v.lang, key, gaps...)
		if err != nil {
			return key
		}
		return s
	}
	const most = 20
	drawn := lines
	if len(drawn) > most {
		drawn = drawn[:most]
	}
	longest := 1
	late := 0
	for _, l := range drawn {
		longest = max(longest, int(l.Age/(24*time.Hour))+1)
		if l.Overdue > 0 {
			late++
		}
	}
	p := picture{ID: "duties-by-age", Caption: say("picture.duties"), Finding: say("picture.duties_finding", "count", len(drawn), "late", late)}
	draw := func(id, class string, wide, left int) template.HTML {
		const row = 34
		k := &canvas{wide: wide, high: row*len(drawn) + 40}
		width := wide - left - 70
		for i, l := range drawn {
			days := int(l.Age / (24 * time.Hour))
			y := i*row + 8
			w := max(4, width*days/longest)
			name := labelIn(l.Title, v.lang)
			if limit := left / 7; len([]rune(name)) > limit {
				name = string([]rune(name)[:limit-1]) + "…"
			}
			where := "/duties"
			if l.Incident != "" {
				where = "/incidents/" + string(l.Incident)
			}
			fmt.Fprintf(&k.b, `<a href="%s">`, template.HTMLEscapeString(where))
			k.text(left-8, y+17, "end", "name", name)
			fill, dash := "none", ""
			switch {
			case l.Overdue > 0:
				fill = "currentColor"
			case l.Due.IsZero():
				dash = ` stroke-dasharray="2 3"`
			}
			fmt.Fprintf(&k.b, `<rect x="%d" y="%d" width="%d" height="24" fill="%s" stroke="currentColor"%s/>`, left, y, w, fill, dash)
			k.text(left+w+6, y+17, "start", "value", say("picture.days", "count", days))
			k.b.WriteString(`</a>`)
		}
		base := row*len(drawn) + 8
		k.line(left, base, wide-10, base, false)
		k.text(left, base+18, "start", "axis", say("picture.age_axis"))
		return k.svg(id, class, p.Caption, p.Finding)
	}
	p.Wide, p.Narrow = draw("duties-wide", "wide", 960, 380), draw("duties-narrow", "narrow", 328, 150)
	return p, nil
}
