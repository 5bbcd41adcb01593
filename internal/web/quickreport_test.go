package web

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/numbers"
)

// A tour's report is typed once, is kept at every step, and is handed in once
// however often the button is pressed.
func TestAQuickReportFromFirstQuestionToReceipt(t *testing.T) {
	rec := desktest.City(t)
	c := counterAt(t, rec, noon)
	who := rec.As("officer-4471").Person
	_, _, h := ask(t, c, "POST", "/reports", who, url.Values{})
	at, _, _ := strings.Cut(h.Get("Location"), "?")
	if !strings.HasPrefix(at, "/reports/") {
		t.Fatalf("a new report goes to %q", h.Get("Location"))
	}
	for step, form := range []url.Values{
		{"incident.event_number": {"26-327-0999"}, "incident.trigger": {"observed"}, "incident.from": {"2026-11-22T17:20"}, "incident.place": {"2300 block of a street"}, "incident.inside": {"yes"},
			"activity.activity_kinds": {"vehicle_stop"}, "activity.agency_basis": {"insignia"}},
		{"activity.force_seen": {"oc_spray"}, "use_of_force.by": {"federal"}, "identification_attempt.outcome": {"partial"}, "identification_attempt.name_given": {"a name under seal"},
			"report.anyone_injured": {"yes"}, "ems_call.injured_party": {"2"}, "ems_call.no_call_reason": {"already_on_scene"}, "report.alleged_by": {"i_was_told"}, "allegation.actor": {"local"}},
		{"activity.member_actions": {"observed_only", "asked_witnesses"}, "report.own_camera": {"recorded_all"}, "footage_gap.why_missing": {"battery"}, "report.narrative": {"On arrival I saw a vehicle stop. I stood by and recorded it."}, "report.viewed_footage": {"no"}},
	} {
		form.Set("step", string(rune('1'+step)))
		form.Set("to", "next")
		code, text, h := ask(t, c, "POST", at, who, form)
		if code != 303 {
			t.Fatalf("step %d: %d %s to %s", step+1, code, text, h.Get("Location"))
		}
	}
	// Another person's draft is not there.
	if code, _, _ := ask(t, c, "GET", at+"/read", rec.As("officer-4472").Person, nil); code != 404 {
		t.Errorf("somebody else's draft: %d", code)
	}
	_, text, _ := ask(t, c, "GET", at+"/read", who, nil)
	for _, want := range []string{"26-327-0999", "in part", "I stood by and recorded it.", "I was told"} {
		if !strings.Contains(text, want) {
			t.Errorf("the read-back lacks %q", want)
		}
	}
	var signing []string
	for range 2 {
		code, text, h := ask(t, c, "POST", at+"/file", who, url.Values{})
		if code != 303 || !strings.HasPrefix(h.Get("Location"), "/sign?act=record.submitted&item=2026-000001-R") || !strings.HasSuffix(h.Get("Location"), "&receipt="+strings.TrimPrefix(at, "/reports/")) {
			t.Fatalf("handing in: %d %s %s", code, h.Get("Location"), text)
		}
		signing = append(signing, h.Get("Location"))
	}
	if signing[0] != signing[1] {
		t.Errorf("pressed twice, it is to be signed as %q", signing)
	}
	_, text, _ = ask(t, c, "GET", at+"/filed", who, nil)
	number := regexp.MustCompile(`2026-\d{6}`).FindString(text)
	lines, err := rec.List(t.Context(), rec.As("officer-4471"), noon(), "", 10)
	if err != nil || len(lines) != 1 || string(lines[0].Incident) != number {
		t.Fatalf("pressed twice: incidents %v, %v; the receipt says %q", lines, err, number)
	}
	view, err := rec.Show(t.Context(), rec.As("officer-4471"), noon(), lines[0].Incident)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, r := range view.Records {
		got[string(r.Value.Type)] += string(r.Value.Fields)
	}
	for typ, want := range map[string][]string{
		"identification_attempt": {`"outcome":"partial"`, `"role_asked":"supervisor_on_scene"`},
		"activity":               {`"chemical_agent":"yes"`, `"force_seen":["oc_spray"]`, `"member_actions":["observed_only","asked_witnesses"]`},
		"use_of_force":           {`"kinds":["oc_spray"]`, `"by":"federal"`},
		"ems_call":               {`"injured_party":"Injured 1"`, `"injured_party":"Injured 2"`, `"no_call_reason":"already_on_scene"`},
		"report":                 {"stood by", `"violation_alleged":"yes"`, `"witnesses_canvassed":"done"`, `"alleged_by":"i_was_told"`},
	} {
		for _, w := range want {
			if !strings.Contains(got[typ], w) {
				t.Errorf("the %s lacks %s: %s", typ, w, got[typ])
			}
		}
	}
	if strings.Contains(got["identification_attempt"], "under seal") || got["footage_gap"] != "" {
		t.Errorf("a name that is not sealed, or a detail that was asked in vain: %v", got)
	}
	if view.Incident.EventNumber != "26-327-0999" || !view.Incident.FirstKnowledge.Equal(view.Incident.Occurred.From) || len(view.Allegations) != 1 || view.Allegations[0].Value.Actor != "local" {
		t.Errorf("the incident %+v, alleged %+v", view.Incident, view.Allegations)
	}

	// The next unit with the same event number is told, and may add theirs.
	second := rec.As("officer-4472").Person
	_, _, h = ask(t, c, "POST", "/reports", second, url.Values{})
	at, _, _ = strings.Cut(h.Get("Location"), "?")
	ask(t, c, "POST", at, second, url.Values{"step": {"1"}, "incident.event_number": {"26-327-0999"}, "to": {"stay"}})
	_, text, _ = ask(t, c, "GET", at+"?step=1", second, nil)
	if !strings.Contains(text, `value="`+number+`"`) || !strings.Contains(text, "officer-4471 opened for this event:") {
		t.Error("an incident opened already for the event is not offered, or not by whom it was opened")
	}
	ask(t, c, "POST", at, second, url.Values{"step": {"3"}, "join": {number}, "report.narrative": {"I came second and saw less."}, "to": {"next"}})
	ask(t, c, "POST", at+"/file", second, url.Values{})
	lines, err = rec.List(t.Context(), rec.As("officer-4471"), noon(), "", 10)
	if err != nil || len(lines) != 1 {
		t.Errorf("after a second report for the event: %v, %v", lines, err)
	}
}

