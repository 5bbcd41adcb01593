package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"jurat"
)

// A Copy is what was made of a source: bytes, and how. Close it.
type Copy struct {
	Media      string // media type
	Size       int64
	Derivation jurat.Derivation
	file       *os.File
	text       []byte
}

// Reader gives the bytes from the start.
func (c *Copy) Reader() io.Reader {
	if c.file == nil {
		return bytes.NewReader(c.text)
	}
	return io.NewSectionReader(c.file, 0, c.Size)
}

// Close lets go of the bytes.
func (c *Copy) Close() error {
	if c.file == nil {
		return nil
	}
	return c.file.Close()
}

// source is the copy as a source of its own, to be looked into.
func (c *Copy) source(digest jurat.Digest) Source {
	return Source{Open: func() (io.ReadCloser, error) { return io.NopCloser(c.Reader()), nil }, Size: c.Size, Digest: digest, Media: c.Media}
}

// A Progress is told how much of a copy is made, from 0 to 1, and may be nil.
type Progress func(done float64)

func (p Progress) reach(done float64) {
	if p != nil {
		p(min(max(done, 0), 1))
	}
}

// Preview makes one picture of a still or a film, small, upright, and without
// what the original says beside its pixels. Unavailable: nothing here shows it.
func (t *Tools) Preview(ctx context.Context, s Source) (*Copy, error) {
	return t.work(ctx, s, func(in *input, f format) (*Copy, error) {
		d := jurat.Derivation{Purpose: jurat.PurposePreview, Source: s.Digest}
		m, err := t.picture(ctx, f, in, &d)
		if err != nil {
			return nil, err
		}
		m = shrink(m, previewEdge)
		text, err := encodeStill(m, false)
		if err != nil {
			return nil, err
		}
		d.Settings = append(d.Settings, fmt.Sprintf("at most %d pixels an edge, JPEG quality 85", previewEdge))
		return &Copy{Media: "image/jpeg", Size: int64(len(text)), Derivation: d, text: text}, nil
	})
}

// previewEdge is the longer edge of a preview, in pixels.
const previewEdge = 1280

