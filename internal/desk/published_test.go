package desk_test

import (
	"strings"
	"testing"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
)

// What was published stays: a second cut of the same months could be subtracted
// from the first, and is refused; the same period again says what changed.
func TestNumbersArePublishedOnceInOneCut(t *testing.T) {
	r := desktest.City(t)
	for range 12 {
		seen(t, r, "cbp_usbp")
	}
	must(t, r.Publish(t.Context()))
	records := r.As("records-3")
	_, _, err := r.PublishNumbers(t.Context(), r.As("officer-4471"), desktest.Noon, january)
	refused(t, err, jurat.Forbidden, "may not do this")
	first, done, err := r.PublishNumbers(t.Context(), records, desktest.Noon, january)
	must(t, err)
	if done.Event == "" || first.ID != "publication-1" || first.By != "records-3" || !strings.Contains(first.Figures, "2026-01") {
		t.Errorf("published %+v", first)
	}
	quarter, err := desk.ParsePeriod("2026-Q1")
	must(t, err)
	_, _, err = r.PublishNumbers(t.Context(), records, desktest.Noon, quarter)
	refused(t, err, jurat.Conflict, "subtracted from the first")
	march, err := desk.ParsePeriod("2026-03")
	must(t, err)
	_, _, err = r.PublishNumbers(t.Context(), records, desktest.Noon, march)
	must(t, err)
	_, _, err = r.PublishNumbers(t.Context(), records, desktest.Noon, quarter)
	refused(t, err, jurat.Conflict, "subtracted from the first")
	for range 3 {
		seen(t, r, "cbp_usbp")
	}
	again, _, err := r.PublishNumbers(t.Context(), records, desktest.Noon, january)
	must(t, err)
	shelf, err := r.Shelf(t.Context())
	must(t, err)
	if len(shelf) != 2 || shelf[0].Period != "2026-03" || shelf[1].ID != again.ID || shelf[1].By != "" || len(shelf[1].Figures.Corrections) == 0 {
		t.Errorf("the shelf holds %+v", shelf)
	}
	intact(t, r)
}
