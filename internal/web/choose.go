package web

import (
	"html/template"
	"strings"
)

// The choices of a form are most of what a long page says, and a template takes
// longer over each than over a line of a table; here they are written at once.

// wordOf is the label of a value of one of the law's lists.
func wordOf(t func(key string, gaps ...any) (string, error), list, value string) (string, error) {
	if value == "" {
		return t("list.none")
	}
	return t("list." + list + "." + strings.ReplaceAll(value, ".", "_"))
}

// optionsOf are the options of a select.
func optionsOf(choices []choice, now string) template.HTML {
	var b strings.Builder
	for _, c := range choices {
		value := escaped.Replace(c.Value)
		b.WriteString(`<option value="` + value + `"`)
		if c.Value == now {
			b.WriteString(" selected")
		}
		b.WriteString(">" + escaped.Replace(c.Label) + "</option>")
	}
	return template.HTML(b.String()) //nolint:gosec // every text in it is escaped
}

// radiosOf are the radio buttons of one of the law's lists.
func radiosOf(t func(key string, gaps ...any) (string, error), name, list string, values []string, now string) (template.HTML, error) {
	var b strings.Builder
	name = escaped.Replace(name)
	for _, v := range values {
		said, err := wordOf(t, list, v)
		if err != nil {
			return "", err
		}
		value := escaped.Replace(v)
		id := name + "-" + value
		b.WriteString(`<div class="usa-radio"><input class="usa-radio__input" type="radio" name="` + name + `" id="` + id + `" value="` + value + `"`)
		if v == now {
			b.WriteString(" checked")
		}
		b.WriteString(`><label class="usa-radio__label" for="` + id + `">` + escaped.Replace(said) + `</label></div>`)
	}
	return template.HTML(b.String()), nil //nolint:gosec // every text in it is escaped
}
