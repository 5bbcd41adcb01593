package jurat_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"jurat"
)

type recordDeed = deed[jurat.Record]

func fields(s string) jurat.Writing { return jurat.Writing{Fields: json.RawMessage(s)} }

func adding(typ jurat.RecordType, amends jurat.ItemID, w jurat.Writing, by jurat.Hand) func(jurat.Record) (jurat.Record, jurat.Event, error) {
	return func(jurat.Record) (jurat.Record, jurat.Event, error) {
		return jurat.AddRecord(id(jurat.NounRecord, 2), typ, amends, w, by, night)
	}
}

func approvedReport(t testing.TB) jurat.Record {
	t.Helper()
	r, ev, err := submitted(t).Approve(supervisor, nil, night)
	return must(t, r, ev, err)
}

func returnedReport(t testing.TB) jurat.Record {
	t.Helper()
	r, ev, err := submitted(t).Return(supervisor, "say when", night)
	return must(t, r, ev, err)
}

func TestAddingARecord(t *testing.T) {
	var none jurat.Record
	book(t, []recordDeed{
		{"with no field at all: saving is never blocked", none, adding("report", "", jurat.Writing{}, officer), "", nil},
		{"of a type an order brings", none, adding("request_for_assistance", "", fields(`{"channel":"911"}`), officer), "", nil},
		{"with a sealed part", none, adding("report", "", jurat.Writing{Sealed: map[jurat.Class]any{jurat.ClassMinor: true, jurat.ClassIdentity: "x"}}, officer), "", func(t *testing.T, r jurat.Record, _ jurat.Event) {
			if !slices.Equal(r.Parts, []jurat.Class{jurat.ClassIdentity, jurat.ClassMinor}) {
				t.Errorf("its parts are %v", r.Parts)
			}
		}},
		{"that amends another", none, adding("report", id(jurat.NounRecord, 1), fields(`{}`), partner), "", nil},
		{"that amends itself", none, adding("report", id(jurat.NounRecord, 2), fields(`{}`), officer), jurat.Invalid, nil},
		{"that amends one of another incident", none, adding("report", jurat.NumberItem(other, jurat.NounRecord, 1), fields(`{}`), officer), jurat.Invalid, nil},
		{"that amends an exhibit", none, adding("report", id(jurat.NounExhibit, 1), fields(`{}`), officer), jurat.Invalid, nil},
		{"of no type", none, adding("", "", fields(`{}`), officer), jurat.Invalid, nil},
		{"of a type that is no name", none, adding("Use of force", "", fields(`{}`), officer), jurat.Invalid, nil},
		{"with fields that are a list", none, adding("report", "", fields(`[]`), officer), jurat.Invalid, nil},
		{"with fields that are null", none, adding("report", "", fields(`null`), officer), jurat.Invalid, nil},
		{"with two objects", none, adding("report", "", fields(`{} {}`), officer), jurat.Invalid, nil},
		{"with a field twice, which two readers read as two", none, adding("report", "", fields(`{"a":1,"\u0061":2}`), officer), jurat.Invalid, nil},
		{"with a field twice below", none, adding("report", "", fields(`{"l":[{"a":1,"a":2}]}`), officer), jurat.Invalid, nil},
		{"that is not UTF-8", none, adding("report", "", fields("{\"a\":\"\xff\"}"), officer), jurat.Invalid, nil},
		{"nested beyond reading", none, adding("report", "", fields(strings.Repeat(`{"a":`, 40)+`1`+strings.Repeat(`}`, 40)), officer), jurat.Invalid, nil},
		{"with a forbidden field", none, adding("report", "", fields(`{"immigration_status":"unknown"}`), officer), jurat.Invalid, nil},
		{"with a forbidden field below", none, adding("report", "", fields(`{"people":[{"homeAddress":"x"}]}`), officer), jurat.Invalid, nil},
		{"with a forbidden field under seal", none, adding("report", "", jurat.Writing{Sealed: map[jurat.Class]any{jurat.ClassIdentity: map[string]string{"ssn": "x"}}}, officer), jurat.Invalid, nil},
		{"with the open part sealed", none, adding("report", "", jurat.Writing{Sealed: map[jurat.Class]any{jurat.ClassOpen: "x"}}, officer), jurat.Invalid, nil},
		{"with a part of no class", none, adding("report", "", jurat.Writing{Sealed: map[jurat.Class]any{"secret": "x"}}, officer), jurat.Invalid, nil},
		{"with a part no JSON can hold", none, adding("report", "", jurat.Writing{Sealed: map[jurat.Class]any{jurat.ClassMinor: func() {}}}, officer), jurat.Invalid, nil},
		{"under the number of an exhibit", none, func(jurat.Record) (jurat.Record, jurat.Event, error) {
			return jurat.AddRecord(id(jurat.NounExhibit, 1), "report", "", jurat.Writing{}, officer, night)
		}, jurat.Invalid, nil},
	})
}

