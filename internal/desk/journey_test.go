package desk_test

import (
	"os"
	"testing"
	"time"

	"filippo.io/age"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/dossier"
)

// neighbours are a city and a county that pinned each other's keys.
func neighbours(t *testing.T, engine desktest.Engine) (city, county *desktest.Record) {
	t.Helper()
	city, county = desktest.CityOn(t, engine), desktest.CountyOn(t, engine, "county.example/jurat")
	city.Pin(t, "county-prosecutor", county)
	county.Pin(t, desktest.Own, city)
	return city, county
}

// taken is a dossier as the county takes it in.
func taken(t testing.TB, county *desktest.Record, path, previous string) jurat.Dossier {
	t.Helper()
	x, report, err := county.TakeDossier(t.Context(), county.As("prosecutor-12"), desktest.Noon, desk.Taking{Path: path, Identity: []age.Identity{county.Age}, Previous: previous})
	must(t, err)
	if report.Answer != dossier.Intact {
		t.Fatalf("the county's check answers %s: %v", report.Answer, report.Findings)
	}
	return x
}

func TestTheMainJob(t *testing.T) {
	engines(t, func(t *testing.T, engine desktest.Engine) {
		city, county := neighbours(t, engine)
		ctx, detective, prosecutor := t.Context(), city.As("detective-2208"), county.As("prosecutor-12")
		r := city.Approved(t)
		zip, sealed := city.Send(t, r.ID, desktest.Noon)
		first := taken(t, county, sealed, "")
		receipt := got[string, desk.Done](t)(county.SignReceipt(ctx, prosecutor, desktest.Noon, first.ID))
		x := got[jurat.Dossier, desk.Done](t)(city.ImportReceipt(ctx, detective, desktest.Noon, receipt))
		if x.Receipt != receipt || x.ReceiptFrom != "signed" {
			t.Errorf("the receipt on the record is %q, %s", x.Receipt, x.ReceiptFrom)
		}

		// New evidence makes a supplement owed.
		city.Received(t, at(time.Second), r.Incident, "a resident's video")
		v, err := city.Show(ctx, detective, desktest.Noon, r.Incident)
		must(t, err)
		if !owed(v, "supplement-referral") {
			t.Error("new evidence raised no duty to supplement the referral")
		}
		_, sealed2 := city.Send(t, r.ID, at(time.Minute))
		second := taken(t, county, sealed2, zip)
		if second.Number != 1 || second.Incident != first.Incident {
			t.Errorf("the supplement is number %d of %s; want 1 of %s", second.Number, second.Incident, first.Incident)
		}
		receipt = got[string, desk.Done](t)(county.SignReceipt(ctx, prosecutor, at(time.Minute), second.ID))
		got[jurat.Dossier, desk.Done](t)(city.ImportReceipt(ctx, detective, at(time.Minute), receipt))

		answer := got[string, desk.Done](t)(county.Decide(ctx, prosecutor, at(time.Minute), second.ID, jurat.ReferralReview, "assigned for review"))
		ref := got[jurat.Referral, desk.Done](t)(city.ImportDecision(ctx, detective, at(time.Minute), answer))
		if ref.State != jurat.ReferralReview || len(ref.Dossiers) != 2 || ref.Answers[0].Basis != "signed" {
			t.Errorf("the referral is %s after %d dossiers, answered %v", ref.State, len(ref.Dossiers), ref.Answers)
		}
		for _, record := range []*desktest.Record{city, county} {
			provable(t, record)
		}
	})
}

func owed(v desk.View, duty string) bool {
	for _, d := range v.Duties {
		if d.ID == duty && d.Open() {
			return true
		}
	}
	return false
}

