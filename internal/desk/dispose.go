package desk

import (
	"context"
	"errors"
	"time"

	"jurat"
	"jurat/internal/register"
	"jurat/internal/vault"
)

// A Disposing is what the records officer decides: the certificate, the last
// day of the backups made before, and which exhibits; none named: all that the
// plan of the incident lets go.
type Disposing struct {
	Certificate string
	Backups     time.Time
	Items       []jurat.ItemID
}

// ApproveDisposal is the first of two approvals: of what the plan of an
// incident lets go at this moment. Signed. Nothing is erased by it. Conflict
// names what protects an item that was named, or says that nothing may go.
func (d *Desk) ApproveDisposal(ctx context.Context, c Caller, at time.Time, in jurat.IncidentNumber, p Disposing) (jurat.Disposal, Done, error) {
	return newItem(ctx, d, c, at, jurat.DisposalApproved, in, jurat.NounDisposal, func(tx *register.Tx, h hand, id jurat.ItemID) (jurat.Disposal, jurat.Event, error) {
		v, err := filed(tx, in)
		if err != nil {
			return jurat.Disposal{}, jurat.Event{}, err
		}
		items, against, err := v.disposing(v.retentions(h.house.orders.orders, jurat.At(at), id), p.Items)
		if err == nil {
			err = v.certified(p.Certificate)
		}
		if err != nil {
			return jurat.Disposal{}, jurat.Event{}, err
		}
		return jurat.ApproveDisposal(id, p.Certificate, p.Backups, items, against, h.Hand, jurat.At(at))
	})
}

// CarryOutDisposal is the second approval, which erases. Signed, as is the act
// on each exhibit. In one transaction the payloads of everything ever recorded
// of each exhibit go with their salts, its wrapped key and its words in the
// index, and a tombstone is put on the record; leaves and all other claims
// stay, so every proof still verifies. A plan that is not the first approver's
// any more is Conflict, and nothing is erased. Then the database is scrubbed
// and the bytes are removed from the vault; should that fail, the error says
// so: what is left of them is sealed under keys that are gone. The letters about
// it go to whoever keeps them ([Doors]).
func (d *Desk) CarryOutDisposal(ctx context.Context, c Caller, at time.Time, id jurat.ItemID) (jurat.Disposal, Done, error) {
	var out jurat.Disposal
	var done Done
	var litter []vault.BlobID
	if _, err := jurat.ParseItemID(jurat.NounDisposal, string(id)); err != nil {
		return out, done, err
	}
	err := d.write(ctx, at, func(tx *register.Tx) error {
		litter = litter[:0]
		var h hand
		var v View
		var err error
		done, err = d.perform(tx, c, jurat.At(at), errand{act: jurat.DisposalApproved, incident: id.Incident(), do: func(tx *register.Tx, by hand) (jurat.Event, error) {
			h = by
			x, err := load[jurat.Disposal](tx, jurat.Item{Noun: jurat.NounDisposal, ID: id})
			if err != nil {
				return jurat.Event{}, err
			}
			if v, err = filed(tx, id.Incident()); err != nil {
				return jurat.Event{}, err
			}
			now, against, err := v.disposing(v.retentions(h.house.orders.orders, jurat.At(at), id), named(x))
			if err != nil {
				return jurat.Event{}, err
			}
			if x.OneOperator, err = d.oneOperator(tx, x.Item(), jurat.DisposalApproved, h); err != nil {
				return jurat.Event{}, err
			}
			var ev jurat.Event
			out, ev, err = x.Approve(now, against, h.Hand, jurat.At(at))
			return ev, err
		}})
		if err != nil {
			return err
		}
		for _, x := range v.Exhibits {
			blobs, err := d.dispose(tx, h, jurat.At(at), out, x.Value)
			if err != nil {
				return err
			}
			litter = append(litter, blobs...)
		}
		return nil
	})
	if err != nil {
		return jurat.Disposal{}, Done{}, err
	}
	return out, done, errors.Join(d.scrub(ctx, litter), d.keepLetters(ctx))
}

func named(x jurat.Disposal) []jurat.ItemID {
	var ids []jurat.ItemID
	for _, y := range x.Items {
		ids = append(ids, y.Item)
	}
	return ids
}

// dispose erases what was recorded of an exhibit, if the disposal names it, and
// puts up its tombstone.
func (d *Desk) dispose(tx *register.Tx, h hand, at time.Time, by jurat.Disposal, x jurat.Exhibit) ([]vault.BlobID, error) {
	named := false
	for _, y := range by.Items {
		named = named || y.Item == x.ID
	}
	if !named {
		return nil, nil
	}
	_, ev, err := x.Dispose(by)
	if err != nil {
		return nil, err
	}
	litter, err := eraseExhibit(tx, x.ID)
	if err != nil {
		return nil, err
	}
	_, err = d.record(tx, h, at, ev)
	return litter, err
}

