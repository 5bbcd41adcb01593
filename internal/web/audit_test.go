package web

import (
	"strings"
	"testing"

	"jurat"
	"jurat/internal/desk/desktest"
)

// REF-1: to a political office what it asks for is not there, as to a stranger;
// that it asks again and again is told to auditor and administrator, by office and
// number, and not what it asked for.
func TestWhoAuditsSeesThatAPoliticalOfficeTriesAgainAndAgain(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	s := counterAt(t, rec, noon)
	_, stranger, _ := ask(t, s, "GET", "/incidents/"+string(in), "", nil)
	for _, path := range []string{"/incidents/" + string(in), "/incidents/" + string(in) + "/opened", "/incidents/" + string(in) + "/elements", "/incidents/" + string(in) + "/accounts", "/incidents/" + string(in) + "/exhibits/1", "/incidents/2026-000777"} {
		if code, text, _ := ask(t, s, "GET", path, "aide-1", nil); code != 404 || text != stranger {
			t.Errorf("%s: %d, or not what a stranger is told", path, code)
		}
	}
	for who, page := range map[string]string{"auditor-1": "/audit", "administrator-1": "/admin/journal"} {
		code, text, _ := ask(t, s, "GET", page, jurat.PersonID(who), nil)
		alerts, _, _ := strings.Cut(text, `id="journal"`)
		if code != 200 || !strings.Contains(alerts, "mayors-office") || !strings.Contains(alerts, "tries refused within 60 minutes") {
			t.Errorf("%s at %s: %d\n%s", who, page, code, alerts)
		}
		if _, after, _ := strings.Cut(alerts, `id="alerts"`); strings.Contains(after, string(in)) || strings.Contains(after, "aide-1") {
			t.Errorf("%s reads what was asked for, or by whom", who)
		}
	}
	if _, text, _ := ask(t, s, "GET", "/admin", "administrator-1", nil); !strings.Contains(text, "An office was refused again and again") {
		t.Error("the administrator's first page does not say so")
	}
	for _, who := range []string{"officer-4471", "supervisor-1102", "aide-1", "auditor-1"} {
		if code, _, _ := ask(t, s, "GET", "/admin/journal", jurat.PersonID(who), nil); code != 404 {
			t.Errorf("%s at the administrator's journal: %d", who, code)
		}
	}
	if code, text, _ := call(t, s, "GET", apiPrefix+"alerts", s.program(t, "auditor-1", false), ""); code != 200 || !strings.Contains(text, `"office":"mayors-office","wall":"wall-political","refused":`) {
		t.Errorf("for programs: %d %s", code, text)
	}
	if code, _, _ := call(t, s, "GET", apiPrefix+"alerts", s.program(t, "officer-4471", false), ""); code != 403 {
		t.Errorf("for an officer's program: %d", code)
	}
}
