package desk_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/register"
)

// The words a test plants in a prosecutor's own work, to be found nowhere else.
const (
	weighed = "quokka weighing"
	sworn   = "numbat testimony"
)

// prosecuted is a record that a police office shares with a prosecutor's, who
// wrote an assessment of a referred incident and of a matter before a grand jury.
// So close together they stand in no city; the walls hold there too.
func prosecuted(t *testing.T) (r *desktest.Record, ref jurat.Referral, own []jurat.Record, events []jurat.EventID) {
	t.Helper()
	r = desktest.City(t)
	ctx, admin := t.Context(), r.As("administrator-1")
	_, _, err := r.AdoptOrder(ctx, admin, desktest.Noon, "own.yaml", mustRead(t, "prosecutor-own-record.yaml"))
	must(t, err)
	_, _, err = r.AdoptOrder(ctx, admin, desktest.Noon, "mcc.yaml", mustRead(t, "chicago-mcc-2-173.yaml"))
	must(t, err)
	_, err = r.AddOffice(ctx, admin, desktest.Noon, jurat.Office{ID: "city-prosecutor", Name: "City prosecutor", Function: jurat.FunctionProsecutor, Own: true})
	must(t, err)
	r.Join(t, admin,
		desktest.Member{ID: "prosecutor-41", Office: "city-prosecutor", Role: jurat.RoleProsecutor},
		desktest.Member{ID: "prosecutor-42", Office: "city-prosecutor", Role: jurat.RoleProsecutor},
		desktest.Member{ID: "administrator-4", Office: "city-prosecutor", Role: jurat.RoleAdmin},
		desktest.Member{ID: "auditor-4", Office: "city-prosecutor", Role: jurat.RoleAuditor},
		desktest.Member{ID: "records-4", Office: "city-prosecutor", Role: jurat.RoleRecords},
		desktest.Member{ID: "supervisor-4", Office: "city-prosecutor", Role: jurat.RoleSupervisor, Sworn: true},
		// a prosecutor by role, in an office that is none
		desktest.Member{ID: "prosecutor-49", Office: desktest.Own, Role: jurat.RoleProsecutor})
	ref = r.Approved(t)
	for typ, fields := range map[jurat.RecordType]map[string]any{
		"assessment":        {"incident_number": ref.Incident, "authorized": "weighed", "authorized_words": weighed, "necessary": "unknown"},
		"grand_jury_matter": {"incident_number": ref.Incident, "matter": sworn, "kept_at": "a safe"},
	} {
		text, err := json.Marshal(fields)
		must(t, err)
		rec, done, err := r.AddRecord(ctx, r.As("prosecutor-41"), desktest.Noon, "", desk.Words{Type: typ, Fields: text})
		must(t, err)
		rec, signed, err := r.SubmitRecord(ctx, r.As("prosecutor-41"), desktest.Noon, rec.ID)
		must(t, err)
		own, events = append(own, rec), append(events, done.Event, signed.Event)
	}
	must(t, r.Publish(ctx))
	return r, ref, own, events
}

