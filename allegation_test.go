package jurat_test

import (
	"slices"
	"strings"
	"testing"

	"jurat"
)

type allegationDeed = deed[jurat.Allegation]

func photoEvidence() jurat.Evidence {
	return jurat.Evidence{Item: jurat.Item{Noun: jurat.NounExhibit, ID: id(jurat.NounExhibit, 1)}}
}

func TestProposingAnAllegation(t *testing.T) {
	add := func(c jurat.Charge, actor jurat.ActorKind, party jurat.ItemID) func(jurat.Allegation) (jurat.Allegation, jurat.Event, error) {
		return func(jurat.Allegation) (jurat.Allegation, jurat.Event, error) {
			return jurat.AddAllegation(id(jurat.NounAllegation, 1), c, actor, party, officer, night)
		}
	}
	charge := func(change func(*jurat.Charge)) jurat.Charge {
		c := battery
		c.Elements = slices.Clone(battery.Elements)
		change(&c)
		return c
	}
	elements := func(es ...jurat.Element) jurat.Charge {
		return charge(func(c *jurat.Charge) { c.Elements = es })
	}
	offence := func(s string) jurat.Charge { return charge(func(c *jurat.Charge) { c.Offence = s }) }
	var none jurat.Allegation
	deeds := []allegationDeed{
		{"of an offence in the table", none, add(battery, "federal", id(jurat.NounParty, 1)), "", func(t *testing.T, a jurat.Allegation, _ jurat.Event) {
			if a.Status != "alleged" {
				t.Errorf("a new allegation is %q", a.Status)
			}
		}},
		{"in words where no code fits", none, add(jurat.Charge{Offence: "what the caller described", Level: "unclear"}, "unknown", ""), "", nil},
		{"of nothing", none, add(offence(" "), "federal", ""), jurat.Invalid, nil},
		{"of a level nobody lists", none, add(charge(func(c *jurat.Charge) { c.Level = "grave" }), "federal", ""), jurat.Invalid, nil},
		{"against an actor nobody lists", none, add(battery, "foreign", ""), jurat.Invalid, nil},
		{"against a party of another incident", none, add(battery, "federal", jurat.NumberItem(other, jurat.NounParty, 1)), jurat.Invalid, nil},
		{"with an element twice", none, add(elements(jurat.Element{ID: "a", Text: "x"}, jurat.Element{ID: "a", Text: "y"}), "federal", ""), jurat.Invalid, nil},
		{"with an element of no name", none, add(elements(jurat.Element{Text: "x"}), "federal", ""), jurat.Invalid, nil},
		{"with an element of no text", none, add(elements(jurat.Element{ID: "a"}), "federal", ""), jurat.Invalid, nil},
		{"with none known against and some against", none, add(elements(jurat.Element{ID: "a", Text: "x", NoneKnown: true, Against: []jurat.Evidence{photoEvidence()}}), "federal", ""), jurat.Invalid, nil},
		{"with evidence of another incident", none, add(elements(jurat.Element{ID: "a", Text: "x", For: []jurat.Evidence{{Item: jurat.Item{Noun: jurat.NounExhibit, ID: jurat.NumberItem(other, jurat.NounExhibit, 1)}}}}), "federal", ""), jurat.Invalid, nil},
		{"under a record's number", none, func(jurat.Allegation) (jurat.Allegation, jurat.Event, error) {
			return jurat.AddAllegation(id(jurat.NounRecord, 1), battery, "federal", "", officer, night)
		}, jurat.Invalid, nil},
	}
	for _, k := range jurat.ActorKinds {
		deeds = append(deeds, allegationDeed{"the alleged actor is " + string(k) + ", the city's own by the same rule", none, add(battery, k, ""), "", nil})
	}
	for _, s := range []string{"refusal_to_identify", "refused", "failure_to_identify", "Refused to show badge", "declined identification", "no_answer", "masked"} {
		deeds = append(deeds, allegationDeed{s + " is a fact, never an offence (IDN-2)", none, add(offence(s), "federal", ""), jurat.Invalid, nil})
	}
	for _, s := range []string{"false_personation", "false_identification", "obstructing_identification", "refusing_aid", "leaving_the_scene"} {
		deeds = append(deeds, allegationDeed{s + " is another matter", none, add(offence(s), "other", ""), "", nil})
	}
	book(t, deeds)

	c := elements(jurat.Element{ID: "a", Text: "x"})
	a, ev, err := jurat.AddAllegation(id(jurat.NounAllegation, 1), c, "federal", "", officer, night)
	a = must(t, a, ev, err)
	c.Elements[0].Text = "y"
	if a.Elements[0].Text != "x" {
		t.Error("the allegation changed with the table it was read from")
	}
}

