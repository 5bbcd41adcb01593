package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // a checksum of transport that others chose, never a proof
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"strings"
	"time"

	"jurat"
	"jurat/internal/register"
	"jurat/internal/vault"
)

// UploadLasts is how long an upload waits for its next part.
const UploadLasts = 24 * time.Hour

// mostUploads is how many uploads a person may have on their way: more than any
// handover has files, and too few to fill a table with.
const mostUploads = 500

// ErrDiffers says that an upload is whole and is not what its sender has. Its
// parts are kept apart, and not filed, until it expires.
var ErrDiffers = jurat.Errorf(jurat.Conflict, "the bytes that arrived are not the bytes you sent. They are kept apart, not filed. Send the file again")

// ErrChecksum says that a part is not what its sender said of it. Nothing of it
// is kept.
var ErrChecksum = jurat.Errorf(jurat.Invalid, "the bytes that arrived do not match the checksum sent with them; send them again")

// An Upload is a file on its way into an incident, in parts, each of which is
// durable before anybody is told. It is no part of the record.
type Upload struct {
	ID       string
	Incident jurat.IncidentNumber
	Length   int64
	Offset   int64 // where the next part begins
	Expires  time.Time
	Received *Received // nil: not on the record yet
}

// An Announced file is one whose bytes are still to come.
type Announced struct {
	Incident jurat.IncidentNumber
	Arrival  jurat.Arrival // Digest, when it is not zero, is what the sender has
	Name     string
	Length   int64
}

// Sums are what a sender says of the bytes it sends now: of them all, and of
// the whole file when they are its last. What is said to be shorter than the
// file is not hashed as if it were the whole of it.
type Sums struct {
	Algorithm string // sha1, sha256, or ""
	Sum       []byte
	Whole     jurat.Digest
	Length    int64 // how many they are; 0 or less: not said
}

// hash is what the bytes are checked by; nil: by nothing.
func (s Sums) hash() (hash.Hash, error) {
	switch s.Algorithm {
	case "":
		return nil, nil
	case "sha256":
		return sha256.New(), nil
	case "sha1":
		return sha1.New(), nil //nolint:gosec // see above
	}
	return nil, jurat.Errorf(jurat.Invalid, "a part is checked by sha256 or sha1, not by %q", s.Algorithm)
}

// An uploadNote is what is said of an upload, sealed: a file's name may name
// people.
type uploadNote struct {
	Arrival   jurat.Arrival `json:"arrival,omitzero"`
	Name      string        `json:"name,omitempty"`
	Exhibit   jurat.ItemID  `json:"exhibit,omitempty"`
	Event     jurat.EventID `json:"event,omitempty"`
	Duplicate bool          `json:"duplicate,omitempty"`
}

func uploadBinding(person jurat.PersonID, id string) []byte {
	return []byte("jurat upload\x00" + string(person) + "\x00" + id)
}

// Room is how large a file may be that is uploaded now: in parts it takes its
// room twice, until it is whole.
func (d *Desk) Room() (int64, error) {
	free, err := d.vault.Room()
	return max(0, min(free/2, int64(vault.MaxSize))), err
}

// BeginUpload begins an upload, after the policy and the law were asked whether
// its file could be recorded. Invalid: its length. Conflict: too many are on
// their way, or there is no room for it.
func (d *Desk) BeginUpload(ctx context.Context, c Caller, at time.Time, s Announced) (Upload, error) {
	if err := d.mayReceive(ctx, c, at, Receiving{Incident: s.Incident, Arrival: s.Arrival}); err != nil {
		return Upload{}, err
	}
	if s.Length < 0 || s.Length > vault.MaxSize {
		return Upload{}, jurat.Errorf(jurat.Invalid, "a file of %d bytes cannot be uploaded", s.Length)
	}
	row := register.UploadRow{ID: strings.ToLower(rand.Text()), Incident: s.Incident, Length: s.Length, Expires: jurat.At(at).Add(UploadLasts)}
	err := d.ownUpload(ctx, c, at, s.Incident, func(tx *register.Tx, h hand) error {
		n, err := tx.UploadsOf(h.Person)
		if err != nil {
			return err
		}
		if n >= mostUploads {
			return jurat.Errorf(jurat.Conflict, "%d of your uploads are on their way; finish or end one first", n)
		}
		row.Person = h.Person
		if row.Key, row.Body, err = d.sealUpload(row, uploadNote{Arrival: s.Arrival, Name: s.Name}); err != nil {
			return err
		}
		return tx.AddUpload(row)
	})
	if err != nil {
		return Upload{}, err
	}
	if s.Length == 0 {
		return d.finishUpload(ctx, c, at, row, nil)
	}
	return told(row), nil
}

