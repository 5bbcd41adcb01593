package logintest

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// An Elsewhere is a single sign-on by others (testdata/mockoidc), over loopback.
type Elsewhere struct {
	Issuer, Client, Secret string

	in  io.WriteCloser
	out *bufio.Reader
	cmd *exec.Cmd
}

// NewElsewhere runs one until the test ends; root is the way to the top of the
// tree. Where it cannot be built the test is skipped, loudly.
func NewElsewhere(t testing.TB, root string) *Elsewhere {
	t.Helper()
	program := filepath.Join(t.TempDir(), "mockoidc")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	build.Dir = filepath.Join(root, "testdata", "mockoidc")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		if required := "," + os.Getenv("JURAT_REQUIRE") + ","; strings.Contains(required, ",all,") || strings.Contains(required, ",mockoidc,") {
			t.Fatalf("mockoidc cannot be built, and JURAT_REQUIRE wants it: %v\n%s", err, out)
		}
		t.Skipf("SKIPPED: mockoidc cannot be built, so single sign-on was NOT tried: %v\n%s", err, out)
	}
	e := &Elsewhere{cmd: exec.CommandContext(t.Context(), program)}
	in, err := e.cmd.StdinPipe()
	orFail(t, err)
	out, err := e.cmd.StdoutPipe()
	orFail(t, err)
	orFail(t, e.cmd.Start())
	t.Cleanup(e.End)
	e.in, e.out = in, bufio.NewReader(out)
	line, err := e.out.ReadBytes('\n')
	orFail(t, err)
	orFail(t, json.Unmarshal(line, e))
	return e
}

// End stops it: from then on it does not answer.
func (e *Elsewhere) End() {
	if e.in == nil {
		return
	}
	_ = e.in.Close()
	_ = e.cmd.Wait()
	e.in = nil
}

// Next is who signs in next, and what is wrong with what is said of them: see
// testdata/mockoidc.
func (e *Elsewhere) Next(t testing.TB, subject, wrong string) {
	t.Helper()
	line, err := json.Marshal(map[string]string{"Subject": subject, "Wrong": wrong})
	orFail(t, err)
	_, err = e.in.Write(append(line, '\n'))
	orFail(t, err)
	_, err = e.out.ReadBytes('\n')
	orFail(t, err)
}

// Vouch has it vouch for a subject in a browser sent to address, and gives where
// it sends the browser back to.
func (e *Elsewhere) Vouch(t testing.TB, address, subject, wrong string) *url.URL {
	t.Helper()
	e.Next(t, subject, wrong)
	browser := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	orFail(t, err)
	answer, err := browser.Do(r)
	orFail(t, err)
	defer answer.Body.Close()
	back, err := answer.Location()
	if err != nil {
		text, _ := io.ReadAll(answer.Body)
		t.Fatalf("%s: %v: %s", answer.Status, err, text)
	}
	return back
}

func orFail(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
