package numbers

import (
	"encoding/json"

	"jurat"
	"jurat/order"
)

// A Codebook says what every number and every code of a publication means, and
// what it rests on.
type Codebook struct {
	Format  string      `json:"format"`
	Rules   []Rule      `json:"rules"`
	Entries []CodeEntry `json:"entries"`
}

// A Rule is one rule all figures are made by.
type Rule struct {
	ID   string      `json:"id"`
	Says order.Label `json:"says"`
}

// A CodeEntry defines the numbers of one table. ID is what a CSV line names as
// its definition.
type CodeEntry struct {
	ID      string       `json:"id"`
	Order   OrderUsed    `json:"order"`
	Series  order.Label  `json:"series"`
	Counts  string       `json:"counts"`
	By      order.Label  `json:"by"`
	Means   order.Label  `json:"means"`
	Basis   order.Basis  `json:"basis"`
	Sources []UsedSource `json:"sources,omitempty"`
	Reason  string       `json:"reason,omitempty"`
	Codes   []Code       `json:"codes"`
}

// A Code is one code of a table, with its label.
type Code struct {
	Code  string      `json:"code"`
	Label order.Label `json:"label"`
}

// rules are the ids of the rules, in the order they are told in.
var rules = [...]string{"withheld", "zero", "delay", "place", "agency", "several", "correction", "classes", "recount"}

// Codebook gives the publication's codebook.
func (p *Publication) Codebook() *Codebook {
	b := &Codebook{Format: Format, Entries: []CodeEntry{}}
	for _, id := range rules {
		b.Rules = append(b.Rules, Rule{id, say("rule." + id)})
	}
	for i := range p.Series {
		s := &p.Series[i]
		e := CodeEntry{Series: s.Title, Counts: s.Counts, Means: s.Means, Basis: s.Basis, Sources: s.Sources, Reason: s.Reason}
		for _, o := range p.Orders {
			if o.ID == s.Order {
				e.Order = o
			}
		}
		if s.Total != nil {
			e.ID, e.By, e.Codes = s.entry("month"), say("by.month"), []Code{{s.Total.Code, s.Total.Label}}
			b.Entries = append(b.Entries, e)
		}
		for _, t := range s.Tables {
			e.ID, e.By, e.Codes = s.entry(t.By), say("by."+t.By), []Code{}
			for _, r := range t.Rows {
				e.Codes = append(e.Codes, Code{r.Code, r.Label})
			}
			b.Entries = append(b.Entries, e)
		}
	}
	e := CodeEntry{ID: "overdue", Counts: "overdue", Series: say("overdue"), By: say("by.duty"), Means: say("means.overdue"), Basis: order.Choice, Reason: say("means.overdue").In("en"), Codes: []Code{}}
	for _, o := range p.Overdue {
		e.Codes = append(e.Codes, Code{o.Order + "." + o.Duty, o.Title})
	}
	b.Entries = append(b.Entries, e)
	return b
}

// JSON is the codebook as a file, always the same bytes.
func (b *Codebook) JSON() ([]byte, error) {
	out, err := json.MarshalIndent(b, "", " ")
	if err != nil {
		return nil, jurat.Because(jurat.Invalid, err, "the codebook cannot be written")
	}
	return append(out, '\n'), nil
}
