package media_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jurat"
	"jurat/internal/media"
)

func edits(t testing.TB, text string) jurat.EditList {
	t.Helper()
	l, err := jurat.ParseEdits([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// raw decodes a film with ffmpeg, apart from the code under test: its pictures'
// lights and colours, and its sound.
func raw(t testing.TB, text []byte, args ...string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "copy")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	var why bytes.Buffer
	cmd := exec.Command("ffmpeg", append(append([]string{"-hide_banner", "-loglevel", "error", "-nostdin", "-i", path}, args...), "pipe:1")...)
	cmd.Stderr = &why
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, why.String())
	}
	return out
}

// A pixel that is hidden must be black on every picture, at the place where the
// box is then, and what is not hidden must be what it was. It is checked here
// by arithmetic of its own.
func TestEveryPixelInsideAMovingBoxIsBlack(t *testing.T) {
	tools := need(t)
	const w, h, rate, seconds = 320, 240, 15, 4
	original := film(t, "clip.mp4", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=15:duration=4", "-f", "lavfi", "-i", "sine=frequency=440:duration=4",
		"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-metadata", "title=Officer 4471", "-metadata", "location=+41.8781-087.6298/")
	l := edits(t, `{"version":1,"frame":{"width":320,"height":240},"edits":[
		{"kind":"box","reason":"7-1-c","to_ms":3000,"keyframes":[{"at_ms":1000,"x":10,"y":20,"width":60,"height":50},{"at_ms":2000,"x":211,"y":121,"width":80,"height":91}]},
		{"kind":"mute","reason":"7-1-b","from_ms":1500,"to_ms":2500}]}`)
	made := got[*media.Redacted](t)(tools.Redact(t.Context(), source(original, "video/mp4"), l, nil))
	text := read(t, made.Copy)
	t.Logf("%+v", made.Seen)

	before, after := raw(t, original, "-an", "-f", "rawvideo", "-pix_fmt", "yuv420p"), raw(t, text, "-an", "-f", "rawvideo", "-pix_fmt", "yuv420p")
	const size = w * h * 3 / 2
	if len(after) != len(before) || len(after) != size*rate*seconds {
		t.Fatalf("%d bytes of pictures were, %d are", len(before), len(after))
	}
	farthest, outside := 0, 0
	for n := range rate * seconds {
		ms := float64(n) * 1000 / rate
		is, was := after[n*size:(n+1)*size], before[n*size:(n+1)*size]
		part := min(max((ms-1000)/1000, 0), 1)
		between := func(a, b float64) float64 { return a + (b-a)*part }
		left, top := between(10, 211), between(20, 121)
		right, bottom := left+between(60, 80), top+between(50, 91)
		inside := ms >= 1000 && ms < 3000
		for y := range h {
			for x := range w {
				in := inside && float64(x+1) > left && float64(x) < right && float64(y+1) > top && float64(y) < bottom
				v := int(is[y*w+x])
				switch {
				case in:
					farthest = max(farthest, v-16, 16-v)
				case float64(x) < left-6 || float64(x) > right+6 || float64(y) < top-6 || float64(y) > bottom+6:
					outside = max(outside, v-int(was[y*w+x]), int(was[y*w+x])-v)
				}
				if c := w*h + y/2*(w/2) + x/2; in {
					farthest = max(farthest, int(is[c])-128, 128-int(is[c]), int(is[c+w*h/4])-128, 128-int(is[c+w*h/4]))
				}
			}
		}
	}
	t.Logf("inside at most %d of 255 from black; outside at most %d from what it was", farthest, outside)
	if farthest > 40 {
		t.Errorf("inside the box a pixel is %d of 255 from black", farthest)
	}
	if outside > 100 {
		t.Errorf("outside the box a pixel is %d of 255 from what it was", outside)
	}

	sound := raw(t, text, "-vn", "-f", "s16le", "-ac", "1", "-ar", "48000")
	loudest, heard := 0, 0
	for n := range len(sound) / 2 {
		v := int(int16(binary.LittleEndian.Uint16(sound[2*n:])))
		switch ms := n / 48; {
		case ms >= 1520 && ms < 2480:
			loudest = max(loudest, v, -v)
		case ms < 1450 || ms > 2550:
			heard = max(heard, v)
		}
	}
	if loudest > 64 || heard < 1000 {
		t.Errorf("in the silence the loudest sample is %d, elsewhere %d", loudest, heard)
	}
	for _, secret := range []string{"4471", "41.87", "Lavf"} {
		if bytes.Contains(text, []byte(secret)) {
			t.Errorf("the copy says %q", secret)
		}
	}
	seen := made.Seen
	if seen.Frames != rate*seconds || seen.Filled < 30 || seen.Filled > 33 || seen.Deviation < farthest || seen.Muted < 40000 {
		t.Errorf("it was seen as %+v", seen)
	}
	// The film is one shot: a box that comes and goes in it is to be looked at.
	if all := strings.Join(seen.Remarks, "\n"); !strings.Contains(all, "a box ends at 0:00:03.000 but the shot goes on to 0:00:04.000: look at it") ||
		!strings.Contains(all, "a box begins at 0:00:01.000 but the shot began at 0:00:00.000: look at it") || strings.Contains(all, "safe") {
		t.Errorf("remarks are %q", seen.Remarks)
	}
	d := made.Derivation
	if d.Purpose != jurat.PurposeRedaction || d.Source != jurat.DigestOf(original) || len(d.Settings) != 4 || len(d.Tools) != 1 {
		t.Errorf("made by %+v", d)
	}
}

