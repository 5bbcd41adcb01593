package web

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"jurat"
	"jurat/internal/desk/desktest"
	"jurat/internal/dossier"
	"jurat/internal/fsck"
	"jurat/internal/register"
	"jurat/internal/vault"
)

const detective jurat.PersonID = "detective-2208"

// Two records and nobody at a command line: from two people's referral to the
// prosecutor's signed decision on the city's record. What was handed over
// verifies by the files alone, and both records are intact.
func TestFromAReferralToADecisionAtTwoCounters(t *testing.T) {
	city, county := neighbours(t)
	city.pins(t, "county-prosecutor", county)
	county.pins(t, desktest.Own, city)
	in := city.record.Opened(t)
	city.record.Complete(t, in)
	to := city.sign(t, detective, jurat.ReferralPrepared, jurat.ItemID(in), url.Values{"to": {"county-prosecutor"}, "scope": {"force"}, "reason": {"as the order directs"}, "allegation": {string(in) + "-A1"}})
	ref := jurat.NumberItem(in, jurat.NounReferral, 1)
	if code, _, _ := ask(t, city, "POST", to+"/notice", detective, url.Values{"how": {"by telephone, the duty desk"}}); code != 303 {
		t.Errorf("an early word: %d", code)
	}
	city.sign(t, detective, jurat.ReferralAttested, ref, url.Values{"contacts": {"none"}})
	if code, _, _ := ask(t, city, "POST", "/sign", detective, url.Values{"act": {"dossier.sealed"}, "item": {string(ref)}}); code != 409 {
		t.Errorf("sealed before the second person decided: %d", code)
	}
	city.sign(t, "supervisor-1102", jurat.ReferralApproved, ref, nil)

	// Sealed, left, gone on with, and handed over.
	if code, page, _ := ask(t, city, "POST", "/sign", detective, url.Values{"act": {"dossier.sealed"}, "item": {string(ref)}, "transport": {"plain"}}); code != 422 || !strings.Contains(page, "Say why the dossier goes without encryption") {
		t.Errorf("plain without a reason: %d", code)
	}
	city.sign(t, detective, jurat.DossierSealed, ref, url.Values{"transport": {"age"}})
	first := jurat.NumberItem(in, jurat.NounDossier, 1)
	_, page, _ := ask(t, city, "GET", to, detective, nil)
	if !strings.Contains(page, "is sealed and was not sent") || !strings.Contains(page, string(first)) {
		t.Errorf("what was left is not shown: %s", page)
	}
	if code, _, _ := ask(t, city, "GET", itemPath(first)+"/parcel", detective, nil); code != 409 {
		t.Errorf("downloaded before it went: %d", code)
	}
	if to := city.sign(t, detective, jurat.DossierSent, first, nil); to != itemPath(first) {
		t.Errorf("sent, and led to %q", to)
	}
	parcel := city.handsOver(t, first)
	for _, who := range []jurat.PersonID{"", "aide-1", "liaison-1", "counsel-9"} {
		if code, _, _ := ask(t, city, "GET", itemPath(first)+"/parcel", who, nil); code != 404 {
			t.Errorf("%q downloads it: %d", who, code)
		}
		if code, _, _ := ask(t, city, "POST", "/sign", who, url.Values{"act": {"dossier.sealed"}, "item": {string(ref)}}); code != 404 {
			t.Errorf("%q seals: %d", who, code)
		}
	}
	if code, _, _ := ask(t, city, "GET", itemPath(first)+"/parcel", "officer-4471", nil); code != 403 {
		t.Errorf("an officer downloads it: %d", code)
	}
	verified(t, city, county, parcel, "")
	county.takes(t, city, parcel, jurat.ReferralReview)

	// What is new is owed, and goes after it.
	city.record.Received(t, noon(), in, "a new film")
	_, page, _ = ask(t, city, "GET", to, detective, nil)
	if !strings.Contains(page, "A supplement is owed: one item") {
		t.Error("it is not said that a supplement is owed")
	}
	city.sign(t, detective, jurat.DossierSealed, ref, url.Values{"transport": {"age"}})
	second := jurat.NumberItem(in, jurat.NounDossier, 2)
	city.sign(t, detective, jurat.DossierSent, second, nil)
	supplement := city.handsOver(t, second)
	verified(t, city, county, supplement, parcel)
	county.takes(t, city, supplement, jurat.ReferralUnprocessed)

	after := got(t, city, in)
	if after.State != jurat.ReferralUnprocessed || len(after.Dossiers) != 2 || after.OneOperator || len(after.Answers) != 2 {
		t.Errorf("the referral at the end: %+v", after)
	}
	for _, s := range []*station{city, county} {
		if r := s.doubted(t); r.Answer != "intact" || strings.Contains(strings.Join(r.Notes, "\n"), "that no exhibit names") {
			t.Errorf("%s: %s: %v %v", s.record.Origin, r.Answer, r.Findings, r.Notes)
		}
	}
	// The doubter reads the parcels too.
	must(t, city.record.Register.Read(t.Context(), func(tx *register.Tx) error {
		p, err := tx.Parcel(second)
		must(t, err)
		return city.record.Store.Remove(t.Context(), vault.BlobID(p.ID))
	}))
	if r := city.doubted(t); r.Answer != "altered" || len(r.Findings) != 1 || r.Findings[0].Where != "parcel of dossier "+string(second) {
		t.Errorf("a parcel is gone: %s %v", r.Answer, r.Findings)
	}
}

