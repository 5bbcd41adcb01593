package web

import (
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// custodySigns are the marks of the acts on an exhibit. What stands in none of
// them is a mark of its own.
var custodySigns = map[jurat.Act]string{
	jurat.ExhibitReceived: "▼", jurat.ExhibitLocated: "▼", jurat.ItemOpened: "●", jurat.ExhibitDerived: "■",
	jurat.DossierSent: "▲", jurat.ExhibitVerified: "◆", jurat.ExhibitDisposed: "✕",
}

// custodyPicture draws an exhibit's custody as one line in the order of its
// acts: thick from when this office received it, dashed where nobody here knows
// who held it, broken where a check said that the bytes are altered, with what
// was made from it below.
func (c *Counter) custodyPicture(v *visit, x jurat.Exhibit, acts []desk.Said, altered bool, derived []jurat.Exhibit) picture {
	if len(acts) == 0 {
		return picture{}
	}
	const most = 30
	shown := acts
	if len(shown) > most {
		shown = append([]desk.Said{acts[0]}, acts[len(acts)-most+1:]...)
	}
	p := picture{ID: "custody", Caption: c.say(v, "custody.picture"), Finding: c.say(v, "custody.finding", "count", len(acts))}
	if altered {
		p.Finding += " " + c.say(v, "custody.altered_finding")
	}
	before := !x.Recorded.From.IsZero() && x.Recorded.From.Before(acts[0].At) || x.Held == jurat.HeldElsewhere
	draw := func(class string, wide int) template.HTML {
		k := &canvas{wide: wide}
		left, right, y := 20, wide-20, 44
		if before {
			k.dashed(left, y, left+wide/4)
			k.text(left, y+24, "start", "axis", clipped(c.say(v, "custody.not_known"), wide/4/6))
			left += wide/4 + 8
		}
		if x.Held == jurat.HeldElsewhere {
			k.dashed(left, y, right)
			k.text(left, 16, "start", "name", clipped(x.System, (right-left)/7))
		} else {
			end := right
			if altered {
				end = right - 70
				k.text(right, y+5, "end", "name", c.say(v, "custody.altered"))
			}
			k.held(left, y, end)
			k.text(left, 16, "start", "name", clipped(string(acts[0].Actor.Office), (right-left)/7))
			right = end
		}
		at := func(i int) int { return left + 10 + (right-left-20)*i/max(len(shown)-1, 1) }
		for i, e := range shown {
			sign := custodySigns[e.Act]
			if sign == "" {
				sign = "○"
			}
			k.sign(at(i), y, sign, c.say(v, "list.act."+strings.ReplaceAll(string(e.Act), ".", "_"))+", "+e.At.In(c.Zone).Format(time.DateTime))
		}
		k.text(at(0), y+24, "start", "axis", shown[0].At.In(c.Zone).Format(time.DateOnly))
		if len(shown) > 1 && wide > 400 {
			k.text(at(len(shown)-1), y+24, "end", "axis", shown[len(shown)-1].At.In(c.Zone).Format(time.DateOnly))
		}
		y += 40
		for _, d := range derived {
			i, _ := slices.BinarySearchFunc(shown, d.ReceivedAt, func(e desk.Said, t time.Time) int { return e.At.Compare(t) })
			from := at(min(i, len(shown)-1))
			fmt.Fprintf(&k.b, `<path d="M%d 52V%dH%d" stroke="currentColor" stroke-width="1" fill="none"/>`, from, y+12, min(from+16, wide-150))
			fmt.Fprintf(&k.b, `<a href="%s">`, template.HTMLEscapeString(itemPath(d.ID)))
			k.text(min(from+20, wide-146), y+17, "start", "name", "■ "+c.say(v, "exhibit.n", "n", countOf(d.ID)))
			k.b.WriteString(`</a>`)
			y += 28
		}
		x, y := 4, y+8
		for _, one := range [][2]string{{"▼", "custody.sign_received"}, {"●", "custody.sign_viewed"}, {"■", "custody.sign_copied"}, {"▲", "custody.sign_sent"}, {"◆", "custody.sign_verified"}, {"✕", "custody.sign_erased"}, {"○", "custody.sign_other"}} {
			text := one[0] + " " + c.say(v, one[1])
			need := 20 + 8*len([]rune(text))
			if x > 4 && x+need > wide {
				x, y = 4, y+20
			}
			k.text(x, y+14, "start", "axis", text)
			x += need
		}
		k.high = y + 24
		return k.svg("custody-"+class, class, p.Caption, p.Finding)
	}
	p.Wide, p.Narrow = draw("wide", 720), draw("narrow", 328)
	return p
}

func (c *canvas) dashed(x1, y, x2 int) {
	fmt.Fprintf(&c.b, `<path d="M%d %dH%d" stroke="currentColor" stroke-width="2" stroke-dasharray="6 5" fill="none"/>`, x1, y, x2)
}

// held draws the part of a line during which somebody held an exhibit.
func (c *canvas) held(x1, y, x2 int) {
	fmt.Fprintf(&c.b, `<path d="M%d %dH%d" stroke="currentColor" stroke-width="6" fill="none"/>`, x1, y, x2)
}

// sign draws one mark on a line, on a ground of its own so that it can be read.
func (c *canvas) sign(x, y int, sign, title string) {
	fmt.Fprintf(&c.b, `<g><title>%s</title><circle cx="%d" cy="%d" r="12" fill="#fff" stroke="currentColor"/>`, template.HTMLEscapeString(title), x, y)
	c.text(x, y+5, "middle", "act", sign)
	c.b.WriteString(`</g>`)
}
