package web

import (
	"errors"
	"strings"
	"time"

	"jurat"
)

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
