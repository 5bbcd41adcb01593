package jurat_test

import (
	"errors"
	"strings"
	"testing"

	"jurat"
)

// oneSpelling checks a parser: what it accepts it gives back letter for letter,
// and what it refuses is Invalid and gives nothing.
func oneSpelling[T ~string](t *testing.T, s string, got T, err error) {
	t.Helper()
	switch {
	case err == nil && string(got) != s:
		t.Errorf("%q was accepted as %q: a second spelling", s, got)
	case err != nil && !errors.Is(err, jurat.Invalid):
		t.Errorf("%q: %v, want Invalid", s, err)
	case err != nil && got != "":
		t.Errorf("%q was refused and gave %q", s, got)
	}
}

func FuzzIncidentNumber(f *testing.F) {
	for _, s := range []string{"2026-000001", "2026-1000000", "2026-000000", "2026-0000001", "26-000001", "２026-000001", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := jurat.ParseIncidentNumber(s)
		oneSpelling(t, s, got, err)
	})
}

func FuzzItem(f *testing.F) {
	for _, s := range []string{"2026-000001-E3", "2026-000001", "2026-000001-E0", "2026-000001-E03", "2026-000001-X1", "-E1", "2026-000001-E", "person-3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		item, err := jurat.ParseItem(s)
		oneSpelling(t, s, item.ID, err)
		if err != nil {
			if in := jurat.ItemID(s).Incident(); in != "" {
				t.Errorf("%q names nothing and is in incident %q", s, in)
			}
			return
		}
		if item.ID.Incident() == "" {
			t.Errorf("%q is in no incident", s)
		}
		again, err := jurat.ParseItemID(item.Noun, s)
		if item.Noun == jurat.NounIncident {
			if err == nil {
				t.Errorf("%q is an incident and a numbered item too", s)
			}
			return
		}
		oneSpelling(t, s, again, err)
		if err != nil {
			t.Errorf("%q is a %s and cannot be read as one: %v", s, item.Noun, err)
		}
	})
}

func FuzzNames(f *testing.F) {
	for _, s := range []string{"person-3", "police", "Police", "3rd", "", "a_b", "é"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := jurat.ParsePersonID(s)
		oneSpelling(t, s, p, err)
		o, err := jurat.ParseOfficeID(s)
		oneSpelling(t, s, o, err)
		c, err := jurat.ParseClass(s)
		oneSpelling(t, s, c, err)
	})
}

func FuzzDigest(f *testing.F) {
	f.Add(jurat.DigestOf(nil).String())
	f.Add("sha256:" + strings.ToUpper(jurat.DigestOf(nil).Hex()))
	f.Add("sha256:")
	f.Add("sha256:" + strings.Repeat("g", 64))
	f.Fuzz(func(t *testing.T, s string) {
		d, err := jurat.ParseDigest(s)
		if err == nil {
			oneSpelling(t, s, d.String(), nil)
		} else if !errors.Is(err, jurat.Invalid) || !d.IsZero() {
			t.Errorf("%q: %v and %v", s, d, err)
		}
		var text jurat.Digest
		if err := text.UnmarshalText([]byte(s)); err == nil && s != "" && text != d {
			t.Errorf("%q reads as %v in JSON and %v elsewhere", s, text, d)
		}
	})
}

func TestNumbersOfAnIncidentAreDenseAndReadBack(t *testing.T) {
	nouns := []jurat.Noun{jurat.NounRecord, jurat.NounExhibit, jurat.NounAllegation, jurat.NounAccount, jurat.NounParty,
		jurat.NounFlag, jurat.NounHold, jurat.NounReferral, jurat.NounDossier, jurat.NounContact}
	seen := map[jurat.ItemID]bool{}
	for _, noun := range nouns {
		for n := 1; n <= 120; n++ {
			i := jurat.NumberItem(number, noun, n)
			if seen[i] {
				t.Fatalf("%s names two things", i)
			}
			seen[i] = true
			item, err := jurat.ParseItem(string(i))
			if err != nil || item != (jurat.Item{Noun: noun, ID: i}) || i.Incident() != number {
				t.Fatalf("%s %d is %s, which reads as %+v in %q: %v", noun, n, i, item, i.Incident(), err)
			}
			for _, wrong := range nouns {
				if _, err := jurat.ParseItemID(wrong, string(i)); (err == nil) != (wrong == noun) {
					t.Errorf("%s reads as a %s: %v", i, wrong, err)
				}
			}
		}
	}
	for _, n := range []int{1, 999999, 1000000, 999999999} {
		in := jurat.NewIncidentNumber(2026, n)
		if got, err := jurat.ParseIncidentNumber(string(in)); err != nil || got != in {
			t.Errorf("incident %d is %s, which reads as %q: %v", n, in, got, err)
		}
	}
}

func TestNumbersThatAreRefused(t *testing.T) {
	for _, s := range []string{"", "2026", "2026-", "2026-1", "2026-00001", "2026-000000", "2026-0000001", "26-000001", "2026-00000a", "2026_000001",
		" 2026-000001", "2026-000001 ", "2026-000001-", "２026-000001", "2026-1234567890"} {
		if got, err := jurat.ParseIncidentNumber(s); !errors.Is(err, jurat.Invalid) {
			t.Errorf("incident number %q: %q, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "E1", "2026-000001", "2026-000001-E", "2026-000001-E0", "2026-000001-E01", "2026-000001-e1", "2026-000001-R1",
		"2026-000001-E1 ", "2026-000001-E1-E1", "2026-000001-1", "2026-000001-E1234567890"} {
		if got, err := jurat.ParseItemID(jurat.NounExhibit, s); !errors.Is(err, jurat.Invalid) {
			t.Errorf("exhibit number %q: %q, %v", s, got, err)
		}
	}
	for _, noun := range []jurat.Noun{jurat.NounPerson, jurat.NounOffice, jurat.NounIncident, "", "riddle"} {
		if got, err := jurat.ParseItemID(noun, "2026-000001-1"); !errors.Is(err, jurat.Invalid) {
			t.Errorf("%q numbers nothing in an incident: %q, %v", noun, got, err)
		}
	}
}

func TestTheZeroDigestNamesNothing(t *testing.T) {
	var zero jurat.Digest
	if !zero.IsZero() || jurat.DigestOf(nil).IsZero() {
		t.Error("the zero digest is not told from the digest of nothing")
	}
	text, err := zero.MarshalText()
	if err != nil || len(text) != 0 {
		t.Errorf("it prints as %q, %v", text, err)
	}
	again := jurat.DigestOf(nil)
	if err := again.UnmarshalText(nil); err != nil || !again.IsZero() {
		t.Errorf("empty text reads as %v, %v", again, err)
	}
	if err := again.UnmarshalText([]byte("sha256:00")); !errors.Is(err, jurat.Invalid) {
		t.Errorf("half a digest: %v", err)
	}
}
