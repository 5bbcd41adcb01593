package media

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"time"

	"github.com/bep/imagemeta"

	"jurat"
)

// stillTool names what reads pictures: this program's own decoders.
const stillTool = "jurat, Go's image decoders, imagemeta 1.0.1"

// dimensions reads the size of a picture before anything is decoded.
func dimensions(f format, r io.Reader) (image.Config, error) {
	switch f.still {
	case jpegStill:
		return jpeg.DecodeConfig(r)
	case pngStill:
		return png.DecodeConfig(r)
	case gifStill:
		return gif.DecodeConfig(r)
	}
	return image.Config{}, errors.ErrUnsupported
}

// whole gives a reader of all the bytes of a file.
func (in *input) whole() *io.SectionReader { return io.NewSectionReader(in.file, 0, in.source.Size) }

// still reads a picture in Go: its size, and what its EXIF, XMP and IPTC say.
func (b *builder) still(f format, in *input) error {
	b.p.Tools = append(b.p.Tools, stillTool)
	b.p.Container = strings.TrimPrefix(f.media, "image/")
	if in.file == nil {
		b.p.Answer, b.p.Why = jurat.ProbeCouldNotSay, "a picture of "+fmt.Sprint(in.source.Size)+" bytes is larger than is looked into"
		return nil
	}
	size, err := dimensions(f, in.whole())
	if err != nil {
		b.p.Answer, b.p.Why = jurat.ProbeCouldNotSay, "its first bytes are those of a picture, and the rest is not"
		return nil
	}
	if int64(size.Width)*int64(size.Height) > mostPixels {
		b.remark("it says it is %d by %d, more than is decoded here", size.Width, size.Height)
	}
	turn := b.meta(f, in)
	s := jurat.Stream{Kind: "video", Codec: b.p.Container, Width: size.Width, Height: size.Height, Turned: turned[turn]}
	if s.Turned%180 == 90 {
		s.Width, s.Height = s.Height, s.Width
	}
	b.p.Streams = []jurat.Stream{s}
	return nil
}

// turned are the degrees, with the clock, of the EXIF orientations; a mirrored
// one turns as its like does.
var turned = map[int]int{3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270}

var metaFormats = map[still]imagemeta.ImageFormat{jpegStill: imagemeta.JPEG, pngStill: imagemeta.PNG}

var metaNames = map[imagemeta.Source]string{imagemeta.EXIF: "EXIF", imagemeta.IPTC: "IPTC", imagemeta.XMP: "XMP"}

// meta reads what a picture says beside its pixels, and gives its orientation.
func (b *builder) meta(f format, in *input) (orientation int) {
	kind, ok := metaFormats[f.still]
	if !ok {
		return 0
	}
	var tags imagemeta.Tags
	var zone, at, maker, model string
	_, err := imagemeta.Decode(imagemeta.Options{
		R: in.whole(), ImageFormat: kind, Sources: imagemeta.EXIF | imagemeta.IPTC | imagemeta.XMP,
		ShouldHandleTag: func(imagemeta.TagInfo) bool { return true },
		Timeout:         10 * time.Second, LimitNumTags: mostTold, LimitTagSize: 10000,
		HandleTag: func(tag imagemeta.TagInfo) error {
			tags.Add(tag)
			value := fmt.Sprint(tag.Value)
			if raw, ok := tag.Value.([]byte); ok {
				value = fmt.Sprintf("%d bytes", len(raw))
			}
			class := classOf(tag.Tag)
			if strings.Contains(tag.Namespace, "GPS") {
				class = jurat.ClassExactAddress
			}
			if strings.HasPrefix(tag.Namespace, "IFD1") { // of the thumbnail
				class = jurat.ClassIdentity
			} else {
				switch tag.Tag {
				case "Orientation":
					orientation = whole(tag.Value)
				case "DateTimeOriginal":
					at = value
				case "OffsetTimeOriginal":
					zone = value
				case "Make":
					maker = value
				case "Model":
					model = value
				}
			}
			b.tell(metaNames[tag.Source]+" "+tag.Namespace, tag.Tag, value, class)
			return nil
		},
	})
	if err != nil && !errors.Is(err, imagemeta.ErrStopWalking) {
		b.p.Answer, b.p.Why = jurat.ProbeInPart, "what it says beside its pixels could not be read to the end"
	}
	b.device(strings.TrimSpace(maker), strings.TrimSpace(model))
	if at = strings.TrimSpace(at); at != "" && b.p.Created == "" {
		b.p.Created, b.p.Zone = cleaned(at+zone, 40), cleaned(zone, 10)
	}
	if lat, long, err := tags.GetLatLong(); err == nil && (lat != 0 || long != 0) {
		b.lat, b.long = &lat, &long
	}
	return orientation
}

