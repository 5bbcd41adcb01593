package ledger

import (
	"context"
	"math"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
)

// A Recovery says what came back from a mirror.
type Recovery struct {
	Leaves int64 // leaves the record had lost
	Events int64 // of them, those whose event the record still had
}

// Recover brings a record that was set back up to the checkpoint of a mirror
// folder, which may be the ledger folder itself when only the database was set
// back. The leaves come from the folder's entry bundles; nothing is changed
// unless, after the leaves the record has, they give the root the checkpoint
// signed. A leaf whose event is in the record waiting for an index gives it
// that index; another is kept without an event: its commitment stands, what it
// committed to is lost unless a copy of the record brings it back.
//
// After it the next Publish goes on as before. A folder that is not ahead of
// the record gives the zero Recovery. Errors: NotFound for a folder without a
// checkpoint; Altered for one that is not signed by this log's key, or holds
// another history; Unavailable when it, or another program, is in the way.
func (l *Ledger) Recover(ctx context.Context, mirror string) (Recovery, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	from := newFolder(mirror, l.opt.Disk)
	p, err := l.published(from)
	if err != nil {
		return Recovery{}, err
	}
	if p.Note == nil {
		return Recovery{}, jurat.Errorf(jurat.NotFound, "%s holds no checkpoint: it is not a mirror of a ledger", mirror)
	}
	head, err := l.store.Head(ctx)
	if err != nil {
		return Recovery{}, err
	}
	if _, err := l.unmoved(head); err != nil {
		return Recovery{}, err
	}
	if p.Size <= head.Size {
		return Recovery{}, nil
	}
	e, err := l.load(ctx, head)
	if err != nil {
		return Recovery{}, err
	}
	leaves := bundles(from, p.Size)
	trial := e.clone()
	if err := trial.extend(ctx, leaves, p.Size, nil, nil); err != nil {
		return Recovery{}, err
	}
	if !trial.gives(p) {
		return Recovery{}, forked("the checkpoint of "+mirror, p)
	}
	waiting, err := l.waiting(ctx)
	if err != nil {
		return Recovery{}, err
	}
	if err := l.hold(ctx); err != nil {
		return Recovery{}, err
	}
	defer l.release(context.WithoutCancel(ctx))
	l.edge = nil
	var done Recovery
	for e.size < p.Size {
		start, entries := e.size, []Entry(nil)
		collect := func(ctx context.Context, from, to int64, fn func(int64, []byte) error) error {
			return leaves(ctx, from, to, func(i int64, leaf []byte) error {
				entry := Entry{Leaf: leaf}
				if id, ok := waiting[tlog.RecordHash(leaf)]; ok {
					entry.Event = id
					done.Events++
				}
				entries = append(entries, entry)
				return fn(i, leaf)
			})
		}
		if err := e.extend(ctx, collect, min(e.size+int64(l.opt.Batch), p.Size), nil, nil); err != nil {
			return Recovery{}, err
		}
		root, err := e.root()
		if err != nil {
			return Recovery{}, err
		}
		if err := l.store.Sequence(ctx, *l.lease, start, entries, Head{Log: head.Log, Size: e.size, Root: root}); err != nil {
			return Recovery{}, held(err)
		}
		done.Leaves += int64(len(entries))
	}
	return done, nil
}

// waiting maps the leaves of the events without an index to their events.
func (l *Ledger) waiting(ctx context.Context) (map[tlog.Hash]jurat.EventID, error) {
	entries, err := l.store.Unsequenced(ctx, math.MaxInt32)
	if err != nil {
		return nil, err
	}
	byLeaf := make(map[tlog.Hash]jurat.EventID, len(entries))
	for _, e := range entries {
		byLeaf[tlog.RecordHash(e.Leaf)] = e.Event
	}
	return byLeaf, nil
}
