package numbers

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"jurat"
	"jurat/order"
)

// A Report is one report an order or a statute asks for: its figures, its
// tables, and what it says in words. Zero is a figure.
type Report struct {
	ID         string     `json:"report"`
	Title      string     `json:"title"`
	Period     string     `json:"period"`
	AsOf       string     `json:"as_of"` // the day of the last event counted
	Order      OrderUsed  `json:"order"`
	Checkpoint Checkpoint `json:"checkpoint"`
	Statement  string     `json:"statement"`
	Figures    []Figure   `json:"figures"`
	Tables     []Sheet    `json:"tables"`
	Notes      []string   `json:"notes,omitempty"`
}

// A Figure is one number of a report. Cents are whole hundredths of a dollar.
type Figure struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	N     int64  `json:"n"`
	Cents bool   `json:"cents,omitempty"`
}

// String is the figure as people write it.
func (f Figure) String() string {
	if f.Cents {
		return "$" + dollars(f.N)
	}
	return strconv.FormatInt(f.N, 10)
}

// A Sheet is one table of a report.
type Sheet struct {
	ID      string     `json:"id"`
	Title   string     `json:"title"`
	Columns []Column   `json:"columns"`
	Rows    [][]string `json:"rows"`
}

// A kind says what the cells of a column may be.
type kind int

const (
	words  kind = iota // words people typed: read for personal data
	coded              // a label of the order's, a time or a number made here
	number             // a number of another system's, such as a dispatch event's: read for what may not leave, not for its digits
)

// A Column of a sheet.
type Column struct {
	ID    string `json:"id"`
	Label string `json:"label"`

	coded kind
}

// Figure gives a figure by its id; -1 where there is none.
func (r *Report) Figure(id string) int64 {
	for _, f := range r.Figures {
		if f.ID == id {
			return f.N
		}
	}
	return -1
}

// begin makes a report of the period on the first order that has a record type.
func begins(in Input, id, title, typ string) (*Report, *order.Order, error) {
	if err := in.check(); err != nil {
		return nil, nil, err
	}
	o, ok := find(in.Orders, typ)
	if !ok {
		return nil, nil, jurat.Errorf(jurat.Conflict, "no adopted order asks for the report %s: none has the record type %s", id, typ)
	}
	if in.Made.Before(in.Period.End(o.Zone)) {
		return nil, nil, jurat.Errorf(jurat.Conflict, "%s has not ended; the report %s is made once it has", in.Period, id)
	}
	standing, _ := o.StatusAt(in.Period.End(o.Zone))
	return &Report{
		ID: id, Title: title, Period: in.Period.String(), AsOf: in.AsOf.In(o.Zone).Format(time.DateOnly), Checkpoint: in.Checkpoint,
		Order:   OrderUsed{ID: o.ID, Digest: o.Digest, Title: o.Title, Jurisdiction: o.Jurisdiction, Standing: string(standing)},
		Figures: []Figure{}, Tables: []Sheet{},
	}, o, nil
}

func (r *Report) figure(id, label string, n int) {
	r.Figures = append(r.Figures, Figure{ID: id, Label: label, N: int64(n)})
}

func (r *Report) cents(id, label string, n int64) {
	r.Figures = append(r.Figures, Figure{ID: id, Label: label, N: n, Cents: true})
}

// sort puts rows in the order of their cells.
func (t *Sheet) sort() {
	if t.Rows == nil {
		t.Rows = [][]string{}
	}
	slices.SortFunc(t.Rows, func(a, b []string) int { return slices.CompareFunc(a, b, cmp.Compare[string]) })
}

// JSON is the report as a file, always the same bytes.
func (r *Report) JSON() ([]byte, error) {
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return nil, jurat.Because(jurat.Invalid, err, "the report cannot be written")
	}
	return append(b, '\n'), nil
}

// CSV gives each table of the report as a file, and its figures as one more.
func (r *Report) CSV(put func(name string, b []byte) error) error {
	rows := [][]string{{"report", "period", "figure", "label", "n", "unit"}}
	for _, f := range r.Figures {
		unit := "count"
		if f.Cents {
			unit = "cents"
		}
		rows = append(rows, []string{r.ID, r.Period, f.ID, f.Label, strconv.FormatInt(f.N, 10), unit})
	}
	b, err := WriteCSV(rows)
	if err != nil {
		return err
	}
	if err := put(r.ID+"-figures.csv", b); err != nil {
		return err
	}
	for _, t := range r.Tables {
		head := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			head[i] = c.ID
		}
		if b, err = WriteCSV(append([][]string{head}, t.Rows...)); err != nil {
			return err
		}
		if err := put(r.ID+"-"+t.ID+".csv", b); err != nil {
			return err
		}
	}
	return nil
}

// Print writes the report as plain text.
func (r *Report) Print(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s: %s\n%s; last event counted: %s\n\n%s\n\n", r.Title, r.Order.Jurisdiction, r.Order.Title, r.Period, r.AsOf, r.Statement)
	for _, f := range r.Figures {
		fmt.Fprintf(&b, "%s: %s\n", f.Label, f)
	}
	for _, t := range r.Tables {
		fmt.Fprintf(&b, "\n%s\n", t.Title)
		if len(t.Rows) == 0 {
			b.WriteString("  none\n")
		}
		for i, row := range t.Rows {
			fmt.Fprintf(&b, "  %d.", i+1)
			for k, cell := range row {
				if cell != "" {
					fmt.Fprintf(&b, " %s: %s.", t.Columns[k].Label, cell)
				}
			}
			b.WriteString("\n")
		}
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "\n%s\n", n)
	}
	fmt.Fprintf(&b, "\nCounted from %s, size %d, root %s.\nOrder %s %s\n", r.Checkpoint.Origin, r.Checkpoint.Size, r.Checkpoint.Root, r.Order.ID, r.Order.Digest)
	_, err := io.WriteString(w, b.String())
	return err
}

// dollars writes cents without a float.
func dollars(cents int64) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	return fmt.Sprintf("%s%d.%02d", sign, cents/100, cents%100)
}

// place names a place in a table.
func place(table string, row int, column string) string {
	return fmt.Sprintf("%s, row %d, column %s", table, row, column)
}

// lookup gives the English label of a code in an order's table. A code the table
// does not have may be words people typed: it is not printed.
func lookup(o *order.Order, table, code string) string {
	t, _ := o.Table(table)
	for _, it := range t.Items {
		if it.ID == code {
			return it.Label.String()
		}
	}
	if code == "" {
		return "not stated"
	}
	return "not in the order's list"
}

func lookups(o *order.Order, table string, codes []string) string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = lookup(o, table, c)
	}
	if len(out) == 0 {
		return "not stated"
	}
	return strings.Join(out, "; ")
}

// moment prints a time in the order's zone, with its offset.
func moment(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return "not stated"
	}
	return t.In(zone).Format(time.RFC3339)
}

func day(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return "not stated"
	}
	return t.In(zone).Format(time.DateOnly)
}

// each visits the standing records of a type, in incidents and in the house.
func each(in Input, typ string, visit func(f *order.Facts, r *jurat.Record, v fields)) error {
	one := func(f *order.Facts) {
		for _, r := range standing(f.Records, typ) {
			visit(f, r, read(r))
		}
	}
	one(&in.House)
	for f, err := range in.Facts {
		if err != nil {
			return err
		}
		one(&f)
	}
	return nil
}
