package register

import "time"

// A Load is how much of a few things there is: for whoever runs the machine,
// and nothing about any of it.
type Load struct {
	Sessions    int64     // begun since a moment, and not ended
	Uploads     int64     // on their way in
	Drafts      int64     // of reports
	Journal     int64     // lines of the security journal
	Alerts      int64     // of its lines that say an office was refused again and again, since a moment
	Unsequenced int64     // events that await a place in the ledger
	Oldest      time.Time // when the oldest of them was; zero: there is none
}

// Load counts. Each number is found without reading the record.
func (tx *Tx) Load(begun, alerted time.Time) (Load, error) {
	var c Load
	var oldest int64
	for _, q := range []struct {
		query string
		args  []any
		into  *int64
	}{
		{"select count(*) from session where began > $1", []any{micros(begun)}, &c.Sessions},
		{"select count(*) from upload", nil, &c.Uploads},
		{"select count(*) from draft", nil, &c.Drafts},
		{"select coalesce(max(n), 0) from journal", nil, &c.Journal},
		{"select count(*) from journal where kind = $1 and at > $2", []any{"pattern", micros(alerted)}, &c.Alerts},
		{"select count(*) from pending", nil, &c.Unsequenced},
		{"select coalesce(min(d.at), 0) from pending p join disclosure d on d.event = p.event", nil, &oldest},
	} {
		if err := tx.query(q.query, q.args, func(row cells) error { *q.into = row.int(0); return nil }); err != nil {
			return c, err
		}
	}
	c.Oldest = moment(oldest)
	return c, nil
}
