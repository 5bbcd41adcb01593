package fsck_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"strings"
	"testing"

	"jurat"
	"jurat/format"
	"jurat/internal/fsck"
	"jurat/internal/ledger"
	"jurat/internal/register"
	"jurat/internal/vault"
)

// What is wrong with the keys at hand is not wrong with the record.
func TestAWrongKeyIsCouldNotTell(t *testing.T) {
	other, _, err := ledger.NewKey("city.example/jurat", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name   string
		change func(*fsck.Record)
		what   string
	}{
		{"another wrapping key", func(r *fsck.Record) { r.KEK = randomBytes(32) }, "opens none of"},
		{"no wrapping key", func(r *fsck.Record) { r.KEK = nil }, "the wrapping key is not at hand"},
		{"a short wrapping key", func(r *fsck.Record) { r.KEK = randomBytes(16) }, "16 bytes"},
		{"another duplicates key", func(r *fsck.Record) { r.Duplicates = randomBytes(32) }, "gives none of 4 tags"},
		{"no duplicates key", func(r *fsck.Record) { r.Duplicates = nil }, "the duplicates key is not at hand"},
		{"the keys of another record", func(r *fsck.Record) {
			r.LogKey, r.KEK, r.Duplicates, r.Keys = other.Public, randomBytes(32), randomBytes(32), nil
		}, "either it was replaced, or the keys at hand are not this record's"},
		{"a log key that is none", func(r *fsck.Record) { r.LogKey = "?" }, "cannot be read"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			wantFinding(t, copied(t).checkWith(t, tc.change), unsure, "", tc.what)
		})
	}
}

func TestTheKeyListIsComparedWithTheKeysAtHand(t *testing.T) {
	list := func(change func(k *format.Key)) func(*testing.T, *city) {
		return func(t *testing.T, c *city) {
			keys, err := format.ParseKeys(c.read(t, "ledger/keys.jsonl"))
			must(t, err)
			for i := range keys {
				change(&keys[i])
			}
			b, err := format.MarshalKeys(keys)
			must(t, err)
			c.write(t, "ledger/keys.jsonl", b)
		}
	}
	replace := func(kind format.KeyKind, public string) func(*testing.T, *city) {
		return list(func(k *format.Key) {
			if k.Kind == kind {
				k.Public = public
			}
		})
	}
	other, _, err := ledger.NewKey("city.example/jurat", rand.Reader)
	must(t, err)
	office, _, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	run(t, []damage{
		{"another office key", replace(format.KeyOffice, format.NewJWK(office).X), altered, "ledger/keys.jsonl", "office key in force is not the one"},
		{"another log key", replace(format.KeyLog, other.Public), altered, "ledger/keys.jsonl", "which is not the log's"},
		{"a log that somebody else signed", func(t *testing.T, c *city) {
			head, err := format.ParseCheckpoint(c.read(t, "ledger/checkpoint"))
			must(t, err)
			msg, err := head.Sign(other.Signer)
			must(t, err)
			c.write(t, "ledger/checkpoint", msg)
			c.write(t, "ledger/log.pub", []byte(other.Public+"\n"))
			replace(format.KeyLog, other.Public)(t, c)
		}, altered, "ledger/checkpoint", "not by the log's key"},
		{"another wrapping key", replace(format.KeyWrapping, "0000000000000000"), altered, "ledger/keys.jsonl", "the one the record was written with"},
		{"another duplicates key", replace(format.KeyDuplicates, "0000000000000000"), altered, "ledger/keys.jsonl", "the one the record was written with"},
		{"an office key that ended", list(func(k *format.Key) {
			if k.Kind == format.KeyOffice {
				k.To = 12
			}
		}), altered, "ledger/keys.jsonl", "no office key in force"},
		{"a rotation that is not on the record", func(t *testing.T, c *city) {
			keys, err := format.ParseKeys(c.read(t, "ledger/keys.jsonl"))
			must(t, err)
			keys[0].To = 12
			b, err := format.MarshalKeys(append(keys, format.Key{Kind: format.KeyLog, Public: other.Public, From: 12, To: format.InForce}))
			must(t, err)
			c.write(t, "ledger/keys.jsonl", b)
		}, altered, "ledger/keys.jsonl", "leads from one log key to the next"},
		{"the last key began late", list(func(k *format.Key) {
			if k.Kind == format.KeyDuplicates {
				k.From = 12
			}
		}), altered, "ledger/keys.jsonl", "in force only from leaf 12 on"},
		{"a log key that ended", list(func(k *format.Key) {
			if k.Kind == format.KeyLog {
				k.To = 12
			}
		}), altered, "ledger/keys.jsonl", "no log key in force"},
		{"the key file of another log", func(t *testing.T, c *city) { c.write(t, "ledger/log.pub", []byte(other.Public+"\n")) }, altered, "ledger/log.pub", "not the log's key"},
		{"a list that is none", func(t *testing.T, c *city) { c.write(t, "ledger/keys.jsonl", []byte("{}\n")) }, altered, "ledger/keys.jsonl", "not a list of keys"},
	})
}

