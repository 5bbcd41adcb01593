package desk_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/cmd/jurat/demo/media"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/orders"
)

// reportFirst is a city that adopted the report before the footage.
func reportFirst(t *testing.T, engine desktest.Engine) *desktest.Record {
	t.Helper()
	r := desktest.CityOn(t, engine)
	text, err := orders.Read("example-viewing-directive.yaml")
	must(t, err)
	// The example's made-up directive is stayed, and later than these tests.
	said := strings.NewReplacer("2026-03-01", "2025-03-01", "2026-09-01T", "2027-09-01T").Replace(string(text))
	head, _, ok := strings.Cut(said, "\ntests:\n")
	_, first, _ := strings.Cut(said, "\ntests:\n")
	one, _, _ := strings.Cut(first, "\n  - id: draft\n")
	if !ok {
		t.Fatal("the example has no tests")
	}
	_, _, err = r.AdoptOrder(t.Context(), r.As("administrator-1"), desktest.Noon, "viewing.yaml", []byte(head+"\ntests:\n"+one+"\n"))
	must(t, err)
	return r
}

// LAW-2. Whoever has yet to write what they remember does not see the film by
// any door; whoever handed it in, was released, or does another work, does.
func TestFootageWaitsForTheReport(t *testing.T) {
	engines(t, func(t *testing.T, engine desktest.Engine) {
		r := reportFirst(t, engine)
		in := r.Opened(t)
		film := r.Received(t, desktest.Noon, in, "a film")[0]
		open := func(who jurat.PersonID) error {
			_, reader, err := r.ReadExhibit(t.Context(), r.As(who), at(time.Hour), film.ID)
			if err == nil {
				must(t, reader.Close())
			}
			return err
		}
		_, _, err := r.AddMark(t.Context(), r.As("detective-2208"), at(time.Minute), film.ID, jurat.Marking{Note: "a door"}, "")
		must(t, err)
		before := len(chain(t, r, in))
		lines := len(journal(t, r, 0))
		refused(t, open("officer-4471"), jurat.Conflict, "does not open to officer-4471 yet. Finish your report first.")
		_, _, err = r.ReadExhibitFor(t.Context(), r.As("officer-4471"), at(time.Hour), film.ID, jurat.UseInvestigate)
		refused(t, err, jurat.Conflict, "Finish your report first.")
		if len(chain(t, r, in)) != before {
			t.Error("what was refused is on the record as a look")
		}
		if now := journal(t, r, 0); len(now) != lines+1 { // the second was within the same minute
			t.Errorf("%d attempts are in the journal, want 1", len(now)-lines)
		}
		for _, who := range []jurat.PersonID{"evidence-7", "detective-2208", "supervisor-1102", "counsel-3", "records-3", "auditor-1"} {
			must(t, open(who))
		}
		v, err := r.Show(t.Context(), r.As("officer-4471"), at(time.Hour), in)
		must(t, err)
		if why := v.WaitsFor(film.ID); len(why) != 1 || why[0].ID != "report-first" || len(v.Marks) != 0 || !v.ReportFirst {
			t.Errorf("the officer is shown %+v and marks %+v", v.Waits, v.Marks)
		}
		v, err = r.Show(t.Context(), r.As("detective-2208"), at(time.Hour), in)
		must(t, err)
		if len(v.Waits) != 0 || len(v.Marks) != 1 {
			t.Errorf("the detective is shown %+v and marks %+v", v.Waits, v.Marks)
		}

		// Released, by a supervisor, to one.
		release := func(who, member jurat.PersonID, reason string) error {
			_, _, err := r.ReleaseViewing(t.Context(), r.As(who), at(2*time.Hour), in, member, reason)
			return err
		}
		refused(t, release("officer-4471", "officer-4471", "because"), jurat.Forbidden, "may not do this")
		refused(t, release("officer-4472", "officer-4471", "because"), jurat.Forbidden, "may not do this")
		refused(t, release("detective-2208", "officer-4471", "because"), jurat.Forbidden, "may not do this")
		refused(t, release("auditor-1", "officer-4471", "because"), jurat.Forbidden, "may not do this")
		refused(t, release("supervisor-1102", "supervisor-1102", "because"), jurat.Forbidden, "another supervisor decides")
		refused(t, release("supervisor-1102", "officer-4471", " "), jurat.Invalid, "say why")
		refused(t, release("supervisor-1102", "nobody-1", "because"), jurat.Invalid, "nobody who works in this office")
		refused(t, release("supervisor-1102", "prosecutor-12", "because"), jurat.Invalid, "nobody who works in this office")
		refused(t, release("supervisor-1102", "detective-2208", "because"), jurat.Conflict, "it is open to them")
		must(t, release("supervisor-1102", "officer-4471", "the hospital must be told what struck the person"))
		refused(t, release("supervisor-1103", "officer-4471", "again"), jurat.Conflict, "already")
		must(t, open("officer-4471"))
		refused(t, open("officer-4472"), jurat.Conflict, "Finish your report first.")
		last := chain(t, r, in)
		if e := last[len(last)-2]; e.Act != jurat.ViewingReleased || e.Person != "supervisor-1102" {
			t.Errorf("the release is %s by %s", e.Act, e.Person)
		}

		// Handed in, by the other; a draft is not.
		rec, _, err := r.AddRecord(t.Context(), r.As("officer-4472"), at(3*time.Hour), in, desk.Words{Type: "report", Fields: []byte(`{"narrative":"What I remember of that day.","viewed_footage":"no"}`)})
		must(t, err)
		refused(t, open("officer-4472"), jurat.Conflict, "Finish your report first.")
		_, _, err = r.SubmitRecord(t.Context(), r.As("officer-4472"), at(3*time.Hour), rec.ID)
		must(t, err)
		must(t, open("officer-4472"))
	})
}

