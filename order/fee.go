package order

import (
	"fmt"
	"slices"
)

// A FeeTable is a table of money: what a first, a second, a further violation
// costs, in whole cents. Where sources disagree each has a table, and at most
// one of them is adopted, as a choice.
type FeeTable struct {
	ID        string    `json:"id"`
	Title     Label     `json:"title"`
	Currency  string    `json:"currency"`           // such as USD; cents are its hundredths
	PaidBy    Label     `json:"paid_by,omitempty"`  // who pays, as the source says
	Tiers     []Tier    `json:"tiers"`              // of the ordinals 1, 2, …
	Further   Further   `json:"further"`            // beyond the last tier
	Grouping  []string  `json:"grouping,omitempty"` // how violations may be counted: one of them is chosen for each citation
	PayWithin Period    `json:"pay_within,omitzero"`
	Multiply  *Multiply `json:"multiply,omitempty"`
	Cap       *Cap      `json:"cap,omitempty"` // nil: no cap is stated
	Conflicts []string  `json:"conflicts_with,omitempty"`
	Adopted   *Footing  `json:"adopted,omitempty"` // of tables in conflict, the one a city adopts
	Footing
}

// A Tier is the amount for one ordinal.
type Tier struct {
	Ordinal int   `json:"ordinal"`
	Cents   int64 `json:"cents"`
	Footing
}

// A Further says what an ordinal beyond the table costs: the same, so much more
// for each, or "not stated", and then nothing can be computed.
type Further struct {
	Stated bool  `json:"stated"`
	Add    int64 `json:"add_cents"` // for each ordinal beyond the last
	Footing
}

// A Multiply makes an unpaid amount larger after a time.
type Multiply struct {
	Times int    `json:"times"`
	After Period `json:"after"`         // from service
	May   bool   `json:"may,omitempty"` // only when somebody decides so
	Footing
}

// A Cap is the most an amount can be.
type Cap struct {
	Cents int64 `json:"cents"`
	Footing
}

// Groupings lists how violations may be counted.
var Groupings = [...]string{"event", "day", "month"}

const maxCents = 100_000_000_000 // a thousand million of the currency

func (p *parsing) cents(n *node, key string) int64 { return int64(p.whole(n, key, 0, maxCents)) }

func (p *parsing) fees(g group) {
	taken := map[string]bool{}
	for _, n := range g.each("fees") {
		e := p.group(n, "a fee table", footed("id", "title", "currency", "paid_by", "tiers", "further", "grouping", "pay_within", "multiply", "cap", "conflicts_with", "adopted")...)
		t := FeeTable{ID: e.ident(idPattern, taken), Title: p.label(e.need("title"), "title"), Currency: e.needText("currency"), Footing: p.footing(e, nil)}
		if c := e.get("currency"); c != nil && (len(t.Currency) != 3 || slices.ContainsFunc([]byte(t.Currency), func(b byte) bool { return b < 'A' || b > 'Z' })) {
			p.problem(c.line, c.col, fmt.Sprintf("currency %q", t.Currency), "three capital letters such as USD", "")
		}
		if b := e.get("paid_by"); b != nil {
			t.PaidBy = p.label(b, "paid_by")
		}
		for i, m := range p.items(e.need("tiers"), "tiers") {
			x := p.group(m, "a tier of "+t.ID, footed("ordinal", "cents")...)
			tier := Tier{Ordinal: p.whole(x.need("ordinal"), "ordinal", 1, 1000), Cents: p.cents(x.need("cents"), "cents"), Footing: p.footing(x, &t.Footing)}
			if o := x.get("ordinal"); o != nil && tier.Ordinal != i+1 {
				p.problem(o.line, o.col, fmt.Sprintf("the tier %d stands in place %d", tier.Ordinal, i+1), "the ordinals 1, 2, 3 … in order, none left out", "")
			}
			t.Tiers = append(t.Tiers, tier)
		}
		p.feeRules(e, &t)
		p.order.Fees = append(p.order.Fees, t)
	}
	p.feeConflicts(g)
}

