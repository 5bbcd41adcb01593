package web

import (
	"encoding/base64"
	"encoding/hex"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"jurat"
	"jurat/format"
	"jurat/internal/desk/desktest"
)

// hidden are the hidden values of the form a page signs with, and what its
// script would hand to the browser.
func hidden(page string) (url.Values, []byte) {
	_, form, _ := strings.Cut(page, `id="signing"`)
	form, rest, _ := strings.Cut(form, "</form>")
	values := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`).FindAllStringSubmatch(form, -1) {
		values.Add(m[1], html.UnescapeString(m[2]))
	}
	if m := regexp.MustCompile(`name="text" value="([^"]*)"`).FindStringSubmatch(rest); m != nil {
		values.Set("text", html.UnescapeString(m[1]))
	}
	options := regexp.MustCompile(`data-options="([^"]*)"`).FindStringSubmatch(page)
	if options == nil {
		return values, nil
	}
	return values, []byte(html.UnescapeString(options[1]))
}

// sign does a signed act at the counter with the person's passkey, as many
// signatures as it takes, and gives where they are led.
func (s *station) sign(t testing.TB, who jurat.PersonID, act jurat.Act, item jurat.ItemID, more url.Values) string {
	t.Helper()
	form := url.Values{"act": {string(act)}, "item": {string(item)}}
	for name, given := range more {
		form[name] = given
	}
	code, page, _ := ask(t, s, "POST", "/sign", who, form)
	return s.finish(t, who, code, page)
}

// finish signs what a page shows with the person's passkey, as many times as it
// takes, and gives where they are led.
func (s *station) finish(t testing.TB, who jurat.PersonID, code int, page string) string {
	t.Helper()
	for range 4 {
		if code != 200 {
			t.Fatalf("to be signed: %d\n%s", code, page)
		}
		values, options := hidden(page)
		values.Set("answer", string(s.keys[who].Get(t, options)))
		var h http.Header
		code, page, h = ask(t, s, "POST", "/sign/done", who, values)
		if code == 303 {
			return h.Get("Location")
		}
	}
	t.Fatalf("%d after four signatures\n%s", code, page)
	return ""
}

// A report is handed in by its author and approved by somebody else, each under
// a signature of their own; what is no signature changes nothing.
func TestAReportIsSignedByItsAuthorAndApprovedByAnother(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	rec.Complete(t, in)
	s := counterAt(t, rec, noon)
	code, _, h := ask(t, s, "POST", "/incidents/"+string(in)+"/records", "officer-4472", url.Values{
		"type": {"report"}, "narrative": {"I came second and saw a vehicle stop."}, "violation_alleged": {"unknown"}, "anyone_injured": {"no"}, "viewed_footage": {"no"}, "witnesses_canvassed": {"done"}, "private_video_asked": {"done"},
	})
	id := jurat.ItemID(string(in) + "-R6")
	if code != 303 || h.Get("Location") != itemPath(id) {
		t.Fatalf("a record: %d %q", code, h.Get("Location"))
	}
	// Not the author's: told so before anybody signs.
	if code, text, _ := ask(t, s, "GET", "/sign?act=record.submitted&item="+string(id), "officer-4471", nil); code != 403 || !strings.Contains(text, "Nothing changed") {
		t.Errorf("somebody else's report: %d", code)
	}
	if to := s.sign(t, "officer-4472", jurat.RecordSubmitted, id, nil); to != itemPath(id) {
		t.Errorf("handed in, and led to %q", to)
	}
	// The author never approves.
	if code, _, _ := ask(t, s, "GET", "/sign?act=record.approved&item="+string(id), "officer-4472", nil); code != 403 {
		t.Errorf("the author approves: %d", code)
	}
	_, page, _ := ask(t, s, "GET", "/approvals", "supervisor-1102", nil)
	if !strings.Contains(page, itemPath(id)) {
		t.Error("the queue does not show it")
	}

	// With a key file, by somebody without a passkey's device at hand.
	_, page, _ = ask(t, s, "GET", "/sign?act=record.approved&item="+string(id), "supervisor-1102", nil)
	values, _ := hidden(page)
	text, err := base64.StdEncoding.DecodeString(values.Get("text"))
	must(t, err)
	draft, _, err := format.ReadDraft(text)
	must(t, err)
	sum := draft.Challenge()
	if hex.EncodeToString(sum[:]) != values.Get("challenge") {
		t.Error("the text is not of the challenge shown")
	}
	other := url.Values{}
	for name, given := range values {
		other[name] = given
	}
	wrongProof, err := rec.Keys["supervisor-1103"].Sign(draft)
	must(t, err)
	signature, err := format.MarshalProof(*wrongProof)
	must(t, err)
	other.Set("proof", string(signature))
	if code, page, _ := ask(t, s, "POST", "/sign/done", "supervisor-1102", other); code != 403 {
		t.Errorf("somebody else's signature: %d %s", code, page)
	}
	_, page, _ = ask(t, s, "GET", "/sign?act=record.approved&item="+string(id), "supervisor-1102", nil)
	values, _ = hidden(page)
	text, err = base64.StdEncoding.DecodeString(values.Get("text"))
	must(t, err)
	draft, _, err = format.ReadDraft(text)
	must(t, err)
	proof, err := rec.Keys["supervisor-1102"].Sign(draft)
	must(t, err)
	signature, err = format.MarshalProof(*proof)
	must(t, err)
	values.Set("proof", string(signature))
	if code, page, h := ask(t, s, "POST", "/sign/done", "supervisor-1102", values); code != 303 || h.Get("Location") != "/approvals" {
		t.Fatalf("approved with a key file: %d %s", code, page)
	}
	if code, _, _ := ask(t, s, "POST", "/sign/done", "supervisor-1102", values); code != 409 {
		t.Errorf("the same signature twice: %d", code)
	}
	r, err := rec.ShowRecord(t.Context(), rec.As("detective-2208"), noon(), id)
	if err != nil || r.State != jurat.RecordApprove || r.ApprovedBy != "supervisor-1102" {
		t.Errorf("%+v, %v", r, err)
	}
}

