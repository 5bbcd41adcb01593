package main

import (
	"context"
	"slices"

	"jurat/internal/desk"
	"jurat/internal/fsck"
	"jurat/internal/web"
)

// looks is what the doctor sees, for the counter: without its sentences, which
// name folders of this machine.
func (h *house) looks(ctx context.Context) []web.Sign {
	signs := slices.Concat(h.lookOver(h.dir), lookAtClock(), h.lookAtMedia(ctx), h.lookAtSignOn())
	if h.settings.SignOn == (signOnSettings{}) {
		signs = append(signs, sign{Look: "sign-on", Answer: "well", code: "outbound_none"})
	}
	if s, _ := h.erasures(ctx); s.Look != "" { // what it found is the sign
		signs = append(signs, s)
	}
	out := make([]web.Sign, len(signs))
	for i, s := range signs {
		out[i] = web.Sign{Look: s.Look, Answer: s.Answer, Code: s.code, Beside: s.beside}
	}
	return out
}

// checkup derives the whole record again, as fsck does, and counts what it found.
func (c *call) checkup(ctx context.Context, dir string) desk.Checkup {
	r := c.doubt(ctx, dir)
	k := desk.Checkup{Answer: r.Answer, NotChecked: len(r.NotChecked)}
	for _, f := range r.Findings {
		if f.Answer == fsck.Altered {
			k.Altered++
		} else {
			k.Unsure++
		}
	}
	return k
}
