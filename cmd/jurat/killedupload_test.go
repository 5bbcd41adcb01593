package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"jurat/internal/desk"
)

// A counterProcess is jurat serve as a process of its own, so that it can be
// killed as a power cut or an impatient operator does.
type counterProcess struct {
	cmd       *exec.Cmd
	at        string // host and port
	complaint *shared
}

func counterOf(t *testing.T, dir string) *counterProcess {
	t.Helper()
	jurat, err := exec.LookPath("jurat")
	if err != nil {
		t.Fatal(err)
	}
	p := &counterProcess{cmd: exec.Command(jurat, "--dir", dir, "--json", "serve", "--addr", "127.0.0.1:0"), complaint: &shared{}}
	p.cmd.Stderr = p.complaint
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // it was killed, or is now
		_ = p.cmd.Wait()
		if said := p.complaint.String(); strings.Contains(said, `"recovered"`) || strings.Contains(said, "DATA RACE") {
			t.Errorf("the counter complains: %s", said)
		}
	})
	text, err := bufio.NewReader(out).ReadString('\n')
	var line struct{ Listening string }
	if err != nil || json.Unmarshal([]byte(text), &line) != nil {
		t.Fatalf("the counter did not open: %v %q %s", err, text, p.complaint.String())
	}
	p.at = line.Listening
	return p
}

func (p *counterProcess) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait() // killed
}

// cameIn signs a person in at a counter as somebody does without a passkey, and
// gives a client with their cookie.
func cameIn(t *testing.T, dir, site, who string) *http.Client {
	t.Helper()
	var link struct{ Setup string }
	if err := json.Unmarshal([]byte(must(t, "--json", "--dir", dir, "person", "link", who)), &link); err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Jar: jar}
	post := func(path string, form url.Values) string {
		a, err := c.PostForm(site+path, form) //nolint:noctx // a test of a server on this machine
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(a.Body)
		if err != nil || a.Body.Close() != nil || a.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %v %s", path, a.StatusCode, err, text)
		}
		return string(text)
	}
	_, secret, _ := strings.Cut(link.Setup, "#")
	post("/setup", url.Values{"secret": {secret}})
	const words = "a long password of a test only"
	post("/me/password", url.Values{"password": {words}, "repeat": {words}})
	shown := regexp.MustCompile(`<p class="digest">([A-Z2-7]{16,})</p>`).FindStringSubmatch(post("/me/generator", nil))
	if shown == nil {
		t.Fatal("the page shows no secret of a generator")
	}
	code, err := totp.GenerateCode(shown[1], time.Now())
	if err != nil {
		t.Fatal(err)
	}
	post("/me/generator/confirm", url.Values{"code": {code}})
	post("/setup/done", nil)
	return c
}

// A wire stands between a client and a counter, which may be another after the
// first was killed. It stops in the middle of a piece, once.
type wire struct {
	net.Listener
	mu      sync.Mutex
	to      string
	left    int64         // bytes to the counter before it stops; -1: it does not
	stopped chan struct{} // closed when it has
}

func wireTo(t *testing.T, to string, stopAfter int64) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // loopback
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{Listener: l, to: to, left: stopAfter, stopped: make(chan struct{})}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			go w.carry(in)
		}
	}()
	return w
}

func (w *wire) lead(to string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.to, w.left = to, -1
}

