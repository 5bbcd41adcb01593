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
	return "Example: jurat completion bash > /etc/bash_completion.d/jurat"
}

// Run prints completions made from the command line's own grammar, so that
// they cannot fall behind it.
func (v *completionVerb) Run(ctx context.Context, c *call, app *kong.Kong) error {
	var words []completion
	gather(app.Model.Node, nil, &words)
	switch v.Shell {
	case "fish":
		for _, w := range words {
			for _, next := range w.next {
				fmt.Fprintf(c.stdout, "complete -c jurat -n '__fish_seen_subcommand_from %s' -a '%s'\n", strings.Join(w.path, " "), next)
			}
		}
		for _, next := range words[0].next {
			fmt.Fprintf(c.stdout, "complete -c jurat -n __fish_use_subcommand -a '%s'\n", next)
		}
		return nil
	case "zsh":
		fmt.Fprintln(c.stdout, "#compdef jurat\nautoload -U +X bashcompinit && bashcompinit")
	}
	fmt.Fprintln(c.stdout, "_jurat() {\n  local cur=\"${COMP_WORDS[COMP_CWORD]}\" path=\"\" w\n  for w in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do case \"$w\" in -*) ;; *) path=\"$path $w\" ;; esac; done\n  case \"$path\" in")
	for i := len(words) - 1; i >= 0; i-- {
		pattern := "*"
		if len(words[i].path) > 0 {
			pattern = "\" " + strings.Join(words[i].path, " ") + "\"*"
		}
		fmt.Fprintf(c.stdout, "    %s) COMPREPLY=($(compgen -W '%s' -- \"$cur\")) ;;\n", pattern, strings.Join(words[i].next, " "))
	}
	fmt.Fprintln(c.stdout, "  esac\n  [ ${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- \"$cur\"))\n}\ncomplete -F _jurat jurat")
	return nil
}

// A completion is what may follow a path of verbs.
type completion struct {
	path []string
	next []string
}

func gather(n *kong.Node, path []string, out *[]completion) {
	here := completion{path: path}
	for _, child := range n.Children {
		here.next = append(here.next, child.Name)
	}
	for _, flags := range n.AllFlags(true) {
		for _, f := range flags {
			here.next = append(here.next, "--"+f.Name)
		}
	}
	*out = append(*out, here)
	for _, child := range n.Children {
		gather(child, append(append([]string(nil), path...), child.Name), out)
	}
}
