package web

import (
	"errors"
	"html/template"
	"io"
	"strconv"
	"strings"
	"text/template/parse"
)

// Half of what a page says never changes: sentences without gaps. Calling for each
// of them whenever a page is shown took more time than all that is looked up, so
// they are put in their places once, when the templates are read.

// escapes are what html/template puts behind a sentence that stands in text, in an
// attribute, or in a title; all three replace the same characters. A sentence
// anywhere else is left to be said each time.
var escapes = map[string]bool{"_html_template_htmlescaper": true, "_html_template_attrescaper": true, "_html_template_rcdataescaper": true}

// escaped is a text as html/template escapes it in those places.
var escaped = strings.NewReplacer("\x00", "\uFFFD", `"`, "&#34;", "&", "&amp;", "'", "&#39;", "+", "&#43;", "<", "&lt;", ">", "&gt;")

// fold puts the sentences without gaps of a page, and of every part it has, in
// their places, and has the rest escaped in one call. It is done before anybody is
// shown the page; funcs is what the page may call.
func fold(page *template.Template, funcs template.FuncMap, say func(key string) (string, error)) error {
	// Nothing but an execution has html/template decide what is escaped how. That
	// one with nothing to show goes wrong later is no matter.
	if err := page.Execute(io.Discard, nil); err != nil {
		if bad, ok := errors.AsType[*template.Error](err); ok {
			return bad
		}
	}
	f := folder{say: say, funcs: funcs, own: template.FuncMap{}}
	for _, t := range page.Templates() {
		if t.Tree != nil && t.Tree.Root != nil {
			f.list(t.Tree.Root)
		}
	}
	page.Funcs(f.own)
	return f.err
}

type folder struct {
	say   func(key string) (string, error)
	funcs template.FuncMap // what a page calls as it is written
	own   template.FuncMap // and what it calls once it is folded
	err   error
}

func (f *folder) list(l *parse.ListNode) {
	if l == nil {
		return
	}
	kept := l.Nodes[:0]
	for _, n := range l.Nodes {
		if n = f.node(n); len(kept) > 0 {
			text, ok := n.(*parse.TextNode)
			last, beside := kept[len(kept)-1].(*parse.TextNode)
			if ok && beside {
				both := last.Copy().(*parse.TextNode)
				both.Text = append(both.Text, text.Text...)
				kept[len(kept)-1] = both
				continue
			}
		}
		kept = append(kept, n)
	}
	l.Nodes = kept
}

func (f *folder) node(n parse.Node) parse.Node {
	switch n := n.(type) {
	case *parse.ActionNode:
		if text, ok := f.sentence(n.Pipe); ok {
			return &parse.TextNode{NodeType: parse.NodeText, Pos: n.Pos, Text: []byte(escaped.Replace(text))}
		}
		f.pipe(n.Pipe)
		f.escape(n.Pipe)
	case *parse.TemplateNode:
		f.pipe(n.Pipe)
	case *parse.IfNode:
		f.branch(&n.BranchNode)
	case *parse.RangeNode:
		f.branch(&n.BranchNode)
	case *parse.WithNode:
		f.branch(&n.BranchNode)
	}
	return n
}

func (f *folder) branch(b *parse.BranchNode) {
	f.pipe(b.Pipe)
	f.list(b.List)
	f.list(b.ElseList)
}

// pipe folds the sentences that are given to something else.
func (f *folder) pipe(p *parse.PipeNode) {
	if p == nil {
		return
	}
	for _, c := range p.Cmds {
		for i, a := range c.Args {
			inner, ok := a.(*parse.PipeNode)
			if !ok {
				continue
			}
			if len(inner.Cmds) == 1 && len(inner.Decl) == 0 {
				if text, ok := f.said(inner.Cmds[0]); ok {
					c.Args[i] = &parse.StringNode{NodeType: parse.NodeString, Pos: inner.Pos, Quoted: strconv.Quote(text), Text: text}
					continue
				}
			}
			f.pipe(inner)
		}
	}
}

// sentence is what an action writes, where that is a sentence without gaps in a
// place that is known.
func (f *folder) sentence(p *parse.PipeNode) (string, bool) {
	if len(p.Cmds) != 2 || len(p.Decl) > 0 || len(p.Cmds[1].Args) != 1 {
		return "", false
	}
	name, ok := p.Cmds[1].Args[0].(*parse.IdentifierNode)
	if !ok || !escapes[name.Ident] {
		return "", false
	}
	return f.said(p.Cmds[0])
}

// said is what a call of t with nothing but a key gives.
func (f *folder) said(c *parse.CommandNode) (string, bool) {
	if len(c.Args) != 2 {
		return "", false
	}
	name, ok := c.Args[0].(*parse.IdentifierNode)
	key, has := c.Args[1].(*parse.StringNode)
	if !ok || !has || name.Ident != "t" {
		return "", false
	}
	text, err := f.say(key.Text)
	if err != nil {
		f.err = errors.Join(f.err, err)
	}
	return text, err == nil
}
