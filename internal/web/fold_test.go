package web

import (
	"bytes"
	"html/template"
	"testing"
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
				if err := fold(page, func(key string) (string, error) { return say(key) }); err != nil {
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

// A page whose sentence is in no catalogue, or that html/template does not take,
// is told of when the counter opens, and not when somebody comes to it.
func TestAPageThatCannotBeFoldedIsToldOf(t *testing.T) {
	w, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{`<p>{{t "no such sentence"}}</p>`, `<a href="{{if .}}"{{end}}>`} {
		page := template.Must(template.New("page").Funcs(template.FuncMap{"t": func(key string, gaps ...any) (string, error) { return w.say("en", key, gaps...) }}).Parse(text))
		if fold(page, func(key string) (string, error) { return w.say("en", key) }) == nil {
			t.Errorf("%s was taken", text)
		}
	}
}
