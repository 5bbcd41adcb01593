package dossier_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/dossier"
)

// A workshop makes vectors.
type workshop struct {
	t *testing.T
}

func (w workshop) keep(name string, b []byte) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(vectorDir, name), b, 0o644); err != nil { //nolint:gosec // test data
		w.t.Fatal(err)
	}
}

// add keeps a vector; body, when not nil, is its own file.
func (w workshop) add(name string, body []byte, v vector) {
	w.t.Helper()
	if body != nil {
		v.File = name + ".zip"
		if bytes.HasPrefix(body, []byte("age-")) {
			v.File += ".age"
		}
		w.keep(v.File, body)
	}
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		w.t.Fatal(err)
	}
	w.keep(name+".json", append(b, '\n'))
}

func (w workshop) city(origin, seed string) *city {
	c := newCity(w.t, origin, seed)
	c.short = true
	return c
}

func (w workshop) read(path string) []byte { return readFile(w.t, path) }

// files takes a dossier apart: contents by name below its directory.
func (w workshop) files(body []byte) (top string, files map[string][]byte) {
	w.t.Helper()
	z, err := format.ReadZip(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		w.t.Fatal(err)
	}
	files = map[string][]byte{}
	for i, m := range z.Members {
		r, err := z.Open(i)
		if err != nil {
			w.t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			w.t.Fatal(err)
		}
		var name string
		top, name, _ = strings.Cut(m.Name, "/")
		files[name] = b
	}
	return top, files
}

