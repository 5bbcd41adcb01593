package desk_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
)

// What somebody typed on one device must not be lost to what they typed on
// another, whichever was saved last.
func TestADraftThatWentOnElsewhereKeepsBoth(t *testing.T) {
	r, ctx := desktest.City(t), t.Context()
	officer := r.As("officer-4471")
	save := func(d desk.Draft) desk.Draft {
		t.Helper()
		kept, err := r.SaveDraft(ctx, officer, desktest.Noon, d)
		must(t, err)
		return kept
	}
	said := func(s string) map[string][]string { return map[string][]string{"report.narrative": {s}} }
	first := save(desk.Draft{ID: "one", Device: "phone", Values: said("begun")})
	desktop := save(desk.Draft{ID: "one", Device: "station", Version: first.Version, Values: said("gone on with at the station")})
	if desktop.ID != "one" || desktop.Version != first.Version+1 {
		t.Errorf("going on elsewhere from the newest version: %+v", desktop)
	}
	late := save(desk.Draft{ID: "one", Device: "phone", Version: first.Version, Values: said("gone on with on the phone")})
	if late.ID == "one" || late.Beside != "one" {
		t.Fatalf("what came late replaced the other: %+v", late)
	}
	for id, want := range map[string]string{"one": "gone on with at the station", late.ID: "gone on with on the phone"} {
		d, err := r.OpenDraft(ctx, officer, desktest.Noon, id)
		must(t, err)
		if d.Values["report.narrative"][0] != want {
			t.Errorf("draft %s says %q, want %q", id, d.Values["report.narrative"], want)
		}
	}
	// The same device may come late: somebody went back a page.
	back := save(desk.Draft{ID: "one", Device: "station", Version: first.Version, Values: said("gone back a page")})
	if back.ID != "one" {
		t.Errorf("the same device diverged from itself: %+v", back)
	}
	// The same words are no conflict.
	if same := save(desk.Draft{ID: "one", Device: "phone", Version: first.Version, Values: said("gone back a page")}); same.ID != "one" {
		t.Errorf("the same words diverged: %+v", same)
	}
}

// Somebody says that a law was broken: an allegation stands, of no offence that
// anybody chose, and it can go nowhere until somebody chooses one (RPT-2). The
// acknowledgement of the report is the office's signed word, and checks.
func TestAQuickReportAllegesWithoutAnOffenceAndIsAcknowledged(t *testing.T) {
	r, ctx := desktest.City(t), t.Context()
	officer := r.As("officer-4471")
	_, err := r.SaveDraft(ctx, officer, desktest.Noon, desk.Draft{ID: "one"})
	must(t, err)
	if _, err := r.Acknowledge(ctx, officer, desktest.Noon, "one"); !errors.Is(err, jurat.NotFound) {
		t.Errorf("acknowledged before it was handed in: %v", err)
	}
	filed, err := r.FileReport(ctx, officer, desktest.Noon, desk.Filing{
		Draft: "one", Opening: jurat.Opening{Title: "Stop"}, Alleged: "federal",
		Records: []desk.Words{{Type: jurat.TypeReport, Fields: json.RawMessage(`{"narrative":"I saw a vehicle stop and was told of a blow."}`)}},
	})
	must(t, err)
	view, err := r.Show(ctx, officer, desktest.Noon, filed.Incident)
	must(t, err)
	if len(view.Allegations) != 1 || view.Allegations[0].Value.ID != filed.Allegation || view.Allegations[0].Value.Actor != "federal" ||
		view.Allegations[0].Value.Cite != "" || len(view.Allegations[0].Value.Incomplete()) == 0 {
		t.Errorf("alleged: %+v", view.Allegations)
	}
	if _, err := r.Acknowledge(ctx, r.As("officer-4472"), desktest.Noon, "one"); !errors.Is(err, jurat.NotFound) {
		t.Errorf("somebody else got the acknowledgement: %v", err)
	}
	a, err := r.Acknowledge(ctx, officer, desktest.Noon.Add(time.Hour), "one")
	must(t, err)
	office := r.Trust().Offices[0].Office[0]
	p, letter, err := format.ReadPromise(a.Promise)
	must(t, err)
	must(t, letter.Verify(format.TypPromise, office))
	if p.Event != a.Event || p.Leaf != a.Leaf || p.By.Sub(p.At) != format.PromiseLasts || p.At.After(desktest.Noon) {
		t.Errorf("promised %+v", p)
	}
	jws, ds, err := format.ParsePresentation(a.Presentation)
	must(t, err)
	leaf, _, err := format.VerifyJWS(jws, format.TypEvent, office)
	must(t, err)
	if hash := format.LeafHash(leaf); base64.StdEncoding.EncodeToString(hash[:]) != p.Leaf || len(ds) < 6 {
		t.Errorf("the promise is of another leaf than the one shown, or %d disclosures", len(ds))
	}
}

