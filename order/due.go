package order

import (
	"cmp"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"jurat"
)

// A Line is one open duty of a list across incidents.
type Line struct {
	Incident   jurat.IncidentNumber `json:"incident,omitempty"` // empty: of the house
	Order      string               `json:"order"`
	ID         string               `json:"id"`
	Item       string               `json:"item,omitempty"`
	Title      Label                `json:"title"`
	Say        Label                `json:"say"`
	Owner      string               `json:"owner"`
	State      State                `json:"state"`
	Due        time.Time            `json:"due,omitzero"`
	Age        time.Duration        `json:"age,omitempty"`     // since its clock began; 0: not known
	Overdue    time.Duration        `json:"overdue,omitempty"` // since it was due
	Unassigned time.Time            `json:"unassigned_since,omitzero"`
	Warned     int                  `json:"warned,omitempty"`
	Urgent     bool                 `json:"urgent,omitempty"`
	Local      bool                 `json:"local,omitempty"` // the target is the city's own
	Basis      Basis                `json:"basis"`
}

// Due lists every open duty of some evaluations that want takes (nil: all of
// them), those for which a reason is stated left out: the overdue first, the
// longest overdue of them first; then those with a time, the nearest first; then
// urgent ones and the oldest. The order of the evaluations changes nothing.
//
// It keeps no evaluation, so that a hundred thousand may pass through.
func Due(es iter.Seq[Evaluation], at time.Time, want func(Line) bool) []Line {
	at = at.UTC()
	var chunks [][]gathered // grown without copying: the list of a large city is long
	shared := map[sameDuty]*Line{}
	for e := range es {
		for l, since := range e.open() {
			if want != nil && !want(l) {
				continue
			}
			if n := len(chunks); n == 0 || len(chunks[n-1]) == cap(chunks[n-1]) {
				chunks = append(chunks, make([]gathered, 0, 4096))
			}
			n := len(chunks) - 1
			chunks[n] = append(chunks[n], gather(shared, l, since))
		}
	}
	size := 0
	for _, c := range chunks {
		size += len(c)
	}
	out := make([]Line, 0, size)
	for i, c := range chunks {
		for k := range c {
			out = append(out, c[k].line(at))
		}
		chunks[i] = nil
	}
	slices.SortFunc(out, func(a, b Line) int { return before(a.place(at), b.place(at)) })
	return out
}

// place is a line as far as its place in a list goes.
func (l *Line) place(at time.Time) gathered {
	k := gathered{duty: l, incident: l.Incident, item: l.Item, state: l.State, due: l.Due}
	if l.Age > 0 {
		k.since = at.Add(-l.Age)
	}
	return k
}

// open are the lines of an evaluation: the open duties, those for which a reason
// is stated left out; and since when each is owed, zero where it is not known, or
// not owed yet.
func (e Evaluation) open() iter.Seq2[Line, time.Time] {
	return func(yield func(Line, time.Time) bool) {
		for i := range e.Duties {
			d := &e.Duties[i]
			if !d.Open() || d.Excuse != "" {
				continue
			}
			l := Line{
				Incident: e.Incident, Order: d.Order, ID: d.ID, Item: d.Item, Title: d.Title, Say: d.Say, Owner: d.Owner, State: d.State,
				Due: d.Due, Unassigned: d.Unassigned, Warned: d.Warned, Urgent: d.Urgent, Local: d.Local, Basis: d.Basis,
			}
			var since time.Time
			if d.Since.Before(e.At) {
				since = d.Since
			}
			if !since.IsZero() {
				l.Age = e.At.Sub(since)
			}
			if d.State == Late {
				l.Overdue = e.At.Sub(d.Due)
			}
			if !yield(l, since) {
				return
			}
		}
	}
}

// A gathered is a line while others are gathered: what all lines of a duty have in
// common is held once, for a list has hundreds of thousands of them; and since when
// something is owed, in place of how long.
type gathered struct {
	duty       *Line // with nothing of an incident's own
	incident   jurat.IncidentNumber
	item       string
	state      State
	due, since time.Time // since: zero where it is not known, or not owed yet
	unassigned *time.Time
	warned     int
}

// A sameDuty names what lines have in common; who owes a duty may be for each
// record to say.
type sameDuty struct{ order, id, owner string }

func gather(shared map[sameDuty]*Line, l Line, since time.Time) gathered {
	k := gathered{incident: l.Incident, item: l.Item, state: l.State, due: l.Due, since: since, warned: l.Warned}
	if !l.Unassigned.IsZero() {
		since := l.Unassigned
		k.unassigned = &since
	}
	key := sameDuty{l.Order, l.ID, l.Owner}
	if k.duty = shared[key]; k.duty == nil {
		k.duty = &Line{Order: l.Order, ID: l.ID, Title: l.Title, Say: l.Say, Owner: l.Owner, Urgent: l.Urgent, Local: l.Local, Basis: l.Basis}
		shared[key] = k.duty
	}
	return k
}

// line is the line of a duty as it stands at a moment, which is not after anything
// of it turned out otherwise.
func (k *gathered) line(at time.Time) Line {
	l := *k.duty
	l.Incident, l.Item, l.State, l.Due, l.Warned = k.incident, k.item, k.state, k.due, k.warned
	if !k.since.IsZero() {
		l.Age = at.Sub(k.since)
	}
	if k.state == Late {
		l.Overdue = at.Sub(k.due)
	}
	if k.unassigned != nil {
		l.Unassigned = *k.unassigned
	}
	return l
}

// before is the order of a list of duties. Whichever was due first is overdue
// longest, and whichever is owed since earlier is older, so that no moment is
// asked about.
func before(a, b gathered) int {
	return cmp.Or(
		cmp.Compare(boolRank(a.state != Late), boolRank(b.state != Late)),
		cmp.Compare(boolRank(a.due.IsZero()), boolRank(b.due.IsZero())),
		a.due.Compare(b.due),
		cmp.Compare(boolRank(!a.duty.Urgent), boolRank(!b.duty.Urgent)),
		cmp.Compare(boolRank(a.since.IsZero()), boolRank(b.since.IsZero())), a.since.Compare(b.since),
		strings.Compare(string(a.incident), string(b.incident)), strings.Compare(a.duty.Order, b.duty.Order), strings.Compare(a.duty.ID, b.duty.ID), strings.Compare(a.item, b.item),
	)
}

func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}

// EvaluateAll evaluates one incident after another, on as many processors as
// there are, and gives the evaluations in no particular order. Only a few are
// held at a time; the facts are read one after another. To stop early, stop
// ranging.
func EvaluateAll(orders []*Order, facts iter.Seq[Facts], at time.Time) iter.Seq[Evaluation] {
	return func(yield func(Evaluation) bool) {
		in, out, stop := make(chan Facts), make(chan Evaluation), make(chan struct{})
		var workers sync.WaitGroup
		for range runtime.GOMAXPROCS(0) {
			workers.Go(func() {
				for f := range in {
					select {
					case out <- Evaluate(orders, f, at):
					case <-stop:
						return
					}
				}
			})
		}
		go func() {
			defer func() {
				close(in)
				workers.Wait()
				close(out)
			}()
			for f := range facts {
				select {
				case in <- f:
				case <-stop:
					return
				}
			}
		}()
		defer func() {
			close(stop)
			for range out { // until everybody has left
			}
		}()
		for e := range out {
			if !yield(e) {
				return
			}
		}
	}
}
