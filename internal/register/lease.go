package register

import (
	"context"
	"errors"
	"strings"
	"time"

	"jurat"
	"jurat/internal/ledger"
)

// Leases are rows, judged by the database's clock, and each taking raises the
// fence. On SQLite the holder also keeps a lock on its fence's own byte of a
// file beside the database: the kernel drops it with the process, so a killed
// holder's lease is free at once and not at its end.

type leaseRow struct {
	ledger.Lease
	ttl   int64
	until int64
}

// lease reads a lease and holds its row.
func (tx *Tx) lease(name string) (leaseRow, error) {
	row := leaseRow{Lease: ledger.Lease{Name: name}}
	err := tx.one("select holder, fence, until, ttl from lease where name = $1"+tx.dialect.lock, []any{name}, func(c cells) error {
		row.Holder, row.Fence, row.until, row.ttl = c.text(0), c.int(1), c.int(2), c.int(3)
		return nil
	})
	return row, err
}

// mine reads the row of a lease and holds it; Conflict when another has taken
// it since, or it was released. One that only ran out is still its holder's.
func (tx *Tx) mine(l ledger.Lease) (leaseRow, error) {
	row, err := tx.lease(l.Name)
	if errors.Is(err, jurat.NotFound) || err == nil && (row.Fence != l.Fence || row.Holder == "" || row.Holder != l.Holder) {
		return row, jurat.Errorf(jurat.Conflict, "the lease %s is no longer held under number %d", l.Name, l.Fence)
	}
	return row, err
}

// Acquire implements [ledger.Store]. On SQLite it also succeeds while the
// lease has not run out when the process that held it is gone.
func (s chain) Acquire(ctx context.Context, name, holder string, ttl time.Duration) (ledger.Lease, error) {
	if name == "" || strings.ContainsAny(name, "/\\\x00") || holder == "" || ttl < time.Microsecond {
		return ledger.Lease{}, jurat.Errorf(jurat.Invalid, "a lease needs a name, a holder and a time")
	}
	var taken ledger.Lease
	var hold *hold
	err := s.r.Write(ctx, func(tx *Tx) error {
		hold.release() // of an earlier run of this function
		hold = nil
		now, err := tx.Now()
		if err != nil {
			return err
		}
		if _, err := tx.exec("insert into lease (name, holder, fence, until, ttl) values ($1, '', 0, 0, 0) on conflict (name) do nothing", name); err != nil {
			return err
		}
		row, err := tx.lease(name)
		if err != nil {
			return err
		}
		if row.Holder != "" && row.until > micros(now) && s.r.watch.alive(name, row.Fence) {
			return jurat.Errorf(jurat.Conflict, "the lease %s is held by %s", name, row.Holder)
		}
		taken = ledger.Lease{Name: name, Holder: holder, Fence: row.Fence + 1, Until: now.Add(ttl)}
		if hold, err = s.r.watch.take(name, taken.Fence); err != nil {
			return err
		}
		_, err = tx.exec("update lease set holder = $2, fence = $3, until = $4, ttl = $5 where name = $1",
			name, holder, taken.Fence, micros(taken.Until), ttl.Microseconds())
		return err
	})
	if err != nil {
		hold.release()
		return ledger.Lease{}, err
	}
	s.r.watch.keep(hold)
	return taken, nil
}

// Renew implements [ledger.Store].
func (s chain) Renew(ctx context.Context, l ledger.Lease) (ledger.Lease, error) {
	err := s.r.Write(ctx, func(tx *Tx) error {
		now, err := tx.Now()
		if err != nil {
			return err
		}
		row, err := tx.mine(l)
		if err != nil {
			return err
		}
		until := max(micros(now)+row.ttl, row.until)
		l.Until = fromMicros(until)
		_, err = tx.exec("update lease set until = $2 where name = $1", l.Name, until)
		return err
	})
	return l, err
}

// Release implements [ledger.Store].
func (s chain) Release(ctx context.Context, l ledger.Lease) error {
	err := s.r.Write(ctx, func(tx *Tx) error {
		_, err := tx.exec("update lease set holder = '', until = 0 where name = $1 and fence = $2 and holder = $3", l.Name, l.Fence, l.Holder)
		return err
	})
	if err == nil {
		s.r.watch.drop(l.Name, l.Fence)
	}
	return err
}
