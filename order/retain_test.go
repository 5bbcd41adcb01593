package order

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"jurat"
)

// kept is the small order with schedules of the test's own.
func kept(t testing.TB, schedules string) *Order {
	t.Helper()
	src, err := os.ReadFile("testdata/small.yaml")
	if err != nil {
		t.Fatal(err)
	}
	o, ps := Parse("kept.yaml", []byte(string(src)+"\n"+schedules))
	if o == nil {
		t.Fatalf("refused:\n%s", ps)
	}
	return o
}

const unflagged = `
schedules:
  - {id: plain, title: {en: Not flagged}, kinds: [bwc], when: unflagged, minimum: 90 days, maximum: 120 days, authority: a council, version: "3", basis: choice, author: a, reason: b}
  - {id: marked, title: {en: Flagged}, kinds: [bwc], when: flagged, minimum: 2 years, maximum: not stated, basis: choice, author: a, reason: b}
  - {id: used, title: {en: Used}, kinds: [bwc], when: used_in_proceeding, minimum: not stated, maximum: not stated, basis: unverified}
grounds:
  - {id: complaint, label: {en: Complaint}, minimum: 2 years, maximum: not stated, basis: choice, author: a, reason: b}
  - {id: rumour, label: {en: Rumour}, minimum: not stated, maximum: not stated, basis: unverified}
`

// LAW-1, EVD-2, EVD-6: what a schedule reaches, and what protects from it.
func TestWhatASchedulesReaches(t *testing.T) {
	day0 := time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC)
	at := func(days int) time.Time { return day0.AddDate(0, 0, days) }
	plain := kept(t, unflagged)
	remembered := kept(t, strings.Replace(unflagged, "basis: choice, author: a, reason: b}\n  - {id: marked", "basis: unverified}\n  - {id: marked", 1))
	film := jurat.Exhibit{ID: "2026-000001-E1", Kind: "bwc", Held: jurat.HeldHere, ReceivedAt: day0.AddDate(0, 0, 10), Recorded: jurat.Span{From: day0, To: day0, Precision: "exact"}}
	with := func(change func(*Facts)) Facts {
		f := Facts{Incident: jurat.Incident{Number: "2026-000001", FirstKnowledge: day0}, Exhibits: []jurat.Exhibit{film}}
		if change != nil {
			change(&f)
		}
		return f
	}
	flag := func(ground string, days int) func(*Facts) {
		return func(f *Facts) {
			f.Flags = []jurat.Flag{{ID: "2026-000001-F1", Exhibit: film.ID, Grounds: []string{ground}, At: at(days)}}
		}
	}
	hold := func(id jurat.ItemID, scope ...jurat.ItemID) func(*Facts) {
		return func(f *Facts) { f.Holds = []jurat.Hold{{ID: id, Matter: "a suit", Scope: scope}} }
	}
	referral := func(state jurat.ReferralState, dossiers ...jurat.ItemID) func(*Facts) {
		return func(f *Facts) {
			f.Referrals = []jurat.Referral{{ID: "2026-000001-K1", State: state, Dossiers: dossiers}}
		}
	}
	recorded := func(change func(*jurat.Exhibit)) func(*Facts) {
		return func(f *Facts) { change(&f.Exhibits[0]) }
	}
	for _, tc := range []struct {
		name    string
		orders  []*Order
		change  func(*Facts)
		days    int
		by      string
		shields []Shield
		overdue bool
	}{
		{"without a schedule nothing goes", nil, nil, 4000, "", []Shield{ShieldSchedule}, false},
		{"day 85", []*Order{plain}, nil, 85, "", []Shield{ShieldMinimum}, false},
		{"day 90", []*Order{plain}, nil, 90, "plain", nil, false},
		{"past its maximum", []*Order{plain}, nil, 121, "plain", nil, true},
		{"another kind", []*Order{plain}, recorded(func(x *jurat.Exhibit) { x.Kind = "photo" }), 4000, "", []Shield{ShieldSchedule}, false},
		{"nobody verified the schedule", []*Order{remembered}, nil, 121, "", []Shield{ShieldSchedule}, false},
		{"one of two nobody verified, and longer", []*Order{plain, kept(t, strings.NewReplacer("minimum: 90 days, maximum: 120 days", "minimum: 1 year, maximum: 2 years").Replace(unflagged))}, nil, 121, "plain", []Shield{ShieldMinimum}, true},
		{"flagged, within its time", []*Order{plain}, flag("complaint", 5), 400, "", []Shield{ShieldFlag, ShieldMinimum}, false},
		{"flagged, after its time", []*Order{plain}, flag("complaint", 5), 800, "marked", nil, false},
		{"flagged for what nobody verified", []*Order{plain}, flag("rumour", 5), 4000, "marked", []Shield{ShieldFlag}, false},
		{"flagged for what no order knows", []*Order{plain}, flag("other", 5), 4000, "marked", []Shield{ShieldFlag}, false},
		{"a hold on everything", []*Order{plain}, hold("2026-000001-H1"), 121, "plain", []Shield{ShieldHold}, false},
		{"a hold on the whole record", []*Order{plain}, hold("hold-1"), 121, "plain", []Shield{ShieldHold}, false},
		{"a hold on another item", []*Order{plain}, hold("2026-000001-H1", "2026-000001-E2"), 121, "plain", nil, true},
		{"a referral that waits", []*Order{plain}, referral(jurat.ReferralReview, "2026-000001-D1"), 121, "plain", []Shield{ShieldReferral, ShieldMinimum}, false},
		{"a referral that was declined", []*Order{plain}, referral(jurat.ReferralDeclined, "2026-000001-D1"), 121, "plain", nil, true},
		{"a proceeding that ended", []*Order{plain}, referral(jurat.ReferralDisposed, "2026-000001-D1"), 4000, "plain", []Shield{ShieldMinimum}, true},
		{"no date: it may be as young as its receipt", []*Order{plain}, recorded(func(x *jurat.Exhibit) { x.Recorded = jurat.Span{} }), 95, "", []Shield{ShieldMinimum}, false},
		{"no date: it may be as old as the incident", []*Order{plain}, recorded(func(x *jurat.Exhibit) { x.Recorded = jurat.Span{} }), 121, "plain", nil, true},
		{"a device whose clock was never set", []*Order{plain}, func(f *Facts) {
			f.Incident.Occurred.From = day0
			f.Exhibits[0].Recorded = jurat.Span{From: at(-9000), To: at(-9000), Precision: "exact"}
		}, 95, "", []Shield{ShieldMinimum}, true},
		{"a device whose clock is ahead", []*Order{plain}, recorded(func(x *jurat.Exhibit) { x.Recorded.To = at(3000) }), 101, "plain", nil, false},
		{"disposed of", []*Order{plain}, recorded(func(x *jurat.Exhibit) { x.Disposed = &jurat.Tombstone{Certificate: "12-345"} }), 121, "", []Shield{ShieldGone}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := Retain(tc.orders, with(tc.change), at(tc.days))[0]
			var shields []Shield
			for _, p := range r.Protections {
				if !slices.Contains(shields, p.By) {
					shields = append(shields, p.By)
				}
			}
			by := ""
			if r.By != nil {
				by = r.By.ID
			}
			if by != tc.by || !slices.Equal(shields, tc.shields) || r.Overdue != tc.overdue || r.Open() != (by != "" && shields == nil) {
				t.Errorf("by %q, shields %v, overdue %t; want %q, %v, %t\n%+v", by, shields, r.Overdue, tc.by, tc.shields, tc.overdue, r)
			}
		})
	}
}

