package dossier

import (
	"strings"

	"jurat"
	"jurat/format"
)

// checkAfterFilling checks that nothing but openings was recorded between
// filling the parcel and sealing it: another act would be in the chain, and in
// nothing that was made to be read (D31).
func (c *check) checkAfterFilling() {
	for seq := c.seal.Events; seq >= 0 && seq < int64(len(c.chain))-1; seq++ {
		if e := c.chain[seq]; e.ok && e.Has(format.ClaimAct) && !opening(e.Act) {
			c.findings.altered(e.path, "%s was recorded before the seal, and after what the dossier tells was put together", e.Act)
		}
	}
}

// checkTold checks that the document tells all the chain has before the seal's
// events (D42, D44): every item of the kinds it tells, as its last event left
// it, and every act on a record.
func (c *check) checkTold() {
	told, versions := c.told()
	last := map[jurat.Item]entry{}
	var order []jurat.Item
	closed := 0
	for seq, e := range c.chain {
		if c.hasSeal && int64(seq) >= c.seal.Events || !e.ok {
			continue
		}
		part, err := e.Open()
		switch {
		case err != nil:
			closed++
		case strings.HasSuffix(string(e.Act), ".disposed"): // stands in the inventory
		case part.Item.Noun == jurat.NounRecord:
			c.checkVersion(e, part, versions)
		case tells(part.Item.Noun):
			if _, seen := last[part.Item]; !seen {
				order = append(order, part.Item)
			}
			last[part.Item] = e
		}
	}
	for _, item := range order {
		e := last[item]
		switch event, ok := told[item]; {
		case !ok:
			c.findings.altered(format.NameReferral, "event %s states %s %s, and the document leaves it out", e.ID, item.Noun, item.ID)
		case event != "" && event != e.ID:
			c.findings.altered(format.NameReferral, "%s is shown as event %s left it, and event %s came after", item.ID, event, e.ID)
		}
	}
	if closed > 0 {
		c.findings.skip("whether the document tells what %s whose open part is not disclosed did", count(closed, "event"))
	}
}

// told gives every item the document tells with the event it names, and the
// versions of its records by event.
func (c *check) told() (map[jurat.Item]jurat.EventID, map[jurat.EventID]format.RecordVersion) {
	d, told, versions := c.doc, map[jurat.Item]jurat.EventID{}, map[jurat.EventID]format.RecordVersion{}
	put := func(noun jurat.Noun, id jurat.ItemID, event jurat.EventID) {
		told[jurat.Item{Noun: noun, ID: id}] = event
	}
	put(jurat.NounIncident, jurat.ItemID(d.Incident.Value.Number), d.Incident.Event)
	for _, v := range d.Parties {
		put(jurat.NounParty, v.Value.ID, v.Event)
	}
	for _, v := range d.Allegations {
		put(jurat.NounAllegation, v.Value.ID, v.Event)
	}
	for _, v := range d.Accounts {
		put(jurat.NounAccount, v.Value.ID, v.Event)
	}
	for _, v := range d.Flags {
		put(jurat.NounFlag, v.Value.ID, v.Event)
	}
	for _, v := range d.Holds {
		put(jurat.NounHold, v.Value.ID, v.Event)
	}
	for _, v := range d.Inventory {
		put(jurat.NounExhibit, v.Exhibit.Value.ID, v.Exhibit.Event)
	}
	for _, r := range d.Records {
		for _, v := range r.Versions {
			versions[v.Event] = v
		}
	}
	return told, versions
}

func tells(n jurat.Noun) bool {
	switch n {
	case jurat.NounIncident, jurat.NounParty, jurat.NounAllegation, jurat.NounAccount, jurat.NounFlag, jurat.NounHold, jurat.NounExhibit:
		return true
	}
	return false
}

// checkVersion compares what the document says of one act on a record with its
// event; the value is compared by sameAsEvent.
func (c *check) checkVersion(e entry, part jurat.OpenPart, versions map[jurat.EventID]format.RecordVersion) {
	v, ok := versions[e.ID]
	switch {
	case !ok:
		c.findings.altered(format.NameReferral, "event %s is %s of %s, and the document leaves it out", e.ID, e.Act, part.Item.ID)
	case v.Act != e.Act || v.By != e.Actor.Person || v.Note != part.Note || !v.At.Equal(e.At):
		c.findings.altered(format.NameReferral, "%s of %s is not as event %s has it", v.Act, part.Item.ID, e.ID)
	}
}
