package register

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"jurat"
)

func postgresDialect() *dialect {
	return &dialect{
		name:       "postgres",
		now:        "(extract(epoch from now()) * 1000000)::bigint",
		lock:       " for no key update",
		searchFrom: "search_doc d",
		searchIn:   "d.lexemes @@ $1::text::tsquery",
		searchKey:  "d.n",
		searchBare: "search_doc d",
		texts:      "select jsonb_array_elements_text($1::text::jsonb)",
		match: func(all []wanted) string {
			var b strings.Builder
			for i, w := range all {
				if i > 0 {
					b.WriteString(" & ")
				}
				b.WriteString("('" + strings.Join(w.words, "' | '") + "'")
				if w.begins {
					b.WriteString(":*")
				}
				b.WriteString(")")
			}
			return b.String()
		},
		fault: postgresFault,
		scrub: []string{"vacuum disclosure", "vacuum sealed", "vacuum blob", "vacuum blob_key", "vacuum parcel", "vacuum upload", "vacuum upload_part", "vacuum search_doc"},
	}
}

func postgresFault(err error) fault {
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return faultOther
	}
	switch {
	case e.Code == "23505": // unique_violation
		return faultTwice
	case strings.HasPrefix(e.Code, "23"):
		return faultRefused
	case e.Code == "40001", e.Code == "40P01", e.Code == "55P03": // serialization, deadlock, lock_not_available
		return faultAgain
	case e.Code == "53100": // disk_full
		return faultFull
	}
	return faultOther
}

// OpenPostgres opens the database at a connection string and brings an older
// one up to this program. Unavailable: it cannot be reached, keeps text in
// another encoding than UTF-8, or is of a newer program.
func OpenPostgres(ctx context.Context, dsn string) (*Register, error) {
	return openPostgres(ctx, dsn, false)
}

func openPostgres(ctx context.Context, dsn string, reading bool) (*Register, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "the connection string of the database cannot be read")
	}
	config.RuntimeParams["application_name"] = "jurat"
	config.RuntimeParams["timezone"] = "UTC"
	config.RuntimeParams["synchronous_commit"] = "on" // durable when nil
	config.RuntimeParams["default_transaction_isolation"] = "read committed"
	config.RuntimeParams["idle_in_transaction_session_timeout"] = "60000"
	if reading {
		config.RuntimeParams["default_transaction_read_only"] = "on"
	}
	d := postgresDialect()
	e := &postgresEngine{dialect: d, db: stdlib.OpenDB(*config)}
	e.db.SetMaxOpenConns(postgresConns)
	e.db.SetMaxIdleConns(postgresConns)
	e.commit = (*sql.Tx).Commit
	r := &Register{engine: e, dialect: d, readers: reading}
	if err := e.check(ctx); err != nil {
		r.Close()
		return nil, err
	}
	if reading {
		err = migrated(ctx, e, d)
	} else {
		err = migrate(ctx, e, d)
	}
	if err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

const (
	postgresConns = 16
	postgresTries = 20
)

// A postgresEngine gives every write a transaction of its own. Chains are kept
// apart by the lock of their head's row; what lost a race is run again.
type postgresEngine struct {
	dialect *dialect
	db      *sql.DB
	failed  atomic.Pointer[jurat.Error] // why nothing is written any more
	commit  func(*sql.Tx) error
}

// check asserts what the promises rest on.
func (e *postgresEngine) check(ctx context.Context) error {
	for name, want := range map[string]string{"server_encoding": "UTF8", "synchronous_commit": "on"} {
		var got string
		if err := e.db.QueryRowContext(ctx, "select current_setting($1)", name).Scan(&got); err != nil {
			return jurat.Because(jurat.Unavailable, err, "the database cannot be reached")
		}
		if got != want {
			return jurat.Errorf(jurat.Unavailable, "the database has %s at %q and not at %q: it would not keep its promises", name, got, want)
		}
	}
	return nil
}

