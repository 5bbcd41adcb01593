package numbers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"jurat"
)

// A Correction is one number that stands otherwise than in the publication
// before. Corrections are kept: a later publication repeats them.
type Correction struct {
	From   Checkpoint `json:"from"` // what the earlier number was counted from
	To     Checkpoint `json:"to"`
	Order  string     `json:"order"`
	Series string     `json:"series"`
	By     string     `json:"by"` // "month" for the totals of the series
	Code   string     `json:"code"`
	Month  string     `json:"month"` // or "period"
	Was    string     `json:"was"`   // a number, "withheld", or "not published"
	Now    string     `json:"now"`
}

// maxEarlier bounds the file of an earlier publication, in bytes.
const maxEarlier = 64 << 20

// ReadPublication reads what [Publication.JSON] wrote. Invalid: anything else.
func ReadPublication(r io.Reader) (*Publication, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxEarlier+1))
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "the earlier publication cannot be read")
	}
	if len(b) > maxEarlier {
		return nil, jurat.Errorf(jurat.Invalid, "the earlier publication is larger than %d MiB", maxEarlier>>20)
	}
	var p Publication
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return nil, jurat.Because(jurat.Invalid, err, "this is no publication of figures")
	}
	if p.Format != Format {
		return nil, jurat.Errorf(jurat.Invalid, "format %q of the earlier publication: want %s", p.Format, Format)
	}
	if err := p.Period.check(); err != nil {
		return nil, err
	}
	for _, s := range p.Series {
		if !slices.Equal(s.Months, p.Period.Months()) {
			return nil, jurat.Errorf(jurat.Invalid, "the earlier publication's series %s is not of its period", s.ID)
		}
		for _, t := range s.Tables {
			for _, r := range t.Rows {
				if len(r.Months) != len(s.Months) {
					return nil, jurat.Errorf(jurat.Invalid, "the earlier publication has %d numbers in the row %q of %s, and %d months", len(r.Months), r.Code, s.ID, len(s.Months))
				}
			}
		}
		if s.Total != nil && len(s.Total.Months) != len(s.Months) {
			return nil, jurat.Errorf(jurat.Invalid, "the earlier publication has no total for each month of %s", s.ID)
		}
	}
	return &p, nil
}

// same is the publication when it is of a period, and nil when it is of none.
func (p *Publication) same(of Period) *Publication {
	if p == nil || p.Period != of {
		return nil
	}
	return p
}

func (p *Publication) series(order, id string) *Series {
	if p == nil {
		return nil
	}
	i := slices.IndexFunc(p.Series, func(s Series) bool { return s.Order == order && s.ID == id })
	if i < 0 {
		return nil
	}
	return &p.Series[i]
}

func (s *Series) total() *Row {
	if s == nil {
		return nil
	}
	return s.Total
}

func (s *Series) table(by string) *Table {
	if s == nil {
		return nil
	}
	i := slices.IndexFunc(s.Tables, func(t Table) bool { return t.By == by })
	if i < 0 {
		return nil
	}
	return &s.Tables[i]
}

func (t *Table) line(code string) *Row {
	if t == nil {
		return nil
	}
	i := slices.IndexFunc(t.Rows, func(r Row) bool { return r.Code == code })
	if i < 0 {
		return nil
	}
	return &t.Rows[i]
}

// withheld says which months of a row are withheld; nil where there is no row.
func (r *Row) withheld(n []int) []bool {
	if r == nil {
		return nil
	}
	out := make([]bool, len(n))
	for i := range n {
		out[i] = r.Months[i] == nil
	}
	return out
}

// withheld says which numbers of an earlier table were withheld, as a grid has
// them: what was withheld stays withheld, or a later publication of the same
// months would tell what the first did not.
func (t *Table) withheld(codes []string, months []Month) (cells [][]bool, all []bool) {
	if t == nil {
		return nil, nil
	}
	cells, all = make([][]bool, len(months)), make([]bool, len(codes))
	for m := range months {
		cells[m] = make([]bool, len(codes))
		for k, code := range codes {
			if r := t.line(code); r != nil {
				cells[m][k] = r.Months[m] == nil
				all[k] = r.All == nil
			}
		}
	}
	return cells, all
}

// correct keeps the corrections made before and adds the numbers that changed
// since the earlier publication of the same period.
func (p *Publication) correct(earlier *Publication) {
	if earlier == nil {
		return
	}
	p.Corrections = append(p.Corrections, earlier.Corrections...)
	if earlier.Period != p.Period {
		return
	}
	for i := range p.Series {
		s := &p.Series[i]
		was := earlier.series(s.Order, s.ID)
		note := func(by, code, month string, was, now *int, printed bool) {
			c := Correction{From: earlier.Checkpoint, To: p.Checkpoint, Order: s.Order, Series: s.ID, By: by, Code: code, Month: month, Was: "not published", Now: printedNumber(now)}
			if printed {
				c.Was = printedNumber(was)
			}
			if c.Was != c.Now {
				p.Corrections = append(p.Corrections, c)
			}
		}
		compare := func(by string, now, before *Row) {
			if now == nil {
				return
			}
			for m, n := range now.Months {
				var b *int
				if before != nil {
					b = before.Months[m]
				}
				note(by, now.Code, string(s.Months[m]), b, n, before != nil)
			}
			var b *int
			if before != nil {
				b = before.All
			}
			note(by, now.Code, "period", b, now.All, before != nil)
		}
		if was == nil {
			continue // a series that is new corrects nothing
		}
		compare("month", s.Total, was.Total)
		for k := range s.Tables {
			t := &s.Tables[k]
			for r := range t.Rows {
				compare(t.By, &t.Rows[r], was.table(t.By).line(t.Rows[r].Code))
			}
		}
	}
}

// printedNumber is a number as it is printed.
func printedNumber(n *int) string {
	if n == nil {
		return "withheld"
	}
	return fmt.Sprint(*n)
}
