package numbers

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"io"
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

// A Sample is a draw with all that is needed to draw it again.
type Sample struct {
	Seed       string                 `json:"seed"`
	Size       int                    `json:"size"` // how many were asked for
	Checkpoint Checkpoint             `json:"checkpoint"`
	Incidents  []jurat.IncidentNumber `json:"incidents"` // drawn from, ascending
	Drawn      []jurat.IncidentNumber `json:"drawn"`
}

// DrawSample is [Draw] from the incidents there were at a checkpoint.
func DrawSample(seed string, incidents []jurat.IncidentNumber, size int, at Checkpoint) (Sample, error) {
	all := append([]jurat.IncidentNumber{}, incidents...)
	slices.Sort(all)
	all = slices.Compact(all)
	drawn, err := Draw(seed, all, size)
	return Sample{Seed: seed, Size: size, Checkpoint: at, Incidents: all, Drawn: drawn}, err
}

// ReadSample reads a sample as [Sample] is written. Invalid: anything else.
func ReadSample(r io.Reader) (Sample, error) {
	var s Sample
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return Sample{}, jurat.Because(jurat.Invalid, err, "this is no sample as jurat sample draw --json writes it")
	}
	if _, err := d.Token(); err != io.EOF {
		return Sample{}, jurat.Errorf(jurat.Invalid, "something stands after the sample")
	}
	for _, n := range slices.Concat(s.Incidents, s.Drawn) {
		if _, err := jurat.ParseIncidentNumber(string(n)); err != nil {
			return Sample{}, err
		}
	}
	return s, nil
}

// Check draws the sample again. Altered: the incidents drawn are not those the
// seed draws. It shows nothing of whether the seed was published before, nor
// whether the incidents are all there were.
func (s Sample) Check() error {
	again, err := Draw(s.Seed, s.Incidents, s.Size)
	if err != nil {
		return err
	}
	if !slices.Equal(again, s.Drawn) {
		return jurat.Errorf(jurat.Altered, "the sample is altered: from these incidents the seed draws %v", again)
	}
	return nil
}
