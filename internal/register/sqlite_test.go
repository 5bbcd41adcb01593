package register_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"jurat/internal/register"
	"jurat/internal/register/registertest"
)

// postgres is the server of this program's tests.
var postgres registertest.Postgres

func TestMain(m *testing.M) {
	if os.Getenv("REGISTER_CHILD") != "" {
		child()
		os.Exit(0)
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		postgres.Stop()
		os.Exit(code)
	}))
}

func closeAfter(t testing.TB, c interface{ Close() error }) {
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
}

func openSQLite(t testing.TB) *register.Register {
	t.Helper()
	r, err := register.OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "register.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(t, r)
	return r
}

func sqlitePlace(t *testing.T) registertest.Place {
	t.Helper()
	file := filepath.Join(t.TempDir(), "register.sqlite")
	r, err := register.OpenSQLite(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(t, r)
	return registertest.Place{
		Register: r,
		Again:    func(ctx context.Context) (*register.Register, error) { return register.OpenSQLite(ctx, file) },
		Reading:  func(ctx context.Context) (*register.Register, error) { return register.ReadSQLite(ctx, file) },
		Raw:      raw(t, "sqlite", "file:"+file+"?_pragma=busy_timeout(5000)&_pragma=recursive_triggers(1)"),
	}
}

func raw(t *testing.T, driver, name string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(t, db)
	return db
}

func TestSQLite(t *testing.T) { registertest.Run(t, sqlitePlace) }
