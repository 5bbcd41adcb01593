package desk_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
)

// secrets is an incident with one of every sealed class a person can enter.
// Each secret is a word found nowhere else.
func secrets(t *testing.T, r *desktest.Record) (jurat.IncidentNumber, []string) {
	t.Helper()
	ctx, officer := t.Context(), r.As("officer-4471")
	in, _, err := r.OpenIncident(ctx, officer, desktest.Noon, jurat.Opening{Title: "Vehicle stop", Address: "quetzalstreet"})
	must(t, err)
	_, _, err = r.AddParty(ctx, officer, desktest.Noon, in.Number, jurat.Particulars{Slot: "Injured 1", Capacity: "injured", Name: "namequoll", Badge: "badgenumbat", Contact: "contactaxolotl"})
	must(t, err)
	r.Added(t, "officer-4471", in.Number, jurat.TypeEMS, map[string]any{"injured_party": "Injured 1", "condition": "conditionokapi", "transported_to": "hospitaltapir", "condition_source": "seen"})
	r.Added(t, "officer-4471", in.Number, "activity", map[string]any{"plates": "platekakapo"})
	a, _, err := r.OpenAccount(ctx, r.As("detective-2208"), desktest.Noon, in.Number, "city_officer", "", "order of the superintendent")
	must(t, err)
	_, _, err = r.GiveAccount(ctx, r.As("detective-2208"), desktest.Noon, a.ID, jurat.Statement{Text: "statementnarwhal", Compelled: true})
	must(t, err)
	return in.Number, []string{"quetzalstreet", "namequoll", "badgenumbat", "contactaxolotl", "conditionokapi", "hospitaltapir", "platekakapo", "statementnarwhal"}
}

// What is sealed is in no open part, no index, no journal, no list.
func TestWhatIsSealedIsNowhereElse(t *testing.T) {
	r := desktest.City(t)
	in, words := secrets(t, r)
	for _, e := range chain(t, r, in) {
		st, err := format.ReadLeaf(e.Leaf, append(e.Claims, e.Open))
		must(t, err)
		open, err := st.Open()
		must(t, err)
		for _, part := range e.Sealed {
			for _, word := range words {
				if strings.Contains(string(part.Body), word) || strings.Contains(string(part.Key), word) {
					t.Errorf("%s: the sealed part says %q", e.Act, word)
				}
			}
		}
		for _, word := range words {
			if strings.Contains(string(open.Value), word) || strings.Contains(open.Note, word) || strings.Contains(string(e.Leaf), word) {
				t.Errorf("%s: the open part says %q", e.Act, word)
			}
		}
	}
	v, err := r.Show(t.Context(), r.As("supervisor-1102"), desktest.Noon, in)
	must(t, err)
	shown, err := json.Marshal(v)
	must(t, err)
	for _, word := range words {
		found, err := r.Search(t.Context(), r.As("supervisor-1102"), desktest.Noon, desk.Sought{Words: word}, "", 10)
		must(t, err)
		if len(found) != 0 || strings.Contains(string(shown), word) {
			t.Errorf("%q is found", word)
		}
	}
	if found, err := r.Search(t.Context(), r.As("supervisor-1102"), desktest.Noon, desk.Sought{Words: "Injured"}, "", 10); err != nil || len(found) != 1 {
		t.Errorf("what is open is not found: %v, %v", found, err)
	}
	for _, line := range journal(t, r, 0) {
		for _, word := range words {
			if strings.Contains(line.Detail, word) {
				t.Errorf("the journal says %q", word)
			}
		}
	}
}

func TestSealedPartsOpenWithAReasonOnTheRecord(t *testing.T) {
	r := desktest.City(t)
	in, _ := secrets(t, r)
	ctx, supervisor := t.Context(), r.As("supervisor-1102")
	party := jurat.Item{Noun: jurat.NounParty, ID: jurat.NumberItem(in, jurat.NounParty, 1)}
	before := snapshot(t, r)
	for _, reason := range []string{"", "  "} {
		value, err := r.OpenSealed(ctx, supervisor, desktest.Noon, party, jurat.ClassIdentity, reason)
		refused(t, err, jurat.Invalid, "say why")
		if value != nil {
			t.Errorf("it told %s", value)
		}
	}
	_, err := r.OpenSealed(ctx, supervisor, desktest.Noon, party, jurat.ClassHealth, "to call a doctor")
	refused(t, err, jurat.NotFound, "has no health part")
	_, err = r.OpenSealed(ctx, supervisor, desktest.Noon, party, jurat.ClassOpen, "to see")
	refused(t, err, jurat.Invalid, "")
	_, err = r.OpenSealed(ctx, desk.Caller{}, desktest.Noon, party, jurat.ClassIdentity, "to see")
	refused(t, err, jurat.Forbidden, "--as PERSON")
	_, err = r.OpenSealed(ctx, r.As("officer-4472"), desktest.Noon, party, jurat.ClassIdentity, "to see")
	refused(t, err, jurat.Forbidden, "may not do this")
	_, err = r.OpenSealed(ctx, supervisor, desktest.Noon, jurat.Item{Noun: jurat.NounPerson, ID: "officer-4471"}, jurat.ClassIdentity, "to see")
	refused(t, err, jurat.Invalid, "")
	if snapshot(t, r) != before {
		t.Fatal("a refused opening was recorded")
	}
	for n, who := range []jurat.PersonID{"supervisor-1102", "auditor-1", "supervisor-1102"} { // no quarter of an hour for what is sealed
		value, err := r.OpenSealed(ctx, r.As(who), desktest.Noon, party, jurat.ClassIdentity, "to serve a letter")
		must(t, err)
		if string(value) != `{"badge":"badgenumbat","name":"namequoll"}` {
			t.Errorf("it tells %s", value)
		}
		events := chain(t, r, in)
		last := events[len(events)-1]
		st, err := format.ReadLeaf(last.Leaf, append(last.Claims, last.Open))
		must(t, err)
		open, err := st.Open()
		must(t, err)
		if last.Act != jurat.IdentityOpened || st.Actor.Person != who || open.Note != "to serve a letter" {
			t.Errorf("opening %d is on the record as %s by %s: %q", n, last.Act, st.Actor.Person, open.Note)
		}
	}
}

