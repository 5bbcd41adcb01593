package desk_test

import (
	"bytes"
	"io"
	"slices"
	"testing"
	"time"

	"jurat"
	"jurat/cmd/jurat/demo/media"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
)

func later(after time.Duration) func() time.Time { return func() time.Time { return at(after) } }

func hideALittle(t testing.TB) jurat.EditList {
	t.Helper()
	l, err := jurat.ParseEdits([]byte(`{"version":1,"frame":{"width":640,"height":360},"edits":[
		{"kind":"box","reason":"x","to_ms":2000,"keyframes":[{"x":10,"y":10,"width":200,"height":100}]},{"kind":"mute","reason":"x","from_ms":0,"to_ms":1000}]}`))
	must(t, err)
	return l
}

// A copy that one person made must not leave the house on that person's word,
// nor on the word of somebody who did not look (LAW-4).
func TestARedactionIsMadeReviewedAndReleasedByThree(t *testing.T) {
	ffmpeg(t)
	engines(t, func(t *testing.T, engine desktest.Engine) {
		r := desktest.CityOn(t, engine)
		in, x := filed(t, r, demomedia.BodyCamera2)
		before := bytesOf(t, r, x.ID, at(time.Minute))
		made, _, err := r.MakeRedaction(t.Context(), r.As("evidence-7"), later(time.Hour), x.ID, hideALittle(t), nil)
		must(t, err)
		if made.Source != x.ID || made.SourceIs != x.Digest || made.State != jurat.RedactionIsMade || made.Inspection.Frames != 60 || len(made.Inspection.Remarks) == 0 {
			t.Errorf("made is %+v", made)
		}
		v, err := r.Show(t.Context(), r.As("officer-4471"), at(2*time.Hour), in)
		must(t, err)
		if len(v.Redactions) != 1 || len(v.Exhibits) != 2 || v.Exhibits[1].Value.DerivedFrom != x.ID || v.Exhibits[1].Value.Kind != jurat.PurposeRedaction || v.Exhibits[1].Value.Digest != made.CopyIs {
			t.Errorf("shown are %+v and %+v", v.Redactions, v.Exhibits)
		}

		// not before a second person looked, who opened it, and is not the maker
		_, _, _, err = r.ReleaseRedaction(t.Context(), r.As("counsel-3"), at(3*time.Hour), made.ID, "request 17")
		refused(t, err, jurat.Conflict, "waits for a second person")
		_, _, err = r.ReviewRedaction(t.Context(), r.As("evidence-7"), at(3*time.Hour), made.ID)
		refused(t, err, jurat.Forbidden, "a second person looks")
		_, _, err = r.ReviewRedaction(t.Context(), r.As("supervisor-1102"), at(3*time.Hour), made.ID)
		refused(t, err, jurat.Conflict, "has not opened the copy")
		copied := bytesOf(t, r, made.Copy, at(4*time.Hour))
		_, _, err = r.ReviewRedaction(t.Context(), desk.Caller{Person: "supervisor-1102"}, at(4*time.Hour), made.ID)
		refused(t, err, jurat.Forbidden, "signature")
		seen, _, err := r.ReviewRedaction(t.Context(), r.As("supervisor-1102"), at(5*time.Hour), made.ID)
		must(t, err)
		if seen.ReviewedBy != "supervisor-1102" || !seen.OneOperator {
			t.Errorf("reviewed is %+v", seen)
		}
		_, _, _, err = r.ReleaseRedaction(t.Context(), r.As("officer-4471"), at(6*time.Hour), made.ID, "request 17")
		refused(t, err, jurat.Forbidden, "may not do this here")
		out, from, _, err := r.ReleaseRedaction(t.Context(), r.As("counsel-3"), at(6*time.Hour), made.ID, "request 17")
		must(t, err)
		text, err := io.ReadAll(from)
		must(t, err)
		must(t, from.Close())
		if !bytes.Equal(text, copied) || jurat.DigestOf(text) != made.CopyIs || len(out.Releases) != 1 || out.State != jurat.RedactionIsReleased {
			t.Errorf("released is %+v", out)
		}
		if !bytes.Equal(before, bytesOf(t, r, x.ID, at(7*time.Hour))) {
			t.Error("the original is not what it was")
		}

		// a copy is no source of copies
		_, _, err = r.MakeRedaction(t.Context(), r.As("evidence-7"), later(8*time.Hour), made.Copy, hideALittle(t), nil)
		refused(t, err, jurat.Conflict, "make copies of the original")
	})
}

