package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"jurat"
)

// object prints one line of JSON.
func (c *call) object(v any) error {
	e := json.NewEncoder(c.stdout)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// either prints v with --json, and the sentence otherwise.
func (c *call) either(v any, format string, args ...any) error {
	if c.verbs.JSON {
		return c.object(v)
	}
	_, err := fmt.Fprintf(c.stdout, format+"\n", args...)
	return err
}

// moment reads a time a person typed: RFC 3339, or a date and time of day in
// the machine's zone. Empty is the zero time: not stated.
func moment(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, s, time.Local); err == nil {
			return t, nil
		}
	}
	return time.Time{}, jurat.Errorf(jurat.Invalid, "time %q: want 2026-11-22T22:10:00-06:00, or 2026-11-22 22:10", s)
}

// text reads a file a person named; "-" is standard input.
func (c *call) text(path string) ([]byte, error) {
	if path == "-" {
		b, err := io.ReadAll(c.stdin)
		if err != nil {
			return nil, jurat.Because(jurat.Unavailable, err, "read standard input")
		}
		return b, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "read %s", path)
	}
	return b, nil
}

// progress draws one line on a terminal, and nothing in a pipe.
func (c *call) progress(what string, total int64) func(done int64) {
	f, ok := c.stderr.(*os.File)
	if !ok {
		return nil
	}
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	var last time.Time
	return func(done int64) {
		now := c.now()
		if now.Sub(last) < 200*time.Millisecond && done < total {
			return
		}
		last = now
		if total > 0 {
			fmt.Fprintf(f, "\r%s %d of %d MiB (%d %%)   ", what, done>>20, total>>20, done*100/total)
			if done >= total {
				fmt.Fprintln(f)
			}
			return
		}
		fmt.Fprintf(f, "\r%s %d MiB   ", what, done>>20)
	}
}

func day(t time.Time) string {
	if t.IsZero() {
		return "not stated"
	}
	return t.Local().Format("2006-01-02 15:04")
}
