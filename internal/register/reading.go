package register

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"jurat"
)

// ReadSQLite opens the database in a file for reading only: it makes and
// changes no file beside it, brings nothing up to date, and may be used while
// another program writes. NotFound: there is no such file. Unavailable: the
// file is no database of ours, or of an older or newer program.
func ReadSQLite(ctx context.Context, file string) (*Register, error) {
	d := sqliteDialect()
	name, still, done, err := readingName(file)
	if err != nil {
		return nil, err
	}
	open := func(ctx context.Context, _ bool) (*sqliteConn, error) {
		c, err := connectSQLite(ctx, name)
		for _, p := range pragmasReading {
			if err == nil {
				err = c.pragma(ctx, p.name, p.value, p.reads)
			}
		}
		if err != nil && c != nil {
			c.close()
		}
		return c, err
	}
	e := &sqliteEngine{dialect: d, open: open, still: still, done: done, quit: make(chan struct{}), gone: make(chan struct{})}
	e.pool()
	close(e.gone) // there is no committer
	r := &Register{engine: e, dialect: d, readers: true}
	if err := migrated(ctx, e, d); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// ReadPostgres opens the database at a connection string for reading only, and
// brings nothing up to date.
func ReadPostgres(ctx context.Context, dsn string) (*Register, error) {
	return openPostgres(ctx, dsn, true)
}

// readingName gives the name under which SQLite reads a file and leaves no
// trace, a check to make after each reading, and what to do in the end.
//
// A database with its -wal and -shm is read as others do. Without them SQLite
// would make both; then nobody has the database open, and it is read as a file
// that does not change, provided that afterwards it has not. A -wal without
// its -shm is a copy somebody made: it is copied once more, out of the way.
func readingName(file string) (name string, still func() error, done func() error, err error) {
	still, done = func() error { return nil }, func() error { return nil }
	before, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil, nil, jurat.Because(jurat.NotFound, err, "there is no register here")
	}
	if err != nil {
		return "", nil, nil, jurat.Because(jurat.Unavailable, err, "open the register")
	}
	query := "mode=ro"
	switch log, shared := size(file+"-wal"), size(file+"-shm"); {
	case log >= 0 && shared >= 0:
	case log <= 0:
		query = "mode=ro&immutable=1"
		still = func() error {
			after, err := os.Stat(file)
			if err != nil {
				return jurat.Because(jurat.Unavailable, err, "read the register")
			}
			if size(file+"-wal") > 0 || after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
				return jurat.Errorf(jurat.Unavailable, "the register was written to while it was read; read it again")
			}
			return nil
		}
	default:
		dir, err := os.MkdirTemp("", "jurat-register-")
		if err != nil {
			return "", nil, nil, jurat.Because(jurat.Unavailable, err, "copy the register to read it")
		}
		done = func() error { return os.RemoveAll(dir) }
		copied := filepath.Join(dir, "register.sqlite")
		if err := errors.Join(copyFile(copied, file), copyFile(copied+"-wal", file+"-wal")); err != nil {
			return "", nil, nil, jurat.Because(jurat.Unavailable, errors.Join(err, done()), "copy the register to read it")
		}
		file, query = copied, "mode=rw"
	}
	name, err = fileURI(file, query)
	if err != nil {
		err = errors.Join(err, done())
	}
	return name, still, done, err
}

// size is the size of a file, -1 where there is none.
func size(file string) int64 {
	info, err := os.Stat(file)
	if err != nil {
		return -1
	}
	return info.Size()
}

func copyFile(to, from string) error {
	r, err := os.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return errors.Join(err, w.Close())
}