// LAW-10: a prosecutor's assessment, and a matter before a grand jury, are there
// for the prosecutors of the office whose record it is. Whoever else asks, however
// they ask, finds what they would find if nothing had been written.
func TestNobodyElseFindsAProsecutorsOwnWork(t *testing.T) {
	r, ref, own, events := prosecuted(t)
	ctx, noon := t.Context(), desktest.Noon
	for _, who := range []jurat.PersonID{"prosecutor-41", "prosecutor-42"} {
		c := r.As(who)
		p, err := r.Prosecution(ctx, c, noon, ref.Incident)
		must(t, err)
		if len(p.Records) != 2 || len(p.Types) != 2 {
			t.Errorf("%s has %d records and may write %d types", who, len(p.Records), len(p.Types))
		}
		for _, rec := range own {
			_, err := r.ShowRecord(ctx, c, noon, rec.ID)
			must(t, err)
			_, err = r.RecordVersions(ctx, c, noon, rec.ID)
			must(t, err)
		}
		_, _, err = r.Disclose(ctx, c, noon, events[0], []format.Claim{format.ClaimPayload})
		must(t, err)
	}
	others := []desk.Caller{{}}
	for _, m := range desktest.Members {
		others = append(others, r.As(m.ID))
	}
	for _, id := range []jurat.PersonID{"administrator-4", "auditor-4", "records-4", "supervisor-4", "prosecutor-49"} {
		others = append(others, r.As(id))
	}
	for _, c := range others {
		political := slices.Contains([]jurat.PersonID{"aide-1", "liaison-1", "counsel-9"}, c.Person)
		told := map[string]any{}
		put := func(what string, v any, err error) { told[what] = []any{v, err} }
		for _, rec := range own {
			for what, ask := range map[string]func(id jurat.ItemID) error{
				"shown":    func(id jurat.ItemID) error { _, err := r.ShowRecord(ctx, c, noon, id); return err },
				"versions": func(id jurat.ItemID) error { _, err := r.RecordVersions(ctx, c, noon, id); return err },
				"opened": func(id jurat.ItemID) error {
					_, err := r.OpenSealed(ctx, c, noon, jurat.Item{Noun: jurat.NounRecord, ID: id}, jurat.ClassContact, "because")
					return err
				},
				"amended": func(id jurat.ItemID) error {
					_, _, err := r.AmendRecord(ctx, c, noon, id, json.RawMessage(`{}`), "because")
					return err
				},
				"submitted": func(id jurat.ItemID) error { _, _, err := r.SubmitRecord(ctx, c, noon, id); return err },
				"approved":  func(id jurat.ItemID) error { _, _, err := r.ApproveRecord(ctx, c, noon, id); return err },
				"returned": func(id jurat.ItemID) error {
					_, _, err := r.ReturnRecord(ctx, c, noon, id, "because")
					return err
				},
				"amended by another": func(id jurat.ItemID) error {
					_, _, err := r.AddRecord(ctx, c, noon, "", desk.Words{Type: "roll_call", Amends: id, Fields: json.RawMessage(`{}`)})
					return err
				},
				"held": func(id jurat.ItemID) error {
					_, _, err := r.PlaceHold(ctx, c, noon, "", "a suit", []jurat.ItemID{id})
					return err
				},
			} {
				err := ask(rec.ID)
				absent := ask("record-99")
				if err == nil || absent == nil || err.Error() != strings.ReplaceAll(absent.Error(), "record-99", string(rec.ID)) {
					t.Errorf("%q, %s: %v; of what is absent: %v", c.Person, what, err, absent)
				}
			}
			_, _, err := r.AddRecord(ctx, c, noon, "", desk.Words{Type: rec.Type, Fields: json.RawMessage(`{}`)})
			refused(t, err, jurat.Forbidden, "")
		}
		for _, id := range events {
			_, _, err := r.Disclose(ctx, c, noon, id, []format.Claim{format.ClaimPayload})
			_, _, absent := r.Disclose(ctx, c, noon, "01a205e9-1fb3-725f-877d-faf913867ee7", []format.Claim{format.ClaimPayload})
			if err == nil || err.Error() != strings.ReplaceAll(absent.Error(), "01a205e9-1fb3-725f-877d-faf913867ee7", string(id)) {
				t.Errorf("%q has an event of it disclosed: %v; of what is absent: %v", c.Person, err, absent)
			}
		}
		p, err := r.Prosecution(ctx, c, noon, ref.Incident)
		if len(p.Records)+len(p.Types) > 0 || political && err == nil {
			t.Errorf("%q is given %+v, %v", c.Person, p, err)
		}
		for _, word := range []string{"quokka", "numbat"} {
			lines, err := r.Search(ctx, c, noon, desk.Sought{Words: word}, "", 10)
			if len(lines) > 0 {
				t.Errorf("%q finds %v", c.Person, lines)
			}
			put("search "+word, lines, err)
		}
		ofHouse, err := r.Events(ctx, c, noon, "")
		put("events of the house", ofHouse, err)
		ofIncident, err := r.Events(ctx, c, noon, ref.Incident)
		put("events of the incident", ofIncident, err)
		a, err := r.Audit(ctx, c, noon, desk.AuditAsk{Limit: 1000})
		put("audit", a, err)
		sheet, err := desk.AuditSheet(a.Events)
		put("its sheet", string(sheet), err)
		records, err := r.Records(ctx, c, noon, "")
		put("records of the house", records, err)
		house, err := r.ShowHouse(ctx, c, noon)
		put("the house", house, err)
		shown, err := r.Show(ctx, c, noon, ref.Incident)
		put("the incident", shown, err)
		duties, err := r.Duties(ctx, c, noon, nil)
		put("duties", duties, err)
		waiting, err := r.Waiting(ctx, c, noon)
		put("waiting", waiting, err)
		lines, err := r.Journal(ctx, c, noon, 0, 10_000)
		put("journal", lines, err)
		for what, v := range told {
			hides(t, string(c.Person)+", "+what, mustJSON(t, v), own, events)
		}
	}
	for _, who := range []jurat.PersonID{"prosecutor-41", "prosecutor-42"} { // nor does the index have it for those who may read it
		lines, err := r.Search(ctx, r.As(who), noon, desk.Sought{Words: "quokka"}, "", 10)
		must(t, err)
		if len(lines) > 0 {
			t.Errorf("the index has it: %v", lines)
		}
	}
	provable(t, r)
}

