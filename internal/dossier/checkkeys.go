package dossier

import (
	"errors"
	"slices"
	"strings"

	"jurat"
	"jurat/format"
)

// checkKeys decides which keys authenticate, and reports the rest. Keys inside
// a dossier identify, never authenticate: with a trust file only its keys
// count, and those a rotation signed by one of them leads to; without one the
// dossier's own are used, for consistency alone (D36, D37).
func (c *check) checkKeys() {
	f := c.findings
	var own []format.Key
	if text, ok := c.bag.text[format.NameKeys]; ok {
		var err error
		if own, err = format.ParseKeys(text); err != nil {
			f.unsure(format.NameKeys, "%v", err)
		}
	}
	var prints []string
	for _, k := range own {
		switch k.Kind {
		case format.KeyLog:
			prints = append(prints, "log key "+k.Public)
			c.logKeys = append(c.logKeys, k.Public)
		case format.KeyOffice:
			jwk := format.JWK{Kty: "OKP", Crv: "Ed25519", X: k.Public}
			prints = append(prints, "office key "+jwk.Thumbprint())
			c.officeKeys = append(c.officeKeys, jwk)
		}
	}
	if c.trust == nil {
		c.unauthenticated("issuer identity: no trust file was given, so anybody could have made this record; compare the keys of %s over another channel: %s", c.origin, strings.Join(prints, ", "))
		return
	}
	switch office, err := c.trust.Office(c.origin); {
	case c.origin == "":
		return // no event could be read, which is a finding
	case err != nil:
		what := ""
		for _, log := range c.ended {
			if _, err := c.trust.Office(log.Origin); err == nil {
				what = "; it knows " + log.Origin + ", which " + c.origin + " says it continues: get the keys of " + c.origin + " from the office itself"
			}
		}
		f.unsure(format.NameKeys, "the trust file does not know the log %s%s", c.origin, what)
		c.unauthenticated("issuer identity: the trust file does not know %s; its keys say %s", c.origin, strings.Join(prints, ", "))
		return
	default:
		c.pinned = true
		c.logKeys, c.officeKeys = c.follow(c.origin, office.Log, office.Office)
		f.note("issuer: %s, by the trust file", office.Name)
	}
}

func (c *check) unauthenticated(text string, args ...any) {
	c.findings.skip(text, args...)
	c.findings.skip("split view: whether the log shows everybody the same record cannot be told without trusted witnesses")
}

// follow adds to trusted keys of an origin those that they hand over to, by
// events of the house that both keys signed.
func (c *check) follow(origin string, log []string, office []format.JWK) ([]string, []format.JWK) {
	log, office = slices.Clone(log), slices.Clone(office)
	for changed := true; changed; {
		changed = false
		for _, e := range c.house {
			part, err := e.Open()
			if !e.ok || e.Act != jurat.KeyRotated || err != nil {
				continue
			}
			r, err := format.ParseRotation(part.Value)
			if err != nil || r.Origin != origin || r.Verify() != nil {
				continue // told by checkRotations
			}
			newOffice := format.JWK{Kty: "OKP", Crv: "Ed25519", X: r.New}
			oldOffice := format.JWK{Kty: "OKP", Crv: "Ed25519", X: r.Old}
			switch {
			case r.Kind == format.KeyLog && slices.Contains(log, r.Old) && !slices.Contains(log, r.New):
				log, changed = append(log, r.New), true
			case r.Kind == format.KeyOffice && slices.Contains(office, oldOffice) && !slices.Contains(office, newOffice):
				office, changed = append(office, newOffice), true
			}
		}
	}
	return log, office
}

// checkRotations checks the signatures of every rotation there is.
func (c *check) checkRotations() {
	for _, e := range c.house {
		if !e.ok || e.Act != jurat.KeyRotated {
			continue
		}
		part, err := e.Open()
		if err != nil {
			c.findings.unsure(e.path, "the rotation of a key is not disclosed")
			continue
		}
		r, err := format.ParseRotation(part.Value)
		if err == nil {
			err = r.Verify()
		}
		if err != nil {
			c.findings.because(e.path, err)
		}
	}
}

