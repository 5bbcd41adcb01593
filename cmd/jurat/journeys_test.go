package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/goccy/go-yaml"

	demomedia "jurat/cmd/jurat/demo/media"
)

// What people of two offices do at the counter, each in a real browser with an
// authenticator of their own, at two programs that run on the records of the
// demonstration: the handover from city to county, the keyboard alone, Spanish,
// no script, a report returned, a hold, the morning list, the auditor and the
// walls, a referral that is stopped, what is sealed, paper and colours. What
// each is about is said where it is written, in testdata/browser. Afterwards
// both records are intact. JOURNEYS=DIR keeps the pictures, JOURNEY names one.
func TestJourneysInABrowser(t *testing.T) {
	program := browserProgram(t)
	dir := os.Getenv("JOURNEYS")
	if dir == "" {
		dir = t.TempDir()
	}
	tour := filepath.Join(t.TempDir(), "tour")
	ask := walkway{Links: map[string]string{}, At: map[string]string{}, Keys: map[string]string{}, Ready: map[string]string{}, Dir: dir, AtOnce: 1 + runtime.NumCPU()/2, Only: os.Getenv("JOURNEY"), Foreign: english(t)}
	for line := range strings.Lines(must(t, "demo", "--dir", tour)) {
		if who, path, found := strings.Cut(strings.TrimSpace(line), "http://"); found {
			_, secret, _ := strings.Cut(path, "/setup")
			ask.Links[strings.TrimSpace(who)] = "/setup" + secret
		}
	}
	ask.prepare(t, tour)
	ask.City, ask.County = serves(t, filepath.Join(tour, "city")), serves(t, filepath.Join(tour, "county"))
	for who, site := range ask.At {
		if site == "county" {
			ask.At[who] = ask.County
		}
	}
	var err error
	if ask.Program, err = exec.LookPath("jurat"); err != nil {
		t.Fatal(err)
	}

	text, err := json.Marshal(ask)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "journeys")
	cmd.Stdin = bytes.NewReader(text)
	var answer, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &answer, &complaint
	if os.Getenv("JOURNEYS") != "" {
		cmd.Stderr = os.Stderr // as they end
	}
	began := time.Now()
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s", err, complaint.String())
	}
	var went []struct {
		Name, Stopped string
		Seconds       float64
		Faults, Notes []string
	}
	if err := json.Unmarshal(answer.Bytes(), &went); err != nil {
		t.Fatal(err)
	}
	for _, one := range went {
		t.Run(one.Name, func(t *testing.T) {
			t.Logf("%.0f s; %s", one.Seconds, strings.Join(one.Notes, "; "))
			if one.Stopped != "" {
				t.Error(one.Stopped)
			}
			for _, fault := range one.Faults {
				t.Error(fault)
			}
		})
	}
	t.Logf("%d journeys in %.0f s", len(went), time.Since(began).Seconds())
}

// A walkway is what testdata/browser is told of the counters.
type walkway struct {
	City, County, Program, Film, Photo, Dir, Only string
	Links, At, Keys, Ready                        map[string]string
	Foreign                                       []string
	AtOnce                                        int
}

