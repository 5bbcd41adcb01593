package desk_test

import (
	"os"
	"slices"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/dossier"
)

// REF-1: two sworn people, and nobody in a hurry.
func TestAReferralTakesTwoSwornPeople(t *testing.T) {
	r := desktest.City(t)
	ctx, in := t.Context(), r.Opened(t)
	r.Complete(t, in)
	referring := desk.Referring{To: "county-prosecutor", Allegations: []jurat.ItemID{jurat.NumberItem(in, jurat.NounAllegation, 1)}, Scope: "force", Reason: "evidence on both sides"}
	for _, who := range []jurat.PersonID{"officer-4471", "evidence-7", "counsel-3", "records-3"} {
		_, _, err := r.PrepareReferral(ctx, r.As(who), desktest.Noon, in, referring)
		refused(t, err, jurat.Forbidden, "may not do this here")
	}
	wrong := referring
	wrong.To = "inspector-general"
	_, _, err := r.PrepareReferral(ctx, r.As("detective-2208"), desktest.Noon, in, wrong)
	refused(t, err, jurat.Invalid, "is not a prosecutor's office")

	// A supervisor who prepares does not approve.
	own := got[jurat.Referral, desk.Done](t)(r.PrepareReferral(ctx, r.As("supervisor-1102"), desktest.Noon, in, referring))
	_, _, err = r.ApproveReferral(ctx, r.As("supervisor-1102"), desktest.Noon, own.ID)
	refused(t, err, jurat.Forbidden, "a second sworn person must approve")
	_, _, err = r.ApproveReferral(ctx, r.As("supervisor-1103"), desktest.Noon, own.ID)
	refused(t, err, jurat.Conflict, "attest")
	_, _, err = r.ApproveReferral(ctx, r.As("detective-2208"), desktest.Noon, own.ID)
	refused(t, err, jurat.Forbidden, "may not do this here")
	_, _, err = r.AttestReferral(ctx, r.As("detective-2208"), desktest.Noon, own.ID, false)
	refused(t, err, jurat.Invalid, "record the contacts first")
	got[jurat.Referral, desk.Done](t)(r.AttestReferral(ctx, r.As("detective-2208"), desktest.Noon, own.ID, true))
	ref := got[jurat.Referral, desk.Done](t)(r.ApproveReferral(ctx, r.As("supervisor-1103"), desktest.Noon, own.ID))
	if ref.InitiatedBy == ref.ApprovedBy || !ref.OneOperator {
		t.Errorf("initiated by %s, approved by %s, at one machine: %t", ref.InitiatedBy, ref.ApprovedBy, ref.OneOperator)
	}
}

// "None" cannot be attested beside a recorded contact; one that comes to light
// later stops the referral until it is attested anew.
func TestAContactStopsAReferralUntilItIsAttested(t *testing.T) {
	city, county := neighbours(t, desktest.SQLite)
	ctx, in := t.Context(), city.Opened(t)
	city.Complete(t, in)
	ref := city.Prepared(t, in) // attested: none
	contact := func(at time.Time) jurat.Contact {
		return got[jurat.Contact, desk.Done](t)(city.RecordContact(ctx, city.As("officer-4471"), at, in, "the mayor's office", "an e-mail asking how it stands", desktest.Noon, ""))
	}
	contact(desktest.Noon)
	_, _, err := city.ApproveReferral(ctx, city.As("supervisor-1102"), desktest.Noon, ref.ID)
	refused(t, err, jurat.Conflict, "attest the contacts anew")
	_, _, err = city.AttestReferral(ctx, city.As("detective-2208"), desktest.Noon, ref.ID, true)
	refused(t, err, jurat.Conflict, `"none" cannot be attested`)
	got[jurat.Referral, desk.Done](t)(city.AttestReferral(ctx, city.As("detective-2208"), desktest.Noon, ref.ID, false))
	got[jurat.Referral, desk.Done](t)(city.ApproveReferral(ctx, city.As("supervisor-1102"), desktest.Noon, ref.ID))

	// Another, after the approval: nothing is sent, and no bytes are written.
	contact(desktest.Noon)
	out := desktest.Empty(t)
	before := snapshot(t, city)
	_, _, err = city.SendReferral(ctx, city.As("detective-2208"), desktest.Noon, ref.ID, desk.Sending{Out: out, PlainReason: "no key"})
	refused(t, err, jurat.Conflict, "attest the contacts anew")
	if snapshot(t, city) != before || size(t, out) != 0 {
		t.Error("a refused sending left something")
	}
	got[jurat.Referral, desk.Done](t)(city.AttestReferral(ctx, city.As("detective-2208"), desktest.Noon, ref.ID, false))
	got[jurat.Referral, desk.Done](t)(city.ApproveReferral(ctx, city.As("supervisor-1102"), desktest.Noon, ref.ID))
	zip, sealed := city.Send(t, ref.ID, desktest.Noon)
	taken(t, county, sealed, "")
	decision := contents(t, city, zip, "").Referral.Decision
	if decision.Attestation.None || len(decision.Attestation.Contacts) != 2 {
		t.Errorf("the dossier attests %+v", decision.Attestation)
	}

}

