package dossier

import (
	"bytes"

	"jurat"
	"jurat/format"
)

// checkBag checks the bag itself: its declaration, that both manifests and the
// files are the same set, every digest, and the count of bytes (D21 to D24).
// It reports whether there is a bag to check any further.
func (c *check) checkBag() bool {
	b, f := c.bag, c.findings
	if b.text[format.NameTagManifest] == nil && b.text[format.NameManifest] == nil && b.text[format.NameBagIt] == nil {
		f.unsure("", "this is not a dossier: it has no %s, %s or %s", format.NameBagIt, format.NameManifest, format.NameTagManifest)
		return false
	}
	if text, ok := b.text[format.NameBagIt]; ok && !bytes.Equal(text, []byte(format.BagItDeclaration)) {
		f.unsure(format.NameBagIt, "the bag is not of BagIt version 1.0 with UTF-8 tag files")
	}
	c.manifest, _ = c.checkManifest(format.NameManifest)
	tags, ok := c.checkManifest(format.NameTagManifest)
	c.tags = tags
	listed := map[string]bool{format.NameTagManifest: true, format.NameTagManifestSignature: true}
	for _, list := range []struct {
		of      string
		lines   format.Manifest
		payload bool
	}{{format.NameManifest, c.manifest, true}, {format.NameTagManifest, tags, false}} {
		for _, l := range list.lines {
			listed[l.Path] = true
			if isPayload(l.Path) != list.payload || l.Path == format.NameTagManifest || l.Path == format.NameTagManifestSignature {
				f.unsure(l.Path, "%s lists a file that it does not cover", list.of)
			}
			if list.payload && !knownPayload(l.Path) || !list.payload && !knownTag(l.Path) {
				f.unsure(l.Path, "the file is not one a dossier of version %d has", format.DossierVersion)
			}
			sums, there := b.sums[l.Path]
			switch {
			case !there && c.unread[l.Path]:
			case !there:
				f.altered(l.Path, "%s lists the file, and it is missing", list.of)
			case sums.Digest != l.Digest:
				f.altered(l.Path, "its bytes are not the bytes %s commits to", list.of)
			}
		}
	}
	for _, name := range b.order {
		if !listed[name] {
			f.altered(name, "no manifest lists the file")
		}
	}
	for _, name := range []string{format.NameTagManifestSignature, format.NameReferral, format.NameCheckpoint, format.NameKeys, format.NameBagInfo, format.NameBagIt} {
		if b.text[name] == nil && !c.unread[name] && !listed[name] {
			f.altered(name, "every dossier has the file, and it is missing")
		} else if name == format.NameTagManifestSignature && b.text[name] == nil && !c.unread[name] {
			f.altered(name, "every dossier has the file, and it is missing")
		}
	}
	c.checkInfo()
	return ok
}

// checkManifest reads one of the manifests.
func (c *check) checkManifest(name string) (format.Manifest, bool) {
	text, ok := c.bag.text[name]
	if !ok {
		if !c.unread[name] {
			c.findings.altered(name, "every dossier has the file, and it is missing")
		}
		return nil, false
	}
	m, err := format.ParseManifest(text)
	if err != nil {
		c.findings.unsure(name, "%v", err)
		return nil, false
	}
	return m, true
}

func (c *check) checkInfo() {
	text, ok := c.bag.text[format.NameBagInfo]
	if !ok {
		return
	}
	info, err := format.ParseBagInfo(text)
	if err != nil {
		c.findings.unsure(format.NameBagInfo, "%v", err)
		return
	}
	var octets, streams int64
	for name, sums := range c.bag.sums {
		if isPayload(name) {
			octets, streams = octets+sums.Size, streams+1
		}
	}
	if len(c.unread) == 0 && (octets != info.Octets || streams != info.Streams) {
		c.findings.altered(format.NameBagInfo, "it says %d bytes in %d files, and there are %d in %d", info.Octets, info.Streams, octets, streams)
	}
}

// checkSeal compares what the seal commits to with what is there (D30, D31).
func (c *check) checkSeal(s format.Seal) {
	f := c.findings
	const where = "seal"
	if sums, ok := c.bag.sums[format.NameManifest]; ok && sums.Digest != s.Manifest {
		f.altered(format.NameManifest, "it is not the manifest the seal commits to")
	}
	sealed := make(map[string]jurat.Digest, len(s.Tags))
	for _, t := range s.Tags {
		if _, twice := sealed[t.Path]; twice {
			f.unsure(where, "it commits to %s twice", t.Path)
		}
		sealed[t.Path] = t.Digest
		sums, there := c.bag.sums[t.Path]
		switch {
		case !there && c.unread[t.Path]:
		case !there:
			f.altered(t.Path, "the seal commits to the file, and it is missing")
		case sums.Digest != t.Digest:
			f.altered(t.Path, "its bytes are not the bytes the seal commits to")
		}
	}
	for _, l := range c.tags {
		if _, ok := sealed[l.Path]; !ok && !afterSeal(l.Path, s.Events) {
			f.altered(l.Path, "the file was added after the seal")
		}
	}
	if head := c.doc.Dossier; c.hasDoc && (s.Referral != head.Referral || s.Number != head.Number || s.Predecessor != head.Predecessor) {
		f.altered(format.NameReferral, "it is dossier %d of %s; the seal is of dossier %d of %s", head.Number, head.Referral, s.Number, s.Referral)
	}
}