func TestTheWholePictureButAPart(t *testing.T) {
	tools := need(t)
	original := clip(t)
	l := edits(t, `{"version":1,"frame":{"width":320,"height":240},"edits":[{"kind":"except","reason":"7-1-c","from_ms":0,"to_ms":2000,"keep":[{"x":101,"y":101,"width":51,"height":41}]}]}`)
	made := got[*media.Redacted](t)(tools.Redact(t.Context(), source(original, ""), l, nil))
	after := raw(t, read(t, made.Copy), "-an", "-f", "rawvideo", "-pix_fmt", "gray")
	bright := 0
	for n := range len(after) / (320 * 240) {
		for y := range 240 {
			for x := range 320 {
				v := int(after[n*320*240+y*320+x])
				if x >= 101 && x < 152 && y >= 101 && y < 142 {
					bright = max(bright, v)
				} else if v > 50 {
					t.Fatalf("picture %d shows %d at %d,%d", n, v, x, y)
				}
			}
		}
	}
	if bright < 60 {
		t.Errorf("what is kept is dark: %d", bright)
	}
	// It is there from the first picture to the last: no shot goes on after it.
	if len(made.Seen.Remarks) != 0 {
		t.Errorf("remarks are %q", made.Seen.Remarks)
	}
}

// A box that ends where the film cuts to another shot is no reason to look.
func TestABoxThatEndsWithItsShot(t *testing.T) {
	tools := need(t)
	cut := film(t, "cut.mp4", "-f", "lavfi", "-i", "color=white:size=160x120:rate=10:duration=2", "-f", "lavfi", "-i", "color=black:size=160x120:rate=10:duration=2",
		"-filter_complex", "[0:v][1:v]concat=n=2:v=1", "-c:v", "libx264", "-pix_fmt", "yuv420p")
	for to, want := range map[string]string{"2000": "", "1500": "the shot goes on to 0:00:02.000", "2600": "the shot goes on to 0:00:04.000", "4000": ""} {
		l := edits(t, `{"version":1,"frame":{"width":160,"height":120},"edits":[{"kind":"box","reason":"x","to_ms":`+to+`,"keyframes":[{"x":0,"y":0,"width":10,"height":10}]}]}`)
		made := got[*media.Redacted](t)(tools.Redact(t.Context(), source(cut, ""), l, nil))
		if all := strings.Join(made.Seen.Remarks, "; "); !strings.Contains(all, want) || want == "" && all != "" {
			t.Errorf("to %s: %q, want %q", to, all, want)
		}
		read(t, made.Copy)
	}
}

