package desk_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/numbers"
	"jurat/orders"
)

// table is a file of a kind.
func table(kind numbers.Kind, text string) desk.TableFile {
	return desk.TableFile{Kind: kind, Text: strings.NewReader(text)}
}

// roster has one member of one tour around noon.
func roster(members ...string) desk.TableFile {
	text := "unit,member,from,to,camera,supervisor\n"
	for _, m := range members {
		text += "U1," + m + ",2026-11-22 06:00,2026-11-22 14:00,yes,supervisor-1102\n"
	}
	return table(numbers.Roster, text)
}

// A table comes in in one act or not at all, once, and leaves what the doubter
// can check; a program that opens the record later knows it too.
func TestATableComesInOnceAndWhole(t *testing.T) {
	engines(t, func(t *testing.T, engine desktest.Engine) {
		r := desktest.CityOn(t, engine)
		ctx, evidence := t.Context(), r.As("evidence-7")
		refusedRow := "event_number,unit,member,sent_at,name,beat,district\n" +
			"E-1,U1,Officer 4471,2026-11-22 11:50,A. Person,1033,10\n" +
			"E-2,U2,=cmd(),2026-11-22 11:55,A. Person,1033,10\n" +
			"E-3,U3,Officer 4473,2026-13-22 11:55,A. Person,1033,10\n" +
			"E-1,U1,Officer 4471,2026-11-22 11:50,A. Person,1033,10\n"
		before := snapshot(t, r)
		checked, err := r.ReadTable(ctx, evidence, desktest.Noon, table(numbers.Dispatch, refusedRow))
		must(t, err)
		if len(checked.Accepted) != 1 || len(checked.Refused) != 3 || snapshot(t, r) != before {
			t.Errorf("checking: %+v", checked)
		}
		im, done, err := r.Import(ctx, evidence, desktest.Noon, table(numbers.Dispatch, refusedRow))
		must(t, err)
		said := make([]string, len(im.Refused))
		for i, x := range im.Refused {
			said[i] = x.String()
		}
		want := []string{"row 2, column member: begins as a formula of a spreadsheet does", "row 3, column sent_at: ", "row 4: is the same as row 1"}
		for i, w := range want {
			if i >= len(said) || !strings.HasPrefix(said[i], w) {
				t.Errorf("refused: %q", said)
				break
			}
		}
		if done.Item.ID != "import-1" || len(im.Accepted) != 1 || !slices.Equal(im.Dropped, []string{"name"}) || im.Zone != "America/Chicago" {
			t.Errorf("imported as %v: %+v", done, im)
		}
		after := snapshot(t, r)
		again, done, err := r.Import(ctx, evidence, at(time.Minute), table(numbers.Dispatch, refusedRow))
		must(t, err)
		if done.Event != "" || len(again.Accepted) != 0 || !slices.Equal(again.Repeated, []int{1}) || snapshot(t, r) != after {
			t.Errorf("again: %v %+v", done, again)
		}
		_, _, err = r.Import(ctx, evidence, desktest.Noon, table(numbers.Dispatch, "event_number,unit,member,sent_at\nE-7,U1,M,2026-11-22 11:50\nE-8,\"U1"))
		refused(t, err, jurat.Invalid, "")
		if snapshot(t, r) != after {
			t.Error("a file that breaks off left something")
		}
		_, done, err = r.Import(ctx, evidence, at(2*time.Minute), table(numbers.Dispatch, `[{"event_number":"E-1","unit":"U9","member":"Officer 4480","sent_at":"2026-11-22T12:10:00-06:00"}]`))
		must(t, err)
		if done.Item.ID != "import-2" {
			t.Errorf("the second is %v", done)
		}
		other, _ := r.Over(t, r.Store)
		for _, d := range []*desk.Desk{r.Desk, other} {
			rows, err := d.Dispatch(ctx, r.As("officer-4471"), desktest.Noon, "E-1")
			must(t, err)
			if len(rows) != 2 || rows[0].Import != "import-2" || rows[1].Texts["beat"] != "1033" || rows[1].Times["sent_at"].First.Hour() != 17 {
				t.Errorf("E-1 is %+v", rows)
			}
			if _, err := d.Dispatch(ctx, r.As("officer-4471"), desktest.Noon, "E-2"); !errors.Is(err, jurat.NotFound) {
				t.Errorf("a number that was refused: %v", err)
			}
		}
		list, err := other.Imports(ctx, evidence, desktest.Noon)
		must(t, err)
		if len(list) != 2 || list[0].ID != "import-1" || list[0].Refused != 3 || list[0].Rows != nil || list[0].By != "evidence-7" {
			t.Errorf("listed: %+v", list)
		}
		_, _, err = r.Import(ctx, r.As("officer-4471"), desktest.Noon, roster("officer-4471"))
		refused(t, err, jurat.Forbidden, "")
		_, _, err = r.Import(ctx, evidence, desktest.Noon, desk.TableFile{Kind: numbers.Roster, Text: strings.NewReader(""), Zone: "Chicago"})
		refused(t, err, jurat.Invalid, "time zone")
		provable(t, r)
	})
}

