package ledger

import (
	"context"
	"errors"
	"path"
	"slices"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
	"jurat/format"
)

// endingName is where the files of an ended origin are gathered before the
// folder past/ has them, so that past/ never shows half of one.
const endingName = "ending"

// unmoved reports whether the files of the origin before the store's current
// log still lie where those of the current log belong. Conflict: the key is
// not that of the current log.
func (l *Ledger) unmoved(head Head) (bool, error) {
	ended, err := l.folder.list(pastName)
	if err != nil {
		return false, err
	}
	origin, err := lies(l.folder)
	if err != nil {
		return false, err
	}
	switch past := int64(len(ended)); {
	case past == head.Log && (origin == "" || origin == l.Origin()):
		return false, nil
	case past == head.Log:
		return false, jurat.Errorf(jurat.Conflict, "the folder %s is that of the log %s, and the key is that of %s", l.folder.dir, origin, l.Origin())
	case past != head.Log-1:
		return false, jurat.Errorf(jurat.Conflict, "the record is in its %s log, and %s holds the files of %d that ended: they are not of one record", nth(head.Log), l.folder.dir, past)
	case origin == l.Origin():
		return false, jurat.Errorf(jurat.Conflict, "the log %s has ended and another continues it; give the key of that one", origin)
	}
	return true, nil
}

func nth(log int64) string { return strconv.FormatInt(log+1, 10) + "." }

// lies tells the origin of the checkpoint in a folder, "" when there is none.
func lies(f *folder) (string, error) {
	msg, err := f.read(checkpointName, noteLimit)
	if errors.Is(err, jurat.NotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	c, err := format.ParseCheckpoint(msg)
	if err != nil {
		return "", jurat.Because(jurat.Unavailable, err, "%s", f.path(checkpointName))
	}
	return c.Origin, nil
}

// retire moves the files of an ended origin to past/. A cut at any step leaves
// work that the next call finishes.
func retire(f *folder) error {
	ended, err := f.list(pastName)
	if err != nil {
		return err
	}
	for _, name := range []string{"tile", anchorsName, keysName, logPubName, checkpointName} {
		if err := f.move(name, path.Join(endingName, name)); err != nil {
			return err
		}
	}
	return f.move(endingName, path.Join(pastName, strconv.Itoa(len(ended))))
}

// A Gap is what the first leaf of a new origin declares about the one it
// continues.
type Gap = format.Gap

// Gap describes what is lost when the log ends at lastKnown, the newest
// checkpoint of it that anybody has, and next continues it. Altered or
// Unavailable: lastKnown is not a checkpoint of this log; Conflict: a newer one
// lies in the folder, or next has this log's name; Invalid: next is no key.
func (l *Ledger) Gap(ctx context.Context, lastKnown []byte, next Key) (Gap, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.gap(ctx, lastKnown, next)
}

func (l *Ledger) gap(ctx context.Context, lastKnown []byte, next Key) (Gap, error) {
	if _, err := next.verifier(); err != nil {
		return Gap{}, err
	}
	last, err := l.openNote(lastKnown)
	if err != nil {
		return Gap{}, err
	}
	refs, err := l.references(0)
	if err != nil && !errors.Is(err, jurat.Altered) {
		return Gap{}, err
	}
	if p, err := l.published(l.folder); err == nil && p.Note != nil {
		refs = append(refs, reference{Published: p, what: "the checkpoint published here"})
	}
	for _, r := range refs {
		if r.Size > last.Size {
			return Gap{}, jurat.Errorf(jurat.Conflict, "%s is over %d leaves, newer than the one given, over %d: give the newest", r.what, r.Size, last.Size)
		}
	}
	names := []string{l.Origin()}
	ended, err := l.folder.list(pastName)
	if err != nil {
		return Gap{}, err
	}
	for _, n := range ended {
		if msg, err := l.folder.read(path.Join(pastName, n, checkpointName), noteLimit); err == nil {
			if c, err := format.ParseCheckpoint(msg); err == nil {
				names = append(names, c.Origin)
			}
		}
	}
	if slices.Contains(names, next.Signer.Name()) {
		return Gap{}, jurat.Errorf(jurat.Conflict, "the log %s has existed: a log that continues another needs a name of its own", next.Signer.Name())
	}
	head, err := l.store.Head(ctx)
	if err != nil {
		return Gap{}, err
	}
	return Gap{Origin: l.Origin(), Checkpoint: string(lastKnown), Size: last.Size, Kept: min(head.Size, last.Size), Next: next.Public}, nil
}

// Continue ends this log and begins the log of next, whose first leaf is the
// event that declares the [Gap]. Every other event of the record is sequenced
// in the new log again, in its incident's order, so that all stay provable; the
// files of the old log move to past/, as they are. It returns the new ledger,
// with its first checkpoint published; this one is of no more use.
//
// The event must be committed and wait for an index (NotFound). Errors of
// [Ledger.Gap] are refused before anything changes. After another error the log
// may have been continued: open it with next, and Publish.
func (l *Ledger) Continue(ctx context.Context, lastKnown []byte, next Key, event jurat.EventID) (*Ledger, error) {
	if err := l.begin(ctx, lastKnown, next, event); err != nil {
		return nil, err
	}
	n, err := Open(ctx, l.folder.dir, next, l.store, l.opt)
	if err != nil {
		return nil, err
	}
	_, err = n.Publish(ctx)
	return n, err
}

func (l *Ledger) begin(ctx context.Context, lastKnown []byte, next Key, event jurat.EventID) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := l.gap(ctx, lastKnown, next); err != nil {
		return err
	}
	head, err := l.store.Head(ctx)
	if err != nil {
		return err
	}
	if _, err := l.unmoved(head); err != nil {
		return err
	}
	waiting, err := l.waiting(ctx)
	if err != nil {
		return err
	}
	for leaf, id := range waiting {
		if id != event {
			continue
		}
		if err := l.hold(ctx); err != nil {
			return err
		}
		defer l.release(context.WithoutCancel(ctx))
		// A tree of one leaf has the leaf's hash for its root.
		return held(l.store.Sequence(ctx, *l.lease, 0, []Entry{{Event: event}}, Head{Log: head.Log + 1, Size: 1, Root: leaf}))
	}
	return jurat.Errorf(jurat.NotFound, "event %s, which is to declare the gap, is not waiting for an index", event)
}

