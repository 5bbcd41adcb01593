package media_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/media"
)

// Bytes a stranger made reach a program of three million lines. Whatever they
// are, the answer is one of three, it comes soon, and no file of this machine
// is in it.
func TestHostileBytesGetAnAnswer(t *testing.T) {
	tools := need(t)
	whole := clip(t)
	secret := filepath.Join(t.TempDir(), "secret.txt")
	if err := os.WriteFile(secret, []byte("SECRET-9917\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	playlist := "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1.0,\nfile://" + secret + "\n#EXTINF:1.0,\n/etc/passwd\n#EXTINF:1.0,\nhttp://127.0.0.1:1/x\n#EXT-X-ENDLIST\n"
	for name, tc := range map[string]struct {
		text     []byte
		asserted string
		answer   string
		media    string
		remark   string
	}{
		"nothing":                         {nil, "video/mp4", jurat.ProbeCouldNotSay, "application/x-empty", ""},
		"one byte":                        {[]byte("x"), "", jurat.ProbeCouldNotSay, "text/plain", ""},
		"a film cut in half":              {whole[:len(whole)/2], "video/mp4", jurat.ProbeInPart, "video/mp4", "cut short"},
		"a film cut in its index":         {whole[:1200], "video/mp4", jurat.ProbeInPart, "video/mp4", "cut short"},
		"the first 16 bytes of a film":    {whole[:16], "video/mp4", jurat.ProbeCouldNotSay, "video/mp4", ""},
		"noise behind a film's first box": {append(bytes.Clone(whole[:32]), bytes.Repeat([]byte{0xa5, 0x11, 0x00}, 5000)...), "video/mp4", jurat.ProbeCouldNotSay, "video/mp4", ""},
		"a playlist of files":             {[]byte(playlist), "video/mp4", jurat.ProbeCouldNotSay, "application/vnd.apple.mpegurl", "it was received as video/mp4"},
		"a playlist under a blank line":   {[]byte("\n" + playlist), "", jurat.ProbeCouldNotSay, "text/plain", ""},
		"a list of films to join":         {[]byte("ffconcat version 1.0\nfile '" + secret + "'\n"), "", jurat.ProbeCouldNotSay, "text/plain", ""},
		"a picture with a script":         {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><image href="file:///etc/passwd"/></svg>`), "image/jpeg", jurat.ProbeCouldNotSay, "image/svg+xml", "received as image/jpeg"},
		"a page":                          {[]byte("<!DOCTYPE html><script>1</script>"), "image/png", jurat.ProbeCouldNotSay, "text/html", ""},
		"a ZIP archive in a film's name":  {[]byte("PK\x03\x04rest"), "video/mp4", jurat.ProbeCouldNotSay, "application/zip", "received as video/mp4"},
		"a picture that is a ZIP too":     {append(picture(t, 8, 8), append([]byte("PK\x05\x06"), make([]byte, 18)...)...), "image/png", jurat.ProbeRead, "image/png", "a ZIP archive lies at its end"},
		"a picture of a billion pixels":   {pngOf(60000, 60000, 1000), "image/png", jurat.ProbeRead, "image/png", "60000 by 60000"},
		"the head of a picture only":      {[]byte("\x89PNG\r\n\x1a\nrest"), "image/png", jurat.ProbeCouldNotSay, "image/png", ""},
		"a JPEG of nothing":               {[]byte("\xff\xd8\xff\xe1\xff\xff"), "image/jpeg", jurat.ProbeCouldNotSay, "image/jpeg", ""},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			s, err := tools.Probe(t.Context(), source(tc.text, tc.asserted))
			if err != nil {
				t.Fatalf("%v (%v)", err, errors.Unwrap(err))
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("it took %v", took)
			}
			if s.Probe.Answer != tc.answer || s.Probe.Media != tc.media || !strings.Contains(strings.Join(s.Probe.Remarks, "\n"), tc.remark) {
				t.Errorf("probe is %s; want %s of %s, remark %q", spelt(t, s.Probe), tc.answer, tc.media, tc.remark)
			}
			if s.Probe.Answer != jurat.ProbeRead && s.Probe.Why == "" {
				t.Error("it does not say why")
			}
			if all := spelt(t, s); strings.Contains(all, "SECRET") || strings.Contains(all, "root:") {
				t.Errorf("a file of this machine is in the answer: %s", all)
			}
		})
	}
}

// A film may name another file as where its pictures lie. The file it names is
// not there for the program that reads it.
func TestNoFileOfTheMachineIsInTheSandbox(t *testing.T) {
	tools := need(t)
	for _, path := range []string{"/etc/passwd", "/home", "/root", "/var", "/work", "/etc/hostname", "/sys", os.TempDir() + "/x"} {
		if out, err := tools.Try(t.Context(), "/bin/ls", path); err == nil {
			t.Errorf("the sandbox shows %s: %s", path, out)
		}
	}
	for what, script := range map[string]string{
		"writes to the system":        "echo x > /usr/x",
		"writes to the root":          "echo x > /x",
		"writes to shared memory":     "echo x > /dev/shm/x",
		"writes more than it may":     "head -c 2000000 /dev/zero > /tmp/x",
		"fills its /tmp":              "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22; do head -c 1000000 /dev/zero > /tmp/$i || exit 1; done",
		"makes a namespace":           "unshare -U true",
		"mounts":                      "mount -t tmpfs none /tmp",
		"sees this test":              "test -d /proc/" + pid(),
		"reaches this machine by TCP": "exec 3<>/dev/tcp/127.0.0.1/22",
	} {
		if out, err := tools.Try(t.Context(), "/bin/bash", "-c", script); err == nil {
			t.Errorf("a program in the sandbox %s: %s", what, out)
		}
	}
	if out, err := tools.Try(t.Context(), "/bin/sh", "-c", "id -u; echo $HOME; ls -A /tmp"); err != nil || out != "65534\n/tmp\n" {
		t.Errorf("in the sandbox one is %q (%v)", out, err)
	}
}

// Who runs forever is stopped, with what they started.
func TestAProgramThatDoesNotEndIsStopped(t *testing.T) {
	tools := need(t)
	start := time.Now()
	_, err := tools.TryFor(t.Context(), time.Second, "/bin/sh", "-c", "sleep 1000 & while :; do :; done")
	if !errors.Is(err, jurat.Unavailable) || !strings.Contains(err.Error(), "took longer than 1s") {
		t.Errorf("got %v", err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it was stopped after %v", took)
	}
}

// A machine without a sandbox reads no film, and says so; its operator may say
// that it is one.
func TestWithoutASandboxNothingHostileIsRead(t *testing.T) {
	need(t)
	for what, bwrap := range map[string]string{"no bubblewrap": "bubblewrap-that-is-not-here", "one that is refused": "/bin/false"} {
		tools := media.New(media.Settings{Bubblewrap: bwrap})
		_, err := tools.Probe(t.Context(), source(clip(t), "video/mp4"))
		if !errors.Is(err, jurat.Unavailable) || !strings.Contains(err.Error(), "no sandbox") {
			t.Errorf("%s: %v", what, err)
		}
		s, err := tools.Probe(t.Context(), source(picture(t, 4, 4), "image/png"))
		if err != nil || s.Probe.Answer != jurat.ProbeRead {
			t.Errorf("%s: a picture is read in Go: %v", what, err)
		}
	}
	tools := media.New(media.Settings{Bubblewrap: "/bin/false", Unconfined: true})
	if s := look(t, tools, clip(t), "video/mp4"); s.Probe.Sandbox != media.Unconfined || s.Probe.Answer != jurat.ProbeRead {
		t.Errorf("allowed without a sandbox it is %s in %q", s.Probe.Answer, s.Probe.Sandbox)
	}
	if _, err := media.New(media.Settings{FFmpeg: "ffmpeg-that-is-not-here"}).Probe(t.Context(), source(clip(t), "")); !errors.Is(err, jurat.Unavailable) {
		t.Errorf("without ffmpeg: %v", err)
	}
}

func TestAlteredBytesAreNotLookedInto(t *testing.T) {
	tools := need(t)
	s := source(clip(t), "video/mp4")
	s.Digest = jurat.DigestOf([]byte("other bytes"))
	if _, err := tools.Probe(t.Context(), s); !errors.Is(err, jurat.Altered) {
		t.Errorf("got %v, want Altered", err)
	}
	s = source([]byte("a film"), "")
	s.Open = func() (io.ReadCloser, error) { return nil, jurat.Errorf(jurat.Unavailable, "disk read error") }
	if _, err := tools.Probe(t.Context(), s); !errors.Is(err, jurat.Unavailable) {
		t.Errorf("got %v, want Unavailable", err)
	}
}

// pngOf is a PNG that says it has so many pixels, with a little of them.
func pngOf(w, h uint32, rows int) []byte {
	var out bytes.Buffer
	out.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(name string, data []byte) {
		body := append([]byte(name), data...)
		_ = binary.Write(&out, binary.BigEndian, uint32(len(data)))
		out.Write(body)
		_ = binary.Write(&out, binary.BigEndian, crc32.ChecksumIEEE(body))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	chunk("IHDR", append(head, 8, 0, 0, 0, 0))
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write(make([]byte, rows*(int(w)+1)))
	_ = z.Close()
	chunk("IDAT", packed.Bytes())
	chunk("IEND", nil)
	return out.Bytes()
}
