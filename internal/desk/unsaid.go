package desk

import (
	"errors"
	"slices"

	"jurat"
	"jurat/internal/register"
)

// A member who is to say what they saw does not read first what another says: as
// long as an officer's own report of an incident is not signed, or waits as a
// draft that is to be added to it, the words of other members' reports stay
// closed to them there. It is a choice of this system, not of an order.

// unsaid gives the report an officer still has to sign in an incident: its
// number, or "" where it is a draft that is to be added; owes is false where
// there is none.
func (d *Desk) unsaid(tx *register.Tx, h hand, in jurat.IncidentNumber) (report jurat.ItemID, owes bool, err error) {
	if h.Role != jurat.RoleOfficer || h.Person == "" || in == register.House {
		return "", false, nil
	}
	rows, err := tx.Items(in, jurat.NounRecord)
	if err != nil {
		return "", false, err
	}
	for _, row := range rows {
		var r jurat.Record
		if erased(row) {
			continue
		}
		if err := decode(row, &r); err != nil {
			return "", false, err
		}
		if r.Type == jurat.TypeReport && r.Author == h.Person && (r.State == jurat.RecordDraft || r.State == jurat.RecordReturn) {
			return r.ID, true, nil
		}
	}
	drafts, err := tx.Drafts(h.Person)
	if err != nil {
		return "", false, err
	}
	for _, row := range slices.DeleteFunc(drafts, ofNoReport) {
		one, err := d.openDraft(row)
		if err != nil {
			return "", false, err
		}
		if one.Filed == nil && one.joins() == in {
			return "", true, nil
		}
	}
	return "", false, nil
}

// isClosed reports whether a record's words are closed to an officer who still
// has to say their own.
func isClosed(h hand, r jurat.Record, owes bool) bool {
	return owes && r.Type == jurat.TypeReport && r.Author != h.Person
}

// hear refuses the words of a record that are closed to the caller.
func (d *Desk) hear(tx *register.Tx, h hand, r jurat.Record) error {
	if r.Type != jurat.TypeReport || r.Author == h.Person {
		return nil
	}
	report, owes, err := d.unsaid(tx, h, r.ID.Incident())
	if err != nil || !owes {
		return err
	}
	mine := "your own report"
	if report != "" {
		mine = "your own report " + string(report)
	}
	return jurat.Errorf(jurat.Forbidden, "another member's words in %s stay closed to you until %s is signed: sign it, then read theirs. A supervisor can read both", r.ID, mine)
}

// hearItem is hear for an item that may be a record, and may be gone.
func (d *Desk) hearItem(tx *register.Tx, h hand, item jurat.Item) error {
	if item.Noun != jurat.NounRecord || item.ID.Incident() == register.House {
		return nil
	}
	r, err := load[jurat.Record](tx, item)
	if errors.Is(err, jurat.NotFound) || errors.Is(err, errErased) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.hear(tx, h, r)
}

// hush takes the words out of records that are closed to the caller.
func (d *Desk) hush(tx *register.Tx, h hand, in jurat.IncidentNumber, all []jurat.Record) error {
	_, owes, err := d.unsaid(tx, h, in)
	if err != nil || !owes {
		return err
	}
	for i := range all {
		if isClosed(h, all[i], owes) {
			all[i].Fields = nil
		}
	}
	return nil
}
