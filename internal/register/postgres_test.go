package register_test

import (
	"context"
	"testing"

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