// hides asserts that nothing in a text is of a prosecutor's own work.
func hides(t *testing.T, what string, text []byte, own []jurat.Record, events []jurat.EventID) {
	t.Helper()
	forbidden := []string{weighed, sworn, "quokka", "numbat", "grand_jury", "grand jury"}
	for _, rec := range own {
		forbidden = append(forbidden, `"`+string(rec.ID)+`"`)
	}
	for _, id := range events {
		forbidden = append(forbidden, string(id))
	}
	for _, word := range forbidden {
		if i := bytes.Index(text, []byte(word)); i >= 0 {
			t.Errorf("%s tells of %q: …%s…", what, word, text[max(0, i-80):min(len(text), i+80)])
		}
	}
}

// No dossier carries it and no supplement, not even where police and prosecutor
// keep one record: not its words, its number, its leaf; and the incident's chain is
// whole without it.
func TestNoDossierCarriesAProsecutorsOwnWork(t *testing.T) {
	r, ref, own, events := prosecuted(t)
	ctx := t.Context()
	var leaves [][]byte
	must(t, r.Register.Read(ctx, func(tx *register.Tx) error {
		for _, id := range events {
			row, err := tx.Event(id)
			if err != nil {
				return err
			}
			if bytes.Contains(row.Leaf, []byte("record")) || bytes.Contains(row.Leaf, []byte("quokka")) {
				t.Errorf("the leaf says %s", row.Leaf)
			}
			leaves = append(leaves, row.Leaf)
		}
		return nil
	}))
	r.Pin(t, "county-prosecutor", desktest.County(t))
	first, _ := r.Send(t, ref.ID, desktest.Noon)
	got[jurat.Flag, desk.Done](t)(r.AddFlag(ctx, r.As("officer-4471"), desktest.Noon, jurat.NumberItem(ref.Incident, jurat.NounExhibit, 1), []string{"officer_request"}))
	second, _ := r.Send(t, ref.ID, desktest.Noon)
	for path, previous := range map[string]string{first: "", second: first} {
		contents(t, r, path, previous)
		text, err := os.ReadFile(path)
		must(t, err)
		if !bytes.Contains(text, []byte("I saw Supervisor 1")) {
			t.Fatal("the dossier's words cannot be searched for")
		}
		for _, leaf := range leaves {
			if bytes.Contains(text, leaf) {
				t.Error("its leaf went too")
			}
		}
		// The texts of orders name the types; nothing else may.
		z, err := zip.OpenReader(path)
		must(t, err)
		defer z.Close()
		for _, f := range z.File {
			if strings.Contains(f.Name, "/jurat/order/") {
				continue
			}
			in, err := f.Open()
			must(t, err)
			member, err := io.ReadAll(in)
			must(t, err)
			for _, word := range []string{weighed, sworn, string(own[0].ID) + `"`, string(own[1].ID) + `"`, string(events[0]), string(events[2])} {
				if bytes.Contains(member, []byte(word)) {
					t.Errorf("%s has %q", f.Name, word)
				}
			}
		}
	}
}

