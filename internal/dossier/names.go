package dossier

import (
	"fmt"
	"path"
	"strings"

	"jurat"
	"jurat/format"
)

// Names are generated, ASCII, and say nothing a file's first name might have
// said about a person (D20).

// Top is the top-level directory of a dossier: jurat-2026-000001-K1-0.
func Top(referral jurat.ItemID, number int) string {
	return fmt.Sprintf("jurat-%s-%d", referral, number)
}

// ExhibitPath is where the bytes of an exhibit lie: data/exhibits/E1.mp4. The
// ending follows from the media type, and is bin where that is not a known one.
func ExhibitPath(id jurat.ItemID, media string) string {
	short := string(id)[strings.LastIndexByte(string(id), '-')+1:]
	return "data/exhibits/" + short + "." + ending(media)
}

func ending(media string) string {
	media, _, _ = strings.Cut(media, ";")
	switch strings.TrimSpace(media) {
	case "video/mp4":
		return "mp4"
	case "video/quicktime":
		return "mov"
	case "video/webm":
		return "webm"
	case "image/jpeg":
		return "jpg"
	case "image/png":
		return "png"
	case "image/gif":
		return "gif"
	case "image/webp":
		return "webp"
	case "audio/mpeg":
		return "mp3"
	case "audio/mp4":
		return "m4a"
	case "audio/wav", "audio/wave", "audio/x-wav":
		return "wav"
	case "application/pdf":
		return "pdf"
	case "application/zip":
		return "zip"
	case "text/plain":
		return "txt"
	}
	return "bin"
}

// SealedPath is where the n-th sealed document (from 1) of a kind lies:
// data/sealed/identities-1.json.
func SealedPath(kind string, n int) string { return fmt.Sprintf("data/sealed/%s-%d.json", kind, n) }

// OrderPath is where the n-th order file (from 1) lies.
func OrderPath(n int) string { return fmt.Sprintf("jurat/order/%d.yaml", n) }

// endedEnding ends the name of a proof in a log that has ended.
const endedEnding = ".ended.tlog-proof"

const nameReport = "data/report.pdf"

func leafPath(seq int) string       { return fmt.Sprintf("jurat/leaves/%06d.json", seq) }
func disclosurePath(seq int) string { return fmt.Sprintf("jurat/disclosures/%06d.txt", seq) }
func proofPath(seq int) string      { return fmt.Sprintf("jurat/proofs/%06d.tlog-proof", seq) }
func endedPath(seq int) string      { return fmt.Sprintf("jurat/ended/%06d.tlog-proof", seq) }
func houseLeaf(n int) string        { return fmt.Sprintf("jurat/house/%06d.json", n) }
func houseDisclosures(n int) string { return fmt.Sprintf("jurat/house/%06d.txt", n) }
func houseProof(n int) string       { return fmt.Sprintf("jurat/house/%06d.tlog-proof", n) }
func houseEnded(n int) string       { return fmt.Sprintf("jurat/house/%06d", n) + endedEnding }
func tokenPath(n int) string        { return fmt.Sprintf("jurat/tokens/%d.tsr", n) }
func tokenChainPath(n int) string   { return fmt.Sprintf("jurat/tokens/%d.pem", n) }

func isPayload(name string) bool { return strings.HasPrefix(name, "data/") }

// afterSeal reports whether a tag file is made after the seal: those are
// covered by the tag manifest, not by the seal (D31).
func afterSeal(name string, events int64) bool {
	switch dir, base := path.Split(name); {
	case name == format.NameCheckpoint, name == format.NameConsistency, name == format.NameManifest:
		return true
	case dir == "jurat/proofs/", dir == "jurat/tokens/", strings.HasSuffix(name, ".tlog-proof"):
		return true
	case dir == "jurat/leaves/", dir == "jurat/disclosures/":
		var seq int64
		_, err := fmt.Sscanf(base, "%d.", &seq)
		return err == nil && seq >= events
	}
	return false
}

// disclosureText is a file of disclosures: one on a line.
func disclosureText(ds []format.Disclosure) []byte {
	var b strings.Builder
	for _, d := range ds {
		b.WriteString(string(d))
		b.WriteByte('\n')
	}
	return []byte(b.String())
}

// readDisclosures reads what disclosureText writes.
func readDisclosures(b []byte) ([]format.Disclosure, error) {
	var ds []format.Disclosure
	for line := range strings.Lines(string(b)) {
		text, ended := strings.CutSuffix(line, "\n")
		if !ended || text == "" {
			return nil, jurat.Errorf(jurat.Unavailable, "a line of disclosures is cut short")
		}
		ds = append(ds, format.Disclosure(text))
	}
	return ds, nil
}
