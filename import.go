package jurat

import (
	"encoding/json"
	"slices"
	"time"
)

// ImportAdded is the act of taking in a table from another system.
const ImportAdded Act = "import.added"

// An Import is a table that came in from another system, such as a duty roster:
// the rows that were accepted, and what became of the others. It is the house's
// own and belongs to no incident. What it says is that other system's word.
type Import struct {
	ID       ItemID          `json:"id"`   // such as import-3
	Kind     string          `json:"kind"` // roster, dispatch, detention
	File     Digest          `json:"file"` // of the file as it came: its version
	Zone     string          `json:"zone_assumed"`
	Rows     json.RawMessage `json:"rows"` // an array of what was accepted
	Accepted int             `json:"accepted"`
	Repeated int             `json:"repeated,omitempty"` // rows on record already
	Refused  int             `json:"refused,omitempty"`
	Dropped  []string        `json:"dropped,omitempty"` // columns about persons, left unread
	By       PersonID        `json:"by"`
	At       time.Time       `json:"at"`
}

// mostImported is the largest array of rows one import holds, in bytes.
const mostImported = 8 << 20

// AddImport takes in a table. Invalid: rows that are no array of as many rows as
// it states, none at all, and more of them than one payload should hold.
func AddImport(i Import, by Hand, at time.Time) (Import, Event, error) {
	if err := by.needPerson("importing a table"); err != nil {
		return Import{}, Event{}, err
	}
	var rows []json.RawMessage
	switch {
	case len(i.Rows) > mostImported:
		return Import{}, Event{}, Errorf(Invalid, "the table's rows are more than one import holds (%d MiB); send it in parts", mostImported>>20)
	case blank(string(i.ID)) || !slug(i.Kind) || i.File.IsZero() || blank(i.Zone):
		return Import{}, Event{}, Errorf(Invalid, "an import needs a name, a kind, its file's digest and the time zone its times were read in")
	case json.Unmarshal(i.Rows, &rows) != nil || len(rows) != i.Accepted || i.Accepted == 0 || i.Repeated < 0 || i.Refused < 0:
		return Import{}, Event{}, Errorf(Invalid, "the rows of an import are an array of the %d that were accepted, one at least", i.Accepted)
	}
	i.By, i.At = by.Person, At(at)
	i = i.clone()
	return i, Event{Act: ImportAdded, Item: i.Item(), Value: i.clone()}, nil
}

// Item names the import.
func (i Import) Item() Item { return Item{Noun: NounImport, ID: i.ID} }

func (i Import) clone() Import {
	i.Rows, i.Dropped = slices.Clone(i.Rows), slices.Clone(i.Dropped)
	return i
}
