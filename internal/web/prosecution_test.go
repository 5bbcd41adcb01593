package web

import (
	"net/url"
	"strings"
	"testing"

	"jurat"
	"jurat/internal/desk/desktest"
	"jurat/orders"
)

// countyOf is a prosecutor's own record that adopted the order for its own work,
// with people of other roles in the office, and an incident.
func countyOf(t testing.TB) (*station, jurat.IncidentNumber) {
	t.Helper()
	rec := desktest.County(t)
	admin := rec.As("administrator-1")
	rec.Join(t, admin,
		desktest.Member{ID: "auditor-4", Office: "county-prosecutor", Role: jurat.RoleAuditor},
		desktest.Member{ID: "evidence-4", Office: "county-prosecutor", Role: jurat.RoleEvidence},
		desktest.Member{ID: "supervisor-4", Office: "county-prosecutor", Role: jurat.RoleSupervisor, Sworn: true})
	text, err := orders.Read("prosecutor-own-record.yaml")
	must(t, err)
	_, _, err = rec.AdoptOrder(t.Context(), admin, desktest.Noon, "own.yaml", text)
	must(t, err)
	in, _, err := rec.OpenIncident(t.Context(), rec.As(prosecutor), noon(), jurat.Opening{Title: "A referral that came in"})
	must(t, err)
	return counterAt(t, rec, noon), in.Number
}

// assessed has a prosecutor write an assessment at the counter, and gives where it is.
func assessed(t testing.TB, s *station, in jurat.IncidentNumber) string {
	t.Helper()
	code, page, h := ask(t, s, "POST", "/records", prosecutor, url.Values{
		"type": {"assessment"}, "incident_number": {string(in)}, "authorized": {"weighed"}, "authorized_words": {"What the quokka order says bears on it."}, "necessary": {"unknown"},
	})
	if code != 303 {
		t.Fatalf("written: %d %s", code, alertOf(page))
	}
	return h.Get("Location")
}

// LAW-10: a prosecutor writes and reads their assessment where the incident is, by
// the form its order asks for; nobody else's page has anything of it, nor offers it.
func TestAnAssessmentIsOnTheProsecutorsPagesAlone(t *testing.T) {
	s, in := countyOf(t)
	at := "/incidents/" + string(in)
	_, page, _ := ask(t, s, "GET", at, prosecutor, nil)
	to := "/records/new?type=assessment&amp;incident_number=" + string(in)
	pageSays(t, page, "The prosecutor’s own work", "Nothing written yet", to, "/records/new?type=grand_jury_matter")
	_, page, _ = ask(t, s, "GET", strings.ReplaceAll(to, "&amp;", "&"), prosecutor, nil)
	pageSays(t, page, `value="`+string(in)+`"`, "No more than necessary and proper", "Cannot be said from what is known")
	where := assessed(t, s, in)
	_, page, _ = ask(t, s, "GET", where, prosecutor, nil)
	pageSays(t, page, "quokka", `href="`+at+`"`)
	_, page, _ = ask(t, s, "GET", at, prosecutor, nil)
	pageSays(t, page, "quokka", where)
	_, page, _ = ask(t, s, "GET", "/records/new", prosecutor, nil)
	pageSays(t, page, "type=assessment")
	for _, who := range []jurat.PersonID{"auditor-4", "evidence-4", "supervisor-4", "administrator-1"} {
		for _, address := range []string{at, "/records", "/records/new", "/audit", "/admin/journal", "/approvals", "/duties", at + "/opened"} {
			_, page, _ := ask(t, s, "GET", address, who, nil)
			says(t, string(who)+" at "+address, page, nil, []string{"quokka", "own work", `href="` + where, "type=assessment", "record-1<", "grand_jury"})
		}
		if code, _, _ := ask(t, s, "GET", where, who, nil); code != 404 {
			t.Errorf("%s is shown it: %d", who, code)
		}
		if code, _, _ := ask(t, s, "POST", "/records", who, url.Values{"type": {"assessment"}, "incident_number": {string(in)}}); code != 403 && code != 404 {
			t.Errorf("%s writes one: %d", who, code)
		}
	}
}

// Nobody is offered a copy, a mark or a flag that they would be refused: the desk
// says who may, and the page asks it.
func TestAnExhibitOffersWhatItsReaderMay(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	s := counterAt(t, rec, noon)
	at := itemPath(rec.Received(t, noon(), in, "a film")[0].ID)
	redact, preview, mark, flag, verify, clock := `href="`+at+`/redact"`, `action="`+at+`/preview"`, `action="`+at+`/marks"`, `action="`+at+`/flag"`, `action="`+at+`/verify"`, `action="`+at+`/clock"`
	for who, want := range map[jurat.PersonID][]string{
		"auditor-1":       {},
		"counsel-3":       {redact, preview, flag},
		"records-3":       {redact, preview},
		"officer-4471":    {preview, mark, flag, verify, clock},
		"evidence-7":      {redact, preview, mark, flag, verify, clock},
		"supervisor-1102": {redact, preview, mark, flag, verify, clock},
	} {
		code, page, _ := ask(t, s, "GET", at, who, nil)
		if code != 200 {
			t.Fatalf("%s: %d", who, code)
		}
		for _, offer := range []string{redact, preview, mark, flag, verify, clock} {
			offered, may := strings.Contains(page, offer), false
			for _, w := range want {
				may = may || w == offer
			}
			if offered != may {
				t.Errorf("%s is offered %s: %t", who, offer, offered)
			}
		}
	}
}

// A program is told what its person is told: of a prosecutor's own work, nothing,
// unless they are one.
func TestAProgramFindsNoProsecutorsOwnWork(t *testing.T) {
	s, in := countyOf(t)
	where := assessed(t, s, in)
	lists := []string{"records", "events", "audit", "journal", "duties", "incidents/" + string(in), "incidents/" + string(in) + "/records", "incidents/" + string(in) + "/events"}
	for who, finds := range map[jurat.PersonID]bool{prosecutor: true, "auditor-4": false, "supervisor-4": false, "administrator-1": false} {
		token := s.program(t, who, true)
		code, text, _ := call(t, s, "GET", apiPrefix+strings.TrimPrefix(where, "/"), token, "")
		if (code == 200) != finds || strings.Contains(text, "quokka") != finds {
			t.Errorf("%s is shown it: %d %s", who, code, text)
		}
		for _, list := range lists {
			code, text, _ := call(t, s, "GET", apiPrefix+list, token, "")
			if has := strings.Contains(text, "quokka") || strings.Contains(text, `"record-1"`); has != (finds && (list == "records" || list == "events")) {
				t.Errorf("%s, %s: %d %s", who, list, code, text)
			}
		}
		_, text, _ = call(t, s, "POST", apiPrefix+"search", token, `{"words":"quokka"}`)
		if strings.Contains(text, `"incident"`) {
			t.Errorf("%s finds %s", who, text)
		}
		code, _, _ = call(t, s, "POST", apiPrefix+"records", token, `{"type":"assessment","fields":{}}`)
		if (code == 200) != finds {
			t.Errorf("%s writes one: %d", who, code)
		}
	}
}
