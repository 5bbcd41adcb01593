package web

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
)

// pastItsDay is an incident whose film a schedule has reached: closed, and with a
// certificate. A second exhibit lies elsewhere.
func pastItsDay(t testing.TB, rec *desktest.Record, late time.Time) jurat.IncidentNumber {
	t.Helper()
	in := rec.Opened(t)
	recorded := jurat.Span{From: desktest.Noon.Add(-time.Hour), To: desktest.Noon.Add(-time.Hour), Precision: "exact"}
	for out := range rec.Receive(t.Context(), rec.As("evidence-7"), func() time.Time { return desktest.Noon }, desk.Receiving{Incident: in, Arrival: jurat.Arrival{Kind: "bwc", Recorded: recorded}}, slices.Values(desktest.Files(t, "a film of a quiet street"))) {
		must(t, out.Err)
	}
	_, _, err := rec.LocateExhibit(t.Context(), rec.As("evidence-7"), desktest.Noon, in, jurat.Arrival{Kind: "bwc", Recorded: recorded, System: "camera-store", Key: "41"})
	must(t, err)
	_, _, err = rec.AddRecord(t.Context(), rec.As("records-3"), late, in, desk.Words{Type: "disposal_certificate", Fields: json.RawMessage(`{"number":"12-345"}`)})
	must(t, err)
	_, err = rec.CloseIncident(t.Context(), rec.As("supervisor-1102"), late, in, "nothing awaits anybody")
	must(t, err)
	return in
}

// The records officer approves first, counsel second and so erases; a hold
// stands in the way with its matter, and a holder elsewhere is owed a word.
func TestADisposalIsDecidedByTwoPeopleAtTheCounter(t *testing.T) {
	rec := desktest.City(t)
	late := desktest.Noon.Add(100 * 24 * time.Hour)
	in := pastItsDay(t, rec, late)
	s := counterAt(t, rec, func() time.Time { return late })
	var letters []string
	s.record.KeepLetters(func(all []string) { letters = all })
	const records, counsel = "records-3", "counsel-3"
	film := string(in) + "-E1"

	code, _, _ := ask(t, s, "POST", "/holds", counsel, url.Values{"matter": {"a petition"}, "covers": {"named"}, "scope": {film}})
	if code != 303 {
		t.Fatalf("a hold: %d", code)
	}
	first := url.Values{"act": {"disposal.approved"}, "item": {string(in)}, "certificate": {"12-345"}, "backups": {"2027-04-30"}, "exhibit": {film}}
	if code, page, _ := ask(t, s, "POST", "/sign", records, first); code != 409 || !strings.Contains(page, "a petition") {
		t.Errorf("a film on hold: %d %s", code, alertOf(page))
	}
	if _, page, _ := ask(t, s, "GET", "/retention", records, nil); !strings.Contains(page, "a petition") {
		t.Error("the plan does not name the hold")
	}
	if code, _, _ := ask(t, s, "POST", "/holds/release", records, url.Values{"hold": {string(in) + "-H1"}, "reason": {"to erase it"}}); code != 403 {
		t.Errorf("who disposes lifts a hold: %d", code)
	}
	if code, page, _ := ask(t, s, "POST", "/holds/release", counsel, url.Values{"hold": {string(in) + "-H1"}}); code != 422 || !strings.Contains(page, "Say why") {
		t.Errorf("released without a reason: %d", code)
	}
	if code, _, _ := ask(t, s, "POST", "/holds/release", counsel, url.Values{"hold": {string(in) + "-H1"}, "reason": {"it was withdrawn"}}); code != 303 {
		t.Errorf("released: %d", code)
	}

	delete(first, "exhibit")
	s.token(t, records)
	s.token(t, counsel)
	if to := s.sign(t, records, jurat.DisposalApproved, jurat.ItemID(in), first); to != "/retention#disposals" {
		t.Errorf("led to %q", to)
	}
	second := jurat.ItemID(string(in) + "-Z1")
	if _, page, _ := ask(t, s, "GET", "/retention", counsel, nil); !strings.Contains(page, "waits for its second approval") || !strings.Contains(page, "Approve and erase") {
		t.Error("the second approval is not asked for")
	}
	if code, page, _ := ask(t, s, "POST", "/sign", records, url.Values{"act": {"disposal.approved"}, "item": {string(second)}}); code != 403 || !strings.Contains(page, "second person") {
		t.Errorf("one person twice: %d %s", code, page)
	}
	s.sign(t, counsel, jurat.DisposalApproved, second, nil)
	_, page, _ := ask(t, s, "GET", "/retention", records, nil)
	for _, want := range []string{"erased", "Erased is not unrecoverable", "its holder is owed a word"} {
		if !strings.Contains(page, want) {
			t.Errorf("carried out, and the page lacks %q", want)
		}
	}
	if len(letters) != 1 {
		t.Errorf("%d letters were kept", len(letters))
	}
	elsewhere := "/incidents/" + string(in) + "/exhibits/2/told"
	if code, page, _ := ask(t, s, "POST", elsewhere, records, url.Values{}); code != 422 || !strings.Contains(page, "Say who was told") {
		t.Errorf("told without how: %d", code)
	}
	if code, _, _ := ask(t, s, "POST", elsewhere, records, url.Values{"how": {"by letter of 4 March"}}); code != 303 {
		t.Errorf("told: %d", code)
	}
	for _, who := range []jurat.PersonID{"", "aide-1", "liaison-1"} {
		for _, page := range []string{"/retention", "/holds"} {
			if code, _, _ := ask(t, s, "GET", page, who, nil); code == 200 {
				t.Errorf("%q at %s", who, page)
			}
		}
	}
}

