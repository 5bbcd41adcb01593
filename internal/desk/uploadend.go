package desk

import (
	"context"
	"errors"
	"sync"
	"time"

	"jurat"
	"jurat/internal/register"
	"jurat/internal/vault"
)

// EndUpload gives up an upload of the caller's: its parts are removed. What is
// on the record stays there.
func (d *Desk) EndUpload(ctx context.Context, c Caller, at time.Time, in jurat.IncidentNumber, id string) error {
	var parts []register.PartRow
	err := d.ownUpload(ctx, c, at, in, func(tx *register.Tx, h hand) error {
		row, err := tx.Upload(h.Person, id)
		if err != nil {
			return err
		}
		if row.Incident != in {
			return jurat.Errorf(jurat.NotFound, "there is no such upload of yours")
		}
		parts, err = tx.DropUpload(id)
		return err
	})
	if err != nil {
		return err
	}
	return d.removeParts(ctx, blobsOf(parts))
}

// SweepUploads removes the uploads that expired.
func (d *Desk) SweepUploads(ctx context.Context, at time.Time) error {
	var litter []vault.BlobID
	var expired []string
	err := d.register.Read(ctx, func(tx *register.Tx) (err error) {
		expired, err = tx.ExpiredUploads(at)
		return err
	})
	if err != nil || len(expired) == 0 {
		return err
	}
	err = d.register.Write(ctx, func(tx *register.Tx) error {
		expired, err := tx.ExpiredUploads(at) // none that went on since
		if err != nil {
			return err
		}
		litter, err = dropAll(tx, expired)
		return err
	})
	if err != nil {
		return err
	}
	return d.removeParts(ctx, litter)
}

// SweepDrafts removes what killed programs were writing to the vault, once nobody
// has written to it for as long as an upload lasts. It removes no kept blob.
func (d *Desk) SweepDrafts(ctx context.Context, at time.Time) error {
	_, err := d.vault.Sweep(ctx, at.Add(-UploadLasts))
	return err
}

// dropUploads erases the uploads into an incident and gives their blobs.
func dropUploads(tx *register.Tx, in jurat.IncidentNumber) ([]vault.BlobID, error) {
	ids, err := tx.UploadsIn(in)
	if err != nil {
		return nil, err
	}
	return dropAll(tx, ids)
}

func dropAll(tx *register.Tx, uploads []string) (litter []vault.BlobID, err error) {
	for _, id := range uploads {
		parts, err := tx.DropUpload(id)
		if err != nil {
			return nil, err
		}
		litter = append(litter, blobsOf(parts)...)
	}
	return litter, nil
}

func blobsOf(parts []register.PartRow) []vault.BlobID {
	var ids []vault.BlobID
	for _, p := range parts {
		ids = append(ids, vault.BlobID(p.ID))
	}
	return ids
}

// partsAtOnce is how many parts are removed at once, because each waits until its
// folder is durable. A slow day's upload has thousands.
const partsAtOnce = 4

// removeParts removes blobs no row names any more.
func (d *Desk) removeParts(ctx context.Context, ids []vault.BlobID) error {
	ctx = context.WithoutCancel(ctx)
	errs := make([]error, len(ids))
	for i := 0; i < len(ids); i += partsAtOnce {
		var few sync.WaitGroup
		for j := i; j < min(i+partsAtOnce, len(ids)); j++ {
			few.Go(func() {
				if err := d.vault.Remove(ctx, ids[j]); !errors.Is(err, jurat.NotFound) {
					errs[j] = err
				}
			})
		}
		few.Wait()
	}
	return errors.Join(errs...)
}
