package web

import (
	"context"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/login"
)

// An administrator reads how the machine is: what is well, what is not and what
// to do, and what could not be told, which is a third answer. A backup is what
// somebody stated, and grows old.
func TestAnAdministratorReadsHowTheMachineIs(t *testing.T) {
	now := noon()
	s := counterAt(t, desktest.City(t), func() time.Time { return now })
	must(t, s.record.Publish(t.Context()))
	admin := jurat.PersonID("administrator-1")
	row := func(text, look string) string {
		_, after, _ := strings.Cut(text, `<tr id="`+look+`">`)
		row, _, _ := strings.Cut(after, "</tr>")
		return row
	}
	code, text, _ := ask(t, s, "GET", "/admin/health", admin, nil)
	for look, want := range map[string]string{"keys": "could not tell", "disk": "could not tell", "backup": "could not tell", "check": "could not tell", "anchor": "warning", "checkpoint": "well", "version": "well"} {
		if code != 200 || !strings.Contains(row(text, look), want) {
			t.Errorf("nobody looks, %s: %d %q, want %s", look, code, row(text, look), want)
		}
	}
	s.Look = func(context.Context) []Sign {
		return []Sign{{Look: "keys", Answer: signWarning, Code: "keys_inside"}, {Look: "disk", Answer: signWell, Code: "disk_room", Beside: "412 GiB"}}
	}
	_, text, _ = ask(t, s, "GET", "/admin/health", admin, nil)
	if !strings.Contains(row(text, "keys"), "another disk") || !strings.Contains(row(text, "disk"), "412 GiB") || !strings.Contains(row(text, "clock"), "could not tell") {
		t.Errorf("what somebody looked at: %q %q %q", row(text, "keys"), row(text, "disk"), row(text, "clock"))
	}
	if code, _, _ := ask(t, s, "POST", "/admin/backup", admin, url.Values{}); code != 303 {
		t.Fatalf("a backup: %d", code)
	}
	if _, text, _ = ask(t, s, "GET", "/admin/health", admin, nil); !strings.Contains(row(text, "backup"), "met") || !strings.Contains(row(text, "backup"), "administrator-1") {
		t.Errorf("stated: %q", row(text, "backup"))
	}
	token := s.program(t, admin, true)
	if code, text, _ := call(t, s, "GET", apiPrefix+"health", token, ""); code != 200 || !strings.Contains(text, `"code":"backup_stated"`) || !strings.Contains(text, `"code":"nobody_looked"`) {
		t.Errorf("for programs: %d %s", code, text)
	}
	now = now.Add(8 * 24 * time.Hour)
	s.tokens = map[jurat.PersonID]login.Token{}
	if _, text, _ = ask(t, s, "GET", "/admin/health", admin, nil); !strings.Contains(row(text, "backup"), "warning") {
		t.Errorf("eight days after: %q", row(text, "backup"))
	}
	if code, _, _ := call(t, s, "POST", apiPrefix+"backup", token, ""); code != 200 {
		t.Errorf("by a program: %d", code)
	}
	if _, text, _ = ask(t, s, "GET", "/admin/health", admin, nil); !strings.Contains(row(text, "backup"), "well") {
		t.Errorf("stated by a program: %q", row(text, "backup"))
	}
	for _, who := range []jurat.PersonID{"officer-4471", "supervisor-1102", "auditor-1", "aide-1"} {
		for _, page := range []string{"/admin/health", "/admin/keys"} {
			if code, text, _ := ask(t, s, "GET", page, who, nil); code != 404 || strings.Contains(text, "GiB") {
				t.Errorf("%s at %s: %d", who, page, code)
			}
		}
		if code, _, _ := ask(t, s, "POST", "/admin/backup", who, url.Values{}); code != 404 {
			t.Errorf("%s states a backup: %d", who, code)
		}
	}
}

