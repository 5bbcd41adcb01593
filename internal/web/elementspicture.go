package web

import (
	"fmt"
	"html/template"
	"strings"

	"jurat"
)

// elementsPicture draws the elements of one allegation as a grid: a row for
// each, two equal columns for it and against it, and one for what is not known.
// One shape is one item: none is larger than another, and nothing is summed.
func (c *Counter) elementsPicture(v *visit, a alleged) picture {
	if len(a.Rows) == 0 {
		return picture{}
	}
	n := countOf(a.ID)
	p := picture{ID: "elements-" + n, Caption: c.say(v, "elements.picture", "n", n), Finding: c.elementsFinding(v, a)}
	draw := func(class string, wide, label int) template.HTML {
		const cell, pad = 30, 8
		column := (wide - label) / 3
		perLine := max(1, (column-2*pad)/cell)
		k := &canvas{wide: wide}
		for i, head := range []string{"elements.for", "elements.against", "elements.unknown_head"} {
			k.text(label+i*column+pad, 20, "start", "name", c.say(v, head))
		}
		y := 32
		for _, row := range a.Rows {
			cells := [3][]drawn{drawnOf(row.For), drawnOf(row.Against), c.drawnUnknown(v, row)}
			lines := 1
			for _, one := range cells {
				lines = max(lines, (len(one)+perLine-1)/perLine)
			}
			k.line(0, y, wide, y, false)
			name := fmt.Sprint(row.N)
			if label > 100 {
				name += "  " + clipped(row.Text, (label-30)/7)
			}
			k.text(4, y+26, "start", "name", name)
			for i, one := range cells {
				x := label + i*column + pad
				if len(one) == 0 {
					k.text(x, y+26, "start", "value", c.emptyCell(v, row.Element, i))
				}
				for j, d := range one {
					k.shape(d, x+j%perLine*cell, y+8+j/perLine*cell)
				}
			}
			y += lines*cell + 12
		}
		k.line(0, y, wide, y, false)
		y = k.legend(y+8, []drawn{
			{shape: "film", title: c.say(v, "elements.a_film")}, {shape: "document", title: c.say(v, "elements.a_document")},
			{shape: "statement", title: c.say(v, "elements.a_statement")}, {shape: "unknown", title: c.say(v, "elements.an_unknown")},
		})
		for i := range 3 {
			fmt.Fprintf(&k.b, `<path d="M%d 6V%d" stroke="currentColor" stroke-width="1" fill="none"/>`, label+i*column, y)
		}
		k.high = y + 34
		return k.svg("elements-"+n+"-"+class, class, p.Caption, p.Finding)
	}
	p.Wide, p.Narrow = draw("wide", 960, 330), draw("narrow", 328, 28)
	return p
}

// elementsFinding says in words on which side nothing is named, which is all
// the picture shows that its table does not show sooner.
func (c *Counter) elementsFinding(v *visit, a alleged) string {
	var lacksFor, lacksAgainst []string
	for _, row := range a.Rows {
		if len(row.For) == 0 {
			lacksFor = append(lacksFor, fmt.Sprint(row.N))
		}
		if len(row.Against) == 0 {
			lacksAgainst = append(lacksAgainst, fmt.Sprint(row.N))
		}
	}
	var said []string
	if len(lacksFor) > 0 {
		said = append(said, c.say(v, "elements.nothing_for", "which", strings.Join(lacksFor, ", ")))
	}
	if len(lacksAgainst) > 0 {
		said = append(said, c.say(v, "elements.nothing_against", "which", strings.Join(lacksAgainst, ", ")))
	}
	if len(said) == 0 {
		return c.say(v, "elements.both_sides")
	}
	return strings.Join(said, " ")
}

// emptyCell is what a cell without an item says: a blank would say nothing.
func (c *Counter) emptyCell(v *visit, e jurat.Element, column int) string {
	switch {
	case column == 0 && e.NoneFor != nil, column == 1 && e.NoneKnown:
		return c.say(v, "elements.none_short")
	case column == 2:
		return c.say(v, "elements.nothing_noted")
	}
	return c.say(v, "elements.not_asked")
}

// A drawn is one shape of a picture: what it is of, and where it leads.
type drawn struct{ shape, title, address string }

func drawnOf(all []cited) []drawn {
	out := make([]drawn, len(all))
	for i, one := range all {
		out[i] = drawn{one.Shape, strings.TrimSpace(one.Label + " " + one.Clip), one.Address}
	}
	return out
}

func (c *Counter) drawnUnknown(v *visit, row elementRow) []drawn {
	out := make([]drawn, len(row.NotKnown))
	for i, n := range row.NotKnown {
		out[i] = drawn{shape: "unknown", title: n.What + ": " + c.say(v, "list.asking."+string(n.State))}
		if n.Account != "" {
			out[i].address = "/incidents/" + string(n.Account.Incident()) + "/accounts#account-" + countOf(n.Account)
		}
	}
	return out
}

// shape draws one shape in a square of 24, as a link where it leads somewhere.
func (c *canvas) shape(d drawn, x, y int) {
	if d.address != "" {
		c.b.WriteString(`<a href="` + template.HTMLEscapeString(d.address) + `">`)
	} else {
		c.b.WriteString(`<g>`)
	}
	fmt.Fprintf(&c.b, `<title>%s</title><rect x="%d" y="%d" width="24" height="24" fill="#fff" fill-opacity="0"/>`, template.HTMLEscapeString(d.title), x, y)
	switch d.shape {
	case "film":
		fmt.Fprintf(&c.b, `<rect x="%d" y="%d" width="18" height="18" fill="none" stroke="currentColor" stroke-width="2"/><rect x="%d" y="%d" width="8" height="8" fill="currentColor"/>`, x+3, y+3, x+8, y+8)
	case "statement":
		fmt.Fprintf(&c.b, `<circle cx="%d" cy="%d" r="9" fill="none" stroke="currentColor" stroke-width="2"/>`, x+12, y+12)
	case "unknown":
		fmt.Fprintf(&c.b, `<path d="M%d %dl10 10l-10 10l-10 -10z" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3 2"/>`, x+12, y+2)
	default:
		fmt.Fprintf(&c.b, `<rect x="%d" y="%d" width="18" height="18" fill="none" stroke="currentColor" stroke-width="2"/>`, x+3, y+3)
	}
	if d.address != "" {
		c.b.WriteString(`</a>`)
	} else {
		c.b.WriteString(`</g>`)
	}
}

// legend says under a picture what its shapes are, as many to a line as fit,
// and gives where it ends.
func (c *canvas) legend(y int, all []drawn) int {
	x := 4
	for _, d := range all {
		width := 34 + 8*len([]rune(d.title))
		if x > 4 && x+width > c.wide {
			x, y = 4, y+28
		}
		c.shape(drawn{shape: d.shape, title: d.title}, x, y)
		c.text(x+28, y+17, "start", "axis", d.title)
		x += width
	}
	return y
}
