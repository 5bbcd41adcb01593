package web

import (
	"net/http"

	"jurat"
	"jurat/internal/desk"
)

// A factsBody is the immunity fact sheet of an incident: each question with
// what each side states.
type factsBody struct {
	Incident jurat.Incident
	Rows     []factRow
	Words    *vocabulary
	Asks     bool // an order in force asks for such facts
}

// A factRow is one question, with both sides at equal size.
type factRow struct {
	desk.FactRow
	Columns []factColumn
}

// A factColumn is one side of one question.
type factColumn struct {
	Side  string
	Facts []desk.SideFact
}

// facts shows the facts that bear on federal authority, of both sides and with
// their sources. It says of nothing what it amounts to (LAW-10).
func (c *Counter) facts(w http.ResponseWriter, v *visit) error {
	in, err := v.number()
	if err != nil {
		return err
	}
	view, words, err := c.showing(v, in)
	if err != nil {
		return err
	}
	body := factsBody{Incident: view.Incident, Words: words, Asks: words.recordType(jurat.TypeImmunityFact) != nil, Rows: factRows(words, view)}
	c.show(w, v, http.StatusOK, "facts", body)
	return nil
}

// recordsOf are the records of an incident as they are now.
func recordsOf(view desk.View) []jurat.Record {
	records := make([]jurat.Record, len(view.Records))
	for i, r := range view.Records {
		records[i] = r.Value
	}
	return records
}

func factRows(words *vocabulary, view desk.View) []factRow {
	var out []factRow
	for _, row := range desk.FactSheet(words.orders, recordsOf(view)) {
		one := factRow{FactRow: row}
		for i, side := range desk.FactSides {
			one.Columns = append(one.Columns, factColumn{side, row.Sides[i]})
		}
		out = append(out, one)
	}
	return out
}

// factsStated counts the facts of a sheet that somebody stated.
func factsStated(rows []factRow) (stated int) {
	for _, row := range rows {
		for _, col := range row.Columns {
			for _, f := range col.Facts {
				if f.Text != "" {
					stated++
				}
			}
		}
	}
	return stated
}
