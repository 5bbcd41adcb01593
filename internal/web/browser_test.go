package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk/desktest"
	"jurat/internal/register"
)

// needs skips a test that wants a program this machine lacks.
func needs(t *testing.T, programs ...string) {
	t.Helper()
	for _, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			if os.Getenv("JURAT_REQUIRE") == "all" {
				t.Fatal(program)
			}
			t.Skip("SKIPPED: " + program + " (scripts/setup installs it)")
		}
	}
}

// The hashing of the browser agrees with that of others, wherever the pieces
// are cut.
func TestTheBrowserHashesAsOthersDo(t *testing.T) {
	needs(t, "node")
	var script, want strings.Builder
	fmt.Fprintf(&script, "const { Sha256 } = require(%q);\n", mustAbs(t, "static/digest.js"))
	script.WriteString("const say = (text, cut) => { const s = new Sha256(); for (let i = 0; i < text.length; i += cut) s.update(text.subarray(i, i + cut)); console.log(s.hex()); };\n")
	expect := func(text []byte) {
		sum := sha256.Sum256(text)
		want.WriteString(hex.EncodeToString(sum[:]) + "\n")
	}
	for _, vector := range []string{"", "abc", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"} { // FIPS 180
		fmt.Fprintf(&script, "say(Buffer.from(%q), 1000);\n", vector)
		expect([]byte(vector))
	}
	for _, n := range []int{1, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 129, 1 << 20} {
		for _, cut := range []int{1, 7, 64, 65, 1000, 1 << 20} {
			if n/cut > 1<<17 {
				continue
			}
			fmt.Fprintf(&script, "say(Buffer.alloc(%d).map((_, i) => i * 7 + %d), %d);\n", n, n, cut)
			text := make([]byte, n)
			for i := range text {
				text[i] = byte(i*7 + n)
			}
			expect(text)
		}
	}
	// Over half a gigabyte the length in bits needs more than 32 of them.
	script.WriteString("{ const s = new Sha256(); s.size = 2 ** 32; s.update(Buffer.from('a')); const e = new Sha256(); e.update(Buffer.from('a')); console.log(s.hex() !== e.hex()); }\n")
	want.WriteString("true\n")
	cmd := exec.CommandContext(t.Context(), "node", "-")
	cmd.Stdin = strings.NewReader(script.String())
	out, err := cmd.CombinedOutput()
	if err != nil || string(out) != want.String() {
		t.Errorf("%v: %s\nwant %s", err, out, want.String())
	}
}

func mustAbs(t *testing.T, name string) string {
	t.Helper()
	abs, err := filepath.Abs(name)
	must(t, err)
	return abs
}

