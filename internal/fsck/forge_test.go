package fsck_test

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/register"
)

// A forgery is an event that the desk would not have written, by somebody who
// can write to the database and runs the sequencer.
type forgery struct {
	ev     jurat.Event
	sign   *ed25519.PrivateKey
	issuer string // "": the log's
	seq    int64  // added to the right one
	prev   bool   // of another leaf than the one before
	order  *jurat.OrderVersion
	signer jurat.PersonID // "": the actor
	broken bool           // its signature is over another act
}

func (c *city) forge(t *testing.T, f forgery) {
	t.Helper()
	c.open(t)
	defer c.close(t)
	c.append(t, f)
	c.publish(t)
}

// append writes a forged event, and does not publish it.
func (c *city) append(t *testing.T, f forgery) jurat.EventID {
	t.Helper()
	ev := f.ev
	ev.At, ev.ID = noon, jurat.EventID("01a20500-0000-7000-8000-0000000000"+string("0123456789abcdef"[randomBytes(1)[0]&15])+string("0123456789abcdef"[randomBytes(1)[0]&15]))
	if ev.Actor.Via == "" {
		ev.Actor.Via = jurat.ViaOperator
	}
	if f.order != nil {
		ev.Orders = append(ev.Orders, *f.order)
	}
	must(t, c.register.Write(context.Background(), func(tx *register.Tx) error {
		head, err := tx.Lock(ev.Incident)
		if err != nil {
			return err
		}
		draft, err := format.NewDraft(ev, rand.Reader)
		if err != nil {
			return err
		}
		place := format.Place{ID: ev.ID, At: ev.At, Incident: ev.Incident}
		if ev.Incident != "" {
			place.Seq, place.Prev = head.Seq+1+f.seq, head.Prev
			if f.prev {
				place.Prev = tlog.RecordHash([]byte("another"))
			}
		}
		if f.sign != nil {
			place.Proof = draft.Sign(cmp.Or(f.signer, ev.Actor.Person), *f.sign)
			if f.broken {
				place.Proof.Signature[5] ^= 1
			}
		}
		issuer := f.issuer
		if issuer == "" {
			issuer = c.log.Signer.Name()
		}
		sheet, err := draft.Place(place, issuer, rand.Reader)
		if err != nil {
			return err
		}
		return tx.Append(register.EventRow{
			ID: ev.ID, At: ev.At, Act: ev.Act, Incident: ev.Incident, Seq: head.Seq + 1, Item: ev.Item, Person: ev.Actor.Person,
			Leaf: sheet.Leaf, Claims: sheet.Claims, Open: sheet.Parts[jurat.ClassOpen],
		})
	}))
	return ev.ID
}

// record is a value of the record on the healthy record.
func (c *city) submission(person jurat.PersonID) jurat.Event {
	item := jurat.Item{Noun: jurat.NounRecord, ID: first + "-R1"}
	return jurat.Event{Act: jurat.RecordSubmitted, Incident: first, Item: item, Value: map[string]string{"id": first + "-R1"}, Actor: jurat.Actor{Person: person, Via: jurat.ViaKey}}
}