// A copy does not outlive what it shows, nor is it lost before.
func TestWhatWasMadeFromAnExhibitIsKeptAsItIs(t *testing.T) {
	day0 := time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC)
	film := jurat.Exhibit{ID: "2026-000001-E1", Kind: "bwc", ReceivedAt: day0, Recorded: jurat.Span{From: day0, To: day0, Precision: "exact"}}
	preview := jurat.Exhibit{ID: "2026-000001-E2", Kind: "preview", ReceivedAt: day0.AddDate(0, 0, 80), DerivedFrom: film.ID}
	cut := jurat.Exhibit{ID: "2026-000001-E3", Kind: "preview", ReceivedAt: day0.AddDate(0, 0, 90), DerivedFrom: preview.ID}
	f := Facts{Exhibits: []jurat.Exhibit{film, preview, cut}}
	open := func(f Facts) (all []bool) {
		for _, r := range Retain([]*Order{kept(t, unflagged)}, f, day0.AddDate(0, 0, 100)) {
			all = append(all, r.Open())
		}
		return all
	}
	if got := open(f); !slices.Equal(got, []bool{true, true, true}) {
		t.Errorf("after its time: %v", got)
	}
	f.Flags = []jurat.Flag{{ID: "2026-000001-F1", Exhibit: film.ID, Grounds: []string{"complaint"}, At: day0}}
	if got := open(f); !slices.Equal(got, []bool{false, false, false}) {
		t.Errorf("its source flagged: %v", got)
	}
	f.Flags[0].Exhibit = cut.ID
	if got := open(f); !slices.Equal(got, []bool{false, false, false}) {
		t.Errorf("a copy flagged: %v", got)
	}
	f.Exhibits[0].DerivedFrom = cut.ID // a circle nobody should be able to make
	open(f)
}

// Changing a schedule first shows what it would newly reach (LAW-1).
func TestWhatAnotherScheduleWouldReach(t *testing.T) {
	day0 := time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC)
	f := Facts{Exhibits: []jurat.Exhibit{{ID: "2026-000001-E1", Kind: "bwc", ReceivedAt: day0, Recorded: jurat.Span{From: day0, To: day0, Precision: "exact"}}}}
	short, long := []*Order{kept(t, unflagged)}, []*Order{kept(t, strings.Replace(unflagged, "minimum: 90 days, maximum: 120 days", "minimum: 1 year, maximum: 2 years", 1))}
	at := day0.AddDate(0, 0, 100)
	reached, spared := Newly(Retain(long, f, at), Retain(short, f, at))
	if len(reached) != 1 || len(spared) != 0 {
		t.Errorf("reached %v, spared %v", reached, spared)
	}
	reached, spared = Newly(Retain(short, f, at), Retain(long, f, at))
	if len(reached) != 0 || len(spared) != 1 {
		t.Errorf("reached %v, spared %v", reached, spared)
	}
}

func TestAMaximumIsNoShorterThanItsMinimum(t *testing.T) {
	src, err := os.ReadFile("testdata/small.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{
		strings.Replace(unflagged, "maximum: 120 days", "maximum: 2 months", 1),
		strings.Replace(unflagged, "minimum: 2 years, maximum: not stated, basis: choice, author: a, reason: b}\n  - {id: rumour", "minimum: 2 years, maximum: 20 months, basis: choice, author: a, reason: b}\n  - {id: rumour", 1),
	} {
		if o, ps := Parse("kept.yaml", []byte(string(src)+"\n"+wrong)); o != nil || !strings.Contains(ps.Err().Error(), "no shorter than the minimum") {
			t.Errorf("it was accepted, or refused for %v", ps)
		}
	}
}
