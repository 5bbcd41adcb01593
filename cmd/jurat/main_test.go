package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"jurat/cmd/jurat/demo/media"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"jurat": main}) }

// The scripts run the real program. Besides testscript's own commands they
// have:
//
//	exits N cmd args…       run, and expect exit status N
//	keys key…               each line of standard output is a JSON object with exactly these keys, in this order
//	take NAME path          set an environment variable from the last line of standard output, by a path such as exhibits.0.exhibit
//	lines N                 standard output has N lines
//	flip FILE OFFSET        invert a bit of a file; a negative offset counts from its end
//	cut FILE SIZE           cut a file short
//	tree NAME DIR           remember every file of a folder and its bytes …
//	untouched NAME DIR      … and expect them unchanged
//	houses                  copy two new records, city and county, their people's keys and trust files to here
//	tour                    copy what jurat demo leaves to tour/
//	films                   copy the demonstration's films, pictures and sound to films/
func TestScripts(t *testing.T) {
	houses, tour := filepath.Join(t.TempDir(), "houses"), filepath.Join(t.TempDir(), "tour")
	makeHouses(t, houses)
	must(t, "demo", "--dir", tour)
	order, err := filepath.Abs("../../orders/chicago-eo-2026-01.yaml")
	if err != nil {
		t.Fatal(err)
	}
	copied := func(from, to string) func(*testscript.TestScript, bool, []string) {
		return func(ts *testscript.TestScript, _ bool, _ []string) {
			ts.Check(os.CopyFS(ts.MkAbs(to), os.DirFS(from)))
		}
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata", RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("ORDER", order)
			e.Setenv("ORDERS", filepath.Dir(order))
			e.Setenv("TZ", "UTC")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "keys": keysOf, "take": take, "lines": lines, "flip": flip, "cut": cut, "tree": tree, "untouched": untouched,
			"houses": copied(houses, "."), "tour": copied(tour, "tour"),
			"films": func(ts *testscript.TestScript, _ bool, _ []string) {
				ts.Check(os.CopyFS(ts.MkAbs("films"), demomedia.Files))
			},
		},
	})
}

// must runs the program in this process and expects it to succeed.
func must(t testing.TB, args ...string) string {
	t.Helper()
	status, out, complaint := try(t, args...)
	if status != 0 {
		t.Fatalf("jurat %s: exit %d: %s", strings.Join(args, " "), status, complaint)
	}
	return out
}

// try runs the program in this process.
func try(t testing.TB, args ...string) (status int, out, complaint string) {
	t.Helper()
	var o, e bytes.Buffer
	status = run(context.WithoutCancel(t.Context()), surroundings{
		stdout: &o, stderr: &e, stdin: strings.NewReader(""), getenv: func(string) string { return "" }, now: time.Now, args: args,
	})
	return status, o.String(), e.String()
}

