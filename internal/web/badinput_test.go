package web

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/numbers"
	"jurat/internal/register"
)

// realGaps fill an address with what is there.
func realGaps(in jurat.IncidentNumber) map[string]string {
	return map[string]string{
		"incident": string(in), "record": "1", "exhibit": "1", "account": "1", "allegation": "1", "hold": "1", "referral": "1", "dossier": "1",
		"party": "1", "letter": "receipt", "item": "P1", "class": "identity", "draft": "nothing", "order": "chicago-eo-2026-01", "upload": "nothing",
	}
}

// hostileGaps are what somebody may put in an address instead: what is not
// there, what is no number, ways out of a folder, what is no text.
var hostileGaps = []string{"2026-000999", "99999999999999999999", "..%2F..%2Fetc%2Fpasswd", "%00", "%ff%fe", "%E2%80%AE1", "1%27--", strings.Repeat("a", 3000)}

const hostileQuery = "?after=%00&to=//elsewhere.example&with=1,99999999999999999999,-1&at=%ff&print=1&n=-1&limit=1e9&%zz"

// addressesOf are an address as it should be, and with one gap after another
// filled by somebody hostile.
func addressesOf(path string, in jurat.IncidentNumber) []string {
	real := realGaps(in)
	fill := func(wrong, value string) string {
		return pathGap.ReplaceAllStringFunc(path, func(gap string) string {
			name := strings.Trim(gap, "{}")
			if name == wrong {
				return value
			}
			if real[name] == "" {
				return "1"
			}
			return real[name]
		})
	}
	all := []string{fill("", "")}
	for _, m := range pathGap.FindAllStringSubmatch(path, -1) {
		for _, value := range hostileGaps {
			all = append(all, fill(m[1], value))
		}
	}
	return all
}

// onRecordNow is every item with its last event, but for looks and checks, which
// reading makes.
func onRecordNow(t *testing.T, rec *desktest.Record) string {
	t.Helper()
	var b strings.Builder
	must(t, rec.Register.Read(t.Context(), func(tx *register.Tx) error {
		rows, err := tx.ListIncidents(nil, "", 100)
		if err != nil {
			return err
		}
		places := []jurat.IncidentNumber{register.House}
		for _, row := range rows {
			places = append(places, row.Incident)
		}
		for _, in := range places {
			items, err := tx.ItemPointers(in)
			if err != nil {
				return err
			}
			for _, i := range items {
				if i.Item.Noun != jurat.NounLook && i.Item.Noun != jurat.NounCheck {
					fmt.Fprintln(&b, in, i.Item.Noun, i.Item.ID, i.Event)
				}
			}
		}
		return nil
	}))
	return b.String()
}

// added are the lines of one record that another did not have.
func added(before, now string) []string {
	had := strings.Split(before, "\n")
	return slices.DeleteFunc(strings.Split(now, "\n"), func(line string) bool { return slices.Contains(had, line) })
}

// fieldNames are the names of every field of every form here.
func fieldNames(t *testing.T) []string {
	t.Helper()
	names := map[string]bool{"exhibits": true}
	files, err := fs.Glob(pageFiles, "page/*.html")
	must(t, err)
	for _, file := range files {
		text, err := pageFiles.ReadFile(file)
		must(t, err)
		for _, m := range regexp.MustCompile(`name="([a-z_]+)"`).FindAllSubmatch(text, -1) {
			names[string(m[1])] = true
		}
	}
	if len(names) < 40 {
		t.Fatalf("%d fields: are the pages read rightly?", len(names))
	}
	return slices.Sorted(maps.Keys(names))
}

// A posted is a body somebody hostile sends.
type posted struct{ name, kind, body string }

const formKind = "application/x-www-form-urlencoded"

// unreadable are bodies of which nothing may be kept, whatever the page.
func unreadable(fields []string) []posted {
	each := func(value string) string {
		var b strings.Builder
		for _, f := range fields {
			b.WriteString(f + "=" + value + "&")
		}
		return b.String()
	}
	var many strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&many, "f%d=1&", i)
	}
	return []posted{
		{"a form cut in an escape", formKind, each("one") + "last=%z"},
		{"10,000 fields", formKind, each("one") + many.String()},
		{"a form of more than a megabyte", formKind, each("one") + "last=" + strings.Repeat("x", formLimit)},
		{"no UTF-8", formKind, each("%ff%fe")},
		{"a zero character", formKind, each("a%00b")},
		{"a form without a kind", "", each("one")},
		{"JSON", "application/json", `{"title":"x"}`},
		{"malformed JSON", "application/json", `{"id":`},
		{"a script", "text/html", "<script>alert(1)</script>"},
		{"parts without a boundary", "multipart/form-data", each("one")},
		{"parts cut short", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\none"},
		{"a kind that is none", ";;=", each("one")},
	}
}

