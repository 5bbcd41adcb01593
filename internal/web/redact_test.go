package web

import (
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jurat"
	demomedia "jurat/cmd/jurat/demo/media"
	"jurat/internal/desk/desktest"
	"jurat/orders"
)

// adopted is a city that has the orders' table of exemptions too.
func adopted(t testing.TB) *desktest.Record {
	t.Helper()
	rec := desktest.City(t)
	text, err := orders.Read("illinois-bwc-act.yaml")
	must(t, err)
	_, _, err = rec.AdoptOrder(t.Context(), rec.As("administrator-1"), desktest.Noon, "illinois-bwc-act.yaml", text)
	must(t, err)
	return rec
}

// luma are the lights of the picture of a film at a moment, decoded apart from
// the code under test: 640 by 360.
func luma(t testing.TB, film []byte, seconds string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "copy.mp4")
	must(t, os.WriteFile(path, film, 0o600))
	out, err := exec.Command("ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin", "-ss", seconds, "-i", path, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1").Output()
	must(t, err)
	if len(out) != 640*360 {
		t.Fatalf("a picture of %d bytes", len(out))
	}
	return out
}

// brightest is the lightest pixel of a rectangle.
func brightest(picture []byte, x, y, width, height int) byte {
	most := byte(0)
	for row := y; row < y+height; row++ {
		for column := x; column < x+width; column++ {
			most = max(most, picture[row*640+column])
		}
	}
	return most
}

