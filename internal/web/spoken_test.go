package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jurat"
	"jurat/internal/desk/desktest"
)

// rooms are those whose refusals a page shows.
var rooms = []string{"../..", "../../order", "../desk", "../login", "."}

// A saying is a sentence one of these rooms refuses with, as it stands in the code.
type saying struct{ at, says string }

// refused gives every sentence the law, the desk, the porter and the counter refuse
// with, and the reasons of the law, with what fills their gaps.
func refused(t *testing.T) (all []saying) {
	t.Helper()
	for _, room := range rooms {
		files, err := filepath.Glob(filepath.Join(room, "*.go"))
		must(t, err)
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			set := token.NewFileSet()
			tree, err := parser.ParseFile(set, name, nil, 0)
			must(t, err)
			ast.Inspect(tree, func(n ast.Node) bool {
				if says := refusalIn(n, room == "../../order"); says != "" {
					all = append(all, saying{set.Position(n.Pos()).String(), says})
				}
				return true
			})
		}
	}
	if len(all) < 400 {
		t.Fatalf("%d refusals found", len(all))
	}
	return all
}

// refusalIn is the sentence of a call that makes a refusal; "" is none.
func refusalIn(n ast.Node, order bool) string {
	if pair, ok := n.(*ast.KeyValueExpr); ok && lastName(pair.Key) == "Say" { // of a jurat.Reason
		return reasonOf(spelled(pair.Value))
	}
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return ""
	}
	name, kinds := "", call.Args
	switch f := call.Fun.(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		name = f.Sel.Name
	}
	says := 1
	if order != (name == "shield") { // an order's file is refused at the machine too
		return ""
	}
	switch name {
	case "Errorf":
	case "Because":
		says = 2
	case "shield", "add": // what protects an exhibit
		says, kinds = 2, []ast.Expr{&ast.Ident{Name: "Invalid"}}
	case "say": // a reason of the law; of the counter, an answer with a status
		says, kinds = 0, []ast.Expr{&ast.Ident{Name: "Invalid"}}
	case "needPerson", "needSworn", "mayAct", "reviewer", "leads": // what somebody does
		says, kinds = slices.IndexFunc(call.Args, func(x ast.Expr) bool { _, ok := x.(*ast.BasicLit); return ok }), []ast.Expr{&ast.Ident{Name: "Invalid"}}
	default:
		return ""
	}
	if says < 0 || len(call.Args) <= says || len(kinds) == 0 || !slices.Contains([]string{"Invalid", "Conflict", "Forbidden", "NotFound"}, lastName(kinds[0])) {
		return ""
	}
	format := spelled(call.Args[says])
	return reasonOf(format)
}

// reasonOf is a text that says something by itself.
func reasonOf(format string) string {
	if strings.Trim(format, "%sv: ") == "" || !strings.Contains(format, " ") {
		return ""
	}
	return format
}

// spelled is a text as it stands in the code, with %s for what does not.
func spelled(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(x.Value); err == nil && x.Kind == token.STRING {
			return text
		}
	case *ast.BinaryExpr:
		return spelled(x.X) + spelled(x.Y)
	case *ast.CallExpr:
		if lastName(x.Fun) == "Sprintf" {
			return spelled(x.Args[0])
		}
	}
	return "%s"
}

func lastName(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return x.Sel.Name
	}
	return ""
}

var verbs = regexp.MustCompile(`"%s"|(%(\.40)?[sqvd])+`)

// filled is a refusal as somebody meets it.
func filled(format string) string {
	return strings.NewReplacer("%s%s", "x-1", "%s", "x-1", "%q", `"x-1"`, "%.40q", `"x-1"`, "%v", "[x-1]", "%d", "7", "%%", "%").Replace(format)
}

// Everything that is refused at a page is told in the reader's language. What is not
// is refused to a program, to the operator at the machine, or to nobody: it says so
// here, by how it begins.
func TestEveryRefusalIsToldInTheReadersLanguage(t *testing.T) {
	words, err := readWords()
	must(t, err)
	english := catalogue(t, "en")
	met := map[string]bool{}
	for _, r := range refused(t) {
		i := slices.IndexFunc(unpaged, func(begins string) bool { return strings.HasPrefix(r.says, begins) })
		found, _ := words.find(filled(r.says))
		switch {
		case i >= 0:
			met[unpaged[i]] = true
			if found != nil {
				t.Errorf("%s: %q is told in Spanish, and stands among what is not", r.at, r.says)
			}
		case found == nil:
			t.Errorf("%s: nobody translated %q", r.at, r.says)
		default:
			tail, open := strings.CutPrefix(spokenGap.ReplaceAllString(english[found.key]["other"], "…"), "…")
			if said := verbs.ReplaceAllString(r.says, "…"); !strings.HasSuffix(said, tail) || !open && said != tail {
				t.Errorf("%s: %q is told as %s: %s", r.at, r.says, found.key, tail)
			}
		}
	}
	for _, begins := range unpaged {
		if !met[begins] {
			t.Errorf("nothing refused begins with %q", begins)
		}
	}
}

