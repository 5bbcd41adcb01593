package register

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
)

// A Tx is one transaction, good until the function it was given to returns. A
// statement that fails ends it: every later call gives the same error, and
// Write undoes all of it whatever the function returns.
type Tx struct {
	// later holds what the acts of a batch would index, which is done at its
	// end: SQLite flushes a full-text index at every statement savepoint, so words
	// written between other rows cost as much as those rows. nil: at once.
	later   *[]document
	ctx     context.Context
	session session
	dialect *dialect
	writes  bool
	wrote   bool // a writing statement was run
	broken  error
	now     int64
	locked  []lockedHead
}

// A lockedHead is the head of a chain this transaction holds.
type lockedHead struct {
	incident jurat.IncidentNumber
	Head
	numbers string       // how many items of each noun were given a number
	fresh   []jurat.Item // numbered by this transaction, and without an event yet
}

// A Head is where a chain stands: the place of its last event (-1: none) and
// the RFC 6962 hash of that event's leaf.
type Head struct {
	Seq  int64
	Prev tlog.Hash
}

// Now is the database's time at this transaction, in UTC: one per transaction,
// as fine as the engine keeps it (SQLite: a millisecond; PostgreSQL: a
// microsecond).
func (tx *Tx) Now() (time.Time, error) {
	if tx.now == 0 {
		err := tx.one("select "+tx.dialect.now, nil, func(c cells) error { tx.now = c.int(0); return nil })
		if err != nil {
			return time.Time{}, err
		}
	}
	return fromMicros(tx.now), nil
}

// Meta gives a fact about the whole record, such as its origin; "" when it was
// never set.
func (tx *Tx) Meta(name string) (string, error) {
	var value string
	err := tx.query("select value from meta where name = $1", []any{name}, func(c cells) error { value = c.text(0); return nil })
	return value, err
}

// SetMeta sets a fact about the whole record.
func (tx *Tx) SetMeta(name, value string) error {
	_, err := tx.exec("insert into meta (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value", name, value)
	return err
}

// exec runs one writing statement.
func (tx *Tx) exec(query string, args ...any) (int64, error) {
	if err := tx.may(); err != nil {
		return 0, err
	}
	if err := storable(args); err != nil {
		return 0, err
	}
	tx.wrote = true
	n, err := tx.session.exec(tx.ctx, query, args...)
	if err != nil {
		return 0, tx.fail(err)
	}
	return n, nil
}

// query runs one reading statement. row's own error is returned as it is and
// does not end the transaction.
func (tx *Tx) query(query string, args []any, row func(cells) error) error {
	if tx.broken != nil {
		return tx.broken
	}
	if err := storable(args); err != nil {
		return err
	}
	var own error
	err := tx.session.query(tx.ctx, query, args, func(c cells) error {
		own = row(c)
		return own
	})
	if own != nil {
		return own
	}
	if err != nil {
		return tx.fail(err)
	}
	return nil
}

// change runs a writing statement that gives rows back.
func (tx *Tx) change(query string, args []any, row func(cells) error) error {
	if err := tx.may(); err != nil {
		return err
	}
	tx.wrote = true
	return tx.query(query, args, row)
}

// one is query where there is at least one row; NotFound without a sentence
// when there is none.
func (tx *Tx) one(query string, args []any, row func(cells) error) error {
	found := false
	err := tx.query(query, args, func(c cells) error { found = true; return row(c) })
	if err == nil && !found {
		return jurat.NotFound
	}
	return err
}

func (tx *Tx) may() error {
	if tx.broken != nil {
		return tx.broken
	}
	if !tx.writes {
		return jurat.Errorf(jurat.Forbidden, "this transaction only reads")
	}
	return nil
}

// fail ends the transaction.
func (tx *Tx) fail(err error) error {
	tx.broken = explain(tx.dialect, tx.ctx, err)
	return tx.broken
}

// explain gives a driver's error its kind and a sentence.
func explain(d *dialect, ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return jurat.Because(jurat.Unavailable, err, "the caller stopped waiting; nothing was saved")
	}
	switch d.fault(err) {
	case faultTwice:
		return jurat.Because(jurat.Conflict, err, "the record has this already")
	case faultRefused:
		return jurat.Because(jurat.Conflict, err, "the record does not allow this change")
	case faultAgain:
		return jurat.Because(jurat.Unavailable, err, "others are writing to the record; try again")
	case faultFull:
		return jurat.Because(jurat.Unavailable, err, "no room is left for the database; nothing was saved")
	}
	return jurat.Because(jurat.Unavailable, err, "the database did not answer as it should")
}

// pages runs a query ordered by its first column, a number, a page at a time,
// so that row may ask other things meanwhile: $1 is the number to begin after,
// $2 the length of a page, $3 and on are more.
func (tx *Tx) pages(query string, after int64, row func(cells) error, more ...any) error {
	const length = 256
	for {
		var page []cells
		err := tx.query(query, append([]any{after, int64(length)}, more...), func(c cells) error {
			page = append(page, slices.Clone(c))
			return nil
		})
		if err != nil {
			return err
		}
		for _, c := range page {
			if err := row(c); err != nil {
				return err
			}
		}
		if len(page) < length {
			return nil
		}
		after = page[len(page)-1].int(0)
	}
}

// storable refuses what one of the engines could not keep.
func storable(args []any) error {
	for _, a := range args {
		if s, ok := a.(string); ok && (strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s)) {
			return jurat.Errorf(jurat.Invalid, "the text %.40q is not UTF-8, or has a zero character in it", s)
		}
	}
	return nil
}

func micros(t time.Time) int64 { return t.UnixMicro() }

func fromMicros(n int64) time.Time { return time.UnixMicro(n).UTC() }

// end makes every later call of a kept tx fail.
func (tx *Tx) end() {
	if tx.broken == nil {
		tx.broken = jurat.Errorf(jurat.Unavailable, "the transaction has ended")
	}
}
