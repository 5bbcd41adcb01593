package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jurat"
	"jurat/internal/desk/desktest"
	"jurat/internal/register"
)

// bring makes one request with a file in its form.
func (s *station) bring(t testing.TB, address string, who jurat.PersonID, field string, file []byte, more url.Values) (int, string, http.Header) {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for name, given := range more {
		for _, one := range given {
			must(t, form.WriteField(name, one))
		}
	}
	part, err := form.CreateFormFile(field, "a file.zip.age")
	must(t, err)
	_, err = part.Write(file)
	must(t, err)
	must(t, form.Close())
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, address, &b)
	r.Header.Set("Content-Type", form.FormDataContentType())
	if who != "" {
		r.AddCookie(&http.Cookie{Name: sessionCookie(true), Value: string(s.token(t, who))})
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code, w.Body.String(), w.Header()
}

// neighbours are a city's and a prosecutor's record, each with a counter, whose
// keys are not pinned yet.
func neighbours(t testing.TB) (city, county *station) {
	t.Helper()
	paths := []string{filepath.Join(t.TempDir(), "city.sqlite"), filepath.Join(t.TempDir(), "county.sqlite")}
	at := func(path string) desktest.Engine {
		return func(t testing.TB) *register.Register {
			t.Helper()
			r, err := register.OpenSQLite(t.Context(), path)
			must(t, err)
			t.Cleanup(func() { must(t, r.Close()) })
			return r
		}
	}
	city, county = counterAt(t, desktest.CityOn(t, at(paths[0])), noon), counterAt(t, desktest.CountyOn(t, at(paths[1]), "county.example/jurat"), noon)
	city.rows, county.rows = paths[0], paths[1]
	return city, county
}

// pins has an administrator pin another record's keys at the counter.
func (s *station) pins(t testing.TB, office jurat.OfficeID, other *station) {
	t.Helper()
	text, err := other.record.Trust().Marshal()
	must(t, err)
	if code, page, _ := s.bring(t, "/trust", "administrator-1", "file", text, url.Values{"office": {string(office)}}); code != 303 {
		t.Fatalf("pinned: %d\n%s", code, page)
	}
	_, page, _ := ask(t, s, "GET", "/trust", "administrator-1", nil)
	print := fours(other.record.Trust().Offices[0].Office[0].Thumbprint())
	if !strings.Contains(page, print) || strings.Count(print, " ") != 10 {
		t.Errorf("the page of pinned keys does not show %q", print)
	}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	return b
}

const prosecutor jurat.PersonID = "prosecutor-12"

// A prosecutor's office takes a dossier in at its counter, reads it, signs the
// receipt and answers; both letters go back as files.
func TestADossierIsTakenInAtTheCounter(t *testing.T) {
	city, county := neighbours(t)
	if _, _, h := ask(t, county, "GET", "/", prosecutor, nil); h.Get("Location") != "/inbox" {
		t.Errorf("a prosecutor begins at %q", h.Get("Location"))
	}
	if code, page, _ := ask(t, county, "GET", "/inbox", prosecutor, nil); code != 200 || !strings.Contains(page, "Nothing has arrived") || strings.Contains(page, `name="dossier"`) {
		t.Errorf("an empty inbox: %d %s", code, page)
	}
	city.pins(t, "county-prosecutor", county)
	ref := city.record.Approved(t)
	_, sealed := city.record.Send(t, ref.ID, desktest.Noon)
	parcel := read(t, sealed)
	if code, page, _ := county.bring(t, "/inbox", prosecutor, "dossier", parcel, nil); code != 422 || !strings.Contains(page, "No office&#39;s keys are pinned here") {
		t.Errorf("with no trust: %d %s", code, page)
	}
	county.pins(t, desktest.Own, city)
	if code, page, _ := county.bring(t, "/inbox", prosecutor, "dossier", parcel[:len(parcel)/2], nil); code != 422 || !strings.Contains(page, "What the check said") || !strings.Contains(page, "a file.zip.age") {
		t.Errorf("half a dossier: %d %s", code, page)
	}
	if code, _, _ := county.bring(t, "/inbox", prosecutor, "dossier", nil, nil); code != 422 {
		t.Errorf("an empty file: %d", code)
	}
	code, page, h := county.bring(t, "/inbox", prosecutor, "dossier", parcel, url.Values{"before": {"it"}})
	if code != 303 {
		t.Fatalf("taken in: %d %s", code, page)
	}
	code, page, _ = ask(t, county, "GET", h.Get("Location"), prosecutor, nil)
	if code != 200 || !strings.Contains(page, "Intact") || !strings.Contains(page, "not checked") || strings.Index(page, "Contacts with political offices") > strings.Index(page, "I was standing still") {
		t.Errorf("read: %d %s", code, page)
	}
	if code, page, _ := county.bring(t, "/inbox", prosecutor, "dossier", parcel, nil); code != 422 || !strings.Contains(page, "was taken in before") {
		t.Errorf("the same again: %d %s", code, page)
	}
	_, page, _ = ask(t, county, "GET", "/inbox", prosecutor, nil)
	for _, want := range []string{"City police", "Intact", "pinned here", ">0<", string(ref.ID)} {
		if !strings.Contains(page, want) {
			t.Errorf("the inbox does not show %q", want)
		}
	}
	if left, err := os.ReadDir(county.record.Dir + "/work"); err != nil || len(left) != 0 {
		t.Errorf("left in the work folder: %v, %v", left, err)
	}
	id := jurat.ItemID(strings.TrimSuffix(h.Get("Location"), "/read"))
	inbox, err := county.Desk.Inbox(t.Context(), county.record.As(prosecutor), noon())
	if err != nil || len(inbox) != 1 {
		t.Fatalf("%v, %v", inbox, err)
	}
	x := inbox[0].Dossier.ID
	if itemPath(x) != string(id) {
		t.Errorf("%s is at %s", x, id)
	}
	county.answers(t, city, x, jurat.ReferralReview)
	after := got(t, city, ref.Incident)
	if after.State != jurat.ReferralReview {
		t.Errorf("the city's referral is %s", after.State)
	}
}