// A database that is none, a disk that is away.
func TestWhatCannotBeReadIsCouldNotTell(t *testing.T) {
	run(t, []damage{
		{"the register removed", func(t *testing.T, c *city) { c.remove(t, "register.sqlite") }, unsure, "register", ""},
		{"the register replaced", func(t *testing.T, c *city) {
			c.write(t, "register.sqlite", []byte(strings.Repeat("not a database", 1000)))
		}, unsure, "register", ""},
		{"a page of the register overwritten", func(t *testing.T, c *city) {
			b := c.read(t, "register.sqlite")
			for i := len(b) / 4; i < len(b)*3/4; i++ {
				b[i] = 0xff
			}
			c.write(t, "register.sqlite", b)
		}, unsure, "register", "database"},
		{"the vault removed", func(t *testing.T, c *city) { c.remove(t, "vault") }, unsure, "vault", "could not be opened"},
	})
	t.Run("nothing at all", func(t *testing.T) {
		wantFinding(t, fsck.Check(t.Context(), fsck.Record{}), unsure, "register", "could not be opened")
	})
	for _, name := range []string{"checkpoint", "log.pub", "keys.jsonl", "tile/0/000", "tile/entries/000", "tile/1/000.p/1", "tile", "tile/0", "tile/entries/001.p"} {
		t.Run("unreadable "+name, func(t *testing.T) {
			t.Parallel()
			c := copied(t)
			r := c.checkWith(t, func(r *fsck.Record) {
				r.Through(func(dir string) fs.FS { return unreadable{os.DirFS(dir), name} })
			})
			wantFinding(t, r, unsure, "ledger/"+name, "cable pulled")
		})
	}
	t.Run("unreadable vault", func(t *testing.T) {
		c := copied(t)
		r := c.checkWith(t, func(r *fsck.Record) { r.Blobs = pulled{r.Blobs, 0} })
		wantFinding(t, r, unsure, "exhibit 2026-000001-E4", "cable pulled")
	})
	t.Run("a vault that opens nothing", func(t *testing.T) {
		c := copied(t)
		r := c.checkWith(t, func(r *fsck.Record) { r.Blobs = pulled{r.Blobs, -1} })
		wantFinding(t, r, unsure, "exhibit 2026-000001-E4", "cable pulled")
	})
	t.Run("a vault that cannot be listed", func(t *testing.T) {
		c := copied(t)
		r := c.checkWith(t, func(r *fsck.Record) { r.Blobs = unlisted{r.Blobs} })
		wantFinding(t, r, unsure, "vault", "cable pulled")
		if n := len(r.Findings); n != 2 {
			t.Errorf("%d findings:\n%s", n, printed(r))
		}
	})
	t.Run("a vault that fails within an exhibit", func(t *testing.T) {
		c := copied(t)
		r := c.checkWith(t, func(r *fsck.Record) { r.Blobs = pulled{r.Blobs, 60} })
		wantFinding(t, r, unsure, "exhibit 2026-000001-E4", "cable pulled")
	})
	t.Run("a check that is stopped", func(t *testing.T) {
		c := copied(t)
		rows, err := register.ReadSQLite(t.Context(), c.path("register.sqlite"))
		must(t, err)
		defer rows.Close()
		ctx, stop := context.WithCancel(t.Context())
		stop()
		if r := fsck.Check(ctx, fsck.Record{Rows: rows, Ledger: c.path("ledger"), KEK: c.kek, Duplicates: c.dup, LogKey: c.log.Public}); r.Answer != unsure {
			t.Errorf("answer %s:\n%s", r.Answer, printed(r))
		}
	})
}

var errPulled = errors.New("cable pulled")

// unreadable is a folder one file of which cannot be read.
type unreadable struct {
	fs.FS
	name string
}

