package order

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jurat"
)

func TestADutyEndsAtTheSameLocalTime(t *testing.T) {
	o := small(t)
	for _, tc := range []struct {
		name   string
		within Period
		from   string
		want   string
	}{
		{"over the night the clocks go forward", Period{N: 1, Unit: Days}, "2026-03-07T12:00:00-06:00", "2026-03-08T12:00:00-05:00"},
		{"over the night the clocks go back", Period{N: 1, Unit: Days}, "2026-10-31T12:00:00-05:00", "2026-11-01T12:00:00-06:00"},
		{"at a time that comes twice: the second", Period{N: 1, Unit: Days}, "2026-10-31T01:30:00-05:00", "2026-11-01T01:30:00-06:00"},
		{"at a time that never comes: when it would have been", Period{N: 1, Unit: Days}, "2026-03-07T02:30:00-06:00", "2026-03-08T03:30:00-05:00"},
		{"in hours: so many hours", Period{N: 24, Unit: Hours}, "2026-10-31T12:00:00-05:00", "2026-11-01T11:00:00-06:00"},
		{"a month from the 31st", Period{N: 1, Unit: Months}, "2026-01-31T09:00:00-06:00", "2026-02-28T09:00:00-06:00"},
		{"a year from a leap day", Period{N: 1, Unit: Years}, "2028-02-29T09:00:00-06:00", "2029-02-28T09:00:00-06:00"},
		{"thirteen months", Period{N: 13, Unit: Months}, "2026-12-15T09:00:00-06:00", "2028-01-15T09:00:00-06:00"},
		{"a business day over the change", Period{N: 1, Unit: BusinessDays}, "2026-03-06T23:30:00-06:00", "2026-03-10T00:00:00-05:00"},
	} {
		from, _ := time.Parse(time.RFC3339, tc.from)
		want, _ := time.Parse(time.RFC3339, tc.want)
		if got := o.after(tc.within, from); !got.Equal(want) {
			t.Errorf("%s: %s, want %s", tc.name, got.In(o.Zone).Format(time.RFC3339), tc.want)
		}
	}
}

func TestALocalTimeThatComesTwiceOrNeverIsRefused(t *testing.T) {
	zone := small(t).Zone
	for _, tc := range []struct{ text, want, refused string }{
		{"2026-02-10T21:15", "2026-02-10T21:15:00-06:00", ""},
		{"2026-07-10T21:15:30", "2026-07-10T21:15:30-05:00", ""},
		{"2026-11-01T00:59:59", "2026-11-01T00:59:59-05:00", ""},
		{"2026-11-01T02:00", "2026-11-01T02:00:00-06:00", ""},
		{"2026-11-01T01:30", "", "comes twice that night: write 2026-11-01T01:30:00-05:00 or 2026-11-01T01:30:00-06:00"},
		{"2026-03-08T02:30", "", "does not exist"},
		{"2026-03-08T03:00", "2026-03-08T03:00:00-05:00", ""},
		{"10 February", "", "want one such as"},
		{"2026-13-01T00:00", "", "want one such as"},
	} {
		got, err := Local(zone, tc.text)
		if tc.refused != "" {
			if !errors.Is(err, jurat.Invalid) || !strings.Contains(err.Error(), tc.refused) {
				t.Errorf("%s: %v, want %q", tc.text, err, tc.refused)
			}
			continue
		}
		if err != nil || got.In(zone).Format(time.RFC3339) != tc.want {
			t.Errorf("%s: %s, %v, want %s", tc.text, got.In(zone).Format(time.RFC3339), err, tc.want)
		}
	}
}