// Somebody who follows a colleague's link signs their own act, and none of the
// colleague's words; and whatever is signed stands on the page it is signed on.
func TestNobodySignsWordsTheyDoNotSee(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	rec.Complete(t, in)
	s := counterAt(t, rec, noon)
	words := url.Values{
		"act": {"referral.prepared"}, "item": {string(in)}, "to": {"county-prosecutor"}, "allegation": {string(in) + "-A1"}, "scope": {"force"}, "reason": {"Words of a colleague."},
	}
	if code, page, _ := ask(t, s, "GET", "/sign?"+words.Encode(), "detective-2208", nil); code == 200 || strings.Contains(page, "Words of a colleague") {
		t.Errorf("a link brings what is signed: %d\n%s", code, page)
	}
	code, page, _ := ask(t, s, "POST", "/sign", "detective-2208", words)
	_, shown, _ := strings.Cut(page, `<dl class="facts">`)
	shown, _, _ = strings.Cut(shown, "</dl>")
	for _, want := range []string{"Words of a colleague.", "county-prosecutor", "Allegation 1", s.say(&visit{lang: "en"}, "list.protocol_scope.force")} {
		if code != 200 || !strings.Contains(shown, want) {
			t.Errorf("%d: the page does not show %q:\n%s", code, want, shown)
		}
	}
	id := s.finish(t, "detective-2208", code, page)
	k := in
	if _, n, ok := strings.Cut(id, "/referrals/"); ok {
		k += jurat.IncidentNumber("-K" + n)
	}
	// To attest that these are all is to say so: nothing chosen says nothing.
	if code, _, _ := ask(t, s, "POST", "/sign", "detective-2208", url.Values{"act": {"referral.attested"}, "item": {string(k)}}); code != 422 {
		t.Errorf("nothing was chosen, and %d", code)
	}
	code, page, _ = ask(t, s, "POST", "/sign", "detective-2208", url.Values{"act": {"referral.attested"}, "item": {string(k)}, "contacts": {"none"}})
	if code != 200 || !strings.Contains(page, s.say(&visit{lang: "en"}, "referral.none")) {
		t.Errorf("what is attested is not shown: %d", code)
	}
}
