package register

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"jurat"
)

// Migrations go forward only, have the same numbers on every engine, and are
// never edited once released: a database remembers the hash of each it had.
//
//go:embed migrate
var migrations embed.FS

// A migration is one step from the schema of one program to that of a later.
type migration struct {
	number int64 // from 1, without gaps
	name   string
	text   string
	hash   string // SHA-256 of the text, hexadecimal
}

func fileName(m migration) string { return fmt.Sprintf("%04d_%s", m.number, m.name) }

// migrationsOf lists an engine's migrations in order.
func migrationsOf(engine string) ([]migration, error) {
	files, err := fs.ReadDir(migrations, "migrate/"+engine)
	if err != nil {
		return nil, err
	}
	var all []migration
	for i, f := range files {
		text, err := migrations.ReadFile("migrate/" + engine + "/" + f.Name())
		if err != nil {
			return nil, err
		}
		number, name, _ := strings.Cut(strings.TrimSuffix(f.Name(), ".sql"), "_")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil || n != int64(i+1) || len(number) != 4 {
			return nil, fmt.Errorf("migration %s of %s: number %04d should come here", f.Name(), engine, i+1)
		}
		sum := sha256.Sum256(text)
		all = append(all, migration{n, name, string(text), hex.EncodeToString(sum[:])})
	}
	return all, nil
}

// migrate brings a database up to this program, in one transaction for all.
func migrate(ctx context.Context, e engine, d *dialect) error {
	todo, err := migrationsOf(d.name)
	if err != nil {
		return err
	}
	known := false
	err = e.read(ctx, func(tx *Tx) error {
		left, err := pendingMigrations(ctx, tx.session, todo)
		known = err == nil && len(left) == 0
		return nil // a database without the table says so by an error
	})
	if err != nil || known {
		return err
	}
	return e.alone(ctx, func(s session) error {
		if err := s.script(ctx, "create table if not exists migration (number bigint not null primary key, name text not null, sha256 text not null, at bigint not null)"); err != nil {
			return explain(d, ctx, err)
		}
		todo, err := pendingMigrations(ctx, s, todo)
		if err != nil {
			return err
		}
		for _, m := range todo {
			if err := s.script(ctx, m.text); err != nil {
				return fmt.Errorf("migration %s: %w", fileName(m), explain(d, ctx, err))
			}
			if _, err := s.exec(ctx, "insert into migration (number, name, sha256, at) values ($1, $2, $3, "+d.now+")", m.number, m.name, m.hash); err != nil {
				return fmt.Errorf("migration %s: %w", fileName(m), explain(d, ctx, err))
			}
		}
		return nil
	})
}

// migrated says whether a database opened for reading is this program's.
func migrated(ctx context.Context, e engine, d *dialect) error {
	known, err := migrationsOf(d.name)
	if err != nil {
		return err
	}
	return e.read(ctx, func(tx *Tx) error {
		left, err := pendingMigrations(ctx, tx.session, known)
		if err == nil && len(left) > 0 {
			err = jurat.Errorf(jurat.Unavailable, "the database was written by an older program: a command that writes brings it up to this one")
		}
		if _, ours := errors.AsType[*jurat.Error](err); err != nil && !ours {
			err = jurat.Because(jurat.Unavailable, err, "this is not a database of the record")
		}
		return err
	})
}

// pendingMigrations gives those the database has not had. Unavailable: it had
// one this program does not know, or knows otherwise.
func pendingMigrations(ctx context.Context, s session, known []migration) ([]migration, error) {
	var had int64
	err := s.query(ctx, "select number, sha256 from migration order by number", nil, func(c cells) error {
		had++
		switch n := c.int(0); {
		case n > int64(len(known)):
			return jurat.Errorf(jurat.Unavailable, "the database was written by a newer program (schema %d; this one knows %d): use that program or a newer one", n, len(known))
		case n != had || c.text(1) != known[n-1].hash:
			return jurat.Errorf(jurat.Unavailable, "schema step %d of the database is not this program's: it was made by another", n)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return known[had:], nil
}
