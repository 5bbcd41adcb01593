package fsck

import (
	"encoding/json"

	"jurat"
	"jurat/format"
)

// disposals are what a chain says of the disposals in it: who approved each,
// as the events say whose signatures were checked, and how it was left; and the
// tombstones of exhibits.
type disposals struct {
	approved map[jurat.ItemID][]jurat.PersonID
	left     map[jurat.ItemID]jurat.Disposal
	stones   map[jurat.ItemID]jurat.Tombstone
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