func (w *wire) carry(in net.Conn) {
	defer in.Close()
	w.mu.Lock()
	to := w.to
	w.mu.Unlock()
	out, err := net.Dial("tcp", to) //nolint:noctx // loopback
	if err != nil {
		return
	}
	defer out.Close()
	back := make(chan struct{})
	go func() {
		defer close(back)
		_, _ = io.Copy(in, out) // until the counter is gone
		_ = in.Close()
	}()
	buf := make([]byte, 32<<10)
	for {
		n, err := in.Read(buf)
		w.mu.Lock()
		stop := w.left >= 0 && w.left < int64(n)
		if w.left >= 0 && !stop {
			w.left -= int64(n)
		}
		w.mu.Unlock()
		if stop {
			close(w.stopped)
			<-back // the line stays open and silent until the counter is killed
			return
		}
		if n > 0 {
			if _, err := out.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// lacks skips a test that wants something this machine lacks.
func lacks(t *testing.T, what string) {
	t.Helper()
	if required := "," + os.Getenv("JURAT_REQUIRE") + ","; strings.Contains(required, ",all,") {
		t.Fatalf("this machine lacks %s, and JURAT_REQUIRE wants it", what)
	}
	t.Skipf("SKIPPED: this machine lacks %s", what)
}

// vaultFiles are the files of a vault: kept blobs, and what was being written.
func vaultFiles(t *testing.T, dir string) (kept, drafts []string) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(dir, "vault"), func(path string, d os.DirEntry, err error) error {
		switch {
		case err != nil || d.IsDir():
		case strings.HasSuffix(path, ".tmp"):
			drafts = append(drafts, path)
		default:
			kept = append(kept, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return kept, drafts
}

// The counter is killed in the middle of a piece of a film, and started again:
// the official client goes on by itself, and what is on the record is what was
// sent. What the killed one was writing, and an upload nobody came back to, are
// gone a day later (EVD-1).
func TestAKilledCounterLosesNothingOfAnUpload(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		lacks(t, "node")
	}
	tus, err := filepath.Abs(filepath.Join("..", "..", "testdata", "tus"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(tus, "node_modules", "tus-js-client")); err != nil {
		lacks(t, "tus-js-client (npm ci in testdata/tus)")
	}
	dir := filepath.Join(t.TempDir(), "city")
	must(t, "init", dir)
	must(t, "--dir", dir, "person", "add", "evidence-7", "--role", "evidence")
	var opened struct{ Incident string }
	if err := json.Unmarshal([]byte(must(t, "--json", "--dir", dir, "incident", "open", "kill")), &opened); err != nil {
		t.Fatal(err)
	}
	files := "/incidents/" + opened.Incident + "/files"
	const size, chunk = 24 << 20, 4 << 20
	film := make([]byte, size)
	rand.NewChaCha8([32]byte{7}).Read(film) //nolint:errcheck // it does not fail
	sum := sha256.Sum256(film)
	sent := hex.EncodeToString(sum[:])
	path := filepath.Join(t.TempDir(), "film.mp4")
	write(t, path, film)

	first := counterOf(t, dir)
	person := cameIn(t, dir, "http://"+first.at, "evidence-7")
	home, err := url.Parse("http://" + first.at)
	if err != nil {
		t.Fatal(err)
	}
	cookie := ""
	for _, c := range person.Jar.Cookies(home) {
		cookie = c.Name + "=" + c.Value
	}
	abandon(t, "http://"+first.at+files, cookie, film[:1<<20])

	line := wireTo(t, first.at, 2*chunk+chunk/2)
	ask, err := json.Marshal(map[string]any{"endpoint": "http://" + line.Addr().String() + files, "file": path, "cookie": cookie, "chunk": chunk, "name": "film.mp4"})
	if err != nil {
		t.Fatal(err)
	}
	client := exec.CommandContext(t.Context(), "node", "send.mjs")
	client.Dir, client.Stdin = tus, bytes.NewReader(ask)
	var said, complaint shared
	client.Stdout, client.Stderr = &said, &complaint
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-line.stopped:
	case <-time.After(2 * time.Minute):
		t.Fatalf("the client did not come to the middle of a piece: %s%s", said.String(), complaint.String())
	}
	for i := 0; ; i++ { // until a part of the piece is being written
		if _, drafts := vaultFiles(t, dir); len(drafts) > 0 {
			break
		}
		if i == 1200 {
			t.Fatal("nothing is being written")
		}
		time.Sleep(50 * time.Millisecond)
	}
	first.kill(t)
	second := counterOf(t, dir)
	line.lead(second.at)
	if err := client.Wait(); err != nil {
		t.Fatalf("%v: %s%s", err, said.String(), complaint.String())
	}
	var end struct {
		Done            bool
		Exhibit, SHA256 string
	}
	lines := strings.Split(strings.TrimSpace(said.String()), "\n")
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &end); err != nil || !end.Done || end.Exhibit == "" {
		t.Fatalf("the client ends with %s, %v", lines[len(lines)-1], err)
	}
	if want := fmt.Sprintf(`{"accepted":%d,"total":%d}`, 2*chunk, size); !strings.Contains(said.String(), want) {
		t.Errorf("nothing was taken before the counter was killed: %s", said.String())
	}
	var shown struct{ Exhibits []exhibitLine }
	if err := json.Unmarshal([]byte(must(t, "--json", "--dir", dir, "incident", "show", opened.Incident)), &shown); err != nil {
		t.Fatal(err)
	}
	if len(shown.Exhibits) != 1 || shown.Exhibits[0].Digest != "sha256:"+end.SHA256 || end.SHA256 != sent {
		t.Fatalf("%+v, and the client was told %s; sent %s", shown.Exhibits, end.SHA256, sent)
	}
	for i := 0; ; i++ { // nobody waits until the film's parts are erased
		kept, drafts := vaultFiles(t, dir)
		if len(kept) == 2 && len(drafts) > 0 {
			break
		}
		if i == 400 {
			t.Fatalf("before the sweep: %d blobs, %d drafts; want the film, the part nobody came back to and the killed one's draft", len(kept), len(drafts))
		}
		time.Sleep(50 * time.Millisecond)
	}
	second.kill(t)
	// A day later another counter is opened, and tidies up.
	tomorrow := func() time.Time { return time.Now().Add(desk.UploadLasts + 2*time.Hour) }
	t.Run("a day later", func(t *testing.T) {
		servingAt(t, dir, tomorrow)
		for i := 0; ; i++ {
			kept, drafts := vaultFiles(t, dir)
			if len(kept) == 1 && len(drafts) == 0 {
				break
			}
			if i == 400 {
				t.Fatalf("after the sweep: %d blobs, %d drafts; want the film alone", len(kept), len(drafts))
			}
			time.Sleep(50 * time.Millisecond)
		}
	})
	if out := must(t, "--dir", dir, "fsck"); !strings.Contains(out, "intact") || strings.Contains(out, "no exhibit names") {
		t.Error(out)
	}
}

// abandon begins an upload, sends half of it and goes away.
func abandon(t *testing.T, endpoint, cookie string, half []byte) {
	t.Helper()
	send := func(method, at string, body io.Reader, headers ...string) *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), method, at, body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Tus-Resumable", "1.0.0")
		r.Header.Set("Cookie", cookie)
		for i := 0; i+1 < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(a.Body)
		if err != nil || a.Body.Close() != nil || a.StatusCode >= 300 {
			t.Fatalf("%s: %d %v %s", method, a.StatusCode, err, text)
		}
		return a
	}
	a := send("POST", endpoint, nil, "Upload-Length", fmt.Sprint(2*len(half)))
	at, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	at.Path = a.Header.Get("Location")
	a = send("PATCH", at.String(), bytes.NewReader(half), "Content-Type", "application/offset+octet-stream", "Upload-Offset", "0")
	if a.Header.Get("Upload-Offset") != fmt.Sprint(len(half)) {
		t.Fatalf("half of it: %v", a.Header)
	}
}

// Whoever sends the head of a request a byte at a time, or one without an end,
// keeps no place here.
func TestASlowOrEndlessHeadIsHungUpOn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "city")
	must(t, "init", dir)
	site, err := url.Parse(serving(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	at := net.JoinHostPort("127.0.0.1", site.Port())
	answer := func(head string, wait time.Duration) string {
		line, err := net.Dial("tcp", at) //nolint:noctx // loopback
		if err != nil {
			t.Fatal(err)
		}
		defer line.Close()
		if err := line.SetDeadline(time.Now().Add(wait)); err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(line, head) // it may be hung up on meanwhile
		text, err := io.ReadAll(line)
		var slow net.Error
		if errors.As(err, &slow) && slow.Timeout() {
			t.Errorf("a head of %d bytes is waited for longer than %s", len(head), wait)
		}
		return string(text)
	}
	answer("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ", headTime+20*time.Second)
	if got := answer("GET / HTTP/1.1\r\nHost: a\r\nX-Large: "+strings.Repeat("x", headSize+8<<10)+"\r\n\r\n", time.Minute); got != "" && !strings.Contains(got, " 431 ") {
		t.Errorf("a head too large: %.80q", got)
	}
}