// What dispatch said comes into the form with its source, is not typed again,
// and stays beside a correction.
func TestWhatDispatchSaidIsNotTypedAgain(t *testing.T) {
	rec := desktest.City(t)
	_, _, err := rec.Import(t.Context(), rec.As("evidence-7"), noon(), desk.TableFile{Kind: numbers.Dispatch, Text: strings.NewReader(
		"event_number,unit,member,sent_at,place,district\n26-327-0155,14,Officer 4472,2026-11-22T10:22:07Z,2300 block of a street,9\n26-327-0155,12,Officer 4471,2026-11-22T10:20:07Z,,\n"), Zone: "UTC"})
	must(t, err)
	c := counterAt(t, rec, noon)
	who := rec.As("officer-4471").Person
	begin := func(number string) string {
		_, _, h := ask(t, c, "POST", "/reports", who, url.Values{})
		at, _, _ := strings.Cut(h.Get("Location"), "?")
		if code, _, h := ask(t, c, "POST", at, who, url.Values{"step": {"1"}, "incident.event_number": {number}, "to": {"ask"}}); code != 303 || h.Get("Location") != at+"?step=1" {
			t.Fatalf("asking dispatch: %d %s", code, h.Get("Location"))
		}
		return at
	}
	handIn := func(at string, form url.Values) desk.View {
		t.Helper()
		form.Set("step", "1")
		ask(t, c, "POST", at, who, form)
		if code, text, _ := ask(t, c, "POST", at+"/file", who, url.Values{}); code != 303 {
			t.Fatalf("handing in: %d %s", code, alertOf(text))
		}
		_, text, _ := ask(t, c, "GET", at+"/filed", who, nil)
		view, err := rec.Show(t.Context(), rec.As("officer-4471"), noon(), jurat.IncidentNumber(regexp.MustCompile(`2026-\d{6}`).FindString(text)))
		must(t, err)
		return view
	}
	reportOf := func(v desk.View) string {
		for _, r := range v.Records {
			if r.Value.Type == jurat.TypeReport {
				return string(r.Value.Fields)
			}
		}
		return ""
	}
	at := begin("26-327-0155")
	_, text, _ := ask(t, c, "GET", at+"?step=1", who, nil)
	for _, want := range []string{"From dispatch", "10:20:07", "2300 block of a street", "14, 12", "Is this the right time and place?"} {
		if !strings.Contains(text, want) {
			t.Errorf("the form lacks %q", want)
		}
	}
	if strings.Contains(text, `id="incident.confirmed-yes" value="yes" checked`) {
		t.Error("the form says that dispatch is right before anybody did")
	}
	view := handIn(at, url.Values{"incident.event_number": {"26-327-0155"}, "incident.confirmed": {"yes"}})
	if in := view.Incident; in.Occurred.From.UTC().Format("15:04:05") != "10:20:07" || in.Place.Description != "2300 block of a street" || in.Place.District != "9" || !in.FirstKnowledge.Equal(in.Occurred.From) {
		t.Errorf("confirmed: %+v", in)
	}
	if got := reportOf(view); !strings.Contains(got, `"units_present":"14, 12"`) || strings.Contains(got, "dispatch_said") {
		t.Errorf("confirmed: %s", got)
	}
	view = handIn(begin("26-327-0155"), url.Values{"incident.event_number": {"26-327-0155"}, "incident.confirmed": {"correct"}, "incident.from": {"2026-11-22T10:05"}, "incident.place": {"2400 block of a street"}})
	if in := view.Incident; in.Occurred.From.UTC().Format("15:04") != "10:05" || in.Place.Description != "2400 block of a street" || !strings.Contains(reportOf(view), "10:20:07 +00:00") {
		t.Errorf("corrected: %+v, %s", in, reportOf(view))
	}
	at = begin("26-327-0156")
	if _, text, _ = ask(t, c, "GET", at+"?step=1", who, nil); !strings.Contains(text, "Dispatch has no such number yet.") || strings.Contains(text, "Is this the right time") {
		t.Error("a number nobody imported is not said to be that")
	}
}

