package desk

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"time"

	"jurat"
	"jurat/internal/register"
)

// note puts an entry in the security journal, and with it what its quiet
// minute held back. An entry that only repeats another of the same minute is
// counted, and stands in the journal once the minute is over.
func (d *Desk) note(ctx context.Context, at time.Time, e entry) error {
	at = jurat.At(at)
	lines := d.quiet.admit(at, e)
	if e.kind == kindRefused && wallOf(e.why) != "" {
		return d.watchOver(ctx, at, e, lines)
	}
	return d.writeLines(ctx, lines)
}

func (d *Desk) writeLines(ctx context.Context, lines []register.JournalRow) error {
	if len(lines) == 0 {
		return nil
	}
	return d.register.Write(ctx, func(tx *register.Tx) error {
		for _, line := range lines {
			if _, err := tx.Journal(line); err != nil {
				return err
			}
		}
		return nil
	})
}

// digestEvery is how often the security journal's digest enters the ledger
// (§6).
const digestEvery = time.Hour

// DigestJournal puts the digest of the journal's new lines in the ledger, when
// the oldest of them has waited an hour. It does nothing otherwise.
func (d *Desk) DigestJournal(ctx context.Context, at time.Time) error {
	at = jurat.At(at)
	if err := d.writeLines(ctx, d.quiet.over(at)); err != nil {
		return err
	}
	due := false
	err := d.register.Read(ctx, func(tx *register.Tx) (err error) {
		_, due, err = digestDue(tx, at)
		return err
	})
	if err != nil || !due {
		return err
	}
	return d.register.Write(ctx, func(tx *register.Tx) error {
		if _, err := tx.Lock(register.House); err != nil {
			return err
		}
		last, due, err := digestDue(tx, at) // somebody else may have written it meanwhile
		if err != nil || !due {
			return err
		}
		digest, to, err := digestLines(tx, last)
		if err != nil {
			return err
		}
		house, err := d.standing(tx)
		if err != nil {
			return err
		}
		system := hand{Hand: jurat.Hand{Actor: jurat.Actor{Via: jurat.ViaSystem}}, own: true, house: house}
		_, err = d.record(tx, system, at, jurat.DigestJournal(jurat.JournalDigest{From: last + 1, To: to, Digest: digest}))
		return err
	})
}

// digestDue says to which line the digests on the record go, and whether the
// next line has waited an hour.
func digestDue(tx *register.Tx, at time.Time) (last int64, due bool, err error) {
	if last, err = digestedTo(tx); err != nil {
		return 0, false, err
	}
	rows, err := tx.JournalSince(last, 1)
	return last, err == nil && len(rows) == 1 && at.Sub(rows[0].At) >= digestEvery, err
}

// digestedTo is the last line a digest on the record covers.
func digestedTo(tx *register.Tx) (int64, error) {
	last, err := load[jurat.JournalDigest](tx, jurat.DigestJournal(jurat.JournalDigest{}).Item)
	if errors.Is(err, jurat.NotFound) {
		return 0, nil
	}
	return last.To, err
}

// digestLines is the SHA-256 of every line after one, each as the JSON of its
// row and a newline.
func digestLines(tx *register.Tx, after int64) (jurat.Digest, int64, error) {
	h := sha256.New()
	for {
		rows, err := tx.JournalSince(after, 1000)
		if err != nil {
			return jurat.Digest{}, 0, err
		}
		for _, row := range rows {
			line, err := json.Marshal(row)
			if err != nil {
				return jurat.Digest{}, 0, err
			}
			h.Write(append(line, '\n'))
			after = row.N
		}
		if len(rows) < 1000 {
			return jurat.Digest(h.Sum(nil)), after, nil
		}
	}
}

// JournalBack lists the security journal's lines before a number, the newest
// first; 0: from the end. For auditors, administrators and the local operator;
// a line about an incident that a court's order hides from them is without its number.
func (d *Desk) JournalBack(ctx context.Context, c Caller, at time.Time, before int64, limit int) ([]register.JournalRow, error) {
	if err := d.writeLines(ctx, d.quiet.over(jurat.At(at))); err != nil {
		return nil, err
	}
	var rows []register.JournalRow
	err := d.read(ctx, c, at, actionJournal, "", func(tx *register.Tx, h hand) error {
		var err error
		rows, err = tx.JournalBefore(before, limit)
		h.house.unnamed(h, rows)
		return err
	})
	return rows, err
}

// Journal lists the security journal's lines after a number: refused attempts,
// searches, lists. For auditors, administrators and the local operator; a line
// about an incident that a court's order hides from them is without its number.
func (d *Desk) Journal(ctx context.Context, c Caller, at time.Time, after int64, limit int) ([]register.JournalRow, error) {
	if err := d.writeLines(ctx, d.quiet.over(jurat.At(at))); err != nil {
		return nil, err
	}
	var rows []register.JournalRow
	err := d.read(ctx, c, at, actionJournal, "", func(tx *register.Tx, h hand) error {
		var err error
		rows, err = tx.JournalSince(after, limit)
		h.house.unnamed(h, rows)
		return err
	})
	return rows, err
}

// unnamed takes out of lines of the journal the numbers of incidents that a
// court's order hides from who reads them. The lines stay, for what they say of who
// tried what; and so do the rows, which the digests cover.
func (s *standing) unnamed(h hand, rows []register.JournalRow) {
	for i, row := range rows {
		if row.Incident != "" && s.hides(h, row.Incident) {
			rows[i].Incident = ""
		}
	}
}
