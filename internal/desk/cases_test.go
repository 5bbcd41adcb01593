package desk_test

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/numbers"
	"jurat/order"
	"jurat/orders"
)

// The cases of the requirements (§15) that no other test of this room tells;
// docs/cases.md says where each of the fifteen is.

// adopted is a city's record with further orders in force.
func adopted(t *testing.T, files ...string) *desktest.Record {
	t.Helper()
	r := desktest.City(t)
	for _, file := range files {
		text, err := orders.Read(file)
		must(t, err)
		_, _, err = r.AdoptOrder(t.Context(), r.As("administrator-1"), desktest.Noon, file, text)
		must(t, err)
	}
	return r
}

// submittedBy adds a record with its fields, submitted.
func submittedBy(t *testing.T, r *desktest.Record, who jurat.PersonID, at time.Time, in jurat.IncidentNumber, typ jurat.RecordType, fields string) jurat.Record {
	t.Helper()
	rec, _, err := r.AddRecord(t.Context(), r.As(who), at, in, desk.Words{Type: typ, Fields: json.RawMessage(fields)})
	must(t, err)
	rec, _, err = r.SubmitRecord(t.Context(), r.As(who), at, rec.ID)
	must(t, err)
	return rec
}

// because are the ids of what closes a gate to an item.
func because(t *testing.T, r *desktest.Record, at time.Time, in jurat.IncidentNumber, gate order.GateID, item jurat.ItemID) []string {
	t.Helper()
	v, err := r.Show(t.Context(), r.As("supervisor-1102"), at, in)
	must(t, err)
	var ids []string
	for _, g := range v.Gates {
		if g.ID == gate {
			for _, reason := range g.For(string(item)) {
				ids = append(ids, reason.ID)
			}
		}
	}
	return ids
}

// Case 2 of §15: "no comment" is no answer and not a refusal; a credential whose
// number is covered is partial.
func TestCase02NoCommentIsNoRefusalAndACoveredNumberIsPartial(t *testing.T) {
	r := desktest.City(t)
	in := r.Opened(t)
	silent := submittedBy(t, r, "officer-4471", desktest.Noon, in, "identification_attempt", `{"asked_whom":"Supervisor 1","role_asked":"supervisor_on_scene","outcome":"no_answer","recording":"no"}`)
	covered := submittedBy(t, r, "officer-4471", desktest.Noon, in, "identification_attempt", `{"asked_whom":"Supervisor 1","role_asked":"supervisor_on_scene","outcome":"partial","credential_shown":"yes","recording":"no"}`)
	refusal := submittedBy(t, r, "officer-4471", desktest.Noon, in, "identification_attempt", `{"asked_whom":"Supervisor 1","role_asked":"supervisor_on_scene","outcome":"refused","recording":"no"}`)
	for _, rec := range []jurat.Record{silent, covered} {
		if ids := because(t, r, desktest.Noon, in, order.GateApprove, rec.ID); slices.Contains(ids, "refusal-recorded") {
			t.Errorf("%s is treated as a refusal: %v", rec.Fields, ids)
		}
	}
	if ids := because(t, r, desktest.Noon, in, order.GateApprove, refusal.ID); !slices.Contains(ids, "refusal-recorded") {
		t.Errorf("a refusal without a recording or a reason is promoted: %v", ids)
	}
	v, err := r.Show(t.Context(), r.As("supervisor-1102"), desktest.Noon, in)
	must(t, err)
	if len(v.Allegations) != 0 || len(v.Records) != 3 || !strings.Contains(string(v.Records[0].Value.Fields), `"no_answer"`) || !strings.Contains(string(v.Records[1].Value.Fields), `"partial"`) {
		t.Errorf("the record says other than was stated: %v, %v", v.Records, v.Allegations)
	}
	_, _, err = r.AddRecord(t.Context(), r.As("officer-4471"), desktest.Noon, in, desk.Words{Type: "identification_attempt", Fields: json.RawMessage(`{"outcome":"silent"}`)})
	refused(t, err, jurat.Invalid, "silent")
}

