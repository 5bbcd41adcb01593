package register

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"jurat"
)

// A sqliteEngine has one writing connection, which belongs to one goroutine,
// the committer, and a few that read. The committer takes whatever writes are
// waiting into one transaction, in which each can fail alone, and answers them
// all when the transaction is on the disk: a flush costs the same for one write
// as for a hundred.
type sqliteEngine struct {
	dialect *dialect
	open    func(ctx context.Context, writes bool) (*sqliteConn, error)
	queue   chan *waiting
	quit    chan struct{} // closed by close
	gone    chan struct{} // closed when the committer has ended
	once    sync.Once
	failed  atomic.Pointer[jurat.Error] // why nothing is written any more

	readers chan *sqliteConn // idle ones; nil stands for one not yet opened
	commit  func(*sqliteConn) error
	still   func() error // after a reading: what was read is whole
	done    func() error // after everything
}

// A waiting is a write that waits for its answer.
type waiting struct {
	ctx      context.Context
	fn       func(*Tx) error
	err      error
	panicked any
	done     chan struct{}
}

const (
	mostAtOnce  = 256 // writes in one transaction
	readersMost = 4
)

func newSQLiteEngine(ctx context.Context, d *dialect, open func(context.Context, bool) (*sqliteConn, error)) (*sqliteEngine, error) {
	c, err := open(ctx, true)
	if err != nil {
		return nil, err
	}
	e := &sqliteEngine{
		dialect: d, open: open,
		queue: make(chan *waiting, mostAtOnce), quit: make(chan struct{}), gone: make(chan struct{}),
		still: func() error { return nil }, done: func() error { return nil },
		commit: func(c *sqliteConn) error { _, err := c.exec(context.Background(), "commit"); return err },
	}
	e.pool()
	go e.run(c)
	return e, nil
}

// pool makes room for connections that read; they are opened when needed.
func (e *sqliteEngine) pool() {
	e.readers = make(chan *sqliteConn, readersMost)
	for range readersMost {
		e.readers <- nil
	}
}

func (e *sqliteEngine) write(ctx context.Context, fn func(*Tx) error) error {
	w := &waiting{ctx: ctx, fn: fn, done: make(chan struct{})}
	select {
	case e.queue <- w:
	case <-e.gone:
		return e.stopped()
	case <-ctx.Done():
		return given(ctx)
	}
	select {
	case <-w.done:
	case <-e.gone:
		select {
		case <-w.done:
		default:
			return e.stopped()
		}
	}
	if w.panicked != nil {
		panic(w.panicked)
	}
	return w.err
}

func (e *sqliteEngine) stopped() error {
	if err := e.failed.Load(); err != nil {
		return err
	}
	return jurat.Errorf(jurat.Unavailable, "the register is closed; nothing was saved")
}

// run is the committer.
func (e *sqliteEngine) run(c *sqliteConn) {
	defer close(e.gone)
	defer c.close()
	batch := make([]*waiting, 0, mostAtOnce)
	// A function that ends the goroutine it runs on, as a test's FailNow does,
	// ends the committer: then nothing is written any more.
	defer func() {
		select {
		case <-e.quit:
		default:
			e.failed.CompareAndSwap(nil, jurat.Errorf(jurat.Unavailable, "a write ended the goroutine of all writes; nothing is written until the register is opened again"))
		}
	}()
	for {
		batch = batch[:0]
		select {
		case w := <-e.queue:
			batch = append(batch, w)
		case <-e.quit:
			return
		}
		batch = e.gather(batch)
		e.transact(c, batch)
		for _, w := range batch {
			close(w.done)
		}
	}
}

// gather takes what else is waiting. It lets others run first, for as long as
// that brings more: those just answered are about to ask again, and a flush
// shared is a flush saved.
func (e *sqliteEngine) gather(batch []*waiting) []*waiting {
	for {
		runtime.Gosched()
		before := len(batch)
		for len(batch) < mostAtOnce && len(e.queue) > 0 {
			batch = append(batch, <-e.queue) // nobody else takes from it
		}
		if len(batch) == before || len(batch) == mostAtOnce {
			return batch
		}
	}
}

// transact runs a batch in one transaction and sets every error.
func (e *sqliteEngine) transact(c *sqliteConn, batch []*waiting) {
	all := func(err error) {
		for _, w := range batch {
			if w.err == nil {
				w.err = err
			}
		}
	}
	if err := e.failed.Load(); err != nil {
		all(err)
		return
	}
	ctx := context.Background()
	if _, err := c.exec(ctx, "begin immediate"); err != nil {
		all(explain(e.dialect, ctx, err))
		return
	}
	kept, err := e.runAll(c, batch, len(batch) == 1)
	if err != nil {
		// The engine undid the whole transaction, or lost track of it: nothing
		// of this batch may be taken for saved.
		c.rollback(ctx)
		all(jurat.Because(jurat.Unavailable, err, "the transaction was undone; nothing was saved"))
		return
	}
	if kept == 0 {
		c.rollback(ctx)
		return
	}
	err = e.commit(c)
	if err == nil {
		return
	}
	if f := e.dialect.fault(err); (f == faultFull || f == faultAgain) && e.undone(c) {
		all(explain(e.dialect, ctx, err)) // known not to have happened
		return
	}
	unknown := outcomeUnknown(err)
	e.failed.Store(unknown)
	all(unknown)
}

