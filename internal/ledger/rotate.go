package ledger

import (
	"context"
	"slices"

	"jurat"
	"jurat/format"
)

// Rotate puts the key that r names in the place of the one before it, from the
// first leaf after the checkpoint in which the event of the rotation is
// published. r is signed by both keys and is the value of that event, which
// must be committed. For the log's own key next is the new key, and this ledger
// signs with it from then on; the checkpoint that lies published is given its
// signature too, so that whoever has only the new key can follow. For other
// kinds next is the zero Key.
//
// Errors: Invalid, Altered or Unavailable for a rotation that is not one of this
// log; NotFound for an event the record has not; those of [Ledger.Publish].
// After an error the rotation may be done again.
func (l *Ledger) Rotate(ctx context.Context, r format.Rotation, event jurat.EventID, next Key) error {
	if err := r.Verify(); err != nil {
		return err
	}
	if r.Origin != l.Origin() {
		return jurat.Errorf(jurat.Invalid, "the rotation is of the log %s, and this is %s", r.Origin, l.Origin())
	}
	if r.Kind == format.KeyLog {
		if _, err := next.verifier(); err != nil {
			return err
		}
		if r.New != next.Public {
			return jurat.Errorf(jurat.Invalid, "the rotation names another key than the one given")
		}
	}
	if _, err := l.Publish(ctx); err != nil {
		return err
	}
	if _, err := l.store.Index(ctx, event); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.hold(ctx); err != nil {
		return err
	}
	defer l.release(context.WithoutCancel(ctx))
	head, err := l.store.Head(ctx)
	if err != nil {
		return err
	}
	unlock, err := l.guard(ctx, head.Log)
	if err != nil {
		return err
	}
	defer unlock()
	p, err := l.published(l.folder)
	if err != nil {
		return err
	}
	if err := l.replaceKey(r, p.Size); err != nil {
		return err
	}
	if r.Kind != format.KeyLog {
		return nil
	}
	l.key = next
	if err := l.readKeys(); err != nil {
		return err
	}
	return l.countersign(p)
}

// replaceKey ends a key's range in keys.jsonl and begins that of the next.
func (l *Ledger) replaceKey(r format.Rotation, at int64) error {
	data, err := l.folder.read(keysName, noteLimit)
	if err != nil {
		return err
	}
	keys, err := format.ParseKeys(data)
	if err != nil {
		return err
	}
	old := slices.IndexFunc(keys, func(k format.Key) bool { return k.Kind == r.Kind && k.To == format.InForce })
	if old < 0 || keys[old].Public != r.Old {
		if old >= 0 && keys[old].Public == r.New {
			return nil // done before
		}
		return jurat.Errorf(jurat.Invalid, "the rotation begins from a %s key that is not in force", r.Kind)
	}
	keys[old].To = at
	keys = append(keys, format.Key{Kind: r.Kind, Public: r.New, From: at, To: format.InForce})
	slices.SortStableFunc(keys, func(a, b format.Key) int {
		if a.From != b.From {
			return int(max(-1, min(1, a.From-b.From)))
		}
		return slices.Index(format.KeyKinds[:], a.Kind) - slices.Index(format.KeyKinds[:], b.Kind)
	})
	if data, err = format.MarshalKeys(keys); err != nil {
		return err
	}
	return l.folder.write(file{keysName, data})
}

// countersign adds the signature of the key in force to the checkpoint that
// lies published, and makes it the one log.pub names. The folder is locked.
func (l *Ledger) countersign(p Published) error {
	own, err := p.Sign(l.key.Signer)
	if err != nil {
		return err
	}
	both, err := format.MergeSignatures(p.Note, own)
	if err != nil {
		return err
	}
	if string(both) != string(p.Note) {
		if err := l.folder.write(file{checkpointName, both}); err != nil {
			return err
		}
	}
	return l.folder.write(file{logPubName, []byte(l.key.Public + "\n")})
}
