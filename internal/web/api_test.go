package web

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk/desktest"
)

// program gives a person's token for a program.
func (s *station) program(t testing.TB, who jurat.PersonID, write bool) string {
	t.Helper()
	secret, _, err := s.Login.NewAPIToken(t.Context(), s.Now(), s.token(t, who), "A program", write, 30)
	must(t, err)
	return secret
}

// call makes one request of a program and gives its answer.
func call(t testing.TB, s *station, method, address, token, body string, headers ...string) (int, string, http.Header) {
	t.Helper()
	var text io.Reader
	if body != "" {
		text = strings.NewReader(body)
	}
	r := httptest.NewRequestWithContext(t.Context(), method, address, text)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code, w.Body.String(), w.Header()
}

// heard reads an answer that is a problem.
func heard(t testing.TB, text string, header http.Header) problem {
	t.Helper()
	var p problem
	if err := json.Unmarshal([]byte(text), &p); err != nil || header.Get("Content-Type") != "application/problem+json" || p.Detail == "" || p.Title == "" || p.Kind == "" {
		t.Errorf("no problem: %v %q %s", err, header.Get("Content-Type"), text)
	}
	return p
}

// A program does what the pages do, through the same desk.
func TestAProgramDoesWhatThePagesDo(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	rec.Received(t, desktest.Noon, in, "a film")
	s := counterAt(t, rec, noon)
	detective, counsel := s.program(t, "detective-2208", true), s.program(t, "counsel-3", true)
	supervisor := s.program(t, "supervisor-1102", false)
	officer, auditor := s.program(t, "officer-4471", true), s.program(t, "auditor-1", false)
	base := apiPrefix + "incidents/" + string(in)
	for _, step := range []struct {
		who, method, path, body string
		want                    int
		says                    string
	}{
		{detective, "GET", apiPrefix + "incidents", "", 200, `"incident":"` + string(in)},
		{detective, "POST", apiPrefix + "incidents", `{"title":"A second stop","trigger":"observed","occurred":{"from":"2026-11-22T09:00:00Z","precision":"approx"},"place":"a street","inside_city":"yes","address":"sealed street 1"}`, 200, `"A second stop"`},
		{detective, "GET", apiPrefix + "incidents?limit=1", "", 200, `"next":"`},
		{detective, "POST", apiPrefix + "search", `{"words":"second"}`, 200, "A second stop"},
		{detective, "POST", apiPrefix + "search", `{"state":"open","order":"chicago-eo-2026-01","from":"2026-11-22","to":"2026-11-22"}`, 200, "A second stop"},
		{detective, "POST", apiPrefix + "search", `{"words":"second","state":"closed"}`, 200, `"items":[]`},
		{detective, "POST", apiPrefix + "search", `{"words":"second","to":"2026-11-21"}`, 200, `"items":[]`},
		{detective, "POST", apiPrefix + "search", `{"words":"second","order":"nowhere"}`, 422, "no order"},
		{detective, "POST", apiPrefix + "search", `{"words":"second","state":"old"}`, 422, ""},
		{detective, "POST", apiPrefix + "search", `{"words":"second","from":"soon"}`, 422, ""},
		{detective, "POST", apiPrefix + "search", `{}`, 422, ""},
		{detective, "GET", base, "", 200, `"exhibits":[{"value":{"id":"` + string(in) + `-E1"`},
		{detective, "POST", base + "/amend", `{"title":"A stop, as known now","reason":"the call was read"}`, 200, `"event"`},
		{detective, "GET", base + "/events", "", 200, `"incident.amended"`},
		{detective, "POST", base + "/parties", `{"slot":"Supervisor 1","capacity":"supervisor_on_scene","agency":"other_federal","agency_basis":"insignia","masked":"unknown","name":"a name under seal"}`, 200, `"Supervisor 1"`},
		{detective, "POST", base + "/parties", `{"slot":"Injured 1"}`, 422, "capacity"},
		{detective, "POST", base + "/parties/1/amend", `{"slot":"Supervisor 1","visible_id":"no","reason":"seen on film"}`, 200, `"no"`},
		{detective, "POST", base + "/accounts", `{"side":"agency_spokesperson","how":"letter of today"}`, 200, `"asked"`},
		{detective, "POST", base + "/accounts/1", `{"act":"given","words":"The personnel acted in the course of a lawful stop.","verbatim":"yes"}`, 200, "lawful stop"},
		{detective, "POST", base + "/accounts/1", `{"act":"guessed"}`, 422, "act"},
		{detective, "POST", base + "/allegations", `{"offence":"battery","actor":"federal","party":"` + string(in) + `-P1"}`, 200, `"battery"`},
		{detective, "POST", base + "/allegations/1", `{"element":"nonsense","side":"for","item":"` + string(in) + `-E1"}`, 422, "no element"},
		{detective, "POST", base + "/contacts", `{"office":"mayors-office","what":"asked for the number"}`, 200, "asked for the number"},
		{detective, "POST", base + "/located", `{"system":"evidence-desk","key":"bwc-77","kind":"bwc"}`, 200, "evidence-desk"},
		{detective, "POST", base + "/located", `{"system":"evidence-desk","key":""}`, 422, "SYSTEM:KEY"},
		{counsel, "POST", base + "/holds", `{"matter":"a petition","scope":["` + string(in) + `-E1"]}`, 200, "a petition"},
		{detective, "POST", base + "/holds/1/release", `{"reason":"done"}`, 403, "may not do this"},
		{counsel, "POST", base + "/holds/1/release", `{"reason":"the petition was withdrawn"}`, 200, "released_by"},
		{detective, "POST", base + "/exhibits/1/flag", `{"grounds":[]}`, 422, "grounds"},
		{detective, "POST", base + "/exhibits/1/flag", `{"grounds":["evidentiary_value"]}`, 200, "evidentiary_value"},
		{officer, "POST", base + "/exhibits/1/clock", `{"offset_ms":4250,"source":"shared_event","reason":"a door closes in both"}`, 200, `"offset_ms":4250`},
		{officer, "POST", base + "/exhibits/1/clock", `{"source":"hand","reason":"it was another door"}`, 200, `"clock_offsets"`},
		{officer, "POST", base + "/exhibits/1/clock", `{"offset_ms":1,"source":"arrival","reason":"x"}`, 422, "source"},
		{officer, "POST", base + "/exhibits/1/clock", `{"offset_ms":1,"source":"hand","reason":""}`, 422, "reason"},
		{officer, "POST", base + "/exhibits/1/marks", `{"from_ms":62500,"to_ms":69000,"note":"a door"}`, 200, `"from_ms":62500`},
		{officer, "POST", base + "/exhibits/1/marks", `{"from_ms":-1,"note":"a door"}`, 422, "from_ms"},
		{officer, "POST", base + "/exhibits/1/marks", `{"from_ms":1,"note":" "}`, 422, "needs a note"},
		{detective, "GET", base + "/marks", "", 200, `"note":"a door"`},
		{officer, "POST", base + "/viewings", `{"member":"officer-4471","reason":"because"}`, 403, ""},
		{detective, "GET", base + "/viewings", "", 200, `"items":[]`},
		{detective, "POST", base + "/exhibits/2/confirm", `{"word":"the desk, by telephone"}`, 200, "confirmed"},
		{detective, "POST", base + "/exhibits/1/verify", "", 200, `"intact"`},
		{detective, "GET", base + "/exhibits", "", 200, "evidence-desk"},
		{detective, "GET", base + "/exhibits/1", "", 200, `"digest":"sha256:`},
		{detective, "GET", base + "/exhibits/9", "", 404, "nothing here"},
		{detective, "GET", base + "/exhibits/1/bytes", "", 200, "a film"},
		{detective, "POST", base + "/sealed/P1/identity", `{"reason":""}`, 422, "say why"},
		{detective, "POST", base + "/sealed/P1/identity", `{"reason":"to ask for the account"}`, 200, "a name under seal"},
		{officer, "POST", base + "/sealed/P1/identity", `{"reason":"curious"}`, 403, ""},
		{officer, "POST", base + "/records", `{"type":"report","fields":{"narrative":"I saw a vehicle stop.","violation_alleged":"unknown"}}`, 200, `"id":"` + string(in) + `-R1"`},
		{officer, "POST", base + "/records", `{"type":"report","fields":{"nonsense":1}}`, 422, "nonsense"},
		{officer, "POST", base + "/records/1/amend", `{"fields":{"narrative":"I saw two vehicles stop.","violation_alleged":"unknown"},"reason":"remembered"}`, 200, `"version":2`},
		{officer, "GET", base + "/records/1", "", 200, "two vehicles"},
		{officer, "GET", base + "/records/1/versions", "", 200, "a vehicle stop"},
		{officer, "GET", base + "/records", "", 200, "two vehicles"},
		{officer, "GET", apiPrefix + "records", "", 200, `"items":`},
		{officer, "GET", apiPrefix + "records/9", "", 404, "nothing here"},
		{detective, "GET", apiPrefix + "record-types", "", 200, `"narrative"`},
		{detective, "GET", apiPrefix + "approvals", "", 403, "may not do this"},
		{supervisor, "GET", apiPrefix + "approvals", "", 200, `"items":[]`},
		{detective, "GET", apiPrefix + "duties", "", 200, `"items":`},
		{detective, "GET", apiPrefix + "footage", "", 200, `"items":`},
		{detective, "GET", apiPrefix + "orders", "", 200, "chicago-eo-2026-01"},
		{detective, "GET", apiPrefix + "orders/chicago-eo-2026-01", "", 200, `"duties"`},
		{detective, "GET", apiPrefix + "orders/none", "", 404, "nothing here"},
		{detective, "GET", apiPrefix + "journal", "", 403, "may not do this"},
		{auditor, "GET", apiPrefix + "journal?limit=2", "", 200, `"next":"2"`},
		{auditor, "GET", apiPrefix + "events?limit=2", "", 200, `"next":"`},
		{auditor, "POST", base + "/holds", `{"matter":"x"}`, 403, "may read"},
	} {
		code, text, header := call(t, s, step.method, step.path, step.who, step.body)
		if code != step.want || !strings.Contains(text, step.says) {
			t.Errorf("%s %s %s: %d, want %d with %q\n%.600s", step.method, step.path, step.body, code, step.want, step.says, text)
		}
		if code >= 400 {
			if p := heard(t, text, header); p.Status != code {
				t.Errorf("%s: a problem of status %d", step.path, p.Status)
			}
		}
		if strings.Contains(text, "a name under seal") && !strings.Contains(step.path, "/sealed/") || strings.Contains(text, "sealed street") {
			t.Errorf("%s tells what is sealed", step.path)
		}
	}
}

