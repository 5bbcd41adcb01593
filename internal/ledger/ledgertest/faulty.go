package ledgertest

import (
	"context"
	"time"

	"jurat"
	"jurat/internal/ledger"
)

// A Faulty is a store some of whose calls fail. Fail is asked before each call
// by its method's name: a nil error lets it through; otherwise the caller gets
// the error, and the call is carried out all the same when apply is true, as
// when a connection breaks after the commit. A call that should wait may wait
// in Fail.
type Faulty struct {
	ledger.Store
	Fail func(method string) (apply bool, err error)
}

func (f Faulty) Head(ctx context.Context) (ledger.Head, error) {
	if _, err := f.Fail("Head"); err != nil {
		return ledger.Head{}, err
	}
	return f.Store.Head(ctx)
}

func (f Faulty) Unsequenced(ctx context.Context, n int) ([]ledger.Entry, error) {
	if _, err := f.Fail("Unsequenced"); err != nil {
		return nil, err
	}
	return f.Store.Unsequenced(ctx, n)
}

func (f Faulty) Sequence(ctx context.Context, lease ledger.Lease, from int64, entries []ledger.Entry, head ledger.Head) error {
	apply, err := f.Fail("Sequence")
	if err == nil || apply {
		if done := f.Store.Sequence(ctx, lease, from, entries, head); err == nil {
			return done
		}
	}
	return err
}

func (f Faulty) Leaves(ctx context.Context, from, to int64, fn func(int64, []byte) error) error {
	if _, err := f.Fail("Leaves"); err != nil {
		return err
	}
	return f.Store.Leaves(ctx, from, to, fn)
}

func (f Faulty) Index(ctx context.Context, id jurat.EventID) (int64, error) {
	if _, err := f.Fail("Index"); err != nil {
		return 0, err
	}
	return f.Store.Index(ctx, id)
}

func (f Faulty) IndexIn(ctx context.Context, log int64, id jurat.EventID) (int64, error) {
	if _, err := f.Fail("IndexIn"); err != nil {
		return 0, err
	}
	return f.Store.IndexIn(ctx, log, id)
}

func (f Faulty) Acquire(ctx context.Context, name, holder string, ttl time.Duration) (ledger.Lease, error) {
	apply, err := f.Fail("Acquire")
	if err == nil || apply {
		if lease, done := f.Store.Acquire(ctx, name, holder, ttl); err == nil {
			return lease, done
		}
	}
	return ledger.Lease{}, err
}

func (f Faulty) Renew(ctx context.Context, lease ledger.Lease) (ledger.Lease, error) {
	apply, err := f.Fail("Renew")
	if err == nil || apply {
		if renewed, done := f.Store.Renew(ctx, lease); err == nil {
			return renewed, done
		}
	}
	return ledger.Lease{}, err
}

func (f Faulty) Release(ctx context.Context, lease ledger.Lease) error {
	apply, err := f.Fail("Release")
	if err == nil || apply {
		if done := f.Store.Release(ctx, lease); err == nil {
			return done
		}
	}
	return err
}