// work readies a source, does something with it, and checks what a stream was.
func (t *Tools) work(ctx context.Context, s Source, do func(*input, format) (*Copy, error)) (*Copy, error) {
	give, err := t.turn(ctx)
	if err != nil {
		return nil, err
	}
	defer give()
	in, err := t.input(ctx, s)
	if err != nil {
		return nil, err
	}
	defer in.close()
	f := sniff(in.head)
	if f.still == notStill && f.demuxer == "" {
		return nil, jurat.Errorf(jurat.Unavailable, "could not tell: nothing here reads %s", f.media)
	}
	c, err := do(in, f)
	if err != nil {
		return nil, err
	}
	if err := in.finish(); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// isPicture reports whether bytes are one picture and no film.
func (f format) isPicture() bool {
	return f.still != notStill || strings.HasPrefix(f.media, "image/") && f.demuxer != ""
}

// picture decodes a still, or one picture of a film.
func (t *Tools) picture(ctx context.Context, f format, in *input, d *jurat.Derivation) (m decoded, err error) {
	if f.still != notStill {
		d.Tools = append(d.Tools, stillTool)
		return decode(f, in)
	}
	if err := t.ready(ctx); err != nil {
		return nil, err
	}
	var out capped
	for _, from := range []string{"1", "0"} { // a film shorter than that has its first
		out = capped{most: 4 * mostPixels}
		j := job{program: t.settings.FFmpeg, stdout: &out, limits: limits{wall: 2 * time.Minute}}
		name := in.give(&j)
		j.args = append(reading(f), "-nostdin", "-threads", strconv.Itoa(threads))
		if !f.isPicture() && in.file != nil {
			j.args = append(j.args, "-ss", from)
		}
		j.args = append(j.args, "-i", name, "-map", "0:v:0", "-frames:v", "1", "-map_metadata", "-1", "-c:v", "png", "-f", "image2pipe", "pipe:1")
		err = t.run(ctx, j)
		if err == nil && len(out.kept) > 0 || in.file == nil || f.isPicture() {
			t.sign(d, j)
			break
		}
	}
	if err == nil && len(out.kept) == 0 {
		err = jurat.Errorf(jurat.Unavailable, "could not tell: there is no picture in it")
	}
	if err != nil {
		return nil, err
	}
	return decodePNG(out.kept)
}

// sign writes down with what and how a copy was made.
func (t *Tools) sign(d *jurat.Derivation, j job) {
	if !slices.Contains(d.Tools, t.version) {
		d.Tools = append(d.Tools, t.version)
	}
	d.Sandbox = t.sandbox
	d.Settings = append(d.Settings, strings.Join(j.args, " "))
}

// Proxy makes a film that a browser plays while it is still loading: H.264 and
// AAC in MP4, at most 1280 by 720, its index first. Nothing the original says
// of itself is in it. Unavailable: nothing here shows it.
func (t *Tools) Proxy(ctx context.Context, s Source, p Progress) (*Copy, error) {
	return t.work(ctx, s, func(in *input, f format) (*Copy, error) {
		if f.isPicture() {
			return nil, jurat.Errorf(jurat.Invalid, "it is a picture: make a preview of it")
		}
		sight, err := t.probe(ctx, in)
		if err != nil {
			return nil, err
		}
		if sight.Probe.Answer == jurat.ProbeCouldNotSay {
			return nil, jurat.Errorf(jurat.Unavailable, "could not tell: %s", sight.Probe.Why)
		}
		if in.file == nil {
			if err := in.again(ctx); err != nil {
				return nil, err
			}
		}
		out, most, err := t.output()
		if err != nil {
			return nil, err
		}
		length := time.Duration(sight.Probe.Duration) * time.Millisecond
		j := job{program: t.settings.FFmpeg, stdout: &meter{of: length, tell: p}, limits: limits{wall: patience(length), output: most, memory: 6 << 30}}
		name := in.give(&j)
		j.files = append(j.files, out)
		media := "video/mp4"
		j.args = append(reading(f), "-nostdin", "-y", "-progress", "pipe:1", "-threads", strconv.Itoa(threads), "-i", name)
		if sight.picture() != nil {
			j.args = append(j.args, "-map", "0:V:0", "-vf", "scale='trunc(min(1,min(1280/iw,720/ih))*iw/2)*2':'trunc(min(1,min(1280/iw,720/ih))*ih/2)*2',setsar=1",
				"-c:v", "libx264", "-preset", "veryfast", "-crf", "26", "-pix_fmt", "yuv420p", "-g", "60", "-threads", strconv.Itoa(threads))
		} else {
			media = "audio/mp4"
		}
		j.args = append(j.args, "-map", "0:a:0?", "-c:a", "aac", "-b:a", "96k", "-ac", "2", "-sn", "-dn")
		j.args = append(append(j.args, plainMP4...), inside(len(j.files)-1))
		if err := t.run(ctx, j); err != nil {
			return nil, errors.Join(tooLarge(err, out, most), out.Close())
		}
		d := jurat.Derivation{Purpose: jurat.PurposeProxy, Source: s.Digest}
		t.sign(&d, j)
		if sight.Probe.Answer != jurat.ProbeRead {
			d.Remarks = append(d.Remarks, "of what could be read: "+sight.Probe.Why)
		}
		p.reach(1)
		return filed(out, media, d)
	})
}

// plainMP4 are the arguments of a film that says nothing of itself.
var plainMP4 = []string{"-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact", "-movflags", "+faststart", "-f", "mp4"}

// output is a nameless file to write a copy to, and how large it may become.
func (t *Tools) output() (*os.File, int64, error) {
	if t.settings.Scratch != "" {
		f, err := t.scratch(t.memory + 1)
		return f, 1 << 40, err
	}
	f, err := t.scratch(0)
	if err != nil {
		err = jurat.Because(jurat.Unavailable, err, "could not tell: there is nowhere to write a copy")
	}
	return f, MemoryMost, err
}

// tooLarge says it where a copy outgrew its place.
func tooLarge(err error, out *os.File, most int64) error {
	if info, serr := out.Stat(); serr == nil && info.Size() >= most {
		return jurat.Because(jurat.Unavailable, syscall.EFBIG, "could not make it: the copy is larger than the %d bytes memory takes; set scratch under media in the settings", most)
	}
	return err
}

// filed gives a file that was written as a copy.
func filed(out *os.File, media string, d jurat.Derivation) (*Copy, error) {
	info, err := out.Stat()
	if err == nil && info.Size() == 0 {
		err = jurat.Errorf(jurat.Unavailable, "could not tell: nothing came out")
	}
	if err != nil {
		return nil, errors.Join(err, out.Close())
	}
	return &Copy{Media: media, Size: info.Size(), Derivation: d, file: out}, nil
}

// patience is how long a film of some length may be worked on.
func patience(length time.Duration) time.Duration {
	return min(10*time.Minute+20*length, 12*time.Hour)
}

// picture is the film's stream of pictures, nil if it has none.
func (s Sight) picture() *jurat.Stream { return s.first("video") }

func (s Sight) sound() *jurat.Stream { return s.first("audio") }

func (s Sight) first(kind string) *jurat.Stream {
	i := slices.IndexFunc(s.Probe.Streams, func(x jurat.Stream) bool { return x.Kind == kind && !x.Attached })
	if i < 0 {
		return nil
	}
	return &s.Probe.Streams[i]
}

// again opens a stream from its start.
func (in *input) again(ctx context.Context) error {
	in.stream.Close()
	fresh, err := newStream(ctx, in.source)
	if err == nil {
		*in = *fresh
	}
	return err
}

// A meter reads how far ffmpeg is.
type meter struct {
	of   time.Duration
	tell Progress
	rest []byte
}

func (m *meter) Write(p []byte) (int, error) {
	m.rest = append(m.rest, p...)
	for {
		i := bytes.IndexByte(m.rest, '\n')
		if i < 0 {
			if len(m.rest) > 4096 {
				m.rest = nil
			}
			return len(p), nil
		}
		if at, ok := strings.CutPrefix(string(m.rest[:i]), "out_time_us="); ok && m.of > 0 {
			if us, err := strconv.ParseInt(strings.TrimSpace(at), 10, 64); err == nil {
				m.tell.reach(float64(us) * 1000 / float64(m.of))
			}
		}
		m.rest = m.rest[i+1:]
	}
}