func TestClocksAreReadAndSetTheSameInEveryZone(t *testing.T) {
	o := *small(t)
	rapid.Check(t, func(t *rapid.T) {
		o.Zone, _ = time.LoadLocation(rapid.SampledFrom([]string{"America/Chicago", "America/Los_Angeles", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "UTC"}).Draw(t, "zone"))
		at := time.Unix(rapid.Int64Range(0, 4_000_000_000).Draw(t, "at"), 0).UTC()
		back := o.unwall(o.wall(at))
		if !o.wall(back).Equal(o.wall(at)) || back.Before(at) {
			t.Fatalf("%s is %s on the clock, and that is %s", at, o.wall(at), back)
		}
		unit := rapid.SampledFrom([]Unit{Hours, Days, BusinessDays, Months, Years}).Draw(t, "unit")
		n := rapid.IntRange(1, 60).Draw(t, "n")
		end := o.after(Period{N: n, Unit: unit}, at)
		if !end.After(at) || o.after(Period{N: n + 1, Unit: unit}, at).Before(end) {
			t.Fatalf("%d %s after %s is %s", n, unit, at, end)
		}
		s := span{at.Add(time.Minute), at.Add(time.Duration(rapid.IntRange(1, 5000).Draw(t, "pause")) * time.Minute)}
		if later := o.after(Period{N: n, Unit: unit}, at, s); later.Before(end) {
			t.Fatalf("a pause made the time shorter: %s before %s", later, end)
		}
	})
}

// TestAPauseMovesTheEndAndNothingElse covers pauses that overlap, that still
// run, that begin too late, and that state too little.
func TestAPauseMovesTheEndAndNothingElse(t *testing.T) {
	o := paused(t)
	day := func(n int) time.Time { return time.Date(2026, 6, n, 12, 0, 0, 0, time.UTC) }
	stamp := func(n int) string { return day(n).Format(time.RFC3339) }
	rec := func(id, from, until, reason string) jurat.Record {
		return jurat.Record{ID: jurat.ItemID(id), Type: TypePause, Fields: []byte(`{"duty":"write-note","reason":"` + reason + `","from":"` + from + `","until":"` + until + `"}`)}
	}
	for _, tc := range []struct {
		name   string
		pauses []jurat.Record
		at     time.Time
		state  State
		due    time.Time
		paused string
		said   string
	}{
		{"none", nil, day(12), Late, day(11), "", ""},
		{"one within another", []jurat.Record{rec("a", stamp(3), stamp(8), "x"), rec("b", stamp(4), stamp(5), "y")}, day(12), Owed, day(16), "", ""},
		{"one of them still runs", []jurat.Record{rec("a", stamp(3), stamp(5), "x"), rec("b", stamp(4), "", "y")}, day(25), Owed, day(33), "y", ""},
		{"two after another", []jurat.Record{rec("b", stamp(7), stamp(8), "y"), rec("a", stamp(3), stamp(5), "x")}, day(15), Late, day(14), "", ""},
		{"the second begins in the time the first gave", []jurat.Record{rec("a", stamp(3), stamp(8), "x"), rec("b", stamp(13), stamp(20), "y")}, day(22), Owed, day(23), "", ""},
		{"one that begins when it was late already", []jurat.Record{rec("a", stamp(12), "", "x")}, day(20), Late, day(11), "", "begins after the time had run"},
		{"one before the clock began", []jurat.Record{rec("a", "2026-05-01T12:00:00Z", stamp(3), "x")}, day(12), Owed, day(13), "", ""},
		{"one that lies ahead", []jurat.Record{rec("a", stamp(10), "", "x")}, day(5), Owed, day(11), "", ""},
		{"one without a reason", []jurat.Record{rec("a", stamp(3), "", "")}, day(12), Late, day(11), "", "states no reason"},
		{"one without a beginning", []jurat.Record{rec("a", "", stamp(5), "x")}, day(12), Late, day(11), "", "states no beginning"},
		{"one that ends before it begins", []jurat.Record{rec("a", stamp(5), stamp(3), "x")}, day(12), Late, day(11), "", "ends before it begins"},
		{"one whose end is no time", []jurat.Record{rec("a", stamp(3), "soon", "x")}, day(12), Late, day(11), "", "an end that is no time"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := Facts{Incident: jurat.Incident{Number: exampleIncident, FirstKnowledge: day(1)}, Records: tc.pauses}
			d := o.Evaluate(f, tc.at).Duties[0]
			if d.State != tc.state || !d.Due.Equal(tc.due) || d.Paused != tc.paused || !strings.Contains(strings.Join(d.Why, "\n"), tc.said) {
				t.Errorf("%s, due %s, paused %q: %v", d.State, d.Due, d.Paused, d.Why)
			}
		})
	}
}