// Who is to say what they saw must not read first what another says: two
// reports that agree because one was read are one.
func TestAnothersWordsStayClosedUntilMineAreSigned(t *testing.T) {
	r, ctx := desktest.City(t), t.Context()
	first, second, supervisor := r.As("officer-4471"), r.As("officer-4472"), r.As("supervisor-1102")
	in := r.Opened(t)
	theirs := r.Added(t, "officer-4471", in, jurat.TypeReport, desktest.Report())
	words := func(c desk.Caller) (told bool, err error) {
		t.Helper()
		view, err := r.Show(ctx, c, desktest.Noon, in)
		must(t, err)
		for _, rec := range view.Records {
			told = told || rec.Value.ID == theirs.ID && len(rec.Value.Fields) > 0
		}
		all, err := r.Records(ctx, c, desktest.Noon, in)
		must(t, err)
		for _, rec := range all {
			if rec.ID == theirs.ID && told != (len(rec.Fields) > 0) {
				t.Errorf("Show and Records disagree on %s", rec.ID)
			}
		}
		_, err = r.ShowRecord(ctx, c, desktest.Noon, theirs.ID)
		_, also := r.RecordVersions(ctx, c, desktest.Noon, theirs.ID)
		if (err == nil) != (also == nil) {
			t.Errorf("the record: %v; its versions: %v", err, also)
		}
		return told, err
	}
	expect := func(c desk.Caller, open bool, when string) {
		t.Helper()
		told, err := words(c)
		if told != open || open && err != nil || !open && !errors.Is(err, jurat.Forbidden) {
			t.Errorf("%s: told %t, %v", when, told, err)
		}
	}
	expect(second, true, "who owes no report")
	_, err := r.SaveDraft(ctx, second, desktest.Noon, desk.Draft{ID: "mine", Values: map[string][]string{"join": {string(in)}}})
	must(t, err)
	expect(second, false, "a draft that is to be added")
	expect(first, true, "who wrote it")
	expect(supervisor, true, "a supervisor")
	filed, err := r.FileReport(ctx, second, desktest.Noon, desk.Filing{Draft: "mine", Incident: in, Records: []desk.Words{{Type: jurat.TypeReport, Fields: json.RawMessage(`{"narrative":"I came second and saw less of it."}`)}}})
	must(t, err)
	expect(second, false, "handed in and not signed")
	events, err := r.Events(ctx, second, desktest.Noon, in)
	must(t, err)
	for _, ev := range events {
		if ev.Item.ID == theirs.ID && ev.Act == jurat.RecordAdded {
			if _, _, err := r.Disclose(ctx, second, desktest.Noon, ev.ID, []format.Claim{format.ClaimPayload}); err == nil {
				t.Error("the event gave the words away")
			}
		}
	}
	_, _, err = r.SubmitRecord(ctx, second, desktest.Noon, filed.Report)
	must(t, err)
	expect(second, true, "signed")
}
