package media

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"jurat"
)

// A Sight is what bytes say of themselves: the open part, and what is sealed
// because it may name a person, one device, or a place.
type Sight struct {
	Probe  jurat.Probe
	Sealed map[jurat.Class]any
}

// Sealed parts of a sight.
type (
	// Named is what may name a person or one device.
	Named struct {
		Found []jurat.Told `json:"found"`
	}
	// Placed is where it was taken, by its own word.
	Placed struct {
		Latitude  *float64     `json:"latitude,omitempty"`
		Longitude *float64     `json:"longitude,omitempty"`
		Found     []jurat.Told `json:"found"`
	}
)

// Bounds of what is told of one file.
const (
	mostTold  = 400
	mostValue = 1000
	mostWords = 4 << 20 // of ffprobe
)

// Probe looks into bytes. What cannot be read is an answer, not an error: an
// error means that the bytes are Altered, or that nothing could be read at all
// for want of a program, a sandbox or the medium (Unavailable).
func (t *Tools) Probe(ctx context.Context, s Source) (Sight, error) {
	give, err := t.turn(ctx)
	if err != nil {
		return Sight{}, err
	}
	defer give()
	in, err := t.input(ctx, s)
	if err != nil {
		return Sight{}, err
	}
	defer in.close()
	return t.probe(ctx, in)
}

func (t *Tools) probe(ctx context.Context, in *input) (Sight, error) {
	f := sniff(in.head)
	p := jurat.Probe{Digest: in.source.Digest, Media: f.media, Asserted: in.source.Media, Answer: jurat.ProbeRead}
	b := builder{p: &p}
	if a := in.source.Media; a != "" && !sameMedia(a, f.media) {
		b.remark("it was received as %s, and its bytes are %s", a, f.media)
	}
	for _, more := range also(f, in) {
		b.remark("%s", more)
	}
	if n := cutShort(in); n > 0 && f.demuxer == "mov" {
		p.Answer, p.Why = jurat.ProbeInPart, "it is cut short"
		b.remark("it is cut short: %d bytes that it says it has are missing", n)
	}
	var err error
	switch {
	case f.still != notStill:
		err = b.still(f, in)
	case f.demuxer != "":
		err = t.film(ctx, f, in, &b)
	default:
		p.Answer, p.Why = jurat.ProbeCouldNotSay, "nothing here reads "+f.media
	}
	if err != nil {
		return Sight{}, err
	}
	return b.sight(), nil
}

// sameMedia reports whether two names of a media type mean one family: phones
// call one container by three names.
func sameMedia(a, b string) bool {
	iso := []string{"video/mp4", "video/quicktime", "audio/mp4"}
	mkv := []string{"video/x-matroska", "video/webm"}
	text := func(s string) bool {
		return strings.HasPrefix(s, "text/") || s == "application/json" || s == "message/rfc822"
	}
	return a == b || slices.Contains(iso, a) && slices.Contains(iso, b) || slices.Contains(mkv, a) && slices.Contains(mkv, b) ||
		text(a) && b == "text/plain" || b == "application/x-empty"
}

// A builder sorts what is found into what is open and what is not.
type builder struct {
	p      *jurat.Probe
	named  []jurat.Told
	placed []jurat.Told
	lat    *float64
	long   *float64
	told   int
}

func (b *builder) remark(format string, args ...any) {
	b.p.Remarks = append(b.p.Remarks, fmt.Sprintf(format, args...))
}

// tell keeps one thing a file says. The value is what a stranger wrote.
func (b *builder) tell(where, name, value string, class jurat.Class) {
	if b.told++; b.told > mostTold {
		if b.told == mostTold+1 {
			b.remark("it says more of itself than the %d things told here", mostTold)
		}
		return
	}
	w := jurat.Told{Where: where, Name: cleaned(name, 100), Value: cleaned(value, mostValue)}
	switch class {
	case jurat.ClassExactAddress:
		b.placed = append(b.placed, w)
	case jurat.ClassIdentity:
		b.named = append(b.named, w)
		b.p.Serial = b.p.Serial || strings.Contains(strings.ToLower(name), "serial")
	default:
		b.p.Found = append(b.p.Found, w)
	}
}

// cleaned is a text as text: what a file says may be anything.
func cleaned(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + " …"
	}
	return s
}

func (b *builder) sight() Sight {
	s := Sight{Probe: *b.p, Sealed: map[jurat.Class]any{}}
	if len(b.named) > 0 {
		s.Sealed[jurat.ClassIdentity] = Named{Found: b.named}
	}
	if len(b.placed) > 0 || b.lat != nil {
		s.Probe.Place = true
		s.Sealed[jurat.ClassExactAddress] = Placed{Latitude: b.lat, Longitude: b.long, Found: b.placed}
	}
	if s.Probe.Created != "" && s.Probe.Zone == "" {
		s.Probe.Zone = "not stated"
	}
	return s
}

