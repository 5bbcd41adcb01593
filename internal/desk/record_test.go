package desk_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/orders"
)

func fields(t testing.TB, v map[string]any) json.RawMessage {
	t.Helper()
	b, err := json.Marshal(v)
	must(t, err)
	return b
}

func TestTheAuthorNeverApproves(t *testing.T) {
	r := desktest.City(t)
	in := r.Opened(t)
	// A supervisor may approve, but never what they wrote.
	rec := r.Added(t, "supervisor-1102", in, jurat.TypeReport, desktest.Report())
	_, _, err := r.ApproveRecord(t.Context(), r.As("supervisor-1102"), desktest.Noon, rec.ID)
	refused(t, err, jurat.Forbidden, "somebody else must review it")
	_, _, err = r.ReturnRecord(t.Context(), r.As("supervisor-1102"), desktest.Noon, rec.ID, "mine")
	refused(t, err, jurat.Forbidden, "somebody else must review it")
	_, _, err = r.ApproveRecord(t.Context(), r.As("officer-4471"), desktest.Noon, rec.ID)
	refused(t, err, jurat.Forbidden, "may not do this here")
	_, _, err = r.AmendRecord(t.Context(), r.As("supervisor-1103"), desktest.Noon, rec.ID, fields(t, desktest.Report()), "better so")
	refused(t, err, jurat.Forbidden, "supervisor-1102's to amend")
	_, _, err = r.SubmitRecord(t.Context(), r.As("supervisor-1103"), desktest.Noon, rec.ID)
	refused(t, err, jurat.Forbidden, "supervisor-1102's to submit")
	// What the law forbids is an attempt like what the policy forbids.
	laws := 0
	for _, line := range journal(t, r, 0) {
		if line.Person != "" && strings.Contains(line.Detail, `"law"`) {
			laws++
		}
	}
	if laws != 4 {
		t.Errorf("%d attempts against the law are in the journal, want 4: %v", laws, journal(t, r, 0))
	}
}

// RPT-1: whatever was submitted stays on the record as it was submitted.
func TestEveryTextThatWasReturnedIsKept(t *testing.T) {
	r := desktest.City(t)
	ctx, in := t.Context(), r.Opened(t)
	officer, supervisor := r.As("officer-4471"), r.As("supervisor-1102")
	texts := []string{"the first text of this report", "the second text of this report", "the third text of this report"}
	rec := r.Added(t, "officer-4471", in, jurat.TypeReport, map[string]any{"narrative": texts[0]})
	for _, text := range texts[1:] {
		rec = got[jurat.Record, desk.Done](t)(r.ReturnRecord(ctx, supervisor, desktest.Noon, rec.ID, "say more than: "+text))
		rec = got[jurat.Record, desk.Done](t)(r.AmendRecord(ctx, officer, desktest.Noon, rec.ID, fields(t, map[string]any{"narrative": text}), "as asked"))
		rec = got[jurat.Record, desk.Done](t)(r.SubmitRecord(ctx, officer, desktest.Noon, rec.ID))
	}
	if rec.Version != 3 {
		t.Errorf("version %d", rec.Version)
	}
	said := map[string]bool{}
	for _, e := range chain(t, r, in) {
		st, err := format.ReadLeaf(e.Leaf, append(e.Claims, e.Open))
		must(t, err)
		if e.Act != jurat.RecordSubmitted {
			continue
		}
		open, err := st.Open()
		must(t, err)
		var was jurat.Record
		must(t, json.Unmarshal(open.Value, &was))
		for _, text := range texts {
			said[text] = said[text] || strings.Contains(string(was.Fields), text)
		}
		if st.Proof == nil {
			t.Error("a submission without the author's signature")
		}
	}
	for _, text := range texts {
		if !said[text] {
			t.Errorf("no submission says %q any more", text)
		}
	}
}

