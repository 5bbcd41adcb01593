package desk_test

import (
	"encoding/json"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
)

// days is so many days before noon.
func days(n int) time.Time { return desktest.Noon.AddDate(0, 0, -n) }

// filmed puts a recording held elsewhere on the record.
func filmed(t *testing.T, r *desktest.Record, in jurat.IncidentNumber, key string, from time.Time) jurat.Exhibit {
	t.Helper()
	return got[jurat.Exhibit, desk.Done](t)(r.LocateExhibit(t.Context(), r.As("evidence-7"), desktest.Noon, in, jurat.Arrival{Kind: "bwc", System: "Video store", Key: key, Recorded: jurat.Span{From: from, Precision: "exact"}}))
}

// wrote adds a record as somebody.
func wrote(t *testing.T, r *desktest.Record, who jurat.PersonID, in jurat.IncidentNumber, typ jurat.RecordType, amends jurat.ItemID, fields string) jurat.Record {
	t.Helper()
	return got[jurat.Record, desk.Done](t)(r.AddRecord(t.Context(), r.As(who), desktest.Noon, in, desk.Words{Type: typ, Amends: amends, Fields: json.RawMessage(fields)}))
}

// Requirements case 1: a federal agent used force, the member only filmed it and
// nobody complained, so that nothing flags the recording by itself. On day 85
// the list says so; after day 90 it asks, and nothing was destroyed.
func TestTheMorningListScreamsOnDay85(t *testing.T) {
	engines(t, func(t *testing.T, engine desktest.Engine) {
		r := desktest.CityOn(t, engine)
		ctx, in, supervisor := t.Context(), r.Opened(t), r.As("supervisor-1102")
		list := func(at, by time.Time, settled bool) desk.Footage {
			t.Helper()
			all, err := r.Footage(ctx, supervisor, at, by, settled)
			must(t, err)
			return all
		}
		if all := list(desktest.Noon, time.Time{}, false); len(all.Lines) != 0 || all.Within != 60 {
			t.Errorf("with no footage: %+v", all)
		}
		x := filmed(t, r, in, "BWC-77", days(0))
		if all := list(days(-29), time.Time{}, false); len(all.Lines) != 0 {
			t.Errorf("before the first warning: %+v", all.Lines)
		}
		if all := list(days(-29), days(-90), false); len(all.Lines) != 1 || all.Lines[0].Warned != 0 {
			t.Errorf("by its last day: %+v", all.Lines)
		}
		if all := list(days(-29), days(-89), false); len(all.Lines) != 0 {
			t.Errorf("by the day before: %+v", all.Lines)
		}
		l := one(t, list(days(-85), time.Time{}, false).Lines)
		if l.Item != string(x.ID) || l.Day != 85 || l.Of != 90 || l.Warned != 85 || l.Past || l.Presumed || len(l.Grounds) != 0 || l.Confirmed == nil || *l.Confirmed || l.Holder != nil {
			t.Errorf("on day 85: %+v", l)
		}
		wrote(t, r, "evidence-7", "", "footage_holder", "", `{"system":"Video store","holder":"Old unit","call":"desk 1"}`)
		wrote(t, r, "evidence-7", "", "footage_holder", "", `{"system":"Video store","holder":"Video unit","call":"desk 4"}`)
		if l := one(t, list(days(-91), time.Time{}, false).Lines); !l.Past || l.Holder == nil || l.Holder.Call != "desk 4" {
			t.Errorf("past its last day: %+v", l)
		}

		// A ground alone does not preserve it there; the holder's word does.
		got[jurat.Flag, desk.Done](t)(r.AddFlag(ctx, supervisor, desktest.Noon, x.ID, []string{"evidentiary_value"}))
		got[jurat.Flag, desk.Done](t)(r.AddFlag(ctx, supervisor, desktest.Noon, x.ID, []string{"complaint"}))
		if l := one(t, list(days(-85), time.Time{}, false).Lines); l.Settled() || len(l.Grounds) != 2 {
			t.Errorf("flagged here only: %+v", l)
		}
		got[jurat.Exhibit, desk.Done](t)(r.ConfirmExhibit(ctx, r.As("evidence-7"), desktest.Noon, x.ID, "by telephone"))
		if all := list(days(-85), time.Time{}, false); len(all.Lines) != 0 || all.Settled != 1 {
			t.Errorf("confirmed: %+v", all)
		}
		if l := one(t, list(days(-85), time.Time{}, true).Lines); !l.Settled() || !*l.Confirmed {
			t.Errorf("with what is settled: %+v", l)
		}
		provable(t, r)
	})
}

// A recording without a date is counted from the earliest possible day of its
// incident, and marked so.
func TestARecordingWithoutADateIsCountedFromTheEarliestDay(t *testing.T) {
	r := desktest.City(t)
	ctx := t.Context()
	in, _, err := r.OpenIncident(ctx, r.As("officer-4471"), desktest.Noon, jurat.Opening{Title: "Seen on a film", Occurred: jurat.Span{From: days(80), To: days(10), Precision: "range"}})
	must(t, err)
	filmed(t, r, in.Number, "1", time.Time{})
	all, err := r.Footage(ctx, r.As("supervisor-1102"), desktest.Noon, time.Time{}, false)
	must(t, err)
	if l := one(t, all.Lines); !l.Presumed || l.Day != 80 || l.Warned != 75 {
		t.Errorf("it is %+v", l)
	}
}

// EVD-3: no answer by its date is a state; an answer a colleague adds counts.
func TestANoticeIsOpenUntilItsAnswerIsRecorded(t *testing.T) {
	r := desktest.City(t)
	ctx, in, detective := t.Context(), r.Opened(t), r.As("detective-2208")
	x := filmed(t, r, in, "BWC-77", days(40))
	n := wrote(t, r, "detective-2208", in, "preservation_notice", "", `{"to":"a store","exhibit":"`+string(x.ID)+`","basis":"courtesy","items_described":"a camera","sent_at":"2026-11-20T12:00:00Z","due_at":"2026-11-23T12:00:00Z"}`)
	state := func(at time.Time) desk.NoticeLine {
		t.Helper()
		open, err := r.Notices(ctx, detective, at, false)
		must(t, err)
		return one(t, open)
	}
	if l := state(desktest.Noon); l.State != desk.NoticeAwaited || l.Record != n.ID || l.Days != 2 {
		t.Errorf("before its date: %+v", l)
	}
	if l := state(days(-2)); l.State != desk.NoticeNoAnswer {
		t.Errorf("after its date: %+v", l)
	}
	all, err := r.Footage(ctx, detective, days(-2), time.Time{}, false)
	must(t, err)
	if l := one(t, all.Lines); l.Notice == nil || l.Notice.State != desk.NoticeNoAnswer {
		t.Errorf("the morning list knows no notice: %+v", l)
	}
	wrote(t, r, "supervisor-1102", in, "preservation_notice", n.ID, `{"answer":"refused"}`)
	open, err := r.Notices(ctx, detective, days(-2), false)
	must(t, err)
	if len(open) != 0 {
		t.Errorf("answered, and still open: %+v", open)
	}
	answered, err := r.Notices(ctx, detective, days(-2), true)
	must(t, err)
	if l := one(t, answered); l.State != "refused" || l.To != "a store" || l.Basis != "courtesy" {
		t.Errorf("answered: %+v", l)
	}
}

func one[T any](t testing.TB, all []T) T {
	t.Helper()
	if len(all) != 1 {
		t.Fatalf("%d of them, want 1: %+v", len(all), all)
	}
	return all[0]
}