// A program is nobody without a good token, and a cookie is none; of a token
// that is over nothing is told but that it is none.
func TestAProgramWithoutAGoodTokenIsAStranger(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	now := noon()
	s := counterAt(t, rec, func() time.Time { return now })
	good := s.program(t, "officer-4471", true)
	retired := s.program(t, "officer-4472", true)
	ended := s.program(t, "supervisor-1102", true)
	_, err := rec.RetirePerson(t.Context(), rec.As("administrator-1"), now, "officer-4472", "left")
	must(t, err)
	_, err = rec.EndSessions(t.Context(), rec.As("administrator-1"), now, "supervisor-1102")
	must(t, err)
	cookie := sessionCookie(true) + "=" + string(s.token(t, "officer-4471"))
	address := apiPrefix + "incidents/" + string(in)
	if code, _, _ := call(t, s, "GET", address, good, ""); code != 200 {
		t.Fatalf("a good token: %d", code)
	}
	code, want, header := call(t, s, "GET", address, "", "")
	if p := heard(t, want, header); code != 401 || p.Kind != "signed out" || header.Get("WWW-Authenticate") != "Bearer" {
		t.Fatalf("no token: %d %s", code, want)
	}
	for _, one := range []struct{ name, token, cookie string }{
		{"a cookie", "", cookie}, {"nonsense", "jurat_nonsense", ""}, {"a session's token", string(s.token(t, "officer-4471")), ""},
		{"of a retired person", retired, ""}, {"ended by an administrator", ended, ""}, {"much too long", "jurat_" + strings.Repeat("x", 9000), ""},
	} {
		for _, path := range []string{address, apiPrefix + "incidents/2031-000009", apiPrefix + "nowhere", apiPrefix} {
			code, text, _ := call(t, s, "GET", path, one.token, "", "Cookie", one.cookie)
			if code != 401 || text != want {
				t.Errorf("%s at %s: %d %s", one.name, path, code, text)
			}
		}
	}
	now = now.Add(30*24*time.Hour + time.Second)
	if code, text, _ := call(t, s, "GET", address, good, ""); code != 401 || text != want {
		t.Errorf("too old: %d", code)
	}
}