// Not known is said and kept, on every question, apart from no and from
// nothing; and an answer that skips a question leaves it unasked, not unknown.
func TestNotKnownIsKeptApartFromNoAndFromNothing(t *testing.T) {
	rec := desktest.City(t)
	c := counterAt(t, rec, noon)
	who := rec.As("officer-4471").Person
	begin := func() string {
		_, _, h := ask(t, c, "POST", "/reports", who, url.Values{})
		at, _, _ := strings.Cut(h.Get("Location"), "?")
		return at
	}
	at := begin()
	_, text, _ := ask(t, c, "GET", at+"?step=1", who, nil)
	for _, section := range strings.Split(text, `<section class="numbered"`)[1:] {
		section, _, _ = strings.Cut(section, "</section>")
		number, _, _ := strings.Cut(section[strings.Index(section, "data-question=\"")+15:], `"`)
		if !strings.Contains(section, ">I don&#39;t know<") {
			t.Errorf("question %s does not offer it", number)
		}
		if regexp.MustCompile(` checked[ >]`).MatchString(section) {
			t.Errorf("question %s has an answer nobody gave", number)
		}
	}
	if n := strings.Count(text, `<section class="numbered"`); n != 12 {
		t.Errorf("%d numbered questions, want 12", n)
	}
	file := func(at string, form url.Values) (map[string]string, string) {
		t.Helper()
		form.Set("whole", "1")
		form.Set("step", "3")
		ask(t, c, "POST", at, who, form)
		_, read, _ := ask(t, c, "GET", at+"/read", who, nil)
		ask(t, c, "POST", at+"/file", who, url.Values{})
		_, text, _ := ask(t, c, "GET", at+"/filed", who, nil)
		view, err := rec.Show(t.Context(), rec.As("officer-4471"), noon(), jurat.IncidentNumber(regexp.MustCompile(`2026-\d{6}`).FindString(text)))
		must(t, err)
		got := map[string]string{"incident": view.Incident.Occurred.Precision}
		for _, r := range view.Records {
			got[string(r.Value.Type)] = string(r.Value.Fields)
		}
		return got, read
	}
	got, _ := file(at, url.Values{
		"incident.trigger": {"unknown"}, "unknown.when-where": {"yes"}, "activity.agencies": {"unknown"}, "activity.activity_kinds": {"unknown"}, "activity.force_seen": {"unknown"},
		"report.anyone_injured": {"unknown"}, "identification_attempt.outcome": {"unknown"}, "report.alleged_by": {"unknown"}, "report.own_camera": {"unknown"},
		"report.viewed_footage": {"unknown"}, "activity.member_actions": {"unknown"}, "unknown.narrative": {"yes"},
	})
	if got["incident"] != "unknown" || got["identification_attempt"] != "" || got["use_of_force"] != "" || !strings.Contains(got["activity"], `"force_seen":["unknown"]`) {
		t.Errorf("all not known: %v", got)
	}
	for _, want := range []string{`"not_known":["when-where","identified","narrative"]`, `"violation_alleged":"unknown"`, `"anyone_injured":"unknown"`, `"viewed_footage":"unknown"`} {
		if !strings.Contains(got["report"], want) {
			t.Errorf("the report lacks %s: %s", want, got["report"])
		}
	}
	got, read := file(begin(), url.Values{"activity.agencies": {"none"}, "activity.force_seen": {"none_observed"}, "activity.activity_kinds": {"arrest"}, "identification_attempt.outcome": {"refused"}})
	if got["identification_attempt"] != "" || strings.Contains(got["activity"], "arrest") || strings.Contains(got["report"], "not_known") {
		t.Errorf("nobody was there: %v", got)
	}
	if strings.Count(read, "Not applicable, by your answer to question 3.") != 2 {
		t.Error("the read-back does not say which questions do not apply")
	}
}

