package web

import (
	"cmp"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"jurat"
)

// A typedEdit is one edit as it was typed: whatever was, it is kept.
type typedEdit struct {
	N                   int // from 1
	Kind                string
	Reason, Explanation string
	From, To            string
	Places              []typedPlace // where a box is, or what stays to be seen
}

// A typedPlace is a rectangle as it was typed, of a box with the time from
// which it is there.
type typedPlace struct {
	M                   int // from 1
	At                  string
	X, Y, Width, Height string
}

// The most rows the page takes; who has more writes the list as data.
const (
	mostTypedEdits  = 200
	mostTypedPlaces = 500
)

// typedEdits reads the edits out of a form, or out of what was kept of one.
func typedEdits(f url.Values) []typedEdit {
	var all []typedEdit
	places := 0
	for n := 1; n <= mostTypedEdits; n++ {
		name := func(part string) string { return fmt.Sprintf("edit.%d.%s", n, part) }
		kind := f.Get(name("kind"))
		if kind != jurat.EditBox && kind != jurat.EditExcept && kind != jurat.EditMute {
			break
		}
		e := typedEdit{N: n, Kind: kind, Reason: f.Get(name("reason")), Explanation: f.Get(name("explanation")), From: f.Get(name("from")), To: f.Get(name("to"))}
		for m := 1; kind != jurat.EditMute && places < mostTypedPlaces; m++ {
			part := func(part string) string { return name(fmt.Sprintf("place.%d.%s", m, part)) }
			if !f.Has(part("x")) {
				break
			}
			places++
			e.Places = append(e.Places, typedPlace{M: m, At: f.Get(part("at")), X: f.Get(part("x")), Y: f.Get(part("y")), Width: f.Get(part("width")), Height: f.Get(part("height"))})
		}
		all = append(all, e)
	}
	return all
}

// valuesOf is what is kept of some edits: the form again, numbered anew.
func valuesOf(all []typedEdit) url.Values {
	f := url.Values{}
	for i, e := range all {
		set := func(part, value string) { f.Set(fmt.Sprintf("edit.%d.%s", i+1, part), value) }
		set("kind", e.Kind)
		set("reason", e.Reason)
		set("explanation", e.Explanation)
		set("from", e.From)
		set("to", e.To)
		for k, p := range e.Places {
			for part, value := range map[string]string{"at": p.At, "x": p.X, "y": p.Y, "width": p.Width, "height": p.Height} {
				set(fmt.Sprintf("place.%d.%s", k+1, part), value)
			}
		}
	}
	return f
}

// typedOf is an edit list as it would have been typed.
func typedOf(l jurat.EditList, film bool) []typedEdit {
	at := func(ms int64) string {
		if !film {
			return ""
		}
		return timecode(ms)
	}
	var all []typedEdit
	for i, e := range l.Edits {
		one := typedEdit{N: i + 1, Kind: e.Kind, Reason: e.Reason, Explanation: e.Explanation, To: at(e.To)}
		if e.Kind != jurat.EditBox {
			one.From = at(e.From)
		}
		for k, p := range e.Keyframes {
			one.Places = append(one.Places, placeTyped(k+1, at(p.At), p.Box))
		}
		for k, b := range e.Keep {
			one.Places = append(one.Places, placeTyped(k+1, "", b))
		}
		all = append(all, one)
	}
	return all
}

func placeTyped(m int, at string, b jurat.Box) typedPlace {
	return typedPlace{m, at, strconv.Itoa(b.X), strconv.Itoa(b.Y), strconv.Itoa(b.Width), strconv.Itoa(b.Height)}
}

// timecode is a time in a film as people read and type it.
func timecode(ms int64) string {
	return fmt.Sprintf("%d:%02d:%02d.%03d", ms/3600000, ms/60000%60, ms/1000%60, ms%1000)
}

// milliseconds reads a time in a film: hours, minutes and seconds with what
// there is of them, such as 1:02.5.
func milliseconds(text string) (int64, bool) {
	text = strings.ReplaceAll(strings.TrimSpace(text), ",", ".")
	parts := strings.Split(text, ":")
	if len(parts) > 3 {
		return 0, false
	}
	total := 0.0
	for i, part := range parts {
		if strings.Trim(part, "0123456789.") != "" || i < len(parts)-1 && strings.Contains(part, ".") {
			return 0, false
		}
		n, err := strconv.ParseFloat(part, 64)
		if err != nil || n > 1e6 || i > 0 && n >= 60 {
			return 0, false
		}
		total = total*60 + n
	}
	return int64(math.Round(total * 1000)), true
}

// A subject is what edits are drawn on, as far as it is known.
type subject struct {
	Film     bool  // it has times
	Picture  bool  // it has a picture
	Sound    bool  // it has sound
	Length   int64 // milliseconds; 0: not stated
	Frame    jurat.Size
	Unprobed bool // nobody looked yet: the rest is not known
}

