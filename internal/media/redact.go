package media

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"io"
	"os"
	"strconv"
	"time"

	"jurat"
)

// A Redacted is a copy that shows less, and what was found when it was read
// again.
type Redacted struct {
	*Copy
	Seen jurat.Inspection
}

// Redact makes a copy without what the edits hide. The pictures are decoded,
// filled here and encoded again, so that no encoder ever sees what is hidden;
// the sound likewise; everything else the original holds is left behind. Then
// the copy is decoded and every picture and every silence looked at. Invalid:
// the edits do not fit what the source is. Unavailable: it cannot be read or
// made, or what came out is not what was asked; then there is no copy.
func (t *Tools) Redact(ctx context.Context, s Source, l jurat.EditList, p Progress) (*Redacted, error) {
	if err := l.Check(); err != nil {
		return nil, err
	}
	var seen jurat.Inspection
	c, err := t.work(ctx, s, func(in *input, f format) (*Copy, error) {
		d := jurat.Derivation{Purpose: jurat.PurposeRedaction, Source: s.Digest}
		if f.isPicture() {
			return t.redactStill(ctx, f, in, l, d, &seen)
		}
		r := redaction{tools: t, in: in, format: f, edits: l, how: d, seen: &seen, tell: p}
		return r.film(ctx)
	})
	if err != nil {
		return nil, err
	}
	p.reach(1)
	return &Redacted{Copy: c, Seen: seen}, nil
}

// redactStill fills a picture, and writes it without loss.
func (t *Tools) redactStill(ctx context.Context, f format, in *input, l jurat.EditList, d jurat.Derivation, seen *jurat.Inspection) (*Copy, error) {
	for i, e := range l.Edits {
		if e.Kind == jurat.EditMute || e.From != 0 || e.To != 0 || len(e.Keyframes) > 1 || len(e.Keyframes) == 1 && e.Keyframes[0].At != 0 {
			return nil, jurat.Errorf(jurat.Invalid, "edit %d has times: this is a picture, which has none", i+1)
		}
	}
	m, err := t.picture(ctx, f, in, &d)
	if err != nil {
		return nil, err
	}
	r := m.Bounds()
	if l.Frame != (jurat.Size{Width: r.Dx(), Height: r.Dy()}) {
		return nil, misframed(l, r.Dx(), r.Dy())
	}
	out := image.NewNRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	draw.Draw(out, out.Bounds(), m, r.Min, draw.Src)
	hidden := newMask(r.Dx(), r.Dy()).draw(l, 0, tempo{})
	black := color.NRGBA{A: 255}
	for y := range r.Dy() {
		for x := range r.Dx() {
			if hidden.hidden[y/2*hidden.width+x/2] {
				out.SetNRGBA(x, y, black)
			}
		}
	}
	text, err := encodeStill(out, true)
	if err != nil {
		return nil, err
	}
	again, err := decodePNG(text)
	if err != nil {
		return nil, err
	}
	if seen.Frames, seen.Filled = 1, 1; again.Bounds() != out.Bounds() {
		return nil, notAsAsked("it has another size")
	}
	for y := range r.Dy() {
		for x := range r.Dx() {
			if hidden.hidden[y/2*hidden.width+x/2] && color.NRGBAModel.Convert(again.At(x, y)) != black {
				return nil, notAsAsked("something shows through")
			}
		}
	}
	if f.still == gifStill {
		seen.Remarks = append(seen.Remarks, "of a GIF that moves only the first picture is here")
	}
	d.Settings = append(d.Settings, "filled in Go; PNG, without loss")
	d.Remarks = seen.Remarks
	return &Copy{Media: "image/png", Size: int64(len(text)), Derivation: d, text: text}, nil
}

func misframed(l jurat.EditList, width, height int) error {
	return jurat.Errorf(jurat.Invalid, "the edits were drawn on a picture of %d by %d, and this one is shown as %d by %d", l.Frame.Width, l.Frame.Height, width, height)
}