// Case 5 of §15: a 911 call "assist the police"; the purpose is learned on
// arrival, a supervisor decides, the units leave, and the city's quarterly
// report and the state's annual one each count it once.
func TestCase05ACallToAssistThePoliceIsCountedOnceInEachReport(t *testing.T) {
	r := adopted(t, "chicago-mcc-2-173.yaml", "illinois-trust-act.yaml")
	in := r.Opened(t)
	request := submittedBy(t, r, "officer-4471", desktest.Noon, in, "assistance_request", `{"received_at":"2026-06-04T13:00:00-05:00","channel":"911","requesting_agency":"unknown","said_purpose":"assist the police",
		"what_asked":["civil_enforcement"],"emergency":"no","knew_federal_at_dispatch":"unknown","knew_civil_at_arrival":"yes","purpose":"pending_purpose"}`)
	v, err := r.Show(t.Context(), r.As("supervisor-1102"), desktest.Noon, in)
	must(t, err)
	if !owed(v, "resolve-purpose") || !owed(v, "decide-request") {
		t.Errorf("a purpose nobody settled is not owed: %v", v.Duties)
	}
	_, _, err = r.AmendRecord(t.Context(), r.As("officer-4471"), desktest.Noon, request.ID, json.RawMessage(`{"received_at":"2026-06-04T13:00:00-05:00","channel":"911","requesting_agency":"unknown","said_purpose":"assist the police",
		"what_asked":["civil_enforcement"],"emergency":"no","knew_federal_at_dispatch":"unknown","knew_civil_at_arrival":"yes","purpose":"civil_immigration_enforcement"}`), "learned on arrival")
	must(t, err)
	submittedBy(t, r, "supervisor-1102", desktest.Noon, in, "assistance_decision", `{"request":"`+string(request.ID)+`","decision":"declined","legal_basis":"MCC 2-173-020","decided_at":"2026-06-04T13:25:00-05:00","decided_by_rank":"supervisor","units_sent":"two units","left_scene_at":"2026-06-04T13:31:00-05:00"}`)
	v, err = r.Show(t.Context(), r.As("supervisor-1103"), desktest.Noon, in)
	must(t, err)
	for _, id := range []string{"resolve-purpose", "decide-request", "leave-scene", "document-how-addressed"} {
		if owed(v, id) {
			t.Errorf("%s is still owed", id)
		}
	}
	must(t, r.Publish(t.Context()))
	for report, period := range map[string]string{"quarterly": "2026-Q2", "trust": "2026"} {
		p, err := numbers.ParsePeriod(period)
		must(t, err)
		made, _, err := r.Report(t.Context(), r.As("records-3"), desktest.Noon.AddDate(1, 0, 0), report, desk.Counting{Period: p})
		must(t, err)
		i := slices.IndexFunc(made.Figures, func(f numbers.Figure) bool { return f.ID == "requests" })
		if i < 0 || made.Figures[i].N != 1 {
			t.Errorf("the %s report counts %v", report, made.Figures)
		}
	}
}