// Films come turned, with pixels that are not square, with odd edges, with
// uneven times, with more sound than one: boxes are where they were drawn.
func TestFilmsThatAreShownOtherThanTheyLie(t *testing.T) {
	tools := need(t)
	white := []string{"-f", "lavfi", "-i", "color=white:size=320x180:rate=10:duration=1"}
	with := func(name string, args ...string) []byte { return film(t, name, append(white, args...)...) }
	flat := with("flat.mp4", "-c:v", "libx264", "-pix_fmt", "yuv420p")
	path := filepath.Join(t.TempDir(), "flat.mp4")
	if err := os.WriteFile(path, flat, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		text          []byte
		width, height int
		remark        string
	}{
		"turned":              {film(t, "turned.mp4", "-i", path, "-c", "copy", "-metadata:s:v", "rotate=90"), 180, 320, ""},
		"with wide pixels":    {with("wide.mkv", "-vf", "setsar=2/1", "-c:v", "libx264", "-pix_fmt", "yuv420p"), 640, 180, ""},
		"with odd edges":      {with("odd.mkv", "-vf", "scale=161:91,setsar=1", "-c:v", "ffv1"), 161, 91, ""},
		"with uneven times":   {with("uneven.mkv", "-vf", "select='not(mod(n,3))'", "-fps_mode", "vfr", "-c:v", "libx264", "-pix_fmt", "yuv420p"), 320, 180, ""},
		"with two sounds":     {with("two.mkv", "-f", "lavfi", "-i", "sine=duration=1", "-map", "0", "-map", "1", "-map", "1", "-c:v", "libx264", "-pix_fmt", "yuv420p"), 320, 180, "3 streams"},
		"in full range":       {with("full.avi", "-c:v", "mjpeg", "-pix_fmt", "yuvj420p"), 320, 180, ""},
		"as a transport does": {with("stream.ts", "-c:v", "mpeg2video"), 320, 180, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := look(t, tools, tc.text, "").Probe
			if p.Streams[0].Width != tc.width || p.Streams[0].Height != tc.height {
				t.Fatalf("shown as %s", spelt(t, p.Streams))
			}
			l := jurat.EditList{Version: 1, Frame: jurat.Size{Width: tc.width, Height: tc.height}, Edits: []jurat.Edit{
				{Kind: jurat.EditBox, Reason: "x", To: 60000, Keyframes: []jurat.Keyframe{{Box: jurat.Box{X: tc.width - 31, Y: 11, Width: 31, Height: 21}}}},
			}}
			made := got[*media.Redacted](t)(tools.Redact(t.Context(), source(tc.text, ""), l, nil))
			w, h := (tc.width+1)&^1, (tc.height+1)&^1
			after := raw(t, read(t, made.Copy), "-an", "-f", "rawvideo", "-pix_fmt", "gray")
			if len(after)%(w*h) != 0 || len(after) == 0 {
				t.Fatalf("%d bytes of %d by %d", len(after), w, h)
			}
			for n := range len(after) / (w * h) {
				one := after[n*w*h:]
				if in, out := one[20*w+tc.width-10], one[20*w+tc.width-50]; in > 40 || out < 200 {
					t.Fatalf("picture %d: %d inside the box, %d beside it", n, in, out)
				}
			}
			if !strings.Contains(strings.Join(made.Seen.Remarks, ";"), tc.remark) {
				t.Errorf("remarks %q", made.Seen.Remarks)
			}
		})
	}
}

