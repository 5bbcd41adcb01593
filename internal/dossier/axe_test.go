package dossier_test

import (
	"archive/zip"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A page that a prosecutor's screen reader cannot read is a page that was not
// handed over: WCAG 2.2 AA, by axe-core in a real browser.
func TestPageHasNoAccessibilityFault(t *testing.T) {
	t.Parallel()
	check := filepath.Join("..", "..", "testdata", "axe")
	if _, err := os.Stat(filepath.Join(check, "node_modules", "axe-core")); err != nil {
		skip(t, "axe-core (scripts/setup installs it)")
	}
	for _, program := range []string{"node", "chromium"} {
		if _, err := exec.LookPath(program); err != nil {
			skip(t, program)
		}
	}
	page := filepath.Join(t.TempDir(), "index.html")
	if err := os.WriteFile(page, member(t, filepath.Join("..", "..", "testdata", "vectors", "dossier", "first.zip"), "data/index.html"), 0o600); err != nil {
		t.Fatal(err)
	}
	axe := func() (string, int) {
		out, err := exec.Command("node", filepath.Join(check, "check.mjs"), page).CombinedOutput()
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return string(out), exit.ExitCode()
		}
		if err != nil {
			t.Fatal(err)
		}
		return string(out), 0
	}
	if out, code := axe(); code != 0 {
		t.Errorf("axe-core, exit %d:\n%s", code, out)
	}
	// The check is itself checked: a page without a language is a fault.
	html, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(page, []byte(strings.Replace(string(html), ` lang="en"`, "", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, code := axe(); code != 1 {
		t.Errorf("axe-core found no fault in a page without a language, exit %d:\n%s", code, out)
	}
}

// member reads one file of a ZIP below its top-level directory.
func member(t *testing.T, archive, name string) []byte {
	t.Helper()
	z, err := zip.OpenReader(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		if _, below, _ := strings.Cut(f.Name, "/"); below == name {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			b, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
	}
	t.Fatalf("%s has no %s", archive, name)
	return nil
}