// Case 4 of §15: a contact found after sending goes with the supplement, and
// the attestation of none is no longer shown as such.
func TestAContactFoundLaterGoesWithTheSupplement(t *testing.T) {
	city, county := neighbours(t, desktest.SQLite)
	ctx := t.Context()
	ref := city.Approved(t)
	zip, sealed := city.Send(t, ref.ID, desktest.Noon)
	taken(t, county, sealed, "")
	if d := contents(t, city, zip, "").Referral.Decision; !d.Attestation.None {
		t.Error("the first dossier does not attest none")
	}
	found := got[jurat.Contact, desk.Done](t)(city.RecordContact(ctx, city.As("detective-2208"), at(time.Hour), ref.Incident, "the mayor's office", "an e-mail found later", desktest.Noon, ""))
	v, err := city.Show(ctx, city.As("detective-2208"), at(2*time.Hour), ref.Incident)
	must(t, err)
	if !owed(v, "supplement-referral") {
		t.Error("a contact found later raises no supplement duty")
	}
	zip2, sealed2 := city.Send(t, ref.ID, at(2*time.Hour))
	taken(t, county, sealed2, zip)
	d := contents(t, city, zip2, zip).Referral.Decision
	if d.Attestation.None || len(d.Attestation.Contacts) != 1 || d.Attestation.Contacts[0].Value.ID != found.ID {
		t.Errorf("the supplement attests %+v", d.Attestation)
	}
}

// contents opens a dossier as its receiver would.
func contents(t testing.TB, from *desktest.Record, path, previous string) *dossier.Contents {
	t.Helper()
	trust, err := from.Trust().Marshal()
	must(t, err)
	report := dossier.Verify(t.Context(), path, dossier.Options{Trust: trust, Previous: previous})
	if report.Answer != dossier.Intact {
		t.Fatalf("%s: %s %v", path, report.Answer, report.Findings)
	}
	return report.Contents
}

func size(t testing.TB, f *os.File) int64 {
	t.Helper()
	info, err := f.Stat()
	must(t, err)
	return info.Size()
}

// INC-3: an agency that is only assumed is not referred.
func TestAnAssumedAgencyIsNotReferred(t *testing.T) {
	r := desktest.City(t)
	ctx, in := t.Context(), r.Opened(t)
	r.Complete(t, in)
	p1 := jurat.NumberItem(in, jurat.NounParty, 1)
	got[jurat.Party, desk.Done](t)(r.AmendParty(ctx, r.As("officer-4471"), desktest.Noon, p1, jurat.Particulars{Agency: "ice_ero", AgencyBasis: jurat.KnownAssumed}, "the vehicle looked like theirs"))
	ref := r.Prepared(t, in)
	_, _, err := r.ApproveReferral(ctx, r.As("supervisor-1102"), desktest.Noon, ref.ID)
	refused(t, err, jurat.Conflict, "INC-3")
	got[jurat.Party, desk.Done](t)(r.AmendParty(ctx, r.As("officer-4471"), desktest.Noon, p1, jurat.Particulars{Agency: "ice_ero", AgencyBasis: jurat.KnownDocument}, "an order was handed over"))
	got[jurat.Referral, desk.Done](t)(r.ApproveReferral(ctx, r.As("supervisor-1102"), desktest.Noon, ref.ID))
}

