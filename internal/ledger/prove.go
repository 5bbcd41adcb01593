package ledger

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
	"jurat/format"
)

// Prove shows that an event is in the log, under the checkpoint published last.
// NotFound: the event has no index yet, or its index is not published yet;
// Publish, and ask again. Unavailable or Altered: the tiles cannot be read, or
// do not give the root that was signed.
func (l *Ledger) Prove(ctx context.Context, event jurat.EventID) (format.InclusionProof, error) {
	proofs, err := l.ProveAll(ctx, []jurat.EventID{event})
	if err != nil {
		return format.InclusionProof{}, err
	}
	return proofs[0], nil
}

// ProveAll is [Ledger.Prove] for many events, in their order, all under one
// checkpoint; no tile is read twice.
func (l *Ledger) ProveAll(ctx context.Context, events []jurat.EventID) ([]format.InclusionProof, error) {
	p, err := l.Published()
	if err != nil {
		return nil, err
	}
	return l.ProveUnder(ctx, p, events)
}

// ProveUnder is [Ledger.ProveAll] under any checkpoint of this log that was
// published, such as that of an [Anchor]. An event that came later is NotFound.
func (l *Ledger) ProveUnder(ctx context.Context, p Published, events []jurat.EventID) ([]format.InclusionProof, error) {
	tiles := newTiles(l.folder)
	hashes := tiles.under(p)
	proofs := make([]format.InclusionProof, len(events))
	for i, event := range events {
		index, err := l.store.Index(ctx, event)
		if err != nil {
			return nil, err
		}
		if index >= p.Size {
			return nil, jurat.Errorf(jurat.NotFound, "event %s has index %d, and the checkpoint is over %d leaves", event, index, p.Size)
		}
		proof, err := tlog.ProveRecord(p.Size, index, hashes)
		if err != nil {
			return nil, tiles.explain(err, fmt.Sprintf("the proof of leaf %d", index))
		}
		proofs[i] = format.InclusionProof{Index: index, Hashes: proof, Checkpoint: p.Note}
	}
	return proofs, nil
}

// Consistency shows that the log at the checkpoint published last is the log at
// an older size with leaves added. Invalid: there is no such size.
func (l *Ledger) Consistency(_ context.Context, from int64) (format.ConsistencyProof, error) {
	p, err := l.Published()
	if err != nil {
		return format.ConsistencyProof{}, err
	}
	return l.ConsistencyUnder(from, p)
}

// ConsistencyUnder is [Ledger.Consistency] to any checkpoint of this log that
// was published.
func (l *Ledger) ConsistencyUnder(from int64, p Published) (format.ConsistencyProof, error) {
	if from < 0 || from > p.Size {
		return format.ConsistencyProof{}, jurat.Errorf(jurat.Invalid, "the log never had %d leaves up to the checkpoint over %d", from, p.Size)
	}
	proof := format.ConsistencyProof{Old: from, Checkpoint: p.Note}
	if from == 0 {
		return proof, nil
	}
	tiles := newTiles(l.folder)
	var err error
	if proof.Hashes, err = tlog.ProveTree(p.Size, from, tiles.under(p)); err != nil {
		return format.ConsistencyProof{}, tiles.explain(err, fmt.Sprintf("the proof that %d leaves continue %d", p.Size, from))
	}
	return proof, nil
}
