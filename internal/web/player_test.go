package web

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
)

// recorded receives recordings, each beginning so long after the first by the
// common clock; nil: nobody measured its clock.
func recorded(t testing.TB, rec *desktest.Record, in jurat.IncidentNumber, files []string, begins ...*time.Duration) {
	t.Helper()
	for i, after := range begins {
		a := jurat.Arrival{Kind: "bwc"}
		a.Recorded.From = desktest.Noon
		if after != nil {
			none := 0
			a.ClockOffset, a.Recorded.From = &none, desktest.Noon.Add(*after)
		}
		for out := range rec.Receive(t.Context(), rec.As("evidence-7"), noon, desk.Receiving{Incident: in, Arrival: a}, slices.Values(files[i:i+1])) {
			must(t, out.Err)
		}
	}
}

func lasting(d time.Duration) *time.Duration { return &d }

// Without a script each recording plays alone, and the page says when to start
// which; one whose clock nobody measured is in no order (SEC-20), and nothing
// is fetched before somebody plays.
func TestRecordingsHaveTheirPlaceInWords(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	files := desktest.Files(t, "one", "two", "three", "four")
	recorded(t, rec, in, files, lasting(14250*time.Millisecond), lasting(0), nil, lasting(time.Hour))
	c := counterAt(t, rec, noon)
	path := "/incidents/" + string(in) + "/exhibits/1"
	late := 61 * time.Second
	_, _, err := rec.TimeExhibit(t.Context(), rec.As("officer-4471"), noon(), jurat.NumberItem(in, jurat.NounExhibit, 4), jurat.Timing{Offset: &late, Source: jurat.OffsetByHand, Reason: "compared"})
	must(t, err)
	code, page, _ := ask(t, c, "GET", path+"/play?with=2,3&with=4&with=9&with=x&t=2.5", "detective-2208", nil)
	if code != 200 {
		t.Fatalf("%d: %s", code, page)
	}
	for _, want := range []string{
		"start A first", "start B 14.25 s after A", `data-after="14250"`, "Played alone", "offset not measured", "clock not reliable", `data-at="16750"`,
		`src="` + path + `/bytes#t=2.5"`, `src="` + strings.Replace(path, "/1", "/2", 1) + `/bytes#t=16.75"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the player does not say %q", want)
		}
	}
	if strings.Count(page, `preload="none"`) != 4 || strings.Count(page, "<video controls") != 4 {
		t.Errorf("%d of %d recordings are fetched by nobody's hand", strings.Count(page, `preload="none"`), strings.Count(page, "<video"))
	}
	if code, _, _ := ask(t, c, "GET", path+"/play", "aide-1", nil); code != 404 {
		t.Errorf("a political office: %d", code)
	}
	if code, _, _ := ask(t, c, "GET", strings.Replace(path, "/1", "/9", 1)+"/play", "detective-2208", nil); code != 404 {
		t.Errorf("of no exhibit: %d", code)
	}
}

func TestMarksAndOffsetsByForms(t *testing.T) {
	rec := desktest.City(t)
	in := rec.Opened(t)
	recorded(t, rec, in, desktest.Files(t, "one", "two"), lasting(0), lasting(time.Second))
	c := counterAt(t, rec, noon)
	path := "/incidents/" + string(in) + "/exhibits/1"
	post := func(to string, want int, form url.Values, says ...string) string {
		t.Helper()
		code, page, h := ask(t, c, "POST", path+to, "officer-4471", form)
		if code != want {
			t.Fatalf("%s %v: %d, want %d: %s", to, form, code, want, alertOf(page))
		}
		for _, say := range says {
			if !strings.Contains(page, say) {
				t.Errorf("%s %v does not say %q: %s", to, form, say, alertOf(page))
			}
		}
		return h.Get("Location")
	}
	if to := post("/marks", 303, url.Values{"from": {"1:02.5"}, "to": {"1:09"}, "note": {"a door <b>"}}); to != path+"#marks" {
		t.Errorf("sent on to %s", to)
	}
	if to := post("/marks", 303, url.Values{"from": {"3"}, "note": {"a voice"}, "with": {"2"}, "on": {"1"}}); to != path+"/play?t=3&with=2#marks" {
		t.Errorf("sent on to %s", to)
	}
	post("/marks", 303, url.Values{"from": {"2"}, "note": {"the other film"}, "with": {"2"}, "on": {"2"}})
	post("/marks", 303, url.Values{"from": {"1:03"}, "note": {"a car door"}, "amends": {string(in) + "-M1"}})
	post("/marks", 422, url.Values{"from": {"half"}, "note": {"kept as typed"}}, "1:02.5", `value="kept as typed"`, `value="half"`)
	post("/marks", 422, url.Values{"from": {"1"}, "note": {" "}}, "Say what is to be seen")
	post("/marks", 422, url.Values{"from": {"5"}, "to": {"4"}, "note": {"x"}}, "must end after it begins")
	post("/marks", 422, url.Values{"from": {"5"}, "to": {"0"}, "note": {"x"}})
	post("/marks", 404, url.Values{"from": {"5"}, "note": {"x"}, "on": {"9"}})
	post("/marks", 422, url.Values{"from": {"5"}, "note": {"x"}, "amends": {"rubbish"}})
	_, page, _ := ask(t, c, "GET", path, "detective-2208", nil)
	for _, want := range []string{"a car door", "In place of", "a door &lt;b&gt;", "elements?exhibit=1&amp;from=63", "a voice", "play?t=1%3a03"} {
		if !strings.Contains(page, want) {
			t.Errorf("the exhibit does not say %q", want)
		}
	}
	if strings.Contains(page, "the other film") {
		t.Error("a mark on another exhibit is shown on this one")
	}
	_, page, _ = ask(t, c, "GET", path+"/play?with=2", "detective-2208", nil)
	if at, other := strings.Index(page, "a voice"), strings.Index(page, "the other film"); at < 0 || other < at && other >= 0 {
		t.Error("marks are not in the order of the common clock") // 2 s into the second, which begins 1 s later, is 3 s
	}

	if to := post("/clock", 303, url.Values{"known": {"known"}, "offset": {"−4,1"}, "source": {"shared_event"}, "reason": {"a door closes in both"}}); to != path+"#clock" {
		t.Errorf("sent on to %s", to)
	}
	post("/clock", 303, url.Values{"known": {"unknown"}, "source": {"hand"}, "reason": {"it was another door"}})
	for _, bad := range []url.Values{
		{"known": {"known"}, "offset": {"soon"}, "source": {"hand"}, "reason": {"x"}}, {"known": {"known"}, "offset": {"NaN"}, "source": {"hand"}, "reason": {"x"}},
		{"known": {"known"}, "offset": {"1e300"}, "source": {"hand"}, "reason": {"x"}}, {"offset": {""}, "source": {"hand"}, "reason": {"x"}},
		{"offset": {"1"}, "reason": {"x"}}, {"offset": {"1"}, "source": {"hand"}}, {"offset": {"1"}, "source": {"arrival"}, "reason": {"x"}}, {"offset": {"1"}, "source": {"hand"}, "reason": {"x"}, "begins": {"2026-01-31T22:43"}},
	} {
		post("/clock", 422, bad)
	}
	_, page, _ = ask(t, c, "GET", path, "detective-2208", nil)
	for _, want := range []string{"said when it came in", "&#43;0 s", "−4.1 s", "one event seen by two clocks", "it was another door", "offset not measured"} {
		if !strings.Contains(page, want) {
			t.Errorf("the exhibit does not say %q", want)
		}
	}
	for _, who := range []jurat.PersonID{"auditor-1", "records-3"} {
		if code, _, _ := ask(t, c, "POST", path+"/marks", who, url.Values{"from": {"1"}, "note": {"x"}}); code != 403 {
			t.Errorf("a mark by %s: %d", who, code)
		}
	}
}

// filmed makes short films of a test pattern with a tone, each so many seconds
// long.
func filmed(t *testing.T, seconds ...int) []string {
	t.Helper()
	needs(t, "ffmpeg")
	dir := t.TempDir()
	var files []string
	for i, s := range seconds {
		name := filepath.Join(dir, fmt.Sprintf("film-%d.mp4", i+1))
		length := fmt.Sprint(s)
		cmd := exec.CommandContext(t.Context(), "ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration="+length,
			"-f", "lavfi", "-i", fmt.Sprintf("sine=frequency=%d:duration=%s", 300+100*i, length), "-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "25", "-c:a", "aac", "-movflags", "+faststart", "-shortest", name)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("ffmpeg: %v\n%s", err, out)
		}
		files = append(files, name)
	}
	return files
}

// A second that one camera shows beside another second of the other is a wrong
// answer to who did what first. In a real browser: nothing is fetched before
// somebody plays, two films stay together under their offset, one waits while
// the other buffers, and a mark lands where it was set.
func TestABrowserPlaysTwoFilmsOnOneClock(t *testing.T) {
	needs(t, "chromium")
	rec := desktest.City(t)
	in := rec.Opened(t)
	recorded(t, rec, in, filmed(t, 24, 24), lasting(0), lasting(3250*time.Millisecond))
	c := counterAt(t, rec, noon)
	const who, offset = "detective-2208", 3.25
	token := string(c.token(t, who))
	page := "/incidents/" + string(in) + "/exhibits/1/play"
	const drive = `
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const $ = (s) => document.querySelector(s);
const box = $("[data-player]"), [a, b] = document.querySelectorAll("[data-film] video");
const out = { samples: [], held: [], waited: "", before: 0, errors: [] };
addEventListener("error", (e) => out.errors.push(e.message));
const press = (key) => box.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const sample = async (list, n) => { for (let i = 0; i < n; i++) { list.push([a.currentTime, b.currentTime, performance.now()]); await wait(50); } };
await wait(300);
out.before = await (await fetch("/asked")).json();
out.controls = a.controls || b.controls;
press("ArrowRight");
out.clock0 = $("[data-clock]").textContent;
$("[data-play]").click();
for (let i = 0; i < 100 && !out.waited; i++) { await sample(out.held, 1); out.waited = $("[data-status]").textContent; }
for (let i = 0; i < 200 && (a.paused || b.paused); i++) await wait(25);
await sample(out.samples, 60);
press("2");
out.muted = [a.muted, b.muted];
press("M");
out.markAt = [a.currentTime, b.currentTime];
out.from = $("[name=from]").value;
out.focus = document.activeElement.name;
$("[name=note]").value = "a door";
const was = document.querySelectorAll("[data-marks] [data-seek]").length;
$("[data-mark-form] button").click();
for (let i = 0; i < 100 && document.querySelectorAll("[data-marks] [data-seek]").length === was; i++) await wait(25);
out.marks = document.querySelectorAll("[data-marks] [data-seek]").length;
out.said = $("[data-status]").textContent;
for (let i = 0; i < 200 && (a.paused || b.paused); i++) await wait(25); // one may be waiting for the other's bytes just now
out.still = !a.paused && !b.paused;
$("[data-rate]").value = "2";
$("[data-rate]").dispatchEvent(new Event("change", { bubbles: true }));
await wait(700);
await sample(out.samples, 30);
press(" ");
await wait(100);
out.stopped = [a.paused, b.paused];
const stood = a.currentTime;
press(".");
await wait(300);
out.frame = [a.currentTime - stood, a.currentTime - b.currentTime];
out.clocks = [$("[data-clock]").textContent, ...[...document.querySelectorAll("[data-own]")].map((o) => o.textContent)];
out.bars = document.querySelectorAll(".bar-row").length + "/" + document.querySelectorAll(".bar-mark").length;
document.querySelector("[data-marks] [data-seek]").click();
await wait(500);
out.sought = a.currentTime;
await fetch("/driven", { method: "POST", body: JSON.stringify(out) });
`
	driven := make(chan []byte, 1)
	var mu sync.Mutex
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.AddCookie(&http.Cookie{Name: sessionCookie(true), Value: token})
		switch {
		case r.URL.Path == "/driven":
			var raw json.RawMessage
			if err := json.NewDecoder(r.Body).Decode(&raw); err != nil {
				t.Error(err)
			}
			driven <- raw
		case r.URL.Path == "/asked":
			mu.Lock()
			defer mu.Unlock()
			fmt.Fprint(w, asked)
		case r.URL.Path == "/drive.js":
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, drive)
		case strings.HasSuffix(r.URL.Path, "/bytes"):
			mu.Lock()
			asked++
			mu.Unlock()
			if strings.Contains(r.URL.Path, "/exhibits/2/") {
				time.Sleep(time.Second) // the second camera's bytes are slow to come
			}
			c.ServeHTTP(w, r)
		case r.URL.Path == page && r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Dest") == "document":
			r.Header.Del("Accept-Encoding") // the page is changed here, and must come as text
			answer := httptest.NewRecorder()
			c.ServeHTTP(answer, r)
			for name, values := range answer.Header() {
				w.Header()[name] = values
			}
			fmt.Fprint(w, strings.Replace(answer.Body.String(), "</body>", `<script type="module" src="/drive.js"></script></body>`, 1))
		default:
			c.ServeHTTP(w, r)
		}
	}))
	defer server.Close()
	ctx, stop := context.WithTimeout(t.Context(), 90*time.Second)
	defer stop()
	cmd := exec.CommandContext(ctx, "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--autoplay-policy=no-user-gesture-required", "--user-data-dir="+t.TempDir(), "--remote-debugging-port=0", server.URL+page+"?with=2")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	must(t, cmd.Start())
	var text []byte
	select {
	case text = <-driven:
	case <-ctx.Done():
		t.Error("the browser did not come to an end")
	}
	stop()
	_ = cmd.Wait() // it was told to stop
	if text == nil {
		return
	}
	var saw struct {
		Samples, Held       [][3]float64
		Waited, From, Focus string
		Said, Clock0, Bars  string
		Before, Marks       int
		Controls, Still     bool
		Muted, Stopped      []bool
		MarkAt, Frame       []float64
		Clocks, Errors      []string
		Sought              float64
	}
	must(t, json.Unmarshal(text, &saw))
	if saw.Before != 0 {
		t.Errorf("%d requests for bytes before anybody played", saw.Before)
	}
	// Where the machine itself stood still, and for a third of a second after,
	// nothing is asked of the player.
	worst, counted, still := 0.0, 0, -10
	for i, s := range saw.Samples {
		if i > 0 && s[2]-saw.Samples[i-1][2] > 150 {
			still = i
		}
		if i-still > 6 {
			counted++
			worst = max(worst, math.Abs(s[0]-s[1]-offset))
		}
	}
	t.Logf("%d of %d looks counted; farthest apart %.0f ms", counted, len(saw.Samples), worst*1000)
	if played := saw.Samples[len(saw.Samples)-1][0] - saw.Samples[0][0]; counted < 30 || worst > 0.15 || played < 3 {
		t.Errorf("%.1f s were played, %d of %d looks counted; farthest apart %.3f s, want at most 0.15 s", played, counted, len(saw.Samples), worst)
	}
	for _, s := range saw.Held {
		if s[0] > 5.15 {
			t.Fatalf("the first ran on to %.2f s while the second buffered", s[0])
		}
	}
	if !strings.Contains(saw.Waited, "Buffering ") || !strings.Contains(saw.Waited, "B") {
		t.Errorf("while it waits the page says %q", saw.Waited)
	}
	at, err := jurat.ParseTimecode(saw.From)
	if err != nil || len(saw.MarkAt) != 2 || math.Abs(float64(at)/1000-saw.MarkAt[0]) > 0.15 || saw.Focus != "note" {
		t.Errorf("the mark is at %q while the film is at %v; the focus is in %q", saw.From, saw.MarkAt, saw.Focus)
	}
	v, err := rec.Show(t.Context(), rec.As(who), noon(), in)
	must(t, err)
	if len(v.Marks) != 1 || v.Marks[0].Value.From != at || v.Marks[0].Value.Note != "a door" || v.Marks[0].Value.Exhibit != jurat.NumberItem(in, jurat.NounExhibit, 1) {
		t.Errorf("on the record are %+v", v.Marks)
	}
	if saw.Marks != 1 || !strings.Contains(saw.Said, "Marked at "+saw.From) || !saw.Still || saw.Bars != "2/1" {
		t.Errorf("%d marks shown, said %q, playing on %t, bars %s", saw.Marks, saw.Said, saw.Still, saw.Bars)
	}
	if math.Abs(saw.Sought-float64(at)/1000) > 0.1 {
		t.Errorf("the mark's link went to %.3f s, the mark is at %s", saw.Sought, saw.From)
	}
	if !slices.Equal(saw.Muted, []bool{true, false}) || !slices.Equal(saw.Stopped, []bool{true, true}) || saw.Controls {
		t.Errorf("muted %v after 2, paused %v after Space, own controls %t", saw.Muted, saw.Stopped, saw.Controls)
	}
	if len(saw.Frame) != 2 || math.Abs(saw.Frame[0]-0.04) > 0.03 || math.Abs(saw.Frame[1]-offset) > 0.03 {
		t.Errorf("a picture on moved by %v", saw.Frame)
	}
	if want := desktest.Noon.Add(5 * time.Second).Format("15:04:05.0"); saw.Clock0 != want {
		t.Errorf("after five seconds on, the common clock shows %q, want %q", saw.Clock0, want)
	}
	if len(saw.Clocks) != 3 || saw.Clocks[0] != saw.Clocks[1] || saw.Clocks[0] != saw.Clocks[2] {
		t.Errorf("the clocks show %v", saw.Clocks)
	}
	if len(saw.Errors) > 0 {
		t.Errorf("faults of the script: %v", saw.Errors)
	}
}
