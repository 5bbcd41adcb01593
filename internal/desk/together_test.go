package desk_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
)

// Many people at once on a few incidents, at two desks of one record: every
// chain stays dense, nothing is lost, everything is proved.
func TestManyPeopleAtOnce(t *testing.T) {
	engines(t, func(t *testing.T, engine desktest.Engine) {
		r := desktest.CityOn(t, engine)
		second, _ := r.Over(t, r.Store)
		ctx := t.Context()
		var incidents []jurat.IncidentNumber
		for range 4 {
			incidents = append(incidents, r.Opened(t))
		}
		people := []jurat.PersonID{"officer-4471", "officer-4472", "supervisor-1102", "detective-2208"}
		const rounds = 6
		var wg sync.WaitGroup
		for n := range 32 {
			d, who, in := r.Desk, r.As(people[n%len(people)]), incidents[n/8]
			if n%2 == 0 {
				d = second
			}
			files := desktest.Files(t, fmt.Sprintf("film %d", n), "the same film")
			wg.Go(func() {
				for i := range rounds {
					now := at(time.Duration(i) * 20 * time.Minute)
					if _, _, err := d.AddParty(ctx, who, now, in, jurat.Particulars{Slot: fmt.Sprintf("Witness %d", n), Capacity: "witness", Name: "under seal"}); err != nil {
						t.Error(err)
					}
					if _, _, err := d.AddRecord(ctx, who, now, in, desk.Words{Type: "activity", Fields: []byte(`{}`)}); err != nil {
						t.Error(err)
					}
					if _, err := d.Show(ctx, who, now, in); err != nil {
						t.Error(err)
					}
					if _, err := d.Show(ctx, r.As("aide-1"), now, in); !errors.Is(err, jurat.NotFound) {
						t.Error(err)
					}
					if n%8 == 0 {
						if err := d.Publish(ctx); err != nil {
							t.Error(err)
						}
					}
				}
				for out := range d.Receive(ctx, who, clock, desk.Receiving{Incident: in, Arrival: jurat.Arrival{Kind: "bwc"}}, slices.Values(files)) {
					if out.Err != nil {
						t.Error(out.Err)
					}
				}
				if n == 5 {
					if _, err := d.RetirePerson(ctx, r.As("administrator-1"), at(0), "evidence-7", "left"); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if t.Failed() {
			return
		}
		for _, in := range incidents {
			numbers := map[jurat.ItemID]int{}
			for _, e := range chain(t, r, in) {
				if e.Act == jurat.PartyAdded || e.Act == jurat.RecordAdded || e.Act == jurat.ExhibitReceived {
					numbers[e.Item.ID]++
				}
			}
			for noun, n := range map[jurat.Noun]int{jurat.NounParty: 8 * rounds, jurat.NounRecord: 8 * rounds, jurat.NounExhibit: 8 + 1} {
				for i := range n {
					if id := jurat.NumberItem(in, noun, i+1); numbers[id] != 1 {
						t.Errorf("%s was given %d times", id, numbers[id])
					}
				}
			}
		}
		whole(t, r, incidents...)
		provable(t, r)
	})
}
