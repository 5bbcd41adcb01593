package web

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"jurat"
	"jurat/internal/desk"
)

// footagePaged and gapsFirst are how many recordings a page of the morning list
// has, and how many of those not found it names before it leads on to them.
const (
	footagePaged = 50
	gapsFirst    = 10
)

// gapsSince is how far back the tables on record are compared with what there is.
const gapsSince = -30 // days

// A footageBody is the morning list: footage by how near its last day is.
type footageBody struct {
	desk.Footage
	Groups []footageGroup
	Count  int // on every page
	Next   string
	Later  bool
	Query  string // what narrows the list, for its pages
	Words  *vocabulary
	None   string // why nothing can be counted
	Works  bool   // the reader's role adds grounds and answers
	Gaps   gapsBody
}

// FirstGaps are the recordings not found that the list itself names.
func (b footageBody) FirstGaps() gapsBody {
	g := b.Gaps
	g.Lines = g.Lines[:min(len(g.Lines), gapsFirst)]
	return g
}

// MoreGaps reports whether there are more than it names.
func (b footageBody) MoreGaps() bool { return b.Gaps.Count > gapsFirst }

// A footageGroup is the footage that passed the same warning.
type footageGroup struct {
	Past  bool
	Days  int // the warning, in days of keeping; 0: not yet warned of
	Count int // on every page
	Lines []footageRow
}

// A footageRow is a line, with whether its holder confirmed the flag: only yes
// is yes.
type footageRow struct {
	desk.FootageLine
	There bool
}

// LastDay is the day of the row, to be shown as others are.
func (r footageRow) LastDay() time.Time {
	day, _ := time.Parse(time.DateOnly, r.On) // the order's, or none
	return day
}

// Silent reports whether the holder was asked and answered nothing.
func (r footageRow) Silent() bool {
	return r.Notice != nil && (r.Notice.Open() || r.Notice.Answer == "no_answer") && !r.There
}

// footage is the morning list: what reaches its last day, where it is, what
// keeps it, and whom to call. Jurat deletes none of it.
func (c *Counter) footage(w http.ResponseWriter, v *visit) error {
	asked := v.URL.Query()
	by, err := c.typed(asked.Get("by"))
	if err != nil {
		return nothingHere
	}
	words, err := c.vocabulary(v)
	if err != nil {
		return err
	}
	body := footageBody{Words: words, Works: v.works()}
	body.Footage, err = c.Desk.Footage(v.ctx(), v.caller(), v.at, by, asked.Has("all"))
	if said, ok := errors.AsType[*jurat.Error](err); ok && errors.Is(err, jurat.Conflict) {
		body.None, err = said.Detail, nil
	}
	if err != nil {
		return err
	}
	if body.Gaps, err = c.gapsBody(v); err != nil {
		return err
	}
	body.Count = len(body.Lines)
	for _, l := range body.Lines {
		n := len(body.Groups)
		if n == 0 || body.Groups[n-1].Past != l.Past || body.Groups[n-1].Days != l.Warned {
			body.Groups = append(body.Groups, footageGroup{Past: l.Past, Days: l.Warned})
			n++
		}
		body.Groups[n-1].Count++
		body.Groups[n-1].Lines = append(body.Groups[n-1].Lines, footageRow{l, l.Confirmed != nil && *l.Confirmed})
	}
	if !asked.Has("print") { // paper has the whole list
		body.page(asked.Get("after"))
	}
	asked.Del("after")
	if body.Query = asked.Encode(); body.Query != "" {
		body.Query += "&"
	}
	c.show(w, v, http.StatusOK, "footage", body)
	return nil
}

// page leaves of each group what is on the page after a key.
func (b *footageBody) page(after string) {
	lines, next, later := pageAfter(b.Lines, after, footagePaged, footageKey)
	b.Next, b.Later = next, later
	for i := range b.Groups {
		b.Groups[i].Lines = slices.DeleteFunc(b.Groups[i].Lines, func(r footageRow) bool {
			return !slices.ContainsFunc(lines, func(l desk.FootageLine) bool { return l.Item == r.Item })
		})
	}
	b.Groups = slices.DeleteFunc(b.Groups, func(g footageGroup) bool { return len(g.Lines) == 0 })
}

func footageKey(l desk.FootageLine) string { return l.Item }