// openNames are tags that tell of a make of device and its settings, never of
// one device, person or place. What is not on the list is sealed.
var openNames = []string{
	"major_brand", "minor_version", "compatible_brands", "creation_time", "encoder", "language", "timecode", "rotate", "vendor_id",
	"make", "model", "software", "com.apple.quicktime.make", "com.apple.quicktime.model", "com.apple.quicktime.software",
	"com.apple.quicktime.creationdate", "com.android.version", "com.android.capture.fps", "com.android.manufacturer", "com.android.model",
	"datetime", "modifydate", "datetimeoriginal", "datetimedigitized", "createdate", "offsettime", "offsettimeoriginal", "offsettimedigitized",
	"subsectime", "subsectimeoriginal", "subsectimedigitized", "orientation", "exposuretime", "fnumber", "isospeedratings", "iso", "focallength",
	"flash", "whitebalance", "exposureprogram", "meteringmode", "colorspace", "pixelxdimension", "pixelydimension", "exifimagewidth", "exifimageheight",
	"xresolution", "yresolution", "resolutionunit", "lensmodel", "exifversion", "bitspersample", "ycbcrpositioning", "imagewidth", "imageheight", "imagelength",
}

// classOf says where a tag goes, by its name alone.
func classOf(name string) jurat.Class {
	low := strings.ToLower(name)
	if slices.Contains(openNames, low) {
		return jurat.ClassOpen
	}
	for _, part := range []string{"gps", "location", "latitude", "longitude", "altitude", "position", "geo", "xyz", "city", "province", "state", "country", "landmark"} {
		if strings.Contains(low, part) {
			return jurat.ClassExactAddress
		}
	}
	return jurat.ClassIdentity
}

// reading are the arguments by which every program is held to the file it was
// given, to one way of reading it, and to few pictures' worth of memory.
func reading(f format) []string {
	return []string{"-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file,pipe", "-format_whitelist", f.demuxer, "-f", f.demuxer,
		"-max_pixels", strconv.Itoa(mostPixels), "-max_streams", strconv.Itoa(jurat.MostStreams)}
}

// mostPixels is the largest picture that is decoded, some 8,000 by 8,000.
const mostPixels = 64 << 20

// film asks ffprobe.
func (t *Tools) film(ctx context.Context, f format, in *input, b *builder) error {
	if err := t.ready(ctx); err != nil {
		return err
	}
	out := capped{most: mostWords}
	j := job{program: t.settings.FFprobe, stdout: &out, limits: limits{wall: time.Minute}}
	name := in.give(&j)
	j.args = append(reading(f), "-print_format", "json=compact=1", "-show_format", "-show_streams", "-show_chapters", "-i", name)
	err := t.run(ctx, j)
	b.p.Tools, b.p.Sandbox = append(b.p.Tools, strings.Replace(t.version, "ffmpeg ", "ffprobe ", 1)), t.sandbox
	if ctx.Err() != nil {
		return err
	}
	var said struct {
		Format   map[string]any   `json:"format"`
		Streams  []map[string]any `json:"streams"`
		Chapters []map[string]any `json:"chapters"`
	}
	if bad := json.Unmarshal(out.kept, &said); bad != nil || len(said.Streams) == 0 {
		b.p.Answer, b.p.Why = jurat.ProbeCouldNotSay, "ffprobe finds no picture and no sound in it"
		if errors.Is(err, errTooLong) {
			b.p.Why = "ffprobe took longer than it may"
		}
		return nil
	}
	if err != nil || out.over {
		b.p.Answer, b.p.Why = jurat.ProbeInPart, "ffprobe stopped before its end"
	}
	b.container(said.Format)
	for i, s := range said.Streams {
		if i == jurat.MostStreams {
			b.remark("it has more than the %d streams told here", jurat.MostStreams)
			break
		}
		b.stream(s)
	}
	for i, c := range said.Chapters {
		b.flat(fmt.Sprintf("chapter %d", i), c, false)
	}
	return nil
}

func (b *builder) container(f map[string]any) {
	b.p.Container, b.p.Duration = text(f["format_name"]), milliseconds(text(f["duration"]))
	delete(f, "filename") // ours
	b.flat("file", f, false)
	tags, _ := f["tags"].(map[string]any)
	b.moment(tags)
	b.device(tag(tags, "com.apple.quicktime.make", "com.android.manufacturer", "make"), tag(tags, "com.apple.quicktime.model", "com.android.model", "model"))
	for _, name := range []string{"com.apple.quicktime.location.iso6709", "location", "location-eng"} {
		if lat, long, ok := iso6709(tag(tags, name)); ok {
			b.lat, b.long = &lat, &long
			break
		}
	}
}

// moment takes the time a file says it was made at, with the zone it says.
func (b *builder) moment(tags map[string]any) {
	if at := tag(tags, "com.apple.quicktime.creationdate"); at != "" {
		b.created(at)
		return
	}
	b.created(tag(tags, "creation_time"))
}

func (b *builder) created(at string) {
	if b.p.Created != "" || at == "" {
		return
	}
	b.p.Created = cleaned(at, 40)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05-0700"} {
		if _, err := time.Parse(layout, at); err == nil {
			switch {
			case strings.HasSuffix(at, "Z"):
				b.p.Zone = "Z"
			default:
				b.p.Zone = at[strings.LastIndexAny(at, "+-"):]
			}
		}
	}
}

