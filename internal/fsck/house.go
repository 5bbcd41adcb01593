package fsck

import (
	"encoding/json"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
)

// A recordedKey is a person's key and where the event that put it on the
// record stands.
type recordedKey struct {
	key format.PersonKey
	at  int64
}

// A rotation and a gap are what events of the house say about the log.
type (
	rotation struct {
		format.Rotation
		where string
		at    int64
	}
	gap struct {
		lost
		where string
		at    int64
	}
)

// lost is the value of ledger.continued: what is known of the log that ended.
type lost struct {
	Origin     string `json:"origin"`
	Checkpoint string `json:"checkpoint"` // the last one known, verbatim
	Size       int64  `json:"size"`
	Kept       int64  `json:"kept"`
	Next       string `json:"next"` // the verifier key of the log that begins
}

// checkHouse reads an act of the house.
func (c *check) checkHouse(e register.EventRow, value json.RawMessage, note, where string, at int64) {
	var err error
	switch e.Act {
	case jurat.PersonKey:
		err = c.readKeys(value, where, at)
	case jurat.OrderAdopted:
		var a jurat.Adoption
		if err = json.Unmarshal(value, &a); err == nil {
			if jurat.DigestOf([]byte(a.Text)) != a.Digest {
				c.altered(where, "the text of order %s is not the one its digest names", a.ID)
			}
			if _, ok := c.adopted[a.Digest]; !ok {
				c.adopted[a.Digest] = at
			}
		}
	case jurat.WritApproved:
		err = c.seeWrit(e, value)
	case jurat.RestoreExpunged:
		err = c.seeRestored(value, note, where)
	case jurat.JournalDigested:
		d := journalDigest{where: where}
		if err = json.Unmarshal(value, &d.JournalDigest); err == nil {
			c.digests = append(c.digests, d)
		}
	case jurat.ImportAdded:
		var i jurat.Import
		var rows []json.RawMessage
		if err = json.Unmarshal(value, &i); err == nil {
			if json.Unmarshal(i.Rows, &rows) != nil || len(rows) != i.Accepted {
				c.altered(where, "the import %s has not the %d rows it says it has", i.ID, i.Accepted)
			}
		}
	case jurat.NumbersPublished:
		var p jurat.Published
		if err = json.Unmarshal(value, &p); err == nil && jurat.DigestOf([]byte(p.Figures)) != p.Digest {
			c.altered(where, "the figures of %s are not those its digest names", p.ID)
		}
	case jurat.KeyRotated:
		r := rotation{where: where, at: at}
		if r.Rotation, err = format.ParseRotation(value); err == nil {
			err = r.Verify()
		}
		if err == nil {
			c.rotations = append(c.rotations, r)
		}
	case jurat.LedgerContinued:
		g := gap{where: where, at: at}
		if err = json.Unmarshal(value, &g.lost); err == nil {
			c.gaps = append(c.gaps, g)
			c.nameOrigins()
		}
	}
	if err != nil {
		c.because(where, err)
	}
}

// nameOrigins gathers the origins the record's leaves may be issued by.
func (c *check) nameOrigins() {
	c.origins = nil
	if origin, err := format.LogKeyOrigin(c.rec.LogKey); err == nil {
		c.origins = append(c.origins, origin)
	}
	for _, g := range c.gaps {
		c.origins = append(c.origins, g.Origin)
	}
}

// readKeys keeps the keys a person has from an event on.
func (c *check) readKeys(value json.RawMessage, where string, at int64) error {
	var p jurat.Person
	if err := json.Unmarshal(value, &p); err != nil {
		return err
	}
	for _, raw := range p.Keys {
		k, err := format.ParsePersonKey(raw)
		if err != nil {
			c.unsure(where, "a key of %s cannot be read: %v", p.ID, err)
			continue
		}
		name := string(p.ID) + " " + k.Thumbprint()
		if _, ok := c.keys[name]; !ok {
			c.keys[name] = recordedKey{k, at}
		}
	}
	return nil
}

// checkActor checks the person's own signature, and that an act that always
// needs one has it.
func (c *check) checkActor(st format.Statement, where string, at int64) {
	if !st.Has(format.ClaimActorProof) {
		switch {
		case jurat.Signed(st.Act):
			c.altered(where, "%s always has the person's own signature, and there is none", st.Act)
		case st.Actor.Via == jurat.ViaKey:
			c.altered(where, "the act was done with %s's key, and the signature is missing", st.Actor.Person)
		}
		return
	}
	if st.Proof.Kind != format.ProofEd25519 && st.Proof.Kind != format.ProofWebAuthn {
		c.unsure(where, "it is signed by %s with a proof of kind %q, which this program does not know", st.Proof.Person, st.Proof.Kind)
		return
	}
	k, ok := c.keys[string(st.Proof.Person)+" "+st.Proof.Key]
	if !ok {
		c.altered(where, "it is signed by %s with key %s, which no event before it put on the record", st.Proof.Person, st.Proof.Key)
		return
	}
	if k.at > at && !declares(st, at) {
		c.altered(where, "it is signed by %s with key %s, which was put on the record only later", st.Proof.Person, st.Proof.Key)
	}
	if err := st.VerifyProof(k.key); err != nil {
		c.because(where, err)
	}
}

// declares reports whether an event stands first in a log because it declares
// how the one before ended: what it rests on was before it in that one.
func declares(st format.Statement, at int64) bool {
	return at == 0 && st.Act == jurat.LedgerContinued
}

// checkOrders checks that every order an event names was adopted before it.
func (c *check) checkOrders(st format.Statement, where string, at int64) {
	for _, o := range st.Orders {
		adopted, ok := c.adopted[o.Digest]
		if !ok || adopted > at && !declares(st, at) {
			c.altered(where, "it names order %s (%s), which no event before it adopted", o.ID, o.Digest)
		}
	}
}
