package order_test

import (
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/order"
	"jurat/orders"
)

func moment(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func shipped(t testing.TB, names ...string) []*order.Order {
	t.Helper()
	var all []*order.Order
	for _, name := range names {
		o, err := orders.Parse(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, o)
	}
	return all
}

// EVD-2: days are those of the calendar where the order holds, and the numbers
// are the order's own: 90 days in Illinois, 30 months in Portland.
func TestLastDaysCountByEachOrder(t *testing.T) {
	recorded := func(from string) order.Facts {
		f := order.Facts{Incident: jurat.Incident{Number: "2026-000123", FirstKnowledge: moment(t, "2026-02-20T10:00:00-06:00"), Occurred: jurat.Span{From: moment(t, "2026-01-31T23:30:00-06:00")}}}
		x := jurat.Exhibit{ID: "2026-000123-E2", Kind: "bwc", Held: jurat.HeldElsewhere}
		if from != "" {
			x.Recorded.From = moment(t, from)
		}
		f.Exhibits = []jurat.Exhibit{x, {ID: "2026-000123-E3", Kind: "photo", Held: jurat.HeldHere}}
		return f
	}
	for _, tc := range []struct {
		name, from, at string
		orders         []string
		day, of        int
		on             string
		warned         int
		unit           order.Unit
		past           bool
	}{
		{"the first day", "2026-01-31T23:30:00-06:00", "2026-01-31T23:59:00-06:00", []string{"illinois-bwc-act.yaml"}, 0, 90, "2026-05-01", 0, order.Days, false},
		{"day 85 of 90", "2026-01-31T23:30:00-06:00", "2026-04-26T23:45:00-05:00", []string{"illinois-bwc-act.yaml"}, 85, 90, "2026-05-01", 85, order.Days, false},
		{"the morning of day 85", "2026-01-31T23:30:00-06:00", "2026-04-26T06:00:00-05:00", []string{"illinois-bwc-act.yaml"}, 85, 90, "2026-05-01", 85, order.Days, false},
		{"morning of the last day", "2026-01-31T23:30:00-06:00", "2026-05-01T06:00:00-05:00", []string{"illinois-bwc-act.yaml"}, 90, 90, "2026-05-01", 85, order.Days, false},
		{"the day after", "2026-01-31T23:30:00-06:00", "2026-05-02T06:00:00-05:00", []string{"illinois-bwc-act.yaml"}, 91, 90, "2026-05-01", 85, order.Days, true},
		{"a date nobody knows is the earliest possible", "", "2026-04-26T23:45:00-05:00", []string{"illinois-bwc-act.yaml"}, 85, 90, "2026-05-01", 85, order.Days, false},
		{"of two orders the earlier day", "2026-01-31T23:30:00-06:00", "2026-03-03T06:00:00-06:00", []string{"portland-pcc-5-80.yaml", "chicago-eo-2026-01.yaml"}, 31, 90, "2026-05-01", 30, order.Days, false},
		{"months", "2026-01-31T12:00:00-08:00", "2028-06-30T12:00:01-07:00", []string{"portland-pcc-5-80.yaml"}, 881, 912, "2028-07-31", 29, order.Months, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := order.LastDays(shipped(t, tc.orders...), recorded(tc.from), moment(t, tc.at))
			if len(got) != 1 {
				t.Fatalf("%d lines: %+v", len(got), got)
			}
			l := got[0]
			if l.Item != "2026-000123-E2" || l.Day != tc.day || l.Of != tc.of || l.On != tc.on || l.Warned != tc.warned || l.Unit != tc.unit || l.Past != tc.past {
				t.Errorf("got %+v", l)
			}
		})
	}
}

// What is met under one order and owed under another is owed.
func TestLastDaysShowsWhatIsStillOwed(t *testing.T) {
	f := order.Facts{
		Incident: jurat.Incident{Number: "2026-000001", FirstKnowledge: moment(t, "2026-02-01T10:00:00-06:00")},
		Exhibits: []jurat.Exhibit{{ID: "2026-000001-E1", Kind: "bwc", Held: jurat.HeldHere, Recorded: jurat.Span{From: moment(t, "2026-02-01T10:00:00-06:00")}}},
		Records:  []jurat.Record{{ID: "2026-000001-R1", Type: "flag_decision", Fields: []byte(`{"exhibit":"2026-000001-E1","reason":"an example","decided_at":"2026-03-01T10:00:00-06:00"}`)}},
	}
	at := moment(t, "2026-04-10T10:00:00-05:00")
	if got := order.LastDays(shipped(t, "illinois-bwc-act.yaml"), f, at); len(got) != 1 || got[0].State != order.Met {
		t.Errorf("decided: %+v", got)
	}
	got := order.LastDays(shipped(t, "illinois-bwc-act.yaml", "chicago-eo-2026-01.yaml"), f, at)
	if len(got) != 1 || got[0].State != order.Owed || got[0].Order != "chicago-eo-2026-01" {
		t.Errorf("owed under the other: %+v", got)
	}
}

func TestOutlookIsTheLatestFirstWarning(t *testing.T) {
	at := moment(t, "2026-04-26T06:00:00-05:00")
	if days, ok := order.Outlook(shipped(t, "illinois-bwc-act.yaml", "portland-pcc-5-80.yaml"), at); !ok || days != 60 {
		t.Errorf("Outlook is %d, %v", days, ok)
	}
	if _, ok := order.Outlook(shipped(t, "oregon-sanctuary-promise.yaml"), at); ok {
		t.Error("an order that counts no last day has an outlook")
	}
}

// last_day beside a duty without an end would count toward nothing.
func TestLastDayNeedsAnEndAndItems(t *testing.T) {
	text, err := orders.Read("illinois-bwc-act.yaml")
	if err != nil {
		t.Fatal(err)
	}
	whole := strings.Replace(string(text), "    last_day: true\n", "", 1)
	broken := strings.Replace(whole, "  - id: account-for-footage\n", "  - id: account-for-footage\n    last_day: true\n", 1)
	if _, problems := order.Parse("x.yaml", []byte(broken)); problems.Err() == nil || !strings.Contains(problems.Err().Error(), "last_day in a duty that is not asked exhibit by exhibit") {
		t.Errorf("it says %v", problems.Err())
	}
	if _, problems := order.Parse("x.yaml", []byte(whole)); problems.Err() != nil {
		t.Errorf("without it: %v", problems.Err())
	}
}
