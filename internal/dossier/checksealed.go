package dossier

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"

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
	listed := c.checkRows(format.NameOpened, []string{"at", "office", "role", "item", "reason", "event"}, func(e entry, row []string) bool {
		return opening(e.Act) && string(e.Actor.Office) == row[1]
	})
	c.checkRows(format.NameCustody, []string{"item", "act", "at", "by", "note", "event"}, func(e entry, row []string) bool {
		part, err := e.Open()
		return string(e.Act) == row[1] && (err != nil || part.Item.ID == "" || e.Act == jurat.ItemOpened || string(part.Item.ID) == row[0])
	})
	if listed == nil {
		return
	}
	for seq, e := range c.chain {
		if e.ok && opening(e.Act) && !listed[e.ID] && (!c.hasSeal || int64(seq) < c.seal.Events) {
			f.altered(format.NameOpened, "event %s opened the incident, and the list leaves it out", e.ID)
		}
	}
	f.skip("whether %s shows what %s says; the latter governs", format.NameIndex, format.NameReferral)
}

func opening(a jurat.Act) bool { return a == jurat.ItemOpened || a == jurat.IdentityOpened }

// checkRows compares each row of a list with the event it names, and gives the
// events named; nil when the list could not be read.
func (c *check) checkRows(name string, head []string, same func(entry, []string) bool) map[jurat.EventID]bool {
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
		case !same(e, row):
			f.altered(name, "the line of event %s is not what the event says", id)
		}
		listed[id] = true
	}
	return listed
}
