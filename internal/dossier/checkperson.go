package dossier

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"jurat"
	"jurat/format"
)

// checkPersons checks each person's own signature against the event that put
// their key on the record, and says which acts have none (D35).
func (c *check) checkPersons() {
	f := c.findings
	keys := c.personKeys()
	hands, origins := map[string]bool{}, map[string]bool{}
	var unsigned []string
	used := map[format.Disclosure]entry{}
	for seq, e := range c.chain {
		if !e.ok {
			continue
		}
		switch {
		case e.Has(format.ClaimActorProof):
			// A signature covers the salts of its act, so no second act can have it.
			// Acts are compared, and not signatures: of one over P-256 anybody makes
			// another that holds too.
			act := e.Claims[format.ClaimPayload]
			if first, twice := used[act]; twice {
				f.altered(e.path, "it carries the signature of %s that stands under event %s: one act was entered twice", e.Proof.Person, first.ID)
				continue
			}
			used[act] = e
			name := string(e.Proof.Person) + " " + e.Proof.Key
			key, ok := keys[name]
			if !ok {
				f.unsure(e.path, "the act is signed by %s with key %s, and no event in the dossier puts that key on the record", e.Proof.Person, e.Proof.Key)
				continue
			}
			if err := e.VerifyProof(key.jwk); err != nil {
				f.because(e.path, err)
				continue
			}
			if key.index >= 0 && e.index >= 0 && e.index < key.index {
				f.altered(e.path, "the act is signed by %s with key %s, which was put on the record only later: leaf %d of the log, after leaf %d", e.Proof.Person, e.Proof.Key, key.index, e.index)
				continue
			}
			c.signed[e.ID] = true
			if at := e.Proof.Origin(); at != "" {
				origins[at] = true
			}
			hands[key.keeper] = true
		case e.Has(format.ClaimAct):
			if e.Act != jurat.ItemOpened {
				unsigned = append(unsigned, fmt.Sprintf("%d %s", seq, e.Act))
			}
		default:
			unsigned = append(unsigned, fmt.Sprintf("%d (act not disclosed)", seq))
		}
	}
	if len(unsigned) > 0 {
		f.skip("who acted, where no signature of a person is on the record: the city's assertion for %s: %s", count(len(unsigned), "event"), strings.Join(unsigned, ", "))
	}
	for _, by := range sortedKeys(hands) {
		f.skip("whether each signer alone holds their key: %s", by)
	}
	for _, at := range sortedKeys(origins) {
		f.note("acts were signed with passkeys at %s", at)
	}
	f.note("%d of %s signed by the person who acted", len(c.signed), count(len(c.chain), "event"))
}

// A personKey is a key on the record, the place in the log of the first event
// that has it, -1 when that is not shown, and who put it there.
type personKey struct {
	jwk    format.PersonKey
	index  int64
	keeper string
}

// personKeys gives every key an event person.key of the house put on the
// record, by person and thumbprint.
func (c *check) personKeys() map[string]personKey {
	keys := map[string]personKey{}
	for _, e := range c.house {
		if !e.ok || e.Act != jurat.PersonKey {
			continue
		}
		part, err := e.Open()
		if err != nil {
			c.findings.unsure(e.path, "the event of a person's key does not disclose the key")
			continue
		}
		var p jurat.Person
		if err := json.Unmarshal(part.Value, &p); err != nil {
			c.findings.unsure(e.path, "the event of a person's key cannot be read: %v", err)
			continue
		}
		for _, raw := range p.Keys {
			if k, err := format.ParsePersonKey(raw); err == nil {
				name := string(p.ID) + " " + k.Thumbprint()
				if first, ok := keys[name]; !ok || e.index >= 0 && e.index < first.index { // a later event has the earlier keys too
					keys[name] = personKey{k, e.index, "keys were put on the record by " + keeperOf(e)}
				}
			} else {
				c.findings.unsure(e.path, "a key of %s: %v", p.ID, err)
			}
		}
	}
	return keys
}

// keeperOf says whose act an event is, for a reader who wonders whose word it
// rests on.
func keeperOf(e entry) string {
	switch {
	case !e.Has(format.ClaimActor):
		return "somebody who is not disclosed"
	case e.Actor.Person == "":
		return "the local operator"
	}
	return string(e.Actor.Person)
}

// checkTwoPersons checks that the two people the referral names did what it
// says, in two events, and are two (REF-1; D45).
func (c *check) checkTwoPersons() {
	f, d := c.findings, c.doc.Decision
	if d.InitiatedBy.Person == d.ApprovedBy.Person {
		f.altered(format.NameReferral, "one person, %s, initiated and approved the referral", d.ApprovedBy.Person)
	}
	if a, b := c.keyOf(d.InitiatedBy.Event), c.keyOf(d.ApprovedBy.Event); a != "" && a == b {
		f.altered(format.NameReferral, "%s initiated and %s approved the referral by one and the same key: that is one person", d.InitiatedBy.Person, d.ApprovedBy.Person)
	}
	for _, s := range []struct {
		who format.Signatory
		act jurat.Act
	}{{d.InitiatedBy, jurat.ReferralPrepared}, {d.ApprovedBy, jurat.ReferralApproved}, {d.Attestation.By, jurat.ReferralAttested}} {
		if s.who.Event == "" {
			f.skip("who did %s: %s names no event of it", s.act, format.NameReferral)
			continue
		}
		e, ok := c.event(s.who.Event)
		switch {
		case !ok:
			f.altered(format.NameReferral, "it names event %s for %s, and the incident has no such event", s.who.Event, s.act)
		case e.Act != s.act || e.Actor.Person != s.who.Person || e.Actor.Office != s.who.Office || e.Actor.Role != s.who.Role:
			f.altered(format.NameReferral, "it says %s (%s) of %s did %s; event %s says %s (%s) of %s did %s", s.who.Person, s.who.Role, s.who.Office, s.act, s.who.Event, e.Actor.Person, e.Actor.Role, e.Actor.Office, e.Act)
		case !c.signed[s.who.Event]:
			f.skip("the signature of %s for %s: the event has none that could be checked", s.who.Person, s.act)
			fallthrough
		default:
			c.checkDecision(e)
		}
	}
}

