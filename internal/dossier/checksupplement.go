package dossier

import (
	"bytes"

	"jurat"
	"jurat/format"
)

// checkSupplement checks a supplement against the dossier before it (D47).
// Alone it is could not tell: what it supplements was not seen.
func (c *check) checkSupplement() {
	f, head := c.findings, c.doc.Dossier
	if head.Number == 0 {
		if c.previous != nil {
			f.unsure(format.NameReferral, "this is a first dossier: there is none before it to compare")
		}
		return
	}
	if head.Predecessor.IsZero() {
		f.altered(format.NameReferral, "supplement %d does not name the dossier before it", head.Number)
	}
	text, ok := c.bag.text[format.NameConsistency]
	// Of a log that ended since, its proof may be lost with its tiles.
	if !ok && !c.unread[format.NameConsistency] && len(c.ended) == 0 {
		f.altered(format.NameConsistency, "every supplement has the file, and it is missing")
	}
	if c.previous == nil {
		switch {
		case c.asPrevious:
			f.skip("the dossiers before number %d of %s", head.Number, head.Referral)
		default:
			f.unsure("previous", "this is supplement %d: give the dossier before it, whose tag manifest is %s", head.Number, head.Predecessor)
		}
		return
	}
	p := c.previous
	before := p.doc.Dossier
	switch {
	case !p.hasDoc:
		f.unsure("previous", "the dossier before it could not be read")
		return
	case before.Referral != head.Referral || p.origin != c.origin && c.endedAs(p.origin) < 0:
		f.unsure("previous", "the dossier given as the one before is of %s from %s; this one is of %s from %s", before.Referral, p.origin, head.Referral, c.origin)
		return
	case before.Number != head.Number-1:
		f.unsure("previous", "a number is skipped: this is dossier %d and the one given as before it is dossier %d", head.Number, before.Number)
		return
	case p.tagDigest() != head.Predecessor:
		f.altered("previous", "dossier %d as given has the tag manifest %s, and the supplement names %s", before.Number, p.tagDigest(), head.Predecessor)
	}
	c.checkContinues(text)
	c.checkCumulative()
}

// checkContinues checks that the chain and the log go on from where the
// predecessor's were.
func (c *check) checkContinues(text []byte) {
	f, p := c.findings, c.previous
	if len(p.chain) > len(c.chain) {
		f.altered("jurat/leaves", "the dossier before it has %d events and this one %d", len(p.chain), len(c.chain))
	}
	for seq := range min(len(p.chain), len(c.chain)) {
		if a, b := p.chain[seq].leaf, c.chain[seq].leaf; a != nil && b != nil && !bytes.Equal(a, b) {
			f.altered(leafPath(seq), "the dossier before it has another event in this place")
		}
	}
	if p.origin != c.origin {
		c.checkContinuesEnded(text)
		return
	}
	if text == nil && !c.unread[format.NameConsistency] && len(c.ended) > 0 {
		f.altered(format.NameConsistency, "every supplement has the file, and it is missing")
	}
	if text == nil || !p.hasHead || !c.hasHead {
		return
	}
	proof, err := format.ParseConsistencyProof(text)
	if err != nil {
		f.because(format.NameConsistency, err)
		return
	}
	newer, err := proof.Verify(p.head, c.logKeys...)
	switch {
	case err != nil:
		f.because(format.NameConsistency, err)
	case newer != c.head:
		f.altered(format.NameConsistency, "the proof leads to another checkpoint than the dossier's")
	default:
		f.note("the log at size %d continues the log at size %d", newer.Size, p.head.Size)
	}
}

// checkCumulative checks that nothing the predecessor listed was dropped or
// replaced.
func (c *check) checkCumulative() {
	now := map[jurat.ItemID]format.InventoryItem{}
	for _, it := range c.doc.Inventory {
		now[it.Exhibit.Value.ID] = it
	}
	for _, it := range c.previous.doc.Inventory {
		id := it.Exhibit.Value.ID
		later, ok := now[id]
		switch {
		case !ok:
			c.findings.altered(format.NameReferral, "the dossier before it listed %s, and this one does not", id)
		case !it.Exhibit.Value.Digest.IsZero() && later.Exhibit.Value.Digest != it.Exhibit.Value.Digest:
			c.findings.altered(format.NameReferral, "the dossier before it listed other bytes as %s", id)
		case it.State == format.ItemNew && later.State == format.ItemSent && later.Dossier != it.Dossier:
			c.findings.altered(format.NameReferral, "%s was sent with dossier %d, and this one says %d", id, it.Dossier, later.Dossier)
		}
	}
}

// inPrevious reports whether the predecessor's bag had these bytes, checked.
func (c *check) inPrevious(x jurat.Exhibit) bool {
	if c.previous == nil {
		return false
	}
	for _, it := range c.previous.doc.Inventory {
		if it.State == format.ItemNew && it.Exhibit.Value.ID == x.ID {
			return c.previous.bag.sums[it.Path].Digest == x.Digest
		}
	}
	return false
}