// Two devices, one draft: nothing of either is lost, and the page says when the
// other was saved.
func TestTwoDevicesLoseNothing(t *testing.T) {
	rec := desktest.City(t)
	phone, station := counterAt(t, rec, noon), counterAt(t, rec, noon)
	who := rec.As("officer-4471").Person
	_, _, h := ask(t, phone, "POST", "/reports", who, url.Values{})
	at, _, _ := strings.Cut(h.Get("Location"), "?")
	_, page, _ := ask(t, phone, "GET", at, who, nil)
	version := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(page)[1]
	if code, _, _ := ask(t, station, "POST", at, who, url.Values{"step": {"3"}, "version": {version}, "report.narrative": {"at the station"}, "to": {"stay"}}); code != 204 {
		t.Fatalf("the other device: %d", code)
	}
	code, _, h := ask(t, phone, "POST", at, who, url.Values{"step": {"3"}, "version": {version}, "report.narrative": {"on the phone"}, "to": {"stay"}})
	next := h.Get("Jurat-Next")
	if code != 409 || !strings.HasSuffix(next, "/beside") {
		t.Fatalf("the first device, late: %d %q", code, next)
	}
	code, text, _ := ask(t, phone, "GET", next, who, nil)
	if code != 200 || !strings.Contains(text, "You went on with this draft on another device.") || !strings.Contains(text, at+"?step=1") {
		t.Errorf("the choice: %d %s", code, text)
	}
	_, drafts, _ := ask(t, phone, "GET", "/reports/new", who, nil)
	for path, want := range map[string]string{at: "at the station", strings.TrimSuffix(next, "/beside"): "on the phone"} {
		if _, text, _ := ask(t, phone, "GET", path+"?step=3", who, nil); !strings.Contains(text, want) || !strings.Contains(drafts, path) {
			t.Errorf("%s does not say %q, or is not among the drafts", path, want)
		}
	}
}