// The whole way of a copy that shows less, by forms alone: what is typed is
// kept, what is missing is named, the copy is black where it was asked, and it
// leaves only after a second person looked (LAW-4).
func TestACopyThatShowsLessByFormsAlone(t *testing.T) {
	ffmpeg(t)
	rec := adopted(t)
	in := rec.Opened(t)
	x := rec.Received(t, desktest.Noon, in, demo(t, demomedia.BodyCamera2))[0]
	s := patient(counterAt(t, rec, noon))
	const maker, second, counsel, officer = "evidence-7", "supervisor-1102", "counsel-3", "officer-4471"
	at := itemPath(x.ID) + "/redact"

	page := s.gets(t, maker, at)
	pageSays(t, page, "Read its metadata first", "No edits. The copy would equal the original; nothing to make.", "Drawing needs a wider screen")
	page, _ = s.posts(t, maker, at+"/make", url.Values{}, 422)
	pageSays(t, page, "nothing to make")
	s.posts(t, maker, itemPath(x.ID)+"/probe", url.Values{}, 303)
	pageSays(t, s.gets(t, maker, at), "640 by 360", "It ends at 0:00:0", "Show this moment")

	// A box, typed; its reason is not.
	add := url.Values{"do": {"box"}, "new.at": {"0:00.5"}, "new.to": {"2"}, "new.x": {"100"}, "new.y": {"40"}, "new.width": {"120"}, "new.height": {"80"}}
	_, to := s.posts(t, maker, at, add, 303)
	if !strings.HasSuffix(to, "#edit.1") {
		t.Errorf("it led to %s", to)
	}
	page = s.gets(t, maker, at)
	pageSays(t, page, `name="edit.1.place.1.x" value="100"`, `name="edit.1.place.1.at" value="0:00.5"`, "7-1-c · Unwarranted invasion of personal privacy", "Choose a reason")
	pageSays(t, s.gets(t, maker, at+"/review"), "What stops the copy", "Edit 1 has no reason. Choose one.", "no reason")
	page, _ = s.posts(t, maker, at+"/make", url.Values{}, 422)
	pageSays(t, page, "Edit 1 has no reason. Choose one.", "Error:")

	// A second place, a silence with nonsense for a time: kept as typed.
	form := func(more url.Values) url.Values {
		f := url.Values{"edit.1.kind": {"box"}, "edit.1.reason": {"7-1-c"}, "edit.1.explanation": {"a face"}, "edit.1.to": {"0:01.900"},
			"edit.1.place.1.at": {"0:00.5"}, "edit.1.place.1.x": {"100"}, "edit.1.place.1.y": {"40"}, "edit.1.place.1.width": {"120"}, "edit.1.place.1.height": {"80"}}
		for name, given := range more {
			f[name] = given
		}
		return f
	}
	s.posts(t, maker, at, form(url.Values{"do": {"place-1"}, "new.at": {"0:01.5"}, "new.x": {"300"}, "new.y": {"200"}, "new.width": {"120"}, "new.height": {"80"}}), 303)
	pageSays(t, s.gets(t, maker, at), `name="edit.1.place.2.at" value="0:01.5"`, `value="a face"`)
	mute := url.Values{"edit.2.kind": {"mute"}, "edit.2.reason": {"7-1-b"}, "edit.2.from": {"soon"}, "edit.2.to": {"1"}}
	s.posts(t, maker, at, form(mute), 303)
	pageSays(t, s.gets(t, maker, at), `value="soon"`)
	page, _ = s.posts(t, maker, at+"/make", url.Values{}, 422)
	pageSays(t, page, "Edit 2 has a time that cannot be read")
	mute.Set("edit.2.from", "0:00")
	mute.Set("do", "review")
	_, to = s.posts(t, maker, at, form(mute), 303)
	page = s.gets(t, maker, to)
	pageSays(t, page, "0:00:00.500 – 0:00:01.900", "100, 40 · 120 × 80", "the sound", "a face")
	if strings.Contains(page, "What stops the copy") {
		t.Error("something stops it still")
	}
	// What the law refuses is named by its edit too.
	s.posts(t, maker, at, form(url.Values{"do": {"save"}, "edit.1.place.1.x": {"600"}}), 303)
	page, _ = s.posts(t, maker, at+"/make", url.Values{}, 422)
	pageSays(t, page, "Edit 1: the rectangle 600,40 of 120 by 80 does not lie in a picture of 640 by 360")

	// Another's edits are not there; who may make none is told so.
	pageSays(t, s.gets(t, second, at), "No edits.")
	code, page, _ := ask(t, s, "GET", at, officer, nil)
	if code != 403 {
		t.Errorf("an officer is told %d %s", code, page)
	}

	_, to = s.posts(t, maker, at, form(url.Values{"do": {"review"}, "edit.1.place.2.at": {"1.5"}, "edit.1.place.2.x": {"300"}, "edit.1.place.2.y": {"200"}, "edit.1.place.2.width": {"120"}, "edit.1.place.2.height": {"80"}}), 303)
	pageSays(t, s.gets(t, maker, "/redactions"), "begun by you, saved", "Nothing waits for a second person.")
	_, made := s.posts(t, maker, strings.TrimSuffix(to, "/review")+"/make", url.Values{}, 303)
	if made != "/incidents/"+string(in)+"/redactions/1" {
		t.Fatalf("it led to %s", made)
	}
	page = s.gets(t, maker, made)
	pageSays(t, page, "Redaction 1", "its copy is Exhibit 2", "derived from Exhibit 1", "Look at it:", "a box ends at 0:00:01.900 but the shot goes on to", "Whether they ask enough is for the person who looks at it", "You made it, so you cannot be the second person", "Not yet: a second person looks at the copy first.")
	for _, never := range []string{"safe", "certified", "✓"} {
		if strings.Contains(page, never) {
			t.Errorf("the page says %q", never)
		}
	}
	if page = s.gets(t, maker, at); strings.Contains(page, "a face") {
		t.Error("the edits are kept after the copy was made")
	}

	// The copy is black where the box is, and is not elsewhere.
	copied := itemPath(jurat.NumberItem(in, jurat.NounExhibit, 2))
	_, text, _ := ask(t, s, "GET", copied+"/bytes", maker, nil)
	for _, look := range []struct {
		at   string
		x, y int
	}{{"0.6", 124, 60}, {"1.6", 304, 204}} {
		picture := luma(t, []byte(text), look.at)
		if b := brightest(picture, look.x, look.y, 90, 60); b > 40 {
			t.Errorf("at %s something shows through: %d", look.at, b)
		}
		if b := brightest(picture, 460, 10, 150, 100); b < 60 {
			t.Errorf("at %s all of it is dark: %d", look.at, b)
		}
	}

	// The second person has to have looked; then they sign, and counsel lets it go.
	review := url.Values{"act": {"redaction.reviewed"}, "item": {string(in) + "-X1"}}
	code, page, _ = ask(t, s, "POST", "/sign", maker, review)
	if pageSays(t, page, "a second person looks at it"); code != 403 {
		t.Errorf("its maker reviews it: %d", code)
	}
	pageSays(t, s.gets(t, second, "/redactions"), "Redaction 1", "Nothing waits to be released.")
	pageSays(t, s.gets(t, second, made), "You have not opened the copy. Open it and look at all of it first.")
	code, page, _ = ask(t, s, "POST", "/sign", second, review)
	if pageSays(t, page, "has not opened the copy"); code != 409 {
		t.Errorf("without a look: %d", code)
	}
	ask(t, s, "GET", copied+"/bytes", second, nil)
	pageSays(t, s.gets(t, second, made), "You have opened the copy.")
	page, _ = s.posts(t, second, made+"/return", url.Values{"reason": {" "}}, 422)
	pageSays(t, page, "Say what")
	code, page, _ = ask(t, s, "POST", "/sign", counsel, url.Values{"act": {"redaction.released"}, "item": {string(in) + "-X1"}, "to": {"request 17"}})
	if pageSays(t, page, "waits for a second person to look at the copy"); code != 409 {
		t.Errorf("released before: %d", code)
	}
	s.token(t, second)
	if to = s.sign(t, second, jurat.RedactionReviewed, jurat.ItemID(string(in)+"-X1"), nil); to != made {
		t.Errorf("signed it led to %s", to)
	}
	pageSays(t, s.gets(t, counsel, "/redactions"), "Nothing waits for a second person.", "Redaction 1")
	s.token(t, counsel)
	code, page, _ = ask(t, s, "POST", "/sign", counsel, url.Values{"act": {"redaction.released"}, "item": {string(in) + "-X1"}, "to": {"request 17"}})
	if pageSays(t, page, "release the copy of redaction", "request 17"); code != 200 {
		t.Fatalf("to be signed: %d %s", code, page)
	}
	s.finish(t, counsel, code, page)
	pageSays(t, s.gets(t, counsel, made), "Released for", "request 17", "Download the copy")
	// Its custody, in words.
	pageSays(t, s.gets(t, counsel, copied), "copy made", "This is a copy that shows less, not the original")
}

