package dossier_test

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"

	"filippo.io/age"

	"jurat"
	"jurat/format"
	"jurat/internal/dossier"
)

func (w workshop) makeAltered(c *city, first []byte, trust string) {
	add := func(name, clause, line, what string, body []byte, where ...string) {
		w.add(name, body, vector{Clause: clause, Line: line, What: what, Trust: trust, Answer: dossier.Altered, Where: where})
	}
	const mismatch, signature = "mismatch with a commitment", "bad signature by a known key or trusted witness"
	flip := func(name string) func(map[string][]byte) {
		return func(f map[string][]byte) { f[name][len(f[name])/2] ^= 1 }
	}
	add("flipped-exhibit", "D22", mismatch, "one bit of an exhibit changed", w.edit(first, flip("data/exhibits/E1.jpg")), "data/exhibits/E1.jpg")
	add("flipped-identity", "D22", mismatch, "one bit of a sealed document changed", w.edit(first, flip("data/sealed/contacts-1.json")), "data/sealed/contacts-1.json")
	add("flipped-leaf", "D22", mismatch, "one bit of an event's leaf changed", w.edit(first, flip("jurat/leaves/000001.json")), "jurat/leaves/000001.json")
	add("flipped-disclosure", "D22", mismatch, "one bit of an event's disclosures changed", w.edit(first, flip("jurat/disclosures/000002.txt")), "jurat/disclosures/000002.txt")
	add("missing-exhibit", "D22", "listed file missing", "an exhibit taken out", w.edit(first, func(f map[string][]byte) { delete(f, "data/exhibits/E1.jpg") }), "data/exhibits/E1.jpg")
	add("missing-signature", "D33", "listed file missing", "the signature taken out", w.edit(first, func(f map[string][]byte) { delete(f, format.NameTagManifestSignature) }), format.NameTagManifestSignature)
	add("missing-tagmanifest", "D22", "listed file missing", "the tag manifest and its signature taken out", w.edit(first, func(f map[string][]byte) {
		delete(f, format.NameTagManifest)
		delete(f, format.NameTagManifestSignature)
	}), format.NameTagManifest)
	add("unlisted-exhibit", "D22", "unlisted file", "an exhibit put in", w.edit(first, func(f map[string][]byte) { f["data/exhibits/E9.jpg"] = []byte("?") }), "data/exhibits/E9.jpg")
	add("unlisted-tag", "D22", "unlisted file", "a tag file put in", w.edit(first, func(f map[string][]byte) { f["jurat/order/2.yaml"] = []byte("?") }), "jurat/order/2.yaml")
	add("flipped-signature", "D33", signature, "one character of the office's signature changed", w.edit(first, func(f map[string][]byte) {
		b := f[format.NameTagManifestSignature]
		b[len(b)-20] = b[len(b)-20]%26 + 'A'
	}), format.NameTagManifestSignature)
	add("resealed-by-a-stranger", "D33", "known origin, other key, no rotation", "referral.json changed, the lists made again and signed with another key", w.edit(first, func(f map[string][]byte) {
		f[format.NameReferral] = bytes.Replace(f[format.NameReferral], []byte("Two accounts differ."), []byte("One account stands."), 1)
		w.relist(f, seeded("stranger", "office"))
	}), format.NameTagManifestSignature, format.NameManifest)
	add("resealed-by-the-sender", "D31", mismatch, "referral.json changed, the lists made again and signed with the office's own key: the ledger's seal still says what was sealed", w.edit(first, func(f map[string][]byte) {
		f[format.NameReferral] = bytes.Replace(f[format.NameReferral], []byte("Two accounts differ."), []byte("One account stands."), 1)
		w.relist(f, c.office)
	}), format.NameManifest)
	add("tag-added-after-seal", "D31", mismatch, "an order file added after the seal, listed and signed by the office", w.edit(first, func(f map[string][]byte) {
		f["jurat/order/2.yaml"] = []byte("id: another\n")
		w.relist(f, c.office)
	}), "jurat/order/2.yaml")
	add("dropped-event", "D32", "gap in the incident's sequence", "one event left out, the lists made again and signed by the office", w.edit(first, func(f map[string][]byte) {
		for _, name := range []string{"jurat/leaves/000003.json", "jurat/disclosures/000003.txt", "jurat/proofs/000003.tlog-proof"} {
			delete(f, name)
		}
		w.relist(f, c.office)
	}), "jurat/leaves/000003.json")
	add("dropped-event-renumbered", "D32", "gap in the incident's sequence", "one event left out and the later ones moved up", w.edit(first, func(f map[string][]byte) {
		w.renumber(f, 3)
		w.relist(f, c.office)
	}), "jurat/leaves/000003.json")
	add("dropped-seal", "D32", "gap in the incident's sequence", "the seal itself left out", w.edit(first, func(f map[string][]byte) {
		last := 0
		for name := range f {
			if strings.HasPrefix(name, "jurat/leaves/") {
				last++
			}
		}
		w.drop(f, last-1)
		w.relist(f, c.office)
	}))
	add("hidden-completeness", "D32", "gap in the incident's sequence", "an event's number in its incident is not disclosed", w.edit(first, func(f map[string][]byte) {
		name := "jurat/disclosures/000000.txt" // a number not stated would read as 0
		var kept []string
		for line := range strings.Lines(string(f[name])) {
			if claim, _, err := format.Disclosure(strings.TrimSuffix(line, "\n")).Open(); err == nil && claim != string(format.ClaimIncidentSeq) {
				kept = append(kept, line)
			}
		}
		f[name] = []byte(strings.Join(kept, ""))
		w.relist(f, c.office)
	}), "jurat/leaves/000000.json")
	add("another-proof", "D34", mismatch, "an event with the proof of another", w.edit(first, func(f map[string][]byte) {
		f["jurat/proofs/000002.tlog-proof"] = f["jurat/proofs/000001.tlog-proof"]
		w.relist(f, c.office)
	}), "jurat/proofs/000002.tlog-proof")
	add("foreign-disclosure", "D32", mismatch, "a disclosure the event does not commit to", w.edit(first, func(f map[string][]byte) {
		f["jurat/disclosures/000002.txt"] = append(f["jurat/disclosures/000002.txt"], bytes.SplitAfter(f["jurat/disclosures/000001.txt"], []byte{'\n'})[0]...)
		w.relist(f, c.office)
	}), "jurat/leaves/000002.json")
}

