package web

import (
	"net/url"
	"strings"
	"testing"

	"jurat"
	demomedia "jurat/cmd/jurat/demo/media"
	"jurat/internal/desk/desktest"
)

// hangCopies tells of films that are looked into, copied and shown in part, and
// gives what there is to see; nothing on a machine that reads no films.
func hangCopies(t *testing.T) []hung {
	if !readsFilms(t) {
		t.Log("SKIPPED: no page about copies was looked at: ffmpeg and bubblewrap are wanted (scripts/setup installs them)")
		return nil
	}
	const maker, second, counsel = "evidence-7", "supervisor-1102", "counsel-3"
	rec := adopted(t)
	s := patient(counterAt(t, rec, noon))
	in := rec.Opened(t)
	got := rec.Received(t, desktest.Noon, in, demo(t, demomedia.BodyCamera1), demo(t, demomedia.BodyCamera2), "<svg><script>1</script></svg>", "another film")
	at := func(n int) string { return itemPath(got[n].ID) }
	for n := range 3 {
		s.posts(t, maker, at(n)+"/probe", url.Values{}, 303)
	}
	_, proxy := s.posts(t, maker, at(0)+"/proxy", url.Values{}, 303)
	edits := url.Values{
		"edit.1.kind": {"box"}, "edit.1.reason": {"7-1-c"}, "edit.1.explanation": {"a face"}, "edit.1.to": {"0:01.9"},
		"edit.1.place.1.at": {"0:00.5"}, "edit.1.place.1.x": {"100"}, "edit.1.place.1.y": {"40"}, "edit.1.place.1.width": {"120"}, "edit.1.place.1.height": {"80"},
		"edit.1.place.2.at": {"0:01.5"}, "edit.1.place.2.x": {"300"}, "edit.1.place.2.y": {"200"}, "edit.1.place.2.width": {"120"}, "edit.1.place.2.height": {"80"},
		"edit.2.kind": {"mute"}, "edit.2.reason": {"7-1-b"}, "edit.2.from": {"0"}, "edit.2.to": {"1"}, "do": {"save"},
	}
	made := func() string {
		s.posts(t, maker, at(1)+"/redact", edits, 303)
		_, to := s.posts(t, maker, at(1)+"/redact/make", url.Values{}, 303)
		return to
	}
	returned := made()
	s.posts(t, second, returned+"/return", url.Values{"reason": {"a plate is to be read at 0:01"}}, 303)
	released := made()
	view, err := rec.Show(t.Context(), rec.As(maker), noon(), in)
	must(t, err)
	copied := itemPath(view.Redactions[1].Value.Copy)
	ask(t, s, "GET", copied+"/bytes", second, nil)
	s.token(t, second)
	s.sign(t, second, jurat.RedactionReviewed, view.Redactions[1].Value.ID, nil)
	reviewed := view.Redactions[1].Value
	s.token(t, counsel)
	s.sign(t, counsel, jurat.RedactionReleased, reviewed.ID, url.Values{"to": {"request 17"}})
	waits := made()
	ask(t, s, "GET", strings.Replace(waits, "redactions/3", "exhibits/8", 1)+"/bytes", second, nil)
	stops := url.Values{"do": {"save"}}
	for name, given := range edits {
		stops[name] = given
	}
	stops.Set("edit.3.kind", "except")
	stops.Set("edit.3.from", "soon")
	stops.Set("edit.3.place.1.x", "0")
	s.posts(t, maker, at(1)+"/redact", stops, 303)
	going := &making{Exhibit: got[3].ID, What: jurat.PurposeRedaction, began: noon(), ended: make(chan struct{})}
	going.percent.Store(38)
	s.makings.all[makingOf{maker, got[3].ID}] = going
	empty := counterAt(t, desktest.City(t), noon)

	return []hung{
		{name: "exhibit-not-read", at: s, who: second, path: at(3)},
		{name: "exhibit-read", at: s, who: maker, path: at(0)},
		{name: "exhibit-read-print", at: s, who: maker, path: at(0) + "?print"},
		{name: "exhibit-could-not-tell", at: s, who: maker, path: at(2)},
		{name: "exhibit-cannot-copy", at: s, who: maker, path: at(2) + "/preview", form: url.Values{}, code: 422},
		{name: "exhibit-being-copied", at: s, who: maker, path: at(3)},
		{name: "exhibit-copy", at: s, who: maker, path: proxy},
		{name: "exhibit-copy-of-copy", at: s, who: maker, path: proxy + "/redact", code: 409},
		{name: "exhibit-redacted", at: s, who: counsel, path: at(1)},
		{name: "making", at: s, who: maker, path: at(3) + "/making"},
		{name: "redact-not-read", at: s, who: second, path: at(3) + "/redact"},
		{name: "redact-empty", at: s, who: maker, path: at(0) + "/redact"},
		{name: "redact", at: s, who: maker, path: at(1) + "/redact"},
		{name: "redact-saved", at: s, who: maker, path: at(1) + "/redact", left: "edits"},
		{name: "redact-not-saved", at: s, who: maker, path: at(1) + "/redact", left: "edits-not"},
		{name: "redact-moment", at: s, who: maker, path: at(1) + "/redact?at=1000"},
		{name: "redact-review-empty", at: s, who: maker, path: at(0) + "/redact/review"},
		{name: "redact-review", at: s, who: maker, path: at(1) + "/redact/review"},
		{name: "redact-wrong", at: s, who: maker, path: at(1) + "/redact/make", form: url.Values{}, code: 422},
		{name: "redact-forbidden", at: s, who: "officer-4471", path: at(1) + "/redact", code: 403},
		{name: "redaction-made", at: s, who: second, path: waits},
		{name: "redaction-mine", at: s, who: maker, path: waits},
		{name: "redaction-return-wrong", at: s, who: second, path: waits + "/return", form: url.Values{}, code: 422},
		{name: "redaction-returned", at: s, who: maker, path: returned},
		{name: "redaction-released", at: s, who: counsel, path: released},
		{name: "redaction-sign", at: s, who: second, path: "/sign?act=redaction.reviewed&item=" + string(in) + "-X3"},
		{name: "redaction-stopped", at: s, who: counsel, path: "/sign?act=redaction.reviewed&item=" + string(in) + "-X3", code: 409},
		{name: "redactions", at: s, who: maker, path: "/redactions"},
		{name: "redactions-empty", at: empty, who: maker, path: "/redactions"},
	}
}
