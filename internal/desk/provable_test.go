package desk_test

import (
	"testing"

	"jurat"
	"jurat/format"
	"jurat/internal/desk/desktest"
	"jurat/internal/register"
)

// provable publishes what awaits a place, and checks that every chain is dense
// and hangs together, and every event is proved by the ledger.
func provable(t testing.TB, r *desktest.Record) {
	t.Helper()
	must(t, r.Publish(t.Context()))
	var incidents []jurat.IncidentNumber
	must(t, r.Register.Read(t.Context(), func(tx *register.Tx) error {
		return tx.Heads(func(in jurat.IncidentNumber, _ register.Head) error { incidents = append(incidents, in); return nil })
	}))
	n := 0
	for _, in := range incidents {
		var prev register.EventRow
		for i, e := range chain(t, r, in) {
			if e.Seq != int64(i) {
				t.Fatalf("%s: event %d stands at %d", in, i, e.Seq)
			}
			st, err := format.ReadLeaf(e.Leaf, append(e.Claims, e.Open))
			must(t, err)
			if in != "" && (st.Incident != in || st.Seq != e.Seq || i > 0 && st.Prev != format.LeafHash(prev.Leaf)) {
				t.Fatalf("%s: the leaf of event %d says %s, %d, after %v", in, i, st.Incident, st.Seq, st.Prev)
			}
			if _, err := r.Ledger.Prove(t.Context(), e.ID); err != nil {
				t.Fatalf("%s: event %d (%s): %v", in, i, e.Act, err)
			}
			prev, n = e, n+1
		}
	}
	if n == 0 {
		t.Fatal("the record has no events")
	}
}