// A copy that is returned is made again, from the edits it had.
func TestAReturnedCopyIsMadeAgain(t *testing.T) {
	ffmpeg(t)
	rec := desktest.City(t) // no order has exemptions: any words are a reason
	in := rec.Opened(t)
	x := rec.Received(t, desktest.Noon, in, demo(t, demomedia.BodyCamera2))[0]
	s := patient(counterAt(t, rec, noon))
	at := itemPath(x.ID) + "/redact"
	s.posts(t, "evidence-7", itemPath(x.ID)+"/probe", url.Values{}, 303)
	edit := url.Values{"edit.1.kind": {"except"}, "edit.1.reason": {"a face"}, "edit.1.from": {"0"}, "edit.1.to": {"1"}, "edit.1.place.1.x": {"0"}, "edit.1.place.1.y": {"0"}, "edit.1.place.1.width": {"320"}, "edit.1.place.1.height": {"360"}, "do": {"save"}}
	s.posts(t, "evidence-7", at, edit, 303)
	pageSays(t, s.gets(t, "evidence-7", at), `<input class="usa-input" id="edit.1.reason" name="edit.1.reason" value="a face"`, "Everything is hidden but these parts")
	_, made := s.posts(t, "evidence-7", at+"/make", url.Values{}, 303)
	s.posts(t, "supervisor-1102", made+"/return", url.Values{"reason": {"a plate is to be read at 0:01"}}, 303)
	pageSays(t, s.gets(t, "supervisor-1102", made), "Returned by", "It is never released", "Begin from the edits of redaction 1")
	pageSays(t, s.gets(t, "evidence-7", "/redactions"), "returned, to be made again")
	s.posts(t, "evidence-7", at, url.Values{"do": {"begin-1"}}, 303)
	pageSays(t, s.gets(t, "evidence-7", at), `name="edit.1.place.1.width" value="320"`, `name="edit.1.to" value="0:00:01.000"`)
	s.posts(t, "evidence-7", at, url.Values{"do": {"discard"}}, 303)
	pageSays(t, s.gets(t, "evidence-7", at), "No edits.")
	if code, _, _ := ask(t, s, "POST", at, "evidence-7", url.Values{"do": {"begin-9"}}); code != 404 {
		t.Errorf("from the edits of no redaction: %d", code)
	}
	_, page, _ := ask(t, s, "POST", "/sign", "supervisor-1102", url.Values{"act": {"redaction.reviewed"}, "item": {string(in) + "-X1"}})
	pageSays(t, page, "was returned already")
}

