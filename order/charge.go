package order

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"jurat"
)

// A FeeAsk is what an amount depends on. Every moment is an argument: the
// answer to one question never changes.
type FeeAsk struct {
	Table    string
	Ordinal  int       // which violation of the same payee it is, from 1
	Grouping string    // how violations were counted, where the table leaves a choice
	Act      time.Time // when it is alleged to have happened
	Issued   time.Time // when the citation is drawn up; the moment of service where it is zero
	Served   time.Time // zero: not served yet
	Paid     time.Time // zero: not paid
	At       time.Time // the moment the question is asked

	// Decided is when somebody decided that the amount grows, where the rule
	// says that it may.
	Decided time.Time
	// SignedOff is counsel's reason for an act before the rule held: without it
	// such an act may be documented and costs nothing. It opens nothing else.
	SignedOff string
}

// A Charge is an amount and how it came about.
type Charge struct {
	Table    string    `json:"table"`
	Cents    int64     `json:"cents"`
	Currency string    `json:"currency"`
	Due      time.Time `json:"due,omitzero"`   // when it is to be paid; zero: not stated, or not served
	Standing Standing  `json:"standing"`       // of the order at the moment asked about
	Grown    time.Time `json:"grown,omitzero"` // when it was multiplied
	How      []string  `json:"how"`            // one step a line, with what it stands on
}

// Fee computes an amount of a fee table, in whole cents, and says how. It
// decides nothing: whether there was a violation is for the body with that
// power.
//
// An act or a citation dated outside the time the order was in force has no
// amount; it can always be documented (ORD-2). A citation issued before a stay
// keeps its amount, with the standing it has now, and does not grow while the
// order is stayed.
//
// Errors: NotFound for a table the order does not have; Invalid for a question
// that cannot be one; Conflict, with every reason, where the rule does not allow
// an amount.
func (o *Order) Fee(ask FeeAsk) (Charge, error) {
	t, ok := o.FeeTable(ask.Table)
	if !ok {
		return Charge{}, jurat.Errorf(jurat.NotFound, "%s has no fee table %q", o.ID, ask.Table)
	}
	if err := ask.check(t); err != nil {
		return Charge{}, err
	}
	if ask.Issued.IsZero() {
		ask.Issued = ask.Served
	}
	if ask.Issued.IsZero() {
		ask.Issued = ask.At
	}
	if reasons := o.noFee(t, ask); len(reasons) > 0 {
		return Charge{}, jurat.Errorf(jurat.Conflict, "no amount: %s", strings.Join(reasons, "; "))
	}
	standing, entry := o.StatusAt(ask.At)
	c := Charge{Table: t.ID, Currency: t.Currency, Standing: standing}
	say := func(format string, args ...any) { c.How = append(c.How, fmt.Sprintf(format, args...)) }
	if why := o.actBefore(ask.Act); why != "" {
		say("the act of %s is before the rule: %s; counsel signed it off: %s", o.print(ask.Act), why, ask.SignedOff)
	}
	if t.Adopted != nil {
		say("of sources that disagree this table is adopted: %s", t.Adopted)
	}
	if ask.Grouping != "" {
		say("counted by %s, as chosen for this citation", ask.Grouping)
	}
	tier := t.Tiers[min(ask.Ordinal, len(t.Tiers))-1]
	c.Cents = tier.Cents
	say("violation %d: the table's row %d, %s %s", ask.Ordinal, tier.Ordinal, Money(tier.Cents, t.Currency), tier.Footing)
	if beyond := ask.Ordinal - len(t.Tiers); beyond > 0 {
		added := int64(beyond) * t.Further.Add
		c.Cents += added
		say("%d beyond the table: %s each, %s more %s", beyond, Money(t.Further.Add, t.Currency), Money(added, t.Currency), t.Further.Footing)
	}
	o.grow(t, ask, &c, say)
	if t.Cap == nil {
		say("no cap is stated")
	} else if c.Cents > t.Cap.Cents {
		c.Cents = t.Cap.Cents
		say("the cap: %s %s", Money(t.Cap.Cents, t.Currency), t.Cap.Footing)
	}
	if standing != InForce {
		say("the order is %s since %s (%s)", strings.ReplaceAll(string(standing), "_", " "), entry.Date, entry.Authority)
	}
	return c, nil
}

func (ask FeeAsk) check(t FeeTable) error {
	bad := func(format string, args ...any) error { return jurat.Errorf(jurat.Invalid, format, args...) }
	switch {
	case ask.Ordinal < 1 || ask.Ordinal > 100_000:
		return bad("the ordinal %d: a violation is the first, the second, …", ask.Ordinal)
	case ask.Act.IsZero():
		return bad("no amount without the date of the act: an act of an unknown date can be documented")
	case ask.At.IsZero() || !printable(ask.At) || !printable(ask.Act):
		return bad("the moment asked about is not one a calendar prints")
	case ask.Act.After(ask.At):
		return bad("the act of %s is after the moment asked about", ask.Act.Format(time.RFC3339))
	case !ask.Issued.IsZero() && ask.Issued.Before(ask.Act), !ask.Served.IsZero() && ask.Served.Before(ask.Act):
		return bad("the citation is before the act")
	case !ask.Issued.IsZero() && !ask.Served.IsZero() && ask.Served.Before(ask.Issued):
		return bad("the citation is served before it is issued")
	case ask.Served.After(ask.At) || ask.Issued.After(ask.At) || ask.Paid.After(ask.At) || ask.Decided.After(ask.At):
		return bad("a date of the citation is after the moment asked about")
	case !ask.Paid.IsZero() && ask.Served.IsZero(), !ask.Paid.IsZero() && ask.Paid.Before(ask.Served):
		return bad("the payment is before the service")
	case ask.Grouping != "" && !slices.Contains(t.Grouping, ask.Grouping):
		return bad("the table %s does not say that violations may be counted by %q", t.ID, ask.Grouping)
	case ask.Grouping == "" && len(t.Grouping) > 1:
		return bad("say how violations were counted: by %s", strings.Join(t.Grouping, " or by "))
	}
	return nil
}

