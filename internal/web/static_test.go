package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"strings"
	"testing"
)

func sources(t *testing.T) fs.FS {
	t.Helper()
	return os.DirFS(".")
}

// What others wrote is served as they wrote it: a changed byte in a vendored
// script would be ours to answer for.
func TestVendoredFilesAreThoseOfTheManifest(t *testing.T) {
	manifest, err := staticFiles.ReadFile("static/vendor/MANIFEST")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{"MANIFEST": true, "package.json": true, "package-lock.json": true}
	for line := range strings.Lines(string(manifest)) {
		fields := strings.Fields(line)
		if len(fields) != 3 {
			t.Fatalf("a line of the manifest: %q", line)
		}
		text, err := staticFiles.ReadFile("static/vendor/" + fields[2])
		if err != nil {
			t.Error(err)
			continue
		}
		if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != fields[0] {
			t.Errorf("%s is not the file of the manifest", fields[2])
		}
		listed[fields[2]] = true
	}
	err = fs.WalkDir(staticFiles, "static/vendor", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !listed[strings.TrimPrefix(name, "static/vendor/")] {
			t.Errorf("%s is not in the manifest", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What a page loads from elsewhere, or in its own text, the policy of content
// would stop in the reader's browser: pages are drawn without either.
func TestNoPageHasInlineScriptOrStyleOrForeignAddress(t *testing.T) {
	names, err := fs.Glob(pageFiles, "page/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := pageFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{" style=", "<style", " onclick=", " onload=", " onsubmit=", "javascript:", "src=\"http", "href=\"http", "data:"} {
			if bytes.Contains(bytes.ToLower(text), []byte(bad)) {
				t.Errorf("%s has %q", name, bad)
			}
		}
		if bytes.Contains(text, []byte("<script>")) {
			t.Errorf("%s has an inline script", name)
		}
	}
}
