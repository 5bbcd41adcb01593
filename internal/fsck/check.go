package fsck

import (
	"context"
	"crypto/cipher"
	"errors"
	"io/fs"
	"iter"
	"os"

	"jurat"
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

	folder func(dir string) fs.FS // nil: the operating system's
}

// Check looks at everything in a record and says what it found. It never
// fails: what could not be read is a finding. A ctx that ends is one too.
//
// A record that is behind what its own ledger, a mirror or a witness shows to
// have been published is altered: leaves were committed to, and are not there.
// Leaves whose events are lost, recovered from a mirror, are could not tell.
func Check(ctx context.Context, r Record) Report {
	c := &check{
		findings: &findings{}, ctx: ctx, rec: r,
		keys: map[string]recordedKey{}, adopted: map[jurat.Digest]int64{}, issuers: map[string]string{}, misnamed: map[format.KeyKind]Finding{}, years: map[int]int64{},
		writs: map[jurat.ItemID]*writ{},
	}
	c.openKEK()
	c.checkRows()
	c.checkLedger()
	c.checkBytes()
	c.settleKeys()
	return c.report()
}

// A check is one run. What the rows of the house say is kept for what comes
// after: who may have signed, which orders were in force, which keys followed
// which.
type check struct {
	*findings
	ctx context.Context
	rec Record

	kek     cipher.AEAD // nil: not at hand
	opened  int64       // wrapped keys the KEK opened
	stuck   []stuck     // those it did not
	kekName kekName

	tagged     int64                      // tags the duplicates key gives
	untagged   []stuck                    // those it does not
	dupMatches bool                       // ledger/keys.jsonl names the duplicates key at hand
	misnamed   map[format.KeyKind]Finding // secret keys at hand that it does not name

	keys      map[string]recordedKey // of persons, by person and thumbprint
	adopted   map[jurat.Digest]int64 // texts of orders, and where in the log their adoption stands
	issuers   map[string]string      // origins named by leaves, and where first
	origins   []string               // of the logs the record has had
	digests   []journalDigest
	rotations []rotation
	gaps      []gap
	lines     int64         // of the security journal, by their series of numbers
	taken     []taken       // dossiers taken in from other records
	years     map[int]int64 // the last incident of each
	writs     map[jurat.ItemID]*writ

	pending map[jurat.EventID]int64 // events awaiting an index, and their order
	walked  int64                   // events of all chains that have an index
	blind   bool                    // a folder of ledger/ could not be listed
	queries int64                   // asked of the index of words
	read    int64                   // sealed bytes
}

// rows makes a row reader of register a sequence. It ends at the first error,
// which it gives.
func rows[T any](each func(int64, func(T) error) error, log int64) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		done := errors.New("enough")
		err := each(log, func(row T) error {
			if !yield(row, nil) {
				return done
			}
			return nil
		})
		if err != nil && !errors.Is(err, done) {
			var none T
			yield(none, err)
		}
	}
}

// open gives a folder for reading.
func (r Record) open(dir string) fs.FS {
	if r.folder != nil {
		return r.folder(dir)
	}
	return os.DirFS(dir)
}
