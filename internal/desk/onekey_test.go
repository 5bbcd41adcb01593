package desk_test

import (
	"errors"
	"testing"

	"jurat"
	"jurat/internal/desk/desktest"
)

// REF-1: a two-person act is two keys. One key file recorded for two people
// would let either of them be both.
func TestAKeyIsOnePersonsOnly(t *testing.T) {
	r := desktest.City(t)
	_, err := r.AddKey(t.Context(), r.As("administrator-1"), desktest.Noon, "officer-4472", r.Keys["officer-4471"].Public())
	if !errors.Is(err, jurat.Conflict) {
		t.Fatalf("recording one person's key for another: %v, want Conflict", err)
	}
}