// A program writes a quick report as the pages do: the same questions, the same
// dispatch, once handed in however often it is asked.
func TestAProgramWritesAQuickReport(t *testing.T) {
	rec := desktest.City(t)
	c := counterAt(t, rec, noon)
	who := rec.As("officer-4471").Person
	token := c.program(t, who, true)
	call := func(method, path, body string, want int) string {
		t.Helper()
		code, text, _ := call(t, c, method, "/api/v1"+path, token, body)
		if code != want {
			t.Fatalf("%s %s: %d, want %d: %s", method, path, code, want, text)
		}
		return text
	}
	if text := call("GET", "/report-questions", "", 200); strings.Count(text, `"number":`) != 12 {
		t.Errorf("the questions: %.300s", text)
	}
	id := regexp.MustCompile(`"draft":"([a-z2-7]{12})"`).FindStringSubmatch(call("POST", "/reports", "", 200))[1]
	call("POST", "/reports/"+id, `{"version":1,"values":{"incident.event_number":["26-327-0777"],"dispatch.state":["found"],"report.narrative":["A program wrote this down."]}}`, 200)
	if text := call("GET", "/reports/"+id, "", 200); strings.Contains(text, "found") || !strings.Contains(text, `"version":2`) {
		t.Errorf("a program said what dispatch said: %s", text)
	}
	call("GET", "/dispatch-events/26-327-0777", "", 404)
	first := call("POST", "/reports/"+id+"/file", "", 200)
	if again := call("POST", "/reports/"+id+"/file", "", 200); again != first || !strings.Contains(first, `"incident":"2026-000001"`) {
		t.Errorf("handed in twice: %s, %s", first, again)
	}
	if text := call("GET", "/reports/"+id+"/acknowledgement", "", 200); !strings.Contains(text, `"promise":"ey`) {
		t.Errorf("the acknowledgement: %.300s", text)
	}
	call("POST", "/reports/"+id+"/discard", "", 200)
	call("GET", "/reports/"+id, "", 404)
}

// What will stop an approval is said before the report is signed, stops nothing,
// and leaves nothing behind; what somebody said goes along as their account.
func TestTheReadBackSaysWhatWillStopApproval(t *testing.T) {
	rec := desktest.City(t)
	c := counterAt(t, rec, noon)
	who := jurat.PersonID("officer-4471")
	_, _, h := ask(t, c, "POST", "/reports", who, url.Values{})
	at, _, _ := strings.Cut(h.Get("Location"), "?")
	ask(t, c, "POST", at, who, url.Values{
		"step": {"2"}, "to": {"next"}, "identification_attempt.outcome": {"refused"},
		"said.1.side": {"agency_officer"}, "said.1.words": {"We have a warrant."}, "said.1.verbatim": {"yes"},
		"said.2.side": {""}, "said.2.words": {"They had none."}, "said.2.source": {"at the kerb"},
		"said.3.side": {"witness"}, "said.3.words": {" "},
	})
	// The next form is empty, and those before are as they were; a screen saved
	// without them leaves them.
	ask(t, c, "POST", at, who, url.Values{"step": {"3"}, "to": {"next"}, "report.narrative": {"I asked who was in charge."}})
	_, text, _ := ask(t, c, "GET", at+"?step=2", who, nil)
	if !strings.Contains(text, "They had none.") || !strings.Contains(text, `name="said.4.words"`) {
		t.Error("what somebody said is not kept beside the questions")
	}
	_, text, _ = ask(t, c, "GET", at+"/read", who, nil)
	for _, want := range []string{"What will stop approval", "why there is no recording", "We have a warrant.", "They had none.", "Stated by: personnel of the agency"} {
		if !strings.Contains(text, want) {
			t.Errorf("the read-back lacks %q", want)
		}
	}
	token := c.program(t, who, false)
	code, stops, _ := call(t, c, "GET", apiPrefix+strings.TrimPrefix(at, "/")+"/stops", token, "")
	if code != 200 || !strings.Contains(stops, `"refusal-recorded"`) {
		t.Errorf("a program is told %d %s", code, stops)
	}
	if lines, err := rec.List(t.Context(), rec.As(who), noon(), "", 10); err != nil || len(lines) != 0 {
		t.Fatalf("reading it back left %v, %v", lines, err)
	}
	if code, _, _ := ask(t, c, "POST", at+"/file", who, url.Values{}); code != 303 {
		t.Fatalf("it is stopped: %d", code)
	}
	view, err := rec.Show(t.Context(), rec.As(who), noon(), "2026-000001")
	must(t, err)
	var said []string
	for _, a := range view.Accounts {
		said = append(said, a.Value.Side+": "+a.Value.Text+" ("+string(a.Value.Verbatim)+"; "+a.Value.Source+") "+string(a.Value.State))
	}
	if want := []string{"agency_officer: We have a warrant. (yes; Told to the author of the report) given", "other: They had none. (unknown; at the kerb) given"}; !slices.Equal(said, want) {
		t.Errorf("recorded as %q", said)
	}
}

