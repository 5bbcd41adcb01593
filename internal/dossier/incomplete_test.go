package dossier_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"jurat"
	"jurat/format"
	"jurat/internal/dossier"
)

// A sender who holds every key, and seals a document that leaves out or
// misstates what the chain beside it says, is not called intact.
func TestADocumentThatSaysLessThanTheChainIsAltered(t *testing.T) {
	look := func(c *city) placed {
		c.now()
		return c.record(jurat.LookAt(c.incident, jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(c.incident)}), "supervisor-3")
	}
	for name, one := range map[string]struct {
		where  string
		change func(*city, *story)
	}{
		"an account left out":    {format.NameReferral, func(_ *city, s *story) { s.doc.Accounts = s.doc.Accounts[:1] }},
		"an allegation left out": {format.NameReferral, func(_ *city, s *story) { s.doc.Allegations = nil }},
		"a party left out":       {format.NameReferral, func(_ *city, s *story) { s.doc.Parties = nil }},
		"a flag left out":        {format.NameReferral, func(_ *city, s *story) { s.doc.Flags = nil }},
		"an exhibit left out":    {format.NameReferral, func(_ *city, s *story) { s.doc.Inventory = s.doc.Inventory[:1] }},
		"a record left out":      {format.NameReferral, func(_ *city, s *story) { s.doc.Records = nil }},
		"a version of a record left out": {format.NameReferral, func(_ *city, s *story) {
			s.doc.Records[0].Versions = s.doc.Records[0].Versions[1:]
		}},
		"a record's act by another name":   {format.NameReferral, func(_ *city, s *story) { s.doc.Records[0].Versions[1].Act = jurat.RecordApproved }},
		"a record's act by another person": {format.NameReferral, func(_ *city, s *story) { s.doc.Records[0].Versions[1].By = "supervisor-3" }},
		"an allegation as it was before evidence was weighed": {format.NameReferral, func(c *city, s *story) {
			for _, e := range c.events {
				if e.act == jurat.AllegationAdded {
					s.doc.Allegations[0] = state[jurat.Allegation](c, e)
				}
			}
		}},
		"the approver in another role": {format.NameReferral, func(_ *city, s *story) { s.doc.Decision.ApprovedBy.Role = jurat.RoleProsecutor }},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCity(t, "city.example/log", "city")
			s := c.tell()
			one.change(c, s)
			if len(s.doc.Inventory) == 1 {
				s.doc.Inventory = slices.Clone(s.doc.Inventory)
			}
			path, _ := c.build(s, 0, nil)
			wantFinding(t, dossier.Altered, one.where, dossier.Verify(t.Context(), path, dossier.Options{Trust: trustOf(t, nil, c)}))
		})
	}
	t.Run("an act between filling and the seal that is no opening", func(t *testing.T) {
		c := newCity(t, "city.example/log", "city")
		s := c.tell()
		c.beforeSeal = func() {
			_, ev, err := jurat.RecordContact(item(c, jurat.NounContact, 1), "an office", "a call", c.at, "", hand("detective-12"), c.now())
			c.must(err)
			c.record(ev, "detective-12")
		}
		path, _ := c.build(s, 0, nil)
		r := dossier.Verify(t.Context(), path, dossier.Options{Trust: trustOf(t, nil, c)})
		wantAnswer(t, dossier.Altered, r)
		if !strings.HasPrefix(r.Findings[0].Where, "jurat/leaves/") {
			t.Errorf("%+v", r.Findings)
		}
	})
	t.Run("an opening between filling and the seal is no fault", func(t *testing.T) {
		c := newCity(t, "city.example/log", "city")
		s := c.tell()
		c.beforeSeal = func() { look(c) }
		path, _ := c.build(s, 0, nil)
		wantAnswer(t, dossier.Intact, dossier.Verify(t.Context(), path, dossier.Options{Trust: trustOf(t, nil, c)}))
	})
}