func notAsAsked(why string) error {
	return jurat.Errorf(jurat.Unavailable, "could not make it: read again, the copy is not what was asked (%s); it is not kept", why)
}

// A redaction is one film at work.
type redaction struct {
	tools  *Tools
	in     *input
	format format
	edits  jurat.EditList
	how    jurat.Derivation
	seen   *jurat.Inspection
	tell   Progress

	picture, sound *jurat.Stream
	at             tempo
	width, height  int // as shown
	patience       time.Duration
	expected       int64 // pictures
	shots          shots
	channels       int
	samples        int64
}

func (r *redaction) film(ctx context.Context) (*Copy, error) {
	sight, err := r.tools.probe(ctx, r.in)
	if err != nil {
		return nil, err
	}
	if sight.Probe.Answer == jurat.ProbeCouldNotSay {
		return nil, jurat.Errorf(jurat.Unavailable, "could not tell: %s", sight.Probe.Why)
	}
	if err := r.fits(sight); err != nil {
		return nil, err
	}
	r.patience = patience(time.Duration(sight.Probe.Duration) * time.Millisecond)
	var sound *os.File
	if r.sound != nil {
		if sound, err = r.redactSound(ctx); err != nil {
			return nil, err
		}
		defer sound.Close()
	}
	var c *Copy
	if r.picture == nil {
		c, err = r.soundOnly(sound)
	} else {
		c, err = r.redactPictures(ctx, sound)
	}
	if err != nil {
		return nil, err
	}
	if err := r.inspect(ctx, c); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	r.remark(sight)
	c.Derivation.Remarks = r.seen.Remarks
	return c, nil
}

// fits refuses edits that do not fit the film.
func (r *redaction) fits(s Sight) error {
	r.picture, r.sound = s.picture(), s.sound()
	if r.picture == nil && r.sound == nil {
		return jurat.Errorf(jurat.Unavailable, "could not tell: there is no picture and no sound in it")
	}
	if r.picture != nil {
		r.width, r.height = r.picture.Width, r.picture.Height
		var ok bool
		if r.at.num, r.at.den, ok = fraction(r.picture.Rate, "/"); !ok {
			r.at = tempo{30, 1}
		}
		if r.width <= 0 || r.height <= 0 || int64(r.width)*int64(r.height) > mostPixels {
			return jurat.Errorf(jurat.Unavailable, "could not tell: its pictures are %d by %d", r.width, r.height)
		}
		r.expected = s.Probe.Duration * r.at.num / (r.at.den * 1000)
	}
	for i, e := range r.edits.Edits {
		switch {
		case e.Kind == jurat.EditMute && r.sound == nil:
			return jurat.Errorf(jurat.Invalid, "edit %d is a silence, and there is no sound in it", i+1)
		case e.Kind == jurat.EditMute:
		case r.picture == nil:
			return jurat.Errorf(jurat.Invalid, "edit %d hides a part of a picture, and there is none in it", i+1)
		case r.edits.Frame != (jurat.Size{Width: r.width, Height: r.height}):
			return misframed(r.edits, r.width, r.height)
		case e.To == 0:
			return jurat.Errorf(jurat.Invalid, "edit %d does not say until when; set to_ms", i+1)
		}
		from := e.From
		if len(e.Keyframes) > 0 {
			from = e.Keyframes[0].At
		}
		if s.Probe.Duration > 0 && from >= s.Probe.Duration {
			return jurat.Errorf(jurat.Invalid, "edit %d begins at %s, after the end at %s", i+1, clock(from), clock(s.Probe.Duration))
		}
	}
	return nil
}

// clock is a time in a film as people read it.
func clock(ms int64) string {
	return fmt.Sprintf("%d:%02d:%02d.%03d", ms/3600000, ms/60000%60, ms/1000%60, ms%1000)
}

// Sound is worked on as samples, this many a second.
const sampleRate = 48000

