package jurat_test

import (
	"testing"
	"time"

	"jurat"
)

func TestOpeningAndAmendingAnIncident(t *testing.T) {
	open := func(o jurat.Opening) func(jurat.Incident) (jurat.Incident, jurat.Event, error) {
		return func(jurat.Incident) (jurat.Incident, jurat.Event, error) {
			return jurat.OpenIncident(number, o, officer, night)
		}
	}
	amend := func(o jurat.Opening, why string) func(jurat.Incident) (jurat.Incident, jurat.Event, error) {
		return func(in jurat.Incident) (jurat.Incident, jurat.Event, error) {
			return in.Amend(o, officer, why, morning)
		}
	}
	later := morning.Add(time.Hour)
	var none jurat.Incident
	deeds := []deed[jurat.Incident]{
		{"with a title and nothing else", none, open(jurat.Opening{Title: " Stop "}), "", func(t *testing.T, in jurat.Incident, ev jurat.Event) {
			if in.Title != "Stop" || in.Trigger != "unknown" || in.Place.InsideCity != jurat.Unknown || in.Occurred.Precision != "unknown" || !in.FirstKnowledge.Equal(jurat.At(night)) || ev.Sealed != nil {
				t.Errorf("%+v", in)
			}
		}},
		{"with an address, which is sealed", none, open(jurat.Opening{Title: "Stop", Address: "12 Some Street"}), "", func(t *testing.T, in jurat.Incident, ev jurat.Event) {
			if spelt(t, ev.Sealed) != `{"exact_address":{"address":"12 Some Street"}}` {
				t.Errorf("sealed %s", spelt(t, ev.Sealed))
			}
		}},
		{"in a range of time", none, open(jurat.Opening{Title: "Stop", Occurred: jurat.Span{From: night.Add(-time.Hour), To: night}}), "", func(t *testing.T, in jurat.Incident, _ jurat.Event) {
			if in.Occurred.Precision != "range" {
				t.Errorf("precision %q", in.Occurred.Precision)
			}
		}},
		{"about one time", none, open(jurat.Opening{Title: "Stop", Occurred: jurat.Span{From: night.Add(-time.Hour)}}), "", func(t *testing.T, in jurat.Incident, _ jurat.Event) {
			if in.Occurred.Precision != "approx" {
				t.Errorf("precision %q", in.Occurred.Precision)
			}
		}},
		{"without a title", none, open(jurat.Opening{Title: "  "}), jurat.Invalid, nil},
		{"by a way nobody lists", none, open(jurat.Opening{Title: "Stop", Trigger: "rumour"}), jurat.Invalid, nil},
		{"perhaps inside the city", none, open(jurat.Opening{Title: "Stop", Place: jurat.Place{InsideCity: "perhaps"}}), jurat.Invalid, nil},
		{"known before it is known", none, open(jurat.Opening{Title: "Stop", FirstKnowledge: later}), jurat.Invalid, nil},
		{"that has not happened yet", none, open(jurat.Opening{Title: "Stop", Occurred: jurat.Span{From: later}}), jurat.Invalid, nil},
		{"that ends before it begins", none, open(jurat.Opening{Title: "Stop", Occurred: jurat.Span{From: night, To: night.Add(-time.Hour)}}), jurat.Invalid, nil},
		{"with a precision nobody lists", none, open(jurat.Opening{Title: "Stop", Occurred: jurat.Span{Precision: "roughly"}}), jurat.Invalid, nil},
		{"under no number", none, func(jurat.Incident) (jurat.Incident, jurat.Event, error) {
			return jurat.OpenIncident("1", jurat.Opening{Title: "Stop"}, officer, night)
		}, jurat.Invalid, nil},

		{"amended with a reason", anIncident(t), amend(jurat.Opening{Title: "Encounter", Trigger: "observed"}, "the caller corrected it"), "", func(t *testing.T, in jurat.Incident, ev jurat.Event) {
			if !in.FirstKnowledge.Equal(jurat.At(night.Add(-time.Hour))) || in.OpenedBy != "" || ev.Note != "the caller corrected it" {
				t.Errorf("%+v", in)
			}
		}},
		{"amended without one", anIncident(t), amend(jurat.Opening{Title: "Encounter"}, " "), jurat.Invalid, nil},
		{"amended to no title", anIncident(t), amend(jurat.Opening{}, "x"), jurat.Invalid, nil},
		{"amended into a contradiction", anIncident(t), amend(jurat.Opening{Title: "x", FirstKnowledge: later}, "x"), jurat.Invalid, nil},
	}
	for _, tr := range jurat.Triggers {
		deeds = append(deeds, deed[jurat.Incident]{"triggered by " + string(tr), none, open(jurat.Opening{Title: "Stop", Trigger: tr}), "", nil})
	}
	book(t, deeds)
}

