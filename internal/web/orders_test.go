package web

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"html"
	"html/template"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/orders"
)

// brings posts a form with a file in it.
func (s *station) brings(t testing.TB, who jurat.PersonID, path string, values url.Values, field, name string, file []byte) (int, string, http.Header) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for key, all := range values {
		for _, one := range all {
			must(t, form.WriteField(key, one))
		}
	}
	if file != nil {
		part, err := form.CreateFormFile(field, name)
		must(t, err)
		_, err = part.Write(file)
		must(t, err)
	}
	must(t, form.Close())
	r := httptest.NewRequestWithContext(t.Context(), "POST", path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.AddCookie(&http.Cookie{Name: sessionCookie(true), Value: string(s.token(t, who))})
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Code, w.Body.String(), w.Header()
}

// An order is checked by line and column, tested, and shown beside the version
// in force before an administrator adopts it; a court's stay is a new entry of
// its history, and a banner; every version stays readable.
func TestAnOrderIsCheckedAdoptedAndStayedAtTheCounter(t *testing.T) {
	s := counterAt(t, desktest.City(t), noon)
	const admin, id = "administrator-1", "chicago-eo-2026-01"
	text, err := orders.Read(orders.Chicago)
	must(t, err)
	wrong := bytes.Replace(text, []byte("\neffective:"), []byte("\nefective:"), 1)
	code, page, _ := s.brings(t, admin, "/orders/check", nil, "order", "mine.yaml", wrong)
	if code != 422 || !strings.Contains(page, "efective") || !strings.Contains(page, "effective") || !strings.Contains(page, "cannot be adopted") || strings.Contains(page, `action="/orders/adopt"`) {
		t.Errorf("a misspelt key: %d", code)
	}
	if code, _, _ := s.brings(t, admin, "/orders/adopt", url.Values{"text": {base64.StdEncoding.EncodeToString(wrong)}}, "", "", nil); code != 422 {
		t.Errorf("and adopted all the same: %d", code)
	}
	if code, page, _ := s.brings(t, admin, "/orders/check", nil, "order", "mine.yaml", text); code != 422 || !strings.Contains(page, "in force already") {
		t.Errorf("the same bytes: %d", code)
	}
	if code, _, _ := s.brings(t, admin, "/orders/check", nil, "", "", nil); code != 422 {
		t.Errorf("no file: %d", code)
	}
	for _, who := range []jurat.PersonID{"supervisor-1102", "auditor-1", "aide-1"} {
		if code, _, _ := s.brings(t, who, "/orders/check", nil, "order", "mine.yaml", text); code != 404 {
			t.Errorf("%s checks: %d", who, code)
		}
		if code, _, _ := ask(t, s, "POST", "/orders/"+id+"/status", who, url.Values{}); code != 404 {
			t.Errorf("%s stays an order: %d", who, code)
		}
	}
	next := bytes.Replace(text, []byte("Signed on 31 January 2026. From when it holds is not stated."), []byte("Signed on 31 January 2026. From when it binds is not stated."), 1)
	code, page, _ = s.brings(t, admin, "/orders/check", nil, "order", "mine.yaml", next)
	if code != 200 || !strings.Contains(page, "can be adopted") || !strings.Contains(page, "<del>holds</del>") || !strings.Contains(page, "<ins>binds</ins>") {
		t.Errorf("another note: %d", code)
	}
	code, _, h := s.brings(t, admin, "/orders/adopt", url.Values{"name": {"mine.yaml"}, "text": {base64.StdEncoding.EncodeToString(next)}}, "", "", nil)
	if code != 303 || h.Get("Location") != "/orders/"+id {
		t.Fatalf("adopted: %d %q", code, h.Get("Location"))
	}

	stay := url.Values{"state": {"stayed"}, "authority": {"Circuit court"}, "source": {"Order 26 CH 118"}, "kind": {"court"}, "basis": {"stated"}}
	if code, page, _ := ask(t, s, "POST", "/orders/"+id+"/status", admin, stay); code != 422 || !strings.Contains(page, "from which minute") {
		t.Errorf("stayed at no time: %d", code)
	}
	stay.Set("at", "2026-11-22T19:30")
	if code, page, _ := ask(t, s, "POST", "/orders/"+id+"/status", admin, stay); code != 303 {
		t.Fatalf("stayed: %d %s", code, alertOf(page))
	}
	for _, path := range []string{"/orders", "/orders/" + id, "/duties"} {
		if _, page, _ := ask(t, s, "GET", path, "officer-4471", nil); !strings.Contains(page, "Circuit court") || !strings.Contains(page, "Documenting goes on") || !strings.Contains(page, "19:30:00") {
			t.Errorf("%s has no banner", path)
		}
	}
	if code, page, _ := ask(t, s, "GET", "/orders/"+id+"/diff", "officer-4471", nil); code != 200 || !strings.Contains(page, "Status history") || !strings.Contains(page, "stayed") {
		t.Errorf("what changed: %d", code)
	}
	if code, _, _ := ask(t, s, "GET", "/orders/"+id+"/diff?was=sha256:00", "officer-4471", nil); code != 404 {
		t.Errorf("a version that never was: %d", code)
	}
	token := s.program(t, admin, true)
	if code, text, _ := call(t, s, "GET", apiPrefix+"orders/"+id+"/versions", token, ""); code != 200 || strings.Count(text, `"version"`) != 3 {
		t.Errorf("versions: %d %s", code, text)
	}
	if code, text, _ := call(t, s, "GET", apiPrefix+"orders/"+id+"/changes", token, ""); code != 200 || !strings.Contains(text, "status.") {
		t.Errorf("changes: %d %.300s", code, text)
	}
	body, err := json.Marshal(map[string]string{"text": string(wrong)})
	must(t, err)
	if code, text, _ := call(t, s, "POST", apiPrefix+"orders/check", token, string(body)); code != 200 || !strings.Contains(text, `"adoptable":false`) || !strings.Contains(text, `"line":`) {
		t.Errorf("checked by a program: %d %.300s", code, text)
	}
	if code, text, _ := call(t, s, "POST", apiPrefix+"orders/adopt", token, string(body)); code != 422 || !strings.Contains(text, "efective") {
		t.Errorf("adopted by a program: %d %.300s", code, text)
	}
	if code, text, _ := call(t, s, "POST", apiPrefix+"orders/"+id+"/status", token, `{"state":"in_force","at":"2026-11-22T20:30:00Z","authority":"Circuit court","source":"Order 26 CH 118-B","kind":"court","basis":"stated"}`); code != 200 || !strings.Contains(text, `"version"`) {
		t.Errorf("lifted by a program: %d %.300s", code, text)
	}
}

