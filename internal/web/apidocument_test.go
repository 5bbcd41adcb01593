package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jurat"
	"jurat/format"
	"jurat/internal/desk/desktest"
)

// documentOf is what a stranger reads of what programs may ask.
func documentOf(t *testing.T, s *station) (text string, doc struct {
	OpenAPI    string
	Paths      map[string]map[string]operationDoc
	Components struct{ Schemas map[string]json.RawMessage }
}) {
	t.Helper()
	code, text, h := ask(t, s, "GET", "/api/openapi.json", "", nil)
	if code != 200 || h.Get("Content-Type") != "application/openapi+json" {
		t.Fatalf("%d %v", code, h)
	}
	must(t, json.Unmarshal([]byte(text), &doc))
	return text, doc
}

type operationDoc struct {
	OperationID string
	Summary     string
	Tags        []string
	Parameters  []struct{ Name, In, Description string }
	Responses   map[string]json.RawMessage
}

// The document is OpenAPI 3.1, names everything it refers to, and says of every
// operation what it does, what stands in its address and how it refuses.
func TestTheDocumentIsWhole(t *testing.T) {
	s := counterAt(t, desktest.City(t), noon)
	text, doc := documentOf(t, s)
	if !strings.HasPrefix(doc.OpenAPI, "3.1") || strings.Contains(text, "$schema") {
		t.Errorf("version %q", doc.OpenAPI)
	}
	for _, m := range regexp.MustCompile(`"#/components/schemas/([^"]+)"`).FindAllStringSubmatch(text, -1) {
		if doc.Components.Schemas[m[1]] == nil {
			t.Errorf("%s is nowhere", m[1])
		}
	}
	seen := map[string]bool{}
	for path, item := range doc.Paths {
		for method, op := range item {
			if op.Summary == "" || op.OperationID == "" || seen[op.OperationID] || len(op.Tags) != 1 || op.Responses["200"] == nil || op.Responses["default"] == nil {
				t.Errorf("%s %s: %+v", method, path, op)
			}
			seen[op.OperationID] = true
			for _, m := range pathGap.FindAllStringSubmatch(path, -1) {
				if !slices.ContainsFunc(op.Parameters, func(p struct{ Name, In, Description string }) bool {
					return p.Name == m[1] && p.In == "path" && p.Description != ""
				}) {
					t.Errorf("%s %s does not say what %s is", method, path, m[1])
				}
			}
			// What is described is there: a stranger is told to come in.
			if code, _, _ := call(t, s, strings.ToUpper(method), pathGap.ReplaceAllString(path, "1"), "", ""); code != http.StatusUnauthorized {
				t.Errorf("%s %s to a stranger: %d", method, path, code)
			}
		}
	}
	if len(seen) < 40 {
		t.Errorf("%d operations", len(seen))
	}
	_, page, _ := ask(t, s, "GET", "/api", "", nil)
	for id := range seen {
		if !strings.Contains(page, `id="`+id+`"`) {
			t.Errorf("the page does not show %s", id)
		}
	}
	if strings.Contains(page, "<script") {
		t.Error("the page runs a script")
	}
}

// notForPrograms are the acts of pages that no program does, and why.
var notForPrograms = []struct{ prefix, why string }{
	{"/language", "of a browser"}, {"/login", "how a person comes in"}, {"/setup", "how a person comes in"}, {"/leave", "of a session"}, {"/again", "how a person shows who they are"},
	{"/me", "a person's own credentials, which no token may change"}, {"/admin", "who is let in, which a person decides who has just shown who they are"},
	{"/sign", "two requests: /unsigned and /signed"},
	{"/orders/ships", "a file that comes with this program; another sends the file it has to /orders/check"},
	{"/incidents/{incident}/exhibits/{exhibit}/redact", "edits on their way to a copy; a program sends the list whole, to .../redactions"},
	{"/inbox", "a dossier is a file; a person takes it in and reads what its check says"}, {"/trust", "whose keys are trusted, which a person decides who compared them"},
}

// Whatever a page does, an operation does, or it is said why not.
func TestEachActOfAPageHasAnOperation(t *testing.T) {
	s := counterAt(t, desktest.City(t), noon)
	_, doc := documentOf(t, s)
	plan, err := os.ReadFile("counter.go")
	must(t, err)
	acts := 0
	for _, m := range regexp.MustCompile(`\{"POST (/[^"]*)", c\.`).FindAllStringSubmatch(string(plan), -1) {
		acts++
		if doc.Paths[strings.TrimSuffix(apiPrefix, "/")+m[1]]["post"].OperationID != "" {
			continue
		}
		if !slices.ContainsFunc(notForPrograms, func(n struct{ prefix, why string }) bool {
			return m[1] == n.prefix || strings.HasPrefix(m[1], n.prefix+"/")
		}) {
			t.Errorf("no program can do POST %s", m[1])
		}
	}
	if acts < 30 {
		t.Errorf("%d acts of pages: is the plan read rightly?", acts)
	}
}

