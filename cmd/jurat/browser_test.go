package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// An office's first day in a real browser, at a counter that runs: the first
// administrator comes in by the printed link and a passkey, adds an officer and
// a supervisor; the officer's quick report on a telephone, signed; the queue of
// approvals; the keyboard alone; Spanish; no script. What takes an officer more
// than ten minutes at 40 words a minute fails.
func TestFirstDayInABrowser(t *testing.T) {
	program := browserProgram(t)
	dir := filepath.Join(t.TempDir(), "city")
	var made struct{ Setup string }
	if err := json.Unmarshal([]byte(must(t, "--json", "init", dir, "--name", "City police")), &made); err != nil {
		t.Fatal(err)
	}
	must(t, "--dir", dir, "order", "adopt", filepath.Join("..", "..", "orders", "chicago-eo-2026-01.yaml"))
	site := serving(t, dir)
	ask, err := json.Marshal(map[string]string{"Site": site, "Setup": made.Setup})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "walk")
	cmd.Stdin = bytes.NewReader(ask)
	var answer, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &answer, &complaint
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, complaint.String())
	}
	var walked struct {
		Faults                          []string
		Questions, Screens, Taps, Words int
		Seconds                         float64
	}
	if err := json.Unmarshal(answer.Bytes(), &walked); err != nil {
		t.Fatal(err)
	}
	for _, fault := range walked.Faults {
		t.Error(fault)
	}
	t.Logf("the quick report: %d questions on %d screens, %d taps, %d words: %.0f s", walked.Questions, walked.Screens, walked.Taps, walked.Words, walked.Seconds)
	if walked.Questions == 0 || walked.Questions > 12 || walked.Screens > 3 || walked.Seconds > 600 {
		t.Error("the quick report is longer than twelve questions, three screens or ten minutes")
	}
}

// browserProgram builds what drives Chromium, or skips the test aloud.
func browserProgram(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "browser")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	build.Dir = filepath.Join("..", "..", "testdata", "browser")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "GOWORK=off")
	out, err := build.CombinedOutput()
	if _, missing := exec.LookPath("chromium"); err != nil || missing != nil {
		if required := "," + os.Getenv("JURAT_REQUIRE") + ","; strings.Contains(required, ",all,") || strings.Contains(required, ",chromium,") {
			t.Fatalf("no browser can be driven, and JURAT_REQUIRE wants it: %v %v\n%s", missing, err, out)
		}
		t.Skipf("SKIPPED: nobody walked through the counter in a browser: %v %v\n%s", missing, err, out)
	}
	return program
}
