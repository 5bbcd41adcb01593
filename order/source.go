package order

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Limits of an order file. A real order is about a tenth of them.
const (
	maxBytes  = 1 << 20
	maxDepth  = 24
	maxValues = 50_000
)

type form int // what a value of the file is

const (
	isNothing form = iota
	isText
	isWhole   // a whole number
	isDecimal // any other number
	isTruth   // true or false
	isList
	isMap
)

var formNames = [...]string{"nothing", "text", "a whole number", "a number", "true or false", "a list", "a group of keys"}

// A node is one value of the file and where it stands. The YAML library's own
// tree is left behind here, so that only this file knows it.
type node struct {
	form      form
	line, col int
	text      string
	block     bool // a literal block after |: CEL positions count from the next line
	indent    int  // of a literal block's lines
	exact     bool // the text stands in the file as it is, on one line or in a literal block
	items     []*node
	pairs     []pair
}

type pair struct {
	key       string
	line, col int
	value     *node
}

// A source turns bytes into nodes and gathers what is wrong with them.
type source struct {
	file     string
	lines    []string
	count    int
	problems Problems
}

func (s *source) problem(line, col int, what, expected, hint string) {
	s.problems = append(s.problems, Problem{File: s.file, Line: max(line, 1), Column: max(col, 1), What: what, Expected: expected, Hint: hint})
}

func (s *source) warn(line, col int, what string) {
	s.problems = append(s.problems, Problem{File: s.file, Line: max(line, 1), Column: max(col, 1), What: what, Warning: true})
}

// read gives the one document of src, or nil and at least one problem.
func (s *source) read(src []byte) *node {
	src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
	if !s.plain(src) {
		return nil
	}
	s.lines = strings.Split(string(src), "\n")
	tokens := lexer.Tokenize(string(src))
	if !s.tokens(tokens) {
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		s.syntax(err)
		return nil
	}
	var body ast.Node
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if body != nil {
			at := doc.Body.GetToken().Position
			s.problem(at.Line, at.Column, "a second document begins here", "one order in one file", "remove the line of three dashes")
			return nil
		}
		body = doc.Body
	}
	if body == nil {
		s.problem(1, 1, "the file is empty", "an order", "docs/orders.md shows how to write one")
		return nil
	}
	return s.node(body, 0)
}

// plain refuses what a person cannot see in an editor.
func (s *source) plain(src []byte) bool {
	if len(src) > maxBytes {
		s.problem(1, 1, fmt.Sprintf("the file has %d bytes", len(src)), fmt.Sprintf("at most %d", maxBytes), "")
		return false
	}
	line, col, good := 1, 1, true
	bad := func(what, hint string) {
		good = false
		if len(s.problems) < 20 {
			s.problem(line, col, what, "", hint)
		}
	}
	for rest := src; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		switch {
		case r == utf8.RuneError && n == 1:
			bad("a byte that is not UTF-8 text", "save the file as UTF-8")
		case r == '\t':
			bad("a tab", "use spaces")
		case r == '\ufeff':
			bad("a byte order mark", "save the file as UTF-8 without a mark")
		case r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'):
			bad(fmt.Sprintf("an invisible character, U+%04X", r), "remove it")
		}
		rest, col = rest[n:], col+1
		if r == '\n' {
			line, col = line+1, 1
		}
	}
	return good
}

// tokens refuses the parts of YAML an order has no use for, and nesting so
// deep that reading it would be work.
func (s *source) tokens(ts token.Tokens) bool {
	good, flow, dashes, dashLine, headers := true, 0, 0, 0, 0
	for _, t := range ts {
		what, hint := "", ""
		switch t.Type {
		case token.AnchorType:
			what, hint = "an anchor (&)", "write the text out, or put it in quotes if it begins with &"
		case token.AliasType:
			what, hint = "an alias (*)", "write the text out, or put it in quotes if it begins with *"
		case token.TagType:
			what, hint = "a tag (!)", "put the text in quotes if it begins with !"
		case token.MergeKeyType:
			what, hint = "a merge key (<<)", "write the keys out"
		case token.MappingKeyType:
			what, hint = "a complex key (?)", "put the text in quotes if it begins with ?"
		case token.DirectiveType:
			what, hint = "a directive (%)", "remove the line"
		case token.DocumentEndType:
			what, hint = "an end of document (...)", "remove the line"
		case token.DocumentHeaderType:
			if headers++; headers > 1 {
				what, hint = "a second document", "one order in one file"
			}
		case token.InvalidType:
			what = "text that is not YAML: " + t.Error
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow--
		case token.SequenceEntryType:
			if t.Position.Line != dashLine {
				dashes, dashLine = 0, t.Position.Line
			}
			dashes++
		}
		if flow > maxDepth || dashes > maxDepth || t.Position.Column > 100*maxDepth {
			what, hint = "nesting too deep, or a line too long", ""
		}
		if what == "" {
			continue
		}
		s.problem(t.Position.Line, t.Position.Column, what+" is not accepted in an order", "", hint)
		good = false
		if len(s.problems) > 20 {
			break
		}
	}
	return good
}