func TestBetweenAuthorAndApprover(t *testing.T) {
	draft, waiting, back, done := aReport(t), submitted(t), returnedReport(t), approvedReport(t)
	amend := func(by jurat.Hand, w jurat.Writing) func(jurat.Record) (jurat.Record, jurat.Event, error) {
		return func(r jurat.Record) (jurat.Record, jurat.Event, error) { return r.Amend(w, by, "a word", morning) }
	}
	submit := func(by jurat.Hand) func(jurat.Record) (jurat.Record, jurat.Event, error) {
		return func(r jurat.Record) (jurat.Record, jurat.Event, error) { return r.Submit(by, morning) }
	}
	sendBack := func(by jurat.Hand, why string) func(jurat.Record) (jurat.Record, jurat.Event, error) {
		return func(r jurat.Record) (jurat.Record, jurat.Event, error) { return r.Return(by, why, morning) }
	}
	approve := func(by jurat.Hand, open ...jurat.Reason) func(jurat.Record) (jurat.Record, jurat.Event, error) {
		return func(r jurat.Record) (jurat.Record, jurat.Event, error) { return r.Approve(by, open, morning) }
	}
	author := supervisor
	own, ev, err := jurat.AddRecord(id(jurat.NounRecord, 3), "report", "", jurat.Writing{}, author, night)
	own = must(t, own, ev, err)
	own, ev, err = own.Submit(author, night)
	own = must(t, own, ev, err)

	book(t, []recordDeed{
		{"the author amends a draft", draft, amend(officer, fields(`{"narrative":"More."}`)), "", func(t *testing.T, r jurat.Record, _ jurat.Event) {
			if r.Version != 2 || string(r.Fields) != `{"narrative":"More."}` || r.Parts != nil {
				t.Errorf("version %d, fields %s, parts %v", r.Version, r.Fields, r.Parts)
			}
		}},
		{"the author amends what was submitted, which is a draft again", waiting, amend(officer, fields(`{}`)), "", func(t *testing.T, r jurat.Record, _ jurat.Event) {
			if r.State != jurat.RecordDraft || !r.SubmittedAt.IsZero() {
				t.Errorf("it is %s since %v", r.State, r.SubmittedAt)
			}
		}},
		{"the author amends what was returned", back, amend(officer, fields(`{}`)), "", nil},
		{"a partner amends", draft, amend(partner, fields(`{}`)), jurat.Forbidden, nil},
		{"the supervisor amends another's words", waiting, amend(supervisor, fields(`{}`)), jurat.Forbidden, nil},
		{"nobody amends what is approved", done, amend(officer, fields(`{}`)), jurat.Conflict, nil},
		{"an amendment that cannot be read", draft, amend(officer, fields(`[]`)), jurat.Invalid, nil},
		{"an amendment with a forbidden field", draft, amend(officer, fields(`{"religion":"x"}`)), jurat.Invalid, nil},

		{"the author submits", draft, submit(officer), "", nil},
		{"the author submits what was returned", back, submit(officer), "", nil},
		{"a partner submits", draft, submit(partner), jurat.Forbidden, nil},
		{"submitted twice", waiting, submit(officer), jurat.Conflict, nil},
		{"submitted after approval", done, submit(officer), jurat.Conflict, nil},

		{"a supervisor returns it", waiting, sendBack(supervisor, "say when"), "", func(t *testing.T, r jurat.Record, ev jurat.Event) {
			if ev.Note != "say when" || r.Returned != "say when" || string(r.Fields) != string(waiting.Fields) || !r.ReturnedAt.Equal(jurat.At(morning)) {
				t.Errorf("note %q, reason %q, fields %s", ev.Note, r.Returned, r.Fields)
			}
		}},
		{"returned without a reason", waiting, sendBack(supervisor, " "), jurat.Invalid, nil},
		{"the author returns it", own, sendBack(author, "no"), jurat.Forbidden, nil},
		{"an officer returns it", waiting, sendBack(partner, "no"), jurat.Forbidden, nil},
		{"a draft is returned", draft, sendBack(supervisor, "no"), jurat.Conflict, nil},
		{"an approved one is returned", done, sendBack(second, "no"), jurat.Conflict, nil},

		{"a supervisor approves", waiting, approve(supervisor), "", nil},
		{"the author never approves", own, approve(author), jurat.Forbidden, nil},
		{"an officer approves", waiting, approve(partner), jurat.Forbidden, nil},
		{"a detective approves", waiting, approve(detective), jurat.Forbidden, nil},
		{"somebody not sworn approves", waiting, approve(unsworn(supervisor)), jurat.Forbidden, nil},
		{"a supervisor of a prosecutor's office approves", waiting, approve(hand("p", jurat.RoleSupervisor, jurat.FunctionProsecutor, true)), jurat.Forbidden, nil},
		{"a draft is approved", draft, approve(supervisor), jurat.Conflict, nil},
		{"approved twice", done, approve(second), jurat.Conflict, nil},
		{"a closed gate", waiting, approve(supervisor, jurat.Reason{Say: "the footage is not flagged"}, jurat.Reason{Say: "nobody was asked"}), jurat.Conflict, nil},
	})

	_, _, err = waiting.Approve(supervisor, []jurat.Reason{{Say: "the footage is not flagged"}, {Say: "the footage is not flagged"}, {Say: "nobody was asked"}}, morning)
	if !strings.Contains(err.Error(), "the footage is not flagged (and 1 more)") {
		t.Errorf("the refusal names its reasons thus: %v", err)
	}
}

