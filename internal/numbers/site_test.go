package numbers_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jurat"
	"jurat/internal/numbers"
	"jurat/order"
)

// skip leaves a test out for want of a tool, unless everything is required.
func skip(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("JURAT_REQUIRE") != "" {
		t.Fatalf("%s is not here, and JURAT_REQUIRE asks for it", why)
	}
	t.Skipf("%s is not here", why)
}

const districts = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"code":"D1","name":"x"},"geometry":{"type":"Polygon","coordinates":[[[-87.7,41.8],[-87.65,41.8],[-87.65,41.85],[-87.7,41.85],[-87.7,41.8]]]}},
{"type":"Feature","properties":{"code":"D2"},"geometry":{"type":"MultiPolygon","coordinates":[[[[-87.65,41.8],[-87.6,41.8],[-87.6,41.85],[-87.65,41.85],[-87.65,41.8]]]]}},
{"type":"Feature","properties":{"code":"D9"},"geometry":{"type":"Polygon","coordinates":[[[-87.7,41.85],[-87.6,41.85],[-87.65,41.9],[-87.7,41.85]]]}}]}`

func exampleSite(t *testing.T) map[string][]byte {
	t.Helper()
	in := input(t, all(year(300, 7)...), "2026")
	in.Orders = []*order.Order{example(t)}
	areas, err := numbers.ReadMap(strings.NewReader(districts), "code")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	if err := publish(t, in).Site(func(name string, b []byte) error { files[name] = b; return nil }, areas); err != nil {
		t.Fatal(err)
	}
	return files
}

func TestTheSiteIsAlwaysTheSameBytes(t *testing.T) {
	t.Parallel()
	files := exampleSite(t)
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	want := []string{"codebook.es.html", "codebook.html", "codebook.json", "figures.csv", "figures.es.csv", "figures.json", "index.es.html", "index.html"}
	if !slices.Equal(names, want) {
		t.Fatalf("the site is %v, want %v", names, want)
	}
	for _, name := range names {
		golden(t, "site/"+name, files[name])
	}
}

// A page asks for nothing: no script, no other style, no address to fetch.
func TestAPageAsksForNothing(t *testing.T) {
	t.Parallel()
	for name, b := range exampleSite(t) {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		page := string(b)
		if !strings.Contains(page, `http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-`) {
			t.Errorf("%s has no strict policy", name)
		}
		if m := regexp.MustCompile(`(?i)<script|<iframe|<img|<link|<form| on\w+="| style="|src="|url\(|@import`).FindString(page); m != "" {
			t.Errorf("%s has %q", name, m)
		}
		for _, m := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(page, -1) {
			file, _, _ := strings.Cut(m[1], "#")
			if _, ok := exampleSite(t)[file]; file != "" && !ok {
				t.Errorf("%s links to %s, which is no file of the site", name, m[1])
			}
		}
	}
}