// Case 6 of §15: a detainer and a judge's criminal warrant on the same person.
// Help under the warrant needs the court, the number and the image; the
// detainer is none.
func TestCase06HelpUnderAWarrantNeedsCourtNumberAndImage(t *testing.T) {
	r := adopted(t, "chicago-mcc-2-173.yaml")
	in := r.Opened(t)
	request := submittedBy(t, r, "officer-4471", desktest.Noon, in, "assistance_request", `{"received_at":"2026-06-04T13:00:00-05:00","channel":"phone","requesting_agency":"ice_ero","agency_basis":"stated","said_purpose":"an arrest",
		"what_asked":["criminal_warrant"],"claimed_authority":["detainer","judicial_criminal_warrant"],"purpose":"criminal_matter"}`)
	exhibit := r.Received(t, desktest.Noon, in, "an image of a warrant")[0]
	decide := func(warrant string) jurat.ItemID {
		return submittedBy(t, r, "supervisor-1102", desktest.Noon, in, "assistance_decision", `{"request":"`+string(request.ID)+`","decision":"assisted_criminal_warrant","legal_basis":"a judge's warrant","decided_at":"2026-06-04T13:25:00-05:00","decided_by_rank":"watch_commander"`+warrant+`}`).ID
	}
	bare := decide("")
	noImage := decide(`,"warrant_court":"a court","warrant_number":"26 CR 1"`)
	whole := decide(`,"warrant_court":"a court","warrant_number":"26 CR 1","warrant_image":"` + string(exhibit.ID) + `"`)
	for id, want := range map[jurat.ItemID]bool{bare: true, noImage: true, whole: false} {
		ids := because(t, r, desktest.Noon, in, order.GateApprove, id)
		if slices.Contains(ids, "document-warrant") != want {
			t.Errorf("%s is closed by %v", id, ids)
		}
		if slices.Contains(ids, "report-exception") != want {
			t.Errorf("the exception of %s: %v", id, ids)
		}
	}
}

// Case 9 of §15: tear gas on 24 January is documented only, or signed off by
// counsel; on 28 February it can be cited as a first alleged offence; after the
// rule's end there is no amount. Counted by the table of the order in force in
// a record.
func TestCase09WhatARuleThatCameLateAndEndedAllows(t *testing.T) {
	r := adopted(t, "portland-enb-8-05.yaml")
	all, err := r.Orders(t.Context())
	must(t, err)
	rule := all[slices.IndexFunc(all, func(o *order.Order) bool { return o.ID == "portland-enb-8-05" })]
	moment := func(s string) time.Time {
		at, err := time.Parse(time.RFC3339, s)
		must(t, err)
		return at
	}
	for _, tc := range []struct {
		name, act, issued, signedOff, refused string
		ordinal                               int
		cents                                 int64
	}{
		{"January", "2026-01-24T20:00:00-08:00", "2026-03-02T10:00:00-08:00", "", "may be documented only", 1, 0},
		{"January, signed off", "2026-01-24T20:00:00-08:00", "2026-03-02T10:00:00-08:00", "counsel's memorandum", "", 1, 500_000},
		{"February", "2026-02-28T20:00:00-08:00", "2026-03-02T10:00:00-08:00", "", "", 1, 500_000},
		{"a third, after the end", "2026-09-01T20:00:00-07:00", "2026-09-02T10:00:00-07:00", "", "180 days", 3, 0},
	} {
		c, err := rule.Fee(order.FeeAsk{Table: "fine", Ordinal: tc.ordinal, Grouping: "event", Act: moment(tc.act), Issued: moment(tc.issued), At: moment("2026-10-01T10:00:00-07:00"), SignedOff: tc.signedOff})
		if tc.refused != "" {
			refused(t, err, jurat.Conflict, tc.refused)
			continue
		}
		must(t, err)
		if c.Cents != tc.cents {
			t.Errorf("%s: %d cents, want %d", tc.name, c.Cents, tc.cents)
		}
	}
}

