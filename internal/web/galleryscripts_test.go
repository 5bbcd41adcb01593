package web

import (
	"html"
	"regexp"
	"strings"
	"testing"
)

// A scriptState is a page as a script of ours leaves it: what the script would
// write, in the sentences the page carries for it, so that the gallery shows them
// and every check of it reads them, in each language.
type scriptState struct {
	sentences []string // the page's attributes, one row or line each
	show      func(t *testing.T, text string, said []string) string
}

var scriptStates = map[string]scriptState{
	"saved":     {[]string{"saved-say"}, savedLine},
	"offline":   {[]string{"offline-say"}, savedLine},
	"lost":      {[]string{"lost-say", "wait-say"}, savedLine},
	"away":      {[]string{"away-say"}, savedLine},
	"asking":    {nil, unhidden("data-asking")},
	"sending":   {[]string{"waiting", "sending", "paused", "cut", "lost", "differs", "full", "away", "filed", "already"}, fileRows},
	"edits":     {[]string{"saved"}, statusLine},
	"edits-not": {[]string{"failed"}, statusLine},
}

// byScript is a page as a script of ours leaves it.
func byScript(t *testing.T, text, state string) string {
	t.Helper()
	s, ok := scriptStates[state]
	if !ok {
		t.Fatalf("no script leaves a page as %q", state)
	}
	var said []string
	for _, name := range s.sentences {
		found := regexp.MustCompile(`\bdata-` + name + `="([^"]*)"`).FindStringSubmatch(text)
		if found == nil || found[1] == "" {
			t.Errorf("%s: the page has no sentence %s for its script", state, name)
			continue
		}
		fill := strings.NewReplacer("{time}", "22:58", "{n}", "61", "{name}", "clip.mp4")
		said = append(said, fill.Replace(found[1]))
	}
	return s.show(t, text, said)
}

// within puts what a script writes into the element whose tag begins so.
func within(t *testing.T, text, tag, said string) string {
	t.Helper()
	at := regexp.MustCompile(`(` + tag + `[^>]*>)[^<]*(<time[^>]*>[^<]*</time>)?[^<]*(</p>)`)
	if !at.MatchString(text) {
		t.Errorf("the page has no %s", tag)
	}
	return at.ReplaceAllString(text, "${1}"+strings.ReplaceAll(said, "$", "$$")+"${3}")
}

func savedLine(t *testing.T, text string, said []string) string {
	t.Helper()
	line := strings.Join(said, " ")
	if !strings.Contains(line, "22:58") && len(said) == 1 {
		line += " 22:58"
	}
	return within(t, text, `<p class="savedline"`, line)
}

func statusLine(t *testing.T, text string, said []string) string {
	t.Helper()
	return within(t, text, `<p role="status" data-status`, strings.Join(said, " "))
}

func unhidden(mark string) func(*testing.T, string, []string) string {
	return func(t *testing.T, text string, _ []string) string {
		t.Helper()
		out := strings.Replace(text, mark+" hidden", mark, 1)
		if out == text {
			t.Errorf("nothing on the page is hidden as %s", mark)
		}
		return out
	}
}

// fileRows is a row for each state of a file on its way in.
func fileRows(t *testing.T, text string, said []string) string {
	t.Helper()
	text = unhidden("data-files")(t, text, nil)
	label := map[string]string{}
	for _, found := range regexp.MustCompile(`<th scope="col" data-cell="(\w+)">([^<]*)</th>`).FindAllStringSubmatch(text, -1) {
		label[found[1]] = found[2]
	}
	cell := func(name, value string) string { return `<td data-label="` + label[name] + `">` + value + `</td>` }
	button := regexp.MustCompile(`data-resume="([^"]*)"`).FindStringSubmatch(text)
	var rows strings.Builder
	for i, one := range said {
		rows.WriteString(`<tr><th scope="row" dir="auto">clip-` + html.EscapeString(string(rune('a'+i))) + `.mp4</th>` + cell("size", "1.2 GB") + cell("sent", "61 %") + cell("here", "9f2c 4e11") + cell("there", "…") + cell("state", `<span>`+one+`</span> <button type="button" class="usa-button usa-button--outline">`+button[1]+`</button>`) + `</tr>`)
	}
	before, after, ok := strings.Cut(text, "<tbody></tbody></table>")
	if !ok {
		t.Error("the table of files is not empty")
		return text
	}
	return before + "<tbody>" + rows.String() + "</tbody></table>" + after
}
