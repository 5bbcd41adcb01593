package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// The quick report in a real browser on a telephone: a plain night and the
// longest path by taps and keys that are counted, the network lost and back, a
// sign-out that leaves nothing behind, the keyboard, Spanish, no script. What is
// longer than the design allows fails (design §13 row 7).
func TestTheQuickReportInABrowser(t *testing.T) {
	program := filepath.Join(t.TempDir(), "browser")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	build.Dir = filepath.Join("..", "..", "testdata", "browser")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "GOWORK=off")
	out, err := build.CombinedOutput()
	if _, missing := exec.LookPath("chromium"); err != nil || missing != nil {
		require(t, "nobody wrote a quick report in a browser: %v %v\n%s", missing, err, out)
	}
	dir := filepath.Join(t.TempDir(), "city")
	var made struct{ Setup string }
	if err := json.Unmarshal([]byte(must(t, "--json", "init", dir, "--name", "City police")), &made); err != nil {
		t.Fatal(err)
	}
	must(t, "--dir", dir, "order", "adopt", filepath.Join("..", "..", "orders", "chicago-eo-2026-01.yaml"))
	must(t, "--dir", dir, "person", "add", "evidence-7", "--role", "evidence")
	table := filepath.Join(t.TempDir(), "events.csv")
	sent := time.Now().Add(-3 * time.Hour).UTC().Format(time.RFC3339)
	if err := os.WriteFile(table, []byte("event_number,unit,member,sent_at,place,district\n26-327-0155,12,Officer 1,"+sent+",2300 block of a street,9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, "--dir", dir, "import", "dispatch", table, "--as", "evidence-7")
	ask, err := json.Marshal(map[string]string{"Site": serving(t, dir), "Setup": made.Setup, "Event": "26-327-0155"})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "quick")
	cmd.Stdin = bytes.NewReader(ask)
	var answer, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &answer, &complaint
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, complaint.String())
	}
	type quickly struct {
		Questions, Asked, Details, Screens, Taps, Words, Chars int
		Twice                                                  []string
		Seconds                                                float64
	}
	var walked struct {
		Faults         []string
		Plain, Longest quickly
	}
	if err := json.Unmarshal(answer.Bytes(), &walked); err != nil {
		t.Fatal(err)
	}
	for _, fault := range walked.Faults {
		t.Error(fault)
	}
	for name, q := range map[string]quickly{"a plain night": walked.Plain, "the longest path": walked.Longest} {
		t.Logf("%s: %d numbered questions, %d asked, %d details, %d screens, %d taps, %d words (%d characters): %.0f s", name, q.Questions, q.Asked, q.Details, q.Screens, q.Taps, q.Words, q.Chars, q.Seconds)
		if q.Questions == 0 || q.Questions > 12 || q.Screens > 3 || q.Seconds > 600 || len(q.Twice) > 0 || q.Details > 15 {
			t.Errorf("%s is longer than twelve questions, three screens, fifteen details or ten minutes, or asks to type twice: %q", name, q.Twice)
		}
	}
}

// require fails a test that lacks a browser where one is required, and skips it
// aloud elsewhere.
func require(t *testing.T, format string, args ...any) {
	t.Helper()
	if need := os.Getenv("JURAT_REQUIRE"); need == "all" || need == "chromium" {
		t.Fatalf(format, args...)
	}
	t.Skipf("SKIPPED: "+format, args...)
}
