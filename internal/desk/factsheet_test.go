package desk_test

import (
	"archive/zip"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
)

// referralOf is what a dossier's referral says.
func referralOf(t *testing.T, path string) (out format.ReferralDocument) {
	t.Helper()
	z, err := zip.OpenReader(path)
	must(t, err)
	defer z.Close()
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, "/data/referral.json") {
			continue
		}
		r, err := f.Open()
		must(t, err)
		defer r.Close()
		must(t, json.NewDecoder(r).Decode(&out))
	}
	return out
}

// drafted adds a record as a draft.
func drafted(t *testing.T, r *desktest.Record, in jurat.IncidentNumber, typ jurat.RecordType, amends jurat.ItemID, fields map[string]any) jurat.Record {
	t.Helper()
	text, err := json.Marshal(fields)
	must(t, err)
	rec, _, err := r.AddRecord(t.Context(), r.As("detective-2208"), desktest.Noon, in, desk.Words{Type: typ, Amends: amends, Fields: text})
	must(t, err)
	return rec
}

// A fact sheet has both sides of every question the order asks, what was not
// obtained and of whom, and goes with the dossier (LAW-10).
func TestAFactSheetHasBothSidesAndNoVerdict(t *testing.T) {
	city := desktest.City(t)
	in := city.Opened(t)
	city.Complete(t, in)
	sheet := func() []desk.FactRow {
		t.Helper()
		view, err := city.Show(t.Context(), city.As("detective-2208"), desktest.Noon, in)
		must(t, err)
		orders, err := city.Orders(t.Context())
		must(t, err)
		var records []jurat.Record
		for _, r := range view.Records {
			records = append(records, r.Value)
		}
		return desk.FactSheet(orders, records)
	}
	if rows := sheet(); len(rows) != 8 || len(rows[0].Sides[0])+len(rows[0].Sides[1]) != 0 {
		t.Fatalf("the order asks 8 questions, nobody has answered, and there are %d: %+v", len(rows), rows)
	}
	first := drafted(t, city, in, jurat.TypeImmunityFact, "", map[string]any{"question": "stated_task", "side": "agency", "fact": "An arrest.", "source": "a press statement", "item": "S2"})
	drafted(t, city, in, jurat.TypeImmunityFact, first.ID, map[string]any{"question": "stated_task", "side": "agency", "fact": "An arrest under a warrant.", "source": "a second press statement"})
	drafted(t, city, in, jurat.TypeImmunityFact, "", map[string]any{"question": "stated_task", "side": "others", "reached": "no_answer", "asked": "a witness's counsel", "asked_at": "2026-11-20T10:00:00Z"})
	drafted(t, city, in, jurat.TypeImmunityFact, "", map[string]any{"question": "threat", "side": "others", "fact": "None to be seen.", "source": "the film", "item": string(in) + "-E1"})
	rows := sheet()
	if len(rows) != 8 || rows[0].Question != "stated_task" || len(rows[0].Sides[0]) != 1 || rows[0].Sides[0][0].Text != "An arrest under a warrant." || len(rows[0].Sides[1]) != 1 {
		t.Fatalf("%+v", rows)
	}

	// The same in the dossier, each side beside the other.
	city.Pin(t, "county-prosecutor", desktest.County(t))
	ref, _, err := city.ApproveReferral(t.Context(), city.As("supervisor-1102"), desktest.Noon, city.Prepared(t, in).ID)
	must(t, err)
	sent, _ := city.Send(t, ref.ID, desktest.Noon)
	got := referralOf(t, sent)
	if got.Immunity == nil || len(got.Immunity.Facts) != 8 {
		t.Fatalf("%+v", got.Immunity)
	}
	task := got.Immunity.Facts[0]
	if len(task.Sides) != 2 || task.Sides[0].Side != desk.SideAgency || task.Sides[1].Side != desk.SideOthers {
		t.Fatalf("%+v", task)
	}
	if s := task.Sides[0]; s.Text != "An arrest under a warrant." || !strings.HasPrefix(s.Source, "a second press statement (record "+string(in)) || !strings.Contains(s.Source, "draft") {
		t.Errorf("%+v", s)
	}
	if s := task.Sides[1]; s.Text != "" || !strings.HasPrefix(s.NotObtained, "asked: a witness's counsel, 2026-11-20, no answer") {
		t.Errorf("%+v", s)
	}
	for _, f := range got.Immunity.Facts {
		if len(f.Sides) != 2 {
			t.Errorf("%s has %d sides", f.Question, len(f.Sides))
		}
		for _, s := range f.Sides {
			if s.Text == "" && s.NotObtained == "" {
				t.Errorf("%s: a side is a blank: %+v", f.Question, s)
			}
		}
	}
	if i := slices.IndexFunc(got.Immunity.Facts, func(f format.ImmunityFact) bool { return f.Question == "Authority that was shown" }); i < 0 || got.Immunity.Facts[i].Sides[0].NotObtained != "not asked" {
		t.Errorf("%+v", got.Immunity.Facts)
	}
}

// A dispute between governments stands with the incident it names, for who may
// list what is the house's; behind a wall there is none.
func TestADisputeStandsWithItsIncident(t *testing.T) {
	city := desktest.City(t)
	in := city.Opened(t)
	fields := func(number string) map[string]any {
		return map[string]any{"parties": []string{"the city", "a federal agency"}, "incident_number": number, "claim": "An example.", "response_state": "not_asked", "forum": "none_found", "outcome": "open"}
	}
	drafted(t, city, "", jurat.TypeDispute, "", fields(string(in)))
	drafted(t, city, "", jurat.TypeDispute, "", fields("2026-000099"))
	for _, who := range []jurat.PersonID{"officer-4471", "counsel-3", "auditor-1"} {
		all, err := city.Disputes(t.Context(), city.As(who), desktest.Noon, in)
		must(t, err)
		if len(all) != 1 || !strings.Contains(string(all[0].Fields), string(in)) {
			t.Errorf("%s is told of %+v", who, all)
		}
	}
	_, err := city.Disputes(t.Context(), city.As("aide-1"), desktest.Noon, in)
	refused(t, err, jurat.NotFound, "that you may open")
}
