package order

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"jurat"
)

// A Problem is one thing wrong, or doubtful, at one place of an order file.
type Problem struct {
	File     string `json:"file"`
	Line     int    `json:"line"`   // from 1
	Column   int    `json:"column"` // from 1, in characters
	What     string `json:"what"`
	Expected string `json:"expected,omitempty"`
	Hint     string `json:"hint,omitempty"`
	Warning  bool   `json:"warning,omitempty"` // shown; the file is still accepted
}

// String is the problem as a compiler would print it: file:line:column: and a
// sentence.
func (p Problem) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d: ", p.File, p.Line, p.Column)
	if p.Warning {
		b.WriteString("warning: ")
	}
	b.WriteString(p.What)
	if p.Expected != "" {
		b.WriteString("; expected " + p.Expected)
	}
	if p.Hint != "" {
		b.WriteString(" (" + p.Hint + ")")
	}
	return b.String()
}

// Problems are all the problems of a file, in the order of the file.
type Problems []Problem

// Refused gives the problems for which the file is refused, without warnings.
func (ps Problems) Refused() Problems {
	return slices.DeleteFunc(slices.Clone(ps), func(p Problem) bool { return p.Warning })
}

// Warnings gives the problems for which the file is not refused.
func (ps Problems) Warnings() Problems {
	return slices.DeleteFunc(slices.Clone(ps), func(p Problem) bool { return !p.Warning })
}

// Err is nil when the file is accepted, and otherwise an error of kind Invalid
// that lists every problem for which it is refused, one a line.
func (ps Problems) Err() error {
	bad := ps.Refused()
	if len(bad) == 0 {
		return nil
	}
	return jurat.Errorf(jurat.Invalid, "%s", bad)
}

func (ps Problems) String() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), strings.Compare(a.What, b.What))
	})
	return slices.Compact(ps)
}

// nearest gives the hint for a misspelt word: the closest of the accepted
// words, or nothing when none is close.
func nearest(word string, accepted []string) string {
	best, distance := "", len(word)/2+1
	for _, a := range accepted {
		if d := editDistance(strings.ToLower(word), strings.ToLower(a), distance); d < distance {
			best, distance = a, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", best)
}

// editDistance counts insertions, deletions, replacements and swaps of
// neighbours between two short words. Above limit it may stop counting.
func editDistance(a, b string, limit int) int {
	if len(a) > 64 || len(b) > 64 || len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	var before []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next := make([]int, len(b)+1)
		next[0] = i
		for j := 1; j <= len(b); j++ {
			same := 1
			if a[i-1] == b[j-1] {
				same = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+same)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}
