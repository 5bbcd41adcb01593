package desk

import (
	"context"
	"io"
	"time"

	"jurat"
	"jurat/internal/media"
	"jurat/internal/register"
)

// ProbeExhibit looks into an exhibit's bytes and puts what they say of
// themselves on the record: open, and sealed where it may name a person, one
// device or a place. Bytes nothing here reads are an answer too: could not
// tell. Altered: the bytes are not those received. Unavailable: no program or
// no sandbox can be had, or the bytes could not be read; nothing is recorded.
func (d *Desk) ProbeExhibit(ctx context.Context, c Caller, at time.Time, id jurat.ItemID) (jurat.Probe, Done, error) {
	x, s, err := d.source(ctx, c, at, jurat.ExhibitProbed, id)
	if err != nil {
		return jurat.Probe{}, Done{}, err
	}
	sight, err := d.media.Probe(ctx, s)
	if err != nil {
		return jurat.Probe{}, Done{}, err
	}
	var p jurat.Probe
	done, err := d.act(ctx, c, at, errand{act: jurat.ExhibitProbed, incident: id.Incident(), do: func(_ *register.Tx, h hand) (jurat.Event, error) {
		var ev jurat.Event
		p, ev, err = x.Probed(sight.Probe, sight.Sealed, h.Hand, jurat.At(at))
		return ev, err
	}})
	return p, done, err
}

// source gives an exhibit and its bytes to somebody who may do an act with
// them. Every byte that is read of them was checked.
func (d *Desk) source(ctx context.Context, c Caller, at time.Time, act jurat.Act, id jurat.ItemID) (jurat.Exhibit, media.Source, error) {
	var x jurat.Exhibit
	var b register.BlobRow
	if _, err := jurat.ParseItemID(jurat.NounExhibit, string(id)); err != nil {
		return x, media.Source{}, err
	}
	err := d.read(ctx, c, at, act, id.Incident(), func(tx *register.Tx, _ hand) error {
		var err error
		if x, err = load[jurat.Exhibit](tx, jurat.Item{Noun: jurat.NounExhibit, ID: id}); err != nil {
			return err
		}
		if err := x.There(); err != nil {
			return err
		}
		b, err = tx.Blob(id)
		return absent(err, "the bytes of %s are not held here", id)
	})
	if err != nil {
		return x, media.Source{}, err
	}
	if d.media == nil {
		return x, media.Source{}, jurat.Errorf(jurat.Unavailable, "could not tell: nothing here looks into films and pictures")
	}
	return x, media.Source{
		Open: func() (io.ReadCloser, error) { return d.vault.Open(ctx, blobOf(b)) },
		Size: x.Size, Digest: x.Digest, Media: x.Media,
	}, nil
}