// handsOver downloads a dossier that was sent, to a file.
func (s *station) handsOver(t testing.TB, id jurat.ItemID) (path string) {
	t.Helper()
	code, bytes, h := ask(t, s, "GET", itemPath(id)+"/parcel", detective, nil)
	if code != 200 || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || !strings.HasPrefix(bytes, "age-encryption.org/v1") {
		t.Fatalf("the parcel: %d %v", code, h)
	}
	path = filepath.Join(t.TempDir(), "dossier.zip.age")
	must(t, os.WriteFile(path, []byte(bytes), 0o600))
	return path
}

// takes takes a dossier in and answers it; the city has the letters.
func (s *station) takes(t testing.TB, city *station, path string, state jurat.ReferralState) {
	t.Helper()
	code, page, h := s.bring(t, "/inbox", prosecutor, "dossier", read(t, path), nil)
	if code != 303 {
		t.Fatalf("taken in: %d %s", code, page)
	}
	_, page, _ = ask(t, s, "GET", h.Get("Location"), prosecutor, nil)
	if !strings.Contains(page, `<p class="answer">Intact</p>`) {
		t.Errorf("checked: %s", page)
	}
	all, err := s.Desk.Inbox(t.Context(), s.record.As(prosecutor), noon())
	must(t, err)
	for _, one := range all {
		if itemPath(one.Dossier.ID)+"/read" == h.Get("Location") {
			s.answers(t, city, one.Dossier.ID, state)
			return
		}
	}
	t.Errorf("%s is not in the inbox", h.Get("Location"))
}

// verified asserts that a parcel is intact by its files and the sender's keys.
func verified(t testing.TB, city, county *station, path, previous string) {
	t.Helper()
	trust, err := city.record.Trust().Marshal()
	must(t, err)
	if r := dossier.Verify(t.Context(), path, dossier.Options{Trust: trust, Previous: previous, Identity: []age.Identity{county.record.Age}}); r.Answer != dossier.Intact {
		t.Errorf("%s: %v", r.Answer, r.Findings)
	}
}

// doubted is what the doubter finds of a station's record.
func (s *station) doubted(t testing.TB) fsck.Report {
	t.Helper()
	must(t, s.record.Publish(t.Context()))
	rows, err := register.ReadSQLite(t.Context(), s.rows)
	must(t, err)
	defer rows.Close()
	return fsck.Check(t.Context(), fsck.Record{
		Rows: rows, Blobs: s.record.Store, Ledger: s.record.Dir + "/ledger", KEK: s.record.KEK, Duplicates: s.record.Dup, LogKey: s.record.LogKey,
	})
}
