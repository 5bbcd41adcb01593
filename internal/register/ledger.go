package register

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
	"jurat/internal/ledger"
)

// Ledger is the register as the chain's store: which event has which index,
// and under which root.
func (r *Register) Ledger() ledger.Store { return chain{r} }

type chain struct{ r *Register }

// TreeHead gives the head of the current log; the zero Head when nothing was
// ever sequenced.
func (tx *Tx) TreeHead() (ledger.Head, error) {
	var h ledger.Head
	err := tx.query("select log, size, root from tree_head order by log desc, size desc limit 1", nil, func(c cells) (err error) {
		h, err = scanTreeHead(c)
		return err
	})
	return h, err
}

// TreeHeadOf gives the head the current log had at a size. NotFound: it never
// had one there.
func (tx *Tx) TreeHeadOf(size int64) (ledger.Head, error) {
	now, err := tx.TreeHead()
	if err != nil {
		return ledger.Head{}, err
	}
	var h ledger.Head
	err = tx.one("select log, size, root from tree_head where log = $1 and size = $2", []any{now.Log, size}, func(c cells) (err error) {
		h, err = scanTreeHead(c)
		return err
	})
	if errors.Is(err, jurat.NotFound) {
		return h, jurat.Errorf(jurat.NotFound, "the ledger had no checkpoint of size %d; it has %d leaves now", size, now.Size)
	}
	return h, err
}

// LastAt is when the last event among the first size leaves of the current log
// was done, as its event says. NotFound: there is none among them.
func (tx *Tx) LastAt(size int64) (time.Time, error) {
	now, err := tx.TreeHead()
	if err != nil {
		return time.Time{}, err
	}
	var at time.Time
	err = tx.one("select d.at from leaf_index l join disclosure d on d.event = l.event where l.log = $1 and l.idx < $2 order by l.idx desc limit 1",
		[]any{now.Log, size}, func(c cells) error { at = fromMicros(c.int(0)); return nil })
	if errors.Is(err, jurat.NotFound) {
		return at, jurat.Errorf(jurat.NotFound, "the first %d leaves of the ledger hold no event of this record", size)
	}
	return at, err
}

func scanTreeHead(c cells) (ledger.Head, error) {
	h := ledger.Head{Log: c.int(0), Size: c.int(1)}
	if copy(h.Root[:], c.bytes(2)) != tlog.HashSize {
		return h, jurat.Errorf(jurat.Altered, "the root of size %d of log %d has %d bytes", h.Size, h.Log, len(c.bytes(2)))
	}
	return h, nil
}

// Head implements [ledger.Store].
func (s chain) Head(ctx context.Context) (h ledger.Head, err error) {
	err = s.r.Read(ctx, func(tx *Tx) error {
		h, err = tx.TreeHead()
		return err
	})
	return h, err
}

// Unsequenced implements [ledger.Store]: in the order of commits.
func (s chain) Unsequenced(ctx context.Context, n int) (all []ledger.Entry, err error) {
	err = s.r.Read(ctx, func(tx *Tx) error {
		return tx.query("select e.id, e.leaf from pending p join event e on e.id = p.event order by p.n limit $1", []any{int64(n)}, func(c cells) error {
			all = append(all, ledger.Entry{Event: jurat.EventID(c.text(0)), Leaf: c.bytes(1)})
			return nil
		})
	})
	return all, err
}

// Sequence implements [ledger.Store].
func (s chain) Sequence(ctx context.Context, lease ledger.Lease, from int64, entries []ledger.Entry, head ledger.Head) error {
	return s.r.Write(ctx, func(tx *Tx) error {
		if _, err := tx.mine(lease); err != nil {
			return err
		}
		now, err := tx.TreeHead()
		if err != nil {
			return err
		}
		switch {
		case head.Size != from+int64(len(entries)):
			return jurat.Errorf(jurat.Conflict, "%d leaves from %d do not make a log of %d", len(entries), from, head.Size)
		case head.Log == now.Log+1 && from == 0:
			if err := tx.pendAgain(now); err != nil {
				return err
			}
		case head.Log != now.Log || from != now.Size:
			return jurat.Errorf(jurat.Conflict, "log %d has %d leaves: log %d cannot go on from %d", now.Log, now.Size, head.Log, from)
		case head.Size == now.Size && head != now && now != (ledger.Head{}):
			return jurat.Errorf(jurat.Conflict, "log %d has another root at size %d", now.Log, now.Size)
		}
		if err := tx.unpend(entries); err != nil {
			return err
		}
		if err := tx.number(head.Log, from, entries); err != nil {
			return err
		}
		_, err = tx.exec("insert into tree_head (log, size, root) values ($1, $2, $3) on conflict (log, size) do nothing", head.Log, head.Size, head.Root[:])
		return err
	})
}

// pendAgain makes every event pending for a new log: those that had an index
// in the old one first, in its order, then the others in theirs.
func (tx *Tx) pendAgain(old ledger.Head) error {
	var first int64 = 1
	err := tx.query("select coalesce(min(n), 1) from pending", nil, func(c cells) error { first = min(first, c.int(0)); return nil })
	if err != nil {
		return err
	}
	_, err = tx.exec("insert into pending (n, event) select idx - $2 + $3, event from leaf_index where log = $1 and event is not null", old.Log, old.Size, first)
	return err
}

