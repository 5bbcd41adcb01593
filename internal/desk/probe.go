package desk

import (
	"context"
	"errors"
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
		return jurat.Probe{}, Done{}, unread(err)
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
// them. Every byte that is read of them was checked. Conflict: it is footage
// that waits for the caller's own report (LAW-2).
func (d *Desk) source(ctx context.Context, c Caller, at time.Time, act jurat.Act, id jurat.ItemID) (jurat.Exhibit, media.Source, error) {
	var x jurat.Exhibit
	var b register.BlobRow
	if _, err := jurat.ParseItemID(jurat.NounExhibit, string(id)); err != nil {
		return x, media.Source{}, err
	}
	err := d.read(ctx, c, at, act, id.Incident(), func(tx *register.Tx, h hand) error {
		var err error
		if x, err = load[jurat.Exhibit](tx, jurat.Item{Noun: jurat.NounExhibit, ID: id}); err != nil {
			return err
		}
		if err := x.There(); err != nil {
			return err
		}
		if err := h.mayView(tx, act, x, jurat.At(at)); err != nil {
			return err
		}
		b, err = tx.Blob(id)
		return absent(err, "the bytes of %s are not held here", id)
	})
	if err != nil {
		return x, media.Source{}, err
	}
	if d.media == nil {
		return x, media.Source{}, errNoMedia
	}
	return x, d.bytesOf(ctx, x, b), nil
}

// bytesOf are the bytes of an exhibit for what looks into them.
func (d *Desk) bytesOf(ctx context.Context, x jurat.Exhibit, b register.BlobRow) media.Source {
	return media.Source{
		Open: func() (io.ReadCloser, error) { return d.vault.Open(ctx, blobOf(b)) },
		Size: x.Size, Digest: x.Digest, Media: x.Media,
	}
}

// ErrUnread is in the cause of an Unavailable that is about an exhibit's bytes,
// or about this machine having nothing that reads them: its sentence is for who
// asked, and nothing failed.
var ErrUnread = errors.New("not read")

var errNoMedia = jurat.Because(jurat.Unavailable, ErrUnread, "could not tell: nothing here looks into films and pictures")

// unread marks what the looking into bytes came to, where it came to nothing.
func unread(err error) error {
	said, ok := errors.AsType[*jurat.Error](err)
	if !ok || !errors.Is(err, jurat.Unavailable) {
		return err
	}
	return jurat.Because(jurat.Unavailable, errors.Join(ErrUnread, err), "%s", said.Detail)
}

// StillExhibit gives one picture of an exhibit, as it is shown at a moment of a
// film, as JPEG in the pixels that edits are drawn in. It is looking at the
// exhibit, and an event once per person per fifteen minutes, as
// [Desk.ReadExhibit] is. Invalid: the film ended before. Unavailable: nothing
// here shows it. Altered: the bytes are not those received.
func (d *Desk) StillExhibit(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, moment time.Duration) ([]byte, error) {
	x, b, err := d.opened(ctx, c, at, id, func(jurat.Exhibit) error { return nil })
	if err != nil {
		return nil, err
	}
	if d.media == nil {
		return nil, errNoMedia
	}
	still, err := d.media.Still(ctx, d.bytesOf(ctx, x, b), moment)
	return still, unread(err)
}
