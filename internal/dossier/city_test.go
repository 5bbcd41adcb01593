package dossier_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"jurat"
	"jurat/format"
	"jurat/internal/dossier"
)

// A city is a small record in memory: keys, a log, one incident. Everything in
// it follows from its seed, so that vectors made of it can be made again.
type city struct {
	t       testing.TB
	origin  string
	seed    string
	drawn   uint64
	at      time.Time
	ids     int
	logKey  ed25519.PrivateKey
	office  ed25519.PrivateKey
	persons map[jurat.PersonID]ed25519.PrivateKey

	leaves [][]byte
	hashes []tlog.Hash // stored hashes of the tree

	incident jurat.IncidentNumber
	events   []placed // of the incident
	house    []placed
	orders   []jurat.OrderVersion

	short    bool // tell only what a referral must have
	badProof bool // sign the next act wrongly

	badPrev      bool // let the next event follow another than the one before it
	hideOpenings bool // leave who opened the incident out of its list
}

type placed struct {
	id    jurat.EventID
	act   jurat.Act
	at    time.Time
	actor jurat.Actor
	open  jurat.OpenPart
	index int64
	event dossier.Event
	sheet format.Sheet
}

func seeded(seed, name string) ed25519.PrivateKey {
	sum := sha256.Sum256([]byte(seed + "/" + name))
	return ed25519.NewKeyFromSeed(sum[:])
}

func newCity(t testing.TB, origin, seed string) *city {
	c := &city{
		t: t, origin: origin, seed: seed, at: time.Date(2026, 11, 2, 18, 0, 0, 0, time.UTC), incident: "2026-000001",
		logKey: seeded(seed, "log"), office: seeded(seed, "office"), persons: map[jurat.PersonID]ed25519.PrivateKey{},
	}
	for _, p := range []jurat.PersonID{"officer-4471", "detective-12", "supervisor-3"} {
		c.persons[p] = seeded(seed, string(p))
	}
	return c
}

// Read gives salts that follow from the seed.
func (c *city) Read(b []byte) (int, error) {
	for n := 0; n < len(b); {
		sum := sha256.Sum256(binary.BigEndian.AppendUint64([]byte(c.seed+"/salt/"), c.drawn))
		c.drawn++
		n += copy(b[n:], sum[:])
	}
	return len(b), nil
}

func (c *city) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *city) now() time.Time {
	c.at = c.at.Add(90 * time.Second)
	return c.at
}

func (c *city) nextID() jurat.EventID {
	c.ids++
	ms := c.at.UnixMilli()
	return jurat.EventID(fmt.Sprintf("%08x-%04x-7%03x-8000-%012x", ms>>16, ms&0xffff, c.ids&0xfff, c.ids))
}

func (c *city) signer() note.Signer {
	vkey, err := format.LogKey(c.origin, c.logKey.Public().(ed25519.PublicKey))
	c.must(err)
	hash := strings.Split(vkey, "+")[1]
	s, err := note.NewSigner("PRIVATE+KEY+" + c.origin + "+" + hash + "+" + base64.StdEncoding.EncodeToString(append([]byte{1}, c.logKey.Seed()...)))
	c.must(err)
	return s
}

func (c *city) logPublic() string {
	vkey, err := format.LogKey(c.origin, c.logKey.Public().(ed25519.PublicKey))
	c.must(err)
	return vkey
}

// hand is a person as the law sees them.
func hand(p jurat.PersonID) jurat.Hand {
	role := map[jurat.PersonID]jurat.Role{"officer-4471": jurat.RoleOfficer, "detective-12": jurat.RoleDetective, "supervisor-3": jurat.RoleSupervisor}[p]
	return jurat.Hand{Actor: jurat.Actor{Person: p, Office: "police", Role: role, Via: jurat.ViaKey}, Sworn: true, Function: jurat.FunctionPolice}
}

