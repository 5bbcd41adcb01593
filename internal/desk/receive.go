package desk

import (
	"context"
	"errors"
	"iter"
	"path/filepath"
	"strings"
	"time"

	"jurat"
	"jurat/internal/register"
	"jurat/internal/vault"
)

// Receiving says what is being received, for every file of a batch.
type Receiving struct {
	Incident jurat.IncidentNumber
	Arrival  jurat.Arrival // its Digest, Size, Media and Name are found out
	Progress func(total int64)
}

// Received is the outcome of one file: an exhibit on the record, or why not.
type Received struct {
	Name      string
	Exhibit   jurat.Exhibit
	Event     jurat.EventID
	Duplicate bool // the incident has these bytes: Exhibit is the first
	Err       error
}

// Receive receives files into an incident, whatever their content, and gives
// each outcome once it is durable and never before. A file that fails has a
// sentence of its own and the rest goes on (EVD-1).
func (d *Desk) Receive(ctx context.Context, c Caller, now func() time.Time, r Receiving, names iter.Seq[string]) iter.Seq[Received] {
	return func(yield func(Received) bool) {
		if err := d.mayReceive(ctx, c, now(), r); err != nil {
			for name := range names {
				if !yield(Received{Name: name, Err: err}) {
					return
				}
			}
			return
		}
		for group := range d.vault.ReceiveBatch(ctx, names, r.Progress) {
			for _, out := range d.recordGroup(ctx, c, now(), r, group) {
				if !yield(out) {
					return
				}
			}
		}
	}
}

// MayReceive asks the policy whether the caller may receive files into an
// incident.
func (d *Desk) MayReceive(ctx context.Context, c Caller, at time.Time, in jurat.IncidentNumber) error {
	return d.read(ctx, c, at, jurat.ExhibitReceived, in, func(*register.Tx, hand) error { return nil })
}

// mayReceive asks the policy and the law before bytes are read, so that nobody
// fills the vault with what could not be recorded.
func (d *Desk) mayReceive(ctx context.Context, c Caller, at time.Time, r Receiving) error {
	return d.read(ctx, c, at, jurat.ExhibitReceived, r.Incident, func(tx *register.Tx, h hand) error {
		if err := there(tx, r.Incident, r.Arrival.DerivedFrom); err != nil {
			return err
		}
		a := r.Arrival
		a.Digest, a.Size = jurat.DigestOf(nil), 0
		_, _, err := jurat.ReceiveExhibit(jurat.NumberItem(r.Incident, jurat.NounExhibit, 1<<20), a, h.Hand, jurat.At(at))
		return err
	})
}

// recordGroup records the durable blobs of a group in one transaction; where
// that is refused, each in one of its own, so that one does not stop the rest.
func (d *Desk) recordGroup(ctx context.Context, c Caller, at time.Time, r Receiving, group []vault.Outcome) []Received {
	out, err := d.recordTogether(ctx, c, at, r, group)
	if err == nil {
		return out
	}
	if len(group) > 1 && !errors.Is(err, jurat.Unavailable) {
		for i := range group {
			copy(out[i:], d.recordGroup(ctx, c, at, r, group[i:i+1]))
		}
		return out
	}
	for i, g := range group {
		if out[i] = (Received{Name: g.Name, Err: g.Err}); g.Err == nil {
			out[i].Err = errors.Join(err, d.drop(ctx, err, g.Blob.ID))
		}
	}
	return out
}