func (e *postgresEngine) write(ctx context.Context, fn func(*Tx) error) error {
	return e.retry(ctx, sql.TxOptions{}, func(tx *sql.Tx) error {
		return e.within(ctx, tx, true, fn)
	})
}

func (e *postgresEngine) within(ctx context.Context, tx *sql.Tx, writes bool, fn func(*Tx) error) error {
	t := &Tx{ctx: ctx, session: &postgresSession{tx: tx}, dialect: e.dialect, writes: writes}
	defer t.end()
	err := fn(t)
	if t.broken != nil && (err == nil || e.dialect.fault(t.broken) == faultAgain) {
		return t.broken
	}
	return err
}

// retry runs fn in a transaction, again while others are in its way.
func (e *postgresEngine) retry(ctx context.Context, options sql.TxOptions, fn func(*sql.Tx) error) error {
	for try := 1; ; try++ {
		if err := e.failed.Load(); err != nil {
			return err
		}
		err := e.once(ctx, options, fn)
		if err == nil || try == postgresTries || e.dialect.fault(err) != faultAgain {
			return err
		}
		wait := time.NewTimer(time.Duration(rand.Int64N(int64(time.Millisecond) << min(try, 6))))
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			return given(ctx)
		}
	}
}

func (e *postgresEngine) once(ctx context.Context, options sql.TxOptions, fn func(*sql.Tx) error) error {
	// A caller that stops waiting ends a statement, never a commit under way.
	tx, err := e.db.BeginTx(context.WithoutCancel(ctx), &options)
	if err != nil {
		return explain(e.dialect, ctx, err)
	}
	defer func() { _ = tx.Rollback() }() // nothing, once it is committed
	if err := fn(tx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return given(ctx)
	}
	err = e.commit(tx)
	switch {
	case err == nil:
		return nil
	case e.dialect.fault(err) != faultOther, errors.Is(err, pgx.ErrTxCommitRollback), pgconn.SafeToRetry(err):
		return explain(e.dialect, ctx, err) // known not to have happened
	}
	unknown := outcomeUnknown(err)
	e.failed.CompareAndSwap(nil, unknown)
	return unknown
}

func (e *postgresEngine) read(ctx context.Context, fn func(*Tx) error) error {
	tx, err := e.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return explain(e.dialect, ctx, err)
	}
	defer func() { _ = tx.Rollback() }() // it only read
	return e.within(ctx, tx, false, fn)
}

// alone lets one program at a time change the schema.
func (e *postgresEngine) alone(ctx context.Context, fn func(session) error) error {
	// Made on its own: two that make it at once trip over each other, once, and
	// where it could not be made the lock below says why.
	_, _ = e.db.ExecContext(ctx, "create table if not exists migration_turn (turn bigint)")
	return e.retry(ctx, sql.TxOptions{}, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "lock table migration_turn in exclusive mode"); err != nil {
			return explain(e.dialect, ctx, err)
		}
		return fn(&postgresSession{tx: tx})
	})
}

func (e *postgresEngine) outside(ctx context.Context, statements []string) error {
	for _, s := range statements {
		if _, err := e.db.ExecContext(ctx, s); err != nil {
			return explain(e.dialect, ctx, err)
		}
	}
	return nil
}

func (e *postgresEngine) close() error { return e.db.Close() }

type postgresSession struct{ tx *sql.Tx }

func (s *postgresSession) exec(ctx context.Context, query string, args ...any) (int64, error) {
	r, err := s.tx.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (s *postgresSession) script(ctx context.Context, statements string) error {
	_, err := s.tx.ExecContext(ctx, statements)
	return err
}

func (s *postgresSession) query(ctx context.Context, query string, args []any, row func(cells) error) (err error) {
	rows, err := s.tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() {
		if e := rows.Close(); err == nil {
			err = e
		}
	}()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values := make([]any, len(columns))
	into := make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	one := make(cells, len(columns))
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("read a row: %w", err)
		}
		for i, v := range values {
			one[i] = v
		}
		if err := row(one); err != nil {
			return err
		}
	}
	return rows.Err()
}
