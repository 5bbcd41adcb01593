package main

import (
	"io"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// scraped is what an address answers, asked by a host name.
func scraped(t *testing.T, address, host string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// Whoever runs the machine reads numbers at an address of its own; to everybody
// who reaches the counter there are none, and no number names a page by what
// stands in its address.
func TestMetricsAreForTheMachineAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "city")
	must(t, "init", dir, "--name", "City police")
	must(t, "--dir", dir, "incident", "open", "--title", "Vehicle stop")
	free, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	numbers := free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	site := strings.Replace(serving(t, dir, "--metrics", numbers), "localhost", "127.0.0.1", 1)
	_, nothing := scraped(t, site+"/nowhere", "localhost")
	if code, text := scraped(t, site+"/metrics", "localhost"); code != 404 || text != nothing {
		t.Errorf("to a stranger: %d, or not what a stranger is told of anything else", code)
	}
	for _, path := range []string{"/incidents/2026-000001", "/healthz", "/api/v1/incidents/2026-000001", "/reports/a-draft"} {
		scraped(t, site+path, "localhost")
	}
	code, text := scraped(t, "http://"+numbers+"/metrics", numbers)
	for _, want := range []string{
		`jurat_http_requests_total{code="404",page="GET /incidents/{incident}"} 1`, `jurat_http_requests_total{code="200",page="GET /healthz"} 1`,
		`jurat_http_request_duration_seconds_count{page="GET /healthz"} 1`, `jurat_signatures_total{outcome="taken"} 0`,
		"jurat_sessions 0", "jurat_uploads 0", "jurat_alerts 0", "jurat_ledger_awaiting_events 0", "jurat_ledger_lag_seconds 0", "jurat_ledger_stopped 0", "go_goroutines", "process_resident_memory_bytes",
	} {
		if code != 200 || !strings.Contains(text, want) {
			t.Errorf("%d, without %s: %.300s", code, want, text)
		}
	}
	if !regexp.MustCompile(`(?m)^jurat_ledger_size [1-9]`).MatchString(text) || !regexp.MustCompile(`(?m)^jurat_journal_lines_total \d`).MatchString(text) {
		t.Error("the ledger has no size, or the journal no lines")
	}
	if strings.Contains(text, "2026-000001") || strings.Contains(text, "a-draft") {
		t.Error("the numbers name an address")
	}
	for path, host := range map[string]string{"/metrics": "elsewhere.example", "/": numbers, "/debug/pprof/": numbers} {
		if code, _ := scraped(t, "http://"+numbers+path, host); code != 404 {
			t.Errorf("%s at the numbers, asked as %s: %d", path, host, code)
		}
	}
}

func TestMetricsOpenToOthersAreRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "city")
	must(t, "init", dir)
	for _, addr := range []string{"0.0.0.0:9464", ":9464", "192.0.2.1:9464", "nowhere", "records.example.gov:9464"} {
		if status, _, complaint := try(t, "--dir", dir, "serve", "--metrics", addr); status != exitUsage || !strings.Contains(complaint, "this machine alone") {
			t.Errorf("%s: exit %d: %s", addr, status, complaint)
		}
	}
}