// recordTogether records a group in one transaction, or nothing of it. Its
// blobs that are duplicates are removed.
func (d *Desk) recordTogether(ctx context.Context, c Caller, at time.Time, r Receiving, group []vault.Outcome) ([]Received, error) {
	at = jurat.At(at)
	out := make([]Received, len(group))
	var litter []vault.BlobID
	err := d.write(ctx, at, func(tx *register.Tx) error {
		litter = litter[:0]
		for i, g := range group {
			out[i] = Received{Name: g.Name, Err: g.Err}
			if g.Err != nil {
				continue
			}
			var err error
			if out[i], err = d.putOnce(tx, c, at, r.Incident, arrived(r.Arrival, g.Name, g.Blob), g.Blob); err != nil {
				return err
			}
			out[i].Name = g.Name
			if out[i].Duplicate {
				litter = append(litter, g.Blob.ID)
			}
		}
		return nil
	})
	if err != nil {
		return out, err
	}
	for _, id := range litter {
		// A copy that stays is litter fsck notes, not a fault of the exhibit.
		_ = d.vault.Remove(context.WithoutCancel(ctx), id)
	}
	return out, nil
}

// arrived completes what is known of an arrival with what was found out.
func arrived(a jurat.Arrival, name string, b vault.Blob) jurat.Arrival {
	a.Digest, a.Size, a.Media, a.Name = b.Digest, b.Size, mediaTypes[strings.ToLower(filepath.Ext(name))], strings.ToValidUTF8(filepath.Base(name), "\uFFFD")
	return a
}

// drop removes a blob no record names. After an unknown outcome the record may
// name it, so it stays, and fsck says which it was: then the register writes
// nothing any more, and that is how it is known here.
func (d *Desk) drop(ctx context.Context, why error, id vault.BlobID) error {
	ctx = context.WithoutCancel(ctx)
	if errors.Is(why, jurat.Unavailable) && d.register.Write(ctx, func(*register.Tx) error { return nil }) != nil {
		return nil
	}
	return d.vault.Remove(ctx, id)
}

// putOnce records a blob as an exhibit, or finds the exhibit of the same
// incident that has the same bytes.
func (d *Desk) putOnce(tx *register.Tx, c Caller, at time.Time, in jurat.IncidentNumber, a jurat.Arrival, b vault.Blob) (Received, error) {
	if _, err := tx.Lock(in); err != nil {
		return Received{}, absent(err, "%s", noIncident(in).Detail)
	}
	first, err := tx.FindDuplicate(b.Tag, in)
	if err == nil {
		row, err := tx.Item(jurat.Item{Noun: jurat.NounExhibit, ID: first.Exhibit})
		if err != nil {
			return Received{}, err
		}
		out := Received{Event: row.First, Duplicate: true}
		err = decode(row, &out.Exhibit)
		return out, err
	}
	if !errors.Is(err, jurat.NotFound) {
		return Received{}, err
	}
	var out Received
	done, err := d.perform(tx, c, at, errand{act: jurat.ExhibitReceived, incident: in, do: func(tx *register.Tx, h hand) (jurat.Event, error) {
		id, err := tx.NextItem(in, jurat.NounExhibit)
		if err != nil {
			return jurat.Event{}, err
		}
		var ev jurat.Event
		out.Exhibit, ev, err = jurat.ReceiveExhibit(id, a, h.Hand, at)
		return ev, err
	}})
	if err != nil {
		return Received{}, err
	}
	out.Event = done.Event
	return out, tx.PutBlob(register.BlobRow{
		Exhibit: out.Exhibit.ID, Incident: in, ID: string(b.ID), Size: b.Size, Digest: b.Digest, Tag: b.Tag, Key: b.Key,
	})
}

// LocateExhibit records an exhibit held in another system under its key there.
func (d *Desk) LocateExhibit(ctx context.Context, c Caller, at time.Time, in jurat.IncidentNumber, a jurat.Arrival) (jurat.Exhibit, Done, error) {
	return newItem(ctx, d, c, at, jurat.ExhibitLocated, in, jurat.NounExhibit, func(tx *register.Tx, h hand, id jurat.ItemID) (jurat.Exhibit, jurat.Event, error) {
		if err := there(tx, in, a.DerivedFrom); err != nil {
			return jurat.Exhibit{}, jurat.Event{}, err
		}
		return jurat.LocateExhibit(id, a, h.Hand, jurat.At(at))
	})
}

