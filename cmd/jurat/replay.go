package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/durable"
)

// lettersOf is where the letters about erasures are kept beside a mirror: not
// in it, for it is a copy of the ledger and nothing else.
func lettersOf(mirror string) string { return strings.TrimRight(mirror, "/") + ".erased" }

// keepLetters puts the record's letters about erasures beside each mirror. What
// lies there already stays: after a restore it knows more than the record.
func (h *house) keepLetters(_ context.Context, all []string) error {
	for _, mirror := range h.settings.Mirrors {
		kept, err := readLetters(lettersOf(mirror))
		if err != nil {
			return err
		}
		fresh := slices.DeleteFunc(slices.Clone(all), func(l string) bool { return slices.Contains(kept, l) })
		if len(fresh) == 0 {
			continue
		}
		text := strings.Join(append(kept, fresh...), "\n") + "\n"
		if err := durable.WriteFile(lettersOf(mirror), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// readLetters reads the letters kept in a file; none where there is no file.
func readLetters(file string) ([]string, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, unread(file, err)
	}
	return strings.Fields(string(text)), nil
}

// outstanding says how many erasures that the letters beside the mirrors speak
// of this record does not have.
func (h *house) outstanding(ctx context.Context) (n int, err error) {
	for _, mirror := range h.settings.Mirrors {
		letters, err := readLetters(lettersOf(mirror))
		if err != nil {
			return n, err
		}
		some, err := h.desk.Outstanding(ctx, letters)
		if err != nil {
			return n, err
		}
		n = max(n, some)
	}
	return n, nil
}

type disposeLetters struct{}

func (disposeLetters) Help() string {
	return "Example:\n  jurat dispose letters --as records-3 > erased\n\nOne line for each disposal and expungement that was carried out, signed by the office. They are kept beside each mirror too, as MIRROR.erased; without a mirror, keep them with somebody who keeps no backup."
}

func (v *disposeLetters) Run(ctx context.Context, c *call) error {
	return list(ctx, c, func(letter string) error {
		return c.either(map[string]any{"letter": letter}, "%s", letter)
	}, func(at visit) ([]string, error) { return at.desk.Letters(ctx, at.who, at.now()) })
}

type disposeReplay struct {
	File []string `arg:"" optional:"" help:"Files of letters; those beside the mirrors when none is named."`
}

func (disposeReplay) Help() string {
	return "Examples:\n  jurat dispose replay\n  jurat dispose replay erased\n\nA backup that is restored has again what was erased after it was made. Do this before anybody looks at anything. What is erased already, or is not in the backup, stays as it is."
}

func (v *disposeReplay) Run(ctx context.Context, c *call) error {
	var letters []string
	for _, file := range v.File {
		text, err := c.text(file)
		if err != nil {
			return err
		}
		letters = append(letters, strings.Fields(string(text))...)
	}
	return list(ctx, c, func(e desk.Erased) error {
		return c.either(e, "%s of incident %s: erased again %s; erased before, or not in this backup: %s", e.What, e.Incident, orNone(e.Again), orNone(e.Before))
	}, func(at visit) ([]desk.Erased, error) {
		if len(v.File) == 0 {
			if len(at.settings.Mirrors) == 0 {
				return nil, jurat.Errorf(jurat.Invalid, "this record has no mirror: name the file of letters that was kept")
			}
			for _, mirror := range at.settings.Mirrors {
				kept, err := readLetters(lettersOf(mirror))
				if err != nil {
					return nil, err
				}
				letters = append(letters, kept...)
			}
		}
		slices.Sort(letters)
		letters = slices.Compact(letters)
		if len(letters) == 0 {
			c.say("no letter speaks of an erasure: there is nothing to replay")
		}
		return at.desk.Replay(ctx, at.who, at.now(), letters)
	})
}

func orNone(ids []jurat.ItemID) string {
	if len(ids) == 0 {
		return "nothing"
	}
	return joined(ids)
}
