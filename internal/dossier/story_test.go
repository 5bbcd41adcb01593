package dossier_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"io"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/dossier"
)

// A story is the city's one incident as the referral will tell it.
type story struct {
	doc      format.ReferralDocument
	exhibits map[string][]byte // by path
	referral jurat.Referral
	sealed   []dossier.Document
	number   int
}

func state[T any](c *city, p placed) format.Stated[T] {
	s, err := format.State[T](p.id, p.open)
	c.must(err)
	return s
}

func item(c *city, noun jurat.Noun, n int) jurat.ItemID { return jurat.NumberItem(c.incident, noun, n) }

// settle puts the house in order: an order, and three people with their keys.
func (c *city) settle() {
	_, ev, err := jurat.AdoptOrder("example-order", "An example order", orderText, c.now())
	c.must(err)
	c.record(ev, "")
	c.orders = []jurat.OrderVersion{{ID: "example-order", Digest: jurat.DigestOf([]byte(orderText))}}
	for _, id := range []jurat.PersonID{"officer-4471", "detective-12", "supervisor-3"} {
		p, _, err := jurat.AddPerson(jurat.Person{ID: id, Label: "Person " + string(id), Office: "police", Role: hand(id).Role, Sworn: true})
		c.must(err)
		jwk, err := json.Marshal(format.NewJWK(c.persons[id].Public().(ed25519.PublicKey)))
		c.must(err)
		_, ev, err := p.AddKey(jwk)
		c.must(err)
		c.now()
		c.record(ev, "")
	}
}

