package order

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Show writes the order as a person reads it: every entry with what it stands
// on and where that was read. A missing date reads "not stated".
func (o *Order) Show(w io.Writer) error {
	p := &page{w: w, order: o}
	p.line("%s", o.Title)
	p.line("%s %s, %s", strings.ReplaceAll(o.Kind, "_", " "), o.Number, o.Jurisdiction)
	p.line("id %s, version %s", o.ID, o.Digest)
	p.line("")
	p.entry("signed: "+o.Signed.From.String(), o.Signed.Footing)
	p.entry("effective from: "+o.Effective.From.String()+"; until: "+o.Effective.To.String(), o.Effective.Footing)
	var langs []string
	for _, l := range o.Languages {
		if l.Reviewed {
			langs = append(langs, l.ID)
		} else {
			langs = append(langs, l.ID+" (not reviewed)")
		}
	}
	p.line("languages: %s", strings.Join(langs, ", "))
	p.head("Status")
	for _, s := range o.Status {
		p.entry(fmt.Sprintf("%s: %s, by %s", s.Date, strings.ReplaceAll(string(s.State), "_", " "), s.Authority), s.Footing)
	}
	for _, c := range o.Clauses {
		if c.ID == o.Clauses[0].ID {
			p.head("Clauses")
		}
		p.entry(fmt.Sprintf("%s [%s]", c.Title, strings.ReplaceAll(c.State, "_", " ")), c.Footing)
		for _, q := range c.Positions {
			p.entry("  position of "+q.By+": "+q.Says, q.Footing)
		}
	}
	p.adopted()
	p.rules()
	p.listed()
	p.head("Sources")
	for _, s := range o.Sources {
		p.line("[%s] %s (%s, dated %s, seen %s)", s.ID, s.Title, s.Kind, s.Date, s.Seen)
		if s.Address != "" {
			p.line("    %s", s.Address)
		}
		if s.Note != "" {
			p.line("    note: %s", s.Note)
		}
	}
	return p.err
}

// A page writes lines until one fails.
type page struct {
	w     io.Writer
	order *Order
	err   error
}

func (p *page) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

func (p *page) head(title string) {
	p.line("")
	p.line("%s", title)
	p.line("%s", strings.Repeat("-", len(title)))
}

// entry writes an entry and, below it, what it stands on.
func (p *page) entry(text string, f Footing) {
	p.line("%s", text)
	p.line("    %s", f.String())
	if f.Quote != "" {
		p.line("    quoted: %q", f.Quote)
	}
	if f.Note != "" {
		p.line("    note: %s", f.Note)
	}
}

// String says what an entry stands on, in one line.
func (f Footing) String() string {
	var s string
	switch f.Basis {
	case Stated, Reported:
		s = fmt.Sprintf("%s [%s]", f.Basis, strings.Join(f.Sources, ", "))
	case Unverified:
		s = "UNVERIFIED, " + ToBeConfirmed
		if len(f.Sources) > 0 {
			s += " [" + strings.Join(f.Sources, ", ") + "]"
		}
	case Choice:
		s = fmt.Sprintf("a CHOICE, by %s: %s", f.Author, f.Reason)
	}
	if len(f.Cites) > 0 {
		s += " (" + strings.Join(f.Cites, ", ") + ")"
	}
	return s
}

func (p *page) adopted() {
	if len(p.order.Choices) == 0 {
		return
	}
	p.head("Adopted as choices")
	for _, c := range p.order.Choices {
		p.entry(c.Title.String(), c.Footing)
	}
}

func (p *page) rules() {
	o := p.order
	p.head("Duties")
	for _, d := range o.Duties {
		p.entry(fmt.Sprintf("%s: %s", d.ID, d.Title), d.Footing)
		p.line("    owed by: %s; time: %s; guards: %s", d.Owner, d.Clock, orNone(names(d.Guards)))
		if d.OwnerFrom != "" {
			p.line("    the body that owns it: %s; unassigned where none is named", oneLine(d.OwnerFrom))
		}
		if d.Every != nil {
			p.line("    anew for every %s, the first that of %s", d.Every.Period, d.Every.begins.Format("2006-01-02"))
			if d.Every.Basis != d.Basis {
				p.line("    how often: %s", d.Every.Footing)
			}
		}
		if d.Each != "" {
			p.line("    for each: %s", oneLine(d.Each))
		}
		p.line("    when: %s", oneLine(d.Trigger))
		p.line("    met when: %s", oneLine(d.MetWhen))
		p.line("    to do: %s", d.Say)
	}
	p.head("Gates")
	for _, g := range o.Gates {
		p.entry(string(g.ID), g.Footing)
		for _, n := range g.Needs {
			p.entry("  "+n.ID+": "+n.Say.String(), n.Footing)
			if n.Each != "" {
				p.line("    for each: %s", oneLine(n.Each))
			}
			p.line("    open when: %s", oneLine(n.When))
		}
	}
	if len(o.Viewing) > 0 {
		p.head("Viewing footage")
	}
	for _, v := range o.Viewing {
		p.entry(fmt.Sprintf("%s: %s", v.ID, v.Title), v.Footing)
		p.line("    footage: %s; whose report comes first: %s", strings.Join(v.Kinds, ", "), strings.Join(v.Roles, ", "))
		p.line("    when: %s", oneLine(v.When))
		p.line("    to do: %s", v.Say)
	}
	for _, kind := range []struct {
		title string
		terms []Term
	}{{"Moments", o.Moments}, {"Terms", o.Terms}} {
		if len(kind.terms) > 0 {
			p.head(kind.title)
		}
		for _, t := range kind.terms {
			p.entry(fmt.Sprintf("%s: %s", t.ID, t.Title), t.Footing)
			p.line("    %s", oneLine(t.Text))
		}
	}
}

