package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jurat/internal/register/registertest"
)

// A city that outgrew one machine's file keeps the same record, by the same
// verbs, in PostgreSQL; what only works on the embedded engine is no record.
func TestARecordInPostgreSQLIsTheSameRecord(t *testing.T) {
	var server registertest.Postgres
	t.Cleanup(func() { server.Stop() })
	dsn := server.Database(t)
	dir := filepath.Join(t.TempDir(), "city")
	must(t, "init", dir, "--name", "City police", "--database", dsn)
	in := func(args ...string) string { return must(t, append([]string{"--dir", dir}, args...)...) }
	in("order", "adopt", "../../orders/chicago-eo-2026-01.yaml")
	in("person", "add", "officer-4471", "--role", "officer", "--sworn")
	opened := in("--json", "incident", "open", "Vehicle stop at 26th Street")
	number := opened[strings.Index(opened, `"incident":"`)+12:][:11]
	photo := filepath.Join(t.TempDir(), "photo.jpg")
	if err := os.WriteFile(photo, []byte("not really a photo"), 0o600); err != nil {
		t.Fatal(err)
	}
	in("receive", "--incident", number, "--kind", "photo", photo)
	in("record", "add", "activity", "--incident", number, "--fields", `{"activity_kinds":["other"],"force_seen":["none_observed"],"warrant_shown":"unknown"}`, "--as", "officer-4471")
	if again := in("--json", "receive", "--incident", number, "--kind", "photo", photo); !strings.Contains(again, `"duplicate":true`) {
		t.Errorf("the same bytes again: %s", again)
	}
	if found := in("incident", "search", "vehic"); !strings.Contains(found, number) {
		t.Errorf("search: %q", found)
	}
	if _, err := os.Stat(filepath.Join(dir, registerFile)); !os.IsNotExist(err) {
		t.Errorf("%s lies beside the PostgreSQL database: %v", registerFile, err)
	}
	if said := in("fsck"); !strings.Contains(said, "intact") {
		t.Errorf("fsck: %s", said)
	}
}