func TestEverySubmittedTextIsKept(t *testing.T) {
	r := aReport(t)
	var texts []string
	for i, text := range []string{`{"narrative":"first"}`, `{"narrative":"second"}`, `{"narrative":"third"}`} {
		next, _, err := r.Amend(fields(text), officer, "", night)
		if err != nil {
			t.Fatal(err)
		}
		next, ev, err := next.Submit(officer, night)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(ev.Value.(jurat.Record).Fields))
		back, ev, err := next.Return(supervisor, "again", night)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(ev.Value.(jurat.Record).Fields); got != text || back.Version != i+2 {
			t.Errorf("round %d: the returned text is %s in version %d", i, got, back.Version)
		}
		r = back
	}
	if strings.Join(texts, "") != `{"narrative":"first"}{"narrative":"second"}{"narrative":"third"}` {
		t.Errorf("the submitted texts are %v", texts)
	}
}

func TestHowATextReachedTheRecordOutlivesItsSignature(t *testing.T) {
	typist := officer
	typist.Via = jurat.ViaOperator
	r, ev, err := jurat.AddRecord(id(jurat.NounRecord, 1), "report", "", jurat.Writing{}, typist, night)
	r, ev, err = must(t, r, ev, err).Submit(officer, night)
	if must(t, r, ev, err).Entered != jurat.ViaOperator {
		t.Errorf("entered by the operator and signed with a key, it says entered %q", r.Entered)
	}
}

func attempt(s string) (jurat.Record, jurat.Event, error) {
	return jurat.AddRecord(id(jurat.NounRecord, 1), jurat.TypeIdentification, "", fields(s), officer, night)
}