// answers signs receipt and decision of a dossier taken in and brings both
// letters to the city that sent it.
func (s *station) answers(t testing.TB, city *station, x jurat.ItemID, state jurat.ReferralState) {
	t.Helper()
	s.sign(t, prosecutor, jurat.DossierReceipt, x, nil)
	s.sign(t, prosecutor, jurat.DossierDecided, x, url.Values{"state": {string(state)}, "reason": {"to be looked at"}})
	code, receipt, h := ask(t, s, "GET", itemPath(x)+"/letters/receipt", prosecutor, nil)
	if code != 200 || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") {
		t.Fatalf("the receipt: %d", code)
	}
	_, decision, _ := ask(t, s, "GET", itemPath(x)+"/letters/decision", prosecutor, nil)
	all, err := s.Desk.Inbox(t.Context(), s.record.As(prosecutor), noon())
	must(t, err)
	sent := jurat.ItemID("")
	for _, one := range all {
		if one.Dossier.ID == x {
			if one.Answer != state {
				t.Errorf("the inbox says %q", one.Answer)
			}
			ref, err := city.record.Show(t.Context(), city.record.As("detective-2208"), noon(), jurat.ItemID(one.Dossier.Referral).Incident())
			must(t, err)
			sent = ref.Referrals[0].Value.Dossiers[one.Dossier.Number]
		}
	}
	code, page, _ := city.bring(t, itemPath(sent)+"/receipt", "detective-2208", "file", []byte(receipt), nil)
	if to := city.finish(t, "detective-2208", code, page); to != itemPath(sent) {
		t.Errorf("the receipt came back, and led to %q", to)
	}
	ref := jurat.NumberItem(sent.Incident(), jurat.NounReferral, 1)
	if code, page, _ := city.bring(t, itemPath(ref)+"/answer", "detective-2208", "file", []byte(decision), nil); code != 303 {
		t.Fatalf("the decision came back: %d %s", code, page)
	}
}

// got is an incident's first referral.
func got(t testing.TB, s *station, in jurat.IncidentNumber) jurat.Referral {
	t.Helper()
	view, err := s.record.Show(t.Context(), s.record.As("detective-2208"), noon(), in)
	must(t, err)
	return view.Referrals[0].Value
}

// What is not theirs is not there: the inbox of a record that is no
// prosecutor's, a stranger, a political office.
func TestTheInboxIsForWhoTakesDossiersIn(t *testing.T) {
	city, county := neighbours(t)
	if code, _, _ := ask(t, county, "GET", "/inbox", "", nil); code != 404 {
		t.Errorf("a stranger: %d", code)
	}
	if code, _, _ := county.bring(t, "/inbox", "", "dossier", []byte("x"), nil); code != 404 {
		t.Errorf("a stranger brings one: %d", code)
	}
	for _, who := range []jurat.PersonID{"detective-2208", "aide-1", prosecutor} {
		if code, _, _ := ask(t, city, "GET", "/inbox", who, nil); code != 403 && code != 404 {
			t.Errorf("%s: %d", who, code)
		}
		if code, _, _ := city.bring(t, "/inbox", who, "dossier", []byte("x"), nil); code != 403 && code != 404 {
			t.Errorf("%s brings one: %d", who, code)
		}
	}
	if code, _, _ := city.bring(t, "/trust", "detective-2208", "file", []byte(`{"offices":[{"name":"x"}],"witnesses":[],"quorum":0}`), url.Values{"office": {"county-prosecutor"}}); code != 422 && code != 403 {
		t.Errorf("a detective pins: %d", code)
	}
	if _, err := os.Stat(city.record.Dir + "/work"); err == nil {
		t.Error("bytes were kept for somebody who may not take a dossier in")
	}
}
