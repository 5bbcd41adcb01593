package media

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"os"

	"jurat"
)

// mostDeviation is how far from black an encoder may leave what was black when
// it got it: it rounds, most of all beside something bright.
const mostDeviation = 40

// mostPeak is how loud, of 32767, it may be where it is to be silent, a
// fiftieth of a second from either end.
const mostPeak = 64

// inspect reads the copy as a stranger would, and looks at every picture and at
// every silence.
func (r *redaction) inspect(ctx context.Context, c *Copy) error {
	digest, err := digestOf(c.Reader())
	if err != nil {
		return err
	}
	in, err := r.tools.input(ctx, c.source(digest))
	if err != nil {
		return err
	}
	defer in.close()
	f := sniff(in.head)
	sight, err := r.tools.probe(ctx, in)
	if err != nil {
		return err
	}
	if why := r.tells(sight); why != "" {
		return notAsAsked(why)
	}
	if r.picture != nil {
		if err := r.inspectPictures(ctx, in, f); err != nil {
			return err
		}
	}
	if r.sound != nil {
		return r.inspectSound(ctx, in, f)
	}
	return nil
}

// tells says what a copy has that it should not have.
func (r *redaction) tells(s Sight) string {
	want := 0
	for _, one := range []*jurat.Stream{r.picture, r.sound} {
		if one != nil {
			want++
		}
	}
	p := s.Probe
	switch {
	case p.Answer != jurat.ProbeRead:
		return "it cannot be read to its end"
	case len(p.Streams) != want || r.picture != nil && s.picture() == nil || r.sound != nil && s.sound() == nil:
		return "it has other streams"
	case p.Place || p.Created != "" || p.Device != "":
		return "it says when, where or with what it was taken"
	}
	if named, ok := s.Sealed[jurat.ClassIdentity].(Named); ok {
		for _, one := range named.Found {
			if one.Name != "handler_name" || one.Value != "VideoHandler" && one.Value != "SoundHandler" {
				return "it says of itself: " + one.Name
			}
		}
	}
	return ""
}

func (r *redaction) inspectPictures(ctx context.Context, in *input, f format) error {
	read := job{program: r.tools.settings.FFmpeg, limits: limits{wall: r.patience}}
	name := in.give(&read)
	read.args = r.readPictures(f, name, even(r.width), even(r.height))
	hidden := newMask(r.width, r.height)
	err := r.tools.from(ctx, read, func(from io.Reader) error {
		return r.eachFrame(from, func(n int64, f frame) error {
			r.seen.Frames = n + 1
			if hidden.draw(r.edits, n, r.at).some {
				r.seen.Filled++
				r.seen.Deviation = max(r.seen.Deviation, hidden.deviation(f))
			}
			r.tell.reach(0.8 + 0.2*float64(n)/float64(r.expected+1))
			return nil
		})
	})
	switch {
	case err != nil:
		return err
	case r.seen.Deviation > mostDeviation:
		return notAsAsked(fmt.Sprintf("something shows through: %d of 255", r.seen.Deviation))
	case r.seen.Filled == 0 && r.hides():
		return notAsAsked("nothing is hidden on any picture")
	}
	return nil
}

// hides reports whether an edit hides something of the pictures.
func (r *redaction) hides() bool {
	for _, e := range r.edits.Edits {
		if e.Kind != jurat.EditMute {
			return true
		}
	}
	return false
}

func (r *redaction) inspectSound(ctx context.Context, in *input, f format) error {
	const edge = sampleRate / 50
	read := job{program: r.tools.settings.FFmpeg, limits: limits{wall: r.patience}}
	name := in.give(&read)
	read.args = r.readSound(f, name, r.channels)
	err := r.tools.from(ctx, read, func(from io.Reader) error {
		return eachSample(from, r.channels, func(n int64, sample []byte) error {
			if !r.muted(n) || n >= edge && !r.muted(n-edge) || !r.muted(n+edge) {
				return nil
			}
			r.seen.Muted++
			for i := 0; i < len(sample); i += 2 {
				v := int(int16(binary.LittleEndian.Uint16(sample[i:])))
				r.seen.Peak = max(r.seen.Peak, v, -v)
			}
			return nil
		})
	})
	if err == nil && r.seen.Peak > mostPeak {
		err = notAsAsked(fmt.Sprintf("something is heard: %d of 32767", r.seen.Peak))
	}
	return err
}

// from runs a program and reads what it decodes.
func (t *Tools) from(ctx context.Context, read job, see func(io.Reader) error) error {
	out, in, err := os.Pipe()
	if err != nil {
		return jurat.Because(jurat.Unavailable, err, "could not tell")
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	read.stdout = in
	ended := make(chan error, 1)
	go func() {
		err := t.run(ctx, read)
		in.Close()
		ended <- err
	}()
	if err = see(out); err != nil {
		stop(err)
	}
	out.Close()
	if why := <-ended; why != nil {
		return why
	}
	if err != nil {
		err = jurat.Because(jurat.Unavailable, err, "could not tell: what was decoded ends in the middle")
	}
	return err
}

// remark says what a person should look at: never that nothing is left to see.
func (r *redaction) remark(s Sight) {
	say := func(format string, args ...any) {
		r.seen.Remarks = append(r.seen.Remarks, fmt.Sprintf(format, args...))
	}
	if s.Probe.Answer != jurat.ProbeRead {
		say("the original could be read in part only: %s", s.Probe.Why)
	}
	if n := len(s.Probe.Streams); n > r.kept() {
		say("the original has %d streams, and the copy the first of its pictures and of its sounds only", n)
	}
	for i, e := range r.edits.Edits {
		if e.Kind != jurat.EditBox {
			continue
		}
		begin, end := r.shot(e.Keyframes[0].At, false), r.shot(e.To, true)
		if frame := r.at.den*1000/r.at.num + 1; e.Keyframes[0].At > begin+frame {
			say("edit %d: a box begins at %s but the shot began at %s: look at it", i+1, clock(e.Keyframes[0].At), clock(begin))
		}
		if frame := r.at.den*1000/r.at.num + 1; e.To+frame < end {
			say("edit %d: a box ends at %s but the shot goes on to %s: look at it", i+1, clock(e.To), clock(end))
		}
	}
}

func (r *redaction) kept() int {
	n := 0
	for _, one := range []*jurat.Stream{r.picture, r.sound} {
		if one != nil {
			n++
		}
	}
	return n
}

// shot is when the shot that a time lies in begins or, with after, ends. A time
// on a cut belongs to the shot that begins there or, with after, that ends.
func (r *redaction) shot(ms int64, after bool) int64 {
	time := func(n int64) int64 { return n * r.at.den * 1000 / r.at.num }
	begin, end := int64(0), time(r.seen.Frames)
	half := r.at.den * 500 / r.at.num
	for _, n := range r.shots.starts {
		at := time(n)
		switch {
		case !after && at <= ms+half:
			begin = at
		case after && at >= ms-half && at < end && at > 0:
			end = at
		}
	}
	if after {
		return end
	}
	return begin
}

func digestOf(r io.Reader) (jurat.Digest, error) {
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return jurat.Digest{}, jurat.Because(jurat.Unavailable, err, "could not tell: the copy cannot be read again")
	}
	return jurat.Digest(h.Sum(nil)), nil
}
