package media_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"jurat"
	"jurat/internal/media"
)

// A film larger than memory takes is read as it streams, or from a nameless file
// of the scratch folder; its bytes are held against their digest either way.
func TestAFilmLargerThanMemoryTakes(t *testing.T) {
	need(t)
	first := clip(t)
	last := film(t, "last.mp4", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=15:duration=2", "-c:v", "libx264", "-pix_fmt", "yuv420p")
	l := edits(t, `{"version":1,"frame":{"width":320,"height":240},"edits":[{"kind":"box","reason":"x","to_ms":2000,"keyframes":[{"x":10,"y":20,"width":60,"height":50}]}]}`)
	streams := media.New(media.Settings{}).Holding(1000)
	if s := look(t, streams, first, "video/mp4"); s.Probe.Answer != jurat.ProbeRead || len(s.Probe.Streams) != 2 {
		t.Errorf("streamed it is %s", spelt(t, s.Probe))
	}
	read(t, got[*media.Copy](t)(streams.Preview(t.Context(), source(first, ""))))
	read(t, got[*media.Copy](t)(streams.Proxy(t.Context(), source(first, ""), nil)))
	// Of a film whose index comes last a stream shows nothing: its pictures are
	// gone by when it is known where they lie.
	if _, err := streams.Redact(t.Context(), source(last, ""), l, nil); !errors.Is(err, jurat.Unavailable) {
		t.Errorf("of a film whose index comes last: %v", err)
	}
	if s := look(t, streams, append(picture(t, 40, 40), make([]byte, 2000)...), ""); s.Probe.Answer != jurat.ProbeCouldNotSay {
		t.Errorf("a picture too large is %s", spelt(t, s.Probe))
	}
	other := source(first, "")
	other.Digest = jurat.DigestOf(nil)
	if _, err := streams.Proxy(t.Context(), other, nil); !errors.Is(err, jurat.Altered) {
		t.Errorf("of altered bytes: %v", err)
	}

	folder := t.TempDir()
	scratch := media.New(media.Settings{Scratch: folder}).Holding(1000)
	for name, text := range map[string][]byte{"index first": first, "index last": last} {
		made := got[*media.Redacted](t)(scratch.Redact(t.Context(), source(text, ""), l, nil))
		if read(t, made.Copy); made.Seen.Frames != 30 {
			t.Errorf("%s: %+v", name, made.Seen)
		}
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Errorf("left in the scratch folder: %v (%v)", left, err)
	}
	if _, err := media.New(media.Settings{Scratch: folder + "/none"}).Holding(10).Probe(t.Context(), source(first, "")); !errors.Is(err, jurat.Unavailable) || !strings.Contains(err.Error(), "scratch folder") {
		t.Errorf("without its folder: %v", err)
	}
}
