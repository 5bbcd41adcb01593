package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"jurat/internal/desk/desktest"
	"jurat/internal/vault/dirstore"
)

// A disk that is full in the middle of a film costs the part that did not fit,
// and nobody else's file: the answer says that there is no room, and once there is
// the sender goes on where it was.
func TestAFullDiskRefusesAFileAndNothingElse(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("jurat-test", dir, "tmpfs", 0, fmt.Sprintf("size=%d,mode=700", 48<<20)); err != nil {
		if os.Getenv("JURAT_REQUIRE") == "all" && !errors.Is(err, syscall.EPERM) {
			t.Fatalf("a small disk is required and cannot be mounted: %v", err)
		}
		t.Skipf("SKIPPED: a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { must(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	rec := desktest.City(t)
	in := rec.Opened(t)
	c := counterAt(t, rec, noon)
	store, err := dirstore.Create(filepath.Join(dir, "vault"))
	must(t, err)
	c.Desk, _ = rec.Over(t, store)
	var complaint bytes.Buffer
	c.Log = slog.New(slog.NewTextHandler(&complaint, &slog.HandlerOptions{Level: slog.LevelWarn}))
	files := "/incidents/" + string(in) + "/files"
	const who = "evidence-7"
	film := bytes.Repeat([]byte("0123456789abcdef"), 1<<20) // 16 MiB
	length := strconv.Itoa(len(film))

	// What can never fit is refused before a byte is sent.
	wantStatus(t, tus(t, c, who, "POST", files, nil, "Upload-Length", strconv.Itoa(64<<20)), 413)
	a := tus(t, c, who, "POST", files, nil, "Upload-Length", length)
	wantStatus(t, a, 201)
	at := a.Header.Get("Location")
	wantStatus(t, tus(t, c, who, "PATCH", at, bytes.NewReader(film[:1<<20]), "Upload-Offset", "0"), 204)

	// Something else fills the disk meanwhile.
	ballast := filepath.Join(dir, "ballast")
	must(t, os.WriteFile(ballast, make([]byte, 42<<20), 0o600))
	a = tus(t, c, who, "PATCH", at, bytes.NewReader(film[1<<20:]), "Upload-Offset", strconv.Itoa(1<<20))
	text, err := io.ReadAll(a.Body)
	must(t, err)
	must(t, a.Body.Close())
	if a.StatusCode != 507 || !strings.Contains(string(text), "full") && !strings.Contains(string(text), "room") { //nolint:usestdlibvars // as the page says it
		t.Fatalf("a full disk: %d %s", a.StatusCode, text)
	}
	wantStatus(t, tus(t, c, who, "HEAD", at, nil), 200, "Upload-Offset", strconv.Itoa(1<<20))

	// A smaller file still has room.
	wantStatus(t, tus(t, c, who, "POST", files, strings.NewReader("a note"), "Upload-Length", "6", "Content-Type", partKind), 201, "Jurat-Exhibit", string(in)+"-E1")

	must(t, os.Remove(ballast))
	wantStatus(t, tus(t, c, who, "PATCH", at, bytes.NewReader(film[1<<20:]), "Upload-Offset", strconv.Itoa(1<<20)), 204, "Upload-Offset", length, "Jurat-Exhibit", string(in)+"-E2")
	for l, err := range store.Litter(t.Context()) {
		t.Errorf("left: %+v, %v", l, err)
	}
	if strings.Contains(complaint.String(), "recovered") || !strings.Contains(complaint.String(), "a page failed") {
		t.Errorf("the operator is told: %s", complaint.String())
	}
}
