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
		for i := range e.Duties {
			d := &e.Duties[i]
			if !d.Open() || d.Excuse != "" {
				continue
			}
			l := Line{
				Incident: e.Incident, Order: d.Order, ID: d.ID, Item: d.Item, Title: d.Title, Say: d.Say, Owner: d.Owner, State: d.State,
				Due: d.Due, Unassigned: d.Unassigned, Warned: d.Warned, Urgent: d.Urgent, Local: d.Local, Basis: d.Basis,
			}
			if !d.Since.IsZero() && d.Since.Before(at) {
				l.Age = at.Sub(d.Since)
			}
			if d.State == Late {
				l.Overdue = at.Sub(d.Due)
			}
			if want != nil && !want(l) {
				continue
			}
			if n := len(chunks); n == 0 || len(chunks[n-1]) == cap(chunks[n-1]) {
				chunks = append(chunks, make([]gathered, 0, 4096))
			}
			n := len(chunks) - 1
			chunks[n] = append(chunks[n], gather(shared, l))
		}
	}
	size := 0
	for _, c := range chunks {
		size += len(c)
	}
	out := make([]Line, 0, size)
	for i, c := range chunks {
		for k := range c {
			out = append(out, c[k].line())
		}
		chunks[i] = nil
	}
	slices.SortFunc(out, before)
	return out
}

// A gathered is a line while others are gathered: what all lines of a duty have in
// common is held once, for a list has hundreds of thousands of them.
type gathered struct {
	duty         *Line // with nothing of an incident's own
	incident     jurat.IncidentNumber
	item         string
	state        State
	due          time.Time
	age, overdue time.Duration
	unassigned   *time.Time
	warned       int
}

// A sameDuty names what lines have in common; who owes a duty may be for each
// record to say.
type sameDuty struct{ order, id, owner string }

func gather(shared map[sameDuty]*Line, l Line) gathered {
	k := gathered{incident: l.Incident, item: l.Item, state: l.State, due: l.Due, age: l.Age, overdue: l.Overdue, warned: l.Warned}
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

func (k *gathered) line() Line {
	l := *k.duty
	l.Incident, l.Item, l.State, l.Due, l.Age, l.Overdue, l.Warned = k.incident, k.item, k.state, k.due, k.age, k.overdue, k.warned
	if k.unassigned != nil {
		l.Unassigned = *k.unassigned
	}
	return l
}

func before(a, b Line) int {
	return cmp.Or(
		-cmp.Compare(a.Overdue, b.Overdue),
		cmp.Compare(boolRank(a.Due.IsZero()), boolRank(b.Due.IsZero())),
		a.Due.Compare(b.Due),
		cmp.Compare(boolRank(!a.Urgent), boolRank(!b.Urgent)),
		-cmp.Compare(a.Age, b.Age),
		strings.Compare(string(a.Incident), string(b.Incident)), strings.Compare(a.Order, b.Order), strings.Compare(a.ID, b.ID), strings.Compare(a.Item, b.Item),
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