func TestAPauseInBusinessDaysSkipsTheDaysItTouches(t *testing.T) {
	o := small(t)
	mon := time.Date(2026, 6, 1, 15, 0, 0, 0, time.UTC)
	pause := span{mon.AddDate(0, 0, 2), mon.AddDate(0, 0, 3)} // Wednesday and Thursday
	if got := o.after(Period{N: 3, Unit: BusinessDays}, mon, pause); !got.Equal(local(t, "2026-06-09 00:00:00")) {
		t.Errorf("Tuesday, Friday and Monday: %s", got.In(o.Zone))
	}
	start := time.Now()
	o.after(Period{N: 3, Unit: BusinessDays}, mon, span{mon, time.Date(8999, 1, 1, 0, 0, 0, 0, time.UTC)})
	if took := time.Since(start); took > time.Second {
		t.Errorf("a pause of seven thousand years took %s", took)
	}
}

// TestWhatHappensAMinuteBeforeAStayIsUnderTheOrder is requirement case 15 for
// duties: an act at 11:59, one at 12:01, and what is owed once it is lifted.
func TestWhatHappensAMinuteBeforeAStayIsUnderTheOrder(t *testing.T) {
	o := town(t)
	noon := local(t, "2026-05-04 12:00:00")
	lifted := local(t, "2026-06-08 12:00:00")
	for _, tc := range []struct {
		name  string
		act   time.Time
		at    time.Time
		state State
		then  Standing
		retro bool
	}{
		{"11:59, asked a minute later", noon.Add(-time.Minute), noon, NotApplicable, InForce, false},
		{"11:59, asked when the stay is lifted", noon.Add(-time.Minute), lifted, CannotTell, InForce, false},
		{"12:00, asked when it is lifted", noon, lifted.AddDate(0, 1, 0), NotApplicable, Stayed, false},
		{"12:01, asked when it is lifted", noon.Add(time.Minute), lifted.AddDate(0, 1, 0), NotApplicable, Stayed, false},
		{"the minute it is lifted", lifted, lifted.AddDate(0, 0, 2), CannotTell, InForce, false},
		{"a minute before the rule began", local(t, "2026-02-27 14:59:00"), local(t, "2026-03-05 12:00:00"), NotApplicable, notYet, true},
		{"the minute the rule began", local(t, "2026-02-27 15:00:00"), local(t, "2026-03-05 12:00:00"), CannotTell, InForce, false},
		{"the last minute of its last day, asked after it", local(t, "2026-08-25 23:59:00"), local(t, "2026-09-10 12:00:00"), CannotTell, InForce, false},
		{"the day after it", local(t, "2026-08-26 00:00:00"), local(t, "2026-09-10 12:00:00"), NotApplicable, Expired, false},
	} {
		f := Facts{Incident: jurat.Incident{Number: exampleIncident, FirstKnowledge: tc.act}, Records: []jurat.Record{
			{ID: "r", Type: "complaint", Fields: []byte(`{"received_at":"` + tc.act.Format(time.RFC3339) + `"}`)},
		}}
		e := o.Evaluate(f, tc.at.AddDate(0, 0, 1))
		if tc.at == noon {
			e = o.Evaluate(f, noon)
		}
		if d := e.Duties[0]; d.State != tc.state || e.Orders[0].Then != tc.then || e.Orders[0].Retroactive != tc.retro {
			t.Errorf("%s: %s, then %s, retroactive %t: %v", tc.name, d.State, e.Orders[0].Then, e.Orders[0].Retroactive, d.Why)
		}
	}
}

