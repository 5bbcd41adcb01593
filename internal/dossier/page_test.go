package dossier_test

import (
	"regexp"
	"strings"
	"testing"

	"jurat"
	"jurat/format"
	"jurat/internal/dossier"
)

// pageOf is the page of the long story, with hostile words in it.
func pageOf(t *testing.T) string {
	t.Helper()
	c := newCity(t, "city.example/log", "city")
	doc := c.tell().doc
	v := doc.Accounts[1].Value
	v.State, v.Text = jurat.AccountWasGiven, `<script>alert(1)</script> "quoted" & more`
	doc.Accounts[1] = format.Stated[jurat.Account]{Value: v}
	b, err := dossier.Page(doc, []dossier.OpenedLine{{At: "2026-11-02", Office: "police", Role: jurat.RoleDetective, Reason: "<b>"}})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestThePageNeedsNoNetworkAndRunsNoScript(t *testing.T) {
	page := pageOf(t)
	for _, bad := range []string{"<script", "javascript:", "http://", "https://", " onclick", " onload", "@import", "url("} {
		if strings.Contains(strings.ToLower(page), bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	if !strings.Contains(page, `content="default-src &#39;none&#39;; img-src &#39;self&#39;; media-src &#39;self&#39;; style-src &#39;sha256-`) {
		t.Error("the page does not forbid what it does not need")
	}
	if !strings.Contains(page, "&lt;script&gt;alert(1)&lt;/script&gt;") {
		t.Error("hostile words are not shown as words")
	}
}

func TestThePageCanBeReadByEverybody(t *testing.T) {
	page := pageOf(t)
	for what, n := range map[string]int{`<html lang="en">`: 1, "<h1>": 1, "<main ": 1, `class="skip"`: 1, "<title>": 1} {
		if got := strings.Count(page, what); got != n {
			t.Errorf("%s is there %d times, want %d", what, got, n)
		}
	}
	if tables, captions := strings.Count(page, "<table>"), strings.Count(page, "<caption>"); tables == 0 || tables != captions {
		t.Errorf("%d tables and %d captions", tables, captions)
	}
	for _, th := range regexp.MustCompile(`<th[^>]*>`).FindAllString(page, -1) {
		if !strings.Contains(th, "scope=") && th != "<thead>" {
			t.Errorf("%s says not what it heads", th)
		}
	}
	last := 1
	for _, h := range regexp.MustCompile(`<h([1-6])`).FindAllStringSubmatch(page, -1) {
		level := int(h[1][0] - '0')
		if level > last+1 {
			t.Errorf("a heading of level %d follows one of level %d", level, last)
		}
		last = level
	}
	ids := map[string]bool{}
	for _, id := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if ids[id[1]] {
			t.Errorf("two elements have the id %s", id[1])
		}
		ids[id[1]] = true
	}
	for _, to := range regexp.MustCompile(`href="#([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !ids[to[1]] {
			t.Errorf("a link leads to #%s, which is not there", to[1])
		}
	}
}

func TestEverySideIsShownInTheSameShape(t *testing.T) {
	page := pageOf(t)
	_, rest, _ := strings.Cut(page, `<h2 id="accounts">`)
	section, _, _ := strings.Cut(rest, "</section>")
	items := regexp.MustCompile(`<li[^>]*>`).FindAllString(section, -1)
	if len(items) != 2 {
		t.Fatalf("%d accounts shown, want 2", len(items))
	}
	for _, li := range items {
		if strings.Contains(li, "class") || strings.Contains(li, "style") {
			t.Errorf("%s is set apart", li)
		}
	}
}