// A person makes a token on their page, sees it once, and ends it.
func TestAPersonMakesAndEndsATokenOfAProgram(t *testing.T) {
	s := counterAt(t, desktest.City(t), noon)
	who := jurat.PersonID("detective-2208")
	code, page, _ := ask(t, s, "POST", "/me/tokens", who, url.Values{"name": {"Morning report"}, "scope": {"read"}, "days": {"91"}})
	if code != 422 || !strings.Contains(page, "1 to 90 days") {
		t.Errorf("91 days: %d", code)
	}
	code, page, _ = ask(t, s, "POST", "/me/tokens", who, url.Values{"name": {"Morning report"}, "scope": {"read"}, "days": {"30"}})
	secret := regexp.MustCompile(`jurat_[\w-]{43}`).FindString(page)
	if code != 200 || secret == "" {
		t.Fatalf("made: %d", code)
	}
	if code, _, _ := call(t, s, "GET", apiPrefix+"incidents", secret, ""); code != 200 {
		t.Errorf("shown: %d", code)
	}
	_, page, _ = ask(t, s, "GET", "/me", who, nil)
	id := regexp.MustCompile(`action="/me/tokens/end"><input type="hidden" name="id" value="([^"]+)"`).FindStringSubmatch(page)
	if id == nil || !strings.Contains(page, "Morning report") || strings.Contains(page, secret) {
		t.Fatal("the page does not list it, or shows it again")
	}
	if code, _, _ := ask(t, s, "POST", "/me/tokens/end", "officer-4471", url.Values{"id": {id[1]}}); code != 404 {
		t.Errorf("ended by another: %d", code)
	}
	if code, _, _ := ask(t, s, "POST", "/me/tokens/end", who, url.Values{"id": {id[1]}}); code != 303 {
		t.Errorf("ended: %d", code)
	}
	if code, _, _ := call(t, s, "GET", apiPrefix+"incidents", secret, ""); code != 401 {
		t.Errorf("after it was ended: %d", code)
	}
}

// A program asks what is to be signed; its person signs with a key file.
func TestAProgramBringsItsPersonsSignature(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	rec.Complete(t, in)
	s := counterAt(t, rec, noon)
	who := jurat.PersonID("officer-4472")
	token := s.program(t, who, true)
	code, text, _ := call(t, s, "POST", apiPrefix+"incidents/"+string(in)+"/records", token,
		`{"type":"report","fields":{"narrative":"I came second and saw a vehicle stop.","violation_alleged":"unknown","anyone_injured":"no","viewed_footage":"no","witnesses_canvassed":"done","private_video_asked":"done"}}`)
	var made struct{ Value jurat.Record }
	must(t, json.Unmarshal([]byte(text), &made))
	if code != 200 {
		t.Fatalf("a record: %d %s", code, text)
	}
	act := `"act":"record.submitted","item":"` + string(made.Value.ID) + `"`
	ready := func() (u unsignedAct) {
		code, text, _ := call(t, s, "POST", apiPrefix+"unsigned", token, "{"+act+"}")
		must(t, json.Unmarshal([]byte(text), &u))
		if code != 200 || !strings.Contains(u.Sentence, string(made.Value.ID)) {
			t.Fatalf("%d %s", code, text)
		}
		return u
	}
	bring := func(u unsignedAct, by jurat.PersonID) (int, string) {
		draft, _, err := format.ReadDraft(u.Text)
		must(t, err)
		proof, err := rec.Keys[by].Sign(draft)
		must(t, err)
		signature, err := format.MarshalProof(*proof)
		must(t, err)
		code, text, _ := call(t, s, "POST", apiPrefix+"signed", token, `{`+act+`,"id":"`+u.ID+`","proof":`+string(signature)+`}`)
		return code, text
	}
	if code, text := bring(ready(), "officer-4471"); code != 403 {
		t.Errorf("somebody else's signature: %d %s", code, text)
	}
	u := ready()
	if code, text := bring(u, who); code != 200 || !strings.Contains(text, `"done":true`) {
		t.Fatalf("%d %s", code, text)
	}
	if code, _ := bring(u, who); code != 409 {
		t.Errorf("the same signature twice: %d", code)
	}
	r, err := rec.ShowRecord(t.Context(), rec.As(who), noon(), made.Value.ID)
	if err != nil || r.State != jurat.RecordSubmit {
		t.Errorf("%+v, %v", r, err)
	}
}
