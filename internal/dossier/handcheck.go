package dossier

import (
	"bytes"
	_ "embed" // VERIFY.md
	"fmt"
	"slices"
)

//go:embed verify.md
var verifyTemplate []byte

//go:embed verifyended.md
var endedTemplate []byte

// verifyText is VERIFY.md: one check by hand, then the stronger ones.
func verifyText(p Parcel, top string) []byte {
	b := bytes.ReplaceAll(verifyTemplate, []byte("{{TOP}}"), []byte(top))
	b = bytes.ReplaceAll(b, []byte("{{SEAL}}"), fmt.Appendf(nil, "%06d", len(p.Events)))
	for _, ev := range slices.Concat(p.Events, p.House) {
		if ev.Ended != nil {
			return append(b, endedTemplate...)
		}
	}
	return b
}