// muted reports whether the n-th sample is silent.
func (r *redaction) muted(n int64) bool {
	for _, e := range r.edits.Edits {
		if e.Kind == jurat.EditMute && n >= e.From*sampleRate/1000 && n*1000 < e.To*sampleRate {
			return true
		}
	}
	return false
}

// readSound are the arguments that decode sound to samples.
func (r *redaction) readSound(f format, name string, channels int) []string {
	return append(append(reading(f), "-nostdin", "-threads", strconv.Itoa(threads), "-i", name, "-map", "0:a:0", "-vn", "-sn", "-dn"),
		"-af", fmt.Sprintf("aresample=%d:async=1:first_pts=0", sampleRate), "-ac", strconv.Itoa(channels), "-f", "s16le", "pipe:1")
}

// redactSound decodes the sound, makes it silent where it is to be, and encodes
// it again.
func (r *redaction) redactSound(ctx context.Context) (*os.File, error) {
	t := r.tools
	r.channels = min(max(r.sound.Channels, 1), 2)
	out, most, err := t.output()
	if err != nil {
		return nil, err
	}
	read, err := r.reader(ctx)
	if err != nil {
		return nil, errors.Join(err, out.Close())
	}
	name := r.in.give(&read)
	read.args = r.readSound(r.format, name, r.channels)
	write := job{program: t.settings.FFmpeg, files: []*os.File{out}, limits: limits{wall: r.patience, output: most}}
	write.args = append([]string{"-hide_banner", "-loglevel", "error", "-nostdin", "-y", "-f", "s16le", "-ar", strconv.Itoa(sampleRate), "-ac", strconv.Itoa(r.channels), "-i", "pipe:0",
		"-c:a", "aac", "-b:a", strconv.Itoa(64*r.channels) + "k"}, plainMP4...)
	write.args = append(write.args, inside(0))
	err = t.through(ctx, read, write, func(from io.Reader, to io.Writer) error {
		return eachSample(from, r.channels, func(n int64, sample []byte) error {
			if r.samples = n + 1; r.muted(n) {
				clear(sample)
			}
			_, err := to.Write(sample)
			return err
		})
	})
	if err != nil {
		return nil, errors.Join(tooLarge(err, out, most), out.Close())
	}
	t.sign(&r.how, read)
	t.sign(&r.how, write)
	return out, nil
}

// eachSample gives each moment of some channels of sound.
func eachSample(from io.Reader, channels int, see func(n int64, sample []byte) error) error {
	in := bufio.NewReaderSize(from, 1<<16)
	sample := make([]byte, 2*channels)
	for n := int64(0); ; n++ {
		if _, err := io.ReadFull(in, sample); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := see(n, sample); err != nil {
			return err
		}
	}
}

// reader is a job that reads the source from its start.
func (r *redaction) reader(ctx context.Context) (job, error) {
	j := job{program: r.tools.settings.FFmpeg, limits: limits{wall: r.patience}}
	if r.in.file == nil {
		return j, r.in.again(ctx)
	}
	return j, nil
}

func (r *redaction) soundOnly(sound *os.File) (*Copy, error) {
	// The file is the caller's to close; the copy has one of its own.
	own, err := os.OpenFile(fmt.Sprintf("/proc/self/fd/%d", sound.Fd()), os.O_RDONLY, 0)
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "could not make it")
	}
	return filed(own, "audio/mp4", r.how)
}

// readPictures are the arguments that decode pictures of a size as shown, evenly
// spaced in time. A copy has even edges; it must not be scaled again.
func (r *redaction) readPictures(f format, name string, width, height int) []string {
	return append(append(reading(f), "-nostdin", "-threads", strconv.Itoa(threads), "-i", name, "-map", "0:V:0", "-an", "-sn", "-dn"),
		"-vf", fmt.Sprintf("scale=%d:%d,setsar=1,pad=%d:%d,format=yuv420p", width, height, even(width), even(height)),
		"-fps_mode", "cfr", "-r", r.speed(), "-f", "rawvideo", "pipe:1")
}

