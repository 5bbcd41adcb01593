package fsck

import (
	"cmp"
	"slices"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
)

// needed are the claims every event makes, those of an incident's apart.
var needed = [...]format.Claim{format.ClaimID, format.ClaimAt, format.ClaimAct, format.ClaimActor, format.ClaimOrder, format.ClaimPayload}

// checkEvent checks that everything kept with an event digests into its leaf,
// and that the columns say what the leaf commits to. ok: the statement is that
// of a whole event.
func (c *check) checkEvent(ch *chain, e register.EventRow, where string) (st format.Statement, ok bool) {
	if len(e.Claims) == 0 {
		c.checkExpunged(ch, e, where)
		return st, false
	}
	ds := slices.Clone(e.Claims)
	if e.Open != "" {
		ds = append(ds, e.Open)
	}
	for _, p := range e.Sealed {
		if d := c.unseal(e.ID, p, where); d != "" {
			ds = append(ds, d)
			ch.words.sealed(d)
		}
	}
	st, err := format.ReadLeaf(e.Leaf, ds)
	if err != nil {
		c.misfits(e, ds, where, err)
		return st, false
	}
	if _, known := c.issuers[st.Issuer]; !known {
		c.issuers[st.Issuer] = where
	}
	want := needed[:]
	if ch.in != register.House {
		want = append(want[:len(want):len(want)], format.CompletenessClaims[:]...)
	} else if st.Has(format.ClaimIncident) {
		c.altered(where, "it is filed with the house, and the leaf commits to incident %s", st.Incident)
	}
	ok = true
	for _, claim := range want {
		if !st.Has(claim) {
			c.altered(where, "the disclosure of the claim %s is missing", claim)
			ok = false
		}
	}
	if ok {
		c.checkColumns(ch, e, st, where)
	}
	return st, ok
}

// checkExpunged checks what is left of an event whose claims a court had
// erased: its leaf.
func (c *check) checkExpunged(ch *chain, e register.EventRow, where string) {
	st, err := format.ReadLeaf(e.Leaf, nil)
	if err != nil {
		c.because(where, err)
		return
	}
	if _, known := c.issuers[st.Issuer]; !known {
		c.issuers[st.Issuer] = where
	}
	if e.Open != "" || len(e.Sealed) > 0 {
		c.altered(where, "its claims are missing, and parts of its payload are there")
		return
	}
	ch.expunged++
}

// misfits says of each disclosure whether the leaf commits to it, after all of
// them together did not fit.
func (c *check) misfits(e register.EventRow, ds []format.Disclosure, where string, all error) {
	before := len(c.list)
	if _, err := format.ReadLeaf(e.Leaf, nil); err != nil {
		c.because(where, err)
		return
	}
	var payload []format.Disclosure
	for _, d := range e.Claims {
		name, _, err := d.Open()
		if err != nil {
			name = "of no readable name"
		}
		if _, err := format.ReadLeaf(e.Leaf, []format.Disclosure{d}); err != nil {
			c.list = append(c.list, Finding{answerTo(err), "the claim " + name + " is not what the leaf commits to: " + err.Error(), where})
		} else if format.Claim(name) == format.ClaimPayload {
			payload = []format.Disclosure{d}
		}
	}
	for _, d := range ds[len(e.Claims):] {
		if payload == nil {
			break // without it no part can be told from another's
		}
		name, _, err := d.Open()
		if err != nil {
			name = "of no readable name"
		}
		if _, err := format.ReadLeaf(e.Leaf, append(payload[:1:1], d)); err != nil {
			c.list = append(c.list, Finding{answerTo(err), "the part " + name + " is not what the leaf commits to: " + err.Error(), where})
		}
	}
	if len(c.list) == before {
		c.because(where, all)
	}
}

// checkColumns compares what the row says of an event with what its leaf
// commits to.
func (c *check) checkColumns(ch *chain, e register.EventRow, st format.Statement, where string) {
	differs := func(column string, row, leaf any) {
		c.altered(where, "the row says %s %v, and the leaf commits to %v", column, row, leaf)
	}
	if e.ID != st.ID {
		differs("id", e.ID, st.ID)
	}
	if !e.At.Equal(st.At) {
		differs("time", e.At.Format(timeLayout), st.At.Format(timeLayout))
	}
	if e.Act != st.Act {
		differs("act", e.Act, st.Act)
	}
	if e.Person != st.Actor.Person {
		differs("person", quote(string(e.Person)), quote(string(st.Actor.Person)))
	}
	if ch.in != register.House {
		if e.Incident != st.Incident {
			differs("incident", e.Incident, st.Incident)
		}
		if e.Seq != st.Seq {
			differs("number in its incident", e.Seq, st.Seq)
		}
	}
	for _, p := range e.Sealed {
		if d, ok := st.Parts[p.Class]; !ok && c.kek != nil && len(st.Parts) > len(e.Sealed) {
			c.altered(where, "what is kept as the %s part is another: %s", p.Class, d)
		}
	}
}

const timeLayout = "2006-01-02T15:04:05.000000Z"

func quote(s string) string { return cmp.Or(s, "nobody") }

// checkMeaning reads what the open part says, and keeps what other checks need
// of it.
func (c *check) checkMeaning(ch *chain, e register.EventRow, st format.Statement, where string, at int64) {
	c.checkOrders(st, where, at)
	if e.Open == "" {
		return
	}
	part, err := st.Open()
	if err != nil {
		c.because(where, err)
		return
	}
	if part.Item != e.Item {
		c.altered(where, "the row says it is about %s %s, and the leaf commits to %s %s", e.Item.Noun, e.Item.ID, part.Item.Noun, part.Item.ID)
		return
	}
	ch.words.open(e.Item, part)
	s := ch.items[e.Item]
	s.value, s.valued = part, e.ID
	c.seeParts(s, e, part, where)
	if e.Act == jurat.DossierReceived {
		c.seeTaken(ch.in, part.Value, where)
	}
	switch {
	case e.Item.Noun == jurat.NounExhibit && st.Act == jurat.ExhibitDisposed:
		c.seeTombstone(ch, part.Value, where)
	case e.Item.Noun == jurat.NounExhibit && st.Act == jurat.RestoreDisposed:
		c.seeTombstone(ch, part.Value, where)
		c.seeLetter(ch, e.Item.ID, part.Note, where)
	case e.Item.Noun == jurat.NounDisposal:
		c.seeDisposal(ch, st, part.Value, where)
	case e.Item.Noun == jurat.NounExhibit:
		c.seeExhibit(s, part.Value, where)
	case ch.in == register.House:
		c.checkHouse(e, part.Value, part.Note, where, at)
	}
}