// record puts an event in the log, signed by its person where they have a key.
func (c *city) record(ev jurat.Event, by jurat.PersonID) placed {
	c.t.Helper()
	ev.Actor = jurat.Actor{Via: jurat.ViaOperator}
	if by != "" {
		ev.Actor = hand(by).Actor
	}
	ev.Orders = c.orders
	d, err := format.NewDraft(ev, c)
	c.must(err)
	place := format.Place{ID: c.nextID(), At: jurat.At(c.at), Incident: ev.Incident}
	if ev.Incident != "" {
		place.Seq = int64(len(c.events))
		if place.Seq > 0 {
			place.Prev = format.LeafHash(c.events[place.Seq-1].event.Leaf)
		}
	}
	if c.badPrev {
		place.Prev[0] ^= 1
		c.badPrev = false
	}
	if key, ok := c.persons[by]; ok {
		place.Proof = d.Sign(by, key)
		if c.badProof {
			place.Proof.Signature[0] ^= 1
			c.badProof = false
		}
	}
	sheet, err := d.Place(place, c.origin, c)
	c.must(err)
	index := int64(len(c.leaves))
	stored, err := tlog.StoredHashes(index, sheet.Leaf, c.reader())
	c.must(err)
	c.hashes, c.leaves = append(c.hashes, stored...), append(c.leaves, sheet.Leaf)
	_, raw, err := sheet.Parts[jurat.ClassOpen].Open()
	c.must(err)
	open, err := format.ParseOpen(raw)
	c.must(err)
	shown := append([]format.Disclosure{}, sheet.Claims...)
	shown = append(shown, sheet.Parts[jurat.ClassOpen])
	p := placed{place.ID, ev.Act, place.At, ev.Actor, open, index, dossier.Event{Leaf: sheet.Leaf, Disclosures: shown}, sheet}
	if ev.Incident == "" {
		c.house = append(c.house, p)
	} else {
		c.events = append(c.events, p)
	}
	return p
}

func (c *city) reader() tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			out[i] = c.hashes[x]
		}
		return out, nil
	})
}

func (c *city) checkpoint(size int64) []byte {
	root, err := tlog.TreeHash(size, c.reader())
	c.must(err)
	msg, err := format.Checkpoint{Origin: c.origin, Size: size, Root: root}.Sign(c.signer())
	c.must(err)
	return msg
}

func (c *city) proof(p placed, size int64, checkpoint []byte) []byte {
	hashes, err := tlog.ProveRecord(size, p.index, c.reader())
	c.must(err)
	return format.InclusionProof{Index: p.index, Hashes: hashes, Checkpoint: checkpoint}.Marshal()
}

func (c *city) keys() []byte {
	b, err := format.MarshalKeys([]format.Key{
		{Kind: format.KeyLog, Public: c.logPublic(), To: format.InForce},
		{Kind: format.KeyOffice, Public: format.NewJWK(c.office.Public().(ed25519.PublicKey)).X, To: format.InForce},
	})
	c.must(err)
	return b
}

// trust is the trust file that pins this city and any others.
func trustOf(t testing.TB, witnesses []string, cities ...*city) []byte {
	t.Helper()
	tr := format.Trust{Witnesses: witnesses, Quorum: len(witnesses)}
	for _, c := range cities {
		tr.Offices = append(tr.Offices, format.TrustedOffice{
			Name: c.origin, Origin: c.origin, Log: []string{c.logPublic()}, Office: []format.JWK{format.NewJWK(c.office.Public().(ed25519.PublicKey))},
		})
	}
	b, err := tr.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const orderText = "id: example-order\ntitle: An example order\n"

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

	*a, ev, err = a.Weigh("detained", []jurat.Evidence{{Item: x1.Item()}}, []jurat.Evidence{{Item: r.Item(), Note: "no detention seen"}}, false, officer, c.now())
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
			{Event: r1.id, At: c.at, Act: r1.act, By: "officer-4471", Value: r1.open.Value}, {Event: r2.id, At: c.at, Act: r2.act, By: "officer-4471", Value: r2.open.Value}}}},
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
		p.Events = append(p.Events, e.event)
		at := e.at.Format(time.RFC3339)
		switch e.act {
		case jurat.ExhibitReceived:
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
	return p
}

