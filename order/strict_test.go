package order

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

func read(t testing.TB, name string) string {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

// keys lists every key of a tree, with the pair that holds it.
func keys(n *node) []*pair {
	var out []*pair
	for i := range n.pairs {
		out = append(out, &n.pairs[i])
		out = append(out, keys(n.pairs[i].value)...)
	}
	for _, m := range n.items {
		out = append(out, keys(m)...)
	}
	return out
}

// refused reads a tree and tells whether it is refused, as early as that is
// known.
func refused(root *node, lines []string) Problems {
	p := newParsing("file")
	p.lines = lines
	p.structure(root)
	if bad := p.problems.Refused(); len(bad) > 0 {
		return bad
	}
	p.finish()
	return p.problems.Refused()
}

// TestEveryMisspeltKeyIsRefused prevents the quiet loss of a duty: a key that
// is read by nobody. It misspells every key of an order, one at a time.
func TestEveryMisspeltKeyIsRefused(t *testing.T) {
	for _, name := range []string{"testdata/small.yaml", "testdata/town.yaml", "../orders/chicago-eo-2026-01.yaml"} {
		t.Run(name, func(t *testing.T) {
			text := read(t, name)
			tree := func() (*node, []string) {
				s := &source{file: "file"}
				root := s.read([]byte(text))
				return root, s.lines
			}
			first, _ := tree()
			all := keys(first)
			step := 1
			if testing.Short() {
				step = 37
			}
			var next, accepted atomic.Int64
			var wg sync.WaitGroup
			for range runtime.GOMAXPROCS(0) {
				wg.Go(func() {
					root, lines := tree() // one of its own for each worker
					mine := keys(root)
					for {
						i := int(next.Add(int64(step))) - step
						if i >= len(mine) {
							return
						}
						right := mine[i].key
						mine[i].key = right + "x"
						if len(refused(root, lines)) == 0 {
							accepted.Add(1)
							t.Errorf("line %d: the key %q was accepted for %q", mine[i].line, mine[i].key, right)
						}
						mine[i].key = right
					}
				})
			}
			wg.Wait()
			t.Logf("%d keys, %d accepted though misspelt", len(all), accepted.Load())
		})
	}
}

// TestAMisspeltKeyIsNamedWhereItStands does the same to the file itself, for
// some keys: the place must be right to the column, and so must the hint.
func TestAMisspeltKeyIsNamedWhereItStands(t *testing.T) {
	text := read(t, "../orders/chicago-eo-2026-01.yaml")
	s := &source{file: "file"}
	all := keys(s.read([]byte(text)))
	lines := strings.Split(text, "\n")
	step := 101
	if testing.Short() {
		step = 503
	}
	for i := 0; i < len(all); i += step {
		k := all[i]
		line := []rune(lines[k.line-1])
		wrong := slices.Insert(slices.Clone(line), k.col-1+len(k.key), 'x')
		changed := slices.Clone(lines)
		changed[k.line-1] = string(wrong)
		o, ps := Parse("file", []byte(strings.Join(changed, "\n")))
		if o != nil {
			t.Errorf("line %d: the key %q was accepted", k.line, k.key+"x")
			continue
		}
		at := slices.IndexFunc(ps, func(p Problem) bool { return !p.Warning && p.Line == k.line && p.Column == k.col })
		if at < 0 {
			t.Errorf("the key %q on line %d, column %d is refused elsewhere:\n%s", k.key+"x", k.line, k.col, ps.Refused())
		}
	}
}

// TestWhatAnOrderFileMayNotHold: each line is a file, or a change to the small
// order, and what must be said about it.
func TestWhatAnOrderFileMayNotHold(t *testing.T) {
	small := read(t, "testdata/small.yaml")
	change := func(from, to string) string {
		if !strings.Contains(small, from) {
			t.Fatalf("the small order has no %q", from)
		}
		return strings.Replace(small, from, to, 1)
	}
	cases := []struct{ name, file, want string }{
		{"nothing", "", "1:1: the file is empty"},
		{"a comment only", "# nothing\n", "the file is empty"},
		{"a list", "- a\n- b\n", "1:1: the order is a list"},
		{"text", "hello\n", "the order is text"},
		{"a tab", change("kind: ordinance", "kind:\tordinance"), "5:6: a tab"},
		{"an anchor", change("kind: ordinance", "kind: &k ordinance"), "5:7: an anchor"},
		{"an alias", change("kind: ordinance", "kind: *k"), "5:7: an alias"},
		{"a tag", change("kind: ordinance", "kind: !!str ordinance"), "5:7: a tag"},
		{"a merge key", change("kind: ordinance", "<<: {kind: ordinance}"), "a merge key"},
		{"a complex key", "? a\n: b\n", "a complex key"},
		{"two documents", small + "---\njurat: order-1\n", "second document"},
		{"an end of document", small + "...\n", "end of document"},
		{"a directive", "%YAML 1.2\n---\n" + small, "directive"},
		{"bytes that are not text", small + "# \xff\n", "not UTF-8"},
		{"an invisible character", change("An example", "An\u202e example"), "invisible character"},
		{"a byte order mark", "\ufeff" + small, "byte order mark"},
		{"a huge file", small + strings.Repeat("#\n", maxBytes), "bytes; expected at most"},
		{"deep nesting", "a: " + strings.Repeat("[", 100_000), "nesting too deep"},
		{"many dashes", strings.Repeat("- ", 100_000) + "a", "nesting too deep"},
		{"a key twice", change("kind: ordinance", "kind: ordinance\nkind: ordinance"), `6:1: the key "kind" stands twice`},
		{"an empty value", change("kind: ordinance", "kind:"), `"kind" has no value`},
		{"a number for text", change(`number: "1"`, `number: 1`), `6:9: "number" is a whole number; expected text (put it in quotes)`},
		{"an octal number", change("warn: [3]", "warn: [0x3]"), "the number 0x3"},
		{"an unknown version", change("jurat: order-1", "jurat: order-2"), "order-1"},
		{"an unknown time zone", change("America/Chicago", "America/Chicgo"), "time zone"},
		{"a relative time zone", change("America/Chicago", "../etc/passwd"), "time zone"},
		{"an impossible date", change("date: 2026-01-31, basis", "date: 2026-02-31, basis"), "2026-02-31"},
		{"an unknown kind", change("kind: ordinance", "kind: ordinence"), `did you mean "ordinance"?`},
		{"a source nobody named", change("sources: [text]", "sources: [texd]"), `did you mean "text"?`},
		{"no sources for what is stated", change("signed: {date: 2026-01-31, basis: stated, sources: [text]}", "signed: {date: 2026-01-31, basis: stated}"), "names no source"},
		{"a choice without an author", change("  - {id: approve, basis: stated, sources: [text]}", "  - {id: approve, basis: choice, reason: because}"), "author and a reason"},
		{"an author without a choice", change("  - {id: approve, basis: stated, sources: [text]}", "  - {id: approve, basis: stated, sources: [text], author: me}"), "is not a choice"},
		{"a label in an unknown language", change("say: {en: Add a note.}", "say: {en: Add a note., fr: Une note.}"), `unknown key "fr"`},
		{"a label in a language the order does not name", change("say: {en: Add a note.}", "say: {en: Add a note., es: Una nota.}"), "languages do not name it"},
		{"a label without English", change("say: {en: Add a note.}", "say: {es: Una nota.}"), "no English text"},
		{"a label that is text", change("say: {en: Add a note.}", "say: Add a note."), "a text for each language"},
		{"no tests", small[:strings.Index(small, "tests:")], "the order has no tests"},
		{"an empty list of tests", small[:strings.Index(small, "tests:")] + "tests: []\n", "the order has no tests"},
		{"a test that expects nothing", small[:strings.Index(small, "      duties:\n        - {id: write-note, state")] + "      {}\n", "expects nothing"},
		{"a test of an unknown duty", change("{id: write-note, state: owed, due", "{id: write-notes, state: owed, due"), `did you mean "write-note"?`},
		{"an unknown state", change("{id: write-note, state: owed, due", "{id: write-note, state: oved, due"), `did you mean "owed"?`},
		{"an id twice", change("id: call-help", "id: write-note"), "is taken"},
		{"a bad id", change("id: call-help", "id: Call Help"), "lower-case letters"},
		{"an unknown schema keyword", change("words: {type: string, minLength: 3}", "words: {type: string, minLenght: 3}"), `did you mean "minLength"?`},
		{"a keyword that says nothing about its type", change("words: {type: string, minLength: 3}", "words: {type: string, minItems: 3}"), "says nothing about string"},
		{"an unknown type", change("words: {type: string, minLength: 3}", "words: {type: strin}"), `did you mean "string"?`},
		{"a boolean", change("injury: {$ref: jurat:answer}", "injury: {type: boolean}"), "$ref: jurat:answer"},
		{"yes and no without unknown", change("enum: [letter, call]", `enum: ["yes", "no"]`), "unknown"},
		{"an unknown list", change("$ref: jurat:answer", "$ref: jurat:anwser"), `did you mean "jurat:answer"?`},
		{"a reference elsewhere", change("$ref: jurat:answer", "$ref: https://example.org/schema"), "$ref"},
		{"a list made wider", change("{$ref: jurat:answer}", "{$ref: jurat:answer, enum: [\"yes\", \"no\", unknown, perhaps]}"), "narrowed, never widened"},
		{"a field nobody uses", change("told_in: {type: string, enum: [letter, call]}", "told_in: {type: string, enum: [letter, call]}\n        lost: {type: string}"), "note.lost is used by no label"},
		{"a field that may exist in no record", change("told_in: {type: string, enum: [letter, call]}", "told_in: {type: string, enum: [letter, call]}\n        citizenship: {type: string}"), "may exist in no record"},
		{"a required field that is none", change("required: [words, injury]", "required: [words, injry]"), `did you mean "injury"?`},
		{"a label of an unknown field", change("{field: told_in, en: How it was told}", "{field: told_on, en: How it was told}"), `did you mean "told_in"?`},
		{"more fields than the schema names", change("      type: object\n", "      type: object\n      additionalProperties: true\n"), "additionalProperties is not false"},
		{"a class that is none", change("x-class: identity", "x-class: identitee"), `did you mean "identity"?`},
		{"a question about no field", change("fields: [note.words, note.name]", "fields: [note.word, note.name]"), `did you mean "words"?`},
		{"a question about no record", change("fields: [note.words, note.name]", "fields: [nota.words, note.name]"), `did you mean "note"?`},
		{"a field asked twice", change("fields: [note.injury, note.called_at]", "fields: [note.injury, note.words]"), "asked twice"},
		{"an unknown name in CEL", change("met_when: records.note.size() > 0", "met_when: record.note.size() > 0"), `52:15: met_when: no such name: 'record' (did you mean "records"?)`},
		{"an unknown record in CEL", change("met_when: records.note.size() > 0", "met_when: records.notes.size() > 0"), `52:22: met_when: no such field: 'notes' (did you mean "note"?)`},
		{"an unknown field in CEL", change("records.note.exists(n, n.injury)", "records.note.exists(n, n.injurd)"), `no such field: 'injurd' (did you mean "injury"?)`},
		{"another type in CEL", change("trigger: term.injured", "trigger: moment.known"), "trigger gives a moment; expected yes or no"},
		{"text compared with a number", change("trigger: term.injured", "trigger: incident.trigger == 3"), "no matching overload"},
		{"a syntax error in CEL", change("trigger: term.injured", "trigger: term.injured &&"), "trigger:"},
		{"a value the list does not have in CEL", change("trigger: term.injured", `trigger: incident.trigger == "obsrved"`), `"obsrved", which it never is; expected one of observed`},
		{"a value a field's list does not have in CEL", change("records.note.exists(n, n.injury)", `records.note.exists(n, n.told_in in ["letter", "cal"])`), `did you mean "call"?`},
		{"a prosecutor's own work in CEL", change("  - id: note\n", "  - id: note\n    scope: house\n    wall: assessment\n"), `reads records of the type "note", which are a prosecutor's own work`},
		{"a record of an incident behind a wall", change("  - id: note\n", "  - id: note\n    wall: grand_jury\n"), "is behind a wall and of an incident"},
		{"a wall that is none", change("  - id: note\n", "  - id: note\n    scope: house\n    wall: grand-jury\n"), `did you mean "grand_jury"?`},
		{"a sealed field in CEL", change("records.note.exists(n, n.injury)", `records.note.exists(n, known(n.name))`), "reads the sealed field"},
		{"a term that uses a later one", change("is: records.note.exists(n, n.injury)", "is: term.injured"), "no such field"},
		{"has, which known replaces", change("trigger: term.injured", "trigger: has(incident.trigger)"), "no such name: 'has'"},
		{"folded CEL", change("trigger: term.injured", "trigger: >\n      term.injured"), "does not stand in the file as it is"},
		{"CEL with an escape", change("trigger: term.injured", `trigger: "term.\x69njured"`), "does not stand in the file as it is"},
		{"a bad period", change("within: 5 business days", "within: 5 bussiness days"), "a period such as"},
		{"a period without end", change("within: 5 business days", "within: 5000 business days"), "too long"},
		{"a warning after the clock", change("warn: [3]", "warn: [7]"), "after the clock has run"},
		{"warnings in disorder", change("warn: [3]", "warn: [3, 2]"), "out of order"},
		{"a clock without a beginning", change("{within: immediately, from: moment.known}", "{within: immediately}"), `no "from"`},
		{"a local clock that states no time", change("{within: immediately, from: moment.known}", "{within: none stated, local: true}"), "no such key here"},
		{"a gate twice", change("  - {id: approve, basis: stated, sources: [text]}", "  - {id: approve, basis: stated, sources: [text]}\n  - {id: approve, basis: stated, sources: [text]}"), "stands twice"},
		{"an unknown gate", change("guards: [approve]", "guards: [aprove]"), `did you mean "approve"?`},
		{"an unknown owner", change("owner: officer", "owner: oficer"), `did you mean "officer"?`},
		{"a value its field refuses in a test", change("incident: {trigger: observed", "records: [{type: note, fields: {words: abc, told_in: fax}}]\n      incident: {trigger: observed"), `told_in "fax" is not in its list`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			o, ps := Parse("f", []byte(tc.file))
			if o != nil {
				t.Fatal("accepted")
			}
			if got := ps.Refused().String(); !strings.Contains(got, tc.want) {
				t.Errorf("said:\n%s\nwant: %s", got, tc.want)
			}
			if ps.Err() == nil {
				t.Error("refused without an error")
			}
		})
	}
}

