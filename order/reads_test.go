package order

import (
	"encoding/json"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"jurat"
)

func TestWhichFactsAGateReadsIsKnown(t *testing.T) {
	o := chicago(t)
	approve, refer := o.GateReads(GateApprove), o.GateReads(GateRefer)
	for _, want := range []string{"records.activity[].force_seen", "exhibits[].on_hold", "holds", "flags", "records.report[].viewed_footage", "records.ems_call[].called_at", "term.injured", "records.duty_exception"} {
		if !slices.Contains(approve, want) {
			t.Errorf("approve does not read %s: %v", want, approve)
		}
	}
	for path, want := range map[string]bool{"contacts": true, "allegations[].elements[].against": true, "accounts": true, "records.footage_gap": false, "parties": false} {
		if Reads(refer, path) != want {
			t.Errorf("refer reads %s: %t", path, !want)
		}
	}
	if Reads(approve, "contacts") || Reads([]string{"exhibits_of"}, "exhibits") || !Reads([]string{"exhibits[].kind"}, "exhibits") {
		t.Error("a fact is taken for another")
	}
	if got, err := o.DutyReads("publish-aggregates"); err != nil || !Reads(got, "records.release") || !Reads(got, "period.to") {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := o.DutyReads("none"); err == nil {
		t.Error("a duty that is none reads something")
	}
}

// anAddition adds one fact of some kind and gives the paths under which an
// expression could see it.
func anAddition(t *rapid.T, kind int, o *Order, f *Facts) []string {
	item := func(noun jurat.Noun) jurat.ItemID { return jurat.NumberItem(exampleIncident, noun, 99) }
	at := anyTime().Draw(t, "moment")
	switch kind {
	case 0:
		r := rapid.SampledFrom(o.Records).Draw(t, "new type")
		f.Records = append(slices.Clone(f.Records), jurat.Record{ID: item(jurat.NounRecord), Type: jurat.RecordType(r.ID), State: "approved", ApprovedAt: at, Fields: anyFields(t, r)})
		return []string{"records." + r.ID}
	case 1:
		rule := rapid.SampledFrom(o.Duties).Draw(t, "excused")
		if o.Record(string(TypeException)) == nil {
			return nil
		}
		raw, _ := json.Marshal(map[string]any{"duty": rule.ID, "answer": "not_done", "reason": "a reason"})
		f.Records = append(slices.Clone(f.Records), jurat.Record{ID: item(jurat.NounRecord), Type: TypeException, Fields: raw})
		return []string{"records." + string(TypeException)}
	case 2:
		x := jurat.Exhibit{ID: item(jurat.NounExhibit), Kind: rapid.SampledFrom([]string{"bwc", "photo"}).Draw(t, "new kind"), Held: "here", ReceivedAt: at}
		f.Exhibits = append(slices.Clone(f.Exhibits), x)
		return []string{"exhibits"}
	case 3:
		if len(f.Exhibits) > 0 {
			f.Flags = append(slices.Clone(f.Flags), jurat.Flag{Exhibit: f.Exhibits[0].ID, Grounds: []string{"complaint"}, At: at})
		}
		return []string{"flags"}
	case 4:
		f.Holds = append(slices.Clone(f.Holds), jurat.Hold{ID: item(jurat.NounHold), PlacedAt: at})
		return []string{"holds"}
	case 5:
		f.Accounts = append(slices.Clone(f.Accounts), jurat.Account{ID: item(jurat.NounAccount), Side: rapid.SampledFrom(jurat.Sides[:]).Draw(t, "new side"), State: "given", Given: at})
		return []string{"accounts"}
	case 6:
		f.Allegations = append(slices.Clone(f.Allegations), jurat.Allegation{ID: item(jurat.NounAllegation), Offence: "battery", Level: "felony", Status: "alleged"})
		return []string{"allegations"}
	case 7:
		f.Referrals = append(slices.Clone(f.Referrals), jurat.Referral{ID: item(jurat.NounReferral), State: "approved"})
		return []string{"referrals"}
	case 8:
		f.Contacts = append(slices.Clone(f.Contacts), jurat.Contact{ID: item(jurat.NounContact), At: at})
		return []string{"contacts"}
	case 9:
		f.Parties = append(slices.Clone(f.Parties), jurat.Party{ID: item(jurat.NounParty), Slot: "Witness 9"})
		return []string{"parties"}
	}
	f.Incident.Place.InsideCity = "yes"
	f.Incident.EventNumber = "99"
	return []string{"incident.inside_city", "incident.event_number"}
}

// TestAFactAddedMovesNoUnrelatedGate: a gate is unrelated to a fact when none of
// its needs and none of the duties that guard it read it, by the engine's own
// account of what they read. Such a gate does not move, and neither do its
// reasons.
func TestAFactAddedMovesNoUnrelatedGate(t *testing.T) {
	for _, o := range []*Order{chicago(t), small(t), town(t)} {
		t.Run(o.ID, func(t *testing.T) {
			reads := map[GateID][]string{}
			for _, id := range GateIDs {
				reads[id] = o.GateReads(id)
			}
			moved, still := 0, 0
			rapid.Check(t, func(t *rapid.T) {
				f, at := anyFacts(o).Draw(t, "facts"), anyTime().Draw(t, "at")
				before := o.Evaluate(f, at)
				for kind := range 11 {
					g := f
					paths := anAddition(t, kind, o, &g)
					after := o.Evaluate(g, at)
					for _, id := range GateIDs {
						a, b := gateText(t, before, id), gateText(t, after, id)
						if a != b {
							moved++
						} else {
							still++
						}
						if a != b && !slices.ContainsFunc(paths, func(p string) bool { return Reads(reads[id], p) }) {
							t.Fatalf("the gate %s reads none of %v and moved:\n%s\n%s", id, paths, a, b)
						}
					}
				}
			})
			t.Logf("gates that moved %d, that did not %d", moved, still)
		})
	}
}