// Saving is never blocked, only promotion: the Chicago order's gates.
func TestTheGatesOfTheOrder(t *testing.T) {
	r := desktest.City(t)
	ctx, in := t.Context(), r.Opened(t)
	supervisor := r.As("supervisor-1102")
	empty, _, err := r.AddRecord(ctx, r.As("officer-4471"), desktest.Noon, in, desk.Words{Type: jurat.TypeReport, Fields: json.RawMessage(`{}`)})
	must(t, err)
	empty = got[jurat.Record, desk.Done](t)(r.SubmitRecord(ctx, r.As("officer-4471"), desktest.Noon, empty.ID))
	_, _, err = r.ApproveRecord(ctx, supervisor, desktest.Noon, empty.ID)
	refused(t, err, jurat.Conflict, "cannot be approved yet")

	// What nobody said yet is named, so that somebody can say it.
	half, unsaid := r.Opened(t), jurat.ItemID("")
	for typ, fields := range map[jurat.RecordType]string{
		"activity":               `{"activity_kinds":["vehicle_stop"],"warrant_shown":"not_asked","force_seen":["none_observed"],"member_actions":["observed_only"]}`,
		jurat.TypeIdentification: `{"outcome":"not_attempted","not_attempted":"there was no contact","recording":"no"}`,
		jurat.TypeReport:         `{"narrative":"On arrival I saw a vehicle stop.","violation_alleged":"unknown","anyone_injured":"no","viewed_footage":"no"}`,
	} {
		rec, _, err := r.AddRecord(ctx, r.As("officer-4471"), desktest.Noon, half, desk.Words{Type: typ, Fields: json.RawMessage(fields)})
		must(t, err)
		rec = got[jurat.Record, desk.Done](t)(r.SubmitRecord(ctx, r.As("officer-4471"), desktest.Noon, rec.ID))
		if typ == jurat.TypeReport {
			unsaid = rec.ID
		}
	}
	_, _, err = r.ApproveRecord(ctx, supervisor, desktest.Noon, unsaid)
	refused(t, err, jurat.Conflict, "(not known: ")

	// An unknown answer, and an unknown field, are told apart.
	_, _, err = r.AddRecord(ctx, r.As("officer-4471"), desktest.Noon, in, desk.Words{Type: jurat.TypeReport, Fields: json.RawMessage(`{"narative":"x"}`)})
	refused(t, err, jurat.Invalid, "narative")
	_, _, err = r.AddRecord(ctx, r.As("officer-4471"), desktest.Noon, in, desk.Words{Type: "opinion", Fields: json.RawMessage(`{}`)})
	refused(t, err, jurat.Invalid, "opinion")
	_, _, err = r.AddRecord(ctx, r.As("officer-4471"), desktest.Noon, in, desk.Words{Type: jurat.TypeReport, Amends: empty.ID + "9", Fields: json.RawMessage(`{}`)})
	refused(t, err, jurat.NotFound, "there is no record")

	whole := r.Opened(t)
	r.Complete(t, whole) // approves every record of it
	v, err := r.Show(ctx, supervisor, desktest.Noon, whole)
	must(t, err)
	for _, rec := range v.Records {
		if rec.Value.State != jurat.RecordApprove {
			t.Errorf("%s is %s", rec.Value.ID, rec.Value.State)
		}
		_, _, err := r.AmendRecord(ctx, r.As("officer-4471"), desktest.Noon, rec.Value.ID, json.RawMessage(`{}`), "after all")
		refused(t, err, jurat.Conflict, "stays as it is")
	}
}

// Who may not is told who may, of those in the same office; behind a wall
// nobody is named.
func TestARefusalSaysWhoMay(t *testing.T) {
	r := desktest.City(t)
	ctx, in := t.Context(), r.Opened(t)
	_, _, err := r.PrepareReferral(ctx, r.As("officer-4471"), desktest.Noon, in, desk.Referring{})
	refused(t, err, jurat.Forbidden, "officer-4471 may not do this here (referral.prepared); who may: ")
	if said := err.Error(); !strings.Contains(said, "detective") || strings.Contains(said, "auditor") || strings.Contains(said, "political") {
		t.Error(said)
	}
	_, _, err = r.PrepareReferral(ctx, r.As("aide-1"), desktest.Noon, in, desk.Referring{})
	if err == nil || strings.Contains(err.Error(), "who may") {
		t.Errorf("%v", err)
	}
}

// IDN-2: to refuse one's name is a fact and no offence.
func TestARefusalToIdentifyIsNoAllegation(t *testing.T) {
	r := desktest.City(t)
	ctx, in := t.Context(), r.Opened(t)
	for _, words := range []string{"refusal to identify", "refused to give a name and badge number"} {
		_, _, err := r.AddAllegation(ctx, r.As("detective-2208"), desktest.Noon, in, words, "federal", "")
		refused(t, err, jurat.Invalid, "")
	}
	// Nor does an allegation rest on one alone.
	r.Complete(t, in)
	a, _, err := r.AddAllegation(ctx, r.As("detective-2208"), desktest.Noon, in, "battery", "federal", jurat.NumberItem(in, jurat.NounParty, 1))
	must(t, err)
	attempt := []jurat.Evidence{{Item: jurat.Item{Noun: jurat.NounRecord, ID: jurat.NumberItem(in, jurat.NounRecord, 2)}, Note: "no answer"}}
	for _, e := range a.Elements {
		_, _, err = r.WeighAllegation(ctx, r.As("detective-2208"), desktest.Noon, a.ID, desk.Weight{Element: e.ID, For: attempt, NoneKnown: true})
		must(t, err)
	}
	ref, _, err := r.PrepareReferral(ctx, r.As("detective-2208"), desktest.Noon, in, desk.Referring{To: "county-prosecutor", Allegations: []jurat.ItemID{a.ID}, Scope: "force", Reason: "to be decided"})
	must(t, err)
	_, _, err = r.AttestReferral(ctx, r.As("detective-2208"), desktest.Noon, ref.ID, true)
	must(t, err)
	_, _, err = r.ApproveReferral(ctx, r.As("supervisor-1102"), desktest.Noon, ref.ID)
	refused(t, err, jurat.Conflict, "IDN-2")
}

