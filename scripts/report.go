//go:build ignore

// Report runs "go test -json" in each module it is given and prints what a
// person wants to read: a line per package, the output of what failed, and
// every skip with its reason. It ends with one line of counts.
//
// With JURAT_REQUIRE=all a skipped test is a failure (a check that was not made
// is not a check that passed). Usage: report -modules .,testdata/x -- FLAGS PACKAGES
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// line is one line of go test -json.
type line struct {
	Action, Package, ImportPath, Test, Output string
	Elapsed                                   float64
}

type tally struct {
	passed, failed int
	skipped        []string
	unsound        map[string]bool     // packages in which a test failed
	output         map[string][]string // package and test, or import path of a build: what it printed
}

func main() {
	modules := flag.String("modules", ".", "folders of the modules to test, separated by commas; packages apply to the first, the others run ./...")
	stdin := flag.Bool("stdin", false, "read go test -json from standard input instead of running it")
	flag.Parse()
	os.Exit(run(strings.Split(*modules, ","), flag.Args(), *stdin, os.Getenv("JURAT_REQUIRE") == "all"))
}

func run(modules, args []string, stdin, require bool) int {
	t := tally{output: map[string][]string{}, unsound: map[string]bool{}}
	if stdin {
		t.read(os.Stdin)
	} else {
		for i, dir := range modules {
			if i > 0 {
				args = append(slices.DeleteFunc(slices.Clone(args), func(a string) bool { return !strings.HasPrefix(a, "-") }), "./...")
			}
			failed := t.failed
			if err := t.test(dir, args); err != nil && t.failed == failed {
				fmt.Printf("go test in %s: %v\n", dir, err)
				t.failed++
			}
		}
	}
	for _, s := range t.skipped {
		fmt.Println("SKIPPED", s)
	}
	if require && len(t.skipped) > 0 {
		fmt.Printf("JURAT_REQUIRE=all: %d skipped tests count as failed\n", len(t.skipped))
		t.failed += len(t.skipped)
		t.skipped = nil
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", t.passed, t.failed, len(t.skipped))
	if t.failed > 0 {
		return 1
	}
	return 0
}

func (t *tally) test(dir string, args []string) error {
	cmd := exec.Command("go", append([]string{"test", "-json"}, args...)...)
	cmd.Dir = dir
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	t.read(out)
	return cmd.Wait()
}

func (t *tally) read(r io.Reader) {
	in := bufio.NewReaderSize(r, 1<<20)
	for {
		b, err := in.ReadBytes('\n')
		var l line
		if len(b) > 0 && json.Unmarshal(b, &l) != nil {
			os.Stdout.Write(b)
		} else if len(b) > 0 {
			t.take(l)
		}
		if err != nil {
			return
		}
	}
}

func (t *tally) take(l line) {
	name := strings.TrimSpace(l.Package + " " + l.Test)
	switch l.Action {
	case "output":
		t.output[name] = append(t.output[name], l.Output)
	case "build-output":
		fmt.Print(l.Output)
	case "pass", "fail", "skip":
		switch {
		case l.Test != "" && l.Action == "pass":
			t.passed++
		case l.Test != "" && l.Action == "skip":
			t.skipped = append(t.skipped, name+": "+reason(t.output[name]))
		case l.Test != "": // fail
			t.failed++
			t.unsound[l.Package] = true
			fmt.Printf("FAIL %s\n%s", name, strings.Join(t.output[name], ""))
		case l.Action == "skip":
			fmt.Printf("--   %s has no tests\n", l.Package)
		case l.Action == "pass":
			fmt.Printf("ok   %s %.1fs\n", l.Package, l.Elapsed)
		case t.unsound[l.Package]:
			fmt.Printf("FAIL %s %.1fs\n", l.Package, l.Elapsed)
		default: // A package may fail outside its tests: a build, a panic, a time-out.
			t.failed++
			fmt.Printf("FAIL %s %.1fs\n%s", l.Package, l.Elapsed, strings.Join(t.output[name], ""))
		}
		delete(t.output, name)
	}
}

// reason is what the test said before it skipped.
func reason(output []string) string {
	var said []string
	for _, o := range output {
		o = strings.TrimSpace(o)
		if o != "" && !strings.HasPrefix(o, "===") && !strings.HasPrefix(o, "---") {
			said = append(said, o)
		}
	}
	if len(said) == 0 {
		return "no reason given"
	}
	return strings.Join(said, " ")
}