// ownUpload runs fn in a writing transaction for a person who may receive into
// an incident.
func (d *Desk) ownUpload(ctx context.Context, c Caller, at time.Time, in jurat.IncidentNumber, fn func(*register.Tx, hand) error) error {
	return d.write(ctx, at, func(tx *register.Tx) error {
		h, err := d.hand(tx, c)
		if err != nil {
			return err
		}
		if err := d.authorise(tx, h, jurat.ExhibitReceived, in); err != nil {
			return err
		}
		if h.Person == "" {
			return jurat.Errorf(jurat.Forbidden, "an upload is a person's: name the person with --as")
		}
		return fn(tx, h)
	})
}

// upload reads an upload of the caller's into an incident, and its parts.
func (d *Desk) upload(ctx context.Context, c Caller, at time.Time, in jurat.IncidentNumber, id string) (row register.UploadRow, parts []register.PartRow, err error) {
	err = d.read(ctx, c, at, jurat.ExhibitReceived, in, func(tx *register.Tx, h hand) error {
		if row, err = tx.Upload(h.Person, id); err != nil {
			return err
		}
		if row.Incident != in || !at.Before(row.Expires) {
			return jurat.Errorf(jurat.NotFound, "there is no such upload of yours")
		}
		parts, err = tx.Parts(id)
		return err
	})
	return row, parts, err
}

// ShowUpload tells where an upload of the caller's stands. One that is whole
// and not on the record yet, because the program was stopped, is put there.
func (d *Desk) ShowUpload(ctx context.Context, c Caller, at time.Time, in jurat.IncidentNumber, id string) (Upload, error) {
	row, parts, err := d.upload(ctx, c, at, in, id)
	if err != nil {
		return Upload{}, err
	}
	return d.settledUpload(ctx, c, at, row, parts)
}

func (d *Desk) settledUpload(ctx context.Context, c Caller, at time.Time, row register.UploadRow, parts []register.PartRow) (Upload, error) {
	switch {
	case row.Done:
		return d.doneUpload(ctx, row)
	case row.Received == row.Length:
		return d.finishUpload(ctx, c, at, row, parts)
	}
	return told(row), nil
}

func told(row register.UploadRow) Upload {
	return Upload{ID: row.ID, Incident: row.Incident, Length: row.Length, Offset: row.Received, Expires: row.Expires}
}

