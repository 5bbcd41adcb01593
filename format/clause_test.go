package format

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A clause nobody cites is a clause nobody keeps, and a citation of no clause
// is a promise nobody can read.
func TestEveryClauseOfTheLedgerIsCitedByCodeAndByATest(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("../docs/format/ledger.md")
	if err != nil {
		t.Fatal(err)
	}
	clauses := map[string]int{}
	for _, m := range regexp.MustCompile(`(?m)^\*\*(L\d+)\. `).FindAllStringSubmatch(string(doc), -1) {
		clauses[m[1]]++
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	cite, span := regexp.MustCompile(`\bL\d+\b`), regexp.MustCompile(`\bL(\d+)…L(\d+)\b`)
	code, tests := map[string]bool{}, map[string]bool{}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			_, comment, ok := strings.Cut(line, "//")
			if !ok || span.MatchString(comment) {
				continue
			}
			for _, c := range cite.FindAllString(comment, -1) {
				if clauses[c] == 0 {
					t.Errorf("%s cites %s, which is no clause", name, c)
				}
				if strings.HasSuffix(name, "_test.go") {
					tests[c] = true
				} else {
					code[c] = true
				}
			}
		}
	}
	for _, v := range readVectors(t).Vectors {
		if clauses[v.Clause] == 0 {
			t.Errorf("vector %q cites %s, which is no clause", v.Name, v.Clause)
		}
		tests[v.Clause] = true
	}
	for c, n := range clauses {
		if n != 1 {
			t.Errorf("%s is there %d times", c, n)
		}
		if !code[c] {
			t.Errorf("%s is cited by no code", c)
		}
		if !tests[c] {
			t.Errorf("%s is cited by no test", c)
		}
	}
	if len(clauses) != 24 {
		t.Errorf("%d clauses", len(clauses))
	}
}
