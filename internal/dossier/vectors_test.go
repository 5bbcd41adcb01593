package dossier_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jurat/internal/dossier"
)

// Vectors are frozen: a change that gives one another answer is a change of the
// format or a fault. They are made once, by -update-vectors, before the release
// that first has them; see docs/format/dossier.md D70.
var updateVectors = flag.Bool("update-vectors", false, "make the dossier vectors anew (only before a release that adds some)")

const vectorDir = "../../testdata/vectors/dossier"

// A vector is one dossier and the answer every verifier must give.
type vector struct {
	Clause   string   `json:"clause"` // of docs/format/dossier.md
	Line     string   `json:"line"`   // of its table of answers (D50)
	What     string   `json:"what"`
	File     string   `json:"file"`
	Trust    string   `json:"trust,omitempty"`
	Previous string   `json:"previous,omitempty"`
	Receipt  string   `json:"receipt,omitempty"`
	Identity string   `json:"identity,omitempty"`
	Answer   string   `json:"answer"`
	Where    []string `json:"where,omitempty"` // findings of that answer are about these files, at least
}

// answerLines are the lines of D50; each has a vector.
var answerLines = []string{
	"mismatch with a commitment", "listed file missing", "unlisted file", "gap in the incident's sequence",
	"bad signature by a known key or trusted witness", "path traversal, duplicate or overlapping names, links",
	"receipt for another dossier", "known origin, other key, no rotation",
	"read error", "cut short", "over limits", "unknown version or algorithm", "origin not in the trust file", "missing predecessor", "leaves of the incident may be lost",
	"wrong or missing decryption key", "intact contents in a non-canonical wrapper", "everything checked holds",
}

func loadVectors(t *testing.T) map[string]vector {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(vectorDir, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]vector{}
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		if strings.HasSuffix(name, ".trust") {
			continue
		}
		var v vector
		if err := json.Unmarshal(readFile(t, path), &v); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		list[name] = v
	}
	return list
}

func vectorOptions(t *testing.T, v vector) dossier.Options {
	t.Helper()
	var o dossier.Options
	in := func(name string) string { return filepath.Join(vectorDir, name) }
	if v.Trust != "" {
		o.Trust = readFile(t, in(v.Trust))
	}
	if v.Previous != "" {
		o.Previous = in(v.Previous)
	}
	if v.Receipt != "" {
		o.Receipt = in(v.Receipt)
	}
	if v.Identity != "" {
		f, err := os.Open(in(v.Identity))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close() //nolint:errcheck // read only
		if o.Identity, err = dossier.ParseIdentities(f); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

func TestEveryVectorGivesItsAnswer(t *testing.T) {
	if *updateVectors {
		makeVectors(t)
	}
	list := loadVectors(t)
	covered, bad, good := map[string]bool{}, 0, 0
	for name, v := range list {
		covered[v.Line] = true
		if v.Answer == dossier.Intact {
			good++
		} else {
			bad++
		}
		t.Run(name, func(t *testing.T) {
			r := dossier.Verify(t.Context(), filepath.Join(vectorDir, v.File), vectorOptions(t, v))
			wantAnswer(t, v.Answer, r)
			for _, where := range v.Where {
				if !slices.ContainsFunc(r.Findings, func(f dossier.Finding) bool { return f.Answer == v.Answer && f.Where == where }) {
					t.Errorf("no finding %q about %q in %+v", v.Answer, where, r.Findings)
				}
			}
		})
	}
	for _, line := range answerLines {
		if !covered[line] {
			t.Errorf("no vector for the line %q", line)
		}
	}
	for line := range covered {
		if !slices.Contains(answerLines, line) {
			t.Errorf("%q is no line of the table", line)
		}
	}
	if bad <= good {
		t.Errorf("%d bad vectors and %d good; there should be more bad than good", bad, good)
	}
}

func TestEveryVectorCitesAClause(t *testing.T) {
	text := string(readFile(t, "../../docs/format/dossier.md"))
	for name, v := range loadVectors(t) {
		if !strings.Contains(text, "**"+v.Clause+".") {
			t.Errorf("%s stands for %s, which docs/format/dossier.md does not have", name, v.Clause)
		}
	}
	for _, line := range answerLines {
		if !strings.Contains(text, line) {
			t.Errorf("docs/format/dossier.md has no line %q", line)
		}
	}
}
