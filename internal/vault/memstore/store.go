// Package memstore keeps sealed bytes in memory.
//
// Holds: blobs, until the process ends.
// Promises: the contract of vault.Store, save that nothing here survives a
// power cut.
// May open: the law; vault, for its contract.
// Never: is used for a record.
package memstore

import (
	"bytes"
	"context"
	"io"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"jurat"
	"jurat/internal/vault"
)

// A Store is a [vault.Store] in memory. Now, when set, dates what is kept.
type Store struct {
	Now func() time.Time

	mu     sync.Mutex
	blobs  map[vault.BlobID]blob
	drafts map[vault.BlobID]*draft
}

type blob struct {
	data []byte
	at   time.Time
}

// New returns an empty store.
func New() *Store {
	return &Store{blobs: map[vault.BlobID]blob{}, drafts: map[vault.BlobID]*draft{}}
}

var _ vault.Store = (*Store)(nil)

func (s *Store) now() time.Time {
	if s.Now == nil {
		return time.Time{}
	}
	return s.Now()
}

// Create implements [vault.Store].
func (s *Store) Create(ctx context.Context, id vault.BlobID, size int64) (vault.Draft, error) {
	if err := usable(ctx, id); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, kept := s.blobs[id]; kept || s.drafts[id] != nil {
		return nil, jurat.Errorf(jurat.Conflict, "blob %s exists", id)
	}
	d := &draft{store: s, id: id, at: s.now()}
	s.drafts[id] = d
	return d, nil
}

// Keep implements [vault.Store].
func (s *Store) Keep(_ context.Context, drafts ...vault.Draft) []error {
	s.mu.Lock()
	defer s.mu.Unlock()
	errs := make([]error, len(drafts))
	for i, x := range drafts {
		d, ok := x.(*draft)
		if !ok || d.store != s || s.drafts[d.id] != d {
			errs[i] = jurat.Errorf(jurat.Unavailable, "the draft has ended")
			continue
		}
		delete(s.drafts, d.id)
		s.blobs[d.id] = blob{d.data.Bytes(), s.now()}
	}
	return errs
}

// Open implements [vault.Store].
func (s *Store) Open(ctx context.Context, id vault.BlobID) (vault.Object, error) {
	if err := usable(ctx, id); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.blobs[id]
	if !ok {
		return nil, jurat.Errorf(jurat.NotFound, "blob %s is not in the vault", id)
	}
	return object{bytes.NewReader(b.data)}, nil
}

// Remove implements [vault.Store].
func (s *Store) Remove(ctx context.Context, id vault.BlobID) error {
	if err := usable(ctx, id); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.blobs[id]; !ok {
		return jurat.Errorf(jurat.NotFound, "blob %s is not in the vault", id)
	}
	delete(s.blobs, id)
	return nil
}

// Blobs implements [vault.Store].
func (s *Store) Blobs(ctx context.Context) iter.Seq2[vault.Stored, error] {
	return func(yield func(vault.Stored, error) bool) {
		if err := stopped(ctx); err != nil {
			yield(vault.Stored{}, err)
			return
		}
		s.mu.Lock()
		kept := maps.Clone(s.blobs)
		s.mu.Unlock()
		for _, id := range slices.Sorted(maps.Keys(kept)) {
			if !yield(vault.Stored{ID: id, Size: int64(len(kept[id].data)), At: kept[id].at}, nil) {
				return
			}
		}
	}
}

// Litter implements [vault.Store].
func (s *Store) Litter(ctx context.Context) iter.Seq2[vault.Litter, error] {
	return func(yield func(vault.Litter, error) bool) {
		if err := stopped(ctx); err != nil {
			yield(vault.Litter{}, err)
			return
		}
		s.mu.Lock()
		var list []vault.Litter
		for id, d := range s.drafts {
			list = append(list, vault.Litter{Name: string(id), Size: int64(d.data.Len()), At: d.at, Draft: true})
		}
		s.mu.Unlock()
		slices.SortFunc(list, func(a, b vault.Litter) int { return bytes.Compare([]byte(a.Name), []byte(b.Name)) })
		for _, l := range list {
			if !yield(l, nil) {
				return
			}
		}
	}
}

// Sweep implements [vault.Store].
func (s *Store) Sweep(ctx context.Context, olderThan time.Time) (int, error) {
	if err := stopped(ctx); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for id, d := range s.drafts {
		if d.at.Before(olderThan) {
			delete(s.drafts, id)
			n++
		}
	}
	return n, nil
}

func usable(ctx context.Context, id vault.BlobID) error {
	if _, err := vault.ParseBlobID(string(id)); err != nil {
		return err
	}
	return stopped(ctx)
}

func stopped(ctx context.Context) error {
	if ctx.Err() != nil {
		return jurat.Because(jurat.Unavailable, context.Cause(ctx), "stopped")
	}
	return nil
}

type draft struct {
	store *Store
	id    vault.BlobID
	at    time.Time
	data  bytes.Buffer
	done  bool
}

func (d *draft) Write(p []byte) (int, error) {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	if d.done || d.store.drafts[d.id] != d {
		return 0, jurat.Errorf(jurat.Unavailable, "the draft has ended")
	}
	d.at = d.store.now()
	return d.data.Write(p)
}

func (d *draft) Finish() error {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	if d.store.drafts[d.id] != d {
		return jurat.Errorf(jurat.Unavailable, "the draft has ended")
	}
	d.done = true
	return nil
}

func (d *draft) Discard() error {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	if d.store.drafts[d.id] == d {
		delete(d.store.drafts, d.id)
	}
	return nil
}

type object struct{ *bytes.Reader }

var _ io.ReaderAt = object{}

func (object) Close() error { return nil }
