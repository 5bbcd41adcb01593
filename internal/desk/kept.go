package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"jurat"
	"jurat/internal/register"
	"jurat/internal/vault"
)

// sealedTo is what is recorded when a kept parcel goes.
type sealedTo struct {
	TagManifest jurat.Digest `json:"tag_manifest"`
	Checkpoint  string       `json:"checkpoint"`
	Transport   string       `json:"transport"`
	PlainReason string       `json:"plain_reason,omitempty"`
}

// A Kept is a finished dossier that is kept for handing over.
type Kept struct {
	Dossier   jurat.ItemID
	Transport string // age or plain
	Size      int64
	Name      string // of the file it is handed over as
	Sent      bool   // it is on the record that it went
}

// SealReferral is the first half of [Desk.SendReferral], for who signs in two
// requests: it seals a dossier of an approved referral and keeps it in the
// vault as it will be handed over, until [Desk.SendSealed] records that it
// goes. Signed, once. Without a reason to send it plain it is encrypted to the
// receiving office. The ZIP lies in the clear in a file without a name and only
// while it is made. One that was sealed before and not sent is dropped: sealed
// anew, it takes its place. Conflict, besides what SendReferral refuses: the
// sealed dossier was not kept; seal it again.
func (d *Desk) SealReferral(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, plainReason string) (jurat.Dossier, error) {
	if _, err := jurat.ParseItemID(jurat.NounReferral, string(id)); err != nil {
		return jurat.Dossier{}, err
	}
	at = jurat.At(at)
	transport := "age"
	if plainReason != "" {
		transport = "plain"
	}
	plan, err := d.plan(ctx, c, at, id, Sending{PlainReason: plainReason}, transport == "age")
	if err != nil {
		return jurat.Dossier{}, err
	}
	out, leave, err := d.nameless(at)
	if err != nil {
		return jurat.Dossier{}, err
	}
	defer leave()
	sealed, summary, err := d.build(ctx, c, at, plan, Sending{Out: out})
	if err != nil {
		return jurat.Dossier{}, err
	}
	if transport == "age" {
		encrypted, leave, err := d.nameless(at)
		if err != nil {
			return jurat.Dossier{}, err
		}
		defer leave()
		if err := encrypt(encrypted, out, plan.to); err != nil {
			return jurat.Dossier{}, err
		}
		out = encrypted
	}
	return sealed, d.keepParcel(ctx, at, plan.referral.ID, sealed, out, sealedTo{summary.TagManifest, sealed.Checkpoint, transport, plainReason})
}

// nameless is a work file nobody else can open; on a system where an open file
// keeps its name it has one until it is left.
func (d *Desk) nameless(at time.Time) (*os.File, func(), error) {
	f, leave, err := d.workFile(at)
	if err == nil {
		os.Remove(f.Name()) //nolint:errcheck // leave does it where this cannot
	}
	return f, leave, err
}

// keepParcel puts the bytes to hand over into the vault and says whose they
// are, in place of one of the same referral that did not go.
func (d *Desk) keepParcel(ctx context.Context, at time.Time, id jurat.ItemID, sealed jurat.Dossier, out *os.File, to sealedTo) error {
	body, err := json.Marshal(to)
	if err != nil {
		return err
	}
	blob, err := d.vault.ReceiveFile(ctx, out, nil)
	if err != nil {
		return err
	}
	var litter []vault.BlobID
	err = d.write(ctx, at, func(tx *register.Tx) error {
		if _, err := tx.Lock(id.Incident()); err != nil {
			return err
		}
		r, err := load[jurat.Referral](tx, jurat.Item{Noun: jurat.NounReferral, ID: id})
		if err != nil {
			return err
		}
		if err := erasedSince(tx, sealed); err != nil {
			return err
		}
		if litter, err = dropParcels(tx, id.Incident(), func(other jurat.Dossier) bool {
			return other.Referral == string(id) && !slices.Contains(r.Dossiers, other.ID)
		}); err != nil {
			return err
		}
		return tx.PutParcel(register.ParcelRow{
			Dossier: sealed.ID, Incident: sealed.Incident, ID: string(blob.ID), Size: blob.Size, Digest: blob.Digest, Tag: blob.Tag, Key: blob.Key, Body: string(body),
		})
	})
	if err != nil {
		return errors.Join(err, d.drop(ctx, err, blob.ID))
	}
	if len(litter) > 0 {
		return d.scrub(ctx, litter)
	}
	return nil
}

// erasedSince refuses to keep a parcel of an incident in which something was
// erased since it was sealed: the parcel may hold a copy.
func erasedSince(tx *register.Tx, sealed jurat.Dossier) error {
	since := false
	return tx.EachEvent(sealed.Incident, func(e register.EventRow) error {
		since = since || e.Act == jurat.DossierSealed && e.Item.ID == sealed.ID
		if since && e.Act == jurat.ExhibitDisposed {
			return jurat.Errorf(jurat.Conflict, "%s was disposed of while the dossier was made; seal it again", e.Item.ID)
		}
		return nil
	})
}

// dropParcels forgets parcels of an incident that are kept, all of them when
// which is nil, and gives the blobs that nothing names any more.
func dropParcels(tx *register.Tx, in jurat.IncidentNumber, which func(jurat.Dossier) bool) ([]vault.BlobID, error) {
	rows, err := tx.Parcels(in)
	if err != nil {
		return nil, err
	}
	var litter []vault.BlobID
	for _, row := range rows {
		if which != nil {
			x, err := load[jurat.Dossier](tx, jurat.Item{Noun: jurat.NounDossier, ID: row.Dossier})
			if err != nil {
				return nil, err
			}
			if !which(x) {
				continue
			}
		}
		if err := tx.DropParcel(row.Dossier); err != nil {
			return nil, err
		}
		litter = append(litter, vault.BlobID(row.ID))
	}
	return litter, nil
}

