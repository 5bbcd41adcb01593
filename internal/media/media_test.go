package media_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"jurat"
	"jurat/internal/media"
)

// need skips a test for want of the programs, loudly; with JURAT_REQUIRE=all
// that is a failure.
func need(t testing.TB) *media.Tools {
	t.Helper()
	tools := media.New(media.Settings{})
	if found := tools.Look(t.Context()); found.Err != nil {
		if os.Getenv("JURAT_REQUIRE") == "all" {
			t.Fatalf("ffmpeg and bubblewrap are wanted: %v", found.Err)
		}
		t.Skipf("nothing here is checked: %v", found.Err)
	}
	return tools
}

// source is bytes as an exhibit has them.
func source(text []byte, asserted string) media.Source {
	return media.Source{
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil },
		Size: int64(len(text)), Digest: jurat.DigestOf(text), Media: asserted,
	}
}

// film makes a film of test patterns with ffmpeg, by its arguments.
func film(t testing.TB, name string, args ...string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	cmd := exec.Command("ffmpeg", append(append([]string{"-hide_banner", "-loglevel", "error", "-nostdin", "-y"}, args...), path)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg %s: %v: %s", strings.Join(args, " "), err, out)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// clip is two seconds of a moving pattern with a tone, and what it says of
// itself: when, with what, by whom and where.
func clip(t testing.TB) []byte {
	return film(t, "clip.mp4", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=15:duration=2", "-f", "lavfi", "-i", "sine=frequency=440:duration=2",
		"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-movflags", "+faststart+use_metadata_tags",
		"-metadata", "creation_time=2026-03-03T02:14:05Z", "-metadata", "title=Officer 4471", "-metadata", "location=+41.8781-087.6298/",
		"-metadata", "com.apple.quicktime.make=Test Camera", "-metadata", "com.apple.quicktime.model=Model 1", "-metadata", "serial_number=TC-0001")
}

func look(t testing.TB, tools *media.Tools, text []byte, asserted string) media.Sight {
	t.Helper()
	s, err := tools.Probe(t.Context(), source(text, asserted))
	if err != nil {
		t.Fatalf("Probe: %v (%v)", err, errors.Unwrap(err))
	}
	return s
}

func spelt(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// picture is a PNG with a mark in its first pixel, so that it can be told which
// way up it is.
func picture(t testing.TB, w, h int) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetNRGBA(x, y, color.NRGBA{uint8(40 + x*150/w), uint8(40 + y*150/h), 90, 255})
		}
	}
	m.SetNRGBA(0, 0, color.NRGBA{255, 0, 0, 255})
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func pid() string { return strconv.Itoa(os.Getpid()) }
