package desk

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"jurat"
	"jurat/format"
)

// The sides of a fact sheet: whoever acted for the agency, and everybody else.
// They have equal rank, and the sheet has no column for a verdict (LAW-10).
const (
	SideAgency = "agency"
	SideOthers = "others"
)

// FactSides lists the sides.
var FactSides = [...]string{SideAgency, SideOthers}

// factQuestions is the table an order gives of what the courts' test asks about.
const factQuestions = "immunity_questions"

// A FactRow is one question of the fact sheet, with what each side states.
type FactRow struct {
	Question string            `json:"question"` // its code in the order's table
	Label    map[string]string `json:"label"`
	Sides    [2][]SideFact     `json:"sides"` // of FactSides
}

// A SideFact is what one side states, with its source; or that it was not obtained,
// and who was asked.
type SideFact struct {
	Record   jurat.Record       `json:"-"`
	ID       jurat.ItemID       `json:"record"` // of the record that states it
	Question string             `json:"question"`
	Side     string             `json:"side"`
	Text     string             `json:"fact"`
	Source   string             `json:"source"`
	Item     string             `json:"item"`
	Reached  jurat.AccountState `json:"reached,omitempty"`
	Asked    string             `json:"asked,omitempty"`
	AskedAt  time.Time          `json:"asked_at,omitzero"`
}

// FactSheet gathers the facts that bear on federal authority: each question the
// orders ask, in their order, and what each side states; nothing where no fact
// is on record and no order asks. A record that another amends is left to that
// one.
func FactSheet(orders []*Order, records []jurat.Record) []FactRow {
	var rows []FactRow
	for _, o := range orders {
		t, ok := o.Table(factQuestions)
		if !ok {
			continue
		}
		for _, q := range t.Items {
			if !slices.ContainsFunc(rows, func(r FactRow) bool { return r.Question == q.ID }) {
				rows = append(rows, FactRow{Question: q.ID, Label: q.Label})
			}
		}
	}
	for _, r := range records {
		if r.Type != jurat.TypeImmunityFact || slices.ContainsFunc(records, func(x jurat.Record) bool { return x.Amends == r.ID }) {
			continue
		}
		f := SideFact{Record: r}
		if json.Unmarshal(r.Fields, &f) != nil {
			continue // of an order that asked otherwise: it stands among the records
		}
		f.ID = r.ID
		side := slices.Index(FactSides[:], f.Side)
		if side < 0 {
			continue
		}
		i := slices.IndexFunc(rows, func(row FactRow) bool { return row.Question == f.Question })
		if i < 0 {
			i, rows = len(rows), append(rows, FactRow{Question: f.Question, Label: map[string]string{"en": f.Question}})
		}
		rows[i].Sides[side] = append(rows[i].Sides[side], f)
	}
	return rows
}

// stated reports whether a side states something.
func (f SideFact) stated() bool { return strings.TrimSpace(f.Text) != "" }

// immunity is the fact sheet as a dossier has it; nil where no fact is on
// record.
func immunity(orders []*Order, records []jurat.Record) *format.ImmunitySheet {
	if !slices.ContainsFunc(records, func(r jurat.Record) bool { return r.Type == jurat.TypeImmunityFact }) {
		return nil
	}
	sheet := &format.ImmunitySheet{}
	for _, row := range FactSheet(orders, records) {
		fact := format.ImmunityFact{Question: row.Label["en"]}
		for i, side := range FactSides {
			said := false
			for _, f := range row.Sides[i] {
				one := format.FactBySide{Side: side}
				if f.stated() {
					one.Text, one.Source = f.Text, f.source()
				} else {
					one.NotObtained = f.notObtained()
				}
				said, fact.Sides = true, append(fact.Sides, one)
			}
			if !said {
				fact.Sides = append(fact.Sides, format.FactBySide{Side: side, NotObtained: "not asked"})
			}
		}
		sheet.Facts = append(sheet.Facts, fact)
	}
	return sheet
}

// source names where a fact is from, and which record states it, so that it can
// be found among the records and their versions.
func (f SideFact) source() string {
	said := strings.TrimSpace(f.Source)
	if said == "" {
		said = "not stated"
	}
	if f.Item != "" {
		said += ", " + f.Item
	}
	return said + " (record " + string(f.Record.ID) + ", " + string(f.Record.State) + ")"
}

func (f SideFact) notObtained() string {
	if f.Asked == "" && f.AskedAt.IsZero() {
		if f.Reached == "" || f.Reached == jurat.AccountNotAsked {
			return "not asked (record " + string(f.Record.ID) + ")"
		}
		return strings.ReplaceAll(string(f.Reached), "_", " ") + " (record " + string(f.Record.ID) + ")"
	}
	said := "asked"
	if f.Asked != "" {
		said += ": " + f.Asked
	}
	if !f.AskedAt.IsZero() {
		said += ", " + f.AskedAt.UTC().Format(time.DateOnly)
	}
	switch f.Reached {
	case jurat.AccountNoReply, jurat.AccountHasDecline:
		said += ", " + strings.ReplaceAll(string(f.Reached), "_", " ")
	}
	return said + " (record " + string(f.Record.ID) + ")"
}
