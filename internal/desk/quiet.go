package desk

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"

	"jurat"
	"jurat/internal/register"
)

// The kinds of entries in the security journal.
const (
	kindRefused = "refused"
	kindList    = "list"
	kindSearch  = "search"
)

// An entry is something to be journalled. It names acts and policies, never
// what anything says. Entries that are equal but for why are the same attempt.
type entry struct {
	attempt
	why []string
}

type attempt struct {
	kind     string
	person   jurat.PersonID
	office   jurat.OfficeID
	incident jurat.IncidentNumber
	act      jurat.Act
}

// entry is what the journal keeps of a question. What was asked for and is no
// incident's number is left out: it could say anything.
func (q question) entry(kind string, why ...string) entry {
	in, err := jurat.ParseIncidentNumber(string(q.incident))
	if err != nil {
		in = ""
	}
	return entry{attempt{kind, q.who.Person, q.who.Office, in, q.action}, why}
}

// quietMinute is how long a line of the journal covers the same attempt.
const quietMinute = time.Minute

// mostLines is how many different lines somebody gets in one minute.
const mostLines = 60

// quiet keeps the journal readable under repetition (§6): in a minute the first
// of several equal attempts gets a line, and so do the first sixty different
// ones of a person. The rest are counted, and the count is a line of its own
// when the minute is over.
type quiet struct {
	mu    sync.Mutex
	began time.Time
	held  map[attempt]*held
	lines map[jurat.PersonID]int
}

// held is an attempt that has its line, and how often it was repeated since.
type held struct {
	why      []string
	repeated int
}

// admit gives the lines to write for e: none when e only repeats.
func (q *quiet) admit(at time.Time, e entry) []register.JournalRow {
	q.mu.Lock()
	defer q.mu.Unlock()
	out := q.close(at)
	if q.held == nil {
		q.began, q.held, q.lines = at, map[attempt]*held{}, map[jurat.PersonID]int{}
	}
	if h, ok := q.held[e.attempt]; ok {
		h.repeated++
		return out
	}
	if q.lines[e.person]++; q.lines[e.person] > mostLines {
		rest := attempt{kind: e.kind, person: e.person, office: e.office} // of any act, anywhere
		if h, ok := q.held[rest]; ok {
			h.repeated++
			return out
		}
		e = entry{rest, []string{"too-many"}}
	}
	q.held[e.attempt] = &held{why: e.why}
	return append(out, e.line(at, 0))
}

// untold is how many attempts of an office behind a wall this minute holds back.
func (q *quiet) untold(office jurat.OfficeID) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := 0
	for a, h := range q.held {
		if a.office == office && wallOf(h.why) != "" {
			n += h.repeated
		}
	}
	return n
}

// over gives the lines a minute held back, once it is over.
func (q *quiet) over(at time.Time) []register.JournalRow {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.close(at)
}

func (q *quiet) close(at time.Time) []register.JournalRow {
	if q.held == nil || at.Sub(q.began).Abs() < quietMinute {
		return nil
	}
	var out []register.JournalRow
	for _, a := range slices.SortedFunc(maps.Keys(q.held), attempt.compare) {
		if h := q.held[a]; h.repeated > 0 {
			out = append(out, entry{a, h.why}.line(q.began, h.repeated))
		}
	}
	q.held = nil
	return out
}

func (a attempt) compare(b attempt) int {
	return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.person, b.person), cmp.Compare(a.office, b.office), cmp.Compare(a.incident, b.incident), cmp.Compare(a.act, b.act))
}

// alerts are the reasons that somebody should look at a line soon: who has no
// business here at all, or somebody else's key.
var alerts = []string{"wall-political", "wall-screened-counsel", "wall-retired", "signature", "unknown-person", "policy-error", "too-many", "copied"}

// line is an entry as the journal keeps it.
func (e entry) line(at time.Time, repeated int) register.JournalRow {
	detail, err := json.Marshal(struct {
		Act      jurat.Act `json:"act,omitempty"`
		Policies []string  `json:"policies,omitempty"` // and other reasons
		Alert    bool      `json:"alert,omitempty"`
		Repeated int       `json:"repeated,omitempty"` // after the line of the first, within the minute
	}{e.act, e.why, slices.ContainsFunc(e.why, func(w string) bool { return slices.Contains(alerts, w) }), repeated})
	if err != nil {
		panic(err) // texts and numbers always marshal
	}
	return register.JournalRow{At: at, Kind: e.kind, Person: e.person, Office: e.office, Incident: e.incident, Detail: string(detail)}
}
