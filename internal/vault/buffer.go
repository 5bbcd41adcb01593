package vault

import (
	"context"
	"sync"
	"sync/atomic"

	"jurat"
)

// Alignment is what direct I/O asks of an address and a length.
const Alignment = 4096

// Sizes of the buffers of one work. Plain pieces are small so that the stages
// of a pipeline meet them in the cache; sealed blocks are what a disk likes.
const (
	plainSize  = 1 << 20
	plainCount = 4
	blockSize  = 4 << 20
	blockCount = 3
	// A block has room for the chunk that crosses its end, and for 256 sealed
	// chunks in one read.
	blockRoom = blockSize + (sealedChunk+Alignment-1)/Alignment*Alignment

	maxWorks = 3
)

// works lends out sets of buffers, at most maxWorks at a time, so that memory
// does not grow with what is received or by how many. The buffers lie outside
// the heap, where they would double the collector's goal.
type works struct {
	tokens  chan struct{}
	waiting atomic.Int32 // who waits for a token

	mu   sync.Mutex
	free []*work // lent again before another is made
}

// A work is the buffers of one receive, one batch or one check. They are given
// back to the system when the work is out of reach: whoever uses them keeps it.
type work struct {
	plain [plainCount][]byte
	block [blockCount][]byte
	of    *work // whose buffers these are, when they are lent on
}

func (w *works) take(ctx context.Context) (*work, error) {
	w.waiting.Add(1)
	defer w.waiting.Add(-1)
	select {
	case w.tokens <- struct{}{}:
	case <-ctx.Done():
		return nil, jurat.Because(jurat.Unavailable, context.Cause(ctx), "stopped while waiting for another receive")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if n := len(w.free); n > 0 {
		got := w.free[n-1]
		w.free = w.free[:n-1]
		return got, nil
	}
	made, err := newWork()
	if err != nil {
		<-w.tokens
		return nil, jurat.Because(jurat.Unavailable, err, "there is no memory for a receive")
	}
	return made, nil
}

func (w *works) give(got *work) {
	w.mu.Lock()
	w.free = append(w.free, got)
	w.mu.Unlock()
	<-w.tokens
}

func newWork() (*work, error) {
	all, err := pages(plainCount*plainSize + blockCount*blockRoom)
	if err != nil {
		return nil, err
	}
	w := &work{}
	w.release(all)
	for i := range w.plain {
		w.plain[i], all = all[:plainSize:plainSize], all[plainSize:]
	}
	for i := range w.block {
		w.block[i], all = all[:blockRoom:blockRoom], all[blockRoom:]
	}
	return w, nil
}

// hand is buffers for one small file at a time, of which batchHands share w.
func (w *work) hand(i int) *work {
	h := &work{of: w}
	h.plain[0] = w.plain[i]
	b := w.block[i/2]
	h.block[0] = b[i%2*blockSize/2:][: blockSize/2 : blockSize/2]
	return h
}
