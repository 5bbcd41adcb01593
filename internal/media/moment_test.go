package media_test

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/media"
)

// What somebody draws a box on is the picture that is shown then, in the pixels
// that the box is filled in.
func TestAStillIsThePictureShownThen(t *testing.T) {
	tools := need(t)
	// One second of each colour, in a film whose pixels are not square.
	three := film(t, "three.mp4", "-f", "lavfi", "-i", "color=red:size=160x120:rate=10:duration=1", "-f", "lavfi", "-i", "color=lime:size=160x120:rate=10:duration=1", "-f", "lavfi", "-i", "color=blue:size=160x120:rate=10:duration=1",
		"-filter_complex", "[0][1][2]concat=n=3:v=1,setsar=2/1", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-movflags", "+faststart")
	size := look(t, tools, three, "video/mp4").Probe.Streams[0]
	if size.Width != 320 || size.Height != 120 {
		t.Fatalf("it is shown as %d by %d", size.Width, size.Height)
	}
	for _, turn := range []struct {
		name  string
		tools *media.Tools
	}{{"from memory", tools}, {"as it streams", media.New(media.Settings{}).Holding(1000)}} {
		for at, want := range map[time.Duration][3]uint32{0: {1, 0, 0}, 950 * time.Millisecond: {1, 0, 0}, 1500 * time.Millisecond: {0, 1, 0}, 2100 * time.Millisecond: {0, 0, 1}, 2999 * time.Millisecond: {0, 0, 1}} {
			m := shown(t, turn.tools, three, at)
			if m.Bounds().Dx() != size.Width || m.Bounds().Dy() != size.Height {
				t.Errorf("%s: the still is %v", turn.name, m.Bounds())
			}
			r, g, b, _ := m.At(160, 60).RGBA()
			if at == 950*time.Millisecond { // between the last picture and the cut
				continue
			}
			if got := [3]uint32{r >> 15, g >> 15, b >> 15}; got != want {
				t.Errorf("%s: at %v it is %v, want %v", turn.name, at, got, want)
			}
		}
	}
	_, err := tools.Still(t.Context(), source(three, "video/mp4"), 3*time.Second)
	if !errors.Is(err, jurat.Invalid) || !strings.Contains(err.Error(), "it ends at 0:00:03.000") {
		t.Errorf("after its end: %v", err)
	}
	if m := shown(t, tools, picture(t, 30, 20), time.Hour); m.Bounds() != image.Rect(0, 0, 30, 20) {
		t.Errorf("a picture is %v", m.Bounds())
	}
	_, err = tools.Still(t.Context(), source([]byte("<svg/>"), "video/mp4"), 0)
	if !errors.Is(err, jurat.Unavailable) || !strings.Contains(err.Error(), "nothing here reads image/svg+xml") {
		t.Errorf("of no picture: %v", err)
	}
}

func shown(t testing.TB, tools *media.Tools, text []byte, at time.Duration) image.Image {
	t.Helper()
	still, err := tools.Still(t.Context(), source(text, "video/mp4"), at)
	if err != nil {
		t.Fatalf("at %v: %v (%v)", at, err, errors.Unwrap(err))
	}
	m, err := jpeg.Decode(bytes.NewReader(still))
	if err != nil {
		t.Fatal(err)
	}
	return m
}
