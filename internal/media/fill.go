package media

import (
	"jurat"
)

// What is hidden becomes this: black, in the numbers of a film.
const (
	fillLuma   = 16
	fillChroma = 128
)

// A frame is one decoded picture of a film: planar, half as many colours as
// lights each way, even in both edges.
type frame struct {
	width, height int
	data          []byte
}

func newFrame(width, height int) frame {
	width, height = even(width), even(height)
	return frame{width, height, make([]byte, width*height*3/2)}
}

func even(n int) int { return (n + 1) &^ 1 }

// A mask says which cells of a picture are hidden: squares of two by two, since
// that is as fine as a film's colours are. Rectangles grow to whole cells.
type mask struct {
	width, height int // in cells
	hidden        []bool
	some          bool
}

func newMask(width, height int) *mask {
	w, h := even(width)/2, even(height)/2
	return &mask{width: w, height: h, hidden: make([]bool, w*h)}
}

// A tempo is a film's pictures a second.
type tempo struct{ num, den int64 }

// An area is a rectangle by its edges, in pixels; the far ones are outside.
type area struct{ left, top, right, bottom int }

// draw makes the mask of the n-th picture. An edit is there from half a picture
// before it begins to half a picture after it ends, so that what a film's
// uneven pictures were moved by shows nothing.
func (m *mask) draw(l jurat.EditList, n int64, at tempo) *mask {
	clear(m.hidden)
	m.some = false
	for _, e := range l.Edits {
		if !at.reaches(e, n) {
			continue
		}
		switch e.Kind {
		case jurat.EditBox:
			m.hide(at.place(e, n))
		case jurat.EditExcept:
			m.hideExcept(e.Keep)
		}
	}
	return m
}

// reaches reports whether an edit is there on the n-th picture.
func (at tempo) reaches(e jurat.Edit, n int64) bool {
	if at.num == 0 { // a still
		return e.Kind != jurat.EditMute
	}
	from := e.From
	if e.Kind == jurat.EditBox {
		from = e.Keyframes[0].At
	}
	return (2*n-1)*at.den*1000 < 2*e.To*at.num && (2*n+3)*at.den*1000 > 2*from*at.num
}

// place is where a box is on the n-th picture: in a straight line between two
// keyframes, its edges outward to whole pixels.
func (at tempo) place(e jurat.Edit, n int64) area {
	ks := e.Keyframes
	now := n * at.den * 1000 // in milliseconds times num
	i := 0
	for i+1 < len(ks) && ks[i+1].At*at.num <= now {
		i++
	}
	k := ks[i]
	if i+1 == len(ks) || now <= k.At*at.num {
		return area{k.X, k.Y, k.X + k.Width, k.Y + k.Height}
	}
	next := ks[i+1]
	part, whole := now-k.At*at.num, (next.At-k.At)*at.num
	down := func(a, b int) int { return a + int(floorDiv(int64(b-a)*part, whole)) }
	up := func(a, b int) int { return a - int(floorDiv(-int64(b-a)*part, whole)) }
	return area{
		down(k.X, next.X), down(k.Y, next.Y),
		up(k.X+k.Width, next.X+next.Width), up(k.Y+k.Height, next.Y+next.Height),
	}
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

func (m *mask) hide(a area) {
	m.some = true
	for y := max(0, a.top/2); y < min(m.height, (a.bottom+1)/2); y++ {
		row := m.hidden[y*m.width : (y+1)*m.width]
		for x := max(0, a.left/2); x < min(m.width, (a.right+1)/2); x++ {
			row[x] = true
		}
	}
}

// hideExcept hides all cells but those that lie whole in a part that is kept.
func (m *mask) hideExcept(keep []jurat.Box) {
	m.some = true
	for y := range m.height {
		for x := range m.width {
			kept := false
			for _, b := range keep {
				kept = kept || 2*x >= b.X && 2*x+2 <= b.X+b.Width && 2*y >= b.Y && 2*y+2 <= b.Y+b.Height
			}
			if !kept {
				m.hidden[y*m.width+x] = true
			}
		}
	}
}

// fill makes what is hidden black.
func (m *mask) fill(f frame) {
	if !m.some {
		return
	}
	m.each(f, func(luma []byte) { luma[0], luma[1] = fillLuma, fillLuma }, func(chroma *byte) { *chroma = fillChroma })
}

// deviation is the farthest that anything hidden is from black, of 255.
func (m *mask) deviation(f frame) int {
	if !m.some {
		return 0
	}
	most := 0
	far := func(v byte, from int) { most = max(most, int(v)-from, from-int(v)) }
	m.each(f, func(luma []byte) { far(luma[0], fillLuma); far(luma[1], fillLuma) }, func(chroma *byte) { far(*chroma, fillChroma) })
	return most
}

// each goes over what is hidden of a picture: its lights by twos, its colours
// one by one.
func (m *mask) each(f frame, luma func([]byte), chroma func(*byte)) {
	us := f.data[f.width*f.height:]
	vs := us[len(us)/2:]
	for y := range m.height {
		row := m.hidden[y*m.width : (y+1)*m.width]
		upper, lower := f.data[2*y*f.width:], f.data[(2*y+1)*f.width:]
		for x, hidden := range row {
			if hidden {
				luma(upper[2*x : 2*x+2])
				luma(lower[2*x : 2*x+2])
				chroma(&us[y*m.width+x])
				chroma(&vs[y*m.width+x])
			}
		}
	}
}

// shots finds where a film cuts from one shot to another.
type shots struct {
	last   []byte
	starts []int64 // pictures that begin a shot
}

// cutMean is how far, of 255, the lights of two pictures must differ on the
// mean to be of two shots.
const cutMean = 28

// see looks at the n-th picture, as it was before anything was hidden.
func (s *shots) see(f frame, n int64) {
	const step = 8
	now := make([]byte, 0, len(s.last))
	for y := 0; y < f.height; y += step {
		for x := 0; x < f.width; x += step {
			now = append(now, f.data[y*f.width+x])
		}
	}
	sum := 0
	for i := range s.last {
		sum += max(int(now[i])-int(s.last[i]), int(s.last[i])-int(now[i]))
	}
	if n == 0 || sum > cutMean*len(now) {
		s.starts = append(s.starts, n)
	}
	s.last = now
}
