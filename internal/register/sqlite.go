package register

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"jurat"
)

func sqliteDialect() *dialect {
	return &dialect{
		name:       "sqlite",
		now:        "cast(round(unixepoch('subsec') * 1000) as integer) * 1000",
		searchFrom: "search_index f join search_doc d on d.n = f.rowid",
		searchIn:   "search_index match $1",
		searchKey:  "f.rowid",
		searchBare: "search_index f",
		nextWord:   "select term from search_term where term >= $1 order by term limit 1",
		texts:      "select value from json_each($1)",
		match: func(all []wanted) string {
			var b strings.Builder
			for i, w := range all {
				if i > 0 {
					b.WriteString(" AND ")
				}
				b.WriteString(`("` + strings.Join(w.words, `" OR "`) + `"`)
				if w.begins {
					b.WriteString(" *")
				}
				b.WriteString(")")
			}
			return b.String()
		},
		fault: sqliteFault,
		scrub: []string{"pragma wal_checkpoint(truncate)"},
		sound: "pragma integrity_check(20)",
	}
}

func sqliteFault(err error) fault {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return faultOther
	}
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return faultTwice
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_CONSTRAINT:
		return faultRefused
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return faultAgain
	case sqlite3.SQLITE_FULL:
		return faultFull
	}
	return faultOther
}

// What every connection is set to, and checked to be set to: a misspelt pragma
// is not an error to SQLite.
var (
	pragmas = [...]struct{ name, value, reads string }{
		{"busy_timeout", "10000", "10000"},
		{"journal_mode", "wal", "wal"},
		{"synchronous", "full", "2"},
		{"foreign_keys", "on", "1"},
		{"recursive_triggers", "on", "1"}, // so that REPLACE meets the triggers of DELETE
		{"secure_delete", "on", "1"},
		{"trusted_schema", "off", "0"},
		{"temp_store", "memory", "2"},
		{"cache_size", "-32768", "-32768"},
		{"wal_autocheckpoint", "8000", "8000"}, // 64 MiB: fewer pauses, and still little to recover
	}
	pragmasReading = [...]struct{ name, value, reads string }{
		{"busy_timeout", "10000", "10000"},
		{"query_only", "on", "1"},
		{"trusted_schema", "off", "0"},
		{"temp_store", "memory", "2"},
	}
)

// pageSize is taken by a new database only. Events and disclosures are one to
// three KiB: of the usual 4 KiB pages a third would be empty.
const pageSize = "pragma page_size = 8192"

// OpenSQLite opens the database in a file, makes it when there is none, and
// brings an older one up to this program. Unavailable: the file is no database
// of ours, or of a newer program.
func OpenSQLite(ctx context.Context, file string) (*Register, error) {
	d := sqliteDialect()
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600) // SQLite itself would let others read it
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "open the register")
	}
	f.Close()
	name, err := fileURI(file, "mode=rw")
	if err != nil {
		return nil, err
	}
	open := func(ctx context.Context, writes bool) (*sqliteConn, error) {
		c, err := connectSQLite(ctx, name)
		if err != nil {
			return nil, err
		}
		if err := c.script(ctx, pageSize); err != nil {
			c.close()
			return nil, explain(d, ctx, err)
		}
		for _, p := range pragmas {
			if err == nil {
				err = c.pragma(ctx, p.name, p.value, p.reads)
			}
		}
		if err == nil && !writes {
			err = c.pragma(ctx, "query_only", "on", "1")
		}
		if err != nil {
			c.close()
			return nil, fmt.Errorf("open %s: %w", filepath.Base(file), err)
		}
		return c, nil
	}
	left, _ := os.Stat(file + "-wal") // nil: nothing is left in it
	e, err := newSQLiteEngine(ctx, d, open)
	if err != nil {
		return nil, err
	}
	r := &Register{engine: e, dialect: d, watch: &watch{file: file + "-lease"}}
	if err := migrate(ctx, e, d); err != nil {
		r.Close()
		return nil, err
	}
	if left != nil && left.Size() > 0 {
		// A program that was killed while it committed left what can be read and may
		// not be durable; nobody acts on it before it is.
		if err := e.outside(ctx, []string{"pragma wal_checkpoint(passive)"}); err != nil {
			r.Close()
			return nil, err
		}
	}
	return r, nil
}

