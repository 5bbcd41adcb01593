package numbers

import (
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"
)

// Drawings are SVG made here, of attributes only: a page that forbids scripts
// and foreign styles shows them. The colours are in the page's style sheet.

const (
	chartWidth, chartHeight = 640, 220
	chartBase, chartTop     = 184, 28
)

// chart draws one number for each month as a bar; withheld months are hatched,
// at one height, so that the drawing tells nothing.
func chart(id string, title, description string, months []Month, n []*int, withheld string) string {
	var b strings.Builder
	most := 1
	for _, x := range n {
		if x != nil {
			most = max(most, *x)
		}
	}
	begin(&b, id, chartWidth, chartHeight, title, description)
	step := chartWidth / max(len(months), 1)
	width := min(step*3/4, 60)
	for i, x := range n {
		left := i*step + (step-width)/2
		mid := left + width/2
		height, class, label := 24, "bar hidden", withheld
		if x != nil {
			height, class, label = *x*(chartBase-chartTop)/most, "bar", strconv.Itoa(*x)
		}
		if height > 0 {
			fmt.Fprintf(&b, `<rect class="%s" x="%d" y="%d" width="%d" height="%d"/>`, class, left, chartBase-height, width, height)
		}
		if x != nil || step > 60 {
			fmt.Fprintf(&b, `<text class="n" x="%d" y="%d">%s</text>`, mid, chartBase-height-6, html.EscapeString(label))
		}
		fmt.Fprintf(&b, `<text class="n" x="%d" y="%d">%s</text>`, mid, chartBase+20, string(months[i][5:]))
	}
	fmt.Fprintf(&b, `<line class="axis" x1="0" y1="%d" x2="%d" y2="%d"/></svg>`, chartBase, chartWidth, chartBase)
	return b.String()
}

func begin(b *strings.Builder, id string, width, height int, title, description string) {
	fmt.Fprintf(b, `<svg role="img" aria-labelledby="%s-t %s-d" viewBox="0 0 %d %d" xmlns="http://www.w3.org/2000/svg">`, id, id, width, height)
	fmt.Fprintf(b, `<title id="%s-t">%s</title><desc id="%s-d">%s</desc>`, id, html.EscapeString(title), id, html.EscapeString(description))
}

// The classes of a map, from least to most, with what is not printed.
const (
	classNone     = "none"
	classWithheld = "withheld"
	classLow      = "low"
	classMiddle   = "middle"
	classHigh     = "high"
	classAbsent   = "absent"
)

// classOf puts a printed number into a class: thirds of the largest printed.
func classOf(n *int, most int) string {
	switch {
	case n == nil:
		return classWithheld
	case *n == 0:
		return classNone
	case *n*3 <= most:
		return classLow
	case *n*3 <= most*2:
		return classMiddle
	}
	return classHigh
}

const mapWidth = 600

// draw draws the areas, each in the class of its row; an area without a row has
// no figure. Coordinates are whole tenths of a unit, so that every machine
// draws the same bytes.
func (m *Map) draw(id string, title, description string, t *Table) string {
	most := t.most()
	grain := int64(1)
	paths, height := m.paths(grain)
	for drawn(paths) > maxMapDrawn {
		grain *= 2
		paths, height = m.paths(grain)
	}
	var b strings.Builder
	begin(&b, id, mapWidth, height, title, description)
	for i, a := range m.areas {
		class := classAbsent
		if r := t.line(a.code); r != nil {
			class = classOf(r.All, most)
		}
		fmt.Fprintf(&b, `<path class="area %s" d="%s"/>`, class, paths[i].d)
	}
	b.WriteString("</svg>")
	return b.String()
}

// A path is an area as SVG, and how many points it has.
type path struct {
	d      string
	points int
}

func drawn(paths []path) int {
	n := 0
	for _, p := range paths {
		n += p.points
	}
	return n
}

// paths projects the areas: a degree of longitude is as much narrower as it is
// in the middle of the map. Points that fall together at the grain are one.
func (m *Map) paths(grain int64) ([]path, int) {
	middle := float64(m.north+m.low) / 2e6
	narrow := max(int64(math.Round(math.Cos(middle*math.Pi/180)*1000)), 1)
	wide := max((m.east-m.west)*narrow/1000, 1)
	height := int(min(max((m.north-m.low)*mapWidth/wide, 60), 4*mapWidth))
	across := func(x int64) int64 { return (x - m.west) * narrow / 1000 * mapWidth * 10 / wide / grain * grain }
	down := func(y int64) int64 {
		return (m.north - y) * int64(height) * 10 / max(m.north-m.low, 1) / grain * grain
	}
	out := make([]path, len(m.areas))
	for i, a := range m.areas {
		var b strings.Builder
		for _, r := range a.rings {
			var last [2]int64
			n := 0
			for k, p := range r {
				at := [2]int64{across(p[0]), down(p[1])}
				if k > 0 && at == last {
					continue
				}
				letter := "L"
				if k == 0 {
					letter = "M"
				}
				b.WriteString(letter + tenth(at[0]) + " " + tenth(at[1]))
				last = at
				n++
			}
			b.WriteString("Z")
			out[i].points += n
		}
		out[i].d = b.String()
	}
	return out, height
}

// tenth writes a number of tenths.
func tenth(n int64) string {
	if n%10 == 0 {
		return strconv.FormatInt(n/10, 10)
	}
	return fmt.Sprintf("%d.%d", n/10, n%10)
}
