package dossier

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"jurat"
	"jurat/format"
)

// checkSealedDocuments checks that each sealed part handed over is the one its
// event commits to (D48).
func (c *check) checkSealedDocuments() {
	f := c.findings
	for _, l := range c.manifest {
		if !strings.HasPrefix(l.Path, "data/sealed/") || c.bag.text[l.Path] == nil {
			continue
		}
		d, err := format.ParseSealedDocument(c.bag.text[l.Path])
		if err != nil {
			f.unsure(l.Path, "%v", err)
			continue
		}
		for _, p := range d.Parts {
			c.checkSealedPart(l.Path, p)
		}
	}
}

func (c *check) checkSealedPart(path string, p format.SealedPart) {
	f := c.findings
	e, ok := c.event(p.Event)
	if !ok {
		f.altered(path, "it has the %s part of event %s, and the incident has no such event", p.Class, p.Event)
		return
	}
	var ds []format.Disclosure
	for _, d := range e.Claims {
		ds = append(ds, d)
	}
	for class, d := range e.Parts {
		if class != p.Class {
			ds = append(ds, d)
		}
	}
	st, err := format.ReadLeaf(e.leaf, append(ds, p.Disclosure))
	if err != nil {
		f.because(path, err)
		return
	}
	part, err := e.Open()
	switch {
	case st.Values[p.Class] == nil || !format.SameJSON(st.Values[p.Class], p.Value):
		f.altered(path, "the %s part of event %s is not as the ledger has it", p.Class, p.Event)
	case err == nil && part.Item != p.Item:
		f.altered(path, "the %s part of event %s is of %s, not of %s", p.Class, p.Event, part.Item.ID, p.Item.ID)
	}
}

// checkLists compares the lists made for reading with what they are lists of
// (D49): everyone who opened the incident, what happened to the exhibits, the
// contacts, what is missing.
func (c *check) checkLists() {
	f := c.findings
	for name, v := range map[string]any{format.NameContacts: c.doc.Decision.Attestation, format.NameMissing: c.doc.Missing} {
		text, ok := c.bag.text[name]
		if want, err := json.Marshal(v); ok && (err != nil || !format.SameJSON(text, want)) {
			f.altered(name, "it does not say what %s says", format.NameReferral)
		}
	}
	opened := c.checkRows(format.NameOpened, []string{"at", "office", "role", "item", "reason", "event"}, func(e entry, part jurat.OpenPart, row []string) bool {
		var look jurat.Look
		return opening(e.Act) && e.isAt(row[0]) && string(e.Actor.Office) == row[1] && string(e.Actor.Role) == row[2] &&
			json.Unmarshal(part.Value, &look) == nil && string(look.Of.ID) == row[3] && part.Note == row[4]
	})
	custody := c.checkRows(format.NameCustody, []string{"item", "act", "at", "by", "note", "event"}, func(e entry, part jurat.OpenPart, row []string) bool {
		return ofCustody(part) && string(part.Item.ID) == row[0] && string(e.Act) == row[1] && e.isAt(row[2]) && part.Note == row[4]
	})
	for seq, e := range c.chain {
		if !e.ok || c.hasSeal && int64(seq) >= c.seal.Events {
			continue
		}
		if opened != nil && opening(e.Act) && !opened[e.ID] {
			f.altered(format.NameOpened, "event %s opened the incident, and the list leaves it out", e.ID)
		}
		// A disposal stands in the inventory.
		if part, err := e.Open(); custody != nil && err == nil && ofCustody(part) && !custody[e.ID] && !strings.HasSuffix(string(e.Act), ".disposed") {
			f.altered(format.NameCustody, "event %s is %s of %s, and the list leaves it out", e.ID, e.Act, part.Item.ID)
		}
	}
	f.skip("whether %s shows what %s says; the latter governs", format.NameIndex, format.NameReferral)
}

// ofCustody reports whether an act is one on an exhibit.
func ofCustody(p jurat.OpenPart) bool {
	return p.Item.Noun == jurat.NounExhibit || p.Item.Noun == jurat.NounCheck
}

// isAt reports whether a time as a list has it is the event's.
func (e entry) isAt(text string) bool {
	at, err := time.Parse(time.RFC3339Nano, text)
	return err == nil && at.Equal(e.At)
}

func opening(a jurat.Act) bool { return a == jurat.ItemOpened || a == jurat.IdentityOpened }

// checkRows compares each row of a list with the event it names, and gives the
// events named; nil when the list could not be read.
func (c *check) checkRows(name string, head []string, same func(entry, jurat.OpenPart, []string) bool) map[jurat.EventID]bool {
	f := c.findings
	text, ok := c.bag.text[name]
	if !ok {
		return nil
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil || len(rows) == 0 || !slices.Equal(rows[0], head) {
		f.unsure(name, "the list cannot be read")
		return nil
	}
	listed := map[jurat.EventID]bool{}
	for _, row := range rows[1:] {
		id := jurat.EventID(row[len(row)-1])
		e, ok := c.event(id)
		switch {
		case id == "":
			f.skip("a line of %s (%s): it names no event", name, strings.Join(row, ", "))
		case !ok:
			f.altered(name, "it names event %s, and the incident has no such event", id)
		default:
			if part, err := e.Open(); err != nil {
				f.skip("a line of %s, against event %s: its open part is not disclosed", name, id)
			} else if !same(e, part, row) {
				f.altered(name, "the line of event %s is not what the event says", id)
			}
		}
		listed[id] = true
	}
	return listed
}