// A disposal that one person approved is taken back with a reason.
func TestADisposalIsTakenBack(t *testing.T) {
	rec := desktest.City(t)
	late := desktest.Noon.Add(100 * 24 * time.Hour)
	in := pastItsDay(t, rec, late)
	s := counterAt(t, rec, func() time.Time { return late })
	_, _, err := rec.ApproveDisposal(t.Context(), rec.As("records-3"), late, in, desk.Disposing{Certificate: "12-345", Backups: late.Add(35 * 24 * time.Hour)})
	must(t, err)
	back := "/incidents/" + string(in) + "/disposals/1/withdraw"
	if code, page, _ := ask(t, s, "POST", back, "records-3", url.Values{}); code != 422 || !strings.Contains(page, "Say why") {
		t.Errorf("without a reason: %d", code)
	}
	token := s.program(t, "records-3", true)
	if code, text, _ := call(t, s, "GET", apiPrefix+"disposals", token, ""); code != 200 || !strings.Contains(text, "12-345") {
		t.Errorf("listed: %d %s", code, text)
	}
	if code, text, _ := call(t, s, "GET", apiPrefix+"retention?limit=1", token, ""); code != 200 || !strings.Contains(text, `"next":"`+string(in)) {
		t.Errorf("planned: %d %s", code, text)
	}
	if code, text, _ := call(t, s, "POST", apiPrefix+strings.TrimPrefix(back, "/"), token, `{"reason":"a suit was announced"}`); code != 200 || !strings.Contains(text, "withdrawn_at") {
		t.Errorf("taken back: %d %s", code, text)
	}
	if code, text, _ := call(t, s, "POST", apiPrefix+"holds", token, `{"matter":"a decree"}`); code != 422 || !strings.Contains(text, "what the hold covers") {
		t.Errorf("a hold on nothing: %d %s", code, text)
	}
	if code, text, _ := call(t, s, "POST", apiPrefix+"holds", token, `{"matter":"a decree","everything":true}`); code != 200 || !strings.Contains(text, "hold-1") {
		t.Errorf("a hold on everything: %d %s", code, text)
	}
	if code, text, _ := call(t, s, "GET", apiPrefix+"holds", token, ""); code != 200 || !strings.Contains(text, "a decree") {
		t.Errorf("holds: %d %s", code, text)
	}
}

// What protects an exhibit is told in the reader's language: in the order's own
// words where it has them, else in ours.
func TestThePlanIsToldInSpanish(t *testing.T) {
	rec := desktest.City(t)
	rec.Received(t, desktest.Noon, rec.Opened(t), "a film")
	s := counterAt(t, rec, noon)
	_, page, _ := ask(t, s, "GET", "/retention", "records-3", nil, "Accept-Language", "es")
	for _, want := range []string{"Registre el certificado de disposición de la Comisión de Registros Locales.", "lo conserva durante 90 días, hasta ", "El incidente está abierto; lo cierra supervisión"} {
		if !strings.Contains(page, want) {
			t.Errorf("the plan does not say %q", want)
		}
	}
}
