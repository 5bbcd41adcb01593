// Command bench prints what Jurat does beside what its rivals do, in one run:
// the rows of the table "what good looks like".
//
// Holds: a folder it was given, emptied again after each row; the record of many
// incidents, which takes minutes to make, stays until the last.
// Promises: rivals and Jurat take turns; every number is measured in this run;
// the median of the rounds is printed with its least and greatest, and what
// could not be measured says why.
// May open: every room, and programs that are rivals.
// Never: is part of the product; prints a number it did not measure.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"time"
)

// A setup is what every row works with.
type setup struct {
	jurat  string // the binary
	dir    string
	rounds int
	gib    float64 // the size of the large file
	photos int
	rate   string // Tessera's rate program; empty: not built

	incidents int   // of the record of many incidents
	mib       int64 // the size of the file that is uploaded, MiB
	searched  int   // incidents in the larger of the records that are searched
}

func main() {
	var s setup
	flag.StringVar(&s.jurat, "jurat", "", "the jurat binary")
	flag.StringVar(&s.dir, "dir", "", "a folder on the disk to be measured")
	flag.IntVar(&s.rounds, "rounds", 5, "how often each thing is measured")
	flag.Float64Var(&s.gib, "gib", 4, "the size of the large file, GiB")
	flag.IntVar(&s.photos, "photos", 10_000, "how many photos")
	flag.StringVar(&s.rate, "rate", "", "Tessera's rate program")
	flag.IntVar(&s.incidents, "incidents", 100_000, "how many incidents are open")
	flag.Int64Var(&s.mib, "mib", 512, "the size of the file that is uploaded, MiB")
	flag.IntVar(&s.searched, "searched", 1_000_000, "how many incidents are searched")
	flag.Parse()
	if dir, what, ok := measureArgs(); ok {
		if err := measuring(context.Background(), dir, what); err != nil {
			fmt.Fprintf(os.Stderr, "bench: %v\n", err)
			os.Exit(1)
		}
		return
	}
	if s.jurat == "" || s.dir == "" {
		flag.Usage()
		os.Exit(2)
	}
	rows := []row{{"1", largeFile}, {"2", photos}, {"3", acts}, {"4", verify}, {"5", searching}, {"6", pages}, {"7", quickReport}, {"8", duties}, {"9", oneIncident}, {"10", publication}, {"serve", uploads}}
	want := rows
	if flag.NArg() > 0 {
		want = nil
		for _, a := range flag.Args() {
			i := slices.IndexFunc(rows, func(r row) bool { return r.name == a })
			if i < 0 {
				fmt.Fprintf(os.Stderr, "bench: there is no row %q\n", a)
				os.Exit(2)
			}
			want = append(want, rows[i])
		}
	}
	defer s.leave()
	for _, r := range want {
		if err := r.measure(context.Background(), s); err != nil {
			fmt.Fprintf(os.Stderr, "bench: row %s: %v\n", r.name, err)
			s.leave()
			os.Exit(1)
		}
	}
}

// A row is one of the table.
type row struct {
	name    string
	measure func(context.Context, setup) error
}

// leave removes what served several rows or rounds.
func (s setup) leave() {
	for _, dir := range []string{s.manyDir(), s.searchDir(10_000), s.searchDir(s.searched)} {
		if err := os.RemoveAll(dir); err != nil {
			fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		}
	}
}

// A series is what one thing took, round by round.
type series []float64

func (s series) median() float64 {
	sorted := slices.Sorted(slices.Values(s))
	if len(sorted) == 0 {
		return 0
	}
	return sorted[len(sorted)/2]
}

func (s series) String() string {
	if len(s) == 0 {
		return "not measured"
	}
	return fmt.Sprintf("%.2f s (%.2f-%.2f)", s.median(), slices.Min(s), slices.Max(s))
}

// ratios divides two series round by round.
func ratios(a, b series) series {
	out := make(series, min(len(a), len(b)))
	for i := range out {
		out[i] = a[i] / b[i]
	}
	return out
}

func head(row, what string) { fmt.Printf("\nrow %s: %s\n", row, what) }

func line(what, format string, args ...any) {
	fmt.Printf("  %-58s %s\n", what, fmt.Sprintf(format, args...))
}

// against prints a ratio beside its target.
func against(what string, r series, target string) {
	line(what, "%.2f (%.2f-%.2f), target %s", r.median(), slices.Min(r), slices.Max(r), target)
}

// timed is how long fn took, in seconds.
func timed(fn func() error) (float64, error) {
	began := time.Now()
	err := fn()
	return time.Since(began).Seconds(), err
}
