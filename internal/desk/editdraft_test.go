package desk_test

import (
	"bytes"
	"image/jpeg"
	"slices"
	"testing"
	"time"

	"jurat"
	"jurat/cmd/jurat/demo/media"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
)

// What was typed of an edit list is there again, for who typed it and nobody
// else; it is sealed, it is no report, and no report can be put in its place.
func TestAnEditListInTheMakingIsItsAuthors(t *testing.T) {
	engines(t, func(t *testing.T, engine desktest.Engine) {
		r := desktest.CityOn(t, engine)
		in, x := filed(t, r, demomedia.BodyCamera1)
		typed := map[string][]string{"edit.1.kind": {"box"}, "edit.1.from": {"not a time", "0:02"}}
		acts := len(chain(t, r, in))
		must(t, r.SaveEdits(t.Context(), r.As("evidence-7"), at(time.Hour), x.ID, typed))
		again := got[desk.EditDraft, any](t)(withNothing(r.OpenEdits(t.Context(), r.As("evidence-7"), at(2*time.Hour), x.ID)))
		if !slices.Equal(again.Values["edit.1.from"], typed["edit.1.from"]) || !again.Saved.Equal(at(time.Hour)) {
			t.Errorf("saved is %+v", again)
		}
		theirs := got[desk.EditDraft, any](t)(withNothing(r.OpenEdits(t.Context(), r.As("supervisor-1102"), at(2*time.Hour), x.ID)))
		if len(theirs.Values) != 0 {
			t.Errorf("another reads %+v", theirs)
		}
		if len(chain(t, r, in)) != acts {
			t.Error("a draft is on the record")
		}
		_, err := r.OpenEdits(t.Context(), r.As("officer-4471"), at(2*time.Hour), x.ID)
		refused(t, err, jurat.Forbidden, "may not do this here")
		_, err = r.OpenEdits(t.Context(), r.As("auditor-1"), at(2*time.Hour), x.ID)
		refused(t, err, jurat.Forbidden, "may not do this here")

		// Among reports it is not there, whatever it is called there.
		name := "edits of " + string(x.ID)
		reports, err := r.Drafts(t.Context(), r.As("evidence-7"), at(2*time.Hour))
		must(t, err)
		if len(reports) != 0 {
			t.Errorf("reports are %+v", reports)
		}
		_, err = r.OpenDraft(t.Context(), r.As("evidence-7"), at(2*time.Hour), name)
		refused(t, err, jurat.NotFound, "no such draft")
		_, err = r.SaveDraft(t.Context(), r.As("evidence-7"), at(2*time.Hour), desk.Draft{ID: name})
		refused(t, err, jurat.NotFound, "no such draft")
		must(t, r.DropDraft(t.Context(), r.As("evidence-7"), at(2*time.Hour), name))
		if again, err = r.OpenEdits(t.Context(), r.As("evidence-7"), at(2*time.Hour), x.ID); err != nil || len(again.Values) == 0 {
			t.Errorf("it is %+v (%v)", again, err)
		}

		must(t, r.DropEdits(t.Context(), r.As("evidence-7"), at(3*time.Hour), x.ID))
		if again, err = r.OpenEdits(t.Context(), r.As("evidence-7"), at(3*time.Hour), x.ID); err != nil || len(again.Values) != 0 {
			t.Errorf("discarded it is %+v (%v)", again, err)
		}
		there, _, err := r.LocateExhibit(t.Context(), r.As("evidence-7"), at(0), in, jurat.Arrival{Kind: "bwc", System: "camera-store", Key: "1"})
		must(t, err)
		refused(t, r.SaveEdits(t.Context(), r.As("evidence-7"), at(time.Hour), there.ID, typed), jurat.Conflict, "held elsewhere")
	})
}

func withNothing[T any](v T, err error) (T, any, error) { return v, nil, err }