// SendSealed is the second half: it records that a kept parcel goes, and the
// referral with it. Signed, twice: for the dossier and for the referral.
// Conflict: the referral was withdrawn since, or another dossier of it went.
func (d *Desk) SendSealed(ctx context.Context, c Caller, at time.Time, id jurat.ItemID) (Done, error) {
	x, _, to, err := d.parcel(ctx, c, at, id)
	if err != nil {
		return Done{}, err
	}
	if x.Transport != "" {
		return Done{}, jurat.Errorf(jurat.Conflict, "dossier %s was sent", id)
	}
	x.Checkpoint = to.Checkpoint
	return d.recordSending(ctx, c, jurat.At(at), jurat.ItemID(x.Referral), x, to.TagManifest, to.Transport, to.PlainReason)
}

// parcel is a kept parcel, for who may send it.
func (d *Desk) parcel(ctx context.Context, c Caller, at time.Time, id jurat.ItemID) (x jurat.Dossier, row register.ParcelRow, to sealedTo, err error) {
	if _, err := jurat.ParseItemID(jurat.NounDossier, string(id)); err != nil {
		return x, row, to, err
	}
	err = d.read(ctx, c, at, jurat.DossierSent, id.Incident(), func(tx *register.Tx, _ hand) error {
		if x, err = load[jurat.Dossier](tx, jurat.Item{Noun: jurat.NounDossier, ID: id}); err != nil {
			return err
		}
		if row, err = tx.Parcel(id); err != nil {
			return err
		}
		return json.Unmarshal([]byte(row.Body), &to)
	})
	return x, row, to, err
}

// OpenParcel opens a sent dossier as it is handed over, for who may send it;
// that they opened it is on the record. Conflict: it is not on the record that
// it goes. NotFound: no parcel of it is kept here.
func (d *Desk) OpenParcel(ctx context.Context, c Caller, at time.Time, id jurat.ItemID) (Kept, io.ReadCloser, error) {
	x, row, to, err := d.parcel(ctx, c, at, id)
	if err != nil {
		return Kept{}, nil, err
	}
	if x.Transport == "" {
		return Kept{}, nil, jurat.Errorf(jurat.Conflict, "dossier %s is sealed and not sent: sign that it goes, then it can be handed over", id)
	}
	if err := d.open(ctx, c, at, x.Item(), func(tx *register.Tx, h hand) error {
		return h.mayViewAll(tx, actionView, x.ID.Incident(), jurat.At(at)) // a parcel holds the footage (LAW-2)
	}); err != nil {
		return Kept{}, nil, err
	}
	r, err := d.vault.Open(ctx, vault.Blob{ID: vault.BlobID(row.ID), Size: row.Size, Digest: row.Digest, Tag: row.Tag, Key: row.Key})
	if err != nil {
		return Kept{}, nil, err
	}
	return keptOf(x, row, to), r, nil
}

func keptOf(x jurat.Dossier, row register.ParcelRow, to sealedTo) Kept {
	k := Kept{Dossier: x.ID, Transport: to.Transport, Size: row.Size, Sent: x.Transport != "", Name: fmt.Sprintf("jurat-%s-%d.zip", x.Referral, x.Number)}
	if to.Transport == "age" {
		k.Name += ".age"
	}
	return k
}

// An Outgoing is what is kept of a referral's dossiers to hand over, and how
// many items were added or changed since the last that went: a supplement is
// owed of them.
type Outgoing struct {
	Kept []Kept
	Owed int
}

// carried are the nouns whose items a dossier tells.
var carried = []jurat.Noun{
	jurat.NounExhibit, jurat.NounRecord, jurat.NounAccount, jurat.NounParty, jurat.NounAllegation, jurat.NounFlag, jurat.NounHold, jurat.NounContact,
}

// Outgoing gives what is kept of a referral to hand over, for who may send it.
func (d *Desk) Outgoing(ctx context.Context, c Caller, at time.Time, id jurat.ItemID) (Outgoing, error) {
	var out Outgoing
	if _, err := jurat.ParseItemID(jurat.NounReferral, string(id)); err != nil {
		return out, err
	}
	err := d.read(ctx, c, at, jurat.DossierSent, id.Incident(), func(tx *register.Tx, _ hand) error {
		out = Outgoing{}
		r, err := load[jurat.Referral](tx, jurat.Item{Noun: jurat.NounReferral, ID: id})
		if err != nil {
			return err
		}
		rows, err := tx.Parcels(id.Incident())
		if err != nil {
			return err
		}
		for _, row := range rows {
			x, err := load[jurat.Dossier](tx, jurat.Item{Noun: jurat.NounDossier, ID: row.Dossier})
			if err != nil {
				return err
			}
			var to sealedTo
			if err := json.Unmarshal([]byte(row.Body), &to); err != nil {
				return err
			}
			if x.Referral == string(id) {
				out.Kept = append(out.Kept, keptOf(x, row, to))
			}
		}
		if len(r.Dossiers) == 0 {
			return nil
		}
		last, since := r.Dossiers[len(r.Dossiers)-1], map[jurat.Item]bool{}
		err = tx.EachEvent(id.Incident(), func(e register.EventRow) error {
			switch {
			case e.Act == jurat.DossierSealed && e.Item.ID == last:
				clear(since)
			case slices.Contains(carried, e.Item.Noun):
				since[e.Item] = true
			}
			return nil
		})
		out.Owed = len(since)
		return err
	})
	return out, err
}
