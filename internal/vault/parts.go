package vault

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"jurat"
)

const (
	// spoolSize is how much of a slow source waits in memory.
	spoolSize = 256 << 10
	// partLasts is how long a part is gathered, and so how much of a slow
	// source's time a power cut costs.
	partLasts = 10 * time.Second
	// partYields is how often a part that waits for its source looks whether
	// somebody else waits for its buffers.
	partYields = 250 * time.Millisecond
)

// ReceiveParts seals what r brings in one blob after another and gives each to
// kept, in order, once it is durable. Unlike [Vault.Receive] it may be given a
// source that is slow, or stops: it holds none of the few buffers while nothing
// comes and others wait. When r fails, what came before is kept as a part, and
// the failure is returned: its own kind, or Unavailable. Where r refuses what
// it brings with an error of kind Invalid, the part being received is not kept.
// An empty source has no parts. Only the first part can be the whole file, and
// only when r does not bring part of it (partial): every other has neither
// Digest nor Tag, which would cost as much again as sealing it. ReceiveParts
// returns only after a Read in progress has returned, and stops at the first
// error of kept.
func (v *Vault) ReceiveParts(ctx context.Context, r io.Reader, partial bool, kept func(Blob) error) error {
	s := &spool{buf: make([]byte, spoolSize), more: make(chan struct{}, 1), room: make(chan struct{}, 1)}
	var pump sync.WaitGroup
	pump.Go(func() { s.pump(r) })
	defer pump.Wait()
	defer s.stop()
	for s.gathered(ctx) {
		b, err := v.receivePart(ctx, s, partial)
		if err == nil {
			partial, err = true, kept(b)
		}
		if err != nil {
			return err
		}
	}
	return s.ended(ctx)
}

func (v *Vault) receivePart(ctx context.Context, s *spool, unhashed bool) (Blob, error) {
	w, err := v.works.take(ctx)
	if err != nil {
		return Blob{}, err
	}
	defer v.works.give(w)
	p := &part{spool: s, ctx: ctx, works: &v.works, late: time.NewTimer(partLasts), yield: time.NewTicker(partYields)}
	defer p.late.Stop()
	defer p.yield.Stop()
	return v.keep(ctx, w, source{r: p, size: -1, unhashed: unhashed})
}

// Join seals what parts hold, one after another, as one blob. The parts stay.
func (v *Vault) Join(ctx context.Context, parts []Blob) (Blob, error) {
	j := &joined{ctx: ctx, v: v, parts: parts}
	defer j.close()
	var size int64
	for _, p := range parts {
		size += p.Size
	}
	w, err := v.works.take(ctx)
	if err != nil {
		return Blob{}, err
	}
	defer v.works.give(w)
	return v.keep(ctx, w, source{r: j, size: size})
}

// A spool holds what a source brought and no part has taken yet. One goroutine
// fills it and another empties it.
type spool struct {
	buf        []byte
	more, room chan struct{} // told when bytes or an end, or room, are there

	mu      sync.Mutex
	from, n int // what is filled begins at from and goes round
	err     error
	stopped bool
}

// pump fills the spool until the source ends.
func (s *spool) pump(r io.Reader) {
	for {
		s.mu.Lock()
		stopped, full := s.stopped, s.n == len(s.buf)
		at := (s.from + s.n) % len(s.buf)
		end := len(s.buf)
		if at < s.from {
			end = s.from
		}
		s.mu.Unlock()
		if stopped {
			return
		}
		if full {
			<-s.room
			continue
		}
		n, err := r.Read(s.buf[at:end])
		s.mu.Lock()
		s.n += n
		s.err = err
		s.mu.Unlock()
		tell(s.more)
		if err != nil {
			return
		}
	}
}

func (s *spool) stop() {
	s.mu.Lock()
	s.stopped = true
	s.mu.Unlock()
	tell(s.room)
}

func tell(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// gathered waits until a part is worth beginning; false: nothing more comes.
func (s *spool) gathered(ctx context.Context) bool {
	var late <-chan time.Time
	for {
		s.mu.Lock()
		n, full, ended := s.n, s.n == len(s.buf), s.err != nil
		s.mu.Unlock()
		switch {
		case ctx.Err() != nil:
			return false
		case full, ended:
			return n > 0
		case n > 0 && late == nil:
			timer := time.NewTimer(partLasts)
			defer timer.Stop()
			late = timer.C
		}
		select {
		case <-s.more:
		case <-late:
			return true
		case <-ctx.Done():
		}
	}
}

// ended is why nothing more comes; nil: the source came to its end.
func (s *spool) ended(ctx context.Context) error {
	s.mu.Lock()
	err := s.err
	s.mu.Unlock()
	var known *jurat.Error
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case errors.As(err, &known):
		return err
	case err == nil:
		err = context.Cause(ctx)
	}
	return jurat.Because(jurat.Unavailable, err, "what was being received stopped before its end")
}

// take gives bytes that wait, or the end of the source.
func (s *spool) take(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := copy(p, s.buf[s.from:min(s.from+s.n, len(s.buf))])
	s.from, s.n = (s.from+n)%len(s.buf), s.n-n
	if n > 0 {
		tell(s.room)
		return n, nil
	}
	return 0, s.err
}

// A part reads a spool until the source ends or the part does.
type part struct {
	*spool
	ctx   context.Context
	works *works
	late  *time.Timer
	yield *time.Ticker
	done  bool
}

func (p *part) Read(b []byte) (int, error) {
	for !p.done {
		n, err := p.take(b)
		switch {
		case errors.Is(err, jurat.Invalid):
			return 0, err
		case err != nil:
			p.done = true
			continue
		case n > 0:
			select {
			case <-p.late.C:
				p.done = true // these bytes are its last
			default:
			}
			return n, nil
		}
		select {
		case <-p.more:
		case <-p.late.C:
			p.done = true
		case <-p.yield.C:
			p.done = p.works.waiting.Load() > 0
		case <-p.ctx.Done():
			return 0, context.Cause(p.ctx)
		}
	}
	return 0, io.EOF
}

// joined reads parts one after another.
type joined struct {
	ctx   context.Context
	v     *Vault
	parts []Blob
	open  *Reader
}

func (j *joined) Read(p []byte) (int, error) {
	for {
		if j.open == nil {
			if len(j.parts) == 0 {
				return 0, io.EOF
			}
			r, err := j.v.Open(j.ctx, j.parts[0])
			if err != nil {
				return 0, err
			}
			r.sequential()
			j.open, j.parts = r, j.parts[1:]
		}
		n, err := j.open.Read(p)
		if n > 0 {
			return n, nil
		}
		if !errors.Is(err, io.EOF) {
			return 0, err
		}
		j.close()
	}
}

func (j *joined) close() {
	if j.open != nil {
		_ = j.open.Close() // it was only read
		j.open = nil
	}
}