// seal is the ledger's side of Build. old is the size of the predecessor's
// tree; witness, when not nil, sees the checkpoint before it is handed out.
func (c *city) seal(s *story, old int64, witness func([]byte) []byte) dossier.Sealer {
	return func(_ context.Context, want format.Seal) (dossier.Sealed, error) {
		raw, err := json.Marshal(want)
		c.must(err)
		_, ev, err := jurat.SealDossier(jurat.Dossier{
			ID: item(c, jurat.NounDossier, s.number+1), Referral: string(s.referral.ID), Origin: c.origin, Number: s.number, Predecessor: want.Predecessor, Seal: raw,
		}, hand("supervisor-3"), c.now())
		c.must(err)
		from := len(c.events)
		c.record(ev, "supervisor-3")
		size := int64(len(c.leaves))
		out := dossier.Sealed{Checkpoint: c.checkpoint(size), Sign: func(typ string, payload []byte) (string, error) {
			return format.SignJWS(c.office, typ, payload), nil
		}}
		if witness != nil {
			out.Checkpoint = witness(out.Checkpoint)
		}
		for _, e := range c.events[from:] {
			out.Events = append(out.Events, e.event)
		}
		for _, e := range c.events {
			out.Proofs = append(out.Proofs, c.proof(e, size, out.Checkpoint))
		}
		for _, e := range c.house {
			out.HouseProofs = append(out.HouseProofs, c.proof(e, size, out.Checkpoint))
		}
		if s.number > 0 {
			hashes, err := tlog.ProveTree(size, old, c.reader())
			c.must(err)
			out.Consistency = format.ConsistencyProof{Old: old, Hashes: hashes, Checkpoint: out.Checkpoint}.Marshal()
		}
		return out, nil
	}
}

// build writes the story's dossier into a new file.
func (c *city) build(s *story, old int64, witness func([]byte) []byte) (string, dossier.Summary) {
	c.t.Helper()
	path := filepath.Join(c.t.TempDir(), "dossier.zip")
	f, err := os.Create(path)
	c.must(err)
	defer f.Close() //nolint:errcheck // synced by Build
	sum, err := dossier.Build(c.t.Context(), f, c.parcel(s), c.seal(s, old, witness))
	c.must(err)
	return path, sum
}

// follow adds new evidence and turns the story into its supplement.
func (c *city) follow(s *story, before dossier.Summary) *story {
	next := *s
	next.number, next.exhibits = s.number+1, map[string][]byte{}
	audio := []byte("not really a recording\n")
	x, ev, err := jurat.ReceiveExhibit(item(c, jurat.NounExhibit, 3), jurat.Arrival{Kind: "audio", Digest: jurat.DigestOf(audio), Size: int64(len(audio)), Media: "audio/mpeg"}, hand("officer-4471"), c.now())
	c.must(err)
	e := c.record(ev, "officer-4471")
	next.doc.Dossier.Number, next.doc.Dossier.Predecessor = next.number, before.TagManifest
	next.doc.Inventory = nil
	for _, it := range s.doc.Inventory {
		if it.State == format.ItemNew {
			it.State, it.Path = format.ItemSent, ""
		}
		next.doc.Inventory = append(next.doc.Inventory, it)
	}
	path := dossier.ExhibitPath(x.ID, x.Media)
	next.exhibits[path] = audio
	next.doc.Inventory = append(next.doc.Inventory, format.InventoryItem{Exhibit: state[jurat.Exhibit](c, e), State: format.ItemNew, Path: path, Dossier: next.number})
	return &next
}
