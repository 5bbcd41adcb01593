package desk

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"jurat"
	"jurat/internal/register"
)

// A Prosecution is what the prosecutors of this record's office have of an
// incident that is their own work ([jurat.Wall.WorkProduct]): the records of the
// house that name it, in the order they were written, and the types of those
// they may write. Both are empty for everybody else.
type Prosecution struct {
	Records []jurat.Record
	Types   []*RecordType
}

// Prosecution gives the prosecutors' own work on an incident; nothing to whoever
// is none of them. It opens the incident, as [Desk.Show] does.
func (d *Desk) Prosecution(ctx context.Context, c Caller, at time.Time, in jurat.IncidentNumber) (Prosecution, error) {
	var p Prosecution
	err := d.open(ctx, c, at, jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(in)}, func(tx *register.Tx, h hand) error {
		p = Prosecution{Types: d.ownTypes(h)}
		all, err := d.ownWork(tx, h)
		p.Records = slices.DeleteFunc(all, func(r jurat.Record) bool { return IncidentNamed(r.Fields) != in })
		return err
	})
	if err != nil {
		return Prosecution{}, err
	}
	return p, nil
}

// ownTypes are the types of a prosecutor's own work that somebody may write.
func (d *Desk) ownTypes(h hand) (all []*RecordType) {
	for _, o := range h.house.orders.orders {
		for _, t := range o.Records {
			if !t.Wall.WorkProduct() || slices.ContainsFunc(all, func(x *RecordType) bool { return x.ID == t.ID }) {
				continue
			}
			if may, _ := d.policy.allows(walled(h, jurat.RecordAdded, jurat.Record{Wall: t.Wall, Author: h.Person})); may {
				all = append(all, t)
			}
		}
	}
	return all
}

// ownWork are the records behind a prosecutor's wall that somebody may read.
func (d *Desk) ownWork(tx *register.Tx, h hand) ([]jurat.Record, error) {
	if may, _ := d.policy.allows(walled(h, actionList, jurat.Record{Wall: jurat.WallAssessment})); !may {
		return nil, nil // nothing is read for who is no prosecutor
	}
	all, err := loadAll[jurat.Record](tx, register.House, jurat.NounRecord)
	return slices.DeleteFunc(all, func(r jurat.Record) bool { return !r.Wall.WorkProduct() || d.keeps(h, r) }), err
}

// IncidentNamed is the incident that the fields of a record of the house name.
func IncidentNamed(fields json.RawMessage) jurat.IncidentNumber {
	var f struct {
		Incident jurat.IncidentNumber `json:"incident_number"`
	}
	if json.Unmarshal(fields, &f) != nil {
		return "" // of an order that asks otherwise
	}
	return f.Incident
}

// namesOwn refuses a prosecutor's own work that names an incident its author may
// not open: it would stand on the page of none.
func (d *Desk) namesOwn(tx *register.Tx, h hand, w jurat.Wall, fields json.RawMessage) error {
	in := IncidentNamed(fields)
	if !w.WorkProduct() || in == "" {
		return nil
	}
	return d.authorise(tx, h, actionView, in)
}

// unseen reports whether an event is of a prosecutor's own work that is kept from
// somebody: it is not listed to them.
func (d *Desk) unseen(tx *register.Tx, h hand, row register.EventRow) (bool, error) {
	about, err := recordOf(tx, row.Incident, row.Item)
	return about != nil && about.Wall.WorkProduct() && d.keeps(h, *about), err
}

// withoutOwn leaves out a prosecutor's own work: what is owed, and what is
// counted, is told to others.
func withoutOwn(all []jurat.Record) []jurat.Record {
	return slices.DeleteFunc(all, func(r jurat.Record) bool { return r.Wall.WorkProduct() })
}