func (w workshop) drop(f map[string][]byte, seq int) {
	for _, name := range eventFiles(seq) {
		delete(f, name)
	}
}

func (w workshop) renumber(f map[string][]byte, gone int) {
	w.drop(f, gone)
	for seq := gone + 1; ; seq++ {
		from, to := eventFiles(seq), eventFiles(seq-1)
		if f[from[0]] == nil {
			return
		}
		for i := range from {
			f[to[i]] = f[from[i]]
			delete(f, from[i])
		}
	}
}

func eventFiles(seq int) [3]string {
	n := string([]byte{'0', '0', '0', '0', byte('0' + seq/10), byte('0' + seq%10)})
	return [3]string{"jurat/leaves/" + n + ".json", "jurat/disclosures/" + n + ".txt", "jurat/proofs/" + n + ".tlog-proof"}
}

// makeLies makes dossiers whose maker had every key and says something else
// than the ledger.
func (w workshop) makeLies(trust string) {
	lie := func(name, clause, line, what, answer string, change func(*city, *story), where ...string) {
		c := w.city("city.example/log", "city")
		s := c.tell()
		change(c, s)
		path, _ := c.build(s, 0, nil)
		w.add(name, w.read(path), vector{Clause: clause, Line: line, What: what, Trust: trust, Answer: answer, Where: where})
	}
	const mismatch = "mismatch with a commitment"
	lie("referral-against-ledger", "D44", mismatch, "referral.json states an account otherwise than the event it names", dossier.Altered, func(_ *city, s *story) {
		v := s.doc.Accounts[0].Value
		v.Text = "The agency states nothing."
		s.doc.Accounts[0] = format.Stated[jurat.Account]{Event: s.doc.Accounts[0].Event, Value: v}
	}, format.NameReferral)
	lie("other-bytes-as-exhibit", "D46", mismatch, "the bytes handed over as an exhibit are not those the ledger received", dossier.Altered, func(_ *city, s *story) {
		b := []byte("another photograph\n")
		x := s.doc.Inventory[0].Exhibit.Value
		x.Digest, x.Size = jurat.DigestOf(b), int64(len(b))
		s.doc.Inventory[0].Exhibit = format.Stated[jurat.Exhibit]{Value: x}
		s.exhibits[s.doc.Inventory[0].Path] = b
	}, "data/exhibits/E1.jpg")
	lie("approver-did-not-approve", "D45", mismatch, "the approval it names is another person's act", dossier.Altered, func(_ *city, s *story) {
		s.doc.Decision.ApprovedBy.Event = s.doc.Decision.InitiatedBy.Event
	}, format.NameReferral)
	lie("approval-is-another-act", "D45", mismatch, "the approval it names is another act of the same person", dossier.Altered, func(c *city, s *story) {
		c.now()
		look := c.record(jurat.LookAt(c.incident, jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(c.incident)}), "supervisor-3")
		s.doc.Decision.ApprovedBy.Event = look.id
	}, format.NameReferral)
	lie("forked-chain", "D32", "gap in the incident's sequence", "an event that names another event as the one before it", dossier.Altered, func(c *city, s *story) {
		c.badPrev = true
		c.now()
		c.record(jurat.LookAt(c.incident, jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(c.incident)}), "supervisor-3")
	}, "jurat/leaves/000008.json")
	lie("another-reason", "D45", mismatch, "the reason to refer is not the one the ledger has", dossier.Altered, func(_ *city, s *story) {
		s.doc.Decision.Reason = "One account stands."
	}, format.NameReferral)
	lie("contact-left-out", "D45", mismatch, "the ledger has a contact with a political office, and the document says there was none", dossier.Altered, func(c *city, s *story) {
		_, ev, err := jurat.RecordContact(item(c, jurat.NounContact, 1), "an office", "a call", c.at, "", hand("detective-12"), c.now())
		c.must(err)
		c.record(ev, "detective-12")
	}, format.NameReferral)
	lie("another-identity", "D48", mismatch, "a sealed part that is not the one its event commits to", dossier.Altered, func(c *city, s *story) {
		d, err := format.Disclose(format.Salt{1}, string(jurat.ClassExactAddress), map[string]string{"address": "another address"})
		c.must(err)
		part, err := format.NewSealedPart(s.doc.Incident.Event, c.events[0].open.Item, "", d)
		c.must(err)
		s.sealed[0].Bytes, err = format.SealedDocument{Version: format.DossierVersion, Parts: []format.SealedPart{part}}.Print()
		c.must(err)
	}, "data/sealed/contacts-1.json")
	lie("opening-left-out", "D49", mismatch, "somebody opened the incident, and the list leaves it out", dossier.Altered, func(c *city, s *story) {
		c.now()
		c.record(jurat.LookAt(c.incident, jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(c.incident)}), "detective-12")
		c.hideOpenings = true
	}, format.NameOpened)
	lie("other-order-text", "D45", mismatch, "an order file that is not the order the events name", dossier.Altered, func(_ *city, s *story) {
		s.doc.Orders[0].Digest = jurat.DigestOf([]byte("another text"))
	}, "jurat/order/1.yaml")
	lie("disposal-without-event", "D43", mismatch, "an exhibit said to be disposed of, with no event of it", dossier.Altered, func(_ *city, s *story) {
		s.doc.Inventory[0].State, s.doc.Inventory[0].Path, s.doc.Inventory[0].Disposal = format.ItemDisposed, "", s.doc.Inventory[0].Exhibit.Event
		s.exhibits = nil
	}, format.NameReferral)
	lie("bad-person-signature", "D35", "bad signature by a known key or trusted witness", "a person's signature that is not over their act", dossier.Altered, func(c *city, s *story) {
		c.badProof = true
		c.now()
		c.record(jurat.Event{Act: "record.approved", Incident: c.incident, Item: jurat.Item{Noun: jurat.NounRecord, ID: "2026-000001-R1"}, Value: map[string]int{}}, "supervisor-3")
	}, "jurat/leaves/000008.json")
	lie("person-without-key", "D35", "unknown version or algorithm", "an act signed with a key that no event puts on the record", dossier.Unsure, func(c *city, s *story) {
		c.persons["supervisor-3"] = seeded("city", "another key")
	}, "jurat/leaves/000008.json")

	lie("key-put-on-record-later", "D35", mismatch, "an act signed with a key that the log has only after the act", dossier.Altered, func(c *city, s *story) {
		c.sequence(c.events[0]) // before the house's events
	}, "jurat/leaves/000000.json")

	forged := w.city("city.example/log", "a forger")
	path, _ := forged.build(forged.tell(), 0, nil)
	w.add("self-made-city", w.read(path), vector{Clause: "D37", Line: "known origin, other key, no rotation", What: "a wholly self-made city under a known origin", Trust: trust, Answer: dossier.Altered, Where: []string{format.NameCheckpoint, format.NameTagManifestSignature}})
	w.add("self-made-city-without-trust", nil, vector{Clause: "D36", Line: "everything checked holds", What: "the same without a trust file: it agrees with itself, which is all that is said", File: "self-made-city.zip", Answer: dossier.Intact})
	w.add("origin-not-trusted", nil, vector{Clause: "D37", Line: "origin not in the trust file", What: "a dossier of a city the trust file does not know", File: "first.zip", Trust: "stranger.trust.json", Answer: dossier.Unsure, Where: []string{format.NameKeys}})
}

