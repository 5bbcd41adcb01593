package desk_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
)

// Whatever somebody wrote in an open field finds its incident; what the law or
// a letter says of itself does not.
func TestWhatFindsAnIncident(t *testing.T) {
	r := desktest.City(t)
	ref := r.Approved(t)
	in := ref.Incident
	ctx, detective := t.Context(), r.As("detective-2208")
	got[jurat.Hold, desk.Done](t)(r.PlaceHold(ctx, detective, desktest.Noon, in, "matter of the walrus", nil))
	got[jurat.Contact, desk.Done](t)(r.RecordContact(ctx, detective, desktest.Noon, in, "an office of marmots", "asked about the ibis", desktest.Noon, ""))
	_, _, err := r.LocateExhibit(ctx, detective, desktest.Noon, in, jurat.Arrival{Kind: "bwc", System: "gnustore", Key: "emu-77"})
	must(t, err)
	for _, word := range []string{"vehicle", "26-327-0144", string(in), "holding", "standing still", "complainant", "battery", "evidentiary_value", "walrus", "marmots", "ibis", "gnustore", "emu", "film", "sides", string(in) + "-R3"} {
		found, err := r.Search(ctx, detective, desktest.Noon, desk.Sought{Words: word}, "", 10)
		must(t, err)
		if len(found) != 1 || found[0].Incident != in {
			t.Errorf("%q finds %v", word, found)
		}
	}
	for _, word := range []string{"sha256", "xylophone"} {
		found, err := r.Search(ctx, detective, desktest.Noon, desk.Sought{Words: word}, "", 10)
		must(t, err)
		if len(found) != 0 {
			t.Errorf("%q finds %v", word, found)
		}
	}
	list, err := r.List(ctx, detective, desktest.Noon.Add(time.Hour), "", 10)
	must(t, err)
	if len(list) != 1 || list[0].Title != "Vehicle stop" {
		t.Errorf("the list is %v", list)
	}
}

// Who looks incidents up by the number of a call has searched, and the journal
// says so (LAW-9).
func TestLookingUpAnEventNumberIsASearch(t *testing.T) {
	r := desktest.City(t)
	r.Opened(t)
	lines, err := r.ByEventNumber(t.Context(), r.As("officer-4471"), desktest.Noon, "26-327-0144")
	must(t, err)
	rows, err := r.Journal(t.Context(), r.As("administrator-1"), desktest.Noon, 0, 100)
	must(t, err)
	if len(lines) != 1 || len(rows) != 1 || rows[0].Kind != "search" || rows[0].Person != "officer-4471" {
		t.Errorf("%+v, journalled as %+v", lines, rows)
	}
}

// What a person did something in is theirs to find again; what they only looked
// at is not listed as theirs, nor what somebody else did.
func TestMineIsWhatIDidSomethingIn(t *testing.T) {
	r := desktest.City(t)
	var ins []jurat.IncidentNumber
	for range 5 {
		ins = append(ins, r.Opened(t))
	}
	ctx, who := t.Context(), r.As("detective-2208")
	for _, in := range []jurat.IncidentNumber{ins[1], ins[2], ins[4]} {
		got[jurat.Contact, desk.Done](t)(r.RecordContact(ctx, who, desktest.Noon, in, "an office", "asked", desktest.Noon, ""))
	}
	_, err := r.Show(ctx, who, desktest.Noon, ins[3])
	must(t, err)
	var all []jurat.IncidentNumber
	for after, pages := jurat.IncidentNumber(""), 0; pages == 0 || after != ""; pages++ {
		lines, next, err := r.Mine(ctx, who, desktest.Noon, after, 2)
		must(t, err)
		for _, l := range lines {
			all = append(all, l.Incident)
		}
		after = next
		if pages > 2 {
			t.Fatal("it does not end")
		}
	}
	if !slices.Equal(all, []jurat.IncidentNumber{ins[4], ins[2], ins[1]}) {
		t.Errorf("mine are %v", all)
	}
}

