package dossier

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"jurat"
	"jurat/format"
)

// An ended is a log that ended and that the dossier's own, or one after it,
// declares to continue (L22).
type ended struct {
	format.Gap
	last format.Checkpoint // the last one known of it
	by   entry             // the event that declares it
}

// checkOrigins checks that every event was issued by the log of the seal, or by
// one whose end that log declares, itself or through others (D52).
func (c *check) checkOrigins() {
	f := c.findings
	for _, e := range c.chain {
		if e.ok {
			c.origin = e.Issuer // the last one's
		}
	}
	before, unread := c.declaredEnds()
	for at := c.origin; ; {
		one, ok := before[at]
		if !ok || one.Origin == c.origin || slices.ContainsFunc(c.ended, func(e ended) bool { return e.Origin == one.Origin }) {
			break
		}
		c.ended = append(c.ended, one)
		at = one.Origin
	}
	for _, e := range append(slices.Clone(c.chain), c.house...) {
		switch {
		case !e.ok || c.origin == "" || e.Issuer == c.origin || c.endedAs(e.Issuer) >= 0:
		case unread:
			f.unsure(e.path, "the event is issued by %s, and what the dossier says of logs that ended is not disclosed", e.Issuer)
		default:
			f.altered(e.path, "the event is issued by %s, the last one of the incident by %s, and nothing says that one continues the other", e.Issuer, c.origin)
		}
	}
}

// declaredEnds gives the logs that events of the house declare to have ended, by
// the origin that continues each, and whether one says something that is not
// shown.
func (c *check) declaredEnds() (before map[string]ended, unread bool) {
	before = map[string]ended{}
	for _, e := range c.house {
		if !e.ok || e.Act != jurat.LedgerContinued {
			continue
		}
		part, err := e.Open()
		if err != nil {
			c.findings.unsure(e.path, "what it says of the log that ended is not disclosed")
			unread = true
			continue
		}
		gap, last, next, err := format.ParseGap(part.Value)
		if err != nil {
			c.findings.because(e.path, err)
			unread = true
			continue
		}
		if _, twice := before[next]; twice {
			c.findings.altered(e.path, "two events declare which log %s continues", next)
			continue
		}
		before[next] = ended{gap, last, e}
	}
	return before, unread
}

// endedAs is the place among the logs that ended, newest first, of the one with
// an origin; -1: it is none of them.
func (c *check) endedAs(origin string) int {
	return slices.IndexFunc(c.ended, func(e ended) bool { return e.Origin == origin })
}

// checkEnded checks what the dossier shows of each log that ended: the
// signature of its last checkpoint where its key is trusted, that the events it
// issued were in it, and whether any of the incident's may be lost.
func (c *check) checkEnded() {
	f := c.findings
	for i, log := range c.ended {
		c.checkLastCheckpoint(log)
		lost, where := log.Size-log.Kept, log.by.path
		switch older := len(c.chain) > 0 && c.chain[0].ok && c.endedAs(c.chain[0].Issuer) >= i; {
		case lost == 0:
			f.note("%s ended at %s; %s, which continues it, has all of them", log.Origin, count(int(log.Size), "event"), c.origin)
		case older:
			f.unsure(where, "the log %s ended, and of the last %s only the checkpoint is left: whether one of them was of this incident cannot be told", log.Origin, count(int(lost), "event"))
		default:
			f.skip("what the last %s of the log %s, that ended, said: they are lost; this incident began after them", count(int(lost), "event"), log.Origin)
		}
	}
	c.checkEndedProofs()
}

// checkLastCheckpoint checks the signature of a log's last checkpoint, where
// the trust file has the log.
func (c *check) checkLastCheckpoint(log ended) {
	f := c.findings
	if c.trust == nil {
		return // the issuer's identity is not checked at all, which is said
	}
	office, err := c.trust.Office(log.Origin)
	if err != nil || len(office.Log) == 0 {
		f.skip("who signed the last checkpoint of the log %s, that ended: the trust file has no key of it; %s says so", log.Origin, c.origin)
		return
	}
	keys, _ := c.follow(log.Origin, office.Log, nil)
	switch _, err := format.OpenCheckpoint([]byte(log.Checkpoint), keys...); {
	case errors.Is(err, jurat.Unavailable):
		f.altered(log.by.path, "the trust file knows %s, and another key signed the checkpoint it is said to have ended with, with no rotation from a trusted one", log.Origin)
	case err != nil:
		f.because(log.by.path, err)
	}
	if _, err := c.trust.Anchored([]byte(log.Checkpoint)); errors.Is(err, jurat.Altered) {
		f.because(log.by.path, err)
	}
}

// checkEndedProofs checks that events a log issued before it ended were in it,
// under the checkpoint it ended with. In its order no event stands before the
// one it follows: when one is shown to have been in it, so are all before it.
func (c *check) checkEndedProofs() {
	f := c.findings
	shown := map[string]int64{}    // by origin, the index of the event shown last, going back
	alone := map[string][]string{} // events that only the log that continues has
	for _, e := range slices.Backward(append(slices.Clone(c.house), c.chain...)) {
		at := c.endedAs(e.Issuer)
		if !e.ok || at < 0 || e.Has(format.ClaimAct) && e.Act == jurat.LedgerContinued {
			continue
		}
		log := c.ended[at]
		text, ok := c.bag.text[e.ended]
		later, follows := shown[log.Origin]
		follows = follows && e.Has(format.ClaimIncident)
		switch {
		case !ok && c.unread[e.ended]:
		case !ok && follows:
			f.altered(e.ended, "an event after it is shown to have been in the log %s, and the proof of this one is missing", log.Origin)
		case !ok:
			alone[log.Origin] = append(alone[log.Origin], e.path)
		default:
			p, err := format.ParseInclusionProof(text)
			if err == nil {
				err = p.VerifyUnder(log.last, e.leaf)
			}
			switch {
			case err != nil:
				f.because(e.ended, err)
			case follows && p.Index >= later:
				f.altered(e.ended, "in the log %s it stands after an event that follows it", log.Origin)
			case e.Has(format.ClaimIncident):
				shown[log.Origin] = p.Index
			}
		}
	}
	for _, origin := range sortedKeys(alone) {
		log := c.ended[c.endedAs(origin)]
		slices.Sort(alone[origin])
		f.skip("whether %s stood in the log %s before it ended: nothing shows them under its last checkpoint, over %s; %s has them", strings.Join(alone[origin], ", "), origin, count(int(log.Size), "event"), c.origin)
	}
}

// checkContinuesEnded checks a supplement whose predecessor was proved by a log
// that has ended since: that the log went on from there to the checkpoint it
// ended with (D47, D53).
func (c *check) checkContinuesEnded(text []byte) {
	f, p := c.findings, c.previous
	log := c.ended[c.endedAs(p.origin)]
	if text == nil {
		if !c.unread[format.NameConsistency] {
			f.unsure("previous", "the log %s has ended since, and nothing shows that the checkpoint it ended with continues that of the dossier before it", p.origin)
		}
		return
	}
	if !p.hasHead {
		return
	}
	proof, err := format.ParseConsistencyProof(text)
	if err == nil && !bytes.Equal(proof.Checkpoint, []byte(log.Checkpoint)) {
		err = jurat.Errorf(jurat.Altered, "the proof leads to another checkpoint than the one the log %s ended with", p.origin)
	}
	if err == nil {
		err = proof.VerifyUnder(p.head, log.last)
	}
	if err != nil {
		f.because(format.NameConsistency, err)
		return
	}
	f.note("the log %s at size %d, where it ended, continues the log at size %d", p.origin, log.last.Size, p.head.Size)
}