func (w workshop) makeUnsure(first []byte, trust string) {
	add := func(name, clause, line, what string, body []byte, where ...string) {
		w.add(name, body, vector{Clause: clause, Line: line, What: what, Trust: trust, Answer: dossier.Unsure, Where: where})
	}
	add("cut-short", "D51", "cut short", "the first half of a dossier", first[:len(first)/2])
	add("cut-by-one", "D51", "cut short", "a dossier without its last byte", first[:len(first)-1])
	add("not-a-dossier", "D51", "read error", "a file that is no archive", []byte("PKThis is not an archive.\n"))
	w.add("absent", nil, vector{Clause: "D51", Line: "read error", What: "no file at all", File: "there-is-no-such-file.zip", Trust: trust, Answer: dossier.Unsure})

	c := w.city("city.example/log", "city")
	unknown := w.edit(first, func(f map[string][]byte) {
		f[format.NameBagInfo] = bytes.Replace(f[format.NameBagInfo], []byte("Jurat-Dossier-Version: 1"), []byte("Jurat-Dossier-Version: 9"), 1)
	})
	w.add("later-version-altered", unknown, vector{Clause: "D23", Line: "mismatch with a commitment", What: "the format version changed in a sealed dossier: altered goes before could not tell", Trust: trust, Answer: dossier.Altered, Where: []string{format.NameBagInfo}})
	add("unknown-algorithm", "D33", "unknown version or algorithm", "the office signed with an algorithm this version does not know", w.edit(first, func(f map[string][]byte) {
		w.relist(f, c.office)
		sig := string(f[format.NameTagManifestSignature])
		_, tail, _ := strings.Cut(sig, "..")
		f[format.NameTagManifestSignature] = []byte("eyJhbGciOiJFUzI1NiIsImtpZCI6IngiLCJ0eXAiOiJqdXJhdC10YWdtYW5pZmVzdCJ9.." + tail) // {"alg":"ES256",…}
	}), format.NameTagManifestSignature)

	const wrapper = "intact contents in a non-canonical wrapper"
	add("trailing-byte", "D10", wrapper, "one byte after the archive", append(slices.Clone(first), 0), "ZIP")
	dated := slices.Clone(first)
	dated[12] ^= 1 // the date in the first member's header
	add("dated-header", "D14", wrapper, "a date in one header", dated, "ZIP")

	mine, err := age.ParseX25519Identity(vectorIdentity)
	if err != nil {
		w.t.Fatal(err)
	}
	other, err := age.ParseX25519Identity(otherIdentity)
	if err != nil {
		w.t.Fatal(err)
	}
	var b bytes.Buffer
	if err := dossier.Encrypt(&b, bytes.NewReader(first), mine.Recipient().String()); err != nil {
		w.t.Fatal(err)
	}
	w.keep("receiver.identity", []byte(mine.String()+"\n"))
	w.keep("other.identity", []byte(other.String()+"\n"))
	w.add("encrypted", b.Bytes(), vector{Clause: "D16", Line: "everything checked holds", What: "a dossier encrypted to its receiver, with the receiver's identity", Trust: trust, Identity: "receiver.identity", Answer: dossier.Intact})
	w.add("encrypted-without-identity", nil, vector{Clause: "D16", Line: "wrong or missing decryption key", What: "the same without an identity", File: "encrypted.zip.age", Trust: trust, Answer: dossier.Unsure})
	w.add("encrypted-for-another", nil, vector{Clause: "D16", Line: "wrong or missing decryption key", What: "the same with another office's identity", File: "encrypted.zip.age", Trust: trust, Identity: "other.identity", Answer: dossier.Unsure})
}