// unpend takes events out of pending; Conflict when one is not there, or twice.
func (tx *Tx) unpend(entries []ledger.Entry) error {
	want := make(map[string]bool, len(entries))
	for _, e := range entries {
		if e.Event == "" {
			continue
		}
		if want[string(e.Event)] {
			return jurat.Errorf(jurat.Conflict, "event %s would get two indexes", e.Event)
		}
		want[string(e.Event)] = true
	}
	// What is sequenced is mostly what has waited longest: read from there on.
	page := int64(len(want))
	var gone []any
	for after := int64(-1 << 62); len(want) > 0; page *= 2 {
		var rows int64
		err := tx.query("select n, event from pending where n > $1 order by n limit $2", []any{after, page}, func(c cells) error {
			rows++
			after = c.int(0)
			if want[c.text(1)] {
				delete(want, c.text(1))
				gone = append(gone, after)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if rows < page && len(want) > 0 {
			for id := range want {
				return jurat.Errorf(jurat.Conflict, "event %s is not there, or has an index", id)
			}
		}
	}
	for len(gone) > 0 {
		k := len(gone)
		if k > rowsAtOnce {
			k = rowsAtOnce
		}
		if _, err := tx.exec("delete from pending where n in "+placeholders(1, k), gone[:k]...); err != nil {
			return err
		}
		gone = gone[k:]
	}
	return nil
}

// number writes the indexes of entries.
func (tx *Tx) number(log, from int64, entries []ledger.Entry) error {
	for len(entries) > 0 {
		k := min(len(entries), rowsAtOnce)
		args := make([]any, 0, 4*k)
		for i, e := range entries[:k] {
			var event, leaf any
			if event = string(e.Event); e.Event == "" {
				event, leaf = nil, e.Leaf
			}
			args = append(args, log, from+int64(i), event, leaf)
		}
		if _, err := tx.exec("insert into leaf_index (log, idx, event, leaf) values "+placeholders(k, 4), args...); err != nil {
			return err
		}
		entries, from = entries[k:], from+int64(k)
	}
	return nil
}

// rowsAtOnce is how many rows one statement of a long list takes.
const rowsAtOnce = 64

// placeholders writes rows of k placeholders: ($1, $2), ($3, $4).
func placeholders(rows, k int) string {
	var b strings.Builder
	for i := range rows * k {
		switch {
		case i%k == 0 && i > 0:
			b.WriteString("), (")
		case i%k == 0:
			b.WriteString("(")
		default:
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", i+1)
	}
	return b.String() + ")"
}

// Leaves implements [ledger.Store].
func (s chain) Leaves(ctx context.Context, from, to int64, fn func(index int64, leaf []byte) error) error {
	return s.r.Read(ctx, func(tx *Tx) error {
		h, err := tx.TreeHead()
		if err != nil {
			return err
		}
		return tx.leaves(h.Log, from, to, fn)
	})
}

func (tx *Tx) leaves(log, from, to int64, fn func(index int64, leaf []byte) error) error {
	next := from
	for next < to {
		page := min(to-next, eventPage)
		got := make([][]byte, 0, page)
		err := tx.query("select l.idx, coalesce(l.leaf, e.leaf) from leaf_index l left join event e on e.id = l.event where l.log = $1 and l.idx >= $2 and l.idx < $3 order by l.idx",
			[]any{log, next, next + page}, func(c cells) error {
				if c.int(0) != next+int64(len(got)) {
					return jurat.Errorf(jurat.Altered, "log %d has no leaf %d", log, next+int64(len(got)))
				}
				got = append(got, c.bytes(1))
				return nil
			})
		if err != nil {
			return err
		}
		for _, leaf := range got {
			if err := fn(next, leaf); err != nil {
				return err
			}
			next++
		}
		if int64(len(got)) < page {
			return jurat.Errorf(jurat.NotFound, "log %d has only %d leaves", log, next)
		}
	}
	return nil
}

// Index implements [ledger.Store].
func (s chain) Index(ctx context.Context, id jurat.EventID) (index int64, err error) {
	err = s.r.Read(ctx, func(tx *Tx) error {
		index, err = tx.LeafIndex(id)
		return err
	})
	return index, err
}

// IndexIn implements [ledger.Store].
func (s chain) IndexIn(ctx context.Context, log int64, id jurat.EventID) (index int64, err error) {
	err = s.r.Read(ctx, func(tx *Tx) error {
		return tx.one("select idx from leaf_index where event = $1 and log = $2", []any{string(id), log}, func(c cells) error { index = c.int(0); return nil })
	})
	if errors.Is(err, jurat.NotFound) {
		return 0, jurat.Errorf(jurat.NotFound, "event %s had no index in log %d", id, log)
	}
	return index, err
}

// LeafIndex gives the index of an event in the current log. NotFound: none yet.
func (tx *Tx) LeafIndex(id jurat.EventID) (int64, error) {
	var index int64
	err := tx.one("select l.idx from leaf_index l where l.event = $1 and l.log = (select coalesce(max(log), 0) from tree_head)", []any{string(id)},
		func(c cells) error { index = c.int(0); return nil })
	if errors.Is(err, jurat.NotFound) {
		return 0, jurat.Errorf(jurat.NotFound, "event %s has no index in the log yet", id)
	}
	return index, err
}
