package web

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jurat"
	"jurat/internal/desk/desktest"
)

// The English of a sentence that is found again is what the law, the desk or the
// porter says: where one of them says it otherwise, it would be found no more.
func TestWhatIsToldInAnotherLanguageIsWhatIsSaid(t *testing.T) {
	var code strings.Builder
	for _, room := range []string{"..", "../desk", "../login", "../.."} {
		files, err := filepath.Glob(filepath.Join(room, "*.go"))
		must(t, err)
		for _, name := range files {
			if !strings.HasSuffix(name, "_test.go") {
				text, err := os.ReadFile(name)
				must(t, err)
				code.Write(text)
			}
		}
	}
	forms, err := fs.ReadFile(os.DirFS("."), "form.go")
	must(t, err)
	said := strings.ReplaceAll(code.String()+string(forms), `\"`, `"`)
	english := catalogue(t, "en")
	for _, key := range spokenKeys {
		text := english[key]["other"]
		if text == "" {
			t.Errorf("%s has no English", key)
		}
		for _, part := range spokenGap.Split(text, -1) {
			if part = strings.Trim(part, " :;()"); len(part) > 3 && !strings.Contains(said, part) {
				t.Errorf("%s: nobody says %q", key, part)
			}
		}
	}
}

// A page has sentences: with a capital, and without what only our documents have.
func TestWhatIsToldIsASentence(t *testing.T) {
	for said, want := range map[string]string{
		"say why it is withdrawn":                    "Say why it is withdrawn",
		"could not tell: nothing here reads it":      "Could not tell: nothing here reads it",
		"edit 3 has no reason: choose one (LAW-4)":   "Edit 3 has no reason: choose one",
		"waits for a second look (LAW-4): do it":     "Waits for a second look: do it",
		"una marca necesita un motivo (EVD-2)":       "Una marca necesita un motivo",
		"última hora":                                "Última hora",
		"officer-4471 may not do this (hold.placed)": "officer-4471 may not do this (hold.placed)",
		`"now": want a year`:                         `"now": want a year`,
		"2026-000001-E1 is a copy":                   "2026-000001-E1 is a copy",
		"":                                           "",
	} {
		if got := asSentence(said); got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
}

// A refusal people meet often is told in Spanish, with what it names; another
// stands as the law says it, marked as English; and English pages are as they were.
func TestRefusalsAreToldInTheReadersLanguage(t *testing.T) {
	rec := desktest.City(t)
	in := "/incidents/" + string(rec.Opened(t))
	rec.Received(t, desktest.Noon, jurat.IncidentNumber(in[len("/incidents/"):]), "a film")
	s := counterAt(t, rec, noon)
	for _, c := range []struct {
		who        jurat.PersonID
		path       string
		form       url.Values
		code       int
		en, es, no string
	}{
		{"officer-4471", "/holds", url.Values{"matter": {""}, "scope": {in[len("/incidents/"):]}}, 403, "may not do this here (hold.placed); who may:", "no puede hacer esto aquí (retención puesta); quién puede:", `lang="en">officer`},
		{"counsel-3", in + "/holds", url.Values{"matter": {""}, "scope": {in[len("/incidents/"):]}}, 422, "Name the matter the hold is for", "Indique el asunto de la retención", "name the matter"},
		{"officer-4471", in + "/exhibits/1/flag", url.Values{}, 422, "needs a ground", "necesita un motivo", "needs a ground"},
		{"officer-4471", in + "/exhibits/1/marks", url.Values{"from": {"5"}, "to": {"4"}, "note": {"x"}}, 422, "must end after it begins", "debe terminar después de empezar", "must end"},
		{"administrator-1", "/admin/people", url.Values{"id": {"officer-4471"}, "label": {"X"}, "office": {"city-police"}, "role": {"officer"}}, 422, "is already on the record", "ya consta", "already on the record"},
		{"administrator-1", "/admin/people", url.Values{"id": {""}, "label": {"X"}, "office": {"city-police"}, "role": {"officer"}}, 422, "is no name of a person in the record: it has 1 to 40", "no es el nombre de una persona en el registro: tiene de 1 a 40", "is no name of a person"},
		{"officer-4471", "/me/password", url.Values{"password": {"short"}, "repeat": {"short"}}, 422, "at least 12 characters; this one has 5", "al menos 12 caracteres; esta tiene 5", "at least 12 characters; this"},
		{"officer-4471", "/incidents", url.Values{"title": {""}}, 422, "An incident needs a title", "Un incidente necesita un título", "an incident needs"},
	} {
		for lang, want := range map[string]string{"en": c.en, "es": c.es} {
			code, text, _ := ask(t, s, "POST", c.path, c.who, c.form, "Accept-Language", lang)
			if code != c.code || !strings.Contains(text, want) || lang == "es" && strings.Contains(text, c.no) {
				t.Errorf("%s %s: %d, want %q: %s", lang, c.path, code, want, alertOf(text))
			}
		}
	}
	for say, own := range map[string]bool{"no such sentence of the law": false, "Esta es la única forma que tiene de entrar. Cree otra antes": true, "This is the only way you have to sign in. Make another one first": true} {
		if got := string(s.pages.words.toldIn("es", say)); strings.Contains(got, `lang="en"`) == own {
			t.Errorf("%q: %s", say, got)
		}
	}
	if got := string(s.pages.words.toldIn("es", "say why <b> is released")); strings.Contains(got, "<b>") {
		t.Errorf("a sentence is markup: %s", got)
	}
}

// In a summary of what was wrong every sentence is in the reader's language or
// marked as English: what the law says and nobody translated is, a sentence of the
// catalogue with its gaps filled is not.
func TestASummaryMarksWhatIsNotInTheReadersLanguage(t *testing.T) {
	s := counterAt(t, desktest.City(t), noon)
	w := s.pages.words
	marked := func(said string) bool { return strings.Contains(string(w.toldIn("es", said)), `lang="en"`) }
	english, spanish := catalogue(t, "en"), catalogue(t, "es")
	for _, key := range spokenKeys {
		if said := spokenGap.ReplaceAllString(english[key]["other"], "7"); marked(said) {
			t.Errorf("%s: %q is marked as English", key, said)
		}
	}
	for key, forms := range spanish {
		text := forms["other"]
		if bare := spokenGap.ReplaceAllString(text, ""); spokenGap.MatchString(text) && len(bare) >= 12 && marked(spokenGap.ReplaceAllString(text, "2026-000001")) {
			t.Errorf("%s: its Spanish is marked as English", key)
		}
	}
	for _, said := range []string{"allegation A1 is named twice", "the keys of an office are not JSON", "2026-000001-E3 is not in incident 2026-000002", "2026-000001"} {
		if !marked(said) {
			t.Errorf("%q is not marked as English", said)
		}
	}
	code, text, _ := ask(t, s, "POST", "/holds", "counsel-3", url.Values{"matter": {"a petition"}, "scope": {"elsewhere"}}, "Accept-Language", "es")
	_, text, _ = strings.Cut(text, `id="wrong"`)
	if summary, _, _ := strings.Cut(text, "</ul>"); code != 422 || !strings.Contains(summary, `<span lang="en">`) {
		t.Errorf("the summary: %d %s", code, alertOf(text))
	}
}
