package register

import (
	"os"
	"sync"

	"jurat"
)

// A watch knows by the kernel's word whether the holder of a lease still runs.
// A nil watch knows nothing: every holder is taken to live.
type watch struct {
	file string

	mu   sync.Mutex
	held []*hold
}

// A hold is a lock on one byte of the watch's file.
type hold struct {
	name  string
	fence int64
	file  *os.File
}

func (h *hold) release() {
	if h != nil {
		h.file.Close() // and with it the lock; nothing was written
	}
}

// alive says whether the holder of a fence may still run.
func (w *watch) alive(name string, fence int64) bool {
	if w == nil || !canWatch {
		return true
	}
	h, err := w.lock(name, fence)
	if err != nil {
		return true // held, or we cannot tell: time decides
	}
	h.release()
	return false
}

// take holds a fence that nobody was given before.
func (w *watch) take(name string, fence int64) (*hold, error) {
	if w == nil || !canWatch {
		return nil, nil
	}
	h, err := w.lock(name, fence)
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "the lease %s cannot be locked beside the database", name)
	}
	return h, nil
}

func (w *watch) lock(name string, fence int64) (*hold, error) {
	f, err := os.OpenFile(w.file+"-"+name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lockByte(f, fence); err != nil {
		f.Close()
		return nil, err
	}
	return &hold{name: name, fence: fence, file: f}, nil
}

// keep holds h until it is dropped, or the register is closed.
func (w *watch) keep(h *hold) {
	if w == nil || h == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held = append(w.held, h)
}

func (w *watch) drop(name string, fence int64) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, h := range w.held {
		if h.name == name && h.fence == fence {
			h.release()
			w.held = append(w.held[:i], w.held[i+1:]...)
			return
		}
	}
}

func (w *watch) close() {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, h := range w.held {
		h.release()
	}
	w.held = nil
}
