package desk

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"jurat"
	"jurat/internal/register"
)

// Words are what a person enters in a record: one JSON object of all fields.
// The order's schema says which are sealed; they are split here and never
// reach the open part.
type Words struct {
	Type   jurat.RecordType
	Amends jurat.ItemID
	Fields json.RawMessage
}

// AddRecord adds a record to an incident as a draft or, with the zero number,
// to the house, as the type's scope says: Invalid otherwise. Unknown fields and
// values of the wrong type are Invalid; missing ones are not.
func (d *Desk) AddRecord(ctx context.Context, c Caller, at time.Time, in jurat.IncidentNumber, w Words) (jurat.Record, Done, error) {
	var r jurat.Record
	done, err := d.act(ctx, c, at, d.adding(at, in, w, &r))
	return r, done, err
}

// adding is the errand of [Desk.AddRecord]; r is the record once it is done.
func (d *Desk) adding(at time.Time, in jurat.IncidentNumber, w Words, r *jurat.Record) errand {
	return errand{act: jurat.RecordAdded, incident: in, do: func(tx *register.Tx, h hand) (jurat.Event, error) {
		writing, err := h.house.orders.writing(w.Type, w.Fields)
		if err != nil {
			return jurat.Event{}, err
		}
		if err := d.mayWrite(h, w.Type, writing.Wall); err != nil {
			return jurat.Event{}, err
		}
		if err := d.namesOwn(tx, h, writing.Wall, writing.Fields); err != nil {
			return jurat.Event{}, err
		}
		if err := there(tx, in, w.Amends); err != nil {
			return jurat.Event{}, err
		}
		if err := d.reaches(tx, h, in, w.Amends); err != nil {
			return jurat.Event{}, err
		}
		if err := h.house.orders.filed(w.Type, in); err != nil {
			return jurat.Event{}, err
		}
		id, err := nextID(tx, in, jurat.NounRecord)
		if err != nil {
			return jurat.Event{}, err
		}
		var ev jurat.Event
		*r, ev, err = jurat.AddRecord(id, w.Type, w.Amends, writing, h.Hand, jurat.At(at))
		return ev, err
	}}
}

// nextID is the next number of a noun in an incident, or its next name in the
// house.
func nextID(tx *register.Tx, in jurat.IncidentNumber, noun jurat.Noun) (jurat.ItemID, error) {
	if in == register.House {
		return tx.NextName(noun)
	}
	return tx.NextItem(in, noun)
}

