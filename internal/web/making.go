package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// A making is a look into an exhibit's bytes, or a copy of them, on its way. It
// goes on when its person leaves the page; what came of it waits for them.
type making struct {
	Exhibit jurat.ItemID
	What    string // probe, preview, proxy, redaction
	began   time.Time
	percent atomic.Int32
	ended   chan struct{}

	to  string // where what was made is shown; once it ended
	err error
}

// Percent is how much of it is done, as far as its programs say.
func (m *making) Percent() int { return int(m.percent.Load()) }

// over reports whether it ended.
func (m *making) over() bool {
	select {
	case <-m.ended:
		return true
	default:
		return false
	}
}

// makings are what is being made at this counter, one of a person and an
// exhibit at a time. They are in memory: a counter that stops leaves what was
// not done undone, and the record knows of nothing.
type makings struct {
	mu     sync.Mutex
	all    map[makingOf]*making
	ctx    context.Context
	stop   context.CancelFunc
	closed bool
	work   sync.WaitGroup
}

type makingOf struct {
	person  jurat.PersonID
	exhibit jurat.ItemID
}

// More than these would only wait for each other, and what ended long ago
// nobody comes back for.
const (
	mostMakings      = 16
	mostMakingsOfOne = 4
	makingKept       = time.Hour
)

func newMakings() *makings {
	m := &makings{all: map[makingOf]*making{}}
	m.ctx, m.stop = context.WithCancel(context.Background())
	return m
}

// Close stops what is being made and waits for it. Nothing of it is kept.
func (c *Counter) Close() {
	m := c.makings
	m.mu.Lock()
	m.closed = true
	m.mu.Unlock()
	m.stop()
	m.work.Wait()
}

// begin begins a making for whoever visits. The same one is not begun twice;
// Conflict: another is under way, or too many are.
func (c *Counter) begin(v *visit, id jurat.ItemID, what string, do func(ctx context.Context, progress func(float64)) (to string, err error)) (*making, error) {
	all := c.makings
	all.mu.Lock()
	defer all.mu.Unlock()
	key := makingOf{v.who.Person.ID, id}
	mine, running := 0, 0
	for k, m := range all.all {
		switch {
		case m.over() && v.at.Sub(m.began) > makingKept:
			delete(all.all, k)
		case !m.over():
			running++
			if k.person == key.person {
				mine++
			}
		}
	}
	before, ok := all.all[key]
	switch {
	case ok && !before.over() && before.What == what:
		return before, nil
	case all.closed:
		return nil, jurat.Errorf(jurat.Conflict, "%s", c.say(v, "making.stopping"))
	case ok && !before.over():
		return nil, jurat.Errorf(jurat.Conflict, "%s", c.say(v, "making.busy"))
	case mine >= mostMakingsOfOne || running >= mostMakings:
		return nil, jurat.Errorf(jurat.Conflict, "%s", c.say(v, "making.too_many"))
	}
	m := &making{Exhibit: id, What: what, began: v.at, ended: make(chan struct{})}
	all.all[key] = m
	ctx, stop := context.WithCancel(context.WithoutCancel(v.ctx()))
	unlink := context.AfterFunc(all.ctx, stop)
	all.work.Go(func() {
		defer close(m.ended)
		defer stop()
		defer unlink()
		defer func() {
			if p := recover(); p != nil {
				c.Log.ErrorContext(ctx, "recovered", "page", v.Pattern, "cause", p, "stack", string(debug.Stack()))
				m.err = fmt.Errorf("recovered: %v", p)
			}
		}()
		m.to, m.err = do(ctx, func(done float64) { m.percent.Store(int32(done * 100)) })
		if c.Acted != nil {
			c.Acted()
		}
	})
	return m, nil
}

// makingNow is what whoever visits has under way for an exhibit, or waiting;
// nil: nothing.
func (c *Counter) makingNow(v *visit, id jurat.ItemID) *making {
	c.makings.mu.Lock()
	defer c.makings.mu.Unlock()
	return c.makings.all[makingOf{v.who.Person.ID, id}]
}

// forget lets go of a making whose end was shown.
func (c *Counter) forget(v *visit, m *making) {
	c.makings.mu.Lock()
	defer c.makings.mu.Unlock()
	key := makingOf{v.who.Person.ID, m.Exhibit}
	if c.makings.all[key] == m {
		delete(c.makings.all, key)
	}
}

// making shows how far what is being made is or, once, what came of it.
func (c *Counter) making(w http.ResponseWriter, v *visit) error {
	id, err := v.item(jurat.NounExhibit, v.PathValue("exhibit"))
	if err != nil {
		return err
	}
	m := c.makingNow(v, id)
	switch {
	case v.URL.Query().Has("ask"): // the script
		said := struct {
			Percent int  `json:"percent"`
			Ended   bool `json:"ended"`
		}{Ended: m == nil || m.over()}
		if m != nil {
			said.Percent = m.Percent()
		}
		w.Header().Set("Content-Type", "application/json")
		return json.NewEncoder(w).Encode(said)
	case m == nil:
		return see(w, v, itemPath(id))
	}
	return c.await(w, v, m, 0)
}

// await waits a moment for a making, so that what is soon done needs no page of
// its own, and shows what came of it or how far it is.
func (c *Counter) await(w http.ResponseWriter, v *visit, m *making, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-m.ended:
		return c.made(w, v, m)
	case <-timer.C:
	case <-v.ctx().Done():
	}
	if m.over() {
		return c.made(w, v, m)
	}
	if v.Method != http.MethodGet {
		return see(w, v, itemPath(m.Exhibit)+"/making")
	}
	c.show(w, v, http.StatusOK, "making", m)
	return nil
}

// made leads to what was made, or says why nothing was, where it was asked for.
func (c *Counter) made(w http.ResponseWriter, v *visit, m *making) error {
	c.forget(v, m)
	if m.err == nil {
		return see(w, v, m.to)
	}
	say, code, ok := c.unmade(v, m.err)
	if !ok {
		return m.err
	}
	if m.What == jurat.PurposeRedaction {
		return c.showReview(w, v, m.Exhibit, code, []wrong{{"edits", say}})
	}
	body, err := c.exhibitOf(v, m.Exhibit)
	if err != nil {
		return err
	}
	c.showWrong(w, v, code, "exhibit", body, []wrong{{"copies", say}})
	return nil
}

// unmade is the sentence of what could not be made or read. That bytes cannot
// be read is an answer and no fault of ours; that they are not those received
// is for the operator too.
func (c *Counter) unmade(v *visit, err error) (say string, code int, ok bool) {
	said, is := errors.AsType[*jurat.Error](err)
	switch {
	case !is:
		return "", 0, false
	case errors.Is(err, desk.ErrUnread), errors.Is(err, jurat.Invalid):
		return said.Detail, http.StatusUnprocessableEntity, true
	case errors.Is(err, jurat.Conflict), errors.Is(err, jurat.Forbidden):
		return said.Detail, status(err), true
	case errors.Is(err, jurat.Altered):
		ref := reference()
		c.Log.ErrorContext(v.ctx(), "an exhibit is altered", "page", v.Pattern, "reference", ref, "cause", err)
		return said.Detail + ". " + c.say(v, "making.altered", "reference", ref), http.StatusServiceUnavailable, true
	}
	return "", 0, false
}