func (s *source) syntax(err error) {
	line, col, what := 1, 1, err.Error()
	var syntax *yaml.SyntaxError
	if errors.As(err, &syntax) {
		what = syntax.Message
		if t := syntax.GetToken(); t != nil && t.Position != nil {
			line, col = t.Position.Line, t.Position.Column
		}
	}
	s.problem(line, col, "not YAML: "+what, "", "check the indentation and the quotes around here")
}

var (
	wholeNumber   = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,14})$`)
	decimalNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,14})\.[0-9]{1,9}$`)
)

// node turns one YAML value into a node. It returns a node for everything, so
// that one bad value hides no other.
func (s *source) node(y ast.Node, depth int) *node {
	t := y.GetToken()
	n := &node{line: t.Position.Line, col: t.Position.Column}
	if s.count++; s.count > maxValues || depth > maxDepth {
		if s.count == maxValues+1 || depth == maxDepth+1 {
			s.problem(n.line, n.col, "too many values, or nested too deep, for an order", "", "")
		}
		return n
	}
	switch y := y.(type) {
	case *ast.MappingNode:
		n.form = isMap
		for i, v := range y.Values {
			s.pair(n, v, i == 0 && !y.IsFlowStyle, depth)
		}
	case *ast.MappingValueNode:
		n.form = isMap
		s.pair(n, y, true, depth)
	case *ast.SequenceNode:
		n.form = isList
		for _, v := range y.Values {
			n.items = append(n.items, s.node(v, depth+1))
		}
	case *ast.StringNode:
		n.form, n.text = isText, y.Value
		n.exact = s.standsAt(n, t)
	case *ast.LiteralNode:
		n.form, n.text = isText, y.Value.Value
		n.block = t.Type == token.LiteralType
		n.exact = n.block
		if n.line < len(s.lines) {
			n.indent = len(s.lines[n.line]) - len(strings.TrimLeft(s.lines[n.line], " "))
		}
	case *ast.IntegerNode, *ast.FloatNode:
		n.form, n.text = isWhole, t.Value
		if !wholeNumber.MatchString(t.Value) {
			n.form = isDecimal
			if !decimalNumber.MatchString(t.Value) {
				s.problem(n.line, n.col, fmt.Sprintf("the number %s", t.Value), "plain digits such as 90 or 0.5", "put it in quotes if it is text")
			}
		}
	case *ast.BoolNode:
		n.form, n.text = isTruth, t.Value
		if t.Value != "true" && t.Value != "false" {
			s.problem(n.line, n.col, fmt.Sprintf("%q", t.Value), "true or false", "put it in quotes if it is text")
		}
	case *ast.NullNode:
		n.form = isNothing
	default:
		s.problem(n.line, n.col, fmt.Sprintf("%q is not accepted in an order", t.Value), "text, a number, true or false, a list or keys", "put it in quotes if it is text")
	}
	return n
}

func (s *source) pair(n *node, v *ast.MappingValueNode, first bool, depth int) {
	k := v.Key.GetToken()
	p := pair{key: k.Value, line: k.Position.Line, col: k.Position.Column}
	if first {
		n.line, n.col = p.line, p.col
	}
	switch v.Key.(type) {
	case *ast.StringNode, *ast.IntegerNode:
	default:
		s.problem(p.line, p.col, fmt.Sprintf("the key %q", p.key), "a plain word", "")
	}
	p.value = s.node(v.Value, depth+1)
	n.pairs = append(n.pairs, p)
}

// standsAt reports whether a scalar's text can be found in the file exactly as
// it is, so that a position within it is a position in the file.
func (s *source) standsAt(n *node, t *token.Token) bool {
	if n.line > len(s.lines) {
		return false
	}
	line := []rune(s.lines[n.line-1])
	from := n.col - 1
	if t.Type == token.SingleQuoteType || t.Type == token.DoubleQuoteType {
		from++
	}
	return from <= len(line) && strings.HasPrefix(string(line[from:]), n.text)
}

// within gives the place in the file of a line (from 1) and column (from 0)
// within the text of n.
func (n *node) within(line, col int) (int, int) {
	switch {
	case n.block:
		return n.line + line, n.indent + col + 1
	case n.exact && line == 1:
		return n.line, n.col + col
	}
	return n.line, n.col
}