// Words that came and went are told apart, and a long text is shown whole.
func TestWordsBetweenTwoTexts(t *testing.T) {
	for _, tc := range []struct{ was, now, want string }{
		{"ask the officer", "ask the supervising officer", "ask the +supervising officer"},
		{"at once", "", "-at once"},
		{"", "at once", "+at once"},
		{"same words", "same words", "same words"},
		{"a b c", "x y", "-a b c +x y"},
	} {
		var got []string
		for _, p := range wordsBetween(tc.was, tc.now) {
			mark := ""
			if p.Came {
				mark = "+"
			}
			if p.Went {
				mark = "-"
			}
			got = append(got, mark+p.Text)
		}
		if said := strings.Join(got, " "); said != tc.want {
			t.Errorf("%q to %q: %q, want %q", tc.was, tc.now, said, tc.want)
		}
	}
	if got := wordsBetween(strings.Repeat("a ", mostWords+1), "b"); len(got) != 2 {
		t.Errorf("a long text is in %d pieces", len(got))
	}
}

// An order that ships is chosen by name, and read as a file somebody brought is:
// its words and its tests first. Nothing is adopted before an administrator says
// so, of the very bytes they read.
func TestAnOrderThatShipsIsReadBeforeItIsAdopted(t *testing.T) {
	s := counterAt(t, desktest.City(t), noon)
	const admin, file, id = "administrator-1", "illinois-trust-act.yaml", "illinois-trust-act"
	adopted := func() bool {
		t.Helper()
		all, err := s.record.Orders(t.Context())
		must(t, err)
		return slices.ContainsFunc(all, func(o *desk.Order) bool { return o.ID == id })
	}
	for _, path := range []string{"/setup/order", "/orders/adopt"} {
		_, text, _ := ask(t, s, "GET", path, admin, nil)
		for _, name := range orders.Names() {
			o, err := orders.Parse(name)
			must(t, err)
			if !strings.Contains(text, `name="ships" id="`) || !strings.Contains(text, ` value="`+name+`"`) || !strings.Contains(text, template.HTMLEscapeString(o.Title)) || !strings.Contains(text, template.HTMLEscapeString(o.Jurisdiction)) {
				t.Errorf("%s does not offer %s", path, name)
			}
		}
		if regexp.MustCompile(`name="ships"[^>]* checked`).MatchString(text) || !strings.Contains(text, "warnings of") {
			t.Errorf("%s: one is chosen already, or no warnings are told", path)
		}
	}
	for _, form := range []url.Values{{}, {"ships": {"../go.mod"}}, {"ships": {"orders.go"}}} {
		if code, text, _ := ask(t, s, "POST", "/orders/ships", admin, form); code != 422 || !strings.Contains(text, `href="#ships"`) {
			t.Errorf("%v: %d", form, code)
		}
	}
	code, text, _ := ask(t, s, "POST", "/orders/ships", admin, url.Values{"ships": {file}})
	whole, err := orders.Read(file)
	must(t, err)
	if code != 200 || !strings.Contains(html.UnescapeString(text), string(whole)) || !strings.Contains(text, "tests pass") {
		t.Errorf("it is not shown whole: %d", code)
	}
	if adopted() {
		t.Fatal("it is adopted by being read")
	}
	field := regexp.MustCompile(`name="text" value="([^"]+)"`).FindStringSubmatch(text)
	if field == nil {
		t.Fatalf("no form adopts it: %s", alertOf(text))
	}
	for _, who := range []jurat.PersonID{"supervisor-1102", "auditor-1", "aide-1", ""} {
		if code, _, _ := ask(t, s, "POST", "/orders/ships", who, url.Values{"ships": {file}}); code == 200 || code == 422 {
			t.Errorf("%q reads it to adopt it: %d", who, code)
		}
	}
	code, _, h := s.brings(t, admin, "/orders/adopt", url.Values{"name": {file}, "text": {html.UnescapeString(field[1])}}, "", "", nil)
	if code != 303 || h.Get("Location") != "/orders/"+id || !adopted() {
		t.Errorf("adopted: %d to %q", code, h.Get("Location"))
	}
}