// makeHouses makes a city's record and a county's with people, keys, pinned
// trust and an order in force.
func makeHouses(t testing.TB, dir string) {
	t.Helper()
	city, county, people := filepath.Join(dir, "city"), filepath.Join(dir, "county"), filepath.Join(dir, "people")
	if err := os.MkdirAll(people, 0o700); err != nil {
		t.Fatal(err)
	}
	must(t, "init", city, "--name", "City police")
	must(t, "init", county, "--name", "County prosecutor", "--office", "prosecutor")
	for house, name := range map[string]string{city: "city.json", county: "county.json"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(must(t, "--dir", house, "office", "export")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	in := func(house string, args ...string) { must(t, append([]string{"--dir", house}, args...)...) }
	in(city, "office", "add", "County prosecutor")
	in(city, "office", "trust", filepath.Join(dir, "county.json"))
	in(city, "office", "add", "Mayor's office", "--id", "mayors-office", "--function", "political")
	in(county, "office", "add", "City police", "--function", "police")
	in(county, "office", "trust", filepath.Join(dir, "city.json"))
	in(city, "order", "adopt", "../../orders/chicago-eo-2026-01.yaml")
	for _, p := range []struct {
		house, id, role, office string
		key, sworn              bool
	}{
		{city, "officer-4471", "officer", "", true, true},
		{city, "officer-4472", "officer", "", true, true},
		{city, "supervisor-1102", "supervisor", "", true, true},
		{city, "supervisor-1103", "supervisor", "", true, true},
		{city, "detective-2208", "detective", "", true, true},
		{city, "evidence-7", "evidence", "", false, false},
		{city, "counsel-3", "counsel", "", true, false},
		{city, "records-3", "records", "", true, false},
		{city, "auditor-1", "auditor", "", false, false},
		{city, "aide-1", "political", "mayors-office", true, false},
		{city, "administrator-1", "administrator", "", false, false},
		{county, "prosecutor-12", "prosecutor", "", true, false},
		{county, "administrator-1", "administrator", "", false, false},
	} {
		args := []string{"person", "add", p.id, "--role", p.role}
		if p.office != "" {
			args = append(args, "--office", p.office)
		}
		if p.sworn {
			args = append(args, "--sworn")
		}
		if in(p.house, args...); p.key {
			in(p.house, "person", "key", p.id, "--out", filepath.Join(people, p.id+".key"))
		}
	}
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits N cmd args…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

func stdoutLines(ts *testscript.TestScript) []string {
	text := strings.TrimSuffix(ts.ReadFile("stdout"), "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

func lines(ts *testscript.TestScript, _ bool, args []string) {
	if got := strconv.Itoa(len(stdoutLines(ts))); got != args[0] {
		ts.Fatalf("%s lines, want %s", got, args[0])
	}
}

func keysOf(ts *testscript.TestScript, _ bool, want []string) {
	all := stdoutLines(ts)
	if len(all) == 0 {
		ts.Fatalf("standard output is empty")
	}
	for _, line := range all {
		got, err := objectKeys(line)
		ts.Check(err)
		if !slices.Equal(got, want) {
			ts.Fatalf("keys %q, want %q", got, want)
		}
	}
}

// objectKeys gives the keys of one JSON object in their order.
func objectKeys(line string) (keys []string, err error) {
	d := json.NewDecoder(strings.NewReader(line))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, fmt.Errorf("%q is not a JSON object", line)
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		keys = append(keys, key.(string))
		var skipped json.RawMessage
		if err := d.Decode(&skipped); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

func take(ts *testscript.TestScript, _ bool, args []string) {
	all := stdoutLines(ts)
	if len(all) == 0 {
		ts.Fatalf("standard output is empty")
	}
	var v any
	ts.Check(json.Unmarshal([]byte(all[len(all)-1]), &v))
	for step := range strings.SplitSeq(args[1], ".") {
		switch here := v.(type) {
		case map[string]any:
			v = here[step]
		case []any:
			i, err := strconv.Atoi(step)
			ts.Check(err)
			if i >= len(here) {
				ts.Fatalf("%s: only %d elements", args[1], len(here))
			}
			v = here[i]
		default:
			v = nil
		}
	}
	if v == nil {
		ts.Fatalf("nothing at %s", args[1])
	}
	ts.Setenv(args[0], fmt.Sprint(v))
}

func flip(ts *testscript.TestScript, _ bool, args []string) {
	name := ts.MkAbs(args[0])
	b, err := os.ReadFile(name)
	ts.Check(err)
	at, err := strconv.Atoi(args[1])
	ts.Check(err)
	if at < 0 {
		at += len(b)
	}
	b[at] ^= 1
	ts.Check(os.WriteFile(name, b, 0o644))
}

func cut(ts *testscript.TestScript, _ bool, args []string) {
	size, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), size))
}

// snapshot is every file of a folder with its bytes.
func snapshot(dir string) (string, error) {
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		fmt.Fprintf(&b, "%s %x\n", path, text)
		return err
	})
	return b.String(), err
}

func tree(ts *testscript.TestScript, _ bool, args []string) {
	s, err := snapshot(ts.MkAbs(args[1]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(".tree-"+args[0]), []byte(s), 0o600))
}

func untouched(ts *testscript.TestScript, _ bool, args []string) {
	s, err := snapshot(ts.MkAbs(args[1]))
	ts.Check(err)
	if s != ts.ReadFile(".tree-"+args[0]) {
		ts.Fatalf("%s is not as it was", args[1])
	}
}
