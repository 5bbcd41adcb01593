package fsck_test

import (
	"context"
	"sync"
	"testing"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/register"

	"jurat/internal/fsck"
)

// A record that is written to and published to while it is checked is not
// called altered for it.
func TestARecordThatIsWrittenToIsIntact(t *testing.T) {
	c := copied(t)
	c.open(t)
	ctx, stop := context.WithCancel(t.Context())
	var working sync.WaitGroup
	working.Go(func() {
		for ctx.Err() == nil {
			_, _, err := c.desk.AddParty(ctx, desk.Caller{Person: "officer-4471"}, noon, second, jurat.Particulars{Slot: "Witness", Capacity: "witness", Name: hidden})
			if err == nil {
				err = c.desk.Publish(ctx)
			}
			if err != nil && ctx.Err() == nil {
				t.Error(err)
				return
			}
		}
	})
	working.Go(func() {
		for ctx.Err() == nil {
			if err := c.ledger.Mirror(ctx, c.path("mirror")); err != nil && ctx.Err() == nil {
				t.Error(err)
				return
			}
		}
	})
	for range 20 {
		rows, err := register.ReadSQLite(t.Context(), c.path("register.sqlite"))
		must(t, err)
		r := fsck.Check(t.Context(), fsck.Record{
			Rows: rows, Blobs: c.store, Ledger: c.path("ledger"), KEK: c.kek, Duplicates: c.dup,
			LogKey: c.log.Public, Keys: c.listed, Mirrors: []string{c.path("mirror")},
		})
		must(t, rows.Close())
		wantIntact(t, r)
	}
	stop()
	working.Wait()
	c.close(t)
	wantIntact(t, c.check(t))
}