// The queue has what waits for the person who looks at it, and what is done
// waits no longer.
func TestTheQueueOfRedactionsHasWhatWaits(t *testing.T) {
	ffmpeg(t)
	r := desktest.City(t)
	_, x := filed(t, r, demomedia.BodyCamera2)
	waits := func(who jurat.PersonID, after time.Duration) desk.RedactionQueue {
		t.Helper()
		q, err := r.RedactionsWaiting(t.Context(), r.As(who), at(after))
		must(t, err)
		return q
	}
	counts := func(after time.Duration, begun, again, review, release int) {
		t.Helper()
		if q := waits("evidence-7", after); len(q.Begun) != begun || len(q.Again) != again || len(q.Review) != review || len(q.Release) != release {
			t.Errorf("waiting are %d begun, %d again, %d to review, %d to release", len(q.Begun), len(q.Again), len(q.Review), len(q.Release))
		}
	}
	counts(0, 0, 0, 0, 0)
	must(t, r.SaveEdits(t.Context(), r.As("evidence-7"), at(time.Hour), x.ID, map[string][]string{"a": {"b"}}))
	if q := waits("evidence-7", time.Hour); len(q.Begun) != 1 || q.Begun[0].Exhibit != x.ID || q.Begun[0].Values != nil {
		t.Errorf("begun are %+v", q.Begun)
	}
	if q := waits("supervisor-1102", time.Hour); len(q.Begun) != 0 {
		t.Errorf("another's edit lists are %+v", q.Begun)
	}
	first, _, err := r.MakeRedaction(t.Context(), r.As("evidence-7"), later(2*time.Hour), x.ID, hideALittle(t), nil)
	must(t, err)
	must(t, r.DropEdits(t.Context(), r.As("evidence-7"), at(2*time.Hour), x.ID))
	counts(3*time.Hour, 0, 0, 1, 0)
	_, _, err = r.ReturnRedaction(t.Context(), r.As("supervisor-1102"), at(4*time.Hour), first.ID, "a plate is to be read")
	must(t, err)
	counts(5*time.Hour, 0, 1, 0, 0)
	second, _, err := r.MakeRedaction(t.Context(), r.As("evidence-7"), later(6*time.Hour), x.ID, hideALittle(t), nil)
	must(t, err)
	counts(7*time.Hour, 0, 0, 1, 0)
	bytesOf(t, r, second.Copy, at(8*time.Hour))
	_, _, err = r.ReviewRedaction(t.Context(), r.As("supervisor-1102"), at(8*time.Hour), second.ID)
	must(t, err)
	counts(9*time.Hour, 0, 0, 0, 1)
	_, from, _, err := r.ReleaseRedaction(t.Context(), r.As("counsel-3"), at(10*time.Hour), second.ID, "request 17")
	must(t, err)
	must(t, from.Close())
	counts(11*time.Hour, 0, 0, 0, 0)
	_, err = r.RedactionsWaiting(t.Context(), r.As("officer-4471"), at(12*time.Hour))
	refused(t, err, jurat.Forbidden, "may not do this here")
}

// To look at one picture of a film is to look at the film.
func TestAStillIsALookAtItsExhibit(t *testing.T) {
	ffmpeg(t)
	r := desktest.City(t)
	in, x := filed(t, r, demomedia.BodyCamera1)
	acts := len(chain(t, r, in))
	still, err := r.StillExhibit(t.Context(), r.As("evidence-7"), at(time.Hour), x.ID, 2*time.Second)
	must(t, err)
	if m, err := jpeg.Decode(bytes.NewReader(still)); err != nil || m.Bounds().Dx() != 640 || m.Bounds().Dy() != 360 {
		t.Errorf("the still is %v (%v)", m.Bounds(), err)
	}
	if n := len(chain(t, r, in)); n != acts+1 {
		t.Errorf("%d acts were recorded", n-acts)
	}
	_, err = r.StillExhibit(t.Context(), r.As("evidence-7"), at(time.Hour), x.ID, time.Hour)
	refused(t, err, jurat.Invalid, "it ends at")
}