// String says a clock in words.
func (c Clock) String() string {
	if c.Kind == ClockNone || c.Kind == ClockImmediately {
		return string(c.Kind)
	}
	s := "within " + c.Within.String() + " of " + oneLine(c.From)
	if c.Kind == ClockBy {
		s = "by " + c.By.String() + " after the period"
	}
	if len(c.Warn) > 0 {
		s += fmt.Sprintf(", warnings at %v", c.Warn)
	}
	if len(c.Before) > 0 {
		s += fmt.Sprintf(", warnings %v before the end", c.Before)
	}
	if c.Local {
		s += " (a local target, in no order)"
	}
	return s
}

func (p *page) listed() {
	o := p.order
	p.head("Records")
	for _, r := range o.Records {
		p.entry(fmt.Sprintf("%s: %s", r.ID, r.Label), r.Footing)
		r.walk(func(path string, f *Field) {
			marks := ""
			if f.Required {
				marks += ", must be stated"
			}
			if f.Class != "" {
				marks += ", sealed: " + string(f.Class)
			}
			if f.List != "" {
				marks += ", of " + f.List
			}
			p.line("    %s (%s%s)", path, f.Type, marks)
		})
	}
	for _, f := range o.Forms {
		p.head("Form: " + f.Title.String())
		for i, q := range f.Questions {
			p.line("%2d. %s  [%s]", i+1, q.Ask, strings.Join(q.Fields, ", "))
		}
	}
	for _, t := range o.Tables {
		p.head("Table: " + t.Title.String())
		p.line("    %s", t.Footing)
		for _, i := range t.Items {
			p.line("    %s: %s", i.ID, i.Label)
		}
	}
	if len(o.Offences) > 0 {
		p.head("Offences")
	}
	for _, x := range o.Offences {
		p.entry(fmt.Sprintf("%s, %s: %s; time limit %s", x.Label, x.Cite, strings.TrimSpace(x.Level+" "+x.Class), x.Limitation), x.Footing)
		for _, e := range x.Elements {
			mark := ""
			if e.Basis == Unverified {
				mark = " (" + ToBeConfirmed + ")"
			}
			p.line("      - %s%s", e.Text, mark)
		}
	}
	p.kept()
}

func (p *page) kept() {
	o := p.order
	if len(o.Schedules)+len(o.Grounds) > 0 {
		p.head("Retention")
	}
	for _, s := range o.Schedules {
		p.entry(fmt.Sprintf("%s (%s, %s): at least %s, at most %s", s.Title, strings.Join(s.Kinds, ", "), s.When, s.Minimum, s.Maximum)+set(s.Authority, s.Version), s.Footing)
	}
	for _, g := range o.Grounds {
		p.entry(fmt.Sprintf("ground %s: %s; at least %s, at most %s", g.ID, g.Label, g.Minimum, g.Maximum), g.Footing)
	}
	for _, c := range slices.Concat(o.Rights, o.Instructions) {
		p.entry(fmt.Sprintf("card %s: %s (valid %s to %s; approved by %s)", c.ID, c.Title, c.ValidFrom, c.ValidTo, orNone([]string{c.ApprovedBy})), c.Footing)
	}
	for _, s := range o.Publication {
		p.entry(fmt.Sprintf("published series %s: %s, every %s, after %d days, cells below %d suppressed", s.ID, s.Title, s.Every, s.DelayDays, s.Suppress), s.Footing)
	}
	for _, g := range o.Surges {
		p.entry(fmt.Sprintf("surge period %s: %s, from %s to %s", g.ID, g.Title, g.From, g.To), g.Footing)
		for _, e := range g.Effects {
			p.line("    %s: %s", e.Duty, e.why())
		}
	}
	p.money()
}

// set says who set a schedule, and which version of it.
func set(authority, version string) string {
	out := ""
	if authority != "" {
		out += "; set by " + authority
	}
	if version != "" {
		out += "; version " + version
	}
	return out
}

func (p *page) money() {
	if len(p.order.Fees) > 0 {
		p.head("Fees")
	}
	for _, t := range p.order.Fees {
		p.entry(fmt.Sprintf("%s: %s", t.ID, t.Title), t.Footing)
		for _, x := range t.Tiers {
			p.line("    violation %d: %s %s", x.Ordinal, Money(x.Cents, t.Currency), x.Footing)
		}
		switch {
		case !t.Further.Stated:
			p.line("    a further violation: not stated")
		default:
			p.line("    each further violation: %s more %s", Money(t.Further.Add, t.Currency), t.Further.Footing)
		}
		p.line("    to be paid within: %s", t.PayWithin)
		if m := t.Multiply; m != nil {
			may := "grows"
			if m.May {
				may = "may grow"
			}
			p.line("    unpaid after %s it %s %d times %s", m.After, may, m.Times, m.Footing)
		}
		if t.Cap == nil {
			p.line("    cap: not stated")
		} else {
			p.line("    cap: %s %s", Money(t.Cap.Cents, t.Currency), t.Cap.Footing)
		}
		for _, other := range p.order.disagree(t) {
			p.line("    disagrees with: %s", other.ID)
		}
		if t.Adopted != nil {
			p.line("    adopted: %s", t.Adopted)
		}
	}
}

// String is the limit with a mark where nobody verified it.
func (l Limit) String() string {
	if l.Basis == Unverified {
		return l.Within.String() + " (" + ToBeConfirmed + ")"
	}
	return l.Within.String()
}

func orNone(list []string) string {
	if s := strings.Join(list, ", "); s != "" {
		return s
	}
	return "none"
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