// Test identities, for vectors only.
const (
	vectorIdentity = "AGE-SECRET-KEY-1L7KRWUPZEYXDFWEJZH8FV4N8JUDJ88FCMUTQ8WDEHHZ56NM8J7EQV4EVR2"
	otherIdentity  = "AGE-SECRET-KEY-1V5LDCSSH9HADRX2F2M5PYKKMHT5T7XDC8R2UHSS75DUQAAYR5JRSZR9R7F"
)

// makeHostile makes archives that two readers could read differently, byte by
// byte.
func (w workshop) makeHostile(first []byte, trust string) {
	const line = "path traversal, duplicate or overlapping names, links"
	z, err := format.ReadZip(bytes.NewReader(first), int64(len(first)))
	if err != nil {
		w.t.Fatal(err)
	}
	le := binary.LittleEndian
	end := len(first) - 22
	dir := int(le.Uint32(first[end+16:]))
	record := func(b []byte, n int) int { // where the n-th directory entry begins
		at := dir
		for range n {
			at += 46 + int(le.Uint16(b[at+28:])) + int(le.Uint16(b[at+30:]))
		}
		return at
	}
	find := func(name string) int {
		return slices.IndexFunc(z.Members, func(m format.ZipMember) bool { return strings.HasSuffix(m.Name, name) })
	}
	add := func(name, what string, change func([]byte), where ...string) {
		b := slices.Clone(first)
		change(b)
		w.add(name, b, vector{Clause: "D12", Line: line, What: what, Trust: trust, Answer: dossier.Altered, Where: where})
	}
	rename := func(b []byte, n int, to func(string) string) {
		at, old := record(b, n), z.Members[n].Name
		name := to(old)
		if len(name) != len(old) {
			w.t.Fatal("a name of another length")
		}
		copy(b[at+46:], name)
		copy(b[int(le.Uint32(b[at+42:]))+30:], name)
	}
	traversal := strings.Replace(z.Members[0].Name, "data/exhibits/E1.jpg", "../../../../E1.jpg", 1)
	traversal += strings.Repeat("x", len(z.Members[0].Name)-len(traversal))
	add("traversal", "a name that leads outside the dossier", func(b []byte) { rename(b, 0, func(string) string { return traversal }) }, traversal)
	add("two-names", "a member the two headers name differently", func(b []byte) { b[30+len(z.Members[0].Name)-1] ^= 1 }, z.Members[0].Name)
	leaf0, leaf1 := find("leaves/000000.json"), find("leaves/000001.json")
	add("duplicate-name", "two members of one name", func(b []byte) { rename(b, leaf1, func(string) string { return z.Members[leaf0].Name }) }, z.Members[leaf0].Name)
	add("folded-name", "two members whose names differ only in case", func(b []byte) {
		rename(b, find("bag-info.txt"), func(s string) string { return strings.Replace(s, "bag-info.txt", "bag-info.TXT", 1) })
	})
	add("overlap", "two members that share bytes", func(b []byte) {
		at := record(b, leaf0)
		n := le.Uint32(b[at+20:]) + 40
		le.PutUint32(b[at+20:], n)
		le.PutUint32(b[at+24:], n)
	}, z.Members[leaf1].Name)
	add("link", "a member that is a symbolic link", func(b []byte) { le.PutUint32(b[record(b, leaf0)+38:], 0o120777<<16) }, z.Members[leaf0].Name)

	bomb := slices.Clone(first)
	at := record(bomb, 0)
	le.PutUint16(bomb[at+10:], 8)          // deflated
	le.PutUint32(bomb[at+24:], 0xfffffff0) // to four gigabytes
	w.add("bomb", bomb, vector{Clause: "D11", Line: "over limits", What: "a member that claims to unpack to four gigabytes", Trust: trust, Answer: dossier.Unsure, Where: []string{"data/exhibits/E1.jpg"}})
}
