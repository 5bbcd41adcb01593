package jurat_test

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// A case whose test was renamed or dropped would be a promise nobody keeps:
// docs/cases.md names a test for each of the fifteen, and each is there.
func TestEachOfTheFifteenCasesIsTried(t *testing.T) {
	text, err := os.ReadFile("docs/cases.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^\| (\d+) \| [^|]+ \| ([^|]+) \|$`)
	test := regexp.MustCompile("`([^`]+)`(?: ([A-Za-z0-9-]+))?")
	rows := row.FindAllStringSubmatch(string(text), -1)
	for i, r := range rows {
		if r[1] != strconv.Itoa(i+1) {
			t.Errorf("row %d is case %s", i+1, r[1])
		}
		tests := test.FindAllStringSubmatch(r[2], -1)
		if len(tests) == 0 {
			t.Errorf("case %s names no test", r[1])
		}
		for _, tc := range tests {
			file, name := tc[1], tc[2]
			source, err := os.ReadFile(file)
			if err != nil {
				t.Errorf("case %s: %v", r[1], err)
				continue
			}
			want := map[string]string{"go": "func " + name + "(t *testing.T)", "yaml": "- id: " + name + "\n", "txtar": ""}
			ending := file[strings.LastIndexByte(file, '.')+1:]
			if w, ok := want[ending]; !ok || !strings.Contains(string(source), w) || (name == "") != (ending == "txtar") {
				t.Errorf("case %s: %s has no test %q", r[1], file, name)
			}
		}
	}
	if len(rows) != 15 {
		t.Errorf("docs/cases.md has %d cases, want 15", len(rows))
	}
}
