package vaulttest

import (
	"context"
	"sync"
	"syscall"

	"jurat"
	"jurat/internal/vault"
)

// An Op is a call that can fail.
type Op string

// The calls that can fail.
const (
	OpCreate Op = "create"
	OpWrite  Op = "write"
	OpFinish Op = "finish"
	OpKeep   Op = "keep" // one draft of a Keep
	OpOpen   Op = "open"
	OpRead   Op = "read"
	OpRemove Op = "remove"
)

// A Fault is one way to fail: the n-th call of Op (from 1, counted over all
// goroutines) and, when Lasts, every one after it.
type Fault struct {
	Op       Op
	N        int
	Lasts    bool
	Err      error // the cause; nil is EIO
	Persists bool  // the call is carried out although its caller is told it failed
	Short    int   // of a write or read: so many bytes are carried out first
}

// Faulty is a store that fails as told, and otherwise is the store below it.
type Faulty struct {
	vault.Store
	fault Fault

	mu    sync.Mutex
	calls int
}

// Break puts a fault into s.
func Break(s vault.Store, f Fault) *Faulty {
	if f.Err == nil {
		f.Err = syscall.EIO
	}
	return &Faulty{Store: s, fault: f}
}

// Struck reports whether the fault has struck.
func (s *Faulty) Struck() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls >= s.fault.N
}

// strike counts a call and gives the error of one that fails.
func (s *Faulty) strike(op Op) error {
	if op != s.fault.Op {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if s.calls == s.fault.N || s.fault.Lasts && s.calls > s.fault.N {
		return jurat.Because(jurat.Unavailable, s.fault.Err, "the %s failed", op)
	}
	return nil
}

// Create implements [vault.Store].
func (s *Faulty) Create(ctx context.Context, id vault.BlobID, size int64) (vault.Draft, error) {
	if err := s.strike(OpCreate); err != nil {
		return nil, err
	}
	d, err := s.Store.Create(ctx, id, size)
	if err != nil {
		return nil, err
	}
	return &faultyDraft{d, s}, nil
}

// Keep implements [vault.Store].
func (s *Faulty) Keep(ctx context.Context, drafts ...vault.Draft) []error {
	errs := make([]error, len(drafts))
	for i, d := range drafts {
		f := d.(*faultyDraft)
		err := s.strike(OpKeep)
		switch {
		case err == nil:
			errs[i] = s.Store.Keep(ctx, f.Draft)[0]
		case s.fault.Persists:
			s.Store.Keep(ctx, f.Draft)
			errs[i] = err
		default:
			f.Draft.Discard()
			errs[i] = err
		}
	}
	return errs
}

// Open implements [vault.Store].
func (s *Faulty) Open(ctx context.Context, id vault.BlobID) (vault.Object, error) {
	if err := s.strike(OpOpen); err != nil {
		return nil, err
	}
	o, err := s.Store.Open(ctx, id)
	if err != nil {
		return nil, err
	}
	return &faultyObject{o, s}, nil
}

// Remove implements [vault.Store].
func (s *Faulty) Remove(ctx context.Context, id vault.BlobID) error {
	if err := s.strike(OpRemove); err != nil {
		if s.fault.Persists {
			s.Store.Remove(ctx, id)
		}
		return err
	}
	return s.Store.Remove(ctx, id)
}

type faultyDraft struct {
	vault.Draft
	store *Faulty
}

func (d *faultyDraft) Write(p []byte) (int, error) {
	if err := d.store.strike(OpWrite); err != nil {
		n := min(d.store.fault.Short, len(p))
		if d.store.fault.Persists {
			n = len(p)
		}
		_, _ = d.Draft.Write(p[:n])
		return n, err
	}
	return d.Draft.Write(p)
}

func (d *faultyDraft) Finish() error {
	if err := d.store.strike(OpFinish); err != nil {
		if d.store.fault.Persists {
			_ = d.Draft.Finish()
		}
		return err
	}
	return d.Draft.Finish()
}

type faultyObject struct {
	vault.Object
	store *Faulty
}

func (o *faultyObject) ReadAt(p []byte, off int64) (int, error) {
	if err := o.store.strike(OpRead); err != nil {
		n := min(o.store.fault.Short, len(p))
		_, _ = o.Object.ReadAt(p[:n], off)
		return n, err
	}
	return o.Object.ReadAt(p, off)
}
