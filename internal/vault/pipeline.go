package vault

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"runtime"
	"sync"

	"jurat"
)

// A source is what is received. check, when there is one, is asked after the
// last byte whether what was read is what is there; unhashed: nobody asks for
// its digest, which is zero then.
type source struct {
	r        io.Reader
	size     int64 // -1: unknown
	unhashed bool
	check    func(read int64) error
	progress func(int64) // bytes received so far; may be nil
}

// A piece is one buffer on its way through the stages, filled to n.
type piece struct {
	buf  []byte
	n    int
	last bool
}

// run reads src to its end, hashes and seals it and writes it to d. What fits
// one buffer is done in place; more goes through four stages at once: read,
// hash, seal, write. It returns when all of them have stopped.
func (w *work) run(ctx context.Context, src source, s *sealer, d Draft) (int64, jurat.Digest, error) {
	defer runtime.KeepAlive(w)
	first := piece{buf: w.plain[0]}
	if err := fill(ctx, src.r, &first); err != nil {
		return 0, jurat.Digest{}, err
	}
	if first.last {
		return w.runSmall(src, first, s, d)
	}
	if w.plain[1] == nil { // a hand of a batch: the file was small when it was looked at
		return 0, jurat.Digest{}, changedWhileRead()
	}
	p := newPipe(ctx)
	read, free := make(chan piece), make(chan []byte, plainCount)
	hashed := make(chan piece)
	sealed, blocks := make(chan piece), make(chan []byte, blockCount)
	for _, b := range w.plain[1:] {
		free <- b
	}
	for _, b := range w.block {
		blocks <- b
	}
	var size int64
	h := sha256.New()
	p.stage(func(ctx context.Context) error {
		defer close(read)
		var err error
		size, err = readPieces(ctx, src, first, free, read)
		return err
	})
	p.stage(func(ctx context.Context) error {
		defer close(hashed)
		for q := range read {
			if !src.unhashed {
				h.Write(q.buf[:q.n])
			}
			if err := send(ctx, hashed, q); err != nil {
				return err
			}
		}
		return nil
	})
	p.stage(func(ctx context.Context) error {
		defer close(sealed)
		return sealPieces(ctx, s, hashed, free, sealed, blocks)
	})
	p.stage(func(ctx context.Context) error {
		for q := range sealed {
			if _, err := d.Write(q.buf[:q.n]); err != nil {
				return err
			}
			blocks <- q.buf
		}
		return nil
	})
	if err := p.wait(); err != nil {
		return 0, jurat.Digest{}, err
	}
	if src.unhashed {
		return size, jurat.Digest{}, nil
	}
	return size, jurat.Digest(h.Sum(nil)), nil
}

// runSmall is run for what fits one buffer.
func (w *work) runSmall(src source, q piece, s *sealer, d Draft) (int64, jurat.Digest, error) {
	if src.check != nil {
		if err := src.check(int64(q.n)); err != nil {
			return 0, jurat.Digest{}, err
		}
	}
	out, err := sealSmall(w.block[0], q, s)
	if err != nil {
		return 0, jurat.Digest{}, err
	}
	if _, err := d.Write(out); err != nil {
		return 0, jurat.Digest{}, err
	}
	if src.progress != nil {
		src.progress(int64(q.n))
	}
	if src.unhashed {
		return int64(q.n), jurat.Digest{}, nil
	}
	return int64(q.n), sha256.Sum256(q.buf[:q.n]), nil
}

// sealSmall seals a whole message into block.
func sealSmall(block []byte, q piece, s *sealer) ([]byte, error) {
	out := append(block[:0], s.header[:]...)
	var err error
	for rest := q.buf[:q.n]; !s.done; {
		n := min(chunkSize, len(rest))
		if out, err = s.seal(out, rest[:n]); err != nil {
			return nil, err
		}
		rest = rest[n:]
	}
	return out, nil
}