// odd are forms that can be read and say what nobody should.
func odd(fields []string) []posted {
	each := func(value string) string {
		form := url.Values{}
		for _, f := range fields {
			form.Set(f, value)
		}
		return form.Encode()
	}
	return []posted{
		{"a number beyond numbers", formKind, each("99999999999999999999999")},
		{"a way out of a folder", formKind, each("../../../../etc/passwd")},
		{"text that runs backwards", formKind, each("\u202egnp.exe")},
		{"an order to the database", formKind, each("'; drop table event; --")},
		{"a very long text", formKind, each(strings.Repeat("é", 3000))},
		{"an item of another incident", formKind, each("2026-000002-E1")},
		{"nothing", formKind, ""},
	}
}

// Every page there is, and every one there will be, meets what somebody hostile
// sends: the answer is a sentence, never our failure, never a panic, and of what
// cannot be read nothing is kept. The logger of the station fails the test when
// anything is recovered or fails.
func TestNoPageFailsOnWhatSomebodyHostileSends(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	rec.Complete(t, in)
	rec.Opened(t)
	s := counterAt(t, rec, noon)
	fields := fieldNames(t)
	bad, strange := unreadable(fields), odd(fields)
	for _, who := range []jurat.PersonID{"supervisor-1102", "administrator-1", "aide-1"} {
		s.token(t, who) // whose keys go on the record
	}
	before := onRecordNow(t, rec)
	requests := 0
	send := func(t *testing.T, who jurat.PersonID, method, address string, p posted, headers ...string) (int, string) {
		requests++
		r := httptest.NewRequestWithContext(t.Context(), method, "/", strings.NewReader(p.body))
		at, err := url.Parse(address)
		if err != nil { // what no client would send comes as a server reads it
			at = &url.URL{Path: address}
		}
		r.URL = at
		if p.kind != "" {
			r.Header.Set("Content-Type", p.kind)
		}
		for i := 0; i+1 < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		if who != "" {
			r.AddCookie(&http.Cookie{Name: sessionCookie(true), Value: string(s.token(t, who))})
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("%s %.200s, %s: %d %.300s", method, address, p.name, w.Code, w.Body)
		}
		if w.Code >= 400 && method != http.MethodHead && len(strings.Fields(textOf(w.Body.String()))) < 3 {
			t.Errorf("%s %.200s, %s: %d without a sentence: %q", method, address, p.name, w.Code, w.Body)
		}
		return w.Code, w.Body.String()
	}
	for _, pattern := range s.patterns {
		method, path, ok := strings.Cut(pattern, " ")
		if !ok || path == "/static/" {
			continue // what is nowhere; files that are ours
		}
		t.Run(pattern, func(t *testing.T) {
			path := strings.TrimSuffix(path, "{$}")
			who := jurat.PersonID("supervisor-1102")
			if strings.HasPrefix(path, "/admin") || strings.HasPrefix(path, "/trust") {
				who = "administrator-1"
			}
			tus := []string{"Tus-Resumable", tusVersion, "Upload-Offset", "-1", "Upload-Length", "9223372036854775808", "Upload-Metadata", "filename \xff,,=", "Upload-Checksum", "sha1", "Jurat-Sha256", "zz"}
			for i, address := range addressesOf(path, in) {
				code, _ := send(t, who, method, address+hostileQuery, posted{name: "nothing"}, tus...)
				if i > 0 && code < 400 && method == http.MethodPost && code != http.StatusSeeOther {
					t.Errorf("%s: %d", address, code)
				}
			}
			if method != http.MethodPost {
				return
			}
			if strings.HasSuffix(path, "/probe") {
				before = onRecordNow(t, rec) // it reads no form: who asked was answered
			}
			address := addressesOf(path, in)[0]
			for _, p := range bad {
				if scripted[pattern] && strings.HasSuffix(p.kind, "json") {
					continue // what a script of ours sends; its pages look at it themselves
				}
				if code, text := send(t, who, method, address, p, tus...); code < 400 {
					t.Errorf("%s: %d %.200s", p.name, code, text)
				}
			}
			if now := onRecordNow(t, rec); now != before {
				t.Errorf("something was kept of what cannot be read: %q", added(before, now))
				before = now
			}
			for _, p := range strange {
				send(t, who, method, address, p)
				send(t, "aide-1", method, address, p)
			}
			for _, one := range []jurat.PersonID{who, "aide-1"} {
				if code, _ := send(t, one, "GET", "/me", posted{}); code != http.StatusOK { // signed out, as was asked
					delete(s.tokens, one)
					s.token(t, one)
				}
			}
			before = onRecordNow(t, rec)
		})
	}
	t.Logf("%d requests to %d pages", requests, len(s.patterns))
	if len(s.patterns) < 90 {
		t.Errorf("%d pages: is the plan read rightly?", len(s.patterns))
	}
}

