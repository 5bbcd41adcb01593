package web

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jurat"
)

// A sentence that was put in its place once reads as one that is said each time,
// wherever it stands.
func TestWhatIsFoldedReadsAsWhatIsSaid(t *testing.T) {
	w, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	const text = `<title>{{t "odd"}}</title><p>{{t "odd"}} and {{ t "odd" }}{{if .}}{{t "odd"}}{{else}}{{t "plain"}}{{end}}</p>` +
		`{{range $i, $x := .}}<a title="{{t "odd"}}" href="/x?{{t "odd"}}">{{template "part" (t "odd")}}{{$x}}</a>{{end}}` +
		`{{with .}}<b class={{t "plain"}}>{{t "gap" "n" 1}}</b>{{end}}{{define "part"}}<i lang="{{.}}">{{.}}</i>{{t "plain"}}{{end}}`
	say := func(key string, gaps ...any) (string, error) {
		switch key {
		case "odd":
			return "\"a\" & 'b' + <c>\x00 é", nil
		case "gap":
			return "one <gap>", nil
		}
		return w.say("en", "duties.title")
	}
	for _, data := range []any{nil, []string{"<1>", "2"}} {
		var want, got bytes.Buffer
		for into, folded := range map[*bytes.Buffer]bool{&want: false, &got: true} {
			page := template.Must(template.New("page").Funcs(template.FuncMap{"t": say}).Parse(text))
			if folded {
				if err := fold(page, template.FuncMap{"t": say}, func(key string) (string, error) { return say(key) }); err != nil {
					t.Fatal(err)
				}
			}
			if err := page.Execute(into, data); err != nil {
				t.Fatal(err)
			}
		}
		if got.String() != want.String() {
			t.Errorf("folded:\n%s\nsaid:\n%s", &got, &want)
		}
	}
}

// Whatever stands in a spot, and whatever gives it, reads as html/template writes it
// there: each kind of place that is known, those that are not, each kind of function,
// and each kind of value.
func TestWhatIsEscapedInOneCallReadsAsHTMLTemplateWritesIt(t *testing.T) {
	funcs := template.FuncMap{
		"t":      func(key string, _ ...any) (string, error) { return key, nil },
		"word":   func(_ string, value any) (string, error) { return fmt.Sprint(value), nil },
		"typed":  func(form any, _ string) string { return fmt.Sprint(form) },
		"told":   func(s string) string { return s },
		"label":  func(l map[string]string) string { return l["en"] },
		"number": func(id jurat.ItemID) string { return string(id) },
		"short":  func(d jurat.Digest) string { return d.String() },
		"bytes":  func(n int64) string { return fmt.Sprint(n) },
		"when": func(at time.Time) (template.HTML, error) {
			return template.HTML("<time>" + at.String() + "</time>"), nil
		},
		"unusual": func(s string, n int) []string { return []string{s, fmt.Sprint(n)} },
	}
	var text strings.Builder
	for _, shown := range []string{
		".Any", ".Any | print", "print .Any", "t .Text", `t .Text "a" 1`, `word "list" .Any`, `typed .Text "x"`, "told .Text", "label .Label", "number .Item", "short .Digest",
		"bytes .Count", "when .At", "unusual .Text 7", ".Text | told", "$x", ".Item",
	} {
		for _, spot := range []string{
			"<p>%</p>", "<p title='%'>", `<p title="a%b">`, "<p title=a%>", "<textarea>%</textarea>", `<a href="%">`, `<a href="/x/%/y">`, `<a href="/?q=%&r=1">`, `<a href="%#%">`,
			`<img srcset="%">`, `<p style="color: %">`, "<script>%</script>", "<!-- % -->", `<p title="{{if .Any}}%{{end}}">`, "{{range .Many}}<b>{{.}}</b>{{end}}",
		} {
			text.WriteString(strings.ReplaceAll(spot, "%", "{{"+shown+"}}") + "\n")
		}
	}
	pages := map[bool]*template.Template{}
	for _, folded := range []bool{false, true} {
		page := template.Must(template.New("page").Funcs(funcs).Parse("{{$x := .Any}}" + text.String()))
		if folded {
			if err := fold(page, funcs, func(key string) (string, error) { return key, nil }); err != nil {
				t.Fatal(err)
			}
			if calls := page.Tree.Root.String(); strings.Contains(calls, "_html_template_htmlescaper") || !strings.Contains(calls, "_folded_t_") {
				t.Errorf("not folded: %s", calls)
			}
		}
		pages[folded] = page
	}
	hostile := "<b>&\"'+` \x00\xff é javascript:alert(1) /a?b=c#d%20%zz\u2028\t"
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[-/a-z:?#&%+_.~ 0-9]{0,12}`), rapid.Just(hostile), rapid.Just("")).Draw(t, "text")
		n := rapid.Int().Draw(t, "n")
		values := []any{
			s, nil, n, int64(n), float64(n), n > 0, jurat.IncidentNumber(s), jurat.PersonID(s), template.HTML(s), template.HTMLAttr(s), template.URL(s), template.JS(s), template.CSS(s), template.Srcset(s),
			&s, []string{s}, map[string]string{s: s}, errors.New(s), fmt.Errorf("%w", errors.New(s)), spokenText(s), []byte(s), struct{ A string }{s}, (*string)(nil), (error)(nil),
		}
		data := map[string]any{
			"Any": rapid.SampledFrom(values).Draw(t, "value"), "Text": s, "Label": map[string]string{"en": s}, "Item": jurat.ItemID(s), "Digest": jurat.Digest{1, 0xff}, "Count": int64(n),
			"At": time.Unix(int64(n%1e10), 0).UTC(), "Many": []string{s, "a"},
		}
		var want, got bytes.Buffer
		wrong, bad := pages[false].Execute(&want, data), pages[true].Execute(&got, data)
		if (wrong == nil) != (bad == nil) || wrong == nil && got.String() != want.String() {
			t.Fatalf("%v, %v\nfolded:\n%q\nas written:\n%q", bad, wrong, &got, &want)
		}
	})
}

// A spokenText says of itself what it is.
type spokenText string

func (s spokenText) String() string { return "<" + string(s) + ">" }

// A page whose sentence is in no catalogue, or that html/template does not take,
// is told of when the counter opens, and not when somebody comes to it.
func TestAPageThatCannotBeFoldedIsToldOf(t *testing.T) {
	w, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{`<p>{{t "no such sentence"}}</p>`, `<a href="{{if .}}"{{end}}>`} {
		page := template.Must(template.New("page").Funcs(template.FuncMap{"t": func(key string, gaps ...any) (string, error) { return w.say("en", key, gaps...) }}).Parse(text))
		if fold(page, nil, func(key string) (string, error) { return w.say("en", key) }) == nil {
			t.Errorf("%s was taken", text)
		}
	}
}
