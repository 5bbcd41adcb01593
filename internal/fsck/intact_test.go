package fsck_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/fsck"
	"jurat/internal/ledger"
	"jurat/internal/register"
	"jurat/internal/vault"
)

func wantNote(t *testing.T, r fsck.Report, text string) {
	t.Helper()
	wantIntact(t, r)
	if !slices.ContainsFunc(r.Notes, func(n string) bool { return strings.Contains(n, text) }) {
		t.Errorf("no note says %q:\n%s", text, printed(r))
	}
}

func TestAHealthyRecordIsIntact(t *testing.T) {
	c := copied(t)
	wantNote(t, c.check(t), "1 line of the security journal is not yet committed to")
	var read int64
	wantIntact(t, c.checkWith(t, func(r *fsck.Record) { r.Progress = func(n int64) { read = n } }))
	if want := int64(5 + 16384 + 200_000); read < want {
		t.Errorf("progress told of %d bytes; %d were received", read, want)
	}
}

// What folds to other letters is the register's to fold, and no false alarm.
func TestWordsInOtherLettersAreIntact(t *testing.T) {
	c := copied(t)
	c.open(t)
	for _, title := range []string{"Acme™ № 5 at ½ past", "Straße – “Köln”", "警察 stop", "x²", strings.Repeat("long", 40) + " a_b-c's", "ＦＵＬＬ ﬁle ℃"} {
		c.incident(t, title)
	}
	c.publish(t)
	c.close(t)
	wantIntact(t, c.check(t))
}

func TestARecordInUseIsIntact(t *testing.T) {
	c := copied(t)
	c.open(t)
	defer c.close(t)
	wantIntact(t, c.checkWith(t, func(r *fsck.Record) { r.Rows = c.register }))
}

func TestAnEmptyRecordIsIntact(t *testing.T) {
	c := newCity(t, t.TempDir())
	must(t, os.MkdirAll(c.path("ledger"), 0o755))
	c.close(t)
	wantIntact(t, c.check(t))
	c.remove(t, "ledger")
	wantIntact(t, c.check(t))
}

func TestEventsThatAwaitACheckpointAreNotes(t *testing.T) {
	c := copied(t)
	c.open(t)
	c.incident(t, "Late entry")
	c.close(t)
	wantNote(t, c.check(t), "1 event awaits a checkpoint")
}

// A program killed between the transaction that gives indexes and the
// checkpoint leaves a record that the next command finishes.
func TestWhatAKilledPublicationLeftIsANote(t *testing.T) {
	c := copied(t)
	must(t, os.CopyFS(c.path("before"), os.DirFS(c.path("ledger"))))
	c.open(t)
	c.incident(t, "Late entry")
	c.publish(t)
	c.close(t)
	tiles := c.path("tiles")
	must(t, os.Rename(c.path("ledger"), tiles))
	must(t, os.Rename(c.path("before"), c.path("ledger")))
	wantNote(t, c.check(t), "awaits a checkpoint")
	// The same with the tiles written, and the checkpoint not.
	note := c.read(t, "ledger/checkpoint")
	c.remove(t, "ledger")
	must(t, os.Rename(tiles, c.path("ledger")))
	c.write(t, "ledger/checkpoint", note)
	wantNote(t, c.check(t), "awaits a checkpoint")
	c.open(t)
	c.publish(t)
	c.close(t)
	wantIntact(t, c.check(t))
}

func TestTheFirstPublicationCutShortIsANote(t *testing.T) {
	c := newCity(t, t.TempDir())
	c.house(t)
	c.publish(t)
	c.close(t)
	c.remove(t, "ledger/checkpoint")
	wantNote(t, c.check(t), "no checkpoint was published yet")
}

func TestLitterIsANote(t *testing.T) {
	c := copied(t)
	id := strings.Repeat("ab", 16)
	c.write(t, "vault/ab/"+id, []byte("an orphan"))
	c.write(t, "vault/ab/"+strings.Repeat("ac", 16)+".tmp", []byte("foreign: in the wrong folder"))
	c.write(t, "vault/ac/"+strings.Repeat("ac", 16)+".tmp", []byte("a draft"))
	c.write(t, "ledger/tile/.checkpoint.123.tmp", []byte("x"))
	r := c.check(t)
	wantNote(t, r, "1 blob in the vault that no exhibit names: "+id)
	wantNote(t, r, "1 draft in the vault")
	wantNote(t, r, "1 file in the vault that is none of its own")
	wantNote(t, r, "ledger/tile/.checkpoint.123.tmp was left by a program that was killed")
}

