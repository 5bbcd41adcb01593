package jurat

import (
	"bytes"
	"encoding/json"
	"slices"
)

// Kinds of an edit.
const (
	EditBox    = "box"    // a rectangle is filled, moving from keyframe to keyframe
	EditExcept = "except" // the whole picture is filled but for what is kept
	EditMute   = "mute"   // the sound is silent
)

// An EditList says what a redaction hides, and under which ground: as data, so
// that it can be read, argued about and done again. Every fill is solid. Times
// are whole milliseconds from the start of the film; a rectangle is in pixels
// of the picture as it is shown, from its upper left corner.
type EditList struct {
	Version int    `json:"version"`        // 1
	Frame   Size   `json:"frame,omitzero"` // the picture the rectangles were drawn on
	Edits   []Edit `json:"edits"`
}

// A Size is that of a picture as shown, in pixels.
type Size struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

// An Edit hides one thing for one reason. A box is there from its first
// keyframe to To, in a straight line between keyframes, and stays where the
// last one put it. A still has one keyframe, and no times.
type Edit struct {
	Kind        string     `json:"kind"`
	Reason      string     `json:"reason"`                // a code of the orders' table of exemptions (LAW-4)
	Explanation string     `json:"explanation,omitempty"` // in words, for who asked
	From        int64      `json:"from_ms,omitempty"`
	To          int64      `json:"to_ms,omitempty"`
	Keyframes   []Keyframe `json:"keyframes,omitempty"`
	Keep        []Box      `json:"keep,omitempty"` // except: what stays to be seen
}

// A Box is a rectangle.
type Box struct {
	X      int `json:"x"`
	Y      int `json:"y"`
	Width  int `json:"width"`
	Height int `json:"height"`
}

// A Keyframe says where a box is at a time.
type Keyframe struct {
	At int64 `json:"at_ms,omitempty"`
	Box
}

// Bounds of an edit list: more than anybody draws.
const (
	mostEdits     = 1000
	mostKeyframes = 10_000
	mostTime      = 1000 * 3600 * 1000 // a thousand hours
)

// ParseEdits reads an edit list, strictly: an unknown or doubled key is Invalid,
// and so is whatever [EditList.Check] refuses.
func ParseEdits(raw []byte) (EditList, error) {
	if _, _, err := readFields("the edit list", raw); err != nil {
		return EditList{}, err
	}
	var l EditList
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return EditList{}, Because(Invalid, err, "the edit list cannot be read: want version, frame and edits, as jurat redaction make --help shows")
	}
	return l, l.Check()
}

// Check refuses a list that is not whole: an edit without a reason (LAW-4), a
// rectangle outside the picture, a time that runs backwards.
func (l EditList) Check() error {
	switch {
	case l.Version != 1:
		return Errorf(Invalid, "edit list of version %d: this program reads version 1", l.Version)
	case len(l.Edits) == 0:
		return Errorf(Invalid, "no edits: the copy would equal the original; nothing to make")
	case len(l.Edits) > mostEdits:
		return Errorf(Invalid, "%d edits: at most %d", len(l.Edits), mostEdits)
	}
	keyframes := 0
	for i, e := range l.Edits {
		if keyframes += len(e.Keyframes) + len(e.Keep); keyframes > mostKeyframes {
			return Errorf(Invalid, "more than %d keyframes and kept parts", mostKeyframes)
		}
		if err := l.checkEdit(i+1, e); err != nil {
			return err
		}
	}
	return nil
}

func (l EditList) checkEdit(n int, e Edit) error {
	switch {
	case blank(e.Reason):
		return Errorf(Invalid, "edit %d has no reason: choose one (LAW-4)", n)
	case e.From < 0 || e.To < 0 || e.From > mostTime || e.To > mostTime:
		return Errorf(Invalid, "edit %d: a time is whole milliseconds from the start", n)
	case e.Kind != EditBox && len(e.Keyframes) > 0, e.Kind != EditExcept && len(e.Keep) > 0:
		return Errorf(Invalid, "edit %d: keyframes are a box's, and kept parts are those of a whole picture", n)
	}
	switch e.Kind {
	case EditBox:
		return l.checkBox(n, e)
	case EditExcept:
		if e.To < e.From || e.To == e.From && e.To != 0 {
			return Errorf(Invalid, "edit %d ends before it begins", n)
		}
		for _, b := range e.Keep {
			if err := l.within(n, b); err != nil {
				return err
			}
		}
		return l.framed(n)
	case EditMute:
		if e.To <= e.From {
			return Errorf(Invalid, "edit %d: silence needs a beginning and a later end", n)
		}
		return nil
	}
	return Errorf(Invalid, "edit %d is %q: want box, except or mute", n, e.Kind)
}

func (l EditList) checkBox(n int, e Edit) error {
	if len(e.Keyframes) == 0 {
		return Errorf(Invalid, "edit %d: a box needs a keyframe, which says where it is and from when", n)
	}
	if e.From != 0 && e.From != e.Keyframes[0].At {
		return Errorf(Invalid, "edit %d: a box begins at its first keyframe; leave from_ms out", n)
	}
	for i, k := range e.Keyframes {
		if k.At < 0 || k.At > mostTime || i > 0 && k.At <= e.Keyframes[i-1].At {
			return Errorf(Invalid, "edit %d: its keyframes must follow each other in time", n)
		}
		if err := l.within(n, k.Box); err != nil {
			return err
		}
	}
	if last := e.Keyframes[len(e.Keyframes)-1].At; e.To < last || e.To == last && last != 0 {
		return Errorf(Invalid, "edit %d ends at %d ms, before or with its last keyframe; say in to_ms until when the box stays", n, e.To)
	}
	return l.framed(n)
}

func (l EditList) framed(n int) error {
	if l.Frame.Width <= 0 || l.Frame.Height <= 0 {
		return Errorf(Invalid, "edit %d is drawn on a picture whose size the list does not say: set frame", n)
	}
	return nil
}

func (l EditList) within(n int, b Box) error {
	if b.Width <= 0 || b.Height <= 0 || b.X < 0 || b.Y < 0 || b.Width > l.Frame.Width-b.X || b.Height > l.Frame.Height-b.Y {
		return Errorf(Invalid, "edit %d: the rectangle %d,%d of %d by %d does not lie in a picture of %d by %d", n, b.X, b.Y, b.Width, b.Height, l.Frame.Width, l.Frame.Height)
	}
	return nil
}

// Reasons gives the codes the list names, each once.
func (l EditList) Reasons() []string {
	var out []string
	for _, e := range l.Edits {
		if !slices.Contains(out, e.Reason) {
			out = append(out, e.Reason)
		}
	}
	return out
}

func (l EditList) clone() EditList {
	l.Edits = slices.Clone(l.Edits)
	for i := range l.Edits {
		l.Edits[i].Keyframes, l.Edits[i].Keep = slices.Clone(l.Edits[i].Keyframes), slices.Clone(l.Edits[i].Keep)
	}
	return l
}