// prepare adds people to the demonstration's records, and incidents that are as
// far as the journeys need them, by the program.
func (w *walkway) prepare(t *testing.T, tour string) {
	t.Helper()
	city, county := filepath.Join(tour, "city"), filepath.Join(tour, "county")
	key := func(who string) string { return filepath.Join(tour, "people", who+".key") }
	for _, one := range []struct {
		who, role, office string
		sworn             bool
	}{
		{"officer-31", "officer", "", true}, {"supervisor-31", "supervisor", "", true}, {"detective-31", "detective", "", true}, {"evidence-31", "evidence", "", false},
		{"officer-41", "officer", "", true}, {"supervisor-41", "supervisor", "", true},
		{"officer-51", "officer", "", true}, {"supervisor-51", "supervisor", "", true}, {"detective-51", "detective", "", true}, {"evidence-51", "evidence", "", false},
		{"records-51", "records", "", false}, {"counsel-51", "counsel", "", false}, {"auditor-51", "auditor", "", false}, {"administrator-51", "administrator", "", false}, {"county-51", "prosecutor", "county", false},
		{"officer-61", "officer", "", true}, {"supervisor-61", "supervisor", "", true},
		{"officer-71", "officer", "", true}, {"evidence-71", "evidence", "", false}, {"detective-71", "detective", "", true}, {"supervisor-71", "supervisor", "", true},
		{"auditor-81", "auditor", "", false}, {"detective-81", "detective", "", true},
		{"records-91", "records", "", false}, {"counsel-91", "counsel", "", false},
	} {
		dir, by := city, "administrator-2"
		if one.office == "county" {
			dir, by = county, "administrator-1"
			w.At[one.who] = "county"
		}
		args := []string{"--dir", dir, "person", "add", one.who, "--role", one.role, "--as", by}
		if one.sworn {
			args = append(args, "--sworn")
		}
		must(t, args...)
		if strings.HasSuffix(one.who, "-61") {
			must(t, "--dir", dir, "person", "key", one.who, "--out", key(one.who), "--as", by)
			w.Keys[one.who] = key(one.who)
		}
		w.link(t, dir, one.who, by)
	}
	w.At["prosecutor-12"] = "county" // by the link that the demonstration printed
	w.Film, w.Photo = filepath.Join(tour, demomedia.BodyCamera1), filepath.Join(tour, demomedia.Photo1)
	for _, path := range []string{w.Film, w.Photo} {
		data, err := demomedia.Files.ReadFile(filepath.Base(path))
		if err != nil {
			t.Fatal(err)
		}
		write(t, path, data)
	}
	w.Ready["demo"] = "2026-000001"

	in := func(args ...string) string { return must(t, append([]string{"--dir", city, "--json"}, args...)...) }
	opened := func(args ...string) string {
		var said struct{ Incident string }
		if err := json.Unmarshal([]byte(in(append([]string{"incident", "open", "--as", "officer-4471"}, args...)...)), &said); err != nil {
			t.Fatal(err)
		}
		return said.Incident
	}
	record := func(n, kind, fields string) string {
		var said struct{ Record string }
		if err := json.Unmarshal([]byte(in("record", "add", kind, "--incident", n, "--fields", fields, "--submit", "--sign", key("officer-4471"))), &said); err != nil {
			t.Fatal(err)
		}
		return said.Record
	}
	approve := func(record string) { in("record", "approve", record, "--sign", key("supervisor-1102")) }
	begun := func(title string) string {
		n := opened("--title", title, "--trigger", "observed", "--event-number", "26-330-0"+fmt.Sprint(len(w.Ready)), "--inside-city", "yes")
		activity := record(n, "activity", `{"activity_kinds":["vehicle_stop"],"warrant_shown":"not_asked","force_seen":["none_observed"]}`)
		approve(record(n, "identification_attempt", `{"outcome":"no_answer","recording":"no"}`))
		approve(activity)
		return n
	}
	w.Ready["keyboard"] = begun("Checkpoint on a commercial street")
	w.Ready["returned"] = begun("Vehicle stop with two cameras")

	n := begun("Vehicle stop with an allegation to come")
	in("receive", "--incident", n, "--kind", "bwc", "--as", "evidence-7", w.Film)
	in("flag", "add", n+"-E1", "--ground", "evidentiary_value", "--as", "supervisor-1102")
	in("account", "open", "--incident", n, "agency", "--asked", "letter", "--as", "detective-2208")
	approve(record(n, "report", `{"narrative":"On arrival I saw a vehicle stop. I asked and nobody answered.","violation_alleged":"yes","anyone_injured":"no","viewed_footage":"no","witnesses_canvassed":"done","private_video_asked":"done"}`))
	w.Ready["detective"] = n

	n = begun("Staging with a film held elsewhere")
	in("receive", "--incident", n, "--kind", "bwc", "--held-elsewhere", "Video store:BWC-78-1001", "--recorded-from", time.Now().Add(-70*24*time.Hour).UTC().Format(time.RFC3339), "--as", "evidence-7")
	in("receive", "--incident", n, "--kind", "photo", "--as", "evidence-7", w.Photo)
	w.Ready["evidence"] = n

	long := time.Now().Add(-200 * 24 * time.Hour).UTC().Format(time.RFC3339)
	n = opened("--title", "A stop of long ago", "--trigger", "observed", "--event-number", "26-121-0007", "--known", long)
	in("receive", "--incident", n, "--kind", "bwc", "--recorded-from", long, "--as", "evidence-7", w.Film)
	w.Ready["hold"] = n
}

