package web

import (
	"errors"
	"net/http"

	"jurat"
	"jurat/internal/desk"
)

// A footageBody is the morning list: footage by how near its last day is.
type footageBody struct {
	desk.Footage
	Groups []footageGroup
	Words  *vocabulary
	None   string // why nothing can be counted
}

// A footageGroup is the footage that passed the same warning.
type footageGroup struct {
	Past  bool
	Days  int // the warning, in days of keeping; 0: not yet warned of
	Lines []footageRow
}

// A footageRow is a line, with whether its holder confirmed the flag: only yes
// is yes.
type footageRow struct {
	desk.FootageLine
	There bool
}

// footage is the morning list: what reaches its last day, where it is, what
// keeps it, and whom to call. Jurat deletes none of it.
func (c *Counter) footage(w http.ResponseWriter, v *visit) error {
	by, err := c.typed(v.URL.Query().Get("by"))
	if err != nil {
		return nothingHere
	}
	words, err := c.vocabulary(v)
	if err != nil {
		return err
	}
	body := footageBody{Words: words}
	body.Footage, err = c.Desk.Footage(v.ctx(), v.caller(), v.at, by, v.URL.Query().Has("all"))
	if said, ok := errors.AsType[*jurat.Error](err); ok && errors.Is(err, jurat.Conflict) {
		body.None, err = said.Detail, nil
	}
	if err != nil {
		return err
	}
	for _, l := range body.Lines {
		n := len(body.Groups)
		if n == 0 || body.Groups[n-1].Past != l.Past || body.Groups[n-1].Days != l.Warned {
			body.Groups = append(body.Groups, footageGroup{Past: l.Past, Days: l.Warned})
			n++
		}
		body.Groups[n-1].Lines = append(body.Groups[n-1].Lines, footageRow{l, l.Confirmed != nil && *l.Confirmed})
	}
	c.show(w, v, http.StatusOK, "footage", body)
	return nil
}
