package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/login"
)

// A problem says to a program why something was not done (RFC 9457): the law's
// own sentence, its kind, and the field it is about where it is about one.
type problem struct {
	Type      string       `json:"type" doc:"about:blank: the kind says what it is"`
	Title     string       `json:"title"`
	Status    int          `json:"status"`
	Detail    string       `json:"detail" doc:"what is wrong, in a sentence"`
	Kind      string       `json:"kind" doc:"invalid, not found, forbidden, conflict, altered, unavailable, signed out, too many, failed"`
	Field     string       `json:"field,omitempty" doc:"of the request, where it is about one"`
	Errors    []fieldError `json:"errors,omitempty" doc:"each field that is wrong, twenty at most"`
	Reference string       `json:"reference,omitempty" doc:"what the operator finds the cause by"`
}

// A fieldError is what is wrong with one field of a request.
type fieldError struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

var problemType = reflect.TypeFor[problem]()

// mostErrors is how many wrong fields are told at once.
const mostErrors = 20

func (p *problem) Error() string { return p.Detail }

// GetStatus is the status it is answered with.
func (p *problem) GetStatus() int { return p.Status }

// ContentType is the media type of a problem.
func (p *problem) ContentType(string) string { return "application/problem+json" }

// problemOf is what a program is told of an error of ours.
func problemOf(err error) *problem {
	p := &problem{Status: status(err), Kind: "failed"}
	for _, k := range jurat.Kinds {
		if errors.Is(err, k) {
			p.Kind = string(k)
			break
		}
	}
	if errors.Is(err, desk.ErrNoLetter) {
		p.Kind = string(jurat.Invalid)
	}
	said, ok := errors.AsType[*jurat.Error](err)
	switch {
	case errors.Is(err, jurat.NotFound): // whatever it was: one sentence
		p.Detail = nothingHere.Detail
	case errors.Is(err, login.ErrSignedOut):
		p.Status, p.Kind, p.Detail = http.StatusUnauthorized, "signed out", said.Detail
	case ok:
		p.Detail = said.Detail
	default:
		p.Detail = "something failed on our side; give the operator the reference"
	}
	return p
}

// said is problemOf, with what failed on our side logged once. What an
// operation made a problem of itself stays that.
func (a *api) said(r *http.Request, err error) *problem {
	p, ok := errors.AsType[*problem](err)
	if !ok {
		p = problemOf(err)
	}
	if p.Status >= http.StatusInternalServerError {
		p.Reference = reference()
		a.Log.ErrorContext(r.Context(), "an operation failed", "page", r.Pattern, "reference", p.Reference, "cause", err)
	}
	return p.whole()
}

// mostDetail is how long a sentence is, which may name what was sent.
const mostDetail = 1000

// whole fills in what follows from the rest.
func (p *problem) whole() *problem {
	if said := []rune(p.Detail); len(said) > mostDetail {
		p.Detail = string(said[:mostDetail]) + " …"
	}
	p.Type, p.Title = "about:blank", http.StatusText(p.Status)
	return p
}

// ours4xx puts what the library says about a request in our words.
func ours4xx(_ huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	p := &problem{Status: m.Status, Kind: string(jurat.Invalid), Detail: m.Detail}
	for i, e := range m.Errors {
		if i == mostErrors {
			break
		}
		p.Errors = append(p.Errors, fieldError{Field: strings.TrimPrefix(strings.TrimPrefix(e.Location, "body"), "."), Detail: e.Message})
	}
	if len(p.Errors) > 0 {
		p.Field = p.Errors[0].Field
		p.Detail = "the request is not as the operation wants it: " + p.Errors[0].Detail
		if p.Field != "" {
			p.Detail = "the request is not as the operation wants it: " + p.Field + ": " + p.Errors[0].Detail
		}
	}
	return p.whole(), nil
}

// refuse answers a request that reached no operation.
func (a *api) refuse(w http.ResponseWriter, p *problem) {
	text, err := json.Marshal(p.whole())
	if err != nil {
		a.Log.Error("a problem could not be written", "cause", err)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	w.WriteHeader(p.Status)
	w.Write(append(text, '\n')) //nolint:errcheck // the reader went away
}

func (a *api) answerError(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, jurat.NotFound) || errors.Is(err, context.Canceled) {
		a.refuse(w, problemOf(nothingHere))
		return
	}
	a.refuse(w, a.said(r, err))
}

// tooMany says how long a program has to wait.
func tooMany(w http.ResponseWriter, wait time.Duration) *problem {
	seconds := int(wait/time.Second) + 1
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	return &problem{Status: http.StatusTooManyRequests, Kind: "too many", Detail: "this token asks too often; wait " + strconv.Itoa(seconds) + " s"}
}

// A pace says how often each token may ask: so many at once, and so many each
// second after that.
type pace struct {
	mu  sync.Mutex
	all map[string]allowance
}

// An allowance is what one token has left, as of a moment.
type allowance struct {
	left float64
	at   time.Time
}

const (
	paceAtOnce    = 300
	pacePerSecond = 5
)

// take uses one request of a token up, or says how long to wait for it.
func (p *pace) take(token string, at time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.all) > 10_000 { // tokens that ended long ago
		for id, a := range p.all {
			if at.Sub(a.at) > paceAtOnce/pacePerSecond*time.Second {
				delete(p.all, id)
			}
		}
	}
	a, ok := p.all[token]
	if !ok {
		a = allowance{paceAtOnce, at}
	}
	if since := at.Sub(a.at).Seconds(); since > 0 {
		a.left, a.at = min(paceAtOnce, a.left+since*pacePerSecond), at
	}
	var wait time.Duration
	if a.left < 1 {
		wait = time.Duration((1 - a.left) / pacePerSecond * float64(time.Second))
	} else {
		a.left--
	}
	p.all[token] = a
	return wait
}
