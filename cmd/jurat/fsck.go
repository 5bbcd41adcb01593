package main

import (
	"context"
	"path/filepath"

	"jurat/internal/fsck"
	"jurat/internal/register"
	"jurat/internal/vault/dirstore"
)

type fsckVerb struct{}

func (fsckVerb) Help() string {
	return "Example:\n  jurat fsck --dir /srv/record --json\n\nReads everything and changes nothing. Exit 0 intact, 1 altered, 3 could not tell. Events awaiting a checkpoint, orphan blobs and temporary files are notes."
}

func (v *fsckVerb) Run(ctx context.Context, c *call) error {
	dir, err := c.dir()
	if err != nil {
		return err
	}
	r := c.doubt(ctx, dir)
	return c.judge(dir, reportOf(r.Answer, r.Findings, r.NotChecked), r.Notes)
}

// doubt opens a record read-only, without the rooms that write it.
func (c *call) doubt(ctx context.Context, dir string) fsck.Report {
	s, err := readSettings(dir)
	if err != nil {
		return fsck.Unreadable(settingsFile, err)
	}
	keys, err := readKeys(s.Keys)
	if err != nil {
		return fsck.Unreadable("keys", err)
	}
	rows, err := readRegister(ctx, dir, s)
	if err != nil {
		return fsck.Unreadable(registerFile, err)
	}
	defer rows.Close()
	r := fsck.Record{
		Rows: rows, Ledger: filepath.Join(dir, ledgerFolder), KEK: keys.wrapping, Duplicates: keys.duplicates,
		LogKey: keys.log.Public, Keys: keys.listed(), Mirrors: s.Mirrors, Progress: c.gauge("checked", 0).reach,
	}
	if store, err := dirstore.Open(filepath.Join(dir, vaultFolder)); err == nil {
		r.Blobs = store
	}
	return sound(ctx, rows, doubtStaged(ctx, r, s.Keys, fsck.Check(ctx, r)))
}

// sound adds what the database says of itself to what its rows say.
func sound(ctx context.Context, rows *register.Register, found fsck.Report) fsck.Report {
	checked := false
	err := rows.Read(ctx, func(tx *register.Tx) (err error) {
		checked, err = tx.Sound()
		return err
	})
	if err != nil {
		more := fsck.Unreadable(registerFile, err)
		found.Findings = append(found.Findings, more.Findings...)
		if found.Answer != fsck.Altered {
			found.Answer = more.Answer
		}
	} else if !checked {
		found.NotChecked = append(found.NotChecked, "whether the tables of the database and the indexes they are read by agree: this engine is not asked")
	}
	return found
}

// readRegister opens the database for reading only.
func readRegister(ctx context.Context, dir string, s settings) (*register.Register, error) {
	if s.Database != "" {
		return register.ReadPostgres(ctx, s.Database)
	}
	return register.ReadSQLite(ctx, filepath.Join(dir, registerFile))
}
