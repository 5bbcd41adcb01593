package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

type completionVerb struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

func (completionVerb) Help() string {
	return "Examples:\n  jurat completion bash > /etc/bash_completion.d/jurat\n  jurat completion fish > ~/.config/fish/completions/jurat.fish"
}

// The shells ask the program itself what may come next, so that completion
// cannot fall behind the command line. Where it has nothing to say they offer
// files.
var completions = map[string]string{
	"bash": `_jurat() {
  local line cur="${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("${line%%$'\t'*}")
  done < <("${COMP_WORDS[0]}" complete -- "${COMP_WORDS[@]:1:COMP_CWORD-1}" "$cur" 2>/dev/null)
}
complete -o default -F _jurat jurat
`,
	"zsh": `#compdef jurat
_jurat() {
  local line
  local -a found
  while IFS= read -r line; do
    found+=("${line/$'\t'/:}")
  done < <("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( ${#found} )); then _describe jurat found; else _files; fi
}
if [ "$funcstack[1]" = _jurat ]; then _jurat "$@"; else compdef _jurat jurat; fi
`,
	"fish": `function __jurat_complete
    set -l words (commandline -opc) (commandline -ct)
    $words[1] complete -- $words[2..-1] 2>/dev/null
end
complete -c jurat -a '(__jurat_complete)'
`,
}

func (v *completionVerb) Run(ctx context.Context, c *call) error {
	_, err := fmt.Fprint(c.stdout, completions[v.Shell])
	return err
}

// completeVerb is what the shells call.
type completeVerb struct {
	Words []string `arg:"" optional:"" passthrough:"" help:"The words so far; the last is being typed."`
}

func (completeVerb) Help() string { return "Example:\n  jurat complete -- incident sh" }

func (v *completeVerb) Run(ctx context.Context, c *call, app *kong.Kong) error {
	words := v.Words
	if len(words) > 0 && words[0] == "--" {
		words = words[1:]
	}
	for _, next := range candidates(app.Model.Node, words) {
		fmt.Fprintf(c.stdout, "%s\t%s\n", next.word, next.help)
	}
	return nil
}

type candidate struct{ word, help string }

// candidates says what may stand in the place of the last word: verbs, or flags
// when it begins with a dash. Nothing: a file or a word of the person's own.
func candidates(node *kong.Node, words []string) (out []candidate) {
	if len(words) == 0 {
		words = []string{""}
	}
	typed, expecting := words[len(words)-1], false
	for _, w := range words[:len(words)-1] {
		switch {
		case expecting:
			expecting = false
		case w == "--":
			return nil
		case strings.HasPrefix(w, "-"):
			f := flagOf(node, w)
			expecting = f != nil && !f.IsBool() && !strings.Contains(w, "=")
		default:
			for _, child := range node.Children {
				if child.Name == w {
					node = child
				}
			}
		}
	}
	offer := func(word, help string) {
		if strings.HasPrefix(word, typed) {
			out = append(out, candidate{word, strings.SplitN(help, "\n", 2)[0]})
		}
	}
	switch {
	case expecting:
	case strings.HasPrefix(typed, "-"):
		for _, group := range node.AllFlags(true) {
			for _, f := range group {
				offer("--"+f.Name, f.Help)
			}
		}
	default:
		for _, child := range node.Children {
			if !child.Hidden {
				offer(child.Name, child.Help)
			}
		}
		for _, p := range node.Positional {
			for _, word := range p.EnumSlice() {
				offer(word, "")
			}
		}
	}
	return out
}

// flagOf finds the flag a word names, with -- or as one letter.
func flagOf(node *kong.Node, word string) *kong.Flag {
	name, _, _ := strings.Cut(strings.TrimLeft(word, "-"), "=")
	for _, group := range node.AllFlags(false) {
		for _, f := range group {
			if strings.HasPrefix(word, "--") && f.Name == name || !strings.HasPrefix(word, "--") && string(f.Short) == name {
				return f
			}
		}
	}
	return nil
}