// What a court sealed of an incident, it seals of what a prosecutor made of it; and
// nobody writes about an incident they may not open.
func TestAProsecutorsOwnWorkFollowsItsIncident(t *testing.T) {
	r, ref, own, _ := prosecuted(t)
	ctx, c := t.Context(), r.As("prosecutor-41")
	_, _, err := r.AddRecord(ctx, c, desktest.Noon, "", desk.Words{Type: "assessment", Fields: json.RawMessage(`{"incident_number":"2026-000777"}`)})
	refused(t, err, jurat.NotFound, "there is no incident 2026-000777")
	got[jurat.Record, desk.Done](t)(r.AddRecord(ctx, c, desktest.Noon, "", desk.Words{Type: "assessment", Fields: json.RawMessage(`{}`)}))
	writ := ordered(t, r, desktest.Noon, jurat.Writ{Kind: jurat.WritSeal, Incident: ref.Incident, OpenTo: []jurat.Role{jurat.RoleCounsel}})
	for _, rec := range own {
		_, err := r.ShowRecord(ctx, c, desktest.Noon, rec.ID)
		refused(t, err, jurat.NotFound, "there is no record")
	}
	all, err := r.Records(ctx, c, desktest.Noon, "")
	must(t, err)
	if len(all) != 1 {
		t.Errorf("of an incident that is sealed from them they are listed %+v", all)
	}
	_, _, err = r.AddRecord(ctx, c, desktest.Noon, "", desk.Words{Type: "assessment", Fields: json.RawMessage(`{"incident_number":"` + string(writ.Incident) + `"}`)})
	refused(t, err, jurat.NotFound, "there is no incident")
	_, _, err = r.AmendRecord(ctx, c, desktest.Noon, all[0].ID, json.RawMessage(`{"incident_number":"`+string(writ.Incident)+`"}`), "because")
	refused(t, err, jurat.NotFound, "there is no incident")
}

// The inbox says of which referral the prosecutors have work of their own.
func TestAnInboxSaysWhereAProsecutorWroteSomething(t *testing.T) {
	city, county := neighbours(t, desktest.SQLite)
	ctx, c := t.Context(), county.As("prosecutor-12")
	_, _, err := county.AdoptOrder(ctx, county.As("administrator-1"), desktest.Noon, "own.yaml", mustRead(t, "prosecutor-own-record.yaml"))
	must(t, err)
	var all []jurat.Dossier
	for range 2 {
		_, sealed := city.Send(t, city.Approved(t).ID, desktest.Noon)
		all = append(all, taken(t, county, sealed, ""))
	}
	got[jurat.Record, desk.Done](t)(county.AddRecord(ctx, c, desktest.Noon, "", desk.Words{Type: "assessment", Fields: json.RawMessage(`{"incident_number":"` + string(all[1].Incident) + `"}`)}))
	inbox, err := county.Inbox(ctx, c, desktest.Noon)
	must(t, err)
	if len(inbox) != 2 {
		t.Fatalf("the inbox has %+v", inbox)
	}
	for _, one := range inbox {
		if one.Own != (one.Dossier.ID == all[1].ID) {
			t.Errorf("of %s it says %t", one.Dossier.ID, one.Own)
		}
	}
}
