package desk

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"jurat"
	"jurat/internal/register"
	"jurat/internal/vault"
)

// finishUpload puts a whole upload on the record: its parts are read once and
// sealed as one blob, or the only part is that blob.
func (d *Desk) finishUpload(ctx context.Context, c Caller, at time.Time, row register.UploadRow, parts []register.PartRow) (Upload, error) {
	note, err := d.openUpload(row)
	if err != nil {
		return told(row), err
	}
	blobs := make([]vault.Blob, len(parts))
	for i, p := range parts {
		blobs[i] = vault.Blob{ID: vault.BlobID(p.ID), Size: p.Size, Digest: p.Digest, Tag: d.vault.Tag(p.Digest), Key: p.Key}
	}
	blob, joined, err := d.whole(ctx, blobs)
	if err != nil {
		return told(row), err
	}
	var out Received
	if !note.Arrival.Digest.IsZero() && note.Arrival.Digest != blob.Digest {
		err = ErrDiffers
	} else {
		out, err = d.recordUpload(ctx, c, at, row, note, blob)
	}
	if err != nil {
		if joined {
			err = errors.Join(err, d.drop(ctx, err, blob.ID))
		}
		return told(row), err
	}
	if out.Duplicate && joined {
		_ = d.drop(ctx, nil, blob.ID) // one that stays is litter fsck notes
	}
	select {
	case d.spent <- struct{}{}:
	default: // whoever erases was told and has not come yet
	}
	u := told(row)
	u.Received = &out
	return u, nil
}

// whole makes one blob of parts; joined: it is none of them.
func (d *Desk) whole(ctx context.Context, parts []vault.Blob) (b vault.Blob, joined bool, err error) {
	switch len(parts) {
	case 0:
		b, err = d.vault.Receive(ctx, bytes.NewReader(nil))
		return b, true, err
	case 1:
		if !parts[0].Digest.IsZero() {
			return parts[0], false, nil
		}
	}
	b, err = d.vault.Join(ctx, parts)
	return b, true, err
}

// recordUpload records the blob of an upload as an exhibit, or finds the one
// that has its bytes, and ends the upload.
func (d *Desk) recordUpload(ctx context.Context, c Caller, at time.Time, row register.UploadRow, note uploadNote, blob vault.Blob) (Received, error) {
	var out Received
	err := d.write(ctx, at, func(tx *register.Tx) error {
		if _, err := tx.Lock(row.Incident); err != nil { // before its uploads, as an expungement does
			return absent(err, "%s", noIncident(row.Incident).Detail)
		}
		now, err := tx.Upload(row.Person, row.ID)
		if err != nil {
			return err
		}
		if now.Done {
			return jurat.Errorf(jurat.Conflict, "this upload is on the record already; ask where it stands")
		}
		if out, err = d.putOnce(tx, c, jurat.At(at), row.Incident, arrived(note.Arrival, note.Name, blob), blob); err != nil {
			return err
		}
		key, body, err := d.sealUpload(row, uploadNote{Exhibit: out.Exhibit.ID, Event: out.Event, Duplicate: out.Duplicate})
		if err != nil {
			return err
		}
		became := string(blob.ID)
		if out.Duplicate {
			became = ""
		}
		return tx.EndUpload(row.ID, became, key, body)
	})
	out.Name = note.Name
	return out, err
}

// doneUpload tells what an upload became.
func (d *Desk) doneUpload(ctx context.Context, row register.UploadRow) (Upload, error) {
	note, err := d.openUpload(row)
	if err != nil {
		return told(row), err
	}
	out := Received{Event: note.Event, Duplicate: note.Duplicate}
	err = d.register.Read(ctx, func(tx *register.Tx) error {
		out.Exhibit, err = load[jurat.Exhibit](tx, jurat.Item{Noun: jurat.NounExhibit, ID: note.Exhibit})
		return err
	})
	u := told(row)
	u.Received = &out
	return u, err
}

// ReceiveFrom receives one file from where it is sent, however slowly, and
// gives its outcome once it is durable.
func (d *Desk) ReceiveFrom(ctx context.Context, c Caller, now func() time.Time, r Receiving, name string, from io.Reader) Received {
	if err := d.mayReceive(ctx, c, now(), r); err != nil {
		return Received{Name: name, Err: err}
	}
	var parts []vault.Blob
	err := d.vault.ReceiveParts(ctx, from, false, func(b vault.Blob) error { parts = append(parts, b); return nil })
	var blob vault.Blob
	joined := false
	if err == nil {
		blob, joined, err = d.whole(ctx, parts)
	}
	if err != nil || joined {
		var litter []vault.BlobID
		for _, p := range parts {
			litter = append(litter, p.ID)
		}
		_ = d.removeParts(context.WithoutCancel(ctx), litter) // one that stays is litter fsck notes
	}
	if err != nil {
		return Received{Name: name, Err: err}
	}
	return d.recordGroup(ctx, c, now(), r, []vault.Outcome{{Name: name, Blob: blob}})[0]
}
