package ledger

import (
	"context"
	"errors"
	"time"

	"jurat"
)

// Publish sequences everything that was pending when it was called, and
// publishes a signed checkpoint over it. It returns the checkpoint published
// last; when nothing was pending, the one already there. When it returns nil,
// every file the checkpoint needs, and the checkpoint, survive a power cut.
//
// What a killed process left unfinished is finished first. While another
// program holds the lease Publish waits for that program to publish, and takes
// over when it ends. An error leaves everything for the next Publish:
//   - Conflict or Altered: signing has stopped, see [Ledger.Stopped];
//   - Unavailable: the store, the disk or the other program did not answer.
func (l *Ledger) Publish(ctx context.Context) (Published, error) {
	p, err := l.publish(ctx)
	l.mu.Lock()
	defer l.mu.Unlock()
	// A lease that cannot be given back runs out; that is no reason to say
	// that what was published was not.
	l.release(context.WithoutCancel(ctx))
	return p, err
}

// publish is Publish, except that it keeps the lease.
func (l *Ledger) publish(ctx context.Context) (Published, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	patience := time.NewTimer(l.opt.Patience)
	defer patience.Stop()
	for {
		p, more, err := l.round(ctx)
		if err == nil && !more {
			return p, nil
		}
		if err == nil {
			continue
		}
		l.edge = nil // whatever is known of the edge may be wrong now
		if !errors.Is(err, errHeld) {
			return Published{}, err
		}
		if err := l.release(ctx); err != nil {
			return Published{}, err
		}
		select {
		case <-ctx.Done():
			return Published{}, jurat.Because(jurat.Unavailable, ctx.Err(), "publication was interrupted; the next one finishes it")
		case <-patience.C:
			return Published{}, jurat.Because(jurat.Unavailable, err, "another program is publishing and has not finished; what is saved will be published by it or by the next command")
		case <-time.After(l.opt.TTL / 100):
		}
	}
}

// errHeld is the cause of an error of a round that another holder of the lease
// made fail: nothing is wrong, and one may try again.
var errHeld = errors.New("the lease is another's")

// held gives an error of kind Conflict that cause.
func held(err error) error {
	if errors.Is(err, jurat.Conflict) {
		return jurat.Because(jurat.Unavailable, errors.Join(errHeld, err), "another program is publishing")
	}
	return err
}

// round finishes what was sequenced and not published, or sequences and
// publishes one batch. more: there may be more to do.
func (l *Ledger) round(ctx context.Context) (p Published, more bool, err error) {
	head, p, err := l.survey(ctx)
	if err != nil {
		return Published{}, false, err
	}
	if err := l.settle(ctx, head, p); err != nil {
		return Published{}, false, err
	}
	if p.Size < head.Size {
		if err := l.hold(ctx); err != nil {
			return Published{}, false, err
		}
		return p, true, l.catchUp(ctx, p, head)
	}
	entries, err := l.store.Unsequenced(ctx, l.opt.Batch)
	if err != nil {
		return Published{}, false, err
	}
	if len(entries) == 0 {
		// Nothing waits for an index; but another program may have given the
		// last ones since head was read, and not have published them yet.
		now, err := l.store.Head(ctx)
		return p, now != head, err
	}
	if err := l.hold(ctx); err != nil {
		return Published{}, false, err
	}
	if l.edge == nil || l.edge.size != head.Size || l.edgeLog != head.Log {
		if l.edge, err = l.load(ctx, head); err != nil {
			return Published{}, false, err
		}
		l.edgeLog = head.Log
	}
	next, files := l.edge.clone(), []file(nil)
	for _, e := range entries {
		if err := next.add(e.Leaf, &files); err != nil {
			return Published{}, false, err
		}
	}
	next.cut(&files)
	root, err := next.root()
	if err != nil {
		return Published{}, false, err
	}
	to := Head{Log: head.Log, Size: next.size, Root: root}
	// The root is the store's before any file knows of it: whoever comes next
	// finds it there, and no other root can ever be signed for this size.
	if err := l.store.Sequence(ctx, *l.lease, head.Size, entries, to); err != nil {
		return Published{}, false, held(err)
	}
	p, err = l.issue(ctx, to, files)
	if err != nil {
		return Published{}, false, err
	}
	l.edge = next
	return p, len(entries) == l.opt.Batch, nil
}

