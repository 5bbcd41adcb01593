package fsck_test

import (
	"bytes"
	"crypto/rand"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"jurat/format"
	"jurat/internal/fsck"
	"jurat/internal/ledger"
)

// another is a different character of base64: a signature stays one in form.
func another(c byte) byte {
	if c == 'A' {
		return 'B'
	}
	return 'A'
}

// triggers are the statements that take the database's guards away.
func triggers(t *testing.T, db *sql.DB) (drop []string) {
	t.Helper()
	rows, err := db.Query("select name from sqlite_schema where type = 'trigger' and tbl_name <> 'search_doc'")
	must(t, err)
	defer rows.Close()
	for rows.Next() {
		var name string
		must(t, rows.Scan(&name))
		drop = append(drop, "drop trigger "+name)
	}
	must(t, rows.Err())
	return drop
}

// sql runs statements on the database as somebody would who is not this
// program: without its triggers and its foreign keys.
func (c *city) sql(t *testing.T, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+c.path("register.sqlite"))
	must(t, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	drop := triggers(t, db)
	for _, s := range append(drop, statements...) {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// one gives one value of the database as text.
func (c *city) one(t *testing.T, query string) string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+c.path("register.sqlite"))
	must(t, err)
	defer db.Close()
	var s string
	must(t, db.QueryRow(query).Scan(&s))
	return s
}

// flip changes one bit of a file; at counts from the end when negative.
func (c *city) flip(t *testing.T, name string, at int) {
	t.Helper()
	b, err := os.ReadFile(c.path(name))
	must(t, err)
	if at < 0 {
		at += len(b)
	}
	b[at] ^= 1
	must(t, os.WriteFile(c.path(name), b, 0o600))
}

func (c *city) write(t *testing.T, name string, b []byte) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(c.path(name)), 0o755))
	must(t, os.WriteFile(c.path(name), b, 0o600))
}

func (c *city) read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(c.path(name))
	must(t, err)
	return b
}

func (c *city) remove(t *testing.T, name string) {
	t.Helper()
	must(t, os.RemoveAll(c.path(name)))
}

// partials names the partial tiles of a level, the narrowest first.
func (c *city) partials(t *testing.T, level string) []string {
	t.Helper()
	all, err := filepath.Glob(c.path("ledger/tile/" + level + "/*.p/*"))
	must(t, err)
	if len(all) < 2 {
		t.Fatalf("there are %d partial tiles of level %s", len(all), level)
	}
	for i := range all {
		all[i], _ = filepath.Rel(c.dir, all[i])
	}
	return all
}

// blob names the file of an exhibit's sealed bytes.
func (c *city) blob(t *testing.T, exhibit string) string {
	t.Helper()
	id := c.one(t, "select id from blob where exhibit = '"+exhibit+"'")
	return "vault/" + id[:2] + "/" + id
}

// A damage is done to a copy of the healthy record.
type damage struct {
	name   string
	do     func(t *testing.T, c *city)
	answer string
	where  string // in the place of a finding
	what   string // in its sentence
}

func run(t *testing.T, table []damage) {
	for _, d := range table {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			c := copied(t)
			d.do(t, c)
			wantFinding(t, c.check(t), d.answer, d.where, d.what)
		})
	}
}

func wantFinding(t *testing.T, r fsck.Report, answer, where, what string) {
	t.Helper()
	if r.Answer != answer {
		t.Fatalf("answer %s, want %s:\n%s", r.Answer, answer, printed(r))
	}
	hasFinding(t, r, answer, where, what)
}

// hasFinding looks for a finding, whatever the answer over all is.
func hasFinding(t *testing.T, r fsck.Report, answer, where, what string) {
	t.Helper()
	for _, f := range r.Findings {
		if f.Answer == answer && strings.Contains(f.Where, where) && strings.Contains(f.What, what) {
			return
		}
	}
	t.Fatalf("no finding at %q saying %q:\n%s", where, what, printed(r))
}

const (
	altered = fsck.Altered
	unsure  = fsck.Unsure
)