// undone makes sure that c is in no transaction: SQLite may have rolled back
// by itself.
func (e *sqliteEngine) undone(c *sqliteConn) bool {
	ctx := context.Background()
	c.rollback(ctx)
	if _, err := c.exec(ctx, "begin immediate"); err != nil {
		return false
	}
	_, err := c.exec(ctx, "rollback")
	return err == nil
}

func outcomeUnknown(err error) *jurat.Error {
	return jurat.Because(jurat.Unavailable, err, "outcome unknown: the database did not say whether it was saved; nothing more is written until the record is opened again")
}

// runAll runs a batch and says how many of its writes stand. Most do: they run
// without savepoints first, which are dear, and one that fails before it wrote
// anything has nothing to undo. Only when one fails after it wrote is the
// transaction begun again, and then each has a savepoint of its own. An error
// is the transaction's, not that of a write.
func (e *sqliteEngine) runAll(c *sqliteConn, batch []*waiting, alone bool) (kept int, err error) {
	var later []document
	for _, w := range batch {
		if w.err = given(w.ctx); w.err != nil {
			continue
		}
		tx := e.runOne(c, w, &later)
		switch {
		case !w.failed():
			kept++
		case tx.wrote && alone:
			return 0, nil // the caller undoes the whole
		case tx.wrote:
			return e.runApart(c, batch)
		}
	}
	words := &Tx{ctx: context.Background(), session: c, dialect: e.dialect, writes: true, later: &later}
	err = words.flush()
	words.end()
	return kept, err
}

// runApart begins the batch again, each write under its own savepoint.
func (e *sqliteEngine) runApart(c *sqliteConn, batch []*waiting) (kept int, err error) {
	ctx := context.Background()
	for _, s := range []string{"rollback", "begin immediate"} {
		if _, err := c.exec(ctx, s); err != nil {
			return 0, err
		}
	}
	for _, w := range batch {
		w.panicked = nil
		if w.err = given(w.ctx); w.err != nil {
			continue
		}
		if _, err := c.exec(ctx, "savepoint act"); err != nil {
			return 0, err
		}
		if e.runOne(c, w, nil); w.failed() {
			if _, err := c.exec(ctx, "rollback to act"); err != nil {
				return 0, err
			}
		} else {
			kept++
		}
		if _, err := c.exec(ctx, "release act"); err != nil {
			return 0, err
		}
	}
	return kept, nil
}

// runOne runs one function in the transaction c has begun. later takes the
// words of the batch; nil: they are indexed at once.
func (e *sqliteEngine) runOne(c *sqliteConn, w *waiting, later *[]document) *Tx {
	tx := &Tx{ctx: context.Background(), session: c, dialect: e.dialect, writes: true, later: later}
	w.call(tx)
	if tx.broken != nil {
		tx.wrote = true // who knows what
		if w.err == nil {
			w.err = tx.broken
		}
	}
	tx.end()
	return tx
}

func (w *waiting) failed() bool { return w.err != nil || w.panicked != nil }

// call runs the function and keeps its panic for the goroutine that asked.
func (w *waiting) call(tx *Tx) {
	defer func() {
		if p := recover(); p != nil {
			w.panicked = fmt.Sprintf("%v\n\nin the function given to Write:\n%s", p, debug.Stack())
		}
	}()
	w.err = w.fn(tx)
}

func (e *sqliteEngine) read(ctx context.Context, fn func(*Tx) error) error {
	var c *sqliteConn
	select {
	case c = <-e.readers: // none is there once it is closed
	case <-ctx.Done():
		return given(ctx)
	case <-e.quit:
		return jurat.Errorf(jurat.Unavailable, "the register is closed")
	}
	defer func() { e.readers <- c }()
	if c == nil {
		opened, err := e.open(ctx, false)
		if err != nil {
			return err
		}
		c = opened
	}
	if _, err := c.exec(ctx, "begin"); err != nil {
		return explain(e.dialect, ctx, err)
	}
	tx := &Tx{ctx: ctx, session: c, dialect: e.dialect}
	defer func() {
		tx.end()
		if _, err := c.exec(context.Background(), "rollback"); err != nil {
			c.close() // not to be trusted with the next reader's view
			c = nil
		}
	}()
	err := fn(tx)
	if err == nil {
		err = tx.broken
	}
	if moved := e.still(); moved != nil {
		return moved // whatever fn made of it
	}
	return err
}

func (e *sqliteEngine) alone(ctx context.Context, fn func(session) error) error {
	return e.write(ctx, func(tx *Tx) error { return fn(tx.session) })
}

func (e *sqliteEngine) outside(ctx context.Context, statements []string) error {
	c, err := e.open(ctx, true)
	if err != nil {
		return err
	}
	defer c.close()
	for _, s := range statements {
		if err := c.script(ctx, s); err != nil {
			return explain(e.dialect, ctx, err)
		}
	}
	return nil
}

func (e *sqliteEngine) close() error {
	var errs []error
	e.once.Do(func() {
		close(e.quit)
		<-e.gone
		for range readersMost {
			if c := <-e.readers; c != nil { // waits for who still reads
				errs = append(errs, c.close())
			}
		}
		errs = append(errs, e.done())
	})
	return errors.Join(errs...)
}