// An administrator sees which keys there are and who signs with one, never a
// secret, and no page of an incident.
func TestAnAdministratorSeesKeysAndNoIncident(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	rec.Complete(t, in)
	must(t, rec.Publish(t.Context()))
	s := counterAt(t, rec, noon)
	admin := jurat.PersonID("administrator-1")
	code, text, _ := ask(t, s, "GET", "/admin/keys", admin, nil)
	if code != 200 || !strings.Contains(text, "signs checkpoints of the ledger") || !strings.Contains(text, "supervisor-1102") || !strings.Contains(text, "in force") {
		t.Errorf("%d %s", code, text)
	}
	_, stranger, _ := ask(t, s, "GET", "/nowhere", "", nil)
	at := "/incidents/" + string(in)
	for _, page := range []string{at, at + "/opened", at + "/elements", at + "/accounts", at + "/facts", at + "/records/1", at + "/exhibits/1", at + "/exhibits/1/bytes", at + "/exhibits/1/play", at + "/sealed/P1/identity", at + "/refer", "/audit?incident=" + string(in), "/footage", "/incidents"} {
		code, text, _ := ask(t, s, "GET", page, admin, nil)
		if code == 200 || code >= 500 || strings.Contains(text, "Vehicle stop") || code == 404 && text != stranger {
			t.Errorf("an administrator at %s: %d", page, code)
		}
	}
	for _, page := range []string{"/admin", "/admin/keys", "/admin/health", "/admin/journal", "/audit", "/orders", "/duties"} {
		code, text, _ := ask(t, s, "GET", page, admin, nil)
		if code != 200 || strings.Contains(text, string(in)) || strings.Contains(text, "Vehicle stop") {
			t.Errorf("an administrator reads of an incident at %s: %d", page, code)
		}
	}
}

// Whoever audits has the whole record checked, by a form; while that goes on it is
// not begun again, and what came of it is kept with who asked, and is no finding's
// words.
func TestWhoAuditsHasTheRecordChecked(t *testing.T) {
	s := counterAt(t, desktest.City(t), noon)
	auditor := jurat.PersonID("auditor-1")
	if code, text, _ := ask(t, s, "GET", "/audit", auditor, nil); code != 200 || !strings.Contains(text, "Not checked") || strings.Contains(text, "/audit/check") {
		t.Errorf("where nobody can check: %d", code)
	}
	if code, _, _ := ask(t, s, "POST", "/audit/check", auditor, url.Values{}); code != 409 {
		t.Errorf("checked where nobody can: %d", code)
	}
	begun, found := make(chan struct{}, 9), make(chan desk.Checkup)
	s.Doubt = func(context.Context) desk.Checkup { begun <- struct{}{}; return <-found }
	for range 2 {
		if code, _, h := ask(t, s, "POST", "/audit/check", auditor, url.Values{}); code != 303 || h.Get("Location") != "/audit#ledger" {
			t.Fatalf("begun: %d", code)
		}
	}
	if _, text, _ := ask(t, s, "GET", "/audit", auditor, nil); !strings.Contains(text, "A check goes on") || strings.Contains(text, `action="/audit/check"`) {
		t.Error("nothing says that a check goes on")
	}
	found <- desk.Checkup{Answer: "altered", Altered: 2, NotChecked: 1}
	s.makings.work.Wait()
	if len(begun) != 1 {
		t.Errorf("it was begun %d times", len(begun))
	}
	_, text, _ := ask(t, s, "GET", "/audit", auditor, nil)
	for _, want := range []string{"Altered", "2 things do not match", "/meaning/check-findings", "jurat fsck", `action="/audit/check"`} {
		if !strings.Contains(text, want) {
			t.Errorf("after it the page lacks %q", want)
		}
	}
	if _, text, _ := ask(t, s, "GET", "/audit/journal", auditor, nil); !strings.Contains(text, "record checked") || !strings.Contains(text, "<code>altered</code>") {
		t.Error("the journal does not have it")
	}
	token := s.program(t, auditor, true)
	if code, text, _ := call(t, s, "GET", apiPrefix+"audit/check", token, ""); code != 200 || !strings.Contains(text, `"answer":"altered","altered":2`) {
		t.Errorf("for programs: %d %s", code, text)
	}
	for _, who := range []jurat.PersonID{"officer-4471", "supervisor-1102", "aide-1"} {
		if code, _, _ := ask(t, s, "POST", "/audit/check", who, url.Values{}); code != 403 && code != 404 {
			t.Errorf("%s has the record checked: %d", who, code)
		}
	}
	if len(begun) != 1 {
		t.Error("who may not began a check")
	}
	// What fails at a record could not tell, and the counter goes on.
	s.Log, s.Doubt = slog.New(slog.DiscardHandler), func(context.Context) desk.Checkup { panic("a row nobody expected") }
	ask(t, s, "POST", "/audit/check", auditor, url.Values{})
	s.makings.work.Wait()
	if code, text, _ := call(t, s, "GET", apiPrefix+"audit/check", token, ""); code != 200 || !strings.Contains(text, `"answer":"could not tell"`) {
		t.Errorf("after a failure: %d %s", code, text)
	}
}