func TestACopyWithoutSupersededTilesIsIntact(t *testing.T) {
	c := copied(t)
	all := c.partials(t, "0")
	c.remove(t, all[0])
	wantNote(t, c.check(t), "1 partial tile of sizes once published is not in the folder")
}

func TestTheMirrorIsALedgerFolder(t *testing.T) {
	c := copied(t)
	c.remove(t, "ledger")
	must(t, os.Rename(c.path("mirror"), c.path("ledger")))
	r := c.check(t)
	wantIntact(t, r)
	if !slices.ContainsFunc(r.NotChecked, func(s string) bool { return strings.Contains(s, "it is not there") }) {
		t.Errorf("nothing says that the mirror is away:\n%s", printed(r))
	}
}

// Who can write the database could erase what is inconvenient and mark it as
// disposed of. Only two people's disposal on the record makes it one. (That a
// disposal carried out at the desk is intact is a test of the desk.)
func TestWhatWasErasedWithoutADisposalIsAltered(t *testing.T) {
	c := copied(t)
	c.open(t)
	ctx := context.Background()
	blob := c.one(t, "select id from blob where exhibit = '2026-000001-E1'")
	must(t, c.register.Write(ctx, func(tx *register.Tx) error {
		if _, err := tx.Lock(first); err != nil {
			return err
		}
		var events []jurat.EventID
		for _, item := range []jurat.Item{{Noun: jurat.NounExhibit, ID: first + "-E1"}, {Noun: jurat.NounRecord, ID: first + "-R1"}} {
			rows, err := tx.EventsOf(item)
			if err != nil {
				return err
			}
			for _, e := range rows {
				events = append(events, e.ID)
			}
		}
		return tx.EraseParts(events, jurat.Classes[:])
	}))
	must(t, c.register.Scrub(ctx))
	c.close(t)
	c.remove(t, "vault/"+blob[:2]+"/"+blob)
	r := c.check(t)
	wantFinding(t, r, altered, "item exhibit 2026-000001-E1", "no disposal on the record says so")
	wantFinding(t, r, altered, "item record 2026-000001-R1", "no disposal on the record says so")
}

// Whoever can write the database could make a whole incident unprovable. Only a
// court's order that two people carried out makes that an expungement.
func TestClaimsErasedWithoutAWritAreAltered(t *testing.T) {
	c := copied(t)
	c.open(t)
	must(t, c.register.Write(context.Background(), func(tx *register.Tx) error {
		if _, err := tx.Lock(first); err != nil {
			return err
		}
		rows, err := tx.Events(first)
		var events []jurat.EventID
		for _, e := range rows {
			events = append(events, e.ID)
		}
		if err != nil {
			return err
		}
		return tx.EraseClaims(events)
	}))
	c.close(t)
	wantFinding(t, c.check(t), altered, "incident 2026-000001", "the claims of 9 events are gone, and no court's order on the record says so")
}

// setBack gives a record whose database is older than its ledger by some
// events.
func setBack(t *testing.T) *city {
	c := copied(t)
	old := c.read(t, "register.sqlite")
	c.open(t)
	c.incident(t, "Lost one")
	c.publish(t)
	c.close(t)
	c.write(t, "register.sqlite", old)
	for _, s := range []string{"-wal", "-shm"} {
		c.remove(t, "register.sqlite"+s)
	}
	return c
}

func TestARecordThatWasSetBackIsAltered(t *testing.T) {
	c := setBack(t)
	r := c.check(t)
	wantFinding(t, r, altered, "ledger/checkpoint", "the record was set back")
	wantFinding(t, r, altered, "ledger/tile/0/001.p/", "the record was set back")
}

func TestAMirrorAheadOfTheRecordIsAltered(t *testing.T) {
	c := setBack(t)
	c.remove(t, "mirror")
	must(t, os.Rename(c.path("ledger"), c.path("mirror")))
	must(t, os.CopyFS(c.path("ledger"), os.DirFS(filepath.Join(healthy.dir, "ledger"))))
	wantFinding(t, c.check(t), altered, "mirror/checkpoint", "the record was set back")
}

func TestLeavesWhoseEventsAreLostAreToldAndNotCalledIntact(t *testing.T) {
	c := setBack(t)
	c.open(t)
	_, err := c.ledger.Recover(context.Background(), c.path("ledger"))
	must(t, err)
	c.incident(t, "After it")
	c.publish(t)
	c.close(t)
	r := c.check(t)
	wantFinding(t, r, unsure, "ledger", "1 leaf was recovered from a mirror, and the events they commit to are lost: 300")
	if len(r.Findings) != 1 {
		t.Errorf("more is found:\n%s", printed(r))
	}
}

