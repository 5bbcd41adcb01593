package jurat

import (
	"strings"
	"time"
	"unicode/utf8"
)

// MarkAdded is the act of marking a moment of an exhibit.
const MarkAdded Act = "mark.added"

// A Mark is somebody's note at a moment of an exhibit, or at a stretch of it.
// It is amended by addition: a later mark names the one it is in place of, and
// both stay.
type Mark struct {
	ID      ItemID    `json:"id"`
	Exhibit ItemID    `json:"exhibit"`
	From    int64     `json:"from_ms"`         // milliseconds into the recording
	To      int64     `json:"to_ms,omitempty"` // the end of the stretch; absent: a moment
	Note    string    `json:"note"`
	Amends  ItemID    `json:"amends,omitempty"`
	By      PersonID  `json:"by"`
	At      time.Time `json:"at"`
}

// A Marking is what somebody notes, and where.
type Marking struct {
	From, To int64 // milliseconds into the recording; To 0: a moment
	Note     string
	Amends   *Mark // the mark this one is in place of
}

// longestNote is how long a note is at most, in characters.
const longestNote = 2000

// AddMark marks a moment of an exhibit, held here or elsewhere: a person's act.
// Invalid: no note, one of more than 2,000 characters, a time before the
// beginning, beyond a thousand hours, or that ends before it begins, or a mark
// of another exhibit to amend. Of an exhibit that was disposed of: Conflict.
func AddMark(id ItemID, x Exhibit, m Marking, by Hand, at time.Time) (Mark, Event, error) {
	if err := by.needPerson("marking a moment"); err != nil {
		return Mark{}, Event{}, err
	}
	if err := named(NounMark, id); err != nil {
		return Mark{}, Event{}, err
	}
	if err := filed(id.Incident(), NounExhibit, x.ID); err != nil {
		return Mark{}, Event{}, err
	}
	if err := x.There(); err != nil {
		return Mark{}, Event{}, err
	}
	note := strings.TrimSpace(m.Note)
	switch {
	case note == "":
		return Mark{}, Event{}, Errorf(Invalid, "a mark on %s needs a note: what is to be seen or heard there", x.ID)
	case utf8.RuneCountInString(note) > longestNote:
		return Mark{}, Event{}, Errorf(Invalid, "the note of a mark has %d characters at most", longestNote)
	case m.From < 0 || m.From > mostTime || m.To > mostTime:
		return Mark{}, Event{}, Errorf(Invalid, "a mark on %s is between its beginning and a thousand hours into it", x.ID)
	case m.To != 0 && m.To <= m.From:
		return Mark{}, Event{}, Errorf(Invalid, "a mark on %s must end after it begins", x.ID)
	case m.Amends != nil && m.Amends.Exhibit != x.ID:
		return Mark{}, Event{}, Errorf(Invalid, "%s is a mark on %s and not on %s", m.Amends.ID, m.Amends.Exhibit, x.ID)
	}
	k := Mark{ID: id, Exhibit: x.ID, From: m.From, To: m.To, Note: note, By: by.Person, At: At(at)}
	if m.Amends != nil {
		k.Amends = m.Amends.ID
	}
	return k, Event{Act: MarkAdded, Incident: id.Incident(), Item: k.Item(), Value: k}, nil
}

// Item names the mark.
func (k Mark) Item() Item { return Item{Noun: NounMark, ID: k.ID} }