// A number dispatch did not have yet is asked about until a table has it: it
// fills what nobody typed, and what somebody typed meanwhile stands (INC-1).
func TestALateDispatchTableReachesADraft(t *testing.T) {
	rec := desktest.City(t)
	c := counterAt(t, rec, noon)
	who := jurat.PersonID("officer-4471")
	begin := func(form url.Values) string {
		_, _, h := ask(t, c, "POST", "/reports", who, url.Values{})
		at, _, _ := strings.Cut(h.Get("Location"), "?")
		form.Set("step", "1")
		form.Set("to", "ask")
		form.Set("incident.event_number", "26-327-0155")
		ask(t, c, "POST", at, who, form)
		return at
	}
	bare := begin(url.Values{})
	typed := begin(url.Values{"incident.from": {"2026-11-22T10:05"}, "incident.place": {"a corner"}})
	if _, text, _ := ask(t, c, "GET", bare+"?step=1", who, nil); !strings.Contains(text, "Dispatch has no such number yet") {
		t.Error("it is not said that dispatch has no such number")
	}
	_, _, err := rec.Import(t.Context(), rec.As("evidence-7"), noon(), desk.TableFile{Kind: numbers.Dispatch, Zone: "UTC", Text: strings.NewReader(
		"event_number,unit,member,sent_at,place,district\n26-327-0155,12,Officer 4471,2026-11-22T10:20:07Z,2300 block of a street,9\n")})
	must(t, err)
	for _, at := range []string{bare, typed} {
		if _, text, _ := ask(t, c, "GET", at+"?step=1", who, nil); !strings.Contains(text, "From dispatch") || !strings.Contains(text, "2300 block of a street") || strings.Contains(text, "no such number") {
			t.Errorf("%s does not show what dispatch said", at)
		}
		ask(t, c, "POST", at, who, url.Values{"step": {"3"}, "to": {"next"}, "report.narrative": {"I stood by."}})
		if code, _, _ := ask(t, c, "POST", at+"/file", who, url.Values{}); code != 303 {
			t.Fatalf("%d", code)
		}
	}
	for number, want := range map[jurat.IncidentNumber]string{"2026-000001": "2300 block of a street 10:20", "2026-000002": "a corner 10:05"} {
		view, err := rec.Show(t.Context(), rec.As(who), noon(), number)
		must(t, err)
		if got := view.Incident.Place.Description + " " + view.Incident.Occurred.From.UTC().Format("15:04"); got != want {
			t.Errorf("%s says %q, want %q", number, got, want)
		}
	}
}