func (w *walkway) link(t *testing.T, dir, who, by string) {
	t.Helper()
	var said struct{ Setup string }
	if err := json.Unmarshal([]byte(must(t, "--dir", dir, "--json", "person", "link", who, "--as", by)), &said); err != nil {
		t.Fatal(err)
	}
	w.Links[who] = said.Setup
}

// serves runs the program itself at a record until the test ends: it stops when
// told, met no fault of its own, and left a record that is intact.
func serves(t *testing.T, dir string) (site string) {
	t.Helper()
	cmd := exec.Command("jurat", "--dir", dir, "--json", "serve", "--addr", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var complaint shared
	cmd.Stderr = &complaint
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			t.Errorf("serve: %v", err)
		}
		for line := range strings.Lines(complaint.String()) {
			if !strings.Contains(line, `"level":"INFO"`) {
				t.Errorf("the counter says: %s", line)
			}
		}
		if said := must(t, "--dir", dir, "fsck"); !strings.Contains(said, "intact") {
			t.Error(said)
		}
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	var said struct{ Site string }
	if err != nil || json.Unmarshal(line, &said) != nil || said.Site == "" {
		t.Fatalf("the counter did not open: %v %s %s", err, line, complaint.String())
	}
	return said.Site
}

// english are expressions for the texts of the English catalogue, and for the
// English labels of the order, that are no text of the Spanish ones. Where a
// text has gaps, the expression has them too.
func english(t *testing.T) (all []string) {
	t.Helper()
	gap := regexp.MustCompile(`\{\{[^}]*\}\}`)
	space := regexp.MustCompile(`\s+`)
	letters := regexp.MustCompile(`\pL`)
	ours := map[string]bool{}
	add := func(english string) {
		english = strings.TrimSpace(space.ReplaceAllString(english, " "))
		if ours[english] || len(letters.FindAllString(gap.ReplaceAllString(english, ""), -1)) < 3 {
			return
		}
		ours[english] = true
		parts := gap.Split(english, -1)
		for i, p := range parts {
			parts[i] = regexp.QuoteMeta(p)
		}
		all = append(all, strings.Join(parts, ".+"))
	}
	var texts []string
	words := func(lang string) (out []string) {
		var read map[string]map[string]string
		if _, err := toml.DecodeFile(filepath.Join("..", "..", "internal", "web", "language", lang+".toml"), &read); err != nil {
			t.Fatal(err)
		}
		for _, forms := range read {
			for _, text := range forms {
				out = append(out, text)
			}
		}
		return out
	}
	for _, text := range words("es") {
		ours[strings.TrimSpace(space.ReplaceAllString(text, " "))] = true
	}
	texts = append(texts, words("en")...)
	order, err := os.ReadFile(filepath.Join("..", "..", "orders", "chicago-eo-2026-01.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := yaml.Unmarshal(order, &tree); err != nil {
		t.Fatal(err)
	}
	var walk func(any)
	walk = func(at any) {
		switch at := at.(type) {
		case map[string]any:
			en, _ := at["en"].(string)
			if es, ok := at["es"].(string); ok && es != en {
				ours[strings.TrimSpace(es)] = true
				texts = append(texts, en)
			}
			for _, below := range at {
				walk(below)
			}
		case []any:
			for _, below := range at {
				walk(below)
			}
		}
	}
	walk(tree)
	for _, text := range texts {
		add(text)
	}
	if len(all) < 500 {
		t.Fatalf("only %d texts to look for", len(all))
	}
	return all
}
