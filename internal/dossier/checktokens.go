package dossier

import (
	"slices"
	"strings"

	"jurat/format"
)

// checkTokens checks the RFC 3161 time-stamps over the checkpoint's text
// (D39). One that leads to an authority the reader trusts says that the
// checkpoint existed by its time; one that does not counts for nothing and
// changes no answer.
func (c *check) checkTokens(o Options) {
	f := c.findings
	var names []string
	for name := range c.bag.text {
		if strings.HasPrefix(name, "jurat/tokens/") && strings.HasSuffix(name, ".tsr") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if !c.hasHead {
		return
	}
	if len(names) == 0 && !c.anchored {
		f.note("published, not anchored: no trusted witness or time-stamp stands behind the checkpoint")
	}
	for _, name := range names {
		stamp, err := format.VerifyToken(c.bag.text[name], []byte(c.head.Text()), o.Roots, nil)
		switch {
		case err == nil:
			f.note("time-stamped: %s says the checkpoint existed at %s", stamp.Authority, stamp.At.Format("2006-01-02 15:04:05 UTC"))
		case stamp.Authority != "":
			f.skip("the time-stamp %s by %q at %s: %v", name, stamp.Authority, stamp.At.Format("2006-01-02 15:04:05 UTC"), err)
		default:
			f.because(name, err)
		}
	}
}
