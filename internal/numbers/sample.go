package numbers

import (
	"bytes"
	"crypto/sha256"
	"slices"

	"jurat"
)

// Draw draws k incidents for review, from a seed that was published before: those
// whose SHA-256 of the seed followed by the incident's number is lowest. Anybody
// with the seed and the numbers draws the same ones (docs/publication.md has a
// check of six lines). A number that stands twice is drawn once; with k or fewer
// numbers all are. Invalid: no seed, or k less than one.
func Draw(seed string, numbers []jurat.IncidentNumber, k int) ([]jurat.IncidentNumber, error) {
	if len(seed) < 8 {
		return nil, jurat.Errorf(jurat.Invalid, "the seed %q is too short to have been chosen by chance: want 8 characters or more, published before the draw", seed)
	}
	if k < 1 {
		return nil, jurat.Errorf(jurat.Invalid, "draw %d incidents: want one or more", k)
	}
	type lot struct {
		sum    [sha256.Size]byte
		number jurat.IncidentNumber
	}
	lots := make([]lot, len(numbers))
	for i, n := range numbers {
		lots[i] = lot{sha256.Sum256([]byte(seed + string(n))), n}
	}
	slices.SortFunc(lots, func(a, b lot) int { return bytes.Compare(a.sum[:], b.sum[:]) })
	lots = slices.CompactFunc(lots, func(a, b lot) bool { return a.number == b.number })
	out := make([]jurat.IncidentNumber, min(k, len(lots)))
	for i := range out {
		out[i] = lots[i].number
	}
	return out, nil
}
