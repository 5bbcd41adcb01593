package web

import (
	"net/url"
	"strings"
	"testing"

	"jurat"
	"jurat/internal/desk/desktest"
)

// The forms of an incident reach the desk with what was typed, and a form that
// is not taken loses none of it.
func TestTheFormsOfAnIncident(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	rec.Received(t, desktest.Noon, in, "a film")
	c := counterAt(t, rec, noon)
	base := "/incidents/" + string(in)
	detective, counsel := jurat.PersonID("detective-2208"), jurat.PersonID("counsel-3")
	for _, step := range []struct {
		who  jurat.PersonID
		path string
		form url.Values
		want int
		says string
	}{
		{detective, "/parties", url.Values{"slot": {"Supervisor 1"}, "capacity": {"supervisor_on_scene"}, "agency": {"other_federal"}, "agency_basis": {"insignia"}, "masked": {"unknown"}, "name": {"a name under seal"}}, 303, ""},
		{detective, "/parties", url.Values{"slot": {"Injured 1"}}, 422, "Injured 1"},
		{detective, "/accounts", url.Values{"side": {"agency_spokesperson"}, "how": {"letter of today"}}, 303, ""},
		{detective, "/accounts/1", url.Values{"act": {""}}, 422, "Choose what came of asking"},
		{detective, "/accounts/1", url.Values{"act": {"declined"}}, 422, "in what words"},
		{detective, "/accounts/1", url.Values{"act": {"given"}, "words": {"The personnel acted in the course of a lawful stop."}, "verbatim": {"yes"}}, 303, ""},
		{detective, "/allegations", url.Values{"offence": {"battery"}, "actor": {"federal"}, "party": {string(in) + "-P1"}}, 303, ""},
		{detective, "/allegations/1", url.Values{"element": {"nonsense"}, "side": {"for"}, "item": {string(in) + "-E1"}}, 422, "no element"},
		{detective, "/allegations/1", url.Values{"element": {"nonsense"}, "side": {"for"}}, 422, "Choose what the evidence is"},
		{detective, "/parties", url.Values{"slot": {"Witness 1"}, "capacity": {"present"}, "capacity_words": {"held the gate"}}, 303, ""},
		{counsel, "/allegations/1/map", url.Values{"offence": {""}}, 422, "Choose the alleged offence"},
		{detective, "/contacts", url.Values{"office": {"mayors-office"}, "what": {"asked for the number"}}, 303, ""},
		{detective, "/located", url.Values{"system": {"evidence-desk"}, "key": {"bwc-77"}, "kind": {"bwc"}}, 303, ""},
		{detective, "/located", url.Values{"system": {"evidence-desk"}}, 422, "evidence-desk"},
		{counsel, "/holds", url.Values{"matter": {"a petition"}, "scope": {string(in) + "-E1"}}, 303, ""},
		{counsel, "/holds", url.Values{"matter": {" "}}, 422, "Name the matter"},
		{detective, "/holds/1/release", url.Values{"reason": {"done"}}, 403, ""},
		{counsel, "/holds/1/release", url.Values{"reason": {"the petition was withdrawn"}}, 303, ""},
		{detective, "/exhibits/1/flag", url.Values{}, 422, "needs a ground"},
		{detective, "/exhibits/1/flag", url.Values{"ground": {"evidentiary_value"}}, 303, ""},
		{detective, "/exhibits/2/confirm", url.Values{"word": {"the desk, by telephone"}}, 303, ""},
		{detective, "/sealed/P1/identity", url.Values{"reason": {""}}, 422, "Say why"},
		{detective, "/sealed/P1/identity", url.Values{"reason": {"to ask for the account"}}, 200, "a name under seal"},
		{jurat.PersonID("officer-4471"), "/sealed/P1/identity", url.Values{"reason": {"curious"}}, 403, ""},
	} {
		code, text, _ := ask(t, c, "POST", base+step.path, step.who, step.form)
		if code != step.want || !strings.Contains(text, step.says) {
			t.Errorf("%s %s %v: %d, want %d with %q\n%s", step.who, step.path, step.form, code, step.want, step.says, alertOf(text))
		}
	}
	_, text, _ := ask(t, c, "GET", base, detective, nil)
	for _, want := range []string{"Supervisor 1", ">supervisor on scene<", ">held the gate<", "lawful stop", "evidence-desk", "asked for the number", "confirmed there", "a petition"} {
		if !strings.Contains(text, want) {
			t.Errorf("the incident does not show %q", want)
		}
	}
	if strings.Contains(text, "a name under seal") {
		t.Error("the incident shows a sealed name")
	}
}

// alertOf is what a page says went wrong.
func alertOf(page string) string {
	_, rest, _ := strings.Cut(page, "usa-alert__heading")
	alert, _, _ := strings.Cut(rest, "</div>")
	return alert
}

// Bytes somebody uploaded never run as a page of ours.
func TestBytesComeAsAFileOrToBeShownAndNeverAsAPage(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	rec.Received(t, desktest.Noon, in, "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
	c := counterAt(t, rec, noon)
	address := "/incidents/" + string(in) + "/exhibits/1/bytes"
	code, text, h := ask(t, c, "GET", address, "detective-2208", nil)
	if code != 200 || h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("Content-Type") != "video/mp4" || !strings.Contains(text, "<svg") {
		t.Errorf("%d %v", code, h)
	}
	_, _, h = ask(t, c, "GET", address+"?download", "detective-2208", nil)
	if h.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") {
		t.Errorf("as a file: %v", h)
	}
	code, text, h = ask(t, c, "GET", address, "detective-2208", nil, "Range", "bytes=1-3")
	if code != 206 || text != "svg" || h.Get("Content-Range") == "" {
		t.Errorf("a part: %d %q %v", code, text, h)
	}
	if code, _, _ := ask(t, c, "GET", address, "aide-1", nil); code != 404 {
		t.Errorf("a political office: %d", code)
	}
	if code, text, _ := ask(t, c, "POST", "/incidents/"+string(in)+"/exhibits/1/verify", "detective-2208", url.Values{}); code != 200 || !strings.Contains(text, ">Intact<") {
		t.Errorf("verified: %d", code)
	}
}