// readPieces sends the source on, buffer by buffer, and says how long it was.
func readPieces(ctx context.Context, src source, q piece, free <-chan []byte, out chan<- piece) (int64, error) {
	var size int64
	for {
		size += int64(q.n)
		if size > MaxSize {
			return 0, jurat.Errorf(jurat.Invalid, "larger than the %d bytes one blob holds", int64(MaxSize))
		}
		if q.last && src.check != nil {
			if err := src.check(size); err != nil {
				return 0, err
			}
		}
		if err := send(ctx, out, q); err != nil {
			return 0, err
		}
		if src.progress != nil {
			src.progress(size)
		}
		if q.last {
			return size, nil
		}
		buf, err := receive(ctx, free)
		if err != nil {
			return 0, err
		}
		q = piece{buf: buf}
		if err := fill(ctx, src.r, &q); err != nil {
			return 0, err
		}
	}
}

// fill reads until the buffer is full or the source ends.
func fill(ctx context.Context, r io.Reader, q *piece) error {
	q.n, q.last = 0, false
	for empty := 0; q.n < len(q.buf); {
		if ctx.Err() != nil {
			return jurat.Because(jurat.Unavailable, context.Cause(ctx), "stopped while receiving")
		}
		n, err := r.Read(q.buf[q.n:])
		q.n += n
		switch {
		case errors.Is(err, io.EOF):
			q.last = true
			return nil
		case err != nil:
			return readError(err)
		case n == 0:
			if empty++; empty > 100 {
				return readError(io.ErrNoProgress)
			}
		default:
			empty = 0
		}
	}
	return nil
}

// readError is an error of a source: its own kind if it has one.
func readError(err error) error {
	var known *jurat.Error
	if errors.As(err, &known) {
		return err
	}
	return jurat.Because(jurat.Unavailable, err, "it could not be read to its end")
}

// sealPieces seals what comes in into blocks of exactly blockSize, but the
// last. The bytes of a chunk that crosses the end of a block move to the next.
func sealPieces(ctx context.Context, s *sealer, in <-chan piece, free chan<- []byte, out chan<- piece, blocks <-chan []byte) error {
	block, err := receive(ctx, blocks)
	if err != nil {
		return err
	}
	b := append(block[:0], s.header[:]...)
	for q := range in {
		rest := q.buf[:q.n]
		for len(rest) > 0 || q.last && !s.done {
			n := min(chunkSize, len(rest))
			if b, err = s.seal(b, rest[:n]); err != nil {
				return err
			}
			rest = rest[n:]
			if len(b) < blockSize {
				continue
			}
			next, err := receive(ctx, blocks)
			if err != nil {
				return err
			}
			tail := append(next[:0], b[blockSize:]...)
			if err := send(ctx, out, piece{buf: block, n: blockSize}); err != nil {
				return err
			}
			block, b = next, tail
		}
		free <- q.buf
	}
	if !s.done {
		return context.Cause(ctx) // the stages before stopped early
	}
	return send(ctx, out, piece{buf: block, n: len(b), last: true})
}

// A pipe runs stages at once and stops them all when one fails.
type pipe struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	wg     sync.WaitGroup
}

func newPipe(ctx context.Context) *pipe {
	p := &pipe{}
	p.ctx, p.cancel = context.WithCancelCause(ctx)
	return p
}

func (p *pipe) stage(f func(context.Context) error) {
	p.wg.Go(func() {
		if err := f(p.ctx); err != nil {
			p.cancel(err)
		}
	})
}

// wait returns when every stage has, with the first error.
func (p *pipe) wait() error {
	p.wg.Wait()
	defer p.cancel(nil)
	if p.ctx.Err() == nil {
		return nil
	}
	err := context.Cause(p.ctx)
	var known *jurat.Error
	if errors.As(err, &known) {
		return err
	}
	return jurat.Because(jurat.Unavailable, err, "stopped before the end")
}

func send[T any](ctx context.Context, ch chan<- T, x T) error {
	select {
	case ch <- x:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func receive[T any](ctx context.Context, ch <-chan T) (T, error) {
	select {
	case x := <-ch:
		return x, nil
	case <-ctx.Done():
		var zero T
		return zero, context.Cause(ctx)
	}
}