// Copies wait as footage does, and no copy is made of what waits.
func TestCopiesWaitAsFootageDoes(t *testing.T) {
	ffmpeg(t)
	r := reportFirst(t, desktest.SQLite)
	in, x := filed(t, r, demomedia.BodyCamera2)
	copied, err := r.PreviewExhibit(t.Context(), r.As("evidence-7"), later(time.Hour), x.ID)
	must(t, err)
	who := r.As("officer-4471")
	for name, err := range map[string]error{
		"a copy": second(r.ReadExhibit(t.Context(), who, at(2*time.Hour), copied.Exhibit.ID)),
		"a look": func() error { _, _, err := r.ProbeExhibit(t.Context(), who, at(2*time.Hour), x.ID); return err }(),
		"a still": func() error {
			_, err := r.StillExhibit(t.Context(), who, at(2*time.Hour), x.ID, 0)
			return err
		}(),
		"a picture of it": func() error {
			_, err := r.PreviewExhibit(t.Context(), who, later(2*time.Hour), x.ID)
			return err
		}(),
		"a film of it": func() error {
			_, err := r.ProxyExhibit(t.Context(), who, later(2*time.Hour), x.ID, nil)
			return err
		}(),
	} {
		if !errors.Is(err, jurat.Conflict) || !strings.Contains(err.Error(), "Finish your report first.") {
			t.Errorf("%s: %v", name, err)
		}
	}
	v, err := r.Show(t.Context(), who, at(2*time.Hour), in)
	must(t, err)
	if len(v.Waits) != 2 {
		t.Errorf("what waits is %+v", v.Waits)
	}
}

func second[A any, R interface{ Close() error }](_ A, r R, err error) error {
	if err == nil {
		return r.Close()
	}
	return err
}

// No adopted order says so: nothing waits, and there is nothing to release.
func TestWithoutSuchAnOrderNothingWaits(t *testing.T) {
	r := desktest.City(t)
	in := r.Opened(t)
	film := r.Received(t, desktest.Noon, in, "a film")[0]
	must(t, second(r.ReadExhibit(t.Context(), r.As("officer-4471"), at(time.Hour), film.ID)))
	v, err := r.Show(t.Context(), r.As("officer-4471"), at(time.Hour), in)
	must(t, err)
	if len(v.Waits) != 0 || v.ReportFirst {
		t.Errorf("what waits is %+v", v.Waits)
	}
	_, _, err = r.ReleaseViewing(t.Context(), r.As("supervisor-1102"), at(time.Hour), in, "officer-4471", "because")
	refused(t, err, jurat.Conflict, "no adopted order")
}