// An elected prosecutor's office works in its own record.
func TestAnElectedProsecutorWorksInTheirOwnRecord(t *testing.T) {
	county := desktest.County(t)
	ctx, prosecutor := t.Context(), county.As("prosecutor-12")
	in, _, err := county.OpenIncident(ctx, prosecutor, desktest.Noon, jurat.Opening{Title: "A letter", Trigger: "other_agency"})
	must(t, err)
	_, _, err = county.AddParty(ctx, prosecutor, desktest.Noon, in.Number, jurat.Particulars{Slot: "Witness 1", Capacity: "witness"})
	must(t, err)
	hold := got[jurat.Hold, desk.Done](t)(county.PlaceHold(ctx, prosecutor, desktest.Noon, in.Number, "the matter", nil))
	got[jurat.Hold, desk.Done](t)(county.ReleaseHold(ctx, prosecutor, desktest.Noon, hold.ID, "over"))
	_, err = county.Show(ctx, prosecutor, desktest.Noon, in.Number)
	must(t, err)
}

// A prosecutor with an account in the city's record sees what was sent to their
// office, and nothing else.
func TestAProsecutorSeesWhatWasReferredToThem(t *testing.T) {
	city, _ := neighbours(t, desktest.SQLite)
	ctx, prosecutor := t.Context(), city.As("prosecutor-12")
	ref, other := city.Approved(t), city.Opened(t)
	_, err := city.Show(ctx, prosecutor, desktest.Noon, ref.Incident)
	refused(t, err, jurat.NotFound, "there is no incident")
	city.Send(t, ref.ID, desktest.Noon)
	v, err := city.Show(ctx, prosecutor, desktest.Noon, ref.Incident)
	must(t, err)
	if len(v.Records) == 0 {
		t.Error("nothing is shown")
	}
	_, err = city.Show(ctx, prosecutor, desktest.Noon, other)
	refused(t, err, jurat.NotFound, "there is no incident")
	_, err = city.List(ctx, prosecutor, desktest.Noon, "", 10)
	refused(t, err, jurat.Forbidden, "")
	_, _, err = city.AddParty(ctx, prosecutor, desktest.Noon, ref.Incident, jurat.Particulars{Slot: "Witness 1", Capacity: "witness"})
	refused(t, err, jurat.Forbidden, "may not do this here")
	_, err = city.OpenSealed(ctx, prosecutor, desktest.Noon, jurat.Item{Noun: jurat.NounParty, ID: jurat.NumberItem(ref.Incident, jurat.NounParty, 1)}, jurat.ClassIdentity, "curious")
	refused(t, err, jurat.Forbidden, "")
}

// Counsel who advises a political office is behind the wall, and the dossier
// says who is on which side of it.
func TestCounselIsScreened(t *testing.T) {
	city, _ := neighbours(t, desktest.SQLite)
	ctx := t.Context()
	ref := city.Approved(t)
	_, err := city.Show(ctx, city.As("counsel-3"), desktest.Noon, ref.Incident)
	must(t, err)
	_, err = city.Show(ctx, city.As("counsel-9"), desktest.Noon, ref.Incident)
	refused(t, err, jurat.NotFound, "there is no incident")
	zip, _ := city.Send(t, ref.ID, desktest.Noon)
	d := contents(t, city, zip, "").Referral.Decision
	if !slices.Equal(d.Screened, []string{"counsel-3 (city-counsel)"}) || !slices.Equal(d.Political, []string{"counsel-9 (city-counsel)"}) {
		t.Errorf("counsel on the incident %q, of political offices %q", d.Screened, d.Political)
	}
}