func TestAReceiptOnlyCountsForTheDossierItNames(t *testing.T) {
	city, county := neighbours(t, desktest.SQLite)
	ctx, detective, prosecutor := t.Context(), city.As("detective-2208"), county.As("prosecutor-12")
	one, two := city.Approved(t), city.Approved(t)
	_, sealedOne := city.Send(t, one.ID, desktest.Noon)
	_, sealedTwo := city.Send(t, two.ID, desktest.Noon)
	x, y := taken(t, county, sealedOne, ""), taken(t, county, sealedTwo, "")
	good := got[string, desk.Done](t)(county.SignReceipt(ctx, prosecutor, desktest.Noon, x.ID))
	other := got[string, desk.Done](t)(county.SignReceipt(ctx, prosecutor, desktest.Noon, y.ID))

	forged := func(change func(*format.Receipt), key *desktest.Record) string {
		r, _, err := format.ReadReceipt(good)
		must(t, err)
		change(&r)
		text, err := r.Sign(key.Office)
		must(t, err)
		return text
	}
	otherReceipt, _, err := format.ReadReceipt(other)
	must(t, err)
	flipped := another(good)
	for _, tc := range []struct {
		name, letter, say string
		kind              jurat.Kind
	}{
		{"for other bytes", forged(func(r *format.Receipt) { r.TagManifest = otherReceipt.TagManifest }, county), "for another dossier", jurat.Altered},
		{"for another seal", forged(func(r *format.Receipt) { r.Seal = otherReceipt.Seal }, county), "for another dossier", jurat.Altered},
		{"for a dossier that was not sent", forged(func(r *format.Receipt) { r.Number = 1 }, county), "was not sent from here", jurat.Conflict},
		{"for another record's", forged(func(r *format.Receipt) { r.Origin = "town.example/jurat" }, county), "this record is city.example/jurat", jurat.Conflict},
		{"for a referral that is not there", forged(func(r *format.Receipt) { r.Referral = jurat.NumberItem(one.Incident, jurat.NounReferral, 9) }, county), "there is no referral", jurat.NotFound},
		{"of an office without pinned keys", forged(func(r *format.Receipt) { r.Receiver.Origin = "state.example/jurat" }, county), "are pinned here", jurat.Conflict},
		{"by a key that is not pinned", forged(func(*format.Receipt) {}, city), "no key to check it with", jurat.Unavailable},
		{"with a byte flipped", flipped, "", jurat.Altered},
		{"that is a decision", mustDecision(t, county, x), "", jurat.Unavailable},
		{"that is nothing", "no letter", "signed letter", jurat.Unavailable},
	} {
		t.Run(tc.name, func(t *testing.T) {
			before := len(chain(t, city, one.Incident))
			_, _, err := city.ImportReceipt(ctx, detective, desktest.Noon, tc.letter)
			refused(t, err, tc.kind, tc.say)
			if n := len(chain(t, city, one.Incident)); n != before {
				t.Errorf("%d events were recorded", n-before)
			}
		})
	}
	got[jurat.Dossier, desk.Done](t)(city.ImportReceipt(ctx, detective, desktest.Noon, good))
	_, _, err = city.ImportReceipt(ctx, detective, desktest.Noon, good+"\n")
	refused(t, err, jurat.Conflict, "is on the record already")
	_, _, err = city.ReportReceipt(ctx, detective, desktest.Noon, sentDossier(t, city, one.ID), "a sheet came back")
	refused(t, err, jurat.Conflict, "has a signed receipt")
	got[jurat.Dossier, desk.Done](t)(city.ImportReceipt(ctx, detective, desktest.Noon, other))
}

func mustDecision(t testing.TB, county *desktest.Record, x jurat.Dossier) string {
	t.Helper()
	return got[string, desk.Done](t)(county.Decide(t.Context(), county.As("prosecutor-12"), desktest.Noon, x.ID, jurat.ReferralReview, "assigned"))
}

// sentDossier is the newest dossier of a referral.
func sentDossier(t testing.TB, r *desktest.Record, id jurat.ItemID) jurat.ItemID {
	t.Helper()
	ref := referral(t, r, id)
	return ref.Dossiers[len(ref.Dossiers)-1]
}

