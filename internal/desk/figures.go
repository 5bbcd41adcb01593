package desk

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"time"

	"jurat"
	"jurat/internal/ledger"
	"jurat/internal/register"
	"jurat/order"
)

// Figures gives the facts of every incident as the record had them at a
// published checkpoint, oldest incident first, and those of the house: what is
// counted from them can be counted again later, to the byte (PUB-1). Whoever
// may list incidents may count them; the asking is journalled.
func (d *Desk) Figures(ctx context.Context, c Caller, at time.Time, as ledger.Published) (iter.Seq2[order.Facts, error], order.Facts, error) {
	var numbers []jurat.IncidentNumber
	var house order.Facts
	var asked entry
	err := d.read(ctx, c, at, actionList, "", func(tx *register.Tx, h hand) error {
		asked = question{who: h, action: actionList}.entry(string(actionList))
		rows, err := allIncidents(tx)
		if err != nil {
			return err
		}
		numbers = rows
		house, err = factsAt(tx, register.House, as.Size)
		return err
	})
	if err == nil {
		err = d.note(ctx, at, asked)
	}
	if err != nil {
		return nil, order.Facts{}, err
	}
	return func(yield func(order.Facts, error) bool) {
		for _, in := range numbers {
			var f order.Facts
			err := d.register.Read(ctx, func(tx *register.Tx) error {
				var err error
				f, err = factsAt(tx, in, as.Size)
				return err
			})
			if err == nil && f.Incident.Number == "" {
				continue // opened after the checkpoint
			}
			if !yield(f, err) || err != nil {
				return
			}
		}
	}, house, nil
}

func allIncidents(tx *register.Tx) ([]jurat.IncidentNumber, error) {
	const page = 1000
	var all []jurat.IncidentNumber
	after := jurat.IncidentNumber("")
	for {
		rows, err := tx.ListIncidents(after, page)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			after = row.Incident
			all = append(all, after)
		}
		if len(rows) < page {
			slices.Reverse(all)
			return all, nil
		}
	}
}

// factsAt folds the events of a chain that the first size leaves of the ledger
// hold: each item as its last event among them left it.
func factsAt(tx *register.Tx, in jurat.IncidentNumber, size int64) (order.Facts, error) {
	last := map[jurat.Item]json.RawMessage{}
	var items []jurat.Item
	err := tx.EachEvent(in, func(row register.EventRow) error {
		index, err := tx.LeafIndex(row.ID)
		if err != nil || index >= size {
			return inCheckpoint(err) // it is not in that checkpoint
		}
		st, err := statement(row)
		if err != nil {
			return err
		}
		open, err := openOf(st)
		if err != nil {
			return err
		}
		if _, seen := last[row.Item]; !seen {
			items = append(items, row.Item)
		}
		last[row.Item] = open.Value
		return nil
	})
	if err != nil {
		return order.Facts{}, err
	}
	var f order.Facts
	for _, item := range items {
		if err := addFact(&f, item.Noun, last[item]); err != nil {
			return order.Facts{}, err
		}
	}
	return f, nil
}

// inCheckpoint lets an event without an index, or beyond the size, be passed
// over, and nothing else.
func inCheckpoint(err error) error {
	if errors.Is(err, jurat.NotFound) {
		return nil
	}
	return err
}

func addFact(f *order.Facts, noun jurat.Noun, value json.RawMessage) error {
	switch noun {
	case jurat.NounIncident:
		return json.Unmarshal(value, &f.Incident)
	case jurat.NounRecord:
		return grow(&f.Records, value)
	case jurat.NounExhibit:
		return grow(&f.Exhibits, value)
	case jurat.NounFlag:
		return grow(&f.Flags, value)
	case jurat.NounHold:
		return grow(&f.Holds, value)
	case jurat.NounAccount:
		return grow(&f.Accounts, value)
	case jurat.NounAllegation:
		return grow(&f.Allegations, value)
	case jurat.NounReferral:
		return grow(&f.Referrals, value)
	case jurat.NounContact:
		return grow(&f.Contacts, value)
	case jurat.NounParty:
		return grow(&f.Parties, value)
	case jurat.NounDossier:
		return grow(&f.Dossiers, value)
	}
	return nil // people, offices, orders, looks: no facts of an order
}

func grow[T any](list *[]T, value json.RawMessage) error {
	var v T
	if err := json.Unmarshal(value, &v); err != nil {
		return err
	}
	*list = append(*list, v)
	return nil
}