func TestDamageToTheFilesOfTheLedger(t *testing.T) {
	run(t, []damage{
		{"a byte of a full tile", func(t *testing.T, c *city) { c.flip(t, "ledger/tile/0/000", 4000) }, altered, "ledger/tile/0/000", "not those the rows give"},
		{"a byte of a partial tile of a higher level", func(t *testing.T, c *city) { c.flip(t, "ledger/tile/1/000.p/1", 3) }, altered, "ledger/tile/1/000.p/1", "not those the rows give"},
		{"a byte of a superseded partial tile", func(t *testing.T, c *city) { c.flip(t, c.partials(t, "0")[0], 0) }, altered, "ledger/tile/0/001.p/", "not those the rows give"},
		{"a byte of a full bundle", func(t *testing.T, c *city) { c.flip(t, "ledger/tile/entries/000", 100_000) }, altered, "ledger/tile/entries/000", "not those the rows give"},
		{"a byte of a superseded bundle", func(t *testing.T, c *city) { c.flip(t, c.partials(t, "entries")[0], 700) }, altered, "ledger/tile/entries/001.p/", "not those the rows give"},
		{"a tile cut short", func(t *testing.T, c *city) { must(t, os.Truncate(c.path("ledger/tile/0/000"), 8191)) }, altered, "ledger/tile/0/000", "not those the rows give"},
		{"a tile made longer", func(t *testing.T, c *city) {
			c.write(t, "ledger/tile/0/000", append(c.read(t, "ledger/tile/0/000"), 0))
		}, altered, "ledger/tile/0/000", "not those the rows give"},
		{"an empty tile", func(t *testing.T, c *city) { must(t, os.Truncate(c.path("ledger/tile/0/000"), 0)) }, altered, "ledger/tile/0/000", "not those the rows give"},
		{"a full tile removed", func(t *testing.T, c *city) { c.remove(t, "ledger/tile/0/000") }, altered, "ledger/tile/0/000", "missing"},
		{"a bundle removed", func(t *testing.T, c *city) { c.remove(t, "ledger/tile/entries/000") }, altered, "ledger/tile/entries/000", "missing"},
		{"the partial tile under the checkpoint removed", func(t *testing.T, c *city) { all := c.partials(t, "0"); c.remove(t, all[len(all)-1]) }, altered, "ledger/tile/0/001.p/", "missing"},
		{"all tiles removed", func(t *testing.T, c *city) { c.remove(t, "ledger/tile") }, altered, "ledger/tile/1/000.p/1", "missing"},
		{"a tile that is a link", func(t *testing.T, c *city) {
			must(t, os.Rename(c.path("ledger/tile/0/000"), c.path("elsewhere")))
			must(t, os.Symlink(c.path("elsewhere"), c.path("ledger/tile/0/000")))
		}, altered, "ledger/tile/0/000", "not a file"},
		{"a partial tile of a size that was never published", func(t *testing.T, c *city) {
			c.write(t, "ledger/tile/0/000.p/99", c.read(t, "ledger/tile/0/000")[:99*32])
		}, altered, "ledger/tile/0/000.p/99", "no checkpoint was ever made"},
		{"a partial tile beyond the head", func(t *testing.T, c *city) {
			c.write(t, "ledger/tile/0/001.p/200", make([]byte, 200*32))
		}, altered, "ledger/tile/0/001.p/200", "set back"},
		{"a full tile beyond the head", func(t *testing.T, c *city) { c.write(t, "ledger/tile/0/007", make([]byte, 8192)) }, altered, "ledger/tile/0/007", "set back"},
		{"an extra file", func(t *testing.T, c *city) { c.write(t, "ledger/readme.txt", []byte("hello")) }, altered, "ledger/readme.txt", "no such file"},
		{"an extra file among the tiles", func(t *testing.T, c *city) { c.write(t, "ledger/tile/0/1", []byte("hello")) }, altered, "ledger/tile/0/1", "no such file"},
		{"an extra file among the anchors", func(t *testing.T, c *city) { c.write(t, "ledger/anchors/note", []byte("hello")) }, altered, "ledger/anchors/note", "no such file"},
		{"files of a log that never was", func(t *testing.T, c *city) { c.write(t, "ledger/past/0/checkpoint", []byte("hello")) }, altered, "ledger/past/0/checkpoint", "no such file"},
		{"folders of many logs that never were, on their way", func(t *testing.T, c *city) {
			for _, n := range []string{"past/0", "past/1", "past/9", "ending"} {
				c.write(t, "ledger/"+n+"/checkpoint", []byte("hello"))
			}
		}, altered, "ledger/past/9/checkpoint", "no such file"},
		{"the checkpoint removed", func(t *testing.T, c *city) { c.remove(t, "ledger/checkpoint") }, altered, "ledger/checkpoint", "missing"},
		{"the checkpoint emptied", func(t *testing.T, c *city) { must(t, os.Truncate(c.path("ledger/checkpoint"), 0)) }, altered, "ledger/checkpoint", "not what the log's key signed"},
		{"a second signature of the same name", func(t *testing.T, c *city) {
			note := c.read(t, "ledger/checkpoint")
			line := note[bytes.Index(note, []byte("\n\n"))+2:]
			line = append([]byte{}, line...)
			line[len(line)-10] = another(line[len(line)-10])
			c.write(t, "ledger/checkpoint", append(note, line...))
		}, altered, "ledger/checkpoint", "signed twice"},
		{"a signature nobody imported", func(t *testing.T, c *city) {
			c.write(t, "ledger/checkpoint", append(c.read(t, "ledger/checkpoint"), "— witness.example AAAAAAAAAAAAAAAA\n"...))
		}, altered, "ledger/checkpoint", "not imported"},
		{"keys.jsonl removed", func(t *testing.T, c *city) { c.remove(t, "ledger/keys.jsonl") }, altered, "ledger/keys.jsonl", "missing"},
		{"log.pub removed", func(t *testing.T, c *city) { c.remove(t, "ledger/log.pub") }, altered, "ledger/log.pub", "missing"},
		{"the whole folder removed", func(t *testing.T, c *city) { c.remove(t, "ledger") }, unsure, "ledger", "not there"},
		{"a mirror of another history", func(t *testing.T, c *city) {
			other := newCity(t, t.TempDir())
			other.log = c.log
			other.close(t)
			other.dir = t.TempDir()
			other.open(t)
			other.house(t)
			other.publish(t)
			other.close(t)
			c.write(t, "mirror/checkpoint", other.read(t, "ledger/checkpoint"))
		}, altered, "mirror/checkpoint", "not of the history"},
		{"a byte of a mirror's checkpoint", func(t *testing.T, c *city) {
			note := c.read(t, "mirror/checkpoint")
			note[len(note)-10] = another(note[len(note)-10])
			c.write(t, "mirror/checkpoint", note)
		}, altered, "mirror/checkpoint", "signature"},
		{"a mirror of another log", func(t *testing.T, c *city) {
			other, _, err := ledger.NewKey("town.example/jurat", rand.Reader)
			must(t, err)
			head, err := format.ParseCheckpoint(c.read(t, "ledger/checkpoint"))
			must(t, err)
			head.Origin = "town.example/jurat"
			msg, err := head.Sign(other.Signer)
			must(t, err)
			c.write(t, "mirror/checkpoint", msg)
		}, unsure, "mirror/checkpoint", "none of this record's"},
		{"a mirror that cannot be read", func(t *testing.T, c *city) {
			c.remove(t, "mirror/checkpoint")
			must(t, os.Mkdir(c.path("mirror/checkpoint"), 0o755))
		}, unsure, "mirror/checkpoint", "cannot be read"},
		{"a mirror's checkpoint that is none", func(t *testing.T, c *city) { c.write(t, "mirror/checkpoint", []byte("?")) }, unsure, "mirror/checkpoint", ""},
	})
}

// A bit that a decoder overlooks must not be overlooked here.
func TestEveryByteOfTheSmallFilesCounts(t *testing.T) {
	c := newCity(t, t.TempDir())
	c.house(t)
	c.publish(t)
	c.close(t)
	wantIntact(t, c.checkWith(t, func(r *fsck.Record) { r.Mirrors = nil }))
	for _, name := range []string{"ledger/checkpoint", "ledger/keys.jsonl", "ledger/log.pub"} {
		whole := c.read(t, name)
		for i := range whole {
			for _, bit := range []byte{1, 2} {
				b := bytes.Clone(whole)
				b[i] ^= bit
				c.write(t, name, b)
				r := c.checkWith(t, func(r *fsck.Record) { r.Mirrors = nil })
				// The name of a secret key may as well be right, and the key at hand wrong.
				secret := name == "ledger/keys.jsonl" && r.Answer == unsure
				if r.Answer != altered && !secret {
					t.Errorf("%s, byte %d (%q) changed to %q: %s\n%s", name, i, whole[i], b[i], r.Answer, printed(r))
				}
			}
		}
		c.write(t, name, whole)
	}
}
