package numbers

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"jurat"
)

// row accepts a row whole, or refuses it for the first column that is wrong.
func (t *tableReader) row(number int, cells map[string]string) {
	row := TableRow{Number: number, Texts: map[string]string{}, Times: map[string]Moment{}}
	for _, c := range t.im.Kind.columns() {
		cell := strings.TrimSpace(cells[c.name])
		if why := t.cell(&row, c, cell); why != "" {
			t.refuse(number, c.name, why)
			return
		}
	}
	for _, p := range t.im.Kind.pairs() {
		from, to := row.Times[p[0]], row.Times[p[1]]
		if from.Stated() && to.Stated() && to.Last.Before(from.First) {
			t.refuse(number, p[1], fmt.Sprintf("is before %s: %s, then %s", p[0], from.First.Format(time.RFC3339), to.First.Format(time.RFC3339)))
			return
		}
	}
	row.Digest = t.digest(row)
	if first, ok := t.seen[row.Digest]; ok {
		t.refuse(number, "", fmt.Sprintf("is the same as row %d", first))
		return
	}
	t.seen[row.Digest] = number
	if t.known != nil && t.known(row.Digest) {
		t.im.Repeated = append(t.im.Repeated, number)
		return
	}
	t.im.Accepted = append(t.im.Accepted, row)
}

// cell reads one cell into the row, or says why it cannot be.
func (t *tableReader) cell(row *TableRow, c tableColumn, cell string) string {
	switch {
	case cell == "" && c.need:
		return "is empty"
	case cell == "":
		return ""
	case len(cell) > maxCell:
		return fmt.Sprintf("is longer than %d bytes", maxCell)
	case formula(cell):
		return "begins as a formula of a spreadsheet does"
	case strings.ContainsFunc(cell, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0x7f }):
		return "holds a control character"
	}
	switch c.kind {
	case isTime:
		m, why := readMoment(cell, t.zone)
		if why != "" {
			return why
		}
		row.Times[c.name] = m
		return ""
	case isCode:
		cell = strings.ToLower(cell)
		if !slices.Contains(c.codes, cell) {
			return fmt.Sprintf("%q is none of %s", clip(cell), strings.Join(c.codes, ", "))
		}
	case isWhole:
		if _, err := strconv.ParseInt(cell, 10, 64); err != nil {
			return fmt.Sprintf("%q is no whole number", clip(cell))
		}
	}
	row.Texts[c.name] = cell
	return ""
}

// digest is what a row says, whatever its number in the file and however its
// times are written.
func (t *tableReader) digest(row TableRow) jurat.Digest {
	h := sha256.New()
	put := func(s string) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(s)))
		_, _ = h.Write(n[:]) // a hash takes every byte
		_, _ = io.WriteString(h, s)
	}
	put(string(t.im.Kind))
	for _, c := range t.im.Kind.columns() {
		put(c.name)
		put(row.Texts[c.name])
		if m, ok := row.Times[c.name]; ok {
			put(m.First.Format(time.RFC3339Nano))
			put(m.Last.Format(time.RFC3339Nano))
		} else {
			put("")
		}
	}
	var d jurat.Digest
	h.Sum(d[:0])
	return d
}

// The spellings of a local time that are read. One with the month and the day
// in either order is none of them: nobody can tell which it is.
var localTimes = [...]string{"2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02T15:04"}

// readMoment reads a time. With an offset it is one moment. A local time that
// the clock skips never was; one that it shows twice is two moments.
func readMoment(s string, zone *time.Location) (Moment, string) {
	plausible := func(at time.Time) bool { return at.Year() >= 1970 && at.Year() < 2100 }
	for _, layout := range [...]string{time.RFC3339, "2006-01-02 15:04:05Z07:00"} {
		if at, err := time.Parse(layout, s); err == nil {
			if !plausible(at) {
				return Moment{}, fmt.Sprintf("%q is no time of these years", clip(s))
			}
			return Moment{at.UTC(), at.UTC()}, ""
		}
	}
	for _, layout := range localTimes {
		wall, err := time.Parse(layout, s)
		if err != nil {
			continue
		}
		if !plausible(wall) {
			return Moment{}, fmt.Sprintf("%q is no time of these years", clip(s))
		}
		var at []time.Time
		for _, probe := range [...]time.Duration{-26 * time.Hour, 26 * time.Hour} {
			_, offset := wall.Add(probe).In(zone).Zone()
			candidate := wall.Add(-time.Duration(offset) * time.Second)
			if local := candidate.In(zone); local.Format(layout) == wall.Format(layout) && !slices.ContainsFunc(at, candidate.Equal) {
				at = append(at, candidate.UTC())
			}
		}
		if len(at) == 0 {
			return Moment{}, fmt.Sprintf("%q never was in %s: the clock was set forward over it", s, zone)
		}
		slices.SortFunc(at, time.Time.Compare)
		return Moment{at[0], at[len(at)-1]}, ""
	}
	return Moment{}, fmt.Sprintf("%q is no time: want 2026-01-31T14:05:00-06:00, or 2026-01-31 14:05 for a local one", clip(s))
}
