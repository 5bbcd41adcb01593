package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// perSecond is how many pages a second are asked for, whether or not those
// before have come.
const perSecond = 200

// pages is row 6: what a page weighs the first time, and how long it takes while
// many are asked for. The incident has ten records, twelve exhibits, four parties,
// two accounts and two allegations; sixty others are listed.
func pages(ctx context.Context, s setup) (err error) {
	head("6", fmt.Sprintf("a page: weight with everything it loads, gzip as served; then %d pages a second, open loop, for %s", perSecond, pageSpell))
	c, err := s.serve(ctx, "record-6")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.stop(), os.RemoveAll(c.dir)) }()
	in, g, err := c.fillPages(ctx)
	if err != nil {
		return err
	}
	shown := []string{"/incidents/" + in, "/duties", "/incidents"}
	every := append(slices.Clone(shown), "/incidents/"+in+"/exhibits/1", "/incidents/"+in+"/receive", "/reports/new")
	named := func(path string) string { return regexp.MustCompile(`\d{4}-\d{6}`).ReplaceAllString(path, "NUMBER") }
	var heaviest int64
	for _, path := range every {
		page, all, err := g.weigh(ctx, path)
		if err != nil {
			return err
		}
		heaviest = max(heaviest, all)
		line("weight of "+named(path), "%.1f KB the first time, %.1f KB after that", float64(all)/1000, float64(page)/1000)
	}
	line("the heaviest", "%.1f KB, target at most 150", float64(heaviest)/1000)
	for _, path := range every {
		var alone series
		for range s.rounds {
			ms, err := c.alone(ctx, g, path)
			if err != nil {
				return err
			}
			alone = append(alone, ms)
		}
		line("processor time of "+named(path)+", asked for alone", "%.2f ms (%.2f-%.2f)", alone.median(), slices.Min(alone), slices.Max(alone))
	}
	took := map[string]series{}
	var all, used series
	for range s.rounds {
		before, err := c.used()
		if err != nil {
			return err
		}
		round, err := g.openLoop(ctx, shown)
		if err != nil {
			return err
		}
		after, err := c.used()
		if err != nil {
			return err
		}
		n := 0
		var together series
		for path, r := range round {
			took[path] = append(took[path], r.percentiles().P99*1000)
			together = append(together, r...)
			n += len(r)
		}
		all, used = append(all, together.percentiles().P99*1000), append(used, (after-before)/float64(n)*1000)
	}
	for i, what := range []string{"the incident", "what is owed", "the list"} {
		r := took[shown[i]]
		line(what+", p99", "%.1f ms (%.1f-%.1f)", r.median(), slices.Min(r), slices.Max(r))
	}
	line(fmt.Sprintf("a page at %d/s, p99", perSecond), "%.1f ms (%.1f-%.1f), target at most 25", all.median(), slices.Min(all), slices.Max(all))
	line("of the server's processor time, a page", "%.2f ms (%.2f-%.2f)", used.median(), slices.Min(used), slices.Max(used))
	return nil
}

// alone is the processor time the server uses for a page, in milliseconds, when
// it is asked for many times, one after another.
func (c *counter) alone(ctx context.Context, g *guest, path string) (float64, error) {
	const times = 150
	before, err := c.used()
	if err != nil {
		return 0, err
	}
	for range times {
		if _, err := g.get(ctx, path); err != nil {
			return 0, err
		}
	}
	after, err := c.used()
	return (after - before) / times * 1000, err
}

// pageSpell is how long pages are asked for, each round.
const pageSpell = 5 * time.Second