func TestAnIdentificationAttemptSaysWhatCameOfIt(t *testing.T) {
	for _, tc := range []struct {
		fields string
		open   string // part of the reason against approval; empty: none
	}{
		{`{}`, "not stated"},
		{`{"outcome":""}`, "not stated"},
		{`{"outcome":"identified_verified"}`, ""},
		{`{"outcome":"identified_unverified","recording":"unknown"}`, ""},
		{`{"outcome":"partial","recording":"no"}`, ""},
		{`{"outcome":"no_answer"}`, ""},
		{`{"outcome":"not_feasible"}`, ""},
		{`{"outcome":"no_supervisor_present"}`, ""},
		{`{"outcome":"left_scene"}`, ""},
		{`{"outcome":"not_attempted"}`, "say why"},
		{`{"outcome":"not_attempted","not_attempted":"  "}`, "say why"},
		{`{"outcome":"not_attempted","not_attempted":"safety"}`, ""},
		{`{"outcome":"refused"}`, "a refusal needs its recording"},
		{`{"outcome":"refused","recording":"yes"}`, "a refusal needs its recording"},
		{`{"outcome":"refused","recording":"unknown"}`, "a refusal needs its recording"},
		{`{"outcome":"refused","recording":"no","no_recording":" "}`, "a refusal needs its recording"},
		{`{"outcome":"refused","recording":"no","no_recording":"no recording because the battery was empty"}`, ""},
		{`{"outcome":"refused","recording":"yes_not_yet_uploaded"}`, ""},
		{`{"outcome":"refused","recording":"yes","exhibit":"2026-000001-E2"}`, ""},
		{`{"outcome":"refused","recording":"yes","exhibit":"2026-000002-E2"}`, "no exhibit of incident"},
		{`{"outcome":"refused","recording":"yes","exhibit":"on my desk"}`, "no exhibit of incident"},
		{`{"outcome":"refused","recording":"no","exhibit":"2026-000001-E2"}`, "correct one"},
		{`{"Outcome":"identified_verified"}`, "not stated"}, // another field to every other reader
	} {
		r, ev, err := attempt(tc.fields)
		if err != nil {
			t.Errorf("%s: saving was refused: %v", tc.fields, err)
			continue
		}
		kept(t, r, ev)
		open := r.Incomplete()
		var say string
		for _, reason := range open {
			say += reason.Say
		}
		if tc.open == "" && len(open) > 0 || tc.open != "" && !strings.Contains(say, tc.open) {
			t.Errorf("%s: reasons against approval are %v; want %q", tc.fields, open, tc.open)
		}
		r, ev, err = r.Submit(officer, night)
		_, _, err = must(t, r, ev, err).Approve(supervisor, nil, night)
		if (err == nil) != (tc.open == "") {
			t.Errorf("%s: approved without asking Incomplete: %v", tc.fields, err)
		}
	}
	for _, o := range jurat.Outcomes {
		if _, _, err := attempt(`{"outcome":"` + string(o) + `"}`); err != nil {
			t.Errorf("outcome %s cannot be saved: %v", o, err)
		}
	}
	for _, r := range jurat.Recordings {
		if _, _, err := attempt(`{"recording":"` + string(r) + `"}`); err != nil {
			t.Errorf("recording %s cannot be saved: %v", r, err)
		}
	}
	book(t, []recordDeed{
		{"an outcome outside the list", jurat.Record{}, func(jurat.Record) (jurat.Record, jurat.Event, error) { return attempt(`{"outcome":"silent"}`) }, jurat.Invalid, nil},
		{"an outcome that is a number", jurat.Record{}, func(jurat.Record) (jurat.Record, jurat.Event, error) { return attempt(`{"outcome":5}`) }, jurat.Invalid, nil},
		{"a recording outside the list", jurat.Record{}, func(jurat.Record) (jurat.Record, jurat.Event, error) { return attempt(`{"recording":"maybe"}`) }, jurat.Invalid, nil},
	})
}