// tell runs the incident up to an approved referral.
func (c *city) tell() *story {
	c.settle()
	s := &story{exhibits: map[string][]byte{}}
	officer, detective, supervisor := hand("officer-4471"), hand("detective-12"), hand("supervisor-3")
	at := c.now()
	_, ev, err := jurat.OpenIncident(c.incident, jurat.Opening{
		Title: "Stop reported near a school", Trigger: jurat.Triggers[0], Address: "an exact address",
		Place: jurat.Place{Description: "2300 block of a street", InsideCity: jurat.Yes}, Occurred: jurat.Span{From: at.Add(-time.Hour), Precision: "approx"},
	}, officer, at)
	c.must(err)
	opened := c.record(ev, "officer-4471")

	photo := []byte("not really a photograph, but these are its bytes\n")
	x1, ev, err := jurat.ReceiveExhibit(item(c, jurat.NounExhibit, 1), jurat.Arrival{Kind: "photo", Digest: jurat.DigestOf(photo), Size: int64(len(photo)), Media: "image/jpeg"}, officer, c.now())
	c.must(err)
	e1 := c.record(ev, "officer-4471")
	a, ev, err := jurat.AddAllegation(item(c, jurat.NounAllegation, 1), jurat.Charge{
		Offence: "unlawful_restraint", Cite: "720 ILCS 5/10-3", Level: "felony", Elements: []jurat.Element{{ID: "detained", Text: "a person was detained", Unverified: true}},
	}, "federal", item(c, jurat.NounParty, 1), officer, c.now())
	c.must(err)
	alleged := c.record(ev, "officer-4471")
	if !c.short {
		c.tellMore(s, officer, x1, &a, &alleged)
	}

	said, _, err := jurat.OpenAccount(item(c, jurat.NounAccount, 1), "agency", "", "by letter", officer, c.now())
	c.must(err)
	_, ev, err = said.Give(jurat.Statement{Text: "The agency states the stop was lawful <and brief>.", Source: "press statement"}, officer, c.now())
	c.must(err)
	s1 := c.record(ev, "officer-4471")
	_, ev, err = jurat.OpenAccount(item(c, jurat.NounAccount, 2), "complainant", "", "", officer, c.now())
	c.must(err)
	s2 := c.record(ev, "officer-4471")
	k, ev, err := jurat.PrepareReferral(item(c, jurat.NounReferral, 1), "county-prosecutor", []jurat.Allegation{a}, "outside_protocol", "Two accounts differ.", detective, c.now())
	c.must(err)
	k1 := c.record(ev, "detective-12")
	k, ev, err = k.Attest(true, nil, detective, c.now())
	c.must(err)
	k2 := c.record(ev, "detective-12")
	k, ev, err = k.Approve(supervisor, nil, c.now())
	c.must(err)
	k3 := c.record(ev, "supervisor-3")
	s.referral = k

	who := func(p jurat.PersonID, e placed) format.Signatory {
		return format.Signatory{Person: p, Label: "Person " + string(p), Office: "police", Role: hand(p).Role, Event: e.id, At: c.at}
	}
	path := dossier.ExhibitPath(x1.ID, x1.Media)
	s.exhibits[path] = photo
	more := s.doc
	s.doc = format.ReferralDocument{
		Version: format.DossierVersion,
		Dossier: format.DossierHead{
			Referral: k.ID, Made: c.at, Sender: format.OfficeName{Office: "police", Name: "City police", Origin: c.origin},
			Receiver: format.OfficeName{Office: "county-prosecutor", Name: "County prosecutor"},
		},
		Incident: state[jurat.Incident](c, opened),
		Decision: format.ReferralDecision{
			Reason: k.Reason, Scope: k.Scope, Allegations: k.Allegations, InitiatedBy: who("detective-12", k1), ApprovedBy: who("supervisor-3", k3),
			Attestation: format.Attested{None: true, By: who("detective-12", k2)},
		},
		Orders: []format.OrderText{{ID: "example-order", Title: "An example order", Digest: c.orders[0].Digest, Path: dossier.OrderPath(1),
			Notes: []format.BasisNote{{Quote: "at the direction of the Mayor's Office", Basis: "reported", Status: "disputed; both positions are in the order file"}}}},
		Inventory: []format.InventoryItem{
			{Exhibit: state[jurat.Exhibit](c, e1), State: format.ItemNew, Path: path},
		},
		Allegations: []format.Stated[jurat.Allegation]{state[jurat.Allegation](c, alleged)},
		Accounts:    []format.Stated[jurat.Account]{state[jurat.Account](c, s1), state[jurat.Account](c, s2)},
		Parties:     more.Parties, Records: more.Records, Flags: more.Flags,
		Missing:     []format.Missing{{What: "footage of Supervisor 1's own camera", Asked: "the agency", At: c.at, Answer: "no_answer"}},
		Immunity:    &format.ImmunitySheet{Facts: []format.ImmunityFact{{Question: "Stated federal task", Sides: []format.FactBySide{{Side: "agency", Text: "an arrest", Source: "press statement"}, {Side: "complainant", NotObtained: "not asked"}}}}},
		Withheld:    []format.Withheld{{Event: opened.id, Item: opened.open.Item, Part: "exact_address", Ground: "a home is nearby"}},
		Certificate: []format.CertificateDraft{{Rule: "FRE 902(13)", Text: "The system records each event …"}, {Rule: "FRE 902(14)", Text: "The copies agree by SHA-256 …"}},
	}
	s.doc.Inventory = append(s.doc.Inventory, more.Inventory...)
	part, err := format.NewSealedPart(opened.id, opened.open.Item, "", opened.sheet.Parts[jurat.ClassExactAddress])
	c.must(err)
	text, err := format.SealedDocument{Version: format.DossierVersion, Parts: []format.SealedPart{part}}.Print()
	c.must(err)
	s.sealed = []dossier.Document{{Path: dossier.SealedPath("contacts", 1), Bytes: text}}
	return s
}