// A compelled statement is counsel's until counsel released it; nobody signs
// that away.
func TestACompelledStatementIsCounselsUntilReleased(t *testing.T) {
	r := desktest.City(t)
	in, _ := secrets(t, r)
	ctx := t.Context()
	item := jurat.Item{Noun: jurat.NounAccount, ID: jurat.NumberItem(in, jurat.NounAccount, 1)}
	open := func(who jurat.PersonID) error {
		_, err := r.OpenSealed(ctx, r.As(who), desktest.Noon, item, jurat.ClassCompelled, "to prepare")
		return err
	}
	everybody := []jurat.PersonID{"detective-2208", "supervisor-1102", "evidence-7", "auditor-1"}
	for _, who := range everybody {
		refused(t, open(who), jurat.Forbidden, "may not do this")
	}
	must(t, open("counsel-3"))
	refused(t, open("counsel-9"), jurat.NotFound, "")
	_, _, err := r.ScreenAccount(ctx, r.As("detective-2208"), desktest.Noon, item.ID, true, "mine to say")
	refused(t, err, jurat.Forbidden, "")
	got[jurat.Account, desk.Done](t)(r.ScreenAccount(ctx, r.As("counsel-3"), desktest.Noon, item.ID, false, "not yet"))
	refused(t, open("detective-2208"), jurat.Forbidden, "")
	got[jurat.Account, desk.Done](t)(r.ScreenAccount(ctx, r.As("counsel-3"), desktest.Noon, item.ID, true, "no use is made of it"))
	for _, who := range everybody {
		must(t, open(who))
	}
	got[jurat.Account, desk.Done](t)(r.ScreenAccount(ctx, r.As("counsel-3"), desktest.Noon, item.ID, false, "released in error"))
	refused(t, open("detective-2208"), jurat.Forbidden, "")
}

// §7: opening an incident or an exhibit is an event of it, once per person per
// fifteen minutes.
func TestAnOpeningCoversFifteenMinutes(t *testing.T) {
	r := desktest.City(t)
	in := r.Opened(t)
	exhibit := r.Received(t, desktest.Noon, in, "a film")[0].ID
	ctx := t.Context()
	looks := func() int {
		n := 0
		for _, e := range chain(t, r, in) {
			if e.Act == jurat.ItemOpened {
				n++
			}
		}
		return n
	}
	show := func(who desk.Caller, after time.Duration) func() error {
		return func() error { _, err := r.Show(ctx, who, at(after), in); return err }
	}
	read := func(who desk.Caller, after time.Duration) func() error {
		return func() error {
			_, f, err := r.ReadExhibit(ctx, who, at(after), exhibit)
			if err == nil {
				err = f.Close()
			}
			return err
		}
	}
	officer, auditor, operator := r.As("officer-4471"), r.As("auditor-1"), desk.Caller{}
	for i, tc := range []struct {
		what string
		do   func() error
		want int
	}{
		{"the first", show(officer, 0), 1},
		{"at 14:59", show(officer, 15*time.Minute-time.Second), 1},
		{"its events, at 14:59", func() error {
			_, err := r.Events(ctx, officer, at(15*time.Minute-time.Second), in)
			return err
		}, 1},
		{"by another person", show(auditor, time.Minute), 2},
		{"at 15:00", show(officer, 15*time.Minute), 3},
		{"at 29:59, after one at 15:00", show(officer, 30*time.Minute-time.Second), 3},
		{"an exhibit of it", read(officer, 20*time.Minute), 4},
		{"the exhibit again", read(officer, 21*time.Minute), 4},
		{"by the operator for nobody", show(operator, 21*time.Minute), 5},
		{"by the operator again", show(operator, 22*time.Minute), 5},
		{"by the operator for an officer", show(desk.Caller{Person: "officer-4471"}, 22*time.Minute), 5},
		{"with a clock that went back", show(officer, -time.Hour), 6},
		{"one event of it disclosed", func() error {
			must(t, r.Publish(ctx))
			_, _, err := r.Disclose(ctx, r.As("detective-2208"), at(0), chain(t, r, in)[0].ID, []format.Claim{format.ClaimAct, format.ClaimPayload, format.ClaimAct})
			return err
		}, 7},
		{"another disclosed", func() error {
			_, _, err := r.Disclose(ctx, r.As("detective-2208"), at(time.Minute), chain(t, r, in)[0].ID, []format.Claim{format.ClaimAct})
			return err
		}, 7},
	} {
		must(t, tc.do())
		if n := looks(); n != tc.want {
			t.Errorf("%d, %s: %d openings are on the record, want %d", i, tc.what, n, tc.want)
		}
	}
	events, err := r.Events(ctx, auditor, at(time.Minute), in)
	must(t, err)
	if len(events) != len(chain(t, r, in)) || events[0].Act != jurat.IncidentOpened || *events[0].Seq != 0 {
		t.Errorf("the auditor is shown %d events", len(events))
	}
	house, err := r.Events(ctx, auditor, at(time.Minute), "")
	must(t, err)
	if len(house) == 0 || house[0].Seq != nil {
		t.Errorf("the house has %d events", len(house))
	}
}
