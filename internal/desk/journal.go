package desk

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"jurat"
	"jurat/internal/register"
)

// digestEvery is how often the security journal's digest enters the ledger
// (§6).
const digestEvery = time.Hour

// DigestJournal puts the digest of the journal's new lines in the ledger, when
// the oldest of them has waited an hour. It does nothing otherwise.
func (d *Desk) DigestJournal(ctx context.Context, at time.Time) error {
	at = jurat.At(at)
	due, err := d.digestDue(ctx, at)
	if err != nil || !due {
		return err
	}
	return d.register.Write(ctx, func(tx *register.Tx) error {
		if _, err := tx.Lock(register.House); err != nil {
			return err
		}
		last, err := digestedTo(tx)
		if err != nil {
			return err
		}
		digest, to, err := digestLines(tx, last)
		if err != nil || to == last {
			return err
		}
		system := hand{Hand: jurat.Hand{Actor: jurat.Actor{Via: jurat.ViaSystem}}, own: true}
		_, err = d.record(tx, system, at, jurat.DigestJournal(jurat.JournalDigest{From: last + 1, To: to, Digest: digest}))
		return err
	})
}

func (d *Desk) digestDue(ctx context.Context, at time.Time) (bool, error) {
	var due bool
	err := d.register.Read(ctx, func(tx *register.Tx) error {
		last, err := digestedTo(tx)
		if err != nil {
			return err
		}
		rows, err := tx.JournalSince(last, 1)
		if err == nil && len(rows) == 1 {
			due = at.Sub(rows[0].At) >= digestEvery
		}
		return err
	})
	return due, err
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
	var text []byte
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
			text = append(append(text, line...), '\n')
			after = row.N
		}
		if len(rows) < 1000 {
			return jurat.DigestOf(text), after, nil
		}
	}
}

// Journal lists the security journal's lines after a number: refused attempts,
// searches, lists. For auditors, administrators and the local operator.
func (d *Desk) Journal(ctx context.Context, c Caller, at time.Time, after int64, limit int) ([]register.JournalRow, error) {
	var rows []register.JournalRow
	err := d.read(ctx, c, at, actionJournal, "", func(tx *register.Tx, h hand) error {
		var err error
		rows, err = tx.JournalSince(after, limit)
		return err
	})
	return rows, err
}
