package dossier

import (
	"errors"
	"fmt"

	"jurat"
)

// findings gathers what a check says. Every clause of the check goes on after a
// finding, so that a reader learns all of them at once.
type findings struct {
	list       []Finding
	notChecked []string
	notes      []string
}

func (f *findings) altered(where, format string, args ...any) {
	f.list = append(f.list, Finding{Altered, fmt.Sprintf(format, args...), where})
}

func (f *findings) unsure(where, format string, args ...any) {
	f.list = append(f.list, Finding{Unsure, fmt.Sprintf(format, args...), where})
}

// because files err by its kind: Altered is altered, anything else could not
// tell.
func (f *findings) because(where string, err error) {
	answer := Unsure
	if e, ok := errors.AsType[*jurat.Error](err); ok && e.Kind == jurat.Altered {
		answer = Altered
	}
	f.list = append(f.list, Finding{answer, err.Error(), where})
}

func (f *findings) skip(format string, args ...any) {
	f.notChecked = append(f.notChecked, fmt.Sprintf(format, args...))
}

func (f *findings) note(format string, args ...any) {
	f.notes = append(f.notes, fmt.Sprintf(format, args...))
}

// answer is altered before could not tell before intact (D50).
func (f *findings) answer() string {
	answer := Intact
	for _, one := range f.list {
		switch {
		case one.Answer == Altered:
			return Altered
		case one.Answer == Unsure:
			answer = Unsure
		}
	}
	return answer
}
