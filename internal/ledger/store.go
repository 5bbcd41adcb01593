package ledger

import (
	"context"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
)

// An Entry is a leaf and the event it commits to. An entry without an event is
// a leaf recovered from a mirror whose event the record has lost.
type Entry struct {
	Event jurat.EventID
	Leaf  []byte
}

// A Head is what the store holds of the chain: the first Size leaves of the
// log numbered Log, whose RFC 6962 root is Root. Log is 0 for a record's first
// origin and one more after each [Ledger.Continue]. The zero Head is an empty
// record; its Root is not looked at.
type Head struct {
	Log  int64
	Size int64
	Root tlog.Hash
}

// A Lease is the right to sequence, for a while. Fence rises with every
// Acquire of the same Name, so that a holder that slept through its end is
// recognised by what it brings.
type Lease struct {
	Name   string
	Holder string
	Fence  int64
	Until  time.Time // by the store's clock; for people, nothing is decided by it here
}

// A Store says who is right: which event has which index, and under which
// root. It is written once for each engine, and every one passes
// ledgertest.Run. Methods may be called from several goroutines and several
// processes at once. When a write returns nil it survives a power cut; when it
// returns an error of kind Conflict nothing was written; after any other error
// it may or may not have been.
type Store interface {
	// Head returns the head of the current log; the zero Head when nothing
	// was ever sequenced.
	Head(ctx context.Context) (Head, error)

	// Unsequenced returns at most n committed events that have no index in
	// the current log, with their leaves, none before the event its
	// incident_prev names: an incident's events come in the order of their
	// incident_seq, and after those that have an index. Everything committed
	// before the call is returned sooner or later, however often it is asked.
	Unsequenced(ctx context.Context, n int) ([]Entry, error)

	// Sequence gives entries the indexes from, from+1, … and makes head the
	// head, in one transaction. An entry with an event gives that event its
	// index, and its leaf is not looked at; an entry without one keeps the
	// leaf itself under the index. It refuses with Conflict, and changes
	// nothing, when
	//   - another has acquired the lease since, or it was released (a lease
	//     that merely ran out, and that nobody took, still counts);
	//   - head.Log is the current log and from is not its size, or head.Log is
	//     the current log plus one and from is not 0: a new log starts, in
	//     which no event has an index yet. Any other head.Log is Conflict;
	//   - head.Size is not from + len(entries);
	//   - an event is not there, or already has an index in head.Log.
	Sequence(ctx context.Context, lease Lease, from int64, entries []Entry, head Head) error

	// Leaves calls fn with the leaves from ≤ index < to of the current log, in
	// order. It stops at fn's first error and returns it. Asking for an index
	// beyond the size is NotFound, before or after some calls of fn.
	Leaves(ctx context.Context, from, to int64, fn func(index int64, leaf []byte) error) error

	// Index returns the index of an event in the current log; NotFound while
	// it has none.
	Index(ctx context.Context, id jurat.EventID) (int64, error)

	// IndexIn is Index in a log by its number, of those there are and were;
	// NotFound when the event never had an index there.
	IndexIn(ctx context.Context, log int64, id jurat.EventID) (int64, error)

	// Acquire takes the lease with the name for ttl of the store's time. It is
	// Conflict while one is held, by whomever, that has neither been released
	// nor run out; a store that can see that the holder's process is gone may
	// give it sooner. On success Fence is greater than any given for the name
	// before.
	Acquire(ctx context.Context, name, holder string, ttl time.Duration) (Lease, error)

	// Renew prolongs a lease by the ttl it was acquired with, from now on;
	// Conflict when another has acquired it since, or it was released. A lease
	// that ran out, and that nobody took, is renewed.
	Renew(ctx context.Context, lease Lease) (Lease, error)

	// Release gives a lease back, so that the next Acquire succeeds at once.
	// Releasing a lease that another has acquired since, or that was released,
	// is nil and changes nothing.
	Release(ctx context.Context, lease Lease) error
}
