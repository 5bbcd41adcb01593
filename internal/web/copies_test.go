package web

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"html"
	"image/jpeg"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"jurat"
	demomedia "jurat/cmd/jurat/demo/media"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
)

// ffmpeg skips a test for want of the programs, aloud; with JURAT_REQUIRE=all
// that is a failure.
func ffmpeg(t testing.TB) {
	t.Helper()
	if !readsFilms(t) {
		t.Skip("SKIPPED: no film was looked into: ffmpeg and bubblewrap are wanted (scripts/setup installs them)")
	}
}

// readsFilms reports whether this machine reads films. Where they are required
// it is a failure if not.
func readsFilms(t testing.TB) bool {
	t.Helper()
	rec := desktest.City(t)
	x := rec.Received(t, desktest.Noon, rec.Opened(t), demo(t, demomedia.BodyCamera1))[0]
	p, _, err := rec.ProbeExhibit(t.Context(), rec.As("evidence-7"), noon(), x.ID)
	if err == nil && p.Answer == jurat.ProbeRead {
		return true
	}
	if required := "," + os.Getenv("JURAT_REQUIRE") + ","; strings.Contains(required, ",all,") || strings.Contains(required, ",ffmpeg,") {
		t.Fatalf("ffmpeg and bubblewrap are wanted: %v %+v", err, p)
	}
	return false
}

func demo(t testing.TB, name string) string {
	t.Helper()
	text, err := demomedia.Files.ReadFile(name)
	must(t, err)
	return string(text)
}

// patient makes a counter wait for what is made, so that a test sees its end.
func patient(s *station) *station {
	s.patience.making = time.Minute
	return s
}

// posts posts a form and gives where it led.
func (s *station) posts(t testing.TB, who jurat.PersonID, address string, form url.Values, want int) (page, to string) {
	t.Helper()
	code, page, h := ask(t, s, "POST", address, who, form)
	if code != want {
		t.Fatalf("%s %s: %d, want %d: %s", who, address, code, want, alertOf(page))
	}
	return page, h.Get("Location")
}

func (s *station) gets(t testing.TB, who jurat.PersonID, address string) string {
	t.Helper()
	address, _, _ = strings.Cut(address, "#")
	code, page, _ := ask(t, s, "GET", address, who, nil)
	if code != 200 {
		t.Fatalf("%s %s: %d %s", who, address, code, page)
	}
	return html.UnescapeString(page)
}

func pageSays(t testing.TB, page string, all ...string) {
	t.Helper()
	for _, want := range all {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q:\n%s", want, regexp.MustCompile(`\s*<[^>]*>\s*`).ReplaceAllString(page, " "))
		}
	}
}

