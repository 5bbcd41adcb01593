package web

import (
	"fmt"
	"html/template"
	"strings"
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
