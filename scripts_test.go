package jurat_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A skip that CI counts as a pass is a check nobody made.
func TestASkipIsAFailureWhereEverythingIsRequired(t *testing.T) {
	report := filepath.Join(t.TempDir(), "report")
	build := exec.Command("go", "build", "-o", report, "scripts/report.go")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	const (
		pass   = `{"Action":"pass","Package":"p","Test":"TestA"}` + "\n"
		skip   = `{"Action":"output","Package":"p","Test":"TestB","Output":"x_test.go:3: no chromium\n"}` + "\n" + `{"Action":"skip","Package":"p","Test":"TestB"}` + "\n"
		fail   = `{"Action":"output","Package":"p","Test":"TestC","Output":"x_test.go:9: wrong\n"}` + "\n" + `{"Action":"fail","Package":"p","Test":"TestC"}` + "\n"
		empty  = `{"Action":"skip","Package":"no tests here"}` + "\n"
		build1 = `{"ImportPath":"q","Action":"build-output","Output":"q.go:1: no\n"}` + "\n" + `{"ImportPath":"q","Action":"build-fail"}` + "\n" + `{"Action":"fail","Package":"q","FailedBuild":"q"}` + "\n"
	)
	for _, tc := range []struct {
		name, lines, require string
		ok                   bool
		says                 []string
	}{
		{"a pass", pass, "all", true, []string{"1 passed, 0 failed, 0 skipped"}},
		{"a skip at a desk", pass + skip, "", true, []string{"SKIPPED p TestB: x_test.go:3: no chromium", "1 passed, 0 failed, 1 skipped"}},
		{"a skip in CI", pass + skip, "all", false, []string{"SKIPPED p TestB", "1 passed, 1 failed, 0 skipped"}},
		{"a package without tests is not a skip", pass + empty, "all", true, []string{"1 passed, 0 failed, 0 skipped"}},
		{"a failure counts once", pass + fail + `{"Action":"fail","Package":"p"}` + "\n", "", false, []string{"x_test.go:9: wrong", "1 passed, 1 failed, 0 skipped"}},
		{"what does not build", pass + build1, "", false, []string{"q.go:1: no", "1 passed, 1 failed, 0 skipped"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			cmd := exec.Command(report, "-stdin")
			cmd.Stdin = strings.NewReader(tc.lines)
			cmd.Env = append(os.Environ(), "JURAT_REQUIRE="+tc.require)
			out, err := cmd.CombinedOutput()
			if (err == nil) != tc.ok {
				t.Errorf("ended with %v", err)
			}
			for _, want := range tc.says {
				if !strings.Contains(string(out), want) {
					t.Errorf("did not say %q:\n%s", want, out)
				}
			}
		})
	}
}

// A checker that calls every page good would let a dossier out that a blind
// clerk cannot read.
func TestTheAccessibilityCheckSeesAFault(t *testing.T) {
	for _, need := range []string{"node", "chromium"} {
		if _, err := exec.LookPath(need); err != nil {
			t.Skipf("%s is not installed", need)
		}
	}
	if _, err := os.Stat("testdata/axe/node_modules/axe-core/axe.min.js"); err != nil {
		t.Skip("axe-core is not installed: run scripts/setup")
	}
	const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'"><title>A page</title></head><body><main><h1>Words</h1>%</main></body></html>`
	for _, tc := range []struct {
		name, body string
		status     int
		says       string
	}{
		{"a page without a fault", "<p>Words</p>", 0, "[]"},
		{"a picture nobody described", `<img src="x.png">`, 1, "image-alt"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "page.html")
			if err := os.WriteFile(file, []byte(strings.Replace(page, "%", tc.body, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command("node", "testdata/axe/check.mjs", file)
			out, err := cmd.CombinedOutput()
			if got := cmd.ProcessState.ExitCode(); got != tc.status || !strings.Contains(string(out), tc.says) {
				t.Errorf("exit %d (%v), want %d and %q:\n%s", got, err, tc.status, tc.says, out)
			}
		})
	}
}