// TestAnotherLawsTimeRunsOnUnderAStay prevents footage from being lost because
// a court stayed the order that also asks for it.
func TestAnotherLawsTimeRunsOnUnderAStay(t *testing.T) {
	o := *chicago(t)
	at := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	o.Status = append(append([]Status{}, o.Status...), Status{State: Stayed, Date: Day{Text: "2026-03-20", At: at.AddDate(0, 0, -12), Date: true}, Authority: "a court"})
	x := jurat.Exhibit{ID: "2026-000001-E1", Kind: "bwc"}
	x.Recorded.From = at.AddDate(0, 0, -30)
	e := o.Evaluate(Facts{Incident: jurat.Incident{Number: exampleIncident, FirstKnowledge: at.AddDate(0, 0, -30)}, Exhibits: []jurat.Exhibit{x}}, at)
	for _, d := range e.Duties {
		if want := d.ID == "preserve-footage"; d.Open() != want {
			t.Errorf("%s is %s", d.ID, d.State)
		}
	}
}

func TestASurgeLengthensALocalTargetAndIsShown(t *testing.T) {
	o := town(t)
	ask := func(received, at string) Duty {
		stamp := local(t, received).Format(time.RFC3339)
		f := Facts{Incident: jurat.Incident{Number: exampleIncident, FirstKnowledge: local(t, received)}, Records: []jurat.Record{
			{ID: "r", Type: "complaint", Fields: []byte(`{"received_at":"` + stamp + `","closed":"no"}`)},
		}}
		return o.Evaluate(f, local(t, at)).Duties[0]
	}
	if d := ask("2026-06-30 23:59:59", "2026-07-20 12:00:00"); d.State != Late || d.Surges != nil {
		t.Errorf("the day before: %s, %v", d.State, d.Surges)
	}
	d := ask("2026-07-01 00:00:00", "2026-07-20 12:00:00")
	if d.State != Owed || len(d.Surges) != 1 || !d.Due.Equal(local(t, "2026-07-30 00:00:00")) || d.Surges[0].Reason == "" || d.Surges[0].Review.String() == "" {
		t.Errorf("the first day: %s, due %s, %+v", d.State, d.Due, d.Surges)
	}
	if !strings.Contains(strings.Join(d.Why, "\n"), "surge period: Summer deployments (the local target is 20 business days; A second person reads it.)") {
		t.Errorf("why: %v", d.Why)
	}
	if d := ask("2026-08-24 12:00:00", "2026-09-15 12:00:00"); d.State != Owed {
		t.Errorf("asked when the surge is over: %s", d.State)
	}
}

func TestADutyNobodyOwnsSaysSinceWhen(t *testing.T) {
	o := town(t)
	at := local(t, "2026-04-20 12:00:00")
	owner := func(fields string) Duty {
		f := Facts{Incident: jurat.Incident{Number: exampleIncident, FirstKnowledge: local(t, "2026-04-01 12:00:00")}, Records: []jurat.Record{{ID: "r", Type: "complaint", Fields: []byte(fields)}}}
		return o.Evaluate(f, at).Duties[0]
	}
	if d := owner(`{"received_at":"2026-04-02T12:00:00-05:00","closed":"no"}`); d.Owner != Unassigned || !d.Unassigned.Equal(local(t, "2026-04-02 12:00:00")) || d.Role != "supervisor" {
		t.Errorf("%s since %s, %s", d.Owner, d.Unassigned, d.Role)
	}
	if d := owner(`{"received_at":"2026-04-02T12:00:00-05:00","closed":"no","owner_body":"inspector"}`); d.Owner != "inspector" || !d.Unassigned.IsZero() {
		t.Errorf("%s since %s", d.Owner, d.Unassigned)
	}
}