func (r *redaction) speed() string { return fmt.Sprintf("%d/%d", r.at.num, r.at.den) }

// redactPictures decodes the pictures, fills them, and encodes them again
// beside the sound.
func (r *redaction) redactPictures(ctx context.Context, sound *os.File) (*Copy, error) {
	t := r.tools
	out, most, err := t.output()
	if err != nil {
		return nil, err
	}
	read, err := r.reader(ctx)
	if err != nil {
		return nil, errors.Join(err, out.Close())
	}
	name := r.in.give(&read)
	read.args = r.readPictures(r.format, name, r.width, r.height)
	write := job{program: t.settings.FFmpeg, files: []*os.File{out}, limits: limits{wall: r.patience, output: most, memory: 6 << 30}}
	write.args = []string{"-hide_banner", "-loglevel", "error", "-nostdin", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p",
		"-s", fmt.Sprintf("%dx%d", even(r.width), even(r.height)), "-r", r.speed(), "-i", "pipe:0"}
	if sound != nil {
		write.files = append(write.files, sound)
		write.args = append(write.args, "-i", inside(1), "-map", "0:v:0", "-map", "1:a:0", "-c:a", "copy")
	}
	write.args = append(append(write.args, "-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p", "-g", "60", "-threads", strconv.Itoa(threads)), plainMP4...)
	write.args = append(write.args, inside(0))
	hidden := newMask(r.width, r.height)
	err = t.through(ctx, read, write, func(from io.Reader, to io.Writer) error {
		return r.eachFrame(from, func(n int64, f frame) error {
			r.shots.see(f, n)
			hidden.draw(r.edits, n, r.at).fill(f)
			r.tell.reach(0.8 * float64(n) / float64(r.expected+1))
			_, err := to.Write(f.data)
			return err
		})
	})
	if err != nil {
		return nil, errors.Join(tooLarge(err, out, most), out.Close())
	}
	t.sign(&r.how, read)
	t.sign(&r.how, write)
	return filed(out, "video/mp4", r.how)
}

func (r *redaction) eachFrame(from io.Reader, see func(n int64, f frame) error) error {
	f := newFrame(r.width, r.height)
	for n := int64(0); ; n++ {
		if _, err := io.ReadFull(from, f.data); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := see(n, f); err != nil {
			return err
		}
	}
}

// through runs two programs with this one between them: what the first decodes
// is changed here and goes to the second.
func (t *Tools) through(ctx context.Context, read, write job, between func(io.Reader, io.Writer) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	toUs, fromRead, err := os.Pipe()
	if err != nil {
		return jurat.Because(jurat.Unavailable, err, "could not make it")
	}
	toWrite, fromUs, err := os.Pipe()
	if err != nil {
		return errors.Join(jurat.Because(jurat.Unavailable, err, "could not make it"), toUs.Close(), fromRead.Close())
	}
	read.stdout, write.stdin = fromRead, toWrite
	var whyRead, whyWrite error
	ended := make(chan struct{}, 2)
	go func() {
		whyRead = t.run(ctx, read)
		fromRead.Close()
		ended <- struct{}{}
	}()
	go func() {
		whyWrite = t.run(ctx, write)
		toWrite.Close()
		ended <- struct{}{}
	}()
	err = between(toUs, fromUs)
	if err != nil {
		stop(err)
	}
	fromUs.Close()
	toUs.Close()
	<-ended
	<-ended
	// A program that was stopped because another failed says nothing of its own.
	for _, why := range []error{whyWrite, whyRead} {
		if why != nil && !errors.Is(why, context.Canceled) {
			return why
		}
	}
	if err != nil {
		return jurat.Because(jurat.Unavailable, err, "could not make it")
	}
	return errors.Join(whyWrite, whyRead)
}