// PDX-6, case 10: nothing that cannot be told is counted as over a limit.
func TestHoldingsCountOnlyWhatCanBeTold(t *testing.T) {
	r := desktest.City(t)
	text := "row_id,book_in,book_out\n" +
		"a,2026-10-01 08:00,2026-10-01 21:00\n" +
		"b,2026-10-01 08:00,\n" +
		"c,2026-11-01 00:30,2026-11-01 01:30\n" +
		"d,2026-10-02 08:00,2026-10-01 08:00\n" +
		"e,2026-03-08 02:30,2026-03-08 09:00\n"
	im, _, err := r.Import(t.Context(), r.As("evidence-7"), desktest.Noon, table(numbers.Detention, text))
	must(t, err)
	if len(im.Refused) != 2 || im.Refused[0].Column != "book_out" || im.Refused[1].Column != "book_in" {
		t.Errorf("refused: %v", im.Refused)
	}
	all, err := r.Holdings(t.Context(), r.As("auditor-1"), desktest.Noon, 12*time.Hour)
	must(t, err)
	var said []string
	for _, h := range all {
		said = append(said, h.Row+" "+h.State)
	}
	if want := []string{"a over", "b not_determinable", "c not_determinable"}; !slices.Equal(said, want) {
		t.Errorf("%q, want %q", said, want)
	}
}

// EVD-7: who was to have footage, against what there is. What nobody explained
// in the order's 72 hours goes to the commander; a lawful reason never does.
func TestWhoWasToHaveFootageIsCompared(t *testing.T) {
	r := desktest.City(t)
	ctx, supervisor := t.Context(), r.As("supervisor-1102")
	text, err := orders.Read("illinois-bwc-act.yaml")
	must(t, err)
	_, _, err = r.AdoptOrder(ctx, r.As("administrator-1"), desktest.Noon, "illinois-bwc-act.yaml", text)
	must(t, err)
	_, err = r.FootageGaps(ctx, supervisor, desktest.Noon, nil, days(30))
	refused(t, err, jurat.Conflict, "no roster and no dispatch table")
	in, _, err := r.OpenIncident(ctx, r.As("officer-4471"), desktest.Noon, jurat.Opening{Title: "Stop", EventNumber: "E-1", Occurred: jurat.Span{From: desktest.Noon, Precision: "exact"}})
	must(t, err)
	got[jurat.Exhibit, desk.Done](t)(r.LocateExhibit(ctx, r.As("evidence-7"), desktest.Noon, in.Number, jurat.Arrival{Kind: "bwc", System: "Video store", Key: "1", ReceivedFrom: "A"}))
	wrote(t, r, "officer-4471", in.Number, "footage_gap", "", `{"camera_of":"B","why_missing":"off_at_request_of_victim","found_at":"2026-11-22T18:00:00Z"}`)
	gap := wrote(t, r, "officer-4471", in.Number, "footage_gap", "", `{"camera_of":"C","why_missing":"unknown","found_at":"2026-11-22T18:00:00Z"}`)
	wrote(t, r, "officer-4471", in.Number, "footage_gap", "", `{"camera_of":"Z","why_missing":"unknown","found_at":"2026-11-22T18:00:00Z"}`)
	dispatch := "event_number,unit,member,sent_at,cleared_at,camera,supervisor\n"
	for _, m := range []string{"A", "B", "C", "D"} {
		dispatch += "E-1,U1," + m + ",2026-11-22T17:50:00Z,2026-11-22T19:00:00Z,yes,supervisor-1102\n"
	}
	dispatch += "E-9,U1,E,2026-11-22T17:50:00Z,,yes,\n"
	_, _, err = r.Import(ctx, supervisor, desktest.Noon, table(numbers.Dispatch, dispatch))
	must(t, err)
	states := func(when time.Time) string {
		t.Helper()
		all, err := r.FootageGaps(ctx, supervisor, when, nil, days(30))
		must(t, err)
		var b strings.Builder
		for _, g := range all {
			b.WriteString(g.Member + " " + g.State)
			if g.Commander {
				b.WriteString(" commander")
			}
			b.WriteString("; ")
		}
		return b.String()
	}
	if got, want := states(at(71*time.Hour)), "E no_incident; A found; B explained; C absent; D absent; Z absent; "; got != want {
		t.Errorf("before 72 hours: %s, want %s", got, want)
	}
	if got, want := states(at(74*time.Hour)), "E no_incident; A found; B explained; C absent commander; D absent commander; Z absent commander; "; got != want {
		t.Errorf("after 72 hours: %s, want %s", got, want)
	}
	// A colleague finds the reason, and says nothing else again.
	wrote(t, r, "supervisor-1102", in.Number, "footage_gap", gap.ID, `{"why_missing":"battery"}`)
	if got, want := states(at(74*time.Hour)), "E no_incident; A found; B explained; C explained; D absent commander; Z absent commander; "; got != want {
		t.Errorf("once explained: %s, want %s", got, want)
	}
	all, err := r.FootageGaps(ctx, supervisor, desktest.Noon, nil, days(30))
	must(t, err)
	if g := all[2]; g.Label.String() != "Off because a victim asked" || g.Incident != in.Number {
		t.Errorf("the lawful gap is %+v", g)
	}
}

