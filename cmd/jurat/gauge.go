package main

import (
	"fmt"
	"os"
	"sync"
	"time"
)

// A gauge is one line on a terminal that says how far long work is. A nil
// gauge draws nothing: standard error is no terminal.
type gauge struct {
	mu    sync.Mutex
	out   *os.File
	now   func() time.Time
	what  string
	total int64 // 0: not known; less: done is in hundredths of the whole
	done  int64
	last  time.Time
	drawn bool
}

// gauge begins a line, if standard error is a terminal.
func (c *call) gauge(what string, total int64) *gauge {
	f, ok := c.stderr.(*os.File)
	if !ok {
		return nil
	}
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	c.bar = &gauge{out: f, now: c.now, what: what, total: total}
	return c.bar
}

// share begins a line that tells how much of the whole is done.
func (c *call) share(what string) *gauge { return c.gauge(what, -1) }

// portion draws how much of the whole is done, from 0 to 1.
func (g *gauge) portion(done float64) { g.reach(int64(100 * done)) }

// reach draws how much is done in all.
func (g *gauge) reach(done int64) {
	if g == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.done = done
	g.draw()
}

// add draws that n more is done.
func (g *gauge) add(n int) {
	if g == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.done += int64(n)
	g.draw()
}

func (g *gauge) draw() {
	now := g.now()
	if now.Sub(g.last) < 200*time.Millisecond {
		return
	}
	g.last, g.drawn = now, true
	if g.total < 0 {
		fmt.Fprintf(g.out, "\r%s %d %%\x1b[K", g.what, g.done)
		return
	}
	if g.total > 0 {
		fmt.Fprintf(g.out, "\r%s %d of %d MiB (%d %%)\x1b[K", g.what, g.done>>20, g.total>>20, min(100, g.done*100/g.total))
		return
	}
	fmt.Fprintf(g.out, "\r%s %d MiB\x1b[K", g.what, g.done>>20)
}

// clear takes the line away, so that what is printed next stands alone.
func (g *gauge) clear() {
	if g == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.drawn {
		fmt.Fprint(g.out, "\r\x1b[K")
		g.drawn, g.last = false, time.Time{}
	}
}
