package register_test

import (
	"testing"

	"jurat/internal/register"
	"jurat/internal/register/registertest"
)

func TestPostgres(t *testing.T) {
	registertest.Run(t, func(t *testing.T) *register.Register { return postgres.Open(t) })
}
