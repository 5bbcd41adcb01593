package register_test

import (
	"context"
	"errors"
	"testing"

	"jurat"
	"jurat/internal/register"
	"jurat/internal/register/registertest"
)

func postgresPlace(t *testing.T) registertest.Place {
	t.Helper()
	dsn := postgres.Database(t)
	r, err := register.OpenPostgres(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(t, r)
	return registertest.Place{
		Register: r,
		Again:    func(ctx context.Context) (*register.Register, error) { return register.OpenPostgres(ctx, dsn) },
		Reading:  func(ctx context.Context) (*register.Register, error) { return register.ReadPostgres(ctx, dsn) },
		Raw:      raw(t, "pgx", dsn),
	}
}

func TestPostgres(t *testing.T) { registertest.Run(t, postgresPlace) }

func TestAWriteThatLostARaceIsRunAgain(t *testing.T) {
	t.Run("postgres", func(t *testing.T) { register.Retried(t, postgresPlace(t).Register) })
	t.Run("sqlite", func(t *testing.T) { register.Retried(t, sqlitePlace(t).Register) })
}

func TestPostgresAfterACommitOfUnknownOutcomeNothingIsWritten(t *testing.T) {
	register.UnknownOnPostgres(t, postgresPlace(t).Register)
}

func TestAConnectionLostBeforeTheCommitSavesNothing(t *testing.T) {
	p := postgresPlace(t)
	register.KilledBeforeCommit(t, p.Register, p.Raw)
}

func TestADatabaseThatCannotBeReachedIsUnavailable(t *testing.T) {
	for _, dsn := range []string{"host=" + t.TempDir() + " user=jurat", "postgres://%zz"} {
		if _, err := register.OpenPostgres(t.Context(), dsn); !errors.Is(err, jurat.Unavailable) {
			t.Errorf("OpenPostgres: %v", err)
		}
	}
}
