package dossier

import (
	"encoding/json"
	"strings"

	"jurat"
	"jurat/format"
)

// checkReferral compares the governing document with the ledger and with the
// bag: each value it states with the event it names, each exhibit with its
// bytes and with the event that received it (D42 to D46).
func (c *check) checkReferral() {
	d := c.doc
	stated(c, "the incident", d.Incident)
	for _, v := range d.Parties {
		stated(c, string(v.Value.ID), v)
	}
	for _, v := range d.Allegations {
		stated(c, string(v.Value.ID), v)
	}
	for _, v := range d.Accounts {
		stated(c, string(v.Value.ID), v)
	}
	for _, v := range d.Flags {
		stated(c, string(v.Value.ID), v)
	}
	for _, v := range d.Holds {
		stated(c, string(v.Value.ID), v)
	}
	for _, v := range d.Decision.Attestation.Contacts {
		stated(c, string(v.Value.ID), v)
	}
	for _, r := range d.Records {
		for _, v := range r.Versions {
			c.sameAsEvent(string(r.ID), v.Event, v.Value)
		}
	}
	for _, it := range d.Inventory {
		stated(c, string(it.Exhibit.Value.ID), it.Exhibit)
		c.checkItem(it)
	}
	c.checkUnlistedExhibits()
	c.checkTwoPersons()
	c.checkContacts()
	c.checkOrders()
	for _, w := range d.Withheld {
		if _, ok := c.event(w.Event); !ok {
			c.findings.altered(format.NameReferral, "it withholds %s of event %s, and the incident has no such event", w.Part, w.Event)
			continue
		}
		c.findings.skip("%s of %s %s (event %s): withheld, %s", w.Part, w.Item.Noun, w.Item.ID, w.Event, w.Ground)
	}
	if c.origin != "" && d.Dossier.Sender.Origin != c.origin {
		c.findings.altered(format.NameReferral, "it says the sender's log is %q, and its events are issued by %q", d.Dossier.Sender.Origin, c.origin)
	}
}

// stated compares one value of the document with its event.
func stated[T any](c *check, what string, v format.Stated[T]) {
	b, err := v.JSON()
	if err != nil {
		c.findings.unsure(format.NameReferral, "%s: %v", what, err)
		return
	}
	c.sameAsEvent(what, v.Event, b)
}

func (c *check) sameAsEvent(what string, id jurat.EventID, value json.RawMessage) {
	f := c.findings
	if id == "" {
		f.skip("%s in %s against the ledger: it names no event", what, format.NameReferral)
		return
	}
	e, ok := c.event(id)
	if !ok {
		f.altered(format.NameReferral, "%s rests on event %s, and the incident has no such event", what, id)
		return
	}
	part, err := e.Open()
	if err != nil {
		f.skip("%s in %s against the ledger: the event's open part is not disclosed", what, format.NameReferral)
		return
	}
	if !format.SameJSON(part.Value, value) {
		f.altered(format.NameReferral, "%s is not as event %s has it", what, id)
	}
}

// checkItem checks one exhibit of the inventory.
func (c *check) checkItem(it format.InventoryItem) {
	f, x := c.findings, it.Exhibit.Value
	number := c.doc.Dossier.Number
	switch it.State {
	case format.ItemNew:
		c.checkBytes(it)
		if it.Dossier != number {
			f.altered(format.NameReferral, "%s is new in this dossier, and its inventory says dossier %d", x.ID, it.Dossier)
		}
	case format.ItemSent:
		if it.Dossier >= number || it.Dossier < 0 {
			f.altered(format.NameReferral, "%s is said to have been sent with dossier %d, which is not before this one", x.ID, it.Dossier)
		}
		if !c.inPrevious(x) {
			f.skip("the bytes of %s: sent with dossier %d, not in this one", x.ID, it.Dossier)
		}
	case format.ItemElsewhere:
		confirmed := "its holder has not confirmed the flag"
		if !x.Confirmed.IsZero() {
			confirmed = "its holder confirmed the flag"
		}
		f.skip("the bytes of %s: held elsewhere (%s, %s); %s", x.ID, x.System, x.Key, confirmed)
	case format.ItemWithdrawn, format.ItemWithheld:
		f.skip("the bytes of %s: %s, %s", x.ID, it.State, it.Ground)
	case format.ItemDisposed:
		e, ok := c.event(it.Disposal)
		part, err := e.Open()
		if !ok || !strings.HasSuffix(string(e.Act), ".disposed") || (err == nil && part.Item.ID != x.ID) {
			f.altered(format.NameReferral, "%s is said to be disposed of, and the incident has no such event", x.ID)
			return
		}
		f.note("%s was disposed of by event %s: %s", x.ID, it.Disposal, it.Ground)
	default:
		f.unsure(format.NameReferral, "%s is in state %q, which this version does not know", x.ID, it.State)
	}
}

// checkBytes compares an exhibit in the bag with the digest its value states
// and with the one the ledger received.
func (c *check) checkBytes(it format.InventoryItem) {
	f, x := c.findings, it.Exhibit.Value
	sums, there := c.bag.sums[it.Path]
	switch {
	case !there && c.unread[it.Path]:
	case !there || !strings.HasPrefix(it.Path, "data/exhibits/"):
		f.altered(format.NameReferral, "%s should be at %q, and is not there", x.ID, it.Path)
	case sums.Digest != x.Digest || sums.Size != x.Size:
		f.altered(it.Path, "its bytes are not those of exhibit %s", x.ID)
	}
	c.named[it.Path] = true
	for _, e := range c.chain {
		if !e.ok || e.Act != jurat.ExhibitReceived && e.Act != jurat.ExhibitDerived {
			continue
		}
		part, err := e.Open()
		var got jurat.Exhibit
		if err != nil || part.Item.ID != x.ID || json.Unmarshal(part.Value, &got) != nil {
			continue
		}
		if got.Digest != x.Digest {
			f.altered(it.Path, "event %s received other bytes as exhibit %s", e.ID, x.ID)
		}
		return
	}
	f.skip("when %s was received: no event in the dossier shows it", x.ID)
}

// checkUnlistedExhibits finds bytes the governing document does not name.
func (c *check) checkUnlistedExhibits() {
	for _, l := range c.manifest {
		if strings.HasPrefix(l.Path, "data/exhibits/") && !c.named[l.Path] {
			c.findings.altered(l.Path, "the inventory does not name this exhibit")
		}
	}
}