// unpaged is how refusals begin that no page meets.
var unpaged = []string{
	// What only a program that is wrong would hand to the law.
	"exhibit %s: a copy needs", "exhibit %s: say with what the copy", "a seal without digests", "dossier %d of %s: a supplement names", "dossier %s does not say whose",
	"dossier %s has number %d; the first", "a dossier goes encrypted", "name the digest of the tag manifest", "dossier %s: name the exhibit", "a receipt is signed or",
	"exhibit %s cannot be derived from itself", "the fields of %s cannot be written", "%s: the %s part cannot be written", "an import needs", "the rows of an import",
	"%s %s is of an incident, and not the house's own", "answer of a probe", "a publication needs", "the figures are a JSON file", "an answer is signed or",
	// What is typed or kept at the machine itself.
	"digest %q", "line %d is no letter", "certificate %q is not the one", "the wrapping key", "the session key", "a porter needs", "%s: a policy without", "an alert is raised",
	"refused attempts are counted", "passkeys cannot be used at", "the %s of the single sign-on", "the single sign-on needs", "a draft is a person's", "an edit list is a person's",
	"a search is kept for a person", "an upload is a person's", "read the catalogue", "%s: the name of a gap", "the name of a pair", "there is no asset",
	// What a program is told.
	"a part is checked by", "Send a token that is good", "this Idempotency-Key", "the request with this Idempotency-Key", "after is the number of a line",
	// What nobody is told: another sentence stands for it.
	"this is not right", "this is nobody's name",
}

// The English of a refusal in the catalogue is what is said: where somebody says it
// otherwise, it would be found no more.
func TestWhatIsToldInAnotherLanguageIsWhatIsSaid(t *testing.T) {
	var code strings.Builder
	for _, room := range append([]string{"../register"}, rooms...) {
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
	said := strings.ReplaceAll(code.String(), `\"`, `"`)
	for key, forms := range catalogue(t, "en") {
		if !strings.HasPrefix(key, "told.") {
			continue
		}
		for _, part := range spokenGap.Split(forms["other"], -1) {
			if part = strings.Trim(part, " :;()\""); len(part) > 3 && !strings.Contains(said, part) {
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
	for key, forms := range english {
		if said := spokenGap.ReplaceAllString(forms["other"], "7"); strings.HasPrefix(key, "told.") && marked(said) {
			t.Errorf("%s: %q is marked as English", key, said)
		}
	}
	for key, forms := range spanish {
		text := forms["other"]
		if bare := spokenGap.ReplaceAllString(text, ""); spokenGap.MatchString(text) && len(bare) >= 12 && marked(spokenGap.ReplaceAllString(text, "2026-000001")) {
			t.Errorf("%s: its Spanish is marked as English", key)
		}
	}
	for said, want := range map[string]string{
		"the keys of an office are not JSON": `<span lang="en">The keys of an office are not JSON</span>`,
		"2026-000001":                        "2026-000001",
		"record 2026-000001-R2 cannot be approved yet: nobody was asked to identify: say why (safety, no contact, incident ended) (and 2 more)": "El registro 2026-000001-R2 aún no se puede aprobar: no se pidió a nadie identificarse: diga por qué (seguridad, sin contacto, el incidente terminó) (y 2 más)",
		"record 2026-000001-R2 cannot be approved yet: <b> what an order alone says":                                                            `El registro 2026-000001-R2 aún no se puede aprobar: <span lang="en">&lt;b&gt; what an order alone says</span>`,
		"sending a referral needs a sworn member of a police office; counsel-3 is not recorded as one":                                          "Hace falta una persona juramentada de una oficina de policía, y counsel-3 no consta como tal: enviar una remisión",
		`the record has 2 contacts with a political office: "none" cannot be attested`:                                                          "Constan 2 contactos con una oficina política: no se puede atestiguar que no hubo ninguno",
		"a record of type complaint is for prosecutors, in their own office's record, to write":                                                 "Un registro de tipo complaint solo puede escribirlo la fiscalía, en el registro de su propia oficina",
		"The report is signed (not known: footage) (and 2 more)":                                                                                `<span lang="en">The report is signed</span> (no se sabe: footage) (y 2 más)`,
		"2026-000001-H1 stands in the way: a hold is in force for a\nsuit; counsel releases it first":                                           "2026-000001-H1 lo impide: hay una retención vigente por a\nsuit; primero la levanta la asesoría jurídica",
		"example/unflagged keeps it for 90 days, until 2026-12-01 09:00":                                                                        "example/unflagged lo conserva durante 90 días, hasta 2026-12-01 09:00",
		`allegation 2026-000001-A1 is already "supported"`:                                                                                      "La alegación 2026-000001-A1 ya consta como «con apoyo»",
	} {
		if got := string(w.toldIn("es", said)); got != want {
			t.Errorf("%q is told as %s, want %s", said, got, want)
		}
	}
	code, text, _ := ask(t, s, "POST", "/holds", "counsel-3", url.Values{"matter": {"a petition"}, "scope": {"elsewhere"}}, "Accept-Language", "es")
	_, text, _ = strings.Cut(text, `id="wrong"`)
	if summary, _, _ := strings.Cut(text, "</ul>"); code != 422 || !strings.Contains(summary, `no nombra nada de un incidente`) || strings.Contains(summary, `<span lang="en">`) {
		t.Errorf("the summary: %d %s", code, alertOf(text))
	}
}
