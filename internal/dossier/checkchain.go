package dossier

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"jurat"
	"jurat/format"
)

// An entry is one event of the dossier, read.
type entry struct {
	path  string // of its leaf
	proof string // of its inclusion proof
	ended string // of its inclusion proof in the log that issued it, which has ended
	index int64  // in the log, by that proof; -1: it is not there, or does not hold
	leaf  []byte
	format.Statement
	ok bool // the leaf and its disclosures could be read
}

// checkChain reads every leaf of the incident and checks that none is missing:
// numbers dense from 0, each naming the one before, the last one the seal
// (D32).
func (c *check) checkChain() {
	f := c.findings
	last := -1
	for name := range c.bag.sums {
		if rest, ok := strings.CutPrefix(name, "jurat/leaves/"); ok {
			var seq int
			if _, err := fmt.Sscanf(rest, "%d.json", &seq); err != nil || leafPath(seq) != name || seq < 0 {
				f.unsure(name, "the name is not that of a leaf")
				continue
			}
			last = max(last, seq)
		}
	}
	if last < 0 {
		f.altered("jurat/leaves", "the incident's events are missing")
		return
	}
	if last > format.MaxZipMembers {
		f.altered("jurat/leaves", "the numbers of the incident's events have gaps")
		return
	}
	for seq := 0; seq <= last; seq++ {
		e := c.readEvent(leafPath(seq), disclosurePath(seq), proofPath(seq), endedPath(seq))
		c.chain = append(c.chain, e)
		if !e.ok {
			continue
		}
		c.checkPlace(seq, e)
	}
	seal := c.chain[last]
	if !seal.ok {
		return
	}
	h := format.LeafHash(seal.leaf)
	c.sealHash = base64.StdEncoding.EncodeToString(h[:])
	if !seal.Has(format.ClaimAct) || seal.Act != jurat.DossierSealed {
		f.altered(seal.path, "the incident's last event in the dossier is %q, not its seal", seal.Act)
		return
	}
	open, ok := seal.Values[jurat.ClassOpen]
	if !ok {
		f.altered(seal.path, "what the seal commits to is not disclosed")
		return
	}
	s, err := format.ReadSeal(open)
	if err != nil {
		f.unsure(seal.path, "%v", err)
		return
	}
	if s.Events > int64(last) {
		f.altered(seal.path, "the seal was made over %d events and there are %d before it", s.Events, last)
	}
	c.seal, c.hasSeal = s, true
}

func (c *check) checkPlace(seq int, e entry) {
	f := c.findings
	for _, claim := range format.CompletenessClaims {
		if !e.Has(claim) {
			f.altered(e.path, "the claim %s is not disclosed, so the incident's events cannot be shown to be all of them", claim)
			return
		}
	}
	if in := c.doc.Incident.Value.Number; c.hasDoc && e.Incident != in {
		f.altered(e.path, "the event is of incident %s, not %s", e.Incident, in)
	}
	if e.Seq != int64(seq) {
		f.altered(e.path, "event %d of the incident is missing: number %d stands in its place", seq, e.Seq)
	}
	if seq > 0 && c.chain[seq-1].leaf != nil && e.Prev != format.LeafHash(c.chain[seq-1].leaf) {
		f.altered(e.path, "the event does not follow the one before it: another event stood there")
	}
}

// readEvent reads a leaf with its disclosures.
func (c *check) readEvent(leaf, disclosures, proof, ended string) entry {
	f := c.findings
	e := entry{path: leaf, proof: proof, ended: ended, index: -1, leaf: c.bag.text[leaf]}
	if e.leaf == nil {
		if !c.unread[leaf] {
			f.altered(leaf, "the event's leaf is missing")
		}
		return e
	}
	text, ok := c.bag.text[disclosures]
	if !ok {
		if !c.unread[disclosures] {
			f.altered(disclosures, "the event's disclosures are missing")
		}
		return e
	}
	ds, err := readDisclosures(text)
	if err == nil {
		e.Statement, err = format.ReadLeaf(e.leaf, ds)
	}
	if err != nil {
		f.because(leaf, err)
		return e
	}
	e.ok = true
	return e
}

// checkHouse reads the events of the house: signers' keys, orders adopted,
// rotations, logs that ended.
func (c *check) checkHouse() {
	var leaves []string
	for name := range c.bag.sums {
		if strings.HasPrefix(name, "jurat/house/") && strings.HasSuffix(name, ".json") {
			leaves = append(leaves, name)
		}
	}
	slices.Sort(leaves)
	for _, name := range leaves {
		stem := strings.TrimSuffix(name, ".json")
		e := c.readEvent(name, stem+".txt", stem+".tlog-proof", stem+endedEnding)
		if e.ok && e.Has(format.ClaimIncident) {
			c.findings.altered(name, "an event of incident %s stands among those of the house", e.Incident)
		}
		c.house = append(c.house, e)
	}
}

// event finds an event of the incident by its id.
func (c *check) event(id jurat.EventID) (entry, bool) {
	i, ok := c.byID[id]
	if !ok {
		return entry{}, false
	}
	return c.chain[i], true
}