// ReadExhibit opens an exhibit's bytes, which is an event of the incident once
// per person per fifteen minutes. The reader checks every chunk it reads.
// Conflict: an adopted order has the caller's own report of the incident come
// before its footage, and nothing is opened (LAW-2).
func (d *Desk) ReadExhibit(ctx context.Context, c Caller, at time.Time, id jurat.ItemID) (jurat.Exhibit, *vault.Reader, error) {
	return d.readExhibit(ctx, c, at, id, func(jurat.Exhibit) error { return nil })
}

func (d *Desk) readExhibit(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, may func(jurat.Exhibit) error) (jurat.Exhibit, *vault.Reader, error) {
	x, b, err := d.opened(ctx, c, at, id, may)
	if err != nil {
		return jurat.Exhibit{}, nil, err
	}
	r, err := d.vault.Open(ctx, blobOf(b))
	return x, r, err
}

// opened gives an exhibit whose bytes somebody looks at, and where they lie.
// That they look is on the record.
func (d *Desk) opened(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, may func(jurat.Exhibit) error) (jurat.Exhibit, register.BlobRow, error) {
	var x jurat.Exhibit
	var b register.BlobRow
	item := jurat.Item{Noun: jurat.NounExhibit, ID: id}
	err := d.open(ctx, c, at, item, func(tx *register.Tx, h hand) error {
		var err error
		if x, err = load[jurat.Exhibit](tx, item); err != nil {
			return err
		}
		if err := x.There(); err != nil {
			return err
		}
		if err := h.mayView(tx, actionView, x, jurat.At(at)); err != nil {
			return err
		}
		given, err := original(tx, x)
		if err != nil {
			return err
		}
		if err := may(given); err != nil {
			return err
		}
		b, err = tx.Blob(id)
		return absent(err, "the bytes of %s are not held here", id)
	})
	return x, b, err
}

// mediaTypes are the media types exhibits commonly come in, by the ending of their
// name. Like the name it is an assertion; content is never looked into.
var mediaTypes = map[string]string{
	".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/quicktime", ".avi": "video/x-msvideo", ".mkv": "video/x-matroska", ".webm": "video/webm",
	".m4a": "audio/mp4", ".mp3": "audio/mpeg", ".wav": "audio/wav", ".ogg": "audio/ogg",
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".heic": "image/heic", ".tif": "image/tiff", ".tiff": "image/tiff",
	".pdf": "application/pdf", ".txt": "text/plain", ".csv": "text/csv", ".json": "application/json", ".eml": "message/rfc822", ".zip": "application/zip",
}

// VerifyExhibit reads every byte of an exhibit, records the answer in its
// custody, and gives it with its cause: nil, Altered or Unavailable (EVD-1).
func (d *Desk) VerifyExhibit(ctx context.Context, c Caller, at time.Time, id jurat.ItemID) (x jurat.Exhibit, said string, cause, err error) {
	var b register.BlobRow
	item := jurat.Item{Noun: jurat.NounExhibit, ID: id}
	err = d.read(ctx, c, at, jurat.ExhibitVerified, id.Incident(), func(tx *register.Tx, h hand) error {
		if x, err = load[jurat.Exhibit](tx, item); err != nil {
			return err
		}
		if err := x.There(); err != nil {
			return err
		}
		b, err = tx.Blob(id)
		return absent(err, "the bytes of %s are not held here", id)
	})
	if err != nil {
		return x, "", nil, err
	}
	said = "intact"
	if cause = d.vault.Check(ctx, blobOf(b)); cause != nil {
		said = "could not tell"
		if errors.Is(cause, jurat.Altered) {
			said = "altered"
		}
	}
	_, err = d.act(ctx, c, at, errand{act: jurat.ExhibitVerified, incident: id.Incident(), do: func(*register.Tx, hand) (jurat.Event, error) {
		return x.Verified(said), nil
	}})
	return x, said, cause, err
}