// Anybody draws the same sample from the same seed, whatever was recorded since.
func TestASampleIsDrawnAgain(t *testing.T) {
	r := desktest.City(t)
	ctx, auditor := t.Context(), r.As("auditor-1")
	for range 9 {
		r.Opened(t)
	}
	const seed = "a seed published before"
	first, err := r.Sample(ctx, auditor, desktest.Noon, seed, 3, 0)
	must(t, err)
	must(t, first.Check())
	r.Opened(t)
	again, err := r.Sample(ctx, auditor, desktest.Noon, seed, 3, first.Checkpoint.Size)
	must(t, err)
	if len(first.Drawn) != 3 || len(first.Incidents) != 9 || !slices.Equal(again.Drawn, first.Drawn) || again.Checkpoint != first.Checkpoint {
		t.Errorf("first %+v, again %+v", first, again)
	}
	later, err := r.Sample(ctx, auditor, desktest.Noon, seed, 3, 0)
	must(t, err)
	if len(later.Incidents) != 10 {
		t.Errorf("later it is drawn from %d", len(later.Incidents))
	}
	first.Drawn[0] = first.Incidents[slices.IndexFunc(first.Incidents, func(n jurat.IncidentNumber) bool { return !slices.Contains(first.Drawn, n) })]
	if err := first.Check(); !errors.Is(err, jurat.Altered) {
		t.Errorf("another incident in the sample: %v", err)
	}
	_, err = r.Sample(ctx, auditor, desktest.Noon, "short", 3, 0)
	refused(t, err, jurat.Invalid, "seed")
}

// What a court sealed is in no list of those it was sealed from: not its
// footage, not its gaps, not its number in a sample.
func TestWhatACourtSealedIsInNoFootageList(t *testing.T) {
	r := desktest.City(t)
	ctx, in := t.Context(), r.Opened(t)
	filmed(t, r, in, "1", days(85))
	wrote(t, r, "officer-4471", in, "footage_gap", "", `{"camera_of":"C","why_missing":"unknown"}`)
	wrote(t, r, "detective-2208", in, "preservation_notice", "", `{"to":"a store","basis":"courtesy","items_described":"a camera"}`)
	lists := func(who jurat.PersonID) (n [4]int) {
		t.Helper()
		footage, err := r.Footage(ctx, r.As(who), desktest.Noon, time.Time{}, true)
		must(t, err)
		notices, err := r.Notices(ctx, r.As(who), desktest.Noon, true)
		must(t, err)
		gaps, err := r.FootageGaps(ctx, r.As(who), desktest.Noon, []*numbers.Import{{Kind: numbers.Roster}}, days(30))
		must(t, err)
		sample, err := r.Sample(ctx, r.As(who), desktest.Noon, "a seed published before", 1, 0)
		must(t, err)
		return [4]int{len(footage.Lines), len(notices), len(gaps), len(sample.Incidents)}
	}
	if n := lists("supervisor-1102"); n != [4]int{1, 1, 1, 1} {
		t.Fatalf("before it was sealed: %v", n)
	}
	first := got[jurat.Writ, desk.Done](t)(r.ApproveWrit(ctx, r.As("records-3"), desktest.Noon, jurat.Writ{Kind: jurat.WritSeal, Incident: in, Court: "a court", Number: "1", OpenTo: []jurat.Role{jurat.RoleCounsel}}))
	got[jurat.Writ, desk.Done](t)(r.CarryOutWrit(ctx, r.As("counsel-3"), desktest.Noon, first.ID))
	if n := lists("supervisor-1102"); n != [4]int{} {
		t.Errorf("from whom it was sealed: %v", n)
	}
	if n := lists("counsel-3"); n != [4]int{1, 1, 1, 1} {
		t.Errorf("to whom it stays open: %v", n)
	}
}
