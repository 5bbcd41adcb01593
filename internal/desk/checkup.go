package desk

import (
	"context"
	"encoding/json"
	"time"

	"jurat"
	"jurat/internal/register"
)

// The kinds of journal lines about the whole record.
const (
	kindChecked = "checked"
	kindBackup  = "backup"
)

// A Checkup is what came of deriving again everything a record holds: how much
// was found, and never what or where, which whoever runs the machine reads.
type Checkup struct {
	At         time.Time `json:"at"`
	Answer     string    `json:"answer"`         // intact, altered, could not tell
	Altered    int       `json:"altered"`        // findings
	Unsure     int       `json:"could_not_tell"` // findings
	NotChecked int       `json:"not_checked"`
}

// checkupKept is how long the last checkup, or backup, is told; its line stays.
const checkupKept = 400 * 24 * time.Hour

// LastCheckup is what came of the last checkup that was kept. For whoever may
// read the security journal. NotFound: there was none in four hundred days.
func (d *Desk) LastCheckup(ctx context.Context, c Caller, at time.Time) (Checkup, error) {
	var k Checkup
	err := d.read(ctx, c, at, actionJournal, "", func(tx *register.Tx, _ hand) error {
		row, err := lastLine(tx, kindChecked, at)
		if err != nil {
			return err
		}
		err = json.Unmarshal([]byte(row.Detail), &k)
		k.At = row.At
		return err
	})
	return k, err
}

// KeepCheckup puts what came of a checkup in the security journal, with who
// asked for it: for whoever may read that.
func (d *Desk) KeepCheckup(ctx context.Context, c Caller, at time.Time, k Checkup) error {
	return d.keepLine(ctx, c, at, actionJournal, kindChecked, struct {
		Checkup
		Alert bool `json:"alert,omitempty"`
	}{k, k.Answer == "altered"})
}

// A Backup says that somebody stated that a backup was made, and when they did.
type Backup struct {
	At time.Time      `json:"at"`
	By jurat.PersonID `json:"by,omitempty"` // empty: whoever runs the machine
}

// StateBackup puts in the security journal that whoever calls states that a
// backup was made now: this program makes none and sees none. For whoever lets
// people in.
func (d *Desk) StateBackup(ctx context.Context, c Caller, at time.Time) error {
	return d.keepLine(ctx, c, at, actionAdmit, kindBackup, struct{}{})
}

// LastBackup is the last backup that somebody stated. For whoever lets people in.
// NotFound: nobody did in four hundred days.
func (d *Desk) LastBackup(ctx context.Context, c Caller, at time.Time) (Backup, error) {
	var b Backup
	err := d.read(ctx, c, at, actionAdmit, "", func(tx *register.Tx, _ hand) error {
		row, err := lastLine(tx, kindBackup, at)
		b = Backup{row.At, row.Person}
		return err
	})
	return b, err
}

// lastLine is the last line of a kind, if it is not too old to tell.
func lastLine(tx *register.Tx, kind string, at time.Time) (register.JournalRow, error) {
	rows, err := tx.JournalOf(kind, "", jurat.At(at).Add(-checkupKept))
	if err == nil && len(rows) == 0 {
		err = jurat.Errorf(jurat.NotFound, "the journal has no line of that kind")
	}
	if err != nil {
		return register.JournalRow{}, err
	}
	return rows[len(rows)-1], nil
}

// keepLine writes one line for somebody who may do an action.
func (d *Desk) keepLine(ctx context.Context, c Caller, at time.Time, action jurat.Act, kind string, detail any) error {
	var office jurat.OfficeID
	err := d.read(ctx, c, at, action, "", func(_ *register.Tx, h hand) error { office = h.Office; return nil })
	if err != nil {
		return err
	}
	text, err := json.Marshal(detail)
	if err != nil {
		return err
	}
	return d.register.Write(ctx, func(tx *register.Tx) error {
		if _, err := tx.Lock(register.House); err != nil {
			return err
		}
		_, err := tx.Journal(register.JournalRow{At: jurat.At(at), Kind: kind, Person: c.Person, Office: office, Detail: string(text)})
		return err
	})
}