// What a film says of itself is shown as found, and its copies name it.
func TestAnExhibitIsLookedIntoAndCopied(t *testing.T) {
	ffmpeg(t)
	rec := desktest.City(t)
	in := rec.Opened(t)
	x := rec.Received(t, desktest.Noon, in, demo(t, demomedia.BodyCamera1))[0]
	s := patient(counterAt(t, rec, noon))
	const who = "evidence-7"
	page := s.gets(t, who, itemPath(x.ID))
	pageSays(t, page, "Nobody has read it yet", "Read metadata", "Make a preview", "Make a playable copy", "No copy was made of it here")

	_, to := s.posts(t, who, itemPath(x.ID)+"/probe", url.Values{}, 303)
	if to != itemPath(x.ID)+"#metadata" {
		t.Errorf("it led to %s", to)
	}
	page = s.gets(t, who, to)
	pageSays(t, page, "As found, none of it checked", "ffprobe ", "2026-03-03T02:14:05.000000Z", "by the device's own clock", "0:00:06.000", "h264", "aac", "640 × 360", "mov,mp4,m4a,3gp,3g2,mj2", "major_brand", "looked into for what its bytes say")
	if strings.Contains(page, "BODY CAMERA 1") {
		t.Error("what may name somebody is shown open")
	}
	sealed := itemPath(x.ID)[:strings.Index(itemPath(x.ID), "/exhibits")] + "/sealed/probe-1/identity"
	pageSays(t, s.gets(t, who, sealed), "identity")
	opened, _ := s.posts(t, who, sealed, url.Values{"reason": {"to compare cameras"}}, 200)
	pageSays(t, opened, "BODY CAMERA 1")

	_, to = s.posts(t, who, itemPath(x.ID)+"/preview", url.Values{}, 303)
	pageSays(t, s.gets(t, who, to), "This is a preview, not the original", "derived from Exhibit 1", "Show the picture")
	_, proxy := s.posts(t, who, itemPath(x.ID)+"/proxy", url.Values{}, 303)
	pageSays(t, s.gets(t, who, proxy), "This is a playable copy, not the original", "derived from Exhibit 1", "libx264")
	_, again := s.posts(t, who, itemPath(x.ID)+"/proxy", url.Values{}, 303)
	if again != proxy {
		t.Errorf("made again it is %s", again)
	}
	pageSays(t, s.gets(t, who, itemPath(x.ID)), "playable copy, made from Exhibit 1", "preview, made from Exhibit 1")
	page, _ = s.posts(t, who, proxy+"/preview", url.Values{}, 409)
	pageSays(t, page, "make copies of the original")

	code, text, h := ask(t, s, "GET", itemPath(x.ID)+"/still?at=2000", who, nil)
	if m, err := jpeg.Decode(strings.NewReader(text)); code != 200 || h.Get("Content-Type") != "image/jpeg" || err != nil || m.Bounds().Dx() != 640 {
		t.Errorf("the still is %d %s (%v)", code, h, err)
	}
	code, text, _ = ask(t, s, "GET", itemPath(x.ID)+"/still?at=99000", who, nil)
	if code != 422 || !strings.Contains(text, "it ends at 0:00:06.000") {
		t.Errorf("after its end: %d %s", code, text)
	}
	if code, text, _ = ask(t, s, "GET", itemPath(x.ID)+"/still?at=x", who, nil); code != 422 {
		t.Errorf("at no time: %d %s", code, text)
	}
}

// What takes its time has a page of its own, and its end waits for who began it.
func TestWhatTakesItsTimeIsAwaited(t *testing.T) {
	rec := desktest.City(t)
	x := rec.Received(t, desktest.Noon, rec.Opened(t), "a film")[0]
	s := counterAt(t, rec, noon)
	s.patience.making = 0
	const who = "evidence-7"
	s.token(t, who)
	at := itemPath(x.ID) + "/making"
	v := &visit{Request: (&http.Request{URL: &url.URL{}}).WithContext(t.Context()), counter: s.Counter, at: noon(), lang: "en", who: &standing{Person: jurat.Person{ID: who}}}
	gate := make(chan struct{})
	slow := func(_ context.Context, progress func(float64)) (string, error) {
		progress(0.38)
		<-gate
		return itemPath(x.ID) + "#copies", nil
	}
	m, err := s.begin(v, x.ID, jurat.PurposeProxy, slow)
	must(t, err)
	for m.Percent() == 0 {
		time.Sleep(time.Millisecond)
	}
	same, err := s.begin(v, x.ID, jurat.PurposeProxy, slow)
	if err != nil || same != m {
		t.Errorf("begun twice: %v", err)
	}
	if _, err := s.begin(v, x.ID, "probe", slow); err == nil || !strings.Contains(err.Error(), "something else is being made") {
		t.Errorf("beside another: %v", err)
	}
	pageSays(t, s.gets(t, who, at), "A playable copy is being made", "38 %", "You can leave this page")
	pageSays(t, s.gets(t, who, itemPath(x.ID)), "A playable copy is being made", "38 %")
	if said := s.gets(t, who, at+"?ask"); said != `{"percent":38,"ended":false}`+"\n" {
		t.Errorf("the script hears %s", said)
	}
	if said := s.gets(t, "officer-4471", at+"?ask"); said != `{"percent":0,"ended":true}`+"\n" {
		t.Errorf("another hears %s", said)
	}
	close(gate)
	<-m.ended
	code, _, h := ask(t, s, "GET", at, who, nil)
	if code != 303 || h.Get("Location") != itemPath(x.ID)+"#copies" {
		t.Errorf("ended it leads to %d %s", code, h.Get("Location"))
	}
	if code, _, h = ask(t, s, "GET", at, who, nil); code != 303 || h.Get("Location") != itemPath(x.ID) {
		t.Errorf("after that to %d %s", code, h.Get("Location"))
	}
	// A counter that stops stops what is made.
	m, err = s.begin(v, x.ID, jurat.PurposeProxy, func(ctx context.Context, _ func(float64)) (string, error) { <-ctx.Done(); return "", ctx.Err() })
	must(t, err)
	s.Close()
	if !m.over() {
		t.Error("it goes on")
	}
	if _, err := s.begin(v, x.ID, jurat.PurposeProxy, slow); err == nil || !strings.Contains(err.Error(), "about to stop") {
		t.Errorf("after it stopped: %v", err)
	}
}

