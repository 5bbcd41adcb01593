package numbers

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"jurat"
)

// Limits of a file that comes in.
const (
	maxTableBytes = 256 << 20
	maxTableRows  = 1_000_000
	maxCell       = 4_000
)

// A cellKind says what a column of a table that comes in holds.
type cellKind int

const (
	isText cellKind = iota
	isTime          // a moment with its offset, or a local time in the table's zone
	isCode          // one of a closed list
	isWhole
)

// A tableColumn is one column a table may have.
type tableColumn struct {
	name  string
	kind  cellKind
	need  bool
	codes []string
}

// A Kind of table that comes in from another system.
type Kind string

// The kinds.
const (
	Detention Kind = "detention" // book-in and book-out times out of another body's data (PDX-6)
	Dispatch  Kind = "dispatch"  // units sent to events
	Roster    Kind = "roster"    // who was on duty, with a camera or without
)

// Kinds lists the kinds.
var Kinds = [...]Kind{Detention, Dispatch, Roster}

var yesNo = []string{"yes", "no", "unknown"}

func (k Kind) columns() []tableColumn {
	switch k {
	case Detention:
		return []tableColumn{
			{name: "row_id", need: true}, {name: "facility"}, {name: "book_in", kind: isTime, need: true}, {name: "book_out", kind: isTime}, {name: "quality_note"},
		}
	case Dispatch:
		return []tableColumn{
			{name: "event_number", need: true}, {name: "unit", need: true}, {name: "member", need: true}, {name: "sent_at", kind: isTime, need: true},
			{name: "arrived_at", kind: isTime}, {name: "cleared_at", kind: isTime}, {name: "camera", kind: isCode, codes: yesNo}, {name: "supervisor"},
			{name: "beat"}, {name: "district"}, {name: "place"}, {name: "call_type"},
		}
	case Roster:
		return []tableColumn{
			{name: "unit", need: true}, {name: "member", need: true}, {name: "from", kind: isTime, need: true}, {name: "to", kind: isTime, need: true},
			{name: "camera", kind: isCode, need: true, codes: yesNo}, {name: "supervisor"},
		}
	}
	return nil
}

// pairs are times that follow one another, in each kind of table.
func (k Kind) pairs() [][2]string {
	switch k {
	case Detention:
		return [][2]string{{"book_in", "book_out"}}
	case Dispatch:
		return [][2]string{{"sent_at", "arrived_at"}, {"arrived_at", "cleared_at"}, {"sent_at", "cleared_at"}}
	case Roster:
		return [][2]string{{"from", "to"}}
	}
	return nil
}

// identifiers are columns about persons that other systems' tables have. They
// are dropped as they are read: nothing of them is kept or told (PDX-6).
var identifiers = [...]string{
	"name", "first_name", "last_name", "full_name", "middle_name", "dob", "date_of_birth", "birth_date", "birth_year", "age", "gender", "sex", "ssn",
	"a_number", "alien_number", "alien_file_number", "fbi_number", "subject_id", "person_id", "unique_identifier", "anonymized_identifier", "detainee_id",
	"phone", "telephone", "email", "address", "street", "home_address", "country", "country_of_birth", "citizenship", "citizenship_country", "nationality",
	"ethnicity", "race", "religion", "marital_status", "case_status", "immigration_status", "photo", "plate",
}

// A Moment is a time out of a table. Where the hour a clock is set back makes a
// local time two, both are kept and nobody chooses.
type Moment struct {
	First time.Time `json:"first,omitzero"`
	Last  time.Time `json:"last,omitzero"` // another moment than First only in a doubled hour
}

// Stated reports whether there is a time at all.
func (m Moment) Stated() bool { return !m.First.IsZero() }

// Doubled reports whether it may be two moments.
func (m Moment) Doubled() bool { return !m.First.Equal(m.Last) }

// A TableRow is one row that was accepted.
type TableRow struct {
	Number int               `json:"row"` // in the file, the first row of data is 1
	Digest jurat.Digest      `json:"digest"`
	Texts  map[string]string `json:"texts"`
	Times  map[string]Moment `json:"times"`
}

// A Refused row says which column of it is why. Column is empty where the row
// as a whole is.
type Refused struct {
	Row    int    `json:"row"`
	Column string `json:"column,omitempty"`
	Why    string `json:"why"`
}