func referral(t testing.TB, r *desktest.Record, id jurat.ItemID) jurat.Referral {
	t.Helper()
	v, err := r.Show(t.Context(), r.As("detective-2208"), desktest.Noon, id.Incident())
	must(t, err)
	for _, ref := range v.Referrals {
		if ref.Value.ID == id {
			return ref.Value
		}
	}
	t.Fatalf("there is no referral %s", id)
	return jurat.Referral{}
}

func TestAReceiptIsTheReceivingOffices(t *testing.T) {
	city, county := neighbours(t, desktest.SQLite)
	// Another prosecutor, whose keys are pinned too, did not receive it.
	other := desktest.CountyOn(t, desktest.SQLite, "other.example/jurat")
	city.Pin(t, "other-prosecutor", other)
	r := city.Approved(t)
	_, sealed := city.Send(t, r.ID, desktest.Noon)
	x := taken(t, county, sealed, "")
	good := got[string, desk.Done](t)(county.SignReceipt(t.Context(), county.As("prosecutor-12"), desktest.Noon, x.ID))
	receipt, _, err := format.ReadReceipt(good)
	must(t, err)
	receipt.Receiver.Origin = "other.example/jurat"
	stolen, err := receipt.Sign(other.Office)
	must(t, err)
	_, _, err = city.ImportReceipt(t.Context(), city.As("detective-2208"), desktest.Noon, stolen)
	refused(t, err, jurat.Conflict, "went to county-prosecutor")
	decision, err := format.Decision{
		Version: format.DossierVersion, Origin: city.Origin, Incident: r.Incident, Referral: r.ID, State: jurat.ReferralDeclined, Reason: "no",
		Receiver: format.OfficeName{Office: "other-prosecutor", Name: "Another", Origin: "other.example/jurat"}, At: desktest.Noon,
	}.Sign(other.Office)
	must(t, err)
	_, _, err = city.ImportDecision(t.Context(), city.As("detective-2208"), desktest.Noon, decision)
	refused(t, err, jurat.Invalid, "went to county-prosecutor, not to other-prosecutor")
}

func TestADecisionIsCheckedBeforeItIsRecorded(t *testing.T) {
	city, county := neighbours(t, desktest.SQLite)
	ctx, detective := t.Context(), city.As("detective-2208")
	r := city.Approved(t)
	_, sealed := city.Send(t, r.ID, desktest.Noon)
	x := taken(t, county, sealed, "")
	good := mustDecision(t, county, x)
	forged := func(change func(*format.Decision), key *desktest.Record) string {
		d, _, err := format.ReadDecision(good)
		must(t, err)
		change(&d)
		text, err := d.Sign(key.Office)
		must(t, err)
		return text
	}
	flipped := another(good)
	for _, tc := range []struct {
		name, letter, say string
		kind              jurat.Kind
	}{
		{"by an unknown office", forged(func(d *format.Decision) { d.Receiver.Origin = "state.example/jurat" }, county), "are pinned here", jurat.Conflict},
		{"by a key that is not pinned", forged(func(*format.Decision) {}, city), "no key to check it with", jurat.Unavailable},
		{"with a byte flipped", flipped, "", jurat.Altered},
		{"on another record's referral", forged(func(d *format.Decision) { d.Origin = "town.example/jurat" }, county), "this record is", jurat.Conflict},
		{"on a dossier that was not sent", forged(func(d *format.Decision) { d.Number = 3 }, county), "was not sent from here", jurat.Conflict},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, _, err := city.ImportDecision(ctx, detective, desktest.Noon, tc.letter)
			refused(t, err, tc.kind, tc.say)
		})
	}
	got[jurat.Referral, desk.Done](t)(city.ImportDecision(ctx, detective, desktest.Noon, good))
	_, _, err := city.ImportDecision(ctx, detective, at(time.Hour), good)
	refused(t, err, jurat.Conflict, "is on the record already")
	if answers := referral(t, city, r.ID).Answers; len(answers) != 1 {
		t.Errorf("%d answers are on the record", len(answers))
	}
	// A later, other answer is another answer.
	later := got[string, desk.Done](t)(county.Decide(ctx, county.As("prosecutor-12"), at(time.Hour), x.ID, jurat.ReferralDeclined, "the elements are not met"))
	if ref := got[jurat.Referral, desk.Done](t)(city.ImportDecision(ctx, detective, at(time.Hour), later)); ref.State != jurat.ReferralDeclined {
		t.Errorf("the referral is %s", ref.State)
	}
}