// Absent, forbidden and behind a wall are one answer, byte for byte.
func TestToAProgramAbsentAndForbiddenAreOneAnswer(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	s := counterAt(t, rec, noon)
	code, want, _ := call(t, s, "GET", apiPrefix+"incidents/2031-000009", s.program(t, "officer-4471", true), "")
	if code != 404 {
		t.Fatalf("absent: %d %s", code, want)
	}
	for _, who := range []jurat.PersonID{"aide-1", "liaison-1", "counsel-9", "administrator-1", "prosecutor-12"} {
		token := s.program(t, who, true)
		for _, path := range []string{"incidents/" + string(in), "incidents/2031-000009", "incidents/no-number", "incidents/" + string(in) + "/exhibits/1", "incidents/" + string(in) + "/exhibits/1/bytes", "nowhere"} {
			code, text, _ := call(t, s, "GET", apiPrefix+path, token, "")
			if strings.TrimSpace(text) != strings.TrimSpace(want) || code != 404 {
				t.Errorf("%s at %s: %d %s", who, path, code, text)
			}
		}
		code, text, _ := call(t, s, "POST", apiPrefix+"incidents/"+string(in)+"/holds", token, `{"matter":"x"}`)
		if strings.TrimSpace(text) != strings.TrimSpace(want) || code != 404 {
			t.Errorf("%s places a hold: %d %s", who, code, text)
		}
	}
}

