package numbers

import (
	"bytes"
	_ "embed" // the page of a report
	"html/template"

	"jurat"
)

//go:embed report.html
var reportText string

var reportPage = template.Must(template.New("report").Funcs(template.FuncMap{"figure": Figure.String}).Parse(reportText))

// HTML is the report as one page that prints, works offline, and asks for
// nothing.
func (r *Report) HTML() ([]byte, error) {
	var b bytes.Buffer
	if err := reportPage.Execute(&b, struct {
		*Report
		Policy string
		Style  template.CSS
	}{r, policy(siteStyle), template.CSS(siteStyle)}); err != nil { //nolint:gosec // our own style
		return nil, jurat.Because(jurat.Invalid, err, "the report cannot be shown as a page")
	}
	return b.Bytes(), nil
}

// Files gives the report in every form it has: JSON, a page, plain text, and
// each of its tables as CSV. put is given each file once, in one order; what it
// returns ends the making.
func (r *Report) Files(put func(name string, b []byte) error) error {
	for _, form := range []struct {
		ext  string
		make func() ([]byte, error)
	}{{"json", r.JSON}, {"html", r.HTML}, {"txt", r.text}} {
		b, err := form.make()
		if err != nil {
			return err
		}
		if err := put(r.ID+"."+form.ext, b); err != nil {
			return err
		}
	}
	return r.CSV(put)
}

func (r *Report) text() ([]byte, error) {
	var b bytes.Buffer
	err := r.Print(&b)
	return b.Bytes(), err
}
