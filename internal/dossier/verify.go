package dossier

import (
	"context"

	"filippo.io/age"

	"jurat"
	"jurat/format"
)

// The three answers.
const (
	Intact  = "intact"
	Altered = "altered"
	Unsure  = "could not tell"
)

// A Finding is one thing that is not as it should be.
type Finding struct {
	Answer string `json:"answer"` // altered or could not tell
	What   string `json:"what"`   // a sentence
	Where  string `json:"where"`  // the file, event or key
}

// A Report is what checking a dossier answered. Findings and NotChecked are
// never nil.
type Report struct {
	Answer     string    `json:"answer"`
	Findings   []Finding `json:"findings"`
	NotChecked []string  `json:"not_checked"`
	Notes      []string  `json:"notes"` // what was found good, disposed items, anchors, fingerprints to compare

	Contents *Contents `json:"-"` // what was read; nil when too little could be
}

// Contents is what a dossier says about itself, for the office that takes it in.
type Contents struct {
	Referral    format.ReferralDocument
	TagManifest jurat.Digest // what a receipt names
	Seal        format.Seal
	SealHash    string       // RFC 6962 hash of the seal's leaf, base64, as a receipt has it
	Origin      string       // of the sender's log
	Size        int64        // of the checkpoint's tree
	Anchored    bool         // by a quorum of the trust file's witnesses
	Transport   string       // age or plain
	Trust       jurat.Digest // of the trust file used; zero: none
}

// Options say what a dossier is checked against. The zero value checks
// consistency only.
type Options struct {
	Trust    []byte         // a trust file's bytes, which the caller has read once with format; nil: none
	Previous string         // path of the dossier before, for a supplement; empty: none
	Identity []age.Identity // for an .age file
	Receipt  string         // a receipt to compare; empty: none
	Progress func(n int)    // told the bytes each step checked; may be nil
}

// Verify checks the dossier at path: a ZIP, an unpacked folder, or an .age
// file. It reads every byte once, in constant memory, and reports all it finds.
// It never fails: what it could not do is a finding.
func Verify(ctx context.Context, path string, o Options) Report { return Report{} }
