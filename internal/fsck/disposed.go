package fsck

import (
	"encoding/json"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
)

// disposals are what a chain says of the disposals in it: who approved each,
// as the events say whose signatures were checked, and how it was left; and the
// tombstones of exhibits.
type disposals struct {
	approved map[jurat.ItemID][]jurat.PersonID
	left     map[jurat.ItemID]jurat.Disposal
	stones   map[jurat.ItemID]jurat.Tombstone
	letters  map[jurat.ItemID]*format.Erasure // of those erased again after a restore
}

// seeDisposal keeps what an event says of a disposal.
func (c *check) seeDisposal(ch *chain, st format.Statement, value json.RawMessage, where string) {
	var d jurat.Disposal
	if err := json.Unmarshal(value, &d); err != nil {
		c.unsure(where, "the disposal cannot be read: %v", err)
		return
	}
	ds := &ch.disposals
	if ds.left == nil {
		ds.left, ds.approved = map[jurat.ItemID]jurat.Disposal{}, map[jurat.ItemID][]jurat.PersonID{}
	}
	ds.left[d.ID] = d
	if st.Act == jurat.DisposalApproved {
		ds.approved[d.ID] = append(ds.approved[d.ID], st.Actor.Person)
	}
}

// seeTombstone keeps under what an exhibit was disposed of.
func (c *check) seeTombstone(ch *chain, value json.RawMessage, where string) {
	var x jurat.Exhibit
	if err := json.Unmarshal(value, &x); err != nil || x.Disposed == nil {
		c.altered(where, "the act disposes of an exhibit, and does not say under what")
		return
	}
	if ch.disposals.stones == nil {
		ch.disposals.stones = map[jurat.ItemID]jurat.Tombstone{}
	}
	ch.disposals.stones[x.ID] = *x.Disposed
}

// seeLetter keeps the office's letter under which an exhibit was erased again
// after a restore, if it is one.
func (c *check) seeLetter(ch *chain, id jurat.ItemID, letter, where string) {
	e := c.readLetter(letter, where)
	if e == nil || e.Dispose == nil {
		return
	}
	if ch.disposals.letters == nil {
		ch.disposals.letters = map[jurat.ItemID]*format.Erasure{}
	}
	ch.disposals.letters[id] = e
}

// readLetter reads a letter of an erasure; nil, and a finding, where it is none.
// Without the office's key at hand it is read, and not believed.
func (c *check) readLetter(letter, where string) *format.Erasure {
	var keys []format.JWK
	for _, k := range c.rec.Keys {
		if k.Kind == format.KeyOffice {
			keys = append(keys, format.JWK{Kty: "OKP", Crv: "Ed25519", X: k.Public})
		}
	}
	if len(keys) == 0 {
		c.unsure(where, "what was erased again after a restore rests on the office's letter, and its key is not at hand")
		return nil
	}
	e, err := format.ReadErasure(letter, keys...)
	if err != nil {
		c.because(where, err)
		return nil
	}
	return &e
}

// checkDisposed checks that what is marked as disposed of was disposed of: two
// people approved, each by an event of their own, and it is one of the items.
func (c *check) checkDisposed(ch *chain, item jurat.Item, s *seen, where string) {
	if ch.expunged == ch.next {
		return // nothing is left of the whole incident, which is noted of it
	}
	stone, ok := ch.disposals.stones[item.ID]
	if !ok || item.Noun != jurat.NounExhibit && item.Noun != jurat.NounProbe {
		c.altered(where, "%s erased and marked as disposed of, and no disposal on the record says so", absentParts(s.erased))
		return
	}
	d, by := ch.disposals.left[stone.Disposal], ch.disposals.approved[stone.Disposal]
	if letter := ch.disposals.letters[item.ID]; letter != nil { // its own events may be lost with what came after the backup
		d, by = *letter.Dispose, []jurat.PersonID{letter.Dispose.Approvals[0].By, letter.Dispose.Approvals[1].By}
	}
	named := false
	for _, x := range d.Items {
		named = named || x.Item == item.ID
	}
	switch {
	case d.ID == "":
		c.altered(where, "it is said to be disposed of by %s, which is not on the record", stone.Disposal)
	case !named:
		c.altered(where, "it is said to be disposed of by %s, which does not name it", d.ID)
	case len(by) != 2 || by[0] == by[1] || !d.Done() || d.Approvals[0].By != by[0] || d.Approvals[1].By != by[1]:
		c.altered(where, "it was disposed of by %s, which two people did not approve", d.ID)
	case stone.By != [2]jurat.PersonID{by[0], by[1]} || stone.Certificate != d.Certificate:
		c.altered(where, "it says other than %s of who disposed of it, under which certificate", d.ID)
	default:
		c.note("%s %s was disposed of under certificate %s by %s and %s: %s of it erased", item.Noun, item.ID, d.Certificate, by[0], by[1], count(s.erased, "open part"))
	}
}

func absentParts(n int64) string {
	if n == 1 {
		return "an open part is"
	}
	return count(n, "open part") + " are"
}

// A writ is a court's order as its last event left it, and who approved it,
// as the events say whose signatures were checked.
type writ struct {
	jurat.Writ
	by []jurat.PersonID
}

func (c *check) seeWrit(e register.EventRow, value json.RawMessage) error {
	var now jurat.Writ
	if err := json.Unmarshal(value, &now); err != nil {
		return err
	}
	r := c.writs[now.ID]
	if r == nil {
		r = &writ{}
		c.writs[now.ID] = r
	}
	r.Writ, r.by = now, append(r.by, e.Person)
	return nil
}

// seeRestored keeps an expungement that was done again after a restore: the
// letter says who decided it.
func (c *check) seeRestored(value json.RawMessage, letter, where string) error {
	var now jurat.Writ
	if err := json.Unmarshal(value, &now); err != nil {
		return err
	}
	e := c.readLetter(letter, where)
	if e == nil {
		return nil
	}
	if e.Expunge == nil || e.Expunge.Incident != now.Incident {
		c.altered(where, "the letter it names is about something else")
		return nil
	}
	c.writs[now.ID] = &writ{Writ: now, by: []jurat.PersonID{e.Expunge.Approvals[0].By, e.Expunge.Approvals[1].By}}
	return nil
}

// checkWrit checks that an incident whose claims are gone was expunged whole,
// by a court's order that two people carried out.
func (c *check) checkWrit(ch *chain) {
	for _, r := range c.writs {
		switch {
		case r.Kind != jurat.WritExpunge || r.Incident != ch.in || !r.Done():
			continue
		case len(r.by) != 2 || r.by[0] == r.by[1] || r.Approvals[0].By != r.by[0] || r.Approvals[1].By != r.by[1]:
			c.altered(ch.name, "it was expunged by %s, which two people did not approve", r.ID)
		case ch.expunged != ch.next || ch.expunged != r.Events:
			c.altered(ch.name, "%s expunged %s of it; the claims of %d are gone, of %d", r.ID, count(r.Events, "event"), ch.expunged, ch.next)
		default:
			c.note("%s was expunged by order %s of %s (%s): only the leaves of %s are left", ch.name, r.Number, r.Court, r.ID, count(ch.expunged, "event"))
		}
		return
	}
	c.altered(ch.name, "the claims of %s are gone, and no court's order on the record says so", count(ch.expunged, "event"))
}