// Records lists the records of an incident, which opens it, or with the zero
// number the house's own, but those a wall keeps from the caller.
func (d *Desk) Records(ctx context.Context, c Caller, at time.Time, in jurat.IncidentNumber) ([]jurat.Record, error) {
	var all []jurat.Record
	if in == register.House {
		err := d.read(ctx, c, at, actionList, register.House, func(tx *register.Tx, h hand) error {
			var err error
			all, err = loadAll[jurat.Record](tx, register.House, jurat.NounRecord)
			all = slices.DeleteFunc(all, func(r jurat.Record) bool { return d.keeps(h, r) })
			return err
		})
		return all, err
	}
	err := d.open(ctx, c, at, jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(in)}, func(tx *register.Tx, h hand) error {
		var err error
		if all, err = loadAll[jurat.Record](tx, in, jurat.NounRecord); err != nil {
			return err
		}
		return d.hush(tx, h, in, all)
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// ShowRecord shows one record: its open fields, and which sealed parts it has.
// Showing a record of an incident is an event of it, as [Desk.Show] is. NotFound:
// there is none, or a wall keeps it from the caller. Forbidden: it is another
// member's report, and the officer's own is not signed yet.
func (d *Desk) ShowRecord(ctx context.Context, c Caller, at time.Time, id jurat.ItemID) (jurat.Record, error) {
	var r jurat.Record
	if _, err := jurat.ParseItemID(jurat.NounRecord, string(id)); err != nil {
		return r, err
	}
	item := jurat.Item{Noun: jurat.NounRecord, ID: id}
	read := func(tx *register.Tx, h hand) error {
		found, err := load[jurat.Record](tx, item)
		if err == nil {
			err = d.behind(h, actionList, found)
		}
		if err == nil {
			err = d.hear(tx, h, found)
		}
		if err == nil {
			r = found
		}
		return err
	}
	var err error
	if id.Incident() == register.House {
		err = d.read(ctx, c, at, actionList, register.House, read)
	} else {
		err = d.open(ctx, c, at, item, read)
	}
	if err != nil {
		return jurat.Record{}, err
	}
	return r, nil
}

// AmendRecord writes the next version of a record.
func (d *Desk) AmendRecord(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, fields json.RawMessage, reason string) (jurat.Record, Done, error) {
	return d.onRecord(ctx, c, at, jurat.RecordAmended, id, func(tx *register.Tx, h hand, r jurat.Record) (jurat.Record, jurat.Event, error) {
		writing, err := h.house.orders.writing(r.Type, fields)
		if err != nil {
			return r, jurat.Event{}, err
		}
		if err := d.namesOwn(tx, h, r.Wall, writing.Fields); err != nil {
			return r, jurat.Event{}, err
		}
		return r.Amend(writing, h.Hand, reason, jurat.At(at))
	})
}

// SubmitRecord is the author's sworn statement that the record is theirs.
func (d *Desk) SubmitRecord(ctx context.Context, c Caller, at time.Time, id jurat.ItemID) (jurat.Record, Done, error) {
	return d.onRecord(ctx, c, at, jurat.RecordSubmitted, id, func(tx *register.Tx, h hand, r jurat.Record) (jurat.Record, jurat.Event, error) {
		return r.Submit(h.Hand, jurat.At(at))
	})
}

// ReturnRecord sends a submitted record back with a reason.
func (d *Desk) ReturnRecord(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, reason string) (jurat.Record, Done, error) {
	return d.onRecord(ctx, c, at, jurat.RecordReturned, id, func(tx *register.Tx, h hand, r jurat.Record) (jurat.Record, jurat.Event, error) {
		return r.Return(h.Hand, reason, jurat.At(at))
	})
}

// ApproveRecord approves a submitted record, if the gates are open. Conflict
// names the first reason they are not.
func (d *Desk) ApproveRecord(ctx context.Context, c Caller, at time.Time, id jurat.ItemID) (jurat.Record, Done, error) {
	return d.onRecord(ctx, c, at, jurat.RecordApproved, id, func(tx *register.Tx, h hand, r jurat.Record) (jurat.Record, jurat.Event, error) {
		closed, err := h.house.orders.closed(tx, r.Item(), gateApprove, jurat.At(at))
		if err != nil {
			return r, jurat.Event{}, err
		}
		lacking, err := d.lacking(tx, h.house.orders, r)
		if err != nil {
			return r, jurat.Event{}, err
		}
		return r.Approve(h.Hand, slices.Concat(r.Incomplete(), lacking, closed), jurat.At(at))
	})
}

func (d *Desk) onRecord(ctx context.Context, c Caller, at time.Time, act jurat.Act, id jurat.ItemID, do func(*register.Tx, hand, jurat.Record) (jurat.Record, jurat.Event, error)) (jurat.Record, Done, error) {
	return onItem(ctx, d, c, at, act, jurat.NounRecord, id, func(tx *register.Tx, h hand, r jurat.Record) (jurat.Record, jurat.Event, error) {
		if err := d.behind(h, act, r); err != nil {
			return r, jurat.Event{}, err
		}
		return do(tx, h, r)
	})
}

// onItem does an act on an existing item of an incident.
func onItem[T any](ctx context.Context, d *Desk, c Caller, at time.Time, act jurat.Act, noun jurat.Noun, id jurat.ItemID, do func(*register.Tx, hand, T) (T, jurat.Event, error)) (T, Done, error) {
	var after T
	if _, err := jurat.ParseItemID(noun, string(id)); err != nil {
		return after, Done{}, err
	}
	done, err := d.act(ctx, c, at, errand{act: act, incident: id.Incident(), do: func(tx *register.Tx, h hand) (jurat.Event, error) {
		before, err := load[T](tx, jurat.Item{Noun: noun, ID: id})
		if err != nil {
			return jurat.Event{}, err
		}
		var ev jurat.Event
		after, ev, err = do(tx, h, before)
		return ev, err
	}})
	return after, done, err
}

// newItem does an act that adds an item to an incident.
func newItem[T any](ctx context.Context, d *Desk, c Caller, at time.Time, act jurat.Act, in jurat.IncidentNumber, noun jurat.Noun, do func(*register.Tx, hand, jurat.ItemID) (T, jurat.Event, error)) (T, Done, error) {
	var made T
	done, err := d.act(ctx, c, at, addingItem(act, in, noun, do, &made))
	return made, done, err
}

// addingItem is the errand of newItem; made is the item once it is done.
func addingItem[T any](act jurat.Act, in jurat.IncidentNumber, noun jurat.Noun, do func(*register.Tx, hand, jurat.ItemID) (T, jurat.Event, error), made *T) errand {
	return errand{act: act, incident: in, do: func(tx *register.Tx, h hand) (jurat.Event, error) {
		id, err := nextID(tx, in, noun)
		if err != nil {
			return jurat.Event{}, err
		}
		var ev jurat.Event
		*made, ev, err = do(tx, h, id)
		return ev, err
	}}
}
