package register

import (
	"context"

	"jurat"
)

// A Register is an open database of the record. Its methods may be called from
// many goroutines at once.
type Register struct {
	engine  engine
	dialect *dialect
	watch   *watch // nil where a lease ends by time alone
	readers bool   // opened for reading only
}

// Engine names the engine: "sqlite" or "postgres".
func (r *Register) Engine() string { return r.dialect.name }

// Write runs fn in one transaction. When it returns nil everything fn wrote is
// durable; when it returns an error nothing of it is there, except that after
// an error of kind Unavailable that says "outcome unknown" it may be, and every
// later Write is Unavailable until the register is opened again.
//
// fn's own error is returned as it is. fn may be run more than once and must
// leave nothing behind outside tx; it must not keep tx, and must not call
// Write. A panic of fn is Write's panic, and undoes what fn did and nothing
// else. Many calls may share one flush to the disk; none is answered before it.
// A ctx that ends before fn was run is Unavailable and nothing was done.
func (r *Register) Write(ctx context.Context, fn func(*Tx) error) error {
	if r.readers {
		return jurat.Errorf(jurat.Unavailable, "the record was opened for reading only")
	}
	if err := given(ctx); err != nil {
		return err
	}
	return r.engine.write(ctx, fn)
}

// Read runs fn on one unchanging view of the record: what was durable when it
// began. Every writing method of tx is refused as Forbidden.
func (r *Register) Read(ctx context.Context, fn func(*Tx) error) error {
	if err := given(ctx); err != nil {
		return err
	}
	return r.engine.read(ctx, fn)
}

// Scrub makes what was erased leave the files of the database as far as the
// engine can: it empties SQLite's log into the database, or has PostgreSQL
// vacuum the erasable tables. Call it after a disposal was written.
func (r *Register) Scrub(ctx context.Context) error {
	if r.readers {
		return jurat.Errorf(jurat.Unavailable, "the record was opened for reading only")
	}
	return r.engine.outside(ctx, r.dialect.scrub)
}

// Close gives every lease back as a killed process would, and closes the
// database. Writes that have not begun are Unavailable.
func (r *Register) Close() error {
	err := r.engine.close()
	r.watch.close()
	return err
}

// given says whether the caller still waits.
func given(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return jurat.Because(jurat.Unavailable, err, "the caller stopped waiting; nothing was done")
	}
	return nil
}
