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
	return doubtStaged(ctx, r, s.Keys, fsck.Check(ctx, r))
}

// readRegister opens the database for reading only.
func readRegister(ctx context.Context, dir string, s settings) (*register.Register, error) {
	if s.Database != "" {
		return register.ReadPostgres(ctx, s.Database)
	}
	return register.ReadSQLite(ctx, filepath.Join(dir, registerFile))
}
