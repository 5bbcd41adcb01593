package desk_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/register"
)

// patterns are the lines of the journal that say an office was refused again and
// again.
func patterns(t testing.TB, r *desktest.Record) []register.JournalRow {
	t.Helper()
	var all []register.JournalRow
	for _, row := range journal(t, r, 0) {
		if row.Kind == "pattern" {
			all = append(all, row)
		}
	}
	return all
}

// REF-1: a political office that tries again and again is told nothing, and the
// auditor and the administrator are told that it does, once in each window.
func TestAPatternOfRefusedAttemptsRaisesAnAlert(t *testing.T) {
	engines(t, func(t *testing.T, engine desktest.Engine) {
		r := desktest.CityOn(t, engine)
		ctx, in := t.Context(), r.Opened(t)
		try := func(who jurat.PersonID, after time.Duration) {
			t.Helper()
			_, err := r.Show(ctx, r.As(who), at(after), in)
			refused(t, err, jurat.NotFound, "there is no incident")
		}
		alerts := func(who jurat.PersonID, after time.Duration) []desk.Alert {
			t.Helper()
			all, err := r.Alerts(ctx, r.As(who), at(after))
			must(t, err)
			return all
		}
		for i := range 4 { // by two people of one office
			try([]jurat.PersonID{"aide-1", "liaison-1"}[i%2], time.Duration(i)*2*time.Minute)
		}
		if n := len(patterns(t, r)); n != 0 {
			t.Fatalf("four attempts raise %d alerts", n)
		}
		try("counsel-9", 9*time.Minute) // of another office
		try("aide-1", 59*time.Minute)
		try("aide-1", 61*time.Minute)
		all := alerts("auditor-1", 2*time.Hour)
		if len(all) != 1 || all[0].Office != "mayors-office" || all[0].Wall != "wall-political" || all[0].Refused != 5 || all[0].Within != time.Hour || !all[0].At.Equal(at(59*time.Minute)) {
			t.Fatalf("alerts %+v", all)
		}
		line := patterns(t, r)[0]
		if line.Person != "" || line.Incident != "" || strings.Contains(line.Detail, string(in)) || !strings.Contains(line.Detail, `"alert":true`) {
			t.Errorf("the line says more than office and pattern: %+v", line)
		}
		for i := range 10 { // once in each window
			try("aide-1", 100*time.Minute+time.Duration(i)*2*time.Minute)
		}
		try("aide-1", 2*time.Hour)
		if n := len(patterns(t, r)); n != 2 {
			t.Errorf("%d alerts in three hours, want 2", n)
		}
		if n := len(alerts("administrator-1", 3*time.Hour)); n != 2 {
			t.Errorf("the administrator sees %d", n)
		}
		if n := len(alerts("auditor-1", 91*24*time.Hour)); n != 0 {
			t.Errorf("%d after ninety days", n)
		}
		// What an officer is refused is no pattern.
		for i := range 10 {
			_, err := r.Journal(ctx, r.As("officer-4471"), at(4*time.Hour+time.Duration(i)*2*time.Minute), 0, 1)
			refused(t, err, jurat.Forbidden, "")
		}
		if n := len(patterns(t, r)); n != 2 {
			t.Errorf("an officer raised an alert")
		}
	})
}

// One attempt made again and again within a minute is one line, and a pattern at
// once: nobody hides in the quiet minute.
func TestAPatternIsSeenWithinTheMinute(t *testing.T) {
	r := desktest.City(t)
	in := r.Opened(t)
	for range 4 {
		_, err := r.Show(t.Context(), r.As("aide-1"), at(0), in)
		refused(t, err, jurat.NotFound, "")
	}
	if n := len(patterns(t, r)); n != 0 {
		t.Fatalf("%d alerts after four", n)
	}
	for range 200 {
		_, err := r.Show(t.Context(), r.As("aide-1"), at(time.Second), in)
		refused(t, err, jurat.NotFound, "")
	}
	if n := len(patterns(t, r)); n != 1 {
		t.Errorf("%d alerts after two hundred", n)
	}
}

// Two programs at one record raise one alert.
func TestTwoDesksRaiseOneAlert(t *testing.T) {
	engines(t, func(t *testing.T, engine desktest.Engine) {
		r := desktest.CityOn(t, engine)
		second, _ := r.Over(t, r.Store)
		in := r.Opened(t)
		var all sync.WaitGroup
		for i := range 8 {
			d := r.Desk
			if i%2 == 0 {
				d = second
			}
			all.Go(func() {
				for k := range 4 {
					_, _ = d.Show(t.Context(), r.As("aide-1"), at(time.Duration(i*4+k)*time.Second*61), in)
				}
			})
		}
		all.Wait()
		if n := len(patterns(t, r)); n != 1 {
			t.Errorf("%d alerts within one hour", n)
		}
	})
}

func TestAWatchThatSeesNothingIsRefused(t *testing.T) {
	for _, w := range []desk.Watch{{Refused: 1, Within: time.Hour}, {Refused: 61, Within: time.Hour}, {Refused: 5, Within: time.Second}, {Refused: 5, Within: 31 * 24 * time.Hour}, {Refused: -1}} {
		refused(t, w.Check(), jurat.Invalid, "")
	}
	must(t, desk.WatchNow.Check())
}