// Evidence and parties are of the incident, and exist.
func TestAnActNamesOnlyWhatIsThere(t *testing.T) {
	r := desktest.City(t)
	ctx, in, other := t.Context(), r.Opened(t), r.Opened(t)
	r.Complete(t, other)
	detective := r.As("detective-2208")
	party := func(of jurat.IncidentNumber, n int) jurat.ItemID { return jurat.NumberItem(of, jurat.NounParty, n) }
	for name, try := range map[string]func(id jurat.ItemID) error{
		"an allegation": func(id jurat.ItemID) error {
			_, _, err := r.AddAllegation(ctx, detective, desktest.Noon, in, "battery", "federal", id)
			return err
		},
		"an account": func(id jurat.ItemID) error {
			_, _, err := r.OpenAccount(ctx, detective, desktest.Noon, in, "complainant", id, "")
			return err
		},
		"a hold": func(id jurat.ItemID) error {
			_, _, err := r.PlaceHold(ctx, detective, desktest.Noon, in, "a matter", []jurat.ItemID{id})
			return err
		},
		"a contact": func(id jurat.ItemID) error {
			_, _, err := r.RecordContact(ctx, detective, desktest.Noon, in, "the mayor's office", "a call", desktest.Noon, id)
			return err
		},
	} {
		refused(t, try(party(in, 7)), jurat.NotFound, "there is no party")
		// Of another incident it is refused alike, there or not.
		there, not := try(party(other, 1)), try(party(other, 77))
		refused(t, there, jurat.Invalid, "")
		if a, b := there.Error(), strings.ReplaceAll(not.Error(), "P77", "P1"); a != b {
			t.Errorf("%s tells what is in another incident:\n%s\n%s", name, a, b)
		}
	}
}

func TestAnotherProgramsOrdersAndPeopleAreSeenAtOnce(t *testing.T) {
	r := desktest.City(t)
	ctx, in := t.Context(), r.Opened(t)
	second, _ := r.Over(t, r.Store)
	must(t, second.Publish(ctx))
	// Retired by one program, refused by the other.
	_, err := second.RetirePerson(ctx, r.As("administrator-1"), desktest.Noon, "officer-4472", "left")
	must(t, err)
	_, _, err = r.AddParty(ctx, r.As("officer-4472"), desktest.Noon, in, jurat.Particulars{Slot: "Witness 1", Capacity: "witness"})
	refused(t, err, jurat.NotFound, "there is no incident")
	// An order adopted by one stands on the other's next event.
	text, err := orders.Read(orders.Chicago)
	must(t, err)
	o, _, err := second.AdoptOrder(ctx, r.As("administrator-1"), desktest.Noon, "again.yaml", append(text, "# another version\n"...))
	must(t, err)
	_, _, err = r.AddParty(ctx, r.As("officer-4471"), desktest.Noon, in, jurat.Particulars{Slot: "Witness 1", Capacity: "witness"})
	must(t, err)
	events := chain(t, r, in)
	st, err := format.ReadLeaf(events[len(events)-1].Leaf, events[len(events)-1].Claims)
	must(t, err)
	if len(st.Orders) != 1 || st.Orders[0] != o.Version() {
		t.Errorf("the event names %v; in force is %v", st.Orders, o.Version())
	}
	_, _, err = r.AdoptOrder(ctx, r.As("administrator-1"), at(time.Hour), "again.yaml", append(text, "# another version\n"...))
	refused(t, err, jurat.Conflict, "in force already")
}

// The operator sets the house up until there is an administrator, and not after.
func TestTheHouseIsTheAdministrators(t *testing.T) {
	r := desktest.City(t)
	_, err := r.AddPerson(t.Context(), desk.Caller{}, desktest.Noon, jurat.Person{ID: "new-1", Label: "New 1", Office: desktest.Own, Role: jurat.RoleOfficer})
	refused(t, err, jurat.Forbidden, "--as PERSON")
	_, err = r.AddPerson(t.Context(), r.As("supervisor-1102"), desktest.Noon, jurat.Person{ID: "new-1", Label: "New 1", Office: desktest.Own, Role: jurat.RoleOfficer})
	refused(t, err, jurat.Forbidden, "may not do this")
	_, err = r.AddPerson(t.Context(), r.As("administrator-1"), desktest.Noon, jurat.Person{ID: "new-1", Label: "New 1", Office: desktest.Own, Role: jurat.RoleOfficer})
	must(t, err)
	_, err = r.AddPerson(t.Context(), r.As("administrator-1"), desktest.Noon, jurat.Person{ID: "new-1", Label: "New 1", Office: desktest.Own, Role: jurat.RoleOfficer})
	refused(t, err, jurat.Conflict, "already on the record")
	_, err = r.AddPerson(t.Context(), r.As("administrator-1"), desktest.Noon, jurat.Person{ID: "new-2", Label: "New 2", Office: "nowhere", Role: jurat.RoleOfficer})
	refused(t, err, jurat.NotFound, "there is no office")
	_, err = r.AddPerson(t.Context(), r.As("administrator-1"), desktest.Noon, jurat.Person{ID: "new-2", Label: "New 2", Office: desktest.Own, Role: jurat.RoleOfficer, Advises: []jurat.OfficeID{"mayors-office"}})
	refused(t, err, jurat.Invalid, "only counsel advises")
}