// Each number leads to its definition, and each definition is there.
func TestEveryNumberHasADefinition(t *testing.T) {
	t.Parallel()
	files := exampleSite(t)
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(string(files["codebook.html"]), -1) {
		ids[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`codebook\.html#([^"]+)"`).FindAllStringSubmatch(string(files["index.html"]), -1) {
		if !ids[m[1]] {
			t.Errorf("the codebook has no entry %s", m[1])
		}
	}
	lines := strings.Split(strings.TrimSpace(string(files["figures.csv"])), "\r\n")
	for _, l := range lines[1:] {
		cells := strings.Split(l, ",")
		if definition, version := cells[len(cells)-2], cells[len(cells)-1]; !ids[definition] || !strings.HasPrefix(version, "sha256:") {
			t.Errorf("the line %q has no definition or no version of its order", l)
		}
	}
}

// A page a screen reader cannot read is not published: WCAG 2.2 AA, by axe-core
// in a real browser.
func TestTheSiteHasNoAccessibilityFault(t *testing.T) {
	t.Parallel()
	check := filepath.Join("..", "..", "testdata", "axe")
	if _, err := os.Stat(filepath.Join(check, "node_modules", "axe-core")); err != nil {
		skip(t, "axe-core (scripts/setup installs it)")
	}
	for _, program := range []string{"node", "chromium"} {
		if _, err := exec.LookPath(program); err != nil {
			skip(t, program)
		}
	}
	dir := t.TempDir()
	args := []string{filepath.Join(check, "check.mjs")}
	files := exampleSite(t)
	card, err := numbers.CardOf([]*order.Order{example(t)}, "what-to-know", "es", at("2026-06-01T12:00:00Z"))
	if err != nil {
		t.Fatal(err)
	}
	if files["card.html"], err = card.HTML(); err != nil {
		t.Fatal(err)
	}
	for _, period := range []string{"2026-Q2", "2026-Q3"} { // with a row, and with none
		r, err := numbers.Quarterly(chicago(t, []order.Facts{asked(1, m{"purpose": "civil_immigration_enforcement"}, nil)}, period), numbers.NewScreen(nil, nil))
		if err != nil {
			t.Fatal(err)
		}
		if files["quarterly-"+period+".html"], err = r.HTML(); err != nil {
			t.Fatal(err)
		}
	}
	for name, b := range files {
		if strings.HasSuffix(name, ".html") {
			page := filepath.Join(dir, name)
			if err := os.WriteFile(page, b, 0o600); err != nil {
				t.Fatal(err)
			}
			args = append(args, page)
		}
	}
	if out, err := exec.Command("node", args...).CombinedOutput(); err != nil {
		t.Errorf("axe-core: %v\n%s", err, out)
	}
	// The check is itself checked: a table header without a text is a fault.
	broken := filepath.Join(dir, "broken.html")
	if err := os.WriteFile(broken, []byte(strings.Replace(string(files["index.html"]), `<html lang="en">`, `<html>`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := exec.Command("node", args[0], broken).Run(); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("axe-core found no fault in a page without a language: %v", err)
	}
}

func TestAHostileMapIsRefusedWithASentence(t *testing.T) {
	t.Parallel()
	feature := func(geometry string) string {
		return `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"D1"},"geometry":` + geometry + `}]}`
	}
	ring := func(points string) string { return feature(`{"type":"Polygon","coordinates":[[` + points + `]]}`) }
	var many strings.Builder
	for i := range 200_100 {
		fmt.Fprintf(&many, "[0.%06d,1],", i)
	}
	for _, tc := range []struct{ name, file, says string }{
		{"no JSON", "]", "no GeoJSON"},
		{"another thing", `{"type":"Topology"}`, "no GeoJSON"},
		{"two things", districts + districts, "no GeoJSON"},
		{"nothing", `{"type":"FeatureCollection","features":[]}`, "0 areas"},
		{"a point", feature(`{"type":"Point","coordinates":[-87.6,41.8]}`), "exact place"},
		{"a line", feature(`{"type":"LineString","coordinates":[[-87.6,41.8],[-87.7,41.8]]}`), "exact place"},
		{"a collection in a collection", feature(`{"type":"GeometryCollection","geometries":[]}`), "no polygon"},
		{"no geometry", feature(`null`), "geometry"},
		{"deep nesting", feature(`{"type":"Polygon","coordinates":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`), "no polygon's"},
		{"words for numbers", ring(`["a","b"],[0,1],[1,1],["a","b"]`), "no polygon's"},
		{"numbers no float holds", ring(`[1e400,0],[0,1],[1,1],[1e400,0]`), "polygon"},
		{"off the earth", ring(`[200,0],[0,1],[1,1],[200,0]`), "off the earth"},
		{"latitude first, off the earth", ring(`[41.8,-97.6],[41.9,-97.6],[41.9,-97.5],[41.8,-97.6]`), "off the earth"},
		{"a ring that does not close", ring(`[0,0],[0,1],[1,1],[1,0]`), "does not close"},
		{"a ring of two points", ring(`[0,0],[0,0]`), "fewer than four"},
		{"one number for a point", ring(`[0],[1],[1],[0]`), "longitude and latitude"},
		{"no extent", ring(`[1,1],[1,1],[1,1],[1,1]`), "no extent"},
		{"the whole earth", ring(`[-180,-80],[180,-80],[180,80],[-180,-80]`), "wider than 20 degrees"},
		{"too many points", ring(many.String() + "[0.000000,1]"), "limit of points"},
		{"an area twice", strings.Replace(districts, `"D2"`, `"D1"`, 1), "twice"},
		{"no code", strings.Replace(districts, `"code":"D2"`, `"kode":"D2"`, 1), "no code"},
		{"a code that is a list", strings.Replace(districts, `"D2"`, `["D2"]`, 1), "no code"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := numbers.ReadMap(strings.NewReader(tc.file), "code")
			if !errors.Is(err, jurat.Invalid) || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("%v, want Invalid with %q", err, tc.says)
			}
		})
	}
}

// The code of an area goes into no drawing; one that is mark-up is only a code
// nobody has a figure for.
func TestAHostileCodeStaysAText(t *testing.T) {
	t.Parallel()
	areas, err := numbers.ReadMap(strings.NewReader(strings.Replace(districts, `"D2"`, `"<script>alert(1)</script>"`, 1)), "code")
	if err != nil {
		t.Fatal(err)
	}
	in := input(t, all(), "2026-01")
	in.Areas = []numbers.Area{{Code: "<script>alert(1)</script>", Label: order.Label{"en": `<img src=x onerror="1">`, "es": "=1+1"}}}
	err = publish(t, in).Site(func(name string, b []byte) error {
		if strings.HasSuffix(name, ".html") && (strings.Contains(string(b), "<script") || strings.Contains(string(b), "<img")) {
			t.Errorf("%s holds mark-up out of a label", name)
		}
		if strings.HasSuffix(name, "es.csv") && strings.Contains(string(b), ",=1+1") {
			t.Errorf("%s holds a formula", name)
		}
		return nil
	}, areas)
	if err != nil {
		t.Fatal(err)
	}
}

func TestASiteThatCannotBeKeptEnds(t *testing.T) {
	t.Parallel()
	full := errors.New("the disk is full")
	n := 0
	err := publish(t, input(t, all(), "2026-01")).Site(func(string, []byte) error { n++; return full }, nil)
	if !errors.Is(err, full) || n != 1 {
		t.Errorf("%v after %d files, want the disk's own error after one", err, n)
	}
}

func TestWordsThatTakeASideAreRefused(t *testing.T) {
	t.Parallel()
	for text, fair := range map[string]bool{
		"Documented activity":                    true,
		"Alleged violations, not findings":       true,
		"Presuntas infracciones":                 true,
		"Violations by agents":                   false,
		"Alleged violations and violations":      false,
		"Infracciones de los agentes":            false,
		"The brutality of it":                    false,
		"A criminal alien":                       false,
		"Salvage of a lawful dragoon":            true,
		"Reported violation":                     true,
		"an embargo on goods":                    true,
		"La infracción alegada":                  true,
		"Los matones":                            false,
		"Number of incidents, zero means nobody": true,
	} {
		if err := numbers.FairWords(text); (err == nil) != fair {
			t.Errorf("%q: %v, want fair %v", text, err, fair)
		}
	}
	if err := numbers.FairWords("The raids of June", "raid"); !errors.Is(err, jurat.Invalid) {
		t.Errorf("a word the jurisdiction adds: %v", err)
	}
}

// FuzzReadMap: no bytes make reading a map end otherwise than with a map or a
// sentence.
func FuzzReadMap(f *testing.F) {
	f.Add(districts)
	f.Fuzz(func(t *testing.T, text string) {
		m, err := numbers.ReadMap(strings.NewReader(text), "code")
		if (m == nil) == (err == nil) {
			t.Fatal(m, err)
		}
		if err != nil && !errors.Is(err, jurat.Invalid) {
			t.Fatal(err)
		}
	})
}
