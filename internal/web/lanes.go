package web

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"jurat"
)

// lanes let one request at a time bring bytes for an upload. The one who comes
// later is the one who is still there: a sender whose connection was lost comes
// again while the lost one looks open from here, so the earlier gives way.
type lanes struct {
	mu    sync.Mutex
	held  map[string]*lane
	yield time.Duration // how long the earlier one is given; 0: yieldTime
}

type lane struct {
	yield context.CancelFunc
	left  chan struct{}
}

// errBusy says that an earlier request for an upload does not give way.
var errBusy = jurat.Errorf(jurat.Conflict, "another request is sending this file; try again in a moment")

// yieldTime is how long the earlier one is given: it keeps what came.
const yieldTime = 10 * time.Second

// take takes the lane of an upload until leave is called. The context ends when
// somebody else wants it.
func (l *lanes) take(ctx context.Context, upload string) (_ context.Context, leave func(), err error) {
	patience := time.NewTimer(cmp.Or(l.yield, yieldTime))
	defer patience.Stop()
	for {
		l.mu.Lock()
		before, busy := l.held[upload]
		if !busy {
			ctx, stop := context.WithCancel(ctx)
			mine := &lane{stop, make(chan struct{})}
			if l.held == nil {
				l.held = map[string]*lane{}
			}
			l.held[upload] = mine
			l.mu.Unlock()
			return ctx, func() {
				l.mu.Lock()
				delete(l.held, upload)
				l.mu.Unlock()
				stop()
				close(mine.left)
			}, nil
		}
		l.mu.Unlock()
		before.yield()
		select {
		case <-before.left:
		case <-patience.C:
			return nil, nil, errBusy
		case <-ctx.Done():
			return nil, nil, context.Cause(ctx)
		}
	}
}

// silence is how long a sender may send nothing before it counts as lost.
const silence = time.Minute

// A slowBody reads a request that may take hours, and ends when its sender is
// lost or ctx ends.
type slowBody struct {
	io.ReadCloser
	ctx   context.Context
	line  *http.ResponseController
	broke bool // it ended before its end
}

// slowly readies the body of a request to be read piece by piece, until done is
// called.
func slowly(ctx context.Context, w http.ResponseWriter, r *http.Request) (body *slowBody, done func()) {
	body = &slowBody{ReadCloser: r.Body, ctx: ctx, line: http.NewResponseController(w)}
	stop := context.AfterFunc(ctx, func() { body.until(time.Unix(1, 0)) })
	return body, func() { stop() }
}

// until sets when reading ends, where there is a connection to end.
func (b *slowBody) until(at time.Time) { _ = b.line.SetReadDeadline(at) }

func (b *slowBody) Read(p []byte) (int, error) {
	b.until(time.Now().Add(silence))
	err := b.ctx.Err() // it may have ended before the deadline was put off
	n := 0
	if err == nil {
		n, err = b.ReadCloser.Read(p)
	}
	switch {
	case errors.Is(err, io.EOF):
		b.until(time.Time{})
	case err != nil:
		b.broke = true // and nobody waits for the rest of it
	}
	return n, err
}
