package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/login"
	"jurat/internal/numbers"
)

// A picture is one page in one state: where it hangs, and what is asked to see
// it. A new page is a new line in [hang].
type hung struct {
	name string
	at   *station
	who  jurat.PersonID
	path string
	form url.Values // posted, when there is one
	code int        // 0: 200
	left string     // as a script leaves it, by its name in scriptStates
}

// hang tells the stories of the gallery on records of their own, through the
// desk and the counter, and gives what there is to see.
func hang(t *testing.T) []hung {
	const officer, detective, supervisor, counsel, evidence, administrator, auditor = "officer-4471", "detective-2208", "supervisor-1102", "counsel-3", "evidence-7", "administrator-1", "auditor-1"
	full := counterAt(t, desktest.City(t), noon)
	county := counterAt(t, desktest.County(t), noon)
	full.record.Pin(t, "county-prosecutor", county.record)
	ref := full.record.Approved(t)
	full.record.Send(t, ref.ID, noon())
	told := ref.ID.Incident()
	view, err := full.record.Show(t.Context(), full.record.As(detective), noon(), told)
	must(t, err)
	element := view.Allegations[0].Value.Elements[0].ID
	bare := full.record.Opened(t)
	full.record.Received(t, desktest.Noon, bare, "a film")
	inToldPath, inBare := "/incidents/"+string(told), "/incidents/"+string(bare)
	post := func(who jurat.PersonID, path string, form url.Values, want int) string {
		code, text, h := ask(t, full, "POST", path, who, form)
		if code != want {
			t.Fatalf("%s %s: %d, want %d: %s", who, path, code, want, alertOf(text))
		}
		return h.Get("Location")
	}
	post(detective, inBare+"/located", url.Values{"system": {"evidence-desk"}, "key": {"bwc-77"}, "kind": {"bwc"}}, 303)
	post(detective, inToldPath+"/contacts", url.Values{"office": {"mayors-office"}, "what": {"asked for the number"}}, 303)
	post(counsel, inBare+"/holds", url.Values{"matter": {"a petition"}, "scope": {string(bare) + "-E1"}}, 303)
	draftRecord := post(officer, inBare+"/records", url.Values{"type": {"report"}, "narrative": {"I came second and saw a vehicle stop."}}, 303)
	draftID := jurat.ItemID(string(bare) + "-R" + draftRecord[strings.LastIndex(draftRecord, "/")+1:])
	// An element with all that can be said of one, an exhibit that came after it was
	// looked at, and an allegation in words that no table has.
	inTold := string(told)
	for _, form := range []url.Values{
		{"element": {element}, "side": {"for"}, "item": {inTold + "-E1"}, "from": {"0:12"}, "to": {"0:15"}, "note": {"a hand on an arm"}},
		{"element": {element}, "side": {"not_known"}, "what": {"its account"}, "state": {"asked"}, "asked": {"the agency"}, "asked_at": {"2026-02-03T09:00"}, "account": {inTold + "-S1"}},
		{"element": {element}, "side": {"not_known"}, "what": {"the kind of warrant"}, "state": {"not_asked"}},
	} {
		post(detective, inToldPath+"/allegations/1", form, 303)
	}
	for _, form := range []url.Values{
		{"type": {"account_dispute"}, "by": {"agency_spokesperson"}, "by_whom": {"the agency's press office"}, "about": {inTold + "-S1"}, "claim": {"It was not as this account says."}, "verbatim": {"yes"}, "received": {"a letter"}},
		{"type": {"immunity_fact"}, "question": {"stated_task"}, "side": {"agency"}, "fact": {"An arrest under a warrant."}, "source": {"a press statement"}},
		{"type": {"immunity_fact"}, "question": {"stated_task"}, "side": {"others"}, "reached": {"no_answer"}, "asked": {"a witness's counsel"}, "asked_at": {"2026-11-20T10:00"}},
	} {
		post(detective, inToldPath+"/records", form, 303)
	}
	post(supervisor, "/records", url.Values{"type": {"dispute"}, "parties": {"the city\na federal agency"}, "incident_number": {inTold}, "claim": {"An example."}, "response_state": {"not_asked"}, "forum": {"none_found"}, "outcome": {"open"}}, 303)
	full.record.Received(t, noon().Add(time.Minute), told, "a film that came later")
	post(detective, inBare+"/allegations", url.Values{"offence_words": {"what the caller described"}, "actor": {"unknown"}}, 303)

	handedIn := post("officer-4472", inToldPath+"/records", url.Values{
		"type": {"report"}, "narrative": {"I saw a vehicle stop."}, "violation_alleged": {"unknown"}, "anyone_injured": {"no"}, "viewed_footage": {"no"}, "witnesses_canvassed": {"done"}, "private_video_asked": {"done"},
	}, 303)
	handedID := jurat.ItemID(string(told) + "-R" + handedIn[strings.LastIndex(handedIn, "/")+1:])
	full.token(t, "officer-4472")
	full.sign(t, "officer-4472", jurat.RecordSubmitted, handedID, nil)

	watched := full.record.Opened(t)
	watchedPath := "/incidents/" + string(watched)
	recorded(t, full.record, watched, desktest.Files(t, "one", "two", "three"), lasting(0), lasting(14250*time.Millisecond), nil)
	post(officer, watchedPath+"/exhibits/1/clock", url.Values{"offset": {"4.25"}, "source": {"shared_event"}, "reason": {"a door closes in both"}}, 303)
	post(officer, watchedPath+"/exhibits/1/clock", url.Values{"offset": {"4"}, "source": {"hand"}, "reason": {"the dispatch clock is in the picture"}}, 303)
	post(officer, watchedPath+"/exhibits/1/marks", url.Values{"from": {"1:02.5"}, "to": {"1:09"}, "note": {"a door is opened"}}, 303)
	post(detective, watchedPath+"/exhibits/1/marks", url.Values{"from": {"1:02"}, "note": {"a car door is opened"}, "amends": {string(watched) + "-M1"}}, 303)
	post(officer, watchedPath+"/exhibits/2/marks", url.Values{"from": {"12"}, "note": {"a voice: Supervisor 1"}}, 303)

	long := counterAt(t, desktest.City(t), noon)
	for range 30 {
		long.record.Opened(t)
	}

	waiting := counterAt(t, desktest.City(t), noon)
	_, _, err = waiting.record.AdoptOrder(t.Context(), waiting.record.As(administrator), noon(), "viewing.yaml", []byte(reportFirst))
	must(t, err)
	waitingPath := "/incidents/" + string(waiting.record.Opened(t))
	recorded(t, waiting.record, jurat.IncidentNumber(waitingPath[len("/incidents/"):]), desktest.Files(t, "one"), lasting(0))
	if code, text, _ := ask(t, waiting, "POST", waitingPath+"/viewings", supervisor, url.Values{"exhibit": {"1"}, "member": {"officer-4472"}, "reason": {"the hospital must be told"}}); code != 303 {
		t.Fatalf("%d: %s", code, alertOf(text))
	}

	report, _, _ := strings.Cut(post(officer, "/reports", url.Values{}, 303), "?")
	for step, form := range []url.Values{
		{"incident.event_number": {"26-327-0999"}, "incident.trigger": {"observed"}, "incident.from": {"2026-11-22T07:20"}, "incident.place": {"2300 block of a street"}, "activity.agencies": {"ice_ero"}, "activity.agency_basis": {"insignia"}, "activity.activity_kinds": {"vehicle_stop"}},
		{"activity.force_seen": {"hands"}, "report.anyone_injured": {"yes"}, "ems_call.injured_party": {"2"}, "identification_attempt.outcome": {"refused"}, "report.alleged_by": {"i_was_told"}},
		{"report.own_camera": {"recorded_part"}, "report.narrative": {"On arrival I saw a vehicle stop. I stood by and recorded it."}, "report.viewed_footage": {"no"}},
	} {
		form.Set("step", string(rune('1'+step)))
		form.Set("to", "next")
		post(officer, report, form, 303)
	}
	said, _, _ := strings.Cut(post(officer, "/reports", url.Values{}, 303), "?")
	post(officer, said, url.Values{"step": {"3"}, "identification_attempt.outcome": {"refused"}, "report.narrative": {"I asked who was in charge."}, "said.1.side": {"agency_officer"}, "said.1.words": {"We have a warrant."}, "said.1.verbatim": {"yes"}, "to": {"next"}}, 303)
	_, _, err = full.record.Import(t.Context(), full.record.As(evidence), noon(), desk.TableFile{Kind: numbers.Dispatch, Zone: "UTC", Text: strings.NewReader(
		"event_number,unit,member,sent_at,place,district\n26-327-0155,12,Officer 4471,2026-11-22T10:20:07Z,2300 block of a street,9\n")})
	must(t, err)
	known, _, _ := strings.Cut(post(officer, "/reports", url.Values{}, 303), "?")
	post(officer, known, url.Values{"step": {"1"}, "incident.event_number": {"26-327-0155"}, "activity.agencies": {"none"}, "to": {"ask"}}, 303)
	corrected, _, _ := strings.Cut(post(officer, "/reports", url.Values{}, 303), "?")
	post(officer, corrected, url.Values{"step": {"1"}, "incident.event_number": {"26-327-0155"}, "to": {"ask"}}, 303)
	post(officer, corrected, url.Values{"step": {"1"}, "incident.event_number": {"26-327-0155"}, "incident.confirmed": {"correct"}, "incident.from": {"2026-11-22T10:05"}, "to": {"next"}}, 303)
	filed, _, _ := strings.Cut(post(officer, "/reports", url.Values{}, 303), "?")
	post(officer, filed, url.Values{"step": {"1"}, "incident.event_number": {"26-327-0998"}, "report.alleged_by": {"i_report_it"}, "to": {"next"}}, 303)
	post(officer, filed+"/file", url.Values{}, 303)
	second, _, _ := strings.Cut(post("officer-4472", "/reports", url.Values{}, 303), "?")
	post("officer-4472", second, url.Values{"step": {"1"}, "incident.event_number": {"26-327-0998"}, "to": {"ask"}}, 303)
	signedReport, _, _ := strings.Cut(post("officer-4472", "/reports", url.Values{}, 303), "?")
	toSign := post("officer-4472", signedReport+"/file", url.Values{}, 303)
	signedRecord, _, _ := strings.Cut(strings.TrimPrefix(toSign, "/sign?act=record.submitted&item="), "&")
	full.sign(t, "officer-4472", jurat.RecordSubmitted, jurat.ItemID(signedRecord), nil)
	station := *full // the same record, and another session
	station.tokens = map[jurat.PersonID]login.Token{}
	twice, _, _ := strings.Cut(post(officer, "/reports", url.Values{}, 303), "?")
	ask(t, &station, "POST", twice, officer, url.Values{"step": {"3"}, "version": {"1"}, "report.narrative": {"at the station"}, "to": {"stay"}})
	ask(t, &station, "POST", twice, officer, url.Values{"step": {"1"}, "version": {"2"}, "incident.from": {"about noon"}, "to": {"stay"}})
	beside := post(officer, twice, url.Values{"step": {"3"}, "version": {"1"}, "report.narrative": {"on the phone"}, "to": {"next"}}, 303)
	blank, _, _ := strings.Cut(post(officer, "/reports", url.Values{}, 303), "?")

	torn, tornIn := bereft(t)
	theirs, _, err := county.record.OpenIncident(t.Context(), county.record.As("prosecutor-12"), noon(), jurat.Opening{Title: "A matter of this office"})
	must(t, err)
	countyIn := "/incidents/" + string(theirs.Number)
	own, ownIn := countyOf(t)
	weighed := assessed(t, own, ownIn)
	unused := counterAt(t, desktest.City(t), noon)
	empty := counterAt(t, desktest.City(t), noon)
	nothingIn := "/incidents/" + string(empty.record.Opened(t))

	later := noon()
	away := counterAt(t, desktest.City(t), func() time.Time { return later })
	away.token(t, officer)
	later = later.Add(31 * time.Minute)

	coming := counterAt(t, desktest.City(t), noon)
	link := login.NewLink()
	must(t, coming.record.GiveLink(t.Context(), desk.Caller{}, noon(), officer, link.Hash, noon().Add(login.LinkLasts)))
	token, _, err := coming.Login.ComeByLink(t.Context(), noon(), "192.0.2.7", link.Secret)
	must(t, err)
	coming.tokens[officer] = token
	guess := url.Values{"name": {"officer-4472"}, "password": {"guess"}, "code": {"000000"}}
	for range 12 {
		ask(t, coming, "POST", "/login", "", guess)
	}

	on := &login.SignOn{Name: "City accounts", Issuer: "http://127.0.0.1:1", Client: "counter", Redirect: origin + SignOnAnswer} // nobody answers there
	alone := counterBy(t, desktest.City(t), func() time.Time { return later }, on)
	alone.Log = slog.New(slog.DiscardHandler)
	alone.token(t, officer)
	alone.token(t, administrator)
	must(t, alone.record.AddSignOn(t.Context(), alone.record.As(administrator), later, officer, on.Issuer, "00u1abcd"))
	alone.signedOn(t, officer)
	later = later.Add(31 * time.Minute)
	alone.token(t, detective)
	alone.signedOn(t, detective)
	alone.tokens[administrator] = ""
	delete(alone.tokens, administrator)
	alone.token(t, administrator)

	probed := counterAt(t, desktest.City(t), noon)
	for _, path := range []string{"/incidents", "/duties", "/search", "/footage", "/orders", "/incidents/2026-000001", "/approvals", "/retention"} {
		ask(t, probed, "GET", path, "aide-1", nil)
	}

	must(t, full.record.Publish(t.Context()))
	found, _ := look(t, full, supervisor, url.Values{"words": {"vehicle"}, "state": {"open"}})
	none, _ := look(t, full, supervisor, url.Values{"words": {"nowhere"}, "state": {"closed"}, "order": {"chicago-eo-2026-01"}, "from": {"2026-11-01"}, "to": {"2026-11-30"}})

	machine := counterAt(t, desktest.City(t), noon)
	machine.Look = func(context.Context) []Sign {
		return []Sign{
			{Look: "keys", Answer: signWarning, Code: "keys_inside"}, {Look: "disk", Answer: signWell, Code: "disk_room", Beside: "412 GiB"},
			{Look: "mirrors", Answer: signWarning, Code: "mirrors_none"}, {Look: "clock", Answer: signUnknown, Code: "clock_unknown"},
			{Look: "database", Answer: signWell, Code: "database_flushes", Beside: "sqlite"}, {Look: "sign-on", Answer: signWell, Code: "outbound_none"},
			{Look: "media", Answer: signWarning, Code: "media_bare", Beside: "ffmpeg 7.1"}, {Look: "disposals", Answer: signUnwell, Code: "disposals_outstanding", Beside: "2"},
		}
	}
	machine.Doubt = func(context.Context) desk.Checkup { return desk.Checkup{Answer: "altered", Altered: 2, Unsure: 1} }
	must(t, machine.record.Publish(t.Context()))
	must(t, machine.record.StateBackup(t.Context(), machine.record.As(administrator), noon().AddDate(0, 0, -9)))
	must(t, machine.record.KeepCheckup(t.Context(), machine.record.As(auditor), noon(), machine.Doubt(t.Context())))

	first := counterAt(t, desktest.FirstDay(t), noon)
	newly := login.NewLink()
	must(t, first.record.GiveLink(t.Context(), desk.Caller{}, noon(), administrator, newly.Hash, noon().Add(login.LinkLasts)))
	begins, _, err := first.Login.ComeByLink(t.Context(), noon(), "192.0.2.7", newly.Secret)
	must(t, err)
	founding := &comer{station: counterAt(t, desktest.FirstDay(t), noon)}
	founding.comes(t, administrator)
	first.tokens[administrator] = begins
	settled := &comer{station: counterAt(t, desktest.FirstDay(t), noon)}
	settled.comes(t, administrator)
	settled.send(t, "POST", "/setup/done", nil)
	founding.tokens[administrator], settled.tokens[administrator] = login.Token(founding.token), login.Token(settled.token)

	broken := counterAt(t, desktest.City(t), noon)
	broken.token(t, officer)
	broken.Log = slog.New(slog.DiscardHandler)
	must(t, broken.record.Register.Close())

	end := desktest.Noon.Add(100 * 24 * time.Hour)
	ended := counterAt(t, desktest.City(t), func() time.Time { return end })
	for range 2 {
		pastItsDay(t, ended.record, end)
	}
	erased := pastItsDay(t, ended.record, end)
	disposing := desk.Disposing{Certificate: "12-345", Backups: end.Add(35 * 24 * time.Hour)}
	for _, in := range []jurat.IncidentNumber{"2026-000002", erased} {
		_, _, err = ended.record.ApproveDisposal(t.Context(), ended.record.As("records-3"), end, in, disposing)
		must(t, err)
	}
	_, _, err = ended.record.CarryOutDisposal(t.Context(), ended.record.As(counsel), end, jurat.ItemID(string(erased)+"-Z1"))
	must(t, err)
	_, _, err = ended.record.PlaceHold(t.Context(), ended.record.As(counsel), end, "", "a decree", []jurat.ItemID{"2026-000001"})
	must(t, err)

	counted := documented(t)
	if code, _, _ := ask(t, counted, "POST", "/numbers", "records-3", url.Values{"period": {"2026-01"}, "do": {"publish"}}); code != 303 {
		t.Fatalf("published: %d", code)
	}

	stayed := counterAt(t, desktest.City(t), noon)
	_, _, err = stayed.record.RestateOrder(t.Context(), stayed.record.As(administrator), noon(), "chicago-eo-2026-01", desk.Restatement{
		State: "stayed", At: noon().Add(-time.Hour), Authority: "Circuit court, 26 CH 118", Basis: "stated", Source: "The court's order", Kind: "court",
	})
	must(t, err)

	morning, _ := mornings(t)
	copies := hangCopies(t)
	sign := func(act jurat.Act, id jurat.ItemID) string { return "/sign?act=" + string(act) + "&item=" + string(id) }
	return append(copies, []hung{
		{name: "home", at: full, path: "/"},
		{name: "absent", at: full, path: "/nowhere", code: 404},
		{name: "login", at: full, path: "/login"},
		{name: "login-wrong", at: full, path: "/login", form: guess, code: 403},
		{name: "login-recovery", at: full, path: "/login?recovery"},
		{name: "login-sign-on", at: alone, path: "/login"},
		{name: "login-sign-on-down", at: alone, path: "/login/sso/ask", code: 503},
		{name: "login-sign-on-wrong", at: alone, path: "/login/sso?state=x&code=y", code: 403},
		{name: "again-sign-on", at: alone, who: officer, path: "/again?to=/duties"},
		{name: "again-sign-on-stale", at: alone, who: detective, path: "/again?to=/me"},
		{name: "me-sign-on", at: alone, who: detective, path: "/me"},
		{name: "admin-sign-on", at: alone, who: administrator, path: "/admin"},
		{name: "admin-sign-on-wrong", at: alone, who: administrator, path: "/admin/sign-ons", form: url.Values{"person": {officer}}, code: 422},
		{name: "wait", at: coming, path: "/login", form: guess, code: 429},
		{name: "again", at: away, who: officer, path: "/again?to=/duties"},
		{name: "setup", at: full, path: "/setup"},
		{name: "setup-wrong", at: full, path: "/setup", form: url.Values{"secret": {"no such link"}}, code: 403},
		{name: "setup-1", at: first, who: administrator, path: "/setup"},
		{name: "setup-1-wrong", at: first, who: administrator, path: "/me/password", form: url.Values{"password": {"short"}, "repeat": {"other"}}, code: 422},
		{name: "setup-1-generator", at: first, who: administrator, path: "/me/generator", form: url.Values{}},
		{name: "setup-2", at: founding.station, who: administrator, path: "/setup"},
		{name: "setup-2-codes", at: founding.station, who: administrator, path: "/me/recovery", form: url.Values{}},
		{name: "setup-2-wrong", at: founding.station, who: administrator, path: "/setup/done", form: url.Values{"codes": {"shown"}}, code: 422},
		{name: "setup-3", at: settled.station, who: administrator, path: "/setup/office"},
		{name: "setup-3-wrong", at: settled.station, who: administrator, path: "/setup/office", form: url.Values{"name": {"A prosecutor"}}, code: 422},
		{name: "setup-4", at: settled.station, who: administrator, path: "/setup/people"},
		{name: "setup-4-two", at: full, who: administrator, path: "/setup/people"},
		{name: "setup-4-wrong", at: settled.station, who: administrator, path: "/setup/people", form: url.Values{"label": {"Officer 4471"}}, code: 422},
		{name: "setup-5", at: settled.station, who: administrator, path: "/setup/order"},
		{name: "setup-5-adopted", at: full, who: administrator, path: "/setup/order"},
		{name: "admin-first-day", at: settled.station, who: administrator, path: "/admin"},
		{name: "setup-credentials", at: coming, who: officer, path: "/setup"},
		{name: "me", at: full, who: officer, path: "/me"},
		{name: "failed", at: broken, who: officer, path: "/duties", code: 503},
		{name: "refused", at: full, who: detective, path: inBare + "/holds/1/release", form: url.Values{"reason": {"done"}}, code: 403},

		{name: "duties", at: full, who: officer, path: "/duties"},
		{name: "duties-long", at: long, who: officer, path: "/duties"},
		{name: "duties-empty", at: empty, who: evidence, path: "/duties"},
		{name: "incidents", at: full, who: supervisor, path: "/incidents"},
		{name: "incidents-empty", at: unused, who: supervisor, path: "/incidents"},
		{name: "incidents-empty-reader", at: unused, who: auditor, path: "/incidents"},
		{name: "incidents-stranger", at: away, who: "", path: "/incidents", code: 404},
		{name: "incidents-mine", at: full, who: detective, path: "/incidents?mine"},
		{name: "incidents-mine-empty", at: empty, who: detective, path: "/incidents?mine"},
		{name: "receive-where", at: full, who: officer, path: "/receive"},
		{name: "receive-where-wrong", at: empty, who: evidence, path: "/receive?incident=2026-999999", code: 422},
		{name: "referrals", at: full, who: counsel, path: "/referrals"},
		{name: "referrals-empty", at: empty, who: detective, path: "/referrals"},
		{name: "incidents-new", at: full, who: officer, path: "/incidents/new"},
		{name: "incidents-new-wrong", at: full, who: officer, path: "/incidents", form: url.Values{"first_knowledge": {"yesterday"}}, code: 422},
		{name: "incident", at: full, who: detective, path: inToldPath},
		{name: "incident-as-counsel", at: full, who: counsel, path: inBare},
		{name: "incident-bare", at: full, who: officer, path: inBare},
		{name: "incident-empty", at: empty, who: officer, path: nothingIn},
		{name: "incident-lost", at: torn, who: detective, path: "/incidents/" + string(tornIn)},
		{name: "facts", at: full, who: detective, path: inToldPath + "/facts"},
		{name: "facts-empty", at: empty, who: officer, path: nothingIn + "/facts"},
		{name: "facts-no-order", at: county, who: "prosecutor-12", path: countyIn + "/facts"},
		{name: "record-new-dispute", at: full, who: detective, path: inToldPath + "/records/new?type=account_dispute&about=" + inTold + "-S1"},
		{name: "record-new-fact", at: full, who: detective, path: inToldPath + "/records/new?type=immunity_fact&question=threat&side=others"},
		{name: "meaning", at: full, who: officer, path: "/meaning/owed"},
		{name: "meaning-no-order", at: full, who: officer, path: "/meaning/openings"},
		{name: "incident-print", at: full, who: detective, path: inToldPath + "?print"},
		{name: "incident-wrong", at: full, who: detective, path: inBare + "/parties", form: url.Values{"slot": {""}}, code: 422},
		{name: "incident-wrong-allegation", at: full, who: detective, path: inToldPath + "/allegations/1", form: url.Values{"element": {element}, "side": {"for"}}, code: 422},
		{name: "opened", at: full, who: detective, path: inToldPath + "/opened"},
		{name: "elements", at: full, who: detective, path: inToldPath + "/elements"},
		{name: "elements-from-player", at: full, who: detective, path: inToldPath + "/elements?exhibit=1&from=12&to=15"},
		{name: "elements-wrong", at: full, who: detective, path: inToldPath + "/allegations/1", form: url.Values{"element": {element}, "side": {"not_known"}, "what": {"x"}, "state": {"asked"}}, code: 422},
		{name: "elements-in-words", at: full, who: counsel, path: inBare + "/elements"},
		{name: "elements-map-wrong", at: full, who: counsel, path: inBare + "/allegations/1/map", form: url.Values{"offence": {""}}, code: 422},
		{name: "elements-print", at: full, who: detective, path: inToldPath + "/elements?print"},
		{name: "elements-empty", at: empty, who: officer, path: nothingIn + "/elements"},
		{name: "accounts", at: full, who: detective, path: inToldPath + "/accounts"},
		{name: "accounts-empty", at: full, who: detective, path: inBare + "/accounts"},
		{name: "record", at: full, who: detective, path: inToldPath + "/records/5"},
		{name: "record-identification", at: full, who: detective, path: inToldPath + "/records/2"},
		{name: "record-draft", at: full, who: officer, path: draftRecord},
		{name: "record-waiting", at: full, who: supervisor, path: handedIn},
		{name: "record-new", at: full, who: officer, path: inBare + "/records/new"},
		{name: "record-new-report", at: full, who: officer, path: inBare + "/records/new?type=report"},
		{name: "record-new-force", at: full, who: officer, path: inBare + "/records/new?type=" + string(jurat.TypeForce)},
		{name: "record-amend", at: full, who: officer, path: draftRecord + "/amend"},
		{name: "exhibit", at: full, who: detective, path: inToldPath + "/exhibits/1"},
		{name: "exhibit-elsewhere", at: full, who: detective, path: inBare + "/exhibits/2"},
		{name: "exhibit-wrong", at: full, who: detective, path: inBare + "/exhibits/1/flag", form: url.Values{}, code: 422},
		{name: "exhibit-verified", at: full, who: detective, path: inToldPath + "/exhibits/1/verify", form: url.Values{}},
		{name: "exhibit-marked", at: full, who: detective, path: watchedPath + "/exhibits/1"},
		{name: "exhibit-wrong-clock", at: full, who: officer, path: watchedPath + "/exhibits/1/clock", form: url.Values{"known": {"known"}, "offset": {"soon"}}, code: 422},
		{name: "exhibit-wrong-mark", at: full, who: officer, path: watchedPath + "/exhibits/1/marks", form: url.Values{"from": {"half"}}, code: 422},
		{name: "play-together", at: full, who: detective, path: watchedPath + "/exhibits/1/play?with=2,3"},
		{name: "exhibit-waits", at: waiting, who: officer, path: waitingPath + "/exhibits/1"},
		{name: "exhibit-release", at: waiting, who: supervisor, path: waitingPath + "/exhibits/1"},
		{name: "exhibit-wrong-release", at: waiting, who: supervisor, path: waitingPath + "/viewings", form: url.Values{"exhibit": {"1"}, "member": {"nobody-1"}, "reason": {"because"}}, code: 422},
		{name: "play-waits", at: waiting, who: officer, path: waitingPath + "/exhibits/1/play"},
		{name: "play-apart", at: full, who: detective, path: watchedPath + "/exhibits/3/play"},
		{name: "play", at: full, who: detective, path: inToldPath + "/exhibits/1/play"},
		{name: "sealed", at: full, who: detective, path: inToldPath + "/sealed/P1/identity"},
		{name: "sealed-opened", at: full, who: detective, path: inToldPath + "/sealed/P1/identity", form: url.Values{"reason": {"to ask for the account"}}},
		{name: "refer", at: full, who: detective, path: inToldPath + "/refer"},
		{name: "refer-stopped", at: full, who: detective, path: inBare + "/refer"},
		{name: "referral", at: full, who: detective, path: itemPath(ref.ID)},
		{name: "dossier", at: full, who: detective, path: inToldPath + "/dossiers/1"},
		{name: "sign-submit", at: full, who: officer, path: sign(jurat.RecordSubmitted, draftID)},
		{name: "sign-approve", at: full, who: supervisor, path: sign(jurat.RecordApproved, handedID)},
		{name: "approvals", at: full, who: supervisor, path: "/approvals"},
		{name: "approvals-empty", at: empty, who: supervisor, path: "/approvals"},
		{name: "reports-new", at: full, who: officer, path: "/reports/new"},
		{name: "reports-new-empty", at: empty, who: officer, path: "/reports/new"},
		{name: "report-1-empty", at: full, who: officer, path: blank + "?step=1"},
		{name: "report-1", at: full, who: officer, path: report + "?step=1"},
		{name: "report-2", at: full, who: officer, path: report + "?step=2"},
		{name: "report-3", at: full, who: officer, path: report + "?step=3"},
		{name: "report-saved", at: full, who: officer, path: report + "?step=2", left: "saved"},
		{name: "report-offline", at: full, who: officer, path: report + "?step=2", left: "offline"},
		{name: "report-lost", at: full, who: officer, path: report + "?step=2", left: "lost"},
		{name: "report-away", at: full, who: officer, path: report + "?step=2", left: "away"},
		{name: "report-asking", at: full, who: officer, path: known + "?step=1", left: "asking"},
		{name: "receive-files", at: full, who: officer, path: inBare + "/receive", left: "sending"},
		{name: "report-dispatch", at: full, who: officer, path: known + "?step=1"},
		{name: "report-dispatch-corrected", at: full, who: officer, path: corrected + "?step=1"},
		{name: "report-skipped", at: full, who: officer, path: known + "?step=2"},
		{name: "report-joined", at: full, who: "officer-4472", path: second + "?step=1"},
		{name: "report-beside", at: full, who: officer, path: beside},
		{name: "report-said", at: full, who: officer, path: said + "?step=3"},
		{name: "report-read-said", at: full, who: officer, path: said + "/read"},
		{name: "report-read", at: full, who: officer, path: report + "/read"},
		{name: "report-read-empty", at: full, who: officer, path: blank + "/read"},
		{name: "report-read-wrong", at: full, who: officer, path: twice + "/file", form: url.Values{}, code: 422},
		{name: "report-signed", at: full, who: "officer-4472", path: signedReport + "/filed"},
		{name: "report-filed", at: full, who: officer, path: filed + "/filed"},
		{name: "footage", at: morning, who: evidence, path: "/footage"},
		{name: "footage-print", at: morning, who: evidence, path: "/footage?print"},
		{name: "footage-empty", at: empty, who: auditor, path: "/footage"},
		{name: "footage-gaps", at: morning, who: evidence, path: "/footage/gaps"},
		{name: "footage-gaps-empty", at: empty, who: evidence, path: "/footage/gaps"},
		{name: "search", at: full, who: supervisor, path: "/search"},
		{name: "search-found", at: full, who: supervisor, path: found},
		{name: "search-none", at: full, who: supervisor, path: none},
		{name: "search-wrong", at: full, who: supervisor, path: "/search", form: url.Values{}, code: 422},
		{name: "audit", at: full, who: auditor, path: "/audit"},
		{name: "audit-narrowed", at: full, who: auditor, path: "/audit?incident=" + inTold + "&office=city-police&from=2026-11-01&to=2026-11-30"},
		{name: "audit-openings", at: full, who: auditor, path: "/audit?act=identity.opened"},
		{name: "audit-one-operator", at: full, who: auditor, path: "/audit?entered=one-operator"},
		{name: "audit-empty", at: full, who: auditor, path: "/audit?from=2020-01-01&to=2020-01-31"},
		{name: "audit-wrong", at: full, who: auditor, path: "/audit?incident=26-1", code: 422},
		{name: "audit-torn", at: torn, who: auditor, path: "/audit"},
		{name: "audit-lost", at: torn, who: auditor, path: "/audit?incident=" + string(tornIn)},
		{name: "audit-codebook", at: full, who: auditor, path: "/audit/codebook"},
		{name: "audit-journal", at: probed, who: auditor, path: "/audit/journal"},
		{name: "audit-alert", at: probed, who: auditor, path: "/audit"},
		{name: "journal", at: probed, who: administrator, path: "/admin/journal"},
		{name: "journal-empty", at: empty, who: administrator, path: "/admin/journal"},
		{name: "audit-altered", at: machine, who: auditor, path: "/audit"},
		{name: "admin-health", at: machine, who: administrator, path: "/admin/health"},
		{name: "admin-health-unknown", at: empty, who: administrator, path: "/admin/health"},
		{name: "admin-keys", at: machine, who: administrator, path: "/admin/keys"},
		{name: "admin-keys-none", at: empty, who: administrator, path: "/admin/keys"},
		{name: "admin-alert", at: probed, who: administrator, path: "/admin"},
		{name: "admin", at: full, who: administrator, path: "/admin"},
		{name: "inbox-empty", at: county, who: "prosecutor-12", path: "/inbox"},
		{name: "own-incident", at: own, who: "prosecutor-12", path: "/incidents/" + string(ownIn)},
		{name: "own-record", at: own, who: "prosecutor-12", path: weighed},
		{name: "own-form", at: own, who: "prosecutor-12", path: "/records/new?type=assessment&incident_number=" + string(ownIn)},
		{name: "own-form-jury", at: own, who: "prosecutor-12", path: "/records/new?type=grand_jury_matter&incident_number=" + string(ownIn)},
		{name: "own-records", at: own, who: "prosecutor-12", path: "/records"},
		{name: "trust", at: county, who: "prosecutor-12", path: "/trust"},
		{name: "team", at: full, who: supervisor, path: "/duties/team"},
		{name: "house", at: full, who: supervisor, path: "/records"},
		{name: "house-new", at: full, who: supervisor, path: "/records/new"},
		{name: "house-form", at: full, who: supervisor, path: "/records/new?type=guidance"},
		{name: "retention", at: full, who: "records-3", path: "/retention"},
		{name: "retention-first", at: ended, who: "records-3", path: "/retention"},
		{name: "retention-second", at: ended, who: counsel, path: "/retention?state=reached"},
		{name: "retention-wrong", at: ended, who: "records-3", path: "/incidents/2026-000002/disposals/1/withdraw", form: url.Values{}, code: 422},
		{name: "sign-dispose", at: ended, who: counsel, path: sign(jurat.DisposalApproved, "2026-000002-Z1")},
		{name: "holds", at: ended, who: counsel, path: "/holds"},
		{name: "holds-records", at: ended, who: "records-3", path: "/holds?all"},
		{name: "holds-wrong", at: ended, who: counsel, path: "/holds", form: url.Values{"matter": {"a petition"}}, code: 422},
		{name: "holds-empty", at: empty, who: counsel, path: "/holds"},
		{name: "numbers-empty", at: full, path: "/numbers"},
		{name: "numbers", at: counted, who: "aide-1", path: "/numbers"},
		{name: "numbers-look", at: counted, who: "records-3", path: "/numbers", form: url.Values{"period": {"2026-02"}, "do": {"look"}}},
		{name: "numbers-wrong", at: counted, who: "records-3", path: "/numbers", form: url.Values{"period": {"now"}, "do": {"look"}}, code: 422},
		{name: "codebook", at: counted, path: "/numbers/publication-1/codebook"},
		{name: "reports-made", at: counted, who: "records-3", path: "/numbers/reports", form: url.Values{"report": {"compliance"}, "period": {"2026-Q1"}}},
		{name: "reports-wrong", at: counted, who: "auditor-1", path: "/numbers/reports", form: url.Values{"report": {"trust"}, "period": {"2026-Q1"}}, code: 422},
		{name: "orders", at: full, who: auditor, path: "/orders"},
		{name: "orders-adopt", at: full, who: administrator, path: "/orders/adopt"},
		{name: "orders-ships", at: full, who: administrator, path: "/orders/ships", form: url.Values{"ships": {"illinois-trust-act.yaml"}}},
		{name: "orders-ships-wrong", at: full, who: administrator, path: "/orders/ships", form: url.Values{}, code: 422},
		{name: "orders-adopt-wrong", at: full, who: administrator, path: "/orders/adopt", form: url.Values{}, code: 422},
		{name: "order-viewing", at: waiting, who: auditor, path: "/orders/a-directive"},
		{name: "order-diff", at: stayed, who: officer, path: "/orders/chicago-eo-2026-01/diff"},
		{name: "order-stayed", at: stayed, who: administrator, path: "/orders/chicago-eo-2026-01"},
		{name: "orders-stayed", at: stayed, who: auditor, path: "/orders"},
		{name: "order-status-wrong", at: stayed, who: administrator, path: "/orders/chicago-eo-2026-01/status", form: url.Values{}, code: 422},
		{name: "order", at: full, who: administrator, path: "/orders/chicago-eo-2026-01"},
	}...)
}