func fileURI(file, query string) (string, error) {
	abs, err := filepath.Abs(file)
	if err != nil {
		return "", jurat.Because(jurat.Unavailable, err, "open the register")
	}
	return (&url.URL{Scheme: "file", OmitHost: false, Path: filepath.ToSlash(abs), RawQuery: query}).String(), nil
}

// A sqliteConn is one connection, used past database/sql: its statements are
// compiled once, and a row costs no more than its values.
type sqliteConn struct {
	conn  driver.Conn
	stmts map[string]*sqliteStmt
	args  []driver.NamedValue
}

type sqliteStmt struct {
	driver.Stmt
	row  cells
	busy bool // a query of it is being read
}

func connectSQLite(ctx context.Context, name string) (*sqliteConn, error) {
	conn, err := (&sqlite.Driver{}).Open(name)
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "the database cannot be opened")
	}
	return &sqliteConn{conn: conn, stmts: map[string]*sqliteStmt{}}, nil
}

func (c *sqliteConn) close() error {
	var errs []error
	for _, s := range c.stmts {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, c.conn.Close())...)
}

// pragma sets a pragma and checks that it is set.
func (c *sqliteConn) pragma(ctx context.Context, name, value, reads string) error {
	if err := c.script(ctx, "pragma "+name+" = "+value); err != nil {
		return jurat.Because(jurat.Unavailable, err, "the database does not take %s", name)
	}
	got := ""
	err := c.query(ctx, "pragma "+name, nil, func(row cells) error { got = fmt.Sprint(row[0]); return nil })
	if err != nil || got != reads {
		return jurat.Because(jurat.Unavailable, err, "the database has %s at %q and not at %q: it would not keep its promises", name, got, reads)
	}
	return nil
}

func (c *sqliteConn) script(ctx context.Context, statements string) error {
	_, err := c.conn.(driver.ExecerContext).ExecContext(ctx, statements, nil)
	return err
}

// prepared gives the compiled statement, and what to do with it afterwards.
func (c *sqliteConn) prepared(ctx context.Context, query string) (*sqliteStmt, func(), error) {
	s := c.stmts[query]
	if s != nil && !s.busy {
		return s, nil, nil
	}
	stmt, err := c.conn.(driver.ConnPrepareContext).PrepareContext(ctx, query)
	if err != nil {
		return nil, nil, err
	}
	fresh := &sqliteStmt{Stmt: stmt}
	if s != nil || len(c.stmts) >= mostStatements { // in use further up, or too many: once only
		return fresh, func() { fresh.Close() }, nil
	}
	c.stmts[query] = fresh
	return fresh, nil, nil
}

// mostStatements keeps queries put together at run time from piling up.
const mostStatements = 256

func (c *sqliteConn) named(args []any) []driver.NamedValue {
	c.args = c.args[:0]
	for i, a := range args {
		c.args = append(c.args, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	return c.args
}

func (c *sqliteConn) exec(ctx context.Context, query string, args ...any) (int64, error) {
	s, done, err := c.prepared(ctx, query)
	if err != nil {
		return 0, err
	}
	if done != nil {
		defer done()
	}
	r, err := s.Stmt.(driver.StmtExecContext).ExecContext(ctx, c.named(args))
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// rollback ends a transaction. When it fails there is none to end, or the next
// begin fails and says so.
func (c *sqliteConn) rollback(ctx context.Context) { _, _ = c.exec(ctx, "rollback") }

func (c *sqliteConn) query(ctx context.Context, query string, args []any, row func(cells) error) (err error) {
	s, done, err := c.prepared(ctx, query)
	if err != nil {
		return err
	}
	if done != nil {
		defer done()
	}
	rows, err := s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, c.named(args))
	if err != nil {
		return err
	}
	s.busy = true
	defer func() {
		s.busy = false
		if e := rows.Close(); err == nil {
			err = e
		}
	}()
	if s.row == nil {
		s.row = make(cells, len(rows.Columns()))
	}
	for {
		err := rows.Next(s.row)
		if err == io.EOF { //nolint:errorlint // io.EOF itself ends the rows; an error that wraps it is a fault, not an end
			return nil
		}
		if err != nil {
			return err
		}
		if err := row(s.row); err != nil {
			return err
		}
	}
}