func TestWeighingEvidence(t *testing.T) {
	weigh := func(element string, forIt, against []jurat.Evidence, none bool) func(jurat.Allegation) (jurat.Allegation, jurat.Event, error) {
		return func(a jurat.Allegation) (jurat.Allegation, jurat.Event, error) {
			return a.Weigh(jurat.Weight{Element: element, For: forIt, Against: against, NoneKnown: none}, detective, morning)
		}
	}
	at := func(from, to int) []jurat.Evidence {
		e := photoEvidence()
		e.From, e.To = &from, &to
		return []jurat.Evidence{e}
	}
	item := func(noun jurat.Noun, i jurat.ItemID) []jurat.Evidence {
		return []jurat.Evidence{{Item: jurat.Item{Noun: noun, ID: i}}}
	}
	fresh, ready := anAllegation(t), weighed(t)
	book(t, []allegationDeed{
		{"for it", fresh, weigh("contact", at(0, 3), nil, false), "", nil},
		{"against it", fresh, weigh("contact", nil, at(3, 3), false), "", nil},
		{"none known against", fresh, weigh("contact", at(0, 1), nil, true), "", nil},
		{"more of it, nothing taken away", ready, weigh("contact", at(1, 2), at(1, 2), false), "", func(t *testing.T, a jurat.Allegation, _ jurat.Event) {
			if len(a.Elements[0].For) != 2 || len(a.Elements[0].Against) != 2 {
				t.Errorf("%+v", a.Elements[0])
			}
		}},
		{"something against ends that none was known", ready, weigh("knowing", nil, at(1, 2), false), "", func(t *testing.T, a jurat.Allegation, _ jurat.Event) {
			if a.Elements[1].NoneKnown {
				t.Error("none is known against it still")
			}
		}},
		{"evidence for leaves that none is known against", ready, weigh("knowing", at(1, 2), nil, false), "", func(t *testing.T, a jurat.Allegation, _ jurat.Event) {
			if !a.Elements[1].NoneKnown {
				t.Error("the statement was lost")
			}
		}},
		{"none known of an element that has some", ready, weigh("contact", nil, nil, true), jurat.Invalid, nil},
		{"some and none at once", fresh, weigh("contact", nil, at(1, 2), true), jurat.Invalid, nil},
		{"nothing at all", fresh, weigh("contact", nil, nil, false), jurat.Invalid, nil},
		{"an element it does not have", fresh, weigh("intent", at(0, 1), nil, false), jurat.Invalid, nil},
		{"evidence of another incident", fresh, weigh("contact", item(jurat.NounExhibit, jurat.NumberItem(other, jurat.NounExhibit, 1)), nil, false), jurat.Invalid, nil},
		{"an exhibit called a record", fresh, weigh("contact", item(jurat.NounRecord, id(jurat.NounExhibit, 1)), nil, false), jurat.Invalid, nil},
		{"the incident itself", fresh, weigh("contact", item(jurat.NounIncident, jurat.ItemID(number)), nil, false), jurat.Invalid, nil},
		{"nothing that is in the record", fresh, weigh("contact", item("video", "clip 3"), nil, false), jurat.Invalid, nil},
		{"a clip that ends before it begins", fresh, weigh("contact", at(3, 2), nil, false), jurat.Invalid, nil},
		{"a clip before the beginning", fresh, weigh("contact", at(-1, 2), nil, false), jurat.Invalid, nil},
	})
}

// withStatus is an allegation of a status, recorded from a document.
func withStatus(t testing.TB, s jurat.AllegationStatus) jurat.Allegation {
	t.Helper()
	if s == "alleged" {
		return anAllegation(t)
	}
	a, ev, err := anAllegation(t).SetStatus(s, "letter 7", supervisor, night)
	return must(t, a, ev, err)
}