// rendered are the pages of the gallery, by language and name, with their
// assets, written as files that a browser opens from a folder.
func rendered(t *testing.T, dir string) (names []string) {
	pictures := hang(t)
	for _, lang := range languages {
		must(t, os.MkdirAll(filepath.Join(dir, lang), 0o755))
		for _, p := range pictures {
			method := "GET"
			if p.form != nil {
				method = "POST"
			}
			code, text, _ := ask(t, p.at, method, p.path, p.who, p.form, "Accept-Language", lang)
			if want := max(p.code, 200); p.code == 0 && code != 200 || p.code != 0 && code != want {
				t.Errorf("%s %s: %d, want %d: %s", lang, p.name, code, want, alertOf(text))
				continue
			}
			if p.left != "" {
				text = byScript(t, text, p.left)
			}
			text = strings.ReplaceAll(text, `"/static/`, `"../static/`)
			for _, address := range still.FindAllString(text, -1) { // a picture on the page hangs beside it
				code, picture, _ := ask(t, p.at, "GET", address, p.who, nil)
				if code != 200 {
					t.Errorf("%s: %s is %d", p.name, address, code)
				}
				must(t, os.WriteFile(filepath.Join(dir, p.name+".jpg"), []byte(picture), 0o600))
				text = strings.ReplaceAll(text, `"`+address+`"`, `"../`+p.name+`.jpg"`)
			}
			must(t, os.WriteFile(filepath.Join(dir, lang, p.name+".html"), []byte(text), 0o600))
			if lang == "en" {
				names = append(names, p.name)
			}
		}
	}
	c := pictures[0].at
	for name, one := range c.assets.files {
		path := filepath.Join(dir, "static", c.assets.version, filepath.FromSlash(name))
		must(t, os.MkdirAll(filepath.Dir(path), 0o755))
		must(t, os.WriteFile(path, one.plain, 0o600))
	}
	return names
}