func TestALogThatWasContinuedIsIntact(t *testing.T) {
	c := setBack(t)
	must(t, os.CopyFS(c.path("ahead"), os.DirFS(c.path("ledger"))))
	ctx := context.Background()
	next, _, err := ledger.NewKey("city.example/jurat-2", rand.Reader)
	must(t, err)
	c.open(t)
	l, gap, err := c.desk.ContinueLedger(ctx, desk.Caller{}, noon, c.read(t, "ledger/checkpoint"), next)
	must(t, err)
	must(t, l.Close())
	must(t, c.register.Close())
	if gap.Kept >= gap.Size {
		t.Fatalf("nothing was lost: %+v", gap)
	}
	c.log = next
	r := c.check(t)
	wantNote(t, r, "ledger/past/0/checkpoint is of leaves the record lost")
	begun := t.TempDir()
	must(t, os.CopyFS(begun, os.DirFS(c.dir)))
	c.open(t)
	c.incident(t, "In the new log")
	c.publish(t)
	c.close(t)
	wantIntact(t, c.check(t))

	t.Run("a byte of an ended log", func(t *testing.T) {
		c.flip(t, "ledger/past/0/tile/0/000", 77)
		defer c.flip(t, "ledger/past/0/tile/0/000", 77)
		wantFinding(t, c.check(t), altered, "ledger/past/0/tile/0/000", "not those the rows give")
	})
	t.Run("the checkpoint of an ended log", func(t *testing.T) {
		c.flip(t, "ledger/past/0/checkpoint", -8)
		defer c.flip(t, "ledger/past/0/checkpoint", -8)
		wantFinding(t, c.check(t), altered, "ledger/past/0/checkpoint", "not what the log's key signed")
	})
	t.Run("the key of an ended log", func(t *testing.T) {
		old := c.read(t, "ledger/past/0/log.pub")
		defer c.write(t, "ledger/past/0/log.pub", old)
		other, _, err := ledger.NewKey("city.example/jurat", rand.Reader)
		must(t, err)
		c.write(t, "ledger/past/0/log.pub", []byte(other.Public+"\n"))
		wantFinding(t, c.check(t), altered, "the house", "not what the key of the log that ended signed")
	})
	t.Run("another log than the one that was to come", func(t *testing.T) {
		other, _, err := ledger.NewKey("city.example/jurat-2", rand.Reader)
		must(t, err)
		r := c.checkWith(t, func(r *fsck.Record) { r.LogKey = other.Public })
		hasFinding(t, r, altered, "the house", "begins with another key")
		hasFinding(t, r, altered, "ledger/checkpoint", "not by the log's key")
	})
	t.Run("no key of an ended log", func(t *testing.T) {
		old := c.read(t, "ledger/past/0/log.pub")
		defer c.write(t, "ledger/past/0/log.pub", old)
		c.remove(t, "ledger/past/0/log.pub")
		r := c.check(t)
		hasFinding(t, r, unsure, "the house", "no key of the log that ended")
		hasFinding(t, r, altered, "ledger/past/0/log.pub", "missing")
	})
	t.Run("the key of another log with an ended one", func(t *testing.T) {
		old := c.read(t, "ledger/past/0/log.pub")
		defer c.write(t, "ledger/past/0/log.pub", old)
		c.write(t, "ledger/past/0/log.pub", []byte(c.log.Public+"\n"))
		hasFinding(t, c.check(t), altered, "the house", "it declares the end of the log city.example/jurat, and that of city.example/jurat-2 lies in past/")
	})
	t.Run("no event that declares the end", func(t *testing.T) {
		c := *c
		dir := t.TempDir()
		must(t, os.CopyFS(dir, os.DirFS(c.dir)))
		c.dir = dir
		c.sql(t, "delete from event where id in (select event from disclosure where act = 'ledger.continued')", "delete from disclosure where act = 'ledger.continued'")
		hasFinding(t, c.check(t), altered, "ledger", "no event on the record declares how")
	})
	t.Run("the files of the ended log not yet moved", func(t *testing.T) {
		c := *c
		c.dir = begun
		c.sql(t, "insert into pending (event) select event from leaf_index where log = 1 and idx > 0 order by idx",
			"delete from leaf_index where log = 1 and idx > 0", "delete from tree_head where log = 1 and size > 1")
		must(t, os.Rename(c.path("ledger/past/0"), c.path("moved")))
		c.remove(t, "ledger")
		must(t, os.Rename(c.path("moved"), c.path("ledger")))
		wantNote(t, c.check(t), "not yet moved to past/")
		must(t, os.Mkdir(c.path("ledger/ending"), 0o755))
		must(t, os.Rename(c.path("ledger/tile"), c.path("ledger/ending/tile")))
		wantNote(t, c.check(t), "not yet moved to past/")
		c.flip(t, "ledger/ending/tile/0/000", 9)
		wantFinding(t, c.check(t), altered, "ledger/ending/tile/0/000", "not those the rows give")
	})
}

