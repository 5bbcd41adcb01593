package web

import (
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
	"text/template/parse"
	"time"

	"jurat"
)

//go:embed page/*.html
var pageFiles embed.FS

// pages are the templates, one set for each language, read once.
type pages struct {
	words *words
	sets  map[string]map[string]*template.Template // by language, by page
}

// printed are the pages by the zone of their times, once somebody asked for them:
// what is built in reads the same for every counter of a program.
var printed sync.Map // *time.Location → *pages

// readPages reads the pages with times of a zone, the first time.
func readPages(a *assets, zone *time.Location) (*pages, error) {
	if p, ok := printed.Load(zone); ok {
		return p.(*pages), nil
	}
	p, err := newPages(a, zone)
	if err == nil {
		printed.Store(zone, p)
	}
	return p, err
}

func newPages(a *assets, zone *time.Location) (*pages, error) {
	w, err := readWords()
	if err != nil {
		return nil, err
	}
	p := &pages{words: w, sets: map[string]map[string]*template.Template{}}
	names, err := fs.Glob(pageFiles, "page/*.html")
	if err != nil {
		return nil, err
	}
	spoken := w.in(languages[0], zone, a) // a tree knows of a function only its name
	shared, err := template.New("frame.html").Funcs(spoken).ParseFS(pageFiles, "page/frame.html", "page/part-*.html")
	if err != nil {
		return nil, err
	}
	for _, lang := range languages {
		p.sets[lang] = map[string]*template.Template{}
	}
	for _, name := range names {
		base := path.Base(name)
		if base == "frame.html" || strings.HasPrefix(base, "part-") {
			continue
		}
		own, err := template.New(base).Funcs(spoken).ParseFS(pageFiles, name)
		if err != nil {
			return nil, err
		}
		for _, lang := range languages {
			funcs := w.in(lang, zone, a)
			one := template.New(base).Funcs(funcs)
			err := addUsed(one, "frame.html", own, shared)
			if err == nil {
				one = one.Lookup("frame.html")
				err = fold(one, funcs, func(key string) (string, error) { return w.say(lang, key) })
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			p.sets[lang][strings.TrimSuffix(base, ".html")] = one
		}
	}
	return p, nil
}

// addUsed adds a template to a page, and those it shows: as the page's own file has
// them, or as all pages share them. Parts that a page does not show would be kept a
// hundred times over, and looked through whenever memory is swept.
func addUsed(page *template.Template, name string, from ...*template.Template) error {
	for _, set := range from {
		t := set.Lookup(name)
		if t == nil || t.Tree == nil {
			continue
		}
		tree := t.Tree.Copy() // html/template writes into it
		if _, err := page.AddParseTree(name, tree); err != nil {
			return err
		}
		for _, shown := range shows(tree.Root, nil) {
			if had := page.Lookup(shown); had != nil && had.Tree != nil {
				continue
			}
			if err := addUsed(page, shown, from...); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("there is no part %q", name)
}

// shows are the names of the templates that a tree shows.
func shows(n parse.Node, names []string) []string {
	branch := func(b *parse.BranchNode) {
		names = shows(b.List, names)
		if b.ElseList != nil {
			names = shows(b.ElseList, names)
		}
	}
	switch n := n.(type) {
	case *parse.ListNode:
		for _, one := range n.Nodes {
			names = shows(one, names)
		}
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	case *parse.TemplateNode:
		names = append(names, n.Name)
	}
	return names
}

// A shown is what a template sees: the chrome, and the body of its page.
type shown struct {
	Office  string // the name over the page
	Version string
	Lang    string
	At      time.Time
	Who     *standing
	Menu    []menuLine
	Also    []menuLine // the role's other lists, under the page it begins at
	Path    string     // where to come back to after a change of language
	Print   bool       // ?print: everything open, for paper
	// ReadsOnly: they change nothing here, whatever page they are at.
	ReadsOnly bool
	Wrong     []wrong
	Body      any
}

// A wrong is one field of a form that was not taken, for the summary at its top.
type wrong struct{ Field, Say string }

// show answers with a page. A template that fails is a fault of ours, told
// before a byte of the page is sent.
func (c *Counter) show(w http.ResponseWriter, v *visit, code int, name string, body any) {
	c.showWrong(w, v, code, name, body, nil)
}

// showWrong is show for a form with fields that were not taken.
func (c *Counter) showWrong(w http.ResponseWriter, v *visit, code int, name string, body any, bad []wrong) {
	s := shown{
		Office: c.Name, Version: c.Version, Lang: v.lang, At: v.at, Who: v.who, Path: v.URL.Path,
		Print: v.URL.Query().Has("print"), ReadsOnly: readsOnlyHere(v.who), Wrong: bad, Body: body,
	}
	if v.Method != http.MethodGet || v.who == nil {
		s.Path = "/"
	}
	s.Menu, s.Also = menuOf(v.who, v.URL.Path)
	t, ok := c.pages.sets[v.lang][name]
	b := blank()
	defer b.giveBack()
	var err error
	if !ok {
		err = fmt.Errorf("there is no page %q", name)
	} else {
		err = t.Execute(&b.page, s)
	}
	if err != nil {
		ref := reference()
		c.Log.ErrorContext(v.ctx(), "a template failed", "page", name, "reference", ref, "cause", err)
		http.Error(w, "Something failed on our side. Give the operator this reference: "+ref, http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", v.lang)
	page := b.squeezed(h, v.Request)
	w.WriteHeader(code)
	w.Write(page) //nolint:errcheck // the reader went away
}

// readsOnlyHere reports whether the policy lets somebody change nothing at all.
func readsOnlyHere(who *standing) bool {
	return who != nil && (who.Person.Role == jurat.RoleAuditor || who.Office.Function == jurat.FunctionOversight)
}

// see sends the reader on to another page after an act.
func see(w http.ResponseWriter, v *visit, address string) error {
	http.Redirect(w, v.Request, address, http.StatusSeeOther)
	return nil
}