// ProveEnded shows, of events of a log that ended, that they were in it under
// the last checkpoint its gap declares. A proof is nil where the log never had
// the event; all are when its tiles are lost.
func (l *Ledger) ProveEnded(ctx context.Context, gap Gap, events []jurat.EventID) ([]*format.InclusionProof, error) {
	none := make([]*format.InclusionProof, len(events))
	proofs := slices.Clone(none)
	log, tiles, hashes, err := l.ended(gap)
	if err != nil || tiles == nil {
		return proofs, err
	}
	for i, event := range events {
		index, err := l.store.IndexIn(ctx, log, event)
		if errors.Is(err, jurat.NotFound) || err == nil && index >= gap.Size {
			continue
		}
		if err != nil {
			return nil, err
		}
		proof, err := tlog.ProveRecord(gap.Size, index, hashes)
		if err != nil {
			if err := tiles.explain(err, "a proof in the log "+gap.Origin+", that ended"); errors.Is(err, jurat.Altered) {
				return nil, err
			}
			return none, nil
		}
		proofs[i] = &format.InclusionProof{Index: index, Hashes: proof, Checkpoint: []byte(gap.Checkpoint)}
	}
	return proofs, nil
}

// ConsistencyEnded shows that a log that ended was, at the last checkpoint its
// gap declares, the log at an older size with leaves added; nil where that
// cannot be shown any more.
func (l *Ledger) ConsistencyEnded(gap Gap, from int64) (*format.ConsistencyProof, error) {
	_, tiles, hashes, err := l.ended(gap)
	if err != nil || tiles == nil || from < 0 || from > gap.Size {
		return nil, err
	}
	proof := &format.ConsistencyProof{Old: from, Checkpoint: []byte(gap.Checkpoint)}
	if from == 0 {
		return proof, nil
	}
	if proof.Hashes, err = tlog.ProveTree(gap.Size, from, hashes); err != nil {
		if err := tiles.explain(err, "the last consistency proof of the log "+gap.Origin); errors.Is(err, jurat.Altered) {
			return nil, err
		}
		return nil, nil
	}
	return proof, nil
}

// ended finds the files of a log that ended; no tiles when they are not there.
func (l *Ledger) ended(gap Gap) (int64, *tiles, tlog.HashReader, error) {
	last, err := format.ParseCheckpoint([]byte(gap.Checkpoint))
	if err != nil {
		return 0, nil, nil, err
	}
	names, err := l.folder.list(pastName)
	if err != nil {
		return 0, nil, nil, err
	}
	for _, name := range names {
		f := newFolder(l.folder.path(path.Join(pastName, name)), l.folder.disk)
		origin, err := lies(f)
		log, numbered := strconv.ParseInt(name, 10, 64)
		if err == nil && numbered == nil && origin == gap.Origin {
			t := newTiles(f)
			return log, t, t.under(Published{Checkpoint: last}), nil
		}
	}
	return 0, nil, nil, nil
}
