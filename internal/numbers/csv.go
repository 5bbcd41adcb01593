package numbers

import (
	"bytes"
	"encoding/csv"
	"strconv"

	"jurat"
)

// safe makes a text safe to open in a spreadsheet: one that a spreadsheet would
// take for a formula gets an apostrophe before it.
func safe(s string) string {
	if s != "" && formula(s) {
		return "'" + s
	}
	return s
}

// formula reports whether a spreadsheet would calculate a text.
func formula(s string) bool {
	switch s[0] {
	case '=', '+', '-', '@', '\t', '\r', '\n':
		return true
	}
	return false
}

// WriteCSV writes rows as CSV (RFC 4180), every text safe.
func WriteCSV(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	for _, r := range rows {
		out := make([]string, len(r))
		for i, s := range r {
			out[i] = safe(s)
		}
		if err := w.Write(out); err != nil {
			return nil, jurat.Because(jurat.Unavailable, err, "the table cannot be written")
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "the table cannot be written")
	}
	return b.Bytes(), nil
}

// CSV is every number of the publication, one to a line, each with the entry of
// the codebook that defines it and the version of the order it rests on.
func (p *Publication) CSV(lang string) ([]byte, error) {
	rows := [][]string{{"order", "series", "counts", "by", "code", "label", "month", "n", "printed", "definition", "order_version"}}
	version := map[string]string{}
	for _, o := range p.Orders {
		version[o.ID] = o.Digest.String()
	}
	for i := range p.Series {
		s := &p.Series[i]
		line := func(by string, r *Row) {
			add := func(month string, n *int) {
				number, printed := "", "withheld"
				if n != nil {
					number, printed = strconv.Itoa(*n), "yes"
				}
				rows = append(rows, []string{s.Order, s.ID, s.Counts, by, r.Code, r.Label.In(lang), month, number, printed, s.entry(by), version[s.Order]})
			}
			for m, n := range r.Months {
				add(string(s.Months[m]), n)
			}
			add("period", r.All)
		}
		if s.Total != nil {
			line("month", s.Total)
		}
		for k := range s.Tables {
			for r := range s.Tables[k].Rows {
				line(s.Tables[k].By, &s.Tables[k].Rows[r])
			}
		}
	}
	for _, o := range p.Overdue {
		number, printed := "", "withheld"
		if o.Number != nil {
			number, printed = strconv.Itoa(*o.Number), "yes"
		}
		rows = append(rows, []string{o.Order, "overdue", "overdue", "duty", o.Duty, o.Title.In(lang), "end of period", number, printed, "overdue", version[o.Order]})
	}
	return WriteCSV(rows)
}

// entry names the entry of the codebook that defines a table's numbers.
func (s *Series) entry(by string) string { return s.Order + "." + s.ID + "." + by }
