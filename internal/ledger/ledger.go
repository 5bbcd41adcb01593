package ledger

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/durable"
)

// Options are what a ledger may be told; the zero value is what a record with
// one machine wants.
type Options struct {
	// Mirrors are folders [Ledger.Mirror] copies to, or copies of them. A
	// record that is behind one of their checkpoints signs nothing.
	Mirrors []string

	// TTL is how long the lease is held without a sign of life; 0: 2 s, which
	// bounds how long a killed holder on another machine is waited for.
	TTL time.Duration

	// Patience is how long Publish waits for another program that sequences;
	// 0: 5 s.
	Patience time.Duration

	// Batch is the most events sequenced in one transaction; 0: 4096.
	Batch int

	// Keys are the record's other keys, for the list keys.jsonl that the first
	// publication writes; only Kind and Public are looked at.
	Keys []format.Key

	// Disk is where folders lie; nil: the operating system's.
	Disk durable.Disk
}

// A Ledger sequences a record's events and publishes what it sequenced. Its
// methods may be called from several goroutines, and several processes may
// each have one on the same store and folder.
type Ledger struct {
	folder  *folder
	mirrors []*folder
	key     Key
	store   Store
	opt     Options
	holder  string
	wake    chan struct{}

	mu      sync.Mutex // one publication at a time in this process
	logKeys []string   // verifier keys of those that may have signed checkpoints
	settled bool       // log.pub was found to be the key's
	edge    *edge      // at the head of log edgeLog, or nil: not known
	edgeLog int64
	lease   *Lease               // nil: not held
	anchors map[string]reference // read from anchors/, by name
	checked map[string]bool      // references found to be in this chain
	stopped error                // why nothing may be signed; nil: signing goes on
}

const leaseName = "sequence"

// Open opens the ledger folder dir of a record whose index is in store. The
// key's name is the log's origin. Nothing is written: the folder is made by
// the first Publish.
//
// A record that is behind what was published or witnessed opens all the same,
// because saving must go on; [Ledger.Stopped] then says why nothing is signed.
// Errors: Invalid for a key that cannot be used, Conflict for a key that is not
// this log's, Unavailable when the store or the folder cannot be read.
func Open(ctx context.Context, dir string, key Key, store Store, opt Options) (*Ledger, error) {
	if _, err := key.verifier(); err != nil {
		return nil, err
	}
	if opt.TTL <= 0 {
		opt.TTL = 2 * time.Second
	}
	if opt.Patience <= 0 {
		opt.Patience = 5 * time.Second
	}
	if opt.Batch <= 0 {
		opt.Batch = 4096
	}
	l := &Ledger{
		folder: newFolder(dir, opt.Disk), key: key, store: store, opt: opt,
		holder: rand.Text(), wake: make(chan struct{}, 1), checked: map[string]bool{}, anchors: map[string]reference{},
	}
	for _, m := range opt.Mirrors {
		l.mirrors = append(l.mirrors, newFolder(m, opt.Disk))
	}
	if err := l.readKeys(); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, _, err := l.survey(ctx); err != nil && l.stopped == nil {
		return nil, err
	}
	return l, nil
}

// Origin is the name of the log, and of its key.
func (l *Ledger) Origin() string { return l.key.Signer.Name() }

// Stopped says why the ledger signs nothing, as a sentence for the operator;
// nil while it signs. What stopped it is looked at again by every Publish.
func (l *Ledger) Stopped() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stopped
}

// Published returns the checkpoint last published; NotFound before the first.
func (l *Ledger) Published() (Published, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p, err := l.published(l.folder)
	if err != nil {
		return Published{}, err
	}
	if p.Note == nil {
		return Published{}, jurat.Errorf(jurat.NotFound, "nothing was published yet")
	}
	return p, nil
}

// Close gives the lease back, if this ledger holds it. What is not yet
// published stays for the next Publish.
func (l *Ledger) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.release(context.Background())
}
