package desk

import (
	"context"
	"time"

	"jurat"
	"jurat/internal/register"
	"jurat/order"
)

// QuickReport gives the numbered questions of the quick report over the orders
// in force: those of several orders on one field are one.
func (d *Desk) QuickReport(ctx context.Context) ([]Numbered, error) {
	orders, err := d.Orders(ctx)
	if err != nil {
		return nil, err
	}
	questions, problems := order.QuickReport(orders...)
	return questions, problems.Err()
}

// A Filing is a quick report to hand in: into a new incident, as Opening says,
// or into the one named. Report is the one its author signs afterwards; the
// other records stand beside it as drafts of theirs. Alleged says whose act is
// alleged to have broken a law, where somebody says so.
type Filing struct {
	Draft    string
	Incident jurat.IncidentNumber
	Opening  jurat.Opening
	Records  []Words
	Alleged  jurat.ActorKind
}

// noOffence stands where nobody chose an offence yet: choosing one, with its
// elements, is not the officer's work (RPT-2).
const noOffence = "no offence chosen"

// FileReport hands a draft in: the incident, its records, and the end of the
// draft, all or nothing. Handing it in again gives what the first time gave.
// Missing answers never stop it; what is missing stops an approval.
func (d *Desk) FileReport(ctx context.Context, c Caller, at time.Time, f Filing) (Filed, error) {
	var out Filed
	err := d.write(ctx, at, func(tx *register.Tx) error {
		out = Filed{Incident: f.Incident}
		h, err := d.hand(tx, c)
		if err != nil {
			return err
		}
		if err := d.authorise(tx, h, jurat.RecordAdded, ""); err != nil {
			return err
		}
		was, err := d.draft(tx, h.Person, f.Draft)
		if err != nil {
			return err
		}
		if was.Filed != nil {
			out = *was.Filed
			return nil
		}
		if out.Incident == "" {
			var in jurat.Incident
			if _, err := d.perform(tx, c, jurat.At(at), opening(at, f.Opening, &in)); err != nil {
				return err
			}
			out.Incident = in.Number
		}
		for _, w := range f.Records {
			var r jurat.Record
			if _, err := d.perform(tx, c, jurat.At(at), d.adding(at, out.Incident, w, &r)); err != nil {
				return err
			}
			out.Records = append(out.Records, r.ID)
			if w.Type == jurat.TypeReport {
				out.Report = r.ID
			}
		}
		if f.Alleged != "" {
			var a jurat.Allegation
			if _, err := d.perform(tx, c, jurat.At(at), addingItem(jurat.AllegationAdded, out.Incident, jurat.NounAllegation, alleging(at, out.Incident, noOffence, f.Alleged, ""), &a)); err != nil {
				return err
			}
			out.Allegation = a.ID
		}
		return d.putDraft(tx, h.Person, at, Draft{ID: f.Draft, Filed: &out, Version: was.Version + 1})
	})
	if err != nil {
		return Filed{}, err
	}
	return out, nil
}

// An OpenedFor is an incident that was opened for a dispatch event, and by whom:
// the label of the person, or of the office where the operator did.
type OpenedFor struct {
	Line
	By string
}

// ByEventNumber finds the incidents a dispatch event was opened under already,
// of those the caller may see. It is a search, and journalled as one.
func (d *Desk) ByEventNumber(ctx context.Context, c Caller, at time.Time, number string) ([]OpenedFor, error) {
	var lines []OpenedFor
	var asked entry
	err := d.read(ctx, c, at, actionSearch, "", func(tx *register.Tx, h hand) error {
		asked = question{who: h, action: actionSearch}.entry("search")
		rows, err := tx.Search(h.house.hidden(h), number, "", 20)
		if err != nil {
			return err
		}
		lines = lines[:0]
		for _, row := range rows {
			var in jurat.Incident
			if err := decode(row.ItemRow, &in); err != nil {
				return err
			}
			if in.EventNumber == number {
				lines = append(lines, OpenedFor{Line{Incident: in.Number, Opened: in.OpenedAt, Title: in.Title}, opener(tx, in)})
			}
		}
		return nil
	})
	if err == nil {
		err = d.note(ctx, at, asked)
	}
	if err != nil {
		return nil, err
	}
	return lines, nil
}

// opener is what whoever opened an incident is called.
func opener(tx *register.Tx, in jurat.Incident) string {
	if p, err := load[jurat.Person](tx, jurat.Item{Noun: jurat.NounPerson, ID: jurat.ItemID(in.OpenedBy)}); err == nil {
		return p.Label
	}
	if o, err := load[jurat.Office](tx, jurat.Item{Noun: jurat.NounOffice, ID: jurat.ItemID(in.Office)}); err == nil {
		return o.Name
	}
	return string(in.Office)
}