func (b *builder) device(words ...string) {
	if b.p.Device != "" {
		return
	}
	words = slices.DeleteFunc(words, func(w string) bool { return strings.TrimSpace(w) == "" })
	b.p.Device = cleaned(strings.Join(words, " "), 120)
}

func (b *builder) stream(s map[string]any) {
	out := jurat.Stream{
		Index: whole(s["index"]), Kind: text(s["codec_type"]), Codec: text(s["codec_name"]), Width: whole(s["width"]), Height: whole(s["height"]),
		Samples: whole(s["sample_rate"]), Channels: whole(s["channels"]), Duration: milliseconds(text(s["duration"])),
	}
	if out.Kind == "video" {
		out.Rate = rate(text(s["r_frame_rate"]), text(s["avg_frame_rate"]))
		out.Width = asShown(out.Width, text(s["sample_aspect_ratio"]))
		if d, ok := s["disposition"].(map[string]any); ok {
			out.Attached = whole(d["attached_pic"]) == 1
		}
		if list, ok := s["side_data_list"].([]any); ok {
			for _, one := range list {
				if side, ok := one.(map[string]any); ok && side["rotation"] != nil {
					out.Turned = (360 - whole(side["rotation"])%360) % 360 // ffprobe counts against the clock
				}
			}
		}
		if out.Turned%180 == 90 {
			out.Width, out.Height = out.Height, out.Width
		}
	}
	b.p.Streams = append(b.p.Streams, out)
	tags, _ := s["tags"].(map[string]any)
	b.moment(tags)
	b.flat(fmt.Sprintf("stream %d", out.Index), s, false)
}

// mostRate is the most pictures a second that are taken for a film's own.
const mostRate = 120

// rate is the first of some fractions that can be a film's.
func rate(fractions ...string) string {
	for _, f := range fractions {
		if num, den, ok := fraction(f, "/"); ok && num <= mostRate*den {
			return f
		}
	}
	return ""
}

func fraction(s, between string) (num, den int64, ok bool) {
	a, b, ok := strings.Cut(s, between)
	num, err := strconv.ParseInt(a, 10, 32)
	den, err2 := strconv.ParseInt(b, 10, 32)
	return num, den, ok && err == nil && err2 == nil && num > 0 && den > 0
}

// asShown is the width of a picture whose pixels are not square.
func asShown(width int, pixel string) int {
	num, den, ok := fraction(pixel, ":")
	if !ok || num == den || num > 20*den || den > 20*num {
		return width
	}
	return int((int64(width)*num + den/2) / den)
}

// flat tells every word of a part of ffprobe's answer. Tags go by their names;
// the rest is ffprobe's own measuring, and open.
func (b *builder) flat(where string, m map[string]any, tags bool) {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		class := jurat.ClassOpen
		if tags {
			class = classOf(name)
		}
		switch v := m[name].(type) {
		case map[string]any:
			b.flat(where+", "+cleaned(name, 40), v, tags || name == "tags")
		case []any:
			for i, one := range v {
				if inner, ok := one.(map[string]any); ok {
					b.flat(fmt.Sprintf("%s, %s %d", where, cleaned(name, 40), i), inner, tags)
				}
			}
		default:
			if strings.HasSuffix(where, ", disposition") && text(v) == "0" {
				continue // what it is not
			}
			b.tell(where, name, text(v), class)
		}
	}
}

func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

func whole(v any) int {
	f, err := strconv.ParseFloat(text(v), 64)
	if err != nil || math.Abs(f) > 1<<31 {
		return 0
	}
	return int(f)
}

func milliseconds(seconds string) int64 {
	f, err := strconv.ParseFloat(seconds, 64)
	if err != nil || f < 0 || f > 1e9 {
		return 0
	}
	return int64(math.Round(f * 1000))
}

// tag is the value of the first of some tags that is there.
func tag(tags map[string]any, names ...string) string {
	for _, want := range names {
		for name, v := range tags {
			if strings.EqualFold(name, want) {
				return text(v)
			}
		}
	}
	return ""
}

// iso6709 reads a place such as +41.8781-087.6298/.
func iso6709(s string) (lat, long float64, ok bool) {
	if len(s) < 3 || s[0] != '+' && s[0] != '-' {
		return 0, 0, false
	}
	second := strings.IndexAny(s[1:], "+-")
	if second < 0 {
		return 0, 0, false
	}
	rest := s[1+second:]
	if end := strings.IndexAny(rest[1:], "+-/C"); end >= 0 {
		rest = rest[:1+end]
	}
	lat, err := strconv.ParseFloat(s[:1+second], 64)
	long, err2 := strconv.ParseFloat(rest, 64)
	return lat, long, err == nil && err2 == nil && math.Abs(lat) <= 90 && math.Abs(long) <= 180
}

// capped keeps what is written to it up to a size, and no more.
type capped struct {
	kept []byte
	most int
	over bool
}

func (c *capped) Write(p []byte) (int, error) {
	n := min(len(p), c.most-len(c.kept))
	c.kept = append(c.kept, p[:n]...)
	c.over = c.over || n < len(p)
	return len(p), nil
}
