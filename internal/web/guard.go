package web

import (
	"errors"
	"io"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
)

// contentPolicy lets a page load what this program serves, and nothing else:
// no inline script or style, no frame, no other origin.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// formLimit is how many bytes a form may have; files come another way.
const formLimit = 1 << 20

// A patience is how long a browser may take, so that none keeps a place for ever: a
// whole form has one time, each piece of a file or of an answer another. For
// what is being made a page waits a moment before it shows how far it is.
type patience struct{ form, piece, making time.Duration }

// patienceNow is that for a slow line in a car.
var patienceNow = patience{form: time.Minute, piece: 2 * time.Minute, making: 2 * time.Second}

// paced is the body of a form, whose time ends with it.
type paced struct {
	io.ReadCloser
	line *http.ResponseController
}

func (p *paced) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	if err == io.EOF {
		p.line.SetReadDeadline(time.Time{}) //nolint:errcheck // where there is no line there is nobody slow
	}
	return n, err
}

// inTime gives a request its time to come, and its answer its own. A page that
// reads piece by piece ([slowly]) gives each piece its own.
func (c *Counter) inTime(w http.ResponseWriter, r *http.Request) {
	line := http.NewResponseController(w)
	line.SetWriteDeadline(time.Time{}) //nolint:errcheck // of the answer before this one on the same line
	if r.Body == nil || r.Body == http.NoBody {
		return
	}
	limit := c.patience.piece
	if !streams(r) {
		limit, r.Body = c.patience.form, &paced{r.Body, line}
	}
	line.SetReadDeadline(time.Now().Add(limit)) //nolint:errcheck // where there is no line there is nobody slow
}

// guard is what every request passes before it reaches a page.
func (c *Counter) guard(next http.Handler) http.Handler {
	own := http.NewCrossOriginProtection()
	own.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "This request came from another site and was not carried out.", http.StatusForbidden)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := c.Now()
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin") // our own pages may know where somebody came from, nobody else
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()")
		h.Set("Cache-Control", "no-store")
		c.inTime(w, r)
		if r.Method != http.MethodGet && r.Method != http.MethodHead && !streams(r) {
			r.Body = http.MaxBytesReader(w, r.Body, formLimit)
		}
		seen := &answered{ResponseWriter: w, piece: c.patience.piece}
		defer func() {
			if p := recover(); p != nil {
				if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(p)
				}
				ref := reference()
				c.Log.ErrorContext(r.Context(), "recovered", "page", r.Pattern, "reference", ref, "cause", p, "stack", string(debug.Stack()))
				switch {
				case seen.code != 0:
				case strings.HasPrefix(r.URL.Path, apiPrefix):
					c.api.refuse(seen, &problem{Status: http.StatusInternalServerError, Kind: "failed", Detail: "something failed on our side; give the operator the reference", Reference: ref})
				default:
					http.Error(w, "Something failed on our side. Give the operator this reference: "+ref, http.StatusInternalServerError)
				}
			}
			took := c.Now().Sub(began)
			c.Log.InfoContext(r.Context(), "answered", "method", r.Method, "page", r.Pattern, "status", seen.code, "took", took.Round(time.Microsecond))
			if c.Answered != nil {
				c.Answered(r.Pattern, seen.code, took)
			}
		}()
		if strings.HasPrefix(r.URL.Path, apiPrefix) { // no cookie lets anybody in there, so no other site can use one
			c.api.ServeHTTP(seen, r)
			return
		}
		own.Handler(next).ServeHTTP(seen, r)
	})
}

// streams reports whether a request brings bytes that its page reads piece by
// piece under limits of its own.
func streams(r *http.Request) bool {
	kind := r.Header.Get("Content-Type")
	return kind == partKind || takesIn(r) || strings.HasPrefix(kind, "multipart/form-data;") && strings.HasPrefix(r.URL.Path, "/incidents/") && strings.HasSuffix(r.URL.Path, "/receive")
}

// answered remembers the status of an answer, and waits only so long for a
// reader to take each piece of it.
type answered struct {
	http.ResponseWriter
	code  int
	piece time.Duration
}

func (a *answered) wait() {
	http.NewResponseController(a.ResponseWriter).SetWriteDeadline(time.Now().Add(a.piece)) //nolint:errcheck // where there is no line there is nobody slow
}

func (a *answered) WriteHeader(code int) {
	if a.code == 0 {
		a.code = code
	}
	a.wait()
	a.ResponseWriter.WriteHeader(code)
}

func (a *answered) Write(b []byte) (int, error) {
	if a.code == 0 {
		a.code = http.StatusOK
	}
	a.wait()
	return a.ResponseWriter.Write(b)
}

// Unwrap gives the writer beneath, for what asks it to flush.
func (a *answered) Unwrap() http.ResponseWriter { return a.ResponseWriter }
