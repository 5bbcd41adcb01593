package web

import (
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// A playBody is several recordings on one clock.
type playBody struct {
	desk.Offers
	Exhibit jurat.Exhibit
	Films   []film // by when they begin on the common clock
	Apart   []film // whose clock cannot be placed: played alone
	Others  []film // not chosen
	Marks   []marked
	Waits   []map[string]string // why nothing here opens to the reader yet, by language
	With    string              // the other recordings chosen, as the address has them
	At      int64               // milliseconds of the common clock, from when the first film begins
	Words   *vocabulary
}

// Shift is how far the office's clocks are from UTC when the first film begins,
// in seconds, for the clocks that run.
func (b playBody) Shift() int {
	_, s := b.Films[0].Begins.Zone()
	return s
}

// Shared reports whether recordings are played beside one another.
func (b playBody) Shared() bool { return len(b.Films) > 1 }

// A film is one recording, and where it begins on the common clock.
type film struct {
	Exhibit jurat.Exhibit
	Letter  string
	Kind    string    // video, audio
	Source  string    // where its bytes are: the exhibit's own, or those of a copy that plays
	Begins  time.Time // on the common clock
	After   int64     // milliseconds after the first begins
	Ahead   int64     // milliseconds its own clock is ahead
	Long    int64     // milliseconds it lasts, as found in it; 0: not found
	Frame   int64     // milliseconds between its pictures, a twenty-fifth of a second where nothing says so
	Chosen  bool
	Why     string // of one apart: the catalogue's key of why it has no place
	Start   int64  // milliseconds into it where it is to begin playing
}

// Seconds spells milliseconds as seconds: 14, or 14.25.
func (f film) Seconds(ms int64) string {
	return strconv.FormatFloat(float64(ms)/1000, 'f', -1, 64)
}

// play plays an exhibit beside others, each at its place on the common clock:
// the device's own, less its measured offset. One that has no place there plays
// alone (pages.md §3.5, SEC-20). No byte is handed out before somebody plays.
func (c *Counter) play(w http.ResponseWriter, v *visit) error {
	id, err := v.item(jurat.NounExhibit, v.PathValue("exhibit"))
	if err != nil {
		return err
	}
	view, words, err := c.showing(v, id.Incident())
	if err != nil {
		return err
	}
	var with []string
	for _, n := range v.URL.Query()["with"] {
		with = append(with, strings.Split(n, ",")...)
	}
	body, ok := c.playing(view, id, with)
	if !ok {
		return nothingHere
	}
	body.Words = words
	if body.Waits = waitsOf(view, id); len(body.Waits) > 0 {
		body.Films, body.Apart, body.Others = nil, nil, nil
	}
	if at, err := jurat.ParseTimecode(v.URL.Query().Get("t")); err == nil {
		body.begin(at)
	}
	c.show(w, v, http.StatusOK, "play", body)
	return nil
}

// playing lays the recordings chosen along the common clock.
func (c *Counter) playing(view desk.View, id jurat.ItemID, with []string) (playBody, bool) {
	i := slices.IndexFunc(view.Exhibits, func(x desk.Shown[jurat.Exhibit]) bool { return x.Value.ID == id })
	if i < 0 {
		return playBody{}, false
	}
	out := playBody{Offers: view.Offers, Exhibit: view.Exhibits[i].Value}
	var chosen []string
	for _, x := range append(view.Exhibits[i:i+1:i+1], slices.Delete(slices.Clone(view.Exhibits), i, i+1)...) {
		f := c.filmOf(view, x.Value)
		f.Chosen = x.Value.ID == id || slices.Contains(with, countOf(x.Value.ID))
		copied := x.Value.Derivation != nil && x.Value.Derivation.Purpose != jurat.PurposeRedaction
		switch {
		case f.Kind == "" || copied && x.Value.ID != id || x.Value.ID != id && len(view.WaitsFor(x.Value.ID)) > 0:
			continue
		case !f.Chosen:
			out.Others = append(out.Others, f)
			continue
		case f.Why != "":
			out.Apart = append(out.Apart, f)
		default:
			out.Films = append(out.Films, f)
		}
		out.Marks = append(out.Marks, marksOf(view.Marks, x.Value.ID)...)
		if x.Value.ID != id {
			chosen = append(chosen, countOf(x.Value.ID))
		}
	}
	out.With = strings.Join(chosen, ",")
	slices.SortStableFunc(out.Films, func(a, b film) int { return a.Begins.Compare(b.Begins) })
	letter := 'A'
	for _, all := range [][]film{out.Films, out.Apart} {
		for i := range all {
			all[i].Letter = string(letter)
			if letter++; letter > 'Z' {
				letter = 'Z'
			}
		}
	}
	for i := range out.Films {
		out.Films[i].After = out.Films[i].Begins.Sub(out.Films[0].Begins).Milliseconds()
	}
	for i := range out.Marks {
		out.Marks[i].Letter = out.letterOf(out.Marks[i].Exhibit)
	}
	slices.SortStableFunc(out.Marks, func(a, b marked) int { return int(out.common(a) - out.common(b)) })
	return out, true
}

// common is where a mark lies on the common clock; one on a recording apart
// comes after all others.
func (b playBody) common(m marked) int64 {
	for _, f := range b.Films {
		if f.Exhibit.ID == m.Exhibit {
			return f.After + m.From
		}
	}
	return 1<<40 + m.From
}

func (b playBody) letterOf(id jurat.ItemID) string {
	for _, f := range slices.Concat(b.Films, b.Apart) {
		if f.Exhibit.ID == id {
			return f.Letter
		}
	}
	return ""
}

// begin begins at a time within the page's own exhibit, and the others where
// they are then.
func (b *playBody) begin(at int64) {
	for i := range b.Apart {
		if b.Apart[i].Exhibit.ID == b.Exhibit.ID {
			b.Apart[i].Start = at
		}
	}
	for _, f := range b.Films {
		if f.Exhibit.ID != b.Exhibit.ID {
			continue
		}
		b.At = f.After + at
		for i := range b.Films {
			b.Films[i].Start = max(0, b.At-b.Films[i].After)
		}
	}
}

// filmOf says how a recording plays, and where it begins. What a browser does
// not play is played from a copy made here, where there is one.
func (c *Counter) filmOf(view desk.View, x jurat.Exhibit) film {
	f := film{Exhibit: x, Frame: 40}
	if x.Held != jurat.HeldHere || x.Disposed != nil {
		return f
	}
	f.Kind, f.Source = plays(x.Media), itemPath(x.ID)+"/bytes"
	if f.Kind != "video" && f.Kind != "audio" {
		f.Kind = ""
	}
	for _, y := range view.Exhibits {
		if d := y.Value.Derivation; f.Kind == "" && d != nil && y.Value.DerivedFrom == x.ID && d.Purpose == jurat.PurposeProxy && y.Value.Disposed == nil {
			f.Kind, f.Source = plays(y.Value.Media), itemPath(y.Value.ID)+"/bytes"
		}
	}
	for _, p := range view.Probes {
		if p.Value.Of.ID != x.ID {
			continue
		}
		f.Long = p.Value.Duration
		for _, s := range p.Value.Streams {
			if r, ok := new(big.Rat).SetString(s.Rate); ok && s.Kind == "video" && r.Sign() > 0 {
				if ms, _ := new(big.Rat).Quo(big.NewRat(1000, 1), r).Float64(); ms >= 1 && ms < 2000 {
					f.Frame = int64(ms)
				}
			}
		}
	}
	ahead, known := x.Ahead()
	begins, placed := x.Begins()
	f.Begins, f.Ahead = begins.In(c.Zone), ahead.Milliseconds()
	switch {
	case placed:
	case x.Recorded.From.IsZero():
		f.Why = "play.no_start"
	case !known:
		f.Why = "offset.not_measured"
	default:
		f.Why = "offset.unreliable"
	}
	return f
}

// offsetOf says how far a device's clock was ahead, in words.
func offsetOf(t func(string, ...any) (string, error), x jurat.Exhibit) (string, error) {
	ahead, known := x.Ahead()
	switch {
	case !known:
		return t("offset.not_measured")
	case ahead == 0:
		return t("offset.none")
	}
	key := "offset.ahead"
	if ahead < 0 {
		key = "offset.behind"
	}
	said, err := t(key, "seconds", strconv.FormatFloat(ahead.Abs().Seconds(), 'f', -1, 64))
	if err == nil && ahead.Abs() > jurat.UnreliableClock {
		var more string
		more, err = t("offset.unreliable")
		said += ". " + more
	}
	return said, err
}

// address is where several recordings are played, from a time within one.
func address(id jurat.ItemID, with string, at int64) string {
	out := itemPath(id) + "/play?t=" + jurat.Timecode(at)
	if with != "" {
		out += "&with=" + with
	}
	return out
}

// At is where a mark is played from, beside the recordings chosen.
func (b playBody) Address(m marked) string {
	var with []string
	for _, f := range slices.Concat(b.Films, b.Apart) {
		if f.Exhibit.ID != m.Exhibit {
			with = append(with, countOf(f.Exhibit.ID))
		}
	}
	return address(m.Exhibit, strings.Join(with, ","), m.From)
}

// Frames spells the beginning of a film for its address, so that a browser
// begins there without a script (W3C Media Fragments).
func (f film) Address() string {
	if f.Start == 0 {
		return f.Source
	}
	return fmt.Sprintf("%s#t=%s", f.Source, f.Seconds(f.Start))
}
