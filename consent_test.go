package jurat_test

import (
	"slices"
	"strings"
	"testing"

	"jurat"
)

// EVD-4: each use has a consent of its own, and one that was not given is no.
func TestAUseNeedsAConsentOfItsOwn(t *testing.T) {
	photo := aPhoto(t)
	for _, u := range jurat.Uses {
		if err := photo.UsableFor(u); err != nil {
			t.Errorf("nobody's consent is asked, and %s is refused: %v", u, err)
		}
	}
	x, _, err := photo.Consented("Witness 1", []jurat.Use{jurat.UsePublicReport, jurat.UseInvestigate, jurat.UsePublicReport}, officer, night)
	if err != nil || !slices.Equal(x.Consent.Uses, []jurat.Use{jurat.UseInvestigate, jurat.UsePublicReport}) {
		t.Fatalf("given to %v: %v", x.Consent, err)
	}
	for u, want := range map[jurat.Use]error{jurat.UseInvestigate: nil, jurat.UsePublicReport: nil, jurat.UseProsecute: jurat.Conflict, jurat.UseShare: jurat.Conflict, "sell": jurat.Invalid} {
		if err := x.UsableFor(u); !isKind(err, want) {
			t.Errorf("%s: %v", u, err)
		}
	}
	got, ev, err := x.Consented("Witness 1", []jurat.Use{jurat.UseInvestigate}, officer, night)
	refused(t, jurat.Conflict, got, x, ev, err)
	got, ev, err = x.Consented(" ", nil, officer, night)
	refused(t, jurat.Invalid, got, x, ev, err)
	got, ev, err = x.Consented("Witness 1", []jurat.Use{"sell"}, officer, night)
	refused(t, jurat.Invalid, got, x, ev, err)
	none, _, err := photo.Consented("Witness 1", nil, officer, night)
	if err != nil || none.UsableFor(jurat.UseInvestigate) == nil {
		t.Errorf("a consent to no use lets it be used: %v", err)
	}
}

// Case 12 of the requirements: the use stops, the exhibit stays, and whoever
// gave it is told why.
func TestAConsentIsWithdrawnAndTheExhibitStays(t *testing.T) {
	given, _, err := aPhoto(t).Consented("Witness 1", jurat.Uses[:], officer, night)
	if err != nil {
		t.Fatal(err)
	}
	for _, held := range []bool{false, true} {
		x, ev, err := given.WithdrawConsent([]jurat.Use{jurat.UsePublicReport}, "letter", held, officer, night)
		if err != nil {
			t.Fatal(err)
		}
		kept(t, x, ev)
		told := x.Consent.Withdrawn[0].Told
		if !strings.Contains(told, "public_report") || !strings.Contains(told, "stays on record") || strings.Contains(told, "a hold is in force") != held {
			t.Errorf("held %t: they are told %q", held, told)
		}
		if x.UsableFor(jurat.UsePublicReport) == nil || x.UsableFor(jurat.UseProsecute) != nil || x.Digest != given.Digest {
			t.Errorf("after it: %+v", x.Consent)
		}
		got, ev, err := x.WithdrawConsent([]jurat.Use{jurat.UsePublicReport}, "", held, officer, night)
		refused(t, jurat.Conflict, got, x, ev, err)
		again, _, err := x.Consented("Witness 1", jurat.Uses[:], officer, night)
		if err != nil || again.UsableFor(jurat.UsePublicReport) != nil || len(again.Consent.Withdrawn) != 1 {
			t.Errorf("given again: %+v, %v", again.Consent, err)
		}
		all, _, err := x.WithdrawConsent(nil, "", held, officer, night)
		if err != nil || len(all.Consent.Uses) != 0 {
			t.Errorf("all withdrawn: %+v, %v", all.Consent, err)
		}
	}
	photo := aPhoto(t)
	got, ev, err := photo.WithdrawConsent(nil, "", false, officer, night)
	refused(t, jurat.Conflict, got, photo, ev, err)
}
