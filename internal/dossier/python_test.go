package dossier_test

import (
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jurat/internal/dossier"
)

// A fault in format could hide in both writer and verifier. This checks the
// vectors by other code, in another language, that shares nothing with it.
func TestAnotherProgramFindsTheSame(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		skip(t, "python3 is not installed")
	}
	signaturesOnly := map[string]bool{ // what the script says it does not check
		"bad-person-signature": true, "person-without-key": true, "bad-cosignature": true, "flipped-signature": true, "unknown-algorithm": true,
		"self-made-city": true, "origin-not-trusted": true, "receipt-for-another": true, "supplement-alone": true, "skipped-number": true,
	}
	want, args := map[string]vector{}, []string{filepath.Join("..", "..", "testdata", "vectors", "check.py")}
	for name, v := range loadVectors(t) {
		if signaturesOnly[name] || filepath.Ext(v.File) != ".zip" || v.Answer == dossier.Unsure {
			continue
		}
		switch v.Clause {
		case "D12", "D45", "D43", "D47", "D48", "D49": // hostile wrappers, predecessors, and meanings the script does not read
			if v.Answer == dossier.Altered {
				continue
			}
		}
		path := filepath.Join(vectorDir, v.File)
		want[path], args = v, append(args, path)
	}
	out, err := exec.Command(python, args...).Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 1 {
		t.Fatalf("%v: want 1, for some do not hold\n%s", err, out)
	}
	said := 0
	for line := range strings.Lines(string(out)) {
		path, text, _ := strings.Cut(line, ": ")
		said++
		if v, ok := want[path]; !ok || strings.HasPrefix(text, "holds") != (v.Answer == dossier.Intact) {
			t.Errorf("%s: verify answers %q, and the script: %s", path, v.Answer, text)
		}
	}
	if said != len(args)-1 || said < 20 {
		t.Errorf("the script spoke of %d dossiers, want %d", said, len(args)-1)
	}
}