func TestWhoSaysWhatOfAnAllegation(t *testing.T) {
	set := func(s jurat.AllegationStatus, source string, by jurat.Hand) func(jurat.Allegation) (jurat.Allegation, jurat.Event, error) {
		return func(a jurat.Allegation) (jurat.Allegation, jurat.Event, error) {
			return a.SetStatus(s, source, by, morning)
		}
	}
	a := anAllegation(t)
	deeds := []allegationDeed{
		{"a supervisor supports it", a, set("supported", "", supervisor), "", nil},
		{"a detective does not classify", a, set("supported", "", detective), jurat.Forbidden, nil},
		{"a detective refers", a, set("referred", "", detective), "", nil},
		{"somebody not sworn refers", a, set("referred", "", unsworn(detective)), jurat.Forbidden, nil},
		{"a political role in a police office refers", a, set("referred", "", policeHand("aide-1", jurat.RolePolitical)), jurat.Forbidden, nil},
		{"the police do not convict", a, set("convicted", "", supervisor), jurat.Forbidden, nil},
		{"the police record a conviction from a document", a, set("convicted", "judgment 3", detective), "", func(t *testing.T, a jurat.Allegation, _ jurat.Event) {
			if a.StatusBody != jurat.FunctionCourt || a.StatusBy != "police" || a.Source != "judgment 3" {
				t.Errorf("the word is taken for one of the %s, recorded by %s from %q", a.StatusBody, a.StatusBy, a.Source)
			}
		}},
		{"a prosecutor charges", a, set("charged", "", prosecutor), "", nil},
		{"a prosecutor does not convict", a, set("convicted", "", prosecutor), jurat.Forbidden, nil},
		{"a prosecutor does not classify for the police", a, set("unfounded", "", prosecutor), jurat.Forbidden, nil},
		{"a court convicts", a, set("convicted", "", court), "", nil},
		{"counsel says nothing of it, document or not", a, set("unfounded", "memo", counsel), jurat.Forbidden, nil},
		{"the other agency says nothing of it", a, set("unfounded", "memo", hand("agency-1", jurat.RoleOfficer, jurat.FunctionAgency, true)), jurat.Forbidden, nil},
		{"a word nobody lists", a, set("guilty", "x", court), jurat.Invalid, nil},
		{"the same again", a, set("alleged", "", supervisor), jurat.Conflict, nil},
	}
	rank := map[jurat.Function]int{jurat.FunctionPolice: 0, jurat.FunctionProsecutor: 1, jurat.FunctionCourt: 2}
	for _, by := range []jurat.Hand{supervisor, prosecutor, court} {
		for _, from := range jurat.AllegationStatuses {
			for _, to := range jurat.AllegationStatuses {
				if to.Body() != by.Function || from == to {
					continue
				}
				want := jurat.Kind("")
				if rank[to.Body()] < rank[from.Body()] {
					want = jurat.Conflict
				}
				deeds = append(deeds,
					allegationDeed{"the " + string(by.Function) + " by itself: " + string(from) + " to " + string(to), withStatus(t, from), set(to, "", by), want, nil},
					allegationDeed{"the " + string(by.Function) + " with a document: " + string(from) + " to " + string(to), withStatus(t, from), set(to, "order 9", by), "", nil})
			}
		}
	}
	book(t, deeds)
	if jurat.AllegationStatus("guilty").Body() != "" {
		t.Error("somebody may say guilty")
	}
}

func TestWhatStandsAgainstReferring(t *testing.T) {
	unmapped, ev, err := jurat.AddAllegation(id(jurat.NounAllegation, 2), jurat.Charge{Offence: "as described", Level: "unclear"}, "unknown", "", officer, night)
	unmapped = must(t, unmapped, ev, err)
	identification, ev, err := attempt(`{"outcome":"refused","recording":"yes_not_yet_uploaded"}`)
	identification = must(t, identification, ev, err)
	onlyRefusal := func(more ...jurat.Evidence) jurat.Allegation {
		a, ev, err := anAllegation(t).Weigh(jurat.Weight{Element: "contact", For: append([]jurat.Evidence{{Item: identification.Item()}}, more...), NoneKnown: true}, detective, night)
		a, ev, err = must(t, a, ev, err).Weigh(jurat.Weight{Element: "knowing", NoneKnown: true}, detective, night)
		return must(t, a, ev, err)
	}
	party := func(p jurat.Particulars) jurat.Party {
		p.Slot, p.Capacity = "Agent 1", "agent"
		q, ev, err := jurat.AddParty(id(jurat.NounParty, 1), p, officer)
		return must(t, q, ev, err)
	}
	known := party(jurat.Particulars{Agency: "cbp", AgencyBasis: jurat.KnownConfirmed})
	for name, tc := range map[string]struct {
		a     jurat.Allegation
		party jurat.Party
		want  string
	}{
		"weighed, agency confirmed":                  {weighed(t), known, ""},
		"no element weighed":                         {anAllegation(t), known, "or state that none is known"},
		"an offence in no table (LAW-12)":            {unmapped, known, "cites no law"},
		"no elements (RPT-2)":                        {unmapped, known, "has no elements"},
		"agency assumed (INC-3)":                     {weighed(t), party(jurat.Particulars{Agency: "cbp", AgencyBasis: jurat.KnownAssumed}), "not established"},
		"agency stated, not how known":               {weighed(t), party(jurat.Particulars{Agency: "cbp"}), "not established"},
		"agency unknown, which is a value":           {weighed(t), party(jurat.Particulars{Agency: "unknown"}), ""},
		"no agency stated":                           {weighed(t), party(jurat.Particulars{}), ""},
		"the alleged actor is in another list":       {weighed(t), jurat.Party{}, "no party of the incident"},
		"nothing but a refusal speaks for it":        {onlyRefusal(), known, "a fact, not an offence"},
		"a refusal and a photo speak for it (IDN-2)": {onlyRefusal(photoEvidence()), known, ""},
	} {
		var say string
		for _, r := range jurat.Referable([]jurat.Allegation{tc.a}, []jurat.Party{tc.party}, []jurat.Record{identification}) {
			say += r.Say + "\n"
		}
		if tc.want == "" && say != "" || !strings.Contains(say, tc.want) {
			t.Errorf("%s: %q, want %q", name, say, tc.want)
		}
	}
}
