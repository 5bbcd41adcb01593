package order

import (
	"fmt"
	"time"
)

// A Surge is a period in which more is to be expected. It may lengthen a target
// of the city's own and ask for another look; it never changes a time that an
// order or a statute states.
type Surge struct {
	ID      string        `json:"id"`
	Title   Label         `json:"title"`
	From    Day           `json:"from"`
	To      Day           `json:"to,omitzero"` // its last day, or the moment it ends
	Effects []SurgeEffect `json:"effects,omitempty"`
	Footing
}

// A SurgeEffect is what a surge changes about one duty.
type SurgeEffect struct {
	Duty   string `json:"duty"`
	Within Period `json:"within,omitzero"` // instead of the duty's own, which must be a local target
	Review Label  `json:"review,omitempty"`
	Footing
}

// A SurgeNow is a surge a duty falls into, with what it changes and why.
type SurgeNow struct {
	ID     string `json:"id"`
	Title  Label  `json:"title"`
	Within Period `json:"within,omitzero"`
	Review Label  `json:"review,omitempty"`
	Footing
}

func (p *parsing) surges(g group) {
	taken := map[string]bool{}
	for _, n := range g.each("surges") {
		e := p.group(n, "a surge", footed("id", "title", "from", "to", "effects")...)
		s := Surge{
			ID: e.ident(idPattern, taken), Title: p.label(e.need("title"), "title"), From: p.day(e.need("from"), "from", p.order.Zone),
			To: p.day(e.get("to"), "to", p.order.Zone), Footing: p.footing(e, nil),
		}
		if s.From.Stated() && s.To.Stated() && !s.From.At.Before(s.To.end()) {
			at := e.get("to")
			p.problem(at.line, at.col, fmt.Sprintf("the surge ends on %s and begins on %s", s.To, s.From), "an end after its beginning", "")
		}
		for _, m := range e.each("effects") {
			s.Effects = append(s.Effects, p.surgeEffect(m, s))
		}
		p.order.Surges = append(p.order.Surges, s)
	}
}

func (p *parsing) surgeEffect(n *node, s Surge) SurgeEffect {
	e := p.group(n, "an effect of a surge", footed("duty", "within", "review")...)
	x := SurgeEffect{Duty: e.needText("duty"), Within: p.period(e.get("within"), "within"), Footing: p.footing(e, &s.Footing)}
	if r := e.get("review"); r != nil {
		x.Review = p.label(r, "review")
	}
	if d := e.get("duty"); d != nil {
		p.later(d, "duty")
	}
	w := e.get("within")
	if w == nil && x.Review == nil && n.form == isMap {
		p.problem(n.line, n.col, "the effect changes nothing", "within or review", "")
	}
	for i := range p.order.Duties {
		c := p.order.Duties[i].Clock
		if p.order.Duties[i].ID != x.Duty || w == nil {
			continue
		}
		if !c.Local || c.Kind != ClockWithin {
			p.problem(w.line, w.col, fmt.Sprintf("the time of %q is no local target", x.Duty), "a duty whose clock is local: true", "a surge changes no time that an order states")
		} else if x.Within.Stated() && len(c.Warn) > 0 && x.Within.Unit != c.Within.Unit {
			p.problem(w.line, w.col, fmt.Sprintf("the time of %q is in %s, and so are its warnings", x.Duty, c.Within.Unit), string(c.Within.Unit), "")
		}
	}
	for _, other := range p.order.Surges {
		for _, y := range other.Effects {
			if w != nil && y.Duty == x.Duty && y.Within.Stated() && other.overlaps(s) {
				p.problem(w.line, w.col, fmt.Sprintf("the surges %q and %q overlap and both change the time of %q", other.ID, s.ID, x.Duty), "one of them", "")
			}
		}
	}
	return x
}

func (s Surge) overlaps(t Surge) bool {
	return (!s.To.Stated() || t.From.At.Before(s.To.end())) && (!t.To.Stated() || s.From.At.Before(t.To.end()))
}

// Holds reports whether a moment lies in the surge.
func (s Surge) Holds(at time.Time) bool {
	return s.From.Stated() && !at.Before(s.From.At) && (!s.To.Stated() || at.Before(s.To.end()))
}

// surge notes the surges a duty falls into, by the moment its clock starts, so
// that the answer stays the same when the surge is over; and gives the time it
// then has.
func (s *scene) surge(rule *DutyRule, d *Duty) Period {
	within := rule.Clock.Within
	from := d.Since
	if from.IsZero() {
		from = s.happened()
	}
	now := from.IsZero()
	if now {
		from = s.at
	}
	for i := range s.o.Surges {
		g := &s.o.Surges[i]
		for j := range g.Effects {
			e := &g.Effects[j]
			if e.Duty != rule.ID {
				continue
			}
			if now {
				s.turns(g.From.At)
				s.turns(g.To.end())
			}
			if !g.Holds(from) {
				continue
			}
			d.Surges = append(d.Surges, SurgeNow{g.ID, g.Title, e.Within, e.Review, e.Footing})
			if e.Within.Stated() && rule.Clock.Local {
				within = e.Within
			}
			d.Why = append(d.Why, "surge period: "+g.Title.String()+" ("+e.why()+")")
		}
	}
	return within
}

func (e *SurgeEffect) why() string {
	s := ""
	if e.Within.Stated() {
		s = "the local target is " + e.Within.String()
	}
	if e.Review != nil {
		if s != "" {
			s += "; "
		}
		s += e.Review.String()
	}
	return s
}
