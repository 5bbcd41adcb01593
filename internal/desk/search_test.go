package desk_test

import (
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
		found, err := r.Search(ctx, detective, desktest.Noon, word, "", 10)
		must(t, err)
		if len(found) != 1 || found[0].Incident != in {
			t.Errorf("%q finds %v", word, found)
		}
	}
	for _, word := range []string{"sha256", "xylophone"} {
		found, err := r.Search(ctx, detective, desktest.Noon, word, "", 10)
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