func TestEveryProblemOfAFileIsToldInOrder(t *testing.T) {
	text := read(t, "testdata/small.yaml")
	text = strings.Replace(text, "kind: ordinance", "knd: ordinance", 1)
	text = strings.Replace(text, "trigger: term.injured", "trigger: term.inured", 1)
	text = strings.Replace(text, "id: nothing", "iid: nothing", 1)
	_, ps := Parse("f", []byte(text))
	ps = ps.Refused()
	for _, want := range []string{`unknown key "knd"`, "inured", `unknown key "iid"`} {
		if !strings.Contains(ps.String(), want) {
			t.Errorf("not told: %s\n%s", want, ps)
		}
	}
	if !slices.IsSortedFunc(ps, func(a, b Problem) int { return a.Line - b.Line }) {
		t.Errorf("not in the order of the file:\n%s", ps)
	}
}

func TestAFileWithWindowsLineEndsIsRead(t *testing.T) {
	text := strings.ReplaceAll(read(t, "testdata/small.yaml"), "\n", "\r\n")
	if o, ps := Parse("f", []byte(text)); o == nil {
		t.Errorf("refused:\n%s", ps)
	}
}

func TestAnExpressionOnSeveralLinesIsNamedWhereItStands(t *testing.T) {
	text := strings.Replace(read(t, "testdata/small.yaml"), "    trigger: term.injured\n", "    trigger: |\n      term.injured\n        && records.note.exists(n, n.wrds == \"\")\n", 1)
	_, ps := Parse("f", []byte(text))
	line := slices.Index(strings.Split(text, "\n"), `        && records.note.exists(n, n.wrds == "")`) + 1
	want := fmt.Sprintf("f:%d:36: trigger: no such field: 'wrds'", line)
	if !strings.Contains(ps.Refused().String(), want) {
		t.Errorf("want %s, said:\n%s", want, ps.Refused())
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(read(f, "testdata/small.yaml")))
	f.Add([]byte("jurat: order-1\nid: [}\n"))
	f.Add([]byte("a: |\n  x\n b: 'c\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		o, ps := Parse("f", src)
		if (o == nil) != (ps.Err() != nil) {
			t.Fatalf("order %t, problems %s", o != nil, ps)
		}
		for _, p := range ps {
			if p.Line < 1 || p.Column < 1 || p.What == "" {
				t.Fatalf("a problem without a place: %+v", p)
			}
		}
	})
}