// tellMore adds what a referral may have: a party, an exhibit held elsewhere, a
// record with its versions, evidence weighed, a flag, somebody's look.
func (c *city) tellMore(s *story, officer jurat.Hand, x1 jurat.Exhibit, a *jurat.Allegation, alleged *placed) {
	_, ev, err := jurat.AddParty(item(c, jurat.NounParty, 1), jurat.Particulars{Slot: "Supervisor 1", Capacity: "supervisor_on_scene", Agency: "federal_agency", AgencyBasis: jurat.KnownInsignia, Name: "sealed name"}, officer)
	c.must(err)
	c.now()
	party := c.record(ev, "officer-4471")

	_, ev, err = jurat.LocateExhibit(item(c, jurat.NounExhibit, 2), jurat.Arrival{Kind: "bwc", System: "camera-store", Key: "AX-1009"}, officer, c.now())
	c.must(err)
	e2 := c.record(ev, "officer-4471")

	fields := json.RawMessage(`{"outcome":"no_answer","recording":"yes_not_yet_uploaded","question":"Who supervises here?"}`)
	r, ev, err := jurat.AddRecord(item(c, jurat.NounRecord, 1), jurat.TypeIdentification, "", jurat.Writing{Fields: fields}, officer, c.now())
	c.must(err)
	r1 := c.record(ev, "officer-4471")
	_, ev, err = r.Submit(officer, c.now())
	c.must(err)
	r2 := c.record(ev, "officer-4471")

	*a, ev, err = a.Weigh(jurat.Weight{Element: "detained", For: []jurat.Evidence{{Item: x1.Item()}}, Against: []jurat.Evidence{{Item: r.Item(), Note: "no detention seen"}}}, officer, c.now())
	c.must(err)
	*alleged = c.record(ev, "officer-4471")
	_, ev, err = jurat.AddFlag(item(c, jurat.NounFlag, 1), item(c, jurat.NounExhibit, 2), []string{"evidentiary_value"}, officer, c.now())
	c.must(err)
	flag := c.record(ev, "officer-4471")
	c.now()
	c.record(jurat.LookAt(c.incident, jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(c.incident)}), "detective-12")
	s.doc = format.ReferralDocument{
		Inventory: []format.InventoryItem{{Exhibit: state[jurat.Exhibit](c, e2), State: format.ItemElsewhere}},
		Parties:   []format.Stated[jurat.Party]{state[jurat.Party](c, party)},
		Records: []format.RecordHistory{{ID: r.ID, Type: r.Type, Versions: []format.RecordVersion{
			{Event: r1.id, At: r1.at, Act: r1.act, By: "officer-4471", Value: r1.open.Value}, {Event: r2.id, At: r2.at, Act: r2.act, By: "officer-4471", Value: r2.open.Value}}}},
		Flags: []format.Stated[jurat.Flag]{state[jurat.Flag](c, flag)},
	}
}

// parcel is the story as a parcel.
func (c *city) parcel(s *story) dossier.Parcel {
	p := dossier.Parcel{
		Referral: s.doc, Sealed: s.sealed, Keys: c.keys(),
		Orders: []dossier.Document{{Path: dossier.OrderPath(1), Bytes: []byte(orderText)}},
	}
	for path, b := range s.exhibits {
		p.Exhibits = append(p.Exhibits, dossier.Exhibit{Path: path, Size: int64(len(b)), Digest: jurat.DigestOf(b), Open: func(context.Context) (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(b)), nil
		}})
	}
	for _, e := range c.events {
		if e.id == c.erased {
			e.event.Disclosures = e.event.Disclosures[:len(e.event.Disclosures)-1]
		}
		p.Events = append(p.Events, e.event)
		at := e.at.Format(time.RFC3339)
		switch e.act {
		case jurat.ExhibitReceived, jurat.ExhibitLocated:
			p.Custody = append(p.Custody, dossier.CustodyLine{Item: e.open.Item.ID, Act: e.act, At: at, By: "Person " + string(e.actor.Person), Event: e.id})
		case jurat.ItemOpened:
			if c.hideOpenings {
				break
			}
			p.Opened = append(p.Opened, dossier.OpenedLine{At: at, Office: e.actor.Office, Role: e.actor.Role, Item: jurat.ItemID(c.incident), Event: e.id})
		}
	}
	for _, e := range c.house {
		p.House = append(p.House, e.event)
	}
	if c.listed != nil {
		c.listed(&p)
	}
	return p
}