func (r Refused) String() string {
	if r.Column == "" {
		return fmt.Sprintf("row %d: %s", r.Row, r.Why)
	}
	return fmt.Sprintf("row %d, column %s: %s", r.Row, r.Column, r.Why)
}

// Twice takes out of an accepted table the rows that known says are on record
// already, by their digests, and lists them as repeated.
func (im *Import) Twice(known func(jurat.Digest) bool) {
	im.Accepted = slices.DeleteFunc(im.Accepted, func(r TableRow) bool {
		if !known(r.Digest) {
			return false
		}
		im.Repeated = append(im.Repeated, r.Number)
		return true
	})
}

// An Import is a table that was read: every row accepted, repeated or refused.
type Import struct {
	Kind     Kind         `json:"kind"`
	Digest   jurat.Digest `json:"digest"` // of the file: its version
	Zone     string       `json:"zone_assumed"`
	Accepted []TableRow   `json:"accepted"`
	Repeated []int        `json:"repeated,omitempty"` // rows imported before
	Refused  []Refused    `json:"refused,omitempty"`
	Dropped  []string     `json:"dropped,omitempty"` // columns about persons, left unread
}

// ReadTable reads a table of a kind as CSV, or as JSON (an array of objects, or
// one object a line) where the file begins with [ or {. Times without an offset
// are in zone. known reports a row that was imported before, by its digest; nil
// knows none. So reading a file twice imports it once.
//
// A row is accepted whole or refused whole, with the column and the reason. The
// file as a whole is Invalid, and nothing of it is accepted, where it cannot be
// read to its end, lacks a column it needs, or has one nobody knows.
func ReadTable(kind Kind, r io.Reader, zone *time.Location, known func(jurat.Digest) bool) (*Import, error) {
	if !slices.Contains(Kinds[:], kind) {
		return nil, jurat.Errorf(jurat.Invalid, "table %q: want one of %v", kind, Kinds)
	}
	b, err := io.ReadAll(io.LimitReader(r, maxTableBytes+1))
	switch {
	case err != nil:
		return nil, jurat.Because(jurat.Unavailable, err, "the table cannot be read")
	case len(b) > maxTableBytes:
		return nil, jurat.Errorf(jurat.Invalid, "the table is larger than %d MiB; send it in parts", maxTableBytes>>20)
	case !utf8.Valid(b):
		return nil, jurat.Errorf(jurat.Invalid, "the table is not UTF-8; save it again as UTF-8")
	}
	im := &Import{Kind: kind, Digest: jurat.DigestOf(b), Zone: zone.String(), Accepted: []TableRow{}}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	t := tableReader{im: im, zone: zone, known: known, seen: map[jurat.Digest]int{}}
	if start := bytes.TrimLeft(b, " \t\r\n"); len(start) > 0 && (start[0] == '[' || start[0] == '{') {
		err = t.json(start)
	} else {
		err = t.csv(b)
	}
	if err != nil {
		return nil, err
	}
	return im, nil
}

type tableReader struct {
	im    *Import
	zone  *time.Location
	known func(jurat.Digest) bool
	seen  map[jurat.Digest]int
}

// head checks the names of the columns, and notes which are dropped. In JSON
// each object has its own, so that one it lacks is an empty cell.
func (t *tableReader) head(names []string, whole bool) error {
	columns := t.im.Kind.columns()
	seen := map[string]bool{}
	for _, n := range names {
		switch {
		case seen[n]:
			return jurat.Errorf(jurat.Invalid, "the column %q stands twice", clip(n))
		case slices.ContainsFunc(columns, func(c tableColumn) bool { return c.name == n }):
		case slices.Contains(identifiers[:], n) || jurat.ForbiddenField(n):
			if !slices.Contains(t.im.Dropped, n) {
				t.im.Dropped = append(t.im.Dropped, n)
			}
		default:
			return jurat.Errorf(jurat.Invalid, "the column %q is none of a %s table, which has %s; leave it out, or give it one of these names", clip(n), t.im.Kind, strings.Join(columnNames(columns), ", "))
		}
		seen[n] = true
	}
	for _, c := range columns {
		if whole && c.need && !seen[c.name] {
			return jurat.Errorf(jurat.Invalid, "a %s table needs the column %s", t.im.Kind, c.name)
		}
	}
	return nil
}