// Whatever is sent, the answer is a sentence, and none is our failure.
func TestHostileRequestsGetASentence(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	s := counterAt(t, rec, noon)
	token := s.program(t, "detective-2208", true)
	var many strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&many, `,"f%d":1`, i)
	}
	base := apiPrefix + "incidents/" + string(in)
	for _, one := range []struct {
		method, path, body string
		want               int
	}{
		{"POST", apiPrefix + "incidents", `{"title":`, 400},
		{"POST", apiPrefix + "incidents", `{"title":7}`, 422},
		{"POST", apiPrefix + "incidents", `[]`, 422},
		{"POST", apiPrefix + "incidents", `null`, 422},
		{"POST", apiPrefix + "incidents", "", 400},
		{"POST", apiPrefix + "incidents", `{"title":"x"` + many.String() + `}`, 422},
		{"POST", base + "/records", `{"type":"report","fields":{"narrative":"x"` + many.String() + `}}`, 422},
		{"POST", base + "/records", `{"type":"report","fields":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}`, 400},
		{"POST", base + "/records", `{"type":"no such","fields":{}}`, 422},
		{"POST", base + "/exhibits/1/flag", `{"grounds":["x","x","\u0000"]}`, 404},
		{"POST", base + "/records", `{"type":"report","fields":{"narrative":"` + strings.Repeat("x", formLimit) + `"}}`, 413},
		{"POST", apiPrefix + "incidents", `{"title":"x","occurred":{"from":"yesterday"}}`, 422},
		{"POST", apiPrefix + "incidents", "{\"title\":\"\xff\xfe\"}", 400},
		{"GET", apiPrefix + "incidents?limit=100000", "", 422},
		{"GET", apiPrefix + "incidents?limit=-1", "", 422},
		{"GET", apiPrefix + "incidents?limit=x", "", 422},
		{"GET", apiPrefix + "incidents?after=%00", "", 422},
		{"GET", apiPrefix + "incidents?who=me", "", 422},
		{"GET", base + "/exhibits/99999999999999999999", "", 404},
		{"DELETE", base, "", 404},
		{"PUT", base, "{}", 404},
		{"POST", apiPrefix + "unsigned", `{"act":"incident.opened","item":"2026-000001"}`, 422},
		{"POST", apiPrefix + "unsigned", `{"act":"record.submitted","item":"` + string(in) + `-R9"}`, 404},
		{"POST", apiPrefix + "signed", `{"act":"record.submitted","item":"` + string(in) + `-R1","id":"x","proof":{"a":1}}`, 422},
		{"POST", apiPrefix + "search", `{"words":""}`, 422},
	} {
		code, text, header := call(t, s, one.method, one.path, token, one.body)
		if code != one.want {
			t.Errorf("%s %s %.80s: %d, want %d\n%.500s", one.method, one.path, one.body, code, one.want, text)
		}
		if p := heard(t, text, header); len(p.Errors) > mostErrors || len(text) > 8000 {
			t.Errorf("%s %.80s: %d fields are told in %d bytes", one.path, one.body, len(p.Errors), len(text))
		}
	}
	lines, err := rec.List(t.Context(), rec.As("detective-2208"), noon(), "", 10)
	if err != nil || len(lines) != 1 {
		t.Errorf("%d incidents, %v", len(lines), err)
	}
}