// Case 12 of §15: an anonymous uploader withdraws consent to publish after a
// hold exists: publication stops, the evidence stays, the person is told why.
func TestCase12ConsentIsWithdrawnUnderAHold(t *testing.T) {
	city, county := neighbours(t, desktest.SQLite)
	ctx, evidence := t.Context(), city.As("evidence-7")
	ref := city.Approved(t)
	film := city.Received(t, desktest.Noon, ref.Incident, "a resident's film")[0]
	kept := city.Received(t, desktest.Noon, ref.Incident, "a film nobody may hand over")[0]
	got[jurat.Exhibit, desk.Done](t)(city.RecordConsent(ctx, evidence, desktest.Noon, film.ID, "Anonymous 1", jurat.Uses[:]))
	got[jurat.Exhibit, desk.Done](t)(city.RecordConsent(ctx, evidence, desktest.Noon, kept.ID, "Anonymous 2", []jurat.Use{jurat.UseInvestigate}))
	_, reader, err := city.ReadExhibitFor(ctx, evidence, desktest.Noon, film.ID, jurat.UsePublicReport)
	must(t, err)
	must(t, reader.Close())
	got[jurat.Hold, desk.Done](t)(city.PlaceHold(ctx, city.As("counsel-3"), desktest.Noon, ref.Incident, "a lawsuit", nil))

	x := got[jurat.Exhibit, desk.Done](t)(city.WithdrawConsent(ctx, evidence, at(time.Minute), film.ID, []jurat.Use{jurat.UsePublicReport}, "by the number they were given"))
	told := x.Consent.Withdrawn[0].Told
	if !strings.Contains(told, "public_report") || !strings.Contains(told, "a hold is in force") {
		t.Errorf("they are told %q", told)
	}
	_, _, err = city.ReadExhibitFor(ctx, evidence, at(time.Minute), film.ID, jurat.UsePublicReport)
	refused(t, err, jurat.Conflict, "withdrew their consent")
	_, reader, err = city.ReadExhibitFor(ctx, evidence, at(time.Minute), film.ID, jurat.UseInvestigate)
	must(t, err)
	bytes, err := io.ReadAll(reader)
	must(t, err)
	must(t, reader.Close())
	if string(bytes) != "a resident's film" {
		t.Errorf("the evidence is %q", bytes)
	}

	// What they consented to goes to the prosecutor; what they did not is named
	// and stays.
	zip, sealed := city.Send(t, ref.ID, at(2*time.Minute))
	taken(t, county, sealed, "")
	states := func(zip, previous string) map[jurat.ItemID]format.InventoryItem {
		all := map[jurat.ItemID]format.InventoryItem{}
		for _, it := range contents(t, city, zip, previous).Referral.Inventory {
			all[it.Exhibit.Value.ID] = it
		}
		return all
	}
	first := states(zip, "")
	if first[film.ID].State != format.ItemNew || first[kept.ID].State != format.ItemWithheld || !strings.Contains(first[kept.ID].Ground, "did not consent") {
		t.Errorf("the dossier has %+v and %+v", first[film.ID], first[kept.ID])
	}
	// consented later, it goes with the supplement, and only it
	got[jurat.Exhibit, desk.Done](t)(city.RecordConsent(ctx, evidence, at(3*time.Minute), kept.ID, "Anonymous 2", []jurat.Use{jurat.UseInvestigate, jurat.UseProsecute}))
	zip2, sealed2 := city.Send(t, ref.ID, at(4*time.Minute))
	taken(t, county, sealed2, zip)
	second := states(zip2, zip)
	if second[film.ID].State != format.ItemSent || second[kept.ID].State != format.ItemNew || second[kept.ID].Dossier != 1 {
		t.Errorf("the supplement has %+v and %+v", second[film.ID], second[kept.ID])
	}
	provable(t, city)
}

// Case 14 of §15: a federal spokesman's version arrives a week after the
// referral. It has the rank of every other account, and a supplement is owed.
func TestCase14AVersionThatArrivesLaterIsSupplemented(t *testing.T) {
	city, county := neighbours(t, desktest.SQLite)
	ctx, detective, week := t.Context(), city.As("detective-2208"), 7*24*time.Hour
	ref := city.Approved(t)
	zip, sealed := city.Send(t, ref.ID, desktest.Noon)
	taken(t, county, sealed, "")
	v, err := city.Show(ctx, detective, at(time.Hour), ref.Incident)
	must(t, err)
	if owed(v, "supplement-referral") {
		t.Error("a supplement is owed before anything arrived")
	}
	late := got[jurat.Account, desk.Done](t)(city.OpenAccount(ctx, detective, at(week), ref.Incident, "agency_spokesperson", "", ""))
	late = got[jurat.Account, desk.Done](t)(city.GiveAccount(ctx, detective, at(week), late.ID, jurat.Statement{Text: "The stop was lawful, and nobody was hurt.", Verbatim: jurat.Yes, Source: "press statement"}))
	v, err = city.Show(ctx, detective, at(week+time.Hour), ref.Incident)
	must(t, err)
	if !owed(v, "supplement-referral") {
		t.Error("a statement that arrived after the referral raises no supplement")
	}
	zip2, sealed2 := city.Send(t, ref.ID, at(week+2*time.Hour))
	taken(t, county, sealed2, zip)
	i := slices.IndexFunc(contents(t, city, zip2, zip).Referral.Accounts, func(a format.Stated[jurat.Account]) bool { return a.Value.ID == late.ID })
	if i < 0 {
		t.Error("the supplement does not have it")
	}
	v, err = city.Show(ctx, detective, at(week+3*time.Hour), ref.Incident)
	must(t, err)
	if owed(v, "supplement-referral") {
		t.Error("a supplement is still owed")
	}
}

