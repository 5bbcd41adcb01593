package orders

import (
	"encoding/json"
	"testing"
	"time"

	"jurat"
	"jurat/order"
)

// chicago parses what a city in Chicago adopts side by side.
func chicago(t *testing.T) []*order.Order {
	t.Helper()
	var all []*order.Order
	for _, name := range []string{Chicago, "chicago-eo-2025-6.yaml", "chicago-mcc-2-173.yaml", "chicago-city-property.yaml", "illinois-trust-act.yaml", "illinois-bwc-act.yaml"} {
		o, err := Parse(name)
		if o == nil {
			t.Fatalf("%s: %v", name, err)
		}
		all = append(all, o)
	}
	return all
}

func TestTheOrdersOfChicagoAndIllinoisCanBeAdoptedTogether(t *testing.T) {
	all := chicago(t)
	for _, p := range order.Together(all...) {
		t.Error(p)
	}
	questions, _ := order.QuickReport(all...)
	if len(questions) != order.MaxQuestions {
		t.Errorf("the quick report has %d numbered questions, want %d", len(questions), order.MaxQuestions)
	}
	asked := 0
	for _, q := range questions {
		for _, extra := range q.Extras {
			if extra.Fields[0] == "assistance_request.what_asked" {
				asked++
				if q.Number != 1 {
					t.Errorf("whether help was asked for stands under question %d, want the first: how it reached the city", q.Number)
				}
			}
		}
	}
	if asked != 1 {
		t.Errorf("the quick report asks %d times whether help was asked for, want once", asked)
	}
}

// Case 5 of the requirements: a 911 call "assist the police", its purpose
// learned on arrival. The city's quarterly report and the state's annual one
// count one record.
func TestACallToAssistThePoliceIsOneRequestUnderEveryOrder(t *testing.T) {
	at := time.Date(2026, 6, 5, 14, 0, 0, 0, time.UTC)
	record := func(id jurat.ItemID, typ jurat.RecordType, fields map[string]any) jurat.Record {
		raw, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		return jurat.Record{ID: id, Incident: "2026-000001", Type: typ, State: jurat.RecordDraft, Version: 1, Fields: raw}
	}
	request := record("2026-000001-R1", "assistance_request", map[string]any{
		"received_at": "2026-06-04T13:00:00-05:00", "channel": "911", "requesting_agency": "unknown", "said_purpose": "assist the police",
		"what_asked": []string{"civil_enforcement"}, "knew_federal_at_dispatch": "unknown", "knew_civil_at_arrival": "yes",
		"purpose": "civil_immigration_enforcement",
	})
	decision := record("2026-000001-R2", "assistance_decision", map[string]any{
		"request": "2026-000001-R1", "decision": "declined", "legal_basis": "MCC 2-173-020", "decided_at": "2026-06-04T13:25:00-05:00",
		"decided_by_rank": "supervisor", "units_sent": "two units", "left_scene_at": "2026-06-04T13:31:00-05:00",
	})
	facts := order.Facts{
		Incident: jurat.Incident{Number: "2026-000001", Trigger: "911", FirstKnowledge: at.Add(-20 * time.Hour)},
		Records:  []jurat.Record{request, decision},
	}
	all := chicago(t)
	for _, r := range facts.Records {
		found, err := order.Validate(all, r.Type, r.Fields)
		if err == nil {
			err = order.Refusal(found)
		}
		if err != nil {
			t.Errorf("%s: %v", r.ID, err)
		}
	}
	want := map[string]string{
		"chicago-mcc-2-173 decide-request": "", "chicago-eo-2025-6 take-no-part": "", "illinois-trust-act document-how-addressed": "",
	}
	for _, d := range order.Evaluate(all, facts, at).Duties {
		key := d.Order + " " + d.ID
		if seen, ok := want[key]; ok {
			if seen != "" {
				t.Errorf("%s is asked twice: of %s and of %s", key, seen, d.Item)
			}
			if want[key] = d.Item; d.State != order.Met {
				t.Errorf("%s of %s is %s, want met (%v)", key, d.Item, d.State, d.Why)
			}
		}
	}
	for key, item := range want {
		if item != "2026-000001-R1" {
			t.Errorf("%s is asked of %q, want the one request", key, item)
		}
	}
}