// textOf is the text of a page.
func textOf(page string) string {
	return regexp.MustCompile(`(?s)<[^>]*>`).ReplaceAllString(page, " ")
}

// Every operation there is meets the same, and tokens that are none, of another
// office, or may only read.
func TestNoOperationFailsOnWhatSomebodyHostileSends(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	rec.Complete(t, in)
	now := noon()
	s := counterAt(t, rec, func() time.Time { return now })
	_, doc := documentOf(t, s)
	own, other, reader := s.program(t, "supervisor-1102", true), s.program(t, "prosecutor-12", true), s.program(t, "supervisor-1102", false)
	var many strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&many, `,"f%d":1`, i)
	}
	bodies := []posted{
		{"malformed", "application/json", `{"title":`},
		{"10,000 fields", "application/json", `{"a":1` + many.String() + `}`},
		{"deep", "application/json", `{"fields":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}`},
		{"more than a megabyte", "application/json", `{"title":"` + strings.Repeat("x", formLimit) + `"}`},
		{"no UTF-8", "application/json", "{\"title\":\"\xff\"}"},
		{"a number beyond numbers", "application/json", `{"limit":1e999}`},
		{"a list", "application/json", `[]`},
		{"a letter that is none", "application/json", `{"letter":"no letter"}`},
		{"a form", formKind, "title=x"},
		{"a script", "text/html", "<script>"},
	}
	send := func(method, address, token string, p posted) int {
		now = now.Add(time.Second) // the pace of programs is another test's
		r := httptest.NewRequestWithContext(t.Context(), method, "/", strings.NewReader(p.body))
		at, err := url.Parse(address)
		if err != nil {
			at = &url.URL{Path: address}
		}
		r.URL = at
		if p.kind != "" {
			r.Header.Set("Content-Type", p.kind)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code >= 400 {
			if told := heard(t, w.Body.String(), w.Header()); told.Status != w.Code || w.Code >= 500 {
				t.Errorf("%s %.200s, %s: %d %s", method, address, p.name, w.Code, w.Body)
			}
		}
		return w.Code
	}
	// Acts that are their address alone, whatever is sent along.
	before := onRecordNow(t, rec)
	readsNothing := []string{"verifyExhibit", "probeExhibit", "beginReport", "dropReport"}
	operations := 0
	for path, item := range doc.Paths {
		for method := range item {
			operations++
			method = strings.ToUpper(method)
			for i, address := range addressesOf(path, in) {
				if code := send(method, address+"?limit=-1&after=%00", own, posted{name: "a hostile query"}); code < 400 {
					t.Errorf("%s %.200s with a hostile query: %d", method, address, code)
				}
				if code := send(method, address, own, posted{name: "nothing"}); i > 0 && code < 400 && !strings.HasSuffix(address, "1%27--") && !strings.HasSuffix(path, "/discard") { // what is not there is discarded
					t.Errorf("%s %.200s: %d", method, address, code)
				}
			}
			address := addressesOf(path, in)[0]
			for _, token := range []string{"", "jurat_nonsense"} {
				if code := send(method, address, token, posted{name: "no token"}); code != http.StatusUnauthorized {
					t.Errorf("%s %s without a token: %d", method, address, code)
				}
			}
			if method != http.MethodPost {
				continue
			}
			for _, p := range bodies {
				if code := send(method, address, own, p); code < 400 && !slices.Contains(readsNothing, item["post"].OperationID) {
					t.Errorf("POST %s, %s: %d", address, p.name, code)
				}
			}
			for _, token := range []string{other, reader} {
				if code := send(method, address, token, posted{"of another", "application/json", `{"reason":"x"}`}); code < 400 {
					t.Errorf("POST %s by another's token: %d", address, code)
				}
			}
		}
	}
	if operations < 40 {
		t.Errorf("%d operations", operations)
	}
	asked := func(line string) bool { return strings.Contains(line, " probe ") } // whoever asked was answered
	if kept := slices.DeleteFunc(added(before, onRecordNow(t, rec)), asked); len(kept) > 0 {
		t.Errorf("something was kept: %q", kept)
	}
}

