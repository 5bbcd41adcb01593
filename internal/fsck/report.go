package fsck

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"jurat"
)

// The three answers (design §8).
const (
	Intact  = "intact"
	Altered = "altered"
	Unsure  = "could not tell"
)

// A Report is the answer, and everything it rests on. Its lists are never nil.
type Report struct {
	Answer     string    `json:"answer"`
	Findings   []Finding `json:"findings"`
	NotChecked []string  `json:"not_checked"`
	Notes      []string  `json:"notes"` // what is as it may be: what waits, what was disposed of, litter
}

// A Finding is one thing that is not as it should be.
type Finding struct {
	Answer string `json:"answer"` // altered or could not tell
	What   string `json:"what"`
	Where  string `json:"where"` // a file of the record, an event, an item
}

// Unreadable is the report on a record that could not be opened at all.
func Unreadable(where string, err error) Report {
	f := &findings{}
	f.because(where, err)
	return f.report()
}

// findings gathers what a check says. Every check goes on after a finding, so
// that a reader learns all of them at once.
type findings struct {
	list       []Finding
	notChecked []string
	notes      []string
	doubts     []Finding // altered, unless the keys at hand are another record's
}

func (f *findings) altered(where, format string, args ...any) {
	f.list = append(f.list, Finding{Altered, fmt.Sprintf(format, args...), where})
}

func (f *findings) unsure(where, format string, args ...any) {
	f.list = append(f.list, Finding{Unsure, fmt.Sprintf(format, args...), where})
}

// doubt is altered when the key folder is found to be this record's, and else
// could not tell.
func (f *findings) doubt(where, format string, args ...any) {
	f.doubts = append(f.doubts, Finding{Unsure, fmt.Sprintf(format, args...), where})
}

// because files err by its kind: Altered is altered, anything else could not
// tell.
func (f *findings) because(where string, err error) {
	f.list = append(f.list, Finding{answerTo(err), err.Error(), where})
}

func answerTo(err error) string {
	if e, ok := errors.AsType[*jurat.Error](err); ok && e.Kind == jurat.Altered {
		return Altered
	}
	return Unsure
}

// skip says, once, what was not checked.
func (f *findings) skip(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(f.notChecked, text) {
		f.notChecked = append(f.notChecked, text)
	}
}

func (f *findings) note(format string, args ...any) {
	f.notes = append(f.notes, fmt.Sprintf(format, args...))
}

// sorted runs a check that looks at things in no order, and sorts what it says.
func (f *findings) sorted(check func()) {
	list, notes := len(f.list), len(f.notes)
	check()
	slices.SortFunc(f.list[list:], func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.Where, b.Where), strings.Compare(a.What, b.What))
	})
	slices.Sort(f.notes[notes:])
}

// add takes over what another check found.
func (f *findings) add(more *findings) {
	f.list = append(f.list, more.list...)
	f.notes = append(f.notes, more.notes...)
	f.doubts = append(f.doubts, more.doubts...)
	for _, s := range more.notChecked {
		f.skip("%s", s)
	}
}

// report gives the answer: altered before could not tell before intact.
func (f *findings) report() Report {
	r := Report{Answer: Intact, Findings: []Finding{}, NotChecked: []string{}, Notes: []string{}}
	r.Findings = append(r.Findings, f.list...)
	r.NotChecked = append(r.NotChecked, f.notChecked...)
	r.Notes = append(r.Notes, f.notes...)
	for _, one := range f.list {
		switch {
		case one.Answer == Altered:
			r.Answer = Altered
		case r.Answer == Intact:
			r.Answer = Unsure
		}
	}
	return r
}

func count(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if noun == "leaf" {
		return fmt.Sprintf("%d leaves", n)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