// A machine that reads no films says so, and what to do; nothing failed.
func TestWithoutItsProgramsNothingIsRead(t *testing.T) {
	rec := desktest.City(t)
	x := rec.Received(t, desktest.Noon, rec.Opened(t), demo(t, demomedia.BodyCamera1))[0]
	s := patient(counterAt(t, rec, noon))
	t.Setenv("PATH", t.TempDir())
	for _, act := range []string{"/probe", "/preview", "/proxy"} {
		page, _ := s.posts(t, "evidence-7", itemPath(x.ID)+act, url.Values{}, 422)
		pageSays(t, page, "Could not tell: ffmpeg is not on this machine, so films are kept and not looked into; install ffmpeg")
	}
	pageSays(t, s.gets(t, "evidence-7", itemPath(x.ID)), "Nobody has read it yet")
	code, text, _ := ask(t, s, "GET", itemPath(x.ID)+"/still", "evidence-7", nil)
	if code != 422 || !strings.Contains(text, "ffmpeg is not on this machine") {
		t.Errorf("a still is %d %s", code, text)
	}
	token := s.program(t, "evidence-7", true)
	code, text, h := call(t, s, "POST", "/api/v1"+itemPath(x.ID)+"/probe", token, "")
	if p := heard(t, text, h); code != 422 || p.Kind != "unavailable" || !strings.Contains(p.Detail, "install ffmpeg") {
		t.Errorf("a program hears %d %s", code, text)
	}
}

// png60000 is the head of a picture of 60,000 by 60,000, and little more.
func png60000() string {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(name string, text []byte) {
		binary.Write(&b, binary.BigEndian, uint32(len(text))) //nolint:errcheck // to memory
		b.WriteString(name)
		b.Write(text)
		binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(append([]byte(name), text...))) //nolint:errcheck // to memory
	}
	head := make([]byte, 13)
	binary.BigEndian.PutUint32(head, 60000)
	binary.BigEndian.PutUint32(head[4:], 60000)
	head[8], head[9] = 8, 2
	chunk("IHDR", head)
	chunk("IDAT", make([]byte, 1000))
	chunk("IEND", nil)
	return b.String()
}