// Every list comes page by page, and every act may be asked for twice and done
// once: a list or an act that is added is held to it too.
func TestEveryListHasPagesAndEveryActAName(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	rec.Complete(t, in)
	rec.Opened(t)
	// Without a table nobody can say whose footage was to be expected.
	_, _, err := rec.Import(t.Context(), rec.As("evidence-7"), noon(), desk.TableFile{Kind: numbers.Dispatch, Zone: "UTC", Text: strings.NewReader(
		"event_number,unit,member,sent_at\n26-327-0144,14,Officer 4471,2026-11-22T10:20:07Z\n26-327-0144,15,Officer 4472,2026-11-22T10:21:07Z\n")})
	must(t, err)
	now := noon()
	s := counterAt(t, rec, func() time.Time { return now })
	if code, _, _ := ask(t, s, "POST", "/records", "supervisor-1102", url.Values{"type": {"guidance"}, "document": {"Bulletin 1"}, "number": {"1"}}); code != 303 {
		t.Fatalf("guidance: %d", code)
	}
	_, _, begun := ask(t, s, "POST", "/reports", "supervisor-1102", nil)
	draft, _, _ := strings.Cut(strings.TrimPrefix(begun.Get("Location"), "/reports/"), "?")
	_, doc := documentOf(t, s)
	own, auditor, administrator := s.program(t, "supervisor-1102", false), s.program(t, "auditor-1", false), s.program(t, "administrator-1", false)
	lists := 0
	get := func(token, address string) (items []json.RawMessage, next string) {
		now = now.Add(time.Second)
		code, text, _ := call(t, s, "GET", address, token, "")
		var l struct {
			Items []json.RawMessage
			Next  string
		}
		if code != 200 || json.Unmarshal([]byte(text), &l) != nil {
			t.Fatalf("%s: %d %.300s", address, code, text)
		}
		return l.Items, l.Next
	}
	for path, item := range doc.Paths {
		has := func(method, name string) bool {
			return slices.ContainsFunc(item[method].Parameters, func(p struct{ Name, In, Description string }) bool { return p.Name == name })
		}
		if item["post"].OperationID != "" && !has("post", "Idempotency-Key") {
			t.Errorf("POST %s takes no Idempotency-Key", path)
		}
		if !strings.HasPrefix(item["get"].OperationID, "list") || item["get"].OperationID == "listFootage" { // a list of several, bounded by its days
			continue
		}
		lists++
		if !has("get", "after") || !has("get", "limit") {
			t.Errorf("%s has no pages", path)
			continue
		}
		address := strings.Replace(addressesOf(path, in)[0], "/reports/nothing", "/reports/"+draft, 1)
		token := own
		switch path[strings.LastIndex(path, "/"):] {
		case "/journal", "/alerts", "/audit":
			token = auditor
		case "/sign-ons":
			token = administrator
		}
		all, _ := get(token, address+"?limit=200")
		var pages []json.RawMessage
		for after := ""; len(pages) <= len(all); {
			page, next := get(token, address+"?limit=1&after="+url.QueryEscape(after))
			pages = append(pages, page...)
			if after = next; after == "" {
				break
			}
		}
		if len(pages) < len(all) { // looking adds to what is listed
			t.Errorf("%s: %d lines in pages of one, %d in one page", path, len(pages), len(all))
		}
		for i := range min(len(all), len(pages)) {
			if string(all[i]) != string(pages[i]) && !strings.Contains(path, "/duties") { // whose age goes on
				t.Errorf("%s: line %d is %s, and in pages %s", path, i, all[i], pages[i])
				break
			}
		}
		now = now.Add(time.Second)
		if code, text, h := call(t, s, "GET", address+"?after=nothing+of+it", token, ""); code != 422 {
			t.Errorf("%s after what is not in it: %d %s", path, code, text)
		} else {
			heard(t, text, h)
		}
	}
	if lists < 8 {
		t.Errorf("%d lists", lists)
	}
}
