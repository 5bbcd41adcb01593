package desk_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/vault/memstore"
	"jurat/order"
	"jurat/orders"
)

// paged reads a list of duties page by page.
func paged(t testing.TB, r *desktest.Record, c desk.Caller, at time.Time, owner string, most int) (all []desk.DutyLine, total int) {
	t.Helper()
	all = []desk.DutyLine{}
	for after := ""; ; {
		p, err := r.DutyPage(t.Context(), c, at, owner, after, most)
		must(t, err)
		all, total = append(all, p.Lines...), p.Total
		if after = p.Next; after == "" {
			return all, total
		}
	}
}

// Whatever anybody does, the next page of duties has it: what is kept from one look
// to the next is the list that is made anew.
func TestWhatIsOwedIsSeenAtOnce(t *testing.T) {
	r := desktest.City(t)
	ctx, now := t.Context(), desktest.Noon.Add(3*time.Hour)
	supervisor, counsel, records := r.As("supervisor-1102"), r.As("counsel-3"), r.As("records-3")
	saw := map[string]bool{}
	look := func(after string) {
		t.Helper()
		for _, who := range []desk.Caller{supervisor, counsel, r.As("conduct-7"), {}} {
			want, err := r.Duties(ctx, who, now, nil)
			must(t, err)
			for _, most := range []int{len(want) + 1, 7} {
				if got, total := paged(t, r, who, now, "", most); !reflect.DeepEqual(got, want) || total != len(want) {
					t.Fatalf("%s, %s sees %d duties (%d in all) by %d, and owed are %d:\n%v\n%v", after, who.Person, len(got), total, most, len(want), got, want)
				}
			}
			officers := slices.DeleteFunc(slices.Clone(want), func(l order.Line) bool { return l.Owner != "officer" })
			if got, total := paged(t, r, who, now, "officer", 50); len(got) != len(officers) || total != len(officers) {
				t.Fatalf("%s, %s sees %d duties of officers, want %d", after, who.Person, len(got), len(officers))
			}
			if who.Person == "supervisor-1102" {
				text := ""
				for _, l := range want {
					text += string(l.Incident) + l.ID + l.Item + string(l.State) + l.Owner + "\n"
				}
				saw[text] = true
			}
		}
	}
	look("at first")
	in := r.Opened(t)
	look("after an incident was opened")
	other := r.Opened(t)
	x := r.Received(t, now, in, "a film")[0]
	if _, err := r.Ledger.Publish(ctx); err != nil {
		t.Fatal(err)
	}
	look("after footage was received, and all was published")
	r.Complete(t, other)
	look("after a report was approved")
	if _, err := r.Ledger.Publish(ctx); err != nil {
		t.Fatal(err)
	}
	look("after a publication")
	elsewhere, _ := r.Over(t, memstore.New()) // another program at the same record
	got[jurat.Party, desk.Done](t)(elsewhere.AddParty(ctx, supervisor, now, in, jurat.Particulars{Slot: "Injured 1", Capacity: "injured"}))
	if _, _, err := elsewhere.AddRecord(ctx, r.As("officer-4471"), now, in, desk.Words{Type: "activity", Fields: []byte(`{"activity_kinds":["arrest"],"agencies":["unknown"],"agency_basis":"assumed"}`)}); err != nil {
		t.Fatal(err)
	}
	look("after another program added a record")
	hold := got[jurat.Hold, desk.Done](t)(r.PlaceHold(ctx, counsel, now, "", "a suit", []jurat.ItemID{x.ID}))
	look("after a hold of the house")
	got[jurat.Hold, desk.Done](t)(r.ReleaseHold(ctx, counsel, now, hold.ID, "it was withdrawn"))
	look("after its release")
	for range 8 {
		now = now.AddDate(0, 0, 13)
		look("as time goes by")
	}
	text, err := orders.Read("illinois-bwc-act.yaml")
	must(t, err)
	_, _, err = r.AdoptOrder(ctx, r.As("administrator-1"), now, "illinois-bwc-act.yaml", text)
	must(t, err)
	look("after an order was adopted")
	now = now.Add(-100 * 24 * time.Hour)
	look("under a clock that was put back")
	now = now.Add(time.Hour)
	w := got[jurat.Writ, desk.Done](t)(r.ApproveWrit(ctx, records, now, jurat.Writ{Kind: jurat.WritSeal, Incident: in, Court: "Circuit court", Number: "26-1", OpenTo: []jurat.Role{jurat.RoleCounsel, jurat.RoleRecords}}))
	got[jurat.Writ, desk.Done](t)(r.CarryOutWrit(ctx, counsel, now, w.ID))
	look("after a court sealed one incident")
	w = got[jurat.Writ, desk.Done](t)(r.ApproveWrit(ctx, records, now, jurat.Writ{Kind: jurat.WritExpunge, Incident: other, Backups: now.AddDate(0, 0, 40), Court: "Circuit court", Number: "26-2"}))
	got[jurat.Writ, desk.Done](t)(r.CarryOutWrit(ctx, counsel, now, w.ID))
	look("after a court expunged the other")
	third := r.Opened(t)
	look("after one more was opened")
	r.Continue(t, "city.example/second")
	look("after another log was begun")
	r.Added(t, "officer-4471", third, "activity", map[string]any{"activity_kinds": []string{"arrest"}, "agencies": []string{"unknown"}, "agency_basis": "assumed"})
	look("after a record in it")
	if len(saw) < 12 {
		t.Errorf("the supervisor saw %d different lists: the test does not change what is owed", len(saw))
	}
}

// What a look costs does not grow with the incidents of which nothing was recorded
// since the last one.
func TestALookAtWhatIsOwedReadsWhatChanged(t *testing.T) {
	r := desktest.City(t)
	for range 4 {
		r.Opened(t)
	}
	c, now := r.As("supervisor-1102"), desktest.Noon.Add(time.Hour)
	few := testing.AllocsPerRun(5, func() { paged(t, r, c, now, "", 5) })
	for range 40 {
		r.Opened(t)
	}
	if _, err := r.Ledger.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := r.DutyPage(t.Context(), c, now, "", "", 5); err != nil {
		t.Fatal(err)
	}
	pages := 0.0
	many := testing.AllocsPerRun(5, func() {
		if _, err := r.DutyPage(t.Context(), c, now, "", "", 5); err != nil {
			t.Fatal(err)
		}
		pages++
	})
	if many > few {
		t.Errorf("a page among 44 incidents takes %.0f allocations, and every page among 4 took %.0f", many, few)
	}
}