// decode reads a picture whose size was looked at before, and gives it the
// right way up. Unavailable: it is too large, or no such picture.
func decode(f format, in *input) (image.Image, error) {
	if in.file == nil {
		return nil, jurat.Errorf(jurat.Unavailable, "could not tell: a picture of %d bytes is larger than is looked into", in.source.Size)
	}
	size, err := dimensions(f, in.whole())
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "could not tell: its first bytes are those of a picture, and the rest is not")
	}
	if int64(size.Width)*int64(size.Height) > mostPixels {
		return nil, jurat.Errorf(jurat.Unavailable, "could not tell: it says it is %d by %d, more than is decoded here", size.Width, size.Height)
	}
	var m image.Image
	switch f.still {
	case jpegStill:
		m, err = jpeg.Decode(in.whole())
	case pngStill:
		m, err = png.Decode(in.whole())
	case gifStill:
		m, err = gif.Decode(in.whole())
	default:
		err = errors.ErrUnsupported
	}
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "could not tell: the picture cannot be decoded")
	}
	b := builder{p: new(jurat.Probe)}
	return upright(m, b.meta(f, in)), nil
}

// A decoded picture.
type decoded = image.Image

// decodePNG reads what ffmpeg wrote of a stranger's picture.
func decodePNG(text []byte) (decoded, error) {
	size, err := png.DecodeConfig(bytes.NewReader(text))
	if err != nil || int64(size.Width)*int64(size.Height) > mostPixels {
		return nil, jurat.Because(jurat.Unavailable, err, "could not tell: there is no picture in it that can be shown")
	}
	m, err := png.Decode(bytes.NewReader(text))
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "could not tell: there is no picture in it that can be shown")
	}
	return m, nil
}

// shrink makes a picture smaller, each pixel the mean of those it stands for,
// so that its longer edge is at most so many pixels.
func shrink(m decoded, edge int) decoded {
	r := m.Bounds()
	w, h := r.Dx(), r.Dy()
	if max(w, h) <= edge {
		return m
	}
	nw, nh := max(1, w*edge/max(w, h)), max(1, h*edge/max(w, h))
	out := image.NewNRGBA(image.Rect(0, 0, nw, nh))
	for y := range nh {
		for x := range nw {
			var sum [4]uint64
			var n uint64
			for sy := y * h / nh; sy < max((y+1)*h/nh, y*h/nh+1); sy++ {
				for sx := x * w / nw; sx < max((x+1)*w/nw, x*w/nw+1); sx++ {
					cr, cg, cb, ca := m.At(r.Min.X+sx, r.Min.Y+sy).RGBA()
					sum[0], sum[1], sum[2], sum[3] = sum[0]+uint64(cr), sum[1]+uint64(cg), sum[2]+uint64(cb), sum[3]+uint64(ca)
					n++
				}
			}
			out.Set(x, y, color.RGBA64{uint16(sum[0] / n), uint16(sum[1] / n), uint16(sum[2] / n), uint16(sum[3] / n)})
		}
	}
	return out
}

// upright turns and mirrors a picture as its EXIF orientation asks.
func upright(m image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return m
	}
	r := m.Bounds()
	w, h := r.Dx(), r.Dy()
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		out = image.NewNRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			var to image.Point
			switch orientation {
			case 2:
				to = image.Pt(w-1-x, y)
			case 3:
				to = image.Pt(w-1-x, h-1-y)
			case 4:
				to = image.Pt(x, h-1-y)
			case 5:
				to = image.Pt(y, x)
			case 6:
				to = image.Pt(h-1-y, x)
			case 7:
				to = image.Pt(h-1-y, w-1-x)
			case 8:
				to = image.Pt(y, w-1-x)
			}
			out.Set(to.X, to.Y, m.At(r.Min.X+x, r.Min.Y+y))
		}
	}
	return out
}

// encodeStill writes a picture and nothing else: what Go's encoders do not
// write is not there.
func encodeStill(m image.Image, asPNG bool) ([]byte, error) {
	var out bytes.Buffer
	var err error
	if asPNG {
		err = png.Encode(&out, m)
	} else {
		err = jpeg.Encode(&out, m, &jpeg.Options{Quality: 85})
	}
	return out.Bytes(), err
}