// ContinueUpload takes the next bytes of an upload, from offset on, and says
// where it stands then: with the last of them its file is on the record. What
// came before r failed is kept, unless a checksum was to cover it all, and
// Unavailable returned. Conflict: it goes on elsewhere. Invalid: more bytes
// than were declared. ErrChecksum and ErrDiffers say what they say.
func (d *Desk) ContinueUpload(ctx context.Context, c Caller, now func() time.Time, in jurat.IncidentNumber, id string, offset int64, sums Sums, r io.Reader) (Upload, error) {
	sum, err := sums.hash()
	if err != nil {
		return Upload{}, err
	}
	at := now()
	row, parts, err := d.upload(ctx, c, at, in, id)
	if err != nil {
		return Upload{}, err
	}
	note, err := d.openUpload(row)
	if err != nil {
		return Upload{}, err
	}
	if offset != row.Received {
		return Upload{}, jurat.Errorf(jurat.Conflict, "this upload goes on at byte %d, not at %d", row.Received, offset)
	}
	// What was sent is kept, even when the sender is gone before it is told.
	ctx = context.WithoutCancel(ctx)
	if !sums.Whole.IsZero() && sums.Whole != note.Arrival.Digest && !row.Done {
		note.Arrival.Digest = sums.Whole
		if row.Key, row.Body, err = d.sealUpload(row, note); err != nil {
			return Upload{}, err
		}
		if err := d.register.Write(ctx, func(tx *register.Tx) error { return tx.SayUpload(id, row.Key, row.Body) }); err != nil {
			return Upload{}, err
		}
	}
	source := io.Reader(&declared{r: r, left: row.Length - row.Received})
	if sum != nil {
		source = io.TeeReader(source, sum)
	}
	partial := row.Received > 0 || 0 < sums.Length && sums.Length < row.Length
	var fresh []vault.Blob
	broken := d.vault.ReceiveParts(ctx, source, partial, func(b vault.Blob) error {
		fresh = append(fresh, b)
		if sum != nil {
			return nil // nothing counts before the checksum of all does
		}
		err := d.addParts(ctx, now(), &row, &parts, fresh)
		if err == nil {
			fresh = nil
		}
		return err
	})
	if sum != nil && broken == nil {
		if subtle.ConstantTimeCompare(sum.Sum(nil), sums.Sum) != 1 {
			broken = ErrChecksum
		} else if broken = d.addParts(ctx, now(), &row, &parts, fresh); broken == nil {
			fresh = nil
		}
	}
	for _, b := range fresh {
		broken = errors.Join(broken, d.drop(ctx, broken, b.ID))
	}
	if broken != nil {
		return told(row), broken
	}
	return d.settledUpload(ctx, c, now(), row, parts)
}

// addParts puts durable blobs at the end of an upload.
func (d *Desk) addParts(ctx context.Context, at time.Time, row *register.UploadRow, parts *[]register.PartRow, fresh []vault.Blob) error {
	var added []register.PartRow
	expires := jurat.At(at).Add(UploadLasts)
	end := row.Received
	err := d.register.Write(ctx, func(tx *register.Tx) error {
		added, end = added[:0], row.Received
		for _, b := range fresh {
			p := register.PartRow{Upload: row.ID, Start: end, ID: string(b.ID), Size: b.Size, Digest: b.Digest, Key: b.Key}
			if err := tx.AddPart(p, expires); err != nil {
				return err
			}
			added, end = append(added, p), end+b.Size
		}
		return nil
	})
	if err != nil {
		return err
	}
	row.Received, row.Expires = end, expires
	*parts = append(*parts, added...)
	return nil
}

// declared reads as many bytes as were declared; one more is Invalid.
type declared struct {
	r    io.Reader
	left int64
}

func (d *declared) Read(p []byte) (int, error) {
	if d.left > 0 {
		n, err := d.r.Read(p[:min(int64(len(p)), d.left)])
		d.left -= int64(n)
		return n, err
	}
	switch n, err := io.ReadFull(d.r, make([]byte, 1)); {
	case n > 0:
		return 0, jurat.Errorf(jurat.Invalid, "more bytes came than the length that was declared")
	case errors.Is(err, io.EOF):
		return 0, io.EOF
	default:
		return 0, err
	}
}

func (d *Desk) openUpload(row register.UploadRow) (uploadNote, error) {
	var note uploadNote
	text, err := d.openNote(row.Key, row.Body, uploadBinding(row.Person, row.ID), "this upload")
	if err != nil {
		return note, err
	}
	return note, json.Unmarshal(text, &note)
}

func (d *Desk) sealUpload(row register.UploadRow, note uploadNote) (key, body []byte, err error) {
	text, err := json.Marshal(note)
	if err != nil {
		return nil, nil, err
	}
	return d.sealNote(text, uploadBinding(row.Person, row.ID))
}
