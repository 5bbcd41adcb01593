package jurat_test

import (
	"slices"
	"testing"
	"time"

	"jurat"
)

func ahead(d time.Duration) *time.Duration { return &d }

func TestTimingAnExhibit(t *testing.T) {
	to := func(tm jurat.Timing) func(jurat.Exhibit) (jurat.Exhibit, jurat.Event, error) {
		return func(x jurat.Exhibit) (jurat.Exhibit, jurat.Event, error) { return x.Time(tm, officer, morning) }
	}
	begun := aPhoto(t)
	begun.Recorded.From = night
	byHand := jurat.Timing{Offset: ahead(4250 * time.Millisecond), Source: jurat.OffsetByHand, Reason: "the dispatch clock is in the picture"}
	changed := func(change func(*jurat.Timing)) jurat.Timing {
		c := byHand
		change(&c)
		return c
	}
	twice, _, err := aPhoto(t).Time(byHand, officer, night)
	if err != nil {
		t.Fatal(err)
	}
	book(t, []deed[jurat.Exhibit]{
		// Harm: a corrected offset that takes the first one off the record cannot be explained in court.
		{"the offset of its arrival stays beside the new one", aPhoto(t), to(byHand), "", func(t *testing.T, x jurat.Exhibit, ev jurat.Event) {
			if len(x.Offsets) != 2 || *x.Offsets[0].Millis != 4000 || x.Offsets[0].Source != jurat.OffsetOnArrival || *x.Offsets[1].Millis != 4250 || *x.ClockOffset != 4 || ev.Note != byHand.Reason {
				t.Errorf("offsets %+v, newest %d s, note %q", x.Offsets, *x.ClockOffset, ev.Note)
			}
			if d, ok := x.Ahead(); !ok || d != 4250*time.Millisecond {
				t.Errorf("ahead %s, %t", d, ok)
			}
		}},
		{"a third stands beside two", twice, to(changed(func(tm *jurat.Timing) { tm.Offset, tm.Source = ahead(-3*time.Second), jurat.OffsetBySameEvent })), "", func(t *testing.T, x jurat.Exhibit, _ jurat.Event) {
			if len(x.Offsets) != 3 || *x.ClockOffset != -3 {
				t.Errorf("offsets %+v", x.Offsets)
			}
		}},
		{"that it is not known is an answer", aPhoto(t), to(changed(func(tm *jurat.Timing) { tm.Offset = nil })), "", func(t *testing.T, x jurat.Exhibit, _ jurat.Event) {
			if _, ok := x.Ahead(); ok || x.ClockOffset != nil || len(x.Offsets) != 2 {
				t.Errorf("an offset nobody knows is known: %+v", x.Offsets)
			}
		}},
		{"held elsewhere, first", footage(t), to(byHand), "", func(t *testing.T, x jurat.Exhibit, _ jurat.Event) {
			if len(x.Offsets) != 1 {
				t.Errorf("offsets %+v", x.Offsets)
			}
		}},
		{"when it begins, where nobody said", aPhoto(t), to(changed(func(tm *jurat.Timing) { tm.From = night })), "", func(t *testing.T, x jurat.Exhibit, _ jurat.Event) {
			if !x.Recorded.From.Equal(jurat.At(night)) || x.Recorded.Precision != "approx" {
				t.Errorf("recorded %+v", x.Recorded)
			}
		}},
		// Harm: days of retention count from the beginning; who could restate it could shorten them.
		{"when it begins is not restated", begun, to(changed(func(tm *jurat.Timing) { tm.From = night.Add(-time.Hour) })), jurat.Conflict, nil},
		{"without a reason", aPhoto(t), to(changed(func(tm *jurat.Timing) { tm.Reason = " " })), jurat.Invalid, nil},
		{"from no source", aPhoto(t), to(changed(func(tm *jurat.Timing) { tm.Source = "" })), jurat.Invalid, nil},
		{"as if on arrival", aPhoto(t), to(changed(func(tm *jurat.Timing) { tm.Source = jurat.OffsetOnArrival })), jurat.Invalid, nil},
		{"by more than a hundred years", aPhoto(t), to(changed(func(tm *jurat.Timing) { tm.Offset = ahead(101 * 365 * 24 * time.Hour) })), jurat.Invalid, nil},
		{"of what was disposed of", disposed(t), to(byHand), jurat.Conflict, nil},
	})
}

func disposed(t testing.TB) jurat.Exhibit {
	t.Helper()
	x := aPhoto(t)
	x.Disposed = &jurat.Tombstone{Certificate: "12-345", At: night}
	return x
}

// SEC-20: over sixty seconds, or not known, is put in no order.
func TestWhenARecordingBeginsOnTheCommonClock(t *testing.T) {
	x := aPhoto(t)
	if _, ok := x.Begins(); ok {
		t.Error("a recording that begins nobody knows when has a place in order")
	}
	x.Recorded.From = jurat.At(night)
	if at, ok := x.Begins(); !ok || !at.Equal(jurat.At(night).Add(-4*time.Second)) {
		t.Errorf("a clock 4 s ahead: begins %s, %t", at, ok)
	}
	for seconds, want := range map[int]bool{60: true, -60: true, 61: false, -61: false} {
		x.ClockOffset = &seconds
		if _, ok := x.Begins(); ok != want {
			t.Errorf("%d s: placed %t, want %t", seconds, ok, want)
		}
	}
	x.ClockOffset = nil
	if _, ok := x.Begins(); ok {
		t.Error("an offset nobody measured was taken for none")
	}
}