func (p *parsing) feeRules(e group, t *FeeTable) {
	switch f := e.need("further"); {
	case f == nil:
	case f.form == isText:
		v := p.choice(f, "further", []string{"same", "not stated"})
		t.Further = Further{Stated: v == "same", Footing: t.Footing}
	default:
		x := p.group(f, "further", footed("add_cents")...)
		t.Further = Further{Stated: true, Add: p.cents(x.need("add_cents"), "add_cents"), Footing: p.footing(x, &t.Footing)}
	}
	for _, m := range e.each("grouping") {
		t.Grouping = append(t.Grouping, p.choice(m, "grouping", Groupings[:]))
	}
	if w := e.get("pay_within"); w != nil {
		t.PayWithin = p.period(w, "pay_within")
	}
	if m := e.get("multiply"); m != nil {
		x := p.group(m, "multiply", footed("times", "after", "may")...)
		t.Multiply = &Multiply{Times: p.whole(x.need("times"), "times", 2, 10), After: p.period(x.need("after"), "after"), May: x.truth("may"), Footing: p.footing(x, &t.Footing)}
		if a := x.get("after"); a != nil && !t.Multiply.After.Stated() {
			p.problem(a.line, a.col, "the amount grows after a time that is not stated", `a period such as "15 days"`, "leave multiply out, and say so in a note")
		}
	}
	switch c := e.get("cap"); {
	case c == nil:
	case c.form == isText:
		p.choice(c, "cap", []string{"not stated"})
	default:
		x := p.group(c, "a cap", footed("cents")...)
		t.Cap = &Cap{Cents: p.cents(x.need("cents"), "cents"), Footing: p.footing(x, &t.Footing)}
	}
	t.Conflicts = e.texts("conflicts_with")
	if a := e.get("adopted"); a != nil {
		f := p.footing(p.group(a, "adopted", footed()...), nil)
		if f.Basis != Choice && f.Basis != "" {
			p.problem(a.line, a.col, fmt.Sprintf("adopted stands on %q", f.Basis), "basis: choice", "of two sources that disagree somebody must choose one")
		}
		t.Adopted = &f
	}
}

// feeConflicts sees that conflicts name tables, and that no two of the tables
// that disagree are adopted.
func (p *parsing) feeConflicts(g group) {
	var known []string
	for _, t := range p.order.Fees {
		known = append(known, t.ID)
	}
	for i, n := range g.each("fees") {
		t := p.order.Fees[i]
		for j, id := range t.Conflicts {
			at := n
			for _, q := range n.pairs {
				if q.key == "conflicts_with" && j < len(q.value.items) {
					at = q.value.items[j]
				}
			}
			other, ok := p.order.FeeTable(id)
			switch {
			case id == "":
			case !ok:
				p.problem(at.line, at.col, fmt.Sprintf("%q is no fee table of this order", id), "the id of another", nearest(id, known))
			case id == t.ID:
				p.problem(at.line, at.col, fmt.Sprintf("the fee table %q conflicts with itself", id), "the id of another", "")
			case t.Adopted != nil && other.Adopted != nil:
				p.problem(at.line, at.col, fmt.Sprintf("the fee tables %q and %q disagree, and both are adopted", t.ID, id), "adopted in one of them", "")
			}
		}
		if t.Adopted != nil && len(p.order.disagree(t)) == 0 {
			p.problem(n.line, n.col, fmt.Sprintf("the fee table %q is adopted and disagrees with none", t.ID), "conflicts_with, or no adopted", "")
		}
	}
}

// FeeTable gives a fee table of the order by its id.
func (o *Order) FeeTable(id string) (FeeTable, bool) {
	i := slices.IndexFunc(o.Fees, func(t FeeTable) bool { return t.ID == id })
	if i < 0 {
		return FeeTable{}, false
	}
	return o.Fees[i], true
}

// disagree gives the tables in conflict with one, whichever of them says so.
func (o *Order) disagree(t FeeTable) []FeeTable {
	var out []FeeTable
	for _, x := range o.Fees {
		if x.ID != t.ID && (slices.Contains(t.Conflicts, x.ID) || slices.Contains(x.Conflicts, t.ID)) {
			out = append(out, x)
		}
	}
	return out
}