var still = regexp.MustCompile(`/incidents/[0-9-]+/exhibits/\d+/still\?at=\d+`)

// browser builds what drives Chromium, or skips the test aloud.
func browser(t *testing.T) string {
	t.Helper()
	lacking := func(what string) {
		required := "," + os.Getenv("JURAT_REQUIRE") + ","
		if strings.Contains(required, ",all,") || strings.Contains(required, ",chromium,") {
			t.Fatalf("there is no %s, and JURAT_REQUIRE wants it (scripts/setup installs it)", what)
		}
		t.Skipf("SKIPPED: no page was looked at in a browser: there is no %s (scripts/setup installs it)", what)
	}
	if _, err := exec.LookPath("chromium"); err != nil {
		lacking("chromium")
	}
	if _, err := os.Stat(axePath); err != nil {
		lacking("axe-core")
	}
	program := filepath.Join(t.TempDir(), "browser")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	build.Dir = filepath.Join("..", "..", "testdata", "browser")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		lacking("driver of Chromium: " + err.Error() + "\n" + string(out))
	}
	return program
}

var axePath = filepath.Join("..", "..", "testdata", "axe", "node_modules", "axe-core", "axe.min.js")

// Every page in every state, in both languages, in a real browser: no fault of
// accessibility, nothing on the console, nothing sideways, nothing in the wrong
// language. GALLERY=DIR keeps the pages and their pictures at 360 and 1280 pixels,
// GALLERY_ONLY names some of them.
func TestGallery(t *testing.T) {
	dir := os.Getenv("GALLERY")
	keep := dir != ""
	if !keep {
		dir = t.TempDir()
	}
	names := rendered(t, dir)
	program := browser(t)
	type page struct {
		Name, Address string
		Widths        []int64
		Axe           int64
		Foreign       []string
	}
	asked := struct {
		Axe   string
		Tabs  int
		Pages []page
		Shots string
	}{Axe: axePath, Tabs: 2}
	if keep {
		asked.Shots = dir
	}
	policed := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", contentPolicy)
		http.FileServerFS(os.DirFS(dir)).ServeHTTP(w, r)
	})
	server := httptest.NewServer(policed)
	defer server.Close()
	only := regexp.MustCompile(os.Getenv("GALLERY_ONLY"))
	for l, lang := range languages {
		widths := []int64{360, 1280}
		theirs := foreign(t, lang)
		for i, name := range names {
			if only.MatchString(name) {
				// Axe-core reads each page in each language, one of them at each
				// width: what differs by language is text, what by width is layout.
				asked.Pages = append(asked.Pages, page{lang + "-" + name, server.URL + "/" + lang + "/" + name + ".html", widths, widths[(i+l)%2], theirs})
			}
		}
	}
	// The check is itself checked: a page with one fault of each kind.
	const wrong = `<!doctype html><html><title>x</title><link rel=stylesheet href=/absent.css><body><style>p{color:red}</style><h1>One</h1><h1>Two</h1><img src=x><p id=a>Save</p><p id=a>b</p><button>b</button><div>` + `wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww</div>`
	must(t, os.WriteFile(filepath.Join(dir, "wrong.html"), []byte(wrong), 0o600))
	asked.Pages = append(asked.Pages, page{"wrong", server.URL + "/wrong.html", []int64{360}, 360, []string{"Save"}})

	text, err := json.Marshal(asked)
	must(t, err)
	// A browser that hangs is ended. Two processors that other suites use too take twelve.
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Minute)
	defer stop()
	cmd := exec.CommandContext(ctx, program, "look")
	cmd.Stdin = strings.NewReader(string(text))
	began := time.Now()
	out, err := cmd.Output()
	if err != nil {
		said, _ := errors.AsType[*exec.ExitError](err)
		t.Fatalf("the browser: %v\n%s", err, said.Stderr)
	}
	t.Logf("%d pages in %s", len(asked.Pages), time.Since(began).Round(time.Second))
	var found []struct {
		Name   string
		Faults []string
		Again  bool
	}
	must(t, json.Unmarshal(out, &found))
	for _, f := range found[:len(found)-1] {
		if f.Again {
			t.Logf("%s: a tab hung, and another looked at it", f.Name)
		}
		if len(f.Faults) > 0 {
			t.Errorf("%s:\n  %s", f.Name, strings.Join(slices.Compact(f.Faults), "\n  "))
		}
	}
	seen := strings.Join(found[len(found)-1].Faults, "\n")
	for _, want := range []string{"html-has-lang", "2 headings", "2 elements are called a", "Content Security Policy", "404", "a target of", "px wide", "image-alt", "not in its language"} {
		if !strings.Contains(seen, want) {
			t.Errorf("a page that is wrong passes for %q:\n%s", want, seen)
		}
	}
}

// foreign are the texts of the other catalogues that this one does not have.
func foreign(t *testing.T, lang string) []string {
	t.Helper()
	own := map[string]bool{}
	for _, forms := range catalogue(t, lang) {
		for _, text := range forms {
			own[text] = true
		}
	}
	var out []string
	for _, other := range languages {
		for _, forms := range catalogue(t, other) {
			for _, text := range forms {
				if !own[text] && !gap.MatchString(text) {
					out = append(out, text)
				}
			}
		}
	}
	return out
}