// noFee gives every reason for which there is no amount.
func (o *Order) noFee(t FeeTable, ask FeeAsk) []string {
	var out []string
	if why := o.actBefore(ask.Act); why != "" && ask.SignedOff == "" {
		out = append(out, fmt.Sprintf("the act of %s may be documented only: %s (counsel may sign it off)", o.print(ask.Act), why))
	} else if why == "" {
		if why, _ := o.idleAt(t.ID, ask.Act); why != "" {
			out = append(out, fmt.Sprintf("at the act of %s %s", o.print(ask.Act), why))
		}
	}
	if why := o.actBefore(ask.Issued); why != "" {
		out = append(out, fmt.Sprintf("the citation of %s is before the rule: %s", o.print(ask.Issued), why))
	} else if why, _ := o.idleAt(t.ID, ask.Issued); why != "" {
		out = append(out, fmt.Sprintf("at the citation of %s %s", o.print(ask.Issued), why))
	}
	if !ask.Served.IsZero() && !ask.Served.Equal(ask.Issued) {
		if why, _ := o.idleAt(t.ID, ask.Served); why != "" {
			out = append(out, fmt.Sprintf("at the service of %s %s", o.print(ask.Served), why))
		}
	}
	for _, other := range o.disagree(t) {
		switch {
		case other.Adopted != nil:
			out = append(out, fmt.Sprintf("the table %s, which disagrees with it, is the one adopted", other.ID))
		case t.Adopted == nil:
			out = append(out, fmt.Sprintf("the table %s disagrees with it, and neither is adopted", other.ID))
		}
	}
	if ask.Ordinal > len(t.Tiers) && !t.Further.Stated {
		out = append(out, fmt.Sprintf("the table ends at %d, and what a further violation costs is not stated", len(t.Tiers)))
	}
	if t.Basis == Unverified {
		out = append(out, "nobody verified the table")
	}
	return out
}

// actBefore says why a moment is before the order held, or nothing. An order
// without any date sets no amount: from when it holds is not guessed.
func (o *Order) actBefore(at time.Time) string {
	from := o.Effective.From
	words := "it holds from "
	if !from.Stated() {
		from, words = o.Signed.From, "from when it holds is not stated, and it was signed on "
	}
	if from.Stated() && !at.Before(from.At) {
		if state, _ := o.StatusAt(at); state == notYet {
			return "it was not in force yet"
		}
		return ""
	}
	if !from.Stated() {
		return "from when it holds is not stated"
	}
	return words + from.String()
}

// grow multiplies an amount that was not paid in time.
func (o *Order) grow(t FeeTable, ask FeeAsk, c *Charge, say func(string, ...any)) {
	if ask.Served.IsZero() {
		say("not served: no time to pay runs")
		return
	}
	if t.PayWithin.Stated() {
		c.Due = o.after(t.PayWithin, ask.Served)
		say("served %s; to be paid within %s, by %s", o.print(ask.Served), t.PayWithin, o.print(c.Due))
	}
	m := t.Multiply
	if m == nil {
		return
	}
	over := o.after(m.After, ask.Served)
	if m.May && ask.Decided.After(over) {
		over = ask.Decided
	}
	why, _ := o.idleAt(t.ID, over)
	switch {
	case !ask.Paid.IsZero() && !ask.Paid.After(over):
		say("paid %s: it does not grow", o.print(ask.Paid))
	case !ask.At.After(over):
		say("it grows %d times after %s, not before %s", m.Times, m.After, o.print(over))
	case m.May && ask.Decided.IsZero():
		say("it may grow %d times since %s, and nobody decided so", m.Times, o.print(over))
	case m.May && ask.Decided.Before(o.after(m.After, ask.Served)):
		say("it was decided that it grows before the time had run: that counts for nothing")
	case why != "":
		say("it does not grow: at %s %s", o.print(over), why)
	default:
		c.Cents *= int64(m.Times)
		c.Grown = over
		say("not paid %s after service: %d times, since %s %s", m.After, m.Times, o.print(over), m.Footing)
	}
}

func (o *Order) print(t time.Time) string { return t.In(o.Zone).Format("2006-01-02 15:04 -07:00") }

// Money prints whole cents: USD 5,000.00.
func Money(cents int64, currency string) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	units := fmt.Sprint(cents / 100)
	for i := len(units) - 3; i > 0; i -= 3 {
		units = units[:i] + "," + units[i:]
	}
	return fmt.Sprintf("%s %s%s.%02d", currency, sign, units, cents%100)
}