// settle finishes a rotation that was cut short after the list of keys changed.
func (l *Ledger) settle(ctx context.Context, head Head, p Published) error {
	if p.Note == nil || l.settled {
		return nil
	}
	pub, err := l.folder.read(logPubName, noteLimit)
	if err != nil && !errors.Is(err, jurat.NotFound) {
		return err
	}
	if string(pub) == l.key.Public+"\n" {
		l.settled = true
		return nil
	}
	if err := l.hold(ctx); err != nil {
		return err
	}
	unlock, err := l.guard(ctx, head.Log)
	if err != nil {
		return err
	}
	defer unlock()
	if p, err = l.published(l.folder); err != nil {
		return err
	}
	if err := l.countersign(p); err != nil {
		return err
	}
	l.settled = true
	return nil
}

// issue makes files durable and then publishes the checkpoint of head, which
// the store holds. The folder is locked meanwhile and the fence is read again
// inside the lock, so that a leader that slept finds out before it changes
// anything.
func (l *Ledger) issue(ctx context.Context, head Head, files []file) (Published, error) {
	unlock, err := l.guard(ctx, head.Log)
	if err != nil {
		return Published{}, err
	}
	defer unlock()
	before, err := l.published(l.folder)
	if err != nil {
		return Published{}, err
	}
	if before.Size > head.Size {
		return Published{}, held(jurat.Errorf(jurat.Conflict, "%d leaves are published already, not only %d", before.Size, head.Size))
	}
	if before.Note != nil && before.Size == head.Size {
		if before.Root != head.Root {
			return Published{}, l.forked("the checkpoint published here", before)
		}
		return before, nil // its files were durable before it was
	}
	if before.Note == nil {
		if err := l.introduce(); err != nil {
			return Published{}, err
		}
	}
	if err := l.folder.write(files...); err != nil {
		return Published{}, err
	}
	p, err := l.sign(head)
	if err != nil {
		return Published{}, err
	}
	if err := l.folder.write(file{checkpointName, p.Note}); err != nil {
		return Published{}, err
	}
	for level := range maxLevel {
		for n := before.Size >> (height * (level + 1)); n < head.Size>>(height*(level+1)); n++ {
			// The full tile is durable: the partial ones on the way to it may go.
			l.folder.sweep(tilePath(level, n, width) + partialSuffix)
			if level == 0 {
				l.folder.sweep(entriesPath(n, width) + partialSuffix)
			}
		}
	}
	return p, nil
}

const (
	partialSuffix = ".p"
	maxLevel      = 8 // 2^63 leaves have no more levels of tiles
)

// guard locks the folder, makes sure that the lease is still ours, and that the
// folder is that of the log.
func (l *Ledger) guard(ctx context.Context, log int64) (unlock func(), err error) {
	patient, cancel := context.WithTimeout(ctx, l.opt.Patience)
	defer cancel()
	unlock, err = l.folder.lock(patient)
	if err != nil {
		return nil, err
	}
	lease, err := l.store.Renew(ctx, *l.lease)
	if err != nil {
		unlock()
		return nil, held(err)
	}
	l.lease = &lease
	unmoved, err := l.unmoved(Head{Log: log})
	if err == nil && unmoved {
		err = retire(l.folder)
	}
	if err != nil {
		unlock()
		return nil, err
	}
	return unlock, nil
}

// hold makes sure that this ledger has a lease; whether it is still the latest
// is found out by using it.
func (l *Ledger) hold(ctx context.Context) error {
	if l.lease != nil {
		return nil
	}
	lease, err := l.store.Acquire(ctx, leaseName, l.holder, l.opt.TTL)
	if err != nil {
		return held(err)
	}
	l.lease, l.edge = &lease, nil
	return nil
}

func (l *Ledger) release(ctx context.Context) error {
	if l.lease == nil {
		return nil
	}
	lease := *l.lease
	l.lease = nil
	return l.store.Release(ctx, lease)
}