// checkSignature checks the office's signature over the tag manifest (D33).
func (c *check) checkSignature() {
	f := c.findings
	sig, ok := c.bag.text[format.NameTagManifestSignature]
	text, ok2 := c.bag.text[format.NameTagManifest]
	if !ok || !ok2 {
		return
	}
	j, err := format.ParseTagManifestSignature(sig, text)
	if err == nil {
		err = j.Verify(format.TypTagManifest, c.officeKeys...)
	}
	switch {
	case err == nil:
	case c.pinned && len(c.officeKeys) > 0 && errors.Is(err, jurat.Unavailable) && j.Kid != "" && !c.hasOfficeKey(j.Kid):
		f.altered(format.NameTagManifestSignature, "the trust file knows %s, and another key (%s) signed, with no rotation from a trusted one", c.origin, j.Kid)
	default:
		f.because(format.NameTagManifestSignature, err)
	}
}

func (c *check) hasOfficeKey(kid string) bool {
	return slices.ContainsFunc(c.officeKeys, func(k format.JWK) bool { return k.Thumbprint() == kid })
}

// checkCheckpoint checks the log's signature on the checkpoint and the anchors
// it has (D38).
func (c *check) checkCheckpoint() {
	f := c.findings
	text, ok := c.bag.text[format.NameCheckpoint]
	if !ok {
		return
	}
	if head, err := format.ParseCheckpoint(text); err != nil {
		f.because(format.NameCheckpoint, err)
		return
	} else if c.origin != "" && head.Origin != c.origin {
		f.altered(format.NameCheckpoint, "it is of the log %s, and the events are issued by %s", head.Origin, c.origin)
		return
	}
	head, err := format.OpenCheckpoint(text, c.logKeys...)
	switch {
	case err == nil:
		c.head, c.hasHead = head, true
		f.note("published: checkpoint of %s at size %d", head.Origin, head.Size)
	case c.pinned && len(c.logKeys) > 0 && errors.Is(err, jurat.Unavailable):
		f.altered(format.NameCheckpoint, "the trust file knows %s, and another key signed its checkpoint, with no rotation from a trusted one", c.origin)
	default:
		f.because(format.NameCheckpoint, err)
	}
	if !c.pinned {
		return
	}
	list, err := c.trust.Anchored(text)
	switch {
	case err == nil:
		c.anchored = true
		for _, one := range list {
			f.note("anchored: cosigned by %s, at %s by its clock", one.Witness, one.At.Format("2006-01-02 15:04:05 UTC"))
		}
	case errors.Is(err, jurat.Altered):
		f.because(format.NameCheckpoint, err)
	default:
		f.skip("split view: %v", err)
	}
}

// checkProofs checks that every leaf is in the log under the checkpoint.
func (c *check) checkProofs() {
	f := c.findings
	check := func(e *entry) {
		text, ok := c.bag.text[e.proof]
		if !ok {
			if !c.unread[e.proof] {
				f.altered(e.proof, "the proof that the event is in the log is missing")
			}
			return
		}
		p, err := format.ParseInclusionProof(text)
		if err != nil {
			f.because(e.proof, err)
			return
		}
		if !c.hasHead || e.leaf == nil {
			return // without the checkpoint there is nothing to be included in, and that is a finding
		}
		head, err := p.Verify(e.leaf, c.logKeys...)
		switch {
		case err != nil:
			f.because(e.proof, err)
		case head != c.head:
			f.altered(e.proof, "the proof is under another checkpoint than the dossier's")
		default:
			e.index = p.Index
		}
	}
	for i := range c.house {
		check(&c.house[i])
	}
	last := int64(-1)
	for i := range c.chain {
		e := &c.chain[i]
		check(e)
		if e.index >= 0 && e.index <= last {
			f.altered(e.proof, "in the log it stands before the event it follows")
		}
		last = max(last, e.index)
	}
	for _, e := range c.house {
		if len(c.ended) > 0 && e.path == c.ended[0].by.path && e.index > 0 {
			f.altered(e.proof, "the end of the log %s is declared by leaf %d of %s, and its first leaf is due to do it", c.ended[0].Origin, e.index, c.origin)
		}
	}
}
