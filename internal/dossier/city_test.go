package dossier_test

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
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

	badPrev      bool          // let the next event follow another than the one before it
	erased       jurat.EventID // its open part was disposed of
	hideOpenings bool          // leave who opened the incident out of its list
	beforeSeal   func()        // what happens between filling and sealing; nil: nothing
	listed       func(*dossier.Parcel)
	ended        []format.TrustedOffice // its logs that ended, the newest first
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
	return c.put(ev, d, place)
}

// again puts an event's disclosures and signature under another leaf.
func (c *city) again(n int) placed {
	c.t.Helper()
	e := c.events[n]
	st, err := format.ReadLeaf(e.event.Leaf, e.event.Disclosures)
	c.must(err)
	d := format.Draft{Act: st.Claims[format.ClaimAct], Actor: st.Claims[format.ClaimActor], Order: st.Claims[format.ClaimOrder], Payload: st.Claims[format.ClaimPayload], Parts: e.sheet.Parts}
	c.now()
	place := format.Place{ID: c.nextID(), At: jurat.At(c.at), Incident: c.incident, Seq: int64(len(c.events)), Prev: format.LeafHash(c.events[len(c.events)-1].event.Leaf), Proof: st.Proof}
	return c.put(jurat.Event{Act: e.act, Actor: e.actor, Incident: c.incident}, d, place)
}

// put places an act in the log.
func (c *city) put(ev jurat.Event, d format.Draft, place format.Place) placed {
	c.t.Helper()
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

// seal is the ledger's side of Build. old is the size of the predecessor's
// tree; witness, when not nil, sees the checkpoint before it is handed out.
func (c *city) seal(s *story, old int64, witness func([]byte) []byte) dossier.Sealer {
	return func(_ context.Context, want format.Seal) (dossier.Sealed, error) {
		raw, err := json.Marshal(want)
		c.must(err)
		from := len(c.events)
		if c.beforeSeal != nil {
			c.beforeSeal()
		}
		_, ev, err := jurat.SealDossier(jurat.Dossier{
			ID: item(c, jurat.NounDossier, s.number+1), Referral: string(s.referral.ID), Origin: c.origin, Number: s.number, Predecessor: want.Predecessor, Seal: raw,
		}, hand("supervisor-3"), c.now())
		c.must(err)
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