func TestMarking(t *testing.T) {
	mark := func(m jurat.Marking) func(jurat.Mark) (jurat.Mark, jurat.Event, error) {
		return func(jurat.Mark) (jurat.Mark, jurat.Event, error) {
			return jurat.AddMark(id(jurat.NounMark, 2), aPhoto(t), m, officer, morning)
		}
	}
	first := aMark(t)
	elsewhere := first
	elsewhere.Exhibit = id(jurat.NounExhibit, 9)
	var none jurat.Mark
	book(t, []deed[jurat.Mark]{
		{"a moment", none, mark(jurat.Marking{From: 42_040, Note: " a door "}), "", func(t *testing.T, k jurat.Mark, _ jurat.Event) {
			if k.Note != "a door" || k.From != 42_040 || k.To != 0 {
				t.Errorf("marked %+v", k)
			}
		}},
		{"the first frame", none, mark(jurat.Marking{Note: "begins"}), "", nil},
		{"a stretch, in place of an earlier mark", none, mark(jurat.Marking{From: 1, To: 2, Note: "a door, closed", Amends: &first}), "", func(t *testing.T, k jurat.Mark, _ jurat.Event) {
			if k.Amends != first.ID {
				t.Errorf("amends %q", k.Amends)
			}
		}},
		{"without a note", none, mark(jurat.Marking{Note: " "}), jurat.Invalid, nil},
		{"of a book", none, mark(jurat.Marking{Note: string(slices.Repeat([]rune{'ñ'}, 2001))}), jurat.Invalid, nil},
		{"before the beginning", none, mark(jurat.Marking{From: -1, Note: "x"}), jurat.Invalid, nil},
		{"beyond a thousand hours", none, mark(jurat.Marking{From: 3_600_000_001, Note: "x"}), jurat.Invalid, nil},
		{"ends before it begins", none, mark(jurat.Marking{From: 5, To: 5, Note: "x"}), jurat.Invalid, nil},
		{"in place of a mark on another exhibit", none, mark(jurat.Marking{Note: "x", Amends: &elsewhere}), jurat.Invalid, nil},
		{"of what was disposed of", none, func(jurat.Mark) (jurat.Mark, jurat.Event, error) {
			return jurat.AddMark(id(jurat.NounMark, 2), disposed(t), jurat.Marking{Note: "x"}, officer, morning)
		}, jurat.Conflict, nil},
		{"under a record's number", none, func(jurat.Mark) (jurat.Mark, jurat.Event, error) {
			return jurat.AddMark(id(jurat.NounRecord, 2), aPhoto(t), jurat.Marking{Note: "x"}, officer, morning)
		}, jurat.Invalid, nil},
		{"in another incident", none, func(jurat.Mark) (jurat.Mark, jurat.Event, error) {
			return jurat.AddMark(jurat.NumberItem(other, jurat.NounMark, 1), aPhoto(t), jurat.Marking{Note: "x"}, officer, morning)
		}, jurat.Invalid, nil},
	})
}

func aMark(t testing.TB) jurat.Mark {
	t.Helper()
	k, ev, err := jurat.AddMark(id(jurat.NounMark, 1), aPhoto(t), jurat.Marking{From: 42_000, Note: "a door"}, officer, night)
	return must(t, k, ev, err)
}

// LAW-2: footage opens before a report by another person's decision, a
// supervisor's, with a reason.
func TestReleasingFootageBeforeAReport(t *testing.T) {
	release := func(member jurat.PersonID, reason string, by jurat.Hand) func(jurat.Viewing) (jurat.Viewing, jurat.Event, error) {
		return func(jurat.Viewing) (jurat.Viewing, jurat.Event, error) {
			return jurat.ReleaseViewing(id(jurat.NounViewing, 1), member, reason, by, morning)
		}
	}
	var none jurat.Viewing
	book(t, []deed[jurat.Viewing]{
		{"a supervisor releases", none, release("officer-4471", " an injury must be described to the hospital ", supervisor), "", func(t *testing.T, v jurat.Viewing, ev jurat.Event) {
			if v.Member != "officer-4471" || v.Incident != number || ev.Note != "an injury must be described to the hospital" {
				t.Errorf("released %+v, note %q", v, ev.Note)
			}
		}},
		{"to themselves", none, release(supervisor.Person, "x", supervisor), jurat.Forbidden, nil},
		{"an officer", none, release("officer-4472", "x", officer), jurat.Forbidden, nil},
		{"a supervisor who is not sworn", none, release("officer-4471", "x", unsworn(supervisor)), jurat.Forbidden, nil},
		{"without a reason", none, release("officer-4471", " ", supervisor), jurat.Invalid, nil},
		{"to nobody", none, release("", "x", supervisor), jurat.Invalid, nil},
		{"under a mark's number", none, func(jurat.Viewing) (jurat.Viewing, jurat.Event, error) {
			return jurat.ReleaseViewing(id(jurat.NounMark, 1), "officer-4471", "x", supervisor, morning)
		}, jurat.Invalid, nil},
	})
}
