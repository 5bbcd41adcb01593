package numbers

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the pages and their style
	"encoding/base64"
	"fmt"
	"html"
	"html/template"
	"strings"

	"jurat"
	"jurat/order"
)

//go:embed site.html
var siteText string

//go:embed site.css
var siteStyle string

// languages of the site, the first the one that stands.
var languages = [...]string{"en", "es"}

// A page is what a template of the site sees.
type page struct {
	P                                                    *Publication
	Book                                                 *Codebook
	Map                                                  *Map
	Lang, Title, Policy, Other, OtherLang, Codebook, CSV string
	Index                                                string
	Style                                                template.CSS
}

// Site makes the whole site of a publication: pages in English and Spanish
// that need no server, network or script, the figures as CSV and JSON, and the
// codebook. put is given each file once, in one order; what it returns ends the
// making. areas may be nil: then there is no map. words are those of
// [Input.Words]: a page that would use one is not made (Invalid).
func (p *Publication) Site(put func(name string, b []byte) error, areas *Map, words ...string) error {
	book := p.Codebook()
	for i, lang := range languages {
		other := languages[1-i]
		for _, kind := range []string{"index", "codebook"} {
			title := say("site.title").In(lang)
			if len(p.Orders) > 0 {
				title += ", " + p.Orders[0].Jurisdiction + ", " + p.Period.String()
			}
			if kind == "codebook" {
				title = say("site.codebook").In(lang) + ": " + title
			}
			b, err := p.render(kind, page{
				P: p, Book: book, Map: areas, Lang: lang, Title: title, Other: fileOf(kind, other, "html"), OtherLang: other,
				Codebook: fileOf("codebook", lang, "html"), Index: fileOf("index", lang, "html"), CSV: fileOf("figures", lang, "csv"),
			})
			if err != nil {
				return err
			}
			if err := fairPage(b, words); err != nil {
				return err
			}
			if err := put(fileOf(kind, lang, "html"), b); err != nil {
				return err
			}
		}
		b, err := p.CSV(lang)
		if err != nil {
			return err
		}
		if err := put(fileOf("figures", lang, "csv"), b); err != nil {
			return err
		}
	}
	b, err := p.JSON()
	if err != nil {
		return err
	}
	if err := put("figures.json", b); err != nil {
		return err
	}
	if b, err = book.JSON(); err != nil {
		return err
	}
	return put("codebook.json", b)
}

func fileOf(kind, lang, ext string) string {
	if lang == languages[0] {
		return kind + "." + ext
	}
	return kind + "." + lang + "." + ext
}

// policy is what a page allows: its own style, by its digest, and nothing else.
func policy(style string) string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
}

func (p *Publication) render(kind string, d page) ([]byte, error) {
	d.Style, d.Policy = template.CSS(siteStyle), policy(siteStyle) //nolint:gosec // our own style
	in := func(l order.Label) string { return l.In(d.Lang) }
	t := func(key string) string { return in(say(key)) }
	drawing := func(svg string) template.HTML { return template.HTML(svg) } //nolint:gosec // made here, every text escaped
	tmpl, err := template.New("site").Funcs(template.FuncMap{
		"t": t, "label": in, "entry": func(s Series, by string) string { return s.entry(by) },
		"number": func(n *int) template.HTML {
			if n == nil {
				return drawing(`<td class="n withheld">` + html.EscapeString(t("withheld")) + `</td>`)
			}
			return drawing(fmt.Sprintf(`<td class="n">%d</td>`, *n))
		},
		"printed": func(s string) string {
			if s == "withheld" {
				return t("withheld")
			}
			return s
		},
		"chart": func(i int, s Series) template.HTML {
			return drawing(chart(fmt.Sprintf("c%d", i), in(s.Title)+": "+t("site.chart"), spoken(s.Months, s.Total.Months, t("withheld")), s.Months, s.Total.Months, t("withheld")))
		},
		"map": func(i int, s Series, tab Table) template.HTML {
			return drawing(d.Map.draw(fmt.Sprintf("m%d", i), in(s.Title)+": "+t("site.map"), t("site.mapnote"), &tab))
		},
		"classes": func() []string {
			return []string{classNone, classWithheld, classLow, classMiddle, classHigh, classAbsent}
		},
		"class": func(tab Table, n *int) string { return classOf(n, tab.most()) },
		"key": func(class string) template.HTML {
			return drawing(`<svg viewBox="0 0 24 16" aria-hidden="true"><rect class="area ` + class + `" x="1" y="1" width="22" height="14"/></svg>`)
		},
	}).Parse(siteText)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := tmpl.ExecuteTemplate(&b, kind, d); err != nil {
		return nil, jurat.Because(jurat.Invalid, err, "the figures cannot be shown as a page")
	}
	return b.Bytes(), nil
}

// most is the largest number printed of any area that is established.
func (t *Table) most() int {
	most := 0
	for _, r := range t.Rows {
		if r.All != nil && r.Code != notEstablished {
			most = max(most, *r.All)
		}
	}
	return most
}

// spoken is a chart for who does not see it.
func spoken(months []Month, n []*int, withheld string) string {
	parts := make([]string, len(months))
	for i, m := range months {
		parts[i] = string(m) + ": " + withheld
		if n[i] != nil {
			parts[i] = fmt.Sprintf("%s: %d", m, *n[i])
		}
	}
	return strings.Join(parts, "; ") + "."
}

// fairPage reads the words of a page, without its mark-up and its style.
func fairPage(b []byte, more []string) error {
	text := string(b)
	if _, after, ok := strings.Cut(text, "</style>"); ok {
		text = after
	}
	for {
		before, rest, ok := strings.Cut(text, "<")
		if s := strings.TrimSpace(html.UnescapeString(before)); s != "" && !strings.Contains(s, "://") {
			if err := FairWords(s, more...); err != nil {
				return err
			}
		}
		if !ok {
			return nil
		}
		_, text, _ = strings.Cut(rest, ">")
	}
}
