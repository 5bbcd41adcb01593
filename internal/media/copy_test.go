package media_test

import (
	"bytes"
	"errors"
	"image"
	"io"
	"strings"
	"testing"

	"jurat"
	"jurat/internal/media"
)

func read(t testing.TB, c *media.Copy) []byte {
	t.Helper()
	text, err := io.ReadAll(c.Reader())
	if err != nil || int64(len(text)) != c.Size {
		t.Fatalf("%d bytes of %d: %v", len(text), c.Size, err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	return text
}

func got[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatalf("%v (%v)", err, errors.Unwrap(err))
		}
		return v
	}
}

func TestAPreviewIsOnePictureAndSaysNothing(t *testing.T) {
	tools := need(t)
	webp := film(t, "still.webp", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=1:duration=1", "-frames:v", "1")
	tiff := film(t, "still.tiff", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=1:duration=1", "-frames:v", "1")
	short := film(t, "short.mp4", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=15:duration=0.2", "-c:v", "libx264", "-pix_fmt", "yuv420p")
	for name, tc := range map[string]struct {
		text          []byte
		width, height int
	}{
		"a film": {clip(t), 320, 240}, "a film of three pictures": {short, 320, 240}, "a large picture": {picture(t, 3000, 1500), 1280, 640},
		"a small picture": {picture(t, 30, 15), 30, 15}, "a WebP picture": {webp, 320, 240}, "a TIFF picture": {tiff, 320, 240},
	} {
		c := got[*media.Copy](t)(tools.Preview(t.Context(), source(tc.text, "")))
		text := read(t, c)
		size, kind, err := image.DecodeConfig(bytes.NewReader(text))
		if err != nil || kind != "jpeg" || c.Media != "image/jpeg" || size.Width != tc.width || size.Height != tc.height {
			t.Errorf("%s: %s of %d by %d (%v)", name, kind, size.Width, size.Height, err)
		}
		for _, secret := range []string{"Exif", "4471", "41.87", "TC-0001"} {
			if bytes.Contains(text, []byte(secret)) {
				t.Errorf("%s: the preview says %q", name, secret)
			}
		}
		if d := c.Derivation; d.Purpose != jurat.PurposePreview || d.Source != jurat.DigestOf(tc.text) || len(d.Tools) == 0 || len(d.Settings) == 0 {
			t.Errorf("%s: made by %+v", name, d)
		}
	}
	for name, text := range map[string][]byte{"a bomb": pngOf(60000, 60000, 10), "a picture cut short": picture(t, 300, 200)[:400], "nothing": nil, "a playlist": []byte("#EXTM3U\n/etc/passwd\n"),
		"half a film": clip(t)[:900], "a drawing with a script": []byte("<svg><script>1</script></svg>")} {
		if _, err := tools.Preview(t.Context(), source(text, "")); !errors.Is(err, jurat.Unavailable) || !strings.HasPrefix(err.Error(), "could not tell") {
			t.Errorf("%s: %v, want could not tell", name, err)
		}
	}
}

func TestAProxyPlaysInABrowserAndSaysNothing(t *testing.T) {
	tools := need(t)
	old := film(t, "old.avi", "-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=25:duration=1", "-f", "lavfi", "-i", "sine=duration=1", "-c:v", "mpeg4", "-c:a", "mp3")
	last := film(t, "last.mp4", "-f", "lavfi", "-i", "testsrc2=size=321x241:rate=25:duration=1", "-c:v", "mpeg4", "-metadata", "title=Officer 4471")
	for name, tc := range map[string]struct {
		text    []byte
		streams int
		width   int
	}{"a film": {clip(t), 2, 320}, "an old one, large": {old, 2, 1280}, "one whose index comes last, odd, and silent": {last, 1, 320}} {
		done := 0.0
		c := got[*media.Copy](t)(tools.Proxy(t.Context(), source(tc.text, ""), func(d float64) { done = d }))
		text := read(t, c)
		if index, data := bytes.Index(text, []byte("moov")), bytes.Index(text, []byte("mdat")); index < 0 || index > data {
			t.Errorf("%s: index at %d, data at %d", name, index, data)
		}
		s := look(t, tools, text, "video/mp4")
		if p := s.Probe; p.Answer != jurat.ProbeRead || len(p.Streams) != tc.streams || p.Streams[0].Codec != "h264" || p.Streams[0].Width != tc.width || p.Created != "" || p.Place {
			t.Errorf("%s: the proxy is %s", name, spelt(t, p))
		}
		if bytes.Contains(text, []byte("4471")) || bytes.Contains(text, []byte("41.87")) {
			t.Errorf("%s: the proxy says who or where", name)
		}
		if done != 1 {
			t.Errorf("%s: done is %v", name, done)
		}
	}
	sound := film(t, "sound.wav", "-f", "lavfi", "-i", "sine=duration=1")
	c := got[*media.Copy](t)(tools.Proxy(t.Context(), source(sound, ""), nil))
	if s := look(t, tools, read(t, c), ""); c.Media != "audio/mp4" || len(s.Probe.Streams) != 1 {
		t.Errorf("of a sound it is %s: %s", c.Media, spelt(t, s.Probe))
	}
	if _, err := tools.Proxy(t.Context(), source(picture(t, 4, 4), ""), nil); !errors.Is(err, jurat.Invalid) {
		t.Errorf("of a picture: %v", err)
	}
}
