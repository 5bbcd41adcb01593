package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jurat"
	"jurat/format"
	"jurat/internal/media"
)

type doctorVerb struct {
	Checkpoint []string `sep:"none" placeholder:"FILE" help:"A checkpoint of this ledger kept elsewhere: is the record behind it?"`
}

func (doctorVerb) Help() string {
	return "Example:\n  jurat doctor --checkpoint /mnt/clerk/checkpoint\n\nExit 0 when nothing is wrong; warnings do not change it. A record behind a checkpoint that was published or witnessed exits 3, one that contradicts it 1; that checkpoint is kept, and nothing is signed until the record continues it."
}

// A sign is one thing the doctor looked at. At the counter it is told by its
// code, and by what stands beside it in any language: never by a path.
type sign struct {
	Look   string `json:"look"`
	Answer string `json:"answer"` // well, warning, unwell
	Say    string `json:"say"`

	code, beside string
}

func (v *doctorVerb) Run(ctx context.Context, c *call) error {
	dir, err := c.dir()
	if err != nil {
		return err
	}
	h, err := openHouse(ctx, dir)
	if err != nil {
		return err
	}
	signs := slices.Concat(h.lookOver(dir), lookAtClock(), h.lookAtMedia(ctx), h.lookAtSignOn())
	worst := error(nil)
	for _, file := range v.Checkpoint {
		s, err := h.compare(ctx, c, file)
		signs = append(signs, s)
		worst = worse(worst, err)
	}
	if s, err := h.erasures(ctx); s.Look != "" {
		signs = append(signs, s)
		worst = worse(worst, err)
	}
	if err := h.ledger.Stopped(); err != nil {
		signs = append(signs, sign{Look: "ledger", Answer: "unwell", Say: err.Error()})
		worst = worse(worst, err)
	} else {
		signs = append(signs, sign{Look: "ledger", Answer: "well", Say: "signing goes on"})
	}
	for _, s := range signs {
		if err := c.either(s, "%-8s %-12s %s", s.Answer, s.Look, s.Say); err != nil {
			return errors.Join(err, h.close())
		}
	}
	if err := h.close(); err != nil {
		return err
	}
	switch {
	case worst == nil:
		return nil
	case errors.Is(worst, jurat.Altered):
		return answer(exitAltered)
	}
	return answer(exitNo)
}

// worse keeps the graver of two findings: altered goes before the rest.
func worse(a, b error) error {
	if a == nil || b != nil && errors.Is(b, jurat.Altered) {
		return b
	}
	return a
}

// compare looks whether the record continues a checkpoint kept elsewhere. One
// that it does not is kept beside the ledger: it is evidence, and while it is
// there nobody signs a second root for a size that was published.
func (h *house) compare(ctx context.Context, c *call, file string) (sign, error) {
	note, err := c.text(file)
	if err == nil {
		err = h.ledger.Check(ctx, note)
	}
	if errors.Is(err, jurat.Conflict) || errors.Is(err, jurat.Altered) {
		_, err = h.ledger.Import(ctx, note, format.Trust{})
	}
	if err != nil {
		return sign{Look: "checkpoint", Answer: "unwell", Say: file + ": " + err.Error()}, err
	}
	return sign{Look: "checkpoint", Answer: "well", Say: file + ": this record continues it"}, nil
}

// erasures says whether this record has every erasure that the letters beside
// its mirrors speak of; nothing where there is no mirror.
func (h *house) erasures(ctx context.Context) (sign, error) {
	if len(h.settings.Mirrors) == 0 {
		return sign{}, nil
	}
	n, err := h.outstanding(ctx)
	switch {
	case err != nil:
		return sign{"disposals", "unwell", err.Error(), "disposals_unknown", ""}, err
	case n > 0:
		err := jurat.Errorf(jurat.Unavailable, "%d disposals are not on this record, which was restored: jurat dispose replay, before anybody looks at anything", n)
		return sign{"disposals", "unwell", err.Error(), "disposals_outstanding", strconv.Itoa(n)}, err
	}
	return sign{"disposals", "well", "what was erased is erased here", "disposals_done", ""}, nil
}

// lookOver examines what an operator set up.
func (h *house) lookOver(dir string) []sign {
	var out []sign
	say := func(look, answer, code, beside, format string, args ...any) {
		out = append(out, sign{look, answer, fmt.Sprintf(format, args...), code, beside})
	}
	if within(dir, h.settings.Keys) {
		say("keys", "warning", "keys_inside", "", "the key folder %s lies inside the record: who copies the record can read it; move it and set keys in %s", h.settings.Keys, settingsFile)
	} else {
		say("keys", "well", "keys_apart", "", "the key folder lies apart from the record")
	}
	if info, err := os.Stat(h.settings.Keys); err == nil && info.Mode().Perm()&0o077 != 0 {
		say("keys", "warning", "keys_open", "", "others on this machine can look into %s; chmod 700 it", h.settings.Keys)
	}
	say("database", "well", "database_flushes", h.register.Engine(), "%s, writes flushed before they are acknowledged", h.register.Engine())
	var disk unix.Statfs_t
	if err := unix.Statfs(dir, &disk); err == nil {
		free := disk.Bavail * uint64(disk.Bsize) >> 30
		beside := strconv.FormatUint(free, 10) + " GiB"
		if free < 10 {
			say("disk", "warning", "disk_low", beside, "%d GiB are free", free)
		} else {
			say("disk", "well", "disk_room", beside, "%d GiB are free", free)
		}
	}
	if len(h.settings.Mirrors) == 0 {
		say("mirrors", "warning", "mirrors_none", "", "the ledger is copied nowhere: a rollback of this machine would be noticed only by a checkpoint kept elsewhere")
	} else {
		say("mirrors", "well", "mirrors_kept", strconv.Itoa(len(h.settings.Mirrors)), "%d", len(h.settings.Mirrors))
	}
	return out
}

// lookAtMedia tries what looks into films.
func (h *house) lookAtMedia(ctx context.Context) []sign {
	found := h.media.Look(ctx)
	switch {
	case found.Err != nil:
		return []sign{{"media", "warning", found.Err.Error(), "media_none", ""}}
	case found.Sandbox != media.Confined:
		return []sign{{"media", "warning", found.FFmpeg + ", " + found.Sandbox + ": a hostile film can do on this machine what this program may", "media_bare", found.FFmpeg}}
	}
	return []sign{{"media", "well", found.FFmpeg + ", in " + found.Sandbox, "media_confined", found.FFmpeg}}
}

// within reports whether path lies under dir.
func within(dir, path string) bool {
	a, err := filepath.Abs(dir)
	b, err2 := filepath.Abs(path)
	if err != nil || err2 != nil {
		return true
	}
	rel, err := filepath.Rel(a, b)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