func TestPartySlots(t *testing.T) {
	add := func(p jurat.Particulars) func(jurat.Party) (jurat.Party, jurat.Event, error) {
		return func(jurat.Party) (jurat.Party, jurat.Event, error) {
			return jurat.AddParty(id(jurat.NounParty, 1), p, officer)
		}
	}
	amend := func(p jurat.Particulars, why string) func(jurat.Party) (jurat.Party, jurat.Event, error) {
		return func(q jurat.Party) (jurat.Party, jurat.Event, error) { return q.Amend(p, officer, why) }
	}
	var none jurat.Party
	deeds := []deed[jurat.Party]{
		{"with nothing known but that somebody was there", none, add(jurat.Particulars{Slot: "Injured 1", Capacity: "injured"}), "", func(t *testing.T, p jurat.Party, ev jurat.Event) {
			if p.Masked != jurat.Unknown || p.VisibleID != jurat.Unknown || p.AgencyBasis != jurat.KnownNot || ev.Sealed != nil || p.Parts != nil {
				t.Errorf("%+v sealed %v", p, ev.Sealed)
			}
		}},
		{"with a name, which is sealed", none, add(jurat.Particulars{Slot: "Witness 1", Capacity: "witness", Name: "as given", Contact: "as given"}), "", func(t *testing.T, p jurat.Party, ev jurat.Event) {
			if spelt(t, ev.Sealed) != `{"contact":{"contact":"as given"},"identity":{"name":"as given"}}` || spelt(t, p.Parts) != `["identity","contact"]` {
				t.Errorf("parts %v, sealed %s", p.Parts, spelt(t, ev.Sealed))
			}
		}},
		{"without a slot", none, add(jurat.Particulars{Capacity: "injured"}), jurat.Invalid, nil},
		{"without a capacity", none, add(jurat.Particulars{Slot: "Injured 1", Capacity: " "}), jurat.Invalid, nil},
		{"an agency known by hearsay", none, add(jurat.Particulars{Slot: "Agent 1", Capacity: "agent", Agency: "cbp", AgencyBasis: "hearsay"}), jurat.Invalid, nil},
		{"masked perhaps", none, add(jurat.Particulars{Slot: "Agent 1", Capacity: "agent", Masked: "perhaps"}), jurat.Invalid, nil},
		{"identification half visible", none, add(jurat.Particulars{Slot: "Agent 1", Capacity: "agent", VisibleID: "half"}), jurat.Invalid, nil},
		{"under an account's number", none, func(jurat.Party) (jurat.Party, jurat.Event, error) {
			return jurat.AddParty(id(jurat.NounAccount, 1), jurat.Particulars{Slot: "x", Capacity: "y"}, officer)
		}, jurat.Invalid, nil},

		{"one more thing is known, the rest stays", aParty(t), amend(jurat.Particulars{Name: "as given"}, "stated later"), "", func(t *testing.T, p jurat.Party, ev jurat.Event) {
			if p.Agency != "cbp" || p.AgencyBasis != jurat.KnownInsignia || spelt(t, p.Parts) != `["identity"]` || spelt(t, ev.Sealed) != `{"identity":{"name":"as given"}}` {
				t.Errorf("%+v sealed %s", p, spelt(t, ev.Sealed))
			}
		}},
		{"another agency, not said how known", aParty(t), amend(jurat.Particulars{Agency: "ice_ero"}, "corrected"), "", func(t *testing.T, p jurat.Party, _ jurat.Event) {
			if p.AgencyBasis != jurat.KnownNot || p.EstablishedAgency() != "" {
				t.Errorf("the basis of the agency before stands under the new one: %+v", p)
			}
		}},
		{"not federal after all: history is kept, the count is corrected", aParty(t), amend(jurat.Particulars{Agency: "none", AgencyBasis: jurat.KnownDocument}, "shown to be an impersonator"), "", nil},
		{"without a reason", aParty(t), amend(jurat.Particulars{Masked: jurat.No}, ""), jurat.Invalid, nil},
		{"by hearsay", aParty(t), amend(jurat.Particulars{AgencyBasis: "hearsay"}, "x"), jurat.Invalid, nil},
	}
	for _, k := range jurat.Knowledges {
		deeds = append(deeds, deed[jurat.Party]{"an agency known as " + string(k), none, add(jurat.Particulars{Slot: "Agent 1", Capacity: "agent", Agency: "cbp", AgencyBasis: k}), "", func(t *testing.T, p jurat.Party, _ jurat.Event) {
			if (p.EstablishedAgency() == "cbp") != k.Established() {
				t.Errorf("established: %q (INC-3)", p.EstablishedAgency())
			}
		}})
	}
	book(t, deeds)
}
