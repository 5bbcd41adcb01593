package order

import (
	"fmt"
	"strings"
)

// An ExpectedFee is what an example expects of a fee table: an amount, or words
// of the reason for which there is none.
type ExpectedFee struct {
	FeeAsk
	Cents   int64
	Refused string
}

var feeAskKeys = []string{"table", "ordinal", "grouping", "act", "issued", "served", "paid", "decided", "signed_off", "cents", "refused"}

func (p *parsing) expectFees(x *Example, g group) {
	var known []string
	for _, t := range p.order.Fees {
		known = append(known, t.ID)
	}
	for _, m := range g.each("fees") {
		e := p.group(m, "an expected fee", feeAskKeys...)
		f := ExpectedFee{
			FeeAsk: FeeAsk{
				Table: p.choice(e.need("table"), "table", known), Ordinal: p.whole(e.need("ordinal"), "ordinal", 1, 100_000), Grouping: e.choice("grouping", Groupings[:]),
				Act: p.moment(e.need("act"), "act"), Issued: p.moment(e.get("issued"), "issued"), Served: p.moment(e.get("served"), "served"),
				Paid: p.moment(e.get("paid"), "paid"), Decided: p.moment(e.get("decided"), "decided"), SignedOff: e.text("signed_off"), At: x.At,
			},
			Cents: p.cents(e.get("cents"), "cents"), Refused: e.text("refused"),
		}
		if (e.get("cents") == nil) == (e.get("refused") == nil) && m.form == isMap {
			p.problem(m.line, m.col, "an expected fee has neither cents nor refused, or both", "cents: the amount, or refused: words of the reason", "")
		}
		x.Fees = append(x.Fees, f)
	}
}

// wrong says how an amount differs from what was expected, or nothing.
func (f ExpectedFee) wrong(o *Order) string {
	got, err := o.Fee(f.FeeAsk)
	name := fmt.Sprintf("fee %s %d", f.Table, f.Ordinal)
	switch {
	case f.Refused != "" && err == nil:
		return fmt.Sprintf("%s: expected to be refused (%s), and it is %d cents", name, f.Refused, got.Cents)
	case f.Refused != "" && !strings.Contains(err.Error(), f.Refused):
		return fmt.Sprintf("%s: expected to be refused for %q; it is refused: %v", name, f.Refused, err)
	case f.Refused == "" && err != nil:
		return fmt.Sprintf("%s: expected %d cents, and it is refused: %v", name, f.Cents, err)
	case f.Refused == "" && got.Cents != f.Cents:
		return fmt.Sprintf("%s: expected %d cents, got %d (%s)", name, f.Cents, got.Cents, strings.Join(got.How, "; "))
	}
	return ""
}