func TestTakingADossierIn(t *testing.T) {
	city, county := neighbours(t, desktest.SQLite)
	ctx, prosecutor := t.Context(), county.As("prosecutor-12")
	r := city.Approved(t)
	zip, sealed := city.Send(t, r.ID, desktest.Noon)
	t.Run("without pinned keys is refused", func(t *testing.T) {
		bare := desktest.County(t)
		_, _, err := bare.TakeDossier(ctx, bare.As("prosecutor-12"), desktest.Noon, desk.Taking{Path: zip})
		refused(t, err, jurat.Conflict, "no office's keys are pinned here")
		if n := blobs(t, bare); n != 0 {
			t.Errorf("%d blobs were kept", n)
		}
	})
	t.Run("by somebody who may not keeps no byte", func(t *testing.T) {
		before, lines := blobs(t, county), len(journal(t, county, 0))
		_, report, err := county.TakeDossier(ctx, county.As("administrator-1"), desktest.Noon, desk.Taking{Path: zip})
		refused(t, err, jurat.Forbidden, "may not do this here")
		if report.Answer != "" || blobs(t, county) != before || len(journal(t, county, 0)) != lines+1 {
			t.Errorf("report %q, %d blobs more, %d lines", report.Answer, blobs(t, county)-before, len(journal(t, county, 0))-lines)
		}
	})
	t.Run("altered is kept, with that answer", func(t *testing.T) {
		b, err := os.ReadFile(zip)
		must(t, err)
		b[len(b)/2] ^= 1
		bad := desktest.Empty(t)
		_, err = bad.Write(b)
		must(t, err)
		x, report, err := county.TakeDossier(ctx, prosecutor, desktest.Noon, desk.Taking{Path: bad.Name()})
		must(t, err)
		if x.Answer != dossier.Altered || report.Answer != dossier.Altered {
			t.Errorf("it is on the record as %q; the report says %q", x.Answer, report.Answer)
		}
		text := got[string, desk.Done](t)(county.SignReceipt(ctx, prosecutor, desktest.Noon, x.ID))
		if receipt, _, err := format.ReadReceipt(text); err != nil || receipt.Answer != dossier.Altered {
			t.Errorf("its receipt says %q: %v", receipt.Answer, err)
		}
	})
	t.Run("the dossier itself is taken in after an altered copy", func(t *testing.T) {
		taken(t, county, sealed, "")
	})
	t.Run("twice is refused, in the same bytes and in others", func(t *testing.T) {
		before := blobs(t, county)
		for _, path := range []string{sealed, zip} {
			_, _, err := county.TakeDossier(ctx, prosecutor, desktest.Noon, desk.Taking{Path: path, Identity: []age.Identity{county.Age}})
			refused(t, err, jurat.Conflict, "was taken in before")
		}
		if n := blobs(t, county); n != before {
			t.Errorf("%d blobs stayed behind", n-before)
		}
	})
	t.Run("that cannot be read is refused, and not called altered", func(t *testing.T) {
		_, _, err := county.TakeDossier(ctx, prosecutor, desktest.Noon, desk.Taking{Path: sealed}) // without the key
		refused(t, err, jurat.Unavailable, "too little")
	})
}

// another is a signed letter with one character of its signature changed for
// another of the alphabet: it stays a letter in form.
func another(letter string) string {
	b := []byte(letter)
	if i := len(b) - 4; b[i] == 'A' {
		b[i] = 'B'
	} else {
		b[i] = 'A'
	}
	return string(b)
}
