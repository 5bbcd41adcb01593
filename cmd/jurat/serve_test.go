package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// A buffer two goroutines use.
type shared struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *shared) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *shared) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// serving runs the counter of a record until the test ends, and gives its
// address.
func serving(t *testing.T, dir string, args ...string) string {
	t.Helper()
	return servingAt(t, dir, time.Now, args...)
}

// servingAt is serving by another clock.
func servingAt(t *testing.T, dir string, now func() time.Time, args ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	var out, complaint shared
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, surroundings{
			stdout: &out, stderr: &complaint, stdin: strings.NewReader(""), getenv: func(string) string { return "" }, now: now,
			args: append([]string{"--dir", dir, "--json", "serve", "--addr", "127.0.0.1:0"}, args...),
		})
	}()
	t.Cleanup(func() {
		stop()
		if status := <-ended; status != 0 {
			t.Errorf("serve: exit %d: %s", status, complaint.String())
		}
		if strings.Contains(complaint.String(), "recovered") {
			t.Errorf("a panic was recovered: %s", complaint.String())
		}
	})
	for range 200 {
		var line struct{ Site string }
		if json.Unmarshal([]byte(out.String()), &line) == nil && line.Site != "" {
			return line.Site
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatalf("the counter did not open: %s", complaint.String())
	return ""
}

// The counter opens on a bare record, answers a stranger with its first page
// and nothing else, stops when told, and leaves a record that is intact.
func TestServe(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "city")
	must(t, "init", dir, "--name", "City police")
	t.Run("while it runs", func(t *testing.T) {
		site := serving(t, dir)
		for path, want := range map[string]int{"/": 200, "/login": 200, "/healthz": 200, "/setup": 200, "/incidents": 404, "/duties": 404, "/me": 404, "/nowhere": 404} {
			answer, err := http.Get(strings.Replace(site, "localhost", "127.0.0.1", 1) + path) //nolint:noctx // a test of a server on this machine
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(answer.Body)
			if err != nil || answer.Body.Close() != nil || answer.StatusCode != want {
				t.Errorf("%s: %d, want %d: %s", path, answer.StatusCode, want, text)
			}
		}
		// Another command works beside it.
		must(t, "--dir", dir, "incident", "open", "--title", "Vehicle stop")
	})
	if out := must(t, "--dir", dir, "fsck"); !strings.Contains(out, "intact") {
		t.Error(out)
	}
}

func TestServeIsReachedByOthersOnlyByTLS(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "city")
	must(t, "init", dir)
	for _, args := range [][]string{
		{"--addr", "0.0.0.0:0"}, {"--addr", ":0"}, {"--addr", "192.0.2.1:80"}, {"--addr", "nowhere"}, {"--cert", "a.pem"}, {"--site", "records"},
		{"--addr", ":443", "--cert", "a.pem", "--key", "b.pem"},
	} {
		if status, _, complaint := try(t, append([]string{"--dir", dir, "serve"}, args...)...); status != exitUsage {
			t.Errorf("serve %v: exit %d: %s", args, status, complaint)
		}
	}
}