func (u unreadable) Open(name string) (fs.File, error) {
	if name == u.name {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errPulled}
	}
	return u.FS.Open(name)
}

// pulled is a vault whose objects cannot be read beyond some bytes.
type pulled struct {
	vault.Store
	after int64
}

type pulledObject struct {
	vault.Object
	after int64
}

func (p pulled) Open(ctx context.Context, id vault.BlobID) (vault.Object, error) {
	if p.after < 0 {
		return nil, jurat.Because(jurat.Unavailable, errPulled, "the disk does not answer")
	}
	o, err := p.Store.Open(ctx, id)
	return pulledObject{o, p.after}, err
}

func (o pulledObject) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > o.after {
		return 0, jurat.Because(jurat.Unavailable, errPulled, "the disk does not answer")
	}
	n, err := o.Object.ReadAt(p, off)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

// Cosignatures and what they are over.
func TestAnchors(t *testing.T) {
	c := copied(t)
	_, secret, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	vkey, err := format.WitnessKey("witness.example/1", secret.Public().(ed25519.PublicKey))
	must(t, err)
	cosigned, err := format.Cosign(c.read(t, "ledger/checkpoint"), "witness.example/1", secret, noon)
	must(t, err)
	c.open(t)
	_, err = c.ledger.Import(context.Background(), cosigned, format.Trust{Witnesses: []string{vkey}})
	must(t, err)
	c.close(t)
	if !strings.Contains(string(c.read(t, "ledger/checkpoint")), "witness.example/1") {
		t.Fatal("the checkpoint has no cosignature")
	}
	r := c.check(t)
	wantIntact(t, r)
	if !strings.Contains(printed(r), "not checked: the signature by witness.example/1") {
		t.Errorf("nothing says that the witness's key is not at hand:\n%s", printed(r))
	}
	all, err := fs.Glob(os.DirFS(c.dir), "ledger/anchors/*.checkpoint")
	must(t, err)
	anchor := all[0]
	whole := c.read(t, anchor)
	for i := range whole[:len(whole)-120] {
		b := append([]byte{}, whole...)
		b[i] ^= 1
		if i%7 != 0 {
			continue
		}
		c.write(t, anchor, b)
		if r := c.check(t); r.Answer != altered {
			t.Errorf("byte %d (%q): %s\n%s", i, whole[i], r.Answer, printed(r))
		}
	}
	c.write(t, anchor, whole)
	through := func(name string) fsck.Report {
		return c.checkWith(t, func(r *fsck.Record) {
			r.Through(func(dir string) fs.FS { return unreadable{os.DirFS(dir), strings.TrimPrefix(name, "ledger/")} })
		})
	}
	wantFinding(t, through(anchor), unsure, anchor, "cable pulled")

	token := []byte("this is no token")
	stem := strings.TrimSuffix(anchor, ".checkpoint")
	right := stem + "-" + jurat.DigestOf(token).Hex()[:16] + ".tsr"
	c.write(t, right, token)
	wantFinding(t, c.check(t), unsure, right, "time-stamp")
	wantFinding(t, through(right), unsure, right, "cable pulled")
	must(t, os.Rename(c.path(right), c.path(stem+"-0123456789abcdef.tsr")))
	wantFinding(t, c.check(t), altered, stem, "not the token that was imported")
	c.remove(t, stem+"-0123456789abcdef.tsr")
	lonely := "ledger/anchors/3-0000000000000000-" + jurat.DigestOf(token).Hex()[:16] + ".tsr"
	c.write(t, lonely, token)
	wantFinding(t, c.check(t), altered, "ledger/anchors/3-0000000000000000.checkpoint", "the file is missing")
	c.remove(t, lonely)

	must(t, os.Rename(c.path(anchor), c.path("ledger/anchors/1-0000000000000000.checkpoint")))
	wantFinding(t, c.check(t), altered, "ledger/anchors/1-0000000000000000.checkpoint", "whose name would be")
	wantFinding(t, c.check(t), altered, "ledger/checkpoint", "not imported")
}

// unlisted is a vault that does not say what is in it.
type unlisted struct{ vault.Store }

func (u unlisted) Blobs(context.Context) iter.Seq2[vault.Stored, error] {
	return func(yield func(vault.Stored, error) bool) { yield(vault.Stored{}, errPulled) }
}

func (u unlisted) Litter(context.Context) iter.Seq2[vault.Litter, error] {
	return func(yield func(vault.Litter, error) bool) { yield(vault.Litter{}, errPulled) }
}
