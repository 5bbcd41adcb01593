package web

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"jurat"
)

// mostNames is how many fields a form may bring: more than any form of ours has,
// and too few to keep a server busy with.
const mostNames = 1000

// scripted are the pages that a script of ours sends JSON to; every other act is
// a form.
var scripted = map[string]bool{"POST /login/passkey": true, "POST /login/ask": true, "POST /again/passkey": true, "POST /again/ask": true, "POST /me/passkeys": true, "POST /me/passkeys/ask": true}

// inParts are the pages that read a form of several parts themselves, under
// limits of their own.
var inParts = map[string]bool{"POST /admin/orders": true}

// formed makes a page that never meets a form that could not be read to its end:
// what is cut short, too large or no text would look like a form with empty
// fields, and be saved as one.
func formed(p page) page {
	return func(w http.ResponseWriter, v *visit) error {
		if v.Method != http.MethodGet && v.Method != http.MethodHead && !streams(v.Request) && !inParts[v.Pattern] {
			if code, key := readForm(v.Request); key != "" {
				return say(code, "%s", v.counter.say(v, key))
			}
		}
		return p(w, v)
	}
}

// readForm reads the form of a request, so that no page need, or gives the status and the sentence of
// why not; what may be too large is bounded by the guard.
func readForm(r *http.Request) (code int, key string) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err == nil && kind == "application/x-www-form-urlencoded":
		err = r.ParseForm()
	case err == nil && kind == "multipart/form-data":
		err = r.ParseMultipartForm(formLimit)
	case err == nil && kind == "application/json" && scripted[r.Pattern]:
		return 0, ""
	default:
		if n, end := r.Body.Read(make([]byte, 1)); n != 0 || end != io.EOF {
			return http.StatusUnsupportedMediaType, "form.no_form"
		}
		err = r.ParseForm() // a button, with nothing to say
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); large || errors.Is(err, multipart.ErrMessageTooLarge) {
		return http.StatusRequestEntityTooLarge, "form.too_large"
	}
	if err != nil {
		return http.StatusBadRequest, "form.unreadable"
	}
	fields := 0
	for name, values := range r.PostForm {
		if fields += len(values); fields > mostNames {
			return http.StatusRequestEntityTooLarge, "form.too_many"
		}
		for _, text := range append(values, name) {
			if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
				return http.StatusBadRequest, "form.no_text"
			}
		}
	}
	return 0, ""
}

// mistake is the sentence of a refusal that a form can show with what was
// entered still in it: the request was wrong, or the record moved on.
func mistake(err error) (say string, ok bool) {
	said, is := errors.AsType[*jurat.Error](err)
	if !is || !errors.Is(err, jurat.Invalid) && !errors.Is(err, jurat.Conflict) {
		return "", false
	}
	return said.Detail, true
}

// typed is [typedIn] on the office's clocks.
func (c *Counter) typed(text string) (time.Time, error) { return typedIn(c.Zone, text) }

// typedIn reads a moment as the browser's field writes it. Nothing typed is the
// zero time.
func typedIn(zone *time.Location, text string) (time.Time, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", time.DateOnly} {
		if at, err := time.ParseInLocation(layout, text, zone); err == nil {
			return at, nil
		}
	}
	return time.Time{}, jurat.Errorf(jurat.Invalid, "%q is no date and time", text)
}

// say is a sentence of the catalogue in the reader's language.
func (c *Counter) say(v *visit, key string, gaps ...any) string {
	s, err := c.pages.words.say(v.lang, key, gaps...)
	if err != nil {
		c.Log.Error("a sentence is in no catalogue", "key", key, "cause", err)
		return key
	}
	return s
}