// Two people are two only when their keys are (REF-1).
func TestOneKeyForTwoPeopleIsOnePerson(t *testing.T) {
	c := newCity(t, "city.example/log", "city")
	c.persons["supervisor-3"] = c.persons["detective-12"]
	path, _ := c.build(c.tell(), 0, nil)
	wantFinding(t, dossier.Altered, format.NameReferral, dossier.Verify(t.Context(), path, dossier.Options{Trust: trustOf(t, nil, c)}))
}

// A key's record is its keeper's word: who put the keys there is told, so that
// nobody takes a signature for more than it is.
func TestItIsToldWhoPutTheSignersKeysOnTheRecord(t *testing.T) {
	c := newCity(t, "city.example/log", "city")
	path, _ := c.build(c.tell(), 0, nil)
	r := dossier.Verify(t.Context(), path, dossier.Options{Trust: trustOf(t, nil, c)})
	const want = "whether each signer alone holds their key: keys were put on the record by the local operator"
	if !slices.Contains(r.NotChecked, want) {
		t.Errorf("not checked: %q", r.NotChecked)
	}
}

// What a person signed once stands for one act: a second leaf with the same
// disclosures and signature is not theirs.
func TestASignatureUsedTwiceIsAltered(t *testing.T) {
	c := newCity(t, "city.example/log", "city")
	s := c.tell()
	c.again(slices.IndexFunc(c.events, func(e placed) bool { return e.act == jurat.ReferralApproved }))
	path, _ := c.build(s, 0, nil)
	r := dossier.Verify(t.Context(), path, dossier.Options{Trust: trustOf(t, nil, c)})
	wantAnswer(t, dossier.Altered, r)
	if !strings.Contains(r.Findings[0].What, "signature") {
		t.Errorf("%+v", r.Findings)
	}
}

// The lists for reading say what the events say, line by line (D49).
func TestAListThatSaysOtherwiseThanItsEventsIsAltered(t *testing.T) {
	for name, one := range map[string]struct {
		where  string
		change func(*dossier.Parcel)
	}{
		"another time of an opening":     {format.NameOpened, func(p *dossier.Parcel) { p.Opened[0].At = "2020-01-01T00:00:00Z" }},
		"another role of who opened":     {format.NameOpened, func(p *dossier.Parcel) { p.Opened[0].Role = jurat.RoleAuditor }},
		"another thing opened":           {format.NameOpened, func(p *dossier.Parcel) { p.Opened[0].Item = "2026-000001-E1" }},
		"another reason for an opening":  {format.NameOpened, func(p *dossier.Parcel) { p.Opened[0].Reason = "none" }},
		"another time in the custody":    {format.NameCustody, func(p *dossier.Parcel) { p.Custody[0].At = "2020-01-01T00:00:00Z" }},
		"a note of the custody changed":  {format.NameCustody, func(p *dossier.Parcel) { p.Custody[0].Note = "intact" }},
		"a line of the custody left out": {format.NameCustody, func(p *dossier.Parcel) { p.Custody = p.Custody[:1] }},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCity(t, "city.example/log", "city")
			s := c.tell()
			c.listed = one.change
			path, _ := c.build(s, 0, nil)
			wantFinding(t, dossier.Altered, one.where, dossier.Verify(t.Context(), path, dossier.Options{Trust: trustOf(t, nil, c)}))
		})
	}
}

// An office pinned without a key of its log cannot be told, which is no
// forgery.
func TestAnOfficePinnedWithoutALogKeyCannotBeTold(t *testing.T) {
	c := newCity(t, "city.example/log", "city")
	path, _ := c.build(c.tell(), 0, nil)
	var trust format.Trust
	if err := json.Unmarshal(trustOf(t, nil, c), &trust); err != nil {
		t.Fatal(err)
	}
	trust.Offices[0].Log = nil
	text, err := trust.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	wantAnswer(t, dossier.Unsure, dossier.Verify(t.Context(), path, dossier.Options{Trust: text}))
}