func columnNames(columns []tableColumn) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.name
	}
	return out
}

// columnName is a heading as the columns are named: "Book In" is book_in.
func columnName(s string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(s)))
}

func (t *tableReader) csv(b []byte) error {
	r := csv.NewReader(bytes.NewReader(b))
	r.FieldsPerRecord = -1
	first, err := r.Read()
	if err != nil {
		return jurat.Errorf(jurat.Invalid, "the table has no line of headings")
	}
	names := make([]string, len(first))
	for i, s := range first {
		names[i] = columnName(s)
	}
	if err := t.head(names, true); err != nil {
		return err
	}
	for row := 1; ; row++ {
		cells, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return jurat.Because(jurat.Invalid, err, "the table ends or breaks off at row %d: a quotation mark may be open", row)
		case row > maxTableRows:
			return jurat.Errorf(jurat.Invalid, "the table has more than %d rows; send it in parts", maxTableRows)
		case len(cells) != len(names):
			t.refuse(row, "", fmt.Sprintf("%d cells, want %d", len(cells), len(names)))
			continue
		}
		texts := map[string]string{}
		for i, c := range cells {
			texts[names[i]] = c
		}
		t.row(row, texts)
	}
}

func (t *tableReader) json(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	array := b[0] == '['
	if array {
		if _, err := d.Token(); err != nil {
			return jurat.Because(jurat.Invalid, err, "the table is no JSON")
		}
	}
	for row := 1; ; row++ {
		if array && !d.More() {
			if _, err := d.Token(); err != nil {
				return jurat.Because(jurat.Invalid, err, "the table breaks off at row %d", row)
			}
			if _, err := d.Token(); !errors.Is(err, io.EOF) {
				return jurat.Errorf(jurat.Invalid, "something stands after the table's end")
			}
			return nil
		}
		var raw json.RawMessage
		err := d.Decode(&raw)
		switch {
		case errors.Is(err, io.EOF) && !array:
			return nil
		case err != nil:
			return jurat.Because(jurat.Invalid, err, "the table breaks off at row %d", row)
		case row > maxTableRows:
			return jurat.Errorf(jurat.Invalid, "the table has more than %d rows; send it in parts", maxTableRows)
		}
		names, texts, why := object(raw)
		if why != nil {
			t.refuse(row, why.Column, why.Why)
			continue
		}
		if err := t.head(names, false); err != nil {
			if row == 1 { // the first object says what the file is
				return err
			}
			t.refuse(row, "", err.Error())
			continue
		}
		t.row(row, texts)
	}
}

// object reads one object of texts. A whole number stands as its digits; null
// is an empty cell; anything else is refused where it stands.
func object(raw []byte) (names []string, texts map[string]string, why *Refused) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if tok, err := d.Token(); err != nil || tok != json.Delim('{') {
		return nil, nil, &Refused{Why: "is no object"}
	}
	texts = map[string]string{}
	for d.More() {
		tok, _ := d.Token()
		name := columnName(fmt.Sprint(tok))
		if slices.Contains(names, name) {
			return nil, nil, &Refused{Column: clip(name), Why: "stands twice"}
		}
		names = append(names, name)
		var v any
		if err := d.Decode(&v); err != nil {
			return nil, nil, &Refused{Column: clip(name), Why: "cannot be read"}
		}
		switch v := v.(type) {
		case string:
			texts[name] = v
		case json.Number:
			texts[name] = v.String()
		case nil:
			texts[name] = ""
		default:
			if slices.Contains(identifiers[:], name) || jurat.ForbiddenField(name) {
				continue
			}
			return nil, nil, &Refused{Column: clip(name), Why: fmt.Sprintf("want a text, got %s", jsonKind(v))}
		}
	}
	return names, texts, nil
}

func jsonKind(v any) string {
	switch v.(type) {
	case bool:
		return "true or false"
	case []any:
		return "a list"
	}
	return "an object"
}

func (t *tableReader) refuse(row int, column, why string) {
	t.im.Refused = append(t.im.Refused, Refused{Row: row, Column: column, Why: why})
}