// keyOf is the thumbprint of the key an event was signed with; empty: none that
// could be checked.
func (c *check) keyOf(id jurat.EventID) string {
	if e, ok := c.event(id); ok && c.signed[id] {
		return e.Proof.Key
	}
	return ""
}

// checkDecision compares what the document says was decided with the referral
// as one of its events has it.
func (c *check) checkDecision(e entry) {
	f, d := c.findings, c.doc.Decision
	part, err := e.Open()
	var r jurat.Referral
	if err != nil || json.Unmarshal(part.Value, &r) != nil {
		f.skip("what was decided, against event %s: its open part is not disclosed", e.ID)
		return
	}
	if r.ID != c.doc.Dossier.Referral || r.Reason != d.Reason || r.Scope != d.Scope || !slices.Equal(r.Allegations, d.Allegations) || r.OneOperator && !d.OneOperator {
		f.altered(format.NameReferral, "the decision is not as event %s has it", e.ID)
	}
	if r.Attested == nil {
		return
	}
	// A contact recorded after the attestation is shown beside it; one that was
	// attested is never left out (REF-1).
	listed := c.listedContacts()
	for _, id := range r.Attested.Contacts {
		if !listed[id] {
			f.altered(format.NameReferral, "event %s attests contact %s with a political office, and the document leaves it out", e.ID, id)
		}
	}
	if d.Attestation.None && !r.Attested.None {
		f.altered(format.NameReferral, "it says no contact with a political office was attested, and event %s attests some", e.ID)
	}
}

func (c *check) listedContacts() map[jurat.ItemID]bool {
	listed := map[jurat.ItemID]bool{}
	for _, one := range c.doc.Decision.Attestation.Contacts {
		listed[one.Value.ID] = true
	}
	return listed
}

// checkContacts checks that the document shows every contact with a political
// office that the chain has up to the seal, and does not say none beside one.
func (c *check) checkContacts() {
	f, listed := c.findings, c.listedContacts()
	if a := c.doc.Decision.Attestation; a.None && len(listed) > 0 || !a.None && len(listed) == 0 {
		f.altered(format.NameReferral, "it says of contacts with political offices: none is %v, and lists %d", a.None, len(listed))
	}
	for seq, e := range c.chain {
		part, err := e.Open()
		if !e.ok || e.Act != jurat.ContactRecorded || c.hasSeal && int64(seq) >= c.seal.Events {
			continue
		}
		if err != nil {
			f.skip("the contact with a political office of event %s: its open part is not disclosed", e.ID)
		} else if !listed[part.Item.ID] {
			f.altered(format.NameReferral, "event %s recorded contact %s with a political office, and the document leaves it out", e.ID, part.Item.ID)
		}
	}
}

// checkOrders checks the text of every order the events name.
func (c *check) checkOrders() {
	f := c.findings
	text := map[jurat.Digest]bool{}
	for name, sums := range c.bag.sums {
		if strings.HasPrefix(name, "jurat/order/") {
			text[sums.Digest] = true
		}
	}
	for _, o := range c.doc.Orders {
		if o.Path == "" {
			continue
		}
		if sums, ok := c.bag.sums[o.Path]; !ok && !c.unread[o.Path] {
			f.altered(o.Path, "%s names the order's file, and it is missing", format.NameReferral)
		} else if ok && sums.Digest != o.Digest {
			f.altered(o.Path, "the file is not order %s: its digest is another", o.ID)
		}
	}
	adopted := map[jurat.Digest]int64{} // and where in the log; -1: that is not shown
	for _, e := range c.house {
		if part, err := e.Open(); e.ok && e.Act == jurat.OrderAdopted && err == nil {
			var a jurat.Adoption
			if json.Unmarshal(part.Value, &a) == nil {
				if first, ok := adopted[a.Digest]; !ok || e.index < first {
					adopted[a.Digest] = e.index
				}
			}
		}
	}
	missing := map[string]bool{}
	for _, e := range c.chain {
		for _, o := range e.Orders {
			if !text[o.Digest] {
				missing[fmt.Sprintf("the text of order %s (%s): it is not in the dossier", o.ID, o.Digest)] = true
			}
			if at, ok := adopted[o.Digest]; ok && at >= 0 && e.index >= 0 && e.index < at {
				f.altered(e.path, "it was done under order %s (%s), which was adopted only later: leaf %d of the log, after leaf %d", o.ID, o.Digest, at, e.index)
			} else if !ok {
				missing[fmt.Sprintf("that order %s (%s) was adopted: the event of it is not in the dossier", o.ID, o.Digest)] = true
			}
		}
	}
	for _, one := range sortedKeys(missing) {
		f.skip("%s", one)
	}
}

func sortedKeys[V any](m map[string]V) []string {
	var list []string
	for k := range m {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

func count(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
