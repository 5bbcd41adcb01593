package web

import (
	"context"
	"errors"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// checking says whether the whole record is being derived again, and since when.
type checking struct {
	mu    sync.Mutex
	since time.Time // zero: it is not
}

// Since is when a checkup began that goes on; zero: none does.
func (k *checking) Since() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.since
}

// A checkupBody is the last checkup of the record, one that goes on, and whether
// one can be begun here.
type checkupBody struct {
	Last  *desk.Checkup // nil: there was none
	Since time.Time     // when the one that goes on began; zero: none does
	Can   bool
}

func (c *Counter) checkupBody(v *visit) (checkupBody, error) {
	body := checkupBody{Since: c.checking.Since(), Can: c.Doubt != nil}
	last, err := c.Desk.LastCheckup(v.ctx(), v.caller(), v.at)
	if errors.Is(err, jurat.NotFound) {
		return body, nil
	}
	body.Last = &last
	return body, err
}

// checkNow begins a checkup, if none goes on, and shows the audit again.
func (c *Counter) checkNow(w http.ResponseWriter, v *visit) error {
	if err := c.beginCheckup(v); err != nil {
		return err
	}
	return see(w, v, "/audit#ledger")
}

// beginCheckup begins to derive the record again, for whoever may read what came
// of it. It goes on when they leave the page; one that goes on is not begun
// again. What comes of it is in the security journal.
func (c *Counter) beginCheckup(v *visit) error {
	if _, err := c.checkupBody(v); err != nil { // who may not is told nothing of it
		return err
	}
	if c.Doubt == nil {
		return jurat.Errorf(jurat.Conflict, "%s", c.say(v, "check.not_here"))
	}
	all := c.makings
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.closed {
		return jurat.Errorf(jurat.Conflict, "%s", c.say(v, "making.stopping"))
	}
	c.checking.mu.Lock()
	defer c.checking.mu.Unlock()
	if !c.checking.since.IsZero() {
		return nil
	}
	c.checking.since = v.at
	caller, ctx := v.caller(), all.ctx
	all.work.Go(func() {
		defer func() {
			c.checking.mu.Lock()
			c.checking.since = time.Time{}
			c.checking.mu.Unlock()
		}()
		found := c.doubt(ctx)
		if ctx.Err() != nil { // the counter stops: what was seen by then is no checkup
			return
		}
		if err := c.Desk.KeepCheckup(context.WithoutCancel(ctx), caller, c.Now(), found); err != nil {
			c.Log.ErrorContext(ctx, "what a checkup found was not kept", "cause", err)
		}
	})
	return nil
}

// doubt derives the record again. What is doubted is hostile until it was read: a
// failure of ours at it is no answer, and stops no counter.
func (c *Counter) doubt(ctx context.Context) (found desk.Checkup) {
	defer func() {
		if p := recover(); p != nil {
			c.Log.ErrorContext(ctx, "recovered", "page", "checkup", "cause", p, "stack", string(debug.Stack()))
			found = desk.Checkup{Answer: "could not tell", Unsure: 1}
		}
	}()
	return c.Doubt(ctx)
}
