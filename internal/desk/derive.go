package desk

import (
	"context"
	"errors"
	"slices"
	"time"

	"jurat"
	"jurat/internal/media"
	"jurat/internal/register"
	"jurat/internal/vault"
)

// A Copied is a derived exhibit, durable and on the record.
type Copied struct {
	Exhibit   jurat.Exhibit
	Event     jurat.EventID
	Duplicate bool // it was made before: Exhibit is that one
}

// PreviewExhibit makes one picture of an exhibit, upright and without what the
// original says beside its pixels, as an exhibit of its own; or gives the one
// that was made before. Unavailable: nothing here shows it, and it can be
// exported and opened elsewhere. Altered: the original is not what was received.
func (d *Desk) PreviewExhibit(ctx context.Context, c Caller, now func() time.Time, id jurat.ItemID) (Copied, error) {
	return d.derive(ctx, c, now, id, jurat.PurposePreview, func(ctx context.Context, s media.Source) (*media.Copy, error) {
		return d.media.Preview(ctx, s)
	})
}

// ProxyExhibit makes a film of an exhibit that a browser plays while it loads,
// as PreviewExhibit makes a picture. Progress is told how much is done, from 0
// to 1, and may be nil.
func (d *Desk) ProxyExhibit(ctx context.Context, c Caller, now func() time.Time, id jurat.ItemID, progress func(done float64)) (Copied, error) {
	return d.derive(ctx, c, now, id, jurat.PurposeProxy, func(ctx context.Context, s media.Source) (*media.Copy, error) {
		return d.media.Proxy(ctx, s, progress)
	})
}

func (d *Desk) derive(ctx context.Context, c Caller, now func() time.Time, id jurat.ItemID, purpose string, copied func(context.Context, media.Source) (*media.Copy, error)) (Copied, error) {
	x, s, err := d.source(ctx, c, now(), jurat.ExhibitDerived, id)
	if err != nil {
		return Copied{}, err
	}
	if made, err := d.madeBefore(ctx, x, purpose); made.Duplicate || err != nil {
		return made, err
	}
	made, err := copied(ctx, s)
	if err != nil {
		return Copied{}, unread(err)
	}
	defer made.Close()
	var out Copied
	err = d.keepCopy(ctx, now(), made, func(tx *register.Tx, b vault.Blob, at time.Time) error {
		out, err = d.putCopy(tx, c, at, x, made, b)
		return err
	})
	return out, err
}

// original is the exhibit that a copy made here was made from; any other is its
// own. What whoever gave the original allows is allowed of its copies, and
// nothing else (EVD-4).
func original(tx *register.Tx, x jurat.Exhibit) (jurat.Exhibit, error) {
	if x.Derivation == nil {
		return x, nil
	}
	return load[jurat.Exhibit](tx, jurat.Item{Noun: jurat.NounExhibit, ID: x.DerivedFrom})
}

// madeBefore finds a copy of an exhibit for a purpose.
func (d *Desk) madeBefore(ctx context.Context, x jurat.Exhibit, purpose string) (Copied, error) {
	var out Copied
	err := d.register.Read(ctx, func(tx *register.Tx) error {
		var all []Shown[jurat.Exhibit]
		if err := shown(tx, x.Incident, jurat.NounExhibit, &all); err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(y Shown[jurat.Exhibit]) bool {
			from := y.Value.Derivation
			return y.Value.DerivedFrom == x.ID && from != nil && from.Purpose == purpose && from.Source == x.Digest
		})
		if i < 0 {
			return nil
		}
		made := all[i].Value
		if _, err := tx.Blob(made.ID); errors.Is(err, jurat.NotFound) {
			return nil // its bytes were disposed of
		} else if err != nil {
			return err
		}
		out = Copied{Exhibit: made, Event: all[i].First, Duplicate: true}
		return nil
	})
	return out, err
}

// keepCopy makes the bytes of a copy durable, and then records it; where that
// is refused, nothing of it is kept.
func (d *Desk) keepCopy(ctx context.Context, at time.Time, made *media.Copy, record func(*register.Tx, vault.Blob, time.Time) error) error {
	b, err := d.vault.Receive(ctx, made.Reader())
	if err != nil {
		return err
	}
	err = d.write(ctx, at, func(tx *register.Tx) error { return record(tx, b, jurat.At(at)) })
	if err != nil {
		return errors.Join(err, d.drop(ctx, err, b.ID))
	}
	return nil
}

// putCopy records a copy whose bytes are durable.
func (d *Desk) putCopy(tx *register.Tx, c Caller, at time.Time, x jurat.Exhibit, made *media.Copy, b vault.Blob) (Copied, error) {
	var out Copied
	done, err := d.perform(tx, c, at, errand{act: jurat.ExhibitDerived, incident: x.Incident, do: func(tx *register.Tx, h hand) (jurat.Event, error) {
		id, err := tx.NextItem(x.Incident, jurat.NounExhibit)
		if err != nil {
			return jurat.Event{}, err
		}
		var ev jurat.Event
		out.Exhibit, ev, err = x.Derive(id, made.Derivation, b.Digest, b.Size, made.Media, h.Hand, at)
		return ev, err
	}})
	if err != nil {
		return Copied{}, err
	}
	out.Event = done.Event
	return out, tx.PutBlob(register.BlobRow{
		Exhibit: out.Exhibit.ID, Incident: x.Incident, ID: string(b.ID), Size: b.Size, Digest: b.Digest, Tag: b.Tag, Key: b.Key,
	})
}