// Case 15 of §15: a court stays a rule at noon. A citation drafted at 12:01 is
// refused, and one served at 11:59 is kept and said to be stayed.
func TestCase15AStayWorksFromItsMinute(t *testing.T) {
	r := adopted(t, "portland-enb-8-05.yaml")
	day := time.Date(2026, 3, 2, 0, 0, 0, 0, time.FixedZone("", -8*3600))
	clock := func(hour, minute int) time.Time {
		return day.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
	}
	began := time.Date(2026, 2, 28, 20, 0, 0, 0, day.Location())
	in, _, err := r.OpenIncident(t.Context(), r.As("officer-4471"), clock(9, 0), jurat.Opening{Title: "Release", Trigger: "observed", FirstKnowledge: began, Occurred: jurat.Span{From: began, To: began.Add(time.Hour), Precision: "range"}})
	must(t, err)
	add := func(at time.Time, typ jurat.RecordType, fields string) jurat.Record {
		return submittedBy(t, r, "officer-4471", at, in.Number, typ, fields)
	}
	citation := func(at time.Time, number string, ordinal, cents string) jurat.Record {
		return add(at, "citation", `{"citation_no":"`+number+`","under":"ENB-8.05","release_no":"1","owner_slot":"Owner 1","acts_from":"2026-02-28T20:00:00-08:00","acts_to":"2026-02-28T21:00:00-08:00","alleged_dates":["2026-02-28"],
			"grouping":"per_event","grouping_reason":"One deployment, one evening","ordinal":`+ordinal+`,"earlier":"what was served","amount_cents":`+cents+`,"amount_source":"the table of the rule"}`)
	}
	add(clock(9, 1), "release_event", `{"release_no":"1","left_premises":"yes","shown_by":["sample","video"],"interferes":"yes"}`)
	first := citation(clock(11, 0), "C-1", "1", "500000")
	closed := func(at time.Time, item jurat.ItemID) bool {
		return slices.Contains(because(t, r, at, in.Number, order.GateApprove, item), "not-stayed")
	}
	if closed(clock(11, 30), first.ID) {
		t.Error("it is closed by a stay that is not there")
	}
	add(clock(11, 59), "citation_service", `{"citation_no":"C-1","served_at":"2026-03-02T11:59:00-08:00","method":"in_person"}`)
	add(clock(12, 1), "court_order", `{"effect":"stayed","at":"2026-03-02T12:00:00-08:00","court":"A court"}`)
	second := citation(clock(12, 1), "C-2", "2", "1000000")
	if !closed(clock(12, 1), second.ID) || closed(clock(11, 59), second.ID) {
		t.Error("the stay does not work from its minute")
	}
	_, _, err = r.ApproveRecord(t.Context(), r.As("supervisor-1102"), clock(12, 1), second.ID)
	refused(t, err, jurat.Conflict, "cannot be approved yet")
	v, err := r.Show(t.Context(), r.As("supervisor-1102"), clock(12, 2), in.Number)
	must(t, err)
	if !owed(v, "mark-stayed") || len(v.Records) != 5 {
		t.Errorf("what was served is not kept as stayed: %v", v.Duties)
	}
}
