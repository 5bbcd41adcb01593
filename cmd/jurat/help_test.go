package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// leaves are the verbs a person can run, hidden ones too.
func leaves(t testing.TB) []*kong.Node {
	t.Helper()
	parser, err := grammar(&call{verbs: new(verbs)})
	if err != nil {
		t.Fatal(err)
	}
	return parser.Model.Leaves(false)
}

// path is a verb as it is typed.
func path(n *kong.Node) []string {
	var words []string
	for ; n.Type == kong.CommandNode; n = n.Parent {
		words = append([]string{n.Name}, words...)
	}
	return words
}

func TestEveryVerbExplainsItselfWithAnExampleThatIsItself(t *testing.T) {
	for _, n := range leaves(t) {
		t.Run(strings.Join(path(n), " "), func(t *testing.T) {
			status, out, complaint := try(t, append(path(n), "--help")...)
			if status != 0 || complaint != "" || !strings.HasPrefix(out, "Usage: jurat "+strings.Join(path(n), " ")) {
				t.Errorf("--help: exit %d, %q, %q", status, out, complaint)
			}
			if n.Help == "" {
				t.Error("the verb says nothing about itself")
			}
			for _, f := range n.Flags {
				if f.Help == "" {
					t.Errorf("--%s is not explained", f.Name)
				}
			}
			for _, a := range n.Positional {
				if a.Help == "" {
					t.Errorf("<%s> is not explained", a.Name)
				}
			}
			examples := 0
			for line := range strings.Lines(n.Detail) {
				command, ok := strings.CutPrefix(line, "  jurat ")
				if !ok {
					continue
				}
				examples++
				if !strings.Contains(out, "jurat "+strings.TrimSpace(command)) {
					t.Errorf("--help breaks the example %q", command)
				}
				command, _, _ = strings.Cut(command, " > ")
				words := split(t, strings.TrimSpace(command))
				parser, err := grammar(&call{verbs: new(verbs)})
				if err != nil {
					t.Fatal(err)
				}
				parsed, err := parser.Parse(words)
				if err != nil {
					t.Errorf("the example jurat %s: %v", command, err)
				} else if got := strings.Join(path(parsed.Selected()), " "); got != strings.Join(path(n), " ") {
					t.Errorf("the example jurat %s is of %s", command, got)
				}
			}
			if examples == 0 || !strings.HasPrefix(n.Detail, "Example") {
				t.Errorf("no example in its help: %q", n.Detail)
			}
		})
	}
}

// split takes a command line apart as a shell does with double quotes.
func split(t *testing.T, line string) (words []string) {
	t.Helper()
	quoted := false
	var word strings.Builder
	for _, r := range line + " " {
		switch {
		case r == '"':
			quoted = !quoted
		case r == ' ' && !quoted:
			words = append(words, word.String())
			word.Reset()
		default:
			word.WriteRune(r)
		}
	}
	if quoted {
		t.Fatalf("%q: a quotation mark is missing", line)
	}
	return words
}

func TestEveryGlobalFlagWorksBeforeAndAfterEachVerb(t *testing.T) {
	for _, n := range leaves(t) {
		for _, args := range [][]string{
			append([]string{"--dir", "x", "--json", "--as", "person-1"}, path(n)...), append(path(n), "--dir", "x", "--json", "--as", "person-1"),
		} {
			c := &call{verbs: new(verbs)}
			parser, err := grammar(c)
			if err != nil {
				t.Fatal(err)
			}
			parser.Stdout, parser.Stderr = new(bytes.Buffer), new(bytes.Buffer)
			if n.Name == "complete" {
				continue // it takes every word as it is
			}
			// What is missing is refused after the flags were read.
			if _, err := parser.Parse(args); err != nil && strings.Contains(err.Error(), "unknown flag") {
				t.Errorf("jurat %s: %v", strings.Join(args, " "), err)
			}
			trace, err := kong.Trace(parser, args)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := trace.Apply(); err != nil || c.verbs.Dir != "x" || !c.verbs.JSON || c.verbs.As != "person-1" {
				t.Errorf("jurat %s: the flags were not read (%v)", strings.Join(args, " "), err)
			}
		}
	}
}