// What a browser does with the page of receiving: it hashes, sends in parts,
// compares, and says of each file what became of it.
func TestABrowserSendsFiles(t *testing.T) {
	needs(t, "chromium")
	rec := desktest.City(t)
	in := rec.Opened(t)
	c := counterAt(t, rec, noon)
	const who = "evidence-7"
	token := string(c.token(t, who))
	page := "/incidents/" + string(in) + "/receive"
	// The page is the counter's own; beside it stands a script that does what a
	// hand would, and the cookie is the one of a person signed in.
	const drive = `addEventListener("load", async () => {
  const input = document.querySelector("input[type=file]");
  const choose = (...files) => {
    const all = new DataTransfer();
    for (const [name, text] of files) all.items.add(new File([text], name, { lastModified: 1 }));
    input.files = all.files;
    document.querySelector("form[data-endpoint]").requestSubmit();
  };
  const settled = async (n) => {
    for (let i = 0; i < 8000; i++) { // the test's own patience is shorter
      if ([...document.querySelectorAll("[data-files] tbody a")].length >= n) return;
      await new Promise((done) => setTimeout(done, 25));
    }
  };
  const large = "footage ".repeat(9 * 1024 * 1024);
  choose(["clip.mp4", large], ["note.txt", "note"]);
  await settled(2);
  choose(["again.mp4", large]);
  await settled(3);
  await fetch("/cut");
  const heard = [];
  new MutationObserver(() => heard.push(document.querySelector("[data-status]").textContent)).observe(document.querySelector("[data-status]"), { childList: true, characterData: true, subtree: true });
  choose(["cut.mp4", "another ".repeat(9 * 1024 * 1024)]);
  await settled(4);
  await fetch("/driven", { method: "POST", body: document.querySelector("[data-files]").innerText + "\n" + document.querySelector("[data-status]").textContent + "\n" + Object.keys(localStorage).join() + "\n" + heard.join("\n") });
});`
	driven := make(chan string, 1)
	var line cutLine
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.AddCookie(&http.Cookie{Name: sessionCookie(true), Value: token})
		switch {
		case r.URL.Path == "/cut":
			line.arm()
		case line.cuts(r):
			panic(http.ErrAbortHandler) // the connection ends here, without a word
		case r.URL.Path == "/driven":
			var b bytes.Buffer
			if _, err := b.ReadFrom(r.Body); err != nil {
				t.Error(err)
			}
			driven <- b.String()
		case r.URL.Path == "/drive.js":
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, drive)
		case r.URL.Path == page:
			r.Header.Del("Accept-Encoding") // the page is changed here, and must come as text
			answer := httptest.NewRecorder()
			c.ServeHTTP(answer, r)
			for name, values := range answer.Header() {
				w.Header()[name] = values
			}
			fmt.Fprint(w, strings.Replace(answer.Body.String(), "</body>", `<script src="/drive.js"></script></body>`, 1))
		default:
			c.ServeHTTP(w, r)
		}
	}))
	defer server.Close()
	ctx, stop := context.WithTimeout(t.Context(), 3*time.Minute)
	defer stop()
	cmd := exec.CommandContext(ctx, "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--user-data-dir="+t.TempDir(), "--remote-debugging-port=0", server.URL+page)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	must(t, cmd.Start())
	said := ""
	select {
	case said = <-driven:
	case <-ctx.Done():
		t.Error("the browser did not come to an end")
	}
	stop()
	_ = cmd.Wait() // it was told to stop
	for _, want := range []string{"On the record as Exhibit 1", "On the record as Exhibit 2", "On the record as Exhibit 3", "goes on by itself", "Already here as Exhibit ", "100 %", "75.5 MB"} {
		if !strings.Contains(said, want) {
			t.Errorf("the page does not say %q: %s", want, said)
		}
	}
	// A browser on a machine whose only network is its own takes itself to be offline.
	if !regexp.MustCompile(`Connection (interrupted|lost) at \d+ %`).MatchString(said) {
		t.Errorf("the page does not say that the connection was cut: %s", said)
	}
	if strings.Contains(said, "jurat-upload") {
		t.Error("the browser remembers what was sent")
	}
	kept := map[jurat.Digest]bool{}
	must(t, rec.Register.Read(t.Context(), func(tx *register.Tx) error {
		return tx.EachBlob(func(b register.BlobRow) error { kept[b.Digest] = true; return nil })
	}))
	for _, word := range []string{"footage ", "another "} {
		if !kept[jurat.DigestOf(bytes.Repeat([]byte(word), 9*1024*1024))] {
			t.Errorf("the file of %q is not on the record, to the byte", word)
		}
	}
	if line.tries < 2 || line.resumed == 0 || line.resumed != line.acked {
		t.Errorf("cut %d times; it went on from %d, and %d had arrived", line.tries, line.resumed, line.acked)
	}
}

// A cutLine is a connection that ends in the middle of a file, stays away for
// some requests, and is back.
type cutLine struct {
	mu             sync.Mutex
	armed          bool
	tries          int   // requests that met no connection
	acked, resumed int64 // where the part that was cut began, and where it went on
}

func (l *cutLine) arm() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.armed = true
}

// cuts reports whether the connection ends with this request: from the first
// part that is not the first of its file, six times: a browser tries some again without a word.
func (l *cutLine) cuts(r *http.Request) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	from, _ := strconv.ParseInt(r.Header.Get("Upload-Offset"), 10, 64)
	switch {
	case !l.armed || !strings.Contains(r.URL.Path, "/files"):
		return false
	case l.tries == 0 && from == 0:
		return false
	case l.tries < 6:
		if l.tries == 0 {
			l.acked = from
			_, _ = io.CopyN(io.Discard, r.Body, 1<<20) // some of it is on its way
		}
		l.tries++
		return true
	case r.Method == http.MethodPatch && l.resumed == 0:
		l.resumed = from
	}
	return false
}