// fillPages files what the pages show.
func (c *counter) fillPages(ctx context.Context) (incident string, g *guest, err error) {
	if g, err = c.come(ctx, "detective-1"); err != nil {
		return "", nil, err
	}
	for i := range 61 {
		var in struct{ Value struct{ Number string } }
		if err := g.call(ctx, "/incidents", map[string]any{"title": titles[i%len(titles)], "trigger": "observed", "event_number": callNumber(i), "place": "a street of the city, as the dispatch has it", "inside_city": "yes"}, &in); err != nil {
			return "", nil, err
		}
		incident = in.Value.Number
	}
	at := "/incidents/" + incident
	type step struct {
		path string
		body map[string]any
	}
	var steps []step
	narrative := "At the time stated I saw several vehicles stop beside a parked car. Persons in vests spoke with the driver. I asked Supervisor 1 for a name and a badge number, and recorded what was said. No force was seen by me."
	for range 3 {
		steps = append(steps,
			step{at + "/records", map[string]any{"type": "activity", "fields": map[string]any{"activity_kinds": []string{"vehicle_stop"}, "agencies": []string{"other_federal"}, "agency_basis": "insignia", "warrant_shown": "unknown", "force_seen": []string{"none_observed"}, "member_actions": []string{"observed_only"}}}},
			step{at + "/records", map[string]any{"type": "identification_attempt", "fields": map[string]any{"asked_at": time.Now().UTC().Format(time.RFC3339), "asked_whom": "Supervisor 1", "role_asked": "supervisor_on_scene", "question": "Your name and badge number?", "outcome": "no_answer", "credential_shown": "no", "recording": "yes_not_yet_uploaded"}}},
			step{at + "/records", map[string]any{"type": "report", "fields": map[string]any{"narrative": narrative, "violation_alleged": "unknown", "anyone_injured": "no", "viewed_footage": "no", "witnesses_canvassed": "done", "private_video_asked": "done"}}})
	}
	steps = append(steps, step{at + "/records", map[string]any{"type": "report", "fields": map[string]any{"narrative": narrative}}})
	for _, slot := range []string{"Supervisor 1", "Officer 1", "Witness 1", "Driver 1"} {
		steps = append(steps, step{at + "/parties", map[string]any{"slot": slot, "capacity": "witness"}})
	}
	steps = append(steps,
		step{at + "/accounts", map[string]any{"side": "agency_spokesperson", "how": "letter"}},
		step{at + "/accounts", map[string]any{"side": "complainant", "how": "in person"}},
		step{at + "/allegations", map[string]any{"offence": "battery", "actor": "unknown"}},
		step{at + "/allegations", map[string]any{"offence": "reckless-conduct", "actor": "unknown"}})
	for _, s := range steps {
		if err := g.call(ctx, s.path, s.body, nil); err != nil {
			return "", nil, err
		}
	}
	args := []string{"--dir", c.dir, "receive", "--incident", incident, "--kind", "bwc"}
	for i := range 12 {
		file := filepath.Join(c.dir, fmt.Sprintf("clip-%02d.mp4", i))
		if err := noise(file, 64<<10); err != nil {
			return "", nil, err
		}
		args = append(args, file)
	}
	_, _, _, err = run(ctx, nil, c.s.jurat, args...)
	return incident, g, err
}

// A scale counts what comes down a line.
type scale struct {
	net.Conn
	n *atomic.Int64
}

func (s scale) Read(p []byte) (int, error) {
	n, err := s.Conn.Read(p)
	s.n.Add(int64(n))
	return n, err
}

var loaded = regexp.MustCompile(`(?:href|src|data-worker)="(/static/[^"]+)"`)

// fonts are what the style sheet loads for the text of any page.
var fonts = []string{"regular", "bold"}

// weigh is what comes down the line for a page, headers too: alone, and with its
// style sheets, scripts, picture and fonts.
func (g *guest) weigh(ctx context.Context, path string) (page, all int64, err error) {
	var n atomic.Int64
	line := &http.Transport{DisableCompression: true, DialContext: func(ctx context.Context, network, at string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, at)
		return scale{conn, &n}, err
	}}
	defer line.CloseIdleConnections()
	fetch := func(path string) error {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, g.site+path, nil)
		if err != nil {
			return err
		}
		r.Header.Set("Accept-Encoding", "gzip")
		for _, cookie := range g.Jar.Cookies(r.URL) {
			r.AddCookie(cookie)
		}
		a, err := line.RoundTrip(r)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, a.Body)
		if a.StatusCode != http.StatusOK {
			err = errors.Join(err, fmt.Errorf("%s: %d", path, a.StatusCode))
		}
		return errors.Join(err, a.Body.Close())
	}
	text, err := g.get(ctx, path)
	if err == nil {
		err = fetch(path)
	}
	if err != nil {
		return 0, 0, err
	}
	page = n.Load()
	var files []string
	for _, m := range loaded.FindAllSubmatch(text, -1) {
		files = append(files, string(m[1]))
	}
	if len(files) == 0 {
		return 0, 0, fmt.Errorf("%s loads nothing", path)
	}
	version := regexp.MustCompile(`^/static/[^/]+/`).FindString(files[0])
	for _, f := range fonts {
		files = append(files, version+"vendor/uswds/fonts/source-sans-pro/sourcesanspro-"+f+"-webfont.woff2")
	}
	slices.Sort(files)
	for _, f := range slices.Compact(files) {
		if err := fetch(f); err != nil {
			return 0, 0, err
		}
	}
	return page, n.Load(), nil
}

// openLoop asks for pages by the clock and says how long each took from when it
// was due.
func (g *guest) openLoop(ctx context.Context, paths []string) (map[string]series, error) {
	var mu sync.Mutex
	took := map[string]series{}
	var failed atomic.Pointer[error]
	var wg sync.WaitGroup
	start := time.Now()
	for i := range int(pageSpell.Seconds() * perSecond) {
		due := start.Add(time.Duration(i) * time.Second / perSecond)
		time.Sleep(time.Until(due))
		path := paths[i%len(paths)]
		wg.Go(func() {
			_, err := g.get(ctx, path)
			if err != nil {
				failed.Store(&err)
				return
			}
			t := time.Since(due).Seconds()
			mu.Lock()
			defer mu.Unlock()
			took[path] = append(took[path], t)
		})
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		return nil, *err
	}
	return took, nil
}
