package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jurat"
)

func TestAPanicIsAnInternalFaultAndExits3(t *testing.T) {
	var out, complaint bytes.Buffer
	status := run(t.Context(), surroundings{
		stdout: &out, stderr: &complaint, getenv: func(string) string { panic("a broken invariant") }, now: time.Now, args: []string{"incident", "list"},
	})
	if status != 3 || out.Len() > 0 || !strings.HasPrefix(complaint.String(), "jurat: internal fault: a broken invariant") {
		t.Errorf("exit %d, said %q, complained %q", status, out.String(), complaint.String())
	}
}

func TestEveryKindOfErrorHasItsExitStatus(t *testing.T) {
	want := map[jurat.Kind]int{jurat.Invalid: 2, jurat.Altered: 1, jurat.NotFound: 3, jurat.Forbidden: 3, jurat.Conflict: 3, jurat.Unavailable: 3}
	for _, k := range jurat.Kinds {
		if got := exitCode(fmt.Errorf("around: %w", jurat.Errorf(k, "x"))); got != want[k] {
			t.Errorf("%s exits %d, want %d", k, got, want[k])
		}
	}
	if got := exitCode(errors.New("no kind")); got != 3 {
		t.Errorf("an error without a kind exits %d", got)
	}
	if got := exitCode(errors.Join(answer(1), errors.New("x"))); got != 1 {
		t.Errorf("an answer beside an error exits %d", got)
	}
}

// A writer that looks at the record each time a line arrives.
type onlooker struct {
	t    *testing.T
	city string
	seen int
}

func (o *onlooker) Write(line []byte) (int, error) {
	if bytes.Count(line, []byte("\n")) != 1 || !bytes.HasSuffix(line, []byte("\n")) {
		o.t.Errorf("written at once: %q; want one line", line)
	}
	o.seen++
	shown := must(o.t, "--dir", o.city, "--json", "incident", "show", "2026-000001")
	if got := strings.Count(shown, `{"exhibit":"2026-000001-E`); got < o.seen {
		o.t.Errorf("line %d was printed while %d exhibits are on the record", o.seen, got)
	}
	return len(line), nil
}

// EVD-1: what is said to be received must be on the disk by then, so that a
// machine that dies between two lines has lost nothing it promised.
func TestALineOfReceiveIsPrintedUnbufferedOnceItsExhibitIsOnTheRecord(t *testing.T) {
	city := filepath.Join(t.TempDir(), "city")
	must(t, "init", city)
	must(t, "--dir", city, "incident", "open", "x")
	args := []string{"--dir", city, "receive", "--incident", "2026-000001", "--json"}
	for i := range 5 {
		name := filepath.Join(t.TempDir(), fmt.Sprint(i, ".bin"))
		if err := os.WriteFile(name, bytes.Repeat([]byte{byte(i)}, i*300_000), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	o := &onlooker{t: t, city: city}
	if status := run(context.Background(), surroundings{stdout: o, stderr: os.Stderr, getenv: os.Getenv, now: time.Now, args: args}); status != 0 || o.seen != 5 {
		t.Errorf("exit %d after %d lines", status, o.seen)
	}
}

func TestProgressIsDrawnOnATerminalAndTakenAway(t *testing.T) {
	if _, err := exec.LookPath("script"); err != nil {
		t.Skip("script(1) is not installed: progress on a terminal is not tested")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "jurat")
	if err := os.Symlink(self, program); err != nil {
		t.Fatal(err)
	}
	must(t, "init", filepath.Join(dir, "city"))
	must(t, "--dir", filepath.Join(dir, "city"), "incident", "open", "x")
	if err := os.WriteFile(filepath.Join(dir, "film.mp4"), make([]byte, 20<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	receive := []string{"--dir", "city", "receive", "--incident", "2026-000001", "film.mp4"}
	onTerminal := exec.Command("script", "--quiet", "--return", "--command", "./jurat "+strings.Join(receive, " "), "/dev/null")
	onTerminal.Dir = dir
	drawn, err := onTerminal.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, drawn)
	}
	if !bytes.Contains(drawn, []byte("\rreceived ")) || !bytes.Contains(drawn, []byte("of 20 MiB")) {
		t.Errorf("no progress on a terminal: %q", drawn)
	}
	if !bytes.Contains(drawn, []byte("\r\x1b[K2026-000001-E1  sha256:")) {
		t.Errorf("the progress is not taken away before the line: %q", drawn)
	}
	inPipe := exec.Command(program, receive...)
	inPipe.Dir = dir
	var complaint bytes.Buffer
	inPipe.Stderr = &complaint
	if out, err := inPipe.Output(); err != nil || bytes.ContainsAny(out, "\r\x1b") || complaint.Len() > 0 {
		t.Errorf("in a pipe: %q %q %v", out, complaint.String(), err)
	}
}

func TestTheDemonstrationIsQuickAndTellsEachAct(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "show")
	began := time.Now()
	out := must(t, "demo", "--dir", dir)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %s, more than 5 s", took)
	}
	for i := 1; i <= 29; i++ {
		if !strings.Contains(out, fmt.Sprintf("\n%3d. ", i)) && i > 1 {
			t.Errorf("act %d is not told", i)
		}
	}
}

func TestWhatATerminalWouldObeyIsPrintedAsText(t *testing.T) {
	for given, want := range map[string]string{
		"plain – ünï 📷": "plain – ünï 📷", "a\nb": `a\nb`, "\x1b[31mred": `\x1b[31mred`, "txt.\u202eexe": `txt.\u202eexe`, "\xff": `\ufffd`,
	} {
		if got := escape(given); got != want {
			t.Errorf("%q is printed %q, want %q", given, got, want)
		}
	}
	if got := fmt.Sprint(visible([]any{errors.New("one\ntwo\x1b")})...); got != "one\ntwo\\x1b" {
		t.Errorf("an error is printed %q", got)
	}
}