// The same request by the same name is done once, and answered the same.
func TestARequestOfAProgramIsDoneOnce(t *testing.T) {
	rec := desktest.City(t)
	now := noon()
	s := counterAt(t, rec, func() time.Time { return now })
	token := s.program(t, "detective-2208", true)
	address, body := apiPrefix+"incidents", `{"title":"Once"}`
	code, first, _ := call(t, s, "POST", address, token, body, "Idempotency-Key", "a")
	again, second, header := call(t, s, "POST", address, token, body, "Idempotency-Key", "a")
	if code != 200 || again != 200 || first != second || header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("%d %s, then %d %s", code, first, again, second)
	}
	if code, text, header := call(t, s, "POST", address, token, `{"title":"Another"}`, "Idempotency-Key", "a"); code != 422 || !strings.Contains(heard(t, text, header).Detail, "Idempotency-Key") {
		t.Errorf("another request by that name: %d %s", code, text)
	}
	other := s.program(t, "officer-4471", true)
	if code, text, _ := call(t, s, "POST", address, other, body, "Idempotency-Key", "a"); code != 200 || text == first {
		t.Errorf("another's request by that name: %d %s", code, text)
	}
	if code, _, _ := call(t, s, "POST", address, token, body, "Idempotency-Key", strings.Repeat("k", 201)); code != 422 {
		t.Errorf("a name too long: %d", code)
	}
	now = now.Add(25 * time.Hour)
	if code, text, _ := call(t, s, "POST", address, token, body, "Idempotency-Key", "a"); code != 200 || text == first {
		t.Errorf("a day later: %d %s", code, text)
	}
	lines, err := rec.List(t.Context(), rec.As("detective-2208"), now, "", 10)
	if err != nil || len(lines) != 3 {
		t.Errorf("%d incidents, %v", len(lines), err)
	}
}

func TestAProgramThatAsksTooOftenWaits(t *testing.T) {
	rec := desktest.City(t)
	now := noon()
	s := counterAt(t, rec, func() time.Time { return now })
	token, other := s.program(t, "detective-2208", false), s.program(t, "detective-2208", false)
	for range paceAtOnce {
		if code, text, _ := call(t, s, "GET", apiPrefix+"orders/none", token, ""); code != 404 {
			t.Fatalf("%d %s", code, text)
		}
	}
	code, text, header := call(t, s, "GET", apiPrefix+"orders/none", token, "")
	if p := heard(t, text, header); code != 429 || p.Kind != "too many" || header.Get("Retry-After") != "1" {
		t.Errorf("%d %s", code, text)
	}
	if code, _, _ := call(t, s, "GET", apiPrefix+"orders/none", other, ""); code != 404 {
		t.Errorf("another token: %d", code)
	}
	now = now.Add(time.Second)
	if code, _, _ := call(t, s, "GET", apiPrefix+"orders/none", token, ""); code != 404 {
		t.Errorf("a second later: %d", code)
	}
}

// A program on another machine sends no cookie; that it is of another site, or
// of none, is nothing to the counter.
func TestAProgramNeedsNoOrigin(t *testing.T) {
	rec := desktest.City(t)
	s := counterAt(t, rec, noon)
	token := s.program(t, "detective-2208", true)
	for _, headers := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://elsewhere.example"}, nil} {
		if code, text, h := call(t, s, "POST", apiPrefix+"incidents", token, `{"title":"From a program"}`, headers...); code != 200 || h.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%v: %d %s", headers, code, text)
		}
	}
}
