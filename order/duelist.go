package order

import (
	"iter"
	"slices"
	"strings"
	"time"

	"jurat"
)

// A DueList is what [Due] gives, kept: what some incidents owe is put in the place
// of what they owed before, and the list is read a page at a time. The zero
// DueList is empty. It is for one goroutine.
type DueList struct {
	shared map[sameDuty]*Line
	all    []gathered // in the order of [Due]
}

// Len is how many duties the list has.
func (l *DueList) Len() int { return len(l.all) }

// Replace takes the duties of some evaluations in the place of all that the list
// has of their incidents.
func (l *DueList) Replace(es iter.Seq[Evaluation]) {
	if l.shared == nil {
		l.shared = map[sameDuty]*Line{}
	}
	anew := map[jurat.IncidentNumber]bool{}
	var fresh []gathered
	for e := range es {
		anew[e.Incident] = true
		for line, since := range e.open() {
			fresh = append(fresh, gather(l.shared, line, since))
		}
	}
	l.all = slices.DeleteFunc(l.all, func(k gathered) bool { return anew[k.incident] })
	slices.SortFunc(fresh, before)
	merged := make([]gathered, 0, len(l.all)+len(fresh))
	for _, k := range l.all {
		n := 0
		for n < len(fresh) && before(fresh[n], k) < 0 {
			n++
		}
		merged = append(append(merged, fresh[:n]...), k)
		fresh = fresh[n:]
	}
	l.all = append(merged, fresh...)
}

// A DuePage is a part of a list of duties.
type DuePage struct {
	Lines []Line
	Total int    // of the whole list, as far as it was wanted
	Next  string // the key of the last line where others come after it; else empty
}

// Page gives at most most of the duties that want takes (nil: all), of those that come after
// a key: "" begins at the first. A key keeps its place in the list when the duty
// it is of is met. Invalid: it is no key.
func (l *DueList) Page(at time.Time, after string, most int, want func(in jurat.IncidentNumber, owner string) bool) (DuePage, error) {
	var last gathered
	if after != "" {
		var err error
		if last, err = placeOf(after); err != nil {
			return DuePage{}, err
		}
	}
	p := DuePage{Lines: []Line{}}
	for i := range l.all {
		k := &l.all[i]
		if want != nil && !want(k.incident, k.duty.Owner) {
			continue
		}
		p.Total++
		switch {
		case after != "" && before(*k, last) <= 0:
		case len(p.Lines) < most:
			p.Lines = append(p.Lines, k.line(at))
			last = *k
			after = ""
		case p.Next == "":
			p.Next = last.key()
		}
	}
	return p, nil
}

// key is where a duty stands in the list, so that another reading of it can go on
// from there.
func (k *gathered) key() string {
	moment := func(t time.Time) string {
		if t.IsZero() {
			return none
		}
		return t.Format(time.RFC3339Nano)
	}
	state, urgent := "due", "common"
	if k.state == Late {
		state = "late"
	}
	if k.duty.Urgent {
		urgent = "urgent"
	}
	incident := string(k.incident)
	if incident == "" {
		incident = none
	}
	return strings.Join([]string{state, moment(k.due), urgent, moment(k.since), incident, k.duty.Order, k.duty.ID, k.item}, " ")
}

// none stands in a key for what is not there.
const none = "-"

// placeOf reads a key.
func placeOf(key string) (gathered, error) {
	parts := strings.SplitN(key, " ", 8)
	if len(parts) != 8 {
		return gathered{}, badKey()
	}
	var moments [2]time.Time
	for i, text := range []string{parts[1], parts[3]} {
		if text == none {
			continue
		}
		t, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return gathered{}, badKey()
		}
		moments[i] = t
	}
	k := gathered{
		duty: &Line{Order: parts[5], ID: parts[6], Urgent: parts[2] == "urgent"}, item: parts[7],
		due: moments[0], since: moments[1], incident: jurat.IncidentNumber(parts[4]),
	}
	if parts[0] == "late" {
		k.state = Late
	}
	if k.incident == none {
		k.incident = ""
	}
	return k, nil
}

func badKey() error {
	return jurat.Errorf(jurat.Invalid, "after names nothing in this list; begin again without it")
}
