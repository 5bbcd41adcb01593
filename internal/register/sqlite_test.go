package register_test

import (
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
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		postgres.Stop()
		os.Exit(code)
	}))
}

func openSQLite(t testing.TB) *register.Register {
	t.Helper()
	r, err := register.OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "register.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func TestSQLite(t *testing.T) {
	registertest.Run(t, func(t *testing.T) *register.Register { return openSQLite(t) })
}
