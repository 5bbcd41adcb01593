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
	return errors.Join(d.removeParts(context.WithoutCancel(ctx), blobsOf(parts))...)
}

// Spent tells whoever runs the sweeps that a file is whole and the parts it came
// in wait to be erased, which no sender waits for.
func (d *Desk) Spent() <-chan struct{} { return d.spent }

// SweepUploads erases the uploads that expired and the parts that are spent,
// those too that a killed program left.
func (d *Desk) SweepUploads(ctx context.Context, at time.Time) error {
	return errors.Join(d.sweepSpent(ctx), d.sweepExpired(ctx, at))
}

// sweepSpent forgets a part once its blob is erased, not before.
func (d *Desk) sweepSpent(ctx context.Context) error {
	var spent []register.PartRow
	err := d.register.Read(ctx, func(tx *register.Tx) (err error) {
		spent, err = tx.SpentParts()
		return err
	})
	if err != nil || len(spent) == 0 {
		return err
	}
	stay := d.removeParts(ctx, blobsOf(spent))
	err = d.register.Write(context.WithoutCancel(ctx), func(tx *register.Tx) error {
		for i, p := range spent {
			if stay[i] != nil {
				continue
			}
			if err := tx.DropPart(p); err != nil {
				return err
			}
		}
		return nil
	})
	return errors.Join(append(stay, err)...)
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
	return errors.Join(d.removeParts(context.WithoutCancel(ctx), litter)...)
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

// removeParts removes blobs that no exhibit is and no upload needs. Result i is why
// blob i is still there; nil: it is not. What it has not begun when ctx ends stays.
func (d *Desk) removeParts(ctx context.Context, ids []vault.BlobID) []error {
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
	return errs
}
