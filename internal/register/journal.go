package register

import (
	"time"

	"jurat"
)

// A JournalRow is one line of the security journal: a refused attempt, a
// search, a list. It is not an event: the digest of many lines is.
type JournalRow struct {
	N        int64 // from 1, without gaps
	At       time.Time
	Kind     string // what it was, such as refused, searched, listed
	Person   jurat.PersonID
	Office   jurat.OfficeID
	Incident jurat.IncidentNumber // where it was about one
	Detail   string               // JSON; never a payload
}

// Journal adds a line and returns its number. A line is never changed or
// removed.
func (tx *Tx) Journal(j JournalRow) (int64, error) {
	n, err := tx.count("journal")
	if err != nil {
		return 0, err
	}
	_, err = tx.exec("insert into journal (n, at, kind, person, office, incident, detail) values ($1, $2, $3, $4, $5, $6, $7)",
		n, micros(j.At), j.Kind, string(j.Person), string(j.Office), string(j.Incident), j.Detail)
	return n, err
}

// JournalSince gives at most limit lines with a number above n, in order.
// Every line below the last one given is given: no later commit slips between.
func (tx *Tx) JournalSince(n int64, limit int) ([]JournalRow, error) {
	return tx.journal("where n > $1 order by n limit $2", n, int64(limit))
}

// JournalBefore gives at most limit lines with a number below n, the newest
// first; 0: from the end.
func (tx *Tx) JournalBefore(n int64, limit int) ([]JournalRow, error) {
	if n <= 0 {
		n = 1 << 62
	}
	return tx.journal("where n < $1 order by n desc limit $2", n, int64(limit))
}

// JournalOf gives the lines of a kind after a moment, in order; of one office,
// or "" of any.
func (tx *Tx) JournalOf(kind string, office jurat.OfficeID, since time.Time) ([]JournalRow, error) {
	if office == "" {
		return tx.journal("where kind = $1 and at > $2 order by n", kind, micros(since))
	}
	return tx.journal("where kind = $1 and office = $2 and at > $3 order by n", kind, string(office), micros(since))
}

func (tx *Tx) journal(where string, args ...any) ([]JournalRow, error) {
	var all []JournalRow
	err := tx.query("select n, at, kind, person, office, incident, detail from journal "+where, args, func(c cells) error {
		all = append(all, JournalRow{
			N: c.int(0), At: fromMicros(c.int(1)), Kind: c.text(2), Person: jurat.PersonID(c.text(3)),
			Office: jurat.OfficeID(c.text(4)), Incident: jurat.IncidentNumber(c.text(5)), Detail: c.text(6),
		})
		return nil
	})
	return all, err
}

// JournalLast is the number of the last line; 0 when there is none.
func (tx *Tx) JournalLast() (int64, error) {
	var n int64
	err := tx.query("select coalesce(max(n), 0) from journal", nil, func(c cells) error { n = c.int(0); return nil })
	return n, err
}
