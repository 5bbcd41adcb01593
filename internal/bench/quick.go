package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// quickReport is row 7: an officer's quick report on a telephone, in a real
// browser. Taps, details and words are counted there; how long a person takes
// for each is assumed, as the page says.
func quickReport(ctx context.Context, s setup) error {
	head("7", "the officer's quick report, 360 px, at 40 words a minute")
	if _, err := exec.LookPath("chromium"); err != nil {
		line("the quick report", "not measured: chromium is not installed")
		return nil
	}
	browser, err := filepath.Abs(filepath.Join(s.dir, "browser"))
	if err != nil {
		return err
	}
	if _, _, _, err := run(ctx, []string{"GOWORK=off"}, "go", "build", "-C", filepath.Join("testdata", "browser"), "-o", browser, "."); err != nil {
		line("the quick report", "not measured: %v", err)
		return nil
	}
	defer os.Remove(browser)
	dir, setup, err := s.reporting(ctx)
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	serve := exec.CommandContext(ctx, s.jurat, "--dir", dir, "--json", "serve", "--addr", "127.0.0.1:0")
	serve.Cancel = func() error { return serve.Process.Signal(os.Interrupt) }
	serve.WaitDelay = 10 * time.Second
	out, err := serve.StdoutPipe()
	if err != nil {
		return err
	}
	if err := serve.Start(); err != nil {
		return err
	}
	defer serve.Wait() //nolint:errcheck // it was told to stop
	defer cancel()
	var at struct{ Site string }
	first := bufio.NewScanner(out)
	if !first.Scan() || json.Unmarshal(first.Bytes(), &at) != nil {
		return fmt.Errorf("jurat serve says %q", first.Text())
	}
	ask, err := json.Marshal(map[string]string{"Site": at.Site, "Setup": setup, "Event": "26-327-0155"})
	if err != nil {
		return err
	}
	walk := exec.CommandContext(ctx, browser, "quick")
	walk.Stdin = bytes.NewReader(ask)
	var complaint bytes.Buffer
	walk.Stderr = &complaint
	said, err := walk.Output()
	if err != nil {
		return fmt.Errorf("the browser: %w: %s", err, tail(complaint.Bytes()))
	}
	type quickly struct {
		Questions, Asked, Details, Screens, Taps, Words int
		Twice                                           []string
		Seconds                                         float64
	}
	var walked struct{ Plain, Longest quickly }
	if err := json.Unmarshal(said, &walked); err != nil {
		return err
	}
	for _, one := range []struct {
		name string
		quickly
	}{{"a plain night", walked.Plain}, {"the longest path", walked.Longest}} {
		line(one.name+": numbered questions, screens", "%d, %d, target at most 12, 3", one.Questions, one.Screens)
		line(one.name+": details, taps, words, typed twice", "%d, %d, %d, %d, target 0 twice", one.Details, one.Taps, one.Words, len(one.Twice))
		line(one.name+": minutes", "%.1f, target at most 10", one.Seconds/60)
	}
	line("assumed of a person", "7 s a question, 2 a detail, 1.5 a tap or a word, 3 a screen, 20 or 40 to read back, 12 to sign")
	return nil
}

// reporting makes a record with an order, and a dispatch table with one event.
func (s setup) reporting(ctx context.Context) (dir, setup string, err error) {
	dir = filepath.Join(s.dir, "record-7")
	_, _, out, err := run(ctx, nil, s.jurat, "--json", "init", dir)
	if err != nil {
		return dir, "", err
	}
	var made struct{ Setup string }
	if err := json.Unmarshal(out, &made); err != nil {
		return dir, "", err
	}
	order, table := filepath.Join(dir, "order.yaml"), filepath.Join(dir, "events.csv")
	if err := shippedOrder(order); err != nil {
		return dir, "", err
	}
	sent := time.Now().Add(-3 * time.Hour).UTC().Format(time.RFC3339)
	if err := os.WriteFile(table, []byte("event_number,unit,member,sent_at,place,district\n26-327-0155,12,Officer 1,"+sent+",2300 block of a street,9\n"), 0o600); err != nil {
		return dir, "", err
	}
	for _, args := range [][]string{{"order", "adopt", order}, {"person", "add", "evidence-7", "--role", "evidence"}, {"import", "dispatch", table, "--as", "evidence-7"}} {
		if _, _, _, err := run(ctx, nil, s.jurat, append([]string{"--dir", dir}, args...)...); err != nil {
			return dir, "", err
		}
	}
	return dir, made.Setup, nil
}
