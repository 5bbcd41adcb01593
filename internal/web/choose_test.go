package web

import (
	"bytes"
	"html/template"
	"testing"
)

// Choices that are written at once read as a template would write them.
func TestChoicesReadAsATemplateWritesThem(t *testing.T) {
	w, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	say := func(key string, gaps ...any) (string, error) { return w.say("en", key, gaps...) }
	odd := []choice{{Value: "a", Label: "plain"}, {Value: `"b'+`, Label: "<b> & 'c'"}, {Value: "", Label: ""}, {Value: "é", Label: "\x00"}}
	page := template.Must(template.New("page").Funcs(template.FuncMap{"options": optionsOf, "word": func(list, v string) (string, error) { return wordOf(say, list, v) }, "radios": func(name, list string, values []string, now string) (template.HTML, error) {
		return radiosOf(say, name, list, values, now)
	}}).Parse(`{{define "said"}}<select>{{options .Choices .Now}}</select>{{radios .Name "answer" .Values .Now}}{{end}}` +
		`{{define "want"}}{{$now := .Now}}{{$name := .Name}}<select>{{range .Choices}}<option value="{{.Value}}"{{if eq .Value $now}} selected{{end}}>{{.Label}}</option>{{end}}</select>` +
		`{{range .Values}}<div class="usa-radio"><input class="usa-radio__input" type="radio" name="{{$name}}" id="{{$name}}-{{.}}" value="{{.}}"{{if eq . $now}} checked{{end}}><label class="usa-radio__label" for="{{$name}}-{{.}}">{{word "answer" .}}</label></div>{{end}}{{end}}`))
	for _, now := range []string{"", "a", `"b'+`, "yes"} {
		data := map[string]any{"Choices": odd, "Now": now, "Name": "x+<y>", "Values": []string{"yes", "no", "unknown", ""}}
		var got, want bytes.Buffer
		if err := page.ExecuteTemplate(&got, "said", data); err != nil {
			t.Fatal(err)
		}
		if err := page.ExecuteTemplate(&want, "want", data); err != nil {
			t.Fatal(err)
		}
		if got.String() != want.String() {
			t.Errorf("%q:\n%s\nwant\n%s", now, &got, &want)
		}
	}
}
