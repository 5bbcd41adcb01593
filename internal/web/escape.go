package web

import (
	"fmt"
	"html/template"
	"reflect"
	"strconv"
	"strings"
	"text/template/parse"
	"time"

	"jurat"
)

// Behind whatever a page shows html/template puts the calls that escape it where it
// stands: one in text, three in an address. A template finds what it calls at run
// time, and these were half of all that a page calls, though next to nothing that is
// shown needs escaping. [fold] puts one call in their place, or none of its own where
// a function gives what is shown (docs/decisions/0027).

// A spot is a kind of place in a page: in it html/template escapes all alike.
type spot struct {
	sample *template.Template // a page of nothing but such a place, for what needs escaping
	before string             // what stands there before it
	after  string             // and behind it
	calls  string             // what html/template calls there
	safe   [256]bool          // the bytes of a text that stands there as it is
}

// spots are the kinds of place that pages have, by what html/template calls there.
// Elsewhere it is left to do as it does.
var spots = spotsOf(
	newSpot("", "", inText), newSpot(`<i title="`, `">`, inText), newSpot("<title>", "</title>", inText),
	newSpot(`<a href="`, `">`, inAddress), newSpot(`<a href="/`, `">`, inAddress), newSpot(`<a href="/?a=`, `">`, inQuery),
)

// inText are the bytes that mean nothing in text, in an attribute and in a title;
// inAddress and inQuery, more narrowly than they might be, those that neither mean
// anything in an address nor are written otherwise there.
func inText(c byte) bool    { return !strings.ContainsRune("\x00\"&'+<>", rune(c)) }
func inAddress(c byte) bool { return c == '/' || inQuery(c) }
func inQuery(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.'
}

func newSpot(before, after string, safe func(byte) bool) *spot {
	s := &spot{sample: template.Must(template.New("").Parse(before + "{{.}}" + after)), before: before, after: after}
	if _, err := s.write(""); err != nil { // which has html/template decide what it calls
		panic(err) // a mistake of this file
	}
	for _, n := range s.sample.Tree.Root.Nodes {
		if shown, ok := n.(*parse.ActionNode); ok {
			s.calls = callsOf(shown.Pipe.Cmds[1:])
		}
	}
	for c := range s.safe {
		s.safe[c] = safe(byte(c))
	}
	return s
}

func spotsOf(all ...*spot) map[string]*spot {
	m := map[string]*spot{}
	for _, s := range all {
		m[s.calls] = s
	}
	return m
}

// callsOf are the names of commands that are calls of nothing but a function; empty
// where one of them is anything else.
func callsOf(cmds []*parse.CommandNode) string {
	var names []string
	for _, c := range cmds {
		name, ok := c.Args[0].(*parse.IdentifierNode)
		if !ok || len(c.Args) != 1 {
			return ""
		}
		names = append(names, name.Ident)
	}
	return strings.Join(names, " ")
}

// write has html/template escape a value for this spot.
func (s *spot) write(v any) (string, error) {
	var b strings.Builder
	err := s.sample.Execute(&b, v)
	return strings.TrimSuffix(strings.TrimPrefix(b.String(), s.before), s.after), err
}

// text is a text as it stands in this spot.
func (s *spot) text(text string) (string, error) {
	for i := range len(text) {
		if !s.safe[text[i]] {
			return s.write(text)
		}
	}
	return text, nil
}

// value is any value as it stands in this spot.
func (s *spot) value(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return s.text(v)
	case template.HTML:
		return s.markup(v)
	case int:
		return s.text(strconv.Itoa(v))
	case fmt.Stringer, error:
		return s.write(v)
	}
	if r := reflect.ValueOf(v); r.Kind() == reflect.String && !strings.HasPrefix(r.Type().PkgPath(), "html/") {
		return s.text(r.String())
	}
	return s.write(v)
}

// markup is markup as it stands in this spot: in text as it is.
func (s *spot) markup(h template.HTML) (string, error) {
	if s.before == "" {
		return string(h), nil
	}
	return s.write(h)
}

// behind is a function whose answer stands in this spot; nil for one of a kind that
// pages do not show much.
func (s *spot) behind(call any) any {
	switch f := call.(type) {
	case func(string, ...any) (string, error):
		return func(key string, gaps ...any) (string, error) {
			text, err := f(key, gaps...)
			return s.unless(err, text)
		}
	case func(string, any) (string, error):
		return func(list string, value any) (string, error) {
			text, err := f(list, value)
			return s.unless(err, text)
		}
	case func(any, string) string:
		return func(form any, name string) (string, error) { return s.text(f(form, name)) }
	case func(string) string:
		return func(a string) (string, error) { return s.text(f(a)) }
	case func(map[string]string) string:
		return func(a map[string]string) (string, error) { return s.text(f(a)) }
	case func(jurat.ItemID) string:
		return func(a jurat.ItemID) (string, error) { return s.text(f(a)) }
	case func(jurat.Digest) string:
		return func(a jurat.Digest) (string, error) { return s.text(f(a)) }
	case func(int64) string:
		return func(a int64) (string, error) { return s.text(f(a)) }
	case func(time.Time) (template.HTML, error):
		return func(a time.Time) (string, error) {
			h, err := f(a)
			if err != nil {
				return "", err
			}
			return s.markup(h)
		}
	}
	return nil
}

func (s *spot) unless(err error, text string) (string, error) {
	if err != nil {
		return "", err
	}
	return s.text(text)
}

// escape puts one call in the place of those that escape what an action shows.
func (f *folder) escape(p *parse.PipeNode) {
	last := len(p.Cmds)
	for last > 1 && strings.HasPrefix(callsOf(p.Cmds[last-1:]), "_html_template_") {
		last--
	}
	s := spots[callsOf(p.Cmds[last:])]
	if s == nil || len(p.Decl) > 0 {
		return
	}
	from := p.Cmds[last-1]
	if name, ok := from.Args[0].(*parse.IdentifierNode); ok && last == 1 {
		if call := s.behind(f.funcs[name.Ident]); call != nil {
			from.Args[0] = f.called(name.Ident+" "+s.calls, call, name.Pos)
			p.Cmds = p.Cmds[:last]
			return
		}
	}
	p.Cmds = append(p.Cmds[:last], &parse.CommandNode{NodeType: parse.NodeCommand, Pos: from.Pos, Args: []parse.Node{f.called(s.calls, s.value, from.Pos)}})
}

func (f *folder) called(name string, call any, at parse.Pos) parse.Node {
	name = "_folded_" + strings.NewReplacer("_html_template_", "", " ", "_").Replace(name)
	f.own[name] = call
	return parse.NewIdentifier(name).SetPos(at)
}
