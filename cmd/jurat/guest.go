package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // RFC 6238 says so
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/login"
	"jurat/internal/web"
)

// A guest is one person at a counter of this process, without a browser: what
// they ask goes straight to its handler.
type guest struct {
	counter *web.Counter
	site    *url.URL
	token   login.Token
}

// A step is one thing asked of the counter: an address, or a form handed in.
type step struct {
	address string
	form    url.Values // nil: the address is opened
	english answered   // what it was answered in English
}

func (s step) method() string {
	if s.form != nil {
		return http.MethodPost
	}
	return http.MethodGet
}

// newGuest lets a person of a record in, with a password and codes that are
// forgotten with them; nobody: a stranger.
func newGuest(ctx context.Context, c *call, h *house, who jurat.PersonID) (*guest, error) {
	site := &url.URL{Scheme: "http", Host: "localhost"}
	counter, err := h.counter(ctx, c, site, slog.New(slog.NewJSONHandler(c.stderr, &slog.HandlerOptions{Level: slog.LevelWarn})), nil)
	if err != nil || who == "" {
		return &guest{counter: counter, site: site}, err
	}
	porter, at := counter.Login, c.now()
	link, _, err := giveLink(ctx, h, desk.Caller{}, who, at)
	if err != nil {
		return nil, err
	}
	token, _, err := porter.ComeByLink(ctx, at, "", link.Secret)
	if err == nil {
		err = porter.SetPassword(ctx, at, token, rand.Text())
	}
	if err != nil {
		return nil, err
	}
	codes, err := porter.NewTOTP(ctx, at, token)
	if err == nil {
		var code string
		if code, err = codeOf(codes.Secret, at); err == nil {
			err = porter.ConfirmTOTP(ctx, at, token, code)
		}
	}
	if err == nil {
		token, _, err = porter.Settle(ctx, at, token)
	}
	return &guest{counter: counter, site: site, token: token}, err
}

// codeOf is what a generator of codes shows at a moment (RFC 6238).
func codeOf(secret string, at time.Time) (string, error) {
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, uint64(at.Unix()/30)) //nolint:gosec // after 1970
	sum := mac.Sum(nil)
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[sum[len(sum)-1]&15:])&0x7fffffff%1_000_000), nil
}

// An answered is what the counter answered.
type answered struct {
	status int
	header http.Header
	body   string
}

// fault reports whether the program itself failed.
func (a answered) fault() bool { return a.status >= 500 }

// page reports whether it is a page to look at.
func (a answered) page() bool {
	return a.status != http.StatusNotFound && strings.HasPrefix(a.header.Get("Content-Type"), "text/html")
}

// A writing takes an answer down.
type writing struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func (w *writing) Header() http.Header { return w.header }

func (w *writing) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *writing) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}

// ask asks the counter for one thing, in a language, and follows where it leads.
func (g *guest) ask(ctx context.Context, lang string, s step) answered {
	for range 5 {
		r, err := http.NewRequestWithContext(ctx, s.method(), g.site.String()+s.address, strings.NewReader(s.form.Encode()))
		if err != nil {
			return answered{status: http.StatusBadRequest}
		}
		r.RemoteAddr = "127.0.0.1:1"
		r.Header.Set("Accept-Language", lang)
		if s.form != nil {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		if g.token != "" {
			r.AddCookie(&http.Cookie{Name: "session", Value: string(g.token)})
		}
		w := &writing{header: http.Header{}}
		g.counter.ServeHTTP(w, r)
		to := w.header.Get("Location")
		if w.status < 300 || w.status >= 400 || to == "" {
			return answered{max(w.status, http.StatusOK), w.header, w.body.String()}
		}
		s = step{address: to}
	}
	return answered{status: http.StatusLoopDetected}
}

var (
	linked  = regexp.MustCompile(`href="(/[^"#]*)`)
	counts  = regexp.MustCompile(`[0-9]{4}-[0-9]{6}|\b[0-9]+\b`)
	noPage  = regexp.MustCompile(`^/static/|/(bytes|parcel|letters/[a-z]+|download|events\.csv)(\?|$)|openapi|^/sign\?|\.(csv|json|geojson|zip)$`)
	posted  = regexp.MustCompile(`(?s)<form[^>]*method="post"[^>]*action="(/[^"]*)"[^>]*>(.*?)</form>`)
	hidden  = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)
	leaving = regexp.MustCompile(`^/(leave|language|me/|login|again|setup)|/(discard|verify|files)$`)
)

// walk follows every link from the first page on, to so many pages of each kind.
func (g *guest) walk(ctx context.Context, most int) (came []step) {
	next, seen, kinds := []string{"/"}, map[string]bool{"/": true}, map[string]int{}
	for ; len(next) > 0; next = next[1:] {
		got := g.ask(ctx, "en", step{address: next[0]})
		if !got.page() {
			continue
		}
		came = append(came, step{address: next[0], english: got})
		for _, m := range linked.FindAllStringSubmatch(got.body, -1) {
			to := html.UnescapeString(m[1])
			kind := counts.ReplaceAllString(to, "N")
			if seen[to] || kinds[kind] >= most || noPage.MatchString(to) {
				continue
			}
			seen[to] = true
			kinds[kind]++
			next = append(next, to)
		}
	}
	return came
}

// forms are those of the pages, each kind once, as somebody hands them in who
// answered nothing; what is done all the same is done to a record that is
// thrown away, and only what was not taken is a page to look at.
func (g *guest) forms(ctx context.Context, pages []step) (all []step) {
	kinds := map[string]bool{}
	for _, p := range pages {
		for _, m := range posted.FindAllStringSubmatch(p.english.body, -1) {
			s := step{address: html.UnescapeString(m[1]), form: url.Values{}}
			for _, h := range hidden.FindAllStringSubmatch(m[2], -1) {
				s.form.Add(html.UnescapeString(h[1]), html.UnescapeString(h[2]))
			}
			kind := counts.ReplaceAllString(s.address, "N") + " " + s.form.Get("act")
			if kinds[kind] || leaving.MatchString(s.address) || strings.Contains(m[0], "multipart/form-data") {
				continue
			}
			kinds[kind] = true
			if s.english = g.ask(ctx, "en", s); s.english.page() && s.english.status >= 400 {
				all = append(all, s)
			}
		}
	}
	return all
}
