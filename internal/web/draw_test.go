package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"jurat"
	demomedia "jurat/cmd/jurat/demo/media"
	"jurat/internal/desk/desktest"
)

// A box is drawn with a mouse in a real browser, moved and sized with the keys,
// and the copy is made: what is on the record is what the fields showed, and
// the copy is black there. On a telephone nothing is drawn, and it is said.
func TestABoxIsDrawnWithTheMouse(t *testing.T) {
	ffmpeg(t)
	program := browser(t)
	rec := adopted(t)
	in := rec.Opened(t)
	x := rec.Received(t, desktest.Noon, in, demo(t, demomedia.BodyCamera2))[0]
	s := counterAt(t, rec, noon)
	const who = "evidence-7"
	s.patience.making = 0 // so that the page of what takes its time is walked through too
	s.posts(t, who, itemPath(x.ID)+"/probe", url.Values{}, 303)
	<-s.makings.all[makingOf{who, x.ID}].ended
	token := string(s.token(t, who))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.AddCookie(&http.Cookie{Name: sessionCookie(true), Value: token})
		s.ServeHTTP(w, r)
	}))
	defer server.Close()
	asked, err := json.Marshal(map[string]any{
		"Site": server.URL, "Path": itemPath(x.ID) + "/redact?at=500", "Reason": "7-1-c", "From": []float64{100, 60}, "To": []float64{220, 150}, "Right": 5, "Taller": 2, "Until": "1.9",
		"Later": itemPath(x.ID) + "/redact?at=1500", "Down": 12, "Wider": 5,
	})
	must(t, err)
	cmd := exec.CommandContext(t.Context(), program, "draw")
	cmd.Stdin = bytes.NewReader(asked)
	var answer, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &answer, &complaint
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, complaint.String())
	}
	var drawn struct {
		Faults       []string
		First, Moved map[string]string
		Second       map[string]string
		Made, Narrow string
		Few          int
	}
	must(t, json.Unmarshal(answer.Bytes(), &drawn))
	for _, fault := range drawn.Faults {
		t.Error(fault)
	}
	t.Logf("drawn at %v, moved to %v", drawn.First, drawn.Moved)
	number := func(of map[string]string, name string) int {
		n, err := strconv.Atoi(of[name])
		must(t, err)
		return n
	}
	for name, want := range map[string]int{"x": 100, "y": 60, "width": 120, "height": 90} { // the screen's pixels are not the film's
		if got := number(drawn.First, name); got < want-2 || got > want+2 {
			t.Errorf("drawn %s is %d, want about %d", name, got, want)
		}
	}
	if number(drawn.Moved, "x") != number(drawn.First, "x")+20 || number(drawn.Moved, "height") != number(drawn.First, "height")+8 || drawn.Moved["y"] != drawn.First["y"] || drawn.Moved["width"] != drawn.First["width"] {
		t.Errorf("from %v the keys moved it to %v", drawn.First, drawn.Moved)
	}
	if drawn.First["at"] != "0:00:00.500" || drawn.Made != "/incidents/"+string(in)+"/redactions/1" || !strings.Contains(drawn.Narrow, "Drawing needs a wider screen") || drawn.Few != 0 {
		t.Errorf("drawn at %s, made %s; a telephone is told %q, and has %d edits", drawn.First["at"], drawn.Made, drawn.Narrow, drawn.Few)
	}
	view, err := rec.Show(t.Context(), rec.As(who), noon(), in)
	must(t, err)
	edit := view.Redactions[0].Value.Edits.Edits[0]
	k := edit.Keyframes[0]
	if got := fmt.Sprintf("%d %d %d %d", k.X, k.Y, k.Width, k.Height); got != drawn.Moved["x"]+" "+drawn.Moved["y"]+" "+drawn.Moved["width"]+" "+drawn.Moved["height"] || k.At != 500 || edit.To != 1900 || edit.Reason != "7-1-c" {
		t.Errorf("on the record is %+v", edit)
	}
	if len(edit.Keyframes) != 2 {
		t.Fatalf("moved at a second moment it has the places %+v", edit.Keyframes)
	}
	z := edit.Keyframes[1]
	if got := fmt.Sprintf("%d %d %d %d", z.X, z.Y, z.Width, z.Height); z.At != 1500 || z.Y != k.Y+48 || z.Width != k.Width+20 || z.X != k.X || z.Height != k.Height ||
		got != drawn.Second["x"]+" "+drawn.Second["y"]+" "+drawn.Second["width"]+" "+drawn.Second["height"] {
		t.Errorf("at the second moment %+v is on the record, and the fields showed %v", z, drawn.Second)
	}
	_, text, _ := ask(t, s, "GET", itemPath(jurat.NumberItem(in, jurat.NounExhibit, 2))+"/bytes", who, nil)
	for when, at := range map[string]jurat.Keyframe{"0.52": k, "1.6": z} {
		picture := luma(t, []byte(text), when)
		if b := brightest(picture, at.X+2, at.Y+3, at.Width-4, at.Height-6); b > 40 {
			t.Errorf("at %s s something shows through: %d", when, b)
		}
		if b := brightest(picture, 460, 10, 150, 100); b < 60 {
			t.Errorf("at %s s all of it is dark: %d", when, b)
		}
	}
}
