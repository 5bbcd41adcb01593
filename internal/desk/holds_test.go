package desk_test

import (
	"testing"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
)

// What a hold stops is told to who may see it, and what it covers behind a
// wall is told to nobody else.
func TestHoldsAreListedWithWhatTheyStop(t *testing.T) {
	r := desktest.City(t)
	in, film, _ := filmedTwice(t, r)
	counsel := r.As("counsel-3")
	other := r.Opened(t)
	late := at(100 * oneDay)
	one := got[jurat.Hold, desk.Done](t)(r.PlaceHold(t.Context(), counsel, late, in, "a petition", []jurat.ItemID{film}))
	both := got[jurat.Hold, desk.Done](t)(r.PlaceHold(t.Context(), counsel, late, "", "a suit", []jurat.ItemID{jurat.ItemID(in), jurat.ItemID(other)}))
	whole := got[jurat.Hold, desk.Done](t)(r.PlaceHold(t.Context(), counsel, late, "", "a decree", nil))
	lines, err := r.Holds(t.Context(), counsel, late, false)
	must(t, err)
	by := map[jurat.ItemID]desk.HoldLine{}
	for _, l := range lines {
		by[l.ID] = l
	}
	if len(lines) != 3 || by[one.ID].Exhibits != 1 || by[one.ID].Stops != 1 || by[both.ID].Exhibits != 2 || by[both.ID].Stops != 2 || len(by[both.ID].Scope) != 2 || !by[whole.ID].Everything() {
		t.Errorf("three holds: %+v", lines)
	}
	// A court hides one incident from the supervisor: so does the hold on it.
	w := got[jurat.Writ, desk.Done](t)(r.ApproveWrit(t.Context(), r.As("records-3"), late, jurat.Writ{Kind: jurat.WritSeal, Incident: in, Court: "Circuit court", Number: "26-1", OpenTo: []jurat.Role{jurat.RoleCounsel, jurat.RoleRecords}}))
	got[jurat.Writ, desk.Done](t)(r.CarryOutWrit(t.Context(), counsel, late, w.ID))
	lines, err = r.Holds(t.Context(), r.As("supervisor-1102"), late, false)
	must(t, err)
	for _, l := range lines {
		if l.ID == one.ID || l.ID == both.ID && (len(l.Scope) != 1 || l.Scope[0] != jurat.ItemID(other)) {
			t.Errorf("a sealed incident shows in a list of holds: %+v", l)
		}
	}
	got[jurat.Hold, desk.Done](t)(r.ReleaseHold(t.Context(), counsel, late, one.ID, "it was withdrawn"))
	if lines, err = r.Holds(t.Context(), counsel, late, false); err != nil || len(lines) != 2 {
		t.Errorf("a released hold is in force: %+v %v", lines, err)
	}
	if lines, err = r.Holds(t.Context(), counsel, late, true); err != nil || len(lines) != 3 || lines[2].ID != one.ID || lines[2].InForce() {
		t.Errorf("with the released: %+v %v", lines, err)
	}
}
