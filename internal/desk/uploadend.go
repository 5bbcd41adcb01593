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

// Spent tells whoever runs the sweeps that a file is whole and the parts it came
// in wait to be erased, which no sender waits for.
func (d *Desk) Spent() <-chan struct{} { return d.spent }

// SweepUploads erases the uploads that expired and the parts that are spent,
// those too that a killed program left.
func (d *Desk) SweepUploads(ctx context.Context, at time.Time) error {
	return errors.Join(d.sweepExpired(ctx, at), d.sweepSpent(ctx))
}

// sweepSpent forgets a part once its blob is erased, not before.
func (d *Desk) sweepSpent(ctx context.Context) error {
	var spent []register.PartRow
	err := d.register.Read(ctx, func(tx *register.Tx) (err error) {
		spent, err = tx.SpentParts()
		return err
	})
	if err == nil {
		err = d.removeParts(ctx, blobsOf(spent))
	}
	if err != nil || len(spent) == 0 {
		return err
	}
	return d.register.Write(ctx, func(tx *register.Tx) error {
		for _, p := range spent {
			if err := tx.DropPart(p); err != nil {
				return err
			}
		}
		return nil
	})
}

func (d *Desk) sweepExpired(ctx context.Context, at time.Time) error {
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
