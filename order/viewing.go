package order

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"

	"jurat"
)

// A ViewingRule has a member's own report come before an incident's footage
// (LAW-2): until it is handed in, footage does not open to them.
type ViewingRule struct {
	ID    string   `json:"id"`
	Title Label    `json:"title"`
	Kinds []string `json:"kinds"` // of exhibits that are footage
	Roles []string `json:"roles"` // whose report comes first; nobody else's work waits
	When  string   `json:"when"`  // in which incidents; where that is not known, too
	Say   Label    `json:"say"`   // what to do
	Footing

	when *expression
}

// A Viewer is who would view footage.
type Viewer struct {
	Person jurat.PersonID // empty: nobody, who owes no report
	Role   jurat.Role
}

func (p *parsing) viewing(g group) {
	for _, n := range g.each("viewing") {
		e := p.group(n, "a rule of viewing", footed("id", "title", "kinds", "roles", "when", "say")...)
		r := ViewingRule{
			ID: e.ident(idPattern, p.ids), Title: p.label(e.need("title"), "title"), When: e.text("when"),
			Say: p.label(e.need("say"), "say"), Footing: p.footing(e, nil),
		}
		for _, m := range p.items(e.need("kinds"), "kinds") {
			r.Kinds = append(r.Kinds, p.exhibitKind(m))
		}
		for _, m := range p.items(e.need("roles"), "roles") {
			r.Roles = append(r.Roles, p.choice(m, "roles", names(jurat.Roles[:])))
		}
		r.when = p.compile(e.need("when"), "when", cel.BoolType, around{})
		p.order.Viewing = append(p.order.Viewing, r)
	}
}

// Viewing says why an exhibit of an incident does not open to somebody yet; no
// reason, and it opens. It is total and changes nothing, as [Evaluate].
//
// A rule stops whoever has one of its roles, has handed in no report of this
// incident, and was not released; where it is not known whether its incidents
// are meant, it stops. An entry that nobody verified stops nobody.
func Viewing(orders []*Order, f Facts, at time.Time, who Viewer, x jurat.Exhibit) []Reason {
	if who.Person == "" || x.Disposed != nil || !slices.ContainsFunc(orders, func(o *Order) bool { return len(o.Viewing) > 0 }) {
		return nil
	}
	released := slices.ContainsFunc(f.Viewings, func(v jurat.Viewing) bool { return v.Member == who.Person })
	handedIn := slices.ContainsFunc(f.Records, func(r jurat.Record) bool {
		return r.Type == jurat.TypeReport && r.Author == who.Person && !r.SubmittedAt.IsZero()
	})
	if released || handedIn {
		return nil
	}
	var out []Reason
	v := newView(orders, &f, at.UTC())
	for _, o := range orders {
		s := newScene(o, v)
		for i := range o.Viewing {
			r := &o.Viewing[i]
			if r.Basis == Unverified || !slices.Contains(r.Roles, string(who.Role)) || !o.footage(r, x) || s.notOwed(&DutyRule{ID: r.ID}) != "" {
				continue
			}
			if when := s.run(r.when, s); when != types.False {
				out = append(out, Reason{Order: o.ID, ID: r.ID, Item: string(x.ID), Say: r.Say.String(), Label: r.Say, Why: append(s.lines(r.when, itemScene{scene: s}), unknownLines(when)...), Basis: r.Basis})
			}
		}
	}
	return out
}

// footage reports whether an exhibit is footage to a rule: of one of its kinds;
// or a film or a sound of which nobody said what it is (the door's own word
// for that is document).
func (o *Order) footage(r *ViewingRule, x jurat.Exhibit) bool {
	if slices.Contains(r.Kinds, x.Kind) {
		return true
	}
	known := x.Kind != "other" && x.Kind != "document"
	if t, ok := o.Table("exhibit_kinds"); ok && known {
		known = slices.Contains(t.Codes(), x.Kind)
	}
	return !known && (strings.HasPrefix(x.Media, "video/") || strings.HasPrefix(x.Media, "audio/"))
}

// An ExpectedViewing is what an example expects of one exhibit and one viewer.
type ExpectedViewing struct {
	Item    string
	Who     Viewer
	Open    bool
	Because []string
}

// expectViewing reads what an example expects of viewing.
func (p *parsing) expectViewing(x *Example, g group) {
	for _, m := range g.each("viewing") {
		e := p.group(m, "an expected viewing", "item", "person", "role", "open", "because")
		e.need("open")
		v := ExpectedViewing{
			Item: string(itemID(e.needText("item"))), Open: e.truth("open"),
			Who: Viewer{Person: jurat.PersonID(e.text("person")), Role: jurat.Role(e.needChoice("role", names(jurat.Roles[:])))},
		}
		for _, b := range e.each("because") {
			p.later(b, "rule of viewing")
			v.Because = append(v.Because, p.text(b, "because"))
		}
		if v.Open && v.Because != nil {
			p.problem(m.line, m.col, "an exhibit that opens with reasons", "open: false, or no because", "")
		}
		x.Viewing = append(x.Viewing, v)
	}
}

// viewed compares what an example expects of viewing with what follows.
func (x Example) viewed(o *Order) []string {
	var out []string
	for _, want := range x.Viewing {
		i := slices.IndexFunc(x.Facts.Exhibits, func(e jurat.Exhibit) bool { return string(e.ID) == want.Item })
		if i < 0 {
			out = append(out, fmt.Sprintf("viewing %s: there is no such exhibit here", want.Item))
			continue
		}
		because := ids(Viewing([]*Order{o}, x.Facts, x.At, want.Who, x.Facts.Exhibits[i]))
		if open := len(because) == 0; open != want.Open {
			out = append(out, fmt.Sprintf("viewing %s by a %s: expected open %t, got %t (%s)", want.Item, want.Who.Role, want.Open, open, strings.Join(because, ", ")))
		}
		if want.Because != nil && !sameSet(want.Because, because) {
			out = append(out, fmt.Sprintf("viewing %s by a %s: expected to be stopped by %s, and it is stopped by %s", want.Item, want.Who.Role, strings.Join(want.Because, ", "), strings.Join(because, ", ")))
		}
	}
	return out
}