// pack puts files together again in the canonical wrapper.
func (w workshop) pack(top string, files map[string][]byte) []byte {
	w.t.Helper()
	f, err := os.Create(filepath.Join(w.t.TempDir(), "packed.zip"))
	if err != nil {
		w.t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // read back below
	z := format.NewZipWriter(f)
	for _, name := range slices.SortedFunc(maps.Keys(files), func(a, b string) int { return format.CompareZipNames("t/"+a, "t/"+b) }) {
		if _, err := z.AddBytes(top+"/"+name, files[name]); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		w.t.Fatal(err)
	}
	return w.read(f.Name())
}

// edit changes files and packs them again.
func (w workshop) edit(body []byte, change func(map[string][]byte)) []byte {
	top, files := w.files(body)
	change(files)
	return w.pack(top, files)
}

// relist makes both manifests anew and signs the second: what somebody with
// this key can do after the fact.
func (w workshop) relist(files map[string][]byte, key ed25519.PrivateKey) {
	var payload, tags format.Manifest
	for name, b := range files {
		if strings.HasPrefix(name, "data/") {
			payload = append(payload, format.ManifestLine{Path: name, Digest: jurat.DigestOf(b)})
		}
	}
	files[format.NameManifest] = payload.Print()
	for name, b := range files {
		if !strings.HasPrefix(name, "data/") && name != format.NameTagManifest && name != format.NameTagManifestSignature {
			tags = append(tags, format.ManifestLine{Path: name, Digest: jurat.DigestOf(b)})
		}
	}
	files[format.NameTagManifest] = tags.Print()
	files[format.NameTagManifestSignature] = format.SignTagManifest(key, tags.Print())
}

func makeVectors(t *testing.T) {
	if err := os.RemoveAll(vectorDir); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(vectorDir, 0o755); err != nil { //nolint:gosec // test data
		t.Fatal(err)
	}
	w := workshop{t}
	c, county := w.city("city.example/log", "city"), w.city("county.example/log", "county")
	s := c.tell()
	path, sum := c.build(s, 0, nil)
	first, size := w.read(path), int64(len(c.leaves))
	trust := "city.trust.json"
	w.keep(trust, trustOf(t, nil, c, county))
	w.keep("stranger.trust.json", trustOf(t, nil, w.city("stranger.example/log", "stranger")))

	w.makeGood(c, s, first, sum, size, county, trust)
	w.makeAltered(c, first, trust)
	w.makeLies(trust)
	w.makeUnsure(first, trust)
	w.makeHostile(first, trust)
}

func (w workshop) makeGood(c *city, s *story, first []byte, sum dossier.Summary, size int64, county *city, trust string) {
	const holds = "everything checked holds"
	w.add("first", first, vector{Clause: "D50", Line: holds, What: "a first dossier, with the sender's keys trusted", Trust: trust, Answer: dossier.Intact})
	w.add("first-without-trust", nil, vector{Clause: "D36", Line: holds, What: "the same without a trust file: consistent, nothing more", File: "first.zip", Answer: dossier.Intact})

	r := dossier.Verify(w.t.Context(), filepath.Join(vectorDir, "first.zip"), dossier.Options{Trust: w.read(filepath.Join(vectorDir, trust))})
	text, err := receiptOf(r, time.Date(2026, 11, 4, 9, 0, 0, 0, time.UTC)).Sign(county.office)
	c.must(err)
	w.keep("first.receipt", []byte(text+"\n"))
	w.add("first-with-receipt", nil, vector{Clause: "D61", Line: holds, What: "the same with the county's receipt for it", File: "first.zip", Trust: trust, Receipt: "first.receipt", Answer: dossier.Intact})

	second := c.follow(s, sum)
	path, _ := c.build(second, size, nil)
	w.add("supplement", w.read(path), vector{Clause: "D47", Line: holds, What: "a supplement with the dossier before it", Trust: trust, Previous: "first.zip", Answer: dossier.Intact})
	w.add("supplement-alone", nil, vector{Clause: "D47", Line: "missing predecessor", What: "a supplement without the dossier before it", File: "supplement.zip", Trust: trust, Answer: dossier.Unsure, Where: []string{"previous"}})
	w.add("receipt-for-another", nil, vector{Clause: "D61", Line: "receipt for another dossier", What: "the receipt of the first dossier shown for the supplement", File: "supplement.zip", Trust: trust, Previous: "first.zip", Receipt: "first.receipt", Answer: dossier.Altered, Where: []string{"receipt"}})

	third := c.follow(second, dossier.Summary{TagManifest: jurat.DigestOf([]byte("another dossier"))})
	third.number, third.doc.Dossier.Number = 3, 3
	third.doc.Inventory[len(third.doc.Inventory)-1].Dossier = 3
	path, _ = c.build(third, size, nil)
	w.add("skipped-number", w.read(path), vector{Clause: "D47", Line: "missing predecessor", What: "number 3 with number 0 given as the one before", Trust: trust, Previous: "first.zip", Answer: dossier.Unsure, Where: []string{"previous"}})

	w.makeBadSupplements(trust)
	w.makeEnded()

	clerk := seeded("clerk", "witness")
	cosign := func(change func([]byte)) func([]byte) []byte {
		return func(checkpoint []byte) []byte {
			out, err := format.Cosign(checkpoint, "clerk.example", clerk, time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC))
			c.must(err)
			change(out)
			return out
		}
	}
	vkey, err := format.WitnessKey("clerk.example", clerk.Public().(ed25519.PublicKey))
	c.must(err)
	w.keep("witnessed.trust.json", trustOf(w.t, []string{vkey}, c))
	again := w.city(c.origin, c.seed)
	path, _ = again.build(again.tell(), 0, cosign(func([]byte) {}))
	w.add("anchored", w.read(path), vector{Clause: "D38", Line: holds, What: "cosigned by the quorum of trusted witnesses", Trust: "witnessed.trust.json", Answer: dossier.Intact})
	again = w.city(c.origin, c.seed)
	path, _ = again.build(again.tell(), 0, cosign(func(b []byte) { b[len(b)-10] ^= 1 }))
	w.add("bad-cosignature", w.read(path), vector{Clause: "D38", Line: "bad signature by a known key or trusted witness", What: "a trusted witness's cosignature that is not over this checkpoint", Trust: "witnessed.trust.json", Answer: dossier.Altered, Where: []string{"jurat/checkpoint"}})

	rotated := w.city(c.origin, c.seed)
	told := rotated.tell()
	rotated.rotate("log-2")
	path, _ = rotated.build(told, 0, nil)
	w.add("rotated-key", w.read(path), vector{Clause: "D37", Line: holds, What: "the log's key was rotated since it was pinned, and both keys signed that", Trust: trust, Answer: dossier.Intact})

	called := w.city(c.origin, c.seed)
	told = called.tell()
	contact, ev, err := jurat.RecordContact(item(called, jurat.NounContact, 1), "an office", "a call", called.at, "", hand("detective-12"), called.now())
	c.must(err)
	told.doc.Decision.Attestation.None = false
	told.doc.Decision.Attestation.Contacts = []format.Stated[jurat.Contact]{{Event: called.record(ev, "detective-12").id, Value: contact}}
	path, _ = called.build(told, 0, nil)
	w.add("contact-after-attestation", w.read(path), vector{Clause: "D45", Line: holds, What: "a contact recorded after none was attested is shown beside the attestation", Trust: trust, Answer: dossier.Intact})

	disposed := w.city(c.origin, c.seed)
	told = disposed.tell()
	disposed.now()
	gone := disposed.record(jurat.Event{Act: "exhibit.disposed", Incident: disposed.incident, Item: told.doc.Inventory[0].Exhibit.Value.Item(), Value: map[string]string{"certificate": "12-345"}}, "supervisor-3")
	told.doc.Inventory[0].State, told.doc.Inventory[0].Path = format.ItemDisposed, ""
	told.doc.Inventory[0].Disposal, told.doc.Inventory[0].Ground = gone.id, "certificate 12-345"
	told.exhibits = nil
	disposed.erased = told.doc.Inventory[0].Exhibit.Event
	path, _ = disposed.build(told, 0, nil)
	w.add("disposed", w.read(path), vector{Clause: "D43", Line: holds, What: "an exhibit validly disposed of, its payload erased, is listed and not a fault", Trust: trust, Answer: dossier.Intact})
}