// eraseExhibit erases an exhibit, what its bytes said of themselves, and the
// parcels that may hold a copy of them.
func eraseExhibit(tx *register.Tx, id jurat.ItemID) ([]vault.BlobID, error) {
	if _, err := eraseItem(tx, jurat.Item{Noun: jurat.NounProbe, ID: id}); err != nil {
		return nil, err
	}
	litter, err := eraseItem(tx, jurat.Item{Noun: jurat.NounExhibit, ID: id})
	if err != nil {
		return nil, err
	}
	parcels, err := dropParcels(tx, id.Incident(), nil)
	return append(litter, parcels...), err
}

// eraseItem erases every part of every event about an item, and gives the blobs
// that nothing names any more.
func eraseItem(tx *register.Tx, item jurat.Item) ([]vault.BlobID, error) {
	var litter []vault.BlobID
	if item.Noun == jurat.NounExhibit {
		b, err := tx.Blob(item.ID)
		if err == nil {
			litter = append(litter, vault.BlobID(b.ID))
		} else if !errors.Is(err, jurat.NotFound) {
			return nil, err
		}
	}
	rows, err := tx.EventsOf(item)
	if err != nil {
		return nil, err
	}
	ids := make([]jurat.EventID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	return litter, tx.EraseParts(ids, jurat.Classes[:])
}

// scrub makes what was erased leave the database's files, and the vault.
func (d *Desk) scrub(ctx context.Context, litter []vault.BlobID) error {
	ctx = context.WithoutCancel(ctx) // it is erased: let it be gone, with the parts it came in
	err := errors.Join(d.sweepSpent(ctx), d.register.Scrub(ctx))
	for _, id := range litter {
		if gone := d.vault.Remove(ctx, id); gone != nil && !errors.Is(gone, jurat.NotFound) {
			err = errors.Join(err, gone)
		}
	}
	if err != nil {
		return jurat.Because(jurat.Unavailable, err, "the disposal is on the record and the keys are erased; its remains could not be removed: they are sealed under keys that are gone, and jurat fsck names the blobs")
	}
	return nil
}

// WithdrawDisposal takes back a disposal that waits for its second approval.
func (d *Desk) WithdrawDisposal(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, reason string) (jurat.Disposal, Done, error) {
	return onItem(ctx, d, c, at, jurat.DisposalWithdrawn, jurat.NounDisposal, id, func(_ *register.Tx, h hand, x jurat.Disposal) (jurat.Disposal, jurat.Event, error) {
		return x.Withdraw(reason, h.Hand, jurat.At(at))
	})
}

// TellHolder records that the holder of an exhibit held elsewhere was told that
// it was disposed of here.
func (d *Desk) TellHolder(ctx context.Context, c Caller, at time.Time, exhibit jurat.ItemID, how string) (jurat.Disposal, Done, error) {
	x, err := d.disposalOf(ctx, c, at, exhibit)
	if err != nil {
		return jurat.Disposal{}, Done{}, err
	}
	return onItem(ctx, d, c, at, jurat.DisposalTold, jurat.NounDisposal, x, func(_ *register.Tx, h hand, x jurat.Disposal) (jurat.Disposal, jurat.Event, error) {
		return x.Tell(exhibit, how, h.Hand, jurat.At(at))
	})
}

// disposalOf is the disposal that an exhibit's tombstone names.
func (d *Desk) disposalOf(ctx context.Context, c Caller, at time.Time, exhibit jurat.ItemID) (id jurat.ItemID, err error) {
	if _, err := jurat.ParseItemID(jurat.NounExhibit, string(exhibit)); err != nil {
		return "", err
	}
	err = d.read(ctx, c, at, jurat.DisposalTold, exhibit.Incident(), func(tx *register.Tx, _ hand) error {
		x, err := load[jurat.Exhibit](tx, jurat.Item{Noun: jurat.NounExhibit, ID: exhibit})
		if err != nil {
			return err
		}
		if x.Disposed == nil {
			return jurat.Errorf(jurat.Conflict, "exhibit %s was not disposed of", exhibit)
		}
		id = x.Disposed.Disposal
		return nil
	})
	return id, err
}

// Disposals lists the disposals of an incident, which opens it.
func (d *Desk) Disposals(ctx context.Context, c Caller, at time.Time, in jurat.IncidentNumber) ([]jurat.Disposal, error) {
	v, err := d.Show(ctx, c, at, in)
	if err != nil {
		return nil, err
	}
	return values(v.Disposals), nil
}

// CloseIncident states that nothing in an incident awaits anybody.
func (d *Desk) CloseIncident(ctx context.Context, c Caller, at time.Time, number jurat.IncidentNumber, reason string) (Done, error) {
	return d.onIncident(ctx, c, at, jurat.IncidentClosed, number, func(h hand, in jurat.Incident) (jurat.Event, error) {
		_, ev, err := in.Close(reason, h.Hand, jurat.At(at))
		return ev, err
	})
}

// ReopenIncident takes a closing back.
func (d *Desk) ReopenIncident(ctx context.Context, c Caller, at time.Time, number jurat.IncidentNumber, reason string) (Done, error) {
	return d.onIncident(ctx, c, at, jurat.IncidentReopened, number, func(h hand, in jurat.Incident) (jurat.Event, error) {
		_, ev, err := in.Reopen(reason, h.Hand)
		return ev, err
	})
}
