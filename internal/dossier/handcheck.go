package dossier

import (
	"bytes"
	_ "embed" // VERIFY.md
	"fmt"
)

//go:embed verify.md
var verifyTemplate []byte

// verifyText is VERIFY.md: one check by hand, then the stronger ones.
func verifyText(p Parcel, top string) []byte {
	b := bytes.ReplaceAll(verifyTemplate, []byte("{{TOP}}"), []byte(top))
	return bytes.ReplaceAll(b, []byte("{{SEAL}}"), fmt.Appendf(nil, "%06d", len(p.Events)))
}