// The list of referrals says what was sent and when, and is in no order of how
// long anybody took.
func TestReferralsAreListedAsTheyWereBegun(t *testing.T) {
	r, _ := neighbours(t, desktest.SQLite)
	first := r.Approved(t)
	second := r.Approved(t)
	r.Send(t, first.ID, desktest.Noon)
	lines, err := r.Referrals(t.Context(), r.As("counsel-3"), desktest.Noon.Add(50*24*time.Hour))
	must(t, err)
	if len(lines) != 2 || lines[0].ID != second.ID || !lines[0].Sent.IsZero() || lines[0].Days != 0 ||
		lines[1].ID != first.ID || lines[1].Days != 50 || lines[1].ToName != "County prosecutor" || lines[1].State != jurat.ReferralIsSent {
		t.Errorf("%+v", lines)
	}
	for _, who := range []jurat.PersonID{"officer-4471", "records-3", "prosecutor-12"} {
		if _, err := r.Referrals(t.Context(), r.As(who), desktest.Noon); err == nil {
			t.Errorf("%s lists referrals", who)
		}
	}
}

// A search has a number of its own for twelve hours, and it is nobody else's; the
// words lie sealed, and are in no list of drafts.
func TestASearchIsKeptForWhoAsked(t *testing.T) {
	r := desktest.City(t)
	ctx, who := t.Context(), r.As("detective-2208")
	want := desk.Sought{Words: "the quoll", Order: "chicago-eo-2026-01", State: jurat.IncidentIsClosed, From: desktest.Noon, Until: at(oneDay)}
	for n := 1; n <= 3; n++ {
		number, err := r.KeepSearch(ctx, who, at(time.Duration(n)*time.Hour), want)
		must(t, err)
		if number != n {
			t.Errorf("the %d. search has the number %d", n, number)
		}
	}
	kept, err := r.KeptSearch(ctx, who, at(12*time.Hour), 1)
	must(t, err)
	if kept != want {
		t.Errorf("kept %+v", kept)
	}
	for name, f := range map[string]func() error{
		"somebody else's":  func() error { _, err := r.KeptSearch(ctx, r.As("supervisor-1102"), at(time.Hour), 1); return err },
		"over":             func() error { _, err := r.KeptSearch(ctx, who, at(13*time.Hour), 1); return err },
		"never kept":       func() error { _, err := r.KeptSearch(ctx, who, at(time.Hour), 4); return err },
		"a report's draft": func() error { _, err := r.OpenDraft(ctx, who, at(time.Hour), "search 1"); return err },
	} {
		if err := f(); !errors.Is(err, jurat.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if all, err := r.Drafts(ctx, who, at(time.Hour)); err != nil || len(all) != 0 {
		t.Errorf("drafts: %+v, %v", all, err)
	}
	if n, err := r.KeepSearch(ctx, who, at(14*time.Hour+time.Minute), want); err != nil || n != 4 {
		t.Errorf("a number is given again: %d, %v", n, err)
	}
	if _, err := r.KeptSearch(ctx, who, at(4*time.Hour), 2); !errors.Is(err, jurat.NotFound) {
		t.Errorf("what is over lies there still: %v", err)
	}
	for range 60 {
		_, err := r.KeepSearch(ctx, who, at(14*time.Hour+time.Minute), want)
		must(t, err)
	}
	if _, err := r.KeptSearch(ctx, who, at(15*time.Hour), 14); !errors.Is(err, jurat.NotFound) {
		t.Errorf("of more than fifty: %v", err)
	}
	if _, err := r.KeptSearch(ctx, who, at(15*time.Hour), 15); err != nil {
		t.Errorf("of fifty the oldest: %v", err)
	}
	in := r.Opened(t)
	ordered(t, r, at(15*time.Hour), jurat.Writ{Kind: jurat.WritExpunge, Incident: in, Backups: at(oneDay)})
	if _, err := r.KeptSearch(ctx, who, at(15*time.Hour), 64); !errors.Is(err, jurat.NotFound) {
		t.Errorf("after an expungement: %v", err)
	}
}

// What a search is narrowed to is of closed lists; what is none is refused.
func TestASearchIsNarrowedByNothingElse(t *testing.T) {
	r := desktest.City(t)
	r.Opened(t)
	who := r.As("detective-2208")
	for _, s := range []desk.Sought{{}, {Words: " "}, {Words: "vehicle", State: "old"}, {Words: "vehicle", Order: "nowhere"}, {Order: "nowhere"}} {
		if _, err := r.Search(t.Context(), who, desktest.Noon, s, "", 10); !errors.Is(err, jurat.Invalid) {
			t.Errorf("%+v: %v", s, err)
		}
	}
}
