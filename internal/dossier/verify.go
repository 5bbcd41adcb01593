package dossier

import (
	"context"
	"crypto/x509"
	"slices"

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
	Ended       []string     // logs that ended and that it continues, the newest first
	Size        int64        // of the checkpoint's tree
	Anchored    bool         // by a quorum of the trust file's witnesses
	Transport   string       // age or plain
	Trust       jurat.Digest // of the trust file used; zero: none
}

// Options say what a dossier is checked against. The zero value checks
// consistency only.
type Options struct {
	Trust    []byte              // a trust file's bytes, which the caller has read once with format; nil: none
	Previous string              // path of the dossier before, for a supplement; empty: none
	Identity []age.Identity      // for an .age file
	Receipt  string              // path of a receipt to compare; empty: none
	Roots    []*x509.Certificate // time-stamping authorities the reader trusts
	Progress func(n int)         // told the bytes each step checked; may be nil
}

// Verify checks the dossier at path: a ZIP, an unpacked folder, or an .age
// file. It reads every byte once, in constant memory, and reports all it finds.
// It never fails: what it could not do is a finding.
func Verify(ctx context.Context, path string, o Options) Report {
	var trust *format.Trust
	f := &findings{}
	if o.Trust != nil {
		t, err := format.ParseTrust(o.Trust)
		if err != nil {
			f.unsure("trust", "%v", err)
			return f.report(nil)
		}
		trust = &t
	}
	var previous *check
	if o.Previous != "" {
		before := &findings{}
		previous = run(ctx, o.Previous, o, trust, before, nil, true)
		for _, one := range before.list {
			f.list = append(f.list, Finding{one.Answer, one.What, "previous: " + one.Where})
		}
	}
	c := run(ctx, path, o, trust, f, previous, false)
	if previous != nil {
		for _, one := range previous.findings.notChecked {
			if c == nil || !slices.Contains(f.notChecked, one) {
				f.notChecked = append(f.notChecked, "previous: "+one)
			}
		}
	}
	return f.report(c.contents(o))
}

// A check is one dossier being checked: what was read of it so far, and what
// that said.
type check struct {
	findings *findings
	trust    *format.Trust
	bag      *bag
	unread   map[string]bool // files that are there and could not be read

	manifest, tags format.Manifest
	doc            format.ReferralDocument
	hasDoc         bool
	chain, house   []entry
	byID           map[jurat.EventID]int
	origin         string
	ended          []ended // logs that origin continues, the newest first
	seal           format.Seal
	hasSeal        bool
	sealHash       string
	logKeys        []string
	officeKeys     []format.JWK
	pinned         bool // the trust file knows the origin
	head           format.Checkpoint
	hasHead        bool
	anchored       bool
	signed         map[jurat.EventID]bool // events whose person's signature holds
	named          map[string]bool        // exhibits the inventory names
	previous       *check
	asPrevious     bool
	transport      string
}

// run checks one dossier. It returns nil when there was nothing to check.
func run(ctx context.Context, path string, o Options, trust *format.Trust, f *findings, previous *check, asPrevious bool) *check {
	src, err := openSource(path, o.Identity)
	if err != nil {
		f.because("", err)
		return nil
	}
	defer src.close()
	for _, one := range src.faults {
		f.because(one.Where, jurat.Errorf(one.Kind, "%s", one.What))
	}
	c := &check{
		findings: f, trust: trust, bag: read(ctx, src, f, o.Progress), unread: map[string]bool{}, signed: map[jurat.EventID]bool{},
		named: map[string]bool{}, byID: map[jurat.EventID]int{}, previous: previous, asPrevious: asPrevious, transport: src.transport,
	}
	for _, file := range src.files {
		if _, ok := c.bag.sums[file.name]; !ok {
			c.unread[file.name] = true
		}
	}
	if !c.checkBag() {
		return c
	}
	if text, ok := c.bag.text[format.NameReferral]; ok {
		if c.doc, err = format.ParseReferral(text); err != nil {
			f.because(format.NameReferral, err)
		} else {
			c.hasDoc = true
		}
	}
	c.checkChain()
	for i, e := range c.chain {
		if e.ok && e.Has(format.ClaimID) {
			c.byID[e.ID] = i
		}
	}
	c.checkHouse()
	c.checkOrigins()
	c.checkKeys()
	c.checkRotations()
	c.checkSignature()
	c.checkCheckpoint()
	c.checkTokens(o)
	c.checkProofs()
	c.checkEnded()
	if c.hasSeal {
		c.checkSeal(c.seal)
		c.checkAfterFilling()
	}
	c.checkPersons()
	if c.hasDoc {
		c.checkReferral()
		c.checkTold()
		c.checkSealedDocuments()
		c.checkLists()
		c.checkSupplement()
	}
	if o.Receipt != "" && !asPrevious {
		c.checkReceiptFile(o.Receipt)
	}
	return c
}

func (c *check) tagDigest() jurat.Digest { return c.bag.sums[format.NameTagManifest].Digest }

func (c *check) contents(o Options) *Contents {
	if c == nil || !c.hasDoc {
		return nil
	}
	out := &Contents{
		Referral: c.doc, TagManifest: c.tagDigest(), Seal: c.seal, SealHash: c.sealHash, Origin: c.origin, Size: c.head.Size,
		Anchored: c.anchored, Transport: c.transport,
	}
	for _, log := range c.ended {
		out.Ended = append(out.Ended, log.Origin)
	}
	if o.Trust != nil {
		out.Trust = jurat.DigestOf(o.Trust)
	}
	return out
}

func (f *findings) report(c *Contents) Report {
	r := Report{Answer: f.answer(), Findings: f.list, NotChecked: f.notChecked, Notes: f.notes, Contents: c}
	for _, list := range []*[]string{&r.NotChecked, &r.Notes} {
		if *list == nil {
			*list = []string{}
		}
	}
	if r.Findings == nil {
		r.Findings = []Finding{}
	}
	return r
}