func TestARotatedKeyIsIntact(t *testing.T) {
	c := copied(t)
	seed := randomBytes(32)
	newKey := ed25519.NewKeyFromSeed(seed)
	public, err := format.LogKey("city.example/jurat", newKey.Public().(ed25519.PublicKey))
	must(t, err)
	parts := strings.SplitN(public, "+", 3)
	next, err := ledger.ParseKey("PRIVATE+KEY+" + parts[0] + "+" + parts[1] + "+" + base64.StdEncoding.EncodeToString(append([]byte{1}, seed...)))
	must(t, err)
	rotation, err := format.SignRotation(format.KeyLog, "city.example/jurat", "city.example/jurat", c.logPrivate(t), newKey)
	must(t, err)
	c.open(t)
	id := c.append(t, forgery{ev: jurat.Event{Act: jurat.KeyRotated, Item: jurat.Item{Noun: "key", ID: "log"}, Value: rotation}})
	must(t, c.ledger.Rotate(context.Background(), rotation, id, next))
	c.close(t)
	old := c.log
	c.log = next
	wantIntact(t, c.check(t))
	c.open(t)
	c.incident(t, "Under the new key")
	c.publish(t)
	c.close(t)
	wantIntact(t, c.check(t))
	list := c.read(t, "ledger/keys.jsonl")
	keys, err := format.ParseKeys(list)
	must(t, err)
	at := slices.IndexFunc(keys, func(k format.Key) bool { return k.Kind == format.KeyLog && k.To != format.InForce })
	keys[at].To, keys[len(keys)-1].From = 5, 5
	early, err := format.MarshalKeys(keys)
	must(t, err)
	c.write(t, "ledger/keys.jsonl", early)
	wantFinding(t, c.check(t), altered, "ledger/keys.jsonl", "before its rotation")
	c.write(t, "ledger/keys.jsonl", list)
	c.write(t, "ledger/log.pub", []byte(old.Public+"\n"))
	wantNote(t, c.check(t), "the next publication finishes the rotation")
}

// disposing is a vault from which an exhibit is disposed of just before it is
// read.
type disposing struct {
	vault.Store
	dispose func(vault.BlobID)
}

func (d disposing) Open(ctx context.Context, id vault.BlobID) (vault.Object, error) {
	d.dispose(id)
	return d.Store.Open(ctx, id)
}

func TestAnExhibitDisposedOfMeanwhileIsANote(t *testing.T) {
	c := copied(t)
	c.open(t)
	defer c.close(t)
	blob := vault.BlobID(c.one(t, "select id from blob where exhibit = '2026-000001-E1'"))
	r := fsck.Check(t.Context(), fsck.Record{
		Rows: c.register, Ledger: c.path("ledger"), KEK: c.kek, Duplicates: c.dup, LogKey: c.log.Public,
		Blobs: disposing{c.store, func(id vault.BlobID) {
			if id != blob {
				return
			}
			must(t, c.register.Write(context.Background(), func(tx *register.Tx) error {
				if _, err := tx.Lock(first); err != nil {
					return err
				}
				rows, err := tx.EventsOf(jurat.Item{Noun: jurat.NounExhibit, ID: first + "-E1"})
				if err != nil {
					return err
				}
				return tx.EraseParts([]jurat.EventID{rows[0].ID}, jurat.Classes[:])
			}))
			must(t, c.store.Remove(context.Background(), id))
		}},
	})
	wantNote(t, r, "exhibit 2026-000001-E1 was disposed of while it was checked")
	if !slices.ContainsFunc(r.NotChecked, func(s string) bool { return strings.Contains(s, "the office, witness and age keys") }) {
		t.Errorf("nothing says that the public keys were not compared:\n%s", printed(r))
	}
}
