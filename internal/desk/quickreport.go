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
// other records stand beside it as drafts of theirs.
type Filing struct {
	Draft    string
	Incident jurat.IncidentNumber
	Opening  jurat.Opening
	Records  []Words
}

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
			done, err := d.perform(tx, c, jurat.At(at), errand{act: jurat.IncidentOpened, do: func(tx *register.Tx, h hand) (jurat.Event, error) {
				number, err := tx.NextIncident(jurat.At(at).Year())
				if err != nil {
					return jurat.Event{}, err
				}
				_, ev, err := jurat.OpenIncident(number, f.Opening, h.Hand, jurat.At(at))
				return ev, err
			}})
			if err != nil {
				return err
			}
			out.Incident = jurat.IncidentNumber(done.Item.ID)
		}
		for _, w := range f.Records {
			done, err := d.perform(tx, c, jurat.At(at), errand{act: jurat.RecordAdded, incident: out.Incident, do: func(tx *register.Tx, h hand) (jurat.Event, error) {
				writing, err := h.house.orders.writing(w.Type, w.Fields)
				if err != nil {
					return jurat.Event{}, err
				}
				if err := d.mayWrite(h, w.Type, writing.Wall); err != nil {
					return jurat.Event{}, err
				}
				if err := h.house.orders.filed(w.Type, out.Incident); err != nil {
					return jurat.Event{}, err
				}
				id, err := tx.NextItem(out.Incident, jurat.NounRecord)
				if err != nil {
					return jurat.Event{}, err
				}
				_, ev, err := jurat.AddRecord(id, w.Type, "", writing, h.Hand, jurat.At(at))
				return ev, err
			}})
			if err != nil {
				return err
			}
			out.Records = append(out.Records, done.Item.ID)
			if w.Type == jurat.TypeReport {
				out.Report = done.Item.ID
			}
		}
		return d.putDraft(tx, h.Person, at, Draft{ID: f.Draft, Filed: &out})
	})
	if err != nil {
		return Filed{}, err
	}
	return out, nil
}

// ByEventNumber finds the incidents a dispatch event was opened under already,
// of those the caller may see. It is a search, and journalled as one.
func (d *Desk) ByEventNumber(ctx context.Context, c Caller, at time.Time, number string) ([]Line, error) {
	var lines []Line
	var asked entry
	err := d.read(ctx, c, at, actionSearch, "", func(tx *register.Tx, h hand) error {
		asked = question{who: h, action: actionSearch}.entry("search")
		rows, err := tx.Search(number, "", 20)
		if err != nil {
			return err
		}
		lines = lines[:0]
		for _, row := range rows {
			var in jurat.Incident
			if h.house.hides(h, row.Incident) || erased(row.ItemRow) {
				continue
			}
			if err := decode(row.ItemRow, &in); err != nil {
				return err
			}
			if in.EventNumber == number {
				lines = append(lines, Line{Incident: in.Number, Opened: in.OpenedAt, Title: in.Title})
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