// makeEnded makes dossiers of an incident that lived in two logs.
func (w workshop) makeEnded() {
	const trust, clause = "continued.trust.json", "D52"
	add := func(name, line, what string, lost int64, answer, where string, change func(*city)) {
		c := w.city("city.example/log", "city")
		s := continued(c, lost)
		change(c)
		path, _ := c.build(s, 0, nil)
		w.keep(trust, trustWithEnded(w.t, c))
		v := vector{Clause: clause, Line: line, What: what, Trust: trust, Answer: answer}
		if where != "" {
			v.Where = []string{where}
		}
		w.add(name, w.read(path), v)
	}
	const holds, mismatch = "everything checked holds", "mismatch with a commitment"
	nothing := func(*city) {}
	add("continued", holds, "the log ended and another continues it; every event is shown to have been in both", 0, dossier.Intact, "", nothing)
	add("continued-lost", "leaves of the incident may be lost", "the log ended over more leaves than the record has, and the incident is older than that", 3, dossier.Unsure, "jurat/house/000004.json", nothing)
	add("continued-undeclared", mismatch, "events issued by a log that nothing says to have ended", 0, dossier.Altered, "jurat/leaves/000000.json", func(c *city) {
		c.house = c.house[:len(c.house)-1]
	})
	add("continued-proof-left-out", mismatch, "an event between two that are shown to have been in the log that ended, and its proof is left out", 0, dossier.Altered, "jurat/ended/000002.tlog-proof", func(c *city) {
		c.events[2].event.Ended = nil
	})
	add("continued-another-history", mismatch, "an event that was not in the log that ended, shown by the proof of another", 0, dossier.Altered, "jurat/ended/000002.tlog-proof", func(c *city) {
		c.events[2].event.Ended = c.events[1].event.Ended
	})
}

// makeBadSupplements makes supplements that do not go on from first.zip.
func (w workshop) makeBadSupplements(trust string) {
	bad := func(name, what string, where string, change func(*city, *story) *story) {
		c := w.city("city.example/log", "city")
		s := c.tell()
		_, sum := c.build(s, 0, nil) // first.zip, byte for byte
		size := int64(len(c.leaves))
		path, _ := c.build(change(c, c.follow(s, sum)), size, nil)
		w.add(name, w.read(path), vector{Clause: "D47", Line: "mismatch with a commitment", What: what, Trust: trust, Previous: "first.zip", Answer: dossier.Altered, Where: []string{where}})
	}
	bad("supplement-drops-an-item", "a supplement whose inventory leaves out what was sent before", format.NameReferral, func(_ *city, s *story) *story {
		s.doc.Inventory = s.doc.Inventory[1:]
		return s
	})
	bad("supplement-other-bytes", "a supplement that gives an exhibit sent before another digest", format.NameReferral, func(_ *city, s *story) *story {
		x := s.doc.Inventory[0].Exhibit.Value
		x.Digest[0] ^= 1
		s.doc.Inventory[0].Exhibit = format.Stated[jurat.Exhibit]{Value: x}
		return s
	})
	bad("supplement-other-predecessor", "a supplement that names another dossier as the one before it", "previous", func(_ *city, s *story) *story {
		s.doc.Dossier.Predecessor[0] ^= 1
		return s
	})
	bad("supplement-of-a-second-chain", "a supplement with another chain of events under the same incident number", "jurat/leaves/000000.json", func(c *city, s *story) *story {
		before := s.doc.Dossier.Predecessor
		c.events, c.house = nil, nil
		second := c.follow(c.tell(), dossier.Summary{TagManifest: before})
		return second
	})
}

// rotate hands the log over to a new key, by an event both keys signed.
func (c *city) rotate(name string) {
	next := seeded(c.seed, name)
	r, err := format.SignRotation(format.KeyLog, c.origin, c.origin, c.logKey, next)
	c.must(err)
	c.now()
	c.record(jurat.Event{Act: jurat.KeyRotated, Item: jurat.Item{Noun: jurat.NounOffice, ID: "police"}, Value: r}, "")
	c.logKey = next
}
