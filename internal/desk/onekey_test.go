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

// Nor one after the other: what the first signed would be the second's as well.
func TestAKeyThatWasTakenOffIsNobodyElses(t *testing.T) {
	r := desktest.City(t)
	ctx, by, key := t.Context(), r.As("administrator-1"), r.Keys["officer-4471"].Public()
	_, err := r.DropKey(ctx, by, desktest.Noon, "officer-4471", key.Thumbprint(), "it was lost")
	must(t, err)
	_, err = r.AddKey(ctx, by, desktest.Noon, "officer-4472", key)
	refused(t, err, jurat.Conflict, "on the record already, as officer-4471's")
	_, err = r.DropKey(ctx, by, desktest.Noon, "officer-4471", key.Thumbprint(), "again")
	refused(t, err, jurat.NotFound, "has no key")
	_, err = r.DropKey(ctx, by, desktest.Noon, "supervisor-1102", r.Keys["supervisor-1102"].Public().Thumbprint(), " ")
	refused(t, err, jurat.Invalid, "say why")
	_, err = r.AddKey(ctx, by, desktest.Noon, "officer-4471", key) // it was found
	must(t, err)
	_, err = r.AddKey(ctx, by, desktest.Noon, "officer-4471", key)
	refused(t, err, jurat.Conflict, "")
}
