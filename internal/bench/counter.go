package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/pquerna/otp/totp"
)

// A counter is `jurat serve` over a record, as a process of its own.
type counter struct {
	s    setup
	dir  string
	site string
	cmd  *exec.Cmd
	said *tailed
}

// A tailed keeps the end of what a program complains of.
type tailed struct{ bytes.Buffer }

func (t *tailed) Write(p []byte) (int, error) {
	if t.Len() > 1<<16 {
		t.Reset()
	}
	return t.Buffer.Write(p)
}

// serve makes a record with people and the order that ships, and opens its
// counter.
func (s setup) serve(ctx context.Context, name string) (*counter, error) {
	c := &counter{s: s, dir: filepath.Join(s.dir, name), said: &tailed{}}
	order := filepath.Join(s.dir, "order.yaml")
	if err := shippedOrder(order); err != nil {
		return nil, err
	}
	for _, step := range [][]string{
		{"init", c.dir}, {"order", "adopt", order},
		{"person", "add", "officer-1", "--role", "officer", "--sworn"},
		{"person", "add", "detective-1", "--role", "detective", "--sworn"},
	} {
		if step[0] != "init" {
			step = append([]string{"--dir", c.dir}, step...)
		}
		if _, _, _, err := run(ctx, nil, s.jurat, step...); err != nil {
			return nil, err
		}
	}
	return c, c.start(ctx)
}

// start starts the counter's process.
func (c *counter) start(ctx context.Context) error {
	c.cmd = exec.CommandContext(ctx, c.s.jurat, "--dir", c.dir, "--json", "serve", "--addr", "127.0.0.1:0")
	c.cmd.Cancel = func() error { return c.cmd.Process.Signal(syscall.SIGTERM) }
	c.cmd.Stderr = c.said
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.cmd.Start(); err != nil {
		return err
	}
	text, err := bufio.NewReader(out).ReadString('\n')
	var where struct{ Listening string }
	if err == nil {
		err = json.Unmarshal([]byte(text), &where)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("the counter did not open: %w: %s", err, tail(c.said.Bytes())), c.stop())
	}
	c.site = "http://" + where.Listening
	return nil
}

// stop ends the counter's process and waits for it.
func (c *counter) stop() error {
	_ = c.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	if err := c.cmd.Wait(); err != nil {
		return fmt.Errorf("the counter: %w: %s", err, tail(c.said.Bytes()))
	}
	return nil
}

// peak is the most memory the counter's process had, in MiB, and used what it
// used of the processors, in seconds.
func (c *counter) peak() (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(text)
	if m == nil {
		return 0, errors.New("the system tells no peak of memory")
	}
	kib, err := strconv.ParseInt(string(m[1]), 10, 64)
	return kib >> 10, err
}

func (c *counter) used() (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", c.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	var ticks int64
	for _, f := range fields[11:13] { // utime and stime, in hundredths
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return float64(ticks) / 100, nil
}

// A guest is a person signed in at a counter.
type guest struct {
	*http.Client
	site  string
	token string // of a program that acts for them
}

var (
	secretShown = regexp.MustCompile(`<p class="digest">([A-Z2-7]{16,})</p>`)
	tokenShown  = regexp.MustCompile(`jurat_[\w-]{43}`)
)

// come brings a person in by a link, with a password and a code, as somebody
// does who has no passkey, and makes a token for a program of theirs.
func (c *counter) come(ctx context.Context, who string) (*guest, error) {
	_, _, out, err := run(ctx, nil, c.s.jurat, "--dir", c.dir, "--json", "person", "link", who)
	if err != nil {
		return nil, err
	}
	var link struct{ Setup string }
	if err := json.Unmarshal(out, &link); err != nil {
		return nil, err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	line := http.DefaultTransport.(*http.Transport).Clone()
	line.MaxIdleConnsPerHost = 64
	g := &guest{Client: &http.Client{Jar: jar, Transport: line}, site: c.site}
	_, secret, _ := strings.Cut(link.Setup, "#")
	if _, err := g.post(ctx, "/setup", url.Values{"secret": {secret}}); err != nil {
		return nil, err
	}
	const words = "a measurement needs a long password"
	if _, err := g.post(ctx, "/me/password", url.Values{"password": {words}, "repeat": {words}}); err != nil {
		return nil, err
	}
	page, err := g.post(ctx, "/me/generator", url.Values{})
	if err != nil {
		return nil, err
	}
	shown := secretShown.FindSubmatch(page)
	if shown == nil {
		return nil, errors.New("the page shows no secret of a generator")
	}
	code, err := totp.GenerateCode(string(shown[1]), time.Now())
	if err != nil {
		return nil, err
	}
	for _, step := range []struct {
		path string
		form url.Values
	}{{"/me/generator/confirm", url.Values{"code": {code}}}, {"/setup/done", url.Values{}}} {
		if _, err := g.post(ctx, step.path, step.form); err != nil {
			return nil, err
		}
	}
	page, err = g.post(ctx, "/me/tokens", url.Values{"name": {"bench"}, "scope": {"write"}, "days": {"1"}})
	if err != nil {
		return nil, err
	}
	g.token = string(tokenShown.Find(page))
	if g.token == "" {
		return nil, errors.New("the page shows no token")
	}
	return g, nil
}

// post posts a form and gives the page it comes to.
func (g *guest) post(ctx context.Context, path string, form url.Values) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, g.site+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return g.answer(r)
}

// call has a program do something, and reads its answer into out.
func (g *guest) call(ctx context.Context, path string, body, out any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, g.site+"/api/v1"+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+g.token)
	answer, err := g.answer(r)
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(answer, out)
}

// get asks for a page.
func (g *guest) get(ctx context.Context, path string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, g.site+path, nil)
	if err != nil {
		return nil, err
	}
	return g.answer(r)
}

func (g *guest) answer(r *http.Request) ([]byte, error) {
	a, err := g.Do(r)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(a.Body)
	if cerr := a.Body.Close(); err != nil || cerr != nil {
		return nil, errors.Join(err, cerr)
	}
	if a.StatusCode >= 300 {
		return nil, fmt.Errorf("%s %s: %d %s", r.Method, r.URL.Path, a.StatusCode, tail(text))
	}
	return text, nil
}