// editList makes the list of what was typed, and says of each edit what keeps
// it from being made.
func (c *Counter) editList(v *visit, s subject, all []typedEdit) (jurat.EditList, []wrong) {
	l := jurat.EditList{Version: 1, Frame: s.Frame}
	r := reading{say: func(key string, gaps ...any) string { return c.say(v, key, gaps...) }, film: s.Film}
	for _, e := range all {
		l.Edits = append(l.Edits, r.edit(e))
	}
	switch {
	case len(all) == 0:
		r.bad = append(r.bad, wrong{"add", r.say("redact.none")})
	case s.Unprobed:
		r.bad = append(r.bad, wrong{"unprobed", r.say("redact.unprobed")})
	case len(r.bad) == 0:
		if err := l.Check(); err != nil { // the law's own sentence, which names the edit
			say, ok := mistake(err)
			if !ok {
				say = err.Error()
			}
			r.bad = append(r.bad, wrong{"edits", say})
		}
	}
	return l, r.bad
}

// A reading reads what was typed, edit by edit.
type reading struct {
	say  func(key string, gaps ...any) string
	film bool
	bad  []wrong
}

func (r *reading) wrong(n int, part, key string) {
	r.bad = append(r.bad, wrong{fmt.Sprintf("edit.%d.%s", n, part), r.say(key, "n", n)})
}

func (r *reading) edit(e typedEdit) jurat.Edit {
	out := jurat.Edit{Kind: e.Kind, Reason: strings.TrimSpace(e.Reason), Explanation: strings.TrimSpace(e.Explanation)}
	if out.Reason == "" {
		r.wrong(e.N, "reason", "redact.no_reason")
	}
	if r.film || e.Kind == jurat.EditMute {
		if e.Kind != jurat.EditBox {
			out.From = r.time(e.N, "from", e.From)
		}
		out.To = r.time(e.N, "to", e.To)
	}
	for _, p := range e.Places {
		box := r.box(e.N, p)
		if e.Kind == jurat.EditExcept {
			out.Keep = append(out.Keep, box)
			continue
		}
		k := jurat.Keyframe{Box: box}
		if r.film {
			k.At = r.time(e.N, fmt.Sprintf("place.%d.at", p.M), p.At)
		}
		out.Keyframes = append(out.Keyframes, k)
	}
	if e.Kind == jurat.EditBox && len(e.Places) == 0 {
		r.wrong(e.N, "kind", "redact.no_place")
	}
	slices.SortStableFunc(out.Keyframes, func(a, b jurat.Keyframe) int { return cmp.Compare(a.At, b.At) })
	return out
}

func (r *reading) time(n int, part, text string) int64 {
	ms, ok := milliseconds(text)
	switch {
	case strings.TrimSpace(text) == "":
		r.wrong(n, part, "redact.no_time")
	case !ok:
		r.wrong(n, part, "redact.bad_time")
	}
	return ms
}

func (r *reading) box(n int, p typedPlace) jurat.Box {
	var b jurat.Box
	for _, one := range []struct {
		part, text string
		into       *int
	}{{"x", p.X, &b.X}, {"y", p.Y, &b.Y}, {"width", p.Width, &b.Width}, {"height", p.Height, &b.Height}} {
		value, err := strconv.Atoi(strings.TrimSpace(one.text))
		if err != nil || value < 0 || value > 1<<20 {
			r.wrong(n, fmt.Sprintf("place.%d.%s", p.M, one.part), "redact.bad_number")
			return b
		}
		*one.into = value
	}
	return b
}

// placeAt is where a box is at a moment, in a straight line between the times
// that were typed; false: it is not there, or not readable.
func (e typedEdit) placeAt(ms int64, film bool) (jurat.Box, bool) {
	r := reading{say: func(key string, _ ...any) string { return key }, film: film}
	e.Reason = "x"
	read := r.edit(e)
	ks := read.Keyframes
	if e.Kind != jurat.EditBox || len(ks) == 0 || slices.ContainsFunc(r.bad, func(w wrong) bool { return !strings.HasSuffix(w.Field, ".to") }) {
		return jurat.Box{}, false
	}
	if !film {
		return ks[0].Box, true
	}
	if ms < ks[0].At || read.To > 0 && ms >= read.To {
		return jurat.Box{}, false
	}
	i := 0
	for i+1 < len(ks) && ks[i+1].At <= ms {
		i++
	}
	if i+1 == len(ks) || ks[i+1].At == ks[i].At {
		return ks[i].Box, true
	}
	part := float64(ms-ks[i].At) / float64(ks[i+1].At-ks[i].At)
	between := func(a, b int) int { return a + int(math.Round(float64(b-a)*part)) }
	a, b := ks[i].Box, ks[i+1].Box
	return jurat.Box{X: between(a.X, b.X), Y: between(a.Y, b.Y), Width: between(a.Width, b.Width), Height: between(a.Height, b.Height)}, true
}

// A numbered edit is one of a list, by the number that refusals and remarks
// call it.
type numbered struct {
	N int
	jurat.Edit
}

func numberedOf(l jurat.EditList) []numbered {
	var all []numbered
	for i, e := range l.Edits {
		all = append(all, numbered{i + 1, e})
	}
	return all
}
