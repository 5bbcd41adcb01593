package jurat_test

import (
	"testing"

	"jurat"
)

func TestMappingWhatWasAllegedInWords(t *testing.T) {
	to := func(c jurat.Charge) func(jurat.Allegation) (jurat.Allegation, jurat.Event, error) {
		return func(a jurat.Allegation) (jurat.Allegation, jurat.Event, error) { return a.Map(c, counsel, morning) }
	}
	refusal := inTable
	refusal.Offence = "refusal_to_identify"
	book(t, []allegationDeed{
		{"to an offence of a table", inWords(t), to(inTable), "", func(t *testing.T, a jurat.Allegation, _ jurat.Event) {
			if a.Words != "as described" || a.Offence != "battery" || a.Cite == "" || a.Level != "misdemeanor" || len(a.Elements) != len(battery.Elements) || a.ProposedBy != officer.Person || a.Party != id(jurat.NounParty, 1) {
				t.Errorf("%+v", a)
			}
			if len(a.Incomplete()) == 0 {
				t.Error("mapping it weighed its elements")
			}
		}},
		{"what cites a law", anAllegation(t), to(inTable), jurat.Conflict, nil},
		{"to words", inWords(t), to(jurat.Charge{Offence: "other words", Level: "unclear"}), jurat.Invalid, nil},
		{"to a refusal (IDN-2)", inWords(t), to(refusal), jurat.Invalid, nil},
	})
}

func TestWhatIsNotKnownOfAnElement(t *testing.T) {
	weigh := func(w jurat.Weight) func(jurat.Allegation) (jurat.Allegation, jurat.Event, error) {
		return func(a jurat.Allegation) (jurat.Allegation, jurat.Event, error) { return a.Weigh(w, detective, morning) }
	}
	unknown := func(n ...jurat.NotKnown) func(jurat.Allegation) (jurat.Allegation, jurat.Event, error) {
		return weigh(jurat.Weight{Element: "contact", NotKnown: n})
	}
	photo := []jurat.Evidence{photoEvidence()}
	fresh := anAllegation(t)
	none := fresh
	for _, w := range []jurat.Weight{{Element: "contact", NoneFor: true}, {Element: "contact", NoneKnown: true}} {
		next, ev, err := none.Weigh(w, officer, night)
		none = must(t, next, ev, err)
	}
	book(t, []allegationDeed{
		{"not asked", fresh, unknown(jurat.NotKnown{What: "the kind of warrant", State: jurat.AskedNot}), "", func(t *testing.T, a jurat.Allegation, _ jurat.Event) {
			if n := a.Elements[0].NotKnown; len(n) != 1 || n[0].By != detective.Person || !n[0].At.Equal(jurat.At(morning)) {
				t.Errorf("whose word it is does not stand with it: %+v", n)
			}
		}},
		{"asked of an office, at a time", fresh, unknown(jurat.NotKnown{What: "its account", State: jurat.AskedSome, Asked: "the agency's spokesperson", AskedAt: night, Account: id(jurat.NounAccount, 1)}), "", nil},
		{"asked, and when is not stated", fresh, unknown(jurat.NotKnown{What: "its account", State: jurat.AskedSome, Asked: "the agency"}), "", nil},
		{"two things at once", fresh, unknown(jurat.NotKnown{What: "a", State: jurat.AskedNot}, jurat.NotKnown{What: "b", State: jurat.AskedKnown}), "", nil},
		{"asked of nobody", fresh, unknown(jurat.NotKnown{What: "its account", State: jurat.AskedSome}), jurat.Invalid, nil},
		{"not asked, of somebody", fresh, unknown(jurat.NotKnown{What: "its account", State: jurat.AskedNot, Asked: "the agency"}), jurat.Invalid, nil},
		{"not known, asked at a time", fresh, unknown(jurat.NotKnown{What: "its account", State: jurat.AskedKnown, AskedAt: night}), jurat.Invalid, nil},
		{"nothing", fresh, unknown(jurat.NotKnown{What: " ", State: jurat.AskedNot}), jurat.Invalid, nil},
		{"in a word of nobody's list", fresh, unknown(jurat.NotKnown{What: "a", State: "no"}), jurat.Invalid, nil},
		{"an account of another incident", fresh, unknown(jurat.NotKnown{What: "a", State: jurat.AskedNot, Account: jurat.NumberItem(other, jurat.NounAccount, 1)}), jurat.Invalid, nil},
		{"none known for", fresh, weigh(jurat.Weight{Element: "contact", NoneFor: true}), "", func(t *testing.T, a jurat.Allegation, _ jurat.Event) {
			if w := a.Elements[0].NoneFor; w == nil || w.By != detective.Person || !w.At.Equal(jurat.At(morning)) {
				t.Errorf("none known for is nobody's word: %+v", w)
			}
		}},
		{"none known for what has some", weighed(t), weigh(jurat.Weight{Element: "contact", NoneFor: true}), jurat.Invalid, nil},
		{"none known for and some at once", fresh, weigh(jurat.Weight{Element: "contact", NoneFor: true, For: photo}), jurat.Invalid, nil},
		{"some on each side ends both statements", none, weigh(jurat.Weight{Element: "contact", For: photo, Against: photo}), "", func(t *testing.T, a jurat.Allegation, _ jurat.Event) {
			if e := a.Elements[0]; e.NoneFor != nil || e.NoneAgainst != nil || e.NoneKnown {
				t.Errorf("%+v", e)
			}
		}},
		{"looked at again, nothing added", none, weigh(jurat.Weight{Element: "contact", Looked: true}), "", func(t *testing.T, a jurat.Allegation, _ jurat.Event) {
			e := a.Elements[0]
			if e.Looked == nil || e.Looked.By != detective.Person || !e.Looked.At.Equal(jurat.At(morning)) {
				t.Errorf("who looked last does not stand with it: %+v", e.Looked)
			}
			if e.NoneAgainst == nil || e.NoneAgainst.By != officer.Person || e.NoneFor == nil || e.NoneFor.By != officer.Person {
				t.Errorf("looking made another's words one's own: %+v %+v", e.NoneFor, e.NoneAgainst)
			}
		}},
	})

	given := []jurat.NotKnown{{What: "a", State: jurat.AskedNot}}
	a, ev, err := fresh.Weigh(jurat.Weight{Element: "contact", NotKnown: given}, detective, morning)
	a = must(t, a, ev, err)
	b, ev, err := a.Weigh(jurat.Weight{Element: "contact", NotKnown: []jurat.NotKnown{{What: "c", State: jurat.AskedNot}}}, detective, morning)
	b = must(t, b, ev, err)
	b.Elements[0].NotKnown[0].What = "b"
	if given[0].By != "" || a.Elements[0].NotKnown[0].What != "a" {
		t.Error("what was not known changed with a later version")
	}
}