func TestForceIsBySomebody(t *testing.T) {
	add := func(s string) (jurat.Record, jurat.Event, error) {
		return jurat.AddRecord(id(jurat.NounRecord, 1), jurat.TypeForce, "", fields(s), officer, night)
	}
	var none jurat.Record
	deeds := []recordDeed{
		{"by somebody nobody lists", none, func(jurat.Record) (jurat.Record, jurat.Event, error) { return add(`{"by":"the enemy"}`) }, jurat.Invalid, nil},
		{"by a number", none, func(jurat.Record) (jurat.Record, jurat.Event, error) { return add(`{"by":7}`) }, jurat.Invalid, nil},
		{"not yet said by whom: saving is never blocked", none, func(jurat.Record) (jurat.Record, jurat.Event, error) { return add(`{}`) }, "", func(t *testing.T, r jurat.Record, _ jurat.Event) {
			if len(r.Incomplete()) != 1 {
				t.Errorf("reasons against approval: %v", r.Incomplete())
			}
		}},
	}
	for _, k := range jurat.ActorKinds {
		deeds = append(deeds, recordDeed{"by " + string(k) + ", the city's own by the same rule", none, func(jurat.Record) (jurat.Record, jurat.Event, error) { return add(`{"by":"` + string(k) + `"}`) }, "", func(t *testing.T, r jurat.Record, _ jurat.Event) {
			if len(r.Incomplete()) != 0 {
				t.Errorf("reasons against approval: %v", r.Incomplete())
			}
		}})
	}
	book(t, deeds)
}

// OWN-4: what a wall keeps never goes into a dossier, and stays kept.
func TestARecordBehindAWallIsTheHousesOwn(t *testing.T) {
	w := jurat.Writing{Fields: json.RawMessage(`{}`), Wall: jurat.WallComplaint}
	got, ev, err := jurat.AddRecord("2026-000001-R1", "own_complaint", "", w, officer, night)
	refused(t, jurat.Invalid, got, jurat.Record{}, ev, err)
	r, _, err := jurat.AddRecord("record-1", "own_complaint", "", w, officer, night)
	if err != nil || r.Wall != jurat.WallComplaint {
		t.Fatalf("behind %q: %v", r.Wall, err)
	}
	// a later order without the wall does not take it down
	later, _, err := r.Amend(fields(`{}`), officer, "", night)
	if err != nil || later.Wall != jurat.WallComplaint {
		t.Errorf("amended: behind %q: %v", later.Wall, err)
	}
	w.Wall = "glass"
	got, ev, err = jurat.AddRecord("record-1", "own_complaint", "", w, officer, night)
	refused(t, jurat.Invalid, got, jurat.Record{}, ev, err)
}

// LAW-10: what a prosecutor weighs, and a matter before a grand jury, is written
// by prosecutors alone, is no part of an incident, and stays behind its wall.
func TestAProsecutorsOwnWorkIsWrittenByProsecutorsAlone(t *testing.T) {
	for _, wall := range []jurat.Wall{jurat.WallAssessment, jurat.WallGrandJury} {
		w := jurat.Writing{Fields: json.RawMessage(`{}`), Wall: wall}
		inPolice := prosecutor
		inPolice.Function = jurat.FunctionPolice
		for _, by := range []jurat.Hand{officer, supervisor, inPolice} {
			got, ev, err := jurat.AddRecord("record-1", "assessment", "", w, by, night)
			refused(t, jurat.Forbidden, got, jurat.Record{}, ev, err)
		}
		got, ev, err := jurat.AddRecord("2026-000001-R1", "assessment", "", w, prosecutor, night)
		refused(t, jurat.Invalid, got, jurat.Record{}, ev, err)
		r, _, err := jurat.AddRecord("record-1", "assessment", "", w, prosecutor, night)
		if err != nil || r.Wall != wall || !r.Wall.WorkProduct() {
			t.Fatalf("behind %q: %v", r.Wall, err)
		}
		later, _, err := r.Amend(fields(`{}`), prosecutor, "", night)
		if err != nil || later.Wall != wall {
			t.Errorf("amended: behind %q: %v", later.Wall, err)
		}
		w.Wall = jurat.WallComplaint
		got, ev, err = r.Amend(w, prosecutor, "", night)
		refused(t, jurat.Conflict, got, r, ev, err)
		left := prosecutor
		left.Role = jurat.RoleOfficer
		got, ev, err = r.Amend(fields(`{}`), left, "", night)
		refused(t, jurat.Forbidden, got, r, ev, err)
	}
	if jurat.WallComplaint.WorkProduct() || jurat.WallInquiry.WorkProduct() || jurat.Wall("").WorkProduct() {
		t.Error("a complaint is a prosecutor's own work")
	}
}
