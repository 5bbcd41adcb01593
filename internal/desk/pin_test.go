package desk_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"testing"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
)

// Two offices that name one witness must not make the pinned keys unreadable;
// a witness under two keys, or a log under two, is refused where it is pinned.
func TestPinnedTrustGoesTogether(t *testing.T) {
	engines(t, func(t *testing.T, engine desktest.Engine) {
		city := desktest.CityOn(t, engine)
		ctx, admin := t.Context(), city.As("administrator-1")
		county, other := desktest.County(t), desktest.CountyOn(t, desktest.SQLite, "other.example/jurat")
		clerk, rival := witnessOf(t, "clerk.example"), witnessOf(t, "clerk.example")
		file := func(r *desktest.Record, witness string) []byte {
			trust := r.Trust()
			trust.Witnesses, trust.Quorum = []string{witness}, 1
			text, err := trust.Marshal()
			must(t, err)
			return text
		}
		pin := func(id jurat.OfficeID, r *desktest.Record, witness string) error {
			_, err := city.TrustOffice(ctx, admin, desktest.Noon, id, file(r, witness), "")
			return err
		}
		must(t, pin("county-prosecutor", county, clerk))
		must(t, pin("other-prosecutor", other, clerk))
		trust, err := city.Desk.Trust(ctx, admin, desktest.Noon)
		must(t, err)
		if len(trust.Offices) != 2 || len(trust.Witnesses) != 1 || trust.Quorum != 1 {
			t.Errorf("%d offices, %d witnesses, quorum %d", len(trust.Offices), len(trust.Witnesses), trust.Quorum)
		}

		refused(t, pin("other-prosecutor", other, rival), jurat.Conflict, "the witness clerk.example is trusted here with another key")
		refused(t, pin("other-prosecutor", county, clerk), jurat.Conflict, "county.example/jurat is pinned here as that of county-prosecutor")
		if _, err := city.Desk.Trust(ctx, admin, desktest.Noon); err != nil {
			t.Errorf("after a refusal the pinned keys cannot be read: %v", err)
		}
		// A witness that changed its key is pinned for all who name it at once.
		_, err = city.TrustOffices(ctx, admin, desktest.Noon, []desk.Pin{
			{Office: "county-prosecutor", Trust: file(county, rival)}, {Office: "other-prosecutor", Trust: file(other, rival)},
		})
		must(t, err)
	})
}

func witnessOf(t *testing.T, name string) string {
	t.Helper()
	public, _, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	vkey, err := format.WitnessKey(name, public)
	must(t, err)
	return vkey
}