func bytesOf(t testing.TB, r *desktest.Record, id jurat.ItemID, when time.Time) []byte {
	t.Helper()
	_, from, err := r.ReadExhibit(t.Context(), r.As("supervisor-1102"), when, id)
	must(t, err)
	text, err := io.ReadAll(from)
	must(t, err)
	must(t, from.Close())
	return text
}

// What is refused leaves no bytes behind, and what is altered is not copied.
func TestNothingIsKeptOfACopyThatIsRefused(t *testing.T) {
	ffmpeg(t)
	r := desktest.City(t)
	in, x := filed(t, r, demomedia.Photo1)
	held, acts := blobs(t, r), len(chain(t, r, in))
	l := hideALittle(t)
	_, _, err := r.MakeRedaction(t.Context(), r.As("evidence-7"), later(time.Hour), x.ID, l, nil)
	refused(t, err, jurat.Invalid, "this is a picture")
	l.Edits[0].Reason = " "
	_, _, err = r.MakeRedaction(t.Context(), r.As("evidence-7"), later(time.Hour), x.ID, l, nil)
	refused(t, err, jurat.Invalid, "edit 1 has no reason")
	_, _, err = r.MakeRedaction(t.Context(), r.As("officer-4471"), later(time.Hour), x.ID, hideALittle(t), nil)
	refused(t, err, jurat.Forbidden, "may not do this here")
	_, err = r.ProxyExhibit(t.Context(), r.As("evidence-7"), later(time.Hour), x.ID, nil)
	refused(t, err, jurat.Invalid, "make a preview")
	if blobs(t, r) != held || len(chain(t, r, in)) != acts {
		t.Error("what was refused left something behind")
	}
}

func TestAPreviewAndAProxyAreMadeOnce(t *testing.T) {
	ffmpeg(t)
	r := desktest.City(t)
	_, x := filed(t, r, demomedia.BodyCamera1)
	preview, err := r.PreviewExhibit(t.Context(), r.As("officer-4471"), later(time.Hour), x.ID)
	must(t, err)
	proxy, err := r.ProxyExhibit(t.Context(), r.As("officer-4471"), later(2*time.Hour), x.ID, nil)
	must(t, err)
	for _, one := range []desk.Copied{preview, proxy} {
		if d := one.Exhibit.Derivation; one.Duplicate || one.Exhibit.DerivedFrom != x.ID || d.Source != x.Digest || !slices.ContainsFunc(d.Tools, func(s string) bool { return s != "" }) || d.Sandbox == "" {
			t.Errorf("made is %+v by %+v", one, d)
		}
	}
	held := blobs(t, r)
	again, err := r.PreviewExhibit(t.Context(), r.As("officer-4472"), later(3*time.Hour), x.ID)
	must(t, err)
	if !again.Duplicate || again.Exhibit.ID != preview.Exhibit.ID || again.Event != preview.Event || blobs(t, r) != held {
		t.Errorf("made again is %+v", again)
	}
}

// What somebody handed in for one use does not reach another by way of a copy.
func TestACopyIsUsedForNothingItsOriginalMayNotBe(t *testing.T) {
	ffmpeg(t)
	r := desktest.City(t)
	_, x := filed(t, r, demomedia.BodyCamera2)
	made, _, err := r.MakeRedaction(t.Context(), r.As("evidence-7"), later(time.Hour), x.ID, hideALittle(t), nil)
	must(t, err)
	bytesOf(t, r, made.Copy, at(2*time.Hour))
	_, _, err = r.ReviewRedaction(t.Context(), r.As("supervisor-1102"), at(3*time.Hour), made.ID)
	must(t, err)
	_, _, err = r.RecordConsent(t.Context(), r.As("evidence-7"), at(4*time.Hour), x.ID, "Witness 1", []jurat.Use{jurat.UseInvestigate})
	must(t, err)
	_, _, _, err = r.ReleaseRedaction(t.Context(), r.As("counsel-3"), at(5*time.Hour), made.ID, "request 17")
	refused(t, err, jurat.Conflict, "did not consent")
	_, _, err = r.ReadExhibitFor(t.Context(), r.As("supervisor-1102"), at(5*time.Hour), made.Copy, jurat.UsePublicReport)
	refused(t, err, jurat.Conflict, "did not consent")
	_, from, err := r.ReadExhibitFor(t.Context(), r.As("supervisor-1102"), at(5*time.Hour), made.Copy, jurat.UseInvestigate)
	must(t, err)
	must(t, from.Close())
}
