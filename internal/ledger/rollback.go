package ledger

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
)

// A reference is a checkpoint of this log that somebody has seen: the record
// must never be behind it, nor beside it.
type reference struct {
	Published
	what string // where it was seen, for people
	id   string // what it is remembered by once it was found to be in the chain
}

// survey reads the store's head and what was published, in that order, and
// decides whether anything may be signed. Another program may publish between
// the two, so that an honest record seems to be behind: before anybody says so,
// the head is read again, and only a head that stayed where it was is believed.
// l.mu is held.
func (l *Ledger) survey(ctx context.Context) (Head, Published, error) {
	head, err := l.store.Head(ctx)
	for err == nil {
		p, verdict := l.look(ctx, head)
		if l.stopped == nil {
			return head, p, verdict
		}
		stopped := l.stopped
		before := head
		if head, err = l.store.Head(ctx); err == nil && head == before {
			return head, Published{}, stopped
		}
	}
	return Head{}, Published{}, err
}

// look reads what was published and decides whether anything may be signed:
// the store's head must continue the checkpoint published here, those of the
// mirrors, and those under anchors/. l.mu is held.
func (l *Ledger) look(ctx context.Context, head Head) (Published, error) {
	l.stopped = nil
	unmoved, err := l.unmoved(head)
	if err != nil {
		return Published{}, err
	}
	var p Published // none yet, when what lies there is of an origin that ended
	if !unmoved {
		p, err = l.published(l.folder)
	}
	if errors.Is(err, jurat.Altered) {
		return Published{}, l.stop(err)
	}
	if err != nil {
		return Published{}, err
	}
	switch {
	case p.Size > head.Size:
		return Published{}, l.behind("the checkpoint published here", p, head)
	case p.Note != nil && p.Size == head.Size && p.Root != head.Root:
		return Published{}, l.forked("the checkpoint published here", p)
	}
	refs, err := l.references(p.Size)
	if err != nil {
		return Published{}, err
	}
	for _, r := range refs {
		if r.Size > head.Size {
			return Published{}, l.behind(r.what, r.Published, head)
		}
		if l.checked[r.id] || r.Size > p.Size {
			continue // catchUp compares those between p and head
		}
		root, err := l.rootAt(r.Size, p)
		if errors.Is(err, jurat.Altered) {
			return Published{}, l.stop(err)
		}
		if err != nil {
			return Published{}, err
		}
		if root != r.Root {
			return Published{}, l.forked(r.what, r.Published)
		}
		l.checked[r.id] = true
	}
	return p, ctx.Err()
}

// references are the checkpoints of this log seen outside: the mirrors' and
// those imported. A mirror that cannot be read is passed over: a disk that is
// away must not stop the log.
func (l *Ledger) references(published int64) ([]reference, error) {
	refs, err := l.imported(published)
	if err != nil {
		return nil, err
	}
	for _, m := range l.mirrors {
		p, err := l.published(m)
		if errors.Is(err, jurat.Altered) {
			return nil, l.stop(err)
		}
		if err == nil && p.Note != nil {
			refs = append(refs, reference{p, "the mirror " + m.dir, "mirror " + m.dir + string(p.Note)})
		}
	}
	return refs, nil
}

// Check compares the record with a checkpoint somebody kept: a signed note of
// this log, from a mirror, a witness, a dossier or a drawer. It returns nil
// when the record continues it; Conflict when the record is behind it; Altered
// when both cannot come from one history, or when the note is not signed by
// this log's key; Unavailable when that cannot be told. It changes nothing;
// [Ledger.Import] makes the ledger remember.
func (l *Ledger) Check(ctx context.Context, checkpoint []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	seen, err := l.openNote(checkpoint)
	if err != nil {
		return err
	}
	head, err := l.store.Head(ctx)
	if err != nil {
		return err
	}
	if seen.Size > head.Size {
		return behind("that checkpoint", seen, head)
	}
	p, err := l.published(l.folder)
	if err != nil {
		return err
	}
	var root tlog.Hash
	if seen.Size <= p.Size {
		root, err = l.rootAt(seen.Size, p)
	} else {
		e := &edge{}
		if err = e.extend(ctx, l.store.Leaves, seen.Size, nil, nil); err == nil {
			root, err = e.root()
		}
	}
	if err != nil {
		return err
	}
	if root != seen.Root {
		return forked("that checkpoint", seen)
	}
	return nil
}

func behind(what string, p Published, head Head) error {
	return jurat.Errorf(jurat.Conflict, "the record holds %d leaves, but %s shows that %d were published: the record was set back. "+
		"Saving goes on, nothing is signed or promoted. Bring back the newest copy of the record, or recover the leaves from a mirror folder; "+
		"if they are lost, run jurat ledger continue", head.Size, what, p.Size)
}

func forked(what string, p Published) error {
	return jurat.Errorf(jurat.Altered, "%s, over %d leaves, is not of the history the record holds: two histories were written under one name. "+
		"Saving goes on, nothing is signed or promoted. Keep every copy, run jurat fsck, and ask who changed what", what, p.Size)
}

// behind, forked and stop remember why nothing is signed, and say it.
func (l *Ledger) behind(what string, p Published, head Head) error {
	return l.stop(behind(what, p, head))
}

func (l *Ledger) forked(what string, p Published) error { return l.stop(forked(what, p)) }

func (l *Ledger) stop(err error) error {
	l.stopped = err
	return err
}

// rootAt returns the root of the first size leaves of the tree under p, from
// tiles checked against p.
func (l *Ledger) rootAt(size int64, p Published) (tlog.Hash, error) {
	if size == p.Size {
		return p.Root, nil
	}
	tiles := newTiles(l.folder)
	root, err := tlog.TreeHash(size, tiles.under(p))
	if err != nil {
		return tlog.Hash{}, tiles.explain(err, fmt.Sprintf("the root of the first %d leaves", size))
	}
	return root, nil
}
