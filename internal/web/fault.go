package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/login"
)

// nothingHere is what a stranger, somebody behind a wall and somebody with a
// mistyped number are told: one sentence, one page.
var nothingHere = jurat.Errorf(jurat.NotFound, "there is nothing here for you to see")

// status is the one place a kind becomes a status of HTTP.
func status(err error) int {
	if own, ok := errors.AsType[said](err); ok {
		return own.code
	}
	switch {
	case errors.Is(err, jurat.Invalid), errors.Is(err, desk.ErrNoLetter):
		return http.StatusUnprocessableEntity
	case errors.Is(err, jurat.NotFound):
		return http.StatusNotFound
	case errors.Is(err, jurat.Forbidden):
		return http.StatusForbidden
	case errors.Is(err, jurat.Conflict):
		return http.StatusConflict
	case errors.Is(err, jurat.Altered), errors.Is(err, jurat.Unavailable):
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// A refusal is what the page of a refusal says.
type refusal struct {
	Say       string // the law's own sentence
	Reference string // what the operator finds the cause by
}

// fail answers a visit with what went wrong: logged once, here.
func (c *Counter) fail(w http.ResponseWriter, v *visit, err error) {
	if errors.Is(err, http.ErrAbortHandler) {
		panic(http.ErrAbortHandler)
	}
	if errors.Is(err, login.ErrStale) && v.newcomer != nil { // show once more who you are, and do it again
		http.Redirect(w, v.Request, "/again?to="+url.QueryEscape(backOf(v)), http.StatusSeeOther)
		return
	}
	if wait, ok := errors.AsType[*login.Wait](err); ok {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait.Until.Sub(v.at)/time.Second)+1))
		c.show(w, v, http.StatusTooManyRequests, "wait", wait.Until)
		return
	}
	if v.ctx().Err() != nil && errors.Is(err, v.ctx().Err()) { // nobody reads the answer, and nothing of ours failed
		return
	}
	code := status(err)
	// What a political office may not do is not there (REF-1): that it was asked
	// for is in the journal by now.
	if code == http.StatusNotFound || code == http.StatusForbidden && v.political() {
		c.absent(w, v)
		return
	}
	r := refusal{}
	if said, ok := errors.AsType[*jurat.Error](err); ok {
		r.Say = said.Detail
	}
	name := "refused"
	if code >= http.StatusInternalServerError {
		r.Reference = reference()
		c.Log.ErrorContext(v.ctx(), "a page failed", "page", v.Pattern, "reference", r.Reference, "cause", err)
		name = "failed"
	}
	c.show(w, v, code, name, r)
}

// absent is the page of what is not there, in the chrome a stranger sees, so
// that it tells nobody anything.
func (c *Counter) absent(w http.ResponseWriter, v *visit) {
	stranger := *v
	stranger.who = nil
	c.show(w, &stranger, http.StatusNotFound, "absent", nil)
}

// reference is a short name of one failure, easy to read out over a telephone.
func reference() string { return rand.Text()[:6] }