// Bytes a stranger made are asked about through the counter: the answer is a
// sentence, soon; nothing of this machine is in it, nothing runs as a page of
// ours, and nothing is logged as a fault.
func TestHostileBytesAtTheCounter(t *testing.T) {
	ffmpeg(t)
	secret := filepath.Join(t.TempDir(), "secret.txt")
	must(t, os.WriteFile(secret, []byte("SECRET-9917\n"), 0o600))
	playlist := "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1.0,\nfile://" + secret + "\n#EXTINF:1.0,\n/etc/passwd\n#EXT-X-ENDLIST\n"
	film := demo(t, demomedia.BodyCamera1)
	photo := demo(t, demomedia.Photo1)
	script := `<script>document.title="RAN"</script>`
	rec := desktest.City(t)
	in := rec.Opened(t)
	s := patient(counterAt(t, rec, noon))
	const who = "evidence-7"
	token := s.program(t, who, true)
	for _, tc := range []struct {
		name, file, text string
		probe            string // how the looking ends
		unseen           bool   // no preview can be made of it
	}{
		{"a film cut in half", "half.mp4", film[:len(film)/2], "read in part", false},
		{"noise behind a film's first box", "noise.mp4", film[:32] + strings.Repeat("\xa5\x11\x00", 5000), "could not tell", true},
		{"a picture with a script", "drawing.svg", `<svg xmlns="http://www.w3.org/2000/svg">` + script + `<image href="file:///etc/passwd"/></svg>`, "could not tell", true},
		{"a picture with a script by another name", "drawing.jpg", `<svg xmlns="http://www.w3.org/2000/svg">` + script + `</svg>`, "could not tell", true},
		{"a page by the name of a picture", "page.png", "<!DOCTYPE html>" + script, "could not tell", true},
		{"a playlist of files", "clip.mp4", playlist, "could not tell", true},
		{"a playlist by its own name", "clip.m3u8", playlist + "\n", "could not tell", true},
		{"a list of films to join", "join.mp4", "ffconcat version 1.0\nfile '" + secret + "'\n", "could not tell", true},
		{"a picture of three billion pixels", "bomb.png", png60000(), "60000 by 60000", true},
		{"a picture that is an archive too", "photo.jpg", photo + "PK\x05\x06" + strings.Repeat("\x00", 18), "a ZIP archive lies at its end", false},
		{"nothing but a name", "<img src=x onerror=alert(1)>.mp4", "x", "could not tell", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			body, kind := multiform(t, [][2]string{{"kind", "bwc"}}, [2]string{tc.file, tc.text})
			a := tus(t, s, who, "POST", "/incidents/"+string(in)+"/receive", body, "Content-Type", kind)
			must(t, a.Body.Close())
			at := itemPath(newest(t, rec, in))
			clean := func(what, text string) {
				t.Helper()
				for _, bad := range []string{"SECRET-9917", "root:x", `<script>document`, `<img src=x`, "/etc/passwd", "goroutine"} {
					if strings.Contains(text, bad) {
						t.Errorf("%s has %q: %s", what, bad, text)
					}
				}
			}
			start := time.Now()
			s.posts(t, who, at+"/probe", url.Values{}, 303)
			code, page, _ := ask(t, s, "GET", at, who, nil)
			if code != 200 {
				t.Fatalf("its page is %d", code)
			}
			clean("its page", page)
			pageSays(t, html.UnescapeString(page), tc.probe)
			want := 303
			if tc.unseen {
				want = 422
			}
			page, _ = s.posts(t, who, at+"/preview", url.Values{}, want)
			clean("the preview", page)
			if tc.unseen {
				pageSays(t, html.UnescapeString(page), "Could not tell: ")
			}
			if code, page, _ = ask(t, s, "POST", at+"/proxy", who, url.Values{}); code != 422 && tc.probe != "read in part" {
				t.Errorf("the copy is %d", code)
			}
			clean("the copy", page)
			code, page, h := ask(t, s, "GET", at+"/still", who, nil)
			if code != want && !(code == 200 && !tc.unseen) || strings.HasPrefix(h.Get("Content-Type"), "text/html") {
				t.Errorf("the still is %d %s", code, h.Get("Content-Type"))
			}
			clean("the still", page)
			code, _, h = ask(t, s, "GET", at+"/bytes", who, nil)
			if code != 200 || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Security-Policy") != "default-src 'none'; sandbox" || strings.Contains(h.Get("Content-Type"), "svg") || strings.Contains(h.Get("Content-Type"), "html") {
				t.Errorf("its bytes are %d %v", code, h)
			}
			code, page, h = call(t, s, "POST", "/api/v1"+at+"/preview", token, "")
			if tc.unseen {
				if p := heard(t, page, h); code != 422 || p.Kind != "unavailable" || !strings.HasPrefix(p.Detail, "could not tell") {
					t.Errorf("a program hears %d %s", code, page)
				}
			}
			clean("what a program hears", page)
			if took := time.Since(start); took > time.Minute {
				t.Errorf("it took %v", took)
			}
		})
	}
}

// newest is the exhibit that came last into an incident, by its number, copies
// aside.
func newest(t testing.TB, rec *desktest.Record, in jurat.IncidentNumber) jurat.ItemID {
	t.Helper()
	view, err := rec.Show(t.Context(), desk.Caller{}, noon(), in)
	must(t, err)
	var last jurat.ItemID
	for _, x := range view.Exhibits {
		if x.Value.Derivation == nil {
			last = x.Value.ID
		}
	}
	return last
}