func TestAStillIsFilledAndSaysNothing(t *testing.T) {
	tools := need(t)
	original := picture(t, 101, 67)
	l := edits(t, `{"version":1,"frame":{"width":101,"height":67},"edits":[{"kind":"box","reason":"7-1-c","keyframes":[{"x":90,"y":50,"width":11,"height":17}]}]}`)
	made := got[*media.Redacted](t)(tools.Redact(t.Context(), source(original, "image/png"), l, nil))
	text := read(t, made.Copy)
	m, err := png.Decode(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	was, _, err := image.Decode(bytes.NewReader(original))
	if err != nil {
		t.Fatal(err)
	}
	for y := range 67 {
		for x := range 101 {
			is := color.NRGBAModel.Convert(m.At(x, y))
			if x >= 90 && y >= 50 {
				if is != (color.NRGBA{A: 255}) {
					t.Fatalf("%d,%d is %v", x, y, is)
				}
			} else if is != color.NRGBAModel.Convert(was.At(x, y)) {
				t.Fatalf("%d,%d was changed", x, y)
			}
		}
	}
	for at := 8; at < len(text); {
		n := int(binary.BigEndian.Uint32(text[at:]))
		if name := string(text[at+4 : at+8]); !strings.Contains("IHDR PLTE tRNS IDAT IEND", name) {
			t.Errorf("the copy has a part %s", name)
		}
		at += 12 + n
	}
}

func TestEditsThatDoNotFitAreRefused(t *testing.T) {
	tools := need(t)
	whole, still := clip(t), picture(t, 20, 20)
	silent := film(t, "silent.mp4", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=15:duration=1", "-c:v", "libx264", "-pix_fmt", "yuv420p")
	sound := film(t, "sound.wav", "-f", "lavfi", "-i", "sine=duration=1")
	box := `{"kind":"box","reason":"x","to_ms":1000,"keyframes":[{"x":0,"y":0,"width":9,"height":9}]}`
	for name, tc := range map[string]struct {
		text []byte
		list string
		kind jurat.Kind
		say  string
	}{
		"drawn on another size":     {whole, `{"version":1,"frame":{"width":640,"height":480},"edits":[` + box + `]}`, jurat.Invalid, "320 by 240"},
		"silence of what is silent": {silent, `{"version":1,"edits":[{"kind":"mute","reason":"x","from_ms":0,"to_ms":5}]}`, jurat.Invalid, "no sound"},
		"a box on a sound":          {sound, `{"version":1,"frame":{"width":640,"height":480},"edits":[` + box + `]}`, jurat.Invalid, "there is none"},
		"times on a still":          {still, `{"version":1,"frame":{"width":20,"height":20},"edits":[` + box + `]}`, jurat.Invalid, "has times"},
		"after the end":             {whole, `{"version":1,"edits":[{"kind":"mute","reason":"x","from_ms":9000,"to_ms":9500}]}`, jurat.Invalid, "after the end"},
		"without an end":            {whole, `{"version":1,"frame":{"width":320,"height":240},"edits":[{"kind":"box","reason":"x","keyframes":[{"x":0,"y":0,"width":9,"height":9}]}]}`, jurat.Invalid, "until when"},
		"of a playlist":             {[]byte("#EXTM3U\n/etc/passwd\n"), `{"version":1,"frame":{"width":320,"height":240},"edits":[` + box + `]}`, jurat.Unavailable, "could not tell"},
		"of half a film's index":    {whole[:700], `{"version":1,"frame":{"width":320,"height":240},"edits":[` + box + `]}`, jurat.Unavailable, "could not tell"},
	} {
		if _, err := tools.Redact(t.Context(), source(tc.text, ""), edits(t, tc.list), nil); !errors.Is(err, tc.kind) || !strings.Contains(err.Error(), tc.say) {
			t.Errorf("%s: %v, want %s, %q", name, err, tc.kind, tc.say)
		}
	}
	quiet := got[*media.Redacted](t)(tools.Redact(t.Context(), source(sound, "audio/wav"), edits(t, `{"version":1,"edits":[{"kind":"mute","reason":"x","from_ms":200,"to_ms":700}]}`), nil))
	if read(t, quiet.Copy); quiet.Media != "audio/mp4" || quiet.Seen.Muted < 20000 {
		t.Errorf("a sound is %s: %+v", quiet.Media, quiet.Seen)
	}
}
