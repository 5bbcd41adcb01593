package web

import (
	"net/url"
	"strings"
	"testing"

	"jurat"
	"jurat/internal/desk/desktest"
)

// Two sworn people refer, each with a passkey of their own, and attest; nobody
// is both.
func TestAReferralByTwoPeopleAtTheCounter(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	rec.Complete(t, in)
	s := counterAt(t, rec, noon)
	detective, supervisor := jurat.PersonID("detective-2208"), jurat.PersonID("supervisor-1102")
	if code, page, _ := ask(t, s, "GET", "/incidents/"+string(in)+"/refer", detective, nil); code != 200 || !strings.Contains(page, "County prosecutor") {
		t.Fatalf("the form: %d", code)
	}
	if code, _, _ := ask(t, s, "POST", "/sign", detective, url.Values{"act": {"referral.prepared"}, "item": {string(in)}, "to": {"county-prosecutor"}, "scope": {"force"}}); code != 422 {
		t.Errorf("without an allegation: %d", code)
	}
	to := s.sign(t, detective, jurat.ReferralPrepared, jurat.ItemID(in), url.Values{"to": {"county-prosecutor"}, "scope": {"force"}, "reason": {"as the order directs"}, "allegation": {string(in) + "-A1"}})
	id := jurat.ItemID(string(in) + "-K1")
	if to != itemPath(id) {
		t.Fatalf("begun, and led to %q", to)
	}
	if code, _, _ := ask(t, s, "POST", to+"/notice", detective, url.Values{"how": {"by telephone, the duty desk"}}); code != 303 {
		t.Errorf("an early word: %d", code)
	}
	s.sign(t, detective, jurat.ReferralAttested, id, url.Values{"contacts": {"none"}})
	if code, _, _ := ask(t, s, "POST", "/sign", detective, url.Values{"act": {"referral.approved"}, "item": {string(id)}}); code != 403 && code != 409 {
		t.Errorf("approved by whoever began it: %d", code)
	}
	s.sign(t, supervisor, jurat.ReferralApproved, id, nil)
	_, page, _ := ask(t, s, "GET", to, detective, nil)
	for _, want := range []string{"approved", "supervisor-1102", "by telephone, the duty desk"} {
		if !strings.Contains(page, want) {
			t.Errorf("the referral does not show %q", want)
		}
	}
	for _, who := range []jurat.PersonID{"aide-1", "liaison-1", "counsel-9"} {
		if code, _, _ := ask(t, s, "POST", "/sign", who, url.Values{"act": {"referral.attested"}, "item": {string(id)}, "contacts": {"none"}}); code != 404 {
			t.Errorf("%s: %d", who, code)
		}
	}
	view, err := rec.Show(t.Context(), rec.As(detective), noon(), in)
	if err != nil || len(view.Referrals) != 1 || view.Referrals[0].Value.State != jurat.ReferralIsApproved || view.Referrals[0].Value.OneOperator {
		t.Errorf("%+v, %v", view.Referrals, err)
	}
}
