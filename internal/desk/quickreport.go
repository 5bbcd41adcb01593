package desk

import (
	"context"
	"errors"
	"slices"
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
	Said     []StatedBy
}

// StatedBy is what somebody said, told to the author: it becomes an account of
// their side, as every other.
type StatedBy struct {
	Side string // of the law's list
	jurat.Statement
}

// noOffence stands where nobody chose an offence yet: choosing one, with its
// elements, is not the officer's work (RPT-2).
const noOffence = "no offence chosen"

// FileReport hands a draft in: the incident, its records, and the end of the
// draft, all or nothing. Handing it in again gives what the first time gave.
// Missing answers never stop it; what is missing stops an approval.
func (d *Desk) FileReport(ctx context.Context, c Caller, at time.Time, f Filing) (Filed, error) {
	var out Filed
	err := d.write(ctx, at, func(tx *register.Tx) (err error) {
		out, err = d.fileReport(tx, c, jurat.At(at), f)
		return err
	})
	if err != nil {
		return Filed{}, err
	}
	return out, nil
}

// errUndone undoes what was done only to see what would follow.
var errUndone = errors.New("it was done to see what follows, and undone")

// StopsApproval says what would stop the approval of a draft's records if it
// were handed in and signed as it is: the draft is handed in, the orders are
// asked, and all of it is undone. Nothing it says stops the handing in. A draft
// that was handed in is asked about as it stands.
func (d *Desk) StopsApproval(ctx context.Context, c Caller, at time.Time, f Filing) ([]GateReason, error) {
	at = jurat.At(at)
	var stops []GateReason
	err := d.write(ctx, at, func(tx *register.Tx) error {
		left, err := d.fileReport(tx, c, at, f)
		if err != nil {
			return err
		}
		h, err := d.hand(tx, c)
		if err != nil {
			return err
		}
		v, err := filed(tx, left.Incident)
		if err != nil {
			return err
		}
		for i := range v.Records {
			if r := &v.Records[i].Value; r.ID == left.Report && r.State == jurat.RecordDraft {
				r.State, r.SubmittedAt = jurat.RecordSubmit, at
			}
		}
		stops = nil
		for _, r := range order.Evaluate(h.house.orders.orders, v.facts(), at).Gate(gateApprove).Reasons {
			if r.Item == "" || slices.Contains(left.Records, jurat.ItemID(r.Item)) {
				stops = append(stops, r)
			}
		}
		return errUndone
	})
	if errors.Is(err, errUndone) {
		err = nil
	}
	return stops, err
}

// fileReport hands a draft in inside a transaction.
func (d *Desk) fileReport(tx *register.Tx, c Caller, at time.Time, f Filing) (Filed, error) {
	out := Filed{Incident: f.Incident}
	h, err := d.hand(tx, c)
	if err != nil {
		return out, err
	}
	if err := d.authorise(tx, h, jurat.RecordAdded, ""); err != nil {
		return out, err
	}
	was, err := d.draft(tx, h.Person, f.Draft)
	if err != nil {
		return out, err
	}
	if was.Filed != nil {
		return *was.Filed, nil
	}
	if out.Incident == "" {
		var in jurat.Incident
		if _, err := d.perform(tx, c, at, opening(at, f.Opening, &in)); err != nil {
			return out, err
		}
		out.Incident = in.Number
	}
	for _, w := range f.Records {
		var r jurat.Record
		if _, err := d.perform(tx, c, at, d.adding(at, out.Incident, w, &r)); err != nil {
			return out, err
		}
		out.Records = append(out.Records, r.ID)
		if w.Type == jurat.TypeReport {
			out.Report = r.ID
		}
	}
	if f.Alleged != "" {
		var a jurat.Allegation
		if _, err := d.perform(tx, c, at, addingItem(jurat.AllegationAdded, out.Incident, jurat.NounAllegation, alleging(at, out.Incident, noOffence, f.Alleged, ""), &a)); err != nil {
			return out, err
		}
		out.Allegation = a.ID
	}
	for _, s := range f.Said {
		if err := d.fileSaid(tx, c, at, out.Incident, s); err != nil {
			return out, err
		}
	}
	return out, d.putDraft(tx, h.Person, at, Draft{ID: f.Draft, Filed: &out, Version: was.Version + 1})
}

// fileSaid records what somebody said as the account of their side.
func (d *Desk) fileSaid(tx *register.Tx, c Caller, at time.Time, in jurat.IncidentNumber, s StatedBy) error {
	var a jurat.Account
	open := func(_ *register.Tx, h hand, id jurat.ItemID) (jurat.Account, jurat.Event, error) {
		return jurat.OpenAccount(id, s.Side, "", "", h.Hand, at)
	}
	if _, err := d.perform(tx, c, at, addingItem(jurat.AccountOpened, in, jurat.NounAccount, open, &a)); err != nil {
		return err
	}
	_, err := d.perform(tx, c, at, errand{act: jurat.AccountGiven, incident: in, do: func(_ *register.Tx, h hand) (jurat.Event, error) {
		_, ev, err := a.Give(s.Statement, h.Hand, at)
		return ev, err
	}})
	return err
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
		rows, err := tx.Search(h.house.hidden(h), register.Narrow{}, number, "", 20)
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