// A program makes, reads and returns redactions as the pages do, and signs with
// a key file.
func TestAProgramMakesRedactions(t *testing.T) {
	ffmpeg(t)
	rec := adopted(t)
	in := rec.Opened(t)
	x := rec.Received(t, desktest.Noon, in, demo(t, demomedia.BodyCamera2))[0]
	s := counterAt(t, rec, noon)
	token := s.program(t, "evidence-7", true)
	api := func(method, path, body string, want int, said ...string) {
		t.Helper()
		code, text, _ := call(t, s, method, "/api/v1"+path, token, body)
		if code != want {
			t.Errorf("%s %s: %d %s", method, path, code, text)
		}
		for _, one := range said {
			if !strings.Contains(text, one) {
				t.Errorf("%s %s does not say %s: %s", method, path, one, text)
			}
		}
	}
	at := itemPath(x.ID)
	api("GET", at+"/probe", "", 404)
	api("POST", at+"/probe", "", 200, `"answer":"read"`, `"width":640`)
	api("GET", at+"/probe", "", 200, `"answer":"read"`)
	api("POST", at+"/preview", "", 200, `"derived_from":"`+string(x.ID)+`"`, `"duplicate":false`)
	api("POST", at+"/preview", "", 200, `"duplicate":true`)
	api("POST", at+"/proxy", "", 200, `"purpose":"proxy"`)
	api("GET", at+"/still?at=1000", "", 200)
	api("GET", at+"/still?at=100000", "", 422, "it ends at")
	api("GET", "/exemptions", "", 200, `"reason":"7-1-c"`)
	const edits = `{"version":1,"frame":{"width":640,"height":360},"edits":[{"kind":"box","reason":%q,"to_ms":1000,"keyframes":[{"x":10,"y":10,"width":20,"height":20}]}]}`
	api("POST", at+"/redactions", strings.Replace(edits, "%q", `"x"`, 1), 422, "is not in an adopted order's table of exemptions")
	api("POST", at+"/redactions", strings.Replace(edits, "%q", `" "`, 1), 422, "edit 1 has no reason")
	api("POST", at+"/redactions", strings.Replace(edits, "%q", `"7-1-c"`, 1), 200, `"state":"made"`, `"remarks":`)
	api("GET", "/incidents/"+string(in)+"/redactions", "", 200, `"id":"`+string(in)+`-X1"`)
	api("GET", "/incidents/"+string(in)+"/redactions/1", "", 200, `"reason":"7-1-c"`)
	api("GET", "/incidents/"+string(in)+"/redactions/2", "", 404)
	api("GET", "/redactions", "", 200, `"review":[{"value":{"id":"`+string(in)+`-X1"`)
	token = s.program(t, "supervisor-1102", true)
	api("POST", "/unsigned", `{"act":"redaction.reviewed","item":"`+string(in)+`-X1"}`, 409, "has not opened the copy")
	api("POST", "/incidents/"+string(in)+"/redactions/1/return", `{"reason":"a plate is to be read"}`, 200, `"state":"returned"`)
	api("POST", "/unsigned", `{"act":"redaction.released","item":"`+string(in)+`-X1","to":"request 17"}`, 409, "was returned by")
}

// Ten thousand fields, and names that are none, are a form like any other:
// what is readable of it is kept, and nothing fails.
func TestAnEditFormOfNonsenseFailsNothing(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	x := rec.Received(t, desktest.Noon, in, "a film")[0]
	s := counterAt(t, rec, noon)
	at := itemPath(x.ID) + "/redact"
	many := url.Values{"do": {"save"}}
	for n := 1; n <= 10_000; n++ {
		many.Set("edit."+strings.Repeat("1", n%5+1)+".place."+strings.Repeat("9", n%7)+"."+strings.Repeat("x", n%300), "1")
	}
	for _, f := range []url.Values{
		many,
		{"do": {"drop-99999999999999999999"}}, {"do": {"unplace-1-1"}}, {"do": {"place--1"}}, {"do": {"begin-"}, "edit.1.kind": {"box"}}, {"do": {"look"}, "new.at": {"99999999999999999999"}},
		{"edit.1.kind": {"<script>"}}, {"edit.1.kind": {"box"}, "edit.1.place.1.x": {"-1"}, "edit.1.place.1.y": {"9e99"}, "edit.1.to": {"\x00"}, "edit.1.reason": {`"><script>alert(1)</script>`}},
	} {
		code, text, _ := ask(t, s, "POST", at, "evidence-7", f)
		if code >= 500 {
			t.Errorf("%v: %d %s", f, code, text)
		}
		for _, address := range []string{at, at + "?at=-5", at + "?at=99999999999999999999", at + "/review"} {
			if code, text, _ = ask(t, s, "GET", address, "evidence-7", nil); code != 200 || strings.Contains(text, "<script>alert") {
				t.Errorf("%v: then %s is %d", f, address, code)
			}
		}
	}
	if code, _, _ := ask(t, s, "POST", at+"/make", "evidence-7", url.Values{}); code != 422 {
		t.Errorf("made of nonsense: %d", code)
	}
}
