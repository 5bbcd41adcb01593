package media

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"jurat"
)

// Still gives one picture of a film as it is shown at a moment, or a picture as
// it is: whole, upright, in the pixels that edits are drawn in, as JPEG. It is
// to be looked at and not kept. Invalid: the film has ended by then.
// Unavailable: nothing here shows it.
func (t *Tools) Still(ctx context.Context, s Source, moment time.Duration) ([]byte, error) {
	c, err := t.work(ctx, s, func(in *input, f format) (*Copy, error) {
		var m decoded
		var err error
		if f.isPicture() {
			m, err = t.picture(ctx, f, in, &jurat.Derivation{})
		} else {
			m, err = t.moment(ctx, f, in, moment)
		}
		if err != nil {
			return nil, err
		}
		text, err := encodeStill(m, false)
		return &Copy{Media: "image/jpeg", Size: int64(len(text)), text: text}, err
	})
	if err != nil {
		return nil, err
	}
	return c.text, c.Close()
}

// moment decodes the picture of a film that is shown at a moment, in the size
// that a redaction decodes it in.
func (t *Tools) moment(ctx context.Context, f format, in *input, moment time.Duration) (decoded, error) {
	sight, err := t.probe(ctx, in)
	if err != nil {
		return nil, err
	}
	p := sight.picture()
	if sight.Probe.Answer == jurat.ProbeCouldNotSay {
		return nil, jurat.Errorf(jurat.Unavailable, "could not tell: %s", sight.Probe.Why)
	}
	if p == nil || p.Width <= 0 || p.Height <= 0 || int64(p.Width)*int64(p.Height) > mostPixels {
		return nil, jurat.Errorf(jurat.Unavailable, "could not tell: there is no picture in it that can be shown")
	}
	ended := jurat.Errorf(jurat.Invalid, "there is no picture at %s: it ends at %s", clock(moment.Milliseconds()), clock(sight.Probe.Duration))
	if length := sight.Probe.Duration; moment < 0 || length > 0 && moment.Milliseconds() >= length {
		return nil, ended
	}
	// The last picture begins a little before a film's end: what is asked for
	// after its beginning is that picture.
	for _, at := range []time.Duration{moment, max(0, moment-250*time.Millisecond)} {
		if in.file == nil {
			if err := in.again(ctx); err != nil {
				return nil, err
			}
		}
		out := capped{most: 4 * mostPixels}
		j := job{program: t.settings.FFmpeg, stdout: &out, limits: limits{wall: 2 * time.Minute}}
		name := in.give(&j)
		seek := []string{"-ss", strconv.FormatFloat(at.Seconds(), 'f', 3, 64)}
		j.args = append(reading(f), "-nostdin", "-threads", strconv.Itoa(threads))
		if in.file != nil {
			j.args = append(j.args, seek...)
		}
		j.args = append(j.args, "-i", name)
		if in.file == nil { // what streams is read up to there
			j.args = append(j.args, seek...)
		}
		j.args = append(j.args, "-map", "0:V:0", "-frames:v", "1", "-vf", fmt.Sprintf("scale=%d:%d,setsar=1", p.Width, p.Height),
			"-map_metadata", "-1", "-c:v", "png", "-f", "image2pipe", "pipe:1")
		if err := t.run(ctx, j); err != nil {
			return nil, err
		}
		if len(out.kept) > 0 {
			return decodePNG(out.kept)
		}
	}
	return nil, ended
}