func TestWhatTheDeskWouldNotHaveWritten(t *testing.T) {
	stranger := ed25519.NewKeyFromSeed(randomBytes(32))
	house := func(act jurat.Act, noun jurat.Noun, id jurat.ItemID, value any) jurat.Event {
		return jurat.Event{Act: act, Item: jurat.Item{Noun: noun, ID: id}, Value: value}
	}
	forged := func(f forgery) func(*testing.T, *city) {
		return func(t *testing.T, c *city) { c.forge(t, f) }
	}
	c := &city{}
	run(t, []damage{
		{"a sworn act without a signature", forged(forgery{ev: c.submission("officer-4471")}), altered, "incident 2026-000001, event 9", "always has the person's own signature"},
		{"a sworn act signed by a key nobody recorded", forged(forgery{ev: c.submission("officer-4471"), sign: &stranger}), altered, "incident 2026-000001, event 9", "no event before it put on the record"},
		{"a sworn act whose signature is over another", func(t *testing.T, c *city) {
			c.open(t)
			_, err := c.desk.AddKey(context.Background(), desk.Caller{}, noon, "officer-4471", format.NewJWK(stranger.Public().(ed25519.PublicKey)).PersonKey())
			must(t, err)
			c.close(t)
			c.forge(t, forgery{ev: c.submission("officer-4471"), sign: &stranger, broken: true})
		}, altered, "incident 2026-000001, event 9", "the signature is not over this act"},
		{"a sworn act signed by somebody else", func(t *testing.T, c *city) {
			c.open(t)
			_, err := c.desk.AddKey(context.Background(), desk.Caller{}, noon, "supervisor-1102", format.NewJWK(stranger.Public().(ed25519.PublicKey)).PersonKey())
			must(t, err)
			c.close(t)
			c.forge(t, forgery{ev: c.submission("officer-4471"), sign: &stranger, signer: "supervisor-1102"})
		}, altered, "incident 2026-000001, event 9", "the act names officer-4471 and the proof is by supervisor-1102"},
		{"a key recorded after the act", func(t *testing.T, c *city) {
			c.forge(t, forgery{ev: c.submission("officer-4471"), sign: &stranger})
			c.open(t)
			defer c.close(t)
			_, err := c.desk.AddKey(context.Background(), desk.Caller{}, noon, "officer-4471", format.NewJWK(stranger.Public().(ed25519.PublicKey)).PersonKey())
			must(t, err)
			c.publish(t)
		}, altered, "incident 2026-000001, event 9", "only later"},
		{"an order that was not adopted", forged(forgery{
			ev:    jurat.Event{Act: "party.added", Incident: first, Item: jurat.Item{Noun: jurat.NounParty, ID: first + "-P9"}, Value: map[string]string{}},
			order: &jurat.OrderVersion{ID: "another", Digest: jurat.DigestOf([]byte("another"))},
		}), altered, "incident 2026-000001, event 9", "which no event before it adopted"},
		{"an adoption of another text", forged(forgery{ev: house(jurat.OrderAdopted, jurat.NounOrder, "another", jurat.Adoption{ID: "another", Text: "one", Digest: jurat.DigestOf([]byte("two")), At: noon})}), altered, "the house", "not the one its digest names"},
		{"an import with fewer rows than it says", forged(forgery{ev: house(jurat.ImportAdded, jurat.NounImport, "import-1", jurat.Import{ID: "import-1", Kind: "roster", Rows: json.RawMessage("[1]"), Accepted: 2})}), altered, "the house", "has not the 2 rows"},
		{"figures that are not those published", forged(forgery{ev: house(jurat.NumbersPublished, jurat.NounPublication, "publication-1", jurat.Published{ID: "publication-1", Period: "2026", Size: 1, Figures: "{}", Digest: jurat.DigestOf([]byte("{ }"))})}), altered, "the house", "not those its digest names"},
		{"a digest of journal lines that never were", forged(forgery{ev: house(jurat.JournalDigested, jurat.NounDigest, "journal", jurat.JournalDigest{From: 4, To: 9})}), altered, "the house", "the last line there is"},
		{"a digest that skips lines", forged(forgery{ev: house(jurat.JournalDigested, jurat.NounDigest, "journal", jurat.JournalDigest{From: 5, To: 5})}), altered, "the house", "the digest before it ended at line 3"},
		{"a rotation that nobody signed", forged(forgery{ev: house(jurat.KeyRotated, "key", "log", format.Rotation{Kind: format.KeyLog, Origin: "city.example/jurat", Old: "x", New: "y"})}), unsure, "the house", "rotation"},
		{"an end of the log that never was", forged(forgery{ev: house(jurat.LedgerContinued, "ledger", "log-1", map[string]any{"origin": "city.example/jurat"})}), altered, "ledger", "was continued"},
		{"a leaf of another log", forged(forgery{ev: house("person.added", jurat.NounPerson, "person-9", jurat.Person{ID: "person-9"}), issuer: "town.example/jurat"}), altered, "the house", "issued by town.example/jurat"},
		{"a number in the leaf that is not the row's", forged(forgery{ev: jurat.Event{Act: "party.added", Incident: first, Item: jurat.Item{Noun: jurat.NounParty, ID: first + "-P9"}, Value: map[string]string{}}, seq: 5}), altered, "incident 2026-000001, event 9", "number in its incident"},
		{"a leaf that follows another one", forged(forgery{ev: jurat.Event{Act: "party.added", Incident: first, Item: jurat.Item{Noun: jurat.NounParty, ID: first + "-P9"}, Value: map[string]string{}}, prev: true}), altered, "incident 2026-000001, event 9", "another one stood there"},
		{"an exhibit whose bytes became others", forged(forgery{ev: jurat.Event{Act: "exhibit.verified", Incident: first, Item: jurat.Item{Noun: jurat.NounExhibit, ID: first + "-E1"}, Value: jurat.Exhibit{ID: first + "-E1", Held: jurat.HeldHere, Digest: jurat.DigestOf([]byte("x")), Size: 5}}}), altered, "incident 2026-000001, event 9", "other of the bytes"},
		{"an exhibit held here that has no bytes", forged(forgery{ev: jurat.Event{Act: "exhibit.received", Incident: first, Item: jurat.Item{Noun: jurat.NounExhibit, ID: first + "-E9"}, Value: jurat.Exhibit{ID: first + "-E9", Held: jurat.HeldHere, Digest: jurat.DigestOf([]byte("x")), Size: 5}}}), altered, "exhibit 2026-000001-E9", "nothing says where its bytes are"},
		{"an exhibit held elsewhere that has bytes", func(t *testing.T, c *city) {
			c.forge(t, forgery{ev: jurat.Event{Act: "exhibit.located", Incident: first, Item: jurat.Item{Noun: jurat.NounExhibit, ID: first + "-E9"}, Value: jurat.Exhibit{ID: first + "-E9", Held: jurat.HeldElsewhere}}})
			c.sql(t, "insert into blob select '2026-000001-E9', incident, '00000000000000000000000000000000', size, digest, tag from blob where exhibit = '2026-000001-E1'")
		}, altered, "exhibit 2026-000001-E9", "held elsewhere"},
		{"an exhibit that is none", forged(forgery{ev: jurat.Event{Act: "exhibit.verified", Incident: first, Item: jurat.Item{Noun: jurat.NounExhibit, ID: first + "-E1"}, Value: []int{1}}}), altered, "exhibit 2026-000001-E1", "cannot be read"},
		{"an item of another incident", forged(forgery{ev: jurat.Event{Act: "party.added", Incident: first, Item: jurat.Item{Noun: jurat.NounParty, ID: second + "-P9000"}, Value: map[string]string{}}}), altered, "incident 2026-000001, event 9", "not of incident 2026-000001"},
	})
}
