package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/dossier"
)

// verified checks a dossier with the trust of the record that sent it, and
// wants an answer.
func verified(t testing.TB, r *desktest.Record, zip, previous, want string) dossier.Report {
	t.Helper()
	trust, err := r.Trust().Marshal()
	must(t, err)
	got := dossier.Verify(t.Context(), zip, dossier.Options{Trust: trust, Previous: previous})
	if got.Answer != want {
		t.Fatalf("%s, want %s: %+v", got.Answer, want, got.Findings)
	}
	return got
}

func says(lines []string, part string) bool {
	return slices.ContainsFunc(lines, func(s string) bool { return strings.Contains(s, part) })
}

// A city whose log had to be continued under another name must still be able to
// refer what happened before, and nobody may read tampering out of it.
func TestADossierSpansTheLogsItsIncidentLivedIn(t *testing.T) {
	engines(t, func(t *testing.T, engine desktest.Engine) {
		city, _ := neighbours(t, engine)
		ref := city.Approved(t)
		city.Continue(t, "city.example/jurat-2")
		zip, _ := city.Send(t, ref.ID, desktest.Noon)
		r := verified(t, city, zip, "", dossier.Intact)
		if says(r.NotChecked, "stood in the log city.example/jurat before it ended") {
			t.Errorf("not everything was shown: %q", r.NotChecked)
		}
		if r.Contents.Origin != "city.example/jurat-2" || !slices.Equal(r.Contents.Ended, []string{"city.example/jurat"}) {
			t.Errorf("of %s, after %v", r.Contents.Origin, r.Contents.Ended)
		}
		verifyAll(t, zip)

		// An incident that began afterwards; the keys of its signers did not.
		young := city.Approved(t)
		zip, _ = city.Send(t, young.ID, desktest.Noon)
		verified(t, city, zip, "", dossier.Intact)

		// And once more.
		city.Continue(t, "city.example/jurat-3")
		city.Received(t, at(time.Second), young.Incident, "a later film")
		zip2, _ := city.Send(t, young.ID, at(time.Minute))
		r = verified(t, city, zip2, zip, dossier.Intact)
		if !slices.Equal(r.Contents.Ended, []string{"city.example/jurat-2", "city.example/jurat"}) {
			t.Errorf("after %v", r.Contents.Ended)
		}
	})
}

// verifyAll checks without trust too: consistency, and nothing more.
func verifyAll(t testing.TB, zip string) {
	t.Helper()
	if r := dossier.Verify(t.Context(), zip, dossier.Options{}); r.Answer != dossier.Intact {
		t.Errorf("without trust: %s %+v", r.Answer, r.Findings)
	}
}

// Events that were saved and never published before the log ended are in the
// one that continues it alone; that is said, and no fault.
func TestEventsThatOnlyTheNextLogHasAreNamed(t *testing.T) {
	city, _ := neighbours(t, desktest.SQLite)
	ref := city.Approved(t)
	must(t, city.Publish(t.Context()))
	last, err := city.Ledger.Published()
	must(t, err)
	city.Received(t, at(time.Second), ref.Incident, "a film saved and not published")
	city.ContinueFrom(t, last.Note, "city.example/jurat-2")
	zip, _ := city.Send(t, ref.ID, desktest.Noon)
	if r := verified(t, city, zip, "", dossier.Intact); !says(r.NotChecked, "stood in the log city.example/jurat before it ended") {
		t.Errorf("not checked: %q", r.NotChecked)
	}
}

// Where leaves are lost, nobody can know whether one was of the incident.
func TestADossierSaysWhenLeavesOfItsIncidentMayBeLost(t *testing.T) {
	city, _ := neighbours(t, desktest.SQLite)
	in := city.Opened(t)
	city.ContinueFrom(t, city.Ahead(t, 7), "city.example/jurat-2")
	city.Complete(t, in)
	ref := city.Prepared(t, in)
	_, _, err := city.ApproveReferral(t.Context(), city.As("supervisor-1102"), desktest.Noon, ref.ID)
	must(t, err)
	zip, _ := city.Send(t, ref.ID, desktest.Noon)
	r := verified(t, city, zip, "", dossier.Unsure)
	if !slices.ContainsFunc(r.Findings, func(f dossier.Finding) bool {
		return strings.Contains(f.What, "whether one of them was of this incident")
	}) {
		t.Errorf("findings: %+v", r.Findings)
	}

	// An incident that began afterwards has lost nothing.
	young := city.Approved(t)
	zip, _ = city.Send(t, young.ID, desktest.Noon)
	if r := verified(t, city, zip, "", dossier.Intact); !says(r.NotChecked, "this incident began after them") {
		t.Errorf("not checked: %q", r.NotChecked)
	}
}

// A receipt and a decision for a dossier that went out before the log was
// continued still come home, and its supplement joins it.
func TestLettersCrossTheEndOfALog(t *testing.T) {
	city, county := neighbours(t, desktest.SQLite)
	ctx := t.Context()
	ref := city.Approved(t)
	zip, sealed := city.Send(t, ref.ID, desktest.Noon)
	first := taken(t, county, sealed, "")
	receipt, _, err := county.SignReceipt(ctx, county.As("prosecutor-12"), desktest.Noon, first.ID)
	must(t, err)
	decision := mustDecision(t, county, first)

	city.Continue(t, "city.example/jurat-2")
	_, _, err = city.ImportReceipt(ctx, city.As("detective-2208"), desktest.Noon, receipt)
	must(t, err)
	_, _, err = city.ImportDecision(ctx, city.As("detective-2208"), desktest.Noon, decision)
	must(t, err)

	city.Received(t, at(time.Second), ref.Incident, "a new film")
	zip2, sealed2 := city.Send(t, ref.ID, at(time.Minute))
	verified(t, city, zip2, zip, dossier.Intact)
	// The county knows the old log only, and says so until it has the new keys.
	_, report, err := county.TakeDossier(ctx, county.As("prosecutor-12"), desktest.Noon, desk.Taking{Path: sealed2, Identity: []age.Identity{county.Age}, Previous: zip})
	must(t, err)
	if report.Answer != dossier.Unsure || !slices.ContainsFunc(report.Findings, func(f dossier.Finding) bool { return strings.Contains(f.What, "get the keys of city.example/jurat-2") }) {
		t.Errorf("%s: %+v", report.Answer, report.Findings)
	}
	county.Pin(t, desktest.Own, city)
	second := taken(t, county, sealed2, zip)
	if second.Answer != dossier.Intact || second.ID.Incident() != first.ID.Incident() {
		t.Errorf("%s is %s", second.ID, second.Answer)
	}
}
