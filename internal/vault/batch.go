package vault

import (
	"context"
	"iter"
	"os"
	"sync"

	"jurat"
)

// An Outcome says what became of one file of a batch. Err is nil when the blob
// is durable; otherwise nothing of the file is kept, and the sentence names it
// (the kinds are those of [Vault.ReceiveFile]).
type Outcome struct {
	Name string
	Blob Blob
	Err  error
}

const (
	groupFiles = 256
	groupBytes = 64 << 20
	batchHands = 4 // one more than is ever in the processor: some wait for the disk
)

// ReceiveBatch seals many files, small ones in groups that share the sync of a
// folder. It gives groups of outcomes in the order of the names, each group as
// soon as it is durable, so that the caller can record a group in one
// transaction; every name has exactly one outcome. A file that cannot be
// received has an error of its own and the rest goes on; when ctx ends, every
// file not yet durable ends with an error. Blobs of groups the caller did not
// take, because it stopped early, are removed. progress, if not nil, is told
// the bytes received so far in the whole batch, from one goroutine at a time.
func (v *Vault) ReceiveBatch(ctx context.Context, names iter.Seq[string], progress func(int64)) iter.Seq[[]Outcome] {
	return func(yield func([]Outcome) bool) {
		ctx, stop := context.WithCancel(ctx)
		b := &batch{v: v, progress: progress, ready: make(chan *group, 1), jobs: make(chan job)}
		go b.produce(ctx, names)
		defer func() { // also when the caller stopped early
			stop()
			for g := range b.ready {
				b.drop(g)
			}
		}()
		for g := range b.ready {
			b.keep(ctx, g)
			if !yield(g.outcomes[:g.n]) {
				return
			}
		}
	}
}

type batch struct {
	v        *Vault
	progress func(int64)
	ready    chan *group
	jobs     chan job

	busy sync.WaitGroup // jobs in the hands

	mu       sync.Mutex
	received int64
}

// A group is files that become durable together.
type group struct {
	first    byte // of the blob ids
	n        int
	bytes    int64
	outcomes [groupFiles]Outcome
	drafts   [groupFiles]Draft // nil where there is nothing left to keep
	pending  sync.WaitGroup
}

// A job is one small file of a group.
type job struct {
	g *group
	i int
}

// produce sorts the names into groups and closes b.ready when all are dealt
// with. A file too large for a hand goes through the pipeline, as a group of
// its own, when the hands are at rest: they share the buffers.
func (b *batch) produce(ctx context.Context, names iter.Seq[string]) {
	defer close(b.ready)
	w, err := b.v.works.take(ctx)
	if err == nil {
		defer b.v.works.give(w)
		var hands sync.WaitGroup
		for i := range batchHands {
			hand := w.hand(i)
			hands.Go(func() {
				for j := range b.jobs {
					b.small(ctx, hand, j)
					j.g.pending.Done()
					b.busy.Done()
				}
			})
		}
		defer hands.Wait()
		defer close(b.jobs)
	}
	g := &group{first: randomByte()}
	flush := func() {
		if g.n > 0 {
			b.ready <- g
			g = &group{first: randomByte()}
		}
	}
	for name := range names {
		var size int64
		if err == nil {
			size, err = statFile(name)
		}
		switch {
		case err != nil:
			g.outcomes[g.n] = Outcome{Name: name, Err: notKept(name, err)}
			g.n++
			if w != nil {
				err = nil
			}
		case size >= plainSize:
			flush()
			b.busy.Wait()
			g.outcomes[0], g.n = Outcome{Name: name}, 1
			b.large(ctx, w, &g.outcomes[0])
			flush()
			continue
		default:
			g.outcomes[g.n] = Outcome{Name: name}
			g.pending.Add(1)
			b.busy.Add(1)
			g.n++
			g.bytes += size
			b.jobs <- job{g, g.n - 1}
		}
		if g.n == groupFiles || g.bytes >= groupBytes {
			flush()
		}
	}
	flush()
}

// statFile gives the size of a file before it is opened: to open a pipe would
// wait for its writer.
func statFile(name string) (int64, error) {
	info, err := os.Stat(name)
	if err != nil {
		return 0, openError(err)
	}
	if !info.Mode().IsRegular() && !info.IsDir() {
		return 0, jurat.Errorf(jurat.Invalid, "it is not a file")
	}
	return info.Size(), nil
}

// small seals one file of a group as far as it goes without the group.
func (b *batch) small(ctx context.Context, hand *work, j job) {
	o := &j.g.outcomes[j.i]
	blob, d, err := b.sealSmall(ctx, hand, j.g.first, o.Name)
	if err != nil {
		o.Err = notKept(o.Name, err)
		return
	}
	o.Blob, j.g.drafts[j.i] = blob, d
	b.advance(blob.Size)
}

func (b *batch) sealSmall(ctx context.Context, hand *work, first byte, name string) (Blob, Draft, error) {
	f, err := os.Open(name)
	if err != nil {
		return Blob{}, nil, openError(err)
	}
	defer f.Close() // opened for reading
	src, err := fileSource(f)
	if err != nil {
		return Blob{}, nil, err
	}
	blob, d, err := b.v.seal(ctx, hand, first, src)
	if err != nil {
		return Blob{}, nil, err
	}
	if err := d.Finish(); err != nil {
		d.Discard()
		return Blob{}, nil, err
	}
	return blob, d, nil
}

// large receives one file by itself.
func (b *batch) large(ctx context.Context, w *work, o *Outcome) {
	f, err := os.Open(o.Name)
	if err != nil {
		o.Err = notKept(o.Name, openError(err))
		return
	}
	defer f.Close() // opened for reading
	start := b.received
	var progress func(int64)
	if b.progress != nil {
		progress = func(n int64) { b.progress(start + n) }
	}
	o.Blob, o.Err = b.v.receiveFile(ctx, w, f, progress)
	b.received += o.Blob.Size
}

func (b *batch) advance(n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.received += n
	if b.progress != nil {
		b.progress(b.received)
	}
}

// keep makes a group durable.
func (b *batch) keep(ctx context.Context, g *group) {
	g.pending.Wait()
	if ctx.Err() != nil {
		b.stopped(ctx, g)
		return
	}
	var drafts []Draft
	var of []int
	for i, d := range g.drafts[:g.n] {
		if d != nil {
			drafts, of = append(drafts, d), append(of, i)
		}
	}
	if len(drafts) == 0 {
		return
	}
	for k, err := range b.v.store.Keep(ctx, drafts...) {
		if err != nil {
			o := &g.outcomes[of[k]]
			*o = Outcome{Name: o.Name, Err: notKept(o.Name, err)}
		}
	}
	clear(g.drafts[:])
}

// stopped ends a group whose time ran out before it was durable.
func (b *batch) stopped(ctx context.Context, g *group) {
	for i, d := range g.drafts[:g.n] {
		if d == nil {
			continue
		}
		o := &g.outcomes[i]
		d.Discard()
		*o = Outcome{Name: o.Name, Err: notKept(o.Name, jurat.Because(jurat.Unavailable, context.Cause(ctx), "stopped before it was durable"))}
		g.drafts[i] = nil
	}
}

// drop leaves nothing of a group that nobody will hear of.
func (b *batch) drop(g *group) {
	g.pending.Wait()
	for i, d := range g.drafts[:g.n] {
		switch {
		case d != nil:
			d.Discard()
		case g.outcomes[i].Err == nil:
			b.v.store.Remove(context.Background(), g.outcomes[i].Blob.ID)
		}
	}
}
